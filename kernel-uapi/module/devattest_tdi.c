// SPDX-License-Identifier: GPL-2.0-only
/* A TDI from its TSM driver's word to its end, and what it falls to. */
#include <linux/device.h>
#include <linux/slab.h>

#include "devattest_private.h"

#define POLL_PERIOD	HZ
#define WATCHED		(PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER)

LIST_HEAD(devattest_list);
DEFINE_MUTEX(devattest_list_lock);

/* -- references -- */

static void tdi_free(struct kref *ref)
{
	struct devattest_tdi *tdi = container_of(ref, struct devattest_tdi,
						 ref);

	destroy_workqueue(tdi->queue);
	devattest_plan_free(tdi->plan);
	pci_dev_put(tdi->pdev);
	kfree(tdi);
}

void devattest_tdi_put(struct devattest_tdi *tdi)
{
	kref_put(&tdi->ref, tdi_free);
}

struct devattest_tdi *devattest_tdi_find(const char *name)
{
	struct devattest_tdi *tdi, *found = NULL;

	mutex_lock(&devattest_list_lock);
	list_for_each_entry(tdi, &devattest_list, node) {
		if (strcmp(pci_name(tdi->pdev), name))
			continue;
		kref_get(&tdi->ref);
		found = tdi;
		break;
	}
	mutex_unlock(&devattest_list_lock);
	return found;
}

struct devattest_tdi *devattest_tdi_nth(unsigned long n)
{
	struct devattest_tdi *tdi, *found = NULL;

	mutex_lock(&devattest_list_lock);
	list_for_each_entry(tdi, &devattest_list, node) {
		if (n-- > 0)
			continue;
		kref_get(&tdi->ref);
		found = tdi;
		break;
	}
	mutex_unlock(&devattest_list_lock);
	return found;
}

/* -- state; tdi->lock is held -- */

static u32 event_of(u8 state)
{
	switch (state) {
	case DEVATTEST_STATE_UNLOCKED:
		return DEVATTEST_EVENT_UNLOCKED;
	case DEVATTEST_STATE_LOCKED:
		return DEVATTEST_EVENT_LOCKED;
	case DEVATTEST_STATE_RUN:
		return DEVATTEST_EVENT_RUN;
	default:
		return DEVATTEST_EVENT_ERROR;
	}
}

void devattest_next_generation(struct devattest_tdi *tdi)
{
	lockdep_assert_held(&tdi->lock);
	if (++tdi->generation == 0)
		tdi->generation = 1;
}

void devattest_set_state(struct devattest_tdi *tdi, u8 state)
{
	lockdep_assert_held(&tdi->lock);
	tdi->state = state;
	devattest_send_event(tdi, event_of(state));
}

/* The map goes first, and whoever maps by it is told. */
void devattest_forget_report(struct devattest_tdi *tdi)
{
	lockdep_assert_held(&tdi->lock);
	devattest_map_drop(tdi->pdev);
	devattest_plan_free(tdi->plan);
	tdi->plan = NULL;
	tdi->validated = 0;
	memset(&tdi->pushed, 0, sizeof(tdi->pushed));
	if (!devattest_evidence_begin(tdi->evidence))
		devattest_evidence_commit(tdi->evidence);
}

void devattest_fall(struct devattest_tdi *tdi, const char *why)
{
	lockdep_assert_held(&tdi->lock);
	if (tdi->state == DEVATTEST_STATE_ERROR || tdi->gone)
		return;
	pci_info(tdi->pdev, "devattest: in error: %s\n", why);
	devattest_forget_report(tdi);
	devattest_next_generation(tdi);
	devattest_set_state(tdi, DEVATTEST_STATE_ERROR);
}

void devattest_tdi_error(struct devattest_tdi *tdi, const char *why)
{
	mutex_lock(&tdi->lock);
	if (tdi->state != DEVATTEST_STATE_UNLOCKED)
		devattest_fall(tdi, why);
	mutex_unlock(&tdi->lock);
}
EXPORT_SYMBOL_GPL(devattest_tdi_error);

/*
 * TDISP: clearing Memory Space Enable or Bus Master Enable ends LOCKED and RUN,
 * the write itself completes, and nobody is told.  So it is looked at.  Config
 * space is the host's to fake: this only mirrors what the device does.
 */
static void poll_command(struct work_struct *work)
{
	struct devattest_tdi *tdi = container_of(to_delayed_work(work),
						 struct devattest_tdi, poll);
	u16 now = 0;

	pci_read_config_word(tdi->pdev, PCI_COMMAND, &now);
	mutex_lock(&tdi->lock);
	if (!tdi->gone && (tdi->state == DEVATTEST_STATE_LOCKED ||
			   tdi->state == DEVATTEST_STATE_RUN)) {
		if (tdi->command & ~now)
			devattest_fall(tdi, "the command register was cleared");
		tdi->command |= now & WATCHED;
	}
	if (!tdi->gone)
		queue_delayed_work(devattest_wq, &tdi->poll, POLL_PERIOD);
	mutex_unlock(&tdi->lock);
}

/* -- from the first word to the end -- */

