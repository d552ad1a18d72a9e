/* SPDX-License-Identifier: Apache-2.0 */
#include "recipe.h"

#include "tests/unit/der.h"
#include "tests/unit/makecert.h"
#include "verifier/derwalk.h"

/* -- the fuzzer's bytes -- */

struct take {
	struct da_cur c;
};

static unsigned int
take8(struct take *t)
{
	return da_left(&t->c) > 0 ? da_u8(&t->c) : 0;
}

/* 0: the ordinary one; else one of n. */
static unsigned int
take_one_of(struct take *t, unsigned int n)
{
	return take8(t) % n;
}

/* -- keys, made once -- */

enum { P256, P384, P521, ED25519, RSA2048, BRAINPOOL, KINDS };

static EVP_PKEY *
made_key(unsigned int kind)
{
	switch (kind) {
	case P256:
		return new_key("P-256");
	case P384:
		return new_key("P-384");
	case P521:
		return new_key("P-521");
	case ED25519:
		return new_key_of(DA_ASYM_ED25519);
	case RSA2048:
		return new_key_of(DA_ASYM_RSASSA_2048);
	default:
		return new_key("brainpoolP256r1");
	}
}

static EVP_PKEY *keys[RECIPE_MAX_CERTS][KINDS];

static void
make_keys(void)
{
	for (unsigned int i = 0; i < RECIPE_MAX_CERTS; i++)
		for (unsigned int kind = 0; kind < KINDS; kind++)
			keys[i][kind] = made_key(kind);
}

/* What was made since `mark` goes; keys were made before. */
static void
release(struct chunk *mark)
{
	while (chunks != mark) {
		struct chunk *c = chunks;

		chunks = c->next;
		free(c);
	}
}

/* -- extensions that a certificate may have beside its own -- */

static const struct {
	const char *oid;
	const char *der;
	size_t n;
} extras[] = {
#define EXTRA(oid, der) { oid, der, sizeof(der) - 1 }
	EXTRA("1.2.3.4", "\x05\x00"),
	/* DMTF: hardware identity; DICE: Ueid, TcbInfo, MultiTcbInfo. */
	EXTRA("1.3.6.1.4.1.412.274.6", "\x30\x0e\x30\x0c\x06\x0a\x2b\x06\x01"
	    "\x04\x01\x83\x1c\x82\x12\x02"),
	EXTRA("2.23.133.5.4.4", "\x30\x04\x04\x02\x01\x02"),
	EXTRA("2.23.133.5.4.1", "\x30\x06\x80\x01V\x83\x01\x07"),
	EXTRA("2.23.133.5.4.5", "\x30\x08\x30\x06\x80\x01V\x83\x01\x07"),
	/* subjectAltName: a host's name; extKeyUsage: TLS, code signing */
	EXTRA("2.5.29.17", "\x30\x03\x82\x01" "a"),
	EXTRA("2.5.29.37", "\x30\x0a\x06\x08\x2b\x06\x01\x05\x05\x07\x03\x01"),
	EXTRA("2.5.29.37", "\x30\x0a\x06\x08\x2b\x06\x01\x05\x05\x07\x03\x03"),
	/* certificatePolicies, nameConstraints, policyConstraints */
	EXTRA("2.5.29.32", "\x30\x08\x30\x06\x06\x04\x55\x1d\x20\x00"),
	EXTRA("2.5.29.30", "\x30\x07\xa0\x05\x30\x03\x82\x01" "a"),
	EXTRA("2.5.29.36", "\x30\x03\x80\x01\x00"),
	/* a second one of what is there already */
	EXTRA("2.5.29.19", "\x30\x03\x01\x01\xff"),
	EXTRA("2.5.29.15", "\x03\x02\x02\x04"),
#undef EXTRA
};

#define N_EXTRAS (sizeof(extras) / sizeof(extras[0]))

static void
plan_extras(struct take *t, struct cert_plan *p)
{
	for (unsigned int n = take_one_of(t, 4); n > 0; n--) {
		unsigned int i = take_one_of(t, N_EXTRAS);

		add_extra(p, extras[i].oid, take8(t) & 1,
		    da_slice_of(extras[i].der, extras[i].n));
	}
}

/* -- one certificate -- */

static const char *const names[RECIPE_MAX_CERTS] = { "root", "a", "b", "c",
    "d", "leaf" };
