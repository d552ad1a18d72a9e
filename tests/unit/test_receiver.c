/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The receiver against hosts that send nonsense, too little, too much, too
 * late or nothing.  The host's bytes are laid out before it reads.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>

#include "guestd/receiver.h"
#include "guestd/roles.h"
#include "guestd/sealed.h"
#include "unit.h"

static const struct da_deadlines deadlines = { 60, 300 };
static int ends[2], memfd;	/* ends[1] is the host's */
static uint8_t request[DA_WIRE_REQUEST_SIZE];
static struct da_answer answer;
static struct da_fault fault;

#define ID	0x1122334455667788u

static void
set_up(void)
{
	struct da_wire_request r = { .wanted = DA_WIRE_WANT_ALL, .id = ID };

	da_wire_put_request(&r, request);
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
	ck_assert(da_sealed_new(&memfd));
	memset(&answer, 0, sizeof(answer));
	signal(SIGPIPE, SIG_IGN);
}

static void
tear_down(void)
{
	close(ends[0]);
	close(ends[1]);
	close(memfd);
}

static void
host_sends(const void *bytes, size_t n)
{
	ck_assert_int_eq(write(ends[1], bytes, n), (ssize_t)n);
}

static void
host_sends_part(uint16_t type, const void *body, uint32_t n)
{
	struct da_wire_head head = { type, 0, n, ID };
	uint8_t raw[DA_WIRE_HEAD_SIZE];

	da_wire_put_head(&head, raw);
	host_sends(raw, sizeof(raw));
	if (n > 0)
		host_sends(body, n);
}

static bool
receive(void)
{
	return da_receive(ends[0], request, &deadlines, memfd, &answer,
	    &fault);
}

START_TEST(an_answer_is_recorded_as_it_came_and_sealed)
{
	uint8_t sent[DA_WIRE_REQUEST_SIZE], file[200];
	struct da_answer again;
	struct da_fault why;

	host_sends_part(DA_WIRE_VCA, "vca", 3);
	host_sends_part(DA_WIRE_REPORT, "report", 6);
	host_sends_part(DA_WIRE_END, NULL, 0);
	ck_assert(receive());
	ck_assert_uint_eq(answer.at, 64 + 16 + 3 + 16 + 6 + 16);
	ck_assert_uint_eq(answer.n, 2);
	ck_assert(da_sealed_check(memfd, answer.at));
	/* The request reached the host, and stands in front of the file. */
	ck_assert_int_eq(read(ends[1], sent, sizeof(sent)), sizeof(sent));
	ck_assert_mem_eq(sent, request, sizeof(sent));
	ck_assert(da_sealed_copy(memfd, answer.at, file));
	ck_assert_mem_eq(file, request, sizeof(request));
	ck_assert(da_bundle_file_read(da_slice_of(file, answer.at), &again,
	    &why));
	ck_assert_uint_eq(again.n, 2);
}
END_TEST

START_TEST(a_part_longer_than_a_read_is_whole)
{
	static uint8_t chain[60000];
	pid_t child;

	memset(chain, 0x5a, sizeof(chain));
	child = fork();
	if (child == 0) {
		host_sends_part(DA_WIRE_CHAIN_FIRST, chain, sizeof(chain));
		host_sends_part(DA_WIRE_END, NULL, 0);
		_exit(0);
	}
	ck_assert(receive());
	ck_assert_uint_eq(answer.part[0].length, sizeof(chain));
	waitpid(child, NULL, 0);
}
END_TEST

START_TEST(a_host_that_says_nothing_is_given_up)
{
	ck_assert(!receive());
	ck_fault(fault, DA_F_TRANSPORT_TIMEOUT);
	ck_assert(!da_sealed_check(memfd, DA_WIRE_REQUEST_SIZE));
}
END_TEST

