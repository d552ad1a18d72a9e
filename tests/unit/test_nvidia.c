/* SPDX-License-Identifier: Apache-2.0 */
/* NVIDIA's opaque values: made ones, and those of every real device we have. */
#include "build.h"
#include "verifier/nvidia.h"
#include "verifier/spdm_chain.h"
#include "verifier/spdm_meas.h"

static struct da_nvidia nv;
static struct da_fault fault;

static void
put_value(struct buf *b, unsigned int type, const void *p, size_t n)
{
	put16(b, type);
	put16(b, (unsigned int)n);
	put_bytes(b, p, n);
}

static bool
reads(const struct buf *b)
{
	return da_nvidia_read(exact(buf_slice(b), b->n), &nv, &fault);
}

static void
is_text(enum da_nv_type type, const char *wanted)
{
	char text[DA_NV_TEXT];

	ck_assert_int_eq(da_nvidia_text(&nv, type, text), wanted != NULL);
	if (wanted != NULL)
		ck_assert_str_eq(text, wanted);
}

static struct buf
some(void)
{
	struct buf b = { 0 };

	put_value(&b, DA_NV_VBIOS, "\x00\x74\x00\x96\x20\x00\x00\x00", 8);
	put_value(&b, DA_NV_BOARD_ID, "\xa1\x04\x00\x00", 4);
	put_value(&b, DA_NV_CHIP_SKU, "862\0\0\0\0\0\0", 9);
	put_value(&b, 0x1234, "new", 3);
	put_value(&b, DA_NV_DRIVER, "580.159.03", 11);
	put_value(&b, 0x1234, "new again", 9);
	put_value(&b, DA_NV_COUNTS, "\1\0\0\0\2\0\0\0", 8);
	return b;
}

START_TEST(values)
{
	struct buf b = some();
	struct da_nv_value v;
	struct da_cur c;

	ck_assert(reads(&b));
	ck_assert_uint_eq(nv.n, 7);
	ck_assert(da_nvidia_has(&nv, DA_NV_COUNTS));
	ck_assert(!da_nvidia_has(&nv, DA_NV_FWID));
	ck_assert(!da_nvidia_has(&nv, DA_NV_TYPES));
	is_text(DA_NV_VBIOS, "96.00.74.00.20");
	is_text(DA_NV_BOARD_ID, "a1040000");
	is_text(DA_NV_CHIP_SKU, "862");
	is_text(DA_NV_DRIVER, "580.159.03");
	is_text(DA_NV_COUNTS, NULL);
	is_text(DA_NV_FWID, NULL);
	c = da_cur_of(nv.raw);
	for (unsigned int i = 0; i < 4; i++)
		ck_assert(da_nvidia_next(&c, &v));
	ck_assert_uint_eq(v.type, 0x1234);
	ck_assert(da_slice_eq(v.value, da_slice_str("new")));
}
END_TEST

/* What nvtrust stops at: types that are not known are carried along. */
START_TEST(unknown_types_are_tolerated)
{
	for (unsigned int type = 0; type < 0x10000; type += 3) {
		struct buf b = { 0 };

		put_value(&b, type, "12345678", 8);
		ck_assert(reads(&b));
		ck_assert_uint_eq(nv.n, 1);
		ck_assert_int_eq(da_nvidia_has(&nv, (enum da_nv_type)type),
		    da_nvidia_name((uint16_t)type) != NULL);
	}
	ck_assert_ptr_null(da_nvidia_name(0));
	ck_assert_ptr_null(da_nvidia_name(28));
	ck_assert_ptr_null(da_nvidia_name(DA_NV_TYPES));
	ck_assert_str_eq(da_nvidia_name(36), "features");
}
END_TEST

START_TEST(every_prefix)
{
	struct buf b = some();
	size_t ends[8] = { 12, 20, 33, 40, 55, 68, 80 }, at = 0;

	ck_assert_uint_eq(b.n, ends[6]);
	for (size_t n = 0; n < b.n; n++) {
		bool whole = n == ends[at];

		at += whole ? 1 : 0;
		ck_assert_int_eq(da_nvidia_read(prefix(buf_slice(&b), n), &nv,
		    &fault), whole);
		if (whole)
			continue;
		ck_fault(fault, n == 0 ? DA_F_EMPTY : DA_F_SHORT);
		ck_assert_uint_le(fault.offset, n);
	}
}
END_TEST

/* Of two nobody could say which one a policy means. */
START_TEST(a_known_type_twice)
{
	struct buf b = some();
	size_t end = b.n;

	put_value(&b, DA_NV_VBIOS, "", 0);
	ck_assert(!reads(&b));
	ck_fault(fault, DA_F_OPAQUE_FORM);
	ck_assert_uint_eq(fault.offset, end);
	b.n = 0;
	put_value(&b, DA_NV_DRIVER, "", 0);
	put_value(&b, DA_NV_DRIVER, "575.32", 7);
	ck_assert(!reads(&b));
	ck_fault(fault, DA_F_OPAQUE_FORM);
}
END_TEST

START_TEST(lists_of_parts)
{
	static const struct { enum da_nv_type type; size_t part; } lists[] = {
		{ DA_NV_COUNTS, 4 }, { DA_NV_PDI, 8 }, { DA_NV_SWITCH_PDI, 8 }
	};

	for (size_t i = 0; i < 3; i++)
		for (size_t n = 0; n < 33; n++) {
			struct buf b = { 0 }, value = { 0 };

			put_fill(&value, 1, n);
			put_value(&b, lists[i].type, value.p, n);
			ck_assert_int_eq(reads(&b), n % lists[i].part == 0);
		}
}
END_TEST

