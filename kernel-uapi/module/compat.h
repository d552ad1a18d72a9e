/* SPDX-License-Identifier: GPL-2.0-only */
/* All that differs between the kernels that these modules build for. */
#ifndef DEVATTEST_COMPAT_H
#define DEVATTEST_COMPAT_H

#include <linux/version.h>

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 12, 0)
#include <linux/unaligned.h>
#else
#include <asm/unaligned.h>
#endif

/* Constant-time compare moved in 6.3. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 3, 0)
#include <crypto/utils.h>
#else
#include <crypto/algapi.h>
#endif

/* Where a dump's parsed attributes are. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 7, 0)
#define devattest_dump_attrs(cb)	(genl_info_dump(cb)->attrs)
#else
#define devattest_dump_attrs(cb)	(genl_dumpit_info(cb)->attrs)
#endif

#endif
