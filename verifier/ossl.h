/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The OpenSSL that this library works with: a context of its own, which neither
 * openssl.cnf, the environment nor another part of the program can configure.
 *
 * It has no randomness.  OpenSSL blinds some computations with random numbers,
 * also those on public keys, and draws fresh ones from the kernel after a fork;
 * here nothing is secret, so its generator is a fixed sequence and a judge asks
 * nobody.  No key and no nonce may ever be made in this context.
 */
#ifndef DA_OSSL_H
#define DA_OSSL_H

#include <openssl/types.h>

/* Made at the first call; NULL: it cannot be had, and then nothing verifies. */
OSSL_LIB_CTX	*da_ossl(void);

#endif
