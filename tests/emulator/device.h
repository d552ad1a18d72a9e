/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A software SPDM device (emulated): what it negotiated, its certificate
 * chain, and measurements that it signs for anybody's nonce.  Knows nothing of
 * hosts, guests or TSMs.
 */
#ifndef EMU_DEVICE_H
#define EMU_DEVICE_H

#include "vendor.h"

struct emu_device {
	uint8_t version;	/* 0x12 or 0x13 */
	uint16_t number;	/* its serial number */
	/* What it says of itself, honestly; the owner knows the first. */
	uint32_t firmware;
	uint8_t svn;
	bool debugs;		/* a debug mode is in force */
	struct emu_identity leaf;
	struct emu_bytes vca, chain;
	uint8_t key_digest[48];
};

bool	emu_device_make(const struct emu_vendor *vendor, uint8_t version,
	    uint16_t number, struct emu_device *ret);
/*
 * Another key and certificate, with the name of a PCI function (PCIe CMA), or
 * without where that is NULL.
 */
bool	emu_device_rename(struct emu_device *device,
	    const struct emu_vendor *vendor, const char *pci_name);
void	emu_device_free(struct emu_device *device);
/* GET_MEASUREMENTS for all blocks, and the signed MEASUREMENTS. */
bool	emu_device_measure(const struct emu_device *device,
	    const uint8_t nonce[32], struct emu_bytes *ret);
/*
 * Appends the leaf key's signature over a transcript of that SPDM version,
 * with the context text of its kind.
 */
bool	emu_device_sign(const struct emu_device *device, uint8_t version,
	    const char *context, const struct da_slice *transcript, size_t n,
	    struct emu_bytes *ret);
/* Bytes of the GET_MEASUREMENTS in front of it. */
size_t	emu_request_size(uint8_t version);

#endif