static struct devattest_tdi *tdi_alloc(struct pci_dev *pdev,
				       const struct devattest_tsm_ops *ops,
				       const struct devattest_tdi_setup *setup,
				       void *priv)
{
	struct devattest_tdi *tdi = kzalloc(sizeof(*tdi), GFP_KERNEL);

	if (!tdi)
		return NULL;
	tdi->queue = alloc_ordered_workqueue("devattest-%s", 0,
					     pci_name(pdev));
	if (!tdi->queue) {
		kfree(tdi);
		return NULL;
	}
	kref_init(&tdi->ref);
	INIT_LIST_HEAD(&tdi->node);
	mutex_init(&tdi->lock);
	INIT_WORK(&tdi->release, devattest_release_work);
	INIT_DELAYED_WORK(&tdi->poll, poll_command);
	tdi->ops = ops;
	tdi->emulated = ops->emulated;
	tdi->setup = *setup;
	tdi->priv = priv;
	tdi->state = DEVATTEST_STATE_UNLOCKED;
	tdi->generation = 1;
	tdi->pdev = pci_dev_get(pdev);
	return tdi;
}

static int tdi_enter(struct devattest_tdi *tdi)
{
	int rc = devattest_map_add(tdi->pdev);

	if (rc)
		return rc == -EEXIST ? -EBUSY : rc;
	tdi->evidence = devattest_evidence_add(tdi->pdev, NULL, NULL);
	if (IS_ERR(tdi->evidence)) {
		devattest_map_del(tdi->pdev);
		return PTR_ERR(tdi->evidence);
	}
	kref_get(&tdi->ref);		/* the list's */
	mutex_lock(&devattest_list_lock);
	list_add_tail(&tdi->node, &devattest_list);
	mutex_unlock(&devattest_list_lock);
	queue_delayed_work(devattest_wq, &tdi->poll, POLL_PERIOD);
	return 0;
}

struct devattest_tdi *devattest_tdi_add(struct pci_dev *pdev,
					const struct devattest_tsm_ops *ops,
					const struct devattest_tdi_setup *setup,
					void *priv)
{
	struct devattest_tdi *tdi;
	int rc;

	if (!tsm_row(setup->platform, setup->abi))
		return ERR_PTR(-EINVAL);
	tdi = tdi_alloc(pdev, ops, setup, priv);
	if (!tdi)
		return ERR_PTR(-ENOMEM);
	rc = tdi_enter(tdi);
	if (rc) {
		devattest_tdi_put(tdi);
		return ERR_PTR(rc);
	}
	pci_info(pdev, "devattest: %s TDI of %s %s%s\n",
		 tsm_platform_name(setup->platform), ops->name,
		 tsm_abi_name(setup->platform, setup->abi),
		 ops->emulated ? " (EMULATED: protects nothing)" : "");
	return tdi;
}
EXPORT_SYMBOL_GPL(devattest_tdi_add);

/* Off the list nobody finds it; then what runs is waited for. */
void devattest_tdi_gone(struct devattest_tdi *tdi)
{
	mutex_lock(&devattest_list_lock);
	if (list_empty(&tdi->node)) {
		mutex_unlock(&devattest_list_lock);
		return;
	}
	list_del_init(&tdi->node);
	mutex_unlock(&devattest_list_lock);

	mutex_lock(&tdi->lock);
	tdi->gone = true;	/* nothing is queued from here on */
	mutex_unlock(&tdi->lock);
	cancel_delayed_work_sync(&tdi->poll);
	flush_workqueue(tdi->queue);

	device_lock(&tdi->pdev->dev);
	if (tdi->state != DEVATTEST_STATE_UNLOCKED)
		devattest_do_unlock(tdi);
	device_unlock(&tdi->pdev->dev);

	mutex_lock(&tdi->lock);
	devattest_forget_report(tdi);
	devattest_send_event(tdi, DEVATTEST_EVENT_GONE);
	mutex_unlock(&tdi->lock);
	devattest_evidence_remove(tdi->evidence);
	devattest_map_del(tdi->pdev);
	devattest_tdi_put(tdi);		/* the list's */
}

void devattest_tdi_gone_pdev(struct pci_dev *pdev)
{
	struct devattest_tdi *tdi = devattest_tdi_find(pci_name(pdev));

	if (!tdi)
		return;
	if (tdi->pdev == pdev)
		devattest_tdi_gone(tdi);
	devattest_tdi_put(tdi);
}

/*
 * The TSM driver calls this on its way out.  Behind it nothing of its is called:
 * whoever still has a reference finds a TDI that is gone, and its ops unused.
 */
void devattest_tdi_remove(struct devattest_tdi *tdi)
{
	devattest_tdi_gone(tdi);
	devattest_tdi_put(tdi);
}
EXPORT_SYMBOL_GPL(devattest_tdi_remove);

void *devattest_tdi_priv(struct devattest_tdi *tdi)
{
	return tdi->priv;
}
EXPORT_SYMBOL_GPL(devattest_tdi_priv);

struct pci_dev *devattest_tdi_pdev(struct devattest_tdi *tdi)
{
	return tdi->pdev;
}
EXPORT_SYMBOL_GPL(devattest_tdi_pdev);

const struct devattest_tdi_setup *
devattest_tdi_setup(struct devattest_tdi *tdi)
{
	return &tdi->setup;
}
EXPORT_SYMBOL_GPL(devattest_tdi_setup);
