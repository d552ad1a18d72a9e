/* SPDX-License-Identifier: Apache-2.0 */
#include "device.h"

#include <stdio.h>
#include <string.h>

#include <openssl/ecdsa.h>

#include "blocks.h"

#define COORD	48u		/* bytes of r and of s on P-384 */
#define SPDM_13	0x13

static void
header(struct emu_bytes *b, uint8_t version, uint8_t code, uint8_t param1,
    uint8_t param2)
{
	const uint8_t h[4] = { version, code, param1, param2 };

	emu_put(b, h, sizeof(h));
}

/* Both messages carry 1.0, whatever is negotiated later (DSP0274 VERSION). */
static void
put_versions(struct emu_bytes *b)
{
	header(b, 0x10, 0x84, 0, 0);		/* GET_VERSION */
	header(b, 0x10, 0x04, 0, 0);		/* VERSION */
	emu_put_u8(b, 0);
	emu_put_u8(b, 2);
	emu_put_le(b, 0x1200, 2);
	emu_put_le(b, 0x1300, 2);
}

static void
put_capabilities(struct emu_bytes *b, uint8_t version)
{
	/* Requester: ENCRYPT, MAC, KEY_EX. */
	header(b, version, 0xe1, 0, 0);		/* GET_CAPABILITIES */
	emu_put_zero(b, 4);
	emu_put_le(b, 0x000002c0, 4);
	emu_put_le(b, 4608, 4);
	emu_put_le(b, 65536, 4);
	/* CERT, CHAL, MEAS with signature, MEAS_FRESH, and those three. */
	header(b, version, 0x61, 0, 0);		/* CAPABILITIES */
	emu_put_u8(b, 0);
	emu_put_u8(b, 16);
	emu_put_zero(b, 2);
	emu_put_le(b, 0x000002f6, 4);
	emu_put_le(b, 4608, 4);
	emu_put_le(b, 65536, 4);
}

/* DHE secp384r1, AEAD AES-256-GCM, key schedule SPDM. */
static void
put_tables(struct emu_bytes *b)
{
	static const uint8_t tables[] = {
		2, 0x20, 0x10, 0x00, 3, 0x20, 0x02, 0x00, 5, 0x20, 0x01, 0x00,
	};

	emu_put(b, tables, sizeof(tables));
}

static void
put_algorithms(struct emu_bytes *b, uint8_t version)
{
	/* Offer: P-256 and P-384, SHA-256 and SHA-384. */
	header(b, version, 0xe3, 3, 0);		/* NEGOTIATE_ALGORITHMS */
	emu_put_le(b, 32 + 12, 2);
	emu_put_u8(b, 0x01);			/* DMTF measurements */
	emu_put_u8(b, 0x02);			/* OpaqueDataFmt1 */
	emu_put_le(b, 0x090, 4);
	emu_put_le(b, 0x03, 4);
	emu_put_zero(b, 16);
	put_tables(b);
	/* Selection: ecdsa-p384, sha384, sha384 for measurements. */
	header(b, version, 0x63, 3, 0);		/* ALGORITHMS */
	emu_put_le(b, 36 + 12, 2);
	emu_put_u8(b, 0x01);
	emu_put_u8(b, 0x02);
	emu_put_le(b, 0x04, 4);
	emu_put_le(b, 0x080, 4);
	emu_put_le(b, 0x02, 4);
	emu_put_zero(b, 16);
	put_tables(b);
}

static bool
make_vca(uint8_t version, struct emu_bytes *ret)
{
	ret->n = 0;
	ret->full = false;
	put_versions(ret);
	put_capabilities(ret, version);
	put_algorithms(ret, version);
	return !ret->full;
}

/* DSP0274 certificate chain: Length, RootHash, root side first. */
static bool
make_chain(const struct emu_vendor *vendor, X509 *leaf, struct emu_bytes *ret)
{
	struct emu_bytes certs = { 0 }, root = { 0 };
	uint8_t root_hash[48];
	struct da_slice der;

	if (!emu_put_cert(&root, vendor->root.cert) ||
	    !emu_put_cert(&certs, vendor->root.cert) ||
	    !emu_put_cert(&certs, vendor->issuer.cert) ||
	    !emu_put_cert(&certs, leaf))
		return false;
	der = emu_slice(&root);
	if (!emu_sha384(&der, 1, root_hash))
		return false;
	ret->n = 0;
	ret->full = false;
	emu_put_le(ret, 4 + sizeof(root_hash) + certs.n, 2);
	emu_put_le(ret, 0, 2);
	emu_put(ret, root_hash, sizeof(root_hash));
	emu_put(ret, certs.p, certs.n);
	return !ret->full;
}

bool
emu_device_rename(struct emu_device *device, const struct emu_vendor *vendor,
    const char *pci_name)
{
	char serial[16];

	snprintf(serial, sizeof(serial), "%04u", device->number);
	emu_identity_free(&device->leaf);
	return emu_vendor_issue(vendor, serial, pci_name, &device->leaf) &&
	    make_chain(vendor, device->leaf.cert, &device->chain) &&
	    emu_key_digest(device->leaf.cert, device->key_digest);
}