/* Never idle for long, never done: the whole answer has a deadline, too. */
START_TEST(a_host_that_trickles_is_given_up)
{
	static const uint8_t zero;
	const struct timespec pause = { 0, 30000000 };
	struct da_wire_head head = { DA_WIRE_VCA, 0, 4000, ID };
	uint8_t raw[DA_WIRE_HEAD_SIZE];
	struct timespec begin, end;
	pid_t child = fork();

	if (child == 0) {
		da_wire_put_head(&head, raw);
		host_sends(raw, sizeof(raw));
		for (int i = 0; i < 200; i++) {
			if (write(ends[1], &zero, 1) != 1)
				break;
			nanosleep(&pause, NULL);
		}
		_exit(0);
	}
	clock_gettime(CLOCK_MONOTONIC, &begin);
	ck_assert(!receive());
	clock_gettime(CLOCK_MONOTONIC, &end);
	ck_fault(fault, DA_F_TRANSPORT_TIMEOUT);
	ck_assert_int_lt(end.tv_sec - begin.tv_sec, 4);	/* it would be six */
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
}
END_TEST

START_TEST(a_host_that_hangs_up_is_given_up)
{
	host_sends_part(DA_WIRE_VCA, "vca", 3);
	shutdown(ends[1], SHUT_RDWR);
	ck_assert(!receive());
	ck_fault(fault, DA_F_TRANSPORT_CLOSED);
}
END_TEST

START_TEST(a_host_that_ends_inside_a_part_is_given_up)
{
	struct da_wire_head head = { DA_WIRE_VCA, 0, 10, ID };
	uint8_t raw[DA_WIRE_HEAD_SIZE];

	da_wire_put_head(&head, raw);
	host_sends(raw, sizeof(raw));
	host_sends("12345", 5);
	shutdown(ends[1], SHUT_WR);
	ck_assert(!receive());
	ck_fault(fault, DA_F_TRANSPORT_CLOSED);
}
END_TEST

START_TEST(a_failure_is_the_hosts_word)
{
	static const uint8_t no_device[4] = { DA_WIRE_NO_DEVICE };

	host_sends_part(DA_WIRE_FAILURE, no_device, 4);
	host_sends_part(DA_WIRE_END, NULL, 0);
	ck_assert(!receive());
	ck_fault(fault, DA_F_WIRE_FAILURE);
	ck_assert_uint_eq(answer.failure, DA_WIRE_NO_DEVICE);
}
END_TEST

START_TEST(heads_keep_the_rules)
{
	host_sends_part(DA_WIRE_REPORT, "report", 6);
	host_sends_part(DA_WIRE_VCA, "vca", 3);
	ck_assert(!receive());
	ck_fault(fault, DA_F_WIRE_ORDER);
	ck_assert_uint_eq(fault.offset, 64 + 16 + 6);
}
END_TEST

/* Ours to mend, not the host's: no fault of the list, but an errno. */
START_TEST(a_full_memfd_is_no_fault_of_the_hosts)
{
	close(memfd);
	memfd = open("/dev/full", O_RDWR);
	ck_assert_int_ge(memfd, 0);
	ck_assert(!receive());
	ck_assert_int_eq(errno, ENOSPC);
	ck_assert_int_eq(fault.why, DA_F_NONE);
}
END_TEST

/* -- the process -- */

static bool no_room;		/* for any file of the process */
static int pusher;		/* its end of the socket */
static int listening;		/* where a host may connect, and its path */
static char host_path[108];
static pid_t receiver;

static void
run(int sock, const int *kept, void *arg)
{
	const struct rlimit none = { 0, 0 };

	(void)arg;
	signal(SIGXFSZ, SIG_IGN);
	if (no_room && setrlimit(RLIMIT_FSIZE, &none) != 0)
		return;
	da_receiver_run(sock, kept[0]);
}

static void
listen_for_hosts(void)
{
	struct sockaddr_un un = { .sun_family = AF_UNIX };
	char folder[] = "/tmp/devattest-test.XXXXXX";

	ck_assert_ptr_nonnull(mkdtemp(folder));
	snprintf(host_path, sizeof(host_path), "%s/host.sock", folder);
	memcpy(un.sun_path, host_path, sizeof(un.sun_path));
	listening = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
	ck_assert_int_eq(bind(listening, (struct sockaddr *)&un, sizeof(un)),
	    0);
	ck_assert_int_eq(listen(listening, 4), 0);
}

static void
start_process(void)
{
	const struct da_role_start start = { .run = run, .n_keep = 1,
		.keep = { -1 }, .name = "a-receiver" };
	struct da_role_start with = start;

	set_up();
	listen_for_hosts();
	with.keep[0] = listening;
	ck_assert(da_role_start(&with, &pusher, &receiver));
}

