/* SPDX-License-Identifier: Apache-2.0 */
#include "attacks.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bytes.h"
#include "device.h"

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

static bool
swap_chain(struct attacker *a, const struct da_wire_request *q,
    struct relay_answer *answer)
{
	struct relay_answer others;
	struct relay_part *p, *from;
	bool ok;

	a->other.source.collect(&a->other.source, q, &others);
	p = part_of(answer, DA_WIRE_CHAIN_FIRST);
	from = part_of(&others, DA_WIRE_CHAIN_FIRST);
	ok = p != NULL && from != NULL && put_in_place(p, from);
	relay_answer_free(&others);
	return ok;
}

static const struct attack attacks[] = {
	{ "flip-measurement", "changes one byte of a measured value", false,
	    NULL, flip_measurement },
	{ "replay", "gives an answer recorded before, to another nonce", false,
	    record, replay },
	{ "other-chain", "gives the certificate chain of another device", true,
	    NULL, swap_chain },
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
	    !emu_make_tsm_agree(a->control, device, ret))
		relay_answer_fail(ret, DA_WIRE_HOST_ERROR,
		    "the emulated TSM does not agree");
}

static void
release(struct relay_source *source)
{
	struct attacker *a = (struct attacker *)source;

	a->upstream.source.release(&a->upstream.source);
	if (a->attack->needs_other)
		a->other.source.release(&a->other.source);
}

void
emu_attacker_start(struct attacker *a)
{
	a->source = (struct relay_source){ collect, release };
}
