/* SPDX-License-Identifier: Apache-2.0 */
/* devattest-relay as a process: what it serves, and what it refuses. */
#include "programs.h"

static uint8_t file[DA_WIRE_REQUEST_SIZE + DA_MAX_ANSWER];
static char said[512];

static void
start_relay_on_folder(void)
{
	start("devattest-relay", "--listen", unix_in_dir("r.sock"), "--folder",
	    dir, NULL);
}

static struct da_answer
ask(int fd, const struct da_wire_request *q, struct da_fault *ret_fault)
{
	struct da_answer a = { .n = 0 };
	size_t n = exchange(fd, q, file, sizeof(file));

	ret_fault->why = DA_F_NONE;
	if (!da_bundle_file_read(da_slice_of(file, n), &a, ret_fault))
		a.n = 0;
	return a;
}

static struct da_answer
ask_good(int fd, const struct da_wire_request *q)
{
	struct da_fault fault;
	struct da_answer a = ask(fd, q, &fault);

	ck_assert_str_eq(da_fault_text(fault.why)->name, "NONE");
	return a;
}

static void
ask_and_be_told(uint32_t failure)
{
	struct da_wire_request q = request_for(DA_WIRE_WANT_ALL);
	struct da_fault fault;
	int fd = connect_to("r.sock");

	ask(fd, &q, &fault);
	ck_fault(fault, DA_F_WIRE_FAILURE);
	ck_assert_uint_eq(file[DA_WIRE_REQUEST_SIZE + DA_WIRE_HEAD_SIZE],
	    failure);
	close(fd);
}

/* -- a folder of recorded parts -- */

START_TEST(recorded_parts)
{
	struct da_wire_request q = request_for(DA_WIRE_WANT_ALL);
	struct da_answer a;
	int fd;

	write_file("certchain.bin", "chain", 5);
	write_file("measurements.bin", "measurements", 12);
	start_relay_on_folder();
	fd = connect_to("r.sock");
	a = ask_good(fd, &q);
	ck_assert_uint_eq(a.n, 2);
	ck_assert_uint_eq(a.part[0].type, 0);
	ck_assert_mem_eq(file + a.part[0].offset, "chain", 5);
	ck_assert_uint_eq(a.part[1].type, DA_WIRE_MEASUREMENTS);
	ck_assert_uint_eq(a.part[1].length, 12);
	/* The next request on the same connection; what is new is seen. */
	write_file("vca.bin", "vca", 3);
	q = request_for(1u << DA_WIRE_VCA | 1u << DA_WIRE_REPORT);
	a = ask_good(fd, &q);
	ck_assert_uint_eq(a.n, 1);
	ck_assert_uint_eq(a.part[0].type, DA_WIRE_VCA);
	/* Chains of other slots; and what bit 31 asks for, which no daemon sets. */
	write_file("certchain-3.bin", "chain of 3", 10);
	write_file("challenge.bin", "challenge", 9);
	write_file("digests_certs.bin", "between", 7);
	write_file("mel.bin", "log", 3);
	q = request_for(DA_WIRE_WANT_ALL);
	a = ask_good(fd, &q);
	ck_assert_uint_eq(a.n, 4);
	ck_assert_uint_eq(a.part[1].type, 3);
	q = request_for(DA_WIRE_WANT_MORE);
	a = ask_good(fd, &q);
	ck_assert_uint_eq(a.n, 3);
	ck_assert_uint_eq(a.part[0].type, DA_WIRE_CHALLENGE);
	ck_assert_uint_eq(a.part[1].type, DA_WIRE_DIGESTS_CERTS);
	ck_assert_uint_eq(a.part[2].type, DA_WIRE_MEL);
	close(fd);
}
END_TEST

START_TEST(nothing_recorded)
{
	start_relay_on_folder();
	ask_and_be_told(DA_WIRE_NO_DEVICE);
}
END_TEST

