/* SPDX-License-Identifier: Apache-2.0 */
/* Was a certificate revoked: whose lists count, until when, and what wins. */
#include "kit.h"
#include "makecrl.h"
#include "verifier/revoke.h"

enum { ROOT, UPPER, LOWER, LEAF, N };

#define AT	(LIST_TIME + 86400)
/* What make_cert() gives each certificate. */
#define SERIAL	BYTES("\x12\x34")

static struct cert_plan plan[N];
static struct crl_plan list[N];		/* of each issuer; the leaf's unused */
static EVP_PKEY *key[N];
static struct da_slice cert[N];
static struct da_anchors anchors;
static struct da_chain chain;
static struct da_crls crls;
static struct da_fault fault;
static int64_t at;

static const char *const names[N] = { "root", "upper", "lower", "leaf" };

static void
plan_all(void)
{
	for (int i = 0; i < N; i++) {
		int above = i == ROOT ? ROOT : i - 1;

		if (key[i] == NULL)
			key[i] = new_key("P-384");
		plan[i] = i == LEAF ?
		    leaf_plan(names[i], key[i], names[above], key[above]) :
		    ca_plan(names[i], key[i], names[above], key[above]);
		plan[i].key_usage |= i == LEAF ? 0 : 1 << 6;
		list[i] = crl_plan(names[i], key[i]);
	}
	at = AT;
	crls = (struct da_crls){ .n = 3 };
}

static void
make_all(int from)
{
	struct buf b = { 0 };

	for (int i = 0; i < N; i++)
		cert[i] = make_cert(&plan[i]);
	anchors.n = 1;
	anchors.der[0] = cert[ROOT];
	for (int i = from; i < N; i++)
		put_slice(&b, cert[i]);
	ck_assert(da_chain_parse(exact(buf_slice(&b), b.n), DA_CHAIN_DER,
	    DA_HASH_NONE, &chain, &fault));
	for (int i = ROOT; i < LEAF; i++)
		crls.der[i] = make_crl(&list[i]);
}

static enum da_result
ask(void)
{
	fault.why = DA_F_NONE;
	return da_revocation(&chain, &anchors, &crls, &at, &fault);
}

#define ck_result(expected) \
	ck_assert_str_eq(da_result_name(ask()), da_result_name(expected))

static void
broken(enum da_why why)
{
	ck_result(DA_BROKEN);
	ck_fault(fault, why);
}

static struct da_slice
entries_of(struct da_slice serial)
{
	return tlv(0x30, crl_entry(serial, da_slice_of(NULL, 0)));
}

START_TEST(nothing_revoked)
{
	plan_all();
	make_all(ROOT);
	ck_result(DA_HOLDS);
	/* The same where the chain leaves its root out. */
	make_all(UPPER);
	ck_result(DA_HOLDS);
}
END_TEST

START_TEST(no_lists)
{
	plan_all();
	make_all(ROOT);
	crls.n = 0;
	ck_result(DA_UNKNOWN);
	/* One that is missing makes all of it unknown, whichever. */
	for (int gone = ROOT; gone < LEAF; gone++) {
		plan_all();
		make_all(ROOT);
		crls.der[gone] = crls.der[2];
		crls.n = 2;
		ck_result(DA_UNKNOWN);
	}
	/* Nobody's certificate stands in a list of strangers. */
	plan_all();
	list[ROOT].issuer = name_der("stranger");
	make_all(ROOT);
	ck_result(DA_UNKNOWN);
}
END_TEST

START_TEST(revoked)
{
	for (int i = UPPER; i < N; i++) {
		plan_all();
		list[i - 1].entries = entries_of(SERIAL);
		make_all(ROOT);
		broken(DA_F_REVOKED);
		ck_assert_int_eq(fault.part, DA_PART_CHAIN);
		ck_assert_uint_eq(fault.offset, da_slice_offset(chain.raw,
		    chain.cert[i].der));
		/* A near miss is another certificate. */
		list[i - 1].entries = entries_of(BYTES("\x12\x35"));
		make_all(ROOT);
		ck_result(DA_HOLDS);
	}
}
END_TEST

/* Stale, early, without a time, or beside lists that are worse. */
START_TEST(revoked_whatever_else)
{
	static const int64_t times[] = { LIST_TIME - 1, AT, LIST_NEXT + 1 };

	for (size_t i = 0; i < 3; i++) {
		plan_all();
		list[LOWER].entries = entries_of(SERIAL);
		make_all(ROOT);
		at = times[i];
		broken(DA_F_REVOKED);
	}
	ck_assert_int_eq(da_revocation(&chain, &anchors, &crls, NULL, &fault),
	    DA_BROKEN);
	ck_fault(fault, DA_F_REVOKED);
	list[ROOT].signer = key[LEAF];
	make_all(ROOT);
	broken(DA_F_REVOKED);
	crls.n = 1;
	crls.der[0] = crls.der[LOWER];
	broken(DA_F_REVOKED);
}
END_TEST

