/* SPDX-License-Identifier: Apache-2.0 */
/* From the anchor to the leaf: links, CA rules, extensions, validity. */
#include "makecert.h"
#include "verifier/dmtf.h"
#include "verifier/path.h"

enum { ROOT, UPPER, LOWER, LEAF, N };

static struct cert_plan plan[N];
static struct da_slice cert[N];
static struct da_anchors anchors;
static struct da_chain chain;
static struct da_oids known;
static struct da_fault fault;

static void
plan_chain(void)
{
	static const char *const names[N] = { "root", "upper", "lower",
	    "leaf" };
	static EVP_PKEY *key[N];

	for (int i = 0; i < N; i++) {
		int above = i == ROOT ? ROOT : i - 1;

		if (key[i] == NULL)
			key[i] = new_key("P-384");
		plan[i] = i == LEAF ?
		    leaf_plan(names[i], key[i], names[above], key[above]) :
		    ca_plan(names[i], key[i], names[above], key[above]);
	}
}

static void
make_all(void)
{
	for (int i = 0; i < N; i++)
		cert[i] = make_cert(&plan[i]);
	anchors.n = 1;
	anchors.der[0] = cert[ROOT];
}

/* Certificates `from` to LEAF under RootHash of the root that was made. */
static bool
holds_from(int from)
{
	struct da_hash_value root = da_hash_of(DA_HASH_SHA384, cert[ROOT]);
	struct buf b = { 0 };

	put32(&b, 0);
	put_slice(&b, da_hash_bytes(&root));
	for (int i = from; i < N; i++)
		put_slice(&b, cert[i]);
	set_le(&b, 0, b.n, 2);
	ck_assert(da_chain_parse(exact(buf_slice(&b), b.n), DA_CHAIN_SPDM,
	    DA_HASH_SHA384, &chain, &fault));
	return da_path_holds(&chain, &anchors, &known, &fault);
}

static void
holds(void)
{
	make_all();
	ck_assert(holds_from(ROOT));
}

static size_t
offset_of(int i)
{
	size_t at = 4 + 48;

	for (int above = ROOT; above < i; above++)
		at += cert[above].n;
	return at;
}

/* The plans as they stand are refused, for certificate i. */
static void
refused(enum da_why why, int i)
{
	make_all();
	ck_assert(!holds_from(ROOT));
	ck_fault(fault, why);
	ck_assert_int_eq(fault.part, DA_PART_CHAIN);
	ck_assert_uint_eq(fault.offset, offset_of(i));
}

START_TEST(whole_chain)
{
	plan_chain();
	holds();
	ck_assert_uint_eq(chain.n, N);
	/* The root may be left out: the anchor then signs the first. */
	ck_assert(holds_from(UPPER));
}
END_TEST

START_TEST(every_curve_and_hash)
{
	static const char *const curves[] = { "P-256", "P-384", "P-521" };
	static const char *const mds[] = { "SHA256", "SHA384", "SHA512" };

	for (int i = 0; i < 9; i++) {
		EVP_PKEY *key = new_key(curves[i / 3]);

		plan_chain();
		plan[UPPER].key = plan[LOWER].signer = key;
		plan[LOWER].md = mds[i % 3];
		holds();
	}
}
END_TEST

/* Every kind of key in the middle, and how it may sign the one below. */
START_TEST(every_kind_of_key)
{
	static const struct {
		enum da_asym asym;
		const char *md;
		bool pss;
	} rows[] = {
		{ DA_ASYM_RSASSA_2048, "SHA256", false },
		{ DA_ASYM_RSASSA_2048, "SHA512", true },
		{ DA_ASYM_RSASSA_3072, "SHA384", false },
		{ DA_ASYM_RSASSA_3072, "SHA256", true },
		{ DA_ASYM_RSASSA_4096, "SHA512", false },
		{ DA_ASYM_RSASSA_4096, "SHA384", true },
		{ DA_ASYM_RSASSA_2048, "SHA3-384", false },
		{ DA_ASYM_ECDSA_P256, "SHA3-256", false },
		{ DA_ASYM_ECDSA_P384, "SHA3-384", false },
		{ DA_ASYM_ECDSA_P521, "SHA3-512", false },
		{ DA_ASYM_ED25519, NULL, false },
		{ DA_ASYM_ED448, NULL, false },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		plan_chain();
		plan[UPPER].key = plan[LOWER].signer = new_key_of(rows[i].asym);
		plan[LOWER].md = rows[i].md;
		plan[LOWER].pss = rows[i].pss;
		holds();
		/* By another key of that kind. */
		plan[LOWER].signer = new_key_of(rows[i].asym);
		refused(DA_F_LINK_SIGNATURE, LOWER);
	}
}
END_TEST

