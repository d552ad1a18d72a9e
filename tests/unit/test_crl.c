/* SPDX-License-Identifier: Apache-2.0 */
/* Revocation lists: their form, field by field, and what they list. */
#include "makecrl.h"
#include "verifier/crl.h"

static struct crl_plan plan;
static struct da_crl crl;
static struct da_fault fault;

static void
plan_list(void)
{
	plan = crl_plan("issuer", NULL);
	plan.entries = tlv(0x30, join(crl_entry(BYTES("\x05"),
	    extension(REASON_CODE, false, BYTES("\x0a\x01\x01"))),
	    crl_entry(BYTES("\x00\x80\x01"), da_slice_of(NULL, 0))));
	plan.extensions = crl_extensions(join(extension(CRL_NUMBER, false,
	    BYTES("\x02\x01\x07")), extension(AUTHORITY_KEY, false,
	    BYTES("\x30\x03\x80\x01\x09"))));
}

static void
reads(void)
{
	ck_assert_msg(da_crl_read(make_crl(&plan), &crl, &fault), "%s at %zu",
	    da_fault_text(fault.why)->name, fault.offset);
}

static void
refused(enum da_why why)
{
	struct da_slice der = make_crl(&plan);

	memset(&crl, 0xa5, sizeof(crl));
	ck_assert(!da_crl_read(der, &crl, &fault));
	ck_fault(fault, why);
	ck_assert_int_eq(fault.part, DA_PART_CRL);
	ck_assert_uint_le(fault.offset, der.n);
	/* Filled on success only. */
	ck_assert_uint_eq(((uint8_t *)&crl)[0], 0xa5);
}

START_TEST(whole_list)
{
	struct da_slice der;

	plan_list();
	der = make_crl(&plan);
	ck_assert(da_crl_read(der, &crl, &fault));
	ck_assert_int_eq(crl.this_update, LIST_TIME);
	ck_assert_int_eq(crl.next_update, LIST_NEXT);
	ck_assert(da_slice_eq(crl.issuer, name_der("issuer")));
	ck_assert(da_slice_eq(crl.what.alg, ECDSA_SHA384));
	ck_assert_int_eq(crl.unknown.why, DA_F_NONE);
	ck_assert(da_crl_lists(&crl, BYTES("\x05")));
	ck_assert(da_crl_lists(&crl, BYTES("\x00\x80\x01")));
	ck_assert(!da_crl_lists(&crl, BYTES("\x80\x01")));
	ck_assert(!da_crl_lists(&crl, BYTES("\x06")));
	ck_assert(!da_crl_lists(&crl, BYTES("\x00")));
}
END_TEST

START_TEST(list_of_nothing)
{
	plan_list();
	plan.entries.n = 0;
	reads();
	ck_assert(!da_crl_lists(&crl, BYTES("\x05")));
	plan.extensions.n = 0;
	reads();
	/* RFC 5280 5.1.2.6: then the field is absent. */
	plan.entries = tlv(0x30, da_slice_of(NULL, 0));
	refused(DA_F_CRL_FORM);
}
END_TEST

START_TEST(every_prefix)
{
	struct da_slice der;

	plan_list();
	der = make_crl(&plan);
	for (size_t n = 0; n < der.n; n++) {
		ck_assert(!da_crl_read(prefix(der, n), &crl, &fault));
		ck_assert_int_eq(fault.part, DA_PART_CRL);
		ck_assert_uint_le(fault.offset, n);
	}
	ck_assert(!da_crl_read(join(der, BYTES("\x00")), &crl, &fault));
	ck_fault(fault, DA_F_TRAILING);
	ck_assert_uint_eq(fault.offset, der.n);
}
END_TEST

/* No byte makes it read past its end; what is signed has to be read as such. */
START_TEST(every_byte)
{
	struct da_slice der;

	plan_list();
	der = make_crl(&plan);
	for (size_t at = 0; at < der.n; at++)
		for (unsigned int bit = 0; bit < 8; bit++) {
			struct da_slice copy = prefix(der, der.n);

			((uint8_t *)(uintptr_t)copy.p)[at] ^=
			    (uint8_t)(1u << bit);
			if (da_crl_read(copy, &crl, &fault))
				da_crl_lists(&crl, BYTES("\x05"));
		}
}
END_TEST

