/* SPDX-License-Identifier: Apache-2.0 */
#include "dice.h"

#include <stdio.h>

#include "derwalk.h"

#define TCG_DICE "\x67\x81\x05\x05\x04"	/* 2.23.133.5.4 */

/* Context tags of DiceTcbInfo, all implicit; constructed where a list. */
#define FIELD(n)	(0x80u | (n))
#define LIST(n)		(0xa0u | (n))

/* -- pieces -- */

static void
read_fwid(struct da_der *d, struct da_fwid *ret)
{
	struct da_der in = da_der_enter(d, DA_DER_SEQUENCE);

	ret->alg = da_der_oid(&in);
	ret->digest = da_der_take(&in, DA_DER_OCTET_STRING);
	if (ret->digest.n == 0)
		da_der_refuse(&in, DA_F_DICE_FORM);
	da_der_leave(d, &in);
}

static void
read_fwids(struct da_der *d, struct da_tcb_info *tcb)
{
	struct da_der list = da_der_enter(d, LIST(6));

	do {
		if (tcb->n_fwids == DA_MAX_FWIDS) {
			da_der_refuse(&list, DA_F_DICE_FORM);
			break;
		}
		read_fwid(&list, &tcb->fwid[tcb->n_fwids++]);
	} while (da_der_peek(&list) != 0);
	da_der_leave(d, &list);
}

static struct da_slice
read_bytes(struct da_der *d, uint8_t tag)
{
	struct da_slice none = { NULL, 0 };

	return da_der_peek(d) == tag ? da_der_take(d, tag) : none;
}

static bool
read_number(struct da_der *d, uint8_t tag, uint64_t *ret)
{
	if (da_der_peek(d) != tag)
		return false;
	if (da_is_uint(da_der_take(d, tag), ret))
		return true;
	da_der_refuse(d, DA_F_DICE_FORM);
	return false;
}

/*
 * Firmware writes all 32 bits of OperationalFlags, trailing zeros and all
 * (Blackwell), so named bits are not held to X.690 11.2.2 here.
 */
static struct da_slice
read_bits(struct da_der *d, uint8_t tag)
{
	struct da_slice bits = { NULL, 0 }, v;

	if (da_der_peek(d) != tag)
		return bits;
	v = da_der_take(d, tag);
	if (!da_is_bits(v) || !da_slice_cut(v, 1, v.n - 1, &bits))
		da_der_refuse(d, DA_F_DICE_FORM);
	return bits;
}

/* IntegrityRegister: [0] name and [1] number, which may lack, [2] digests. */
static void
read_register(struct da_der *d)
{
	struct da_der in = da_der_enter(d, DA_DER_SEQUENCE);
	struct da_der digests;
	struct da_fwid fwid;
	uint64_t number;

	read_bytes(&in, FIELD(0));
	read_number(&in, FIELD(1), &number);
	digests = da_der_enter(&in, LIST(2));
	do
		read_fwid(&digests, &fwid);
	while (da_der_peek(&digests) != 0);
	da_der_leave(&in, &digests);
	da_der_leave(d, &in);
}

/*
 * The text of DICE Attestation Architecture 1.2 gives the list number 10, its
 * ASN.1 module 11 (10 is flagsMask there, and no list); firmware has both.
 */
static struct da_slice
read_registers(struct da_der *d)
{
	uint8_t tag = da_der_peek(d);
	struct da_slice none = { NULL, 0 };
	struct da_der list;
	size_t from;

	if (tag != LIST(10) && tag != LIST(11))
		return none;
	list = da_der_enter(d, tag);
	from = list.c.at;
	do
		read_register(&list);
	while (da_der_peek(&list) != 0);
	da_der_leave(d, &list);
	return da_der_ok(d) ? da_since(&list.c, from) : none;
}

/* -- DiceTcbInfo: every field may lack, their order is fixed -- */

