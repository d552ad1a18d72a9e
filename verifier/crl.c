/* SPDX-License-Identifier: Apache-2.0 */
#include "crl.h"

#include "derwalk.h"

#define EXTENSIONS_TAG	0xa0	/* [0] EXPLICIT */
#define ENUMERATED	0x0a

enum {				/* 2.5.29.x, RFC 5280 5.2 and 5.3 */
	CRL_NUMBER = 20,
	REASON_CODE = 21,
	DELTA_INDICATOR = 27,
	ISSUING_POINT = 28,
	CERTIFICATE_ISSUER = 29,
	AUTHORITY_KEY = 35
};

static const uint8_t remove_from_crl[] = { ENUMERATED, 1, 8 };

/* x of 2.5.29.x; 0 for any other OID. */
static uint8_t
arc_of(struct da_slice oid)
{
	return oid.n == 3 && oid.p[0] == 0x55 && oid.p[1] == 0x1d ? oid.p[2] :
	    0;
}

/* -- extensions, of the list and of an entry -- */

struct seen {
	uint16_t n;
	struct da_slice oid[DA_MAX_EXTENSIONS];
};

/* RFC 5280 4.2: not more than one instance of an extension. */
static void
see(struct da_der *d, struct seen *seen, struct da_slice oid)
{
	if (!da_der_ok(d))
		return;
	for (uint16_t i = 0; i < seen->n; i++)
		if (da_slice_eq(seen->oid[i], oid))
			da_der_refuse(d, DA_F_CRL_FORM);
	if (seen->n == DA_MAX_EXTENSIONS)
		da_der_refuse(d, DA_F_CRL_FORM);
	else
		seen->oid[seen->n++] = oid;
}

/* RFC 5280 5.2.3: not negative, not longer than 20 octets. */
static void
read_number(struct da_der *in)
{
	struct da_slice v = da_der_take(in, DA_DER_INTEGER);

	if (da_der_ok(in) && (v.n == 0 || v.p[0] >= 0x80 ||
	    v.n > DA_MAX_SERIAL + (v.p[0] == 0 ? 1u : 0u) ||
	    (v.n > 1 && v.p[0] == 0 && v.p[1] < 0x80)))
		da_der_refuse(in, DA_F_CRL_FORM);
}

/* RFC 5280 5.3.1: 0 to 10, but for 7. */
static void
read_reason(struct da_der *in)
{
	struct da_slice v = da_der_take(in, ENUMERATED);

	if (da_der_ok(in) && (v.n != 1 || v.p[0] > 10 || v.p[0] == 7))
		da_der_refuse(in, DA_F_CRL_FORM);
}

/* A walk through the value, which must be one element of that kind. */
static void
read_value(struct da_der *d, struct da_slice value,
    void (*read)(struct da_der *))
{
	struct da_der in = da_der_over(da_cur_over(&d->c, value), d->part);

	if (!da_der_ok(d))
		return;
	read(&in);
	da_der_leave(d, &in);
}

static void
note_unknown(const struct da_der *d, const struct da_extension *ext,
    struct da_crl *crl)
{
	if (da_der_ok(d) && crl->unknown.why == DA_F_NONE)
		da_refuse(&crl->unknown, DA_F_CRL_EXTENSION, d->part, ext->at);
}

/*
 * A scope by distribution point, reason or kind of certificate (5.2.5) cannot
 * be shown to cover a certificate of ours, and a delta (5.2.4) is no list.
 */
static void
read_list_extension(struct da_der *d, struct seen *seen, struct da_crl *crl)
{
	struct da_extension ext = da_x509_extension(d);

	see(d, seen, ext.oid);
	switch (arc_of(ext.oid)) {
	case CRL_NUMBER:
		read_value(d, ext.value, read_number);
		break;
	case AUTHORITY_KEY:	/* a hint: the signature decides */
		break;
	case DELTA_INDICATOR:
	case ISSUING_POINT:
		note_unknown(d, &ext, crl);
		break;
	default:
		if (ext.critical)
			note_unknown(d, &ext, crl);
	}
}

/*
 * An entry of another issuer's certificate (5.3.3) is an indirect list's, and
 * one that takes back a revocation (5.3.1) a delta's.
 */
static void
read_entry_extension(struct da_der *d, struct seen *seen, struct da_crl *crl)
{
	struct da_extension ext = da_x509_extension(d);
	bool is_reason = arc_of(ext.oid) == REASON_CODE;

	see(d, seen, ext.oid);
	if (is_reason)
		read_value(d, ext.value, read_reason);
	if (is_reason ? da_slice_eq(ext.value, da_slice_of(remove_from_crl,
	    sizeof(remove_from_crl))) : ext.critical ||
	    arc_of(ext.oid) == CERTIFICATE_ISSUER)
		note_unknown(d, &ext, crl);
}

static void
read_extensions(struct da_der *d, struct da_crl *crl,
    void (*read)(struct da_der *, struct seen *, struct da_crl *))
{
	struct da_der list = da_der_enter(d, DA_DER_SEQUENCE);
	struct seen seen;

	seen.n = 0;
	do
		read(&list, &seen, crl);
	while (da_der_peek(&list) != 0);
	da_der_leave(d, &list);
}