START_TEST(a_key_of_another_kind)
{
	static const enum da_asym asyms[] = { DA_ASYM_RSASSA_2048,
	    DA_ASYM_ED25519, DA_ASYM_ED448, DA_ASYM_ECDSA_P256 };

	for (size_t i = 0; i < 4; i++)
		for (size_t j = 0; j < 4; j++) {
			if (i == j)
				continue;
			plan_chain();
			plan[UPPER].key = new_key_of(asyms[i]);
			plan[LOWER].signer = new_key_of(asyms[j]);
			refused(DA_F_LINK_SIGNATURE, LOWER);
		}
}
END_TEST

START_TEST(root_is_not_known)
{
	struct da_slice other;

	plan_chain();
	holds();
	anchors.n = 0;
	ck_assert(!holds_from(ROOT));
	ck_fault(fault, DA_F_NO_ANCHOR);
	plan[ROOT].key = plan[ROOT].signer = new_key("P-384");
	other = make_cert(&plan[ROOT]);
	anchors.n = 1;
	anchors.der[0] = other;
	ck_assert(!holds_from(ROOT));
	ck_fault(fault, DA_F_ROOT_UNKNOWN);
	ck_assert_uint_eq(fault.offset, 4);
	/* Of several anchors the one that RootHash names. */
	anchors.n = 2;
	anchors.der[1] = cert[ROOT];
	ck_assert(holds_from(ROOT));
}
END_TEST

/* The chain's own root and RootHash contradict each other. */
START_TEST(root_hash_of_another)
{
	struct da_hash_value mine;
	struct buf b = { 0 };

	plan_chain();
	make_all();
	mine = da_hash_of(DA_HASH_SHA384, cert[ROOT]);
	plan[ROOT].key = plan[ROOT].signer = new_key("P-384");
	plan[UPPER].signer = plan[ROOT].key;
	put32(&b, 0);
	put_slice(&b, da_hash_bytes(&mine));
	for (int i = ROOT; i < N; i++)
		put_slice(&b, make_cert(&plan[i]));
	set_le(&b, 0, b.n, 2);
	/* Another root under the anchor's hash: the anchor did not sign it. */
	ck_assert(da_chain_parse(buf_slice(&b), DA_CHAIN_SPDM, DA_HASH_SHA384,
	    &chain, &fault));
	ck_assert(!da_path_holds(&chain, &anchors, &known, &fault));
	ck_fault(fault, DA_F_LINK_SIGNATURE);
	ck_assert_uint_eq(fault.offset, offset_of(ROOT));
	/* Flipped, it is the hash of nothing that is there. */
	b.p[10] ^= 1;
	ck_assert(da_chain_parse(buf_slice(&b), DA_CHAIN_SPDM, DA_HASH_SHA384,
	    &chain, &fault));
	ck_assert(!da_path_holds(&chain, &anchors, &known, &fault));
	ck_fault(fault, DA_F_ROOT_HASH);
	ck_assert_uint_eq(fault.offset, 4);
}
END_TEST

/* The root as it was made, and a byte behind it. */
static struct da_slice
root_and_a_byte(void)
{
	struct buf b = { 0 };

	put_slice(&b, make_cert(&plan[ROOT]));
	put8(&b, 0);
	return exact(buf_slice(&b), b.n);
}

START_TEST(anchor_that_is_none)
{
	plan_chain();
	holds();
	/* Cut short it is another file: RootHash names the whole one. */
	anchors.der[0] = exact(cert[ROOT], cert[ROOT].n - 1);
	ck_assert(!holds_from(ROOT));
	ck_fault(fault, DA_F_ROOT_UNKNOWN);
	/* And one that RootHash names has to be a certificate. */
	cert[ROOT] = anchors.der[0];
	ck_assert(!holds_from(UPPER));
	ck_fault(fault, DA_F_SHORT);
	ck_assert_int_eq(fault.part, DA_PART_ROOT);
	cert[ROOT] = anchors.der[0] = root_and_a_byte();
	ck_assert(!holds_from(UPPER));
	ck_fault(fault, DA_F_TRAILING);
	ck_assert_int_eq(fault.part, DA_PART_ROOT);
}
END_TEST

