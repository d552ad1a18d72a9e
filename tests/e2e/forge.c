/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Evidence of devices that no recording is of, for the tests of the command
 * line; below the folder of DEVATTEST_FORGE it makes
 *
 *   log/     SPDM 1.3 with a hash-extended block, its log, and another's log
 *   slots/   signed in slot 3; chains of slot 0 and of slot 3
 *   rawkey/  signed in slot 0xF, without a chain; the key, and another one
 *   lists/   revocation lists of the root of log/: good, old, and with the leaf
 */
#include <openssl/pem.h>
#include <sys/stat.h>

#include "../unit/kit.h"
#include "../unit/makecrl.h"

#define HEM_BLOCK	0x11
#define CAP_MEL		(1u << 24)
#define CAP_PUB_KEY_ID	(1u << 16)
#define AT		INT64_C(1795392000)	/* 2026-11-23 */
#define DAY		INT64_C(86400)

static FILE *
create(const char *folder, const char *name)
{
	const char *below = getenv("DEVATTEST_FORGE");
	char path[4096];
	FILE *f;

	ck_assert_ptr_nonnull(below);
	snprintf(path, sizeof(path), "%s/%s", below, folder);
	mkdir(path, 0755);
	snprintf(path, sizeof(path), "%s/%s/%s", below, folder, name);
	f = fopen(path, "we");
	ck_assert_ptr_nonnull(f);
	return f;
}

static void
write_file(const char *folder, const char *name, struct da_slice bytes)
{
	FILE *f = create(folder, name);

	ck_assert_uint_eq(fwrite(bytes.p, 1, bytes.n, f), bytes.n);
	ck_assert_int_eq(fclose(f), 0);
}

static void
write_kit(const char *folder, const struct kit *k, const char *chain)
{
	write_file(folder, "root.der", k->root_der);
	write_file(folder, chain, k->bundle.part[DA_PART_CHAIN]);
	write_file(folder, "vca.bin", k->bundle.part[DA_PART_VCA]);
	write_file(folder, "measurements.bin",
	    k->bundle.part[DA_PART_MEASUREMENTS]);
	write_file(folder, "nonce.bin", k->ask.nonce);
}

/* -- the log -- */

/* One entry that extends the block, by a digest of mutable firmware. */
static void
put_entry(struct buf *log, struct da_hash_value *hem, uint32_t number,
    uint8_t fill)
{
	struct buf entry = { 0 }, both = { 0 };

	put32(&entry, number);
	put32(&entry, HEM_BLOCK);	/* and three reserved bytes */
	put8(&entry, 0x01);
	put16(&entry, 48);
	put_fill(&entry, fill, 48);
	put_slice(log, buf_slice(&entry));
	put_slice(&both, da_hash_bytes(hem));
	put_slice(&both, buf_slice(&entry));
	*hem = da_hash_of(DA_HASH_SHA384, buf_slice(&both));
}

static struct buf
make_log(struct da_hash_value *ret_hem, uint8_t fill)
{
	struct buf entries = { 0 }, log = { 0 };

	*ret_hem = (struct da_hash_value){ .n = 48 };
	put_entry(&entries, ret_hem, 1, 0x21);
	put_entry(&entries, ret_hem, 2, fill);
	put32(&log, 2);
	put32(&log, (uint32_t)entries.n);
	put_fill(&log, 0, 8);
	put_slice(&log, buf_slice(&entries));
	return log;
}

static void
put_extended(struct buf *record, const struct da_hash_value *hem)
{
	put8(record, HEM_BLOCK);
	put8(record, 1);
	put16(record, 48 + 3);
	put8(record, 0x08);
	put16(record, 48);
	put_slice(record, da_hash_bytes(hem));
}

/* A list of the root's, by when it was made. */
static void
write_list(const struct kit *k, const char *name, int64_t made, bool revokes)
{
	struct crl_plan p = crl_plan("root", k->root_key);

	p.this_update = time_der(made);
	p.next_update = time_der(made + 30 * DAY);
	if (revokes)
		p.entries = tlv(0x30, crl_entry(BYTES("\x12\x34"),
		    da_slice_of(NULL, 0)));
	write_file("lists", name, make_crl(&p));
}

START_TEST(a_device_with_a_log)
{
	struct da_hash_value hem, other;
	struct buf log = make_log(&hem, 0x22), false_log = make_log(&other,
	    0x23);
	struct buf record = { 0 };
	static struct kit k;

	kit_start(&k, 0x13, &kit_p384);
	k.root.key_usage |= 1 << 6;	/* cRLSign */
	k.vca.caps |= CAP_MEL;
	put_block(&record, 1, 0x00, 0x11, 48);
	put_extended(&record, &hem);
	k.exchange.record = buf_slice(&record);
	k.exchange.n_blocks = 2;
	kit_make(&k);
	write_kit("log", &k, "certchain.bin");
	write_file("log", "mel.bin", buf_slice(&log));
	write_file("log", "mel-other.bin", buf_slice(&false_log));
	write_list(&k, "good.crl", AT - DAY, false);
	write_list(&k, "old.crl", AT - 40 * DAY, false);
	write_list(&k, "revoked.crl", AT - DAY, true);
}
END_TEST

/* -- slots -- */

START_TEST(a_device_with_two_slots)
{
	static struct kit k, first;

	kit_start(&k, 0x12, &kit_p384);
	k.exchange.slot = k.exchange.answer = 3;
	kit_make(&k);
	write_kit("slots", &k, "certchain-3.bin");
	kit_start(&first, 0x12, &kit_p384);
	kit_make(&first);
	write_file("slots", "certchain.bin",
	    first.bundle.part[DA_PART_CHAIN]);
}
END_TEST

static void
write_key(const char *name, EVP_PKEY *key)
{
	FILE *f = create("rawkey", name);

	ck_assert_int_eq(PEM_write_PUBKEY(f, key), 1);
	ck_assert_int_eq(fclose(f), 0);
}

START_TEST(a_device_without_a_chain)
{
	static struct kit k;
	FILE *f;

	kit_start(&k, 0x12, &kit_p384);
	k.vca.caps |= CAP_PUB_KEY_ID;
	k.vca.caps &= ~0x02u;		/* and no CERT_CAP */
	k.exchange.slot = k.exchange.answer = 0x0f;
	kit_make(&k);
	write_kit("rawkey", &k, "no-chain.bin");
	write_key("key.pem", k.leaf_key);
	write_key("other.pem", new_key("P-384"));
	f = create("rawkey", "key.der");
	ck_assert_int_eq(i2d_PUBKEY_fp(f, k.leaf_key), 1);
	ck_assert_int_eq(fclose(f), 0);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("forge");
	TCase *t = tcase_create("devices");

	tcase_add_test(t, a_device_with_a_log);
	tcase_add_test(t, a_device_with_two_slots);
	tcase_add_test(t, a_device_without_a_chain);
	suite_add_tcase(s, t);
	return run_suite(s);
}
