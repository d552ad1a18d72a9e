/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The warden as it ships: its first word, its answers, and judges that have
 * their bundles and their answer's way out and nothing else.
 */
#include <dirent.h>
#include <errno.h>
#include <openssl/pem.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "flat.h"
#include "guestd/warden.h"
#include "job.h"
#include "kit.h"
#include "sanitized.h"

#define PATIENCE_MS	20000

static const char policy_text[] =
"{ \"version\": 1, \"name\": \"of-the-test\",\n"
"  \"clock\": { \"source\": \"floor\","
"    \"not-before\": \"2026-11-01T00:00:00Z\" },\n"
"  \"platforms\": [\"emulated\"], \"boot-deadline-seconds\": 77,\n"
"  \"devices\": [ { \"class\": \"nic\",\n"
"  \"count\": { \"min\": 1, \"max\": 1 },\n"
"  \"functions-per-device\": { \"min\": 1, \"max\": 8 },\n"
"  \"match\": { \"pci-vendor\": \"1b36\", \"pci-device\": [\"0001\"] },\n"
"  \"roots\": [\"root\"], \"spdm\": { \"versions\": [\"1.2\"],\n"
"  \"asym\": [\"ecdsa-p384\"], \"hash\": [\"sha384\"] } } ],\n"
"  \"others\": \"refuse\" }\n";

static char folder[40], policy_path[60], root_path[60];
static struct kit kit;
static struct job job;
static struct da_ticket nic;
static int steward, pusher;	/* our ends */
static pid_t warden;
static struct da_identity who;		/* it becomes */
static struct da_msg_ready ready;

static void
put_file(const char *path, const void *bytes, size_t n)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, bytes, n), (ssize_t)n);
	close(fd);
}

