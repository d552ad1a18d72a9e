/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every case of the reference library's transcripts: what must verify does,
 * says what case.json says, and does not with another nonce or another root;
 * what must not is refused in its class.
 */
#include "vectors.h"

#include "verifier/sig.h"
#include "verifier/spdm_vca.h"
#include "verifier/tdisp_report.h"

enum expectation { VERIFIES, IS_REFUSED, IS_UNSUPPORTED, IS_A_REPORT };

static struct vec_list cases;

/* ML-DSA needs OpenSSL 3.5: what the linked one lacks is refused by name. */
static enum expectation
expectation_of(const char *name, const struct da_json *json)
{
	if (vec_at(json, "report") != NULL)
		return IS_A_REPORT;
	if (strncmp(name, "neg-", 4) == 0)
		return IS_REFUSED;
	if (vec_starts(json, "algorithms.pqc_asym.name", "") &&
	    !da_sig_can(da_asym_of_pqc_bit((uint32_t)vec_hex_int(json,
	    "algorithms.pqc_asym.bits"))))
		return IS_UNSUPPORTED;
	return VERIFIES;
}

static void
check_blocks(const char *name, const struct da_json *json,
    const struct da_blocks *blocks)
{
	const struct da_json *expected = vec_at(json, "blocks");

	ck_assert_msg(da_json_length(expected) == blocks->n, "%s: blocks",
	    name);
	for (uint16_t i = 0; i < blocks->n; i++) {
		const struct da_json *e = da_json_at(expected, i);
		const struct da_block *b = &blocks->block[i];

		ck_assert_int_eq(b->index, vec_int(e, "index"));
		ck_assert_int_eq(b->kind, vec_int(e, "type"));
		ck_assert_int_eq(b->raw, vec_bool(e, "raw"));
		ck_assert_int_eq((int64_t)b->value.n,
		    vec_int(e, "value_size"));
	}
}

static void
check_chain(const struct da_json *json, const struct da_chain *chain)
{
	const struct da_json *sizes = vec_at(json, "certchain.certificates");
	int64_t size = 0;

	ck_assert_uint_eq(da_json_length(sizes), chain->n);
	for (uint16_t i = 0; i < chain->n; i++) {
		ck_assert(da_json_int(da_json_at(sizes, i), &size));
		ck_assert_int_eq((int64_t)chain->cert[i].der.n, size);
	}
	ck_assert(vec_is_hex(json, "certchain.root_hash", chain->root_hash));
}

/* L1/L2 as the independent script of the data computed it. */
static void
check_transcript(const struct da_json *json, const struct da_evidence *e)
{
	struct da_slice pieces[] = { e->vca.raw, e->meas.transcript };
	size_t first = e->version >= DA_SPDM_12 ? 0 : 1;
	struct da_hash_value h = da_hash_all(e->algs.hash, &pieces[first],
	    2 - first);

	ck_assert(vec_is_hex(json, "independent_recheck.l1l2_hash",
	    da_hash_bytes(&h)));
	ck_assert_int_eq(e->meas.n,
	    vec_int(json, "independent_recheck.exchanges"));
}

static void
check_facts(const char *name, const struct da_json *json,
    const struct vec_answer *a)
{
	const struct da_evidence *e = &a->evidence;

	check_blocks(name, json, &a->claims.blocks);
	check_chain(json, &e->chain);
	check_transcript(json, e);
	ck_assert_int_eq(e->meas.slot_answered,
	    vec_int(json, "slot_in_response"));
	ck_assert_int_eq(e->meas.slot_asked, vec_int(json, "slot"));
	ck_assert_int_eq(e->meas.content_changed,
	    vec_int(json, "content_changed"));
	ck_assert(vec_is_hex(json, "requester_nonce", e->meas.nonce));
	ck_assert_uint_eq(e->vca.asym_sel,
	    vec_hex_int(json, "algorithms.base_asym.bits"));
	ck_assert_uint_eq(e->vca.pqc_sel,
	    vec_hex_int(json, "algorithms.pqc_asym.bits"));
	ck_assert_uint_eq(e->vca.meas_hash_sel,
	    vec_hex_int(json, "algorithms.measurement_hash.bits"));
	ck_assert_uint_eq(e->vca.hash_sel,
	    vec_hex_int(json, "algorithms.base_hash.bits"));
	ck_assert_uint_eq(e->vca.responder_caps,
	    vec_hex_int(json, "responder_capability_flags"));
}

