/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an owner can do about an answer: one sentence for each check and each
 * fault, and the key of the policy that speaks of it.  Knows names, never a
 * device or a policy.
 */
#ifndef DA_ADVICE_H
#define DA_ADVICE_H

#include "verifier/checks.h"

/* "devices.measurements"; all are static and never NULL. */
const char *da_advice_rule(enum da_check check);
/* Of a broken check: by its fault, else by its fault's class. */
const char *da_advice_broken(enum da_why why);
/* Of a check that is unknown. */
const char *da_advice_unknown(enum da_check check);
/* Of an exit status, where no check says more. */
const char *da_advice_class(int exit_class);

#endif
