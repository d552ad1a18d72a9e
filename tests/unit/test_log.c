/* SPDX-License-Identifier: Apache-2.0 */
/* The measurement extension log against the blocks that it extends. */
#include "build.h"
#include "verifier/caps.h"
#include "verifier/hash.h"
#include "verifier/spdm_log.h"

#define HEAD 16u	/* of the log */
#define ENTRY_HEAD 11u

static struct da_log logged;
static struct da_blocks blocks;
static struct da_fault fault;

/* A log under construction, and the extended hashes that it gives. */
struct made {
	struct buf entries;
	uint32_t n;
	enum da_hash hash;
	struct da_hash_value hem[DA_MAX_BLOCKS + 1];
	bool used[DA_MAX_BLOCKS + 1];
};

static struct made made;

static void
start(enum da_hash hash)
{
	made = (struct made){ .hash = hash };
	for (size_t i = 0; i <= DA_MAX_BLOCKS; i++)
		made.hem[i].n = (uint8_t)da_hash_alg(hash)->size;
}

/* The rule of DSP0274, written a second time. */
static void
add(unsigned int block, unsigned int type, unsigned int size)
{
	struct buf e = { 0 }, m = { 0 };

	put32(&e, ++made.n);
	put8(&e, block);
	put24(&e, 0);
	put8(&e, type);
	put16(&e, size);
	put_fill(&e, (uint8_t)(made.n * 7), size);
	put_slice(&m, da_hash_bytes(&made.hem[block]));
	put_slice(&m, buf_slice(&e));
	made.hem[block] = da_hash_of(made.hash, buf_slice(&m));
	made.used[block] = true;
	put_slice(&made.entries, buf_slice(&e));
}

static struct buf
whole(void)
{
	struct buf b = { 0 };

	put32(&b, made.n);
	put32(&b, (uint32_t)made.entries.n);
	put64(&b, 0);
	put_slice(&b, buf_slice(&made.entries));
	return b;
}

/* Blocks as the device would sign them. */
static void
measure(void)
{
	blocks.n = 0;
	for (unsigned int i = 1; i <= DA_MAX_BLOCKS; i++)
		if (made.used[i])
			blocks.block[blocks.n++] = (struct da_block){
				(uint8_t)i, DA_MEAS_HEM, false,
				exact(da_hash_bytes(&made.hem[i]),
				    made.hem[i].n)
			};
}

static void
some(enum da_hash hash)
{
	start(hash);
	add(0x11, 0x89, 20);
	add(0x12, 0x00, da_hash_alg(hash)->size);
	add(0x11, 0x89, 0);
	add(0x11, 0x84, 300);
	measure();
}

static bool
reads(const struct buf *b)
{
	return da_log_read(exact(buf_slice(b), b->n), &logged, &fault);
}

static void
refused(const struct buf *b, enum da_why why, size_t at)
{
	ck_assert(!reads(b));
	ck_fault(fault, why);
	ck_assert_int_eq(fault.part, DA_PART_LOG);
	ck_assert_uint_eq(fault.offset, at);
}

static bool
gives(const struct buf *b, bool *ret_all)
{
	struct da_slice raw = exact(buf_slice(b), b->n);

	ck_assert(da_log_read(raw, &logged, &fault));
	return da_log_gives(raw, &logged, &blocks, made.hash, ret_all, &fault);
}

static void
does_not_give(const struct buf *b, enum da_why why)
{
	bool all = true;

	ck_assert(!gives(b, &all));
	ck_fault(fault, why);
	ck_assert_int_eq(fault.part, DA_PART_LOG);
}

START_TEST(entries)
{
	struct da_log_entry e;
	struct da_cur c;
	struct buf b;

	some(DA_HASH_SHA384);
	b = whole();
	ck_assert(reads(&b));
	ck_assert_uint_eq(logged.n, 4);
	c = da_cur_of(logged.entries);
	ck_assert(da_log_next(&c, &e));
	ck_assert_uint_eq(e.number, 1);
	ck_assert_uint_eq(e.index, 0x11);
	ck_assert_uint_eq(e.kind, DA_MEAS_INFORMATIONAL);
	ck_assert(e.raw);
	ck_assert_uint_eq(e.value.n, 20);
	ck_assert_uint_eq(e.whole.n, ENTRY_HEAD + 20);
	ck_assert(da_log_next(&c, &e));
	ck_assert(!e.raw);
	ck_assert_uint_eq(e.kind, DA_MEAS_IMMUTABLE_ROM);
	ck_assert(da_log_next(&c, &e));
	ck_assert_uint_eq(e.value.n, 0);
	ck_assert(da_log_next(&c, &e));
	ck_assert_uint_eq(e.number, 4);
	ck_assert_uint_eq(e.value.n, 300);
	ck_assert(da_all_read(&c));
	ck_assert(!da_log_next(&c, &e));
}
END_TEST

