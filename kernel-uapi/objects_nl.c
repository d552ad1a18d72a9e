/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence_nl.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <linux/devattest.h>

#include "nl_door.h"

#define FAMILY		"device-evidence"
#define COLLECT_MS	60000	/* a device signs, and a link is slow */
#define OBJECT_MAX	(16u << 20)	/* the proposal's */
#define MAX_MESSAGES	65536

struct da_object_reader {
	struct da_nl nl;
	/* The object that is being put together. */
	bool has;
	uint32_t type, generation;
	uint8_t *bytes;
	size_t n, length;
};

static bool
fail(struct da_kernel_error *reterr, int error, const char *what)
{
	reterr->error = error;
	snprintf(reterr->text, sizeof(reterr->text), "%s", what);
	return false;
}

struct da_object_reader *
da_objects_open(struct da_kernel_error *reterr)
{
	struct da_object_reader *r = calloc(1, sizeof(*r));

	if (r == NULL) {
		fail(reterr, ENOMEM, "no memory");
		return NULL;
	}
	r->nl.fd = -1;
	if (da_nl_open(&r->nl, reterr) &&
	    da_nl_find(&r->nl, FAMILY, NULL, NULL, reterr))
		return r;
	da_objects_close(r);
	return NULL;
}

void
da_objects_close(struct da_object_reader *r)
{
	da_nl_close(&r->nl);
	free(r->bytes);
	free(r);
}

/* What a dump's message brings, and whom it is for. */
struct taking {
	struct da_object_reader *r;
	da_objects_take_fn *take;
	void *context;
};

static bool
add_chunk(void *context, struct da_slice chunk)
{
	struct da_object_reader *r = context;

	if (!r->has || chunk.n > r->length - r->n)
		return false;
	if (chunk.n > 0)
		memcpy(r->bytes + r->n, chunk.p, chunk.n);
	r->n += chunk.n;
	return true;
}

/* The object before is whole, or the kernel contradicts itself. */
static bool
hand_over(struct taking *t, struct da_kernel_error *reterr)
{
	struct da_object_reader *r = t->r;

	if (!r->has)
		return true;
	r->has = false;
	if (r->n != r->length)
		return fail(reterr, EPROTO, "an object is not whole");
	return r->n == 0 || t->take(t->context, r->type, r->generation,
	    da_slice_of(r->bytes, r->n)) ||
	    fail(reterr, ECANCELED, "nobody wants it");
}

/* The head of the next: its type is above the last, its generation the same. */
static bool
begin(struct taking *t, const struct da_nl_message *m,
    struct da_kernel_error *reterr)
{
	struct da_object_reader *r = t->r;
	uint32_t type, generation, length;

	if (!da_nl_u32(m->of[DEVATTEST_A_TYPE], &type) ||
	    !da_nl_u32(m->of[DEVATTEST_A_GENERATION], &generation) ||
	    !da_nl_u32(m->of[DEVATTEST_A_LENGTH], &length) ||
	    type > DEVATTEST_TYPE_MAX || length > OBJECT_MAX)
		return fail(reterr, EPROTO, "no head of an object");
	if (r->generation != 0 && (generation != r->generation ||
	    type <= r->type))
		return fail(reterr, generation != r->generation ? EAGAIN :
		    EPROTO, "the objects changed, or are out of order");
	free(r->bytes);
	r->bytes = malloc(length > 0 ? length : 1);
	if (r->bytes == NULL)
		return fail(reterr, ENOMEM, "no memory for an object");
	r->has = true;
	r->type = type;
	r->generation = generation;
	r->length = length;
	r->n = 0;
	return true;
}

static bool
take_message(struct taking *t, const struct da_nl_message *m,
    struct da_kernel_error *reterr)
{
	/* Before the first object a name alone may come: it is collecting. */
	if (!m->has[DEVATTEST_A_TYPE] && !m->has[DEVATTEST_A_VAL])
		return true;
	if (m->has[DEVATTEST_A_TYPE] &&
	    (!hand_over(t, reterr) || !begin(t, m, reterr)))
		return false;
	return da_nl_each(m->attrs, DEVATTEST_A_VAL, add_chunk, t->r) ||
	    fail(reterr, EPROTO, "an object is longer than its length");
}

static bool
take_dump(struct taking *t, struct da_kernel_error *reterr)
{
	struct da_nl *nl = &t->r->nl;
	struct da_nl_message m;

	for (int i = 0; i < MAX_MESSAGES; i++) {
		if (!da_nl_next(nl, COLLECT_MS, &m, reterr))
			return false;
		if (m.seq != nl->seq)
			continue;
		if (m.is_error && m.error != 0)
			return fail(reterr, m.error, m.text);
		if (m.is_end)
			return m.error == 0 ? hand_over(t, reterr) :
			    fail(reterr, m.error, "the dump was broken off");
		if (!m.is_error && !take_message(t, &m, reterr))
			return false;
	}
	return fail(reterr, EPROTO, "a dump without an end");
}

bool
da_objects_read(struct da_object_reader *r, const char *device,
    uint32_t type_mask, uint32_t flags, const uint8_t *nonce,
    da_objects_take_fn *take, void *context, struct da_kernel_error *reterr)
{
	struct taking t = { .r = r, .take = take, .context = context };

	r->has = false;
	r->generation = 0;
	da_nl_start(&r->nl, DEVATTEST_CMD_READ, true);
	da_nl_put_u32(&r->nl, DEVATTEST_A_TYPE_MASK, type_mask);
	da_nl_put_u32(&r->nl, DEVATTEST_A_FLAGS, flags);
	da_nl_put_string(&r->nl, DEVATTEST_A_SUBSYS, "pci");
	da_nl_put_string(&r->nl, DEVATTEST_A_DEV_NAME, device);
	if (nonce != NULL)
		da_nl_put(&r->nl, DEVATTEST_A_NONCE,
		    da_slice_of(nonce, DA_NONCE));
	return da_nl_send(&r->nl, reterr) && take_dump(&t, reterr);
}
