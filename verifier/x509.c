/* SPDX-License-Identifier: Apache-2.0 */
#include "x509.h"

#include "civil.h"
#include "derwalk.h"

#define VERSION_TAG	0xa0	/* [0] EXPLICIT */
#define EXTENSIONS_TAG	0xa3	/* [3] EXPLICIT */

/* -- fields of tbsCertificate -- */

static void
read_version(struct da_der *d)
{
	struct da_der in;

	/* Absent is version 1, which has no extensions and so no CA bit. */
	if (da_der_peek(d) != VERSION_TAG)
		da_der_refuse(d, DA_F_CERT_VERSION);
	in = da_der_enter(d, VERSION_TAG);
	if (da_der_small_int(&in) != 2)
		da_der_refuse(&in, DA_F_CERT_VERSION);
	da_der_leave(d, &in);
}

/* RFC 5280 4.1.2.2: positive, not longer than 20 octets; X.690: minimal. */
static struct da_slice
read_serial(struct da_der *d)
{
	struct da_slice v = da_der_take(d, DA_DER_INTEGER);
	bool padded;

	if (!da_der_ok(d))
		return v;
	padded = v.n > 1 && ((v.p[0] == 0 && v.p[1] < 0x80) ||
	    (v.p[0] == 0xff && v.p[1] >= 0x80));
	if (v.n == 0 || padded)
		da_der_refuse(d, DA_F_DER_VALUE);
	else if (v.p[0] >= 0x80 || da_slice_is_zero(v) ||
	    v.n > DA_MAX_SERIAL + (v.p[0] == 0 ? 1u : 0u))
		da_der_refuse(d, DA_F_CERT_SERIAL);
	return v;
}

/* SEQUENCE OF SET OF SEQUENCE { OID, value }; kept whole. */
struct da_slice
da_x509_name(struct da_der *d)
{
	size_t from = d->c.at;
	struct da_der name = da_der_enter(d, DA_DER_SEQUENCE);
	struct da_der rdn, atv;

	while (da_der_peek(&name) != 0) {
		rdn = da_der_enter(&name, DA_DER_SET);
		do {
			atv = da_der_enter(&rdn, DA_DER_SEQUENCE);
			da_der_oid(&atv);
			da_der_element(&atv);
			da_der_leave(&rdn, &atv);
		} while (da_der_peek(&rdn) != 0);
		da_der_leave(&name, &rdn);
	}
	da_der_leave(d, &name);
	return da_since(&d->c, from);
}

/* An issuer has one (4.1.2.4), a CA too (4.1.2.6), and DSP0274's leaf. */
static struct da_slice
read_some_name(struct da_der *d)
{
	struct da_slice name = da_x509_name(d);

	if (name.n == 2)	/* tag, and a length of none */
		da_der_refuse(d, DA_F_CERT_NAME);
	return name;
}

static int
two_digits(struct da_slice text, size_t at)
{
	int hi = text.p[at] - '0', lo = text.p[at + 1] - '0';

	return hi < 0 || hi > 9 || lo < 0 || lo > 9 ? -1 : hi * 10 + lo;
}

/* "MMDDHHMMSSZ" at `at`: the two time types share it. */
static bool
seconds_of(struct da_slice t, size_t at, int64_t year, int64_t *ret)
{
	struct da_civil civil = { year, two_digits(t, at),
	    two_digits(t, at + 2), two_digits(t, at + 4),
	    two_digits(t, at + 6), two_digits(t, at + 8) };

	return t.p[at + 10] == 'Z' && da_civil_seconds(&civil, ret);
}

/* RFC 5280 4.1.2.5: UTCTime through 2049, GeneralizedTime after. */
static bool
read_utc_time(struct da_slice t, int64_t *ret)
{
	int yy = t.n == 13 ? two_digits(t, 0) : -1;

	return yy >= 0 && seconds_of(t, 2, yy < 50 ? 2000 + yy : 1900 + yy,
	    ret);
}

static bool
read_generalized_time(struct da_slice t, int64_t *ret)
{
	int century = t.n == 15 ? two_digits(t, 0) : -1;
	int yy = t.n == 15 ? two_digits(t, 2) : -1;

	return century >= 0 && yy >= 0 && century * 100 + yy >= 2050 &&
	    seconds_of(t, 4, century * 100 + yy, ret);
}

int64_t
da_x509_time(struct da_der *d)
{
	bool utc = da_der_peek(d) == DA_DER_UTC_TIME;
	struct da_slice t = da_der_take(d, utc ? DA_DER_UTC_TIME :
	    DA_DER_GENERALIZED_TIME);
	int64_t seconds = 0;

	if (da_der_ok(d) && !(utc ? read_utc_time(t, &seconds) :
	    read_generalized_time(t, &seconds)))
		da_der_refuse(d, DA_F_CERT_TIME);
	return seconds;
}

static void
read_validity(struct da_der *d, struct da_cert *cert)
{
	struct da_der in = da_der_enter(d, DA_DER_SEQUENCE);

	cert->not_before = da_x509_time(&in);
	cert->not_after = da_x509_time(&in);
	da_der_leave(d, &in);
}

static void
read_spki(struct da_der *d, struct da_cert *cert)
{
	size_t from = d->c.at;
	struct da_der in = da_der_enter(d, DA_DER_SEQUENCE);

	cert->key_alg = da_der_element(&in);
	da_der_octet_bits(&in);
	da_der_leave(d, &in);
	cert->spki = da_since(&d->c, from);
}

/* -- extensions -- */