START_TEST(a_file_over_its_cap)
{
	static uint8_t large[DA_MAX_VCA + 1];

	write_file("vca.bin", large, sizeof(large));
	start_relay_on_folder();
	ask_and_be_told(DA_WIRE_HOST_ERROR);
	write_file("vca.bin", large, sizeof(large) - 1);
	ck_assert_int_eq(mkfifo(in_dir("report.bin"), 0600), 0);
	ask_and_be_told(DA_WIRE_HOST_ERROR);
}
END_TEST

/* A megabyte goes in calls of at most 16 KiB, and whole. */
START_TEST(a_large_part)
{
	static uint8_t large[DA_MAX_MEAS];
	struct da_wire_request q = request_for(DA_WIRE_WANT_ALL);
	struct da_answer a;
	int fd;

	for (size_t i = 0; i < sizeof(large); i++)
		large[i] = (uint8_t)(i >> 8 ^ i);
	write_file("measurements.bin", large, sizeof(large));
	start_relay_on_folder();
	fd = connect_to("r.sock");
	a = ask_good(fd, &q);
	ck_assert_uint_eq(a.part[0].length, sizeof(large));
	ck_assert_mem_eq(file + a.part[0].offset, large, sizeof(large));
	close(fd);
}
END_TEST

/* -- connections -- */

START_TEST(no_request_of_ours)
{
	struct da_wire_request q = request_for(DA_WIRE_WANT_ALL);
	uint8_t raw[DA_WIRE_REQUEST_SIZE], byte;
	int fd;

	write_file("vca.bin", "vca", 3);
	start_relay_on_folder();
	for (size_t at = 0; at < 8; at++) {
		da_wire_put_request(&q, raw);
		raw[at] ^= 0x40;
		fd = connect_to("r.sock");
		ck_assert_int_eq(send(fd, raw, sizeof(raw), MSG_NOSIGNAL),
		    sizeof(raw));
		ck_assert_uint_eq(get(fd, &byte, 1), 0);
		close(fd);
	}
}
END_TEST

START_TEST(one_waits_for_nobody)
{
	struct da_wire_request q = request_for(DA_WIRE_WANT_ALL);
	int idle[20], fd;

	write_file("vca.bin", "vca", 3);
	start_relay_on_folder();
	for (size_t i = 0; i < 20; i++) {
		idle[i] = connect_to("r.sock");
		ck_assert_int_eq(send(idle[i], "DARQ", 4, MSG_NOSIGNAL), 4);
	}
	fd = connect_to("r.sock");
	ck_assert_uint_eq(ask_good(fd, &q).n, 1);
	close(fd);
	for (size_t i = 0; i < 20; i++)
		close(idle[i]);
}
END_TEST

/*
 * Not before the wire's idle deadline; how long after is the machine's.  One
 * that had its answer and reads tickets may be silent for longer than that.
 */
START_TEST(an_idle_guest_is_let_go)
{
	struct da_wire_request q = request_for(DA_WIRE_WANT_ALL);
	struct timespec from, to;
	char byte;
	int fd, held;

	write_file("vca.bin", "vca", 3);
	start_relay_on_folder();
	held = connect_to("r.sock");
	ck_assert_uint_eq(ask_good(held, &q).n, 1);
	fd = connect_to("r.sock");
	clock_gettime(CLOCK_MONOTONIC, &from);
	ck_assert_int_eq(send(fd, "DARQ", 4, MSG_NOSIGNAL), 4);
	ck_assert_uint_eq(get(fd, &byte, 1), 0);
	clock_gettime(CLOCK_MONOTONIC, &to);
	ck_assert_int_ge(to.tv_sec - from.tv_sec, 4);
	close(fd);
	poll(NULL, 0, DA_WIRE_IDLE_MS / 5);
	q = request_for(DA_WIRE_WANT_ALL);
	ck_assert_uint_eq(ask_good(held, &q).n, 1);
	close(held);
}
END_TEST

/* -- upstream -- */

