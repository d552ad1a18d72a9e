/* SPDX-License-Identifier: Apache-2.0 */
#include "x509.h"

#include "derwalk.h"

#include <stdio.h>
#include <string.h>

/* 2.5.4.x, the attributes that device certificates use. */
static const struct {
	uint8_t arc;
	const char *name;
} attributes[] = {
	{ 3, "CN" }, { 5, "serialNumber" }, { 6, "C" }, { 7, "L" },
	{ 8, "ST" }, { 10, "O" }, { 11, "OU" },
};

#define MAX_RDNS	16	/* shown of a name; real ones have 1 to 5 */

struct text {
	char *buf;
	size_t size, used;
	bool cut;		/* the first piece that did not fit ends it */
};

static void
add(struct text *t, const char *s)
{
	size_t n = strlen(s);

	t->cut = t->cut || n >= t->size - t->used;
	if (!t->cut) {
		memcpy(&t->buf[t->used], s, n + 1);
		t->used += n;
	}
}

static void
add_type(struct text *t, struct da_slice oid)
{
	char dotted[80];

	for (size_t i = 0; i < sizeof(attributes) / sizeof(attributes[0]); i++)
		if (oid.n == 3 && oid.p[0] == 0x55 && oid.p[1] == 0x04 &&
		    oid.p[2] == attributes[i].arc) {
			add(t, attributes[i].name);
			return;
		}
	add(t, da_oid_text(oid, dotted, sizeof(dotted)) ? dotted : "?");
}

/* Hostile text: only printable ASCII passes, what separates is escaped. */
static void
add_value(struct text *t, struct da_slice value)
{
	char one[5];

	for (size_t i = 0; i < value.n; i++) {
		uint8_t c = value.p[i];

		if (c < 0x20 || c > 0x7e)
			snprintf(one, sizeof(one), "\\x%02x", c);
		else if (strchr(",=\\\"", c) != NULL)
			snprintf(one, sizeof(one), "\\%c", c);
		else
			snprintf(one, sizeof(one), "%c", c);
		add(t, one);
	}
}

/* The contents of an element: what follows tag and length. */
static struct da_slice
contents_of(struct da_der *d)
{
	return da_der_take(d, da_der_peek(d));
}

static void
add_rdn(struct text *t, struct da_slice contents)
{
	struct da_der rdn = da_der_over(da_cur_of(contents), DA_PART_CHAIN);

	while (da_der_peek(&rdn) != 0) {
		struct da_der atv = da_der_enter(&rdn, DA_DER_SEQUENCE);

		add(t, t->used == 0 ? "" : ",");
		add_type(t, da_der_oid(&atv));
		add(t, "=");
		add_value(t, contents_of(&atv));
		da_der_leave(&rdn, &atv);
	}
}

/* RFC 4514 2.1: last in the certificate, first in the text. */
void
da_name_text(struct da_slice name, char *buf, size_t size)
{
	struct text t = { buf, size, 0, false };
	struct da_der top = da_der_over(da_cur_of(name), DA_PART_CHAIN);
	struct da_der rdns = da_der_enter(&top, DA_DER_SEQUENCE);
	struct da_slice rdn[MAX_RDNS];
	size_t n = 0;

	if (size == 0)
		return;
	buf[0] = '\0';
	while (n < MAX_RDNS && da_der_peek(&rdns) != 0)
		rdn[n++] = da_der_take(&rdns, DA_DER_SET);
	while (n > 0)
		add_rdn(&t, rdn[--n]);
}
