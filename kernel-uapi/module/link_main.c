// SPDX-License-Identifier: GPL-2.0-only
/*
 * A link TSM for tests of the host's side, on kernels with CONFIG_PCI_TSM: it
 * registers with the merged core, and on "connect" and for each nonce collects
 * a device's evidence over DOE, for host-side "device-evidence" to serve.
 *
 * It protects nothing: there is no session, no IDE and no trusted firmware
 * behind it.  It verifies nothing either, since the host is not who has to be
 * convinced.  No package installs it by default.
 *
 * Locking: connect and disconnect run under the core's pci_tsm_rwsem; ->refresh
 * runs under no lock of the core, and devattest_evidence_remove() waits for it.
 * link_device.collecting orders two collections of one device, whose messages
 * would otherwise mix, and covers ->evidence.
 */
#include <linux/device/faux.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/pci.h>
#include <linux/pci-doe.h>
#include <linux/pci-tsm.h>
#include <linux/random.h>
#include <linux/slab.h>
#include <linux/tsm.h>

#include "devattest_evidence.h"
#include "link_spdm.h"

#define LINK_TEE_MAX	16

static unsigned int transfer_size = LINK_TRANSFER_MAX;
module_param(transfer_size, uint, 0444);
MODULE_PARM_DESC(transfer_size, "SPDM DataTransferSize, 64 to 4600 bytes");

struct link_device {
	struct pci_tsm_pf0 pf0;
	struct mutex collecting;
	struct devattest_evidence *evidence;
};

static struct faux_device *link_faux;
static struct tsm_dev *link_tsm;

/* Functions whose cached bit is ours; set at load, put back at unload. */
static struct pci_dev *link_tee[LINK_TEE_MAX];

static struct link_device *to_link(struct pci_tsm *tsm)
{
	return container_of(tsm, struct link_device, pf0.base_tsm);
}

/* -- the store -- */

static int set_object(struct devattest_evidence *ev, u32 type,
		      const struct link_blob *b)
{
	return b->n ? devattest_evidence_set(ev, type, b->p, b->n) : 0;
}

/* Readers see all of it or nothing: without the commit it is dropped. */
static int store(struct devattest_evidence *ev,
		 const struct link_collection *c)
{
	int ret;

	ret = devattest_evidence_begin(ev);
	if (ret)
		return ret;
	ret = set_object(ev, DEVATTEST_TYPE_CERT0, &c->chain);
	if (!ret)
		ret = set_object(ev, DEVATTEST_TYPE_VCA, &c->vca);
	if (!ret)
		ret = set_object(ev, DEVATTEST_TYPE_MEASUREMENTS, &c->pairs);
	if (!ret)
		ret = set_object(ev, DEVATTEST_TYPE_REPORT, &c->report);
	if (!ret)
		devattest_evidence_commit(ev);
	return ret;
}

static int link_refresh(void *priv, const u8 *nonce)
{
	struct link_collection c = {};
	struct link_device *link = priv;
	int ret;

	ret = mutex_lock_interruptible(&link->collecting);
	if (ret)
		return ret;
	ret = link_spdm_collect(link->pf0.base_tsm.pdev, nonce, transfer_size,
				&c);
	if (!ret)
		ret = store(link->evidence, &c);
	mutex_unlock(&link->collecting);
	link_collection_free(&c);
	return ret;
}

static const struct devattest_evidence_ops link_evidence_ops = {
	.owner = THIS_MODULE,
	.refresh = link_refresh,
};

/* -- what the core calls -- */

static struct pci_tsm *link_probe(struct tsm_dev *tsm, struct pci_dev *pdev)
{
	struct link_device *link;

	/* Other functions of the device have no link of their own. */
	if (!is_pci_tsm_pf0(pdev))
		return NULL;
	link = kzalloc(sizeof(*link), GFP_KERNEL);
	if (!link)
		return NULL;
	if (pci_tsm_pf0_constructor(pdev, &link->pf0, tsm)) {
		kfree(link);
		return NULL;
	}
	mutex_init(&link->collecting);
	return &link->pf0.base_tsm;
}

