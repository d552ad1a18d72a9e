/* SPDX-License-Identifier: Apache-2.0 */
/* The SPDM certificate chain structure, and chains of bare certificates. */
#include "der.h"
#include "verifier/hash.h"
#include "verifier/spdm_chain.h"

static struct da_chain chain;
static struct da_fault fault;

static struct da_slice
cert(void)
{
	struct parts p = valid_parts();

	return cert_of(&p);
}

static struct da_slice
certs(unsigned int n)
{
	struct buf b = { 0 };

	for (unsigned int i = 0; i < n; i++)
		put_slice(&b, cert());
	return buf_slice(&b);
}

/* Length, Reserved, RootHash of any bytes, certificates. */
static struct buf
structure(enum da_hash hash, unsigned int n)
{
	struct buf b = { 0 };

	put32(&b, 0);
	put_fill(&b, 0xab, da_hash_alg(hash)->size);
	put_slice(&b, certs(n));
	set_le(&b, 0, b.n, 2);
	return b;
}

static bool
parse(const struct buf *b, enum da_hash hash)
{
	return da_chain_parse(exact(buf_slice(b), b->n), DA_CHAIN_SPDM, hash,
	    &chain, &fault);
}

static void
refused(const struct buf *b, enum da_why why, size_t at)
{
	ck_assert(!parse(b, DA_HASH_SHA384));
	ck_fault(fault, why);
	ck_assert_int_eq(fault.part, DA_PART_CHAIN);
	ck_assert_uint_eq(fault.offset, at);
}

START_TEST(every_hash)
{
	for (int h = DA_HASH_NONE + 1; h < DA_HASH_COUNT; h++)
		for (unsigned int n = 1; n <= DA_MAX_CERTS; n++) {
			struct buf b = structure((enum da_hash)h, n);

			ck_assert(parse(&b, (enum da_hash)h));
			ck_assert_uint_eq(chain.n, n);
			ck_assert_uint_eq(chain.raw.n, b.n);
			ck_assert_int_eq(chain.hash, h);
			ck_assert_uint_eq(chain.root_hash.n,
			    da_hash_alg((enum da_hash)h)->size);
			ck_assert_uint_eq(chain.root_hash.p[0], 0xab);
			ck_assert(da_slice_eq(chain.cert[n - 1].der, cert()));
		}
}
END_TEST

START_TEST(every_prefix_is_malformed)
{
	struct buf b = structure(DA_HASH_SHA384, 2);

	for (size_t n = 0; n < b.n; n++) {
		struct buf cut = buf_copy(da_slice_of(b.p, n));

		ck_assert(!parse(&cut, DA_HASH_SHA384));
		ck_fault(fault, n == 0 ? DA_F_EMPTY : n < 4 ? DA_F_SHORT :
		    DA_F_CHAIN_LENGTH);
		if (n < 4)
			continue;
		/* With a Length that agrees it is still no chain... */
		set_le(&cut, 0, n, 2);
		if (n == 4 + 48 + cert().n) {
			/* ...but at the boundary of a certificate. */
			ck_assert(parse(&cut, DA_HASH_SHA384));
			continue;
		}
		ck_assert(!parse(&cut, DA_HASH_SHA384));
		ck_fault(fault, n == 4 + 48 ? DA_F_CHAIN_NO_CERT :
		    DA_F_SHORT);
	}
}
END_TEST

START_TEST(length_and_reserved)
{
	struct buf b = structure(DA_HASH_SHA384, 1);

	set_le(&b, 0, b.n + 1, 2);
	refused(&b, DA_F_CHAIN_LENGTH, 0);
	set_le(&b, 0, b.n - 1, 2);
	refused(&b, DA_F_CHAIN_LENGTH, 0);
	set_le(&b, 0, b.n, 2);
	set_le(&b, 2, 1, 2);
	refused(&b, DA_F_CHAIN_RESERVED, 2);
	set_le(&b, 2, 0x100, 2);
	refused(&b, DA_F_CHAIN_RESERVED, 2);
	set_le(&b, 2, 0, 2);
	put8(&b, 0);
	refused(&b, DA_F_CHAIN_LENGTH, 0);
	set_le(&b, 0, b.n, 2);
	ck_assert(!parse(&b, DA_HASH_SHA384));
}
END_TEST

START_TEST(caps)
{
	struct buf b = structure(DA_HASH_SHA384, DA_MAX_CERTS + 1), big;

	refused(&b, DA_F_CHAIN_TOO_MANY,
	    4 + 48 + DA_MAX_CERTS * cert().n);
	big = buf_copy(certs(1));
	put_fill(&big, 0, DA_MAX_CHAIN + 1 - big.n);
	refused(&big, DA_F_TOO_LONG, DA_MAX_CHAIN);
}
END_TEST

