/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The checks by name, what each found, and the exit class that follows.
 *
 * NAME, name in JSON, class of an unknown in `verify` (0: none), class of an
 * unknown that the policy does not tolerate in `check`.
 */
#ifndef DA_CHECKS_H
#define DA_CHECKS_H

#include "faults.h"

#define DA_CHECKS(X)							      \
	X(TSM_DIGEST_CHAIN, "tsm-digest-chain", 0, 7)			      \
	X(TSM_DIGEST_VCA, "tsm-digest-vca", 0, 7)			      \
	X(TSM_DIGEST_MEASUREMENTS, "tsm-digest-measurements", 0, 7)	      \
	X(TSM_DIGEST_REPORT, "tsm-digest-report", 0, 7)			      \
	X(TSM_STATE, "tsm-state", 0, 9)					      \
	X(TSM_TOKENS, "tsm-tokens", 0, 6)				      \
	X(SESSION_KEY, "session-key", 0, 5)				      \
	X(WELL_FORMED, "well-formed", 8, 8)				      \
	X(CHAIN, "chain", 3, 3)						      \
	X(VALIDITY, "validity", 0, 5)					      \
	X(LEAF_PROFILE, "leaf-profile", 2, 2)				      \
	X(ALGORITHMS, "algorithms", 0, 5)				      \
	X(SLOT, "slot", 2, 5)						      \
	X(SIGNATURE, "signature", 2, 2)					      \
	X(CHALLENGE, "challenge", 0, 5)					      \
	X(NONCE, "nonce", 6, 6)						      \
	X(CONTENT_CHANGED, "content-changed", 0, 5)			      \
	X(MEASUREMENT_LOG, "measurement-log", 0, 5)			      \
	X(DEVICE_IDENTITY, "device-identity", 0, 5)			      \
	X(REPORT_SHAPE, "report-shape", 0, 5)				      \
	/* judged by a policy only */					      \
	X(PLATFORM, "platform", 5, 5)					      \
	X(REFERENCE_VALUES, "reference-values", 5, 5)			      \
	X(SVN_FLOOR, "svn-floor", 5, 5)					      \
	X(DEVICE_MODE, "device-mode", 5, 5)				      \
	X(REPORT_POLICY, "report-policy", 5, 5)				      \
	X(REVOCATION, "revocation", 0, 4)				      \
	X(COMPOSITION, "composition", 5, 5)

enum da_check {
#define X(id, name, in_verify, in_check) DA_CHK_##id,
	DA_CHECKS(X)
#undef X
	DA_CHK_COUNT
};

/* Zero is the answer of a process that died: broken. */
enum da_result {
	DA_BROKEN,
	DA_UNKNOWN,
	DA_HOLDS,
	DA_NOT_ASKED	/* the inputs do not call for this check */
};

/* What a policy says of a finding that does not hold. */
enum da_word {
	DA_WORD_NONE,
	DA_WORD_TOLERATED,	/* unknown, and borne */
	DA_WORD_WARNED		/* broken, and told only */
};

/* Fixed size: findings cross from one judge to the next. */
struct da_finding {
	uint8_t result;		/* enum da_result */
	uint8_t part;		/* enum da_part */
	uint8_t why;		/* enum da_why; set when broken */
	uint8_t word;		/* enum da_word; set by a policy */
	uint32_t offset;
};
_Static_assert(DA_F_COUNT <= UINT8_MAX, "a fault fits a finding");
_Static_assert(sizeof(struct da_finding) == 8, "crosses a process");

struct da_findings {
	struct da_finding of[DA_CHK_COUNT];
	/*
	 * enum da_result of the TSM's digest of the device-info part, which has
	 * no check of its own: it may stand in for the digests of chain and
	 * measurements where the platform has none.
	 */
	uint8_t device_info;
	uint8_t reserved[7];	/* 0 */
};

const char	*da_check_name(enum da_check check);
enum da_check	da_check_named(struct da_slice name);	/* COUNT: none */
const char	*da_result_name(enum da_result result);
/* Class of an unknown: in `verify`, and in `check` where not tolerated. */
int		da_check_unknown_class(enum da_check check, bool by_policy);

/* All checks not asked: what a question starts from. */
void		da_findings_start(struct da_findings *f);
void		da_found(struct da_findings *f, enum da_check check,
		    enum da_result result);
void		da_found_broken(struct da_findings *f, enum da_check check,
		    const struct da_fault *fault);
/*
 * Of two exit classes the one that decides: 1, 10, 9, 7, 8, 2, 6, 4, 3, 5, and
 * last 0.
 */
int		da_class_worse(int a, int b);

#endif