/* An upstream that gives one canned answer: bytes, with the id put in. */
static void
start_upstream(const uint8_t *answer, size_t n, uint32_t heads)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	uint8_t q[DA_WIRE_REQUEST_SIZE], out[4096];
	int fd, c;
	pid_t pid;

	snprintf(at.sun_path, sizeof(at.sun_path), "%s", in_dir("up.sock"));
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	unlink(at.sun_path);
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&at, sizeof(at)), 0);
	ck_assert_int_eq(listen(fd, 4), 0);
	pid = fork();
	if (pid != 0) {
		close(fd);
		return;
	}
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	c = accept(fd, NULL, NULL);
	if (recv(c, q, sizeof(q), MSG_WAITALL) != sizeof(q))
		_exit(1);
	memcpy(out, answer, n);
	for (uint32_t i = 0; i < heads; i++)
		memcpy(out + i * DA_WIRE_HEAD_SIZE + 8, q + 48, 8);
	_exit(send(c, out, n, MSG_NOSIGNAL) != (ssize_t)n);
}

static void
start_relay_on_upstream(void)
{
	start("devattest-relay", "--listen", unix_in_dir("r.sock"),
	    "--upstream", unix_in_dir("up.sock"), NULL);
}

START_TEST(no_upstream)
{
	start_relay_on_upstream();
	ask_and_be_told(DA_WIRE_HOST_ERROR);
}
END_TEST

static const struct {
	const char *what;
	uint32_t heads;		/* whose id is right */
	size_t n;
	uint8_t bytes[48];
} lies[] = {
	{ "nothing", 0, 0, { 0 } },
	{ "half a head", 0, 7, { 0 } },
	{ "another id", 0, 16, { 0xff, 0xff } },
	{ "a length over its cap", 1, 16, { 8, 0, 0, 0, 0x01, 0x10 } },
	{ "4 GiB", 1, 16, { 9, 0, 0, 0, 0xff, 0xff, 0xff, 0xff } },
	{ "no such type", 1, 16, { 0x20 } },
	{ "the end with bytes", 1, 16, { 0xff, 0xff, 0, 0, 1 } },
	{ "a part twice", 2, 32, { [0] = 8, [16] = 8 } },
	{ "parts descending", 2, 32, { [0] = 8, [16] = 0 } },
	{ "no end", 1, 16, { 8 } },
	{ "a failure of 5 bytes", 1, 21, { 0xfe, 0xff, 0, 0, 5 } },
	{ "a failure of no code", 1, 20, { 0xfe, 0xff, 0, 0, 4 } },
	{ "a failure and no end", 1, 20, { 0xfe, 0xff, 0, 0, 4, [16] = 2 } },
};

START_TEST(upstream_lies)
{
	start_upstream(lies[_i].bytes, lies[_i].n, lies[_i].heads);
	start_relay_on_upstream();
	ask_and_be_told(DA_WIRE_HOST_ERROR);
}
END_TEST

/* What the guest did not want is left out. */
START_TEST(upstream_gives_too_much)
{
	static const uint8_t parts[48] = { [0] = 3, [16] = 8, [32] = 0xff,
		[33] = 0xff };
	struct da_wire_request q = request_for(1u << DA_WIRE_VCA);
	struct da_answer a;
	int fd;

	start_upstream(parts, sizeof(parts), 3);
	start_relay_on_upstream();
	fd = connect_to("r.sock");
	a = ask_good(fd, &q);
	ck_assert_uint_eq(a.n, 1);
	ck_assert_uint_eq(a.part[0].type, DA_WIRE_VCA);
	close(fd);
}
END_TEST

START_TEST(a_device_collected_anew)
{
	struct da_wire_request q[2] = { request_for(DA_WIRE_WANT_ALL),
		request_for(DA_WIRE_WANT_ALL) };
	int fd;

	start("devattest-emulator", "--dir", in_dir("m"), NULL);
	start("devattest-relay", "--listen", unix_in_dir("r.sock"),
	    "--upstream", unix_in_dir("m/host/evidence.sock"), NULL);
	fd = connect_to("r.sock");
	for (size_t i = 0; i < 2; i++) {
		struct da_answer a = ask_good(fd, &q[i]);

		/* GET_MEASUREMENTS has the nonce behind its header. */
		ck_assert_uint_eq(a.part[2].type, DA_WIRE_MEASUREMENTS);
		ck_assert_mem_eq(file + a.part[2].offset + 4, q[i].nonce, 32);
	}
	close(fd);
}
END_TEST

