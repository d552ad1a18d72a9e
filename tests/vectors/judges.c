/* SPDX-License-Identifier: Apache-2.0 */
#include "judges.h"

#include <errno.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#define RULE(class, device, versions, more)				      \
"{ \"class\": \"" class "\", \"count\": { \"min\": 0, \"max\": 1 },"	      \
"  \"functions-per-device\": { \"min\": 1, \"max\": 8 },"		      \
"  \"match\": { \"pci-vendor\": \"1b36\", \"pci-device\": [\"" device "\"] }," \
"  \"roots\": [\"root\"], \"spdm\": { \"versions\": [" versions "],"	      \
"    \"asym\": [\"rsassa-2048\", \"rsapss-2048\", \"rsassa-3072\","	      \
"      \"rsapss-3072\", \"rsassa-4096\", \"rsapss-4096\", \"ecdsa-p256\","    \
"      \"ecdsa-p384\", \"ecdsa-p521\", \"ed25519\", \"ed448\","	      \
"      \"mldsa-65\"],"						      \
"    \"hash\": [\"sha256\", \"sha384\", \"sha512\"]" more " },"		      \
"  \"measurements\": { \"1\": [\"sha384:"				      \
"111111111111111111111111111111111111111111111111"			      \
"111111111111111111111111111111111111111111111111\"] },"		      \
"  \"report\": { \"no-fw-update\": true, \"msix\": \"any\","		      \
"    \"shared-ranges\": [], \"updatable-ranges\": [],"			      \
"    \"page-unit\": \"platform\" },"					      \
"  \"tolerate-unknown\": [\"session-key\", \"revocation\", \"algorithms\","   \
"    \"content-changed\"] }"

static const char policy_text[] =
"{ \"version\": 1, \"name\": \"corpus\", \"clock\": { \"source\": \"floor\","
"  \"not-before\": \"2026-11-23T00:00:00Z\" },"
"  \"platforms\": [\"emulated\"], \"devices\": ["
RULE("libspdm", "0001", "\"1.0\", \"1.1\", \"1.2\", \"1.3\", \"1.4\"", "") ","
RULE("nvidia", "0002", "\"1.1\"", ", \"without-vca\": \"ecdsa-p384,sha384\"")
"], \"others\": \"refuse\" }";

static struct da_policy *policy;
static struct da_filter *filter;
static struct da_desk *desk;

void
judges_begin(void)
{
	struct da_policy_error error;

	policy = da_policy_parse(da_slice_str(policy_text), &error);
	ck_assert_msg(policy != NULL, "%u:%u: %s", error.line, error.column,
	    error.text);
	filter = da_filter_new(DA_SANDBOX_JUDGE);
	desk = da_desk_new();
	ck_assert(filter != NULL && desk != NULL);
	da_judge_warm();
}

void
judges_end(void)
{
	da_policy_free(policy);
	da_filter_free(filter);
	free(desk);
}

struct da_policy *
judges_policy(void)
{
	return policy;
}

/* -- following one -- */

struct trace {
	pid_t pid;
	void (*at_filter)(pid_t pid);
	struct judged *ret;
};

/* A call begins, or has ended: notes what is made behind the filter. */
static void
note_call(struct trace *t)
{
	struct __ptrace_syscall_info info;
	static bool is_seccomp;

	ck_assert_int_gt(ptrace(PTRACE_GET_SYSCALL_INFO, t->pid,
	    sizeof(info), &info), 0);
	if (info.op == PTRACE_SYSCALL_INFO_ENTRY) {
		is_seccomp = info.entry.nr == SYS_seccomp;
		ck_assert_uint_lt(info.entry.nr, JUDGE_MAX_CALL);
		if (t->ret->filtered)
			t->ret->call[info.entry.nr] = true;
	} else if (info.op == PTRACE_SYSCALL_INFO_EXIT && is_seccomp &&
	    info.exit.rval == 0) {
		t->ret->filtered = true;
		if (t->at_filter != NULL)
			t->at_filter(t->pid);
	}
}

