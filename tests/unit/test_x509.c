/* SPDX-License-Identifier: Apache-2.0 */
/* One certificate: every field in its one form, and in no other. */
#include "der.h"
#include "verifier/derwalk.h"
#include "verifier/x509.h"

static struct da_cert cert;
static struct da_fault fault;

static bool
read_der(struct da_slice der)
{
	struct da_der d = da_der_over(da_cur_of(exact(der, der.n)),
	    DA_PART_CHAIN);
	bool was_read = da_cert_read(&d, &cert);

	fault = d.fault;
	ck_assert(was_read == (fault.why == DA_F_NONE));
	return was_read;
}

static bool
read_parts(const struct parts *p)
{
	return read_der(cert_of(p));
}

static void
refused(const struct parts *p, enum da_why why)
{
	ck_assert(!read_parts(p));
	ck_fault(fault, why);
	ck_assert_int_eq(fault.part, DA_PART_CHAIN);
}

START_TEST(valid_one)
{
	struct parts p = valid_parts();
	struct da_slice der = cert_of(&p);
	struct da_cert_sig how;

	ck_assert(read_der(der));
	ck_assert(da_slice_eq(cert.der, der));
	ck_assert_uint_eq(cert.tbs.n, der.n - 3 - 12 - 6);
	ck_assert(da_slice_eq(cert.serial, BYTES("\x05")));
	ck_assert(da_slice_eq(cert.issuer, p.issuer));
	ck_assert(da_slice_eq(cert.subject, p.subject));
	ck_assert(da_slice_eq(cert.spki, p.spki));
	ck_assert(da_slice_eq(cert.sig_alg, p.outer_alg));
	ck_assert(da_slice_eq(cert.signature, BYTES("\x30\x01\x00")));
	ck_assert_int_eq(cert.not_before, 1577934245);
	ck_assert_int_eq(cert.not_after, 2524607999);
	ck_assert(cert.has_key_usage);
	ck_assert_uint_eq(cert.key_usage, DA_KU_DIGITAL_SIGNATURE);
	ck_assert(!cert.has_basic);
	ck_assert_uint_eq(cert.n_ext, 1);
	ck_assert(cert.ext[0].critical);
	ck_assert_int_eq(da_cert_key_kind(&cert, DA_SCHEME_NONE),
	    DA_ASYM_ECDSA_P384);
	ck_assert_int_eq(da_cert_key_kind(&cert, DA_SCHEME_ECDSA),
	    DA_ASYM_ECDSA_P384);
	ck_assert_int_eq(da_cert_key_kind(&cert, DA_SCHEME_RSASSA),
	    DA_ASYM_NONE);
	ck_assert(da_cert_sig_kind(&cert, &how));
	ck_assert_int_eq(how.scheme, DA_SCHEME_ECDSA);
	ck_assert_int_eq(how.hash, DA_HASH_SHA384);
}
END_TEST

START_TEST(every_prefix_is_refused)
{
	struct parts p = valid_parts();
	struct da_slice der = cert_of(&p);

	for (size_t n = 0; n < der.n; n++) {
		ck_assert(!read_der(da_slice_of(der.p, n)));
		ck_fault(fault, DA_F_SHORT);
	}
}
END_TEST

/* Any one byte changed: read or refused, and never past the end. */
START_TEST(every_byte_changed)
{
	struct parts p = valid_parts();
	struct da_slice der = cert_of(&p);
	unsigned int still_read = 0;

	for (size_t at = 0; at < der.n; at++)
		for (unsigned int flip = 1; flip < 256; flip++) {
			struct buf b = buf_copy(der);

			set8(&b, at, der.p[at] ^ flip);
			still_read += read_der(buf_slice(&b)) ? 1 : 0;
		}
	ck_assert_uint_gt(still_read, 0);
	ck_assert_uint_lt(still_read, 255 * der.n);
}
END_TEST

