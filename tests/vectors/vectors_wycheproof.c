/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Project Wycheproof's signatures against ours, every case of every file: what
 * it calls valid verifies, and everything else, "acceptable" too, does not.
 * What is valid and not of our profile stands in a list, with the reason; one
 * that would verify after all is stale there, and fails.
 */
#include "vectors.h"

#include <dirent.h>

#include "verifier/sig.h"

enum form { SPDM, X509 };

static const struct file {
	const char *name;
	enum form form;
	enum da_asym asym;
	enum da_hash hash;	/* NONE: each group names its own */
} files[] = {
	{ "ecdsa_secp256r1_sha256_p1363", SPDM, DA_ASYM_ECDSA_P256,
	    DA_HASH_SHA256 },
	{ "ecdsa_secp384r1_sha384_p1363", SPDM, DA_ASYM_ECDSA_P384,
	    DA_HASH_SHA384 },
	{ "ecdsa_secp521r1_sha512_p1363", SPDM, DA_ASYM_ECDSA_P521,
	    DA_HASH_SHA512 },
	{ "ecdsa_secp256r1_sha256", X509, DA_ASYM_ECDSA_P256, DA_HASH_SHA256 },
	{ "ecdsa_secp384r1_sha384", X509, DA_ASYM_ECDSA_P384, DA_HASH_SHA384 },
	{ "ecdsa_secp521r1_sha512", X509, DA_ASYM_ECDSA_P521, DA_HASH_SHA512 },
	{ "rsa_pss_2048_sha256_mgf1_32", SPDM, DA_ASYM_RSAPSS_2048,
	    DA_HASH_SHA256 },
	{ "rsa_pss_2048_sha256_mgf1_32", X509, DA_ASYM_RSAPSS_2048,
	    DA_HASH_SHA256 },
	{ "rsa_pss_3072_sha256_mgf1_32", SPDM, DA_ASYM_RSAPSS_3072,
	    DA_HASH_SHA256 },
	{ "rsa_pss_4096_sha384_mgf1_48", SPDM, DA_ASYM_RSAPSS_4096,
	    DA_HASH_SHA384 },
	{ "rsa_pss_4096_sha512_mgf1_64", SPDM, DA_ASYM_RSAPSS_4096,
	    DA_HASH_SHA512 },
	{ "rsa_pss_4096_sha512_mgf1_64", X509, DA_ASYM_RSAPSS_4096,
	    DA_HASH_SHA512 },
	{ "rsa_pss_misc", SPDM, DA_ASYM_RSAPSS_2048, DA_HASH_NONE },
	{ "rsa_pss_misc", X509, DA_ASYM_RSAPSS_2048, DA_HASH_NONE },
	{ "rsa_signature_2048_sha256", SPDM, DA_ASYM_RSASSA_2048,
	    DA_HASH_SHA256 },
	{ "rsa_signature_2048_sha256", X509, DA_ASYM_RSASSA_2048,
	    DA_HASH_SHA256 },
	{ "rsa_signature_3072_sha384", SPDM, DA_ASYM_RSASSA_3072,
	    DA_HASH_SHA384 },
	{ "rsa_signature_3072_sha384", X509, DA_ASYM_RSASSA_3072,
	    DA_HASH_SHA384 },
	{ "rsa_signature_4096_sha512", SPDM, DA_ASYM_RSASSA_4096,
	    DA_HASH_SHA512 },
	{ "rsa_signature_4096_sha512", X509, DA_ASYM_RSASSA_4096,
	    DA_HASH_SHA512 },
	{ "ed25519", SPDM, DA_ASYM_ED25519, DA_HASH_SHA512 },
	{ "ed25519", X509, DA_ASYM_ED25519, DA_HASH_SHA512 },
	{ "ed448", SPDM, DA_ASYM_ED448, DA_HASH_SHA512 },
	{ "ed448", X509, DA_ASYM_ED448, DA_HASH_SHA512 },
	{ "mldsa_44_verify", SPDM, DA_ASYM_MLDSA_44, DA_HASH_SHA384 },
	{ "mldsa_44_verify", X509, DA_ASYM_MLDSA_44, DA_HASH_SHA384 },
	{ "mldsa_65_verify", SPDM, DA_ASYM_MLDSA_65, DA_HASH_SHA384 },
	{ "mldsa_65_verify", X509, DA_ASYM_MLDSA_65, DA_HASH_SHA384 },
	{ "mldsa_87_verify", SPDM, DA_ASYM_MLDSA_87, DA_HASH_SHA384 },
	{ "mldsa_87_verify", X509, DA_ASYM_MLDSA_87, DA_HASH_SHA384 },
};

#define N_FILES ((int)(sizeof(files) / sizeof(files[0])))