static void
read_tcb_fields(struct da_der *in, struct da_tcb_info *tcb)
{
	tcb->vendor = read_bytes(in, FIELD(0));
	tcb->model = read_bytes(in, FIELD(1));
	tcb->version = read_bytes(in, FIELD(2));
	tcb->has_svn = read_number(in, FIELD(3), &tcb->svn);
	tcb->has_layer = read_number(in, FIELD(4), &tcb->layer);
	tcb->has_index = read_number(in, FIELD(5), &tcb->index);
	if (da_der_peek(in) == LIST(6))
		read_fwids(in, tcb);
	tcb->flags = read_bits(in, FIELD(7));
	tcb->vendor_info = read_bytes(in, FIELD(8));
	tcb->type = read_bytes(in, FIELD(9));
	tcb->flags_mask = read_bits(in, FIELD(10));
	tcb->registers = read_registers(in);
}

static void
read_tcb_info(struct da_der *d, struct da_dice *dice)
{
	struct da_der in = da_der_enter(d, DA_DER_SEQUENCE);
	struct da_tcb_info *tcb = &dice->tcb[dice->n_tcb];

	/* One without a field says nothing of anything. */
	if (da_der_peek(&in) == 0 || dice->n_tcb == DA_MAX_TCB_INFOS) {
		da_der_refuse(d, DA_F_DICE_FORM);
		return;
	}
	*tcb = (struct da_tcb_info){ 0 };
	read_tcb_fields(&in, tcb);
	dice->n_tcb++;
	da_der_leave(d, &in);
}

/* -- the extensions -- */

/*
 * Before TcbInfo there was a composite device id under the same OID: SEQUENCE
 * { version 1, SubjectPublicKeyInfo, FWID }.  Nothing of TcbInfo is an INTEGER
 * by its own tag, so the first tag tells which it is.
 */
static void
read_composite(struct da_der *d, struct da_dice *dice)
{
	struct da_der in = da_der_enter(d, DA_DER_SEQUENCE);

	if (da_der_small_int(&in) != 1)
		da_der_refuse(&in, DA_F_DICE_FORM);
	if (da_der_peek(&in) != DA_DER_SEQUENCE)
		da_der_refuse(&in, DA_F_DICE_FORM);
	dice->composite_key = da_der_element(&in);
	read_fwid(&in, &dice->composite);
	da_der_leave(d, &in);
	dice->has_composite = true;
}

static void
read_tcb_or_composite(struct da_der *d, struct da_dice *dice)
{
	struct da_der at = *d;
	struct da_der in = da_der_enter(&at, DA_DER_SEQUENCE);

	if (da_der_peek(&in) == DA_DER_INTEGER)
		read_composite(d, dice);
	else
		read_tcb_info(d, dice);
}

static void
read_multi(struct da_der *d, struct da_dice *dice)
{
	struct da_der list = da_der_enter(d, DA_DER_SEQUENCE);

	do
		read_tcb_info(&list, dice);
	while (da_der_peek(&list) != 0);
	da_der_leave(d, &list);
}

static struct da_slice
read_wrapped(struct da_der *d)
{
	struct da_der in = da_der_enter(d, DA_DER_SEQUENCE);
	struct da_slice octets = da_der_take(&in, DA_DER_OCTET_STRING);

	if (octets.n == 0)
		da_der_refuse(&in, DA_F_DICE_FORM);
	da_der_leave(d, &in);
	return octets;
}

static void
read_ueid(struct da_der *d, struct da_dice *dice)
{
	dice->ueid = read_wrapped(d);
}

static void
read_freshness(struct da_der *d, struct da_dice *dice)
{
	dice->freshness = read_wrapped(d);
}

#define ROW(oid) oid, sizeof(oid) - 1

/*
 * Not here: MultiTcbInfoComp (.8), manifests and evidence in CBOR (.6, .7, .9),
 * whose forms are not settled for us.  Critical, they stay unknown.
 */
