/* SPDX-License-Identifier: Apache-2.0 */
#include "nearest.h"

#include <string.h>

#define LONGEST	32u	/* longer words are nobody's mistyped name */
#define FAR	3u	/* edits that make it another word */

static unsigned int
least(unsigned int a, unsigned int b, unsigned int c)
{
	unsigned int ab = a < b ? a : b;

	return ab < c ? ab : c;
}

/*
 * Edits of one letter that make `name` of `word` (Levenshtein).  row[j] is the
 * distance of the letters of `word` so far and the first j of `name`.
 */
static unsigned int
edits(const char *word, const char *name)
{
	unsigned int row[LONGEST + 1], n = (unsigned int)strlen(name);

	for (unsigned int j = 0; j <= n; j++)
		row[j] = j;
	for (unsigned int i = 0; word[i] != '\0'; i++) {
		unsigned int diagonal = row[0];

		row[0] = i + 1;
		for (unsigned int j = 0; j < n; j++) {
			unsigned int changed = diagonal + (word[i] != name[j]);

			diagonal = row[j + 1];
			row[j + 1] = least(row[j] + 1, diagonal + 1, changed);
		}
	}
	return row[n];
}

/* Begun and not ended is nearer than anything that is mistyped. */
static unsigned int
distance(const char *word, const char *name)
{
	size_t n = strlen(word);

	if (n > LONGEST || strlen(name) > LONGEST)
		return FAR;
	if (n >= 2 && strncmp(word, name, n) == 0)
		return 0;
	return edits(word, name);
}

void
da_nearest_offer(struct da_nearest *near, const char *name)
{
	unsigned int away = distance(near->word, name);

	/* All letters of a short word changed is no slip of a finger. */
	if (away >= FAR || 2 * away > strlen(name) ||
	    (near->best != NULL && away >= near->away))
		return;
	near->best = name;
	near->away = away;
}
