/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The bundle's one place from arrival to push: a memfd that nobody can write,
 * grow, shrink or unseal any more.  What was judged is what is pushed.
 *
 * Knows bytes and sizes only.  Who fills it seals it; who is handed one checks
 * the seals itself and believes no one.
 */
#ifndef DA_SEALED_H
#define DA_SEALED_H

#include "verifier/slice.h"

/* errno says why not, in all of these. */
bool	da_sealed_new(int *ret_fd);
bool	da_sealed_append(int fd, const void *bytes, size_t n);
bool	da_sealed_seal(int fd);
/*
 * All four seals, and exactly this size.  Leaves the file's offset, which all
 * who hold it share, at its start.
 */
bool	da_sealed_check(int fd, uint64_t size);
/* A read-only view; only of what da_sealed_check() said yes to. */
bool	da_sealed_map(int fd, uint64_t size, struct da_slice *ret);
void	da_sealed_unmap(struct da_slice map);
/*
 * A copy of all bytes.  It uses no file offset: descriptors of one memfd share
 * theirs, and one judge must not move another's.
 */
bool	da_sealed_copy(int fd, uint64_t size, uint8_t *buf);

#endif
