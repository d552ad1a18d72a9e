// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reports that the parser must read, and reports that it must refuse, among
 * them what other readers of this structure got wrong.  One function, fit(), names
 * the parser: put another one there, and the tables are its tests.
 *
 * Accept twice, and lock then unlock, stand here as far as the map has a part
 * in them; the requests themselves are tests/vm's, with a TSM.
 */
#include <linux/kernel.h>
#include <linux/notifier.h>
#include <linux/pci.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "compat.h"
#include "devattest_map.h"
#include "devattest_report.h"
#include "selftest.h"

#define CASE_RANGES	4

#define PAGE		DEVATTEST_UNIT_PAGE
#define BYTE		DEVATTEST_UNIT_BYTE
#define RELATIVE	DEVATTEST_BASE_RELATIVE
#define ALIGNED		DEVATTEST_BASE_ALIGNED
#define ZERO		DEVATTEST_BASE_ZERO

#define TABLE		0x0001		/* attributes of a range */
#define PBA		0x0002
#define SHARED		0x0004

/* BAR 0: 1 MiB; 2: 8 GiB; 4: 16 KiB, with MSI-X in its last two pages. */
static const struct devattest_bars plain = {
	.bar[0] = { 0xfe000000, 0x100000 },
	.bar[2] = { 0x8000000000, 0x200000000 },
	.bar[4] = { 0xfebf0000, 0x4000 },
};

static const struct devattest_bars msix = {
	.bar[0] = { 0xfe000000, 0x100000 },
	.bar[4] = { 0xfebf0000, 0x4000 },
	.msix = true,
	.msix_bir = 4, .msix_table = 0x2000, .msix_entries = 65,
	.msix_pba_bir = 4, .msix_pba = 0x3000,
};

/* The table ends in the fourth page. */
static const struct devattest_bars msix_split = {
	.bar[4] = { 0xfebf0000, 0x4000 },
	.msix = true,
	.msix_bir = 4, .msix_table = 0x2ff0, .msix_entries = 2,
	.msix_pba_bir = 4, .msix_pba = 0,
};

static const struct devattest_bars msix_unlocked = {
	.bar[4] = { 0xfebf0000, 0x4000 },
	.msix = true, .msix_unlocked = true,
	.msix_bir = 4, .msix_table = 0x2000, .msix_entries = 65,
	.msix_pba_bir = 4, .msix_pba = 0x3000,
};

struct st_range {
	u64 first;
	u32 pages;
	u16 attributes;
	u16 id;
};

struct want {
	u64 offset;
	u64 size;
};

/* A report, and what it means: why, or where its ranges are. */
struct fit_case {
	const char *name;
	const struct devattest_bars *bars;
	u8 unit, base;
	u16 info, reserved;
	u32 n;
	struct st_range range[CASE_RANGES];
	u32 specific;		/* bytes of the device's own */
	s32 lie;		/* added to their length */
	const char *why;	/* NULL: it fits */
	struct want want[CASE_RANGES];
};

/* -- the parser, and reports for it -- */

/* A copy of just that size, so that a reader that goes on is caught. */
static int fit(const u8 *raw, size_t size, const struct devattest_bars *bars,
	       u8 unit, u8 base, struct devattest_map_plan **ret,
	       char why[DEVATTEST_WHY])
{
	u8 *exact = kmemdup(raw, size, GFP_KERNEL);
	int err;

	*ret = NULL;
	if (size && !exact)
		return -ENOMEM;
	err = devattest_report_fit(exact, size, bars, unit, base, ret, why);
	kfree(exact);
	return err;
}

static size_t put_range(u8 *to, const struct st_range *r)
{
	put_unaligned_le64(r->first, to);
	put_unaligned_le32(r->pages, to + 8);
	put_unaligned_le16(r->attributes, to + 12);
	put_unaligned_le16(r->id, to + 14);
	return 16;
}

static size_t report_size(const struct fit_case *c)
{
	return 16 + c->n * 16 + 4 + c->specific;
}

