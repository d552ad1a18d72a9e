// SPDX-License-Identifier: GPL-2.0-only
/*
 * devattest_emulated: an EMULATED TSM for tests.  A virtio driver of a plain
 * virtio-serial port, behind which the device process plays the firmware of a
 * platform.  It must never be in an image that guards something: whoever has
 * the other end of the port decides what is true.
 *
 * It is devattest.ko's client as a true TSM driver would be, and never touches
 * pdev->tsm.
 */
#include <linux/debugfs.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/pci.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/virtio_config.h>
#include <linux/virtio_ids.h>

#include "emulated.h"

/* The channel's functions, under its mutex; never held over a request. */
struct emulated_tsm {
	struct emulated_channel *channel;
	struct work_struct scan;
	struct mutex lock;
	struct list_head functions;
	bool going;
};

/* One at a time: one firmware.  Set and cleared with its mutex held. */
static DEFINE_MUTEX(the_tsm_lock);
static struct emulated_tsm *the_tsm;
static struct dentry *debug_folder;

/* -- TDIs -- */

static void fall_work(struct work_struct *work)
{
	struct emulated_function *f =
		container_of(work, struct emulated_function, fall);

	devattest_tdi_error(f->tdi, "the TSM says so");
}

/* From the channel's receiving work, which must not wait for a device lock. */
static void fell(void *priv, u64 function, u8 state)
{
	struct emulated_tsm *t = priv;
	struct emulated_function *f;

	mutex_lock(&t->lock);
	list_for_each_entry(f, &t->functions, node)
		if (!t->going &&
		    emulated_function_number(f->pdev) == function) {
			pci_warn(f->pdev, "EMULATED TSM: fell to state %u\n",
				 state);
			schedule_work(&f->fall);
		}
	mutex_unlock(&t->lock);
}

static int add_function(struct emulated_tsm *t, struct pci_dev *pdev)
{
	struct emulated_function *f = kzalloc(sizeof(*f), GFP_KERNEL);
	int rc;

	if (!f)
		return -ENOMEM;
	f->channel = t->channel;
	f->pdev = pdev;
	INIT_WORK(&f->fall, fall_work);
	rc = emulated_describe(f);
	if (rc)
		goto no_tdi;
	f->tdi = devattest_tdi_add(pdev, &emulated_ops, &f->setup, f);
	if (IS_ERR(f->tdi)) {
		rc = PTR_ERR(f->tdi);
		goto no_tdi;
	}
	pci_dev_get(pdev);
	pci_warn(pdev, "EMULATED TSM (%s:%s): a TDI that nothing protects\n",
		 tsm_platform_name(f->setup.platform),
		 tsm_abi_name(f->setup.platform, f->setup.abi));
	mutex_lock(&t->lock);
	list_add_tail(&f->node, &t->functions);
	mutex_unlock(&t->lock);
	return 0;

no_tdi:
	kfree(f);
	return rc;
}

/* In a work item: a probe must not wait for a reply of its own device. */
static void scan_work(struct work_struct *work)
{
	struct emulated_tsm *t = container_of(work, struct emulated_tsm, scan);
	struct pci_dev *pdev = NULL;

	for_each_pci_dev(pdev) {
		int rc;

		if (READ_ONCE(t->going)) {
			pci_dev_put(pdev);
			return;
		}
		if (pdev->class >> 16 == PCI_BASE_CLASS_BRIDGE)
			continue;
		rc = add_function(t, pdev);
		if (rc && rc != -ENODEV)
			pci_err(pdev, "EMULATED TSM: not taken: %d\n", rc);
	}
}

static void remove_functions(struct emulated_tsm *t)
{
	struct emulated_function *f, *next;
	LIST_HEAD(all);

	mutex_lock(&t->lock);
	list_splice_init(&t->functions, &all);
	mutex_unlock(&t->lock);
	list_for_each_entry_safe(f, next, &all, node) {
		cancel_work_sync(&f->fall);
		devattest_tdi_remove(f->tdi);
		pci_dev_put(f->pdev);
		kfree(f);
	}
}

