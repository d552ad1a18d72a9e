/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The owner's policy, devattest-policy(5): a closed world.  An unknown key is
 * an error, an empty list is an error, a missing rule refuses.
 *
 * Fixed sizes throughout: a policy is read once, by the parent that the judges
 * are forked from, and is never written again.
 */
#ifndef DA_POLICY_H
#define DA_POLICY_H

#include "verifier/checks.h"
#include "verifier/hash.h"
#include "verifier/prove.h"

#define DA_POLICY_MAX_BYTES	(1024u * 1024u)
#define DA_POLICY_MAX_RULES	32	/* entries of "devices" */
#define DA_POLICY_MAX_LIST	16	/* names in one list */
#define DA_POLICY_MAX_NAME	64
#define DA_POLICY_MAX_VALUES	16	/* digests that one index may have */
#define DA_POLICY_MAX_INDICES	254

struct da_policy_names {
	uint16_t n;
	char name[DA_POLICY_MAX_LIST][DA_POLICY_MAX_NAME];
};

struct da_policy_value {
	enum da_hash hash;		/* "sha384:hex" */
	struct da_hash_value digest;
};

struct da_policy_index {
	uint8_t index;			/* SPDM block index, 1 to 0xFE */
	uint16_t n;
	struct da_policy_value value[DA_POLICY_MAX_VALUES];
};

enum da_policy_msix {
	DA_MSIX_NO_RULE,
	DA_MSIX_LOCKED_OR_ABSENT,
	DA_MSIX_ANY
};

enum da_policy_unit {
	DA_UNIT_NO_RULE,
	DA_UNIT_PLATFORM,	/* whatever the ticket says that it is */
	DA_UNIT_PAGES,
	DA_UNIT_BYTES
};

/* A range that "shared-ranges" or "updatable-ranges" allows, by range id. */
struct da_policy_ranges {
	bool set;		/* the key is there; empty allows none */
	uint16_t n;
	uint16_t id[DA_POLICY_MAX_LIST];
};

struct da_policy_rule {
	char class_name[DA_POLICY_MAX_NAME];
	uint32_t count_min, count_max;	/* devices; has_count says if set */
	bool has_count;
	uint32_t functions_min, functions_max;
	bool has_functions;
	bool has_vendor;
	uint16_t pci_vendor;
	uint16_t n_pci_device;		/* 0: any device of the vendor */
	uint16_t pci_device[DA_POLICY_MAX_LIST];
	struct da_policy_names roots;
	uint16_t n_versions;
	uint8_t version[DA_POLICY_MAX_LIST];	/* 0x10 to 0x14 */
	uint16_t n_asym;
	enum da_asym asym[DA_POLICY_MAX_LIST];
	uint16_t n_hash;
	enum da_hash hash[DA_POLICY_MAX_LIST];
	bool has_without_vca;
	struct da_algs without_vca;
	uint16_t n_index;
	struct da_policy_index index[DA_POLICY_MAX_INDICES];
	bool has_report;		/* the object "report" is there */
	bool no_fw_update;		/* true also where the key is missing */
	enum da_policy_msix msix;
	enum da_policy_unit unit;
	struct da_policy_ranges shared, updatable;
	bool tolerate[DA_CHK_COUNT];
	struct da_anchors anchors;	/* filled by da_roots_load */
};

enum da_policy_clock { DA_CLOCK_NONE, DA_CLOCK_FLOOR };

struct da_policy {
	struct da_hash_value id;	/* SHA-384 of the file's bytes */
	char name[DA_POLICY_MAX_NAME];
	enum da_policy_clock clock;
	int64_t not_before;		/* of DA_CLOCK_FLOOR */
	uint16_t n_platforms;
	struct {
		enum da_platform platform;
		char abi[8];		/* "" where the name has no ":abi" */
	} platform[DA_POLICY_MAX_LIST];
	uint16_t n_rules;
	struct da_policy_rule rule[DA_POLICY_MAX_RULES];
	bool others_refused;		/* always: "others": "refuse" */
};

/* Why a policy cannot be used; `line` and `column` count from 1, 0: unknown. */
struct da_policy_error {
	char text[160];
	uint32_t line, column;
};

/* The caller frees with da_policy_free; NULL and *reterr on any error. */
struct da_policy *da_policy_parse(struct da_slice text,
	    struct da_policy_error *reterr);
void	da_policy_free(struct da_policy *policy);
/* The first rule that matches the ticket's PCI ids; NULL: none. */
const struct da_policy_rule *da_policy_rule_for(const struct da_policy *policy,
	    const struct da_ticket *ticket);

#endif
