/* SPDX-License-Identifier: Apache-2.0 */
#include "attacks.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bytes.h"
#include "device.h"
#include "verifier/tdisp_report.h"

static struct relay_part *
part_of(struct relay_answer *a, uint16_t type)
{
	for (uint32_t i = 0; i < a->n; i++)
		if (a->part[i].type == type)
			return &a->part[i];
	return NULL;
}

/* -- flip-measurement -- */

static bool
flip_measurement(struct attacker *a, const struct da_wire_request *q,
    struct relay_answer *answer)
{
	struct relay_part *p = part_of(answer, DA_WIRE_MEASUREMENTS);
	size_t at;

	(void)a;
	(void)q;
	if (p == NULL || p->length == 0)
		return false;
	/* Behind request, response head and block head: in the first value. */
	at = emu_request_size(p->bytes[0]) + 8 + 7 + 5;
	if (at >= p->length)
		return false;
	p->bytes[at] ^= 0x01;
	return true;
}

/* -- replay -- */

static bool
record(struct attacker *a)
{
	struct da_wire_request q = { .wanted = DA_WIRE_WANT_ALL,
		.device = a->device };

	emu_random(q.nonce, sizeof(q.nonce));
	emu_random(&q.id, sizeof(q.id));
	memset(q.path, 0xff, sizeof(q.path));
	a->upstream.source.collect(&a->upstream.source, &q, &a->recorded);
	a->upstream.source.release(&a->upstream.source);
	if (a->recorded.failure != 0)
		fprintf(stderr, "devattest-attacker: %s\n", a->recorded.why);
	return a->recorded.failure == 0;
}

static bool
put_in_place(struct relay_part *p, const struct relay_part *from)
{
	uint8_t *bytes = malloc((size_t)from->length + 1);

	if (bytes == NULL)
		return false;
	memcpy(bytes, from->bytes, from->length);
	free(p->bytes);
	*p = *from;
	p->bytes = bytes;
	return true;
}

/* The old bytes of each part that was to be had then. */
static bool
replay(struct attacker *a, const struct da_wire_request *q,
    struct relay_answer *answer)
{
	bool ok = true;

	(void)q;
	for (uint32_t i = 0; i < answer->n && ok; i++) {
		const struct relay_part *old = part_of(&a->recorded,
		    answer->part[i].type);

		if (old != NULL)
			ok = put_in_place(&answer->part[i], old);
	}
	return ok;
}

/* -- other-chain -- */

/* Each named part that the other answer has, too; false: one lacks it. */
static bool
take_parts(struct relay_answer *answer, struct relay_answer *others,
    const uint16_t *types, size_t n)
{
	bool ok = true;

	for (size_t i = 0; i < n && ok; i++) {
		struct relay_part *p = part_of(answer, types[i]);
		struct relay_part *from = part_of(others, types[i]);

		ok = p != NULL && from != NULL && put_in_place(p, from);
	}
	relay_answer_free(others);
	return ok;
}

static bool
swap_chain(struct attacker *a, const struct da_wire_request *q,
    struct relay_answer *answer)
{
	static const uint16_t types[] = { DA_WIRE_CHAIN_FIRST };
	struct relay_answer others;

	a->other.source.collect(&a->other.source, q, &others);
	return take_parts(answer, &others, types, 1);
}

/* -- what a genuine device elsewhere says -- */

/* The guest's own nonce goes along. */
static void
ask_elsewhere(struct attacker *a, const struct da_wire_request *q,
    struct relay_answer *ret)
{
	struct da_wire_request theirs = *q;

	theirs.device = a->elsewhere;
	memset(theirs.path, 0xff, sizeof(theirs.path));
	a->other.source.collect(&a->other.source, &theirs, ret);
}

static bool
swap_report(struct attacker *a, const struct da_wire_request *q,
    struct relay_answer *answer)
{
	static const uint16_t types[] = { DA_WIRE_REPORT };
	struct relay_answer others;

	ask_elsewhere(a, q, &others);
	return take_parts(answer, &others, types, 1);
}

static bool
relay_device(struct attacker *a, const struct da_wire_request *q,
    struct relay_answer *answer)
{
	static const uint16_t types[] = { DA_WIRE_CHAIN_FIRST, DA_WIRE_VCA,
		DA_WIRE_MEASUREMENTS };
	struct relay_answer others;

	ask_elsewhere(a, q, &others);
	return take_parts(answer, &others, types, 3);
}

/* -- hiding-range -- */

/* TDISP report: a head with the count, then ranges of 16 bytes. */
enum { COUNT_AT = 12, RANGES_AT = 16, RANGE = 16, MARKS_IN = 12 };

/* The first range, which no MSI-X mark holds in its place, becomes shared. */
static bool
hide_range(struct attacker *a, const struct da_wire_request *q,
    struct relay_answer *answer)
{
	struct relay_part *p = part_of(answer, DA_WIRE_REPORT);

	(void)a;
	(void)q;
	if (p == NULL || p->length < RANGES_AT + RANGE ||
	    p->bytes[COUNT_AT] == 0 || p->bytes[RANGES_AT + MARKS_IN] != 0)
		return false;
	p->bytes[RANGES_AT + MARKS_IN] = DA_RANGE_NON_TEE;
	return true;
}

static const struct attack attacks[] = {
	{ "flip-measurement", "changes one byte of a measured value",
	    .forge = flip_measurement },
	{ "replay", "gives an answer recorded before, to another nonce",
	    .prepare = record, .forge = replay },
	{ "other-chain", "gives the certificate chain of another device",
	    .needs_other = true, .forge = swap_chain },
	{ "swapped-report", "gives the interface report of another device",
	    .from_elsewhere = true, .forge = swap_report },
	{ "relayed-device", "has another, genuine device sign the nonce",
	    .from_elsewhere = true, .keeps_session = true,
	    .forge = relay_device },
	{ "hiding-range", "calls a private range of the report shared",
	    .forge = hide_range },
};

const struct attack *
emu_attack(size_t i)
{
	return i < sizeof(attacks) / sizeof(attacks[0]) ? &attacks[i] : NULL;
}

const struct attack *
emu_attack_named(const char *name)
{
	for (size_t i = 0; emu_attack(i) != NULL; i++)
		if (strcmp(emu_attack(i)->name, name) == 0)
			return emu_attack(i);
	return NULL;
}

/* The guest's request goes upstream first: the TSM saw the newer answer. */
static void
collect(struct relay_source *source, const struct da_wire_request *request,
    struct relay_answer *ret)
{
	struct attacker *a = (struct attacker *)source;
	char device[16];

	a->upstream.source.collect(&a->upstream.source, request, ret);
	if (ret->failure != 0)
		return;
	if (!a->attack->forge(a, request, ret)) {
		relay_answer_fail(ret, DA_WIRE_HOST_ERROR,
		    "%s does not apply to this answer", a->attack->name);
		return;
	}
	da_wire_format_bdf(request->device, device);
	if (a->control != NULL &&
	    !emu_make_tsm_agree(a->control, device, ret,
	    !a->attack->keeps_session))
		relay_answer_fail(ret, DA_WIRE_HOST_ERROR,
		    "the emulated TSM does not agree");
}

static void
release(struct relay_source *source)
{
	struct attacker *a = (struct attacker *)source;

	a->upstream.source.release(&a->upstream.source);
	if (a->attack->needs_other || a->attack->from_elsewhere)
		a->other.source.release(&a->other.source);
}

void
emu_attacker_start(struct attacker *a)
{
	a->source = (struct relay_source){ collect, release };
}
