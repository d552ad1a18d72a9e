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

/* The longest, twice in a row, and nobody reads yet. */
START_TEST(the_longest_message_has_room)
{
	static struct da_msg_count out, in;
	struct da_msg_got got;
	enum da_msg_error error;
	int fds[DA_MSG_MAX_FDS] = { 0 };

	out.head = da_msg_head(DA_MSG_COUNT, 1);
	memset(out.one, 0x5a, sizeof(out.one));
	for (int i = 0; i < 2; i++)
		ck_assert(da_msg_send(ends[i], &out, sizeof(out), fds,
		    DA_MSG_MAX_FDS));
	for (int i = 0; i < 2; i++) {
		ck_assert(da_msg_recv(ends[1 - i], &in, sizeof(in), 1000, NULL,
		    &got, &error));
		ck_assert(da_msg_is(&in, &got, DA_MSG_COUNT, sizeof(in),
		    DA_MSG_MAX_FDS));
		ck_assert_mem_eq(&in, &out, sizeof(in));
		da_msg_close_fds(&got);
	}
	ck_assert(!da_msg_send(ends[0], &out, sizeof(out), fds,
	    DA_MSG_MAX_FDS + 1));
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
	da_roles_init(&roles, ends[0], ends[0], ends[0], &target);
	roles.judge_ms = 2000;
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
	did = roles.base.ops->fetch(&roles.base, request, 2000, &fetched, why);
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

/* What was cut is said to be: by the gate's word, and the ticket's platform. */
START_TEST(a_cut_part_is_read_as_one)
{
	static const uint8_t file[] = "chainother meas";
	struct da_msg_part part[DA_MAX_PARTS] = {
		{ .type = 2, .length = 5, .gate = DA_BROKEN },
		{ .type = 3, .length = 5, .offset = 5, .gate = DA_HOLDS },
		{ .type = DA_WIRE_MEASUREMENTS, .length = 4, .offset = 11,
		    .gate = DA_HOLDS } };
	struct da_ticket ticket = { .version = DA_TICKET_VERSION,
		.platform = DA_PLATFORM_ARM_CCA, .abi = "bet0" };
	struct da_slice all = da_slice_of(file, 15);
	struct da_bundle b = da_msg_bundle(part, 3, &ticket, all);

	ck_assert_uint_eq(b.slot, 3);
	ck_assert_int_eq(b.chain_form, DA_CHAIN_COVERED);
	ck_assert_uint_eq(b.meas_tail, DA_MAX_MEAS_TAIL);
	ticket.platform = DA_PLATFORM_EMULATED;
	b = da_msg_bundle(part, 3, &ticket, all);
	ck_assert_int_eq(b.chain_form, DA_CHAIN_SPDM);
	ck_assert_uint_eq(b.meas_tail, 0);
	/* The one that holds is another slot's than the TSM's: not taken. */
	ticket.platform = DA_PLATFORM_ARM_CCA;
	ticket.slot_known = 1;
	ticket.slot = 2;
	part[0].gate = part[2].gate = DA_UNKNOWN;
	b = da_msg_bundle(part, 3, &ticket, all);
	ck_assert_uint_eq(b.slot, 2);
	ck_assert_int_eq(b.chain_form, DA_CHAIN_SPDM);
	ck_assert_uint_eq(b.meas_tail, 0);
}
END_TEST

/* No parser before the gate: what has no row there is nobody's to read. */
START_TEST(a_bundle_has_no_part_that_no_digest_covers)
{
	static const uint8_t file[] = "abcdef";
	static const uint16_t types[] = { DA_WIRE_DEVICE_INFO,
		DA_WIRE_CHALLENGE, DA_WIRE_DIGESTS_CERTS, DA_WIRE_MEL,
		DA_WIRE_COLLATERAL };
	struct da_msg_part part[DA_MAX_PARTS] = {
		{ .type = DA_WIRE_VCA, .length = 1, .gate = DA_UNKNOWN } };
	struct da_ticket ticket = { .version = DA_TICKET_VERSION };
	uint32_t n = sizeof(types) / sizeof(types[0]);
	struct da_bundle b;

	for (uint32_t i = 0; i < n; i++)
		part[i + 1] = (struct da_msg_part){ .type = types[i],
			.length = 1, .offset = i + 1, .gate = DA_HOLDS };
	b = da_msg_bundle(part, n + 1, &ticket, da_slice_of(file, 6));
	for (enum da_part p = 0; p < DA_PART_COUNT; p++)
		ck_assert(b.given[p] == (p == DA_PART_VCA));
}
END_TEST

START_TEST(a_dead_or_slow_receiver_is_told)
{
	uint8_t request[DA_WIRE_REQUEST_SIZE] = { 0 };
	struct da_fetched fetched;
	struct da_refusal why;

	roles.grace_ms = 10;
	ck_assert(!roles.base.ops->fetch(&roles.base, request, 10, &fetched,
	    &why));
	ck_own_fault(&why, "receiver did not answer in time");
	close(ends[1]);
	ck_assert(!roles.base.ops->fetch(&roles.base, request, 10, &fetched,
	    &why));
	ck_own_fault(&why, "receiver died");
	ends[1] = dup(0);
}
END_TEST

/* The host has no more time than the pusher, or than the contract says. */
START_TEST(the_receiver_is_told_how_patient_to_be)
{
	static const struct {
		int whole;
		uint32_t told_idle, told_whole;
	} cases[] = {
		{ 60000, DA_WIRE_IDLE_MS, DA_WIRE_ANSWER_MS },
		{ 7000, DA_WIRE_IDLE_MS, 7000 },
		{ 300, 300, 300 },
	};
	uint8_t request[DA_WIRE_REQUEST_SIZE] = { 0 };
	struct da_msg_fetched answer = { .fault = { DA_F_TRANSPORT_CLOSED } };
	struct da_fetched fetched;
	struct da_msg_fetch asked;
	struct da_refusal why;
	struct da_msg_got got;
	enum da_msg_error error;

	for (size_t i = 0; i < 3; i++) {
		answer.head = da_msg_head(DA_MSG_FETCHED, i + 1);
		ck_assert(da_msg_send(ends[1], &answer, sizeof(answer), NULL,
		    0));
		ck_assert(!roles.base.ops->fetch(&roles.base, request,
		    cases[i].whole, &fetched, &why));
		ck_fault(why.fault, DA_F_TRANSPORT_CLOSED);
		ck_assert(da_msg_recv(ends[1], &asked, sizeof(asked), 1000,
		    NULL, &got, &error));
		ck_assert_uint_eq(asked.idle_ms, cases[i].told_idle);
		ck_assert_uint_eq(asked.whole_ms, cases[i].told_whole);
	}
}
END_TEST

/* A question that was given up is answered late: the next one's is not lost. */
START_TEST(a_late_answer_is_passed_over)
{
	struct da_msg_fetched m = good_answer();
	int before, fd = bundle(90, true);
	struct da_refusal why;

	before = lowest_free_fd();
	roles.serial = 5;
	m.head.serial = 4;
	ck_assert(da_msg_send(ends[1], &m, sizeof(m), &fd, 1));
	m.head.serial = 5;
	ck_assert(da_msg_send(ends[1], &m, sizeof(m), &fd, 1));
	m.head.serial = 6;
	ck_assert(fetch(&m, sizeof(m), fd, &why));
	ck_assert_int_eq(lowest_free_fd(), before - 1);	/* fetch closed it */
	/* But not for ever. */
	for (int i = 0; i < 4; i++) {
		m.head.serial = 1;
		m.fetched = 0;
		ck_assert(da_msg_send(ends[1], &m, sizeof(m), NULL, 0));
	}
	m.head.serial = 7;
	ck_assert(!fetch(&m, sizeof(m), -1, &why));
	ck_own_fault(&why, "garbage");
}
END_TEST

/* -- the judges: a warden that answers as the test wants -- */

#define N	3		/* functions of the device */

enum warden_mode {
	ANSWERS, SENDS_SHORT, OTHER_SERIAL, OTHER_KIND, HANGS_UP, IS_SILENT,
	OTHER_COUNT, OTHER_BUNDLE, OTHER_TICKET
};

static struct da_seal
seal_of(uint32_t i)
{
	struct da_seal seal;

	memset(seal.bundle, 1 + (int)i, sizeof(seal.bundle));
	memset(seal.ticket, 101 + (int)i, sizeof(seal.ticket));
	return seal;
}

/* What differs, differs in one bit of the last function. */
static void
reply_as(enum warden_mode mode, int reply, const struct da_msg_job *job)
{
	static struct da_msg_proof proof;

	proof = (struct da_msg_proof){ .head = da_msg_head(DA_MSG_PROOF,
	    job->head.serial + (mode == OTHER_SERIAL ? 1 : 0)),
		.n = job->n - (mode == OTHER_COUNT ? 1 : 0), .walks = 1 };
	for (uint32_t i = 0; i < job->n; i++) {
		proof.seal[i] = seal_of(i);
		proof.proof[i].version = DA_PROOF_VERSION + i;
	}
	proof.seal[N - 1].bundle[47] ^= mode == OTHER_BUNDLE ? 1 : 0;
	proof.seal[N - 1].ticket[0] ^= mode == OTHER_TICKET ? 0x80 : 0;
	if (mode == OTHER_KIND)
		proof.head.kind = DA_MSG_VERDICT;
	if (mode != HANGS_UP && mode != IS_SILENT)
		da_msg_send(reply, &proof, sizeof(proof) -
		    (mode == SENDS_SHORT ? 8 : 0), NULL, 0);
}

static pid_t
start_warden(enum warden_mode mode)
{
	static struct da_msg_job job;
	pid_t child = fork();
	struct da_msg_got got;
	enum da_msg_error error;

	if (child != 0)
		return child;
	if (!da_msg_recv(ends[1], &job, sizeof(job), 2000, NULL, &got,
	    &error) || !da_msg_is(&job, &got, DA_MSG_AUTHENTICATE,
	    sizeof(job), N + 1))
		_exit(1);
	/* Of the authenticator nothing is proved yet. */
	for (uint32_t i = 0; i < N; i++)
		if (!da_sealed_check(got.fd[i], 90 + i) ||
		    job.function[i].proof.version != 0)
			_exit(2);
	reply_as(mode, got.fd[N], &job);
	if (mode == IS_SILENT)
		usleep(400000);
	_exit(0);
}

static bool
authenticate(enum warden_mode mode, struct da_proofs *proofs,
    struct da_refusal *why)
{
	static struct da_msg_job job;
	struct da_seal seals[N];
	pid_t child = start_warden(mode);
	int status, memfds[N];
	bool did;

	job = (struct da_msg_job){ .n = N };
	for (uint32_t i = 0; i < N; i++) {
		memfds[i] = bundle(90 + i, true);
		seals[i] = seal_of(i);
		job.function[i].proof.version = DA_PROOF_VERSION;
	}
	if (mode == IS_SILENT)
		roles.judge_ms = 50;
	did = roles.base.ops->authenticate(&roles.base, &job, memfds, seals,
	    proofs, why);
	for (int i = 0; i < N; i++)
		close(memfds[i]);
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
		{ OTHER_COUNT, "authenticator answered garbage" },
		{ OTHER_BUNDLE, "authenticator judged other bytes" },
		{ OTHER_TICKET, "authenticator judged other bytes" },
		{ HANGS_UP, "authenticator died" },
		{ IS_SILENT, "authenticator did not answer in time" },
	};
	static struct da_proofs proofs;
	struct da_refusal why;

	ck_assert(authenticate(ANSWERS, &proofs, &why));
	ck_assert_uint_eq(proofs.walks, 1);
	ck_assert_uint_eq(proofs.of[N - 1].version, DA_PROOF_VERSION + N - 1);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		ck_assert(!authenticate(cases[i].mode, &proofs, &why));
		ck_own_fault(&why, cases[i].text);
	}
}
END_TEST