static void
check_version(const struct da_json *json, uint8_t version)
{
	char text[] = "1.x";

	text[2] = (char)('0' + (version & 0x0f));
	ck_assert(vec_is_text(json, "spdm_version", text));
}

static void
refuses_another_nonce(const char *name, struct vec_question q,
    struct vec_answer *a)
{
	uint8_t nonce[DA_NONCE];

	memcpy(nonce, q.ask.nonce.p, sizeof(nonce));
	nonce[31] ^= 1;
	q.ask.nonce = da_slice_of(nonce, sizeof(nonce));
	vec_ask(&q, a);
	ck_assert_msg(a->exit_class == 6, "%s, another nonce: %d", name,
	    a->exit_class);
	ck_finding_fault(a->claims.findings, DA_CHK_NONCE,
	    DA_F_NONCE_DIFFERS);
	q.ask.nonce = da_slice_of(NULL, 0);
	vec_ask(&q, a);
	ck_assert_msg(a->exit_class == 6, "%s, no nonce: %d", name,
	    a->exit_class);
	ck_finding(a->claims.findings, DA_CHK_NONCE, DA_UNKNOWN);
}

/* The roots of all cases that are not this one's. */
static void
refuses_another_root(const char *name, struct vec_question q,
    struct vec_answer *a)
{
	struct da_slice own = q.ask.anchors.der[0];

	for (int i = 0; i < cases.n; i++) {
		if (!vec_has_file("libspdm", cases.name[i], "root.der"))
			continue;
		q.ask.anchors.der[0] = vec_file("libspdm", cases.name[i],
		    "root.der");
		if (da_slice_eq(own, q.ask.anchors.der[0]))
			continue;
		vec_ask(&q, a);
		ck_assert_msg(a->exit_class == 2 || a->exit_class == 3,
		    "%s, root of %s: %d", name, cases.name[i], a->exit_class);
	}
	q.ask.anchors.n = 0;
	vec_ask(&q, a);
	ck_assert_msg(a->exit_class == 3, "%s, no root: %d", name,
	    a->exit_class);
}

static void
case_verifies(const char *name, const struct da_json *json,
    const struct vec_question *q, struct vec_answer *a)
{
	vec_ask(q, a);
	ck_assert_msg(a->exit_class == 0 && a->claimed, "%s: class %d, %s",
	    name, a->exit_class, da_fault_text(vec_fault(a))->name);
	ck_finding(a->claims.findings, DA_CHK_SIGNATURE, DA_HOLDS);
	ck_finding(a->claims.findings, DA_CHK_VALIDITY, DA_HOLDS);
	/* Only from 1.2 on does a signature cover the negotiation. */
	ck_finding(a->claims.findings, DA_CHK_ALGORITHMS,
	    a->evidence.version >= DA_SPDM_12 ? DA_HOLDS : DA_UNKNOWN);
	check_facts(name, json, a);
	check_version(json, a->evidence.version);
	refuses_another_nonce(name, *q, a);
	refuses_another_root(name, *q, a);
	printf("verifies: %s\n", name);
}

/* The contract's class: all four broken ones are a chain's or a signature's. */
static void
case_is_refused(const char *name, const struct vec_question *q,
    struct vec_answer *a)
{
	vec_ask(q, a);
	ck_assert_msg(a->exit_class == 2, "%s: class %d, %s", name,
	    a->exit_class, da_fault_text(vec_fault(a))->name);
	printf("refused:  %s (%s)\n", name,
	    da_fault_text(vec_fault(a))->name);
}

static void
case_is_unsupported(const char *name, const struct vec_question *q,
    struct vec_answer *a)
{
	struct vec_question without = *q;
	const char *fault;

