/* SPDX-License-Identifier: Apache-2.0 */
#include "files.h"

#include <stdio.h>
#include <stdlib.h>

#include "rounds.h"

#define MAX_FILE	65536

struct da_slice
bench_file(const char *data, const char *folder, const char *name)
{
	char path[1024];
	uint8_t *buf = malloc(MAX_FILE);
	FILE *f;
	size_t n;

	snprintf(path, sizeof(path), "%s/%s/%s", data, folder, name);
	f = fopen(path, "rb");
	if (f == NULL)
		bench_die(path, "cannot be read: evidence is needed to judge "
		    "(DEVATTEST_TESTDATA, or configure --with-testdata=DIR)");
	n = buf == NULL ? 0 : fread(buf, 1, MAX_FILE, f);
	fclose(f);
	if (n == 0 || n == MAX_FILE)
		bench_die(path, "empty, or longer than evidence is here");
	return da_slice_of(buf, n);
}
