/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kernelstate SOCKET BDF: what the emulated kernel has of a function, in three
 * words: its state, "driver" or "free", and how many ranges its map has.
 */
#include <stdio.h>
#include <string.h>

#include "kernel-uapi/kernel.h"

static int
fail(const char *what, const struct da_kernel_error *error)
{
	fprintf(stderr, "kernelstate: %s: %s (%s)\n", what, error->text,
	    strerror(error->error));
	return 99;
}

static bool
has_driver(struct da_kernel *k, const char *name)
{
	static struct da_kernel_device list[DA_MAX_DEVICES];
	struct da_kernel_error error;
	size_t n;

	if (!k->ops->list(k, list, DA_MAX_DEVICES, &n, &error))
		return false;
	for (size_t i = 0; i < n; i++)
		if (strcmp(list[i].name, name) == 0)
			return list[i].driver_bound != 0;
	return false;
}

int
main(int argc, char **argv)
{
	struct da_kernel_error error = { .error = 0 };
	struct da_map map = { .n = 0 };
	struct da_ticket ticket;
	struct da_kernel *k;

	if (argc != 3)
		return 99;
	k = da_kernel_soft_open(argv[1], &error);
	if (k == NULL)
		return fail(argv[1], &error);
	if (!k->ops->ticket(k, argv[2], NULL, &ticket, &error))
		return fail(argv[2], &error);
	/* None is in force but in RUN. */
	(void)k->ops->map(k, argv[2], &map, &error);
	printf("%s %s %u\n", da_state_name((enum da_tdi_state)ticket.state),
	    has_driver(k, argv[2]) ? "driver" : "free", map.n);
	k->ops->close(k);
	return 0;
}