static void
follow(struct trace *t)
{
	int *status = &t->ret->status, signal_number;

	ck_assert_int_eq(waitpid(t->pid, status, 0), t->pid);
	ck_assert(WIFSTOPPED(*status));
	ck_assert_int_eq(ptrace(PTRACE_SETOPTIONS, t->pid, 0,
	    PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL), 0);
	for (signal_number = 0;;) {
		/* One that was killed while it stood still is gone. */
		ck_assert(ptrace(PTRACE_SYSCALL, t->pid, 0,
		    signal_number) == 0 || errno == ESRCH);
		ck_assert_int_eq(waitpid(t->pid, status, 0), t->pid);
		if (!WIFSTOPPED(*status))
			return;
		signal_number = 0;
		if (WSTOPSIG(*status) == (SIGTRAP | 0x80))
			note_call(t);
		else
			signal_number = WSTOPSIG(*status);
	}
}

static bool
is_whole(const struct job *job, const struct judged *j, ssize_t n)
{
	const struct da_msg_head *head = &j->answer.proof.head;
	bool proves = job->msg.head.kind == DA_MSG_AUTHENTICATE;

	return n == (ssize_t)(proves ? sizeof(j->answer.proof) :
	    sizeof(j->answer.verdict)) &&
	    head->version == DA_ROLEMSG_VERSION &&
	    head->kind == (proves ? DA_MSG_PROOF : DA_MSG_VERDICT) &&
	    head->serial == job->msg.head.serial &&
	    (proves ? j->answer.proof.n : j->answer.verdict.n) == job->msg.n;
}

void
judge(const struct job *job, void (*at_filter)(pid_t pid),
    void (*before)(void), struct judged *ret)
{
	struct trace t = { .at_filter = at_filter, .ret = ret };
	int ends[2];

	memset(ret, 0, sizeof(*ret));
	ck_assert(da_msg_pair(ends));
	t.pid = fork();
	if (t.pid == 0) {
		if (ptrace(PTRACE_TRACEME, 0, 0, 0) != 0)
			_exit(3);
		raise(SIGSTOP);
		if (before != NULL)
			before();
		da_judge_run(desk, policy, filter, &job->msg, job->memfd,
		    ends[1]);
	}
	ck_assert_int_gt(t.pid, 0);
	close(ends[1]);
	follow(&t);
	ret->answered = is_whole(job, ret, read(ends[0], &ret->answer,
	    sizeof(ret->answer)));
	close(ends[0]);
}

/* -- what must be true of each -- */

static void
ck_calls(const struct judged *j)
{
	static const long five[] = { SYS_read, SYS_write, SYS_getpid, SYS_exit,
		SYS_exit_group };
	bool allowed[JUDGE_MAX_CALL] = { false };

	for (size_t i = 0; i < sizeof(five) / sizeof(five[0]); i++)
		allowed[five[i]] = true;
	for (int i = 0; i < JUDGE_MAX_CALL; i++)
		ck_assert_msg(allowed[i] || !j->call[i],
		    "a sixth system call, number %d", i);
}

void
ck_judged(const struct job *job, const struct judged *j)
{
	const struct da_seal *seals =
	    job->msg.head.kind == DA_MSG_AUTHENTICATE ?
	    j->answer.proof.seal : j->answer.verdict.seal;

	ck_calls(j);
	ck_assert(j->filtered);
	ck_assert_msg(WIFEXITED(j->status) && WEXITSTATUS(j->status) == 0,
	    "status %#x", (unsigned int)j->status);
	ck_assert(j->answered);
	for (uint32_t i = 0; i < job->msg.n; i++) {
		struct da_seal seal;

		ck_assert(da_seal_of(job_file(job, i),
		    &job->msg.function[i].ticket, &seal));
		ck_assert_mem_eq(&seals[i], &seal, sizeof(seal));
	}
}
