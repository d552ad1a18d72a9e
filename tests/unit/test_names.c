/* SPDX-License-Identifier: Apache-2.0 */
/* subjectAltName, and the two names in it that say which device it is. */
#include "der.h"
#include "verifier/derwalk.h"
#include "verifier/names.h"

#define SAN BYTES("\x55\x1d\x11")
#define CMA BYTES("\x67\x81\x13")
#define INFO BYTES("\x2b\x06\x01\x04\x01\x83\x1c\x82\x12\x01")
#define PCI_TEXT "Vendor=10de:Device=2330:CC=030200:REV=a1:SSVID=10de:SSID=16c1"
#define INFO_TEXT "NVIDIA:GH100:0123456789"

static struct da_names names;
static struct da_fault fault;

/* OtherName with a UTF8String. */
static struct da_slice
other_name(struct da_slice oid, struct da_slice text)
{
	return tlv(0xa0, join(tlv(0x06, oid), tlv(0xa0, tlv(0x0c, text))));
}

static struct da_slice
pci(void)
{
	return other_name(CMA, BYTES(PCI_TEXT));
}

static struct da_slice
info(void)
{
	return other_name(INFO, BYTES(INFO_TEXT));
}

/* A certificate whose subjectAltName has this value. */
static bool
read_value(struct da_slice value)
{
	static struct da_cert cert;
	struct parts p = valid_parts();
	struct da_slice der;
	struct da_der d;

	p.extensions = extensions(extension(SAN, false, value));
	der = cert_of(&p);
	d = da_der_over(da_cur_of(exact(der, der.n)), DA_PART_CHAIN);
	ck_assert(da_cert_read(&d, &cert));
	memset(&names, 0xee, sizeof(names));
	if (da_names_read(&cert, &names, &fault))
		return true;
	ck_fault(fault, DA_F_SAN_FORM);
	ck_assert_uint_eq(fault.offset, cert.ext[0].at);
	ck_assert_uint_eq(names.pci.n & 0xff, 0xee);	/* not half */
	return false;
}

static bool
reads(struct da_slice list)
{
	return read_value(tlv(0x30, list));
}

START_TEST(both_names)
{
	ck_assert(reads(join(pci(), info())));
	ck_assert(da_slice_eq(names.pci, BYTES(PCI_TEXT)));
	ck_assert(da_slice_eq(names.device_info, BYTES(INFO_TEXT)));
	ck_assert(reads(info()));
	ck_assert_uint_eq(names.pci.n, 0);
	ck_assert(da_slice_eq(names.device_info, BYTES(INFO_TEXT)));
	ck_assert(reads(other_name(BYTES("\x2a\x03"), BYTES("x"))));
	ck_assert_uint_eq(names.pci.n, 0);
	ck_assert_uint_eq(names.device_info.n, 0);
}
END_TEST

START_TEST(without_one)
{
	struct da_cert cert = { 0 };

	ck_assert(da_names_read(&cert, &names, &fault));
	ck_assert_uint_eq(names.pci.n, 0);
	ck_assert_uint_eq(names.device_info.n, 0);
}
END_TEST

START_TEST(other_kinds)
{
	const struct {
		struct da_slice name;
		bool reads;
	} rows[] = {
		{ BYTES("\x81\x03" "a@b"), true },
		{ BYTES("\x82\x03" "a.b"), true },
		{ BYTES("\x86\x03" "a:b"), true },
		{ BYTES("\x82\x00"), false },
		{ BYTES("\x82\x02" "a\x80"), false },
		{ BYTES("\x87\x04" "\x01\x02\x03\x04"), true },
		{ BYTES("\x87\x10" "0123456789abcdef"), true },
		{ BYTES("\x87\x08" "01234567"), false },	/* with a mask */
		{ BYTES("\x88\x02\x2a\x03"), true },
		{ BYTES("\x88\x02\x2a\x83"), false },
		{ BYTES("\x88\x00"), false },
		{ BYTES("\xa4\x02\x30\x00"), true },
		{ BYTES("\xa4\x00"), false },
		{ BYTES("\xa4\x04\x30\x02\x31\x00"), false },
		{ BYTES("\xa3\x02\x30\x00"), true },
		{ BYTES("\xa5\x02\x81\x00"), true },
		{ BYTES("\xa5\x00"), false },
		/* No GeneralName has these tags. */
		{ BYTES("\x80\x01" "a"), false },
		{ BYTES("\x89\x01" "a"), false },
		{ BYTES("\x84\x02\x30\x00"), false },
		{ BYTES("\xa2\x03" "a.b"), false },
		{ BYTES("\x0c\x01" "a"), false },
		{ BYTES("\x00\x00"), false },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		ck_assert_msg(reads(rows[i].name) == rows[i].reads,
		    "row %zu", i);
		/* And beside the names that are kept. */
		ck_assert(reads(join(pci(), rows[i].name)) == rows[i].reads);
		ck_assert(reads(join(rows[i].name, pci())) == rows[i].reads);
	}
}
END_TEST