static void link_remove(struct pci_tsm *tsm)
{
	struct link_device *link = to_link(tsm);

	mutex_destroy(&link->collecting);
	pci_tsm_pf0_destructor(&link->pf0);
	kfree(link);
}

static int link_connect(struct pci_dev *pdev)
{
	struct link_device *link = to_link(pdev->tsm);
	struct link_collection c = {};
	struct devattest_evidence *ev;
	u8 nonce[LINK_NONCE];
	int ret;

	get_random_bytes(nonce, sizeof(nonce));
	mutex_lock(&link->collecting);
	ret = link_spdm_collect(pdev, nonce, transfer_size, &c);
	if (ret)
		goto out;
	ev = devattest_evidence_add(pdev, &link_evidence_ops, link);
	if (IS_ERR(ev)) {
		ret = PTR_ERR(ev);
		goto out;
	}
	link->evidence = ev;
	ret = store(ev, &c);
out:
	mutex_unlock(&link->collecting);
	link_collection_free(&c);
	/* A refresh that came in between must be able to end. */
	if (ret && link->evidence) {
		devattest_evidence_remove(link->evidence);
		link->evidence = NULL;
	}
	return ret;
}

static void link_disconnect(struct pci_dev *pdev)
{
	struct link_device *link = to_link(pdev->tsm);

	devattest_evidence_remove(link->evidence);
	link->evidence = NULL;
}

static struct pci_tsm_ops link_ops = {
	.probe = link_probe,
	.remove = link_remove,
	.connect = link_connect,
	.disconnect = link_disconnect,
};

/* -- TEE capability -- */

/*
 * No device of QEMU has the TEE-IO bit, by which the core knows where to offer
 * "connect".  It is set in the cached copy only, where there is a mailbox for
 * SPDM, and before anything is registered that reads it.
 */
static void set_tee_bits(void)
{
	struct pci_dev *pdev = NULL;
	size_t n = 0;

	for_each_pci_dev(pdev) {
		if (n == LINK_TEE_MAX) {
			pci_dev_put(pdev);
			break;
		}
		if (pdev->devcap & PCI_EXP_DEVCAP_TEE ||
		    !pci_find_doe_mailbox(pdev, PCI_VENDOR_ID_PCI_SIG,
					  PCI_DOE_FEATURE_CMA))
			continue;
		pdev->devcap |= PCI_EXP_DEVCAP_TEE;
		link_tee[n++] = pci_dev_get(pdev);
	}
}

static void put_tee_bits_back(void)
{
	size_t n;

	for (n = 0; n < LINK_TEE_MAX && link_tee[n]; n++) {
		link_tee[n]->devcap &= ~PCI_EXP_DEVCAP_TEE;
		pci_dev_put(link_tee[n]);
		link_tee[n] = NULL;
	}
}

static int __init link_init(void)
{
	int ret;

	if (transfer_size < LINK_TRANSFER_MIN ||
	    transfer_size > LINK_TRANSFER_MAX)
		return -EINVAL;
	link_faux = faux_device_create("devattest_link", NULL, NULL);
	if (!link_faux)
		return -ENODEV;
	set_tee_bits();
	link_tsm = tsm_register(&link_faux->dev, &link_ops);
	if (!IS_ERR(link_tsm))
		return 0;
	ret = PTR_ERR(link_tsm);
	put_tee_bits_back();
	faux_device_destroy(link_faux);
	return ret;
}

/*
 * tsm_unregister() disconnects what is still connected; then the core hides its
 * attributes while the bits still say where they are.
 */
static void __exit link_exit(void)
{
	tsm_unregister(link_tsm);
	put_tee_bits_back();
	faux_device_destroy(link_faux);
}

module_init(link_init);
module_exit(link_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("devattest: link TSM that only collects, for tests");