static const char sha_1[] = "SHA-1 signs nothing in SPDM";
static const char sha_224[] = "SHA-224 signs nothing in SPDM";
static const char mixed[] = "SPDM's mask has the hash of the message";
static const char odd_salt[] = "SPDM's salt is as long as the hash";
static const char exponent[] = "FIPS 186: the exponent is above 2^16, not 3";
static const char context[] = "a certificate has no context";

/* Valid, and outside our profile: cases from `first` to `last`. */
static const struct outside {
	const char *name;
	int64_t first, last;
	const char *why;
	bool x509_only;
} outside[] = {
	{ "rsa_pss_misc", 1, 30, sha_1, false },
	{ "rsa_pss_misc", 31, 60, sha_224, false },
	{ "rsa_pss_misc", 61, 72, mixed, false },	/* SHA-1, SHA-224 */
	{ "rsa_pss_misc", 73, 75, odd_salt, false },	/* 0, 20, 28 */
	{ "rsa_pss_misc", 77, 78, odd_salt, false },	/* 48, 64 */
	{ "rsa_pss_misc", 79, 90, mixed, false },	/* SHA-384, SHA-512 */
	{ "rsa_pss_misc", 91, 108, mixed, false },
	{ "rsa_pss_misc", 109, 112, odd_salt, false },	/* 0, 20, 28, 32 */
	{ "rsa_pss_misc", 114, 114, odd_salt, false },	/* 64 */
	{ "rsa_pss_misc", 115, 120, mixed, false },
	{ "rsa_pss_misc", 121, 144, mixed, false },
	{ "rsa_pss_misc", 145, 149, odd_salt, false },	/* 0 to 48 */
	{ "rsa_signature_2048_sha256", 258, 259, exponent, false },
	{ "mldsa_44_verify", 3, 4, context, true },
	{ "mldsa_65_verify", 3, 4, context, true },
	{ "mldsa_87_verify", 3, 4, context, true },
};

static const struct outside *
outside_of(const struct file *f, int64_t id)
{
	for (size_t i = 0; i < sizeof(outside) / sizeof(outside[0]); i++)
		if (strcmp(outside[i].name, f->name) == 0 &&
		    id >= outside[i].first && id <= outside[i].last &&
		    (!outside[i].x509_only || f->form == X509))
			return &outside[i];
	return NULL;
}

#define MAX_BYTES	(64u * 1024u)

/* The bytes of a member in hex; an absent one is empty. */
static struct da_slice
hex_of(const struct da_json *v, const char *key, uint8_t *buf)
{
	const struct da_json *member = vec_at(v, key);
	size_t n = 0;

	ck_assert_msg(member == NULL || vec_is_text(v, key, "") ||
	    da_json_hex(member, buf, MAX_BYTES, &n), "no hex: %s", key);
	return da_slice_of(buf, n);
}

static enum da_hash
hash_of(const struct file *f, const struct da_json *group)
{
	static const struct {
		const char *name;
		enum da_hash hash;
	} names[] = { { "SHA-256", DA_HASH_SHA256 },
	    { "SHA-384", DA_HASH_SHA384 }, { "SHA-512", DA_HASH_SHA512 } };

	if (f->hash != DA_HASH_NONE)
		return f->hash;
	for (size_t i = 0; i < 3; i++)
		if (vec_is_text(group, "sha", names[i].name))
			return names[i].hash;
	return DA_HASH_NONE;
}

static enum da_sig_result
ask(const struct file *f, const struct da_key *key, enum da_hash hash,
    const struct da_json *test)
{
	static uint8_t msg[MAX_BYTES], sig[MAX_BYTES], ctx[MAX_BYTES];
	struct da_slice m = hex_of(test, "msg", msg);
	struct da_slice s = hex_of(test, "sig", sig);
	struct da_slice c = hex_of(test, "ctx", ctx);

	if (key == NULL)
		return DA_SIG_WRONG;
	return f->form == SPDM ? da_sig_spdm(key, hash, c, m, s) :
	    da_sig_x509(key, hash, m, s);
}

/* What was seen of one file. */
struct tally {
	int tried, outside, unsupported, keyless;
};

/* OpenSSL lacks the algorithm, or (Ed448 before 3.2) this form of it. */
static bool
is_lacking(const struct file *f)
{
	return !da_sig_can(f->asym) && (f->form == SPDM ||
	    f->asym != DA_ASYM_ED448);
}

static void
judge_case(const struct file *f, const struct da_json *test,
    enum da_sig_result result, struct tally *t)
{
	int64_t id = vec_int(test, "tcId");
	const struct outside *out = outside_of(f, id);
	bool valid = vec_is_text(test, "result", "valid");
	bool right = result == DA_SIG_RIGHT;

