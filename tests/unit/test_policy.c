/* SPDX-License-Identifier: Apache-2.0 */
#include "policy_text.h"

START_TEST(reads_all)
{
	struct da_policy *p = parsed(good_policy);
	const struct da_policy_rule *r = &p->rule[0];
	struct da_hash_value id = da_hash_of(DA_HASH_SHA384,
	    da_slice_str(good_policy));

	ck_assert_str_eq(p->name, "prod-gpu");
	ck_assert(da_hash_equal(&id, da_hash_bytes(&p->id)));
	ck_assert_int_eq(p->clock, DA_CLOCK_FLOOR);
	ck_assert_int_eq(p->not_before, 1793491200);
	ck_assert_uint_eq(p->n_platforms, 2);
	ck_assert_int_eq(p->platform[0].platform, DA_PLATFORM_ARM_CCA);
	ck_assert_str_eq(p->platform[0].abi, "bet0");
	ck_assert_int_eq(p->platform[1].platform, DA_PLATFORM_EMULATED);
	ck_assert_str_eq(p->platform[1].abi, "");
	ck_assert_int_eq(p->others, DA_OTHERS_REFUSE);
	ck_assert_uint_eq(p->n_rules, 1);
	ck_assert_str_eq(r->class_name, "gpu");
	ck_assert(r->has_count && r->count_min == 1 && r->count_max == 8);
	ck_assert(r->has_functions && r->functions_min == 2 &&
	    r->functions_max == 4);
	ck_assert(r->has_vendor && r->pci_vendor == 0x10de);
	ck_assert(r->n_pci_device == 2 && r->pci_device[1] == 0x2901);
	ck_assert_uint_eq(r->roots.n, 1);
	ck_assert_str_eq(r->roots.name[0], "vendor-root");
	da_policy_free(p);
}
END_TEST

START_TEST(reads_all_of_spdm)
{
	struct da_policy *p = parsed(good_policy);
	const struct da_policy_rule *r = &p->rule[0];

	ck_assert(r->n_versions == 1 && r->version[0] == 0x11);
	ck_assert(r->n_asym == 1 && r->asym[0] == DA_ASYM_ECDSA_P384);
	ck_assert(r->n_hash == 1 && r->hash[0] == DA_HASH_SHA384);
	ck_assert(r->has_without_vca &&
	    r->without_vca.asym == DA_ASYM_ECDSA_P384 &&
	    r->without_vca.hash == DA_HASH_SHA384 &&
	    r->without_vca.meas_hash == DA_HASH_SHA384);
	ck_assert_uint_eq(r->n_index, 2);
	ck_assert(r->index[0].index == 1 && r->index[0].n == 2);
	ck_assert(r->index[0].value[0].hash == DA_HASH_SHA384 &&
	    r->index[0].value[0].digest.n == 48);
	ck_assert(r->index[0].value[1].hash == DA_HASH_SHA256 &&
	    r->index[0].value[1].digest.bytes[31] == 0x11);
	ck_assert(r->index[1].index == 254 && r->index[1].n == 1);
	ck_assert_uint_eq(r->index[1].value[0].digest.n, 64);
	da_policy_free(p);
}
END_TEST

START_TEST(reads_all_of_report)
{
	struct da_policy *p = parsed(good_policy);
	const struct da_policy_rule *r = &p->rule[0];
	size_t tolerated = 0;

	ck_assert(r->has_report && r->no_fw_update);
	ck_assert_int_eq(r->msix, DA_MSIX_LOCKED_OR_ABSENT);
	ck_assert_int_eq(r->unit, DA_UNIT_PLATFORM);
	ck_assert(r->shared.set && r->shared.n == 2 &&
	    r->shared.id[1] == 65535);
	ck_assert(r->updatable.set && r->updatable.n == 0);
	ck_assert(r->private_ranges.set && r->private_ranges.n == 2 &&
	    r->private_ranges.id[1] == 5);
	for (size_t i = 0; i < DA_CHK_COUNT; i++)
		tolerated += r->tolerate[i] ? 1 : 0;
	ck_assert_uint_eq(tolerated, 2);
	ck_assert(r->tolerate[DA_CHK_TSM_DIGEST_VCA]);
	ck_assert(r->tolerate[DA_CHK_REVOCATION]);
	da_policy_free(p);
}
END_TEST

