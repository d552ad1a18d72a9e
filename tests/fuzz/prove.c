/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The whole of `verify`: a device's evidence, edited before it is signed (so
 * that what is behind the signature gets its share), and after.  What was
 * edited after it was signed must not verify.
 */
#include "targets.h"

#include "tests/unit/kit.h"

static const struct kit_algs p256 = { DA_ASYM_ECDSA_P256, DA_HASH_SHA256,
    "P-256", "SHA256" };
static const uint8_t versions[] = { 0x12, 0x11, 0x13, 0x14, 0x10 };

#define N_VERSIONS (sizeof(versions) / sizeof(versions[0]))

static unsigned int
take8(struct da_cur *c)
{
	return da_left(c) > 0 ? da_u8(c) : 0;
}

/* Up to three bytes changed. */
static void
edit(struct da_cur *c, struct buf *b)
{
	for (unsigned int n = take8(c) % 4; n > 0 && b->n > 0; n--) {
		size_t at = (take8(c) << 8 | take8(c)) % b->n;

		b->p[at] ^= (uint8_t)take8(c);
	}
}

/* Bytes put at the end, or taken from it. */
static void
resize(struct da_cur *c, struct buf *b)
{
	unsigned int v = take8(c);

	if (v & 1)
		put_fill(b, (uint8_t)v, v / 2);
	else
		b->n -= v / 2 < b->n ? v / 2 : b->n;
}

/* True: the part is another now. */
static bool
edit_part(struct da_cur *c, struct kit *k, enum da_part part)
{
	struct da_slice was = k->bundle.part[part];
	struct buf b = buf_copy(was);

	edit(c, &b);
	resize(c, &b);
	k->bundle.part[part] = exact(buf_slice(&b), b.n);
	return !da_slice_eq(was, buf_slice(&b));
}

/* The device itself says something odd, and signs it. */
static void
make_evidence(struct da_cur *c, struct kit *k)
{
	struct da_slice record = k->exchange.record;
	struct buf b = buf_copy(record);

	edit(c, &b);
	k->exchange.record = buf_slice(&b);
	kit_make(k);
	k->exchange.record = record;
}

static struct chunk *mark;

static void
release(void)
{
	while (chunks != mark) {
		struct chunk *c = chunks;

		chunks = c->next;
		free(c);
	}
}

/* A device of each version, made once. */
static struct kit *
kit_of(unsigned int i)
{
	static struct kit kits[N_VERSIONS];

	if (mark == NULL) {
		for (size_t v = 0; v < N_VERSIONS; v++)
			kit_start(&kits[v], versions[v], &p256);
		mark = chunks;
	}
	return &kits[i % N_VERSIONS];
}

int
fuzz_prove(const uint8_t *data, size_t n)
{
	struct da_cur c = da_cur_of(da_slice_of(data, n));
	struct kit *k = kit_of(take8(&c));
	bool spoiled;
	int class;

	release();
	make_evidence(&c, k);
	spoiled = edit_part(&c, k, DA_PART_CHAIN);
	spoiled = edit_part(&c, k, DA_PART_MEASUREMENTS) || spoiled;
	/* Below 1.2 no signature covers the negotiation. */
	if (edit_part(&c, k, DA_PART_VCA) && k->version >= 0x12)
		spoiled = true;
	class = kit_ask(k);
	if (class == 0 && spoiled)
		abort();
	return class == 0;
}