	t->tried++;
	ck_assert_msg(valid || !right, "%s, test %d: accepted, and is not "
	    "valid", f->name, (int)id);
	if (is_lacking(f)) {
		t->unsupported += result == DA_SIG_UNSUPPORTED;
		ck_assert_msg(!right, "%s, test %d", f->name, (int)id);
		return;
	}
	t->outside += out != NULL;
	ck_assert_msg(out == NULL || (valid && !right), "%s, test %d: its "
	    "place outside the profile is stale: %s", f->name, (int)id,
	    out == NULL ? "" : out->why);
	ck_assert_msg(out != NULL || valid == right, "%s, test %d: valid, "
	    "and refused", f->name, (int)id);
}

static void
try_group(const struct file *f, const struct da_json *group, struct tally *t)
{
	static uint8_t spki[MAX_BYTES];
	struct da_key *key = da_key_read(f->asym, hex_of(group,
	    "publicKeyDer", spki));
	const struct da_json *tests = da_json_get(group, "tests");
	enum da_hash hash = hash_of(f, group);

	for (uint32_t i = 0; i < da_json_length(tests); i++) {
		const struct da_json *test = da_json_at(tests, i);

		t->keyless += key == NULL;
		judge_case(f, test, ask(f, key, hash, test), t);
	}
	da_key_free(key);
}

/* Cases that the list names for this file and form. */
static int
listed(const struct file *f)
{
	int64_t n = 0;

	for (size_t i = 0; i < sizeof(outside) / sizeof(outside[0]); i++)
		if (strcmp(outside[i].name, f->name) == 0 &&
		    (!outside[i].x509_only || f->form == X509))
			n += outside[i].last - outside[i].first + 1;
	return (int)n;
}

static void
tell(const struct file *f, const struct tally *t)
{
	const char *form = f->form == SPDM ? "SPDM" : "X.509";

	if (is_lacking(f))
		printf("*** NOT VERIFIED: %s as %s: this OpenSSL lacks it; "
		    "%d signatures were refused as UNSUPPORTED, %d for their "
		    "key\n", f->name, form, t->unsupported, t->keyless);
	else
		printf("%s as %s: %d signatures, %d outside the profile\n",
		    f->name, form, t->tried, t->outside);
	fflush(stdout);
}

START_TEST(each_signature_is_as_it_is_said)
{
	const struct file *f = &files[_i];
	struct da_json_error error = { 0 };
	const struct da_json *groups;
	struct tally t = { 0 };
	struct da_json *json;
	char path[80];

	snprintf(path, sizeof(path), "%s_test.json", f->name);
	json = da_json_parse(vec_file("wycheproof", ".", path), &error);
	ck_assert_msg(json != NULL, "%s: %s", path, error.text);
	groups = da_json_get(json, "testGroups");
	for (uint32_t i = 0; i < da_json_length(groups); i++)
		try_group(f, da_json_at(groups, i), &t);
	tell(f, &t);
	ck_assert_int_eq(t.tried, vec_int(json, "numberOfTests"));
	ck_assert_int_gt(t.tried, 0);
	if (is_lacking(f))
		ck_assert_int_eq(t.unsupported + t.keyless, t.tried);
	else
		ck_assert_int_eq(t.outside, listed(f));
	da_json_free(json);
	vec_done();
}
END_TEST

static bool
is_tried(const char *entry)
{
	for (int i = 0; i < N_FILES; i++) {
		size_t n = strlen(files[i].name);

		if (strncmp(entry, files[i].name, n) == 0 &&
		    strcmp(entry + n, "_test.json") == 0)
			return true;
	}
	return false;
}

/* A file that nobody asks about would pass everything above. */
START_TEST(every_file_is_tried)
{
	char path[1024];
	struct dirent *entry;
	int n = 0;
	DIR *dir;

	snprintf(path, sizeof(path), "%s/wycheproof",
	    getenv("DEVATTEST_TESTDATA"));
	dir = opendir(path);
	ck_assert_ptr_nonnull(dir);
	while ((entry = readdir(dir)) != NULL) {
		if (strstr(entry->d_name, ".json") == NULL)
			continue;
		ck_assert_msg(is_tried(entry->d_name), "not tried: %s",
		    entry->d_name);
		n++;
	}
	closedir(dir);
	ck_assert_int_ge(n, 19);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("vectors: wycheproof");
	TCase *tcase = tcase_create("files");

	vec_need_folder("wycheproof", "Wycheproof's signatures");
	tcase_set_timeout(tcase, 120);
	tcase_add_test(tcase, every_file_is_tried);
	tcase_add_loop_test(tcase, each_signature_is_as_it_is_said, 0,
	    N_FILES);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