START_TEST(names_chain)
{
	plan_chain();
	plan[LOWER].issuer = "somebody";
	refused(DA_F_LINK_NAME, LOWER);
	plan_chain();
	plan[UPPER].subject = "somebody";
	refused(DA_F_LINK_NAME, LOWER);
	/* Self-issued is not self-signed: a stranger with the root's name. */
	plan_chain();
	make_all();
	plan[UPPER].subject = "root";
	plan[UPPER].signer = plan[UPPER].key;
	plan[LOWER].issuer = "root";
	refused(DA_F_LINK_SIGNATURE, UPPER);
}
END_TEST

START_TEST(signatures_chain)
{
	plan_chain();
	for (int i = UPPER; i < N; i++) {
		plan_chain();
		plan[i].signer = plan[i].key;
		refused(DA_F_LINK_SIGNATURE, i);
	}
	/* A root is trusted by its bytes, not by its own signature. */
	plan_chain();
	plan[ROOT].signer = plan[LEAF].key;
	holds();
}
END_TEST

/* Every byte of a link's signed part and signature counts. */
START_TEST(flipped_bytes)
{
	plan_chain();
	make_all();
	for (size_t at = 0; at < cert[LOWER].n; at++) {
		struct buf b = buf_copy(cert[LOWER]);
		struct da_slice whole = cert[LOWER];
		struct da_chain c;
		struct da_slice list;
		struct buf all = { 0 };

		b.p[at] ^= 1;
		cert[LOWER] = buf_slice(&b);
		for (int i = ROOT; i < N; i++)
			put_slice(&all, cert[i]);
		cert[LOWER] = whole;
		list = buf_slice(&all);
		ck_assert(!da_chain_parse(list, DA_CHAIN_DER, DA_HASH_NONE,
		    &c, &fault) || !da_path_holds(&c, &anchors, &known,
		    &fault));
	}
}
END_TEST

START_TEST(order_of_certificates)
{
	struct da_slice s;

	plan_chain();
	make_all();
	s = cert[UPPER];
	cert[UPPER] = cert[LOWER];
	cert[LOWER] = s;
	ck_assert(!holds_from(ROOT));
	ck_fault(fault, DA_F_LINK_NAME);
	/* A gap. */
	make_all();
	ck_assert(!holds_from(LOWER));
	ck_fault(fault, DA_F_LINK_NAME);
}
END_TEST

START_TEST(issuers_are_cas)
{
	plan_chain();
	plan[UPPER].no_basic = true;
	refused(DA_F_NOT_A_CA, UPPER);
	plan_chain();
	plan[LOWER].ca = false;
	refused(DA_F_NOT_A_CA, LOWER);
	plan_chain();
	plan[ROOT].ca = false;
	refused(DA_F_NOT_A_CA, ROOT);
	plan_chain();
	plan[UPPER].key_usage = 1 << 0 | 1 << 6;
	refused(DA_F_NO_CERT_SIGN, UPPER);
	/* Absent, it forbids nothing. */
	plan_chain();
	plan[UPPER].key_usage = -1;
	holds();
}
END_TEST

START_TEST(path_lengths)
{
	plan_chain();
	plan[ROOT].path_length = 2;
	plan[UPPER].path_length = 1;
	plan[LOWER].path_length = 0;
	holds();
	plan[ROOT].path_length = 1;
	refused(DA_F_PATH_LENGTH, ROOT);
	plan_chain();
	plan[UPPER].path_length = 0;
	refused(DA_F_PATH_LENGTH, UPPER);
	/* A self-issued CA is not counted (RFC 5280 6.1.4 l). */
	plan_chain();
	plan[UPPER].path_length = 0;
	plan[LOWER].subject = "upper";
	plan[LEAF].issuer = "upper";
	holds();
	/* The anchor's limit holds where the chain leaves it out, too. */
	plan_chain();
	plan[ROOT].path_length = 0;
	make_all();
	ck_assert(!holds_from(UPPER));
	ck_fault(fault, DA_F_PATH_LENGTH);
	ck_assert_int_eq(fault.part, DA_PART_ROOT);
}
END_TEST

static void
extension_is(int i, const char *oid, bool critical, struct da_slice value,
    enum da_why why)
{
	plan_chain();
	add_extra(&plan[i], oid, critical, value);
	make_all();
	if (why == DA_F_NONE) {
		ck_assert(holds_from(ROOT));
		return;
	}
	ck_assert(!holds_from(ROOT));
	ck_fault(fault, why);
	ck_assert_uint_gt(fault.offset, offset_of(i));
	ck_assert_uint_lt(fault.offset, offset_of(i) + cert[i].n);
}

static void
extension_of(int i, const char *oid, bool critical, enum da_why why)
{
	extension_is(i, oid, critical, BYTES("\x30\x00"), why);
}

