/* SPDX-License-Identifier: Apache-2.0 */
/* A rule's "nvidia", on made values and a leaf whose firmware id they have. */
#include "policy/nvidia_rule.h"
#include "unit.h"

static struct da_policy_rule rule;
static struct da_evidence evidence;
static struct da_claims claims;
static struct da_fault fault;

#define DIGEST 0x5a	/* each byte of the firmware id */
#define FWID_AT 67	/* its value in the opaque data */

/* VBIOS, driver, board, chip, another type, firmware id. */
static uint8_t opaque[FWID_AT + 48] = {
	6, 0, 8, 0, 0x00, 0x74, 0x00, 0x96, 0x1c, 0, 0, 0,
	3, 0, 11, 0, '5', '8', '0', '.', '1', '5', '9', '.', '0', '3', 0,
	14, 0, 4, 0, 0xa1, 0x04, 0, 0,
	15, 0, 9, 0, '8', '6', '2', 0, 0, 0, 0, 0, 0,
	0x34, 0x12, 11, 0, 'a', 'n', 'o', 't', 'h', 'e', 'r', ' ', 'o', 'n',
	'e',
	20, 0, 48, 0,
};

/* DiceTcbInfo (2.23.133.5.4.1) with one SHA-384 firmware id. */
static uint8_t tcb_info[19 + 48] = {
	0x30, 0x41, 0xa6, 0x3f, 0x30, 0x3d, 0x06, 0x09, 0x60, 0x86, 0x48,
	0x01, 0x65, 0x03, 0x04, 0x02, 0x02, 0x04, 0x30,
};

static const uint8_t tcb_oid[] = { 0x67, 0x81, 0x05, 0x05, 0x04, 0x01 };

static void
set_opaque(size_t n)
{
	claims.opaque = (struct da_opaque){ .format = DA_OPAQUE_VENDOR,
	    .raw = da_slice_of(opaque, n) };
	claims.has_nvidia = da_nvidia_read(claims.opaque.raw, &claims.nvidia,
	    &fault);
}

static void
set_all(void)
{
	struct da_cert *leaf = &evidence.chain.cert[1];

	memset(&rule, 0, sizeof(rule));
	memset(&claims, 0, sizeof(claims));
	memset(&evidence, 0, sizeof(evidence));
	memset(opaque + FWID_AT, DIGEST, 48);
	memset(tcb_info + 19, DIGEST, 48);
	claims.evidence = &evidence;
	evidence.bundle.part[DA_PART_MEASUREMENTS] = da_slice_of(opaque,
	    sizeof(opaque));
	evidence.has_chain = true;
	evidence.chain.n = 2;
	leaf->n_ext = 1;
	leaf->ext[0].oid = da_slice_of(tcb_oid, sizeof(tcb_oid));
	leaf->ext[0].value = da_slice_of(tcb_info, sizeof(tcb_info));
	rule.nvidia.set = true;
	set_opaque(sizeof(opaque));
	ck_assert(claims.has_nvidia);
}

static void
name(struct da_policy_names *names, const char *text)
{
	strcpy(names->name[names->n++], text);
}

static void
keeps(void)
{
	ck_assert_int_eq(da_nvidia_keeps(&rule, &claims, &fault), DA_HOLDS);
}

static void
breaks(size_t at)
{
	ck_assert_int_eq(da_nvidia_keeps(&rule, &claims, &fault), DA_BROKEN);
	ck_fault(fault, DA_F_POLICY_NVIDIA);
	ck_assert_int_eq(fault.part, DA_PART_MEASUREMENTS);
	ck_assert_uint_eq(fault.offset, at);
}

START_TEST(no_rule_asks_nothing)
{
	rule.nvidia.set = false;
	name(&rule.nvidia.vbios, "none");
	claims.has_nvidia = false;
	ck_assert_int_eq(da_nvidia_keeps(&rule, &claims, &fault),
	    DA_NOT_ASKED);
}
END_TEST

START_TEST(each_list)
{
	static const struct {
		struct da_policy_names *names;
		const char *value;
		size_t at;
	} lists[] = {
		{ &rule.nvidia.vbios, "96.00.74.00.1c", 4 },
		{ &rule.nvidia.driver, "580.159.03", 16 },
		{ &rule.nvidia.board, "a1040000", 31 },
		{ &rule.nvidia.chip, "862", 39 },
	};

	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		name(lists[i].names, "another");
		breaks(lists[i].at);
		name(lists[i].names, lists[i].value);
		keeps();
		/* Whole, and nothing but it. */
		lists[i].names->n = 1;
		snprintf(lists[i].names->name[0], DA_POLICY_MAX_NAME, "%sx",
		    lists[i].value);
		breaks(lists[i].at);
		lists[i].names->name[0][strlen(lists[i].value) - 1] = '\0';
		breaks(lists[i].at);
		strcpy(lists[i].names->name[0], lists[i].value);
		keeps();
	}
}
END_TEST

/* nvidia-smi prints capitals, the attestation tools do not. */
START_TEST(hex_in_capitals)
{
	name(&rule.nvidia.vbios, "96.00.74.00.1C");
	name(&rule.nvidia.board, "A1040000");
	keeps();
}
END_TEST

START_TEST(a_value_that_is_absent)
{
	set_opaque(FWID_AT - 4);
	keeps();
	rule.nvidia.fwid_is_leafs = true;
	breaks(0);
	rule.nvidia.fwid_is_leafs = false;
	name(&rule.nvidia.driver, "580.159.03");
	set_opaque(12);
	ck_assert(claims.has_nvidia);
	breaks(0);
}
END_TEST

/* Not NVIDIA's, or cut: the reader's "no" is the policy's where it asks. */
START_TEST(bytes_that_do_not_read)
{
	for (size_t n = 0; n < sizeof(opaque); n++) {
		set_opaque(n);
		if (!claims.has_nvidia)
			breaks(0);
	}
	claims.opaque = (struct da_opaque){ .format = DA_OPAQUE_FMT1 };
	claims.has_nvidia = false;
	breaks(0);
}
END_TEST

START_TEST(the_leafs_firmware)
{
	rule.nvidia.fwid_is_leafs = true;
	keeps();
	tcb_info[66] ^= 1;
	breaks(FWID_AT);
	tcb_info[66] ^= 1;
	keeps();
	/* Zeros are a field that nobody filled, on both sides. */
	memset(opaque + FWID_AT, 0, 48);
	breaks(FWID_AT);
	memset(tcb_info + 19, 0, 48);
	breaks(FWID_AT);
	memset(tcb_info + 19, DIGEST, 48);
	memset(opaque + FWID_AT, DIGEST, 48);
	keeps();
	opaque[FWID_AT - 2] = 47;
	set_opaque(sizeof(opaque) - 1);
	ck_assert(claims.has_nvidia);
	breaks(FWID_AT);
	opaque[FWID_AT - 2] = 48;
	set_opaque(sizeof(opaque));
	keeps();
	evidence.chain.cert[1].n_ext = 0;
	breaks(FWID_AT);
	evidence.has_chain = false;
	breaks(FWID_AT);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("nvidia_rule");
	TCase *t = tcase_create("nvidia_rule");

	tcase_add_checked_fixture(t, set_all, NULL);
	tcase_add_test(t, no_rule_asks_nothing);
	tcase_add_test(t, each_list);
	tcase_add_test(t, hex_in_capitals);
	tcase_add_test(t, a_value_that_is_absent);
	tcase_add_test(t, bytes_that_do_not_read);
	tcase_add_test(t, the_leafs_firmware);
	suite_add_tcase(s, t);
	return run_suite(s);
}
