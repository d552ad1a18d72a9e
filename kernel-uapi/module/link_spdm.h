/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * An SPDM 1.2 and 1.3 requester over a device's DOE mailbox, for the host's
 * side: it collects what a guest wants to see, and believes nothing of it.
 */
#ifndef DEVATTEST_LINK_SPDM_H
#define DEVATTEST_LINK_SPDM_H

#include <linux/pci.h>
#include <linux/types.h>

#define LINK_OBJECT_MAX		4608	/* of a DOE object of QEMU */
#define LINK_TRANSFER_MIN	64
#define LINK_TRANSFER_MAX	(LINK_OBJECT_MAX - 8)
#define LINK_CHAIN_MAX		65536
#define LINK_MESSAGE_MAX	65536
#define LINK_VCA_MAX		4096
#define LINK_REPORT_MAX		65535
#define LINK_NONCE		32

struct link_blob {
	u8 *p;
	size_t n;
	size_t room;
};

/* Of one connection; slot 0. */
struct link_collection {
	struct link_blob vca;		/* GET_VERSION to ALGORITHMS */
	struct link_blob chain;		/* certificate chain structure */
	struct link_blob pairs;		/* GET_MEASUREMENTS, MEASUREMENTS */
	struct link_blob report;	/* interface report; n 0: none now */
};

/*
 * May sleep, for 20 seconds at most.  pdev->tsm is this module's: the caller
 * keeps it so.  Nothing is left in *ret on failure.
 */
int link_spdm_collect(struct pci_dev *pdev, const u8 *nonce, u32 transfer,
		      struct link_collection *ret);
void link_collection_free(struct link_collection *c);

#endif