static const char *const mds[] = { NULL, "SHA256", "SHA512", "SHA1",
    "SHA3-384" };
static const int64_t moved[] = { 0, 1, -1, 86400, -86400,
    INT64_C(40) * 365 * 86400 };

#define N_MDS	(sizeof(mds) / sizeof(mds[0]))
#define N_MOVED	(sizeof(moved) / sizeof(moved[0]))

static int
taken_key_usage(struct take *t, int ordinary)
{
	unsigned int v = take8(t);

	return v == 0 ? ordinary : v == 1 ? -1 : (int)v;
}

static int
taken_path_length(struct take *t)
{
	unsigned int v = take8(t);

	return v == 0 ? NO_LIMIT : (int)(v - 1) % 4;
}

/* Name i, or another; key of place i, or of another. */
static unsigned int
taken_place(struct take *t, unsigned int ordinary)
{
	unsigned int v = take8(t);

	return v == 0 ? ordinary : v % RECIPE_MAX_CERTS;
}

/* Any two bytes that are a key's own. */
static struct da_slice
id_of(const EVP_PKEY *key)
{
	static uint8_t ids[RECIPE_MAX_CERTS][KINDS][2];

	for (unsigned int i = 0; i < RECIPE_MAX_CERTS; i++)
		for (unsigned int kind = 0; kind < KINDS; kind++)
			if (keys[i][kind] == key) {
				ids[i][kind][0] = (uint8_t)i;
				ids[i][kind][1] = (uint8_t)kind;
				return da_slice_of(ids[i][kind], 2);
			}
	return BYTES("\xff\xff");
}

/* As a CA writes them; absent; or of another key. */
static void
plan_key_ids(struct take *t, struct cert_plan *p)
{
	unsigned int v = take_one_of(t, 4);

	if (v & 1)
		return;
	add_extra(p, "2.5.29.14", false, tlv(0x04, id_of(p->key)));
	add_extra(p, "2.5.29.35", false, tlv(0x30, tlv(0x80, v == 0 ?
	    id_of(p->signer) : BYTES("\xff\xff"))));
}

/* OpenSSL 3.0 makes no X.509 signature by PSS with SHA-3. */
static bool
may_pad_by_pss(const struct cert_plan *p)
{
	return EVP_PKEY_is_a(p->signer, "RSA") && (p->md == NULL ||
	    strncmp(p->md, "SHA3", 4) != 0);
}

static void
plan_one(struct take *t, unsigned int i, bool is_leaf, struct cert_plan *plan)
{
	unsigned int above = i == 0 ? 0 : i - 1;
	struct cert_plan *p = &plan[i];

	*p = ca_plan(names[taken_place(t, i)], NULL, NULL, NULL);
	p->key = keys[taken_place(t, i)][take_one_of(t, KINDS)];
	above = taken_place(t, above);
	/* What is not planned yet has its ordinary name and key. */
	p->issuer = above <= i ? plan[above].subject : names[above];
	p->signer = above <= i ? plan[above].key : keys[above][P256];
	if (take8(t) != 0)
		p->signer = keys[0][P256];
	p->md = mds[take_one_of(t, N_MDS)];
	p->pss = (take8(t) & 1) != 0 && may_pad_by_pss(p);
	p->from += moved[take_one_of(t, N_MOVED)];
	p->to += moved[take_one_of(t, N_MOVED)];
	p->ca = ((take8(t) & 1) != 0) == is_leaf;
	p->no_basic = (take8(t) & 1) != 0;
	p->path_length = taken_path_length(t);
	p->key_usage = taken_key_usage(t, is_leaf ? 1 << 0 : 1 << 5);
	plan_key_ids(t, p);
	plan_extras(t, p);
}

/* -- edits below the signature -- */

static struct da_slice
signature_over(const struct cert_plan *p, struct da_slice tbs)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	EVP_PKEY_CTX *key = NULL;
	uint8_t bits[600] = { 0 };
	size_t n = sizeof(bits) - 1;

	ck_assert_int_eq(EVP_DigestSignInit(ctx, &key, md_for(p->signer,
	    p->md), NULL, p->signer), 1);
	if (p->pss) {
		EVP_PKEY_CTX_set_rsa_padding(key, RSA_PKCS1_PSS_PADDING);
		EVP_PKEY_CTX_set_rsa_pss_saltlen(key, RSA_PSS_SALTLEN_DIGEST);
	}
	ck_assert_int_eq(EVP_DigestSign(ctx, &bits[1], &n, tbs.p, tbs.n), 1);
	EVP_MD_CTX_free(ctx);
	return tlv(0x03, da_slice_of(bits, n + 1));
}