/* kfree()d by the caller; NULL: no memory. */
static u8 *report_of(const struct fit_case *c)
{
	u8 *raw = kzalloc(report_size(c), GFP_KERNEL);
	size_t at = 16;
	u32 i;

	if (!raw)
		return NULL;
	put_unaligned_le16(c->info, raw);
	put_unaligned_le16(c->reserved, raw + 2);
	put_unaligned_le32(c->n, raw + 12);
	for (i = 0; i < c->n; i++)
		at += put_range(raw + at, &c->range[i]);
	put_unaligned_le32(c->specific + c->lie, raw + at);
	return raw;
}

static void check_range(struct kunit *test, const struct fit_case *c,
			const struct devattest_range *is, u32 i)
{
	const struct st_range *r = &c->range[i];
	u8 kind = r->attributes & SHARED ? DEVATTEST_KIND_SHARED :
					   DEVATTEST_KIND_PRIVATE;

	KUNIT_EXPECT_TRUE_MSG(test, is->offset == c->want[i].offset,
			      "%s: range %u at %llx", c->name, i, is->offset);
	KUNIT_EXPECT_TRUE_MSG(test, is->size == c->want[i].size,
			      "%s: range %u of %llx", c->name, i, is->size);
	KUNIT_EXPECT_TRUE_MSG(test, is->kind == kind, "%s: range %u kind %u",
			      c->name, i, is->kind);
	KUNIT_EXPECT_TRUE_MSG(test, is->bar == r->id && is->range_id == r->id &&
			      is->index == i && is->reported == r->first &&
			      is->attributes == r->attributes,
			      "%s: range %u as reported", c->name, i);
}

static void check_plan(struct kunit *test, const struct fit_case *c,
		       const struct devattest_map_plan *plan)
{
	u32 i;

	KUNIT_EXPECT_TRUE_MSG(test, plan->n == c->n, "%s: %u ranges", c->name,
			      plan->n);
	for (i = 0; i < min(plan->n, c->n); i++)
		check_range(test, c, &plan->range[i], i);
}

static void check_case(struct kunit *test, const struct fit_case *c)
{
	struct devattest_map_plan *plan = NULL;
	char why[DEVATTEST_WHY] = "";
	u8 *raw = report_of(c);
	int err = -ENOMEM;

	if (raw)
		err = fit(raw, report_size(c), c->bars, c->unit, c->base,
			  &plan, why);
	KUNIT_EXPECT_TRUE_MSG(test, err == (c->why ? -EINVAL : 0),
			      "%s: %d (%s)", c->name, err, why);
	KUNIT_EXPECT_TRUE_MSG(test, !strcmp(why, c->why ? c->why : ""),
			      "%s: \"%s\"", c->name, why);
	KUNIT_EXPECT_TRUE_MSG(test, !plan == !!err, "%s: a plan of a refusal",
			      c->name);
	if (plan)
		check_plan(test, c, plan);
	devattest_plan_free(plan);
	kfree(raw);
}

static void check_cases(struct kunit *test, const struct fit_case *c, size_t n)
{
	while (n--)
		check_case(test, c++);
}

/* -- what fits -- */

/* 64 KiB private and the rest shared, said in each way that there is. */
#define HALVES(text, u, b, at, step)					\
	{ .name = text, .bars = &plain, .unit = u, .base = b, .n = 2,	\
	  .range = { { at, 16, 0, 0 },					\
		     { (at) + 16 * (step), 240, SHARED, 0 } },		\
	  .want = { { 0, 0x10000 }, { 0x10000, 0xf0000 } } }

