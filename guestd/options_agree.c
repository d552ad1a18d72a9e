/* SPDX-License-Identifier: Apache-2.0 */
#include "options.h"

#include <string.h>

static const char *
name_of(enum da_option o)
{
	return da_option_row(o)->name;
}

/* Pairs that contradict each other. */
static const struct {
	enum da_option a, b;
} contradictions[] = {
	{ DA_OPT_BUNDLE, DA_OPT_CHAIN },
	{ DA_OPT_BUNDLE, DA_OPT_CHAIN_PEM },
	{ DA_OPT_BUNDLE, DA_OPT_VCA },
	{ DA_OPT_BUNDLE, DA_OPT_MEASUREMENTS },
	{ DA_OPT_BUNDLE, DA_OPT_CHALLENGE },
	{ DA_OPT_BUNDLE, DA_OPT_DIGESTS_CERTS },
	{ DA_OPT_BUNDLE, DA_OPT_MEL },
	{ DA_OPT_BUNDLE, DA_OPT_REPORT },
	{ DA_OPT_CHAIN, DA_OPT_CHAIN_PEM },
	{ DA_OPT_VCA, DA_OPT_ALGORITHMS },
	{ DA_OPT_TICKET, DA_OPT_TSM_RESPONSE },
	{ DA_OPT_CONNECT, DA_OPT_RUN },
};

/* The first says nothing without the second, or a bundle that may have it. */
static const struct {
	enum da_option one, needs;
} companions[] = {
	{ DA_OPT_DIGESTS_CERTS, DA_OPT_CHALLENGE },
	{ DA_OPT_CHALLENGE_NONCE, DA_OPT_CHALLENGE },
};

static bool
stand_together(const struct da_options *have, struct da_misuse *reterr)
{
	for (size_t i = 0; i < sizeof(companions) / sizeof(companions[0]);
	    i++) {
		enum da_option one = companions[i].one;
		enum da_option other = companions[i].needs;

		if (have->value[one] != NULL && have->value[other] == NULL &&
		    have->value[DA_OPT_BUNDLE] == NULL)
			return da_misused(reterr, "--%s needs --%s",
			    name_of(one), name_of(other));
	}
	return true;
}

static bool
agree(const struct da_options *have, struct da_misuse *reterr)
{
	for (size_t i = 0; i < sizeof(contradictions) /
	    sizeof(contradictions[0]); i++) {
		enum da_option a = contradictions[i].a;
		enum da_option b = contradictions[i].b;

		if (have->value[a] != NULL && have->value[b] != NULL)
			return da_misused(reterr,
			    "--%s and --%s contradict each other",
			    name_of(a), name_of(b));
	}
	return true;
}

static bool
is_stdin(const char *path)
{
	return path != NULL && strcmp(path, "-") == 0;
}

static bool
reads_stdin_once(const struct da_options *have, struct da_misuse *reterr)
{
	unsigned int n = 0;

	for (enum da_option o = 0; o < DA_OPT_COUNT; o++)
		if (da_option_row(o)->is_file &&
		    da_option_row(o)->repeats == 0 && is_stdin(have->value[o]))
			n++;
	for (uint16_t i = 0; i < have->n_repeated; i++)
		if (is_stdin(have->repeated[i].value))
			n++;
	if (is_stdin(have->operand))
		n++;
	return n <= 1 || da_misused(reterr,
	    "`-` stands twice: standard input can be read once");
}

bool
da_options_agree(const struct da_options *have, struct da_misuse *reterr)
{
	if (have->operand != NULL && have->value[DA_OPT_POLICY] != NULL)
		return da_misused(reterr, "`%s` and --policy contradict each "
		    "other", have->operand);
	return agree(have, reterr) && stand_together(have, reterr) &&
	    reads_stdin_once(have, reterr);
}
