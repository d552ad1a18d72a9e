/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A host that hangs up at each byte of an answer: never a whole bundle, never a
 * sealed one.  And a receiver that a thousand such hosts, and good ones, leave
 * as large as it was.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "flat.h"
#include "guestd/receiver.h"
#include "guestd/rolemsg.h"
#include "guestd/sealed.h"

#define ID	0x1122334455667788u

static const struct da_deadlines deadlines = { 1000, 2000 };
static uint8_t request[DA_WIRE_REQUEST_SIZE];
static uint8_t sent[2048];
static size_t n_sent;

static void
add(const void *bytes, size_t n)
{
	memcpy(sent + n_sent, bytes, n);
	n_sent += n;
}

static void
add_part(uint16_t type, const void *body, uint32_t n)
{
	struct da_wire_head head = { type, 0, n, ID };
	uint8_t raw[DA_WIRE_HEAD_SIZE];

	da_wire_put_head(&head, raw);
	add(raw, sizeof(raw));
	if (n > 0)
		add(body, n);
}

/* Every kind of part that a device without a CHALLENGE gives. */
static void
lay_out(void)
{
	static const uint8_t body[300];
	struct da_wire_request r = { .wanted = DA_WIRE_WANT_ALL, .id = ID };

	da_wire_put_request(&r, request);
	n_sent = 0;
	add_part(DA_WIRE_CHAIN_FIRST, body, 300);
	add_part(DA_WIRE_VCA, body, 100);
	add_part(DA_WIRE_MEASUREMENTS, body, 200);
	add_part(DA_WIRE_REPORT, body, 50);
	add_part(DA_WIRE_END, NULL, 0);
	signal(SIGPIPE, SIG_IGN);
}

/* The first n bytes, and the end of the connection. */
static bool
receive_first(size_t n, struct da_fault *ret_fault, bool *ret_sealed)
{
	struct da_answer answer;
	int ends[2], memfd;
	bool whole;

	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
	ck_assert(da_sealed_new(&memfd));
	ck_assert_int_eq(write(ends[1], sent, n), (ssize_t)n);
	ck_assert_int_eq(shutdown(ends[1], SHUT_WR), 0);
	whole = da_receive(ends[0], request, &deadlines, memfd, &answer,
	    ret_fault);
	*ret_sealed = da_sealed_check(memfd, DA_WIRE_REQUEST_SIZE + n);
	close(ends[0]);
	close(ends[1]);
	close(memfd);
	return whole;
}

START_TEST(it_hangs_up_at_each_byte)
{
	struct da_fault fault;
	bool sealed;

	for (size_t n = 0; n < n_sent; n++) {
		fault.why = DA_F_NONE;
		ck_assert_msg(!receive_first(n, &fault, &sealed),
		    "an answer cut at byte %zu is whole", n);
		ck_fault(fault, DA_F_TRANSPORT_CLOSED);
		ck_assert(!sealed);
	}
	ck_assert(receive_first(n_sent, &fault, &sealed));
	ck_assert(sealed);
}
END_TEST

/* Bytes behind the end are the next answer's, or nobody's: never read. */
START_TEST(what_follows_the_end_is_not_read)
{
	struct da_fault fault;
	bool sealed;

	add("more", 4);
	ck_assert(receive_first(n_sent, &fault, &sealed));
	n_sent -= 4;
	ck_assert(!sealed);	/* it is shorter than what was sent */
}
END_TEST

/* -- a thousand of them -- */

static char folder[40];
static struct da_msg_fetch job;
static pid_t host, receiver;
static int pusher;		/* our end of the receiver's socket */

/* In turn: all of it, half of it, nothing, and bytes of no meaning. */
static void
answer(int fd, unsigned int turn)
{
	static const uint8_t nonsense[64] = { 0x47 };
	uint8_t asked[DA_WIRE_REQUEST_SIZE];

	if (recv(fd, asked, sizeof(asked), MSG_WAITALL) != sizeof(asked))
		return;
	if (turn % 4 < 2)
		send(fd, sent, turn % 4 == 0 ? n_sent : n_sent / 2,
		    MSG_NOSIGNAL);
	if (turn % 4 == 3)
		send(fd, nonsense, sizeof(nonsense), MSG_NOSIGNAL);
	if (turn % 4 == 0)
		(void)!recv(fd, asked, 1, 0);	/* until it lets go */
}

