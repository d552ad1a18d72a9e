/* SPDX-License-Identifier: Apache-2.0 */
#include "wire.h"

#include <stdio.h>
#include <string.h>

#include "verifier/caps.h"

static const uint8_t magic[4] = { 0x44, 0x41, 0x52, 0x51 };

enum request_field {
	AT_MAGIC = 0,
	AT_VERSION = 4,
	AT_RESERVED = 6,
	AT_WANTED = 8,
	AT_DEVICE = 12,
	AT_NONCE = 16,
	AT_ID = 48,
	AT_PATH = 56
};

/*
 * -- devattest-wire(7): little-endian whatever this machine is --
 *
 * Not by the cursor of the guest's verifier: the host side has this file and
 * links nothing of the guest.  Bounded all the same: `in` is a message of fixed
 * size, `at` and `n` are constants of its table, and no byte of a message is
 * ever an index or a length here.
 */

static void
put(uint8_t *out, size_t at, size_t n, uint64_t v)
{
	for (size_t i = 0; i < n; i++)
		out[at + i] = (uint8_t)(v >> (8 * i));
}

static uint64_t
get(const uint8_t *in, size_t at, size_t n)
{
	uint64_t v = 0;

	for (size_t i = n; i > 0; i--)
		v = v << 8 | in[at + i - 1];
	return v;
}

void
da_wire_put_request(const struct da_wire_request *request,
    uint8_t out[DA_WIRE_REQUEST_SIZE])
{
	memset(out, 0, DA_WIRE_REQUEST_SIZE);
	memcpy(out + AT_MAGIC, magic, sizeof(magic));
	put(out, AT_VERSION, 2, DA_WIRE_VERSION);
	put(out, AT_WANTED, 4, request->wanted);
	put(out, AT_DEVICE, 4, request->device);
	memcpy(out + AT_NONCE, request->nonce, sizeof(request->nonce));
	put(out, AT_ID, 8, request->id);
	memcpy(out + AT_PATH, request->path, sizeof(request->path));
}

bool
da_wire_get_request(const uint8_t in[DA_WIRE_REQUEST_SIZE],
    struct da_wire_request *ret)
{
	struct da_wire_request r;

	if (memcmp(in + AT_MAGIC, magic, sizeof(magic)) != 0 ||
	    get(in, AT_VERSION, 2) != DA_WIRE_VERSION ||
	    get(in, AT_RESERVED, 2) != 0)
		return false;
	r.wanted = (uint32_t)get(in, AT_WANTED, 4);
	r.device = (uint32_t)get(in, AT_DEVICE, 4);
	memcpy(r.nonce, in + AT_NONCE, sizeof(r.nonce));
	r.id = get(in, AT_ID, 8);
	memcpy(r.path, in + AT_PATH, sizeof(r.path));
	*ret = r;
	return true;
}

void
da_wire_put_head(const struct da_wire_head *head,
    uint8_t out[DA_WIRE_HEAD_SIZE])
{
	put(out, 0, 2, head->type);
	put(out, 2, 2, head->shape);
	put(out, 4, 4, head->length);
	put(out, 8, 8, head->id);
}

void
da_wire_get_head(const uint8_t in[DA_WIRE_HEAD_SIZE],
    struct da_wire_head *ret)
{
	ret->type = (uint16_t)get(in, 0, 2);
	ret->shape = (uint16_t)get(in, 2, 2);
	ret->length = (uint32_t)get(in, 4, 4);
	ret->id = get(in, 8, 8);
}

bool
da_wire_wants(uint32_t wanted, uint16_t type)
{
	if (type >= DA_WIRE_COLLATERAL)
		return true;
	if (type >= DA_WIRE_DEVICE_INFO)
		return (wanted & DA_WIRE_WANT_MORE) != 0;
	return type <= DA_WIRE_REPORT && (wanted >> type & 1) != 0;
}

/*
 * Ranges of types in ascending order; a gap is a type that does not exist.
 * Collateral has no cap of its own, only that of the whole answer: a version
 * that does not know it skips it.
 */
static const struct cap {
	uint16_t first, last;
	uint32_t bytes;
} caps[] = {
	{ DA_WIRE_CHAIN_FIRST, DA_WIRE_CHAIN_LAST, DA_MAX_CHAIN },
	{ DA_WIRE_VCA, DA_WIRE_VCA, DA_MAX_VCA },
	{ DA_WIRE_MEASUREMENTS, DA_WIRE_MEASUREMENTS, DA_MAX_MEAS },
	{ DA_WIRE_REPORT, DA_WIRE_REPORT, DA_MAX_REPORT },
	{ DA_WIRE_DEVICE_INFO, DA_WIRE_DEVICE_INFO, DA_MAX_MEAS },
	{ DA_WIRE_CHALLENGE, DA_WIRE_CHALLENGE, DA_MAX_CHALLENGE },
	{ DA_WIRE_DIGESTS_CERTS, DA_WIRE_DIGESTS_CERTS, DA_MAX_BETWEEN },
	{ DA_WIRE_MEL, DA_WIRE_MEL, DA_MAX_LOG },
	{ DA_WIRE_MEL + 1, DA_WIRE_COLLATERAL - 1, DA_MAX_MEAS },
	{ DA_WIRE_COLLATERAL, DA_WIRE_FAILURE - 1, DA_WIRE_MAX_ANSWER },
	{ DA_WIRE_FAILURE, DA_WIRE_FAILURE, 4 },
};

uint32_t
da_wire_cap(uint16_t type)
{
	for (size_t i = 0; i < sizeof(caps) / sizeof(caps[0]); i++)
		if (type >= caps[i].first && type <= caps[i].last)
			return caps[i].bytes;
	return 0;
}

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* The digits before the dot, as one number. */
static bool
digits(const char *text, uint32_t *ret)
{
	static const char form[] = "xxxx:xx:xx.x";
	uint32_t v = 0;

	if (strlen(text) != sizeof(form) - 1)
		return false;
	for (size_t i = 0; form[i] != '\0'; i++) {
		int d = hex_digit(text[i]);

		if (form[i] == 'x' ? d < 0 : text[i] != form[i])
			return false;
		if (form[i] == 'x' && form[i + 1] != '\0')
			v = v << 4 | (uint32_t)d;
	}
	*ret = v;
	return true;
}

bool
da_wire_parse_bdf(const char *text, uint32_t *ret)
{
	uint32_t v;
	int function;

	if (!digits(text, &v))
		return false;
	function = hex_digit(text[11]);
	if (function > 7 || (v & 0xff) > 0x1f)
		return false;
	*ret = (v >> 8) << 8 | (v & 0x1f) << 3 | (uint32_t)function;
	return true;
}

void
da_wire_format_bdf(uint32_t device, char out[16])
{
	snprintf(out, 16, "%04x:%02x:%02x.%x", device >> 16 & 0xffff,
	    device >> 8 & 0xff, device >> 3 & 0x1f, device & 7);
}