static void report_units_and_bases(struct kunit *test)
{
	static const struct fit_case cases[] = {
		HALVES("page, relative", PAGE, RELATIVE, 0x12345, 1),
		HALVES("page, aligned", PAGE, ALIGNED, 0x7700, 1),
		HALVES("page, zero", PAGE, ZERO, 0xfe000, 1),
		HALVES("byte, relative", BYTE, RELATIVE, 0x12345000, 4096),
		HALVES("byte, aligned", BYTE, ALIGNED, 0x7700000, 4096),
		HALVES("byte, zero", BYTE, ZERO, 0xfe000000, 4096),
		{ .name = "relative takes the first as the start",
		  .bars = &plain, .unit = PAGE, .base = RELATIVE, .n = 1,
		  .range = { { 0x7704, 1, 0, 0 } }, .want = { { 0, 4096 } } },
		{ .name = "aligned keeps the hole in front",
		  .bars = &plain, .unit = PAGE, .base = ALIGNED, .n = 1,
		  .range = { { 0x7704, 1, 0, 0 } },
		  .want = { { 0x4000, 4096 } } },
		{ .name = "zero keeps the hole in front",
		  .bars = &plain, .unit = BYTE, .base = ZERO, .n = 1,
		  .range = { { 0xfe004000, 1, 0, 0 } },
		  .want = { { 0x4000, 4096 } } },
		{ .name = "two BARs, and a hole inside one",
		  .bars = &plain, .unit = PAGE, .base = ALIGNED, .n = 3,
		  .range = { { 0x7700, 1, 0, 0 }, { 0x7780, 2, SHARED, 0 },
			     { 0x200000, 3, 0, 2 } },
		  .want = { { 0, 4096 }, { 0x80000, 0x2000 },
			    { 0, 0x3000 } } },
		{ .name = "no ranges", .bars = &plain, .unit = PAGE,
		  .base = RELATIVE },
		{ .name = "all known bits, and 5 bytes of its own",
		  .bars = &plain, .unit = PAGE, .base = RELATIVE,
		  .info = 0x1f, .specific = 5, .n = 1,
		  .range = { { 1, 256, 0, 0 } },
		  .want = { { 0, 0x100000 } } },
	};

	check_cases(test, cases, ARRAY_SIZE(cases));
}

static void report_unknown_unit_or_base(struct kunit *test)
{
	static const struct fit_case cases[] = {
		{ .name = "no unit", .bars = &plain, .unit = 0,
		  .base = ZERO, .why = "page unit is not known" },
		{ .name = "a unit of tomorrow", .bars = &plain, .unit = 3,
		  .base = ZERO, .why = "page unit is not known" },
		{ .name = "no base", .bars = &plain, .unit = PAGE,
		  .base = 0, .why = "BAR base is not known" },
		{ .name = "a base of tomorrow", .bars = &plain, .unit = PAGE,
		  .base = 4, .why = "BAR base is not known" },
	};

	check_cases(test, cases, ARRAY_SIZE(cases));
}

/* -- what others got wrong -- */

#define ONE(text, b, u, bs, f, p, i, ...)				\
	{ .name = text, .bars = b, .unit = u, .base = bs, .n = 1,	\
	  .range = { { f, p, 0, i } }, __VA_ARGS__ }

/* Start and size multiplied by the page size twice. */
static void bug_double_scaling(struct kunit *test)
{
	static const struct fit_case cases[] = {
		ONE("page 16 is byte 0x10000", &plain, PAGE, ALIGNED, 16, 1, 2,
		    .want = { { 0x10000, 4096 } }),
		ONE("by the BAR's address", &plain, PAGE, ZERO, 0x8000010, 2,
		    2, .want = { { 0x10000, 0x2000 } }),
		ONE("a byte address is not scaled", &plain, BYTE, ALIGNED,
		    0x10000, 1, 2, .want = { { 0x10000, 4096 } }),
	};

	check_cases(test, cases, ARRAY_SIZE(cases));
}