START_TEST(critical_extensions)
{
	for (int i = ROOT; i < N; i++) {
		extension_of(i, "1.2.3.4", false, DA_F_NONE);
		extension_of(i, "1.2.3.4", true, DA_F_EXT_CRITICAL);
		extension_of(i, "2.5.29.99", true, DA_F_EXT_CRITICAL);
		extension_of(i, "2.5.29.19.1", true, DA_F_EXT_CRITICAL);
		extension_of(i, "2.5.4.19", true, DA_F_EXT_CRITICAL);
		extension_of(i, "1.3.29.19", true, DA_F_EXT_CRITICAL);
		/* RFC 5280 4.2.1.1 and 4.2.1.2 want them not critical. */
		extension_of(i, "2.5.29.14", true, DA_F_EXT_CRITICAL);
		extension_of(i, "2.5.29.35", true, DA_F_EXT_CRITICAL);
		extension_of(i, "2.5.29.32", true, DA_F_EXT_CRITICAL);
		/* DICE's whose form is not settled. */
		extension_of(i, "2.23.133.5.4.8", true, DA_F_EXT_CRITICAL);
		extension_of(i, "2.23.133.5.4.8", false, DA_F_NONE);
	}
}
END_TEST

#define SPDM_ID "\x30\x0c\x06\x0a\x2b\x06\x01\x04\x01\x83\x1c\x82\x12"

/* They are processed: critical or not, their form counts. */
START_TEST(processed_extensions)
{
	static const char *const spdm = "1.3.6.1.4.1.412.274.6";
	static const char *const san = "2.5.29.17";
	struct da_slice ids = BYTES("\x30\x0e" SPDM_ID "\x02");
	struct da_slice names = BYTES("\x30\x05\x82\x03" "a.b");

	for (int critical = 0; critical < 2; critical++) {
		for (int i = ROOT; i < N; i++) {
			extension_is(i, spdm, critical, ids, DA_F_NONE);
			extension_of(i, spdm, critical, DA_F_DMTF_FORM);
			extension_is(i, san, critical, names, DA_F_NONE);
			extension_of(i, san, critical, DA_F_SAN_FORM);
		}
		for (size_t n = 0; n < ids.n; n++)
			extension_is(LEAF, spdm, critical, exact(ids, n),
			    DA_F_DMTF_FORM);
		for (size_t n = 0; n < names.n; n++)
			extension_is(LEAF, san, critical, exact(names, n),
			    DA_F_SAN_FORM);
	}
	/* The same of a root that the chain leaves out. */
	extension_of(ROOT, san, false, DA_F_SAN_FORM);
	ck_assert(!holds_from(UPPER));
	ck_fault(fault, DA_F_SAN_FORM);
	ck_assert_int_eq(fault.part, DA_PART_ROOT);
}
END_TEST

START_TEST(ids_of_the_spdm_extension)
{
	static const struct {
		const char *value;
		size_t n;
		bool reads, hardware, mutable_one;
	} rows[] = {
#define ROW(text) text, sizeof(text) - 1
		{ ROW("\x30\x0e" SPDM_ID "\x02"), true, true, false },
		{ ROW("\x30\x0e" SPDM_ID "\x05"), true, false, true },
		{ ROW("\x30\x1c" SPDM_ID "\x05" SPDM_ID "\x02"), true, true,
		    true },
		{ ROW("\x30\x06\x30\x04\x06\x02\x2a\x03"), true, false,
		    false },
		/* Behind the OID there may be what defines it. */
		{ ROW("\x30\x08\x30\x06\x06\x02\x2a\x03\x04\x00"), true,
		    false, false },
		{ ROW("\x30\x07\x30\x05\x06\x02\x2a\x03\x04"), false, false,
		    false },
		{ ROW("\x30\x04\x06\x02\x2a\x03"), false, false, false },
		{ ROW("\x30\x02\x30\x00"), false, false, false },
		{ ROW("\x30\x0e" SPDM_ID "\x02\x05\x00"), false, false,
		    false },
		{ ROW("\x30\x10" SPDM_ID "\x02\x05\x00"), false, false,
		    false },
#undef ROW
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct da_spdm_ids ids = { false, false };

		ck_assert_msg(da_spdm_ids_read(exact(da_slice_of(rows[i].value,
		    rows[i].n), rows[i].n), &ids) == rows[i].reads, "row %zu",
		    i);
		ck_assert(ids.hardware_identity == rows[i].hardware);
		ck_assert(ids.mutable_certificate == rows[i].mutable_one);
	}
}
END_TEST

