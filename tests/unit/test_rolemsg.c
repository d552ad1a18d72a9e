/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Messages between roles, and what the pusher makes of a role that dies,
 * stalls or talks nonsense: a refusal, never an answer.
 */
#include <errno.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "guestd/roles.h"
#include "guestd/sealed.h"
#include "unit.h"

static int ends[2];

static void
pair(void)
{
	ck_assert(da_msg_pair(ends));
}

static void
unpair(void)
{
	close(ends[0]);
	close(ends[1]);
}

static int
lowest_free_fd(void)
{
	int fd = dup(0);

	close(fd);
	return fd;
}

/* -- one message -- */

START_TEST(a_message_arrives_whole)
{
	struct da_msg_release out = { da_msg_head(DA_MSG_RELEASE, 7) }, in;
	struct da_msg_got got;
	enum da_msg_error error;

	ck_assert(da_msg_send(ends[0], &out, sizeof(out), NULL, 0));
	ck_assert(da_msg_recv(ends[1], &in, sizeof(in), 1000, NULL, &got,
	    &error));
	ck_assert(da_msg_is(&in, &got, DA_MSG_RELEASE, sizeof(in), 0));
	ck_assert_uint_eq(in.head.serial, 7);
	ck_assert(!da_msg_is(&in, &got, DA_MSG_FETCH, sizeof(in), 0));
	ck_assert(!da_msg_is(&in, &got, DA_MSG_RELEASE, sizeof(in) + 1, 0));
	ck_assert(!da_msg_is(&in, &got, DA_MSG_RELEASE, sizeof(in), 1));
}
END_TEST

START_TEST(another_version_is_none)
{
	struct da_msg_release out = { da_msg_head(DA_MSG_RELEASE, 7) }, in;
	struct da_msg_got got;
	enum da_msg_error error;

	out.head.version++;
	ck_assert(da_msg_send(ends[0], &out, sizeof(out), NULL, 0));
	ck_assert(da_msg_recv(ends[1], &in, sizeof(in), 1000, NULL, &got,
	    &error));
	ck_assert(!da_msg_is(&in, &got, DA_MSG_RELEASE, sizeof(in), 0));
}
END_TEST

START_TEST(descriptors_come_along_closed_on_exec)
{
	struct da_msg_release out = { da_msg_head(DA_MSG_RELEASE, 1) }, in;
	struct da_msg_got got;
	enum da_msg_error error;
	int fds[2] = { 0, 0 };

	ck_assert(da_msg_send(ends[0], &out, sizeof(out), fds, 2));
	ck_assert(da_msg_recv(ends[1], &in, sizeof(in), 1000, NULL, &got,
	    &error));
	ck_assert(da_msg_is(&in, &got, DA_MSG_RELEASE, sizeof(in), 2));
	ck_assert_int_eq(fcntl(got.fd[0], F_GETFD), FD_CLOEXEC);
	ck_assert_int_eq(fcntl(got.fd[1], F_GETFD), FD_CLOEXEC);
	da_msg_close_fds(&got);
	ck_assert_uint_eq(got.n_fds, 0);
}
END_TEST

/* No descriptor of a message that is refused stays open. */
START_TEST(a_message_that_is_too_long_is_garbage)
{
	uint8_t out[64] = { 0 }, in[16];
	struct da_msg_got got;
	enum da_msg_error error = DA_MSG_OK;
	int fd = 0, before = lowest_free_fd();

	ck_assert(da_msg_send(ends[0], out, sizeof(out), &fd, 1));
	ck_assert(!da_msg_recv(ends[1], in, sizeof(in), 1000, NULL, &got,
	    &error));
	ck_assert_int_eq(error, DA_MSG_GARBAGE);
	ck_assert_int_eq(lowest_free_fd(), before);
}
END_TEST

