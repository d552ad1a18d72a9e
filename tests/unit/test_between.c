/* SPDX-License-Identifier: Apache-2.0 */
/* The messages between VCA and CHALLENGE, for every version. */
#include "build_challenge.h"
#include "verifier/hash.h"
#include "verifier/spdm_between.h"

#define HASH		DA_HASH_SHA256
#define CHAIN_SIZE	300

static struct da_between between;
static struct da_vca vca;
static struct da_fault fault;
static uint8_t chain_bytes[CHAIN_SIZE];
static struct da_slice chain;
static struct da_hash_value digest;

static void
start(uint8_t version, bool multi_key)
{
	vca = (struct da_vca){ .version = version,
	    .responder_caps = DA_CAP_CERT | DA_CAP_LARGE_RESP,
	    .other_offer = multi_key ? DA_OTHER_MULTI_KEY : 0 };
	for (size_t i = 0; i < CHAIN_SIZE; i++)
		chain_bytes[i] = (uint8_t)(i * 7 + 3);
	chain = da_slice_of(chain_bytes, CHAIN_SIZE);
	digest = da_hash_of(HASH, chain);
}

static struct digests_plan
digests(void)
{
	static uint8_t other[32];
	struct digests_plan p = { .version = vca.version, .supported = 0x1f,
	    .provisioned = 0x13, .multi_key = da_vca_is_multi_key(&vca) };

	memset(other, 0x77, sizeof(other));
	p.digest[0] = da_hash_bytes(&digest);
	p.digest[1] = p.digest[4] = da_slice_of(other, sizeof(other));
	for (uint8_t i = 0; i < 8; i++) {
		p.key_pair[i] = (uint8_t)(0xa0 + i);
		p.info[i] = i == 4 ? 3 : 1;
		p.usage[i] = (uint16_t)(0x4006 + i);
	}
	return p;
}

static struct portion_plan
portion(void)
{
	return (struct portion_plan){ .version = vca.version,
	    .info = da_vca_is_multi_key(&vca) ? 1 : 0 };
}

static struct buf
whole(uint32_t size)
{
	struct digests_plan d = digests();
	struct buf b = { 0 };

	put_digests(&b, &d);
	put_portions(&b, portion(), size, chain);
	return b;
}

static bool
read_it(const struct buf *b)
{
	return da_between_read(exact(buf_slice(b), b->n), &vca, HASH,
	    &between, &fault);
}

static void
refused(const struct buf *b, enum da_why why)
{
	ck_assert(!read_it(b));
	ck_fault(fault, why);
	ck_assert_int_eq(fault.part, DA_PART_BETWEEN);
}

static void
refused_with(const struct buf *b, size_t at, unsigned int v, enum da_why why)
{
	struct buf copy = buf_copy(buf_slice(b));

	set8(&copy, at, v);
	refused(&copy, why);
}

START_TEST(every_version)
{
	static const uint32_t sizes[] = { CHAIN_SIZE, 1000, 64, 299, 1 };

	for (unsigned int v = 0x10; v <= 0x14; v++)
		for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
			struct buf b;

			start((uint8_t)v, false);
			b = whole(sizes[i]);
			ck_assert_msg(read_it(&b), "%x %u: %s", v, sizes[i],
			    da_fault_text(fault.why)->name);
			ck_assert(between.has_digests);
			ck_assert_uint_eq(between.raw.n, b.n);
			ck_assert_uint_eq(between.supported,
			    v < 0x13 ? 0 : 0x1f);
			ck_assert(da_slice_eq(between.slot[0].digest,
			    da_hash_bytes(&digest)));
			ck_assert_uint_eq(between.slot[4].digest.n, 32);
			ck_assert_uint_eq(between.slot[2].digest.n, 0);
			ck_assert_uint_eq(between.slot[0].model, 0);
			ck_assert(da_between_is_of(&between, &vca, HASH, 0,
			    chain, &fault));
		}
}
END_TEST