#define TCB_FIELD "\x30\x03\x83\x01\x07"	/* svn 7, and no more */

/* Caliptra marks its own critical: known where they decode. */
START_TEST(critical_dice_extensions)
{
	static const struct {
		const char *oid, *value;
		size_t n;
	} rows[] = {
		{ "2.23.133.5.4.1", TCB_FIELD, 5 },
		{ "2.23.133.5.4.1.1", TCB_FIELD, 5 },
		{ "2.23.133.5.4.4", "\x30\x03\x04\x01u", 5 },
		{ "2.23.133.5.4.5", "\x30\x05" TCB_FIELD, 7 },
		{ "2.23.133.5.4.11", "\x30\x03\x04\x01n", 5 },
	};

	for (size_t k = 0; k < sizeof(rows) / sizeof(rows[0]); k++) {
		struct da_slice value = da_slice_of(rows[k].value, rows[k].n);

		extension_is(LEAF, rows[k].oid, true, value, DA_F_NONE);
		extension_is(UPPER, rows[k].oid, true, value, DA_F_NONE);
		extension_of(LEAF, rows[k].oid, true, DA_F_DICE_FORM);
		extension_of(ROOT, rows[k].oid, true, DA_F_DICE_FORM);
		extension_of(LEAF, rows[k].oid, false, DA_F_NONE);
	}
}
END_TEST

/* RFC 5280 4.2.1.9: who is no CA does not claim to sign certificates. */
START_TEST(leaf_that_would_sign_certificates)
{
	plan_chain();
	plan[LEAF].key_usage = 1 << 0 | 1 << 5;
	refused(DA_F_CERT_SIGN_NO_CA, LEAF);
	plan[LEAF].no_basic = true;
	refused(DA_F_CERT_SIGN_NO_CA, LEAF);
	/* With the CA bit that is right here; a leaf's profile says no. */
	plan[LEAF].no_basic = false;
	plan[LEAF].ca = true;
	holds();
}
END_TEST

#define MULTI_TCB BYTES("\x67\x81\x05\x05\x04\x05")

/* What the asker takes upon himself, and not a byte more. */
START_TEST(critical_extensions_that_were_asked_for)
{
	known = (struct da_oids){ 2, { BYTES("\x2a\x03"), MULTI_TCB } };
	for (int i = ROOT; i < N; i++) {
		extension_of(i, "2.23.133.5.4.5", true, DA_F_NONE);
		extension_of(i, "2.23.133.5.4", true, DA_F_EXT_CRITICAL);
		extension_of(i, "2.23.133.5.4.5.1", true, DA_F_EXT_CRITICAL);
		extension_of(i, "2.23.133.5.4.4", true, DA_F_DICE_FORM);
	}
	/* The list is as long as it says. */
	known.n = 1;
	extension_of(LEAF, "2.23.133.5.4.5", true, DA_F_DICE_FORM);
	/* What is refused stays so, and what is processed is processed. */
	known = (struct da_oids){ 2, { BYTES("\x55\x1d\x1e"),
	    BYTES("\x55\x1d\x25") } };
	extension_of(UPPER, "2.5.29.30", true, DA_F_EXT_REFUSED);
	plan_chain();
	add_extra(&plan[UPPER], "2.5.29.37", true, BYTES("\x30\x0a\x06\x08"
	    "\x2b\x06\x01\x05\x05\x07\x03\x03"));
	make_all();
	ck_assert(!holds_from(ROOT));
	ck_fault(fault, DA_F_EKU_OTHER);
	known.n = 0;
}
END_TEST

/* RFC 5280 4.2.1.12: a critical one limits the key to what it names. */
START_TEST(critical_uses)
{
	static const char *const fit[] = {
		"\x30\x0a\x06\x08\x2b\x06\x01\x05\x05\x07\x03\x01",
		"\x30\x0a\x06\x08\x2b\x06\x01\x05\x05\x07\x03\x02",
	};
	struct da_slice other = BYTES("\x30\x0a\x06\x08\x2b\x06\x01\x05"
	    "\x05\x07\x03\x03");	/* codeSigning */

	for (int i = ROOT; i < N; i++) {
		for (size_t n = 0; n < 2; n++) {
			plan_chain();
			add_extra(&plan[i], "2.5.29.37", true,
			    da_slice_of(fit[n], 12));
			holds();
		}
		plan_chain();
		add_extra(&plan[i], "2.5.29.37", true, other);
		make_all();
		ck_assert(!holds_from(ROOT));
		ck_fault(fault, DA_F_EKU_OTHER);
		/* Not critical, it is a hint (the leaf's is da_leaf_fits's). */
		plan_chain();
		add_extra(&plan[i], "2.5.29.37", false, other);
		holds();
	}
}
END_TEST