START_TEST(a_job_without_functions_is_none)
{
	static struct da_msg_job job;
	static struct da_verdicts verdicts;
	struct da_refusal why;

	ck_assert(!roles.base.ops->appraise(&roles.base, &job, NULL, NULL,
	    &verdicts, &why));
	ck_own_fault(&why, "no job for the appraiser");
	job.n = DA_MAX_FUNCTIONS + 1;
	ck_assert(!roles.base.ops->appraise(&roles.base, &job, NULL, NULL,
	    &verdicts, &why));
	ck_own_fault(&why, "no job for the appraiser");
}
END_TEST

START_TEST(a_dead_warden_is_told)
{
	static struct da_msg_count question;
	static struct da_msg_job job;
	static struct da_verdicts verdicts;
	const struct da_seal seal = seal_of(0);
	struct da_kernel_device device = { .name = "0000:01:00.0" };
	struct da_refusal why;
	uint8_t what;
	int memfd = bundle(90, true);

	close(ends[1]);
	job.n = 1;
	ck_assert(!roles.base.ops->appraise(&roles.base, &job, &memfd, &seal,
	    &verdicts, &why));
	ck_own_fault(&why, "warden died");
	ck_assert(!roles.base.ops->count(&roles.base, &question, &why));
	ck_own_fault(&why, "warden died");
	ck_assert(!roles.base.ops->sort(&roles.base, &device, 1, &what, &why));
	ck_own_fault(&why, "warden died");
	close(memfd);
	ends[1] = dup(0);
}
END_TEST