START_TEST(form_of_a_name)
{
	struct da_slice text = tlv(0x0c, BYTES("x"));
	struct da_slice oid = tlv(0x06, CMA);

	ck_assert(reads(tlv(0xa0, join(oid, tlv(0xa0, text)))));
	/* Another string type; no text; text that is not printable. */
	ck_assert(!reads(tlv(0xa0, join(oid, tlv(0xa0, BYTES("\x16\x01x"))))));
	ck_assert(!reads(other_name(CMA, BYTES(""))));
	ck_assert(!reads(other_name(CMA, BYTES("a\nb"))));
	ck_assert(!reads(other_name(CMA, BYTES("a\0b"))));
	ck_assert(!reads(other_name(INFO, BYTES("a\x7f"))));
	ck_assert(!reads(other_name(INFO, BYTES("\xc3\xa4"))));
	/* Something behind the text, the value, or in front of the OID. */
	ck_assert(!reads(tlv(0xa0, join(oid, tlv(0xa0, join(text, text))))));
	ck_assert(!reads(tlv(0xa0, join(join(oid, tlv(0xa0, text)), text))));
	ck_assert(!reads(tlv(0xa0, join(text, join(oid, tlv(0xa0, text))))));
	ck_assert(!reads(tlv(0xa0, join(oid, text))));
	ck_assert(!reads(tlv(0xa0, oid)));
	/* Of a name that nobody reads the form counts all the same. */
	ck_assert(!reads(tlv(0xa0, join(tlv(0x06, BYTES("\x2a\x03")),
	    tlv(0xa0, BYTES(""))))));
}
END_TEST

START_TEST(twice_is_refused)
{
	ck_assert(!reads(join(pci(), pci())));
	ck_assert(!reads(join(info(), info())));
	ck_assert(!reads(join(info(), join(pci(), info()))));
	/* RFC 5280 4.2.1.6: SIZE (1..MAX). */
	ck_assert(!read_value(BYTES("\x30\x00")));
	ck_assert(!read_value(BYTES("")));
	ck_assert(!read_value(join(tlv(0x30, pci()), BYTES("\x05\x00"))));
	ck_assert(!read_value(tlv(0x31, pci())));
}
END_TEST

START_TEST(every_prefix_is_refused)
{
	struct da_slice value = tlv(0x30, join(pci(), info()));

	ck_assert(read_value(value));
	for (size_t n = 0; n < value.n; n++)
		ck_assert(!read_value(exact(value, n)));
}
END_TEST

START_TEST(every_byte_changed)
{
	struct da_slice value = tlv(0x30, join(pci(), info()));
	unsigned int still_read = 0;

	for (size_t at = 0; at < value.n; at++)
		for (unsigned int flip = 1; flip < 256; flip += 3) {
			struct buf b = buf_copy(value);

			set8(&b, at, value.p[at] ^ flip);
			still_read += read_value(buf_slice(&b)) ? 1 : 0;
		}
	ck_assert_uint_gt(still_read, 0);
}
END_TEST

START_TEST(name_of_a_function)
{
	struct da_pci ids = { .vendor = 0x10de, .device = 0x2330,
	    .subsystem_vendor = 0x10de, .subsystem_device = 0x16c1,
	    .class_code = 0x030200, .revision = 0xa1, .has_revision = 1 };
	char text[DA_PCI_NAME_SIZE];

	da_pci_name(&ids, text, sizeof(text));
	ck_assert_str_eq(text, PCI_TEXT);
	ck_assert_int_eq(strncmp(text + DA_PCI_NAME_REVISION, "a1:", 3), 0);
	ids.has_serial = 1;
	ids.serial = UINT64_C(0x00aabbccddeeff01);
	da_pci_name(&ids, text, sizeof(text));
	ck_assert_str_eq(text, PCI_TEXT ":00aabbccddeeff01");
	ck_assert_str_eq(text + DA_PCI_NAME_SERIAL, "00aabbccddeeff01");
	ck_assert_uint_eq(strlen(text), DA_PCI_NAME_SIZE - 1);
}
END_TEST

/* NVIDIA's leaf names its chip. */
START_TEST(real_ones)
{
	static const struct {
		const char *file, *begins;
	} rows[] = {
		{ "nvidia/hopper-a/certchain_leaf_first.der", "NVIDIA:GH100:" },
		{ "nvidia/blackwell/certchain_leaf_first.der",
		    "NVIDIA:GB100:" },
		{ "nvidia/ls10-switch/certchain_leaf_first.der",
		    "NVIDIA:LS_10:" },
	};
	struct da_slice file, head;
	struct da_cert cert;
	struct da_der d;

	for (size_t i = 0; i < 3 && load(rows[i].file, &file); i++) {
		d = da_der_over(da_cur_of(file), DA_PART_CHAIN);
		ck_assert(da_cert_read(&d, &cert));
		ck_assert(da_names_read(&cert, &names, &fault));
		ck_assert(da_slice_cut(names.device_info, 0,
		    strlen(rows[i].begins), &head));
		ck_assert(da_slice_eq(head, da_slice_str(rows[i].begins)));
		ck_assert_uint_eq(names.pci.n, 0);
	}
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("names");
	TCase *t = tcase_create("names");

	tcase_set_timeout(t, 60);
	tcase_add_test(t, both_names);
	tcase_add_test(t, without_one);
	tcase_add_test(t, other_kinds);
	tcase_add_test(t, form_of_a_name);
	tcase_add_test(t, twice_is_refused);
	tcase_add_test(t, every_prefix_is_refused);
	tcase_add_test(t, every_byte_changed);
	tcase_add_test(t, name_of_a_function);
	tcase_add_test(t, real_ones);
	suite_add_tcase(s, t);
	return run_suite(s);
}