/* SPDM 1.4: one certificate of more than 64 KiB, and Length in 32 bits. */
START_TEST(longer_than_16_bits)
{
	struct parts p = valid_parts();
	struct buf big = { 0 }, b = { 0 };
	struct da_slice certificate;

	put_fill(&big, 0x5a, 0x12345);
	p.extensions = extensions(extension(BYTES("\x2a\x03"), false,
	    buf_slice(&big)));
	certificate = cert_of(&p);
	put32(&b, 0);
	put_fill(&b, 0xab, 48);
	put_slice(&b, certificate);
	set_le(&b, 0, b.n, 4);
	ck_assert(parse(&b, DA_HASH_SHA384));
	ck_assert_uint_eq(chain.n, 1);
	ck_assert(da_slice_eq(chain.cert[0].der, certificate));
	/* The upper half counts. */
	set_le(&b, 2, 0, 2);
	refused(&b, DA_F_CHAIN_LENGTH, 0);
	set_le(&b, 0, b.n + 0x10000, 4);
	refused(&b, DA_F_CHAIN_LENGTH, 0);
	put_fill(&b, 0, DA_MAX_CHAIN - b.n);
	set_le(&b, 0, b.n, 4);
	refused(&b, DA_F_DER_TAG, 52 + certificate.n);
	put8(&b, 0);
	set_le(&b, 0, b.n, 4);
	refused(&b, DA_F_TOO_LONG, DA_MAX_CHAIN);
}
END_TEST

START_TEST(other_hash)
{
	struct buf b = structure(DA_HASH_SHA384, 1);

	ck_assert(!parse(&b, DA_HASH_SHA256));
	ck_assert(!parse(&b, DA_HASH_SHA512));
}
END_TEST

START_TEST(hash_that_nobody_said)
{
	static const enum da_hash said[] = { DA_HASH_SHA256, DA_HASH_SHA384,
	    DA_HASH_SHA512 };

	for (size_t i = 0; i < 3; i++) {
		struct buf b = structure(said[i], 2);

		ck_assert(parse(&b, DA_HASH_NONE));
		ck_assert_int_eq(chain.hash, said[i]);
		ck_assert_uint_eq(chain.n, 2);
		b.p[b.n - 1] ^= 1;
		ck_assert(parse(&b, DA_HASH_NONE));
		b.p[4 + da_hash_alg(said[i])->size] ^= 1;
		ck_assert(!parse(&b, DA_HASH_NONE));
	}
}
END_TEST

START_TEST(bare_certificates)
{
	struct da_slice der = certs(3);

	ck_assert(da_chain_parse(der, DA_CHAIN_DER, DA_HASH_SHA384, &chain,
	    &fault));
	ck_assert_uint_eq(chain.n, 3);
	ck_assert_uint_eq(chain.root_hash.n, 0);
	ck_assert_int_eq(chain.hash, DA_HASH_NONE);
	for (size_t n = 0; n < der.n; n++) {
		bool whole = n != 0 && n % cert().n == 0;

		ck_assert_int_eq(da_chain_parse(prefix(der, n), DA_CHAIN_DER,
		    DA_HASH_NONE, &chain, &fault), whole);
		if (!whole)
			ck_fault(fault, n == 0 ? DA_F_EMPTY : DA_F_SHORT);
	}
}
END_TEST

static const struct real {
	const char *name;
	enum da_hash hash;
	unsigned int n;
} reals[] = {
	{ "libspdm/v1.1-p256-sha256-all/certchain.bin", DA_HASH_SHA256, 3 },
	{ "libspdm/v1.2-p256-alias/certchain.bin", DA_HASH_SHA256, 4 },
	{ "libspdm/v1.2-p384-challenge/certchain.bin", DA_HASH_SHA384, 3 },
	{ "libspdm/v1.2-p521-sha512-all/certchain.bin", DA_HASH_SHA512, 3 },
	{ "libspdm/v1.2-rsapss3072-sha384-all/certchain.bin", DA_HASH_SHA384,
	    3 },
	{ "libspdm/v1.2-ed25519-sha256-all/certchain.bin", DA_HASH_SHA256,
	    3 },
	{ "libspdm/v1.4-mldsa65-sha384-all/certchain.bin", DA_HASH_SHA384,
	    3 },
	{ "nvidia/blackwell/certchain_spdm_built.bin", DA_HASH_SHA384, 5 },
	{ "nvidia/hopper-a/certchain_spdm_built.bin", DA_HASH_SHA384, 5 },
	{ "nvidia/hopper-590/certchain_spdm_built.bin", DA_HASH_SHA384, 5 },
	{ "nvidia/ls10-switch/certchain_spdm_built.bin", DA_HASH_SHA384, 5 },
};

START_TEST(real_one)
{
	const struct real *r = &reals[_i];
	struct da_slice raw;

	if (!load(r->name, &raw))
		return;
	ck_assert_msg(da_chain_parse(raw, DA_CHAIN_SPDM, r->hash, &chain,
	    &fault), "%s: %s at %zu", r->name,
	    da_fault_text(fault.why)->name, fault.offset);
	ck_assert_uint_eq(chain.n, r->n);
	ck_assert(da_chain_parse(raw, DA_CHAIN_SPDM, DA_HASH_NONE, &chain,
	    &fault));
	ck_assert_int_eq(chain.hash, r->hash);
	for (size_t n = 0; n < raw.n; n++)
		ck_assert(!da_chain_parse(prefix(raw, n), DA_CHAIN_SPDM,
		    r->hash, &chain, &fault));
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("chain");
	TCase *t = tcase_create("chain");

	tcase_add_test(t, every_hash);
	tcase_add_test(t, every_prefix_is_malformed);
	tcase_add_test(t, length_and_reserved);
	tcase_add_test(t, caps);
	tcase_add_test(t, longer_than_16_bits);
	tcase_add_test(t, other_hash);
	tcase_add_test(t, hash_that_nobody_said);
	tcase_add_test(t, bare_certificates);
	tcase_add_loop_test(t, real_one, 0,
	    (int)(sizeof(reals) / sizeof(reals[0])));
	suite_add_tcase(s, t);
	return run_suite(s);
}
