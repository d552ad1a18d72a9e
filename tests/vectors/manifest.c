/* SPDX-License-Identifier: Apache-2.0 */
#include "manifest.h"

static const char *const verdicts[] = {
	[MAN_ACCEPT] = "must-accept",
	[MAN_REFUSE] = "must-refuse",
	[MAN_NOT_APPLICABLE] = "not-applicable",
};

/* Before a test runs, where Check's asserts do not work. */
static void
die(int line, const char *what, const char *which)
{
	fprintf(stderr, "manifest, line %d: %s: %s\n", line, what, which);
	exit(1);
}

static void
copy_word(char *to, const char *word, int line)
{
	if (word == NULL || strlen(word) >= MAN_NAME)
		die(line, "a word is missing or too long",
		    word == NULL ? "" : word);
	strcpy(to, word);
}

/* "ID VERDICT [OUTCOME]" */
static void
read_head(char *text, struct manifest *m, int line)
{
	struct man_case *c = &m->of[m->n];
	char *save = NULL;
	const char *id = strtok_r(text, " ", &save);
	const char *verdict = strtok_r(NULL, " ", &save);
	const char *outcome = strtok_r(NULL, " ", &save);
	int v = MAN_ACCEPT;

	copy_word(c->id, id, line);
	while (v <= MAN_NOT_APPLICABLE && (verdict == NULL ||
	    strcmp(verdict, verdicts[v]) != 0))
		v++;
	if (v > MAN_NOT_APPLICABLE)
		die(line, "no verdict", c->id);
	c->verdict = (enum man_verdict)v;
	copy_word(c->outcome, v == MAN_ACCEPT ? "ACCEPTED" : outcome, line);
	if (manifest_find(m, c->id) != NULL)
		die(line, "filed twice", c->id);
	m->tally[v]++;
	m->n++;
}

static void
read_files(char *words, struct man_files *ret, int line)
{
	char *save = NULL;
	const char *word = strtok_r(words, " ", &save);

	for (; word != NULL; word = strtok_r(NULL, " ", &save)) {
		if (ret->n == MAN_MAX_FILES)
			die(line, "too many files", word);
		copy_word(ret->name[ret->n++], word, line);
	}
}

static void
read_more(char *text, struct man_case *c, int line)
{
	char *words = strchr(text, ' ');

	if (words == NULL)
		die(line, "nothing is said", text);
	*words++ = '\0';
	if (strcmp(text, "certs") == 0)
		read_files(words, &c->certs, line);
	else if (strcmp(text, "crls") == 0)
		read_files(words, &c->crls, line);
	else if (strcmp(text, "because") == 0)
		c->has_reason = true;
	else if (strcmp(text, "name") != 0)
		die(line, "what is", text);
}

static void
read_line(char *text, struct manifest *m, int line)
{
	text[strcspn(text, "\n")] = '\0';
	if (text[0] == '\0' || text[0] == '#')
		return;
	if (text[0] != '\t') {
		if (m->n == MAN_MAX_CASES)
			die(line, "too many cases", text);
		read_head(text, m, line);
	} else if (m->n == 0) {
		die(line, "of no case", text);
	} else {
		read_more(&text[1], &m->of[m->n - 1], line);
	}
}

void
manifest_read(const char *file, struct manifest *ret)
{
	const char *source = getenv("DEVATTEST_SOURCE");
	char path[1024], text[1024];
	int line = 0;
	FILE *f;

	memset(ret, 0, sizeof(*ret));
	snprintf(path, sizeof(path), "%s/tests/vectors/%s",
	    source != NULL ? source : ".", file);
	if ((f = fopen(path, "r")) == NULL)
		die(0, "cannot open (DEVATTEST_SOURCE)", path);
	while (fgets(text, sizeof(text), f) != NULL)
		read_line(text, ret, ++line);
	fclose(f);
	for (int i = 0; i < ret->n; i++)
		if (ret->of[i].verdict == MAN_NOT_APPLICABLE &&
		    !ret->of[i].has_reason)
			die(line, "no reason", ret->of[i].id);
}

const struct man_case *
manifest_find(const struct manifest *m, const char *id)
{
	for (int i = 0; i < m->n; i++)
		if (strcmp(m->of[i].id, id) == 0)
			return &m->of[i];
	return NULL;
}

void
manifest_check(const struct man_case *c, enum da_why why, const char *outcome)
{
	const char *found = why != DA_F_NONE ? da_fault_text(why)->name :
	    outcome;

	ck_assert_msg(strcmp(found, c->outcome) == 0,
	    "%s: filed as %s %s, found %s", c->id, verdicts[c->verdict],
	    c->outcome, found);
}