START_TEST(an_empty_log)
{
	struct buf b;

	start(DA_HASH_SHA256);
	b = whole();
	ck_assert_uint_eq(b.n, HEAD);
	ck_assert(reads(&b));
	ck_assert_uint_eq(logged.n, 0);
	set8(&b, 0, 1);
	refused(&b, DA_F_LOG_FORM, HEAD);
	b.n = 0;
	refused(&b, DA_F_EMPTY, 0);
}
END_TEST

START_TEST(every_prefix_is_refused)
{
	struct buf b;

	some(DA_HASH_SHA256);
	b = whole();
	for (size_t n = 0; n < b.n; n++) {
		ck_assert(!da_log_read(prefix(buf_slice(&b), n), &logged,
		    &fault));
		ck_fault(fault, n == 0 ? DA_F_EMPTY : n < HEAD ? DA_F_SHORT :
		    DA_F_LOG_FORM);
		/* With a length that fits what is there, too. */
		if (n < HEAD)
			continue;
		set_le(&b, 4, n - HEAD, 4);
		ck_assert(!da_log_read(prefix(buf_slice(&b), n), &logged,
		    &fault));
		ck_fault(fault, DA_F_LOG_FORM);
	}
}
END_TEST

START_TEST(counts_and_sums)
{
	static const uint64_t lengths[] = { 0, 1, 0x7fffffff, 0xffffffff };
	struct buf b;

	some(DA_HASH_SHA384);
	b = whole();
	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		b = whole();
		set_le(&b, 4, lengths[i], 4);
		refused(&b, DA_F_LOG_FORM, 4);
	}
	b = whole();
	put8(&b, 0);
	refused(&b, DA_F_LOG_FORM, 4);
	b = whole();
	set8(&b, 0, 3);
	refused(&b, DA_F_LOG_FORM, b.n - ENTRY_HEAD - 300);
	set8(&b, 0, 5);
	refused(&b, DA_F_LOG_FORM, b.n);
	set_le(&b, 0, 0xffffffff, 4);
	refused(&b, DA_F_LOG_FORM, 0);
	b = whole();
	set_le(&b, HEAD + 9, 0xffff, 2);
	refused(&b, DA_F_LOG_FORM, HEAD);
	set_le(&b, HEAD + 9, 21, 2);
	ck_assert(!reads(&b));
	ck_fault(fault, DA_F_LOG_FORM);
}
END_TEST

START_TEST(reserved_bytes)
{
	struct buf b;

	some(DA_HASH_SHA384);
	for (size_t at = 8; at < HEAD; at++) {
		b = whole();
		set8(&b, at, 1);
		refused(&b, DA_F_LOG_FORM, 8);
	}
	for (size_t at = HEAD + 5; at < HEAD + 8; at++) {
		b = whole();
		set8(&b, at, 1);
		refused(&b, DA_F_LOG_FORM, HEAD);
	}
}
END_TEST

START_TEST(caps)
{
	struct buf b;

	start(DA_HASH_SHA256);
	for (unsigned int i = 0; i < DA_MAX_LOG_ENTRIES; i++)
		add(1, 0x89, 1);
	b = whole();
	ck_assert(reads(&b));
	add(1, 0x89, 1);
	b = whole();
	refused(&b, DA_F_LOG_FORM, 0);
	put_fill(&b, 0, DA_MAX_LOG + 1 - b.n);
	refused(&b, DA_F_TOO_LONG, DA_MAX_LOG);
}
END_TEST

START_TEST(gives_its_blocks)
{
	static const enum da_hash hashes[] = { DA_HASH_SHA256, DA_HASH_SHA384,
	    DA_HASH_SHA512 };
	bool all = false;
	struct buf b;

	for (size_t i = 0; i < 3; i++) {
		some(hashes[i]);
		b = whole();
		ck_assert(gives(&b, &all));
		ck_assert(all);
	}
	/* Other kinds of blocks beside it are none of the log's. */
	blocks.block[blocks.n++] = (struct da_block){ 0x20, DA_MEAS_MANIFEST,
	    true, da_slice_str("not extended") };
	ck_assert(gives(&b, &all) && all);
}
END_TEST

