// SPDX-License-Identifier: GPL-2.0-only
/*
 * Two locks.  map_change serialises the writers, and is held while the loss
 * notifiers run, so that nobody inserts anew before all drivers have heard of
 * the loss.  map_sem protects the list, each map's entries and the tree, and is
 * held only for a moment: a driver's lookup under its own lock never waits for
 * a notifier that wants that lock.
 */
#include <linux/ioport.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/notifier.h>
#include <linux/overflow.h>
#include <linux/pci.h>
#include <linux/rwsem.h>
#include <linux/slab.h>

#include "devattest_map.h"

struct map_entry {
	struct resource res;	/* by bus address; in the tree while inserted */
	const struct pci_dev *pdev;
	u8 kind;
};

struct map {
	struct list_head node;
	struct pci_dev *pdev;
	struct map_entry *entries;	/* NULL: none inserted */
	u32 n;
	bool lost;			/* notifiers run, lookups fail */
	struct devattest_map_plan *plan;
};

static struct resource map_root = {
	.name = "devattest",
	.start = 0,
	.end = (resource_size_t)-1,
	.flags = IORESOURCE_MEM,
};
static LIST_HEAD(map_list);
static DECLARE_RWSEM(map_sem);
static DEFINE_MUTEX(map_change);
static BLOCKING_NOTIFIER_HEAD(map_loss);

static struct map *map_of(const struct pci_dev *pdev)
{
	struct map *map;

	list_for_each_entry(map, &map_list, node)
		if (map->pdev == pdev)
			return map;
	return NULL;
}

int devattest_map_add(struct pci_dev *pdev)
{
	struct map *map = kzalloc(sizeof(*map), GFP_KERNEL);
	int err = 0;

	if (!map)
		return -ENOMEM;
	map->pdev = pdev;
	mutex_lock(&map_change);
	down_write(&map_sem);
	if (map_of(pdev))
		err = -EEXIST;
	else
		list_add_tail(&map->node, &map_list);
	up_write(&map_sem);
	mutex_unlock(&map_change);
	if (err)
		kfree(map);
	return err;
}
EXPORT_SYMBOL_GPL(devattest_map_add);

/* Of the first n entries; map_sem is held for writing. */
static void entries_release(struct map_entry *entries, u32 n)
{
	while (n--)
		WARN_ON_ONCE(release_resource(&entries[n].res));
}

/* Is the range inside the BAR as the kernel has it now? */
static bool range_in_bar(struct pci_dev *pdev, int bar, u64 offset, u64 size)
{
	u64 length;

	if (bar < 0 || bar >= DEVATTEST_BARS || !size ||
	    !(pci_resource_flags(pdev, bar) & IORESOURCE_MEM) ||
	    (pci_resource_flags(pdev, bar) & IORESOURCE_UNSET))
		return false;
	length = pci_resource_len(pdev, bar);
	return offset <= length && size <= length - offset;
}

static int entry_init(struct map_entry *entry, struct pci_dev *pdev,
		      const struct devattest_range *range)
{
	if (!range_in_bar(pdev, range->bar, range->offset, range->size))
		return -EINVAL;
	entry->pdev = pdev;
	entry->kind = range->kind;
	entry->res.name = range->kind == DEVATTEST_KIND_PRIVATE ?
			  "devattest private" : "devattest shared";
	entry->res.flags = IORESOURCE_MEM;
	entry->res.start = pci_resource_start(pdev, range->bar) + range->offset;
	entry->res.end = entry->res.start + range->size - 1;
	return 0;
}

static struct map_entry *entries_alloc(struct pci_dev *pdev,
				       const struct devattest_map_plan *plan)
{
	struct map_entry *entries;
	u32 i;
	int err;

	/* At least one, so that a map of no ranges is a map in force. */
	entries = kcalloc(max(plan->n, 1u), sizeof(*entries), GFP_KERNEL);
	if (!entries)
		return ERR_PTR(-ENOMEM);
	for (i = 0; i < plan->n; i++) {
		err = entry_init(&entries[i], pdev, &plan->range[i]);
		if (err) {
			kfree(entries);
			return ERR_PTR(err);
		}
	}
	return entries;
}

static int entries_request(struct map_entry *entries, u32 n)
{
	u32 i;

	for (i = 0; i < n; i++) {
		if (request_resource(&map_root, &entries[i].res)) {
			entries_release(entries, i);
			return -EBUSY;
		}
	}
	return 0;
}

static struct devattest_map_plan *
plan_copy(const struct devattest_map_plan *plan)
{
	return kmemdup(plan, struct_size(plan, range, plan->n), GFP_KERNEL);
}