START_TEST(text_of_no_form)
{
	static const struct { const char *p; size_t n; const char *text; }
	    texts[] = {
		{ "575.32", 6, "575.32" }, { "575.32\0", 7, "575.32" },
		{ "575\0.32", 7, NULL }, { "\0", 1, "" }, { "", 0, "" },
		{ "575\n", 4, NULL }, { "575\x7f", 4, NULL },
		{ "\xc3\xa4", 2, NULL },
	};
	char longest[DA_NV_TEXT];
	struct buf b = { 0 };

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		b.n = 0;
		put_value(&b, DA_NV_DRIVER, texts[i].p, texts[i].n);
		ck_assert(reads(&b));
		is_text(DA_NV_DRIVER, texts[i].text);
	}
	b.n = 0;
	memset(longest, 'x', sizeof(longest));
	put_value(&b, DA_NV_DRIVER, longest, sizeof(longest));
	put_value(&b, DA_NV_VBIOS, longest, sizeof(longest) - 1);
	put_value(&b, DA_NV_BOARD_ID, longest, 5);
	ck_assert(reads(&b));
	is_text(DA_NV_DRIVER, NULL);
	longest[DA_NV_TEXT - 1] = '\0';
	is_text(DA_NV_VBIOS, longest);
	is_text(DA_NV_BOARD_ID, NULL);
}
END_TEST

static const struct real {
	const char *name;
	uint16_t n;
	const char *vbios, *driver, *board, *chip;
	enum da_result fwid;
} reals[] = {
	{ "blackwell", 15, "97.00.88.00.0f", "575.32", "6f060000", "886",
	    DA_HOLDS },
	{ "hopper-590", 17, "96.00.a5.00.01", "590.12", "37040000", "885",
	    DA_HOLDS },
	{ "hopper-a", 16, "96.00.74.00.20", "580.159.03", "a1040000", "862",
	    DA_HOLDS },
	/* This firmware does not tell its id yet. */
	{ "hopper-b", 12, "96.00.5e.00.01", "535.86.09", "b1030000", "882",
	    DA_UNKNOWN },
	{ "hopper-c", 14, "96.00.5e.00.04", "570.124.03", "a1040000", "862",
	    DA_HOLDS },
	{ "hopper-d", 17, "96.00.a5.00.01", "590.12", "37040000", "885",
	    DA_HOLDS },
	{ "hopper-nvtrust", 14, "96.00.9f.00.01", "550.90.07", "b1030000",
	    "882", DA_HOLDS },
	{ "ls10-switch", 7, "96.10.55.00.01", NULL, NULL, NULL, DA_UNKNOWN },
	/* The report of another chip than the chain beside it. */
	{ "neg-hopper-invalid-signature", 15, "96.00.a5.00.01", "560.00",
	    "37040000", "885", DA_BROKEN },
	{ "neg-ls10-invalid-signature", 7, "96.10.52.00.00", NULL, NULL, NULL,
	    DA_UNKNOWN },
};

static bool
load_real(const char *name, const char *file, struct da_slice *ret)
{
	char path[96];

	snprintf(path, sizeof(path), "nvidia/%s/%s", name, file);
	return load(path, ret);
}

START_TEST(real_one)
{
	static struct da_meas meas;
	static struct da_chain chain;
	const struct real *r = &reals[_i];
	struct da_slice report, raw;

	if (!load_real(r->name, "report.bin", &report) ||
	    !load_real(r->name, "certchain_spdm_built.bin", &raw))
		return;
	ck_assert(da_meas_read(report, 0, 96, &meas, &fault));
	ck_assert(da_nvidia_read(meas.exchange[0].opaque, &nv, &fault));
	ck_assert_uint_eq(nv.n, r->n);
	is_text(DA_NV_VBIOS, r->vbios);
	is_text(DA_NV_DRIVER, r->driver);
	is_text(DA_NV_BOARD_ID, r->board);
	is_text(DA_NV_CHIP_SKU, r->chip);
	/* A count a block, but for 31 blocks of a switch that count 26. */
	ck_assert_uint_eq(nv.value[DA_NV_COUNTS].n,
	    r->driver == NULL ? 104 : 256);
	ck_assert(da_chain_parse(raw, DA_CHAIN_SPDM, DA_HASH_SHA384, &chain,
	    &fault));
	ck_assert(da_nvidia_made(&chain.cert[chain.n - 1]));
	ck_assert(!da_nvidia_made(&chain.cert[0]));
	ck_assert_int_eq(da_nvidia_fwid(&nv, &chain.cert[chain.n - 1]),
	    r->fwid);
	ck_assert_int_eq(da_nvidia_fwid(&nv, &chain.cert[0]), DA_UNKNOWN);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("nvidia");
	TCase *t = tcase_create("nvidia");

	tcase_add_test(t, values);
	tcase_add_test(t, unknown_types_are_tolerated);
	tcase_add_test(t, every_prefix);
	tcase_add_test(t, a_known_type_twice);
	tcase_add_test(t, lists_of_parts);
	tcase_add_test(t, text_of_no_form);
	tcase_add_loop_test(t, real_one, 0,
	    (int)(sizeof(reals) / sizeof(reals[0])));
	suite_add_tcase(s, t);
	return run_suite(s);
}