/* A list speaks for the certificates of its issuer, not for the issuer. */
START_TEST(serial_of_another_issuer)
{
	plan_all();
	plan[UPPER].issuer = plan[ROOT].subject;
	make_all(ROOT);
	crls.n = 4;
	list[LEAF].entries = entries_of(SERIAL);
	crls.der[3] = make_crl(&list[LEAF]);
	ck_result(DA_HOLDS);
}
END_TEST

START_TEST(signature)
{
	for (int i = ROOT; i < LEAF; i++) {
		plan_all();
		list[i].signer = key[LEAF];
		make_all(ROOT);
		broken(DA_F_CRL_SIGNATURE);
		ck_assert_int_eq(fault.part, DA_PART_CRL);
		/* Unsigned, it revokes nobody, either. */
		list[i].entries = entries_of(SERIAL);
		make_all(ROOT);
		broken(DA_F_CRL_SIGNATURE);
	}
}
END_TEST

/* A byte of the signed part, or of the signature. */
START_TEST(flipped_bytes)
{
	plan_all();
	make_all(ROOT);
	for (size_t i = 0; i < crls.der[LOWER].n; i++) {
		struct da_slice whole = crls.der[LOWER];
		struct buf b = buf_copy(whole);

		b.p[i] ^= 1;
		crls.der[LOWER] = buf_slice(&b);
		ck_assert_int_ne(ask(), DA_HOLDS);
		crls.der[LOWER] = whole;
	}
}
END_TEST

/* Two issuers of one name: the key tells which list is whose. */
START_TEST(one_name_two_issuers)
{
	struct crl_plan other;

	plan_all();
	make_all(ROOT);
	other = crl_plan("upper", key[LEAF]);
	other.entries = entries_of(SERIAL);
	crls.n = 4;
	crls.der[3] = make_crl(&other);
	ck_result(DA_HOLDS);
	crls.der[3] = crls.der[UPPER];
	crls.der[UPPER] = make_crl(&other);
	ck_result(DA_HOLDS);
	crls.n = 3;
	broken(DA_F_CRL_SIGNATURE);
}
END_TEST

START_TEST(issuer_may_sign)
{
	for (int i = ROOT; i < LEAF; i++) {
		plan_all();
		plan[i].key_usage = 1 << 5;
		make_all(ROOT);
		broken(DA_F_CRL_NO_SIGN);
		/* Absent, keyUsage forbids nothing. */
		plan[i].key_usage = -1;
		make_all(ROOT);
		ck_result(DA_HOLDS);
	}
}
END_TEST

START_TEST(freshness)
{
	plan_all();
	list[UPPER].this_update = time_der(LIST_TIME + 1000);
	list[LOWER].next_update = time_der(LIST_NEXT - 1000);
	make_all(ROOT);
	at = LIST_TIME + 1000;
	ck_result(DA_HOLDS);
	at = LIST_TIME + 999;
	broken(DA_F_CRL_EARLY);
	crls.at_is_floor = true;
	ck_result(DA_HOLDS);
	crls.at_is_floor = false;
	at = LIST_NEXT - 1000;
	ck_result(DA_HOLDS);
	at = LIST_NEXT - 999;
	broken(DA_F_CRL_STALE);
	/* The owner may want them newer than their issuer does. */
	crls.max_age_s = 5000;
	at = LIST_TIME + 5000;
	ck_result(DA_HOLDS);
	at = LIST_TIME + 5001;
	broken(DA_F_CRL_STALE);
	crls.max_age_s = UINT32_MAX;
	at = LIST_NEXT - 1000;
	ck_result(DA_HOLDS);
	/* Without a time nothing is fresh, and nothing is stale. */
	ck_assert_int_eq(da_revocation(&chain, &anchors, &crls, NULL, &fault),
	    DA_UNKNOWN);
}
END_TEST

/* An old list beside a fresh one does no harm; what it revoked stays so. */
START_TEST(old_and_new)
{
	struct crl_plan old;

	plan_all();
	make_all(ROOT);
	old = list[UPPER];
	old.this_update = time_der(LIST_TIME - 5000);
	old.next_update = time_der(LIST_TIME - 1);
	crls.n = 4;
	crls.der[3] = make_crl(&old);
	ck_result(DA_HOLDS);
	crls.der[3] = crls.der[UPPER];
	crls.der[UPPER] = make_crl(&old);
	ck_result(DA_HOLDS);
	old.entries = entries_of(SERIAL);
	crls.der[UPPER] = make_crl(&old);
	broken(DA_F_REVOKED);
}
END_TEST

