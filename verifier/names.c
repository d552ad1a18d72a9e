/* SPDX-License-Identifier: Apache-2.0 */
#include "names.h"

#include <stdio.h>

#include "derwalk.h"
#include "dmtf.h"

static const uint8_t subject_alt_name[] = { 0x55, 0x1d, 0x11 };
static const uint8_t pci_cma[] = { 0x67, 0x81, 0x13 };	/* 2.23.147 */

#define EXPLICIT_0	0xa0

/* -- the names that are kept: UTF8String, printable ASCII, once each -- */

static bool
is_printable(struct da_slice text)
{
	for (size_t i = 0; i < text.n; i++)
		if (text.p[i] < 0x20 || text.p[i] > 0x7e)
			return false;
	return text.n > 0;
}

static void
keep_name(struct da_der *d, struct da_slice *name)
{
	struct da_slice text = da_der_take(d, DA_DER_UTF8_STRING);

	if (name->n > 0 || !is_printable(text))
		da_der_refuse(d, DA_F_SAN_FORM);
	*name = text;
}

/* OtherName, its own tag read: type-id, and any one element under [0]. */
static void
read_other_name(struct da_der *d, struct da_names *names)
{
	struct da_slice oid = da_der_oid(d);
	struct da_der value = da_der_enter(d, EXPLICIT_0);

	if (da_slice_eq(oid, da_slice_of(pci_cma, sizeof(pci_cma))))
		keep_name(&value, &names->pci);
	else if (da_oid_is_dmtf(oid, DMTF_DEVICE_INFO))
		keep_name(&value, &names->device_info);
	else
		da_der_element(&value);
	da_der_leave(d, &value);
}

/* -- the others, which name nothing here but have a form all the same -- */

static void
read_ia5(struct da_der *d, struct da_names *names)
{
	struct da_slice text = da_rest(&d->c);

	(void)names;
	if (text.n == 0)
		da_der_refuse(d, DA_F_SAN_FORM);
	for (size_t i = 0; i < text.n; i++)
		if (text.p[i] >= 0x80)
			da_der_refuse(d, DA_F_SAN_FORM);
}

static void
read_address(struct da_der *d, struct da_names *names)
{
	size_t n = da_rest(&d->c).n;

	(void)names;
	if (n != 4 && n != 16)
		da_der_refuse(d, DA_F_SAN_FORM);
}

static void
read_directory_name(struct da_der *d, struct da_names *names)
{
	(void)names;
	da_x509_name(d);
}

static void
read_registered_id(struct da_der *d, struct da_names *names)
{
	(void)names;
	if (!da_is_oid(da_rest(&d->c)))
		da_der_refuse(d, DA_F_SAN_FORM);
}

/* x400Address and ediPartyName: nobody reads them, so elements they must be. */
static void
read_elements(struct da_der *d, struct da_names *names)
{
	(void)names;
	do
		da_der_element(d);
	while (da_der_peek(d) != 0);
}

/* GeneralName (RFC 5280 4.2.1.6): a CHOICE of implicit tags. */
static const struct {
	uint8_t tag;
	void (*read)(struct da_der *, struct da_names *);
} kinds[] = {
	{ 0xa0, read_other_name },
	{ 0x81, read_ia5 },		/* rfc822Name */
	{ 0x82, read_ia5 },		/* dNSName */
	{ 0xa3, read_elements },	/* x400Address */
	{ 0xa4, read_directory_name },
	{ 0xa5, read_elements },	/* ediPartyName */
	{ 0x86, read_ia5 },		/* uniformResourceIdentifier */
	{ 0x87, read_address },
	{ 0x88, read_registered_id },
};

static void
read_general_name(struct da_der *d, struct da_names *names)
{
	uint8_t tag = da_der_peek(d);
	struct da_der in;

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (kinds[i].tag != tag)
			continue;
		in = da_der_enter(d, tag);
		kinds[i].read(&in, names);
		da_der_leave(d, &in);
		return;
	}
	da_der_refuse(d, DA_F_SAN_FORM);
}

static bool
read_general_names(struct da_slice value, struct da_names *ret)
{
	struct da_der d = da_der_over(da_cur_of(value), DA_PART_NONE);
	struct da_der list = da_der_enter(&d, DA_DER_SEQUENCE);

	*ret = (struct da_names){ 0 };
	do
		read_general_name(&list, ret);
	while (da_der_peek(&list) != 0);
	da_der_leave(&d, &list);
	return da_der_ok(&d) && da_all_read(&d.c);
}

bool
da_names_read(const struct da_cert *cert, struct da_names *ret,
    struct da_fault *reterr)
{
	const struct da_extension *san = da_cert_extension(cert,
	    da_slice_of(subject_alt_name, sizeof(subject_alt_name)));
	struct da_names names = { 0 };

	if (san != NULL && !read_general_names(san->value, &names))
		return da_refuse(reterr, DA_F_SAN_FORM, DA_PART_CHAIN,
		    san->at);
	*ret = names;
	return true;
}

void
da_pci_name(const struct da_pci *pci, char *buf, size_t size)
{
	char serial[18] = "";

	if (pci->has_serial == 1)
		snprintf(serial, sizeof(serial), ":%016llx",
		    (unsigned long long)pci->serial);
	snprintf(buf, size, "Vendor=%04x:Device=%04x:CC=%06x:REV=%02x:"
	    "SSVID=%04x:SSID=%04x%s", pci->vendor, pci->device,
	    pci->class_code, pci->revision, pci->subsystem_vendor,
	    pci->subsystem_device, serial);
}