/* map_change is held. */
static int map_fill(struct map *map, const struct devattest_map_plan *plan)
{
	struct devattest_map_plan *copy;
	struct map_entry *entries;
	int err;

	copy = plan_copy(plan);
	if (!copy)
		return -ENOMEM;
	entries = entries_alloc(map->pdev, plan);
	if (IS_ERR(entries)) {
		kfree(copy);
		return PTR_ERR(entries);
	}
	down_write(&map_sem);
	err = entries_request(entries, plan->n);
	if (!err) {
		map->entries = entries;
		map->n = plan->n;
		map->plan = copy;
	}
	up_write(&map_sem);
	if (err) {
		kfree(entries);
		kfree(copy);
	}
	return err;
}

int devattest_map_insert(struct pci_dev *pdev,
			 const struct devattest_map_plan *plan)
{
	struct map *map;
	int err;

	mutex_lock(&map_change);
	map = map_of(pdev);
	if (!map)
		err = -ENODEV;
	else if (map->entries)
		err = devattest_plan_equal(map->plan, plan) ? 0 : -EEXIST;
	else
		err = map_fill(map, plan);
	mutex_unlock(&map_change);
	return err;
}
EXPORT_SYMBOL_GPL(devattest_map_insert);

/* map_change is held, which keeps entries and plan as they are. */
static void map_empty(struct map *map)
{
	if (!map->entries)
		return;
	down_write(&map_sem);
	map->lost = true;
	up_write(&map_sem);
	blocking_notifier_call_chain(&map_loss, 0, map->pdev);
	down_write(&map_sem);
	entries_release(map->entries, map->n);
	kfree(map->entries);
	kfree(map->plan);
	map->entries = NULL;
	map->plan = NULL;
	map->n = 0;
	map->lost = false;
	up_write(&map_sem);
}

void devattest_map_drop(struct pci_dev *pdev)
{
	struct map *map;

	mutex_lock(&map_change);
	map = map_of(pdev);
	if (map)
		map_empty(map);
	mutex_unlock(&map_change);
}
EXPORT_SYMBOL_GPL(devattest_map_drop);

void devattest_map_del(struct pci_dev *pdev)
{
	struct map *map;

	mutex_lock(&map_change);
	map = map_of(pdev);
	if (map) {
		map_empty(map);
		down_write(&map_sem);
		list_del(&map->node);
		up_write(&map_sem);
		kfree(map);
	}
	mutex_unlock(&map_change);
}
EXPORT_SYMBOL_GPL(devattest_map_del);

unsigned int devattest_map_entries(const struct pci_dev *pdev)
{
	const struct resource *res;
	unsigned int n = 0;

	down_read(&map_sem);
	for (res = map_root.child; res; res = res->sibling)
		if (!pdev ||
		    container_of(res, struct map_entry, res)->pdev == pdev)
			n++;
	up_read(&map_sem);
	return n;
}
EXPORT_SYMBOL_GPL(devattest_map_entries);

/*
 * Children of the root ascend: the entries that reach from start to end without
 * a gap must be this device's, and of one kind.
 */
static int tree_kind(const struct pci_dev *pdev, u64 start, u64 end)
{
	const struct map_entry *entry;
	const struct resource *res;
	int kind = DEVATTEST_KIND_NONE;

	for (res = map_root.child; res; res = res->sibling) {
		if (res->end < start)
			continue;
		entry = container_of(res, struct map_entry, res);
		if (res->start > start || entry->pdev != pdev ||
		    (kind != DEVATTEST_KIND_NONE && kind != entry->kind))
			return -EACCES;
		kind = entry->kind;
		if (res->end >= end)
			return kind;
		start = res->end + 1;
	}
	return -EACCES;
}

int devattest_mmio_kind(struct pci_dev *pdev, int bar, u64 offset, u64 size)
{
	const struct map *map;
	u64 start;
	int ret;

	if (!range_in_bar(pdev, bar, offset, size))
		return -EINVAL;
	start = pci_resource_start(pdev, bar) + offset;
	down_read(&map_sem);
	map = map_of(pdev);
	if (!map)
		ret = -ENODEV;
	else if (!map->entries || map->lost)
		ret = -EPERM;
	else
		ret = tree_kind(pdev, start, start + size - 1);
	up_read(&map_sem);
	return ret;
}
EXPORT_SYMBOL_GPL(devattest_mmio_kind);

int devattest_register_loss_notifier(struct notifier_block *nb)
{
	return blocking_notifier_chain_register(&map_loss, nb);
}
EXPORT_SYMBOL_GPL(devattest_register_loss_notifier);

int devattest_unregister_loss_notifier(struct notifier_block *nb)
{
	return blocking_notifier_chain_unregister(&map_loss, nb);
}
EXPORT_SYMBOL_GPL(devattest_unregister_loss_notifier);