START_TEST(reads_all_of_checks)
{
	struct da_policy *p = parsed(good_policy);
	const struct da_policy_rule *r = &p->rule[0];
	size_t warned = 0;

	ck_assert_uint_eq(p->deadline_s, 60);
	for (size_t i = 0; i < DA_CHK_COUNT; i++)
		warned += r->warn_only[i] ? 1 : 0;
	ck_assert_uint_eq(warned, 2);
	ck_assert(r->warn_only[DA_CHK_SVN_FLOOR]);
	ck_assert(r->warn_only[DA_CHK_DEVICE_MODE]);
	ck_assert_uint_eq(r->n_floor, 2);
	ck_assert(r->floor[0].index == 7 && r->floor[0].svn == 3);
	ck_assert(r->floor[1].index == 16 && r->floor[1].svn == UINT64_MAX);
	ck_assert_int_eq(r->debug, DA_DEBUG_OFF);
	ck_assert_uint_eq(r->n_critical, 2);
	ck_assert_uint_eq(r->critical[0].n, 6);
	ck_assert_mem_eq(r->critical[0].bytes, "\x67\x81\x05\x05\x04\x05", 6);
	ck_assert_uint_eq(r->critical[1].n, 6);
	ck_assert_mem_eq(r->critical[1].bytes, "\x2a\x86\x48\x86\xf7\x0d", 6);
	da_policy_free(p);
}
END_TEST

static void
reads(const char *from, const char *to, struct da_policy **ret)
{
	char *text = replaced(good_policy, from, to);

	*ret = parsed(text);
	free(text);
}

START_TEST(reads_all_of_names)
{
	static const struct da_policy_identity none;
	const struct da_policy_rule *r;
	struct da_policy *p;

	reads("\"roots\"", "\"identity\": { \"pci-name\": true,\n"
	    "  \"device-info\": [\"NVIDIA:GH100:*\", \"A b:\u00e9:0\"] },\n"
	    "\"nvidia\": { \"vbios\": [\"96.00.9F.00.01\", \"x y\"],\n"
	    "  \"driver\": [\"550.90.07\"], \"board-id\": [\"0017\"],\n"
	    "  \"chip-sku\": [\"885\"], \"fwid\": \"leaf\" }, \"roots\"", &p);
	r = &p->rule[0];
	ck_assert(r->identity.pci_name);
	ck_assert_uint_eq(r->identity.n_info, 2);
	ck_assert_str_eq(r->identity.info[0], "NVIDIA:GH100:*");
	ck_assert_str_eq(r->identity.info[1], "A b:\u00e9:0");
	ck_assert(r->nvidia.set && r->nvidia.fwid_is_leafs);
	ck_assert_uint_eq(r->nvidia.vbios.n, 2);
	ck_assert_str_eq(r->nvidia.vbios.name[0], "96.00.9F.00.01");
	ck_assert_str_eq(r->nvidia.vbios.name[1], "x y");
	ck_assert_str_eq(r->nvidia.driver.name[0], "550.90.07");
	ck_assert_str_eq(r->nvidia.board.name[0], "0017");
	ck_assert(r->nvidia.chip.n == 1);
	ck_assert_str_eq(r->nvidia.chip.name[0], "885");
	da_policy_free(p);
	reads("\"roots\"", "\"nvidia\": { \"driver\": [\"1\"] }, "
	    "\"roots\"", &p);
	r = &p->rule[0];
	ck_assert(r->nvidia.set && r->nvidia.vbios.n == 0 &&
	    !r->nvidia.fwid_is_leafs);
	ck_assert_mem_eq(&r->identity, &none, sizeof(none));
	da_policy_free(p);
}
END_TEST

START_TEST(reads_revocation)
{
	struct da_policy *p;

	reads("\"roots\"", "\"revocation\": { \"mode\": \"crl\" }, "
	    "\"roots\"", &p);
	ck_assert_int_eq(p->rule[0].revocation, DA_REVOCATION_CRL);
	ck_assert_uint_eq(p->rule[0].max_age_days, 0);
	da_policy_free(p);
	reads("\"roots\"", "\"revocation\": { \"mode\": \"crl\", "
	    "\"max-age-days\": 3650 }, \"roots\"", &p);
	ck_assert_uint_eq(p->rule[0].max_age_days, 3650);
	da_policy_free(p);
}
END_TEST

/* Beside the roots, or instead of them. */
START_TEST(reads_a_provisioned_key)
{
	struct da_policy *p;

	reads("\"roots\"", "\"provisioned-keys\": [\"slot-f\"], \"roots\"",
	    &p);
	ck_assert_uint_eq(p->rule[0].roots.n, 1);
	ck_assert_uint_eq(p->rule[0].keys.n, 1);
	ck_assert_str_eq(p->rule[0].keys.name[0], "slot-f");
	da_policy_free(p);
	reads("\"roots\": [\"vendor-root\"]", "\"provisioned-keys\": "
	    "[\"slot-f\"]", &p);
	ck_assert_uint_eq(p->rule[0].roots.n, 0);
	ck_assert_uint_eq(p->rule[0].keys.n, 1);
	ck_assert_uint_eq(p->rule[0].provisioned.n, 0);
	da_policy_free(p);
}
END_TEST

