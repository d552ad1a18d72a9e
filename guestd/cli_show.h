/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What `show` could read: decoded and believed by nobody.  Nothing is made from
 * it but lines and objects that say so.
 */
#ifndef DA_CLI_SHOW_H
#define DA_CLI_SHOW_H

#include "cli.h"

struct cli_shown {
	struct da_evidence evidence;	/* messages; the chain, too */
	struct da_claims claims;	/* never made by da_claims_make() */
	struct da_report report;
	bool has_spdm, has_report;
	struct da_findings findings;	/* the first fault of each kind */
	int exit_class;
};

/* Each part for itself, so that no part's fault hides another; NULL: memory. */
struct cli_shown *cli_show_read(const struct cli_input *in);

/* -- cli_show_trust.c: what the one who asks brought -- */
struct da_json *cli_lists_json(const struct da_crls *crls);
struct da_json *cli_key_json(struct da_slice spki);

#endif
