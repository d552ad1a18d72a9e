/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The client of a real kernel, with the kernel played by the test: it puts its
 * messages into one end of a pair before the client asks.
 */
#include <errno.h>
#include <linux/devattest.h>
#include <linux/netlink.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "kernel-uapi/evidence_nl.h"
#include "unit.h"

#define FAMILY	0x25
#define DEVICE	"0000:01:00.0"

static struct da_kernel *kernel;
static struct da_kernel_error error;
static int ours;
static uint8_t message[8192];
static size_t size;

static void
set_up(void)
{
	int ends[2];

	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends), 0);
	ours = ends[0];
	kernel = da_kernel_nl_over(ends[1], FAMILY, -1, &error);
	ck_assert_ptr_nonnull(kernel);
	memset(&error, 0, sizeof(error));
}

static void
tear_down(void)
{
	kernel->ops->close(kernel);
	close(ours);
}

/* -- messages by hand -- */

static void
start(uint16_t type, uint32_t seq, uint8_t command)
{
	struct nlmsghdr head = { .nlmsg_type = type, .nlmsg_seq = seq };

	memset(message, 0, sizeof(message));
	memcpy(message, &head, sizeof(head));
	message[16] = command;
	message[17] = 1;
	size = 20;
}

static void
attr(uint16_t number, const void *bytes, size_t n)
{
	uint16_t head[2] = { (uint16_t)(n + 4), number };

	memcpy(message + size, head, 4);
	memcpy(message + size + 4, bytes, n);
	size += (n + 7) & ~(size_t)3;
}

static void
attr_u32(uint16_t number, uint32_t value)
{
	attr(number, &value, sizeof(value));
}

static void
attr_u64(uint16_t number, uint64_t value)
{
	attr(number, &value, sizeof(value));
}

static void
say(void)
{
	uint32_t n = (uint32_t)size;

	memcpy(message, &n, sizeof(n));
	ck_assert_int_eq(send(ours, message, size, 0), (ssize_t)size);
}

static void
say_error(uint32_t seq, int number)
{
	int value = -number;

	start(NLMSG_ERROR, seq, 0);
	memcpy(message + 16, &value, sizeof(value));
	size = 36;
	say();
}

static void
say_number(uint8_t command, uint64_t request)
{
	start(FAMILY, 1, command);
	attr_u64(DEVATTEST_A_REQUEST, request);
	say();
}

static void
start_done(uint64_t request, const char *device, uint32_t number)
{
	start(FAMILY, 0, DEVATTEST_CMD_DONE);
	attr(DEVATTEST_A_DEV_NAME, device, strlen(device) + 1);
	attr_u64(DEVATTEST_A_REQUEST, request);
	attr_u32(DEVATTEST_A_ERROR, number);
	attr_u32(DEVATTEST_A_GENERATION, 2);
}

static void
say_done(uint64_t request, const char *device, uint32_t number)
{
	start_done(request, device, number);
	say();
}

/* What the client sent; its command. */
static uint8_t
heard(void)
{
	uint8_t got[8192];

	ck_assert_int_gt(recv(ours, got, sizeof(got), 0), 20);
	return got[16];
}

/* -- requests -- */

START_TEST(a_request_ends_with_its_done)
{
	say_number(DEVATTEST_CMD_LOCK, 7);
	say_done(7, DEVICE, 0);
	ck_assert(kernel->ops->lock(kernel, DEVICE, &error));
	ck_assert_uint_eq(heard(), DEVATTEST_CMD_LOCK);
}
END_TEST

START_TEST(the_end_of_another_request_is_none)
{
	say_done(6, DEVICE, 0);		/* an earlier one's, in front */
	say_number(DEVATTEST_CMD_LOCK, 7);
	say_done(6, DEVICE, 0);
	say_done(7, DEVICE, EBUSY);
	ck_assert(!kernel->ops->lock(kernel, DEVICE, &error));
	ck_assert_int_eq(error.error, EBUSY);
}
END_TEST