START_TEST(silence_and_the_end_are_told_apart)
{
	uint8_t in[16];
	struct da_msg_got got;
	enum da_msg_error error = DA_MSG_OK;

	ck_assert(!da_msg_recv(ends[1], in, sizeof(in), 20, NULL, &got,
	    &error));
	ck_assert_int_eq(error, DA_MSG_TIMEOUT);
	close(ends[0]);
	ck_assert(!da_msg_recv(ends[1], in, sizeof(in), 1000, NULL, &got,
	    &error));
	ck_assert_int_eq(error, DA_MSG_CLOSED);
	ck_assert(!da_msg_send(ends[1], in, sizeof(in), NULL, 0));
	ends[0] = dup(0);
}
END_TEST

static void
on_alarm(int number)
{
	(void)number;
}

START_TEST(a_signal_that_is_let_through_stops_the_wait)
{
	struct sigaction action = { .sa_handler = on_alarm };
	sigset_t blocked, open;
	uint8_t in[16];
	struct da_msg_got got;
	enum da_msg_error error = DA_MSG_OK;

	sigaction(SIGTERM, &action, NULL);
	sigemptyset(&blocked);
	sigaddset(&blocked, SIGTERM);
	sigprocmask(SIG_BLOCK, &blocked, &open);
	raise(SIGTERM);
	ck_assert(!da_msg_recv(ends[1], in, sizeof(in), 5000, &open, &got,
	    &error));
	ck_assert_int_eq(error, DA_MSG_STOPPED);
}
END_TEST

/* -- the receiver's answers: one is laid out beforehand -- */

static struct da_live_roles roles;

static void
make_roles(void)
{
	static const struct da_target target = { .kind = DA_TARGET_UNIX,
		.path = "/nowhere" };

	pair();
	da_roles_init(&roles, ends[0], ends[0], &target);
	roles.fetch_ms = roles.judge_ms = 2000;
}

static struct da_msg_fetched
good_answer(void)
{
	struct da_msg_fetched m = { .head = da_msg_head(DA_MSG_FETCHED, 1),
		.fetched = 1, .n = 1, .size = 90 };

	m.part[0] = (struct da_msg_part){ .type = DA_WIRE_REPORT,
		.length = 10, .offset = 80 };
	return m;
}

static int
bundle(size_t size, bool sealed)
{
	uint8_t bytes[256] = { 0 };
	int fd;

	ck_assert(da_sealed_new(&fd));
	ck_assert(da_sealed_append(fd, bytes, size));
	if (sealed)
		ck_assert(da_sealed_seal(fd));
	return fd;
}

static bool
fetch(const void *answer, size_t size, int fd, struct da_refusal *why)
{
	uint8_t request[DA_WIRE_REQUEST_SIZE] = { 0 };
	struct da_fetched fetched;
	bool did;

	ck_assert(da_msg_send(ends[1], answer, size, &fd, fd >= 0 ? 1 : 0));
	if (fd >= 0)
		close(fd);
	did = roles.base.ops->fetch(&roles.base, request, &fetched, why);
	if (did)
		close(fetched.memfd);
	return did;
}

static void
ck_own_fault(const struct da_refusal *why, const char *text)
{
	ck_assert_int_eq(why->exit_class, 1);
	ck_assert_int_eq(why->fault.why, DA_F_NONE);
	ck_assert_ptr_nonnull(strstr(why->text, text));
}

START_TEST(a_sealed_bundle_is_taken)
{
	struct da_msg_fetched m = good_answer();
	struct da_refusal why;

	ck_assert(fetch(&m, sizeof(m), bundle(90, true), &why));
}
END_TEST

START_TEST(an_unsealed_bundle_is_not)
{
	struct da_msg_fetched m = good_answer();
	struct da_refusal why;
	int before = lowest_free_fd();

	ck_assert(!fetch(&m, sizeof(m), bundle(90, false), &why));
	ck_own_fault(&why, "not sealed");
	ck_assert_int_eq(lowest_free_fd(), before);
}
END_TEST

START_TEST(a_bundle_of_another_size_is_not)
{
	struct da_msg_fetched m = good_answer();
	struct da_refusal why;

	ck_assert(!fetch(&m, sizeof(m), bundle(91, true), &why));
	ck_own_fault(&why, "another size");
}
END_TEST

