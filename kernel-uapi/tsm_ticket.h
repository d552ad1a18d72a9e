/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A TSM's answer as a ticket: the one place where the model of tsm_message.h,
 * which kernel and tools share, becomes the verifier's.
 */
#ifndef DA_TSM_TICKET_H
#define DA_TSM_TICKET_H

#include "tsm_message.h"
#include "verifier/ticket.h"

/*
 * What the answer does not say stays unknown: device name, page unit, BAR base,
 * and all that stands under `pci`.
 */
bool	da_tsm_ticket(const struct tsm_info *info, struct da_ticket *ret);

#endif
