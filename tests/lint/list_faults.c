/* SPDX-License-Identifier: Apache-2.0 */
/* Prints every fault: name, class, text, paragraph, tab-separated. */
#include <stdio.h>

#include "verifier/faults.h"

int
main(void)
{
	for (int why = DA_F_NONE + 1; why < DA_F_COUNT; why++) {
		const struct da_fault_text *t =
		    da_fault_text((enum da_why)why);

		printf("%s\t%d\t%s\t%s\n", t->name, t->exit_class, t->text,
		    t->paragraph);
	}
	return 0;
}
