/* SPDX-License-Identifier: Apache-2.0 */
#include "scene.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "files.h"
#include "rounds.h"

#define AT	INT64_C(1795392000)	/* 2026-11-23T00:00:00Z, the policy's */

#define PCI_VENDOR	0x10de
#define BAR_ADDRESS	UINT64_C(0x10000000)
#define BAR_SIZE	UINT64_C(0x100000)

/* NO_FW_UPDATE; one private range, 16 pages from the start of BAR 0. */
static const uint8_t interface_report[36] = {
	[0] = DA_INFO_NO_FW_UPDATE, [12] = 1,
	[16 + 2] = 1, [16 + 8] = 16,
};

/* -- the parts -- */

static void
give(struct da_bundle *bundle, enum da_part part, struct da_slice bytes)
{
	bundle->given[part] = true;
	bundle->part[part] = bytes;
}

static void
digest_into(struct da_ticket *ticket, enum da_digest_of of,
    struct da_slice bytes)
{
	struct da_hash_value h = da_hash_of((enum da_hash)ticket->hash, bytes);

	da_digest_set(&ticket->digest[of], (enum da_hash)ticket->hash,
	    da_hash_bytes(&h));
}

static void
set_pci(struct da_pci *pci)
{
	pci->vendor = PCI_VENDOR;
	pci->tee = DA_TRI_TRUE;
	pci->bar[0] = (struct da_bar){ BAR_ADDRESS, BAR_SIZE };
}

/* A lock, and newer tokens: what a TSM says of a device that is in order. */
static void
set_ticket(struct bench_scene *s, struct da_slice nonce)
{
	struct da_ticket *t = &s->ticket;

	t->version = DA_TICKET_VERSION;
	t->platform = DA_PLATFORM_EMULATED;
	memcpy(t->abi, "1", 2);
	t->bound = 1;
	t->state = DA_STATE_LOCKED;
	t->state_trusted = 1;
	t->has_tokens_at_lock = 1;
	for (int i = 0; i < DA_TOKEN_COUNT; i++) {
		t->token[i].len = t->token_at_lock[i].len = 8;
		t->token[i].bytes[0] = i == DA_TOKEN_LOCK ? 0 : 1;
	}
	t->has_nonce = 1;
	memcpy(t->nonce, nonce.p, sizeof(t->nonce));
	t->measurements_fresh = t->link_spdm = t->link_ide = DA_TRI_TRUE;
	t->hash = DA_HASH_SHA384;
	t->slot_known = 1;
	t->page_unit = DA_UNIT_PAGE;
	t->bar_base = DA_BASE_ALIGNED;
	set_pci(&t->pci);
	digest_into(t, DA_DIGEST_CHAIN, s->judged.part[DA_PART_CHAIN]);
	digest_into(t, DA_DIGEST_VCA, s->judged.part[DA_PART_VCA]);
	digest_into(t, DA_DIGEST_MEASUREMENTS,
	    s->judged.part[DA_PART_MEASUREMENTS]);
	digest_into(t, DA_DIGEST_REPORT, s->judged.part[DA_PART_REPORT]);
}

static void
set_question(struct bench_scene *s, struct da_slice root, struct da_slice nonce)
{
	if (nonce.n != DA_NONCE)
		bench_die(s->name, "its nonce is not one");
	s->judged = s->bundle;
	give(&s->judged, DA_PART_REPORT, da_slice_of(interface_report,
	    sizeof(interface_report)));
	set_ticket(s, nonce);
	s->ask.anchors = (struct da_anchors){ 1, { root } };
	s->ask.ticket = &s->ticket;
	s->ask.has_time = true;
	s->ask.at = AT;
}

/* -- the policy: it names each measurement that was just proved -- */

struct text {
	char *at;
	size_t n;
};

#define POLICY_ROOM	(64u * 1024u)