START_TEST(parts_of_it)
{
	struct digests_plan d;
	struct buf b = { 0 };

	start(0x12, false);
	d = digests();
	put_digests(&b, &d);
	ck_assert(read_it(&b));
	ck_assert(da_between_is_of(&between, &vca, HASH, 0, chain, &fault));
	b = (struct buf){ 0 };
	put_portions(&b, portion(), 100, chain);
	ck_assert(read_it(&b));
	ck_assert(!between.has_digests);
	ck_assert(da_between_is_of(&between, &vca, HASH, 0, chain, &fault));
	/* Nothing at all says nothing of any chain. */
	between = (struct da_between){ 0 };
	ck_assert(da_between_is_of(&between, &vca, HASH, 0, chain, &fault));
}
END_TEST

START_TEST(several_keys)
{
	for (unsigned int v = 0x13; v <= 0x14; v++) {
		struct buf b;

		start((uint8_t)v, true);
		b = whole(100);
		ck_assert_msg(read_it(&b), "%s",
		    da_fault_text(fault.why)->name);
		ck_assert_uint_eq(between.slot[0].key_pair, 0xa0);
		ck_assert_uint_eq(between.slot[4].key_pair, 0xa4);
		ck_assert_uint_eq(between.slot[1].model, 1);
		ck_assert_uint_eq(between.slot[4].model, 3);
		ck_assert_uint_eq(between.slot[4].usage, 0x400a);
		ck_assert_uint_eq(between.slot[2].usage, 0);
		ck_assert(da_between_is_of(&between, &vca, HASH, 0, chain,
		    &fault));
	}
}
END_TEST

START_TEST(key_facts)
{
	struct digests_plan d;
	struct buf b = { 0 };
	size_t info = 8 + 3 * 32 + 3;

	start(0x13, true);
	b = whole(CHAIN_SIZE);
	refused_with(&b, info, 3, DA_F_BETWEEN_FORM);	/* slot 0: generic */
	ck_assert_uint_eq(fault.offset, info);
	refused_with(&b, info, 4, DA_F_BETWEEN_FORM);
	refused_with(&b, info + 1, 7, DA_F_BETWEEN_FORM);
	/* Another model in CERTIFICATE, or none at all. */
	refused_with(&b, info, 2, DA_F_BETWEEN_FORM);
	refused_with(&b, info, 0, DA_F_BETWEEN_FORM);
	/* A key without a certificate has no digest. */
	d = digests();
	d.info[1] = 0;
	b = (struct buf){ 0 };
	put_digests(&b, &d);
	refused(&b, DA_F_BETWEEN_FORM);
	d.digest[1] = exact(d.digest[1], 32);
	memset((uint8_t *)(uintptr_t)d.digest[1].p, 0, 32);
	b = (struct buf){ 0 };
	put_digests(&b, &d);
	ck_assert(read_it(&b));
	ck_assert_uint_eq(between.slot[1].model, 0);
	/* Without DIGESTS the certificate says it. */
	b = (struct buf){ 0 };
	put_portions(&b, portion(), 100, chain);
	ck_assert(read_it(&b));
	ck_assert_uint_eq(between.slot[0].model, 1);
	refused_with(&b, 8 + 3, 0, DA_F_BETWEEN_FORM);
	refused_with(&b, 8 + 3, 3, DA_F_BETWEEN_FORM);
	refused_with(&b, 8 + 3, 2, DA_F_BETWEEN_FORM);
	/* One key has no model of its own. */
	start(0x13, false);
	b = whole(CHAIN_SIZE);
	ck_assert(read_it(&b));
	refused_with(&b, 8 + 3 * 32 + 8 + 3, 1, DA_F_BETWEEN_FORM);
	/* Below 1.3 the byte is reserved. */
	start(0x12, false);
	b = whole(CHAIN_SIZE);
	set8(&b, 8 + 3 * 32 + 8 + 3, 1);
	ck_assert(read_it(&b));
}
END_TEST