bool
emu_device_make(const struct emu_vendor *vendor, uint8_t version,
    uint16_t number, struct emu_device *ret)
{
	memset(ret, 0, sizeof(*ret));
	ret->version = version;
	ret->number = number;
	ret->firmware = EMU_FIRMWARE;
	ret->svn = EMU_SVN;
	if (make_vca(version, &ret->vca) &&
	    emu_device_rename(ret, vendor, NULL))
		return true;
	emu_device_free(ret);
	return false;
}

void
emu_device_free(struct emu_device *device)
{
	emu_identity_free(&device->leaf);
}

size_t
emu_request_size(uint8_t version)
{
	return version >= SPDM_13 ? 45 : 37;
}

/*
 * Param1: a signature; Param2: all blocks.  The nonce and the slot stand in it
 * because a signature is asked for; the context from SPDM 1.3 on.
 */
static void
put_request(const struct emu_device *d, const uint8_t nonce[32],
    const uint8_t context[8], struct emu_bytes *b)
{
	header(b, d->version, 0xe0, 0x01, 0xff);	/* GET_MEASUREMENTS */
	emu_put(b, nonce, 32);
	emu_put_u8(b, 0);				/* slot */
	if (d->version >= SPDM_13)
		emu_put(b, context, 8);
}

/*
 * All but the signature.  The device's own nonce proves nothing to a verifier;
 * the format has it.
 */
static bool
put_response(const struct emu_device *d, const uint8_t context[8],
    struct emu_bytes *b)
{
	struct emu_bytes record = { 0 };
	uint8_t own_nonce[32], n;

	if (!emu_put_blocks(d, &record, &n))
		return false;
	emu_random(own_nonce, sizeof(own_nonce));
	/* Slot 0; content has not changed. */
	header(b, d->version, 0x60, 0, 0x20);		/* MEASUREMENTS */
	emu_put_u8(b, n);
	emu_put_le(b, record.n, 3);
	emu_put(b, record.p, record.n);
	emu_put(b, own_nonce, sizeof(own_nonce));
	emu_put_le(b, 0, 2);				/* no opaque data */
	if (d->version >= SPDM_13)
		emu_put(b, context, 8);
	return !b->full && !record.full;
}

/* DSP0274 signature generation: prefix, context, hash of the transcript. */
static bool
signed_message(uint8_t version, const char *context,
    const struct da_slice *transcript, size_t n, uint8_t ret[148])
{
	char prefix[17] = "dmtf-spdm-v1.x.*";
	size_t size = strlen(context);

	if (size > 36)
		return false;
	prefix[13] = (char)('0' + (version & 0x0f));
	memset(ret, 0, 100);
	for (size_t i = 0; i < 4; i++)
		memcpy(ret + 16 * i, prefix, 16);
	memcpy(ret + 100 - size, context, size);
	return emu_sha384(transcript, n, ret + 100);
}

/* r and s, big-endian, each of the curve's size. */
static bool
put_raw_signature(const unsigned char *der, size_t n, struct emu_bytes *b)
{
	ECDSA_SIG *sig = d2i_ECDSA_SIG(NULL, &der, (long)n);
	uint8_t raw[2 * COORD];
	bool ok = sig != NULL &&
	    BN_bn2binpad(ECDSA_SIG_get0_r(sig), raw, COORD) == COORD &&
	    BN_bn2binpad(ECDSA_SIG_get0_s(sig), raw + COORD, COORD) == COORD;

	ECDSA_SIG_free(sig);
	if (ok)
		emu_put(b, raw, sizeof(raw));
	return ok && !b->full;
}

/* ECDSA over the digest of the message above (DSP0274 from 1.2 on). */
bool
emu_device_sign(const struct emu_device *device, uint8_t version,
    const char *context, const struct da_slice *transcript, size_t n,
    struct emu_bytes *ret)
{
	uint8_t message[148];
	unsigned char der[128];
	size_t size = sizeof(der);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	bool ok = ctx != NULL &&
	    signed_message(version, context, transcript, n, message) &&
	    EVP_DigestSignInit(ctx, NULL, EVP_sha384(), NULL,
	    device->leaf.key) == 1 &&
	    EVP_DigestSign(ctx, der, &size, message, sizeof(message)) == 1;

	EVP_MD_CTX_free(ctx);
	return ok && put_raw_signature(der, size, ret);
}

/* L1/L2: the VCA, and the exchange that it ends. */
static bool
put_signature(const struct emu_device *d, struct emu_bytes *b)
{
	struct da_slice l1[2] = { emu_slice(&d->vca), emu_slice(b) };

	return emu_device_sign(d, d->version,
	    "responder-measurements signing", l1, 2, b);
}

bool
emu_device_measure(const struct emu_device *device, const uint8_t nonce[32],
    struct emu_bytes *ret)
{
	uint8_t context[8];

	emu_random(context, sizeof(context));
	ret->n = 0;
	ret->full = false;
	put_request(device, nonce, context, ret);
	return put_response(device, context, ret) &&
	    put_signature(device, ret);
}
