/* SPDX-License-Identifier: Apache-2.0 */
#include "judge.h"

#include <errno.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "sealed.h"
#include "verifier/sig.h"

#define CPU_SECONDS	2	/* the promise: no job costs more */
#define WALL_SECONDS	10
/* With the desk and the stack less than the 16 MiB that a job may cost. */
#define HEAP		(8u << 20)
#define STACK		(1u << 20)

struct da_desk {
	uint8_t bytes[DA_BUNDLE_MAX];	/* of one bundle at a time */
	struct da_evidence evidence;
	struct da_claims claims;
	const struct da_policy_rule *rule;	/* that `memo` was made under */
	struct da_chain_memo memo;
	struct da_msg_proof proof;
	struct da_msg_verdict verdict;
};
_Static_assert(sizeof(struct da_desk) + HEAP + STACK <= 16u << 20,
    "what a judge can use");

struct da_desk *
da_desk_new(void)
{
	return calloc(1, sizeof(struct da_desk));
}

/*
 * From now on memory comes from one heap that never shrinks and is large
 * enough: a judge finds there what it needs, and asks the kernel for none.
 */
static void
grow_heap(void)
{
	void *volatile heap;	/* or the compiler does without */

	mallopt(M_MMAP_MAX, 0);
	mallopt(M_TRIM_THRESHOLD, -1);
	heap = malloc(HEAP);
	free(heap);
}

void
da_judge_warm(void)
{
	da_hash_warm();
	da_sig_warm();
	grow_heap();
}

/* -- one function -- */

/* What was found of a chain holds under the rule that it was asked under. */
static struct da_chain_memo *
memo_for(struct da_desk *desk, const struct da_policy_rule *rule)
{
	if (desk->rule != rule)
		desk->memo = (struct da_chain_memo){
			.walks = desk->memo.walks };
	desk->rule = rule;
	return &desk->memo;
}

uint32_t
da_desk_walks(const struct da_desk *desk)
{
	return desk->memo.walks;
}

static bool
make_question(struct da_desk *desk, const struct da_policy *policy,
    const struct da_msg_function *function, struct da_ask *ret)
{
	const struct da_policy_rule *rule = da_policy_rule_for(policy,
	    &function->ticket);

	*ret = (struct da_ask){ .ticket = &function->ticket };
	if (rule == NULL)
		return false;
	da_policy_ask(policy, rule, ret);
	ret->memo = memo_for(desk, rule);
	return true;
}

static struct da_bundle
bundle_of(const struct da_msg_function *function, struct da_slice file)
{
	return da_msg_bundle(function->part, function->n, &function->ticket,
	    file);
}

void
da_judge_prove(struct da_desk *desk, const struct da_policy *policy,
    const struct da_msg_function *function, struct da_slice file,
    struct da_proof *ret)
{
	struct da_fault no_rule = { DA_F_POLICY_NO_DEVICE, DA_PART_TICKET, 0 };
	struct da_bundle bundle = bundle_of(function, file);
	struct da_ask ask;

	if (make_question(desk, policy, function, &ask)) {
		da_prove(&bundle, &ask, &desk->evidence, ret);
		return;
	}
	*ret = (struct da_proof){ .version = DA_PROOF_VERSION };
	da_findings_start(&ret->findings);
	da_found_broken(&ret->findings, DA_CHK_COMPOSITION, &no_rule);
}

/* The evidence is read anew: only the proof crosses between the judges. */
void
da_judge_appraise(struct da_desk *desk, const struct da_policy *policy,
    const struct da_msg_function *function, struct da_slice file,
    struct da_verdict *ret)
{
	struct da_bundle bundle = bundle_of(function, file);
	struct da_fault fault;
	struct da_ask ask;

	*ret = (struct da_verdict){ .version = 0 };
	if (function->proof.version != DA_PROOF_VERSION ||
	    function->proof.proved != 1 ||
	    !make_question(desk, policy, function, &ask) ||
	    !da_evidence_read(&bundle, ask.assumed, &desk->evidence, &fault) ||
	    !da_claims_make(&desk->evidence, &function->proof, &ask,
	    &desk->claims))
		return;
	da_appraise(policy, &desk->claims, ret);
}

static bool
hash_into(uint8_t ret[48], struct da_slice bytes)
{
	struct da_hash_value value = da_hash_of(DA_HASH_SHA384, bytes);

	if (value.n != 48)
		return false;
	memcpy(ret, value.bytes, 48);
	return true;
}

