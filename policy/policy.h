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
#define DA_POLICY_DEADLINE_S	120	/* for a boot, where none is named */
#define DA_POLICY_MAX_OID	32	/* bytes of an OID's contents */
#define DA_POLICY_MAX_INFO	160	/* "Manufacturer:Product:Serial" */

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

/* "floors": { "svn": { "7": 3 } }: by index of a block of kind svn. */
struct da_policy_floor {
	uint8_t index;
	uint64_t svn;
};

/* "device-mode": what the owner asks of the debug bits (DSP0274 kind 5). */
enum da_policy_debug {
	DA_DEBUG_NO_RULE,
	DA_DEBUG_OFF,		/* not active now, and not since reset */
	DA_DEBUG_ANY
};

struct da_policy_oid {
	uint8_t n;
	uint8_t bytes[DA_POLICY_MAX_OID];
};

/* "identity": names of the leaf that bind it to the function. */
struct da_policy_identity {
	bool pci_name;		/* the PCIe CMA name must be this function's */
	uint16_t n_info;	/* 0: no rule for id-DMTF-device-info */
	char info[DA_POLICY_MAX_LIST][DA_POLICY_MAX_INFO];
};

/* "revocation": where lists come from, and how old they may be. */
enum da_policy_revocation {
	DA_REVOCATION_NO_RULE,	/* unknown: to be tolerated by name */
	DA_REVOCATION_CRL	/* lists in the roots folder's crls/ */
};

/* "nvidia": what NVIDIA's opaque data must say; an empty list: no rule. */
struct da_policy_nvidia {
	bool set;
	struct da_policy_names vbios, driver, board, chip;
	bool fwid_is_leafs;	/* FWID equals the leaf's DICE digest */
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
	enum da_asym asym[DA_ASYM_COUNT];	/* each once at most */
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
	struct da_policy_ranges private_ranges;	/* must be there, private */
	uint16_t n_floor;
	struct da_policy_floor floor[DA_POLICY_MAX_LIST];
	enum da_policy_debug debug;
	uint16_t n_critical;
	struct da_policy_oid critical[DA_MAX_CRITICAL];
	bool tolerate[DA_CHK_COUNT];
	bool warn_only[DA_CHK_COUNT];	/* broken is told, and refuses not */
	struct da_policy_identity identity;
	struct da_policy_nvidia nvidia;
	enum da_policy_revocation revocation;
	uint32_t max_age_days;		/* of a list; 0: its nextUpdate only */
	struct da_policy_names keys;	/* "provisioned-keys", for slot 0xF */
	/* Filled by da_roots_load. */
	struct da_anchors anchors;
	struct da_crls crls;
	struct da_slice provisioned;	/* n 0: none; at most one is named */
};

enum da_policy_clock { DA_CLOCK_NONE, DA_CLOCK_FLOOR };

/* "others": what becomes of functions that no rule is for. */
enum da_policy_others {
	/* "refuse": no driver gets it, and the guest's result is a refusal. */
	DA_OTHERS_REFUSE,
	/*
	 * "untrusted": one without TEE capability is left to ordinary drivers
	 * and shared memory; one with it is refused all the same.
	 */
	DA_OTHERS_UNTRUSTED
};

/* What a function in the guest is to this policy; zero refuses. */
enum da_disposition {
	DA_SORT_REFUSED,	/* no rule is for it, and others are refused */
	DA_SORT_NO_TEE,		/* one is, and it shows no TEE capability */
	DA_SORT_JUDGE,		/* a rule is for it */
	DA_SORT_JUDGE_BY_KEY,	/* and names a key, which needs no chain */
	DA_SORT_UNTRUSTED	/* not judged, and never to be trusted */
};

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
	enum da_policy_others others;
	uint32_t deadline_s;		/* "boot-deadline-seconds" */
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
bool	da_is_judged(enum da_disposition what);
/* The same for what config space says, before anything was asked. */
enum da_disposition da_policy_sort(const struct da_policy *policy,
	    const struct da_pci *pci);

#endif
