/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What became of a device, for people and as JSON.  Knows faults, checks and
 * exit classes; no byte of the host's is ever in it, and what a judge wrote is
 * escaped.
 */
#ifndef DA_OUTCOME_H
#define DA_OUTCOME_H

#include <stdio.h>

#include "policy/appraise.h"
#include "policy/strictjson.h"
#include "verifier/ticket.h"

/* Why not.  Filled on failure only, by whoever found out first. */
struct da_refusal {
	int exit_class;		/* never 0 */
	enum da_check check;	/* DA_CHK_COUNT: none of them */
	struct da_fault fault;	/* DA_F_NONE: our own fault, class 1 */
	char text[240];		/* in words; may be empty */
};

struct da_outcome {
	char device[DA_BDF_SIZE];
	bool accepted;
	bool kept;		/* accepted before, and found unchanged */
	bool untrusted;		/* left to ordinary drivers, not judged */
	bool had_driver;	/* one was bound before this start */
	uint8_t tries;		/* nonces that were used up */
	struct da_refusal refusal;	/* when it is not: what decided */
	bool has_findings;
	struct da_findings findings;	/* of the last stage that spoke */
	bool left_locked;	/* the unlock after a refusal failed */
	bool state_unknown;	/* and nobody says whether it is locked */
	char unlock_text[120];
	char class_name[DA_POLICY_MAX_NAME];
	uint8_t policy_id[48];	/* of the policy it was judged by; 0: none */
	char subject[DA_SUBJECT_SIZE];	/* the leaf's; escaped */
};

/* Both fill *reterr and return false.  The class is the fault's. */
__attribute__((format(printf, 5, 6)))
bool	da_refused(struct da_refusal *reterr, enum da_check check,
	    enum da_why why, enum da_part part, const char *format, ...);
/* No fault of the evidence: something of our own failed. */
__attribute__((format(printf, 2, 3)))
bool	da_own_fault(struct da_refusal *reterr, const char *format, ...);
bool	da_refused_fault(struct da_refusal *reterr, enum da_check check,
	    const struct da_fault *fault);
/*
 * What decided among findings: the worst class, and of that class the first
 * check.  Unknowns are not counted.  False: nothing is broken.
 */
bool	da_findings_worst(const struct da_findings *findings,
	    struct da_refusal *ret);

int	da_outcome_class(const struct da_outcome *outcome);
/* Of all; no device at all is never accepted. */
int	da_outcomes_class(const struct da_outcome *all, size_t n);
/* Why it was refused, in one line without its end. */
void	da_outcome_why(FILE *out, const struct da_outcome *outcome);
/* "0000:01:00.0 refused (7): tsm-digest-report: ..." */
void	da_outcome_print(FILE *out, const struct da_outcome *outcome);
/* One device's; the caller frees. */
struct da_json *da_outcome_as_json(const struct da_outcome *outcome);
/* False: memory is out, and nothing was printed. */
bool	da_outcomes_json(FILE *out, const struct da_outcome *all, size_t n,
	    int exit_class);
/* Control characters and bytes past ASCII become \xNN. */
void	da_print_escaped(FILE *out, const char *text);

#endif
