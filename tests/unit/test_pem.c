/* SPDX-License-Identifier: Apache-2.0 */
/* Certificates out of PEM text, and which end of a chain is the root. */
#include <openssl/pem.h>

#include "makecert.h"
#include "verifier/pem.h"

static struct da_slice certs[3];
static struct da_fault fault;
static struct da_slice got;
static uint8_t buf[8192];

static void
start(void)
{
	EVP_PKEY *root = new_key("P-256"), *ca = new_key("P-256");
	struct cert_plan p = ca_plan("root", root, "root", root);

	certs[0] = make_cert(&p);
	p = ca_plan("ca", ca, "root", root);
	certs[1] = make_cert(&p);
	p = leaf_plan("leaf", new_key("P-256"), "ca", ca);
	certs[2] = make_cert(&p);
}

static void
put_pem(struct buf *b, const char *name, struct da_slice der)
{
	BIO *bio = BIO_new(BIO_s_mem());
	char *text;
	long n;

	PEM_write_bio(bio, name, "", der.p, (long)der.n);
	n = BIO_get_mem_data(bio, &text);
	put_bytes(b, text, (size_t)n);
	BIO_free(bio);
}

static bool
read_pem(const struct buf *text, size_t size)
{
	return da_pem_read(exact(buf_slice(text), text->n), DA_PART_ROOT, buf,
	    size, &got, &fault);
}

static void
refused(const struct buf *text, size_t size, enum da_why why)
{
	ck_assert(!read_pem(text, size));
	ck_fault(fault, why);
	ck_assert_int_eq(fault.part, DA_PART_ROOT);
}

START_TEST(blocks_in_order)
{
	struct buf text = { 0 }, der = { 0 };

	start();
	put_bytes(&text, "a comment\n", 10);
	for (int i = 0; i < 3; i++) {
		put_pem(&text, "CERTIFICATE", certs[i]);
		put_slice(&der, certs[i]);
	}
	ck_assert(da_pem_is(buf_slice(&text), DA_PART_ROOT));
	ck_assert(read_pem(&text, sizeof(buf)));
	ck_assert(da_slice_eq(got, buf_slice(&der)));
	ck_assert(read_pem(&text, der.n));
	refused(&text, der.n - 1, DA_F_TOO_LONG);
}
END_TEST

START_TEST(texts_without_certificates)
{
	struct buf text = { 0 };

	start();
	refused(&text, sizeof(buf), DA_F_EMPTY);
	put_bytes(&text, "nothing", 7);
	ck_assert(!da_pem_is(buf_slice(&text), DA_PART_ROOT));
	refused(&text, sizeof(buf), DA_F_CHAIN_NO_CERT);
	put_pem(&text, "PUBLIC KEY", certs[0]);
	refused(&text, sizeof(buf), DA_F_CHAIN_NO_CERT);
}
END_TEST

/* A block that is spoilt is never left out without a word. */
START_TEST(spoilt_blocks)
{
	struct buf text = { 0 };
	size_t first;

	start();
	put_pem(&text, "CERTIFICATE", certs[0]);
	first = text.n;
	put_pem(&text, "CERTIFICATE", certs[1]);
	for (size_t n = first + 28; n < text.n - 1; n++) {
		struct buf cut = buf_copy(da_slice_of(text.p, n));

		ck_assert(!read_pem(&cut, sizeof(buf)));
	}
	text.p[first + 40] = '!';
	ck_assert(!read_pem(&text, sizeof(buf)));
	ck_fault(fault, DA_F_SHORT);
}
END_TEST

/* Each part has blocks of its own kind, and no other's. */
START_TEST(blocks_by_part)
{
	static const struct {
		enum da_part part;
		const char *name;
	} kinds[] = {
		{ DA_PART_ROOT, "CERTIFICATE" }, { DA_PART_CRL, "X509 CRL" },
		{ DA_PART_KEY, "PUBLIC KEY" }, { DA_PART_CHAIN, "CERTIFICATE" },
	};

	start();
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		struct buf text = { 0 };

		put_pem(&text, "PRIVATE KEY", certs[0]);
		ck_assert(!da_pem_is(buf_slice(&text), kinds[i].part));
		put_pem(&text, kinds[i].name, certs[1]);
		for (size_t k = 0; k < 3; k++)
			ck_assert(da_pem_is(buf_slice(&text), kinds[k].part) ==
			    (strcmp(kinds[k].name, kinds[i].name) == 0));
		ck_assert(da_pem_read(buf_slice(&text), kinds[i].part, buf,
		    sizeof(buf), &got, &fault));
		ck_assert(da_slice_eq(got, certs[1]));
	}
}
END_TEST

static struct da_slice
join(struct da_slice a, struct da_slice b)
{
	struct buf both = { 0 };

	put_slice(&both, a);
	put_slice(&both, b);
	return buf_slice(&both);
}

static void
root_first(int a, int b, int c)
{
	struct buf der = { 0 }, expected = { 0 };

	put_slice(&der, certs[a]);
	put_slice(&der, certs[b]);
	put_slice(&der, certs[c]);
	for (int i = 0; i < 3; i++)
		put_slice(&expected, certs[i]);
	ck_assert(da_chain_root_first(buf_slice(&der), buf, &got, &fault));
	ck_assert(da_slice_eq(got, buf_slice(&expected)));
}

START_TEST(either_end_first)
{
	start();
	root_first(0, 1, 2);
	root_first(2, 1, 0);
	ck_assert(da_chain_root_first(join(certs[1], certs[0]), buf, &got,
	    &fault));
	ck_assert(da_slice_eq(got, join(certs[0], certs[1])));
	ck_assert(da_chain_root_first(certs[2], buf, &got, &fault));
	ck_assert(da_slice_eq(got, certs[2]));
	ck_assert(!da_chain_root_first(da_slice_of("\x30\x80", 2), buf, &got,
	    &fault));
	ck_fault(fault, DA_F_DER_LENGTH);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("pem");
	TCase *t = tcase_create("pem");

	tcase_add_test(t, blocks_in_order);
	tcase_add_test(t, texts_without_certificates);
	tcase_add_test(t, spoilt_blocks);
	tcase_add_test(t, blocks_by_part);
	tcase_add_test(t, either_end_first);
	suite_add_tcase(s, t);
	return run_suite(s);
}