/* u32 pages times an int: 4 GiB becomes 0, and fits wherever it likes. */
static void bug_32_bit_product(struct kunit *test)
{
	static const struct fit_case cases[] = {
		ONE("4 GiB in 8", &plain, PAGE, ALIGNED, 0, 0x100000, 2,
		    .want = { { 0, 0x100000000 } }),
		ONE("4 GiB and a page in 8", &plain, PAGE, ALIGNED, 0,
		    0x100001, 2, .want = { { 0, 0x100001000 } }),
		ONE("4 GiB in 1 MiB", &plain, PAGE, ALIGNED, 0, 0x100000, 0,
		    .why = "range 0: leaves its BAR"),
		ONE("4 GiB and a page in 1 MiB", &plain, PAGE, ALIGNED, 0,
		    0x100001, 0, .why = "range 0: leaves its BAR"),
		ONE("all pages there are", &plain, PAGE, ALIGNED, 0,
		    0xffffffff, 2, .why = "range 0: leaves its BAR"),
		ONE("a start past 4 GiB is not cut", &plain, PAGE, ALIGNED,
		    0x100000, 1, 2, .want = { { 0x100000000, 4096 } }),
		ONE("one page past 8 GiB", &plain, PAGE, ALIGNED, 0x100001,
		    0x100000, 2, .why = "range 0: leaves its BAR"),
	};

	check_cases(test, cases, ARRAY_SIZE(cases));
}

static void bug_wraps(struct kunit *test)
{
	static const char why[] = "range 0: wraps the address space";
	static const struct fit_case cases[] = {
		ONE("2^52 pages", &plain, PAGE, ALIGNED, 1ULL << 52, 1, 0,
		    .why = why),
		ONE("2^52 pages and one", &plain, PAGE, RELATIVE,
		    (1ULL << 52) + 1, 1, 0, .why = why),
		ONE("the last page", &plain, BYTE, RELATIVE,
		    0xfffffffffffff000, 1, 0, .why = why),
		ONE("past the last page", &plain, BYTE, ALIGNED,
		    0xfffffffffffff000, 2, 0, .why = why),
	};

	check_cases(test, cases, ARRAY_SIZE(cases));
}

/* -- what does not fit -- */

#define TWO(text, bs, f0, p0, i0, f1, p1, i1, ...)			\
	{ .name = text, .bars = &plain, .unit = PAGE, .base = bs,	\
	  .n = 2, .range = { { f0, p0, 0, i0 }, { f1, p1, 0, i1 } },	\
	  __VA_ARGS__ }

static void report_leaves_its_bar(struct kunit *test)
{
	static const char leaves[] = "range 0: leaves its BAR";
	static const struct fit_case cases[] = {
		ONE("a page too many", &plain, PAGE, RELATIVE, 5, 257, 0,
		    .why = leaves),
		ONE("the last page and one", &plain, PAGE, ALIGNED, 0x77ff, 2,
		    0, .why = leaves),
		ONE("below the BAR", &plain, PAGE, ZERO, 0xfdfff, 1, 0,
		    .why = leaves),
		ONE("behind the BAR", &plain, PAGE, ZERO, 0xfe100, 1, 0,
		    .why = leaves),
		TWO("below the first, relative", RELATIVE, 8, 1, 0, 7, 1, 0,
		    .why = "range 1: leaves its BAR"),
		ONE("half a page", &plain, BYTE, RELATIVE, 0x800, 1, 0,
		    .why = "range 0: does not begin at a page"),
		ONE("an absent BAR", &plain, PAGE, RELATIVE, 0, 1, 1,
		    .why = "range 0: names no memory BAR"),
		ONE("a seventh BAR", &plain, PAGE, RELATIVE, 0, 1, 6,
		    .why = "range 0: names no memory BAR"),
		ONE("the last id", &plain, PAGE, RELATIVE, 0, 1, 0xffff,
		    .why = "range 0: names no memory BAR"),
	};

	check_cases(test, cases, ARRAY_SIZE(cases));
}

