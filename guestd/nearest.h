/* SPDX-License-Identifier: Apache-2.0 */
/*
 * "Did you mean": of the names that are offered, the one that a mistyped word
 * is nearest to.  Knows letters, never what a name is for.
 */
#ifndef DA_NEAREST_H
#define DA_NEAREST_H

struct da_nearest {
	const char *word;
	const char *best;	/* NULL: none was near enough so far */
	unsigned int away;	/* of the best one */
};

void	da_nearest_offer(struct da_nearest *near, const char *name);

#endif
