/* SPDX-License-Identifier: Apache-2.0 */
/*
 * No byte may change and no part may end early: each byte of an accepted sample
 * is flipped in turn, and each prefix of each part is asked about.  None
 * verifies, none ends with class 1 (that would be a failure of our own).
 *
 * With DEVATTEST_QUICK in the environment only every 16th of those bytes is
 * flipped, and the test says so.
 */
#ifndef DA_TEST_FLIPS_H
#define DA_TEST_FLIPS_H

#include "vectors.h"

/* From here on only each n-th byte is flipped; 1: each. */
void	vec_flip_every(size_t n);
/* One bit of each byte in turn. */
void	vec_flip_bit(const char *sample, struct vec_question q,
	    enum da_part part, uint8_t bit);
/* The lowest and the highest bit. */
void	vec_flip_part(const char *sample, struct vec_question q,
	    enum da_part part);
/* Each prefix. */
void	vec_cut_part(const char *sample, struct vec_question q,
	    enum da_part part);
/* A part's first n bytes in memory of that size; to be freed. */
uint8_t	*vec_give_copy(struct vec_question *q, enum da_part part, size_t n);

#endif