/* -- the port -- */

static int emulated_probe(struct virtio_device *vdev)
{
	struct emulated_tsm *t;
	int rc = 0;

	mutex_lock(&the_tsm_lock);
	if (the_tsm) {
		rc = -EBUSY;
		goto out;
	}
	t = kzalloc(sizeof(*t), GFP_KERNEL);
	if (!t) {
		rc = -ENOMEM;
		goto out;
	}
	mutex_init(&t->lock);
	INIT_LIST_HEAD(&t->functions);
	INIT_WORK(&t->scan, scan_work);
	t->channel = emulated_channel_open(vdev, fell, t);
	if (IS_ERR(t->channel)) {
		rc = PTR_ERR(t->channel);
		kfree(t);
		goto out;
	}
	the_tsm = t;
	schedule_work(&t->scan);
out:
	mutex_unlock(&the_tsm_lock);
	return rc;
}

static void emulated_remove(struct virtio_device *vdev)
{
	struct emulated_tsm *t;

	mutex_lock(&the_tsm_lock);
	t = the_tsm;
	the_tsm = NULL;
	mutex_unlock(&the_tsm_lock);
	mutex_lock(&t->lock);
	WRITE_ONCE(t->going, true);
	mutex_unlock(&t->lock);
	cancel_work_sync(&t->scan);
	remove_functions(t);
	emulated_channel_close(t->channel);
	kfree(t);
}

static const struct virtio_device_id ids[] = {
	{ VIRTIO_ID_CONSOLE, VIRTIO_DEV_ANY_ID },
	{ 0 },
};

static struct virtio_driver emulated_driver = {
	.driver.name = "devattest_emulated",
	.driver.owner = THIS_MODULE,
	.id_table = ids,
	.probe = emulated_probe,
	.remove = emulated_remove,
};

/* -- debugfs devattest_emulated/inject: "BDF text" -- */

/* With the_tsm_lock held, so that the function stays. */
static int inject(const char *bdf, const char *why)
{
	struct emulated_function *f;
	struct devattest_tdi *tdi = NULL;

	if (!the_tsm)
		return -ENODEV;
	mutex_lock(&the_tsm->lock);
	list_for_each_entry(f, &the_tsm->functions, node)
		if (!strcmp(pci_name(f->pdev), bdf))
			tdi = f->tdi;
	mutex_unlock(&the_tsm->lock);
	if (!tdi)
		return -ENODEV;
	devattest_tdi_error(tdi, why);
	return 0;
}

static ssize_t inject_write(struct file *file, const char __user *buf,
			    size_t n, loff_t *at)
{
	char text[96], *why = text, *bdf;
	ssize_t rc;

	if (n >= sizeof(text))
		return -EINVAL;
	if (copy_from_user(text, buf, n))
		return -EFAULT;
	text[n] = '\0';
	strim(text);
	bdf = strsep(&why, " ");
	mutex_lock(&the_tsm_lock);
	rc = inject(bdf, why && *why ? why : "injected");
	mutex_unlock(&the_tsm_lock);
	return rc ? rc : (ssize_t)n;
}

static const struct file_operations inject_ops = {
	.owner = THIS_MODULE,
	.open = simple_open,
	.write = inject_write,
};

static int __init emulated_init(void)
{
	int rc;

	pr_warn("devattest_emulated: this TSM is EMULATED and protects nothing\n");
	debug_folder = debugfs_create_dir("devattest_emulated", NULL);
	debugfs_create_file("inject", 0200, debug_folder, NULL, &inject_ops);
	rc = register_virtio_driver(&emulated_driver);
	if (rc)
		debugfs_remove(debug_folder);
	return rc;
}

static void __exit emulated_exit(void)
{
	debugfs_remove(debug_folder);
	unregister_virtio_driver(&emulated_driver);
}

module_init(emulated_init);
module_exit(emulated_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("EMULATED TSM for tests of devattest; protects nothing");
