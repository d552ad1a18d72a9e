/* SPDX-License-Identifier: Apache-2.0 */
/* Measurement blocks: counts, kinds, forms, and a series of exchanges. */
#include "build_spdm.h"
#include "verifier/spdm_meas.h"

static struct da_meas meas;
static struct da_blocks blocks;
static struct da_fault fault;

/* Exchanges without signatures, but for content-changed of the last. */
struct series {
	struct buf raw;
	uint8_t changed;
};

static void
add(struct series *s, uint8_t operation, uint8_t n, const struct buf *record)
{
	struct exchange_plan p = { .version = 0x12, .operation = operation,
	    .n_blocks = n, .record = buf_slice(record) };

	put_exchange(&s->raw, &p);
}

static bool
read_series(const struct series *s, enum da_hash hash)
{
	struct da_slice raw = exact(buf_slice(&s->raw), s->raw.n);

	ck_assert(da_meas_read(raw, 0x12, 96, &meas, &fault));
	meas.content_changed = s->changed;
	return da_blocks_read(raw, &meas, hash, &blocks, &fault);
}

static bool
read_record(uint8_t operation, uint8_t n, const struct buf *record)
{
	struct series s = { { 0 }, 0 };

	add(&s, operation, n, record);
	return read_series(&s, DA_HASH_SHA384);
}

static void
refused(uint8_t operation, uint8_t n, const struct buf *record,
    enum da_why why)
{
	ck_assert(!read_record(operation, n, record));
	ck_fault(fault, why);
	ck_assert_int_eq(fault.part, DA_PART_MEASUREMENTS);
}

static struct buf
block(unsigned int index, unsigned int type, unsigned int size)
{
	struct buf b = { 0 };

	put_block(&b, index, type, (uint8_t)index, size);
	return b;
}

#define RECORD_AT 12	/* unsigned 1.2: request 4, head of response 8 */

START_TEST(sorted_by_index)
{
	struct buf r = { 0 };

	put_block(&r, 0xfe, 0x85, 1, 16);
	put_block(&r, 3, 0x02, 2, 48);
	put_block(&r, 1, 0x80, 3, 10);
	ck_assert(read_record(0xff, 3, &r));
	ck_assert_uint_eq(blocks.n, 3);
	ck_assert_uint_eq(blocks.block[0].index, 1);
	ck_assert(blocks.block[0].raw);
	ck_assert_uint_eq(blocks.block[0].value.n, 10);
	ck_assert_uint_eq(blocks.block[0].value.p[9], 3);
	ck_assert_uint_eq(blocks.block[1].index, 3);
	ck_assert(!blocks.block[1].raw);
	ck_assert_uint_eq(blocks.block[1].kind, DA_MEAS_HARDWARE_CONFIG);
	ck_assert_uint_eq(blocks.block[2].index, 0xfe);
	ck_assert_uint_eq(blocks.block[2].kind, DA_MEAS_DEVICE_MODE);
}
END_TEST

START_TEST(all_indices)
{
	struct buf r = { 0 };

	for (unsigned int i = 0xfe; i >= 1; i--)
		put_block(&r, i, 0x01, (uint8_t)i, 48);
	ck_assert(read_record(0xff, 0xfe, &r));
	ck_assert_uint_eq(blocks.n, DA_MAX_BLOCKS);
	for (unsigned int i = 0; i < DA_MAX_BLOCKS; i++)
		ck_assert_uint_eq(blocks.block[i].index, i + 1);
}
END_TEST