START_TEST(a_false_table_is_none)
{
	struct da_msg_fetched m[7];
	struct da_refusal why;

	for (int i = 0; i < 7; i++)
		m[i] = good_answer();
	m[0].part[0].length = 11;
	m[1].part[0].offset = 81;
	m[2].part[0].offset = UINT64_MAX;
	m[3].n = DA_MAX_PARTS + 1;
	m[4].n = 2;			/* the second: type 0 after 10 */
	m[5].part[0].type = 0x7f01;	/* no type of ours: its cap is 0 */
	m[5].part[0].length = UINT32_MAX;
	m[6].size = DA_BUNDLE_MAX + 1;
	for (int i = 0; i < 7; i++) {
		m[i].head.serial = (uint64_t)i + 1;
		ck_assert(!fetch(&m[i], sizeof(m[i]), bundle(90, true), &why));
		ck_own_fault(&why, "table is false");
	}
}
END_TEST

START_TEST(garbage_is_no_answer)
{
	struct da_msg_fetched m = good_answer();
	struct da_msg_release other = { da_msg_head(DA_MSG_RELEASE, 2) };
	struct da_refusal why;

	ck_assert(!fetch(&m, sizeof(m) - 1, -1, &why));
	ck_own_fault(&why, "garbage");
	ck_assert(!fetch(&other, sizeof(other), -1, &why));
	ck_own_fault(&why, "garbage");
	/* The right size and kind, to another question. */
	m.head.serial = 99;
	ck_assert(!fetch(&m, sizeof(m), bundle(90, true), &why));
	ck_own_fault(&why, "garbage");
	/* Says that it has a bundle, and has none. */
	m.head.serial = 4;
	ck_assert(!fetch(&m, sizeof(m), -1, &why));
	ck_own_fault(&why, "garbage");
	/* A zero-filled message. */
	memset(&m, 0, sizeof(m));
	ck_assert(!fetch(&m, sizeof(m), -1, &why));
	ck_own_fault(&why, "garbage");
}
END_TEST

START_TEST(a_fault_is_passed_on_with_its_class)
{
	struct da_msg_fetched m = { .head = da_msg_head(DA_MSG_FETCHED, 1),
		.error = ECONNREFUSED,
		.fault = { DA_F_TRANSPORT_CONNECT, DA_PART_NONE, 0 } };
	struct da_refusal why;

	ck_assert(!fetch(&m, sizeof(m), -1, &why));
	ck_fault(why.fault, DA_F_TRANSPORT_CONNECT);
	ck_assert_int_eq(why.exit_class, 10);
	ck_assert_str_eq(why.text, strerror(ECONNREFUSED));
	m.head.serial = 2;
	m.fault = (struct da_msg_fault){ DA_F_WIRE_ID, DA_PART_ANSWER, 72 };
	ck_assert(!fetch(&m, sizeof(m), -1, &why));
	ck_assert_int_eq(why.exit_class, 8);
	ck_assert_int_eq(why.check, DA_CHK_WELL_FORMED);
	ck_assert_uint_eq(why.fault.offset, 72);
	/* A number that is in no list is our own fault. */
	m.head.serial = 3;
	m.fault.why = DA_F_COUNT;
	ck_assert(!fetch(&m, sizeof(m), -1, &why));
	ck_own_fault(&why, "no bundle");
}
END_TEST

START_TEST(a_receiver_without_room_says_why)
{
	struct da_msg_fetched m = { .head = da_msg_head(DA_MSG_FETCHED, 1),
		.error = ENOSPC };
	struct da_refusal why;

	ck_assert(!fetch(&m, sizeof(m), -1, &why));
	ck_own_fault(&why, "no bundle: ");
	ck_own_fault(&why, strerror(ENOSPC));
}
END_TEST