static uint32_t
failure_of(int fd, const struct da_wire_request *q)
{
	struct da_fault fault;

	ask(fd, q, &fault);
	if (fault.why == DA_F_NONE)
		return 0;
	ck_fault(fault, DA_F_WIRE_FAILURE);
	return file[DA_WIRE_REQUEST_SIZE + DA_WIRE_HEAD_SIZE];
}

/* A request for the function with this number below the first root port. */
static struct da_wire_request
request_for_function(uint8_t number)
{
	struct da_wire_request q = request_for(DA_WIRE_WANT_ALL);

	q.device = 0x0100u | number;
	q.path[1] = number;
	return q;
}

static pid_t
close_later(int fd)
{
	pid_t pid = fork();

	if (pid == 0) {
		poll(NULL, 0, 200);
		_exit(0);
	}
	close(fd);
	return pid;
}

/*
 * While a guest that has collected is there, nobody else is served from the
 * same physical device, at the device itself (row 0) and through relays of it.
 */
START_TEST(one_guest_a_device)
{
	static const char *const sockets[] = { "m/host/evidence.sock",
		"r.sock" };
	struct da_wire_request first = request_for_function(0),
		second = request_for_function(1),
		elsewhere = request_for_function(1 << 3);
	int one, two;
	pid_t pid;

	start("devattest-emulator", "--dir", in_dir("m"), "--device",
	    "0000:01:00.0", "--device", "0000:01:00.1", "--device",
	    "0000:01:01.0", NULL);
	start("devattest-relay", "--listen", unix_in_dir("r.sock"),
	    "--upstream", unix_in_dir("m/host/evidence.sock"), NULL);
	one = connect_to(sockets[_i]);
	two = connect_to(sockets[_i]);
	/* One that has collected nothing keeps nobody away. */
	ck_assert_uint_eq(failure_of(one, &first), 0);
	ck_assert_uint_eq(failure_of(two, &elsewhere), 0);
	ck_assert_uint_eq(failure_of(two, &first), DA_WIRE_BUSY);
	ck_assert_uint_eq(failure_of(two, &second), DA_WIRE_BUSY);
	ck_assert_uint_eq(failure_of(one, &second), 0);
	ck_assert_uint_eq(failure_of(one, &elsewhere), DA_WIRE_BUSY);
	pid = close_later(one);
	if (_i == 0) {
		ck_assert_uint_eq(failure_of(two, &first), DA_WIRE_BUSY);
		waitpid(pid, NULL, 0);
	}
	/* A relay waits for whoever is letting go just now. */
	ck_assert_uint_eq(failure_of(two, &first), 0);
	close(two);
}
END_TEST

/* -- starting and ending -- */

START_TEST(misuse)
{
	static const struct {
		const char *word[4];
	} lines[] = {
		{ { NULL } },
		{ { "--listen", "unix:/tmp/x", NULL } },
		{ { "--listen", "tcp:80", "--folder=/tmp", NULL } },
		{ { "--listen", "unix:", "--folder=/tmp", NULL } },
		{ { "--listen", "vsock:x", "--folder=/tmp", NULL } },
		{ { "--listen", "vsock:4294967296", "--folder=/tmp", NULL } },
		{ { "--listen=unix:/tmp/x", "--folder=/tmp",
		    "--upstream=unix:/tmp/y", NULL } },
		{ { "--listen=unix:/tmp/x", "--upstream=vsock:1", NULL } },
		{ { "--listen=unix:/tmp/x", "--folder=/nowhere", NULL } },
		{ { "--nonsense", NULL } },
		{ { "--listen=unix:/tmp/x", "--folder=/tmp", "more", NULL } },
		{ { "--listen=unix:/nowhere/x", "--folder=/tmp", NULL } },
	};
	const char *const *w = lines[_i].word;

	ck_assert_int_eq(run_out(said, sizeof(said), "devattest-relay", w[0],
	    w[0] == NULL ? NULL : w[1], w[0] == NULL || w[1] == NULL ? NULL :
	    w[2], NULL), 1);
	ck_assert_msg(strncmp(said, "devattest-relay: ", 17) == 0, "%s", said);
}
END_TEST