/* A list that is not understood might have revoked: a second does not help. */
START_TEST(lists_that_are_not_understood)
{
	static const char *const oids[] = { "\x55\x1d\x1b", "\x55\x1d\x1c",
	    "\x2a\x03\x04" };

	for (size_t i = 0; i < 3; i++) {
		struct crl_plan odd;

		plan_all();
		make_all(ROOT);
		odd = list[LOWER];
		odd.extensions = crl_extensions(extension(da_slice_of(oids[i],
		    3), true, BYTES("\x02\x01\x01")));
		crls.n = 4;
		crls.der[3] = make_crl(&odd);
		broken(DA_F_CRL_EXTENSION);
		ck_assert_int_eq(fault.part, DA_PART_CRL);
		crls.n = 3;
		crls.der[LOWER] = crls.der[3];
		broken(DA_F_CRL_EXTENSION);
		/* Of somebody else, it is nothing to this chain. */
		odd.issuer = name_der("stranger");
		make_all(ROOT);
		crls.n = 4;
		crls.der[3] = make_crl(&odd);
		ck_result(DA_HOLDS);
	}
	/* Form is not: who issued it cannot be told. */
	crls.der[3] = BYTES("\x30\x00");
	broken(DA_F_SHORT);
}
END_TEST

/* Broken is worse than unknown, wherever it stands in the chain. */
START_TEST(worst_is_told)
{
	plan_all();
	list[LOWER].signer = key[LEAF];
	make_all(ROOT);
	crls.der[ROOT] = crls.der[LOWER];
	broken(DA_F_CRL_SIGNATURE);
	plan_all();
	list[ROOT].signer = key[LEAF];
	make_all(ROOT);
	crls.der[LOWER] = crls.der[ROOT];
	broken(DA_F_CRL_SIGNATURE);
}
END_TEST

START_TEST(no_anchor)
{
	plan_all();
	make_all(ROOT);
	anchors.n = 0;
	ck_result(DA_UNKNOWN);
}
END_TEST

/* As the check of a whole question; the class is the contract's. */
START_TEST(as_a_check)
{
	struct kit k;
	struct crl_plan of_root;

	kit_start(&k, 0x12, &kit_p384);
	k.root.key_usage |= 1 << 6;
	of_root = crl_plan("root", k.root_key);
	of_root.next_update = time_der(VALID_TO);
	kit_make(&k);
	ck_assert_int_eq(kit_ask(&k), 0);
	ck_kit(k, REVOCATION, DA_UNKNOWN);
	k.ask.crls.n = 1;
	k.ask.crls.der[0] = make_crl(&of_root);
	ck_assert_int_eq(kit_ask(&k), 0);
	ck_kit(k, REVOCATION, DA_HOLDS);
	k.ask.has_time = false;
	ck_assert_int_eq(kit_ask(&k), 0);
	ck_kit(k, REVOCATION, DA_UNKNOWN);
	of_root.entries = entries_of(SERIAL);
	k.ask.crls.der[0] = make_crl(&of_root);
	ck_assert_int_eq(kit_ask(&k), 4);
	ck_kit_fault(k, REVOCATION, DA_F_REVOKED);
	/* What is revoked has nothing more to say. */
	ck_assert(!k.claims.has_blocks);
	take_away(&k, DA_PART_CHAIN);
	take_away(&k, DA_PART_MEASUREMENTS);
	kit_ask(&k);
	ck_kit(k, REVOCATION, DA_NOT_ASKED);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("revoke");
	TCase *t = tcase_create("revoke");

	tcase_set_timeout(t, 60);
	tcase_add_test(t, nothing_revoked);
	tcase_add_test(t, no_lists);
	tcase_add_test(t, revoked);
	tcase_add_test(t, revoked_whatever_else);
	tcase_add_test(t, serial_of_another_issuer);
	tcase_add_test(t, signature);
	tcase_add_test(t, flipped_bytes);
	tcase_add_test(t, one_name_two_issuers);
	tcase_add_test(t, issuer_may_sign);
	tcase_add_test(t, freshness);
	tcase_add_test(t, old_and_new);
	tcase_add_test(t, lists_that_are_not_understood);
	tcase_add_test(t, worst_is_told);
	tcase_add_test(t, no_anchor);
	tcase_add_test(t, as_a_check);
	suite_add_tcase(s, t);
	return run_suite(s);
}