START_TEST(functions_are_sorted_or_refused)
{
	static struct da_kernel_device list[DA_MAX_DEVICES + 1];
	struct da_msg_sorted m = { .head = da_msg_head(DA_MSG_SORTED, 1),
		.n = 2, .what = { DA_SORT_JUDGE, DA_SORT_UNTRUSTED } };
	uint8_t what[DA_MAX_DEVICES];
	struct da_refusal why;

	ck_assert(da_msg_send(ends[1], &m, sizeof(m), NULL, 0));
	ck_assert(roles.base.ops->sort(&roles.base, list, 2, what, &why));
	ck_assert_uint_eq(what[0], DA_SORT_JUDGE);
	ck_assert_uint_eq(what[1], DA_SORT_UNTRUSTED);
	/* Another count, and a word that is none. */
	m.head.serial = 2;
	ck_assert(da_msg_send(ends[1], &m, sizeof(m), NULL, 0));
	ck_assert(!roles.base.ops->sort(&roles.base, list, 1, what, &why));
	ck_own_fault(&why, "warden answered garbage");
	m.head.serial = 3;
	m.what[1] = DA_SORT_UNTRUSTED + 1;
	ck_assert(da_msg_send(ends[1], &m, sizeof(m), NULL, 0));
	ck_assert(!roles.base.ops->sort(&roles.base, list, 2, what, &why));
	ck_own_fault(&why, "warden answered garbage");
	ck_assert(!roles.base.ops->sort(&roles.base, list, DA_MAX_DEVICES + 1,
	    what, &why));
	ck_own_fault(&why, "more functions");
}
END_TEST

