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

#endif