static void report_order(struct kunit *test)
{
	static const char overlaps[] =
		"range 1: overlaps or precedes the one before";
	static const struct fit_case cases[] = {
		TWO("by one page", RELATIVE, 0, 16, 0, 15, 1, 0,
		    .why = overlaps),
		TWO("the same twice", RELATIVE, 0, 16, 0, 0, 16, 0,
		    .why = overlaps),
		TWO("inside", RELATIVE, 0, 16, 0, 4, 4, 0, .why = overlaps),
		TWO("descending", ALIGNED, 0x7710, 1, 0, 0x7700, 1, 0,
		    .why = overlaps),
		TWO("adjacent", RELATIVE, 0, 16, 0, 16, 1, 0,
		    .want = { { 0, 0x10000 }, { 0x10000, 4096 } }),
		TWO("ids descend", ALIGNED, 0, 1, 2, 0x7700, 1, 0,
		    .why = "range 1: its BAR is below the one before"),
	};

	check_cases(test, cases, ARRAY_SIZE(cases));
}

static void report_reserved(struct kunit *test)
{
	static const char attribute[] = "range 0: a reserved attribute is set";
	static const struct fit_case cases[] = {
		ONE("INTERFACE_INFO bit 5", &plain, PAGE, RELATIVE, 0, 1, 0,
		    .info = 0x20, .why = "a reserved bit of INTERFACE_INFO"),
		ONE("INTERFACE_INFO bit 15", &plain, PAGE, RELATIVE, 0, 1, 0,
		    .info = 0x8000, .why = "a reserved bit of INTERFACE_INFO"),
		ONE("the field behind it", &plain, PAGE, RELATIVE, 0, 1, 0,
		    .reserved = 1, .why = "a reserved field is set"),
		ONE("and its last bit", &plain, PAGE, RELATIVE, 0, 1, 0,
		    .reserved = 0x8000, .why = "a reserved field is set"),
		{ .name = "attribute 4", .bars = &plain, .unit = PAGE,
		  .base = RELATIVE, .n = 1, .range = { { 0, 1, 0x10, 0 } },
		  .why = attribute },
		{ .name = "attribute 15", .bars = &plain, .unit = PAGE,
		  .base = RELATIVE, .n = 1, .range = { { 0, 1, 0x8000, 0 } },
		  .why = attribute },
		ONE("zero pages", &plain, PAGE, RELATIVE, 0, 0, 0,
		    .why = "range 0: has no pages"),
	};

	check_cases(test, cases, ARRAY_SIZE(cases));
}

/* One page of BAR 4, marked. */
#define MARK(text, b, page, mark, i, ...)				\
	{ .name = text, .bars = b, .unit = PAGE, .base = ALIGNED, .n = 1, \
	  .range = { { page, 1, mark, i } }, __VA_ARGS__ }

static void report_msix(struct kunit *test)
{
	static const char why[] = "range 0: MSI-X is elsewhere, or not locked";
	static const struct fit_case cases[] = {
		{ .name = "both where they are", .bars = &msix, .unit = PAGE,
		  .base = ALIGNED, .n = 3,
		  .range = { { 0x100, 2, 0, 4 }, { 0x102, 1, TABLE, 4 },
			     { 0x103, 1, PBA, 4 } },
		  .want = { { 0, 0x2000 }, { 0x2000, 4096 },
			    { 0x3000, 4096 } } },
		{ .name = "one range for both", .bars = &msix, .unit = PAGE,
		  .base = ALIGNED, .n = 1,
		  .range = { { 0x102, 2, TABLE | PBA, 4 } },
		  .want = { { 0x2000, 0x2000 } } },
		MARK("no mark", &msix, 0x102, 0, 4,
		     .want = { { 0x2000, 4096 } }),
		MARK("no mark, not locked", &msix_unlocked, 0x102, 0, 4,
		     .want = { { 0x2000, 4096 } }),
		MARK("the table is elsewhere", &msix, 0x101, TABLE, 4,
		     .why = why),
		MARK("the PBA is elsewhere", &msix, 0x102, PBA, 4, .why = why),
		MARK("one of both is elsewhere", &msix, 0x102, TABLE | PBA, 4,
		     .why = why),
		MARK("in another BAR", &msix, 0x7702, TABLE, 0, .why = why),
		MARK("no MSI-X at all", &plain, 0x102, TABLE, 4, .why = why),
		MARK("it was not locked", &msix_unlocked, 0x102, TABLE, 4,
		     .why = why),
		MARK("a part of the table", &msix_split, 0x102, TABLE, 4,
		     .why = why),
	};

	check_cases(test, cases, ARRAY_SIZE(cases));
}

