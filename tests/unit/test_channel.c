/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The TSM's channel over its socket: pieces, several at once, events, bytes
 * that are no frames, and that a connection is a boot.
 */
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "guest_channel.h"
#include "tests/emulator/channel.h"

static struct emu_channel *channel;
static char dir[] = "/tmp/devattest-tsm-XXXXXX";
static uint8_t got[1024];

static void
set_up(void)
{
	memcpy(dir + sizeof(dir) - 7, "XXXXXX", 6);
	ck_assert_ptr_nonnull(mkdtemp(dir));
	switch_on("sev-tio:2");
	channel = emu_channel_open(&g.machine.firmware, dir);
	ck_assert_ptr_nonnull(channel);
}

static void
tear_down(void)
{
	char path[64];

	emu_channel_close(channel);
	emu_machine_free(&g.machine);
	snprintf(path, sizeof(path), "%s/guest", dir);
	ck_assert_int_eq(rmdir(path), 0);
	ck_assert_int_eq(rmdir(dir), 0);
}

static int
call(void)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	ck_assert_int_ge(fd, 0);
	snprintf(at.sun_path, sizeof(at.sun_path), "%s/guest/tsm.sock", dir);
	ck_assert_int_eq(connect(fd, (struct sockaddr *)&at, sizeof(at)), 0);
	return fd;
}

/* The server's turns until something comes back at `fd`, or its end. */
static ssize_t
receive(int fd)
{
	struct pollfd p[EMU_CHANNEL_POLLS + 1] = { [EMU_CHANNEL_POLLS] = { fd,
		POLLIN, 0 } };

	while (p[EMU_CHANNEL_POLLS].revents == 0) {
		emu_channel_polls(channel, p);
		ck_assert_int_gt(poll(p, EMU_CHANNEL_POLLS + 1, 5000), 0);
		emu_channel_serve(channel, p);
	}
	return recv(fd, got, sizeof(got), MSG_DONTWAIT);
}

static void
say(int fd, const struct emu_bytes *b, size_t from, size_t to)
{
	ck_assert_int_eq(send(fd, b->p + from, to - from, MSG_NOSIGNAL),
	    (ssize_t)(to - from));
}

static struct emu_bytes
describe_frame(void)
{
	struct emu_bytes b = config_space(&functions[EDU].pci);

	g.i = EDU;
	return frame(TSM_CHANNEL_DESCRIBE, b.p, b.n);
}

static void
ck_reply(ssize_t n, uint16_t op, uint16_t status)
{
	ck_assert_int_ge(n, TSM_CHANNEL_HEAD);
	take_reply(da_slice_of(got, (size_t)n));
	ck_assert_uint_eq(g.head.op, op);
	ck_assert_uint_eq(g.head.status, status);
}

START_TEST(a_socket_for_the_guest_alone)
{
	char path[64];
	struct stat st;

	set_up();
	snprintf(path, sizeof(path), "%s/guest/tsm.sock", dir);
	ck_assert_int_eq(stat(path, &st), 0);
	ck_assert_uint_eq(st.st_mode & 07777, 0600);
	snprintf(path, sizeof(path), "%s/guest", dir);
	ck_assert_int_eq(stat(path, &st), 0);
	ck_assert_uint_eq(st.st_mode & 07777, 0700);
	tear_down();
}
END_TEST

START_TEST(frames_in_pieces)
{
	struct emu_bytes b;
	int fd;

	set_up();
	fd = call();
	b = describe_frame();
	for (size_t i = 0; i + 1 < b.n; i++) {
		struct pollfd p[EMU_CHANNEL_POLLS];

		say(fd, &b, i, i + 1);
		emu_channel_polls(channel, p);
		ck_assert_int_gt(poll(p, EMU_CHANNEL_POLLS, 5000), 0);
		emu_channel_serve(channel, p);
	}
	ck_assert_int_eq(recv(fd, got, sizeof(got), MSG_DONTWAIT), -1);
	say(fd, &b, b.n - 1, b.n);
	ck_reply(receive(fd), TSM_CHANNEL_DESCRIBE, 0);
	close(fd);
	tear_down();
}
END_TEST