START_TEST(counts_and_sums)
{
	struct buf r = block(1, 0, 48), two = buf_copy(buf_slice(&r));
	struct buf none = { 0 };

	put_slice(&two, buf_slice(&r));
	set8(&two, 55, 2);
	ck_assert(read_record(0xff, 2, &two));
	refused(0xff, 1, &two, DA_F_BLOCK_COUNT);
	ck_assert_uint_eq(fault.offset, RECORD_AT + 55);
	refused(0xff, 3, &two, DA_F_BLOCK_COUNT);
	ck_assert_uint_eq(fault.offset, RECORD_AT + 110);
	refused(0xff, 0, &two, DA_F_BLOCK_COUNT);
	refused(0xff, 0, &none, DA_F_BLOCK_COUNT);
	refused(0xff, 1, &none, DA_F_BLOCK_COUNT);
	/* Every cut of the record: the last block is not whole. */
	for (size_t n = 56; n < two.n; n++) {
		struct buf cut = buf_copy(da_slice_of(two.p, n));

		refused(0xff, 2, &cut, DA_F_BLOCK_COUNT);
	}
	put8(&two, 0);
	refused(0xff, 2, &two, DA_F_BLOCK_COUNT);
}
END_TEST

START_TEST(operations)
{
	struct buf r = block(5, 0, 48), none = { 0 };

	ck_assert(read_record(0, 0, &none));
	ck_assert_uint_eq(blocks.n, 0);
	refused(0, 1, &r, DA_F_BLOCK_COUNT);
	refused(0, 0, &r, DA_F_BLOCK_COUNT);
	ck_assert(read_record(5, 1, &r));
	ck_assert_uint_eq(blocks.n, 1);
	refused(4, 1, &r, DA_F_BLOCK_INDEX);
	refused(5, 0, &none, DA_F_BLOCK_COUNT);
	put_block(&r, 6, 0, 1, 48);
	refused(5, 2, &r, DA_F_BLOCK_COUNT);
}
END_TEST

START_TEST(reserved_index)
{
	struct buf r = block(0, 0, 48);

	refused(0xff, 1, &r, DA_F_BLOCK_INDEX);
	r = block(0xff, 0, 48);
	refused(0xff, 1, &r, DA_F_BLOCK_INDEX);
	ck_assert_uint_eq(fault.offset, RECORD_AT);
}
END_TEST

START_TEST(specification)
{
	static const uint8_t specs[] = { 0, 2, 3, 0x81 };

	for (size_t i = 0; i < sizeof(specs); i++) {
		struct buf r = block(1, 0, 48);

		set8(&r, 1, specs[i]);
		refused(0xff, 1, &r, DA_F_BLOCK_SPEC);
		ck_assert_uint_eq(fault.offset, RECORD_AT + 1);
	}
}
END_TEST

START_TEST(sizes_agree)
{
	struct buf r = block(1, 0x80, 48);

	for (unsigned int size = 0; size < 60; size++) {
		if (size == 48)
			continue;
		set_le(&r, 5, size, 2);
		refused(0xff, 1, &r, DA_F_BLOCK_SIZE);
	}
	set_le(&r, 5, 0xffff, 2);
	refused(0xff, 1, &r, DA_F_BLOCK_SIZE);
	ck_assert_uint_eq(fault.offset, RECORD_AT + 4);
	/* A raw value of no size that its kind has. */
	r = block(1, 0x87, 7);
	refused(0xff, 1, &r, DA_F_BLOCK_SIZE);
	ck_assert_uint_eq(fault.offset, RECORD_AT + 5);
	/* A block too small for its own type and size. */
	r = (struct buf){ 0 };
	put_le(&r, 0x00020101, 4);
	put_fill(&r, 0x80, 2);
	refused(0xff, 1, &r, DA_F_BLOCK_SIZE);
}
END_TEST

/* What each kind may look like, written a second time. */
static bool
may_be(unsigned int kind, bool raw, unsigned int size)
{
	if (!raw)
		return size == 48 && kind != 5 && kind != 6 && kind != 7 &&
		    kind != 9;
	if (kind == 8)
		return false;
	return kind == 5 ? size == 16 : kind == 7 ? size == 8 : true;
}