START_TEST(masks)
{
	struct buf b;

	for (unsigned int v = 0x10; v <= 0x14; v++) {
		struct digests_plan d;

		start((uint8_t)v, false);
		d = digests();
		d.provisioned = 0;
		b = (struct buf){ 0 };
		put_digests(&b, &d);
		refused(&b, DA_F_BETWEEN_FORM);
		ck_assert_uint_eq(fault.offset, 4 + 2);
		d = digests();
		d.supported = 0x03;	/* and 4 is provisioned */
		b = (struct buf){ 0 };
		put_digests(&b, &d);
		if (v >= 0x13)
			refused(&b, DA_F_BETWEEN_FORM);
		else
			ck_assert(read_it(&b));
	}
}
END_TEST

START_TEST(every_prefix_is_malformed)
{
	for (unsigned int v = 0x10; v <= 0x14; v++) {
		size_t first, boundaries = 0;
		struct buf b;

		start((uint8_t)v, v >= 0x13);
		b = whole(CHAIN_SIZE);
		first = b.n - CHAIN_SIZE - 16;
		ck_assert(read_it(&b));
		for (size_t n = 1; n < b.n; n++) {
			bool good = da_between_read(prefix(buf_slice(&b), n),
			    &vca, HASH, &between, &fault);

			boundaries += good;
			ck_assert(!good || n == first);
			if (!good)
				ck_fault(fault, DA_F_SHORT);
			ck_assert_uint_le(fault.offset, n);
		}
		ck_assert_uint_eq(boundaries, 1);
	}
}
END_TEST

START_TEST(order_of_messages)
{
	struct digests_plan d;
	struct buf b, twice = { 0 };

	start(0x12, false);
	d = digests();
	b = whole(200);
	put_digests(&twice, &d);
	put_digests(&twice, &d);
	refused(&twice, DA_F_BETWEEN_CODE);
	ck_assert_uint_eq(fault.offset, twice.n / 2 + 1);
	/* After the certificates. */
	twice = (struct buf){ 0 };
	put_portions(&twice, portion(), 200, chain);
	put_digests(&twice, &d);
	refused(&twice, DA_F_BETWEEN_CODE);
	refused_with(&b, 1, 0x83, DA_F_BETWEEN_CODE);
	refused_with(&b, 1, 0xe0, DA_F_BETWEEN_CODE);
	refused_with(&b, 4 + 1, 0x7f, DA_F_BETWEEN_CODE);
	refused_with(&b, 4 + 1, 0x02, DA_F_BETWEEN_CODE);
	refused_with(&b, 8 + 96 + 1, 0x83, DA_F_BETWEEN_CODE);
	refused_with(&b, 8 + 96 + 8 + 1, 0x7f, DA_F_BETWEEN_CODE);
	/* Versions. */
	refused_with(&b, 0, 0x11, DA_F_VCA_OTHER);
	refused_with(&b, 4, 0x13, DA_F_MEAS_VERSION);
	refused_with(&b, 8 + 96, 0x10, DA_F_MEAS_VERSION);
	refused_with(&b, 8 + 96 + 8, 0x14, DA_F_MEAS_VERSION);
	vca.responder_caps = 0;
	refused(&b, DA_F_CAPABILITY);
}
END_TEST