/* Up to three bytes of the signed part, changed, and then signed. */
static struct da_slice
edited(struct take *t, const struct cert_plan *p, struct da_slice der)
{
	unsigned int n = take_one_of(t, 4);
	struct da_der d = da_der_over(da_cur_of(der), DA_PART_NONE);
	struct da_der in = da_der_enter(&d, DA_DER_SEQUENCE);
	struct buf tbs = buf_copy(da_der_element(&in));
	struct da_slice alg = da_der_element(&in);

	if (n == 0)
		return der;
	while (n-- > 0) {
		size_t at = (take8(t) << 8 | take8(t)) % tbs.n;

		tbs.p[at] ^= (uint8_t)take8(t);
	}
	return tlv(0x30, join(join(buf_slice(&tbs), alg), signature_over(p,
	    buf_slice(&tbs))));
}

/* -- the chain -- */

static int64_t
taken_time(struct take *t)
{
	static const int64_t times[] = { (VALID_FROM + VALID_TO) / 2,
	    VALID_FROM, VALID_TO, VALID_FROM - 1, VALID_TO + 1, VALID_FROM + 1,
	    VALID_TO - 1, 0 };

	return times[take_one_of(t, sizeof(times) / sizeof(times[0]))];
}

/* The SPDM structure under the anchor's hash. */
static struct da_slice
spdm_of(struct da_slice anchor, struct da_slice certs)
{
	struct da_hash_value root = da_hash_of(DA_HASH_SHA384, anchor);
	struct buf b = { 0 };

	put32(&b, (uint32_t)(4 + root.n + certs.n));
	put_slice(&b, da_hash_bytes(&root));
	put_slice(&b, certs);
	return buf_slice(&b);
}

static void
make_chain(struct take *t, bool without_root, bool is_spdm, struct recipe *ret)
{
	struct cert_plan plan[RECIPE_MAX_CERTS];
	struct buf b = { 0 };
	struct da_slice certs;

	for (unsigned int i = 0; i < ret->n; i++) {
		plan_one(t, i, i + 1 == ret->n, plan);
		ret->cert[i] = edited(t, &plan[i], make_cert(&plan[i]));
		if (i > 0 || !without_root || ret->n == 1)
			put_slice(&b, ret->cert[i]);
	}
	ret->anchor = exact(ret->cert[0], ret->cert[0].n);
	certs = buf_slice(&b);
	ret->form = is_spdm ? DA_CHAIN_SPDM : DA_CHAIN_DER;
	ret->hash = is_spdm ? DA_HASH_SHA384 : DA_HASH_NONE;
	if (is_spdm)
		certs = spdm_of(ret->anchor, certs);
	ret->chain = exact(certs, certs.n);
}

#define AT_OF_REAL	INT64_C(1795392000)	/* 2026-11-23 */

static void
take_chain(struct take *t, struct recipe *ret)
{
	struct da_slice certs = da_rest(&t->c);
	struct da_der d;

	ret->chain = exact(certs, certs.n);
	ret->form = DA_CHAIN_DER;
	ret->at = AT_OF_REAL;
	d = da_der_over(da_cur_of(ret->chain), DA_PART_NONE);
	while (ret->n < RECIPE_MAX_CERTS && da_der_peek(&d) != 0)
		ret->cert[ret->n++] = da_der_element(&d);
	ret->anchor = ret->cert[0];
}

void
recipe_make(const uint8_t *data, size_t n, struct recipe *ret)
{
	static struct chunk *mark;
	struct take t = { da_cur_of(da_slice_of(data, n)) };
	unsigned int count, flags;

	if (mark == NULL) {
		make_keys();
		mark = chunks;
	}
	release(mark);
	*ret = (struct recipe){ 0 };
	count = take8(&t);
	if (count == RECIPE_IS_DER) {
		take_chain(&t, ret);
		return;
	}
	ret->n = count == 0 ? 4 : 1 + count % RECIPE_MAX_CERTS;
	flags = take8(&t);
	ret->at = taken_time(&t);
	make_chain(&t, flags & 1, flags & 2, ret);
}
