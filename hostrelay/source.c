/* SPDX-License-Identifier: Apache-2.0 */
#include "source.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void
relay_answer_add(struct relay_answer *answer, const struct relay_part *part)
{
	if (answer->n == RELAY_MAX_PARTS) {
		free(part->bytes);
		relay_answer_fail(answer, DA_WIRE_HOST_ERROR,
		    "more than %d parts", RELAY_MAX_PARTS);
		return;
	}
	answer->part[answer->n++] = *part;
}

void
relay_answer_fail(struct relay_answer *answer, enum da_wire_failure failure,
    const char *format, ...)
{
	va_list ap;

	relay_answer_free(answer);
	answer->failure = failure;
	va_start(ap, format);
	vsnprintf(answer->why, sizeof(answer->why), format, ap);
	va_end(ap);
}

void
relay_answer_free(struct relay_answer *answer)
{
	for (uint32_t i = 0; i < answer->n; i++)
		free(answer->part[i].bytes);
	memset(answer, 0, sizeof(*answer));
}