/* A portion's six numbers, each of them false in turn. */
START_TEST(portions)
{
	struct portion_plan p;
	struct buf b = { 0 };

	start(0x12, false);
	put_portions(&b, portion(), 200, chain);	/* 200 and 100 */
	ck_assert(read_it(&b));
	refused_with(&b, 4, 1, DA_F_BETWEEN_FORM);	/* Offset */
	refused_with(&b, 6, 199, DA_F_BETWEEN_FORM);	/* Length */
	refused_with(&b, 12, 0, DA_F_BETWEEN_FORM);	/* PortionLength */
	ck_assert_uint_eq(fault.offset, 12);
	refused_with(&b, 14, 101, DA_F_BETWEEN_FORM);	/* RemainderLength */
	refused_with(&b, 8 + 2, 1, DA_F_BETWEEN_FORM);	/* slot */
	refused_with(&b, 2, 1, DA_F_BETWEEN_FORM);
	refused_with(&b, 2, 8, DA_F_SLOT_RESERVED);
	refused_with(&b, 2, 0x0f, DA_F_SLOT_RESERVED);
	/* The second one. */
	refused_with(&b, 216 + 4, 199, DA_F_BETWEEN_FORM);
	refused_with(&b, 216 + 4, 0, DA_F_BETWEEN_FORM);
	refused_with(&b, 216 + 2, 1, DA_F_BETWEEN_FORM);
	refused_with(&b, 216 + 14, 1, DA_F_BETWEEN_FORM);
	/* A chain that was begun, and never read to its end. */
	b = (struct buf){ 0 };
	p = portion();
	p.ask = p.portion = 200;
	p.remainder = 100;
	put_portion(&b, &p, chain);
	refused(&b, DA_F_BETWEEN_FORM);
	ck_assert_uint_eq(fault.offset, b.n);
	put_portion(&b, &p, chain);	/* again from its beginning */
	refused(&b, DA_F_BETWEEN_FORM);
	/* 16 bits of each would wrap to nothing. */
	b = (struct buf){ 0 };
	p.remainder = 0xffff;
	put_portion(&b, &p, chain);
	p.offset = 200;
	p.portion = 100;
	p.remainder = 0xff9b;
	put_portion(&b, &p, chain);
	refused(&b, DA_F_BETWEEN_FORM);
}
END_TEST

START_TEST(another_chain)
{
	struct buf b;

	start(0x12, false);
	b = whole(200);
	ck_assert(read_it(&b));
	/* The digest is of this chain, and a portion is not. */
	b.p[b.n - 1] ^= 1;
	ck_assert(read_it(&b));
	ck_assert(!da_between_is_of(&between, &vca, HASH, 0, chain, &fault));
	ck_fault(fault, DA_F_BETWEEN_CHAIN);
	ck_assert_uint_eq(fault.offset, b.n - 100);
	/* And the other way about. */
	b = whole(200);
	b.p[8] ^= 1;
	ck_assert(read_it(&b));
	ck_assert(!da_between_is_of(&between, &vca, HASH, 0, chain, &fault));
	ck_fault(fault, DA_F_BETWEEN_CHAIN);
	/* A slot without a digest, and one that there cannot be. */
	b = whole(200);
	ck_assert(read_it(&b));
	ck_assert(!da_between_is_of(&between, &vca, HASH, 2, chain, &fault));
	ck_assert(!da_between_is_of(&between, &vca, HASH, 8, chain, &fault));
	/* More or fewer bytes than the chain has. */
	b = (struct buf){ 0 };
	put_portions(&b, portion(), 200, chain);
	ck_assert(read_it(&b));
	chain.n--;
	ck_assert(!da_between_is_of(&between, &vca, HASH, 0, chain, &fault));
	ck_fault(fault, DA_F_BETWEEN_CHAIN);
	chain.n -= 99;		/* 200 of the 300 that were read */
	ck_assert(!da_between_is_of(&between, &vca, HASH, 0, chain, &fault));
	ck_fault(fault, DA_F_BETWEEN_CHAIN);
	b = (struct buf){ 0 };
	put_portions(&b, portion(), 200, chain);
	ck_assert(read_it(&b));
	chain.n = CHAIN_SIZE;	/* and 200 read of 300 */
	ck_assert(!da_between_is_of(&between, &vca, HASH, 0, chain, &fault));
	ck_fault(fault, DA_F_BETWEEN_CHAIN);
	/* Portions of another slot are nobody's business here. */
	ck_assert(da_between_is_of(&between, &vca, HASH, 1, chain, &fault));
}
END_TEST

/* A slot whose digest is not there cannot be read; two may be. */
START_TEST(several_slots)
{
	struct portion_plan p;
	struct buf b;

	start(0x12, false);
	b = whole(200);
	p = portion();
	p.slot = 1;
	put_portions(&b, p, 150, chain);
	ck_assert(read_it(&b));
	p.slot = 2;
	put_portions(&b, p, 150, chain);
	refused(&b, DA_F_BETWEEN_FORM);
}
END_TEST

