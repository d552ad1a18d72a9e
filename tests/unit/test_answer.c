/* SPDX-License-Identifier: Apache-2.0 */
#include "guestd/answer.h"
#include "unit.h"
#include "verifier/caps.h"

#define ID	UINT64_C(0xa1b2c3d4e5f60718)
#define EXTRA	(UINT32_C(1) << 31)

/* A bundle file being made. */
static struct {
	size_t n;
	uint8_t p[DA_WIRE_REQUEST_SIZE + DA_MAX_ANSWER + 4096];
} file;

static struct da_wire_request
asking(uint32_t wanted)
{
	return (struct da_wire_request){ .wanted = wanted, .id = ID };
}

static void
start_file(uint32_t wanted)
{
	struct da_wire_request q = asking(wanted);

	da_wire_put_request(&q, file.p);
	file.n = DA_WIRE_REQUEST_SIZE;
}

static void
add(uint16_t type, uint16_t shape, uint32_t n)
{
	struct da_wire_head h = { type, shape, n, ID };

	da_wire_put_head(&h, file.p + file.n);
	file.n += DA_WIRE_HEAD_SIZE;
	for (uint32_t i = 0; i < n; i++)
		file.p[file.n++] = (uint8_t)(type + i);
}

static void
end_file(void)
{
	add(DA_WIRE_END, 0, 0);
}

static struct da_slice
whole(void)
{
	return da_slice_of(file.p, file.n);
}

static void
start_good(void)
{
	start_file(DA_WIRE_WANT_ALL);
	add(0, 0, 100);
	add(3, 0, 50);
	add(DA_WIRE_VCA, 0, 20);
	add(DA_WIRE_MEASUREMENTS, 0, 70);
	add(DA_WIRE_REPORT, 0, 36);
	end_file();
}

static struct da_fault
refused(void)
{
	struct da_answer a;
	struct da_fault f = { 0 };

	ck_assert(!da_bundle_file_read(whole(), &a, &f));
	ck_assert_int_eq(f.part, DA_PART_ANSWER);
	return f;
}

static struct da_answer
taken(void)
{
	struct da_answer a;
	struct da_fault f = { 0 };

	ck_assert_msg(da_bundle_file_read(whole(), &a, &f), "%s at %zu",
	    da_fault_text(f.why)->name, f.offset);
	ck_assert(a.ended);
	ck_assert_uint_eq(a.at, file.n);
	return a;
}

START_TEST(good_file)
{
	struct da_answer a;

	start_good();
	a = taken();
	ck_assert_uint_eq(a.n, 5);
	ck_assert_uint_eq(a.request.id, ID);
	ck_assert_uint_eq(a.failure, 0);
	ck_assert_uint_eq(a.part[0].offset, 64 + 16);
	ck_assert_uint_eq(a.part[1].type, 3);
	ck_assert_uint_eq(a.part[1].offset, 64 + 16 + 100 + 16);
	ck_assert_uint_eq(a.part[4].length, 36);
}
END_TEST

START_TEST(an_empty_answer_is_well_formed)
{
	start_file(DA_WIRE_WANT_ALL);
	end_file();
	ck_assert_uint_eq(taken().n, 0);
}
END_TEST

START_TEST(every_prefix)
{
	size_t n;

	start_good();
	n = file.n;
	for (file.n = 1; file.n < n; file.n++)
		ck_fault(refused(), DA_F_SHORT);
	file.n = 0;
	ck_fault(refused(), DA_F_EMPTY);
}
END_TEST

START_TEST(bytes_behind_the_end)
{
	start_good();
	file.p[file.n++] = 0;
	ck_fault(refused(), DA_F_TRAILING);
	ck_assert_uint_eq(refused().offset, file.n - 1);
}
END_TEST

START_TEST(not_a_request)
{
	start_good();
	file.p[0] ^= 1;
	ck_fault(refused(), DA_F_WIRE_MAGIC);
	start_good();
	file.p[4] = 2;		/* another version */
	ck_fault(refused(), DA_F_WIRE_MAGIC);
	start_good();
	file.p[7] = 1;
	ck_fault(refused(), DA_F_WIRE_RESERVED);
	ck_assert_uint_eq(refused().offset, 6);
}
END_TEST

START_TEST(another_id)
{
	start_good();
	file.p[64 + 8 + 7] ^= 0x80;
	ck_fault(refused(), DA_F_WIRE_ID);
	ck_assert_uint_eq(refused().offset, 64 + 8);
}
END_TEST