START_TEST(version_3_only)
{
	struct parts p = valid_parts();

	p.version = BYTES("");
	refused(&p, DA_F_CERT_VERSION);
	p.version = BYTES("\xa0\x03\x02\x01\x01");
	refused(&p, DA_F_CERT_VERSION);
	p.version = BYTES("\xa0\x03\x02\x01\x03");
	refused(&p, DA_F_CERT_VERSION);
	p.version = BYTES("\xa0\x04\x02\x02\x00\x02");
	refused(&p, DA_F_DER_VALUE);
}
END_TEST

START_TEST(serial_numbers)
{
	struct parts p = valid_parts();

	p.serial = BYTES("\x02\x14\x7f" "1234567890123456789");
	ck_assert(read_parts(&p));
	p.serial = BYTES("\x02\x02\x00\x80");
	ck_assert(read_parts(&p));
	/* The zero that keeps it positive is none of the twenty. */
	p.serial = BYTES("\x02\x15\x00\x80" "1234567890123456789");
	ck_assert(read_parts(&p));
	p.serial = BYTES("\x02\x16\x00\x80" "12345678901234567890");
	refused(&p, DA_F_CERT_SERIAL);
	p.serial = BYTES("\x02\x01\x00");
	refused(&p, DA_F_CERT_SERIAL);
	p.serial = BYTES("\x02\x01\x80");
	refused(&p, DA_F_CERT_SERIAL);
	p.serial = BYTES("\x02\x15\x01" "12345678901234567890");
	refused(&p, DA_F_CERT_SERIAL);
	p.serial = BYTES("\x02\x02\x00\x05");
	refused(&p, DA_F_DER_VALUE);
	p.serial = BYTES("\x02\x02\xff\x80");
	refused(&p, DA_F_DER_VALUE);
	p.serial = BYTES("\x02\x00");
	refused(&p, DA_F_DER_VALUE);
	p.serial = BYTES("\x04\x01\x05");
	refused(&p, DA_F_DER_TAG);
}
END_TEST

static bool
signed_how(struct da_slice alg, struct da_cert_sig *ret)
{
	struct parts p = valid_parts();

	p.inner_alg = p.outer_alg = alg;
	ck_assert(read_parts(&p));
	return da_cert_sig_kind(&cert, ret);
}

START_TEST(algorithms_twice_the_same)
{
	struct parts p = valid_parts();
	struct da_cert_sig how;

	p.outer_alg = BYTES("\x30\x0a\x06\x08\x2a\x86\x48\xce\x3d\x04\x03"
	    "\x02");
	refused(&p, DA_F_CERT_SIGALG);
	ck_assert(signed_how(p.outer_alg, &how));
	ck_assert_int_eq(how.hash, DA_HASH_SHA256);
	/* Parameters where there must be none: another algorithm. */
	ck_assert(!signed_how(BYTES("\x30\x0c\x06\x08\x2a\x86\x48\xce"
	    "\x3d\x04\x03\x03\x05\x00"), &how));
	/* ECDSA with SHA-1. */
	ck_assert(!signed_how(BYTES("\x30\x09\x06\x07\x2a\x86\x48\xce"
	    "\x3d\x04\x01"), &how));
}
END_TEST

#define NIST "\x60\x86\x48\x01\x65\x03\x04"
#define RSA "\x2a\x86\x48\x86\xf7\x0d\x01\x01"
#define SM2_SM3 "\x2a\x81\x1c\xcf\x55\x01\x83\x75"
#define NONE BYTES("\x05\x00")
#define NOTHING BYTES("")

static struct da_slice
identifier(struct da_slice oid, struct da_slice params)
{
	return tlv(0x30, join(tlv(0x06, oid), params));
}

