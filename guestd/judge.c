/* SPDX-License-Identifier: Apache-2.0 */
#include "judge.h"

#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "sealed.h"
#include "verifier/sig.h"

#define CPU_SECONDS	2	/* the promise: no bundle costs more */
#define WALL_SECONDS	10

struct da_desk {
	uint8_t bytes[DA_BUNDLE_MAX];
	struct da_evidence evidence;
	struct da_claims claims;
	struct da_msg_proof proof;
	struct da_msg_verdict verdict;
};

struct da_desk *
da_desk_new(void)
{
	return calloc(1, sizeof(struct da_desk));
}

/* The generator of P-384 as a public key: valid, and nobody's. */
static const uint8_t warm_key[] = {
	0x30, 0x76, 0x30, 0x10, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02,
	0x01, 0x06, 0x05, 0x2b, 0x81, 0x04, 0x00, 0x22, 0x03, 0x62, 0x00, 0x04,
	0xaa, 0x87, 0xca, 0x22, 0xbe, 0x8b, 0x05, 0x37, 0x8e, 0xb1, 0xc7, 0x1e,
	0xf3, 0x20, 0xad, 0x74, 0x6e, 0x1d, 0x3b, 0x62, 0x8b, 0xa7, 0x9b, 0x98,
	0x59, 0xf7, 0x41, 0xe0, 0x82, 0x54, 0x2a, 0x38, 0x55, 0x02, 0xf2, 0x5d,
	0xbf, 0x55, 0x29, 0x6c, 0x3a, 0x54, 0x5e, 0x38, 0x72, 0x76, 0x0a, 0xb7,
	0x36, 0x17, 0xde, 0x4a, 0x96, 0x26, 0x2c, 0x6f, 0x5d, 0x9e, 0x98, 0xbf,
	0x92, 0x92, 0xdc, 0x29, 0xf8, 0xf4, 0x1d, 0xbd, 0x28, 0x9a, 0x14, 0x7c,
	0xe9, 0xda, 0x31, 0x13, 0xb5, 0xf0, 0xb8, 0xc0, 0x0a, 0x60, 0xb1, 0xce,
	0x1d, 0x7e, 0x81, 0x9d, 0x7a, 0x43, 0x1d, 0x7c, 0x90, 0xea, 0x0e, 0x5f,
};

void
da_judge_warm(void)
{
	uint8_t no_signature[96] = { [47] = 1, [95] = 1 };
	struct da_key *key;

	da_hash_warm();
	key = da_key_read(DA_ASYM_ECDSA_P384,
	    da_slice_of(warm_key, sizeof(warm_key)));
	if (key == NULL)
		return;
	/* The answer is no; what counts is that it was asked. */
	(void)da_sig_spdm(key, DA_HASH_SHA384, da_slice_str("warm"),
	    da_slice_of(no_signature, sizeof(no_signature)));
	da_key_free(key);
}

static bool
make_question(const struct da_policy *policy, const struct da_msg_job *job,
    struct da_ask *ret)
{
	const struct da_policy_rule *rule = da_policy_rule_for(policy,
	    &job->ticket);

	*ret = (struct da_ask){ .ticket = &job->ticket };
	if (rule == NULL)
		return false;
	da_policy_ask(policy, rule, ret);
	return true;
}

void
da_authenticate(struct da_desk *desk, const struct da_policy *policy,
    const struct da_msg_job *job, struct da_slice file, struct da_proof *ret)
{
	struct da_fault no_rule = { DA_F_POLICY_NO_DEVICE, DA_PART_TICKET, 0 };
	struct da_bundle bundle = da_msg_bundle(job->part, job->n,
	    &job->ticket, file);
	struct da_ask ask;

	if (make_question(policy, job, &ask)) {
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
    const struct da_msg_job *job, struct da_slice file,
    struct da_verdict *ret)
{
	struct da_bundle bundle = da_msg_bundle(job->part, job->n,
	    &job->ticket, file);
	struct da_fault fault;
	struct da_ask ask;

	*ret = (struct da_verdict){ .version = 0 };
	if (job->proof.version != DA_PROOF_VERSION || job->proof.proved != 1 ||
	    !make_question(policy, job, &ask) ||
	    !da_evidence_read(&bundle, ask.assumed, &desk->evidence, &fault) ||
	    !da_claims_make(&desk->evidence, &job->proof, &ask, &desk->claims))
		return;
	da_appraise(policy, &desk->claims, ret);
}

/* -- the process -- */

static bool
is_bounded(void)
{
	const struct rlimit cpu = { CPU_SECONDS, CPU_SECONDS };
	const struct rlimit none = { 0, 0 };

	alarm(WALL_SECONDS);
	return setrlimit(RLIMIT_CPU, &cpu) == 0 &&
	    setrlimit(RLIMIT_CORE, &none) == 0 &&
	    setrlimit(RLIMIT_FSIZE, &none) == 0;
}

/* The answer's bytes; nothing where the job is none. */
static struct da_slice
judge(struct da_desk *desk, const struct da_policy *policy,
    const struct da_msg_job *job)
{
	struct da_slice file = da_slice_of(desk->bytes, (size_t)job->size);

	if (job->head.kind == DA_MSG_AUTHENTICATE) {
		desk->proof.head = da_msg_head(DA_MSG_PROOF, job->head.serial);
		da_authenticate(desk, policy, job, file, &desk->proof.proof);
		return da_slice_of(&desk->proof, sizeof(desk->proof));
	}
	desk->verdict.head = da_msg_head(DA_MSG_VERDICT, job->head.serial);
	da_judge_appraise(desk, policy, job, file, &desk->verdict.verdict);
	return da_slice_of(&desk->verdict, sizeof(desk->verdict));
}

_Noreturn void
da_judge_run(struct da_desk *desk, const struct da_policy *policy,
    const struct da_msg_job *job, int memfd, int reply)
{
	struct da_slice answer;

	if (!is_bounded() || job->size > DA_BUNDLE_MAX ||
	    !da_sealed_check(memfd, job->size) ||
	    !da_sealed_copy(memfd, job->size, desk->bytes))
		_exit(1);
	close(memfd);
	/*
	 * The bytes are our own copy.  From here on writing and ending are all
	 * that a judge asks for; OpenSSL, seeing that it was forked, draws
	 * fresh random bytes once.
	 */
	answer = judge(desk, policy, job);
	if (write(reply, answer.p, answer.n) != (ssize_t)answer.n)
		_exit(1);
	_exit(0);
}