START_TEST(refused_extensions)
{
	static const char *const oids[] = { "2.5.29.30", "2.5.29.33",
	    "2.5.29.36", "2.5.29.54" };

	for (size_t i = 0; i < sizeof(oids) / sizeof(oids[0]); i++) {
		extension_of(ROOT, oids[i], false, DA_F_EXT_REFUSED);
		/* The same where the chain leaves its root out. */
		ck_assert(!holds_from(UPPER));
		ck_fault(fault, DA_F_EXT_REFUSED);
		ck_assert_int_eq(fault.part, DA_PART_ROOT);
		extension_of(UPPER, oids[i], false, DA_F_EXT_REFUSED);
		extension_of(LEAF, oids[i], true, DA_F_EXT_REFUSED);
	}
}
END_TEST

START_TEST(keys_that_are_not_verified)
{
	EVP_PKEY *rsa = kept_key(EVP_RSA_gen(1024));
	EVP_PKEY *brainpool = new_key("brainpoolP384r1");

	plan_chain();
	plan[UPPER].key = brainpool;
	plan[LOWER].signer = brainpool;
	refused(DA_F_KEY_UNSUPPORTED, UPPER);
	/* Neither is RSA of a size that SPDM has not. */
	plan_chain();
	plan[UPPER].key = rsa;
	plan[LOWER].signer = rsa;
	refused(DA_F_KEY_UNSUPPORTED, UPPER);
	plan_chain();
	plan[LOWER].md = "SHA1";
	refused(DA_F_CERT_SIGALG_UNSUPPORTED, LOWER);
	plan_chain();
	plan[UPPER].key = plan[LOWER].signer =
	    new_key_of(DA_ASYM_RSASSA_2048);
	plan[LOWER].md = "SHA1";
	refused(DA_F_CERT_SIGALG_UNSUPPORTED, LOWER);
	/* PSS with a salt of another length than the digest's. */
	plan[LOWER].md = "SHA256";
	plan[LOWER].pss = true;
	plan[LOWER].salt = 20;
	refused(DA_F_CERT_SIGALG_UNSUPPORTED, LOWER);
}
END_TEST

START_TEST(validity)
{
	plan_chain();
	plan[LOWER].from = VALID_FROM + 1000;
	plan[LEAF].to = VALID_TO - 1000;
	holds();
	ck_assert(da_path_valid_at(&chain, &anchors, VALID_FROM + 1000,
	    &fault));
	ck_assert(da_path_valid_at(&chain, &anchors, VALID_TO - 1000,
	    &fault));
	ck_assert(!da_path_valid_at(&chain, &anchors, VALID_FROM + 999,
	    &fault));
	ck_fault(fault, DA_F_NOT_YET_VALID);
	ck_assert_uint_eq(fault.offset, offset_of(LOWER));
	ck_assert(!da_path_valid_at(&chain, &anchors, VALID_TO - 999,
	    &fault));
	ck_fault(fault, DA_F_EXPIRED);
	ck_assert_uint_eq(fault.offset, offset_of(LEAF));
	/* The anchor's own time counts where the chain leaves it out. */
	plan_chain();
	plan[ROOT].to = VALID_TO - 5000;
	make_all();
	ck_assert(holds_from(UPPER));
	ck_assert(!da_path_valid_at(&chain, &anchors, VALID_TO - 4999,
	    &fault));
	ck_fault(fault, DA_F_EXPIRED);
	ck_assert_int_eq(fault.part, DA_PART_ROOT);
}
END_TEST