/* A list has room for each algorithm that there is. */
START_TEST(reads_every_algorithm)
{
	char list[1024] = "";
	struct da_policy *p;
	size_t at = 0;

	for (unsigned int i = 1; i < DA_ASYM_COUNT; i++)
		at += (size_t)snprintf(list + at, sizeof(list) - at,
		    "%s\"%s\"", i == 1 ? "[" : ", ",
		    da_asym_alg((enum da_asym)i)->name);
	snprintf(list + at, sizeof(list) - at, "]");
	reads("[\"ecdsa-p384\"]", list, &p);
	ck_assert_uint_eq(p->rule[0].n_asym, DA_ASYM_COUNT - 1);
	for (unsigned int i = 1; i < DA_ASYM_COUNT; i++)
		ck_assert_uint_eq(p->rule[0].asym[i - 1], i);
	da_policy_free(p);
}
END_TEST

/* What the contract lets be unknown, and what a demand of the owner's is. */
START_TEST(reads_the_words_that_may_stand)
{
	static const char *const may[] = { "tsm-digest-chain",
		"tsm-digest-measurements", "tsm-digest-report", "tsm-state",
		"tsm-tokens", "session-key", "validity", "algorithms", "slot",
		"challenge", "nonce", "content-changed", "measurement-log",
		"device-identity", "report-shape" };
	char item[64];

	for (size_t i = 0; i < sizeof(may) / sizeof(may[0]); i++) {
		char *text;
		struct da_policy *p;

		snprintf(item, sizeof(item), "\"%s\"]", may[i]);
		text = replaced(good_policy, "\"revocation\"]", item);
		p = parsed(text);
		ck_assert(p->rule[0].tolerate[da_check_named(
		    da_slice_str(may[i]))]);
		da_policy_free(p);
		free(text);
	}
}
END_TEST

START_TEST(reads_the_other_words)
{
	struct da_policy *p;

	reads("\"refuse\"", "\"untrusted\"", &p);
	ck_assert_int_eq(p->others, DA_OTHERS_UNTRUSTED);
	da_policy_free(p);
	reads("\"off\"", "\"any\"", &p);
	ck_assert_int_eq(p->rule[0].debug, DA_DEBUG_ANY);
	da_policy_free(p);
	reads("[4, 5]", "[]", &p);
	ck_assert_uint_eq(p->rule[0].private_ranges.n, 0);
	da_policy_free(p);
	reads("[\"svn-floor\", \"device-mode\"]", "[]", &p);
	ck_assert(!p->rule[0].warn_only[DA_CHK_SVN_FLOOR]);
	da_policy_free(p);
	reads("\"device-mode\"]", "\"revocation\", \"device-identity\"]", &p);
	ck_assert(p->rule[0].warn_only[DA_CHK_DEVICE_IDENTITY]);
	ck_assert(p->rule[0].warn_only[DA_CHK_REVOCATION]);
	da_policy_free(p);
	reads("\"arm-cca:bet0\"", "\"sev-tio:1\", \"sev-tio\", \"tdx\", "
	    "\"cove-io\", \"arm-cca\"", &p);
	ck_assert_uint_eq(p->n_platforms, 6);
	ck_assert_str_eq(p->platform[0].abi, "1");
	ck_assert_int_eq(p->platform[1].platform, DA_PLATFORM_SEV_TIO);
	ck_assert_str_eq(p->platform[1].abi, "");
	ck_assert_int_eq(p->platform[4].platform, DA_PLATFORM_ARM_CCA);
	da_policy_free(p);
	reads("60 }", "5 }", &p);
	ck_assert_uint_eq(p->deadline_s, 5);
	da_policy_free(p);
}
END_TEST