START_TEST(every_kind_and_form)
{
	static const unsigned int sizes[] = { 0, 1, 7, 8, 9, 15, 16, 17, 32,
	    47, 48, 49, 64, 200 };

	for (unsigned int type = 0; type < 256; type++)
		for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
			struct buf r = block(1, type, sizes[i]);
			bool raw = (type & 0x80) != 0;
			unsigned int kind = type & 0x7f;

			bool form = kind < 11 && may_be(kind, raw,
			    !raw ? 48 : kind == 5 ? 16 : 8);

			if (form && may_be(kind, raw, sizes[i]))
				ck_assert(read_record(0xff, 1, &r));
			else
				refused(0xff, 1, &r, form ? DA_F_BLOCK_SIZE :
				    DA_F_BLOCK_KIND);
		}
}
END_TEST

START_TEST(digest_has_the_hash_size)
{
	static const enum da_hash hashes[] = { DA_HASH_SHA256, DA_HASH_SHA384,
	    DA_HASH_SHA512 };

	for (size_t i = 0; i < 3; i++) {
		struct buf r = block(1, 0, da_hash_alg(hashes[i])->size);
		struct series s = { { 0 }, 0 };

		add(&s, 0xff, 1, &r);
		for (size_t j = 0; j < 3; j++) {
			ck_assert_int_eq(read_series(&s, hashes[j]), i == j);
			if (i != j)
				ck_fault(fault, DA_F_BLOCK_SIZE);
		}
		/* Raw bit streams only: no digest may come. */
		ck_assert(!read_series(&s, DA_HASH_NONE));
		ck_fault(fault, DA_F_BLOCK_KIND);
	}
}
END_TEST

START_TEST(twice_in_one_record)
{
	struct buf r = block(7, 0, 48), more = block(8, 0, 48);

	put_slice(&more, buf_slice(&r));
	put_slice(&more, buf_slice(&r));
	refused(0xff, 3, &more, DA_F_BLOCK_TWICE);
	ck_assert_uint_eq(fault.offset, RECORD_AT + 110);
}
END_TEST

START_TEST(last_of_a_series_is_the_claim)
{
	struct series s = { { 0 }, 0 };
	struct buf none = { 0 }, one = block(1, 0, 48), two = block(2, 0, 48);

	add(&s, 0, 0, &none);
	add(&s, 1, 1, &one);
	add(&s, 2, 1, &two);
	add(&s, 1, 1, &one);
	ck_assert(read_series(&s, DA_HASH_SHA384));
	ck_assert_uint_eq(blocks.n, 2);
	put_block(&none, 1, 0, 0x77, 48);
	add(&s, 1, 1, &none);
	ck_assert(!read_series(&s, DA_HASH_SHA384));
	ck_fault(fault, DA_F_BLOCK_CHANGED);
	s.changed = 2;
	ck_assert(!read_series(&s, DA_HASH_SHA384));
	ck_fault(fault, DA_F_BLOCK_CHANGED);
	s.changed = 1;
	ck_assert(read_series(&s, DA_HASH_SHA384));
	ck_assert_uint_eq(blocks.n, 2);
	ck_assert_uint_eq(blocks.block[0].value.p[0], 0x77);
}
END_TEST

START_TEST(another_kind_is_a_change)
{
	struct series s = { { 0 }, 0 }, r = { { 0 }, 0 };
	struct buf a = block(1, 0, 48), b = block(1, 1, 48);
	struct buf c = block(1, 0x80, 48);

	add(&s, 1, 1, &a);
	add(&s, 1, 1, &b);
	ck_assert(!read_series(&s, DA_HASH_SHA384));
	ck_fault(fault, DA_F_BLOCK_CHANGED);
	add(&r, 1, 1, &a);
	add(&r, 1, 1, &c);
	ck_assert(!read_series(&r, DA_HASH_SHA384));
	ck_fault(fault, DA_F_BLOCK_CHANGED);
}
END_TEST

