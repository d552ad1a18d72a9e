// SPDX-License-Identifier: GPL-2.0-only
/* The platforms' messages, for TSM drivers that are modules of their own. */
#include <linux/export.h>

#include "tsm_message.h"

EXPORT_SYMBOL_GPL(tsm_decode);
EXPORT_SYMBOL_GPL(tsm_decode_status);
EXPORT_SYMBOL_GPL(tsm_status_text);
EXPORT_SYMBOL_GPL(tsm_why_text);
EXPORT_SYMBOL_GPL(tsm_row);
EXPORT_SYMBOL_GPL(tsm_platform_name);
EXPORT_SYMBOL_GPL(tsm_abi_name);
EXPORT_SYMBOL_GPL(tsm_put_info_request);
EXPORT_SYMBOL_GPL(tsm_put_validate_request);
EXPORT_SYMBOL_GPL(tsm_put_dma_request);
EXPORT_SYMBOL_GPL(tsm_put_run_request);