/* -- entries -- */

/*
 * Any integer of minimal form: what a list revokes may have a serial number
 * that no certificate of this profile has.
 */
static struct da_slice
read_serial(struct da_der *d)
{
	struct da_slice v = da_der_take(d, DA_DER_INTEGER);

	if (da_der_ok(d) && (v.n == 0 || (v.n > 1 &&
	    ((v.p[0] == 0 && v.p[1] < 0x80) ||
	    (v.p[0] == 0xff && v.p[1] >= 0x80)))))
		da_der_refuse(d, DA_F_DER_VALUE);
	return v;
}

static void
read_entry(struct da_der *d, struct da_crl *crl)
{
	struct da_der in = da_der_enter(d, DA_DER_SEQUENCE);

	read_serial(&in);
	da_x509_time(&in);
	if (da_der_peek(&in) != 0)
		read_extensions(&in, crl, read_entry_extension);
	da_der_leave(d, &in);
}

/* RFC 5280 5.1.2.6: where nothing is revoked, the field is absent. */
static void
read_entries(struct da_der *d, struct da_crl *crl)
{
	struct da_der in;
	size_t from;

	if (da_der_peek(d) != DA_DER_SEQUENCE)
		return;
	in = da_der_enter(d, DA_DER_SEQUENCE);
	from = in.c.at;
	if (da_der_peek(&in) == 0)
		da_der_refuse(&in, DA_F_CRL_FORM);
	while (da_der_peek(&in) != 0)
		read_entry(&in, crl);
	if (da_der_ok(&in))
		crl->entries = da_since(&in.c, from);
	da_der_leave(d, &in);
}

bool
da_crl_lists(const struct da_crl *crl, struct da_slice serial)
{
	struct da_der d = da_der_over(da_cur_of(crl->entries), DA_PART_CRL);

	while (da_der_peek(&d) != 0) {
		struct da_der in = da_der_enter(&d, DA_DER_SEQUENCE);

		if (da_slice_eq(read_serial(&in), serial))
			return true;
	}
	return false;
}

/* -- the list -- */

/* RFC 5280 5.1.2.1: extensions are required, and so is version 2. */
static void
read_version(struct da_der *d)
{
	if (da_der_peek(d) != DA_DER_INTEGER || da_der_small_int(d) != 1)
		da_der_refuse(d, DA_F_CRL_FORM);
}

/* 5.1.2.5: a list that does not say until when it holds holds for ever. */
static int64_t
read_next_update(struct da_der *d)
{
	uint8_t tag = da_der_peek(d);

	if (tag != DA_DER_UTC_TIME && tag != DA_DER_GENERALIZED_TIME)
		da_der_refuse(d, DA_F_CRL_FORM);
	return da_x509_time(d);
}

static struct da_slice
read_tbs(struct da_der *d, struct da_crl *crl)
{
	size_t from = d->c.at;
	struct da_der tbs = da_der_enter(d, DA_DER_SEQUENCE);
	struct da_der tagged;
	struct da_slice inner_alg;

	read_version(&tbs);
	inner_alg = da_der_element(&tbs);
	crl->issuer = da_x509_name(&tbs);
	crl->this_update = da_x509_time(&tbs);
	crl->next_update = read_next_update(&tbs);
	read_entries(&tbs, crl);
	if (da_der_peek(&tbs) != 0) {
		tagged = da_der_enter(&tbs, EXTENSIONS_TAG);
		read_extensions(&tagged, crl, read_list_extension);
		da_der_leave(&tbs, &tagged);
	}
	da_der_leave(d, &tbs);
	crl->what.tbs = da_since(&d->c, from);
	return inner_alg;
}

static void
read_list(struct da_der *d, struct da_crl *crl)
{
	struct da_der in = da_der_enter(d, DA_DER_SEQUENCE);
	struct da_slice inner_alg = read_tbs(&in, crl);

	crl->what.alg = da_der_element(&in);
	/* RFC 5280 5.1.1.2: the same as within. */
	if (da_der_ok(&in) && !da_slice_eq(inner_alg, crl->what.alg))
		da_der_refuse(&in, DA_F_CRL_FORM);
	crl->what.signature = da_der_octet_bits(&in);
	da_der_leave(d, &in);
	if (da_der_ok(d) && !da_all_read(&d->c))
		da_refuse_end(&d->fault, &d->c, d->part);
}

bool
da_crl_read(struct da_slice der, struct da_crl *ret, struct da_fault *reterr)
{
	struct da_der d = da_der_over(da_cur_of(der), DA_PART_CRL);
	struct da_crl crl = { .raw = der };

	if (der.n == 0)
		return da_refuse(reterr, DA_F_EMPTY, DA_PART_CRL, 0);
	if (der.n > DA_MAX_CRL)
		return da_refuse(reterr, DA_F_TOO_LONG, DA_PART_CRL,
		    DA_MAX_CRL);
	read_list(&d, &crl);
	if (!da_der_ok(&d)) {
		*reterr = d.fault;
		return false;
	}
	*ret = crl;
	return true;
}