/* What is not said is refused later, never taken for a yes. */
START_TEST(a_missing_rule_is_no_yes)
{
	struct da_policy *p = parsed("{\"version\":1,\"name\":\"a\","
	    "\"platforms\":[\"emulated\"],\"devices\":[{\"class\":\"c\","
	    "\"match\":{\"pci-vendor\":\"1234\"},\"report\":{}}]}");
	const struct da_policy_rule *r = &p->rule[0];

	ck_assert_int_eq(p->others, DA_OTHERS_REFUSE);
	ck_assert_int_eq(p->clock, DA_CLOCK_NONE);
	ck_assert_uint_eq(p->deadline_s, DA_POLICY_DEADLINE_S);
	ck_assert(r->n_floor == 0 && r->n_critical == 0);
	ck_assert_int_eq(r->debug, DA_DEBUG_NO_RULE);
	ck_assert(!r->private_ranges.set);
	ck_assert(r->no_fw_update);
	ck_assert_int_eq(r->msix, DA_MSIX_NO_RULE);
	ck_assert_int_eq(r->unit, DA_UNIT_NO_RULE);
	ck_assert(!r->shared.set && !r->updatable.set && !r->has_count);
	ck_assert(r->n_versions == 0 && r->n_asym == 0 && r->n_hash == 0);
	ck_assert(r->n_index == 0 && r->roots.n == 0 && !r->has_without_vca);
	ck_assert(r->keys.n == 0 && !r->nvidia.set && !r->identity.pci_name);
	ck_assert_int_eq(r->revocation, DA_REVOCATION_NO_RULE);
	for (size_t i = 0; i < DA_CHK_COUNT; i++)
		ck_assert(!r->tolerate[i] && !r->warn_only[i]);
	da_policy_free(p);
}
END_TEST

/* -- the shipped default -- */

static char *
shipped(void)
{
	const char *source = getenv("DEVATTEST_SOURCE");
	char path[4096], *text = calloc(1, 4096);
	FILE *file;

	if (source == NULL) {
		fprintf(stderr, "SKIPPED: DEVATTEST_SOURCE is not set, so the "
		    "shipped policy was not read\n");
		free(text);
		return NULL;
	}
	ck_assert_ptr_nonnull(text);
	snprintf(path, sizeof(path), "%s/policy/default-policy.json", source);
	file = fopen(path, "r");
	ck_assert_msg(file != NULL, "%s cannot be opened", path);
	ck_assert_uint_gt(fread(text, 1, 4095, file), 0);
	fclose(file);
	return text;
}

START_TEST(default_accepts_nothing)
{
	char *text = shipped();
	struct da_ticket ticket = { .platform = DA_PLATFORM_EMULATED };
	struct da_policy *p;

	if (text == NULL)
		return;
	p = parsed(text);
	ck_assert_uint_eq(p->n_rules, 0);
	ck_assert_uint_eq(p->n_platforms, 0);
	ck_assert_int_eq(p->others, DA_OTHERS_REFUSE);
	ticket.pci.vendor = 0x10de;
	ck_assert_ptr_null(da_policy_rule_for(p, &ticket));
	da_policy_free(p);
	free(text);
}
END_TEST

/* -- which rule -- */

START_TEST(rule_goes_by_ids)
{
	struct da_policy *p = parsed(good_policy);
	struct da_ticket ticket = { .pci = { .vendor = 0x10de,
	    .device = 0x2901 } };

	ck_assert_ptr_eq(da_policy_rule_for(p, &ticket), &p->rule[0]);
	ticket.pci.device = 0x2902;
	ck_assert_ptr_null(da_policy_rule_for(p, &ticket));
	ticket.pci.device = 0x2330;
	ticket.pci.vendor = 0x1002;
	ck_assert_ptr_null(da_policy_rule_for(p, &ticket));
	ticket.pci.vendor = 0;
	ck_assert_ptr_null(da_policy_rule_for(p, &ticket));
	ck_assert_ptr_null(da_policy_rule_for(p, NULL));
	p->rule[0].n_pci_device = 0;
	ticket.pci.vendor = 0x10de;
	ticket.pci.device = 0x1;
	ck_assert_ptr_eq(da_policy_rule_for(p, &ticket), &p->rule[0]);
	da_policy_free(p);
}
END_TEST

static Suite *
suite(void)
{
	Suite *s = suite_create("policy");
	TCase *t = tcase_create("policy");

	tcase_add_test(t, reads_all);
	tcase_add_test(t, reads_all_of_spdm);
	tcase_add_test(t, reads_all_of_report);
	tcase_add_test(t, reads_all_of_checks);
	tcase_add_test(t, reads_all_of_names);
	tcase_add_test(t, reads_revocation);
	tcase_add_test(t, reads_a_provisioned_key);
	tcase_add_test(t, reads_every_algorithm);
	tcase_add_test(t, reads_the_words_that_may_stand);
	tcase_add_test(t, reads_the_other_words);
	tcase_add_test(t, a_missing_rule_is_no_yes);
	tcase_add_test(t, default_accepts_nothing);
	tcase_add_test(t, rule_goes_by_ids);
	suite_add_tcase(s, t);
	return s;
}

int
main(void)
{
	return run_suite(suite());
}