START_TEST(how_certificates_are_signed)
{
	static const struct {
		const char *oid;
		enum da_scheme scheme;
		enum da_hash hash;
		bool null, bare;	/* parameters that may be */
	} rows[] = {
		{ NIST "\x03\x0a", DA_SCHEME_ECDSA, DA_HASH_SHA3_256, 0, 1 },
		{ NIST "\x03\x0b", DA_SCHEME_ECDSA, DA_HASH_SHA3_384, 0, 1 },
		{ NIST "\x03\x0c", DA_SCHEME_ECDSA, DA_HASH_SHA3_512, 0, 1 },
		{ NIST "\x03\x0e", DA_SCHEME_RSASSA, DA_HASH_SHA3_256, 1, 0 },
		{ NIST "\x03\x0f", DA_SCHEME_RSASSA, DA_HASH_SHA3_384, 1, 0 },
		{ NIST "\x03\x10", DA_SCHEME_RSASSA, DA_HASH_SHA3_512, 1, 0 },
		{ RSA "\x0b", DA_SCHEME_RSASSA, DA_HASH_SHA256, 1, 1 },
		{ RSA "\x0c", DA_SCHEME_RSASSA, DA_HASH_SHA384, 1, 1 },
		{ RSA "\x0d", DA_SCHEME_RSASSA, DA_HASH_SHA512, 1, 1 },
		{ "\x2b\x65\x70", DA_SCHEME_ED25519, DA_HASH_NONE, 0, 1 },
		{ "\x2b\x65\x71", DA_SCHEME_ED448, DA_HASH_NONE, 0, 1 },
		{ RSA "\x05", DA_SCHEME_NONE, DA_HASH_NONE, 0, 0 }, /* SHA-1 */
		{ RSA "\x0e", DA_SCHEME_NONE, DA_HASH_NONE, 0, 0 }, /* 224 */
		{ RSA "\x01", DA_SCHEME_NONE, DA_HASH_NONE, 0, 0 },
		{ NIST "\x03\x11", DA_SCHEME_MLDSA, DA_HASH_NONE, 0, 1 },
		{ NIST "\x03\x13", DA_SCHEME_MLDSA, DA_HASH_NONE, 0, 1 },
		{ NIST "\x03\x14", DA_SCHEME_SLHDSA, DA_HASH_NONE, 0, 1 },
		{ NIST "\x03\x1f", DA_SCHEME_SLHDSA, DA_HASH_NONE, 0, 1 },
		/* The one with a hash in front of ML-DSA. */
		{ NIST "\x03\x20", DA_SCHEME_NONE, DA_HASH_NONE, 0, 0 },
		{ SM2_SM3, DA_SCHEME_SM2, DA_HASH_NONE, 1, 1 },
	};
	struct da_cert_sig how = { DA_SCHEME_NONE, DA_HASH_NONE };

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct da_slice oid = da_slice_str(rows[i].oid);

		ck_assert_int_eq(signed_how(identifier(oid, NONE), &how),
		    rows[i].null);
		ck_assert_int_eq(signed_how(identifier(oid, NOTHING), &how),
		    rows[i].bare);
		ck_assert(!signed_how(identifier(oid, BYTES("\x05\x01\x00")),
		    &how));
		if (!rows[i].null && !rows[i].bare)
			continue;
		ck_assert_int_eq(how.scheme, rows[i].scheme);
		ck_assert_int_eq(how.hash, rows[i].hash);
	}
}
END_TEST

struct pss {
	struct da_slice hash, mgf, mask, salt, more;
	struct da_slice hash_params, mask_params;
};

static struct da_slice
pss(const struct pss *p)
{
	struct da_slice list = join(tlv(0xa0, identifier(p->hash,
	    p->hash_params)), tlv(0xa1, identifier(p->mgf,
	    identifier(p->mask, p->mask_params))));

	list = join(join(list, p->salt.n == 0 ? p->salt : tlv(0xa2,
	    p->salt)), p->more);
	return identifier(BYTES(RSA "\x0a"), tlv(0x30, list));
}

#define SHA256_OID BYTES(NIST "\x02\x01")
#define SHA384_OID BYTES(NIST "\x02\x02")

