/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Project Wycheproof's signatures against ours: what it calls valid verifies,
 * and everything else, "acceptable" too, does not.  It is our binding of keys
 * and our own forms that this tests: raw r and s, sizes, padding.
 */
#include "vectors.h"

#include "verifier/sig.h"

enum form { SPDM, X509 };

static const struct file {
	const char *name;
	enum form form;
	enum da_asym asym;
	enum da_hash hash;
	int least;		/* signatures that must have been tried */
} files[] = {
	{ "ecdsa_secp256r1_sha256_p1363", SPDM, DA_ASYM_ECDSA_P256,
	    DA_HASH_SHA256, 262 },
	{ "ecdsa_secp384r1_sha384_p1363", SPDM, DA_ASYM_ECDSA_P384,
	    DA_HASH_SHA384, 280 },
	{ "ecdsa_secp521r1_sha512_p1363", SPDM, DA_ASYM_ECDSA_P521,
	    DA_HASH_SHA512, 318 },
	{ "ecdsa_secp256r1_sha256", X509, DA_ASYM_ECDSA_P256, DA_HASH_SHA256,
	    484 },
	{ "ecdsa_secp384r1_sha384", X509, DA_ASYM_ECDSA_P384, DA_HASH_SHA384,
	    504 },
	{ "ecdsa_secp521r1_sha512", X509, DA_ASYM_ECDSA_P521, DA_HASH_SHA512,
	    542 },
	{ "rsa_pss_2048_sha256_mgf1_32", SPDM, DA_ASYM_RSAPSS_2048,
	    DA_HASH_SHA256, 108 },
	{ "rsa_pss_3072_sha256_mgf1_32", SPDM, DA_ASYM_RSAPSS_3072,
	    DA_HASH_SHA256, 108 },
	{ "rsa_pss_4096_sha384_mgf1_48", SPDM, DA_ASYM_RSAPSS_4096,
	    DA_HASH_SHA384, 141 },
	{ "rsa_pss_4096_sha512_mgf1_64", X509, DA_ASYM_RSAPSS_4096,
	    DA_HASH_SHA512, 179 },
	{ "rsa_signature_2048_sha256", SPDM, DA_ASYM_RSASSA_2048,
	    DA_HASH_SHA256, 259 },
	{ "rsa_signature_3072_sha384", X509, DA_ASYM_RSASSA_3072,
	    DA_HASH_SHA384, 259 },
	{ "rsa_signature_4096_sha512", SPDM, DA_ASYM_RSASSA_4096,
	    DA_HASH_SHA512, 259 },
	{ "ed25519", SPDM, DA_ASYM_ED25519, DA_HASH_SHA512, 151 },
	{ "ed25519", X509, DA_ASYM_ED25519, DA_HASH_NONE, 151 },
	/* Of SPDM's Ed448, which has a context, there are no vectors. */
	{ "ed448", X509, DA_ASYM_ED448, DA_HASH_NONE, 87 },
};

#define MAX_BYTES	(64u * 1024u)

/* The bytes of a member in hex; valid until the next call for that buffer. */
static struct da_slice
hex_of(const struct da_json *v, const char *key, uint8_t *buf)
{
	size_t n = 0;

	ck_assert_msg(da_json_hex(da_json_get(v, key), buf, MAX_BYTES, &n) ||
	    vec_is_text(v, key, ""), "no hex: %s", key);
	return da_slice_of(buf, n);
}

static bool
verifies(const struct file *f, const struct da_key *key,
    const struct da_json *test)
{
	static uint8_t msg[MAX_BYTES], sig[MAX_BYTES];
	struct da_slice none = { NULL, 0 };
	struct da_slice m = hex_of(test, "msg", msg);
	struct da_slice s = hex_of(test, "sig", sig);

	return key != NULL && (f->form == SPDM ? da_sig_spdm(key, f->hash,
	    none, m, s) : da_sig_x509(key, f->hash, m, s)) == DA_SIG_RIGHT;
}

/* FIPS 186 wants an exponent above 2^16: a key with 3 is none here. */
static bool
is_excused(const struct da_json *group)
{
	return vec_is_text(group, "publicKey.publicExponent", "03");
}

/* How many of a group's signatures were asked about. */
static int
try_group(const struct file *f, const struct da_json *group)
{
	static uint8_t spki[MAX_BYTES];
	struct da_key *key = da_key_read(f->asym, hex_of(group,
	    "publicKeyDer", spki));
	const struct da_json *tests = da_json_get(group, "tests");
	uint32_t n = da_json_length(tests);

	ck_assert_msg((key == NULL) == is_excused(group), "%s: a key",
	    f->name);
	for (uint32_t i = 0; i < n; i++) {
		const struct da_json *t = da_json_at(tests, i);
		bool valid = key != NULL &&
		    vec_is_text(t, "result", "valid");

		ck_assert_msg(verifies(f, key, t) == valid,
		    "%s, test %d: %s", f->name, (int)vec_int(t, "tcId"),
		    valid ? "refused" : "accepted");
	}
	da_key_free(key);
	return (int)n;
}

START_TEST(each_signature_is_as_it_is_said)
{
	const struct file *f = &files[_i];
	struct da_json_error error = { 0 };
	const struct da_json *groups;
	struct da_json *json;
	char path[80];
	int n = 0;

	snprintf(path, sizeof(path), "%s_test.json", f->name);
	json = da_json_parse(vec_file("wycheproof", ".", path), &error);
	ck_assert_msg(json != NULL, "%s: %s", path, error.text);
	groups = da_json_get(json, "testGroups");
	for (uint32_t i = 0; i < da_json_length(groups); i++)
		n += try_group(f, da_json_at(groups, i));
	printf("%s: %d signatures\n", f->name, n);
	fflush(stdout);
	ck_assert_int_ge(n, f->least);
	da_json_free(json);
	vec_done();
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("vectors: wycheproof");
	TCase *tcase = tcase_create("files");

	vec_need_folder("wycheproof", "Wycheproof's signatures");
	tcase_set_timeout(tcase, 120);
	tcase_add_loop_test(tcase, each_signature_is_as_it_is_said, 0,
	    (int)(sizeof(files) / sizeof(files[0])));
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