START_TEST(bare_certificates)
{
	struct buf b = { 0 };

	plan_chain();
	make_all();
	for (int from = ROOT; from <= UPPER; from++) {
		b.n = 0;
		for (int i = from; i < N; i++)
			put_slice(&b, cert[i]);
		ck_assert(da_chain_parse(exact(buf_slice(&b), b.n),
		    DA_CHAIN_DER, DA_HASH_NONE, &chain, &fault));
		ck_assert(da_path_holds(&chain, &anchors, &known, &fault));
	}
	/* Of two anchors with one name the one that signed is meant. */
	plan[ROOT].key = plan[ROOT].signer = new_key("P-384");
	anchors.der[0] = make_cert(&plan[ROOT]);
	anchors.der[1] = cert[ROOT];
	anchors.n = 2;
	ck_assert(da_path_holds(&chain, &anchors, &known, &fault));
	anchors.n = 1;
	ck_assert(!da_path_holds(&chain, &anchors, &known, &fault));
	ck_fault(fault, DA_F_LINK_SIGNATURE);
	/* A root of the same name is not the anchor. */
	plan[ROOT].key = plan[ROOT].signer = new_key("P-384");
	plan[UPPER].signer = plan[ROOT].key;
	anchors.der[0] = cert[ROOT];
	b.n = 0;
	put_slice(&b, make_cert(&plan[ROOT]));
	put_slice(&b, make_cert(&plan[UPPER]));
	put_slice(&b, cert[LOWER]);
	put_slice(&b, cert[LEAF]);
	ck_assert(da_chain_parse(buf_slice(&b), DA_CHAIN_DER, DA_HASH_NONE,
	    &chain, &fault));
	ck_assert(!da_path_holds(&chain, &anchors, &known, &fault));
	ck_fault(fault, DA_F_ROOT_UNKNOWN);
}
END_TEST

/* -- what the reference library lets through, by its own name -- */

START_TEST(expired_leaf)
{
	plan_chain();
	plan[LEAF].to = VALID_FROM + 1;
	holds();
	ck_assert(da_path_valid_at(&chain, &anchors, VALID_FROM + 1, &fault));
	ck_assert(!da_path_valid_at(&chain, &anchors, VALID_FROM + 2, &fault));
	ck_fault(fault, DA_F_EXPIRED);
	ck_assert_uint_eq(fault.offset, offset_of(LEAF));
}
END_TEST

/* Each link on its own is right; the path as a whole is not. */
START_TEST(path_length_exceeded)
{
	plan_chain();
	plan[ROOT].path_length = 1;
	refused(DA_F_PATH_LENGTH, ROOT);
}
END_TEST

START_TEST(no_trust_anchor)
{
	plan_chain();
	holds();
	anchors.n = 0;
	ck_assert(!holds_from(ROOT));
	ck_fault(fault, DA_F_NO_ANCHOR);
	ck_assert_int_eq(fault.part, DA_PART_ROOT);
	ck_assert(!holds_from(UPPER));
	ck_fault(fault, DA_F_NO_ANCHOR);
}
END_TEST

START_TEST(chain_under_another_root)
{
	plan_chain();
	holds();
	plan[ROOT].key = plan[ROOT].signer = new_key("P-384");
	anchors.der[0] = make_cert(&plan[ROOT]);
	ck_assert(!holds_from(ROOT));
	ck_fault(fault, DA_F_ROOT_UNKNOWN);
	ck_assert(!holds_from(UPPER));
	ck_fault(fault, DA_F_ROOT_UNKNOWN);
}
END_TEST

/* RootHash of an anchor, over certificates of somebody else. */
START_TEST(root_hash_where_the_first_is_no_root)
{
	plan_chain();
	make_all();
	plan[UPPER].signer = new_key("P-384");
	cert[UPPER] = make_cert(&plan[UPPER]);
	ck_assert(!holds_from(UPPER));
	ck_fault(fault, DA_F_LINK_SIGNATURE);
	ck_assert_uint_eq(fault.offset, 4 + 48);
}
END_TEST

static bool
holds_bare_from(int from)
{
	struct buf b = { 0 };

	for (int i = from; i < N; i++)
		put_slice(&b, cert[i]);
	ck_assert(da_chain_parse(exact(buf_slice(&b), b.n), DA_CHAIN_DER,
	    DA_HASH_NONE, &chain, &fault));
	return da_path_holds(&chain, &anchors, &known, &fault);
}

/* libspdm issues 3277 and 3370: issuer = subject makes no root. */
START_TEST(self_issued_is_not_self_signed)
{
	plan_chain();
	plan[UPPER].subject = plan[LOWER].issuer = "root";
	/* Self-issued under the root, and signed by it: a CA like any other. */
	holds();
	ck_assert(holds_from(UPPER));
	ck_assert(holds_bare_from(UPPER));
	/* By itself: not the anchor, whatever it is called. */
	plan[UPPER].signer = plan[UPPER].key;
	refused(DA_F_LINK_SIGNATURE, UPPER);
	ck_assert(!holds_from(UPPER));
	ck_fault(fault, DA_F_LINK_SIGNATURE);
	ck_assert(!holds_bare_from(UPPER));
	ck_fault(fault, DA_F_ROOT_UNKNOWN);
	plan[UPPER].signer = plan[ROOT].key;
	plan[UPPER].ca = false;
	plan[UPPER].key_usage = 1 << 0;
	refused(DA_F_NOT_A_CA, UPPER);
}
END_TEST

