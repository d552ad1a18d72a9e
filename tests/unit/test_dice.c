/* SPDX-License-Identifier: Apache-2.0 */
/* TCG's DICE extensions as claims: their forms, and those of real devices. */
#include "der.h"
#include "verifier/derwalk.h"
#include "verifier/dice.h"

#define DICE "\x67\x81\x05\x05\x04"
#define TCB_INFO BYTES(DICE "\x01")
#define BLACKWELL BYTES(DICE "\x01\x01")
#define UEID BYTES(DICE "\x04")
#define MULTI BYTES(DICE "\x05")
#define COMP BYTES(DICE "\x08")
#define FRESHNESS BYTES(DICE "\x0b")
#define SHA384 BYTES("\x60\x86\x48\x01\x65\x03\x04\x02\x02")

static struct da_cert cert;
static struct da_dice dice;
static struct da_fault fault;

static void
with(struct da_slice list)
{
	struct parts p = valid_parts();
	struct da_slice der;
	struct da_der d;

	p.extensions = extensions(list);
	der = cert_of(&p);
	d = da_der_over(da_cur_of(exact(der, der.n)), DA_PART_CHAIN);
	ck_assert(da_cert_read(&d, &cert));
}

/* Critical or not it decodes alike; else it is a refusal, or says nothing. */
static bool
decodes(struct da_slice oid, struct da_slice value)
{
	bool critical_one;

	with(extension(oid, true, value));
	critical_one = da_dice_read(&cert, &dice, &fault);
	if (!critical_one) {
		ck_fault(fault, DA_F_DICE_FORM);
		ck_assert_uint_eq(fault.offset, cert.ext[0].at);
	}
	ck_assert(da_dice_decodes(&cert.ext[0]) == critical_one);
	with(extension(oid, false, value));
	ck_assert(da_dice_read(&cert, &dice, &fault));
	if (!critical_one) {
		ck_assert_uint_eq(dice.n_tcb, 0);
		ck_assert_uint_eq(dice.ueid.n, 0);
		ck_assert_uint_eq(dice.freshness.n, 0);
		ck_assert(!dice.has_composite);
	}
	return critical_one;
}

static struct da_slice
fwid(uint8_t fill)
{
	struct buf b = { 0 };

	put_fill(&b, fill, 48);
	return tlv(0x30, join(tlv(0x06, SHA384), tlv(0x04, buf_slice(&b))));
}

#define HEAD "\x80\x06" "VENDOR" "\x81\x05" "MODEL" "\x82\x03" "1.2" \
    "\x83\x01\x07" "\x84\x01\x02" "\x85\x01\x03"
#define TAIL "\x87\x05\x00\x80\x00\x00\x01" "\x88\x01\xaa" "\x89\x02\x01\x02"

static struct da_slice
tcb_info(void)
{
	return tlv(0x30, join(join(BYTES(HEAD), tlv(0xa6, join(fwid(0x11),
	    fwid(0)))), BYTES(TAIL)));
}

static void
is_whole(const struct da_tcb_info *tcb)
{
	char text[32];

	ck_assert(da_slice_eq(tcb->vendor, BYTES("VENDOR")));
	ck_assert(da_slice_eq(tcb->model, BYTES("MODEL")));
	ck_assert(da_slice_eq(tcb->version, BYTES("1.2")));
	ck_assert(tcb->has_svn && tcb->has_layer && tcb->has_index);
	ck_assert_uint_eq(tcb->svn, 7);
	ck_assert_uint_eq(tcb->layer, 2);
	ck_assert_uint_eq(tcb->index, 3);
	ck_assert_uint_eq(tcb->n_fwids, 2);
	ck_assert_uint_eq(tcb->fwid[0].digest.n, 48);
	ck_assert_uint_eq(tcb->fwid[0].digest.p[47], 0x11);
	ck_assert(da_slice_is_zero(tcb->fwid[1].digest));
	da_fwid_hash_text(&tcb->fwid[0], text, sizeof(text));
	ck_assert_str_eq(text, "sha384");
	ck_assert(da_slice_eq(tcb->flags, BYTES("\x80\x00\x00\x01")));
	ck_assert(da_slice_eq(tcb->vendor_info, BYTES("\xaa")));
	ck_assert(da_slice_eq(tcb->type, BYTES("\x01\x02")));
}

START_TEST(one_tcb_info)
{
	ck_assert(decodes(TCB_INFO, tcb_info()));
	ck_assert_uint_eq(dice.n_tcb, 1);
	is_whole(&dice.tcb[0]);
	ck_assert(da_slice_eq(da_dice_fwid(&dice), dice.tcb[0].fwid[0].digest));
	ck_assert(decodes(BLACKWELL, tcb_info()));
	is_whole(&dice.tcb[0]);
	/* A composite has no place under the newer OID. */
	ck_assert(!decodes(BLACKWELL, tlv(0x30, BYTES("\x02\x01\x01"))));
}
END_TEST