START_TEST(sizes)
{
	static uint8_t big[DA_MAX_CRL + 1];

	ck_assert(!da_crl_read(da_slice_of(NULL, 0), &crl, &fault));
	ck_fault(fault, DA_F_EMPTY);
	ck_assert(!da_crl_read(da_slice_of(big, sizeof(big)), &crl, &fault));
	ck_fault(fault, DA_F_TOO_LONG);
	ck_assert(!da_crl_read(da_slice_of(big, DA_MAX_CRL), &crl, &fault));
	ck_fault(fault, DA_F_DER_TAG);
}
END_TEST

/* Some 25,000 entries: the cap's own word. */
START_TEST(long_list)
{
	struct buf all = { 0 };
	uint8_t serial[16] = { 1 };
	int n = 0;

	while (all.n < DA_MAX_CRL - 512) {
		serial[14] = (uint8_t)(n >> 8);
		serial[15] = (uint8_t)n++;
		put_slice(&all, BYTES("\x30\x21\x02\x10"));
		put_bytes(&all, serial, sizeof(serial));
		put_slice(&all, time_der(VALID_FROM));
	}
	plan_list();
	plan.entries = tlv(0x30, buf_slice(&all));
	reads();
	ck_assert_int_gt(n, 25000);
	ck_assert(da_crl_lists(&crl, da_slice_of(serial, sizeof(serial))));
	serial[0] = 2;
	ck_assert(!da_crl_lists(&crl, da_slice_of(serial, sizeof(serial))));
}
END_TEST

START_TEST(versions)
{
	plan_list();
	plan.version.n = 0;		/* 1 */
	refused(DA_F_CRL_FORM);
	plan.version = BYTES("\x02\x01\x00");
	refused(DA_F_CRL_FORM);
	plan.version = BYTES("\x02\x01\x02");
	refused(DA_F_CRL_FORM);
}
END_TEST

START_TEST(times)
{
	plan_list();
	plan.next_update.n = 0;
	refused(DA_F_CRL_FORM);
	plan_list();
	plan.next_update = BYTES("\x17\x0d" "201301000000Z");
	refused(DA_F_CERT_TIME);
	/* RFC 5280 5.1.2.4: UTCTime through 2049. */
	plan.next_update = BYTES("\x18\x0f" "20250101000000Z");
	refused(DA_F_CERT_TIME);
	plan.next_update = BYTES("\x18\x0f" "20500101000000Z");
	reads();
	ck_assert_int_eq(crl.next_update, INT64_C(2524608000));
	plan.this_update = BYTES("\x18\x0f" "20200101000000Z");
	refused(DA_F_CERT_TIME);
	plan.this_update = BYTES("\x04\x01\x00");
	refused(DA_F_DER_TAG);
}
END_TEST

START_TEST(algorithms_agree)
{
	plan_list();
	plan.inner_alg = BYTES("\x30\x0a\x06\x08\x2a\x86\x48\xce\x3d\x04\x03"
	    "\x02");
	refused(DA_F_CRL_FORM);
}
END_TEST

/* -- extensions of the list -- */

static void
list_extension(struct da_slice oid, bool critical, struct da_slice value,
    enum da_why unknown)
{
	plan_list();
	plan.extensions = crl_extensions(extension(oid, critical, value));
	reads();
	ck_assert_str_eq(da_fault_text(crl.unknown.why)->name,
	    da_fault_text(unknown)->name);
	if (unknown != DA_F_NONE)
		ck_fault(crl.unknown, unknown);
}