/* -- lengths -- */

static void report_specific_length(struct kunit *test)
{
	static const char early[] = "device-specific part ends early";
	static const char left[] = "bytes are left over at the end";
	static const struct fit_case cases[] = {
		{ .name = "one more than there is", .bars = &plain,
		  .unit = PAGE, .base = RELATIVE, .specific = 7, .lie = 1,
		  .why = early },
		{ .name = "one fewer", .bars = &plain, .unit = PAGE,
		  .base = RELATIVE, .specific = 7, .lie = -1, .why = left },
		{ .name = "none said, one there", .bars = &plain, .unit = PAGE,
		  .base = RELATIVE, .specific = 1, .lie = -1, .why = left },
		{ .name = "2^32 - 1", .bars = &plain, .unit = PAGE,
		  .base = RELATIVE, .specific = 0, .lie = -1, .why = early },
	};

	check_cases(test, cases, ARRAY_SIZE(cases));
}

static const struct fit_case whole = {
	.name = "whole", .bars = &plain, .unit = PAGE, .base = RELATIVE,
	.n = 2, .range = { { 0, 16, 0, 0 }, { 16, 1, SHARED, 0 } },
	.specific = 3, .want = { { 0, 0x10000 }, { 0x10000, 4096 } },
};

static void report_truncated(struct kunit *test)
{
	size_t size = report_size(&whole), n;
	u8 *raw = report_of(&whole);

	check_case(test, &whole);
	KUNIT_EXPECT_TRUE_MSG(test, raw, "no memory");
	for (n = 0; raw && n < size; n++) {
		struct devattest_map_plan *plan;
		char why[DEVATTEST_WHY] = "";
		int err = fit(raw, n, &plain, PAGE, RELATIVE, &plan, why);

		KUNIT_EXPECT_TRUE_MSG(test, err == -EINVAL && !plan && why[0],
				      "%zu of %zu bytes: %d", n, size, err);
		devattest_plan_free(plan);
	}
	kfree(raw);
}

/* Whatever count stands there, with bytes for some ranges behind it. */
static void check_count(struct kunit *test, u32 count, u32 there,
			const char *refusal)
{
	size_t size = 16 + there * 16 + 4;
	struct devattest_map_plan *plan = NULL;
	char why[DEVATTEST_WHY] = "";
	u8 *raw = kzalloc(size, GFP_KERNEL);
	int err = -ENOMEM;
	u32 i;

	for (i = 0; raw && i < there; i++)
		put_range(raw + 16 + i * 16, &(struct st_range){ i, 1, 0, 2 });
	if (raw) {
		put_unaligned_le32(count, raw + 12);
		err = fit(raw, size, &plain, PAGE, RELATIVE, &plan, why);
	}
	KUNIT_EXPECT_TRUE_MSG(test, !strcmp(why, refusal),
			      "count %u of %u: %d \"%s\"", count, there, err,
			      why);
	KUNIT_EXPECT_TRUE_MSG(test, err == (refusal[0] ? -EINVAL : 0),
			      "count %u of %u: %d", count, there, err);
	devattest_plan_free(plan);
	kfree(raw);
}

static void report_count(struct kunit *test)
{
	static const char more[] = "more ranges than bytes for them";

	check_count(test, 0xffffffff, 2, more);
	check_count(test, 0x10000000, 2, more);	/* times 16: 0 */
	check_count(test, 0x10000001, 2, more);	/* times 16: one range */
	check_count(test, 0x80000000, 2, more);
	check_count(test, 3, 2, more);
	check_count(test, 1, 2, "bytes are left over at the end");
	check_count(test, 256, 256, "");
	check_count(test, 257, 257, "more than 256 ranges");
}

