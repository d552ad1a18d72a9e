/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Is the certificate this PCI function's (the fact), and does the policy want
 * this device (the rule)?
 */
#include "der.h"
#include "policy/identity_rule.h"
#include "verifier/table.h"

#define CMA BYTES("\x67\x81\x13")
#define INFO BYTES("\x2b\x06\x01\x04\x01\x83\x1c\x82\x12\x01")
#define BASE "Vendor=10de:Device=2330:CC=030200:REV=a1:SSVID=10de:SSID=16c1"
#define SERIAL ":00aabbccddeeff01"

static struct da_evidence evidence;
static struct da_claims claims;
static struct da_ticket ticket;
static struct da_policy_rule rule;
static struct da_ask ask;
static struct da_fault fault;

static struct da_slice
other_name(struct da_slice oid, struct da_slice text)
{
	return tlv(0xa0, join(tlv(0x06, oid), tlv(0xa0, tlv(0x0c, text))));
}

/* A leaf with these names (n 0: none) under a certificate without. */
static void
leaf_with(struct da_slice names)
{
	struct parts p = valid_parts();
	struct da_slice ca = cert_of(&p);

	p.extensions = names.n == 0 ? names : extensions(extension(
	    BYTES("\x55\x1d\x11"), false, tlv(0x30, names)));
	memset(&evidence, 0, sizeof(evidence));
	evidence.has_chain = true;
	ck_assert(da_chain_parse(join(ca, cert_of(&p)), DA_CHAIN_DER,
	    DA_HASH_NONE, &evidence.chain, &fault));
	claims.evidence = &evidence;
}

static void
leaf_named(struct da_slice text)
{
	leaf_with(other_name(CMA, text));
}

static void
start(void)
{
	memset(&ticket, 0, sizeof(ticket));
	memset(&rule, 0, sizeof(rule));
	ticket.pci = (struct da_pci){ .vendor = 0x10de, .device = 0x2330,
	    .subsystem_vendor = 0x10de, .subsystem_device = 0x16c1,
	    .class_code = 0x030200, .revision = 0xa1, .has_revision = 1,
	    .has_serial = 1, .serial = UINT64_C(0x00aabbccddeeff01) };
	ask.ticket = &ticket;
	leaf_named(BYTES(BASE SERIAL));
}

static enum da_result
fact(void)
{
	struct da_case the = { .ask = &ask, .evidence = &evidence };
	enum da_result result = da_ask_device_identity(&the, &fault);

	if (result == DA_BROKEN) {
		ck_fault(fault, DA_F_IDENTITY_NAME);
		ck_assert_int_eq(fault.part, DA_PART_CHAIN);
		ck_assert_uint_gt(fault.offset, evidence.chain.cert[0].der.n);
	}
	return result;
}

static enum da_result
kept(enum da_result found)
{
	return da_identity_keeps(&rule, &claims, found, &fault);
}

START_TEST(same_function)
{
	start();
	ck_assert_int_eq(fact(), DA_HOLDS);
	/* No serial number in the name, and none at the function. */
	ticket.pci.has_serial = 0;
	leaf_named(BYTES(BASE));
	ck_assert_int_eq(fact(), DA_HOLDS);
}
END_TEST

START_TEST(every_field_counts)
{
	start();
	for (size_t at = 0; at < strlen(BASE SERIAL); at++) {
		struct buf b = buf_copy(BYTES(BASE SERIAL));

		b.p[at] = b.p[at] == '1' ? '2' : '1';
		leaf_named(buf_slice(&b));
		ck_assert_int_eq(fact(), DA_BROKEN);
	}
	/* As a whole string, not its beginning, and lower case only. */
	leaf_named(BYTES(BASE SERIAL ":"));
	ck_assert_int_eq(fact(), DA_BROKEN);
	leaf_named(BYTES(BASE));
	ck_assert_int_eq(fact(), DA_BROKEN);
	leaf_named(BYTES("Vendor=10DE"));
	ck_assert_int_eq(fact(), DA_BROKEN);
	leaf_named(BYTES("x"));
	ck_assert_int_eq(fact(), DA_BROKEN);
}
END_TEST

/* What the ticket does not tell cannot be said; what it tells still counts. */
START_TEST(fields_that_nobody_told)
{
	start();
	ticket.pci.has_serial = 0;
	ck_assert_int_eq(fact(), DA_UNKNOWN);
	ticket.pci.device = 0x2331;
	ck_assert_int_eq(fact(), DA_BROKEN);
	start();
	ticket.pci.has_revision = 0;
	ticket.pci.revision = 0;
	ck_assert_int_eq(fact(), DA_UNKNOWN);
	ticket.pci.serial++;
	ck_assert_int_eq(fact(), DA_BROKEN);
	/* Something that is no revision, no serial number. */
	start();
	ticket.pci.has_revision = ticket.pci.has_serial = 0;
	leaf_named(BYTES("Vendor=10de:Device=2330:CC=030200:REV=A1:SSVID=10de"
	    ":SSID=16c1"));
	ck_assert_int_eq(fact(), DA_BROKEN);
	leaf_named(BYTES(BASE ":00AABBCCDDEEFF01"));
	ck_assert_int_eq(fact(), DA_BROKEN);
	leaf_named(BYTES(BASE ":0"));
	ck_assert_int_eq(fact(), DA_BROKEN);
	start();
	memset(&ticket.pci, 0, sizeof(ticket.pci));
	ck_assert_int_eq(fact(), DA_UNKNOWN);
	ask.ticket = NULL;
	ck_assert_int_eq(fact(), DA_UNKNOWN);
}
END_TEST