START_TEST(extensions_of_a_list)
{
	for (int critical = 0; critical < 2; critical++) {
		list_extension(CRL_NUMBER, critical, BYTES("\x02\x01\x07"),
		    DA_F_NONE);
		list_extension(AUTHORITY_KEY, critical, BYTES("\x30\x00"),
		    DA_F_NONE);
		list_extension(DELTA_INDICATOR, critical,
		    BYTES("\x02\x01\x07"), DA_F_CRL_EXTENSION);
		list_extension(ISSUING_POINT, critical, BYTES("\x30\x00"),
		    DA_F_CRL_EXTENSION);
		list_extension(BYTES("\x2a\x03"), critical, BYTES("\x05\x00"),
		    critical ? DA_F_CRL_EXTENSION : DA_F_NONE);
		/* freshestCRL points elsewhere; nothing is fetched. */
		list_extension(BYTES("\x55\x1d\x2e"), critical,
		    BYTES("\x30\x00"), critical ? DA_F_CRL_EXTENSION :
		    DA_F_NONE);
	}
}
END_TEST

START_TEST(numbers)
{
	static const struct {
		const char *der;
		size_t n;
		bool fits;
	} rows[] = {
		{ "\x02\x01\x00", 3, true },
		{ "\x02\x02\x00\x80", 4, true },
		{ "\x02\x14\x7f" "1234567890123456789", 22, true },
		{ "\x02\x15\x00\xff" "1234567890123456789", 23, true },
		{ "\x02\x15\x01" "12345678901234567890", 23, false },
		{ "\x02\x01\x80", 3, false },
		{ "\x02\x02\x00\x7f", 4, false },
		{ "\x02\x00", 2, false },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		plan_list();
		plan.extensions = crl_extensions(extension(CRL_NUMBER, false,
		    da_slice_of(rows[i].der, rows[i].n)));
		if (rows[i].fits)
			reads();
		else
			refused(DA_F_CRL_FORM);
	}
	plan.extensions = crl_extensions(extension(CRL_NUMBER, false,
	    BYTES("\x04\x01\x07")));
	refused(DA_F_DER_TAG);
	plan.extensions = crl_extensions(extension(CRL_NUMBER, false,
	    BYTES("\x02\x01\x07\x00")));
	refused(DA_F_TRAILING);
}
END_TEST

/* `n` different ones, and then the first again. */
static struct da_slice
many_extensions(size_t n, bool again)
{
	struct buf b = { 0 };
	uint8_t oid[3] = { 0x2a, 3, 0 };

	for (size_t i = 0; i < n; i++) {
		oid[2] = (uint8_t)i;
		put_slice(&b, extension(da_slice_of(oid, 3), false,
		    BYTES("\x05\x00")));
	}
	oid[2] = 0;
	if (again)
		put_slice(&b, extension(da_slice_of(oid, 3), false,
		    BYTES("\x05\x00")));
	return buf_slice(&b);
}

START_TEST(no_extension_twice_and_not_too_many)
{
	plan_list();
	plan.extensions = crl_extensions(many_extensions(2, true));
	refused(DA_F_CRL_FORM);
	plan.extensions = crl_extensions(many_extensions(DA_MAX_EXTENSIONS,
	    false));
	reads();
	plan.extensions = crl_extensions(many_extensions(
	    DA_MAX_EXTENSIONS + 1, false));
	refused(DA_F_CRL_FORM);
	plan.extensions = crl_extensions(da_slice_of(NULL, 0));
	refused(DA_F_SHORT);
	plan_list();
	plan.entries = tlv(0x30, crl_entry(BYTES("\x05"), many_extensions(3,
	    true)));
	refused(DA_F_CRL_FORM);
}
END_TEST

/* -- entries -- */

static void
entry_of(struct da_slice oid, bool critical, struct da_slice value)
{
	plan_list();
	plan.entries = tlv(0x30, crl_entry(BYTES("\x05"), extension(oid,
	    critical, value)));
}

START_TEST(extensions_of_an_entry)
{
	entry_of(BYTES("\x2a\x03"), false, BYTES("\x05\x00"));
	reads();
	ck_assert_int_eq(crl.unknown.why, DA_F_NONE);
	entry_of(BYTES("\x2a\x03"), true, BYTES("\x05\x00"));
	reads();
	ck_fault(crl.unknown, DA_F_CRL_EXTENSION);
	for (int critical = 0; critical < 2; critical++) {
		entry_of(CERT_ISSUER, critical, BYTES("\x30\x00"));
		reads();
		ck_fault(crl.unknown, DA_F_CRL_EXTENSION);
		entry_of(REASON_CODE, critical, BYTES("\x0a\x01\x01"));
		reads();
		ck_assert_int_eq(crl.unknown.why, DA_F_NONE);
	}
}
END_TEST