/* A host that comes by itself; from then on its end is ends[1]. */
static void
host_connects(void)
{
	struct da_target there = { .kind = DA_TARGET_UNIX };

	memcpy(there.path, host_path, sizeof(there.path));
	close(ends[1]);
	ck_assert(da_target_connect(&there, 1000, &ends[1]));
}

static void
start_without_room(void)
{
	no_room = true;
	start_process();
}

static void
wait_readable(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	ck_assert_int_eq(poll(&p, 1, 5000), 1);
}

static void
end_process(void)
{
	int status = -1;

	close(pusher);
	ck_assert_int_eq(waitpid(receiver, &status, 0), receiver);
	ck_assert_int_eq(status, 0);
	close(listening);
	unlink(host_path);
	*strrchr(host_path, '/') = '\0';
	rmdir(host_path);
	tear_down();
}

static struct da_msg_fetch
question(uint32_t kind, const char *path)
{
	struct da_msg_fetch m = { .head = da_msg_head(DA_MSG_FETCH, 5),
		.target = { .kind = kind }, .idle_ms = 60, .whole_ms = 300 };

	memcpy(m.request, request, sizeof(m.request));
	snprintf(m.target.path, sizeof(m.target.path), "%s", path);
	return m;
}

static struct da_msg_fetched
ask(const struct da_msg_fetch *m, struct da_msg_got *got)
{
	struct da_msg_fetched answered;
	enum da_msg_error error;

	ck_assert(da_msg_send(pusher, m, sizeof(*m), NULL, 0));
	ck_assert(da_msg_recv(pusher, &answered, sizeof(answered), 5000, NULL,
	    got, &error));
	ck_assert_uint_eq(got->size, sizeof(answered));
	ck_assert_uint_eq(answered.head.serial, 5);
	return answered;
}

START_TEST(nobody_at_the_address_is_told)
{
	struct da_msg_fetch m = question(DA_TARGET_UNIX, "/nonexistent/sock");
	struct da_msg_got got;
	struct da_msg_fetched answered = ask(&m, &got);
	struct da_fault why = { (enum da_why)answered.fault.why };

	ck_assert_uint_eq(answered.fetched, 0);
	ck_assert_uint_eq(got.n_fds, 0);
	ck_fault(why, DA_F_TRANSPORT_CONNECT);
	ck_assert_int_eq(answered.error, ENOENT);
}
END_TEST

/* The host is CID 2: another is not even asked. */
START_TEST(only_the_host_is_served)
{
	struct da_msg_fetch m = question(DA_TARGET_VSOCK, "");
	struct da_msg_got got;
	struct da_msg_fetched answered;
	struct da_fault why;

	m.target.cid = DA_CID_HOST + 1;
	m.target.port = DA_WIRE_PORT;
	answered = ask(&m, &got);
	why = (struct da_fault){ (enum da_why)answered.fault.why };
	ck_assert_uint_eq(answered.fetched, 0);
	ck_fault(why, DA_F_TRANSPORT_CONNECT);
	ck_assert_int_eq(answered.error, EPERM);
}
END_TEST

START_TEST(a_bundle_without_room_is_told)
{
	struct da_msg_fetch m = question(DA_TARGET_HANDED, "");
	struct da_msg_got got;
	struct da_msg_fetched answered;

	host_connects();
	answered = ask(&m, &got);
	ck_assert_uint_eq(answered.fetched, 0);
	ck_assert_uint_eq(answered.fault.why, DA_F_NONE);
	ck_assert_int_eq(answered.error, EFBIG);
}
END_TEST

/* The host's connection stays open until the pusher lets it go. */
START_TEST(the_connection_is_kept_until_released)
{
	struct da_msg_fetch m = question(DA_TARGET_HANDED, "");
	struct da_msg_release release = { da_msg_head(DA_MSG_RELEASE, 5) };
	struct da_msg_got got;
	struct da_msg_fetched answered;
	uint8_t byte[DA_WIRE_REQUEST_SIZE];

	host_connects();
	host_sends_part(DA_WIRE_REPORT, "report", 6);
	host_sends_part(DA_WIRE_END, NULL, 0);
	answered = ask(&m, &got);
	ck_assert_uint_eq(answered.fetched, 1);
	ck_assert(da_sealed_check(got.fd[0], answered.size));
	ck_assert_uint_eq(answered.n, 1);
	ck_assert_uint_eq(answered.part[0].gate, DA_BROKEN);
	ck_assert_int_eq(read(ends[1], byte, sizeof(byte)), sizeof(byte));
	ck_assert_int_eq(recv(ends[1], byte, 1, MSG_DONTWAIT), -1);
	ck_assert_int_eq(errno, EAGAIN);
	ck_assert(da_msg_send(pusher, &release, sizeof(release), NULL, 0));
	da_msg_close_fds(&got);
	wait_readable(ends[1]);
	ck_assert_int_eq(read(ends[1], byte, 1), 0);
}
END_TEST