/* A guest that gave up one request has sent the next already. */
START_TEST(two_at_once)
{
	struct emu_bytes b, second;
	ssize_t n;
	int fd;

	set_up();
	fd = call();
	b = describe_frame();
	second = frame(TSM_CHANNEL_LOCK, NULL, 0);
	emu_put(&b, second.p, second.n);
	say(fd, &b, 0, b.n);
	n = receive(fd);
	ck_assert_int_eq(n, 2 * TSM_CHANNEL_HEAD + TSM_TDI_SIZE + 8);
	take_reply(da_slice_of(got, TSM_CHANNEL_HEAD + TSM_TDI_SIZE));
	memmove(got, got + TSM_CHANNEL_HEAD + TSM_TDI_SIZE,
	    TSM_CHANNEL_HEAD + 8);
	ck_reply(TSM_CHANNEL_HEAD + 8, TSM_CHANNEL_LOCK, 0);
	ck_control("fall 0000:00:04.0 error", "ok\n");
	ck_reply(receive(fd), TSM_CHANNEL_FELL, 0);
	ck_assert_uint_eq(g.head.serial, 0);
	close(fd);
	tear_down();
}
END_TEST

static void
put_at(struct emu_bytes *b, size_t at, uint8_t value)
{
	b->p[at] = value;
}

/* Offset in the head, and what stands there then. */
static const struct {
	size_t at;
	uint8_t value;
} wrong[] = {
	{ 1, 0x10 + 1 },	/* a body above 4096 */
	{ 3, 0x80 },
	{ 4, 0 },		/* serial 0 */
	{ 8, TSM_CHANNEL_NONE },
	{ 8, TSM_CHANNEL_FELL },
	{ 8, TSM_CHANNEL_OPS },
	{ 9, 1 },
	{ 10, 1 },		/* a status */
	{ 12, 1 },		/* a platform */
	{ 13, 1 },
	{ 14, 2 },		/* another version */
	{ 14, 0 },
};

/* The connection is over; the next one is served, and finds a fresh boot. */
START_TEST(what_is_no_frame)
{
	struct emu_bytes b;
	int fd;

	set_up();
	fd = call();
	b = describe_frame();
	say(fd, &b, 0, b.n);
	ck_reply(receive(fd), TSM_CHANNEL_DESCRIBE, 0);
	g.serial = 0;	/* so that the next one's is 1, one byte */
	b = frame(TSM_CHANNEL_LOCK, NULL, 0);
	put_at(&b, wrong[_i].at, wrong[_i].value);
	say(fd, &b, 0, b.n);
	ck_assert_int_eq(receive(fd), 0);
	close(fd);
	fd = call();
	b = frame(TSM_CHANNEL_LOCK, NULL, 0);
	say(fd, &b, 0, b.n);
	ck_reply(receive(fd), TSM_CHANNEL_LOCK, ENODEV);
	close(fd);
	tear_down();
}
END_TEST

/* What the host's link has shown of the device stays. */
START_TEST(a_connection_is_a_boot)
{
	static const uint8_t nonce[32] = { 1 };
	struct emu_fw_tdi *t;
	struct emu_bytes b;
	int fd;

	set_up();
	for (int twice = 0; twice < 2; twice++) {
		fd = call();
		b = describe_frame();
		say(fd, &b, 0, b.n);
		ck_reply(receive(fd), TSM_CHANNEL_DESCRIBE, 0);
		b = frame(TSM_CHANNEL_LOCK, NULL, 0);
		say(fd, &b, 0, b.n);
		ck_reply(receive(fd), TSM_CHANNEL_LOCK, 0);
		t = tdi();
		ck_assert_uint_eq(t->seen[TSM_DIGEST_REPORT].n, 0);
		ck_assert_uint_eq(t->seen[TSM_DIGEST_MEASUREMENTS].n, 0);
		ck_assert_uint_ne(t->seen[TSM_DIGEST_CHAIN].n, 0);
		collect(nonce);
		ck_assert_uint_ne(t->seen[TSM_DIGEST_REPORT].n, 0);
		close(fd);
		/* The next caller waits until this end is seen. */
		while (t->is_described) {
			struct pollfd p[EMU_CHANNEL_POLLS];

			emu_channel_polls(channel, p);
			ck_assert_int_gt(poll(p, EMU_CHANNEL_POLLS, 5000), 0);
			emu_channel_serve(channel, p);
		}
		ck_assert_uint_eq(t->state, TSM_STATE_UNLOCKED);
	}
	tear_down();
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("channel");
	TCase *c = tcase_create("channel");

	tcase_set_timeout(c, 60);
	tcase_add_test(c, a_socket_for_the_guest_alone);
	tcase_add_test(c, frames_in_pieces);
	tcase_add_test(c, two_at_once);
	tcase_add_loop_test(c, what_is_no_frame, 0,
	    sizeof(wrong) / sizeof(wrong[0]));
	tcase_add_test(c, a_connection_is_a_boot);
	suite_add_tcase(s, c);
	return run_suite(s);
}