/* What is judged is what is pushed: the gate's word, and no part too many. */
START_TEST(a_bundle_has_what_the_gate_let_through)
{
	static const uint8_t file[] = "vcareport";
	struct da_msg_part part[DA_MAX_PARTS + 1] = {
		{ .type = DA_WIRE_VCA, .length = 3, .gate = DA_BROKEN },
		{ .type = DA_WIRE_REPORT, .length = 6, .offset = 3,
		    .gate = DA_UNKNOWN } };
	struct da_ticket ticket = { .version = DA_TICKET_VERSION };
	struct da_slice all = da_slice_of(file, 9);
	struct da_bundle b = da_msg_bundle(part, 2, &ticket, all);

	ck_assert(!b.given[DA_PART_VCA] && b.given[DA_PART_REPORT]);
	ck_assert_mem_eq(b.part[DA_PART_REPORT].p, "report", 6);
	part[0].gate = DA_HOLDS;
	b = da_msg_bundle(part, 1, &ticket, all);
	ck_assert(b.given[DA_PART_VCA] && !b.given[DA_PART_REPORT]);
	/* A count that is false is cut to the table. */
	part[DA_MAX_PARTS] = part[1];
	part[1].gate = DA_BROKEN;
	b = da_msg_bundle(part, UINT32_MAX, &ticket, all);
	ck_assert(b.given[DA_PART_VCA] && !b.given[DA_PART_REPORT]);
}
END_TEST

START_TEST(a_dead_or_slow_receiver_is_told)
{
	uint8_t request[DA_WIRE_REQUEST_SIZE] = { 0 };
	struct da_fetched fetched;
	struct da_refusal why;

	roles.fetch_ms = 20;
	ck_assert(!roles.base.ops->fetch(&roles.base, request, &fetched, &why));
	ck_own_fault(&why, "receiver did not answer in time");
	close(ends[1]);
	ck_assert(!roles.base.ops->fetch(&roles.base, request, &fetched, &why));
	ck_own_fault(&why, "receiver died");
	ends[1] = dup(0);
}
END_TEST

/* -- the judges: a warden that answers as the test wants -- */

enum warden_mode {
	ANSWERS, SENDS_SHORT, OTHER_SERIAL, OTHER_KIND, HANGS_UP, IS_SILENT
};

static void
reply_as(enum warden_mode mode, int reply, const struct da_msg_job *job)
{
	struct da_msg_proof proof = { .head = da_msg_head(DA_MSG_PROOF,
	    job->head.serial + (mode == OTHER_SERIAL ? 1 : 0)),
		.proof = { .version = DA_PROOF_VERSION } };

	if (mode == OTHER_KIND)
		proof.head.kind = DA_MSG_VERDICT;
	if (mode != HANGS_UP && mode != IS_SILENT)
		da_msg_send(reply, &proof, sizeof(proof) -
		    (mode == SENDS_SHORT ? 8 : 0), NULL, 0);
}

static pid_t
start_warden(enum warden_mode mode)
{
	pid_t child = fork();
	struct da_msg_got got;
	struct da_msg_job job;
	enum da_msg_error error;

	if (child != 0)
		return child;
	if (!da_msg_recv(ends[1], &job, sizeof(job), 2000, NULL, &got,
	    &error) || !da_msg_is(&job, &got, DA_MSG_AUTHENTICATE,
	    sizeof(job), 2))
		_exit(1);
	reply_as(mode, got.fd[1], &job);
	if (mode == IS_SILENT)
		usleep(400000);
	_exit(0);
}

static bool
authenticate(enum warden_mode mode, struct da_refusal *why)
{
	struct da_msg_job job;
	struct da_proof proof;
	pid_t child = start_warden(mode);
	int status, memfd = bundle(90, true);
	bool did;

	memset(&job, 0, sizeof(job));
	if (mode == IS_SILENT)
		roles.judge_ms = 50;
	did = roles.base.ops->authenticate(&roles.base, &job, memfd, &proof,
	    why);
	close(memfd);
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert_int_eq(status, 0);
	return did;
}

START_TEST(a_judges_answer_is_taken_or_refused)
{
	static const struct {
		enum warden_mode mode;
		const char *text;
	} cases[] = {
		{ SENDS_SHORT, "authenticator answered garbage" },
		{ OTHER_SERIAL, "authenticator answered garbage" },
		{ OTHER_KIND, "authenticator answered garbage" },
		{ HANGS_UP, "authenticator died" },
		{ IS_SILENT, "authenticator did not answer in time" },
	};
	struct da_refusal why;

	ck_assert(authenticate(ANSWERS, &why));
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		ck_assert(!authenticate(cases[i].mode, &why));
		ck_own_fault(&why, cases[i].text);
	}
}
END_TEST