START_TEST(the_kernels_text_is_told)
{
	say_number(DEVATTEST_CMD_LOCK, 7);
	start_done(7, DEVICE, EINVAL);
	attr(DEVATTEST_A_TEXT, "range 3: leaves its BAR", 24);
	say();
	ck_assert(!kernel->ops->lock(kernel, DEVICE, &error));
	ck_assert_int_eq(error.error, EINVAL);
	ck_assert_str_eq(error.text, "range 3: leaves its BAR");
}
END_TEST

START_TEST(a_refusal_at_once_is_told)
{
	say_error(1, EPERM);
	ck_assert(!kernel->ops->lock(kernel, DEVICE, &error));
	ck_assert_int_eq(error.error, EPERM);
}
END_TEST

START_TEST(no_tdi_is_no_lock)
{
	say_error(1, ENODEV);
	ck_assert(!kernel->ops->unlock(kernel, DEVICE, &error));
	ck_assert_int_eq(error.error, EOPNOTSUPP);
}
END_TEST

START_TEST(the_end_of_another_device_is_refused)
{
	say_number(DEVATTEST_CMD_LOCK, 7);
	say_done(7, "0000:02:00.0", 0);
	ck_assert(!kernel->ops->lock(kernel, DEVICE, &error));
	ck_assert_int_eq(error.error, EPROTO);
}
END_TEST

START_TEST(a_kernel_that_went_is_told)
{
	shutdown(ours, SHUT_WR);
	ck_assert(!kernel->ops->lock(kernel, DEVICE, &error));
	ck_assert_int_eq(error.error, EPIPE);
}
END_TEST

START_TEST(what_is_cut_short_is_refused)
{
	say_number(DEVATTEST_CMD_LOCK, 7);
	start_done(7, DEVICE, 0);
	size -= 4;	/* the last attribute says that there is more */
	say();
	ck_assert(!kernel->ops->lock(kernel, DEVICE, &error));
	ck_assert_int_eq(error.error, EPROTO);
}
END_TEST

START_TEST(nothing_is_pushed_that_nobody_asked_about)
{
	const struct da_push how = { .page_unit = DA_UNIT_PAGE };

	ck_assert(!kernel->ops->push(kernel, DEVICE, &how,
	    da_slice_str("report"), &error));
	ck_assert_int_eq(error.error, ESTALE);
	ck_assert(!kernel->ops->validate(kernel, DEVICE, &error));
	ck_assert_int_eq(error.error, ESTALE);
}
END_TEST

/* -- the TSM's answer -- */

static void
start_answer(uint32_t hash)
{
	uint8_t tdi_info[192] = { 0x11 };

	tdi_info[0x80] = 0x44;
	start_done(7, DEVICE, 0);
	attr_u32(DEVATTEST_A_PLATFORM, DEVATTEST_PLATFORM_SEV_TIO);
	attr_u32(DEVATTEST_A_ABI, 2);
	attr_u32(DEVATTEST_A_HASH, hash);
	attr(DEVATTEST_A_BOUND, "", 0);
	attr(DEVATTEST_A_MESSAGE, tdi_info, sizeof(tdi_info));
}

START_TEST(two_readings_that_differ_are_none)
{
	struct da_ticket ticket;

	/* The digest and the token are in the message, and not told. */
	say_number(DEVATTEST_CMD_TSM_INFO, 7);
	start_answer(DEVATTEST_HASH_SHA384);
	say();
	ck_assert(!kernel->ops->ticket(kernel, DEVICE, NULL, &ticket,
	    &error));
	ck_assert_int_eq(error.error, EPROTO);
	ck_assert_str_eq(error.text, "the kernel reads the TSM's answer in "
	    "another way");
}
END_TEST

START_TEST(a_message_of_no_layout_is_refused)
{
	struct da_ticket ticket;

	say_number(DEVATTEST_CMD_TSM_INFO, 7);
	start_done(7, DEVICE, 0);
	attr_u32(DEVATTEST_A_PLATFORM, DEVATTEST_PLATFORM_SEV_TIO);
	attr_u32(DEVATTEST_A_ABI, 2);
	attr(DEVATTEST_A_MESSAGE, "short", 5);
	say();
	ck_assert(!kernel->ops->ticket(kernel, DEVICE, NULL, &ticket,
	    &error));
	ck_assert_int_eq(error.error, EPROTO);
}
END_TEST