START_TEST(parts_not_asked_for)
{
	static const uint16_t types[] = { 1, 8, 10, 11, 30, 31, 32, 0xff,
		0x100, 0x103, 0x104, 0x7eff };

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		start_file(1u << DA_WIRE_MEASUREMENTS | 1);
		add(types[i], 0, 1);
		end_file();
		ck_fault(refused(), DA_F_WIRE_TYPE);
		ck_assert_uint_eq(refused().offset, 64);
	}
}
END_TEST

/* A bit for a type that does not exist asks for nothing. */
START_TEST(types_that_do_not_exist)
{
	for (uint16_t type = 11; type < 0x100; type++) {
		start_file(UINT32_MAX);
		add(type, 0, 1);
		end_file();
		ck_fault(refused(), DA_F_WIRE_TYPE);
	}
}
END_TEST

START_TEST(extra_types_go_with_bit_31)
{
	start_file(EXTRA);
	for (uint16_t type = 0x100; type < 0x110; type++)
		add(type, 0, 5);
	add(0x7eff, 0, 5);
	end_file();
	/* Four are known; the rest is skipped. */
	ck_assert_uint_eq(taken().n, 4);
}
END_TEST

START_TEST(extra_types_of_a_bundle)
{
	struct da_answer a;
	struct da_bundle b;

	start_file(EXTRA);
	for (uint16_t type = 0x100; type < 0x105; type++)
		add(type, 0, 5);
	end_file();
	a = taken();
	b = da_answer_bundle(&a, whole(), false, 0);
	for (enum da_part p = 0; p < DA_PART_COUNT; p++)
		ck_assert(b.given[p] == (p == DA_PART_DEVICE_INFO ||
		    p == DA_PART_CHALLENGE || p == DA_PART_BETWEEN ||
		    p == DA_PART_LOG));
	ck_assert_uint_eq(b.part[DA_PART_DEVICE_INFO].p[0], 0x00);
	ck_assert_uint_eq(b.part[DA_PART_CHALLENGE].p[0], 0x01);
	ck_assert_uint_eq(b.part[DA_PART_BETWEEN].p[0], 0x02);
	ck_assert_uint_eq(b.part[DA_PART_LOG].p[0], 0x03);
	ck_assert_uint_eq(b.part[DA_PART_LOG].n, 5);
}
END_TEST

START_TEST(collateral_is_skipped)
{
	start_file(1u << DA_WIRE_VCA);
	add(DA_WIRE_VCA, 0, 9);
	add(0x7f00, 0, 1000);
	for (uint32_t type = 0x7f01; type < 0x7f41; type++)
		add((uint16_t)type, 0, 0);
	add(0xfffd, 0, 3);
	end_file();
	ck_assert_uint_eq(taken().n, 1);
}
END_TEST

START_TEST(repeated_and_descending)
{
	start_file(DA_WIRE_WANT_ALL);
	add(8, 0, 4);
	add(8, 0, 4);
	end_file();
	ck_fault(refused(), DA_F_WIRE_ORDER);
	start_file(DA_WIRE_WANT_ALL);
	add(8, 0, 4);
	add(0, 0, 4);
	end_file();
	ck_fault(refused(), DA_F_WIRE_ORDER);
	start_file(DA_WIRE_WANT_ALL);
	add(0x7f00, 0, 4);
	add(0x7f00, 0, 4);
	end_file();
	ck_fault(refused(), DA_F_WIRE_ORDER);
}
END_TEST

START_TEST(nothing_follows_the_end)
{
	struct da_wire_request q = asking(DA_WIRE_WANT_ALL);
	struct da_wire_head h = { DA_WIRE_END, 0, 0, ID };
	uint8_t raw[DA_WIRE_HEAD_SIZE];
	struct da_answer a;
	struct da_fault f;
	uint32_t n;

	da_answer_start(&q, &a);
	da_wire_put_head(&h, raw);
	ck_assert(da_answer_head(&a, raw, &n, &f));
	ck_assert(a.ended);
	ck_assert(!da_answer_head(&a, raw, &n, &f));
	ck_fault(f, DA_F_WIRE_ORDER);
}
END_TEST

START_TEST(shapes)
{
	for (uint16_t shape = 0; shape <= 2; shape++) {
		start_file(DA_WIRE_WANT_ALL);
		add(DA_WIRE_MEASUREMENTS, shape, 4);
		end_file();
		ck_assert_uint_eq(taken().part[0].shape, shape);
	}
	start_file(DA_WIRE_WANT_ALL);
	add(DA_WIRE_MEASUREMENTS, 3, 4);
	end_file();
	ck_fault(refused(), DA_F_WIRE_RESERVED);
	start_file(DA_WIRE_WANT_ALL);
	add(DA_WIRE_REPORT, 1, 4);
	end_file();
	ck_fault(refused(), DA_F_WIRE_RESERVED);
	start_file(DA_WIRE_WANT_ALL);
	add(DA_WIRE_END, 1, 0);
	ck_fault(refused(), DA_F_WIRE_RESERVED);
}
END_TEST