START_TEST(a_dead_warden_is_told)
{
	static struct da_msg_count question;
	struct da_msg_job job;
	struct da_verdict verdict;
	struct da_refusal why;
	int memfd = bundle(90, true);

	close(ends[1]);
	memset(&job, 0, sizeof(job));
	ck_assert(!roles.base.ops->appraise(&roles.base, &job, memfd, &verdict,
	    &why));
	ck_own_fault(&why, "warden died");
	ck_assert(!roles.base.ops->count(&roles.base, &question, &why));
	ck_own_fault(&why, "warden died");
	close(memfd);
	ends[1] = dup(0);
}
END_TEST

START_TEST(a_count_holds_or_says_why)
{
	static struct da_msg_count question;
	struct da_msg_counted m = { .head = da_msg_head(DA_MSG_COUNTED, 1),
		.holds = 1 };
	struct da_refusal why;

	ck_assert(da_msg_send(ends[1], &m, sizeof(m), NULL, 0));
	ck_assert(roles.base.ops->count(&roles.base, &question, &why));
	m.head.serial = 2;
	m.holds = 0;
	m.fault.why = DA_F_POLICY_COUNT;
	ck_assert(da_msg_send(ends[1], &m, sizeof(m), NULL, 0));
	ck_assert(!roles.base.ops->count(&roles.base, &question, &why));
	ck_fault(why.fault, DA_F_POLICY_COUNT);
	/* Neither yes nor a reason: no. */
	m.head.serial = 3;
	m.fault.why = DA_F_NONE;
	ck_assert(da_msg_send(ends[1], &m, sizeof(m), NULL, 0));
	ck_assert(!roles.base.ops->count(&roles.base, &question, &why));
	ck_assert_int_eq(why.exit_class, 1);
}
END_TEST

START_TEST(the_warden_is_ready_or_says_why)
{
	struct da_msg_ready m = { .head = da_msg_head(DA_MSG_READY, 0) }, got;
	struct da_refusal why;

	memset(m.text, 'x', sizeof(m.text));	/* without an end */
	ck_assert(da_msg_send(ends[1], &m, sizeof(m), NULL, 0));
	ck_assert(!da_roles_ready(&roles, &got, &why));
	ck_own_fault(&why, "xxx");
	m.ready = 1;
	ck_assert(da_msg_send(ends[1], &m, sizeof(m), NULL, 0));
	ck_assert(da_roles_ready(&roles, &got, &why));
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("messages between roles");
	TCase *message = tcase_create("one message");
	TCase *role = tcase_create("roles");

	tcase_add_checked_fixture(message, pair, unpair);
	tcase_add_test(message, a_message_arrives_whole);
	tcase_add_test(message, another_version_is_none);
	tcase_add_test(message, descriptors_come_along_closed_on_exec);
	tcase_add_test(message, a_message_that_is_too_long_is_garbage);
	tcase_add_test(message, silence_and_the_end_are_told_apart);
	tcase_add_test(message, a_signal_that_is_let_through_stops_the_wait);
	tcase_add_checked_fixture(role, make_roles, unpair);
	tcase_add_test(role, a_sealed_bundle_is_taken);
	tcase_add_test(role, an_unsealed_bundle_is_not);
	tcase_add_test(role, a_bundle_of_another_size_is_not);
	tcase_add_test(role, a_false_table_is_none);
	tcase_add_test(role, garbage_is_no_answer);
	tcase_add_test(role, a_fault_is_passed_on_with_its_class);
	tcase_add_test(role, a_receiver_without_room_says_why);
	tcase_add_test(role, a_bundle_has_what_the_gate_let_through);
	tcase_add_test(role, a_dead_or_slow_receiver_is_told);
	tcase_add_test(role, a_judges_answer_is_taken_or_refused);
	tcase_add_test(role, a_dead_warden_is_told);
	tcase_add_test(role, a_count_holds_or_says_why);
	tcase_add_test(role, the_warden_is_ready_or_says_why);
	suite_add_tcase(suite, message);
	suite_add_tcase(suite, role);
	return run_suite(suite);
}