/* The same issue: CA:TRUE cut out of basicConstraints is no CA. */
START_TEST(short_basic_constraints)
{
	static const struct {
		const char *value;
		size_t n;
		enum da_why why;
	} rows[] = {
		{ "\x30\x00", 2, DA_F_NOT_A_CA },
		{ "\x30\x01\x01", 3, DA_F_CERT_EXT_FORM },
		{ "\x30\x03\x01\x01", 4, DA_F_CERT_EXT_FORM },
		{ "\x30\x03\x01\x01\x00", 5, DA_F_CERT_EXT_FORM },
		{ "\x30\x03\x01\x01\x01", 5, DA_F_CERT_EXT_FORM },
		{ "\x30", 1, DA_F_CERT_EXT_FORM },
		{ "", 0, DA_F_CERT_EXT_FORM },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct buf all = { 0 };

		plan_chain();
		plan[UPPER].no_basic = true;
		add_extra(&plan[UPPER], "2.5.29.19", true,
		    da_slice_of(rows[i].value, rows[i].n));
		make_all();
		for (int k = ROOT; k < N; k++)
			put_slice(&all, cert[k]);
		ck_assert(!da_chain_parse(buf_slice(&all), DA_CHAIN_DER,
		    DA_HASH_NONE, &chain, &fault) || !da_path_holds(&chain,
		    &anchors, &known, &fault));
		ck_fault(fault, rows[i].why);
	}
}
END_TEST

/* Two names for one anchor: the asker's list is not the device's to order. */
START_TEST(anchors_in_any_order)
{
	struct da_slice mine;

	plan_chain();
	make_all();
	mine = cert[ROOT];
	plan[ROOT].key = plan[ROOT].signer = new_key("P-384");
	anchors.n = 3;
	anchors.der[0] = make_cert(&plan[ROOT]);
	anchors.der[1] = anchors.der[0];
	for (int place = 0; place < 3; place++) {
		anchors.der[2] = anchors.der[1] = anchors.der[0];
		anchors.der[place] = mine;
		ck_assert(holds_from(UPPER));
		ck_assert(holds_bare_from(UPPER));
		anchors.der[place] = make_cert(&plan[ROOT]);
		ck_assert(!da_path_holds(&chain, &anchors, &known, &fault));
		ck_fault(fault, DA_F_LINK_SIGNATURE);
	}
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("path");
	TCase *t = tcase_create("path");
	TCase *strict = tcase_create("reference accepts");

	tcase_set_timeout(t, 60);
	tcase_add_test(t, whole_chain);
	tcase_add_test(t, every_curve_and_hash);
	tcase_add_test(t, every_kind_of_key);
	tcase_add_test(t, a_key_of_another_kind);
	tcase_add_test(t, root_is_not_known);
	tcase_add_test(t, root_hash_of_another);
	tcase_add_test(t, anchor_that_is_none);
	tcase_add_test(t, names_chain);
	tcase_add_test(t, signatures_chain);
	tcase_add_test(t, flipped_bytes);
	tcase_add_test(t, order_of_certificates);
	tcase_add_test(t, issuers_are_cas);
	tcase_add_test(t, path_lengths);
	tcase_add_test(t, critical_extensions);
	tcase_add_test(t, processed_extensions);
	tcase_add_test(t, ids_of_the_spdm_extension);
	tcase_add_test(t, critical_dice_extensions);
	tcase_add_test(t, leaf_that_would_sign_certificates);
	tcase_add_test(t, critical_extensions_that_were_asked_for);
	tcase_add_test(t, critical_uses);
	tcase_add_test(t, refused_extensions);
	tcase_add_test(t, keys_that_are_not_verified);
	tcase_add_test(t, validity);
	tcase_add_test(t, bare_certificates);
	tcase_add_test(t, anchors_in_any_order);
	suite_add_tcase(s, t);
	tcase_set_timeout(strict, 60);
	tcase_add_test(strict, expired_leaf);
	tcase_add_test(strict, path_length_exceeded);
	tcase_add_test(strict, no_trust_anchor);
	tcase_add_test(strict, chain_under_another_root);
	tcase_add_test(strict, root_hash_where_the_first_is_no_root);
	tcase_add_test(strict, self_issued_is_not_self_signed);
	tcase_add_test(strict, short_basic_constraints);
	suite_add_tcase(s, strict);
	return run_suite(s);
}