/* A head alone decides: no byte behind it is read for it. */
static bool
head_taken(uint32_t wanted, uint16_t type, uint32_t length,
    struct da_fault *reterr)
{
	struct da_wire_request q = asking(wanted);
	struct da_wire_head h = { type, 0, length, ID };
	uint8_t raw[DA_WIRE_HEAD_SIZE];
	struct da_answer a;
	uint32_t n;

	da_answer_start(&q, &a);
	da_wire_put_head(&h, raw);
	return da_answer_head(&a, raw, &n, reterr);
}

START_TEST(lengths_and_caps)
{
	static const uint16_t types[] = { 0, 7, 8, 9, 10, 0x101 };
	struct da_fault f;

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		uint32_t cap = da_wire_cap(types[i]);

		ck_assert(head_taken(UINT32_MAX, types[i], cap, &f));
		ck_assert(!head_taken(UINT32_MAX, types[i], cap + 1, &f));
		ck_fault(f, DA_F_WIRE_LENGTH);
		ck_assert_uint_eq(f.offset, 64 + 4);
		ck_assert(!head_taken(UINT32_MAX, types[i], UINT32_MAX, &f));
		ck_fault(f, DA_F_WIRE_LENGTH);
	}
	ck_assert(!head_taken(0, DA_WIRE_END, 1, &f));
	ck_fault(f, DA_F_WIRE_LENGTH);
	ck_assert(!head_taken(0, DA_WIRE_FAILURE, 0, &f));
	ck_fault(f, DA_F_WIRE_LENGTH);
	ck_assert(!head_taken(0, DA_WIRE_FAILURE, 5, &f));
	ck_fault(f, DA_F_WIRE_LENGTH);
}
END_TEST

/* Three parts, each below its cap, and one byte too many in all. */
START_TEST(the_sum_has_a_cap)
{
	uint32_t most = DA_MAX_ANSWER - 3 * DA_WIRE_HEAD_SIZE - DA_MAX_MEAS;

	start_file(1u << DA_WIRE_MEASUREMENTS);
	add(DA_WIRE_MEASUREMENTS, 0, DA_MAX_MEAS);
	add(0x7f00, 0, most);
	end_file();
	ck_assert_uint_eq(file.n, DA_WIRE_REQUEST_SIZE + DA_MAX_ANSWER);
	taken();
	start_file(1u << DA_WIRE_MEASUREMENTS);
	add(DA_WIRE_MEASUREMENTS, 0, DA_MAX_MEAS);
	add(0x7f00, 0, most + DA_WIRE_HEAD_SIZE);
	/* Not even the end has room any more. */
	add(DA_WIRE_END, 0, 0);
	ck_fault(refused(), DA_F_TOO_LONG);
	file.n -= DA_WIRE_HEAD_SIZE;
	ck_fault(refused(), DA_F_SHORT);
	start_file(1u << DA_WIRE_MEASUREMENTS);
	add(DA_WIRE_MEASUREMENTS, 0, DA_MAX_MEAS);
	add(0x7f00, 0, most + DA_WIRE_HEAD_SIZE + 1);
	file.n = DA_WIRE_REQUEST_SIZE + DA_MAX_ANSWER;
	ck_fault(refused(), DA_F_WIRE_LENGTH);
}
END_TEST

static void
add_failure(uint32_t code)
{
	add(DA_WIRE_FAILURE, 0, 4);
	for (size_t i = 0; i < 4; i++)
		file.p[file.n - 4 + i] = (uint8_t)(code >> 8 * i);
}

START_TEST(the_host_has_nothing)
{
	static const uint32_t codes[] = { 1, 2, 3, 4, 5, 6, 0xffffffff, 0 };

	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		start_file(DA_WIRE_WANT_ALL);
		add_failure(codes[i]);
		end_file();
		ck_fault(refused(), DA_F_WIRE_FAILURE);
	}
	/* Parts in front of it do not make it an answer. */
	start_file(DA_WIRE_WANT_ALL);
	add(8, 0, 4);
	add_failure(DA_WIRE_BUSY);
	end_file();
	ck_fault(refused(), DA_F_WIRE_FAILURE);
}
END_TEST

START_TEST(the_end_follows_a_failure)
{
	start_file(DA_WIRE_WANT_ALL);
	add_failure(DA_WIRE_BUSY);
	add_failure(DA_WIRE_BUSY);
	ck_fault(refused(), DA_F_WIRE_ORDER);
	start_file(DA_WIRE_WANT_ALL);
	add_failure(DA_WIRE_BUSY);
	add(8, 0, 4);
	ck_fault(refused(), DA_F_WIRE_ORDER);
	start_file(DA_WIRE_WANT_ALL);
	add_failure(DA_WIRE_BUSY);
	ck_fault(refused(), DA_F_SHORT);
}
END_TEST