/* -- the map -- */

static void
attr_range(uint32_t bar, uint64_t offset, uint32_t kind)
{
	uint8_t nest[64];
	size_t before = size, n;

	attr_u32(DEVATTEST_RANGE_BAR, bar);
	attr_u64(DEVATTEST_RANGE_OFFSET, offset);
	attr_u64(DEVATTEST_RANGE_SIZE, 4096);
	attr_u32(DEVATTEST_RANGE_KIND, kind);
	attr_u32(DEVATTEST_RANGE_ATTRIBUTES, 0);
	n = size - before;
	memcpy(nest, message + before, n);
	memset(message + before, 0, n);
	size = before;
	attr(DEVATTEST_A_RANGE, nest, n);
}

START_TEST(a_map_is_read_in_its_order)
{
	struct da_map map;

	start(FAMILY, 1, DEVATTEST_CMD_MAP_GET);
	attr_range(0, 0, DEVATTEST_KIND_PRIVATE);
	attr_range(2, 8192, DEVATTEST_KIND_SHARED);
	say();
	ck_assert(kernel->ops->map(kernel, DEVICE, &map, &error));
	ck_assert_uint_eq(map.n, 2);
	ck_assert_uint_eq(map.range[0].kind, DA_MMIO_PRIVATE);
	ck_assert_uint_eq(map.range[1].bar, 2);
	ck_assert_uint_eq(map.range[1].offset, 8192);
	ck_assert_uint_eq(map.range[1].kind, DA_MMIO_SHARED);
}
END_TEST

START_TEST(a_range_of_no_kind_is_no_map)
{
	static const struct {
		uint32_t bar, kind;
	} wrong[] = { { 0, DEVATTEST_KIND_NONE }, { 0, 3 },
		{ 6, DEVATTEST_KIND_PRIVATE } };
	struct da_map map;

	start(FAMILY, 1, DEVATTEST_CMD_MAP_GET);
	attr_range(wrong[_i].bar, 0, wrong[_i].kind);
	say();
	ck_assert(!kernel->ops->map(kernel, DEVICE, &map, &error));
	ck_assert_int_eq(error.error, EPROTO);
}
END_TEST

START_TEST(accept_and_map_must_agree)
{
	struct da_map map;

	say_number(DEVATTEST_CMD_ACCEPT, 7);
	start_done(7, DEVICE, 0);
	attr_range(0, 0, DEVATTEST_KIND_PRIVATE);
	say();
	ck_assert(kernel->ops->accept(kernel, DEVICE, &error));
	start(FAMILY, 2, DEVATTEST_CMD_MAP_GET);
	attr_range(0, 0, DEVATTEST_KIND_SHARED);
	say();
	ck_assert(!kernel->ops->map(kernel, DEVICE, &map, &error));
	ck_assert_int_eq(error.error, EPROTO);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("client of a real kernel");
	TCase *tc = tcase_create("messages");

	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_test(tc, a_request_ends_with_its_done);
	tcase_add_test(tc, the_end_of_another_request_is_none);
	tcase_add_test(tc, the_kernels_text_is_told);
	tcase_add_test(tc, a_refusal_at_once_is_told);
	tcase_add_test(tc, no_tdi_is_no_lock);
	tcase_add_test(tc, the_end_of_another_device_is_refused);
	tcase_add_test(tc, a_kernel_that_went_is_told);
	tcase_add_test(tc, what_is_cut_short_is_refused);
	tcase_add_test(tc, nothing_is_pushed_that_nobody_asked_about);
	tcase_add_test(tc, two_readings_that_differ_are_none);
	tcase_add_test(tc, a_message_of_no_layout_is_refused);
	tcase_add_test(tc, a_map_is_read_in_its_order);
	tcase_add_loop_test(tc, a_range_of_no_kind_is_no_map, 0, 3);
	tcase_add_test(tc, accept_and_map_must_agree);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