static void
start_host(void)
{
	struct sockaddr_un un = { .sun_family = AF_UNIX };
	int fd, listening = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	snprintf(folder, sizeof(folder), "/tmp/devattest-test-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	snprintf(un.sun_path, sizeof(un.sun_path), "%s/host", folder);
	ck_assert_int_eq(bind(listening, (struct sockaddr *)&un, sizeof(un)),
	    0);
	ck_assert_int_eq(listen(listening, 4), 0);
	job = (struct da_msg_fetch){ .target.kind = DA_TARGET_UNIX,
		.idle_ms = 1000, .whole_ms = 2000 };
	memcpy(job.target.path, un.sun_path, sizeof(job.target.path));
	memcpy(job.request, request, sizeof(job.request));
	host = fork();
	for (unsigned int turn = 0; host == 0; turn++) {
		fd = accept(listening, NULL, NULL);
		answer(fd, turn);
		close(fd);
	}
	close(listening);
}

static void
start_receiver(void)
{
	int ends[2];

	lay_out();
	start_host();
	ck_assert(da_msg_pair(ends));
	receiver = fork();
	if (receiver == 0) {
		close(ends[0]);
		da_receiver_run(ends[1], -1);
		_exit(0);
	}
	close(ends[1]);
	pusher = ends[0];
}

static void
end_all(void)
{
	char path[60];

	close(pusher);
	ck_assert_int_eq(waitpid(receiver, NULL, 0), receiver);
	kill(host, SIGKILL);
	ck_assert_int_eq(waitpid(host, NULL, 0), host);
	snprintf(path, sizeof(path), "%s/host", folder);
	unlink(path);
	ck_assert_int_eq(rmdir(folder), 0);
}

/* One request; the bundle, where there is one, is dropped. */
static bool
ask(uint64_t serial)
{
	struct da_msg_release release = {
		.head = da_msg_head(DA_MSG_RELEASE, serial) };
	struct da_msg_fetched msg;
	struct da_msg_got got;
	enum da_msg_error error;

	job.head = da_msg_head(DA_MSG_FETCH, serial);
	ck_assert(da_msg_send(pusher, &job, sizeof(job), NULL, 0));
	ck_assert(da_msg_recv(pusher, &msg, sizeof(msg), FLAT_PATIENCE_MS,
	    NULL, &got, &error));
	ck_assert(da_msg_is(&msg, &got, DA_MSG_FETCHED, sizeof(msg),
	    msg.fetched == 1 ? 1 : 0));
	da_msg_close_fds(&got);
	ck_assert(da_msg_send(pusher, &release, sizeof(release), NULL, 0));
	return msg.fetched == 1;
}

static int
ask_often(int n)
{
	int whole = 0;

	for (int i = 0; i < n; i++)
		whole += ask((uint64_t)i) ? 1 : 0;
	return whole;
}

START_TEST(a_thousand_hosts_leave_it_flat)
{
	struct size before;

	ck_assert_int_eq(ask_often(FLAT_WARM), FLAT_WARM / 4);
	before = size_of(receiver, idle_descriptors(receiver));
	ck_assert_int_eq(ask_often(FLAT_REQUESTS), FLAT_REQUESTS / 4);
	is_flat("receiver", before, size_of(receiver, before.descriptors));
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("hangup");
	TCase *one = tcase_create("host");
	TCase *thousand = tcase_create("thousand");

	tcase_add_checked_fixture(one, lay_out, NULL);
	tcase_set_timeout(one, 60);
	tcase_add_test(one, it_hangs_up_at_each_byte);
	tcase_add_test(one, what_follows_the_end_is_not_read);
	suite_add_tcase(suite, one);
	tcase_add_checked_fixture(thousand, start_receiver, end_all);
	tcase_set_timeout(thousand, 120);
	tcase_add_test(thousand, a_thousand_hosts_leave_it_flat);
	suite_add_tcase(suite, thousand);
	return run_suite(suite);
}
