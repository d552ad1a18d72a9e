/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Evidence of real GPUs and switches: SPDM 1.1, the algorithms from the person
 * who asks, the chain as PEM (leaf first) and as an SPDM structure.
 */
#include "vectors.h"

#include "verifier/pem.h"

static struct vec_list cases;

static bool
is_negative(const char *name)
{
	return strncmp(name, "neg-", 4) == 0;
}

/* As --chain-pem does it. */
static void
give_pem(const char *name, struct vec_question *q)
{
	static uint8_t der[16384], turned[16384];
	struct da_slice text = vec_file("nvidia", name, "certchain.pem");
	struct da_slice chain;
	struct da_fault fault = { 0 };

	ck_assert(da_pem_is(text, DA_PART_CHAIN));
	ck_assert(da_pem_read(text, DA_PART_CHAIN, der, sizeof(der), &chain,
	    &fault));
	ck_assert(da_slice_eq(chain, vec_file("nvidia", name,
	    "certchain_leaf_first.der")));
	ck_assert(da_chain_root_first(chain, turned, &chain, &fault));
	q->bundle.chain_form = DA_CHAIN_DER;
	vec_give(q, DA_PART_CHAIN, chain);
}

/* The data writes a serial number by its OID, "2.5.4.5=". */
static void
number_by_oid(const char *name, char *ret, size_t size)
{
	static const char word[] = "serialNumber=";
	const char *found = strstr(name, word);

	if (found == NULL)
		snprintf(ret, size, "%s", name);
	else
		snprintf(ret, size, "%.*s2.5.4.5=%s", (int)(found - name),
		    name, found + sizeof(word) - 1);
}

static void
check_subjects(const struct da_json *json, const struct da_chain *chain)
{
	const struct da_json *certs = vec_at(json, "certs");
	char ours[256], theirs[512];

	ck_assert_uint_eq(da_json_length(certs), chain->n);
	for (uint16_t i = 0; i < chain->n; i++) {
		da_name_text(chain->cert[chain->n - 1u - i].subject, ours,
		    sizeof(ours));
		number_by_oid(ours, theirs, sizeof(theirs));
		ck_assert_msg(vec_is_text(da_json_at(certs, i), "subject",
		    theirs), "subject %s", theirs);
	}
}

static void
check_blocks(const struct da_json *json, const struct da_blocks *blocks)
{
	int64_t zero = 0;

	ck_assert_int_eq(blocks->n, vec_int(json, "blocks"));
	for (uint16_t i = 0; i < blocks->n; i++) {
		const struct da_block *b = &blocks->block[i];

		ck_assert_int_eq(b->index, i + 1);
		ck_assert_int_eq(b->kind, DA_MEAS_MUTABLE_FIRMWARE);
		ck_assert(!b->raw);
		ck_assert_uint_eq(b->value.n, 48);
		zero += da_slice_is_zero(b->value);
	}
	ck_assert_int_eq(zero, vec_int(json, "zero_blocks"));
}

static void
check_transcript(const struct da_json *json, const struct da_meas *meas)
{
	struct da_hash_value h = da_hash_of(DA_HASH_SHA384, meas->transcript);

	ck_assert(vec_is_hex(json, "l1l2_sha384", da_hash_bytes(&h)));
	ck_assert(vec_is_hex(json, "requester_nonce", meas->nonce));
	ck_assert_int_eq((int64_t)meas->exchange[0].opaque.n,
	    vec_int(json, "report.measurements.opaque_length"));
	ck_assert_int_eq(meas->slot_asked,
	    vec_int(json, "report.get_measurements.slot"));
}

static void
expect_class(const char *name, const char *how, const struct vec_question *q,
    struct vec_answer *a, int class)
{
	vec_ask(q, a);
	ck_assert_msg(a->exit_class == class, "%s, %s: class %d, %s", name,
	    how, a->exit_class, da_fault_text(vec_fault(a))->name);
}

static void
refuses_what_it_must(const char *name, struct vec_question q,
    struct vec_answer *a)
{
	uint8_t nonce[DA_NONCE] = { 1 };
	struct da_algs p256 = { DA_ASYM_ECDSA_P256, DA_HASH_SHA384,
	    DA_HASH_SHA384 };
	struct da_slice own = q.ask.nonce;

	q.ask.nonce = da_slice_of(nonce, sizeof(nonce));
	expect_class(name, "another nonce", &q, a, 6);
	q.ask.nonce = own;
	q.ask.anchors.n = 0;
	expect_class(name, "no root", &q, a, 3);
	q.ask.anchors.n = 1;
	q.ask.assumed = NULL;
	expect_class(name, "no algorithms", &q, a, 3);
	ck_finding_fault(a->claims.findings, DA_CHK_ALGORITHMS,
	    DA_F_ALG_UNKNOWN);
	/* Another curve moves the signature: the record no longer fits. */
	q.ask.assumed = &p256;
	vec_ask(&q, a);
	ck_assert_int_ge(a->exit_class, 2);
}

static void
case_verifies(const char *name, const struct da_json *json,
    struct vec_question *q, struct vec_answer *a)
{
	expect_class(name, "as an SPDM structure", q, a, 0);
	refuses_what_it_must(name, *q, a);
	give_pem(name, q);
	refuses_what_it_must(name, *q, a);
	expect_class(name, "as PEM", q, a, 0);
	ck_finding(a->claims.findings, DA_CHK_ALGORITHMS, DA_UNKNOWN);
	ck_finding(a->claims.findings, DA_CHK_SIGNATURE, DA_HOLDS);
	check_subjects(json, &a->evidence.chain);
	check_blocks(json, &a->claims.blocks);
	check_transcript(json, &a->evidence.meas);
	printf("verifies: %s\n", name);
}

static void
case_is_refused(const char *name, const struct da_json *json,
    struct vec_question *q, struct vec_answer *a)
{
	expect_class(name, "as an SPDM structure", q, a, 2);
	give_pem(name, q);
	expect_class(name, "as PEM", q, a, 2);
	ck_finding(a->claims.findings, DA_CHK_CHAIN, DA_HOLDS);
	ck_finding_fault(a->claims.findings, DA_CHK_SIGNATURE,
	    DA_F_SIGNATURE_WRONG);
	/* Nothing is told of blocks that nobody signed. */
	ck_assert(!a->claimed && !a->claims.has_blocks);
	check_transcript(json, &a->evidence.meas);
	printf("refused:  %s\n", name);
}

START_TEST(each_case_is_as_its_file_says)
{
	static struct vec_answer a;
	const char *name = cases.name[_i];
	struct da_json *json = vec_json("nvidia", name);
	struct vec_question q;

	vec_nvidia(name, &q);
	if (is_negative(name))
		case_is_refused(name, json, &q, &a);
	else
		case_verifies(name, json, &q, &a);
	fflush(stdout);
	da_json_free(json);
	vec_done();
}
END_TEST

START_TEST(the_folder_is_whole)
{
	int negative = 0;

	for (int i = 0; i < cases.n; i++)
		negative += is_negative(cases.name[i]);
	ck_assert_int_ge(negative, 2);
	ck_assert_int_ge(cases.n - negative, 8);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("vectors: nvidia");
	TCase *tcase = tcase_create("cases");

	vec_need_folder("nvidia", "all evidence of real GPUs and switches");
	vec_list_cases("nvidia", &cases);
	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, the_folder_is_whole);
	tcase_add_loop_test(tcase, each_case_is_as_its_file_says, 0, cases.n);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