/* -- the steward -- */

START_TEST(a_record_is_kept_or_the_reason_is_told)
{
	const struct da_record record = { .device = "0000:01:00.0" };
	struct da_msg_recorded m = {
		.head = da_msg_head(DA_MSG_RECORDED, 1), .done = 1 };
	struct da_msg_record asked;
	struct da_refusal why;
	struct da_msg_got got;
	enum da_msg_error error;

	ck_assert(da_msg_send(ends[1], &m, sizeof(m), NULL, 0));
	ck_assert(roles.base.ops->record(&roles.base, &record, true, &why));
	ck_assert(da_msg_recv(ends[1], &asked, sizeof(asked), 1000, NULL, &got,
	    &error));
	ck_assert(da_msg_is(&asked, &got, DA_MSG_RECORD, sizeof(asked), 0));
	ck_assert_uint_eq(asked.keep, 1);
	ck_assert_str_eq(asked.record.device, record.device);
	m.head.serial = 2;
	m.done = 0;
	m.error = ENOSPC;
	ck_assert(da_msg_send(ends[1], &m, sizeof(m), NULL, 0));
	ck_assert(!roles.base.ops->record(&roles.base, &record, false, &why));
	ck_own_fault(&why, "cannot be removed: ");
	ck_own_fault(&why, strerror(ENOSPC));
	/* All zero is no yes. */
	memset(&m, 0, sizeof(m));
	ck_assert(da_msg_send(ends[1], &m, sizeof(m), NULL, 0));
	ck_assert(!roles.base.ops->record(&roles.base, &record, true, &why));
	ck_own_fault(&why, "garbage");
}
END_TEST