START_TEST(reasons)
{
	for (unsigned int reason = 0; reason < 256; reason++) {
		struct buf b = { 0 };

		put_bytes(&b, "\x0a\x01", 2);
		put8(&b, reason);
		entry_of(REASON_CODE, false, buf_slice(&b));
		/* 7 is not used; 8, removeFromCRL, is for deltas only. */
		if (reason > 10 || reason == 7) {
			refused(DA_F_CRL_FORM);
			continue;
		}
		reads();
		ck_assert_int_eq(crl.unknown.why, reason == 8 ?
		    DA_F_CRL_EXTENSION : DA_F_NONE);
	}
	entry_of(REASON_CODE, false, BYTES("\x02\x01\x01"));
	refused(DA_F_DER_TAG);
	entry_of(REASON_CODE, false, BYTES("\x0a\x02\x00\x01"));
	refused(DA_F_CRL_FORM);
}
END_TEST

/* A serial number in two forms would be two: DER has one. */
START_TEST(serials)
{
	static const struct {
		const char *p;
		size_t n;
		bool fits;
	} rows[] = {
		{ "\x05", 1, true }, { "\x00", 1, true }, { "\xff", 1, true },
		{ "\x00\x80", 2, true }, { "\xff\x7f", 2, true },
		{ "\x00\x7f", 2, false }, { "\xff\x80", 2, false },
		{ "", 0, false },
		{ "123456789012345678901234567890", 30, true },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct da_slice serial = da_slice_of(rows[i].p, rows[i].n);

		plan_list();
		plan.entries = tlv(0x30, crl_entry(serial,
		    da_slice_of(NULL, 0)));
		if (!rows[i].fits) {
			refused(DA_F_DER_VALUE);
			continue;
		}
		reads();
		ck_assert(da_crl_lists(&crl, serial));
	}
}
END_TEST

START_TEST(entries_of_another_shape)
{
	plan_list();
	plan.entries = tlv(0x30, tlv(0x30, tlv(0x02, BYTES("\x05"))));
	refused(DA_F_SHORT);
	plan.entries = tlv(0x30, tlv(0x30, join(join(tlv(0x02, BYTES("\x05")),
	    time_der(VALID_FROM)), BYTES("\x30\x00"))));
	refused(DA_F_SHORT);
	plan.entries = tlv(0x30, join(crl_entry(BYTES("\x05"),
	    da_slice_of(NULL, 0)), BYTES("\x05\x00")));
	refused(DA_F_DER_TAG);
	/* An entry's walk ends where the entry does. */
	plan.entries = tlv(0x30, tlv(0x30, join(join(tlv(0x02, BYTES("\x05")),
	    time_der(VALID_FROM)), join(tlv(0x30, extension(REASON_CODE, false,
	    BYTES("\x0a\x01\x01"))), BYTES("\x05\x00")))));
	refused(DA_F_TRAILING);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("crl");
	TCase *t = tcase_create("crl");

	tcase_set_timeout(t, 60);
	tcase_add_test(t, whole_list);
	tcase_add_test(t, list_of_nothing);
	tcase_add_test(t, every_prefix);
	tcase_add_test(t, every_byte);
	tcase_add_test(t, sizes);
	tcase_add_test(t, long_list);
	tcase_add_test(t, versions);
	tcase_add_test(t, times);
	tcase_add_test(t, algorithms_agree);
	tcase_add_test(t, extensions_of_a_list);
	tcase_add_test(t, numbers);
	tcase_add_test(t, no_extension_twice_and_not_too_many);
	tcase_add_test(t, extensions_of_an_entry);
	tcase_add_test(t, reasons);
	tcase_add_test(t, serials);
	tcase_add_test(t, entries_of_another_shape);
	suite_add_tcase(s, t);
	return run_suite(s);
}
