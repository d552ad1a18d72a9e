/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The server for QEMU's spdm_port=, over its socket: frames in pieces, frames
 * that are none, and what the emulated TSM then has seen.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "tests/emulator/doe.h"
#include "unit.h"

#define NAME	"0000:01:00.0"

static struct emu_machine machine;
static struct emu_doe *doe;
static char dir[] = "/tmp/devattest-doe-XXXXXX";
static uint8_t got[8192];

static void
set_up(void)
{
	memcpy(dir + sizeof(dir) - 7, "XXXXXX", 6);
	ck_assert_ptr_nonnull(mkdtemp(dir));
	ck_assert(emu_machine_start(&machine, "Example", 0x12));
	ck_assert(emu_machine_add(&machine, NAME));
	doe = emu_doe_open(&machine, NAME, 0, dir);
	ck_assert_ptr_nonnull(doe);
}

static void
tear_down(void)
{
	char path[64];

	emu_doe_close(doe);
	emu_machine_free(&machine);
	snprintf(path, sizeof(path), "%s/host", dir);
	ck_assert_int_eq(rmdir(path), 0);
	ck_assert_int_eq(rmdir(dir), 0);
}

static uint16_t
port(void)
{
	char path[64];
	unsigned int n = 0;
	FILE *f;

	snprintf(path, sizeof(path), "%s/host/spdm.port", dir);
	f = fopen(path, "re");
	ck_assert_ptr_nonnull(f);
	ck_assert_int_eq(fscanf(f, "%u", &n), 1);
	fclose(f);
	return (uint16_t)n;
}

/* The server's turns until something comes back at `fd`, or its end. */
static void
turn_until(int fd)
{
	struct pollfd p[EMU_DOE_POLLS + 1] = { [EMU_DOE_POLLS] = { fd, POLLIN,
		0 } };

	while (p[EMU_DOE_POLLS].revents == 0) {
		emu_doe_polls(doe, p);
		ck_assert_int_gt(poll(p, EMU_DOE_POLLS + 1, 5000), 0);
		emu_doe_serve(doe, p);
	}
}

static int
call(void)
{
	struct sockaddr_in at = { .sin_family = AF_INET,
		.sin_port = htons(port()),
		.sin_addr = { htonl(INADDR_LOOPBACK) } };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(connect(fd, (struct sockaddr *)&at, sizeof(at)), 0);
	return fd;
}

static void
put_be32(struct emu_bytes *b, uint32_t v)
{
	for (int shift = 24; shift >= 0; shift -= 8)
		emu_put_u8(b, (uint8_t)(v >> shift));
}

static struct emu_bytes
frame(uint32_t command, uint32_t transport, uint32_t size,
    const uint8_t *message, size_t n)
{
	struct emu_bytes b = { 0 };

	put_be32(&b, command);
	put_be32(&b, transport);
	put_be32(&b, size);
	if (n == 0)
		return b;
	emu_put_le(&b, 1, 2);
	emu_put_le(&b, 1, 2);
	emu_put_le(&b, 2 + n / 4, 4);
	emu_put(&b, message, n);
	return b;
}

/* In two pieces; how many bytes come back, which are sent at once. */
static ssize_t
exchange(int fd, const struct emu_bytes *b)
{
	size_t first = b->n / 2;
	ssize_t n;

	ck_assert_int_eq(send(fd, b->p, first, 0), (ssize_t)first);
	ck_assert_int_eq(send(fd, b->p + first, b->n - first, MSG_NOSIGNAL),
	    (ssize_t)(b->n - first));
	turn_until(fd);
	n = recv(fd, got, sizeof(got), MSG_DONTWAIT);
	return n < 0 && errno == ECONNRESET ? 0 : n;
}

static ssize_t
say(int fd, const uint8_t *message, size_t n)
{
	struct emu_bytes b = frame(1, 2, (uint32_t)(8 + n), message, n);

	return exchange(fd, &b);
}

static const uint8_t get_version[4] = { 0x10, 0x84 };

START_TEST(a_connection)
{
	static const uint8_t capabilities[20] = { 0x12, 0xe1, 0, 0, 0, 0, 0, 0,
		0, 0, 0, 0, 0, 16, 0, 0, 0, 16 };
	static const uint8_t algorithms[32] = { 0x12, 0xe3, 0, 0, 32, 0, 1, 2,
		0x80, 0, 0, 0, 2 };
	const struct da_digest *vca;
	int fd;

	set_up();
	fd = call();
	vca = &emu_machine_slot(&machine, NAME)->tdi->tsm.digest[DA_DIGEST_VCA];
	for (int twice = 0; twice < 2; twice++) {
		struct da_digest before = *vca;

		/* 8 bytes of VERSION behind two heads. */
		ck_assert_int_eq(say(fd, get_version, 4), 12 + 8 + 8);
		ck_assert_uint_eq(got[3], 1);
		ck_assert_uint_eq(got[7], 2);
		ck_assert_uint_eq(got[11], 16);
		ck_assert_uint_eq(got[21], 0x04);
		ck_assert_int_eq(say(fd, capabilities, 20), 12 + 8 + 20);
		ck_assert_int_eq(say(fd, algorithms, 32), 12 + 8 + 36);
		ck_assert_uint_eq(got[21], 0x63);
		/* The TSM saw the negotiation: another one than the first. */
		ck_assert_int_eq(memcmp(&before, vca, sizeof(before)) == 0,
		    twice);
	}
	close(fd);
	/* The next QEMU finds a device that was just switched on. */
	fd = call();
	say(fd, algorithms, 32);
	ck_assert_uint_eq(got[21], 0x7f);
	ck_assert_uint_eq(got[22], 0x04);
	close(fd);
	tear_down();
}
END_TEST

START_TEST(frames_that_are_none)
{
	static const struct {
		uint32_t command, transport, size;
	} frames[] = {
		{ 0xfffe, 2, 0 },	/* shutdown */
		{ 1, 1, 0 },		/* MCTP */
		{ 1, 2, 4609 }, { 1, 2, 0xffffffff },
	};

	set_up();
	for (size_t i = 0; i < 4; i++) {
		struct emu_bytes b = frame(frames[i].command,
		    frames[i].transport, frames[i].size, NULL, 0);
		int fd = call();

		ck_assert_int_eq(exchange(fd, &b), 0);
		close(fd);
	}
	tear_down();
}
END_TEST

START_TEST(objects_that_are_none)
{
	struct emu_bytes unknown, short_one;
	int fd;

	set_up();
	fd = call();
	/* A command of its own: the head alone comes back. */
	unknown = frame(0x8001, 2, 0, NULL, 0);
	ck_assert_int_eq(exchange(fd, &unknown), 12);
	ck_assert_uint_eq((uint32_t)got[2] << 8 | got[3], 0xffff);
	/* Not a whole DOE object: no answer, and the connection stays. */
	short_one = frame(1, 2, 4, NULL, 0);
	emu_put_le(&short_one, 0x00010001, 4);
	ck_assert_int_eq(exchange(fd, &short_one), 12);
	ck_assert_uint_eq(got[11], 0);
	ck_assert_int_eq(say(fd, get_version, 4), 28);
	close(fd);
	tear_down();
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("doe");
	TCase *tc = tcase_create("doe");

	tcase_add_test(tc, a_connection);
	tcase_add_test(tc, frames_that_are_none);
	tcase_add_test(tc, objects_that_are_none);
	suite_add_tcase(s, tc);
	return run_suite(s);
}