START_TEST(an_outcome_takes_its_bundle_along)
{
	const struct da_outcome outcome = { .device = "0000:01:00.0",
		.accepted = true };
	const struct da_ticket ticket = { .version = DA_TICKET_VERSION };
	struct da_fetched fetched = { .memfd = bundle(90, true), .size = 90 };
	struct da_msg_outcome heard;
	struct da_msg_got got;
	enum da_msg_error error;

	roles.base.ops->tell(&roles.base, &outcome, &ticket, &fetched);
	ck_assert(da_msg_recv(ends[1], &heard, sizeof(heard), 1000, NULL, &got,
	    &error));
	ck_assert(da_msg_is(&heard, &got, DA_MSG_OUTCOME, sizeof(heard), 1));
	ck_assert(heard.has_ticket == 1 && heard.has_bundle == 1 &&
	    heard.outcome.accepted);
	ck_assert(da_sealed_check(got.fd[0], heard.size));
	da_msg_close_fds(&got);
	close(fetched.memfd);
	roles.base.ops->tell(&roles.base, &outcome, NULL, NULL);
	ck_assert(da_msg_recv(ends[1], &heard, sizeof(heard), 1000, NULL, &got,
	    &error));
	ck_assert(da_msg_is(&heard, &got, DA_MSG_OUTCOME, sizeof(heard), 0));
	ck_assert(heard.has_ticket == 0 && heard.has_bundle == 0);
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
	tcase_add_test(message, the_longest_message_has_room);
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
	tcase_add_test(role,
	    a_bundle_has_no_part_that_no_digest_covers);
	tcase_add_test(role, a_cut_part_is_read_as_one);
	tcase_add_test(role, a_dead_or_slow_receiver_is_told);
	tcase_add_test(role, the_receiver_is_told_how_patient_to_be);
	tcase_add_test(role, a_late_answer_is_passed_over);
	tcase_add_test(role, a_judges_answer_is_taken_or_refused);
	tcase_add_test(role, a_job_without_functions_is_none);
	tcase_add_test(role, functions_are_sorted_or_refused);
	tcase_add_test(role, a_record_is_kept_or_the_reason_is_told);
	tcase_add_test(role, an_outcome_takes_its_bundle_along);
	tcase_add_test(role, a_dead_warden_is_told);
	tcase_add_test(role, a_count_holds_or_says_why);
	suite_add_tcase(suite, message);
	suite_add_tcase(suite, role);
	return run_suite(suite);
}
