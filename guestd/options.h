/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The command line as two tables, verbs and options, that parsing, --help and
 * whatever else describes them are made from.  Knows words, never what a file
 * holds.
 */
#ifndef DA_OPTIONS_H
#define DA_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "verifier/caps.h"

/* Where the owner's files are, unless an option says else. */
#define DA_POLICY_PATH	"/etc/devattest/policy.json"
#define DA_ROOTS_FOLDER	"/etc/devattest/roots"

/* Name, the word that may follow it, works in this version, what it does. */
#define DA_VERBS(X)							      \
	X(VERIFY, "verify", NULL, true,					      \
	    "prove chain, signature, nonce and TSM digests; no policy")	      \
	X(CHECK, "check", NULL, true,					      \
	    "verify, then judge by the owner's policy")			      \
	X(SHOW, "show", NULL, true,					      \
	    "decode what is given and mark it unverified")		      \
	X(COLLECT, "collect", NULL, true,				      \
	    "ask a host for evidence and save the bundle")		      \
	X(REPLAY, "replay", NULL, false,				      \
	    "judge a recorded bundle again: the same result")		      \
	X(EXPLAIN, "explain", "FILE", true,				      \
	    "put a result in words, check by check")			      \
	X(LINT, "lint", "FILE", true,					      \
	    "find errors in a policy, and rules that could never refuse")     \
	X(STATUS, "status", NULL, true,					      \
	    "show what the daemon decided")				      \
	X(DEMO, "demo", NULL, true,					      \
	    "run the whole flow here, with everything emulated")

enum da_verb {
#define X(id, name, operand, built, text) DA_VERB_##id,
	DA_VERBS(X)
#undef X
	DA_VERB_COUNT
};

enum da_option {
	DA_OPT_BUNDLE,
	DA_OPT_CHAIN,
	DA_OPT_CHAIN_PEM,
	DA_OPT_VCA,
	DA_OPT_MEASUREMENTS,
	DA_OPT_CHALLENGE,
	DA_OPT_DIGESTS_CERTS,
	DA_OPT_CHALLENGE_NONCE,
	DA_OPT_MEL,
	DA_OPT_REPORT,
	DA_OPT_NONCE,
	DA_OPT_ALGORITHMS,
	DA_OPT_ROOT,
	DA_OPT_CRL,
	DA_OPT_PROVISIONED_KEY,
	DA_OPT_AT,
	DA_OPT_TICKET,
	DA_OPT_TSM_RESPONSE,
	DA_OPT_POLICY,
	DA_OPT_RIMS,
	DA_OPT_ROOTS,
	DA_OPT_RIM,
	DA_OPT_CONNECT,
	DA_OPT_RUN,
	DA_OPT_OUT,
	DA_OPT_DEVICE,
	DA_OPT_ALL_PARTS,
	DA_OPT_SPDM,
	DA_OPT_KEEP,
	DA_OPT_JSON,
	DA_OPT_HELP,
	DA_OPT_COUNT
};

struct da_verb_row {
	const char *name;
	const char *operand;	/* "FILE"; NULL: options only */
	const char *text;
	bool built;
};

struct da_option_row {
	const char *name;	/* without the dashes */
	const char *argument;	/* "FILE"; NULL: a flag */
	const char *text;
	uint16_t verbs;		/* 1 << enum da_verb */
	bool is_file;		/* "-" is standard input, once */
	uint16_t repeats;	/* how often it may stand; 0: once */
	bool later;		/* known, and refused by this version */
	const char *instead;	/* what other verbs go by; NULL: nothing */
};

#define DA_MAX_REPEATED	(DA_MAX_ANCHORS + DA_MAX_CRLS)

/* One of the options that repeat, in the order of the words. */
struct da_repeated {
	enum da_option option;
	const char *value;
};

struct da_options {
	enum da_verb verb;
	bool help, json;
	const char *operand;			/* NULL: not given */
	const char *value[DA_OPT_COUNT];	/* NULL: not given */
	uint16_t n_repeated;
	struct da_repeated repeated[DA_MAX_REPEATED];
};

struct da_misuse {
	char text[240];		/* one line */
};

const struct da_verb_row *da_verb_row(enum da_verb verb);
enum da_verb	da_verb_named(const char *name);	/* COUNT: none */
/* The verb or option that the word may be meant for; NULL: none is near. */
const char *da_verb_near(const char *word);
const struct da_option_row *da_option_row(enum da_option option);
/* `argv` holds what follows the verb. */
bool	da_options_parse(enum da_verb verb, int argc, char *const *argv,
	    struct da_options *ret, struct da_misuse *reterr);
/* -- options_agree.c: no two of them contradict each other -- */
bool	da_options_agree(const struct da_options *have,
	    struct da_misuse *reterr);
/* Whether --json stands anywhere, so that misuse is told as JSON, too. */
bool	da_options_want_json(int argc, char *const *argv);
/* -- what devattestd's table is read by, too -- */
/* "--name" or "--name=value". */
bool	da_option_is(const char *word, const char *name);
/*
 * The value of the option at argv[*i]: behind its "=", or the next word, which
 * *i then moves to.  A word with two dashes is the next option, not a value.
 * `argument` NULL: a flag, whose value is "".
 */
bool	da_option_value(const char *name, const char *argument, int argc,
	    char *const *argv, int *i, const char **ret,
	    struct da_misuse *reterr);
/* Fills *reterr and returns false. */
__attribute__((format(printf, 2, 3)))
bool	da_misused(struct da_misuse *reterr, const char *format, ...);

#endif
