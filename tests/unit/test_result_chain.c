/* SPDX-License-Identifier: Apache-2.0 */
/* What a chain says, as JSON: keys that are there, and keys that are not. */
#include "der.h"
#include "policy/result.h"

#define SAN BYTES("\x55\x1d\x11")
#define CMA BYTES("\x67\x81\x13")
#define INFO BYTES("\x2b\x06\x01\x04\x01\x83\x1c\x82\x12\x01")
#define DICE "\x67\x81\x05\x05\x04"

static struct da_chain chain;
static struct da_json *list;

static void
show(struct da_slice der)
{
	struct da_fault fault;

	ck_assert_msg(da_chain_parse(der, DA_CHAIN_DER, DA_HASH_NONE, &chain,
	    &fault), "%s", da_fault_text(fault.why)->name);
	da_json_free(list);
	list = da_result_chain(&chain);
	ck_assert_ptr_nonnull(da_json_text(list));
}

static void
show_with(struct da_slice exts)
{
	struct parts p = valid_parts();

	p.extensions = extensions(exts);
	show(cert_of(&p));
}

/* Member of certificate i; keys joined by dots lead further down. */
static const struct da_json *
at(uint32_t i, const char *path)
{
	const struct da_json *v = da_json_at(list, i);
	char keys[80], *key, *rest = keys;

	snprintf(keys, sizeof(keys), "%s", path);
	while (v != NULL && (key = strtok_r(rest, ".", &rest)) != NULL)
		v = *key >= '0' && *key <= '9' ?
		    da_json_at(v, (uint32_t)(*key - '0')) :
		    da_json_get(v, key);
	return v;
}

static void
is_text(const char *path, const char *expected)
{
	struct da_slice text;

	ck_assert_msg(at(0, path) != NULL, "%s", path);
	ck_assert(da_json_string(at(0, path), &text));
	ck_assert_msg(da_slice_eq(text, da_slice_str(expected)), "%s: %.*s",
	    path, (int)text.n, (const char *)text.p);
}

static void
is_number(const char *path, int64_t expected)
{
	int64_t v = -1;

	ck_assert_msg(at(0, path) != NULL, "%s", path);
	ck_assert(da_json_int(at(0, path), &v));
	ck_assert_int_eq(v, expected);
}

START_TEST(plain_certificate)
{
	struct parts p = valid_parts();
	bool ca = true;

	show(cert_of(&p));
	is_text("subject", "CN=S");
	is_text("issuer", "CN=I");
	is_text("serial", "05");
	is_text("not-before", "2020-01-02T03:04:05Z");
	is_text("not-after", "2049-12-31T23:59:59Z");
	is_text("key", "ecdsa-p384");
	ck_assert(da_json_bool(at(0, "ca"), &ca));
	ck_assert(!ca);
	ck_assert_ptr_null(at(0, "names"));
	ck_assert_ptr_null(at(0, "dice"));
	show_with(extension(BASIC, true, BYTES("\x30\x03\x01\x01\xff")));
	ck_assert(da_json_bool(at(0, "ca"), &ca));
	ck_assert(ca);
}
END_TEST

START_TEST(kinds_of_keys)
{
	static const char rsa[] = "\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d"
	    "\x01\x01\x01\x05\x00";
	struct parts p = valid_parts();
	struct buf n = { 0 };

	put_bytes(&n, "\x00\xc1", 2);
	put_fill(&n, 0x55, 383);
	p.spki = tlv(0x30, join(da_slice_of(rsa, 15), tlv(0x03, join(
	    BYTES("\x00"), tlv(0x30, join(tlv(0x02, buf_slice(&n)),
	    BYTES("\x02\x03\x01\x00\x01")))))));
	show(cert_of(&p));
	is_text("key", "rsa-3072");
	p.spki = tlv(0x30, BYTES("\x30\x04\x06\x02\x2a\x03\x03\x02\x00\x01"));
	show(cert_of(&p));
	ck_assert_ptr_nonnull(da_json_text(list));
	ck_assert(strstr(da_json_text(list), "\"key\": null") != NULL ||
	    strstr(da_json_text(list), "\"key\":null") != NULL);
}
END_TEST

static struct da_slice
other_name(struct da_slice oid, struct da_slice text)
{
	return tlv(0xa0, join(tlv(0x06, oid), tlv(0xa0, tlv(0x0c, text))));
}

