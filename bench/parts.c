/* SPDX-License-Identifier: Apache-2.0 */
#include "parts.h"

#include <openssl/evp.h>
#include <string.h>

#include "verifier/gate.h"
#include "verifier/sig.h"
#include "verifier/table.h"

#define CALLS	20	/* a sample, of what takes a few microseconds */

/* -- steps; `arg` is a struct step over a scene that was judged -- */

struct step {
	struct bench_scene *scene;
	struct da_ask ask;
	struct da_case the;
	struct da_evidence evidence;
	struct da_claims claims;
	struct da_verdict verdict;
};

static struct step step;

static bool
step_gate(void *arg)
{
	struct step *s = arg;
	struct da_findings findings;

	da_findings_start(&findings);
	da_stage_run(DA_STAGE_GATE, &s->the, &findings);
	return findings.of[DA_CHK_TSM_DIGEST_CHAIN].result == DA_HOLDS;
}

static bool
step_evidence(void *arg)
{
	struct step *s = arg;
	struct da_fault fault;

	return da_evidence_read(&s->scene->judged, s->ask.assumed,
	    &s->evidence, &fault);
}

static bool
holds(enum da_result (*ask)(const struct da_case *, struct da_fault *),
    void *arg)
{
	const struct step *s = arg;
	struct da_fault fault;

	return ask(&s->the, &fault) == DA_HOLDS;
}

static bool
step_chain(void *arg)
{
	return holds(da_ask_chain, arg);
}

static bool
step_validity(void *arg)
{
	return holds(da_ask_validity, arg);
}

static bool
step_leaf(void *arg)
{
	return holds(da_ask_leaf_profile, arg);
}

static bool
step_signature(void *arg)
{
	return holds(da_ask_signature, arg);
}

static bool
step_session(void *arg)
{
	return holds(da_ask_session_key, arg);
}

static bool
step_claims(void *arg)
{
	struct step *s = arg;

	return da_claims_make(&s->scene->evidence, &s->scene->proof, &s->ask,
	    &s->claims);
}

static bool
step_appraise(void *arg)
{
	struct step *s = arg;

	da_appraise(s->scene->policy, &s->scene->claims, &s->verdict);
	return s->verdict.accepted == 1;
}

static bool
step_key(void *arg)
{
	const struct step *s = arg;
	const struct da_evidence *e = &s->scene->evidence;
	struct da_key *key = da_key_read(e->algs.asym,
	    e->chain.cert[e->chain.n - 1].spki);

	da_key_free(key);
	return key != NULL;
}

static const struct {
	const char *name, *text;
	bool (*run)(void *arg);
} steps[BENCH_PARTS] = {
	{ "gate", "digests and state, as the TSM says", step_gate },
	{ "evidence", "chain and envelopes read", step_evidence },
	{ "chain", "anchor, links, extensions", step_chain },
	{ "validity", "at the policy's time", step_validity },
	{ "leaf-profile", "may its key sign measurements", step_leaf },
	{ "signature", "of the measurements", step_signature },
	{ "session-key", "the leaf's, as the TSM says", step_session },
	{ "claims", "blocks and interface report read", step_claims },
	{ "appraisal", "by the policy", step_appraise },
	{ "one-key", "decoded; in chain and signature", step_key },
};

void
bench_parts(struct bench_scene *scene, int samples,
    struct bench_part ret[BENCH_PARTS])
{
	step.scene = scene;
	step.ask = (struct da_ask){ .ticket = &scene->ticket };
	da_policy_ask(scene->policy, &scene->policy->rule[0], &step.ask);
	step.the = (struct da_case){ .bundle = &scene->judged,
	    .ask = &step.ask, .evidence = &scene->evidence,
	    .claims = &step.claims, .found = &scene->proof.findings };
	if (!bench_verdict(scene))
		bench_die(scene->name, "it was accepted before");
	for (int i = 0; i < BENCH_PARTS; i++)
		ret[i] = (struct bench_part){ steps[i].name, steps[i].text,
		    bench_alone(steps[i].name,
		    (struct bench_task){ steps[i].run, &step, false }, CALLS,
		    samples) };
}

