// SPDX-License-Identifier: GPL-2.0-only
/*
 * A PCI driver for tests: it maps what it is told to map, but only after it has
 * asked devattest what the bytes are, and it refuses what is not of one kind.
 * It is what a real driver of a TDI would do, with sysfs in place of a purpose.
 *
 * It has no ids of its own, like pci-stub: two of the devices that it is meant
 * for have real drivers (1b36:0010 is nvme's), and a TDI must have no driver at
 * all until it is accepted.  So a test names the device itself, by
 * driver_override and a write to bind; new_id works too, but takes every
 * function with that id that has no driver.
 *
 * The command register is not touched, neither at probe nor at remove: it is
 * final before the lock, and clearing a bit of it ends RUN, which is what
 * pci_disable_device() does with bus mastering.
 *
 * In /sys/bus/pci/devices/BDF/devattest_testdrv/:
 *   map	w "BAR OFFSET SIZE": the window
 *		r the same, or "none"
 *   kind	r "private", "shared", or "none" without a window
 *   word	w "OFFSET": chooses a 32-bit word of the window; "OFFSET VALUE":
 *		  writes it, too
 *		r the value of the word chosen
 *   ranges	r one line a run of pages, "BAR OFFSET SIZE KIND", KIND also
 *		  "unreported"; "untold" where the function is no TDI
 *   lost	r how often the map was lost
 * After a loss all but ranges and lost give EIO until the driver is bound anew:
 * a TDI whose TSM driver left is an ordinary function to the lookup, and what
 * was private must not come back as shared.
 * Numbers are decimal, or hexadecimal with 0x.
 */
#include <linux/io.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/notifier.h>
#include <linux/pci.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/sysfs.h>

#include "devattest_tsm.h"

#define TESTDRV_BARS	6	/* the standard ones; no ROM, no VF BARs */

struct testdrv_window {
	void __iomem *base;	/* of offset; NULL: none */
	int bar;
	int kind;		/* enum devattest_kind */
	u64 offset, size;
};

/*
 * testdrv_list_lock protects the list, and is taken before a device's own lock.
 * testdrv->lock protects all fields below it, and is held
 *   - from the lookup to the mapping, so that a loss in between finds the
 *     window and takes it away, and
 *   - over each access, so that the notifier waits for the last one.
 * The lookup takes a lock of the map that is never held while notifiers run.
 * The notifier may come with the device lock held by whoever unlocks, so
 * neither of ours is held over anything that takes it.
 */
struct testdrv {
	struct list_head node;
	struct pci_dev *pdev;
	struct mutex lock;
	struct testdrv_window window;
	bool dead;		/* a map was lost; until the next bind */
	u64 word;		/* bytes into the window */
	unsigned int lost;
};

static LIST_HEAD(testdrv_list);
static DEFINE_MUTEX(testdrv_list_lock);

/* -- what the bytes are -- */

static int testdrv_kind(struct pci_dev *pdev, int bar, u64 offset, u64 size)
{
	int kind = devattest_mmio_kind(pdev, bar, offset, size);

	/* No TDI: all of it is the host's, and mapped so. */
	return kind == -ENODEV ? DEVATTEST_KIND_SHARED : kind;
}

static const char *testdrv_kind_name(int kind)
{
	switch (kind) {
	case DEVATTEST_KIND_PRIVATE:
		return "private";
	case DEVATTEST_KIND_SHARED:
		return "shared";
	case -EACCES:
		return "unreported";
	case -ENODEV:
		return "untold";
	default:
		return "none";
	}
}

/* A memory BAR's length; 0: none such. */
static u64 testdrv_bar_size(struct pci_dev *pdev, int bar)
{
	if (bar < 0 || bar >= TESTDRV_BARS ||
	    !(pci_resource_flags(pdev, bar) & IORESOURCE_MEM))
		return 0;
	return pci_resource_len(pdev, bar);
}