	vec_ask(q, a);
	ck_finding_fault(a->claims.findings, DA_CHK_ALGORITHMS,
	    DA_F_ALG_UNSUPPORTED);
	fault = da_fault_text(vec_fault(a))->name;
	ck_assert_msg(a->exit_class == 2 &&
	    strstr(fault, "UNSUPPORTED") != NULL, "%s: class %d, %s", name,
	    a->exit_class, fault);
	printf("*** NOT VERIFIED, this OpenSSL lacks it: %s (%s)\n", name,
	    fault);
	/* Its chain alone is no better. */
	without.bundle.given[DA_PART_VCA] = false;
	without.bundle.given[DA_PART_MEASUREMENTS] = false;
	vec_ask(&without, a);
	ck_assert_int_eq(a->exit_class, 2);
	ck_finding_fault(a->claims.findings, DA_CHK_CHAIN,
	    DA_F_CERT_SIGALG_UNSUPPORTED);
}

static void
report_is_read(const char *name, const struct da_json *json)
{
	struct da_slice raw = vec_file("libspdm", name, "report.bin");
	const struct da_json *ranges = vec_at(json, "report.mmio_ranges");
	struct da_fault fault = { 0 };
	struct da_report r;

	ck_assert_msg(da_report_parse(raw, &r, &fault), "%s: %s", name,
	    da_fault_text(fault.why)->name);
	ck_assert(da_report_shape(raw, &r, &fault));
	ck_assert_uint_eq(r.info, vec_hex_int(json, "report.interface_info"));
	ck_assert_uint_eq(r.msix_control,
	    vec_hex_int(json, "report.msix_message_control"));
	ck_assert_uint_eq(r.lnr_control,
	    vec_hex_int(json, "report.lnr_control"));
	ck_assert_uint_eq(r.tph_control,
	    vec_hex_int(json, "report.tph_control"));
	ck_assert_int_eq(r.n_ranges, vec_int(json, "report.mmio_range_count"));
	ck_assert(vec_is_hex(json, "report.device_specific_info",
	    r.device_specific));
	for (uint32_t i = 0; i < r.n_ranges; i++) {
		const struct da_json *e = da_json_at(ranges, i);
		struct da_range range = da_report_range(&r, i);

		ck_assert_uint_eq(range.first_page,
		    vec_hex_int(e, "first_4k_page"));
		ck_assert_int_eq(range.pages, vec_int(e, "pages"));
		ck_assert_uint_eq(range.attributes,
		    vec_hex_int(e, "attributes"));
		ck_assert_int_eq(range.id, vec_int(e, "range_id"));
	}
	printf("read:     %s\n", name);
}

START_TEST(each_case_is_as_its_file_says)
{
	static struct vec_answer a;
	const char *name = cases.name[_i];
	struct da_json *json = vec_json("libspdm", name);
	enum expectation expected = expectation_of(name, json);
	struct vec_question q;

	if (expected != IS_A_REPORT)
		vec_libspdm(name, &q);
	switch (expected) {
	case VERIFIES:
		case_verifies(name, json, &q, &a);
		break;
	case IS_REFUSED:
		case_is_refused(name, &q, &a);
		break;
	case IS_UNSUPPORTED:
		case_is_unsupported(name, &q, &a);
		break;
	case IS_A_REPORT:
		report_is_read(name, json);
		break;
	}
	fflush(stdout);
	da_json_free(json);
	vec_done();
}
END_TEST

/* A list that came out empty or short would pass everything above. */
START_TEST(the_folder_is_whole)
{
	int count[4] = { 0 };

	for (int i = 0; i < cases.n; i++) {
		struct da_json *json = vec_json("libspdm", cases.name[i]);

		count[expectation_of(cases.name[i], json)]++;
		da_json_free(json);
	}
	vec_done();
	ck_assert_int_ge(count[VERIFIES], 18);
	ck_assert_int_ge(count[IS_REFUSED], 4);
	ck_assert_int_ge(count[VERIFIES] + count[IS_UNSUPPORTED], 19);
	ck_assert_int_ge(count[IS_A_REPORT], 1);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("vectors: libspdm");
	TCase *tcase = tcase_create("cases");

	vec_need_folder("libspdm", "all SPDM transcripts of libspdm");
	vec_list_cases("libspdm", &cases);
	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, the_folder_is_whole);
	tcase_add_loop_test(tcase, each_case_is_as_its_file_says, 0, cases.n);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
