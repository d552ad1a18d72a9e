// SPDX-License-Identifier: GPL-2.0-only
#include <linux/module.h>

#include "devattest_private.h"

/* A function that goes takes its TDI along. */
static int function_goes(struct notifier_block *nb, unsigned long event,
			 void *data)
{
	if (event == BUS_NOTIFY_DEL_DEVICE)
		devattest_tdi_gone_pdev(to_pci_dev(data));
	return NOTIFY_DONE;
}

static struct notifier_block bus_nb = { .notifier_call = function_goes };

static int __init devattest_init(void)
{
	int rc = devattest_evidence_init();

	if (rc)
		return rc;
	rc = devattest_owner_init();
	if (rc)
		goto no_owner;
	rc = bus_register_notifier(&pci_bus_type, &bus_nb);
	if (rc)
		goto no_bus;
	rc = devattest_netlink_init();
	if (!rc)
		return 0;
	bus_unregister_notifier(&pci_bus_type, &bus_nb);
no_bus:
	devattest_owner_exit();
no_owner:
	devattest_evidence_exit();
	return rc;
}

/* TSM drivers use our symbols: none is left, and so no TDI. */
static void __exit devattest_exit(void)
{
	devattest_netlink_exit();
	bus_unregister_notifier(&pci_bus_type, &bus_nb);
	devattest_owner_exit();
	devattest_evidence_exit();
}

module_init(devattest_init);
module_exit(devattest_exit);
/* For the hash of a pushed report. */
MODULE_SOFTDEP("pre: sha256 sha512");
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Attestation of TEE devices: uAPI, report, private/shared map");
