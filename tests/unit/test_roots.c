/* SPDX-License-Identifier: Apache-2.0 */
/* The owner's files of trust: what a policy names, and the lists beside it. */
#include <openssl/pem.h>

#include "makecrl.h"
#include "tmpfolder.h"

#include "guestd/files.h"
#include "guestd/roots.h"
#include "guestd/trustfile.h"

static EVP_PKEY *key;
static struct da_slice root, list, spki;
static struct da_policy *policy;
static struct da_roots roots;
static char why[256];

static const char policy_text[] =
    "{ \"version\": 1, \"name\": \"owner\",\n"
    "  \"clock\": { \"source\": \"floor\", "
    "\"not-before\": \"2026-11-01T00:00:00Z\" },\n"
    "  \"platforms\": [\"emulated\"],\n"
    "  \"devices\": [ { \"class\": \"nic\",\n"
    "    \"match\": { \"pci-vendor\": \"e0e0\" },\n"
    "    \"spdm\": { \"versions\": [\"1.3\"], \"asym\": [\"ecdsa-p384\"], "
    "\"hash\": [\"sha384\"] },\n"
    "    %s } ],\n"
    "  \"others\": \"refuse\" }\n";

#define WITH_LISTS	"\"roots\": [\"vendor\"], "			\
	"\"revocation\": { \"mode\": \"crl\", \"max-age-days\": 30 }"
#define WITH_KEY	"\"provisioned-keys\": [\"card\"]"
#define WITHOUT		"\"roots\": [\"vendor\"]"

static void
put_bytes_in(const char *name, struct da_slice bytes)
{
	FILE *f = fopen(in_tmp(name), "wb");

	ck_assert_ptr_nonnull(f);
	ck_assert_uint_eq(fwrite(bytes.p, 1, bytes.n, f), bytes.n);
	ck_assert_int_eq(fclose(f), 0);
}

static struct da_slice
pem_of(const char *label, struct da_slice der)
{
	BIO *bio = BIO_new(BIO_s_mem());
	struct buf b = { 0 };
	char *text;
	long n;

	ck_assert_int_gt(PEM_write_bio(bio, label, "", der.p, (long)der.n),
	    0);
	n = BIO_get_mem_data(bio, &text);
	put_bytes(&b, text, (size_t)n);
	BIO_free(bio);
	return buf_slice(&b);
}

static void
set_up(void)
{
	struct cert_plan p;
	struct crl_plan l;
	unsigned char *der = NULL;
	struct buf b = { 0 };
	int n;

	key = new_key("P-384");
	p = ca_plan("root", key, "root", key);
	l = crl_plan("root", key);
	root = make_cert(&p);
	list = make_crl(&l);
	n = i2d_PUBKEY(key, &der);
	put_bytes(&b, der, (size_t)n);
	OPENSSL_free(der);
	spki = exact(buf_slice(&b), b.n);
	policy = NULL;
	make_tmp();
	ck_assert_int_eq(mkdir(in_tmp("crls"), 0755), 0);
	put_bytes_in("vendor.der", root);
	put_bytes_in("card.pem", pem_of("PUBLIC KEY", spki));
}

static void
forget(void)
{
	da_roots_free(&roots);
	if (policy != NULL)
		da_policy_free(policy);
	policy = NULL;
}

static void
tear_down(void)
{
	forget();
	remove_tmp();
}

static bool
load_roots(const char *more)
{
	struct da_policy_error error;
	char text[2048];

	forget();
	snprintf(text, sizeof(text), policy_text, more);
	policy = da_policy_parse(da_slice_str(text), &error);
	ck_assert_msg(policy != NULL, "%u:%u: %s", error.line, error.column,
	    error.text);
	why[0] = '\0';
	return da_roots_load(policy, tmp, &roots, why, sizeof(why));
}

#define ck_loads(more)	ck_assert_msg(load_roots(more), "%s", why)
#define ck_fails(more, class, name, says) do {				\
	ck_assert(!load_roots(more));					\
	ck_assert_int_eq(roots.exit_class, class);			\
	ck_fault(roots.fault, name);					\
	ck_assert_msg(strstr(why, says) != NULL, "%s", why);		\
} while (0)

START_TEST(lists_are_read_in_the_order_of_their_names)
{
	struct crl_plan l = crl_plan("other", key);
	struct da_slice other = make_crl(&l);
	const struct da_crls *crls;

	put_bytes_in("crls/b.crl", list);
	put_bytes_in("crls/a.crl", pem_of("X509 CRL", other));
	put_text(in_tmp("crls/README"), "no list\n");
	put_text(in_tmp("crls/.hidden.crl"), "no list\n");
	ck_loads(WITH_LISTS);
	crls = &policy->rule[0].crls;
	ck_assert_uint_eq(crls->n, 2);
	ck_assert(da_slice_eq(crls->der[0], other));
	ck_assert(da_slice_eq(crls->der[1], list));
	ck_assert_uint_eq(policy->rule[0].anchors.n, 1);
}
END_TEST

