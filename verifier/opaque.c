/* SPDX-License-Identifier: Apache-2.0 */
#include "opaque.h"

#include "spdm_vca.h"

#define FORMAT_BITS	0x0f	/* of OtherParams */
#define SELECTS_FMT0	0x01
#define SELECTS_FMT1	0x02

#define ALIGNMENT	4u	/* of each element, and so of the whole */

static const char *const registries[] = {
	"dmtf", "tcg", "usb", "pci-sig", "iana", "hdbaset", "mipi", "cxl",
	"jedec", "vesa", "iana-cbor", "dmtf-dsp",
};

const char *
da_registry_name(uint8_t registry)
{
	size_t n = sizeof(registries) / sizeof(registries[0]);

	return registry < n ? registries[registry] : NULL;
}

enum da_opaque_format
da_opaque_format(uint8_t version, uint8_t other_sel)
{
	if (version < DA_SPDM_12)
		return DA_OPAQUE_VENDOR;
	switch (other_sel & FORMAT_BITS) {
	case SELECTS_FMT0:
		return DA_OPAQUE_FMT0;
	case SELECTS_FMT1:
		return DA_OPAQUE_FMT1;
	default:
		return DA_OPAQUE_NONE;
	}
}

/* Zero bytes up to the next multiple of 4, from where the element began. */
static bool
padding_is_zero(struct da_cur *c, size_t from)
{
	size_t over = (c->at - from) % ALIGNMENT;

	return over == 0 ||
	    (da_slice_is_zero(da_take(c, ALIGNMENT - over)) && !c->bad);
}

/*
 * Every length is held against what is left before it is followed, and the
 * padding is part of the element: libspdm 6485badd, 9bf82b7d and 48cc0b3a read
 * past the end here.
 */
bool
da_opaque_next(struct da_cur *c, struct da_opaque_element *ret)
{
	size_t from = c->at;
	struct da_opaque_element e = { .registry = da_u8(c) };

	e.vendor = da_take(c, da_u8(c));
	e.data = da_take(c, da_le16(c));
	if (c->bad || !padding_is_zero(c, from) ||
	    da_registry_name(e.registry) == NULL)
		return false;
	*ret = e;
	return true;
}

/* Any positive count of elements (spdm-rs c26042c took one only). */
static bool
read_table(struct da_cur c, enum da_part part, struct da_opaque *ret,
    struct da_fault *reterr)
{
	struct da_opaque_element element;
	size_t at = c.at;

	ret->n = da_u8(&c);
	if (da_le24(&c) != 0 || c.bad || ret->n == 0)
		return da_refuse(reterr, DA_F_OPAQUE_FORM, part, at);
	at = c.at;
	for (unsigned int i = 0; i < ret->n; i++) {
		size_t from = c.at;

		if (!da_opaque_next(&c, &element))
			return da_refuse(reterr, DA_F_OPAQUE_FORM, part, from);
	}
	if (!da_all_read(&c))
		return da_refuse(reterr, DA_F_OPAQUE_FORM, part, c.at);
	ret->elements = da_since(&c, at);
	return true;
}

bool
da_opaque_read(struct da_cur c, enum da_part part,
    enum da_opaque_format format, struct da_opaque *ret,
    struct da_fault *reterr)
{
	struct da_cur whole = c;
	struct da_opaque opaque = { .format = format };

	opaque.raw = da_rest(&whole);
	/* Where no format was negotiated there is nothing to be said in one. */
	if (opaque.raw.n > 0 && format == DA_OPAQUE_NONE)
		return da_refuse(reterr, DA_F_OPAQUE_FORM, part, c.at);
	if (opaque.raw.n > 0 && format == DA_OPAQUE_FMT1 &&
	    !read_table(c, part, &opaque, reterr))
		return false;
	*ret = opaque;
	return true;
}