/* Every field may lack; one without any says nothing. */
START_TEST(fields_may_lack)
{
	const struct {
		struct da_slice fields;
		bool decodes;
	} rows[] = {
		{ BYTES("\x80\x01" "V"), true },
		{ BYTES("\x83\x01\x00"), true },
		{ BYTES("\x83\x08\x7f\xff\xff\xff\xff\xff\xff\xff"), true },
		{ BYTES("\x83\x09\x00\xff\xff\xff\xff\xff\xff\xff\xff"), true },
		{ BYTES("\x83\x09\x01\xff\xff\xff\xff\xff\xff\xff\xff"), false },
		{ BYTES("\x83\x01\x80"), false },
		{ BYTES("\x83\x02\x00\x07"), false },
		{ BYTES("\x83\x00"), false },
		{ BYTES("\x84\x01\x05" "\x85\x01\x06"), true },
		{ BYTES("\x85\x01\x06" "\x84\x01\x05"), false },
		{ BYTES("\x84\x01\x05" "\x84\x01\x05"), false },
		{ BYTES("\x87\x02\x00\x80"), true },
		{ BYTES("\x87\x02\x04\xf0"), true },
		{ BYTES("\x87\x02\x04\xf8"), false },
		{ BYTES("\x87\x02\x08\x00"), false },
		{ BYTES("\x87\x01\x00"), true },
		{ BYTES("\x87\x01\x01"), false },
		{ BYTES("\x87\x00"), false },
		{ BYTES("\x87\x02\x00\x80" "\x8a\x02\x00\x80"), true },
		{ BYTES("\x8b\x01\x00"), false },
		{ BYTES("\xa6\x00"), false },
		{ BYTES("\x86\x00"), false },
		{ BYTES("\x0c\x01" "V"), false },
		{ BYTES(""), false },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		ck_assert_msg(decodes(TCB_INFO, tlv(0x30, rows[i].fields)) ==
		    rows[i].decodes, "row %zu", i);
	ck_assert(decodes(TCB_INFO, tlv(0x30, rows[3].fields)));
	ck_assert_uint_eq(dice.tcb[0].svn, UINT64_MAX);
	ck_assert(!dice.tcb[0].has_layer);
}
END_TEST

START_TEST(integrity_registers)
{
	struct da_slice digests = tlv(0xa2, fwid(0x22));
	struct da_slice one = tlv(0x30, join(BYTES("\x80\x01r\x81\x01\x00"),
	    digests));

	/* Under the number of the text, and of the module. */
	ck_assert(decodes(TCB_INFO, tlv(0x30, tlv(0xaa, one))));
	ck_assert(da_slice_eq(dice.tcb[0].registers, one));
	ck_assert(decodes(TCB_INFO, tlv(0x30, tlv(0xab, join(one, one)))));
	ck_assert(decodes(TCB_INFO, tlv(0x30, tlv(0xab, tlv(0x30, digests)))));
	ck_assert(!decodes(TCB_INFO, tlv(0x30, tlv(0xab, BYTES("")))));
	ck_assert(!decodes(TCB_INFO, tlv(0x30, tlv(0xac, one))));
	ck_assert(!decodes(TCB_INFO, tlv(0x30, tlv(0xab,
	    tlv(0x30, BYTES("\x80\x01r"))))));
}
END_TEST

START_TEST(many_tcb_infos)
{
	struct da_slice list = da_slice_of(NULL, 0), fwids = list;

	for (int i = 0; i < DA_MAX_TCB_INFOS; i++)
		list = join(list, tcb_info());
	ck_assert(decodes(MULTI, tlv(0x30, list)));
	ck_assert_uint_eq(dice.n_tcb, DA_MAX_TCB_INFOS);
	is_whole(&dice.tcb[DA_MAX_TCB_INFOS - 1]);
	ck_assert(!decodes(MULTI, tlv(0x30, join(list, tcb_info()))));
	ck_assert(!decodes(MULTI, BYTES("\x30\x00")));
	for (int i = 0; i < DA_MAX_FWIDS; i++)
		fwids = join(fwids, fwid((uint8_t)i));
	ck_assert(decodes(TCB_INFO, tlv(0x30, tlv(0xa6, fwids))));
	ck_assert_uint_eq(dice.tcb[0].n_fwids, DA_MAX_FWIDS);
	ck_assert(!decodes(TCB_INFO, tlv(0x30, tlv(0xa6, join(fwids,
	    fwid(9))))));
}
END_TEST

START_TEST(ueid_and_freshness)
{
	struct da_slice value = tlv(0x30, BYTES("\x04\x03" "uid"));

	ck_assert(decodes(UEID, value));
	ck_assert(da_slice_eq(dice.ueid, BYTES("uid")));
	ck_assert(decodes(FRESHNESS, value));
	ck_assert(da_slice_eq(dice.freshness, BYTES("uid")));
	ck_assert(!decodes(UEID, BYTES("\x04\x03" "uid")));
	ck_assert(!decodes(UEID, tlv(0x30, BYTES("\x04\x00"))));
	ck_assert(!decodes(UEID, tlv(0x30, BYTES("\x04\x01u\x04\x01u"))));
	ck_assert(!decodes(FRESHNESS, BYTES("\x30\x00")));
}
END_TEST

/* SEQUENCE { 1, SubjectPublicKeyInfo, FWID } of Hopper and LS10. */
START_TEST(composite_device_id)
{
	struct parts p = valid_parts();
	struct da_slice one = BYTES("\x02\x01\x01"), all;

	all = join(join(one, p.spki), fwid(0x33));
	ck_assert(decodes(TCB_INFO, tlv(0x30, all)));
	ck_assert(dice.has_composite);
	ck_assert_uint_eq(dice.n_tcb, 0);
	ck_assert(da_slice_eq(dice.composite_key, p.spki));
	ck_assert_uint_eq(da_dice_fwid(&dice).n, 48);
	ck_assert_uint_eq(da_dice_fwid(&dice).p[0], 0x33);
	ck_assert(!decodes(TCB_INFO, tlv(0x30, join(all, one))));
	ck_assert(!decodes(TCB_INFO, tlv(0x30, join(one, p.spki))));
	ck_assert(!decodes(TCB_INFO, tlv(0x30, join(join(BYTES("\x02\x01\x02"),
	    p.spki), fwid(1)))));
	ck_assert(!decodes(TCB_INFO, tlv(0x30, join(join(one, one),
	    fwid(1)))));
}
END_TEST

/* Forms that are not settled: known to nobody here. */
START_TEST(not_decoded)
{
	const struct da_slice oids[] = { COMP, BYTES(DICE "\x06"),
	    BYTES(DICE "\x07"), BYTES(DICE "\x09"), BYTES(DICE),
	    BYTES(DICE "\x05\x01"), BYTES("\x67\x81\x05\x05\x05\x05") };

	for (size_t i = 0; i < sizeof(oids) / sizeof(oids[0]); i++) {
		ck_assert(!da_dice_knows(oids[i]));
		with(extension(oids[i], true, tcb_info()));
		ck_assert(da_dice_read(&cert, &dice, &fault));
		ck_assert_uint_eq(dice.n_tcb, 0);
	}
	ck_assert_uint_eq(da_dice_fwid(&dice).n, 0);
}
END_TEST

START_TEST(key_purposes)
{
	static const char *const names[] = { "identityInit", "identityLoc",
	    "attestInit", "attestLoc", "assertInit", "assertLoc", "eca" };
	struct da_slice all = tlv(0x06, BYTES("\x2a\x03"));
	char oid[] = DICE "\x64\x06";

	for (char arc = 6; arc <= 13; arc++) {
		struct da_slice one;

		oid[6] = arc;
		one = tlv(0x06, da_slice_of(oid, 7));
		with(extension(EKU, true, tlv(0x30, one)));
		ck_assert(da_dice_read(&cert, &dice, &fault));
		ck_assert_uint_eq(dice.n_purposes, arc <= 12 ? 1 : 0);
		if (arc <= 12)
			ck_assert_str_eq(dice.purpose[0], names[arc - 6]);
		all = join(join(all, one), one);
	}
	with(extension(EKU, true, tlv(0x30, all)));
	ck_assert(da_dice_read(&cert, &dice, &fault));
	ck_assert_uint_eq(dice.n_purposes, DA_MAX_PURPOSES);
}
END_TEST

static void
all_prefixes(struct da_slice oid, struct da_slice value)
{
	ck_assert(decodes(oid, value));
	for (size_t n = 0; n < value.n; n++)
		ck_assert(!decodes(oid, exact(value, n)));
	ck_assert(!decodes(oid, join(value, BYTES("\x05\x00"))));
}

START_TEST(every_prefix_is_refused)
{
	struct parts p = valid_parts();

	all_prefixes(TCB_INFO, tcb_info());
	all_prefixes(BLACKWELL, tcb_info());
	all_prefixes(MULTI, tlv(0x30, join(tcb_info(), tcb_info())));
	all_prefixes(UEID, tlv(0x30, BYTES("\x04\x03" "uid")));
	all_prefixes(FRESHNESS, tlv(0x30, BYTES("\x04\x03" "non")));
	all_prefixes(TCB_INFO, tlv(0x30, join(join(BYTES("\x02\x01\x01"),
	    p.spki), fwid(0x33))));
}
END_TEST

START_TEST(every_byte_changed)
{
	struct da_slice value = tcb_info();
	unsigned int still_read = 0;

	for (size_t at = 0; at < value.n; at++)
		for (unsigned int flip = 1; flip < 256; flip += 7) {
			struct buf b = buf_copy(value);

			set8(&b, at, value.p[at] ^ flip);
			still_read += decodes(TCB_INFO, buf_slice(&b)) ? 1 : 0;
		}
	ck_assert_uint_gt(still_read, 0);
}
END_TEST

/* Of several the one that does not decode says nothing. */
START_TEST(several_of_one_certificate)
{
	with(join(extension(UEID, false, tlv(0x30, BYTES("\x04\x01u"))),
	    join(extension(MULTI, false, tlv(0x30, join(tcb_info(),
	    BYTES("\x30\x00")))), extension(TCB_INFO, true, tcb_info()))));
	ck_assert(da_dice_read(&cert, &dice, &fault));
	ck_assert_uint_eq(dice.ueid.n, 1);
	ck_assert_uint_eq(dice.n_tcb, 1);
	is_whole(&dice.tcb[0]);
}
END_TEST

/* Each decodes, and together they are more than the cap: the first stays. */
START_TEST(too_many_of_one_certificate)
{
	struct da_slice list = da_slice_of(NULL, 0), both;

	for (int i = 0; i < DA_MAX_TCB_INFOS; i++)
		list = join(list, tcb_info());
	both = extension(TCB_INFO, true, tcb_info());
	with(join(both, extension(MULTI, false, tlv(0x30, list))));
	ck_assert(da_dice_read(&cert, &dice, &fault));
	ck_assert_uint_eq(dice.n_tcb, 1);
	with(join(both, extension(MULTI, true, tlv(0x30, list))));
	ck_assert(!da_dice_read(&cert, &dice, &fault));
	ck_fault(fault, DA_F_DICE_FORM);
}
END_TEST

/* Every chain of NVIDIA's that there is; the leaf comes first. */
START_TEST(real_ones)
{
	static const struct {
		const char *folder;
		bool composite;
	} rows[] = {
		{ "blackwell", false }, { "hopper-590", true },
		{ "hopper-a", true }, { "hopper-b", true },
		{ "hopper-c", true }, { "hopper-d", true },
		{ "hopper-nvtrust", true }, { "ls10-switch", true },
		{ "neg-hopper-invalid-signature", true },
		{ "neg-ls10-invalid-signature", true },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct da_slice file;
		struct da_der d;
		char path[128];

		snprintf(path, sizeof(path),
		    "nvidia/%s/certchain_leaf_first.der", rows[i].folder);
		if (!load(path, &file))
			return;
		d = da_der_over(da_cur_of(file), DA_PART_CHAIN);
		ck_assert(da_cert_read(&d, &cert));
		ck_assert(da_dice_read(&cert, &dice, &fault));
		ck_assert_msg(dice.has_composite == rows[i].composite, "%s",
		    rows[i].folder);
		ck_assert_uint_eq(da_dice_fwid(&dice).n, 48);
		ck_assert(!da_slice_is_zero(da_dice_fwid(&dice)));
		if (rows[i].composite)
			continue;
		ck_assert_uint_eq(dice.n_tcb, 1);
		ck_assert(da_slice_eq(dice.tcb[0].vendor, BYTES("NVIDIA")));
		ck_assert_uint_eq(dice.tcb[0].n_fwids, 2);
		ck_assert(da_slice_is_zero(dice.tcb[0].fwid[1].digest));
	}
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("dice");
	TCase *t = tcase_create("dice");

	tcase_set_timeout(t, 60);
	tcase_add_test(t, one_tcb_info);
	tcase_add_test(t, fields_may_lack);
	tcase_add_test(t, integrity_registers);
	tcase_add_test(t, many_tcb_infos);
	tcase_add_test(t, ueid_and_freshness);
	tcase_add_test(t, composite_device_id);
	tcase_add_test(t, not_decoded);
	tcase_add_test(t, key_purposes);
	tcase_add_test(t, every_prefix_is_refused);
	tcase_add_test(t, every_byte_changed);
	tcase_add_test(t, several_of_one_certificate);
	tcase_add_test(t, too_many_of_one_certificate);
	tcase_add_test(t, real_ones);
	suite_add_tcase(s, t);
	return run_suite(s);
}
