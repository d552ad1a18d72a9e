/* SPDX-License-Identifier: Apache-2.0 */
#include "seeds.h"

#include "recipe.h"

#include "tests/unit/build_report.h"
#include "tests/unit/kit.h"
#include "tests/unit/makecrl.h"

static void
add(struct seeds *s, unsigned int knobs, bool has_knobs, struct da_slice part)
{
	struct buf b = { 0 };

	if (has_knobs)
		put8(&b, knobs);
	put_slice(&b, part);
	s->of[s->n++] = exact(buf_slice(&b), b.n);
}

/* Recipes and edits: no bytes are what holds. */
static const uint8_t zeros[192];

#define EDITS	32	/* bytes; all of them are read */

void
seeds_of_edits(struct seeds *ret)
{
	*ret = (struct seeds){ .n = 1 };
	ret->of[0] = da_slice_of(zeros, EDITS);
}

/* Certificates of real devices, where there are test data. */
static const char *const real[] = { "hopper-a", "blackwell", "ls10-switch" };

#define N_REAL (sizeof(real) / sizeof(real[0]))
#define SPDM_HEAD (4 + 48)	/* Length and RootHash, before the first */

static bool
load_real(size_t i, struct da_slice *ret)
{
	char path[128];

	snprintf(path, sizeof(path), "nvidia/%s/certchain_spdm_built.bin",
	    real[i]);
	return getenv("DEVATTEST_TESTDATA") != NULL && load(path, ret);
}

void
seeds_of_recipes(struct seeds *ret)
{
	struct da_slice chain, certs;

	*ret = (struct seeds){ 0 };
	while (ret->n < SEED_MAX - N_REAL)
		ret->of[ret->n++] = da_slice_of(zeros, sizeof(zeros));
	for (size_t i = 0; i < N_REAL; i++)
		if (load_real(i, &chain) && da_slice_cut(chain, SPDM_HEAD,
		    chain.n - SPDM_HEAD, &certs))
			add(ret, RECIPE_IS_DER, true, certs);
}

void
seeds_of_chain(struct seeds *ret)
{
	struct kit k;
	struct da_slice certs;

	*ret = (struct seeds){ 0 };
	kit_start(&k, 0x12, &kit_p384);
	add_extra(&k.leaf, "1.3.6.1.4.1.412.274.6", true, BYTES("\x30\x0e\x30"
	    "\x0c\x06\x0a\x2b\x06\x01\x04\x01\x83\x1c\x82\x12\x02"));
	add_extra(&k.leaf, "2.23.133.5.4.1", true, BYTES("\x30\x06\x80\x01V"
	    "\x83\x01\x07"));
	add_extra(&k.leaf, "2.5.29.17", false, BYTES("\x30\x17\xa0\x15\x06\x0a"
	    "\x2b\x06\x01\x04\x01\x83\x1c\x82\x12\x01\xa0\x07\x0c\x05" "A:B:C"));
	kit_make(&k);
	add(ret, 2, true, k.bundle.part[DA_PART_CHAIN]);
	da_slice_cut(k.bundle.part[DA_PART_CHAIN], 52,
	    k.bundle.part[DA_PART_CHAIN].n - 52, &certs);
	add(ret, 1, true, certs);
	for (size_t i = 0; i < N_REAL; i++)
		if (load_real(i, &certs))
			add(ret, 2, true, certs);
}

void
seeds_of_vca(struct seeds *ret)
{
	struct vca_at at;

	*ret = (struct seeds){ 0 };
	for (unsigned int v = 0x10; v <= 0x14; v++) {
		struct vca_plan p = vca_plan((uint8_t)v);
		struct buf b = build_vca(&p, &at);

		add(ret, 0, false, buf_slice(&b));
	}
}

void
seeds_of_measurements(struct seeds *ret)
{
	struct kit k;

	*ret = (struct seeds){ 0 };
	for (unsigned int v = 0x10; v <= 0x14; v++) {
		kit_start(&k, (uint8_t)v, &kit_p384);
		kit_make(&k);
		add(ret, v - 0x0f, true, k.bundle.part[DA_PART_MEASUREMENTS]);
	}
}

/* One for each reader, in the order of fuzz_signed()'s knob. */
void
seeds_of_signed(struct seeds *ret)
{
	static const struct da_range ranges[] = { { 0x100, 2, 0, 0 },
	    { 0x103, 1, DA_RANGE_NON_TEE, 0 }, { 7, 4, 0, 2 } };
	struct buf report = build_report(ranges, 3);

	*ret = (struct seeds){ 0 };
	add(ret, 0, true, BYTES("\2\0\0\0\x19\0\0\0\0\0\0\0\0\0\0\0"
	    "\1\0\0\0\x11\0\0\0\x89\1\0x" "\2\0\0\0\x11\0\0\0\x84\2\0yz"));
	add(ret, 1, true, BYTES("\2\0\0\0" "\3\2\xde\x10\3\0abc\0\0\0"
	    "\0\0\0\0"));
	add(ret, 2, true, BYTES("\6\0\x8\0\0t\0\x96 \0\0\0" "\3\0\7\0"
	    "575.32\0" "\x34\x12\1\0x"));
	add(ret, 3, true, buf_slice(&report));
}

void
seeds_of_crl(struct seeds *ret)
{
	struct crl_plan plan = crl_plan("issuer", new_key("P-384"));

	*ret = (struct seeds){ 0 };
	add(ret, 0, false, make_crl(&plan));
	plan.entries = tlv(0x30, join(crl_entry(BYTES("\x05"),
	    extension(REASON_CODE, false, BYTES("\x0a\x01\x01"))),
	    crl_entry(BYTES("\x00\x80\x01"), da_slice_of(NULL, 0))));
	add(ret, 0, false, make_crl(&plan));
}