/* -- the window -- */

/* testdrv->lock is held. */
static void testdrv_unmap(struct testdrv *td)
{
	if (td->window.base)
		iounmap(td->window.base);
	memset(&td->window, 0, sizeof(td->window));
	td->word = 0;
}

/*
 * A mapping is made of whole pages, so all that is in them is asked about:
 * bytes that are of one kind may share a page with others.
 */
static int testdrv_window_kind(struct pci_dev *pdev, int bar, u64 offset,
			       u64 size)
{
	u64 length = testdrv_bar_size(pdev, bar);
	u64 start, end;

	if (!size || offset > length || size > length - offset)
		return -EINVAL;
	start = round_down(offset, PAGE_SIZE);
	end = min(round_up(offset + size, PAGE_SIZE), length);
	return testdrv_kind(pdev, bar, start, end - start);
}

/*
 * On hardware with memory encryption a private window wants a mapping of its
 * own sort, and a shared one a decrypted one.  Emulated, nothing tells them
 * apart, and both are the same ioremap().  The old window stays where the new
 * one is refused.  testdrv->lock is held.
 */
static int testdrv_map(struct testdrv *td, int bar, u64 offset, u64 size)
{
	int kind = testdrv_window_kind(td->pdev, bar, offset, size);
	void __iomem *base;

	if (kind < 0)
		return kind;
	base = ioremap(pci_resource_start(td->pdev, bar) + offset, size);
	if (!base)
		return -ENOMEM;
	testdrv_unmap(td);
	td->window.base = base;
	td->window.bar = bar;
	td->window.kind = kind;
	td->window.offset = offset;
	td->window.size = size;
	return 0;
}

/* testdrv->lock is held.  A word of the window that may be touched? */
static int testdrv_word_check(const struct testdrv *td, u64 at)
{
	if (td->dead)
		return -EIO;
	if (!td->window.base)
		return -ENXIO;
	if (at % sizeof(u32) || td->window.size < sizeof(u32) ||
	    at > td->window.size - sizeof(u32))
		return -EINVAL;
	return 0;
}

/* -- the map is lost -- */

static void testdrv_lose(struct testdrv *td)
{
	mutex_lock(&td->lock);
	td->lost++;
	td->dead = true;
	testdrv_unmap(td);
	mutex_unlock(&td->lock);
	pci_info(td->pdev, "the private/shared map is lost\n");
}

static int testdrv_lost(struct notifier_block *nb, unsigned long event,
			void *data)
{
	struct testdrv *td;

	mutex_lock(&testdrv_list_lock);
	list_for_each_entry(td, &testdrv_list, node)
		if (td->pdev == data)
			testdrv_lose(td);
	mutex_unlock(&testdrv_list_lock);
	return NOTIFY_OK;
}

static struct notifier_block testdrv_nb = { .notifier_call = testdrv_lost };

/* -- sysfs -- */

static struct testdrv *testdrv_of(struct device *dev)
{
	return pci_get_drvdata(to_pci_dev(dev));
}

static ssize_t map_show(struct device *dev, struct device_attribute *attr,
			char *buf)
{
	struct testdrv *td = testdrv_of(dev);
	ssize_t n;

	mutex_lock(&td->lock);
	if (td->dead)
		n = -EIO;
	else if (!td->window.base)
		n = sysfs_emit(buf, "none\n");
	else
		n = sysfs_emit(buf, "%d 0x%llx 0x%llx\n", td->window.bar,
			       td->window.offset, td->window.size);
	mutex_unlock(&td->lock);
	return n;
}

static ssize_t map_store(struct device *dev, struct device_attribute *attr,
			 const char *buf, size_t count)
{
	struct testdrv *td = testdrv_of(dev);
	s64 offset, size;
	int bar, rc, end = 0;

	if (sscanf(buf, "%i %lli %lli %n", &bar, &offset, &size, &end) != 3 ||
	    buf[end] || offset < 0 || size < 0)
		return -EINVAL;
	mutex_lock(&td->lock);
	rc = td->dead ? -EIO : testdrv_map(td, bar, offset, size);
	mutex_unlock(&td->lock);
	return rc ? rc : count;
}
static DEVICE_ATTR_ADMIN_RW(map);

