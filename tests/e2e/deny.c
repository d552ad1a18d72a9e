/* SPDX-License-Identifier: Apache-2.0 */
/* deny memfd|seals|landlock|seccomp PROGRAM WORDS...: runs it without that. */
#include <stdio.h>

#include "tests/unit/deny.h"

int
main(int argc, char **argv)
{
	if (argc < 3 || !deny(argv[1])) {
		fprintf(stderr, "deny: cannot deny %s: %s\n",
		    argc < 3 ? "nothing to nobody" : argv[1], strerror(errno));
		return 99;
	}
	execvp(argv[2], argv + 2);
	fprintf(stderr, "deny: %s: %s\n", argv[2], strerror(errno));
	return 99;
}