/* Nobody comes: it is told, and whoever comes later is served. */
START_TEST(a_host_that_does_not_come_is_given_up)
{
	struct da_msg_fetch m = question(DA_TARGET_HANDED, "");
	struct da_msg_got got;
	struct da_msg_fetched answered = ask(&m, &got);
	struct da_fault why = { (enum da_why)answered.fault.why };

	ck_fault(why, DA_F_TRANSPORT_CONNECT);
	ck_assert_int_eq(answered.error, ETIMEDOUT);
	host_connects();
	host_sends_part(DA_WIRE_END, NULL, 0);
	answered = ask(&m, &got);
	ck_assert_uint_eq(answered.fetched, 1);
	da_msg_close_fds(&got);
}
END_TEST

/* One request a connection: who was served is not asked a second time. */
START_TEST(a_host_is_asked_once)
{
	struct da_msg_fetch m = question(DA_TARGET_HANDED, "");
	uint8_t sent[2 * DA_WIRE_REQUEST_SIZE];
	struct da_msg_got got;
	struct da_msg_fetched answered;

	host_connects();
	for (int i = 0; i < 2; i++)
		host_sends_part(DA_WIRE_END, NULL, 0);
	answered = ask(&m, &got);
	ck_assert_uint_eq(answered.fetched, 1);
	da_msg_close_fds(&got);
	answered = ask(&m, &got);
	ck_assert_uint_eq(answered.fetched, 0);
	wait_readable(ends[1]);
	ck_assert_int_eq(read(ends[1], sent, sizeof(sent)),
	    DA_WIRE_REQUEST_SIZE);
	/* What it sent beyond the end was not read (unix(7)). */
	ck_assert_int_eq(recv(ends[1], sent, 1, MSG_DONTWAIT), -1);
	ck_assert_int_eq(errno, ECONNRESET);
}
END_TEST

/* What would not fit its clock is no question. */
START_TEST(too_much_patience_is_garbage)
{
	struct da_msg_fetch m = question(DA_TARGET_HANDED, "");

	m.whole_ms = DA_WIRE_ANSWER_MS + 1;
	ck_assert(da_msg_send(pusher, &m, sizeof(m), NULL, 0));
	/* end_process() waits for it. */
}
END_TEST

START_TEST(garbage_from_the_pusher_ends_it)
{
	struct da_msg_fetch m = question(DA_TARGET_UNIX, "/nonexistent/sock");

	ck_assert(da_msg_send(pusher, &m, sizeof(m) - 1, NULL, 0));
	/* end_process() waits for it. */
}
END_TEST

/* Open descriptors of the process that are neither its socket nor nothing. */
static int
others_open(int *ret_all)
{
	char path[64], target[64];
	int others = 0;

	*ret_all = 0;
	for (int fd = 0; fd < 64; fd++) {
		ssize_t n;

		snprintf(path, sizeof(path), "/proc/%d/fd/%d", (int)receiver,
		    fd);
		n = readlink(path, target, sizeof(target) - 1);
		if (n < 0)
			continue;
		target[n] = '\0';
		++*ret_all;
		others += fd != 3 && fd != 4 &&
		    strcmp(target, "/dev/null") != 0;
	}
	return others;
}

/* Its two sockets; standard streams lead nowhere. */
START_TEST(the_process_has_two_descriptors)
{
	struct da_msg_fetch m = question(DA_TARGET_UNIX, "/nonexistent/sock");
	const struct timespec pause = { 0, 10000000 };
	struct da_msg_got got;
	int all, others;

	ask(&m, &got);	/* now it has begun, and soon it is done */
	for (int i = 0; i < 500 && others_open(&all) > 0; i++)
		nanosleep(&pause, NULL);
	others = others_open(&all);
	/* For who is not root the role is closed: next test. */
	if (all == 0)
		printf("SKIPPED: only root sees a role's descriptors\n");
	ck_assert_int_eq(others, 0);
}
END_TEST