static void
set_up(void)
{
	snprintf(folder, sizeof(folder), "/tmp/devattest-test-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	snprintf(policy_path, sizeof(policy_path), "%s/policy.json", folder);
	snprintf(root_path, sizeof(root_path), "%s/root.der", folder);
	kit_start(&kit, DA_SPDM_12, &kit_p384);
	kit_make(&kit);
	put_file(policy_path, policy_text, strlen(policy_text));
	put_file(root_path, kit.root_der.p, kit.root_der.n);
	nic = job_ticket(1);
	nic.has_nonce = 1;
	memcpy(nic.nonce, kit.ask.nonce.p, DA_NONCE);
	job_start(&job, DA_MSG_AUTHENTICATE);
	warden = 0;
}

static void
tear_down(void)
{
	job_end(&job);
	if (warden > 0) {
		kill(warden, SIGKILL);
		waitpid(warden, NULL, 0);
		close(steward);
		close(pusher);
	}
	unlink(policy_path);
	unlink(root_path);
	ck_assert_int_eq(rmdir(folder), 0);
}

/* False: nothing but the end of the socket came. */
static bool
get(int sock, void *msg, size_t size, enum da_msg_kind kind)
{
	struct da_msg_got got;
	enum da_msg_error error;

	if (!da_msg_recv(sock, msg, size, PATIENCE_MS, NULL, &got, &error)) {
		ck_assert_int_eq(error, DA_MSG_CLOSED);
		return false;
	}
	ck_assert(da_msg_is(msg, &got, kind, size, 0));
	return true;
}

static void
start(void)
{
	struct da_warden_setup setup = { .policy_path = policy_path,
		.roots_folder = folder, .who = who };
	int says[2], asks[2];

	ck_assert(da_msg_pair(says));
	ck_assert(da_msg_pair(asks));
	warden = fork();
	if (warden == 0) {
		close(says[0]);
		close(asks[0]);
		da_warden_run(says[1], asks[1], &setup);
		_exit(0);
	}
	close(says[1]);
	close(asks[1]);
	steward = says[0];
	pusher = asks[0];
	ck_assert(get(steward, &ready, sizeof(ready), DA_MSG_READY));
}

/* It ends, of its own accord. */
static void
ck_ends(void)
{
	int status;

	ck_assert_int_eq(waitpid(warden, &status, 0), warden);
	warden = 0;
	ck_assert_msg(WIFEXITED(status), "status %#x", (unsigned int)status);
	ck_assert_int_eq(WEXITSTATUS(status), 0);
	close(steward);
	close(pusher);
}

/* -- its first word -- */

START_TEST(it_is_ready)
{
	struct da_hash_value id = da_hash_of(DA_HASH_SHA384,
	    da_slice_str(policy_text));

	start();
	ck_assert_msg(ready.ready == 1, "%s", ready.text);
	ck_assert_uint_eq(ready.rules, 1);
	ck_assert_uint_eq(ready.deadline_s, 77);
	ck_assert_str_eq(ready.policy_name, "of-the-test");
	ck_assert_mem_eq(ready.policy_id, id.bytes, sizeof(ready.policy_id));
	close(pusher);
	pusher = -1;
	ck_ends();
}
END_TEST

START_TEST(a_bad_policy_is_told)
{
	put_file(policy_path, "{\n  ,\n", 7);
	start();
	ck_assert_uint_eq(ready.ready, 0);
	ck_assert_uint_eq(ready.line, 2);
	ck_assert_ptr_nonnull(strstr(ready.text, "policy.json:2:"));
	ck_ends();
}
END_TEST

START_TEST(a_missing_root_is_told)
{
	unlink(root_path);
	start();
	ck_assert_uint_eq(ready.ready, 0);
	ck_assert_ptr_nonnull(strstr(ready.text, "root"));
	ck_ends();
}
END_TEST

static bool
proc_has(const char *name, const char *line)
{
	char path[60], text[4096];
	size_t n;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/%s", (int)warden, name);
	f = fopen(path, "re");
	ck_assert_ptr_nonnull(f);
	n = fread(text, 1, sizeof(text) - 1, f);
	text[n] = '\0';
	fclose(f);
	return strstr(text, line) != NULL;
}

START_TEST(it_is_behind_its_filter_when_ready)
{
	start();
	ck_assert(proc_has("status", "\nSeccomp:\t2\n"));
	ck_assert(proc_has("status", "\nNoNewPrivs:\t1\n"));
}
END_TEST

/* Whoever took it over could fork no end of what outlives it. */
START_TEST(another_user_has_few_processes)
{
	if (geteuid() != 0) {
		printf("SKIPPED: only root can give it another user\n");
		return;
	}
	who = (struct da_identity){ .switches = true, .uid = DA_JUDGE_UID,
		.gid = DA_JUDGE_UID };
	start();
	ck_assert_msg(ready.ready == 1, "%s", ready.text);
	ck_assert(proc_has("limits",
	    "\nMax processes             64                   64 "));
}
END_TEST

/* -- questions -- */

static const struct da_kernel_device functions[] = {
	{ .vendor = 0x1b36, .device = 1, .tee = DA_TRI_TRUE },
	{ .vendor = 0x1b36, .device = 1, .tee = DA_TRI_FALSE },
	{ .vendor = 0x1b36, .device = 2, .tee = DA_TRI_TRUE },
};

START_TEST(functions_are_sorted)
{
	static struct da_msg_sort question;
	static struct da_msg_sorted answer;

	start();
	question.head = da_msg_head(DA_MSG_SORT, 5);
	question.n = 3;
	memcpy(question.device, functions, sizeof(functions));
	ck_assert(da_msg_send(pusher, &question, sizeof(question), NULL, 0));
	ck_assert(get(pusher, &answer, sizeof(answer), DA_MSG_SORTED));
	ck_assert_uint_eq(answer.head.serial, 5);
	ck_assert_uint_eq(answer.n, 3);
	ck_assert_uint_eq(answer.what[0], DA_SORT_JUDGE);
	ck_assert_uint_eq(answer.what[1], DA_SORT_NO_TEE);
	ck_assert_uint_eq(answer.what[2], DA_SORT_REFUSED);
	ck_assert_uint_eq(answer.what[3], 0);
	/* As many as there can be, and one more. */
	question.n = DA_MAX_DEVICES;
	ck_assert(da_msg_send(pusher, &question, sizeof(question), NULL, 0));
	ck_assert(get(pusher, &answer, sizeof(answer), DA_MSG_SORTED));
	question.n = DA_MAX_DEVICES + 1;
	ck_assert(da_msg_send(pusher, &question, sizeof(question), NULL, 0));
	ck_ends();
}
END_TEST

START_TEST(accepted_ones_are_counted)
{
	static struct da_msg_count question;
	struct da_msg_counted answer;

	start();
	question.head = da_msg_head(DA_MSG_COUNT, 6);
	question.n = 1;
	snprintf(question.one[0].class_name,
	    sizeof(question.one[0].class_name), "nic");
	question.one[0].device_key[0] = 1;
	ck_assert(da_msg_send(pusher, &question, sizeof(question), NULL, 0));
	ck_assert(get(pusher, &answer, sizeof(answer), DA_MSG_COUNTED));
	ck_assert_uint_eq(answer.holds, 1);
	question.n = DA_MAX_DEVICES;
	ck_assert(da_msg_send(pusher, &question, sizeof(question), NULL, 0));
	ck_assert(get(pusher, &answer, sizeof(answer), DA_MSG_COUNTED));
	ck_assert_uint_eq(answer.holds, 0);
	ck_assert_uint_eq(answer.fault.why, DA_F_POLICY_COUNT);
	question.n = DA_MAX_DEVICES + 1;
	ck_assert(da_msg_send(pusher, &question, sizeof(question), NULL, 0));
	ck_ends();
}
END_TEST

/* Sends the job; the end of the socket that its judge answers on. */
static int
ask_judge(uint32_t n_fds)
{
	int ends[2], fds[DA_MSG_MAX_FDS];

	ck_assert(da_msg_pair(ends));
	memcpy(fds, job.memfd, sizeof(job.memfd));
	fds[n_fds - 1] = ends[1];
	ck_assert(da_msg_send(pusher, &job.msg, sizeof(job.msg), fds, n_fds));
	close(ends[1]);
	return ends[0];
}

START_TEST(judges_answer)
{
	static struct da_msg_proof proof;
	static struct da_msg_verdict verdict;
	int reply;

	start();
	for (int i = 0; i < DA_MAX_FUNCTIONS; i++)
		job_add(&job, &kit.bundle, &nic);
	reply = ask_judge(job.msg.n + 1);
	ck_assert(get(reply, &proof, sizeof(proof), DA_MSG_PROOF));
	close(reply);
	ck_assert_uint_eq(proof.n, DA_MAX_FUNCTIONS);
	ck_assert_uint_eq(proof.walks, 1);
	for (int i = 0; i < DA_MAX_FUNCTIONS; i++)
		ck_assert_uint_eq(proof.proof[i].proved, 1);
	job_goes_on(&job, &proof);
	reply = ask_judge(job.msg.n + 1);
	ck_assert(get(reply, &verdict, sizeof(verdict), DA_MSG_VERDICT));
	close(reply);
	for (int i = 0; i < DA_MAX_FUNCTIONS; i++) {
		ck_assert_str_eq(verdict.verdict[i].class_name, "nic");
		/* This policy names no values. */
		ck_finding_fault(verdict.verdict[i].findings,
		    DA_CHK_REFERENCE_VALUES, DA_F_POLICY_NO_VALUES);
	}
}
END_TEST

/* Every second one is refused by its judge. */
static void
judge_often(int n)
{
	static struct da_msg_proof proof;
	int reply;

	for (int i = 0; i < n; i++) {
		job.msg.function[0].size += i % 2 == 1 ? 1 : 0;
		reply = ask_judge(2);
		ck_assert(get(reply, &proof, sizeof(proof), DA_MSG_PROOF) ==
		    (i % 2 == 0));
		close(reply);
		job.msg.function[0].size -= i % 2 == 1 ? 1 : 0;
	}
}

START_TEST(a_thousand_jobs_leave_it_flat)
{
	struct size before;

	start();
	job_add(&job, &kit.bundle, &nic);
	judge_often(FLAT_WARM);
	before = size_of(warden, idle_descriptors(warden));
	judge_often(FLAT_REQUESTS);
	is_flat("warden", before, size_of(warden, before.descriptors));
}
END_TEST

START_TEST(a_judge_that_refuses_its_job_harms_no_other)
{
	static struct da_msg_proof proof;
	int reply;

	start();
	job_add(&job, &kit.bundle, &nic);
	job.msg.function[0].size++;
	reply = ask_judge(2);
	ck_assert(!get(reply, &proof, sizeof(proof), DA_MSG_PROOF));
	close(reply);
	job.msg.function[0].size--;
	reply = ask_judge(2);
	ck_assert(get(reply, &proof, sizeof(proof), DA_MSG_PROOF));
	close(reply);
}
END_TEST

START_TEST(a_job_with_other_descriptors_is_none)
{
	start();
	job_add(&job, &kit.bundle, &nic);
	job_add(&job, &kit.bundle, &nic);
	close(ask_judge(_i == 0 ? 2 : _i == 1 ? 1 : 4));
	ck_ends();
}
END_TEST

START_TEST(another_message_is_the_end)
{
	struct da_msg_release other = {
		.head = da_msg_head(DA_MSG_RELEASE, 1) };

	start();
	ck_assert(da_msg_send(pusher, &other, sizeof(other), NULL, 0));
	ck_ends();
}
END_TEST

/* -- what a judge has -- */

/* A socket that takes no more: whoever writes to it waits. */
static void
fill(int fd)
{
	static const uint8_t bytes[4096];

	while (send(fd, bytes, sizeof(bytes), MSG_DONTWAIT) > 0)
		continue;
	ck_assert(errno == EAGAIN);
}

static pid_t
only_child_of(pid_t parent)
{
	char path[80], text[32];
	size_t n;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/children", (int)parent,
	    (int)parent);
	f = fopen(path, "re");
	if (f == NULL)
		return -1;
	n = fread(text, 1, sizeof(text) - 1, f);
	text[n] = '\0';
	fclose(f);
	return (pid_t)atoi(text);
}