START_TEST(every_bit_of_an_entry_counts)
{
	struct buf b;

	some(DA_HASH_SHA384);
	b = whole();
	for (size_t at = HEAD; at < HEAD + ENTRY_HEAD + 20; at++) {
		struct buf spoilt = buf_copy(buf_slice(&b));
		bool all = true;

		set8(&spoilt, at, spoilt.p[at] ^ 4u);
		if (!reads(&spoilt))
			continue;	/* a length, or a reserved byte */
		ck_assert(!gives(&spoilt, &all));
		ck_fault(fault, at == HEAD + 4 ? DA_F_LOG_BLOCK :
		    DA_F_LOG_DIFFERS);
	}
}
END_TEST

START_TEST(order_and_omissions)
{
	struct da_blocks signed_blocks;
	struct buf b;

	some(DA_HASH_SHA384);
	signed_blocks = blocks;
	/* One entry less at the end, one more, two exchanged. */
	start(DA_HASH_SHA384);
	add(0x11, 0x89, 20);
	add(0x12, 0x00, 48);
	add(0x11, 0x89, 0);
	b = whole();
	blocks = signed_blocks;
	does_not_give(&b, DA_F_LOG_DIFFERS);
	some(DA_HASH_SHA384);
	add(0x12, 0x89, 1);
	b = whole();
	blocks = signed_blocks;
	does_not_give(&b, DA_F_LOG_DIFFERS);
	start(DA_HASH_SHA384);
	add(0x11, 0x89, 0);
	add(0x12, 0x00, 48);
	add(0x11, 0x89, 20);
	add(0x11, 0x84, 300);
	b = whole();
	blocks = signed_blocks;
	does_not_give(&b, DA_F_LOG_DIFFERS);
}
END_TEST

/* A host that leaves out all entries of a block: of that nothing is known. */
START_TEST(a_block_without_entries)
{
	uint8_t zeros[64] = { 0 };
	bool all = true;
	struct buf b;

	some(DA_HASH_SHA384);
	b = whole();
	blocks.block[blocks.n++] = (struct da_block){ 0x13, DA_MEAS_HEM, false,
	    da_slice_of(zeros, 48) };
	ck_assert(gives(&b, &all));
	ck_assert(all);
	zeros[47] = 1;
	ck_assert(gives(&b, &all));
	ck_assert(!all);
}
END_TEST

START_TEST(entries_of_no_extended_block)
{
	static const unsigned int indices[] = { 0, 1, 0xfe, 0xff };
	struct buf b;

	some(DA_HASH_SHA384);
	for (size_t i = 0; i < sizeof(indices) / sizeof(indices[0]); i++) {
		b = whole();
		set8(&b, HEAD + 4, indices[i]);
		does_not_give(&b, DA_F_LOG_BLOCK);
		ck_assert_uint_eq(fault.offset, HEAD);
	}
	b = whole();
	blocks.block[0].kind = DA_MEAS_MUTABLE_FIRMWARE;
	does_not_give(&b, DA_F_LOG_BLOCK);
	blocks.n = 0;
	does_not_give(&b, DA_F_LOG_BLOCK);
}
END_TEST

START_TEST(another_hash)
{
	struct buf b;

	some(DA_HASH_SHA384);
	b = whole();
	made.hash = DA_HASH_SHA256;
	does_not_give(&b, DA_F_LOG_DIFFERS);
	made.hash = DA_HASH_NONE;
	does_not_give(&b, DA_F_LOG_DIFFERS);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("log");
	TCase *t = tcase_create("log");

	tcase_add_test(t, entries);
	tcase_add_test(t, an_empty_log);
	tcase_add_test(t, every_prefix_is_refused);
	tcase_add_test(t, counts_and_sums);
	tcase_add_test(t, reserved_bytes);
	tcase_add_test(t, caps);
	tcase_add_test(t, gives_its_blocks);
	tcase_add_test(t, every_bit_of_an_entry_counts);
	tcase_add_test(t, order_and_omissions);
	tcase_add_test(t, a_block_without_entries);
	tcase_add_test(t, entries_of_no_extended_block);
	tcase_add_test(t, another_hash);
	suite_add_tcase(s, t);
	return run_suite(s);
}