__attribute__((format(printf, 2, 3)))
static void
say(struct text *t, const char *format, ...)
{
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(t->at + t->n, POLICY_ROOM - t->n, format, args);
	va_end(args);
	if (n < 0 || t->n + (size_t)n >= POLICY_ROOM)
		bench_die("policy", "too long");
	t->n += (size_t)n;
}

static void
say_hex(struct text *t, struct da_slice bytes)
{
	for (size_t i = 0; i < bytes.n; i++)
		say(t, "%02x", bytes.p[i]);
}

static void
say_block(struct text *t, const struct da_block *b, enum da_hash hash)
{
	struct da_hash_value h = da_hash_of(DA_HASH_SHA384, b->value);

	if (b->raw)
		hash = DA_HASH_SHA384;
	say(t, "\"%u\": [\"%s:", b->index, da_hash_alg(hash)->name);
	say_hex(t, b->raw ? da_hash_bytes(&h) : b->value);
	say(t, "\"]");
}

static void
say_blocks(struct text *t, const struct bench_scene *s)
{
	const struct da_blocks *blocks = &s->claims.blocks;

	for (uint16_t i = 0; i < blocks->n; i++) {
		say(t, "%s", i == 0 ? "" : ",\n");
		say_block(t, &blocks->block[i], s->evidence.algs.meas_hash);
	}
}

static void
say_policy(struct text *t, const struct bench_scene *s)
{
	const struct da_algs *algs = &s->evidence.algs;
	const char *asym = da_asym_alg(algs->asym)->name;
	const char *hash = da_hash_alg(algs->hash)->name;

	say(t, "{ \"version\": 1, \"name\": \"bench\", \"clock\": { \"source\":"
	    " \"floor\",\n\"not-before\": \"2026-11-23T00:00:00Z\" },\n"
	    "\"platforms\": [\"emulated\"], \"others\": \"refuse\",\n"
	    "\"devices\": [ { \"class\": \"bench\", \"match\": { "
	    "\"pci-vendor\": \"10de\" },\n\"count\": { \"min\": 1, \"max\": 1 "
	    "}, \"functions-per-device\": { \"min\": 1,\n\"max\": 1 }, "
	    "\"roots\": [\"bench\"], \"tolerate-unknown\": [\"revocation\"],\n"
	    "\"report\": { \"no-fw-update\": true, \"msix\": "
	    "\"locked-or-absent\",\n\"shared-ranges\": [], "
	    "\"updatable-ranges\": [], \"page-unit\": \"platform\" },\n"
	    "\"spdm\": { \"versions\": [\"1.1\", \"1.2\"], \"asym\": "
	    "[\"%s\"], \"hash\": [\"%s\"],\n\"without-vca\": \"%s,%s\" },\n"
	    "\"measurements\": {\n", asym, hash, asym, hash);
	say_blocks(t, s);
	say(t, "} } ] }\n");
}

/* The anchors are put where da_roots_load() puts a folder's. */
static void
set_policy(struct bench_scene *s)
{
	struct text text = { malloc(POLICY_ROOM), 0 };
	struct da_policy_error error = { "", 0, 0 };

	if (text.at == NULL)
		bench_die("policy", "out of memory");
	say_policy(&text, s);
	s->policy = da_policy_parse(da_slice_of(text.at, text.n), &error);
	if (s->policy == NULL)
		bench_die("policy", error.text);
	s->policy->rule[0].anchors = s->ask.anchors;
	free(text.at);
}

/* -- asking -- */

static void
judge(struct bench_scene *s, const struct da_bundle *bundle,
    const struct da_ask *ask)
{
	da_prove(bundle, ask, &s->evidence, &s->proof);
	da_claims_make(&s->evidence, &s->proof, ask, &s->claims);
}

static bool
facts_with(struct bench_scene *s, struct da_chain_memo *memo)
{
	struct da_ask ask = s->ask;

	ask.memo = memo;
	judge(s, &s->bundle, &ask);
	return s->proof.proved == 1 && da_verify_class(&s->bundle,
	    &s->claims.findings) == 0;
}