static const struct kind {
	const char *oid;
	size_t n;
	void (*read)(struct da_der *, struct da_dice *);
} kinds[] = {
	{ ROW(TCG_DICE "\x01"), read_tcb_or_composite },
	{ ROW(TCG_DICE "\x01\x01"), read_tcb_info },	/* Blackwell's */
	{ ROW(TCG_DICE "\x04"), read_ueid },
	{ ROW(TCG_DICE "\x05"), read_multi },
	{ ROW(TCG_DICE "\x0b"), read_freshness },
};

static const struct kind *
kind_of(struct da_slice oid)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (da_slice_eq(oid, da_slice_of(kinds[i].oid, kinds[i].n)))
			return &kinds[i];
	return NULL;
}

static bool
read_value(const struct kind *kind, struct da_slice value, struct da_dice *dice)
{
	struct da_der d = da_der_over(da_cur_of(value), DA_PART_NONE);

	kind->read(&d, dice);
	return da_der_ok(&d) && da_all_read(&d.c);
}

bool
da_dice_knows(struct da_slice oid)
{
	return kind_of(oid) != NULL;
}

bool
da_dice_decodes(const struct da_extension *ext)
{
	const struct kind *kind = kind_of(ext->oid);
	struct da_dice unused;

	unused.n_tcb = 0;
	return kind != NULL && read_value(kind, ext->value, &unused);
}

/* -- key purposes, 2.23.133.5.4.100.arc -- */

static const struct {
	const char *oid;
	const char *name;
} purposes[DA_MAX_PURPOSES] = {
	{ TCG_DICE "\x64\x06", "identityInit" },
	{ TCG_DICE "\x64\x07", "identityLoc" },
	{ TCG_DICE "\x64\x08", "attestInit" },
	{ TCG_DICE "\x64\x09", "attestLoc" },
	{ TCG_DICE "\x64\x0a", "assertInit" },
	{ TCG_DICE "\x64\x0b", "assertLoc" },
	{ TCG_DICE "\x64\x0c", "eca" },
};

static bool
eku_has(const struct da_cert *cert, struct da_slice oid)
{
	struct da_der d = da_der_over(da_cur_of(cert->eku), DA_PART_NONE);

	while (da_der_peek(&d) != 0)
		if (da_slice_eq(da_der_oid(&d), oid))
			return true;
	return false;
}

static void
read_purposes(const struct da_cert *cert, struct da_dice *dice)
{
	for (size_t i = 0; i < DA_MAX_PURPOSES; i++)
		if (eku_has(cert, da_slice_of(purposes[i].oid, 7)))
			dice->purpose[dice->n_purposes++] = purposes[i].name;
}

bool
da_dice_read(const struct da_cert *cert, struct da_dice *ret,
    struct da_fault *reterr)
{
	*ret = (struct da_dice){ 0 };
	read_purposes(cert, ret);
	for (uint16_t i = 0; i < cert->n_ext; i++) {
		const struct da_extension *ext = &cert->ext[i];
		uint16_t before = ret->n_tcb;

		if (!da_dice_knows(ext->oid))
			continue;
		/* Tried first: what decodes by half must leave no trace. */
		if (da_dice_decodes(ext) && read_value(kind_of(ext->oid),
		    ext->value, ret))
			continue;
		ret->n_tcb = before;
		if (ext->critical)
			return da_refuse(reterr, DA_F_DICE_FORM, DA_PART_CHAIN,
			    ext->at);
	}
	return true;
}

/* -- what others ask of it -- */

struct da_slice
da_dice_fwid(const struct da_dice *dice)
{
	struct da_slice none = { NULL, 0 };

	if (dice->has_composite)
		return dice->composite.digest;
	if (dice->n_tcb == 0 || dice->tcb[0].n_fwids == 0)
		return none;
	return dice->tcb[0].fwid[0].digest;
}

void
da_fwid_hash_text(const struct da_fwid *fwid, char *buf, size_t size)
{
	enum da_hash hash = da_hash_of_oid(fwid->alg);

	if (hash != DA_HASH_NONE)
		snprintf(buf, size, "%s", da_hash_alg(hash)->name);
	else if (!da_oid_text(fwid->alg, buf, size))
		snprintf(buf, size, "?");
}
