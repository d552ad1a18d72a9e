/* SPDX-License-Identifier: Apache-2.0 */
/* Inputs to begin from: of each target at least one that it accepts. */
#ifndef DA_FUZZ_SEEDS_H
#define DA_FUZZ_SEEDS_H

#include "verifier/slice.h"

#define SEED_MAX	8

struct seeds {
	unsigned int n;
	struct da_slice of[SEED_MAX];
};

/* Live until the program ends. */
void	seeds_of_edits(struct seeds *ret);
void	seeds_of_recipes(struct seeds *ret);
void	seeds_of_chain(struct seeds *ret);
void	seeds_of_vca(struct seeds *ret);
void	seeds_of_measurements(struct seeds *ret);
void	seeds_of_signed(struct seeds *ret);
void	seeds_of_crl(struct seeds *ret);

#endif
