/* SPDX-License-Identifier: Apache-2.0 */
/*
 * C2SP's x509-limbo (testdata): each of its chains, in the one order in which a
 * device would send it, is accepted or refused as limbo.manifest says.
 */
#include "manifest.h"
#include "vectors.h"
#include "tests/unit/build.h"
#include "verifier/civil.h"
#include "verifier/derwalk.h"
#include "verifier/path.h"
#include "verifier/pem.h"

/* For cases that name no time: within all of their certificates. */
#define AT		INT64_C(1704067200)	/* 2024-01-01 */
#define CASES		135

static struct manifest manifest;

static struct da_slice
text_of(const struct da_json *v)
{
	struct da_slice text = { NULL, 0 };

	ck_assert(da_json_string(v, &text));
	return text;
}

static struct da_slice
der_of(const struct da_json *pem)
{
	struct da_slice text = text_of(pem), der;
	struct da_fault fault;
	uint8_t *buf = keep(text.n);

	ck_assert_msg(da_pem_read(text, DA_PART_CHAIN, buf, text.n, &der,
	    &fault), "PEM: %s", da_fault_text(fault.why)->name);
	return exact(der, der.n);
}

static int
digits(struct da_slice text, size_t at, size_t n)
{
	int v = 0;

	for (size_t i = 0; i < n; i++) {
		ck_assert(text.p[at + i] >= '0' && text.p[at + i] <= '9');
		v = 10 * v + (text.p[at + i] - '0');
	}
	return v;
}

/* "2023-07-10T00:00:00+00:00", or null. */
static int64_t
time_of(const struct da_json *v)
{
	struct da_civil civil;
	struct da_slice t;
	int64_t at = AT;

	if (v == NULL || da_json_kind(v) == DA_JSON_NULL)
		return AT;
	t = text_of(v);
	ck_assert_uint_eq(t.n, 25);
	civil = (struct da_civil){ digits(t, 0, 4), digits(t, 5, 2),
	    digits(t, 8, 2), digits(t, 11, 2), digits(t, 14, 2),
	    digits(t, 17, 2) };
	ck_assert(da_civil_seconds(&civil, &at));
	return at;
}

/*
 * Limbo does not order intermediates, and gives some that lead nowhere.  A
 * device sends one chain: the only one in which each signs the next, from the
 * leaf up; where that comes to an end, what is left cannot be part of it.
 */
struct limbo {
	struct da_anchors anchors;
	int64_t at;
	struct da_slice leaf;
	struct da_slice between[DA_MAX_CERTS];
	uint32_t n;
};

static bool
read_cert(struct da_slice der, struct da_cert *ret)
{
	struct da_der d = da_der_over(da_cur_of(der), DA_PART_CHAIN);

	return da_cert_read(&d, ret);
}

/* By name and key: several certificates may have one name. */
static bool
is_issued_by(struct da_slice der, struct da_slice above)
{
	struct da_cert cert, issuer;
	struct da_signed what;

	if (!read_cert(der, &cert) || !read_cert(above, &issuer))
		return false;
	what = (struct da_signed){ cert.sig_alg, cert.tbs, cert.signature };
	return da_slice_eq(cert.issuer, issuer.subject) &&
	    da_why_not_signed(&what, &issuer) == DA_F_NONE;
}

/* Takes the issuer out of what is left; false: none is there. */
static bool
take_issuer(struct limbo *l, struct da_slice der, struct da_slice *ret)
{
	for (uint32_t i = 0; i < l->n; i++) {
		if (!is_issued_by(der, l->between[i]))
			continue;
		*ret = l->between[i];
		l->between[i] = l->between[--l->n];
		return true;
	}
	return false;
}

static struct da_slice
chain_of(struct limbo *l)
{
	struct da_slice chain = l->leaf, lowest = l->leaf, above;

	while (take_issuer(l, lowest, &above)) {
		struct buf b = buf_copy(above);

		put_slice(&b, chain);
		chain = buf_slice(&b);
		lowest = above;
	}
	return exact(chain, chain.n);
}

