/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Each reader of hostile bytes by itself, with what may follow where it said
 * yes.  The sanitizers are the property: no byte is read that is not there.
 */
#include "targets.h"

#include "tests/unit/build.h"
#include "verifier/crl.h"
#include "verifier/dice.h"
#include "verifier/dmtf.h"
#include "verifier/mmio_map.h"
#include "verifier/names.h"
#include "verifier/nvidia.h"
#include "verifier/opaque.h"
#include "verifier/path.h"
#include "verifier/spdm_log.h"
#include "verifier/spdm_meas.h"
#include "verifier/spdm_vca.h"

/* The input, in memory that ends where it ends; until the next call. */
static struct da_slice
copy_of(const uint8_t *data, size_t n)
{
	return prefix(da_slice_of(data, n), n);
}

/* The first byte turns knobs, the rest is the part. */
static unsigned int
cut_knobs(struct da_slice *part)
{
	unsigned int knobs = part->n > 0 ? part->p[0] : 0;

	if (part->n > 0)
		da_slice_cut(*part, 1, part->n - 1, part);
	return knobs;
}

static void
look_at_cert(const struct da_cert *cert)
{
	static struct da_dice dice;
	struct da_names names;
	struct da_fault fault;
	char text[256];

	da_name_text(cert->subject, text, sizeof(text));
	da_name_text(cert->issuer, text, sizeof(text));
	da_dice_read(cert, &dice, &fault);
	da_names_read(cert, &names, &fault);
	da_spdm_ids_of(cert);
	da_cert_key_kind(cert, DA_SCHEME_NONE);
}

int
fuzz_chain(const uint8_t *data, size_t n)
{
	static struct da_chain chain;
	struct da_slice raw = copy_of(data, n);
	unsigned int knobs = cut_knobs(&raw);
	struct da_anchors anchors = { .n = 1 };
	struct da_oids none = { 0 };
	struct da_fault fault;

	if (!da_chain_parse(raw, knobs & 1 ? DA_CHAIN_DER : DA_CHAIN_SPDM,
	    knobs & 2 ? DA_HASH_SHA384 : DA_HASH_NONE, &chain, &fault))
		return 0;
	for (uint16_t i = 0; i < chain.n; i++)
		look_at_cert(&chain.cert[i]);
	anchors.der[0] = chain.cert[0].der;
	da_path_valid_at(&chain, &anchors, 0, &fault);
	da_leaf_fits(&chain, DA_ASYM_ECDSA_P384, 0x13, DA_MODEL_ALIAS,
	    &fault);
	return da_path_holds(&chain, &anchors, &none, &fault);
}

int
fuzz_vca(const uint8_t *data, size_t n)
{
	struct da_vca vca;
	struct da_algs algs;
	struct da_fault fault;

	if (!da_vca_parse(copy_of(data, n), &vca, &fault))
		return 0;
	da_vca_agrees(&vca, &fault);
	da_vca_measures(&vca, &fault);
	return da_vca_algs(&vca, &algs, &fault);
}

int
fuzz_measurements(const uint8_t *data, size_t n)
{
	static const uint8_t versions[] = { 0, 0x10, 0x11, 0x12, 0x13, 0x14,
	    0, 0 };
	static struct da_meas meas;
	static struct da_blocks blocks;
	struct da_slice raw = copy_of(data, n);
	unsigned int knobs = cut_knobs(&raw);
	struct da_fault fault;
	uint64_t svn;
	struct da_mode mode;

	if (!da_meas_read(raw, versions[knobs & 7], knobs & 8 ? 64 : 96, &meas,
	    &fault))
		return 0;
	if (!da_blocks_read(raw, &meas, DA_HASH_SHA384, &blocks, &fault))
		return 0;
	for (uint16_t i = 0; i < blocks.n; i++) {
		da_block_svn(&blocks.block[i], &svn);
		da_block_mode(&blocks.block[i], &mode);
	}
	return 1;
}

int
fuzz_crl(const uint8_t *data, size_t n)
{
	static const uint8_t serial[] = { 0x12, 0x34 };
	struct da_crl crl;
	struct da_fault fault;

	if (!da_crl_read(copy_of(data, n), &crl, &fault))
		return 0;
	da_crl_lists(&crl, da_slice_of(serial, sizeof(serial)));
	return 1;
}

static bool
reads_log(struct da_slice raw)
{
	static struct da_blocks blocks;
	static uint8_t zeros[48];
	struct da_fault fault;
	struct da_log log;
	bool all;

	blocks.n = 1;
	blocks.block[0] = (struct da_block){ 0x11, DA_MEAS_HEM, false,
	    da_slice_of(zeros, sizeof(zeros)) };
	if (!da_log_read(raw, &log, &fault))
		return false;
	da_log_gives(raw, &log, &blocks, DA_HASH_SHA384, &all, &fault);
	return true;
}

static bool
reads_opaque(struct da_slice raw)
{
	struct da_opaque_element element;
	struct da_opaque opaque;
	struct da_fault fault;
	struct da_cur c;

	if (!da_opaque_read(da_cur_of(raw), DA_PART_MEASUREMENTS,
	    DA_OPAQUE_FMT1, &opaque, &fault))
		return false;
	c = da_cur_of(opaque.elements);
	for (unsigned int i = 0; i < opaque.n; i++)
		da_opaque_next(&c, &element);
	return true;
}

static bool
reads_nvidia(struct da_slice raw)
{
	struct da_nvidia nvidia;
	struct da_fault fault;
	char text[DA_NV_TEXT];

	if (!da_nvidia_read(raw, &nvidia, &fault))
		return false;
	for (unsigned int type = 0; type < DA_NV_TYPES; type++)
		da_nvidia_text(&nvidia, (enum da_nv_type)type, text);
	return true;
}

static bool
reads_report(struct da_slice raw)
{
	static struct da_map map;
	struct da_ticket ticket = { .page_unit = DA_UNIT_PAGE,
	    .bar_base = DA_BASE_RELATIVE };
	struct da_report report;
	struct da_fault fault;

	for (size_t i = 0; i < DA_MAX_BARS; i++)
		ticket.pci.bar[i].size = UINT64_C(1) << (16 + 8 * i);
	return da_report_parse(raw, &report, &fault) &&
	    da_report_shape(raw, &report, &fault) &&
	    da_map_fit(raw, &report, &ticket, &map, &fault);
}

/* What is read once the signature, or the TSM's digest, has held. */
int
fuzz_signed(const uint8_t *data, size_t n)
{
	static bool (*const readers[])(struct da_slice) = { reads_log,
	    reads_opaque, reads_nvidia, reads_report };
	struct da_slice raw = copy_of(data, n);
	unsigned int knobs = cut_knobs(&raw);

	return readers[knobs & 3](raw);
}