static struct pss
pss_of_sha384(void)
{
	return (struct pss){ .hash = SHA384_OID, .mask = SHA384_OID,
	    .mgf = BYTES(RSA "\x08"), .salt = BYTES("\x02\x01\x30"),
	    .hash_params = NONE, .mask_params = NONE };
}

static void
no_pss(struct pss p)
{
	struct da_cert_sig how;

	ck_assert(!signed_how(pss(&p), &how));
}

START_TEST(pss_parameters)
{
	struct pss p = pss_of_sha384();
	struct da_cert_sig how;

	ck_assert(signed_how(pss(&p), &how));
	ck_assert_int_eq(how.scheme, DA_SCHEME_RSAPSS);
	ck_assert_int_eq(how.hash, DA_HASH_SHA384);
	p.hash_params = p.mask_params = NOTHING;
	ck_assert(signed_how(pss(&p), &how));
	p = pss_of_sha384();
	p.hash = p.mask = BYTES(NIST "\x02\x0a");
	p.salt = BYTES("\x02\x01\x40");
	ck_assert(signed_how(pss(&p), &how));
	ck_assert_int_eq(how.hash, DA_HASH_SHA3_512);
}
END_TEST

START_TEST(pss_parameters_of_another_form)
{
	struct pss p = pss_of_sha384();
	struct da_cert_sig how;

	p.mask = SHA256_OID;
	no_pss(p);
	p = pss_of_sha384();
	p.hash = SHA256_OID;
	no_pss(p);
	p.mask = SHA256_OID;	/* the salt of SHA-384 */
	no_pss(p);
	p = pss_of_sha384();
	p.hash = p.mask = BYTES("\x2b\x0e\x03\x02\x1a");	/* SHA-1 */
	no_pss(p);
	p = pss_of_sha384();
	p.mgf = BYTES(RSA "\x09");
	no_pss(p);
	p = pss_of_sha384();
	p.salt = NOTHING;	/* the default, 20 */
	no_pss(p);
	p.salt = BYTES("\x02\x01\x2f");
	no_pss(p);
	p.salt = BYTES("\x02\x02\x00\x30");
	no_pss(p);
	p.salt = BYTES("\x02\x01\x30\x02\x01\x30");
	no_pss(p);
	/* The trailer's default is not encoded; another one is none. */
	p = pss_of_sha384();
	p.more = BYTES("\xa3\x03\x02\x01\x01");
	no_pss(p);
	p.more = BYTES("\xa3\x03\x02\x01\x02");
	no_pss(p);
	p = pss_of_sha384();
	p.hash_params = BYTES("\x05\x01\x00");
	no_pss(p);
	p.hash_params = BYTES("\x05\x00\x05\x00");
	no_pss(p);
	p.hash_params = BYTES("\x30\x00");
	no_pss(p);
	/* No parameters: SHA-1 throughout. */
	ck_assert(!signed_how(identifier(BYTES(RSA "\x0a"), NOTHING), &how));
	ck_assert(!signed_how(identifier(BYTES(RSA "\x0a"), BYTES("\x30"
	    "\x00")), &how));
	ck_assert(!signed_how(identifier(BYTES(RSA "\x0a"), NONE), &how));
	p = pss_of_sha384();
	ck_assert(!signed_how(identifier(BYTES(RSA "\x0b"), pss(&p)), &how));
}
END_TEST

