/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How the files that print facts take a result object apart.  Every string in
 * one was escaped when it was made.
 */
#ifndef DA_CLI_FACTS_H
#define DA_CLI_FACTS_H

#include "cli.h"

bool	cli_bool_of(const struct da_json *object, const char *key);
/* "name value", where the object has it. */
void	cli_print_text(const char *name, const struct da_json *object,
	    const char *key);
void	cli_print_int(const char *name, const struct da_json *object,
	    const char *key);
/* Its first digits; --json has a long value whole. */
void	cli_print_hex(struct da_slice hex);
/* "SPDM 1.2, ecdsa-p384 with sha384, ...". */
void	cli_print_algorithms(const struct da_json *spdm);
/* "slot 0, summary tcb ..." */
void	cli_print_challenge(const struct da_json *challenge);

#endif
