/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The owner's question from evidence to verdict: what a rule asks for reaches
 * the first stage, and what is found there reaches the rule.  Nothing here is
 * tolerated but what a test tolerates, and so each unknown is seen to refuse.
 */
#include "build_challenge.h"
#include "build_report.h"
#include "kit.h"
#include "makecrl.h"
#include "policy/appraise.h"
#include "verifier/names.h"

static const char text[] =
"{ \"version\": 1, \"name\": \"test\", \"clock\": { \"source\": \"floor\","
"    \"not-before\": \"2020-01-15T00:00:00Z\" },"
"  \"platforms\": [\"emulated\"],"
"  \"devices\": [ { \"class\": \"nic\","
"    \"match\": { \"pci-vendor\": \"1b36\" }, \"roots\": [\"root\"],"
"    \"spdm\": { \"versions\": [\"1.1\", \"1.2\"],"
"      \"asym\": [\"ecdsa-p384\"], \"hash\": [\"sha384\"] },"
"    \"measurements\": { \"1\": [\"sha384:"
"111111111111111111111111111111111111111111111111"
"111111111111111111111111111111111111111111111111\"] },"
"    \"report\": { \"msix\": \"any\", \"page-unit\": \"platform\" },"
"    \"revocation\": { \"mode\": \"crl\" } } ] }";

static struct kit k;
static struct da_policy *policy;
static struct da_policy_rule *rule;
static struct da_ticket ticket;
static struct da_verdict verdict;
static struct crl_plan list;

static void
set_digest(enum da_digest_of of, struct da_slice bytes)
{
	struct da_hash_value digest = da_hash_of(DA_HASH_SHA384, bytes);

	da_digest_set(&ticket.digest[of], DA_HASH_SHA384,
	    da_hash_bytes(&digest));
}

static struct da_slice
key_der(EVP_PKEY *key)
{
	unsigned char *der = NULL;
	int n = i2d_PUBKEY(key, &der);
	struct buf b = { 0 };

	ck_assert_int_gt(n, 0);
	put_bytes(&b, der, (size_t)n);
	OPENSSL_free(der);
	return buf_slice(&b);
}

static void
set_ticket(void)
{
	ticket = (struct da_ticket){ .version = DA_TICKET_VERSION,
	    .platform = DA_PLATFORM_EMULATED, .bound = 1,
	    .state = DA_STATE_LOCKED, .state_trusted = 1,
	    .has_tokens_at_lock = 1, .hash = DA_HASH_SHA384,
	    .page_unit = DA_UNIT_PAGE, .bar_base = DA_BASE_ALIGNED,
	    .has_nonce = 1, .pci = { .vendor = 0x1b36, .device = 0x0010,
	    .class_code = 0x020000, .tee = DA_TRI_TRUE, .has_revision = 1,
	    .bar = { { 0x80000000, 0x10000 } } } };
	for (int i = 0; i < DA_TOKEN_COUNT; i++)
		ticket.token[i] = ticket.token_at_lock[i] =
		    (struct da_token){ 8, { 7 } };
	ticket.token[DA_TOKEN_MEASUREMENTS].bytes[0] = 8;
	ticket.token[DA_TOKEN_REPORT].bytes[0] = 8;
}

/* The TSM saw what the plans now make, and the list is its issuer's. */
static void
make(void)
{
	kit_make(&k);
	memcpy(ticket.nonce, k.ask.nonce.p, DA_NONCE);
	set_digest(DA_DIGEST_CHAIN, k.bundle.part[DA_PART_CHAIN]);
	set_digest(DA_DIGEST_VCA, k.bundle.part[DA_PART_VCA]);
	set_digest(DA_DIGEST_MEASUREMENTS,
	    k.bundle.part[DA_PART_MEASUREMENTS]);
	set_digest(DA_DIGEST_PUBLIC_KEY, key_der(k.leaf_key));
	rule->anchors = k.ask.anchors;
	rule->crls.n = 1;
	rule->crls.der[0] = make_crl(&list);
}

static void
start(uint8_t version)
{
	static const struct da_range range = { .first_page = 0x80000,
	    .pages = 16 };
	struct buf report = build_report(&range, 1);

	set_ticket();
	kit_start(&k, version, &kit_p384);
	k.root.key_usage |= 1 << 6;	/* cRLSign */
	k.exchange.answer = version < 0x12 ? 0 : 0x20;	/* no change */
	list = crl_plan("root", k.root_key);
	give(&k, DA_PART_REPORT, exact(buf_slice(&report), report.n));
	set_digest(DA_DIGEST_REPORT, buf_slice(&report));
	make();
}