/* -- parsing -- */

#define BLOCKS		254
#define VALUE		251	/* raw bytes; 7 stand before them */
#define RECORD		(BLOCKS * (7u + VALUE))	/* 65,532 */
#define SIGNATURE	64	/* P-256 */
#define EXCHANGE	(37u + 8u + RECORD + DA_NONCE + 2u + SIGNATURE)

static uint8_t exchange[EXCHANGE];

/* GET_MEASUREMENTS of all blocks, signed, and MEASUREMENTS: SPDM 1.1. */
static void
make_exchange(void)
{
	static const uint8_t head[] = { 0x11, 0x60, 0, 0, BLOCKS,
	    RECORD & 0xff, RECORD >> 8 & 0xff, RECORD >> 16 };
	static const uint8_t request[] = { 0x11, 0xe0, 0x01, 0xff };
	uint8_t *at = exchange + 37;

	memcpy(exchange, request, sizeof(request));
	memcpy(at, head, sizeof(head));
	at += sizeof(head);
	for (unsigned int i = 1; i <= BLOCKS; i++, at += 7 + VALUE) {
		const uint8_t block[7] = { (uint8_t)i, 0x01, VALUE + 3, 0,
		    0x80 | DA_MEAS_MUTABLE_FIRMWARE, VALUE, 0 };

		memcpy(at, block, sizeof(block));
		memset(at + 7, (int)i, VALUE);
	}
}

static bool
parse_exchange(void *arg)
{
	static struct da_meas meas;
	static struct da_blocks blocks;
	struct da_slice raw = da_slice_of(exchange, sizeof(exchange));
	struct da_fault fault;

	(void)arg;
	return da_meas_read(raw, 0, SIGNATURE, &meas, &fault) &&
	    da_blocks_read(raw, &meas, DA_HASH_SHA384, &blocks, &fault) &&
	    blocks.n == BLOCKS && blocks.block[BLOCKS - 1].value.n == VALUE;
}

double
bench_parse_speed(int samples)
{
	make_exchange();
	return (double)sizeof(exchange) / bench_alone("parsing",
	    (struct bench_task){ parse_exchange, NULL, false }, CALLS, samples);
}

/* -- the gate -- */

static struct da_ticket ticket;
static EVP_MD *sha384;

static bool
pass_gate(void *arg)
{
	struct da_slice covered;
	struct da_fault fault;

	(void)arg;
	return da_gate_part(&ticket, DA_PART_MEASUREMENTS, da_slice_of(exchange,
	    sizeof(exchange)), &covered, &fault) == DA_HOLDS;
}

static bool
bare_digest(void *arg)
{
	uint8_t digest[EVP_MAX_MD_SIZE];
	unsigned int n = 0;

	(void)arg;
	return EVP_Digest(exchange, sizeof(exchange), digest, &n, sha384,
	    NULL) == 1 && n == 48;
}

void
bench_gate(int rounds, struct bench_times *ret)
{
	static const struct bench_task tasks[] = { { bare_digest, NULL, false },
	    { pass_gate, NULL, false } };
	struct da_hash_value h;

	make_exchange();
	sha384 = EVP_MD_fetch(NULL, "SHA2-384", NULL);
	h = da_hash_of(DA_HASH_SHA384, da_slice_of(exchange,
	    sizeof(exchange)));
	ticket.platform = DA_PLATFORM_EMULATED;
	ticket.hash = DA_HASH_SHA384;
	da_digest_set(&ticket.digest[DA_DIGEST_MEASUREMENTS], DA_HASH_SHA384,
	    da_hash_bytes(&h));
	bench_rounds("gate", tasks, 2, rounds, ret);
}