START_TEST(nothing_to_compare)
{
	start();
	leaf_with(da_slice_of(NULL, 0));
	ck_assert_int_eq(fact(), DA_NOT_ASKED);
	leaf_with(other_name(INFO, BYTES("A:B:C")));
	ck_assert_int_eq(fact(), DA_NOT_ASKED);
	evidence.has_chain = false;
	ck_assert_int_eq(fact(), DA_NOT_ASKED);
}
END_TEST

START_TEST(policy_that_asks_for_nothing)
{
	start();
	ck_assert_int_eq(kept(DA_UNKNOWN), DA_UNKNOWN);
	ck_assert_int_eq(kept(DA_NOT_ASKED), DA_NOT_ASKED);
	ck_assert_int_eq(kept(DA_HOLDS), DA_HOLDS);
	/* Another function's name is that, whoever asks. */
	ck_assert_int_eq(kept(DA_BROKEN), DA_BROKEN);
}
END_TEST

START_TEST(policy_that_asks_for_the_pci_name)
{
	start();
	rule.identity.pci_name = true;
	ck_assert_int_eq(kept(DA_HOLDS), DA_HOLDS);
	ck_assert_int_eq(kept(DA_UNKNOWN), DA_UNKNOWN);
	ck_assert_int_eq(kept(DA_BROKEN), DA_BROKEN);
	leaf_with(other_name(INFO, BYTES("A:B:C")));
	ck_assert_int_eq(kept(DA_NOT_ASKED), DA_BROKEN);
	ck_fault(fault, DA_F_IDENTITY_ABSENT);
	ck_assert_uint_eq(fault.offset, evidence.chain.cert[0].der.n);
	/* A key without a certificate has no name. */
	evidence.has_chain = false;
	ck_assert_int_eq(kept(DA_NOT_ASKED), DA_BROKEN);
	ck_fault(fault, DA_F_IDENTITY_ABSENT);
}
END_TEST

static enum da_result
info_is(const char *text)
{
	leaf_with(other_name(INFO, da_slice_str(text)));
	return kept(DA_NOT_ASKED);
}

START_TEST(policy_that_names_devices)
{
	start();
	rule.identity.n_info = 2;
	strcpy(rule.identity.info[0], "ACME:WIDGET:1234");
	strcpy(rule.identity.info[1], "NVIDIA:GH100:*");
	ck_assert_int_eq(info_is("ACME:WIDGET:1234"), DA_HOLDS);
	ck_assert_int_eq(info_is("NVIDIA:GH100:5678"), DA_HOLDS);
	ck_assert_int_eq(info_is("NVIDIA:GH100:*"), DA_HOLDS);
	ck_assert_int_eq(info_is("ACME:WIDGET:12345"), DA_BROKEN);
	ck_fault(fault, DA_F_IDENTITY_INFO);
	ck_assert_uint_gt(fault.offset, evidence.chain.cert[0].der.n);
	ck_assert_int_eq(info_is("ACME:WIDGET:123"), DA_BROKEN);
	ck_assert_int_eq(info_is("NVIDIA:GH100:"), DA_BROKEN);
	ck_assert_int_eq(info_is("NVIDIA:GH100"), DA_BROKEN);
	ck_assert_int_eq(info_is("NVIDIA:GH1005:1"), DA_BROKEN);
	ck_assert_int_eq(info_is("NVIDIA:GH100:1:2"), DA_BROKEN);
	ck_assert_int_eq(info_is("nvidia:GH100:1"), DA_BROKEN);
	ck_assert_int_eq(info_is("*"), DA_BROKEN);
	leaf_named(BYTES(BASE));
	ck_assert_int_eq(kept(DA_UNKNOWN), DA_BROKEN);
	ck_fault(fault, DA_F_IDENTITY_ABSENT);
	/* A PCI name beside it that nobody could compare stays unknown. */
	leaf_with(join(other_name(CMA, BYTES(BASE)), other_name(INFO,
	    BYTES("ACME:WIDGET:1234"))));
	ck_assert_int_eq(kept(DA_UNKNOWN), DA_UNKNOWN);
	ck_assert_int_eq(kept(DA_BROKEN), DA_BROKEN);
	rule.identity.pci_name = true;
	ck_assert_int_eq(kept(DA_UNKNOWN), DA_UNKNOWN);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("identity");
	TCase *t = tcase_create("identity");

	tcase_add_test(t, same_function);
	tcase_add_test(t, every_field_counts);
	tcase_add_test(t, fields_that_nobody_told);
	tcase_add_test(t, nothing_to_compare);
	tcase_add_test(t, policy_that_asks_for_nothing);
	tcase_add_test(t, policy_that_asks_for_the_pci_name);
	tcase_add_test(t, policy_that_names_devices);
	suite_add_tcase(s, t);
	return run_suite(s);
}