static void
judge(void)
{
	struct da_ask ask = { .ticket = &ticket,
	    .challenge_nonce = k.ask.challenge_nonce };

	da_policy_ask(policy, rule, &ask);
	da_prove(&k.bundle, &ask, &k.evidence, &k.proof);
	da_claims_make(&k.evidence, &k.proof, &ask, &k.claims);
	da_appraise(policy, &k.claims, &verdict);
}

static void
accepted(void)
{
	judge();
	ck_assert_msg(verdict.accepted == 1, "%s, class %d", da_check_name(
	    (enum da_check)verdict.decided_by), verdict.exit_class);
}

static void
refused(enum da_check by, enum da_why why)
{
	judge();
	ck_assert_uint_eq(verdict.accepted, 0);
	ck_assert_str_eq(da_check_name((enum da_check)verdict.decided_by),
	    da_check_name(by));
	ck_assert_int_eq(verdict.exit_class, da_fault_text(why)->exit_class);
	ck_finding_fault(verdict.findings, by, why);
}

/* Unknown, and nobody said that it may be. */
static void
unknown(enum da_check check)
{
	judge();
	ck_assert_uint_eq(verdict.accepted, 0);
	ck_assert_str_eq(da_check_name((enum da_check)verdict.decided_by),
	    da_check_name(check));
	ck_assert_int_eq(verdict.exit_class,
	    da_check_unknown_class(check, true));
	ck_finding(verdict.findings, check, DA_UNKNOWN);
}

static void
set_up(void)
{
	struct da_policy_error error = { "", 0, 0 };

	policy = da_policy_parse(da_slice_str(text), &error);
	ck_assert_msg(policy != NULL, "%s", error.text);
	rule = &policy->rule[0];
}

static void
tear_down(void)
{
	da_policy_free(policy);
}

START_TEST(all_holds)
{
	start(0x12);
	accepted();
	for (unsigned int i = 0; i < DA_CHK_COUNT; i++)
		ck_assert_msg(verdict.findings.of[i].result == DA_HOLDS ||
		    verdict.findings.of[i].result == DA_NOT_ASKED, "%s",
		    da_check_name((enum da_check)i));
	ck_finding(verdict.findings, DA_CHK_REVOCATION, DA_HOLDS);
}
END_TEST

/* -- revocation -- */

START_TEST(a_revoked_leaf)
{
	start(0x12);
	list.entries = tlv(0x30, crl_entry(BYTES("\x12\x34"),
	    da_slice_of(NULL, 0)));
	make();
	refused(DA_CHK_REVOCATION, DA_F_REVOKED);
	ck_assert_uint_eq(k.proof.proved, 0);	/* nothing more was read */
	rule->tolerate[DA_CHK_REVOCATION] = true;
	refused(DA_CHK_REVOCATION, DA_F_REVOKED);
	/* Only told, it is told by an appraisal of all the rest. */
	rule->warn_only[DA_CHK_REVOCATION] = true;
	accepted();
	ck_finding_fault(verdict.findings, DA_CHK_REVOCATION, DA_F_REVOKED);
	ck_assert_uint_eq(verdict.findings.of[DA_CHK_REVOCATION].word,
	    DA_WORD_WARNED);
	rule->index[0].value[0].digest.bytes[0] ^= 1;
	refused(DA_CHK_REFERENCE_VALUES, DA_F_POLICY_MEASUREMENT);
}
END_TEST

START_TEST(a_list_of_nobody_here)
{
	start(0x12);
	list = crl_plan("stranger", k.root_key);
	make();
	unknown(DA_CHK_REVOCATION);
	rule->tolerate[DA_CHK_REVOCATION] = true;
	accepted();
	ck_assert_uint_eq(verdict.findings.of[DA_CHK_REVOCATION].word,
	    DA_WORD_TOLERATED);
}
END_TEST

/* Below a link that does not hold no list is asked. */
START_TEST(lists_of_a_broken_chain)
{
	start(0x12);
	list.entries = tlv(0x30, crl_entry(BYTES("\x12\x34"),
	    da_slice_of(NULL, 0)));
	k.leaf.signer = new_key("P-384");
	make();
	judge();
	ck_finding_fault(verdict.findings, DA_CHK_CHAIN, DA_F_LINK_SIGNATURE);
	ck_finding(verdict.findings, DA_CHK_REVOCATION, DA_UNKNOWN);
}
END_TEST