START_TEST(several_lists_may_stand_in_a_file)
{
	struct buf text = { 0 };

	put_slice(&text, pem_of("X509 CRL", list));
	put_slice(&text, pem_of("X509 CRL", list));
	put_bytes_in("crls/a.crl", buf_slice(&text));
	put_bytes_in("crls/b.crl", join(list, list));
	ck_loads(WITH_LISTS);
	ck_assert_uint_eq(policy->rule[0].crls.n, 4);
}
END_TEST

/* Without the rule nobody looks; without lists it is unknown, not an error. */
START_TEST(only_a_rule_with_lists_reads_any)
{
	put_text(in_tmp("crls/bad.crl"), "no list\n");
	ck_loads(WITHOUT);
	ck_assert_uint_eq(policy->rule[0].crls.n, 0);
	ck_assert_int_eq(unlink(in_tmp("crls/bad.crl")), 0);
	ck_loads(WITH_LISTS);
	ck_assert_uint_eq(policy->rule[0].crls.n, 0);
	ck_assert_int_eq(rmdir(in_tmp("crls")), 0);
	ck_loads(WITH_LISTS);
	put_text(in_tmp("crls"), "no folder\n");
	ck_assert(!load_roots(WITH_LISTS));
	ck_assert_int_eq(roots.exit_class, 1);
}
END_TEST

START_TEST(a_bad_list_is_named)
{
	put_bytes_in("crls/good.crl", list);
	put_bytes_in("crls/cut.crl", exact(list, list.n - 1));
	ck_assert(!load_roots(WITH_LISTS));
	ck_assert_int_eq(roots.exit_class, 8);
	ck_assert_int_eq(roots.fault.part, DA_PART_CRL);
	ck_assert_ptr_nonnull(strstr(why, "crls/cut.crl: "));
	put_bytes_in("crls/cut.crl", root);
	ck_assert(!load_roots(WITH_LISTS));
	ck_assert_int_eq(roots.exit_class, 8);
	/* The second of a file: the byte is the file's. */
	put_bytes_in("crls/cut.crl", join(list, root));
	ck_assert(!load_roots(WITH_LISTS));
	ck_assert_uint_ge(roots.fault.offset, list.n);
	put_text(in_tmp("crls/cut.crl"), "");
	ck_fails(WITH_LISTS, 8, DA_F_EMPTY, "crls/cut.crl");
	ck_assert_int_eq(unlink(in_tmp("crls/cut.crl")), 0);
	ck_assert_int_eq(mkdir(in_tmp("crls/cut.crl"), 0755), 0);
	ck_assert(!load_roots(WITH_LISTS));
	ck_assert_int_eq(roots.exit_class, 1);
}
END_TEST

START_TEST(more_lists_than_the_cap_are_refused)
{
	struct buf many = { 0 };

	for (int i = 0; i < DA_MAX_CRLS; i++)
		put_slice(&many, list);
	put_bytes_in("crls/many.crl", buf_slice(&many));
	ck_loads(WITH_LISTS);
	ck_assert_uint_eq(policy->rule[0].crls.n, DA_MAX_CRLS);
	put_bytes_in("crls/more.crl", list);
	ck_fails(WITH_LISTS, 8, DA_F_TOO_LONG, "crls/more.crl");
	put_slice(&many, list);
	put_bytes_in("crls/many.crl", buf_slice(&many));
	ck_fails(WITH_LISTS, 8, DA_F_TOO_LONG, "crls/many.crl");
}
END_TEST

START_TEST(a_key_is_named_by_the_policy)
{
	ck_loads(WITH_KEY);
	ck_assert(da_slice_eq(policy->rule[0].provisioned, spki));
	ck_assert_int_eq(unlink(in_tmp("card.pem")), 0);
	ck_fails(WITH_KEY, 3, DA_F_KEY_ABSENT, "neither card.pem");
	put_bytes_in("card.der", spki);
	ck_loads(WITH_KEY);
	ck_assert(da_slice_eq(policy->rule[0].provisioned, spki));
	put_bytes_in("card.der", join(spki, spki));
	ck_fails(WITH_KEY, 8, DA_F_KEY_FORM, "card.der");
	put_bytes_in("card.der", root);
	ck_fails(WITH_KEY, 8, DA_F_KEY_FORM, "card.der");
	for (size_t n = 1; n < spki.n; n++) {
		put_bytes_in("card.der", da_slice_of(spki.p, n));
		ck_fails(WITH_KEY, 8, DA_F_KEY_FORM, "card.der");
	}
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("roots");
	TCase *t = tcase_create("files of trust");

	tcase_add_checked_fixture(t, set_up, tear_down);
	tcase_add_test(t, lists_are_read_in_the_order_of_their_names);
	tcase_add_test(t, several_lists_may_stand_in_a_file);
	tcase_add_test(t, only_a_rule_with_lists_reads_any);
	tcase_add_test(t, a_bad_list_is_named);
	tcase_add_test(t, more_lists_than_the_cap_are_refused);
	tcase_add_test(t, a_key_is_named_by_the_policy);
	suite_add_tcase(s, t);
	return run_suite(s);
}