START_TEST(key_kinds)
{
	static const struct {
		const char *alg;
		size_t n;
		enum da_asym kind;
	} kinds[] = {
		{ "\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a"
		  "\x86\x48\xce\x3d\x03\x01\x07", 21, DA_ASYM_ECDSA_P256 },
		{ "\x30\x10\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x05\x2b"
		  "\x81\x04\x00\x23", 18, DA_ASYM_ECDSA_P521 },
		{ "\x30\x10\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x05\x2b"
		  "\x81\x04\x00\x21", 18, DA_ASYM_NONE },	/* P-224 */
		{ "\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05"
		  "\x00", 15, DA_ASYM_NONE },	/* RSA, of no numbers */
		{ "\x30\x05\x06\x03\x2b\x65\x70", 7, DA_ASYM_ED25519 },
		{ "\x30\x05\x06\x03\x2b\x65\x71", 7, DA_ASYM_ED448 },
		{ "\x30\x05\x06\x03\x2b\x65\x6e", 7, DA_ASYM_NONE },
		{ "\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a"
		  "\x81\x1c\xcf\x55\x01\x82\x2d", 21, DA_ASYM_SM2 },
		{ "\x30\x0b\x06\x09" NIST "\x03\x12", 13,
		  DA_ASYM_MLDSA_65 },
		{ "\x30\x0b\x06\x09" NIST "\x03\x1a", 13,
		  DA_ASYM_SLHDSA_SHAKE_128S },
		{ "\x30\x0b\x06\x09" NIST "\x03\x20", 13, DA_ASYM_NONE },
		{ "\x30\x0d\x06\x09" NIST "\x03\x12\x05\x00", 15,
		  DA_ASYM_NONE },	/* has no parameters, not NULL */
	};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		struct parts p = valid_parts();

		p.spki = tlv(0x30, join(da_slice_of(kinds[i].alg, kinds[i].n),
		    BYTES("\x03\x02\x00\x04")));
		ck_assert(read_parts(&p));
		ck_assert_int_eq(da_cert_key_kind(&cert, DA_SCHEME_NONE),
		    kinds[i].kind);
	}
}
END_TEST

static void
valid_at(struct da_slice validity, int64_t from, int64_t to)
{
	struct parts p = valid_parts();

	p.validity = tlv(0x30, validity);
	ck_assert(read_parts(&p));
	ck_assert_int_eq(cert.not_before, from);
	ck_assert_int_eq(cert.not_after, to);
}

START_TEST(valid_times)
{
	valid_at(BYTES("\x17\x0d" "500101000000Z" "\x17\x0d" "491231235959Z"),
	    -631152000, 2524607999);
	valid_at(BYTES("\x17\x0d" "000229000000Z" "\x18\x0f"
	    "99991231235959Z"), 951782400, 253402300799);
	valid_at(BYTES("\x17\x0d" "700101000000Z" "\x18\x0f"
	    "20500101000000Z"), 0, 2524608000);
}
END_TEST

START_TEST(times_of_another_form)
{
	static const char *const times[] = {
		"\x17\x0b" "2001020304Z",	/* no seconds */
		"\x17\x0d" "200102030405+",
		"\x17\x11" "200102030405+0100",
		"\x17\x0d" "201302030405Z", "\x17\x0d" "200002030405Z",
		"\x17\x0d" "200132030405Z", "\x17\x0d" "200100030405Z",
		"\x17\x0d" "200431030405Z", "\x17\x0d" "210229030405Z",
		"\x17\x0d" "200102240405Z", "\x17\x0d" "200102036005Z",
		"\x17\x0d" "200102030460Z", "\x17\x0d" "2001020304 5Z",
		"\x17\x0d" "2001020304:5Z", "\x17\x0d" "20010203045:Z",
		"\x17\x0d" "2001020304/5Z", "\x17\x0d" "20010203045/Z",
		"\x17\x0d" "200102030405z",
		"\x18\x0f" "20491231235959Z",	/* UTCTime until 2049 */
		"\x18\x0f" "21000229000000Z",
		"\x18\x11" "20500101000000.5Z",
		"\x18\x0d" "500101000000Z",
	};

	for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
		struct da_slice t = da_slice_str(times[i]);
		struct parts p = valid_parts();

		p.validity = tlv(0x30, join(t, BYTES("\x18\x0f"
		    "99991231235959Z")));
		refused(&p, DA_F_CERT_TIME);
		p.validity = tlv(0x30, join(BYTES("\x17\x0d"
		    "200102030405Z"), t));
		refused(&p, DA_F_CERT_TIME);
	}
}
END_TEST