static void
read_basic(struct da_der *d, struct da_cert *cert)
{
	struct da_der in = da_der_enter(d, DA_DER_SEQUENCE);

	cert->has_basic = true;
	if (da_der_peek(&in) == DA_DER_BOOLEAN) {
		cert->is_ca = da_der_boolean(&in);
		/* X.690 11.5: a DEFAULT value is not encoded. */
		if (!cert->is_ca)
			da_der_refuse(&in, DA_F_DER_VALUE);
	}
	/* RFC 5280 4.2.1.9: a length only where the CA bit is asserted. */
	if (cert->is_ca && da_der_peek(&in) == DA_DER_INTEGER) {
		cert->has_path_length = true;
		cert->path_length = da_der_small_int(&in);
	}
	da_der_leave(d, &in);
}

static void
read_key_usage(struct da_der *d, struct da_cert *cert)
{
	cert->has_key_usage = true;
	cert->key_usage = da_der_flags(d);
}

static void
read_eku(struct da_der *d, struct da_cert *cert)
{
	struct da_der in = da_der_enter(d, DA_DER_SEQUENCE);
	size_t from = in.c.at;

	do
		da_der_oid(&in);
	while (da_der_peek(&in) != 0);
	if (da_der_ok(&in))
		cert->eku = da_since(&in.c, from);
	da_der_leave(d, &in);
}

static const struct {
	const char *oid;
	void (*read)(struct da_der *, struct da_cert *);
} readers[] = {
	{ "\x55\x1d\x13", read_basic },
	{ "\x55\x1d\x0f", read_key_usage },
	{ "\x55\x1d\x25", read_eku },
};

static void
read_extension_value(const struct da_der *outer, struct da_extension *ext,
    struct da_cert *cert, struct da_fault *reterr)
{
	struct da_der d = da_der_over(da_cur_over(&outer->c, ext->value),
	    outer->part);

	for (size_t i = 0; i < sizeof(readers) / sizeof(readers[0]); i++) {
		if (!da_slice_eq(ext->oid, da_slice_of(readers[i].oid, 3)))
			continue;
		readers[i].read(&d, cert);
		if (!da_der_ok(&d) || !da_all_read(&d.c))
			da_refuse(reterr, DA_F_CERT_EXT_FORM, outer->part,
			    ext->at);
	}
}

const struct da_extension *
da_cert_extension(const struct da_cert *cert, struct da_slice oid)
{
	for (uint16_t i = 0; i < cert->n_ext; i++)
		if (da_slice_eq(cert->ext[i].oid, oid))
			return &cert->ext[i];
	return NULL;
}

struct da_extension
da_x509_extension(struct da_der *d)
{
	struct da_extension ext = { .at = d->c.at };
	struct da_der in = da_der_enter(d, DA_DER_SEQUENCE);

	ext.oid = da_der_oid(&in);
	if (da_der_peek(&in) == DA_DER_BOOLEAN) {
		ext.critical = da_der_boolean(&in);
		/* X.690 11.5: a DEFAULT value is not encoded. */
		if (!ext.critical)
			da_der_refuse(&in, DA_F_DER_VALUE);
	}
	ext.value = da_der_take(&in, DA_DER_OCTET_STRING);
	da_der_leave(d, &in);
	return ext;
}

static void
read_extension(struct da_der *d, struct da_cert *cert)
{
	struct da_extension ext = da_x509_extension(d);

	if (da_cert_extension(cert, ext.oid) != NULL)
		da_der_refuse(d, DA_F_CERT_EXT_TWICE);
	else if (cert->n_ext == DA_MAX_EXTENSIONS)
		da_der_refuse(d, DA_F_CERT_EXT_MANY);
	if (da_der_ok(d)) {
		read_extension_value(d, &ext, cert, &d->fault);
		cert->ext[cert->n_ext++] = ext;
	}
}

static void
read_extensions(struct da_der *d, struct da_cert *cert)
{
	struct da_der tagged, list;

	if (da_der_peek(d) != EXTENSIONS_TAG)
		return;
	tagged = da_der_enter(d, EXTENSIONS_TAG);
	list = da_der_enter(&tagged, DA_DER_SEQUENCE);
	do
		read_extension(&list, cert);
	while (da_der_peek(&list) != 0);
	da_der_leave(&tagged, &list);
	da_der_leave(d, &tagged);
}

/* -- the certificate -- */

static struct da_slice
read_tbs(struct da_der *d, struct da_cert *cert)
{
	size_t from = d->c.at;
	struct da_der tbs = da_der_enter(d, DA_DER_SEQUENCE);
	struct da_slice inner_alg;

	read_version(&tbs);
	cert->serial = read_serial(&tbs);
	inner_alg = da_der_element(&tbs);
	cert->issuer = read_some_name(&tbs);
	read_validity(&tbs, cert);
	cert->subject = read_some_name(&tbs);
	read_spki(&tbs, cert);
	read_extensions(&tbs, cert);
	da_der_leave(d, &tbs);
	cert->tbs = da_since(&d->c, from);
	return inner_alg;
}

bool
da_cert_read(struct da_der *d, struct da_cert *ret)
{
	size_t from = d->c.at;
	struct da_der in = da_der_enter(d, DA_DER_SEQUENCE);
	struct da_cert cert = { 0 };
	struct da_slice inner_alg = read_tbs(&in, &cert);

	cert.sig_alg = da_der_element(&in);
	if (da_der_ok(&in) && !da_slice_eq(inner_alg, cert.sig_alg))
		da_der_refuse(&in, DA_F_CERT_SIGALG);
	cert.signature = da_der_octet_bits(&in);
	da_der_leave(d, &in);
	if (!da_der_ok(d))
		return false;
	cert.der = da_since(&d->c, from);
	*ret = cert;
	return true;
}
