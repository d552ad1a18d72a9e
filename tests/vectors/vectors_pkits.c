/* SPDX-License-Identifier: Apache-2.0 */
/*
 * NIST's Public Key Interoperability Test Suite (2011): every path of it, with
 * the revocation lists that NIST put beside it, is accepted or refused as
 * pkits.manifest says.
 */
#include "manifest.h"
#include "tests/unit/build.h"
#include "verifier/revoke.h"

#include <dirent.h>

/* Where Debian's python3-cryptography-vectors has them. */
#define PKITS_DEFAULT	"/usr/lib/python3/dist-packages/" \
    "cryptography_vectors/x509/PKITS_data"
#define AT		INT64_C(1704067200)	/* 2024-01-01 */
#define CASES		224

static struct manifest manifest;

static const char *
pkits_folder(void)
{
	const char *folder = getenv("DEVATTEST_PKITS");

	return folder != NULL ? folder : PKITS_DEFAULT;
}

static void
need_pkits(void)
{
	if (access(pkits_folder(), R_OK) == 0)
		return;
	printf("SKIPPED: NIST PKITS: no folder %s (DEVATTEST_PKITS, or "
	    "Debian's python3-cryptography-vectors)\n", pkits_folder());
	exit(77);
}

static struct da_slice
pkits_file(const char *folder, const char *name, const char *kind)
{
	char path[1024];
	uint8_t bytes[8192];
	size_t n;
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s/%s.%s", pkits_folder(), folder,
	    name, kind);
	f = fopen(path, "rb");
	ck_assert_msg(f != NULL, "cannot open %s", path);
	n = fread(bytes, 1, sizeof(bytes), f);
	fclose(f);
	ck_assert_uint_gt(n, 0);
	ck_assert_uint_lt(n, sizeof(bytes));
	return exact(da_slice_of(bytes, n), n);
}

struct question {
	struct da_anchors anchors;
	struct da_oids critical;
	struct da_slice der;		/* the chain */
	struct da_crls crls;
};

/* A chain may have its anchor in front, or leave it out. */
static void
load_case(const struct man_case *c, bool with_anchor, struct question *ret)
{
	struct buf b = { 0 };

	*ret = (struct question){ 0 };
	ck_assert_int_ge(c->certs.n, 2);
	for (int i = with_anchor ? 0 : 1; i < c->certs.n; i++)
		put_slice(&b, pkits_file("certs", c->certs.name[i], "crt"));
	ret->der = exact(buf_slice(&b), b.n);
	ret->anchors.n = 1;
	ret->anchors.der[0] = pkits_file("certs", c->certs.name[0], "crt");
	for (int i = 0; i < c->crls.n; i++)
		ret->crls.der[ret->crls.n++] = pkits_file("crls",
		    c->crls.name[i], "crl");
}

/* NONE: everything holds, or revocation is unknown. */
static enum da_why
refusal_of(const struct question *q, enum da_result *ret_revocation)
{
	static struct da_chain chain;
	struct da_fault fault = { 0 };
	int64_t at = AT;

	*ret_revocation = DA_UNKNOWN;
	if (!da_chain_parse(q->der, DA_CHAIN_DER, DA_HASH_NONE, &chain,
	    &fault) || !da_path_holds(&chain, &q->anchors, &q->critical,
	    &fault) || !da_path_valid_at(&chain, &q->anchors, at, &fault))
		return fault.why;
	*ret_revocation = da_revocation(&chain, &q->anchors, &q->crls, &at,
	    &fault);
	return *ret_revocation == DA_BROKEN ? fault.why : DA_F_NONE;
}

START_TEST(each_path_is_as_it_is_filed)
{
	struct question q;
	enum da_result revocation;
	enum da_why why;

	for (int with_anchor = 0; with_anchor < 2; with_anchor++) {
		load_case(&manifest.of[_i], with_anchor, &q);
		why = refusal_of(&q, &revocation);
		manifest_check(&manifest.of[_i], why, revocation == DA_HOLDS ?
		    "ACCEPTED" : "REVOCATION_UNKNOWN");
	}
}
END_TEST

static bool
is_filed(const char *name)
{
	for (int i = 0; i < manifest.n; i++) {
		const struct man_files *f = &manifest.of[i].certs;

		if (f->n > 0 && strcmp(f->name[f->n - 1], name) == 0)
			return true;
	}
	return false;
}

START_TEST(every_end_entity_is_filed)
{
	char path[1024], name[256];
	struct dirent *entry;
	int found = 0;
	DIR *dir;

	snprintf(path, sizeof(path), "%s/certs", pkits_folder());
	dir = opendir(path);
	ck_assert_ptr_nonnull(dir);
	while ((entry = readdir(dir)) != NULL) {
		size_t n = strlen(entry->d_name);

		if (n < 6 || strcmp(&entry->d_name[n - 6], "EE.crt") != 0)
			continue;
		snprintf(name, sizeof(name), "%.*s", (int)n - 4,
		    entry->d_name);
		ck_assert_msg(is_filed(name), "not filed: %s", name);
		found++;
	}
	closedir(dir);
	ck_assert_int_ge(found, 200);
	ck_assert_int_eq(manifest.n, CASES);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("vectors: PKITS");
	TCase *tcase = tcase_create("paths");

	need_pkits();
	manifest_read("pkits.manifest", &manifest);
	printf("PKITS: %d must-accept, %d must-refuse, %d not applicable\n",
	    manifest.tally[MAN_ACCEPT], manifest.tally[MAN_REFUSE],
	    manifest.tally[MAN_NOT_APPLICABLE]);
	fflush(stdout);
	tcase_set_timeout(tcase, 120);
	tcase_add_loop_test(tcase, each_path_is_as_it_is_filed, 0,
	    manifest.n);
	tcase_add_test(tcase, every_end_entity_is_filed);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
