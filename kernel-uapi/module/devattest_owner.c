// SPDX-License-Identifier: GPL-2.0-only
/*
 * The socket that locked a TDI owns LOCKED: its end, however it comes, unlocks.
 * RUN belongs to nobody.
 *
 * By the netlink notifier on all kernels: genetlink's per-socket data, which
 * newer kernels have, cannot be reached from a module.
 */
#include <linux/netlink.h>
#include <linux/notifier.h>

#include "devattest_private.h"

/*
 * Behind the request that was at work when the socket went: the queue is
 * ordered.  A request of that socket's that locked unlocks by itself (orphan).
 */
void devattest_release_work(struct work_struct *work)
{
	struct devattest_tdi *tdi = container_of(work, struct devattest_tdi,
						 release);
	bool ours;

	device_lock(&tdi->pdev->dev);
	mutex_lock(&tdi->lock);
	ours = tdi->owner_gone && tdi->state != DEVATTEST_STATE_UNLOCKED &&
	       tdi->state != DEVATTEST_STATE_RUN;
	tdi->owner_gone = false;
	mutex_unlock(&tdi->lock);
	if (ours) {
		pci_info(tdi->pdev, "devattest: its owner is gone\n");
		devattest_do_unlock(tdi);
	}
	device_unlock(&tdi->pdev->dev);
	devattest_tdi_put(tdi);
}

static void release(struct devattest_tdi *tdi, u32 portid)
{
	mutex_lock(&tdi->lock);
	if (tdi->job && tdi->job->portid == portid)
		tdi->job->orphan = true;
	if (tdi->owner == portid && !tdi->gone) {
		tdi->owner_gone = true;
		kref_get(&tdi->ref);
		if (!queue_work(tdi->queue, &tdi->release))
			devattest_tdi_put(tdi);		/* never the last */
	}
	mutex_unlock(&tdi->lock);
}

static int socket_closed(struct notifier_block *nb, unsigned long event,
			 void *data)
{
	struct netlink_notify *notify = data;
	struct devattest_tdi *tdi;
	unsigned long n;

	if (event != NETLINK_URELEASE || !notify->portid ||
	    notify->protocol != NETLINK_GENERIC ||
	    !net_eq(notify->net, &init_net))
		return NOTIFY_DONE;
	for (n = 0; (tdi = devattest_tdi_nth(n)); n++) {
		release(tdi, notify->portid);
		devattest_tdi_put(tdi);
	}
	return NOTIFY_DONE;
}

static struct notifier_block nb = { .notifier_call = socket_closed };

int devattest_owner_init(void)
{
	return netlink_register_notifier(&nb);
}

void devattest_owner_exit(void)
{
	netlink_unregister_notifier(&nb);
}
