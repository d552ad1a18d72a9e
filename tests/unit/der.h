/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A certificate as its parts, each of which a test may replace by any bytes.
 * Nothing is signed: this is for what is read, not for what is proved.
 */
#ifndef DA_TEST_DER_H
#define DA_TEST_DER_H

#include "build.h"

#define BYTES(literal) da_slice_of(literal, sizeof(literal) - 1)

/* One element around these contents, its length minimal. */
static inline struct da_slice
tlv(unsigned int tag, struct da_slice contents)
{
	struct buf b = { 0 };

	put8(&b, tag);
	if (contents.n >= 0x10000) {
		put8(&b, 0x83);
		put8(&b, (unsigned int)(contents.n >> 16));
		put8(&b, (unsigned int)(contents.n >> 8) & 0xff);
	} else if (contents.n >= 0x100) {
		put8(&b, 0x82);
		put8(&b, (unsigned int)(contents.n >> 8));
	} else if (contents.n >= 0x80) {
		put8(&b, 0x81);
	}
	put8(&b, (unsigned int)contents.n & 0xff);
	put_slice(&b, contents);
	return buf_slice(&b);
}

static inline struct da_slice
join(struct da_slice a, struct da_slice b)
{
	struct buf both = { 0 };

	put_slice(&both, a);
	put_slice(&both, b);
	return buf_slice(&both);
}

struct parts {
	struct da_slice version, serial, inner_alg, issuer, validity, subject,
	    spki, extensions, outer_alg, signature;
};

#define ECDSA_SHA384 BYTES("\x30\x0a\x06\x08\x2a\x86\x48\xce\x3d\x04\x03\x03")
#define NAME_OF(c) BYTES("\x30\x0c\x31\x0a\x30\x08\x06\x03\x55\x04\x03\x0c" \
    "\x01" c)

/* extnID, critical where asked, and the value in its OCTET STRING. */
static inline struct da_slice
extension(struct da_slice oid, bool critical, struct da_slice value)
{
	struct da_slice s = tlv(0x06, oid);

	if (critical)
		s = join(s, BYTES("\x01\x01\xff"));
	return tlv(0x30, join(s, tlv(0x04, value)));
}

static inline struct da_slice
extensions(struct da_slice list)
{
	return tlv(0xa3, tlv(0x30, list));
}

#define KEY_USAGE BYTES("\x55\x1d\x0f")
#define BASIC BYTES("\x55\x1d\x13")
#define EKU BYTES("\x55\x1d\x25")

/* A point that lies on the curve, and is nobody's key. */
#define P384_GENERATOR \
	"\xaa\x87\xca\x22\xbe\x8b\x05\x37\x8e\xb1\xc7\x1e\xf3\x20\xad\x74" \
	"\x6e\x1d\x3b\x62\x8b\xa7\x9b\x98\x59\xf7\x41\xe0\x82\x54\x2a\x38" \
	"\x55\x02\xf2\x5d\xbf\x55\x29\x6c\x3a\x54\x5e\x38\x72\x76\x0a\xb7" \
	"\x36\x17\xde\x4a\x96\x26\x2c\x6f\x5d\x9e\x98\xbf\x92\x92\xdc\x29" \
	"\xf8\xf4\x1d\xbd\x28\x9a\x14\x7c\xe9\xda\x31\x13\xb5\xf0\xb8\xc0" \
	"\x0a\x60\xb1\xce\x1d\x7e\x81\x9d\x7a\x43\x1d\x7c\x90\xea\x0e\x5f"

static inline struct parts
valid_parts(void)
{
	return (struct parts){
		.version = BYTES("\xa0\x03\x02\x01\x02"),
		.serial = BYTES("\x02\x01\x05"),
		.inner_alg = ECDSA_SHA384,
		.issuer = NAME_OF("I"),
		.validity = BYTES("\x30\x1e\x17\x0d" "200102030405Z"
		    "\x17\x0d" "491231235959Z"),
		.subject = NAME_OF("S"),
		.spki = tlv(0x30, join(BYTES("\x30\x10\x06\x07\x2a\x86\x48"
		    "\xce\x3d\x02\x01\x06\x05\x2b\x81\x04\x00\x22"),
		    BYTES("\x03\x62\x00\x04" P384_GENERATOR))),
		.extensions = extensions(extension(KEY_USAGE, true,
		    BYTES("\x03\x02\x07\x80"))),
		.outer_alg = ECDSA_SHA384,
		.signature = BYTES("\x03\x04\x00\x30\x01\x00"),
	};
}

static inline struct da_slice
cert_of(const struct parts *p)
{
	const struct da_slice tbs[] = { p->version, p->serial, p->inner_alg,
	    p->issuer, p->validity, p->subject, p->spki, p->extensions };
	struct buf b = { 0 };

	for (size_t i = 0; i < sizeof(tbs) / sizeof(tbs[0]); i++)
		put_slice(&b, tbs[i]);
	return tlv(0x30, join(join(tlv(0x30, buf_slice(&b)), p->outer_alg),
	    p->signature));
}

#endif
