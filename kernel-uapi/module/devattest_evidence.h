/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The store behind the family "device-evidence", which devattest.ko registers
 * only where the kernel has none of its own.  In a guest it holds the pushed
 * report and the TSM's digests; on a host a link TSM driver fills it with what
 * it collected for a caller's nonce.
 */
#ifndef DEVATTEST_EVIDENCE_H
#define DEVATTEST_EVIDENCE_H

#include <linux/pci.h>
#include <linux/types.h>
#include <uapi/linux/devattest.h>

#define DEVATTEST_OBJECT_MAX	(16u << 20)

struct devattest_evidence;

struct devattest_evidence_ops {
	struct module *owner;
	/*
	 * Collects everything anew for this nonce (DEVATTEST_NONCE_MAX bytes)
	 * and sets the objects; may sleep, holds no netlink lock.  Bounds its
	 * own wait.
	 */
	int (*refresh)(void *priv, const u8 *nonce);
};

/* ops may be NULL: a nonce is then refused with EOPNOTSUPP. */
struct devattest_evidence *
devattest_evidence_add(struct pci_dev *pdev,
		       const struct devattest_evidence_ops *ops, void *priv);
void devattest_evidence_remove(struct devattest_evidence *ev);
/*
 * Between begin and commit the objects of the next generation are set; readers
 * see either the old generation or the new one, whole.
 */
int devattest_evidence_begin(struct devattest_evidence *ev);
int devattest_evidence_set(struct devattest_evidence *ev, u32 type,
			   const void *object, size_t size);
int devattest_evidence_set_digest(struct devattest_evidence *ev, u32 type,
				  const u8 *digest, size_t size);
u32 devattest_evidence_commit(struct devattest_evidence *ev);
u32 devattest_evidence_generation(struct devattest_evidence *ev);

#endif