START_TEST(kind_names)
{
	for (unsigned int k = 0; k < DA_MEAS_KINDS; k++)
		ck_assert_uint_gt(strlen(da_meas_kind_name((uint8_t)k)), 2);
	ck_assert_str_eq(da_meas_kind_name(0), "immutable-rom");
	ck_assert_ptr_null(da_meas_kind_name(DA_MEAS_KINDS));
	ck_assert_ptr_null(da_meas_kind_name(0xff));
}
END_TEST

static const struct real {
	const char *file;
	uint8_t version;
	uint16_t sig_size;
	enum da_hash hash;
	uint16_t n;
} reals[] = {
	{ "libspdm/v1.0-p256-sha256-all/measurements.bin", 0x10, 64,
	    DA_HASH_SHA256, 8 },
	{ "libspdm/v1.1-p384-sha384-all/measurements.bin", 0x11, 96,
	    DA_HASH_SHA384, 10 },
	{ "libspdm/v1.1-p384-sha384-onebyone/measurements.bin", 0x11, 96,
	    DA_HASH_SHA384, 8 },
	{ "libspdm/v1.2-p256-chunked/measurements.bin", 0x12, 64,
	    DA_HASH_SHA256, 10 },
	{ "libspdm/v1.2-p384-sha384-onebyone/measurements.bin", 0x12, 96,
	    DA_HASH_SHA384, 8 },
	{ "libspdm/v1.2-p521-sha512-all/measurements.bin", 0x12, 132,
	    DA_HASH_SHA512, 8 },
	{ "libspdm/v1.3-p384-sha384-all/measurements.bin", 0x13, 96,
	    DA_HASH_SHA384, 13 },
	{ "libspdm/v1.3-p384-sha384-onebyone/measurements.bin", 0x13, 96,
	    DA_HASH_SHA384, 8 },
	{ "libspdm/v1.4-p256-sha256-all/measurements.bin", 0x14, 64,
	    DA_HASH_SHA256, 8 },
	{ "nvidia/hopper-a/report.bin", 0, 96, DA_HASH_SHA384, 64 },
	{ "nvidia/hopper-nvtrust/report.bin", 0, 96, DA_HASH_SHA384, 64 },
	{ "nvidia/blackwell/report.bin", 0, 96, DA_HASH_SHA384, 64 },
	{ "nvidia/ls10-switch/report.bin", 0, 96, DA_HASH_SHA384, 31 },
};

START_TEST(real_one)
{
	const struct real *r = &reals[_i];
	struct da_slice raw;

	if (!load(r->file, &raw))
		return;
	ck_assert(da_meas_read(raw, r->version, r->sig_size, &meas, &fault));
	ck_assert_msg(da_blocks_read(raw, &meas, r->hash, &blocks, &fault),
	    "%s: %s at %zu", r->file, da_fault_text(fault.why)->name,
	    fault.offset);
	ck_assert_uint_eq(blocks.n, r->n);
	for (unsigned int i = 1; i < blocks.n; i++)
		ck_assert_uint_lt(blocks.block[i - 1].index,
		    blocks.block[i].index);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("blocks");
	TCase *t = tcase_create("blocks");

	tcase_add_test(t, sorted_by_index);
	tcase_add_test(t, all_indices);
	tcase_add_test(t, counts_and_sums);
	tcase_add_test(t, operations);
	tcase_add_test(t, reserved_index);
	tcase_add_test(t, specification);
	tcase_add_test(t, sizes_agree);
	tcase_add_test(t, every_kind_and_form);
	tcase_add_test(t, digest_has_the_hash_size);
	tcase_add_test(t, twice_in_one_record);
	tcase_add_test(t, last_of_a_series_is_the_claim);
	tcase_add_test(t, another_kind_is_a_change);
	tcase_add_test(t, kind_names);
	tcase_add_loop_test(t, real_one, 0,
	    (int)(sizeof(reals) / sizeof(reals[0])));
	suite_add_tcase(s, t);
	return run_suite(s);
}