START_TEST(large_form)
{
	struct portion_plan p;
	struct buf b = { 0 };

	start(0x14, false);
	p = portion();
	p.large = true;
	put_portions(&b, p, 128, chain);
	ck_assert(read_it(&b));
	ck_assert(da_between_is_of(&between, &vca, HASH, 0, chain, &fault));
	for (size_t n = 1; n < 16 + 16 + 128; n++) {
		ck_assert(!da_between_read(prefix(buf_slice(&b), n), &vca,
		    HASH, &between, &fault));
		ck_fault(fault, DA_F_SHORT);
	}
	refused_with(&b, 16 + 2, 0, DA_F_BETWEEN_FORM);	/* small answer */
	refused_with(&b, 8, 1, DA_F_BETWEEN_FORM);	/* LargeOffset */
	refused_with(&b, 12, 127, DA_F_BETWEEN_FORM);	/* LargeLength */
	refused_with(&b, 16 + 8, 0, DA_F_BETWEEN_FORM);
	refused_with(&b, 16 + 12 + 3, 1, DA_F_BETWEEN_FORM);
	vca.responder_caps = DA_CAP_CERT;
	refused(&b, DA_F_CAPABILITY);
	/* Below 1.4 the bit is reserved, and lengths have 16 bits. */
	start(0x13, false);
	b = (struct buf){ 0 };
	put_portions(&b, portion(), 200, chain);
	set8(&b, 2, 0x80);
	ck_assert(read_it(&b));
	start(0x14, false);
	b = (struct buf){ 0 };
	put_portions(&b, portion(), 200, chain);
	refused_with(&b, 8 + 2, 0x80, DA_F_BETWEEN_FORM);
}
END_TEST

/* SPDM 1.3: how long is it?  The answer has no byte of the chain. */
START_TEST(only_the_size)
{
	struct portion_plan p;
	struct buf b = { 0 };

	start(0x13, false);
	p = portion();
	p.remainder = CHAIN_SIZE;
	put_portion(&b, &p, chain);
	set8(&b, 3, 1);
	put_portions(&b, portion(), 200, chain);
	ck_assert(read_it(&b));
	ck_assert(da_between_is_of(&between, &vca, HASH, 0, chain, &fault));
	refused_with(&b, 12, 1, DA_F_BETWEEN_FORM);
	refused_with(&b, 3, 0, DA_F_BETWEEN_FORM);
	/* In the middle of a chain nobody asks. */
	refused_with(&b, 16 + 216 + 3, 1, DA_F_BETWEEN_FORM);
	start(0x12, false);
	for (size_t at = 0; at < b.n; at++)
		if (b.p[at] == 0x13 && (at == 0 || at == 8 || at == 16 ||
		    at == 24 || at == 232 || at == 240))
			set8(&b, at, 0x12);
	refused(&b, DA_F_BETWEEN_FORM);
}
END_TEST

START_TEST(real_one)
{
	struct da_slice raw, certs;

	if (!load("libspdm/v1.2-p384-challenge/digests_certs.bin", &raw) ||
	    !load("libspdm/v1.2-p384-challenge/certchain.bin", &certs))
		return;
	start(0x12, false);
	ck_assert(da_between_read(raw, &vca, DA_HASH_SHA384, &between,
	    &fault));
	ck_assert(between.has_digests);
	ck_assert(da_between_is_of(&between, &vca, DA_HASH_SHA384, 0, certs,
	    &fault));
	for (size_t n = 1; n < raw.n; n++)
		ck_assert(!da_between_read(prefix(raw, n), &vca,
		    DA_HASH_SHA384, &between, &fault) || n == 56);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("between");
	TCase *t = tcase_create("between");

	tcase_add_test(t, every_version);
	tcase_add_test(t, parts_of_it);
	tcase_add_test(t, several_keys);
	tcase_add_test(t, key_facts);
	tcase_add_test(t, masks);
	tcase_add_test(t, every_prefix_is_malformed);
	tcase_add_test(t, order_of_messages);
	tcase_add_test(t, portions);
	tcase_add_test(t, another_chain);
	tcase_add_test(t, several_slots);
	tcase_add_test(t, large_form);
	tcase_add_test(t, only_the_size);
	tcase_add_test(t, real_one);
	suite_add_tcase(s, t);
	return run_suite(s);
}