static void
load_case(const struct da_json *v, struct limbo *ret)
{
	const struct da_json *roots = da_json_get(v, "trusted_certs");
	const struct da_json *between = da_json_get(v,
	    "untrusted_intermediates");

	*ret = (struct limbo){ 0 };
	ret->n = da_json_length(between);
	ck_assert_uint_le(ret->n, DA_MAX_CERTS);
	for (uint32_t i = 0; i < ret->n; i++)
		ret->between[i] = der_of(da_json_at(between, i));
	ret->anchors.n = (uint16_t)da_json_length(roots);
	ck_assert_uint_le(ret->anchors.n, DA_MAX_ANCHORS);
	for (uint16_t i = 0; i < ret->anchors.n; i++)
		ret->anchors.der[i] = der_of(da_json_at(roots, i));
	ret->leaf = der_of(da_json_get(v, "peer_certificate"));
	ret->at = time_of(da_json_get(v, "validation_time"));
}

/* The leaf's own rules; its key may be of any algorithm that there is. */
static bool
leaf_fits(const struct da_chain *chain, struct da_fault *reterr)
{
	const struct da_cert *leaf = &chain->cert[chain->n - 1];
	enum da_asym asym = da_cert_key_kind(leaf, DA_SCHEME_NONE);

	if (asym == DA_ASYM_NONE)
		return da_refuse_cert(reterr, DA_F_LEAF_KEY, chain, leaf);
	return da_leaf_fits(chain, asym, 0x12, DA_MODEL_DEVICE, reterr);
}

/* The path, and where a case is filed by it, the leaf's profile. */
static enum da_why
refusal_of(struct limbo *l, bool of_leaf)
{
	static struct da_chain chain;
	struct da_oids none = { 0 };
	struct da_fault fault = { 0 };

	if (da_chain_parse(chain_of(l), DA_CHAIN_DER, DA_HASH_NONE, &chain,
	    &fault) && da_path_holds(&chain, &l->anchors, &none, &fault) &&
	    da_path_valid_at(&chain, &l->anchors, l->at, &fault) &&
	    (!of_leaf || leaf_fits(&chain, &fault)))
		return DA_F_NONE;
	return fault.why;
}

/* A verdict has to be limbo's own where the case is one of ours. */
static void
agrees_with_limbo(const struct man_case *c, const struct da_json *v)
{
	bool succeeds = vec_is_text(v, "expected_result", "SUCCESS");

	if (c->verdict != MAN_NOT_APPLICABLE)
		ck_assert_msg(succeeds == (c->verdict == MAN_ACCEPT),
		    "%s: limbo says otherwise", c->id);
}

START_TEST(each_chain_is_as_it_is_filed)
{
	struct da_json_error error = { 0 };
	struct da_json *json = da_json_parse(vec_file("limbo", ".",
	    "limbo.json"), &error);
	const struct da_json *cases;
	struct limbo l;

	ck_assert_msg(json != NULL, "limbo.json: %s", error.text);
	cases = da_json_get(json, "testcases");
	ck_assert_uint_eq(da_json_length(cases), CASES);
	ck_assert_int_eq(manifest.n, CASES);
	for (uint32_t i = 0; i < CASES; i++) {
		const struct da_json *v = da_json_at(cases, i);
		struct da_slice id = text_of(da_json_get(v, "id"));
		char name[MAN_NAME];
		const struct man_case *c;

		snprintf(name, sizeof(name), "%.*s", (int)id.n,
		    (const char *)id.p);
		c = manifest_find(&manifest, name);
		ck_assert_msg(c != NULL, "not filed: %s", name);
		agrees_with_limbo(c, v);
		load_case(v, &l);
		manifest_check(c, refusal_of(&l, strncmp(c->outcome, "LEAF_",
		    5) == 0), "ACCEPTED");
	}
	da_json_free(json);
	vec_done();
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("vectors: limbo");
	TCase *tcase = tcase_create("chains");

	vec_need_folder("limbo", "x509-limbo");
	manifest_read("limbo.manifest", &manifest);
	printf("limbo: %d must-accept, %d must-refuse, %d not applicable\n",
	    manifest.tally[MAN_ACCEPT], manifest.tally[MAN_REFUSE],
	    manifest.tally[MAN_NOT_APPLICABLE]);
	fflush(stdout);
	tcase_set_timeout(tcase, 120);
	tcase_add_test(tcase, each_chain_is_as_it_is_filed);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
