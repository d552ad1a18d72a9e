/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Each signature algorithm from end to end: a chain of it throughout, and
 * measurements that its leaf signed, in each SPDM version that may use it.
 */
#include "kit.h"
#include "verifier/sig.h"
#include "verifier/spdm_vca.h"

static struct kit k;

/* What the algorithm is mostly used with. */
static struct kit_algs
algs_of(enum da_asym asym)
{
	struct kit_algs algs = { asym, DA_HASH_SHA384, NULL, "SHA384" };

	if (asym == DA_ASYM_SM2)
		algs = (struct kit_algs){ asym, DA_HASH_SM3, NULL, "SM3" };
	return algs;
}

static void
make(uint8_t version, enum da_asym asym, EVP_PKEY *root, EVP_PKEY *leaf)
{
	struct kit_algs algs = algs_of(asym);

	/* The kit's own keys are made for nothing: of a kind that is cheap. */
	algs.curve = "P-256";
	kit_start(&k, version, &algs);
	k.root_key = k.root.key = k.root.signer = k.leaf.signer = root;
	k.leaf_key = k.leaf.key = leaf;
	kit_make(&k);
}

static struct da_slice
flipped(struct da_slice bytes, size_t at)
{
	struct buf b = buf_copy(bytes);

	b.p[at] ^= 0x04;
	return exact(buf_slice(&b), b.n);
}

/* A bit of the leaf's signature, and one of the measurements'. */
static void
flips_are_refused(void)
{
	struct da_slice chain = k.bundle.part[DA_PART_CHAIN];
	struct da_slice meas = k.bundle.part[DA_PART_MEASUREMENTS];

	k.bundle.part[DA_PART_CHAIN] = flipped(chain, chain.n - 20);
	ck_assert_int_eq(kit_ask(&k), 2);
	ck_kit_fault(k, CHAIN, DA_F_LINK_SIGNATURE);
	k.bundle.part[DA_PART_CHAIN] = chain;
	k.bundle.part[DA_PART_MEASUREMENTS] = flipped(meas, meas.n - 20);
	ck_assert_int_eq(kit_ask(&k), 2);
	ck_kit_fault(k, SIGNATURE, DA_F_SIGNATURE_WRONG);
}

/* Before its version the VCA that selects it is refused. */
static void
is_reserved(uint8_t version, enum da_asym asym)
{
	struct vca_plan plan = k.vca;
	struct vca_at at;
	struct buf vca;

	plan.version = version;
	vca = build_vca(&plan, &at);
	take_away(&k, DA_PART_MEASUREMENTS);
	give(&k, DA_PART_VCA, buf_slice(&vca));
	ck_assert_int_eq(kit_ask(&k), 2);
	/* Below 1.4 the field of PQC is reserved, and selects nothing. */
	ck_kit_fault(k, ALGORITHMS, da_asym_alg(asym)->pqc ? DA_F_ALG_NONE :
	    DA_F_ALG_UNSUPPORTED);
}

/* Where OpenSSL lacks it: the VCA is read, and refused by name. */
static void
is_unsupported(enum da_asym asym)
{
	struct kit_algs algs = algs_of(asym);

	algs.curve = "P-256";
	kit_start(&k, 0x14, &algs);
	algs.asym = k.algs.asym = DA_ASYM_ECDSA_P256;
	k.exchange.sig_size = 64;
	kit_make(&k);
	ck_assert_int_eq(kit_ask(&k), 2);
	ck_kit_fault(k, ALGORITHMS, DA_F_ALG_UNSUPPORTED);
	printf("SKIPPED: this OpenSSL has no %s; that it is refused by name "
	    "is tested\n", da_asym_alg(asym)->name);
}

/*
 * SLH-DSA's small sets sign for up to two seconds, and here four times: one of
 * them stands for all.  test_sig has each.
 */
static bool
is_left_out(enum da_asym asym)
{
	const char *name = da_asym_alg(asym)->name;

	return strncmp(name, "slhdsa", 6) == 0 &&
	    name[strlen(name) - 1] == 's' && asym != DA_ASYM_SLHDSA_SHA2_128S;
}

START_TEST(each_kind_in_each_version)
{
	enum da_asym asym = (enum da_asym)(_i + 1);
	EVP_PKEY *root, *leaf;

	if (!da_sig_can(asym)) {
		is_unsupported(asym);
		return;
	}
	if (is_left_out(asym))
		return;
	root = new_key_of(asym);
	leaf = new_key_of(asym);
	for (uint8_t v = 0x14; v >= 0x10; v--) {
		if (!da_asym_fits(v, asym)) {
			is_reserved(v, asym);
			break;
		}
		make(v, asym, root, leaf);
		ck_assert_int_eq(kit_ask(&k), 0);
		ck_kit(k, CHAIN, DA_HOLDS);
		ck_kit(k, LEAF_PROFILE, DA_HOLDS);
		ck_kit(k, SIGNATURE, DA_HOLDS);
		if (v != 0x14)
			continue;
		flips_are_refused();
		/* By the root's key, which is another of that kind. */
		k.leaf_key = root;
		give(&k, DA_PART_MEASUREMENTS, kit_measurements(&k));
		ck_assert_int_eq(kit_ask(&k), 2);
		ck_kit_fault(k, SIGNATURE, DA_F_SIGNATURE_WRONG);
		k.leaf_key = leaf;
	}
}
END_TEST

/* A set of parameters names its own keys only, of whatever size. */
START_TEST(a_signature_names_its_signer)
{
	static const uint8_t head[] = { 0x30, 0x0b, 0x06, 0x09, 0x60, 0x86,
		0x48, 0x01, 0x65, 0x03, 0x04, 0x03 };
	struct da_cert issuer = { 0 };
	struct da_cert_sig how;

	for (unsigned int key = 17; key <= 31; key++)
		for (unsigned int sig = 17; sig <= 31; sig++) {
			struct buf alg = { 0 }, spki = { 0 };
			enum da_asym kind = da_asym_of_arc((uint8_t)key);

			put_bytes(&spki, "\x30\x11", 2);
			put_bytes(&spki, head, sizeof(head));
			put8(&spki, key);
			put_bytes(&spki, "\x03\x02\x00\x01", 4);
			put_bytes(&alg, head, sizeof(head));
			put8(&alg, sig);
			issuer.spki = buf_slice(&spki);
			ck_assert(da_sig_alg_kind(buf_slice(&alg), &how));
			ck_assert_int_eq(da_cert_signer_kind(&issuer, &how),
			    key == sig ? kind : DA_ASYM_NONE);
		}
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("kinds");
	TCase *t = tcase_create("kinds");

	tcase_set_timeout(t, 120);
	tcase_add_loop_test(t, each_kind_in_each_version, 0,
	    DA_ASYM_COUNT - 1);
	tcase_add_test(t, a_signature_names_its_signer);
	suite_add_tcase(s, t);
	return run_suite(s);
}