/* It has come as far as its answer: so says the kernel of its filters. */
static void
wait_for_filter(pid_t pid)
{
	char path[60], text[4096];
	size_t n;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
	for (int i = 0; i < 1000; i++) {
		f = fopen(path, "re");
		ck_assert_ptr_nonnull(f);
		n = fread(text, 1, sizeof(text) - 1, f);
		text[n] = '\0';
		fclose(f);
		if (strstr(text, "\nSeccomp_filters:\t2\n") != NULL)
			return;
		poll(NULL, 0, 10);
	}
	ck_abort_msg("the judge never entered its filter");
}

/* The names of its descriptors; -1: they are not for us to see. */
static int
count_fds(pid_t pid, const char *name)
{
	char path[60], link[100];
	struct dirent *entry;
	ssize_t n;
	int count = 0;
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%d/fd", (int)pid);
	if ((dir = opendir(path)) == NULL)
		return -1;
	while ((entry = readdir(dir)) != NULL) {
		n = readlinkat(dirfd(dir), entry->d_name, link,
		    sizeof(link) - 1);
		if (n < 0)
			continue;
		link[n] = '\0';
		count += strstr(link, name) != NULL;
	}
	closedir(dir);
	return count;
}

START_TEST(a_judge_has_its_descriptors_and_no_others)
{
	int ends[2], fds[DA_MSG_MAX_FDS];
	pid_t pid;

	start();
	for (int i = 0; i < 3; i++)
		job_add(&job, &kit.bundle, &nic);
	ck_assert(da_msg_pair(ends));
	fill(ends[1]);
	memcpy(fds, job.memfd, sizeof(job.memfd));
	fds[3] = ends[1];
	ck_assert(da_msg_send(pusher, &job.msg, sizeof(job.msg), fds, 4));
	do {
		pid = only_child_of(warden);
	} while (pid == 0);
	if (pid < 0 || count_fds(pid, "") < 0)
		printf("SKIPPED: another process's descriptors cannot be seen "
		    "here\n");
	else {
		wait_for_filter(pid);
		ck_assert_int_eq(count_fds(pid, "memfd:"), 3);
		ck_assert_int_eq(count_fds(pid, "socket:"), 1);
		ck_assert_int_eq(count_fds(pid, ""), 4);
	}
	close(ends[0]);
	close(ends[1]);
}
END_TEST

int
main(int argc, char **argv)
{
	Suite *suite;
	TCase *tc;

	(void)argc;
	if (!filters_can_be_used(argv[0]))
		return 77;
	suite = suite_create("warden");
	tc = tcase_create("warden");
	tcase_set_timeout(tc, 60);
	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_test(tc, it_is_ready);
	tcase_add_test(tc, a_bad_policy_is_told);
	tcase_add_test(tc, a_missing_root_is_told);
	tcase_add_test(tc, it_is_behind_its_filter_when_ready);
	tcase_add_test(tc, another_user_has_few_processes);
	tcase_add_test(tc, functions_are_sorted);
	tcase_add_test(tc, accepted_ones_are_counted);
	tcase_add_test(tc, judges_answer);
	tcase_add_test(tc, a_thousand_jobs_leave_it_flat);
	tcase_add_test(tc, a_judge_that_refuses_its_job_harms_no_other);
	tcase_add_loop_test(tc, a_job_with_other_descriptors_is_none, 0, 3);
	tcase_add_test(tc, another_message_is_the_end);
	tcase_add_test(tc, a_judge_has_its_descriptors_and_no_others);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