START_TEST(names)
{
	struct parts p = valid_parts();

	p.subject = BYTES("\x30\x00");
	refused(&p, DA_F_CERT_NAME);
	p.issuer = p.subject;
	p.subject = NAME_OF("S");
	refused(&p, DA_F_CERT_NAME);
	p = valid_parts();
	p.subject = BYTES("\x30\x02\x31\x00");
	refused(&p, DA_F_SHORT);
	p.subject = BYTES("\x31\x00");
	refused(&p, DA_F_DER_TAG);
	p.subject = BYTES("\x30\x0a\x31\x08\x30\x06\x0c\x01S\x06\x01\x2a");
	refused(&p, DA_F_DER_TAG);
}
END_TEST

START_TEST(name_texts)
{
	struct parts p = valid_parts();
	char buf[40], small[6];

	p.subject = BYTES("\x30\x1c\x31\x0c\x30\x0a\x06\x03\x55\x04\x03\x0c"
	    "\x03" "a\n," "\x31\x0c\x30\x0a\x06\x03\x55\x04\x63\x0c\x03"
	    "b=\xff");
	ck_assert(read_parts(&p));
	da_name_text(cert.subject, buf, sizeof(buf));
	/* RFC 4514: what stands last comes first. */
	ck_assert_str_eq(buf, "2.5.4.99=b\\=\\xff,CN=a\\x0a\\,");
	da_name_text(cert.subject, small, sizeof(small));
	/* Cut at the first piece that does not fit, without holes. */
	ck_assert_str_eq(small, "");
	da_name_text(da_slice_of("\x30\x80\x31", 3), buf, sizeof(buf));
	ck_assert_str_eq(buf, "");
}
END_TEST

static void
ext_is(struct da_slice list, enum da_why why)
{
	struct parts p = valid_parts();

	p.extensions = extensions(list);
	if (why != DA_F_NONE)
		refused(&p, why);
	else
		ck_assert(read_parts(&p));
}

START_TEST(extension_lists)
{
	struct da_slice ku = extension(KEY_USAGE, true,
	    BYTES("\x03\x02\x07\x80"));
	struct da_slice list = { NULL, 0 };
	struct parts p = valid_parts();

	p.extensions = BYTES("");
	ck_assert(read_parts(&p));
	ck_assert_uint_eq(cert.n_ext, 0);
	p.extensions = BYTES("\xa3\x02\x30\x00");
	refused(&p, DA_F_SHORT);
	ext_is(join(ku, ku), DA_F_CERT_EXT_TWICE);
	/* Twice, whatever is in it. */
	ext_is(join(extension(BYTES("\x2a\x03"), false, BYTES("x")),
	    extension(BYTES("\x2a\x03"), true, BYTES("y"))),
	    DA_F_CERT_EXT_TWICE);
	for (unsigned int i = 0; i < DA_MAX_EXTENSIONS + 1; i++) {
		char oid[2] = { 0x2a, (char)i };

		ext_is(list.n == 0 ? ku : list, DA_F_NONE);
		list = join(list, extension(da_slice_of(oid, 2), false,
		    BYTES("")));
	}
	ext_is(list, DA_F_CERT_EXT_MANY);
	/* A default value is not encoded (X.690 11.5). */
	ext_is(tlv(0x30, BYTES("\x06\x01\x2a\x01\x01\x00\x04\x00")),
	    DA_F_DER_VALUE);
}
END_TEST