/* The policy's time is 13 days behind the list's. */
START_TEST(the_age_of_a_list)
{
	start(0x12);
	rule->max_age_days = 13;
	accepted();
	rule->max_age_days = 12;
	refused(DA_CHK_REVOCATION, DA_F_CRL_STALE);
	rule->max_age_days = 0;
	/* A floor is the earliest that it can be: newer lists are welcome. */
	policy->not_before = LIST_TIME - 1;
	accepted();
	policy->clock = DA_CLOCK_NONE;
	rule->tolerate[DA_CHK_VALIDITY] = true;
	unknown(DA_CHK_REVOCATION);
}
END_TEST

START_TEST(no_rule_for_lists)
{
	start(0x12);
	rule->revocation = DA_REVOCATION_NO_RULE;
	unknown(DA_CHK_REVOCATION);
}
END_TEST

/* -- slot 0xF -- */

#define PUB_KEY_ID	(1u << 16)
#define CHAL_AND_MEAS	0x14u

static void
start_by_key(void)
{
	start(0x12);
	k.vca.caps = PUB_KEY_ID | CHAL_AND_MEAS;
	k.exchange.slot = 0xf;
	k.exchange.answer = 0x2f;
	make();
	take_away(&k, DA_PART_CHAIN);
	rule->keys.n = 1;
	rule->provisioned = key_der(k.leaf_key);
}

START_TEST(a_key_instead_of_a_chain)
{
	struct da_hash_value key;

	start_by_key();
	accepted();
	key = da_hash_of(DA_HASH_SHA384, rule->provisioned);
	ck_assert_mem_eq(verdict.device_key, key.bytes, 48);
	ck_finding(verdict.findings, DA_CHK_CHAIN, DA_NOT_ASKED);
	ck_finding(verdict.findings, DA_CHK_SESSION_KEY, DA_HOLDS);
	rule->roots.n = rule->anchors.n = 0;
	accepted();
	rule->provisioned = da_slice_of(NULL, 0);
	refused(DA_CHK_SLOT, DA_F_KEY_ABSENT);
	rule->provisioned = key_der(new_key("P-384"));
	refused(DA_CHK_SESSION_KEY, DA_F_SESSION_KEY);
	ck_finding_fault(k.proof.findings, DA_CHK_SIGNATURE,
	    DA_F_SIGNATURE_WRONG);
}
END_TEST

/* The host may not choose that slot to be asked for less. */
START_TEST(a_key_dodges_nothing)
{
	start_by_key();
	ticket.digest[DA_DIGEST_PUBLIC_KEY].len = 0;
	unknown(DA_CHK_SESSION_KEY);
	start_by_key();
	ticket.slot_known = 1;
	refused(DA_CHK_SLOT, DA_F_SLOT_TSM);
	/* A rule for a key lets no chain in, nor one for roots a key. */
	start(0x12);
	rule->anchors.n = 0;
	rule->provisioned = key_der(k.leaf_key);
	refused(DA_CHK_CHAIN, DA_F_NO_ANCHOR);
}
END_TEST

/* Nor lend it the names of a chain that signed nothing. */
START_TEST(a_chain_beside_a_key)
{
	struct da_slice chain;

	start_by_key();
	chain = kit_chain(&k);
	give(&k, DA_PART_CHAIN, chain);
	set_digest(DA_DIGEST_CHAIN, chain);
	rule->anchors.der[0] = k.root_der;
	judge();
	ck_assert_uint_eq(verdict.accepted, 0);
	ck_assert_uint_eq(k.proof.proved, 0);
	ck_finding(k.proof.findings, DA_CHK_SLOT, DA_BROKEN);
}
END_TEST

/* -- CHALLENGE -- */