static ssize_t kind_show(struct device *dev, struct device_attribute *attr,
			 char *buf)
{
	struct testdrv *td = testdrv_of(dev);
	ssize_t n = -EIO;

	mutex_lock(&td->lock);
	if (!td->dead)
		n = sysfs_emit(buf, "%s\n",
			       testdrv_kind_name(td->window.kind));
	mutex_unlock(&td->lock);
	return n;
}
static DEVICE_ATTR_ADMIN_RO(kind);

static ssize_t word_show(struct device *dev, struct device_attribute *attr,
			 char *buf)
{
	struct testdrv *td = testdrv_of(dev);
	ssize_t n;

	mutex_lock(&td->lock);
	n = testdrv_word_check(td, td->word);
	if (!n)
		n = sysfs_emit(buf, "0x%08x\n",
			       ioread32(td->window.base + td->word));
	mutex_unlock(&td->lock);
	return n;
}

static ssize_t word_store(struct device *dev, struct device_attribute *attr,
			  const char *buf, size_t count)
{
	struct testdrv *td = testdrv_of(dev);
	int n, rc, end = 0;
	s64 at, value = 0;

	n = sscanf(buf, "%lli %n%lli %n", &at, &end, &value, &end);
	if (n < 1 || buf[end] || at < 0 || value < 0 || value > U32_MAX)
		return -EINVAL;
	mutex_lock(&td->lock);
	rc = testdrv_word_check(td, at);
	if (!rc) {
		td->word = at;
		if (n == 2)
			iowrite32(value, td->window.base + at);
	}
	mutex_unlock(&td->lock);
	return rc ? rc : count;
}
static DEVICE_ATTR_ADMIN_RW(word);

static ssize_t lost_show(struct device *dev, struct device_attribute *attr,
			 char *buf)
{
	struct testdrv *td = testdrv_of(dev);
	ssize_t n;

	mutex_lock(&td->lock);
	n = sysfs_emit(buf, "%u\n", td->lost);
	mutex_unlock(&td->lock);
	return n;
}
static DEVICE_ATTR_ADMIN_RO(lost);

/* Pages of one kind, from offset on; each page is a question of its own. */
static u64 testdrv_run(struct pci_dev *pdev, int bar, u64 offset, int *ret_kind)
{
	u64 length = testdrv_bar_size(pdev, bar);
	u64 end = offset, page;

	*ret_kind = 0;
	while (end < length) {
		int kind;

		page = min_t(u64, PAGE_SIZE, length - end);
		kind = devattest_mmio_kind(pdev, bar, end, page);
		if (end == offset)
			*ret_kind = kind;
		else if (kind != *ret_kind)
			break;
		end += page;
		cond_resched();
	}
	return end - offset;
}

static ssize_t ranges_show(struct device *dev, struct device_attribute *attr,
			   char *buf)
{
	struct pci_dev *pdev = to_pci_dev(dev);
	int bar, kind, n = 0;
	u64 offset, size;

	for (bar = 0; bar < TESTDRV_BARS; bar++) {
		u64 length = testdrv_bar_size(pdev, bar);

		for (offset = 0; offset < length; offset += size) {
			size = testdrv_run(pdev, bar, offset, &kind);
			n += sysfs_emit_at(buf, n, "%d 0x%llx 0x%llx %s\n",
					   bar, offset, size,
					   testdrv_kind_name(kind));
		}
	}
	return n;
}
static DEVICE_ATTR_ADMIN_RO(ranges);

