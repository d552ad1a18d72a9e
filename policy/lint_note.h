/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Between the files that look through a policy: every note by name, and how one
 * is made.  lint.c looks at the whole, lint_rule.c at which devices a rule is
 * for, lint_checks.c at what it asks of them.  Nobody else needs this.
 */
#ifndef DA_LINT_NOTE_H
#define DA_LINT_NOTE_H

#include "lint.h"
#include "strictjson.h"

/*
 * NAME, level, text.  An error is a policy that cannot be read, contradicts
 * itself or accepts nothing of what it names; a warning may be what the owner
 * wants.  devattest-policy(5) has the same list.
 */
#define DA_LINT_NOTES(X)						      \
	X(FORM, ERROR, "it cannot be read")				      \
	X(SHADOWED, ERROR,						      \
	    "an earlier rule is for every device that this one is for")	      \
	X(NEVER_KEPT, ERROR,						      \
	    "no device can keep this rule, because it lacks a key")	      \
	X(NOT_TOLERATED, ERROR,						      \
	    "always unknown with this policy and version, and not tolerated") \
	X(OTHER_ALGORITHMS, ERROR,					      \
	    "without-vca names an algorithm that asym and hash do not")	      \
	X(RANGE_BOTH, ERROR,						      \
	    "this range may be shared, and must be private")		      \
	X(RANGE_NO_BAR, ERROR, "no BAR has this number: they are 0 to 5")     \
	X(NO_LEAF, ERROR,						      \
	    "it asks for names of a leaf, and no root is named for one")      \
	X(ACCEPTS_NOTHING, WARNING,					      \
	    "it has no devices, and so accepts none")			      \
	X(CLOCK_NONE, WARNING,						      \
	    "there is no time to trust: an expired certificate passes")	      \
	X(EMULATED, WARNING,						      \
	    "emulated devices are accepted: software, which proves nothing")  \
	X(DEVICE_ID_CHOSEN, WARNING,					      \
	    "with this platform the hypervisor chooses the device id")	      \
	X(ANY_ABI, WARNING,						      \
	    "later interfaces of this platform are trusted unseen")	      \
	X(OTHERS_UNTRUSTED, WARNING,					      \
	    "functions that no rule is for are left to ordinary drivers")     \
	X(DEADLINE_SHORT, WARNING,					      \
	    "a single answer of the host may take 30 seconds")		      \
	X(PARTLY_SHADOWED, WARNING,					      \
	    "an earlier rule is for this device, and wins")		      \
	X(ANY_DEVICE, WARNING, "it is for every device of the vendor")	      \
	X(COUNT_MIN_0, WARNING, "no such device need be there")		      \
	X(FUNCTIONS_MIN_0, WARNING,					      \
	    "a device has a function at least: min 0 could never refuse")     \
	X(VCA_NO_RULE, WARNING,						      \
	    "SPDM 1.0 and 1.1 sign no negotiation, and no without-vca says "  \
	    "what is used")						      \
	X(VCA_UNUSED, WARNING,						      \
	    "without-vca is for SPDM 1.0 and 1.1, and neither is listed")     \
	X(WEAK_HASH, WARNING, "a weaker hash than the signatures' keys")      \
	X(WEAK_KEY, WARNING, "RSA of 2048 bits is weaker than all else here") \
	X(UNSUPPORTED, WARNING,						      \
	    "not to be had here (version, OpenSSL): who uses it is refused")  \
	X(ALGORITHM_LATER, WARNING,					      \
	    "no listed SPDM version has this algorithm")		      \
	X(INFO_COVERED, WARNING,					      \
	    "another entry is for every serial: this one changes nothing")    \
	X(CRL_UNUSED, WARNING,						      \
	    "without roots there is no chain, and nothing to revoke")	      \
	X(CRL_NO_TIME, WARNING,						      \
	    "there is no time to trust: no list is ever too old")	      \
	X(VALUE_OF_NOTHING, WARNING,					      \
	    "zeros or the digest of no bytes: what an unused index may give") \
	X(FLOOR_PINNED, WARNING,					      \
	    "measurements names this index's values: its floor could never "  \
	    "refuse")							      \
	X(FLOOR_0, WARNING, "no version is below 0")			      \
	X(DEBUG_ANY, WARNING, "debugging may be active")		      \
	X(DEBUG_NO_RULE, WARNING,					      \
	    "it has no device-mode: debugging may be active")		      \
	X(FW_UPDATE, WARNING,						      \
	    "firmware may be replaced after it was measured")		      \
	X(MSIX_ANY, WARNING, "the host may write the device's MSI-X table")   \
	X(NO_PRIVATE_RANGE, WARNING,					      \
	    "no private range is asked for: a report without ranges passes")  \
	X(TOLERATES, WARNING, "")					      \
	X(WARN_ONLY, WARNING, "this check, broken, only warns")		      \
	X(WARN_UNUSED, WARNING,						      \
	    "only warned of, and nothing in the rule asks for it")	      \
	X(NEVER_REFUSES, WARNING,					      \
	    "borne when unknown and only warned of when broken: this check "  \
	    "could never refuse")

enum da_lint_name {
#define X(name, level, text) DA_L_##name,
	DA_LINT_NOTES(X)
#undef X
	DA_L_COUNT
};

/* A policy that could be read, as text, as values and as what they mean. */
struct da_lint_work {
	struct da_slice text;
	const struct da_json *root;
	const struct da_policy *policy;
	enum da_lint_level pass;	/* notes of other levels are dropped */
	struct da_lint *out;
};

/* The same of one rule. */
struct da_lint_rule {
	struct da_lint_work *w;
	uint16_t n;			/* which of them */
	const struct da_policy_rule *rule;
	const struct da_json *json;
};

/* `more` and `what` (a key or value) may be NULL; `at` says where. */
void	da_lint_say(struct da_lint_work *w, enum da_lint_name name,
	    const struct da_json *at, const char *more, const char *what);
/* A member of a member, NULL where either is missing. */
const struct da_json *da_lint_get(const struct da_json *object,
	    const char *key, const char *inner);

void	da_lint_matching(const struct da_lint_rule *r);
void	da_lint_checks(const struct da_lint_rule *r);

#endif