START_TEST(basic_constraints)
{
	ext_is(extension(BASIC, true, BYTES("\x30\x00")), DA_F_NONE);
	ck_assert(cert.has_basic && !cert.is_ca && !cert.has_path_length);
	ext_is(extension(BASIC, true, BYTES("\x30\x06\x01\x01\xff\x02\x01"
	    "\x03")), DA_F_NONE);
	ck_assert(cert.is_ca && cert.has_path_length);
	ck_assert_uint_eq(cert.path_length, 3);
	/* A default is not encoded; who is no CA has no path below. */
	ext_is(extension(BASIC, true, BYTES("\x30\x03\x01\x01\x00")),
	    DA_F_CERT_EXT_FORM);
	ext_is(extension(BASIC, true, BYTES("\x30\x03\x02\x01\x03")),
	    DA_F_CERT_EXT_FORM);
	ext_is(extension(BASIC, true, BYTES("")), DA_F_CERT_EXT_FORM);
	ext_is(extension(BASIC, true, BYTES("\x30\x00\x00")),
	    DA_F_CERT_EXT_FORM);
	ext_is(extension(BASIC, true, BYTES("\x30\x03\x01\x01\x01")),
	    DA_F_CERT_EXT_FORM);
	ext_is(extension(BASIC, true, BYTES("\x30\x06\x01\x01\xff\x02\x01"
	    "\x80")), DA_F_CERT_EXT_FORM);
	ext_is(extension(BASIC, true, BYTES("\x30\x05\x01\x01\xff\x04\x00")),
	    DA_F_CERT_EXT_FORM);
}
END_TEST

START_TEST(usages)
{
	ext_is(extension(KEY_USAGE, true, BYTES("\x03\x02\x02\x04")),
	    DA_F_NONE);
	ck_assert_uint_eq(cert.key_usage, DA_KU_CERT_SIGN);
	ext_is(extension(KEY_USAGE, true, BYTES("\x03\x02\x02\x05")),
	    DA_F_CERT_EXT_FORM);
	ext_is(extension(KEY_USAGE, true, BYTES("\x04\x01\x80")),
	    DA_F_CERT_EXT_FORM);
	ext_is(extension(EKU, false, BYTES("\x30\x04\x06\x02\x2a\x03")),
	    DA_F_NONE);
	ck_assert(da_slice_eq(cert.eku, BYTES("\x06\x02\x2a\x03")));
	ext_is(extension(EKU, false, BYTES("\x30\x00")), DA_F_CERT_EXT_FORM);
	ext_is(extension(EKU, false, BYTES("\x30\x03\x02\x01\x03")),
	    DA_F_CERT_EXT_FORM);
}
END_TEST

START_TEST(structure)
{
	struct parts p = valid_parts();
	struct da_slice der;

	p.signature = BYTES("\x03\x02\x01\x00");
	refused(&p, DA_F_DER_VALUE);
	p.signature = BYTES("\x04\x01\x00");
	refused(&p, DA_F_DER_TAG);
	p = valid_parts();
	p.signature = BYTES("\x03\x02\x00\x00\x05\x00");
	refused(&p, DA_F_TRAILING);
	p = valid_parts();
	p.spki = BYTES("\x30\x04\x30\x00\x03\x00");
	refused(&p, DA_F_DER_VALUE);
	/* BER: the outer length in one octet more than it needs. */
	p = valid_parts();
	der = cert_of(&p);
	der = join(BYTES("\x30\x82\x00"), da_slice_of(der.p + 2, der.n - 2));
	ck_assert(!read_der(der));
	ck_fault(fault, DA_F_DER_LENGTH);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("x509");
	TCase *t = tcase_create("x509");

	tcase_add_test(t, valid_one);
	tcase_add_test(t, every_prefix_is_refused);
	tcase_add_test(t, every_byte_changed);
	tcase_add_test(t, version_3_only);
	tcase_add_test(t, serial_numbers);
	tcase_add_test(t, algorithms_twice_the_same);
	tcase_add_test(t, how_certificates_are_signed);
	tcase_add_test(t, pss_parameters);
	tcase_add_test(t, pss_parameters_of_another_form);
	tcase_add_test(t, key_kinds);
	tcase_add_test(t, valid_times);
	tcase_add_test(t, times_of_another_form);
	tcase_add_test(t, names);
	tcase_add_test(t, name_texts);
	tcase_add_test(t, extension_lists);
	tcase_add_test(t, basic_constraints);
	tcase_add_test(t, usages);
	tcase_add_test(t, structure);
	suite_add_tcase(s, t);
	return run_suite(s);
}