/* Of the same user id, and still nobody may look into the role's memory. */
START_TEST(the_process_is_closed_to_its_own_user)
{
	struct da_msg_fetch m = question(DA_TARGET_UNIX, "/nonexistent/sock");
	struct da_msg_got got;
	char path[64];

	ask(&m, &got);
	snprintf(path, sizeof(path), "/proc/%d/mem", (int)receiver);
	if (geteuid() == 0)
		printf("SKIPPED: nothing is closed to root\n");
	else
		ck_assert_int_lt(open(path, O_RDONLY | O_CLOEXEC), 0);
}
END_TEST

/* -- shut in: by which way the host may be reached -- */

/* By the plain system call: a sanitizer asks for more at an end. */
static void
leave(bool done)
{
	syscall(SYS_exit_group, done ? 0 : 1);
}

/* Is there a socket of that family to be had?  Else the process is killed. */
static bool
opens(enum da_target_kind kind, int family)
{
	static const struct da_identity same = { .switches = false };
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		if (!da_receiver_shut_in(&same, kind))
			leave(false);
		syscall(SYS_socket, family, SOCK_STREAM, 0);
		leave(true);
	}
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert(status == 0 ||
	    (WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS));
	return status == 0;
}

START_TEST(no_other_way_to_a_host_is_left)
{
	static const struct da_identity same = { .switches = false };

	ck_assert(opens(DA_TARGET_VSOCK, AF_VSOCK));
	ck_assert(!opens(DA_TARGET_VSOCK, AF_UNIX));
	ck_assert(opens(DA_TARGET_UNIX, AF_UNIX));
	ck_assert(!opens(DA_TARGET_UNIX, AF_VSOCK));
	ck_assert(!opens(DA_TARGET_HANDED, AF_VSOCK));
	ck_assert(!opens(DA_TARGET_HANDED, AF_UNIX));
	ck_assert(!da_receiver_shut_in(&same, DA_TARGET_NONE));
	ck_assert_int_eq(errno, EINVAL);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("receiver");
	TCase *intake = tcase_create("intake");
	TCase *process = tcase_create("process");
	TCase *full = tcase_create("process without room");
	TCase *shut_in = tcase_create("shut in");

	tcase_add_checked_fixture(intake, set_up, tear_down);
	tcase_add_test(intake, an_answer_is_recorded_as_it_came_and_sealed);
	tcase_add_test(intake, a_part_longer_than_a_read_is_whole);
	tcase_add_test(intake, a_host_that_says_nothing_is_given_up);
	tcase_add_test(intake, a_host_that_trickles_is_given_up);
	tcase_add_test(intake, a_host_that_hangs_up_is_given_up);
	tcase_add_test(intake, a_host_that_ends_inside_a_part_is_given_up);
	tcase_add_test(intake, a_failure_is_the_hosts_word);
	tcase_add_test(intake, heads_keep_the_rules);
	tcase_add_test(intake, a_full_memfd_is_no_fault_of_the_hosts);
	tcase_add_checked_fixture(process, start_process, end_process);
	tcase_add_test(process, nobody_at_the_address_is_told);
	tcase_add_test(process, only_the_host_is_served);
	tcase_add_test(process, the_connection_is_kept_until_released);
	tcase_add_test(process, a_host_that_does_not_come_is_given_up);
	tcase_add_test(process, a_host_is_asked_once);
	tcase_add_test(process, too_much_patience_is_garbage);
	tcase_add_test(process, garbage_from_the_pusher_ends_it);
	tcase_add_test(process, the_process_has_two_descriptors);
	tcase_add_test(process, the_process_is_closed_to_its_own_user);
	suite_add_tcase(suite, intake);
	tcase_add_checked_fixture(full, start_without_room, end_process);
	tcase_add_test(full, a_bundle_without_room_is_told);
	tcase_add_test(shut_in, no_other_way_to_a_host_is_left);
	suite_add_tcase(suite, process);
	suite_add_tcase(suite, full);
	suite_add_tcase(suite, shut_in);
	return run_suite(suite);
}
