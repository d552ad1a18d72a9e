/* SPDX-License-Identifier: Apache-2.0 */
#include "policy/policy.h"
#include "unit.h"

/* A GPU and every device of one NIC's vendor; `others` is to be filled in. */
static const char text[] =
"{ \"version\": 1, \"name\": \"sort\", \"platforms\": [\"emulated\"],\n"
"  \"devices\": [\n"
"    { \"class\": \"gpu\", \"match\": { \"pci-vendor\": \"10de\", "
    "\"pci-device\": [\"2330\"] } },\n"
"    { \"class\": \"nic\", \"match\": { \"pci-vendor\": \"15b3\" } } ]%s }";

static struct da_policy *policy;

static void
set_policy(const char *others)
{
	static char whole[1024];
	struct da_policy_error error = { "", 0, 0 };

	snprintf(whole, sizeof(whole), text, others);
	da_policy_free(policy);
	policy = da_policy_parse(da_slice_str(whole), &error);
	ck_assert_msg(policy != NULL, "%s", error.text);
}

static void
start(void)
{
	set_policy("");
}

static void
stop(void)
{
	da_policy_free(policy);
	policy = NULL;
}

static enum da_disposition
sorted(uint16_t vendor, uint16_t device, enum da_tri tee)
{
	struct da_pci pci = { .vendor = vendor, .device = device,
	    .tee = (uint8_t)tee };

	return da_policy_sort(policy, &pci);
}

START_TEST(a_class_is_judged)
{
	ck_assert_int_eq(sorted(0x10de, 0x2330, DA_TRI_TRUE), DA_SORT_JUDGE);
	ck_assert_int_eq(sorted(0x15b3, 0x0001, DA_TRI_TRUE), DA_SORT_JUDGE);
	ck_assert_int_eq(sorted(0x15b3, 0xffff, DA_TRI_TRUE), DA_SORT_JUDGE);
}
END_TEST

/* The bit is the host's to hide: a device of the owner's stays refused. */
START_TEST(a_class_without_capability_is_refused)
{
	static const char *const others[] = { "", ", \"others\": \"refuse\"",
		", \"others\": \"untrusted\"" };

	for (size_t i = 0; i < 3; i++) {
		set_policy(others[i]);
		ck_assert_int_eq(sorted(0x10de, 0x2330, DA_TRI_FALSE),
		    DA_SORT_NO_TEE);
		ck_assert_int_eq(sorted(0x15b3, 0x0001, DA_TRI_UNKNOWN),
		    DA_SORT_NO_TEE);
	}
}
END_TEST

START_TEST(others_are_refused)
{
	for (unsigned int tee = DA_TRI_UNKNOWN; tee <= DA_TRI_TRUE; tee++) {
		ck_assert_int_eq(sorted(0x10de, 0x2331, (enum da_tri)tee),
		    DA_SORT_REFUSED);
		ck_assert_int_eq(sorted(0, 0, (enum da_tri)tee),
		    DA_SORT_REFUSED);
		ck_assert_int_eq(sorted(0x8086, 0x2330, (enum da_tri)tee),
		    DA_SORT_REFUSED);
	}
}
END_TEST

START_TEST(others_are_untrusted)
{
	set_policy(", \"others\": \"untrusted\"");
	ck_assert_int_eq(sorted(0x8086, 0x1234, DA_TRI_FALSE),
	    DA_SORT_UNTRUSTED);
	/* One that could be judged, and one of which nobody knows. */
	ck_assert_int_eq(sorted(0x8086, 0x1234, DA_TRI_TRUE),
	    DA_SORT_REFUSED);
	ck_assert_int_eq(sorted(0x8086, 0x1234, DA_TRI_UNKNOWN),
	    DA_SORT_REFUSED);
	ck_assert_int_eq(sorted(0x10de, 0x2330, DA_TRI_TRUE), DA_SORT_JUDGE);
}
END_TEST

/* A rule that names a key is told apart, for it needs no chain. */
START_TEST(a_class_with_a_key)
{
	set_policy("");
	policy->rule[0].keys.n = 1;
	ck_assert_int_eq(sorted(0x10de, 0x2330, DA_TRI_TRUE),
	    DA_SORT_JUDGE_BY_KEY);
	ck_assert_int_eq(sorted(0x10de, 0x2330, DA_TRI_FALSE),
	    DA_SORT_NO_TEE);
}
END_TEST

START_TEST(zero_refuses)
{
	struct da_pci pci = { .vendor = 0x10de, .device = 0x2330,
	    .tee = DA_TRI_TRUE };
	struct da_policy *nothing = calloc(1, sizeof(*nothing));

	ck_assert_ptr_nonnull(nothing);
	ck_assert_int_eq(da_policy_sort(nothing, &pci), DA_SORT_REFUSED);
	ck_assert_int_eq(DA_SORT_REFUSED, 0);
	free(nothing);
}
END_TEST

static Suite *
suite(void)
{
	Suite *s = suite_create("sort");
	TCase *t = tcase_create("sort");

	tcase_add_checked_fixture(t, start, stop);
	tcase_add_test(t, a_class_is_judged);
	tcase_add_test(t, a_class_without_capability_is_refused);
	tcase_add_test(t, others_are_refused);
	tcase_add_test(t, others_are_untrusted);
	tcase_add_test(t, a_class_with_a_key);
	tcase_add_test(t, zero_refuses);
	suite_add_tcase(s, t);
	return s;
}

int
main(void)
{
	return run_suite(suite());
}
