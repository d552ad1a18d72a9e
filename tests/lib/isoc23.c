/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a static library that was compiled against glibc 2.38 asks of an older
 * one: C23's strtol, which differs for binary constants only.
 */
#include <stdlib.h>

long	__isoc23_strtol(const char *text, char **end, int base);

long
__isoc23_strtol(const char *text, char **end, int base)
{
	return strtol(text, end, base);
}