static void report_longest(struct kunit *test)
{
	static const struct fit_case cases[] = {
		{ .name = "65535 bytes", .bars = &plain, .unit = PAGE,
		  .base = RELATIVE, .specific = 65535 - 20 },
		{ .name = "65536 bytes", .bars = &plain, .unit = PAGE,
		  .base = RELATIVE, .specific = 65536 - 20,
		  .why = "longer than 65535 bytes" },
	};

	check_cases(test, cases, ARRAY_SIZE(cases));
}

/* -- the map, on a function that is there -- */

struct loss {
	struct notifier_block nb;
	const struct pci_dev *pdev;
	int kind;		/* what a lookup says meanwhile */
	int told;
};

static int count_loss(struct notifier_block *nb, unsigned long event,
		      void *data)
{
	struct loss *loss = container_of(nb, struct loss, nb);

	if (data == loss->pdev) {
		loss->kind = devattest_mmio_kind(data, 0, 0, 4096);
		loss->told++;
	}
	return NOTIFY_OK;
}

static void map_accept_twice(struct kunit *test, struct pci_dev *pdev,
			     const struct devattest_map_plan *plan,
			     const struct devattest_map_plan *other)
{
	KUNIT_EXPECT_TRUE_MSG(test, !devattest_map_insert(pdev, plan),
			      "insert");
	KUNIT_EXPECT_TRUE_MSG(test, !devattest_map_insert(pdev, plan),
			      "the same again");
	KUNIT_EXPECT_TRUE_MSG(test, devattest_map_entries(pdev) == plan->n,
			      "%u entries", devattest_map_entries(pdev));
	KUNIT_EXPECT_TRUE_MSG(test,
			      devattest_map_insert(pdev, other) == -EEXIST,
			      "another one");
	KUNIT_EXPECT_TRUE_MSG(test, devattest_map_entries(pdev) == plan->n,
			      "%u entries", devattest_map_entries(pdev));
}

struct question {
	int bar;
	u64 offset, size;
	int answer;
};

/* 64 KiB private, 448 KiB shared, nothing behind: the map's ranges. */
static void map_lookup(struct kunit *test, struct pci_dev *pdev)
{
	static const struct question questions[] = {
		{ 0, 0, 4096, DEVATTEST_KIND_PRIVATE },
		{ 0, 0, 0x10000, DEVATTEST_KIND_PRIVATE },
		{ 0, 0x10000, 0x70000, DEVATTEST_KIND_SHARED },
		{ 0, 0xffff, 1, DEVATTEST_KIND_PRIVATE },
		{ 0, 0xffff, 2, -EACCES },
		{ 0, 0, 0x100000, -EACCES },
		{ 0, 0x7f000, 0x2000, -EACCES },
		{ 0, 0x80000, 4096, -EACCES },
		{ 0, 0x100000, 1, -EINVAL },
		{ 0, 0xff000, 0x1001, -EINVAL },
		{ 0, 0x1000, ~0ULL, -EINVAL },
		{ 0, 0, 0, -EINVAL },
		{ 1, 0, 1, -EINVAL },
		{ 6, 0, 1, -EINVAL },
		{ -1, 0, 1, -EINVAL },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(questions); i++) {
		const struct question *q = &questions[i];
		int kind = devattest_mmio_kind(pdev, q->bar, q->offset,
					       q->size);

		KUNIT_EXPECT_TRUE_MSG(test, kind == q->answer,
				      "BAR %d %llx+%llx: %d, want %d", q->bar,
				      q->offset, q->size, kind, q->answer);
	}
}

/* One drop takes all of it, however often it was accepted. */
static void map_drop(struct kunit *test, struct pci_dev *pdev,
		     struct loss *loss, int told)
{
	devattest_map_drop(pdev);
	KUNIT_EXPECT_TRUE_MSG(test, !devattest_map_entries(pdev),
			      "%u entries", devattest_map_entries(pdev));
	KUNIT_EXPECT_TRUE_MSG(test, loss->told == told, "told %d times",
			      loss->told);
	KUNIT_EXPECT_TRUE_MSG(test,
			      devattest_mmio_kind(pdev, 0, 0, 1) == -EPERM,
			      "a lookup after the loss");
}