static bool
verdict_with(struct bench_scene *s, struct da_chain_memo *memo)
{
	struct da_ask ask = { .ticket = &s->ticket, .memo = memo };

	da_policy_ask(s->policy, da_policy_rule_for(s->policy, &s->ticket),
	    &ask);
	judge(s, &s->judged, &ask);
	da_appraise(s->policy, &s->claims, &s->verdict);
	return s->proof.proved == 1 && s->verdict.accepted == 1;
}

bool
bench_facts(void *arg)
{
	return facts_with(arg, NULL);
}

bool
bench_verdict(void *arg)
{
	return verdict_with(arg, NULL);
}

bool
bench_next_facts(void *arg)
{
	struct bench_scene *s = arg;

	return facts_with(s, &s->memo) && s->memo.walks == 1;
}

bool
bench_next_verdict(void *arg)
{
	struct bench_scene *s = arg;

	return verdict_with(s, &s->judged_memo) && s->judged_memo.walks == 1;
}

/* -- scenes -- */

static void
say_why_not(const struct bench_scene *s, const struct da_findings *findings)
{
	for (int c = 0; c < DA_CHK_COUNT; c++)
		if (findings->of[c].result == DA_BROKEN ||
		    findings->of[c].result == DA_UNKNOWN)
			fprintf(stderr, "bench: %s: %s is %s: %s\n", s->name,
			    da_check_name((enum da_check)c), da_result_name(
			    (enum da_result)findings->of[c].result),
			    da_fault_text((enum da_why)
			    findings->of[c].why)->text);
}

/* What a first answer tells goes into ticket and policy; then both hold. */
static void
set_rest(struct bench_scene *s)
{
	if (!bench_facts(s)) {
		say_why_not(s, &s->claims.findings);
		bench_die(s->name, "the facts do not hold");
	}
	digest_into(&s->ticket, DA_DIGEST_PUBLIC_KEY,
	    s->evidence.chain.cert[s->evidence.chain.n - 1].spki);
	set_policy(s);
	if (!bench_verdict(s)) {
		say_why_not(s, &s->verdict.findings);
		bench_die(s->name, "the policy does not accept it");
	}
	if (!bench_next_facts(s) || !bench_next_verdict(s))
		bench_die(s->name, "a chain that was proved is proved again");
}

void
bench_scene_gpu(const char *data, struct bench_scene *ret)
{
	static const char folder[] = "nvidia/hopper-a";

	memset(ret, 0, sizeof(*ret));
	ret->name = "gpu-p384-5certs";
	give(&ret->bundle, DA_PART_CHAIN, bench_file(data, folder,
	    "certchain_spdm_built.bin"));
	give(&ret->bundle, DA_PART_MEASUREMENTS, bench_file(data, folder,
	    "report.bin"));
	ret->assumed = (struct da_algs){ DA_ASYM_ECDSA_P384, DA_HASH_SHA384,
	    DA_HASH_SHA384 };
	ret->ask.assumed = &ret->assumed;
	set_question(ret, bench_file(data, folder, "root.der"),
	    bench_file(data, folder, "nonce.bin"));
	set_rest(ret);
}

void
bench_scene_p256(const char *data, struct bench_scene *ret)
{
	static const char folder[] = "libspdm/v1.2-p256-sha256-all";

	memset(ret, 0, sizeof(*ret));
	ret->name = "p256-3certs";
	give(&ret->bundle, DA_PART_CHAIN, bench_file(data, folder,
	    "certchain.bin"));
	give(&ret->bundle, DA_PART_VCA, bench_file(data, folder, "vca.bin"));
	give(&ret->bundle, DA_PART_MEASUREMENTS, bench_file(data, folder,
	    "measurements.bin"));
	set_question(ret, bench_file(data, folder, "root.der"),
	    bench_file(data, folder, "nonce.bin"));
	set_rest(ret);
}