START_TEST(the_code_is_kept)
{
	static const uint8_t busy[4] = { 2, 0, 0, 0 };
	static const uint8_t none[4] = { 0, 0, 0, 0 };
	struct da_wire_request q = asking(DA_WIRE_WANT_ALL);
	struct da_answer a;
	struct da_fault f;

	da_answer_start(&q, &a);
	ck_assert(da_answer_failed(&a, busy, &f));
	ck_assert_uint_eq(a.failure, DA_WIRE_BUSY);
	ck_assert(!da_answer_failed(&a, none, &f));
	ck_fault(f, DA_F_WIRE_FAILURE);
}
END_TEST

/* -- the bundle -- */

static void
is_filled_from(struct da_slice part, uint16_t type, size_t n)
{
	ck_assert_uint_eq(part.n, n);
	for (size_t i = 0; i < n; i++)
		ck_assert_uint_eq(part.p[i], (uint8_t)(type + i));
}

START_TEST(bundle_of_a_slot)
{
	struct da_answer a;
	struct da_bundle b;

	start_good();
	a = taken();
	b = da_answer_bundle(&a, whole(), true, 3);
	ck_assert(b.given[DA_PART_CHAIN] && b.slot_known);
	ck_assert_uint_eq(b.slot, 3);
	ck_assert_int_eq(b.chain_form, DA_CHAIN_SPDM);
	is_filled_from(b.part[DA_PART_CHAIN], 3, 50);
	is_filled_from(b.part[DA_PART_VCA], 8, 20);
	is_filled_from(b.part[DA_PART_MEASUREMENTS], 9, 70);
	is_filled_from(b.part[DA_PART_REPORT], 10, 36);
	ck_assert(!b.given[DA_PART_TICKET] && !b.given[DA_PART_NONE]);
}
END_TEST

START_TEST(bundle_without_a_slot)
{
	struct da_answer a;
	struct da_bundle b;

	start_good();
	a = taken();
	b = da_answer_bundle(&a, whole(), false, 0);
	ck_assert(!b.given[DA_PART_CHAIN] && !b.slot_known);
	b = da_answer_bundle(&a, whole(), true, 1);
	ck_assert(!b.given[DA_PART_CHAIN] && !b.slot_known);
	start_file(DA_WIRE_WANT_ALL);
	add(5, 0, 7);
	add(DA_WIRE_MEASUREMENTS, DA_SHAPE_LOG, 0);
	end_file();
	a = taken();
	b = da_answer_bundle(&a, whole(), false, 0);
	ck_assert(b.given[DA_PART_CHAIN] && b.slot_known);
	ck_assert_uint_eq(b.slot, 5);
	ck_assert_int_eq(b.shape, DA_SHAPE_LOG);
	/* An empty part is given, too: it is malformed, not absent. */
	ck_assert(b.given[DA_PART_MEASUREMENTS]);
	ck_assert_uint_eq(b.part[DA_PART_MEASUREMENTS].n, 0);
	ck_assert(!b.given[DA_PART_REPORT]);
}
END_TEST

static void
add_rules(TCase *t)
{
	tcase_add_test(t, good_file);
	tcase_add_test(t, an_empty_answer_is_well_formed);
	tcase_add_test(t, every_prefix);
	tcase_add_test(t, bytes_behind_the_end);
	tcase_add_test(t, not_a_request);
	tcase_add_test(t, another_id);
	tcase_add_test(t, parts_not_asked_for);
	tcase_add_test(t, types_that_do_not_exist);
	tcase_add_test(t, extra_types_go_with_bit_31);
	tcase_add_test(t, extra_types_of_a_bundle);
	tcase_add_test(t, collateral_is_skipped);
	tcase_add_test(t, repeated_and_descending);
	tcase_add_test(t, nothing_follows_the_end);
	tcase_add_test(t, shapes);
	tcase_add_test(t, lengths_and_caps);
	tcase_add_test(t, the_sum_has_a_cap);
	tcase_add_test(t, the_host_has_nothing);
	tcase_add_test(t, the_end_follows_a_failure);
	tcase_add_test(t, the_code_is_kept);
}

int
main(void)
{
	Suite *s = suite_create("answer");
	TCase *rules = tcase_create("rules");
	TCase *bundle = tcase_create("bundle");

	add_rules(rules);
	tcase_add_test(bundle, bundle_of_a_slot);
	tcase_add_test(bundle, bundle_without_a_slot);
	suite_add_tcase(s, rules);
	suite_add_tcase(s, bundle);
	return run_suite(s);
}
