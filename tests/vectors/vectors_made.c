/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Flips and prefixes of evidence that is made at run time: whole for the
 * algorithms of which nothing is recorded, some bytes for each other pair of
 * an SPDM version and an algorithm.
 */
#include "flips.h"

#include "tests/unit/kit.h"
#include "verifier/sig.h"

#define SOME	16		/* of so many bytes one is flipped */

static const struct row {
	struct kit_algs algs;
	bool whole;		/* at SPDM 1.2 */
} rows[] = {
	{ { DA_ASYM_RSASSA_2048, DA_HASH_SHA256, NULL, "SHA256" }, true },
	{ { DA_ASYM_RSAPSS_2048, DA_HASH_SHA256, NULL, "SHA256" }, true },
	{ { DA_ASYM_RSASSA_4096, DA_HASH_SHA512, NULL, "SHA512" }, true },
	{ { DA_ASYM_RSAPSS_4096, DA_HASH_SHA3_512, NULL, "SHA3-512" }, true },
	{ { DA_ASYM_ED448, DA_HASH_SHA512, NULL, "SHA512" }, true },
	{ { DA_ASYM_RSASSA_3072, DA_HASH_SHA384, NULL, "SHA384" }, false },
	{ { DA_ASYM_RSAPSS_3072, DA_HASH_SHA384, NULL, "SHA384" }, false },
	{ { DA_ASYM_ECDSA_P256, DA_HASH_SHA256, NULL, "SHA256" }, false },
	{ { DA_ASYM_ECDSA_P384, DA_HASH_SHA384, NULL, "SHA384" }, false },
	{ { DA_ASYM_ECDSA_P521, DA_HASH_SHA512, NULL, "SHA512" }, false },
	{ { DA_ASYM_ED25519, DA_HASH_SHA3_256, NULL, "SHA3-256" }, false },
};

#define N_ROWS	((int)(sizeof(rows) / sizeof(rows[0])))

static const enum da_part parts[] = { DA_PART_CHAIN, DA_PART_VCA,
    DA_PART_MEASUREMENTS };

static struct kit k;
static struct da_chain_memo memo;

/* A chain of the algorithm throughout, and its evidence. */
static struct vec_question
make(uint8_t version, const struct kit_algs *algs)
{
	kit_start(&k, version, algs);
	k.root_key = new_key_of(algs->asym);
	k.root.key = k.root.signer = k.leaf.signer = k.root_key;
	k.root.md = k.leaf.md = algs->md;
	kit_make(&k);
	memset(&memo, 0, sizeof(memo));
	k.ask.memo = &memo;
	return (struct vec_question){ .bundle = k.bundle, .ask = k.ask };
}

static void
try_all(const struct row *row, uint8_t version)
{
	struct vec_question q = make(version, &row->algs);
	bool whole = row->whole && version == DA_SPDM_12;
	char name[64];

	snprintf(name, sizeof(name), "%s 1.%d%s",
	    da_asym_alg(row->algs.asym)->name, version & 0x0f,
	    whole ? "" : " (some bytes)");
	vec_flip_every(whole ? 1 : SOME);
	for (size_t i = 0; i < 3; i++) {
		vec_flip_part(name, q, parts[i]);
		vec_cut_part(name, q, parts[i]);
	}
}

START_TEST(no_byte_may_change_and_no_part_end_early)
{
	const struct row *row = &rows[_i];
	int tried = 0;

	for (uint8_t v = DA_SPDM_10; v <= DA_SPDM_14; v++)
		if (da_asym_fits(v, row->algs.asym)) {
			try_all(row, v);
			tried++;
		}
	if (tried == 0) {
		printf("SKIPPED: this OpenSSL cannot verify SPDM's %s\n",
		    da_asym_alg(row->algs.asym)->name);
		ck_assert_int_eq(row->algs.asym, DA_ASYM_ED448);
	}
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("vectors: made at run time");
	TCase *tcase = tcase_create("bytes");

	tcase_set_timeout(tcase, 300);
	tcase_add_loop_test(tcase, no_byte_may_change_and_no_part_end_early, 0,
	    N_ROWS);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