START_TEST(names)
{
	show_with(extension(SAN, false, tlv(0x30, join(other_name(CMA,
	    BYTES("Vendor=\"1234")), other_name(INFO, BYTES("A:B:C"))))));
	is_text("names.pci", "Vendor=\"1234");
	is_text("names.device-info", "A:B:C");
	show_with(extension(SAN, false, tlv(0x30, other_name(INFO,
	    BYTES("A:B:C")))));
	is_text("names.device-info", "A:B:C");
	ck_assert_ptr_null(at(0, "names.pci"));
	/* Malformed, it says nothing. */
	show_with(extension(SAN, false, BYTES("\x30\x00")));
	ck_assert_ptr_null(at(0, "names"));
}
END_TEST

START_TEST(dice)
{
	struct da_slice fwid = tlv(0x30, join(tlv(0x06, BYTES(
	    "\x60\x86\x48\x01\x65\x03\x04\x02\x02")), BYTES("\x04\x02\xab\xcd")));
	struct da_slice strange = BYTES("\x30\x07\x06\x02\x2a\x03\x04\x01\xee");
	struct da_slice tcb = tlv(0x30, join(join(BYTES("\x80\x02V\xff"
	    "\x83\x01\x07\x85\x01\x00"), tlv(0xa6, join(fwid, strange))),
	    BYTES("\x87\x02\x00\x80\x89\x01\x0c")));

	show_with(join(join(extension(BYTES(DICE "\x05"), true,
	    tlv(0x30, tcb)), extension(BYTES(DICE "\x04"), false,
	    BYTES("\x30\x03\x04\x01\x99"))), extension(EKU, true, tlv(0x30,
	    tlv(0x06, BYTES(DICE "\x64\x09"))))));
	is_text("dice.ueid", "99");
	is_text("dice.tcb.0.vendor", "V\\xff");
	is_number("dice.tcb.0.svn", 7);
	is_number("dice.tcb.0.index", 0);
	ck_assert_ptr_null(at(0, "dice.tcb.0.layer"));
	ck_assert_ptr_null(at(0, "dice.tcb.0.model"));
	is_text("dice.tcb.0.fwids.0.hash", "sha384");
	is_text("dice.tcb.0.fwids.0.digest", "abcd");
	is_text("dice.tcb.0.fwids.1.hash", "1.2.3");
	is_text("dice.tcb.0.flags", "80");
	is_text("dice.tcb.0.type", "0c");
	is_text("dice.key-purposes.0", "attestLoc");
	ck_assert_ptr_null(at(0, "dice.composite"));
	ck_assert_ptr_null(at(0, "dice.freshness"));
	/* What is critical and does not decode says nothing at all. */
	show_with(join(extension(BYTES(DICE "\x05"), true, BYTES("\x30\x00")),
	    extension(BYTES(DICE "\x04"), false,
	    BYTES("\x30\x03\x04\x01\x99"))));
	ck_assert_ptr_null(at(0, "dice"));
}
END_TEST

START_TEST(real_ones)
{
	struct da_slice file;

	if (!load("nvidia/hopper-a/certchain_leaf_first.der", &file))
		return;
	show(file);
	ck_assert_uint_eq(da_json_length(list), 5);
	is_text("names.device-info", "NVIDIA:GH100:48B02D51C9C1070B");
	is_text("dice.composite.hash", "sha384");
	ck_assert(load("nvidia/blackwell/certchain_leaf_first.der", &file));
	show(file);
	is_text("dice.tcb.0.vendor", "NVIDIA");
	is_text("dice.tcb.0.fwids.1.hash", "sha384");
	is_text("key", "ecdsa-p384");
}
END_TEST

static void
drop(void)
{
	da_json_free(list);
	list = NULL;
}

int
main(void)
{
	Suite *s = suite_create("result chain");
	TCase *t = tcase_create("result chain");

	tcase_add_checked_fixture(t, NULL, drop);
	tcase_add_test(t, plain_certificate);
	tcase_add_test(t, kinds_of_keys);
	tcase_add_test(t, names);
	tcase_add_test(t, dice);
	tcase_add_test(t, real_ones);
	suite_add_tcase(s, t);
	return run_suite(s);
}