static void check_map(struct kunit *test, struct pci_dev *pdev,
		      const struct devattest_map_plan *plan,
		      const struct devattest_map_plan *other)
{
	struct loss loss = { .nb.notifier_call = count_loss, .pdev = pdev };

	devattest_register_loss_notifier(&loss.nb);
	map_drop(test, pdev, &loss, 0);		/* lock, then unlock */
	map_accept_twice(test, pdev, plan, other);
	map_lookup(test, pdev);
	map_drop(test, pdev, &loss, 1);
	KUNIT_EXPECT_TRUE_MSG(test, loss.kind == -EPERM,
			      "a lookup from the notifier: %d", loss.kind);
	map_drop(test, pdev, &loss, 1);		/* once */
	KUNIT_EXPECT_TRUE_MSG(test, !devattest_map_insert(pdev, other),
			      "another one, after unlock");
	map_drop(test, pdev, &loss, 2);
	devattest_unregister_loss_notifier(&loss.nb);
}

/* Of a function's own BAR 0; NULL: it is smaller. */
static struct devattest_map_plan *plan_of(struct pci_dev *pdev, u32 private)
{
	const struct fit_case c = {
		.unit = PAGE, .base = RELATIVE, .n = 2,
		.range = { { 0, private, 0, 0 },
			   { private, 128 - private, SHARED, 0 } },
	};
	struct devattest_map_plan *plan = NULL;
	struct devattest_bars bars;
	char why[DEVATTEST_WHY];
	u8 *raw = report_of(&c);

	devattest_bars_of(pdev, NULL, &bars);
	if (raw)
		fit(raw, report_size(&c), &bars, c.unit, c.base, &plan, why);
	kfree(raw);
	return plan;
}

static void map_with_plans(struct kunit *test, struct pci_dev *pdev)
{
	struct devattest_map_plan *plan = plan_of(pdev, 16);
	struct devattest_map_plan *other = plan_of(pdev, 17);

	KUNIT_EXPECT_TRUE_MSG(test, plan && other, "plans for the BAR");
	if (plan && other)
		check_map(test, pdev, plan, other);
	devattest_plan_free(plan);
	devattest_plan_free(other);
}

/* QEMU's edu, which has 1 MiB of BAR 0 and no other, unless a TSM has it. */
static void map_of_edu(struct kunit *test)
{
	struct pci_dev *pdev = pci_get_device(0x1234, 0x11e8, NULL);

	if (!pdev) {
		kunit_mark_skipped(test, "no edu device (1234:11e8)");
		return;
	}
	if (devattest_mmio_kind(pdev, 0, 0, 1) != -ENODEV ||
	    devattest_map_add(pdev)) {
		kunit_mark_skipped(test, "edu is a TDI already");
	} else {
		map_with_plans(test, pdev);
		devattest_map_del(pdev);
		KUNIT_EXPECT_TRUE_MSG(test, devattest_mmio_kind(pdev, 0, 0, 1)
				      == -ENODEV, "no TDI any more");
	}
	pci_dev_put(pdev);
}

static struct kunit_case selftest_cases[] = {
	KUNIT_CASE(report_units_and_bases),
	KUNIT_CASE(report_unknown_unit_or_base),
	KUNIT_CASE(bug_double_scaling),
	KUNIT_CASE(bug_32_bit_product),
	KUNIT_CASE(bug_wraps),
	KUNIT_CASE(report_leaves_its_bar),
	KUNIT_CASE(report_order),
	KUNIT_CASE(report_reserved),
	KUNIT_CASE(report_msix),
	KUNIT_CASE(report_specific_length),
	KUNIT_CASE(report_truncated),
	KUNIT_CASE(report_count),
	KUNIT_CASE(report_longest),
	KUNIT_CASE(map_of_edu),
	{}
};

static struct kunit_suite selftest_suite = {
	.name = "devattest",
	.test_cases = selftest_cases,
};

kunit_test_suite(selftest_suite);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Self-tests of devattest's report parser and map");