/*
 * That it listens is all that can be seen here: a connection needs the loopback
 * transport or a second machine.
 */
START_TEST(vsock)
{
	int fd = socket(AF_VSOCK, SOCK_STREAM | SOCK_CLOEXEC, 0);
	char at[32];

	if (fd < 0) {
		fprintf(stderr, "test_relay: SKIPPED vsock: %s\n",
		    strerror(errno));
		return;
	}
	close(fd);
	/* A port of this process's own: tests run side by side. */
	snprintf(at, sizeof(at), "vsock:%d", 100000 + (int)getpid());
	start("devattest-relay", "--listen", at, "--folder", dir, NULL);
	ck_assert_int_eq(run_out(said, sizeof(said), "devattest-relay",
	    "--listen", at, "--folder", dir, NULL), 1);
	ck_assert_ptr_nonnull(strstr(said, "Address already in use"));
}
END_TEST

START_TEST(the_path_is_taken)
{
	pid_t pid;

	start_relay_on_folder();
	ck_assert_int_eq(run_out(said, sizeof(said), "devattest-relay",
	    "--listen", unix_in_dir("r.sock"), "--folder", dir, NULL), 1);
	ck_assert_ptr_nonnull(strstr(said, "Address already in use"));
	write_file("plain", "x", 1);
	ck_assert_int_eq(run_out(said, sizeof(said), "devattest-relay",
	    "--listen", unix_in_dir("plain"), "--folder", dir, NULL), 1);
	ck_assert_ptr_nonnull(strstr(said, "File exists"));
	/* A socket that a killed relay left is replaced. */
	pid = start("devattest-relay", "--listen", unix_in_dir("s.sock"),
	    "--folder", dir, NULL);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	started[--n_started] = 0;
	ck_assert_int_eq(access(in_dir("s.sock"), F_OK), 0);
	start("devattest-relay", "--listen", unix_in_dir("s.sock"),
	    "--folder", dir, NULL);
}
END_TEST

START_TEST(it_ends_with_its_children)
{
	pid_t pid = start("devattest-relay", "--listen",
	    unix_in_dir("r.sock"), "--folder", dir, NULL);
	int fd = connect_to("r.sock");
	char byte;

	ck_assert_int_eq(send(fd, "DARQ", 4, MSG_NOSIGNAL), 4);
	stop(pid);
	ck_assert_uint_eq(get(fd, &byte, 1), 0);
	ck_assert_int_ne(access(in_dir("r.sock"), F_OK), 0);
	close(fd);
}
END_TEST

static void
add_tests(TCase *t)
{
	tcase_add_test(t, recorded_parts);
	tcase_add_test(t, nothing_recorded);
	tcase_add_test(t, a_file_over_its_cap);
	tcase_add_test(t, a_large_part);
	tcase_add_test(t, no_request_of_ours);
	tcase_add_test(t, one_waits_for_nobody);
	tcase_add_test(t, an_idle_guest_is_let_go);
	tcase_add_test(t, no_upstream);
	tcase_add_loop_test(t, upstream_lies, 0, sizeof(lies) /
	    sizeof(lies[0]));
	tcase_add_test(t, upstream_gives_too_much);
	tcase_add_test(t, a_device_collected_anew);
	tcase_add_loop_test(t, one_guest_a_device, 0, 2);
	tcase_add_loop_test(t, misuse, 0, 12);
	tcase_add_test(t, vsock);
	tcase_add_test(t, the_path_is_taken);
	tcase_add_test(t, it_ends_with_its_children);
}

int
main(void)
{
	Suite *s;
	TCase *t;

	if (!programs_are_there("test_relay"))
		return 77;
	s = suite_create("relay");
	t = tcase_create("relay");
	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, make_dir, clean_up);
	add_tests(t);
	suite_add_tcase(s, t);
	return run_suite(s);
}