bool
da_seal_of(struct da_slice file, const struct da_ticket *ticket,
    struct da_seal *ret)
{
	struct da_seal seal;

	if (!hash_into(seal.bundle, file) ||
	    !hash_into(seal.ticket, da_slice_of(ticket, sizeof(*ticket))))
		return false;
	*ret = seal;
	return true;
}

/* -- the process: before its filter -- */

static bool
is_limited(__rlimit_resource_t resource, rlim_t most)
{
	const struct rlimit limit = { most, most };

	return setrlimit(resource, &limit) == 0;
}

/* No memory beyond the heap that is there, no file, no process. */
static bool
is_bounded(void)
{
	alarm(WALL_SECONDS);
	return is_limited(RLIMIT_CPU, CPU_SECONDS) &&
	    is_limited(RLIMIT_DATA, 0) && is_limited(RLIMIT_STACK, STACK) &&
	    is_limited(RLIMIT_NOFILE, 0) && is_limited(RLIMIT_NPROC, 0) &&
	    is_limited(RLIMIT_CORE, 0) && is_limited(RLIMIT_FSIZE, 0);
}

static bool
is_job(const struct da_msg_job *job)
{
	return (job->head.kind == DA_MSG_AUTHENTICATE ||
	    job->head.kind == DA_MSG_APPRAISE) &&
	    job->n >= 1 && job->n <= DA_MAX_FUNCTIONS;
}

/*
 * And at its start, for reading is all that is allowed afterwards.  Whoever
 * shares the memfd shares this offset: another who moves it makes us read other
 * bytes, and the seal of our answer says so.
 */
static bool
is_readable(int memfd, uint64_t size)
{
	return size <= DA_BUNDLE_MAX && da_sealed_check(memfd, size);
}

static bool
bundles_are_readable(const struct da_msg_job *job, const int *memfds)
{
	for (uint32_t i = 0; i < job->n; i++)
		if (!is_readable(memfds[i], job->function[i].size))
			return false;
	return true;
}

/* -- behind it -- */

static struct da_slice
read_bundle(int memfd, uint64_t size, uint8_t *buf)
{
	size_t done = 0;
	ssize_t n;

	while (done < size) {
		n = read(memfd, buf + done, (size_t)size - done);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		done += (size_t)n;
	}
	return da_slice_of(buf, done);
}

/* What cannot be read whole, or sealed, keeps the zero that refuses it. */
static void
judge_one(struct da_desk *desk, const struct da_policy *policy,
    const struct da_msg_job *job, uint32_t i, int memfd)
{
	const struct da_msg_function *function = &job->function[i];
	bool proves = job->head.kind == DA_MSG_AUTHENTICATE;
	struct da_slice file = read_bundle(memfd, function->size, desk->bytes);
	bool sealed = da_seal_of(file, &function->ticket, proves ?
	    &desk->proof.seal[i] : &desk->verdict.seal[i]);

	if (!sealed || file.n != function->size)
		return;
	if (proves)
		da_judge_prove(desk, policy, function, file,
		    &desk->proof.proof[i]);
	else
		da_judge_appraise(desk, policy, function, file,
		    &desk->verdict.verdict[i]);
}

static struct da_slice
answer_of(struct da_desk *desk, const struct da_msg_job *job)
{
	if (job->head.kind == DA_MSG_AUTHENTICATE) {
		desk->proof.head = da_msg_head(DA_MSG_PROOF, job->head.serial);
		desk->proof.n = job->n;
		desk->proof.walks = da_desk_walks(desk);
		return da_slice_of(&desk->proof, sizeof(desk->proof));
	}
	desk->verdict.head = da_msg_head(DA_MSG_VERDICT, job->head.serial);
	desk->verdict.n = job->n;
	return da_slice_of(&desk->verdict, sizeof(desk->verdict));
}

_Noreturn void
da_judge_run(struct da_desk *desk, const struct da_policy *policy,
    const struct da_filter *filter, const struct da_msg_job *job,
    const int *memfds, int reply)
{
	struct da_slice answer;

	if (!is_job(job) || !is_bounded() ||
	    !bundles_are_readable(job, memfds) || !da_filter_enter(filter))
		_exit(1);
	for (uint32_t i = 0; i < job->n; i++) {
		judge_one(desk, policy, job, i, memfds[i]);
		memset(desk->bytes, 0, (size_t)job->function[i].size);
	}
	answer = answer_of(desk, job);
	if (write(reply, answer.p, answer.n) != (ssize_t)answer.n)
		_exit(1);
	_exit(0);
}