static struct attribute *testdrv_attrs[] = {
	&dev_attr_map.attr,
	&dev_attr_kind.attr,
	&dev_attr_word.attr,
	&dev_attr_ranges.attr,
	&dev_attr_lost.attr,
	NULL
};

static const struct attribute_group testdrv_group = {
	.name = "devattest_testdrv",
	.attrs = testdrv_attrs,
};

static const struct attribute_group *testdrv_groups[] = {
	&testdrv_group,
	NULL
};

/* -- bind and unbind; the device lock is held -- */

/*
 * A TDI that is not in RUN has no map, and nobody drives it: the bind fails
 * with EPERM.  What a page is, is asked again at each mapping.
 */
static int testdrv_may_drive(struct pci_dev *pdev)
{
	u16 command;
	int bar, rc;

	if (pci_read_config_word(pdev, PCI_COMMAND, &command) ||
	    !(command & PCI_COMMAND_MEMORY)) {
		pci_err(pdev, "memory space must be on before the lock\n");
		return -ENXIO;
	}
	for (bar = 0; bar < TESTDRV_BARS; bar++) {
		u64 length = testdrv_bar_size(pdev, bar);

		if (!length)
			continue;
		rc = testdrv_kind(pdev, bar, 0, min_t(u64, PAGE_SIZE, length));
		if (rc < 0 && rc != -EACCES)
			return rc;
	}
	return 0;
}

/* From here on a loss is heard. */
static void testdrv_enlist(struct testdrv *td)
{
	mutex_lock(&testdrv_list_lock);
	list_add_tail(&td->node, &testdrv_list);
	mutex_unlock(&testdrv_list_lock);
}

static void testdrv_delist(struct testdrv *td)
{
	mutex_lock(&testdrv_list_lock);
	list_del(&td->node);
	mutex_unlock(&testdrv_list_lock);
}

static int testdrv_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct testdrv *td = kzalloc(sizeof(*td), GFP_KERNEL);
	int bars = pci_select_bars(pdev, IORESOURCE_MEM);
	int rc;

	if (!td)
		return -ENOMEM;
	td->pdev = pdev;
	mutex_init(&td->lock);
	rc = pci_request_selected_regions(pdev, bars, "devattest_testdrv");
	if (rc)
		goto no_regions;
	testdrv_enlist(td);
	rc = testdrv_may_drive(pdev);
	if (rc)
		goto refused;
	pci_set_drvdata(pdev, td);
	return 0;

refused:
	testdrv_delist(td);
	pci_release_selected_regions(pdev, bars);
no_regions:
	mutex_destroy(&td->lock);
	kfree(td);
	return rc;
}

/* The attributes are gone, and whoever was inside one. */
static void testdrv_remove(struct pci_dev *pdev)
{
	struct testdrv *td = pci_get_drvdata(pdev);

	testdrv_delist(td);
	mutex_lock(&td->lock);
	testdrv_unmap(td);
	mutex_unlock(&td->lock);
	pci_release_selected_regions(pdev,
				     pci_select_bars(pdev, IORESOURCE_MEM));
	mutex_destroy(&td->lock);
	kfree(td);
}

static struct pci_driver testdrv_driver = {
	.name = "devattest_testdrv",
	.id_table = NULL,	/* dynamic ids and driver_override only */
	.probe = testdrv_probe,
	.remove = testdrv_remove,
	.dev_groups = testdrv_groups,
};

static int __init testdrv_init(void)
{
	int rc = devattest_register_loss_notifier(&testdrv_nb);

	if (rc)
		return rc;
	rc = pci_register_driver(&testdrv_driver);
	if (rc)
		devattest_unregister_loss_notifier(&testdrv_nb);
	return rc;
}

static void __exit testdrv_exit(void)
{
	pci_unregister_driver(&testdrv_driver);
	devattest_unregister_loss_notifier(&testdrv_nb);
}

module_init(testdrv_init);
module_exit(testdrv_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Test driver that maps by devattest's private/shared map");
