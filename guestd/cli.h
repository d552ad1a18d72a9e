/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files of the command line share: inputs that were loaded, how a
 * refusal is told, and the verbs.  Everything here serves one run and one
 * person; nothing of it is used by the daemon.
 */
#ifndef DA_CLI_H
#define DA_CLI_H

#include "answer.h"
#include "options.h"
#include "policy/strictjson.h"
#include "roots.h"
#include "verifier/claims.h"
#include "verifier/table.h"

/*
 * Why the inputs cannot be used: misuse (class 1), or a fault (its class), of
 * which `misuse` may then say more.
 */
struct cli_refusal {
	int exit_class;
	struct da_misuse misuse;
	struct da_fault fault;
};

/* Each anchor and list a file, and a few for the rest. */
#define CLI_MAX_OWNED	(DA_MAX_REPEATED + 24)

/* Never copied: `ask` and `bundle` point into it and into `owned`. */
struct cli_input {
	struct da_bundle bundle;
	struct da_ask ask;
	struct da_ticket ticket;	/* ask.ticket names it, or is NULL */
	struct da_algs assumed;		/* ask.assumed names it, or is NULL */
	uint8_t nonce[DA_NONCE], challenge_nonce[DA_NONCE];
	char device[DA_BDF_SIZE];	/* "" when not given */
	bool has_answer;		/* a bundle file was read */
	struct da_answer answer;
	uint16_t n_owned;
	struct da_slice owned[CLI_MAX_OWNED];
};

/* -- cli_input.c: NULL and *reterr when one of the inputs cannot be used -- */
struct cli_input *cli_input_load(const struct da_options *options,
	    struct cli_refusal *reterr);
void	cli_input_free(struct cli_input *in);

/*
 * -- cli_verify.c --
 * A VCA alone is signed by nobody: without a ticket there is no question.
 */
bool	cli_has_evidence(const struct cli_input *in);

/* -- cli_owner.c: the owner's word, by --policy and --roots -- */
struct cli_owner {
	struct da_policy *policy;
	struct da_roots roots;
};

/* On failure, too, what *ret holds is to be freed. */
bool	cli_owner_load(const struct da_options *options, struct cli_owner *ret,
	    struct cli_refusal *reterr);
void	cli_owner_free(struct cli_owner *owner);
const char *cli_policy_path(const struct da_options *options);
/* The caller frees with da_file_free(). */
bool	cli_policy_text(const struct da_options *options, struct da_slice *ret,
	    struct cli_refusal *reterr);
bool	cli_roots_load(const struct da_options *options,
	    struct da_policy *policy, struct da_roots *ret,
	    struct cli_refusal *reterr);

/* -- cli_text.c: for people, on standard output -- */
void	cli_print_findings(const struct da_findings *findings,
	    bool has_ticket);
void	cli_print_faults(const struct da_findings *findings);
const char *cli_class_text(int exit_class);
/* The last line: the word for yes, or REFUSED and the class in words. */
void	cli_print_verdict(const char *yes, int exit_class);

/* Bytes of a file or of another program: \xNN where they are no plain text. */
void	cli_print_escaped(struct da_slice text);

/* -- cli_result.c: result objects that come back -- */
#define CLI_MAX_RESULT	(4u * 1024u * 1024u)	/* 512 devices, all checks */

bool	cli_is_result(const struct da_json *v);
/* Does a check have this mark of the policy's, "tolerated" or "warned"? */
bool	cli_is_borne(const struct da_json *check, const char *mark);
/* NULL and a class 8 where it is none; the caller frees. */
struct da_json *cli_result_read(struct da_slice text,
	    struct cli_refusal *reterr);

/* -- cli_facts.c: what a result object says, in lines -- */
/* "" and -1 where the object has no such string or integer. */
struct da_slice cli_text_of(const struct da_json *object, const char *key);
int64_t	cli_int_of(const struct da_json *object, const char *key);
void	cli_print_summary(const struct da_json *result);
void	cli_print_facts(const struct da_json *result);

/* -- cli_tell.c: one object, or one line, whatever happened -- */
/* No check was asked: the caller adds what there is to say. */
struct da_json *cli_head(const char *verb, const char *result, int exit_class);
/* Frees the object; false when it cannot be made or written. */
bool	cli_put_json(struct da_json *object);
int	cli_tell_misuse(const char *verb, bool json, const char *text);
int	cli_tell_refusal(const struct da_options *options,
	    const struct cli_refusal *refusal);

/*
 * -- cli_progress.c: one line on standard error that is erased again --
 * Only where that is a terminal; nothing else is ever said there meanwhile.
 */
__attribute__((format(printf, 1, 2)))
void	cli_progress(const char *format, ...);
void	cli_progress_end(void);

/* -- cli_show.c: the parts of an answer, by name and length -- */
const char *cli_type_name(uint16_t type);
struct da_json *cli_parts_json(const struct da_answer *answer);

/* -- the verbs: each returns the exit class -- */
int	cli_verify(const struct da_options *options);
int	cli_check(const struct da_options *options);
int	cli_show(const struct da_options *options);
int	cli_collect(const struct da_options *options);
int	cli_explain(const struct da_options *options);
int	cli_lint(const struct da_options *options);
int	cli_status(const struct da_options *options);
int	cli_demo(const struct da_options *options);

/* -- cli_help.c: made from the tables; false when it cannot be written -- */
bool	cli_help(bool json);
bool	cli_help_verb(enum da_verb verb, bool json);
bool	cli_version(bool json);

#endif