/* Below 1.2 what is signed is the transcript itself. */
static void
give_challenge(void)
{
	static uint8_t nonce[DA_NONCE];
	struct da_hash_value chain = da_hash_of(DA_HASH_SHA384,
	    k.bundle.part[DA_PART_CHAIN]);
	struct challenge_plan p = { .version = 0x11, .nonce = 0xc1, .mask = 1,
	    .chain_hash = da_hash_bytes(&chain) };
	struct buf c = { 0 }, m1m2 = buf_copy(k.vca_raw);

	put_challenge(&c, &p);
	put_slice(&m1m2, buf_slice(&c));
	put_slice(&c, sign_raw(k.leaf_key, "SHA384", buf_slice(&m1m2), 48));
	give(&k, DA_PART_CHALLENGE, exact(buf_slice(&c), c.n));
	memset(nonce, p.nonce, sizeof(nonce));
	k.ask.challenge_nonce = da_slice_of(nonce, sizeof(nonce));
}

START_TEST(a_challenge_names_the_algorithms)
{
	start(0x11);
	unknown(DA_CHK_ALGORITHMS);
	give_challenge();
	accepted();
	ck_finding(verdict.findings, DA_CHK_CHALLENGE, DA_HOLDS);
	ck_finding(verdict.findings, DA_CHK_ALGORITHMS, DA_HOLDS);
	/* What may be used is the policy's to say all the same. */
	rule->asym[0] = DA_ASYM_ECDSA_P256;
	refused(DA_CHK_ALGORITHMS, DA_F_POLICY_ALGORITHM);
}
END_TEST

/* Recorded by whoever, at whatever time: it names nothing. */
START_TEST(a_challenge_of_another_day)
{
	start(0x11);
	give_challenge();
	k.ask.challenge_nonce = da_slice_of(NULL, 0);
	rule->tolerate[DA_CHK_CHALLENGE] = true;
	unknown(DA_CHK_ALGORITHMS);
	rule->tolerate[DA_CHK_ALGORITHMS] = true;
	accepted();
	rule->tolerate[DA_CHK_CHALLENGE] = false;
	unknown(DA_CHK_CHALLENGE);
}
END_TEST

/* -- identity -- */

/* SEQUENCE { [0] { 2.23.147, [0] { UTF8String } } } */
static void
name_leaf(const struct da_pci *pci)
{
	char name[DA_PCI_NAME_SIZE];

	da_pci_name(pci, name, sizeof(name));
	k.leaf.n_extra = 0;
	add_extra(&k.leaf, "2.5.29.17", false, tlv(0x30, tlv(0xa0,
	    join(BYTES("\x06\x03\x67\x81\x13"), tlv(0xa0, tlv(0x0c,
	    da_slice_str(name)))))));
	make();
}

START_TEST(the_leafs_name_is_the_functions)
{
	struct da_pci other;

	start(0x12);
	rule->identity.pci_name = true;
	refused(DA_CHK_DEVICE_IDENTITY, DA_F_IDENTITY_ABSENT);
	name_leaf(&ticket.pci);
	accepted();
	ck_finding(verdict.findings, DA_CHK_DEVICE_IDENTITY, DA_HOLDS);
	/* What config space hides is not known, and is no yes. */
	ticket.pci.has_revision = 0;
	unknown(DA_CHK_DEVICE_IDENTITY);
	rule->identity.pci_name = false;
	unknown(DA_CHK_DEVICE_IDENTITY);
	rule->tolerate[DA_CHK_DEVICE_IDENTITY] = true;
	accepted();
	ticket.pci.has_revision = 1;
	other = ticket.pci;
	other.device++;
	name_leaf(&other);
	refused(DA_CHK_DEVICE_IDENTITY, DA_F_IDENTITY_NAME);
	rule->warn_only[DA_CHK_DEVICE_IDENTITY] = true;
	accepted();
}
END_TEST

static Suite *
suite(void)
{
	Suite *s = suite_create("owner");
	TCase *t = tcase_create("owner");

	tcase_add_checked_fixture(t, set_up, tear_down);
	tcase_add_test(t, all_holds);
	tcase_add_test(t, a_revoked_leaf);
	tcase_add_test(t, a_list_of_nobody_here);
	tcase_add_test(t, lists_of_a_broken_chain);
	tcase_add_test(t, the_age_of_a_list);
	tcase_add_test(t, no_rule_for_lists);
	tcase_add_test(t, a_key_instead_of_a_chain);
	tcase_add_test(t, a_key_dodges_nothing);
	tcase_add_test(t, a_chain_beside_a_key);
	tcase_add_test(t, a_challenge_names_the_algorithms);
	tcase_add_test(t, a_challenge_of_another_day);
	tcase_add_test(t, the_leafs_name_is_the_functions);
	suite_add_tcase(s, t);
	return s;
}

int
main(void)
{
	return run_suite(suite());
}
