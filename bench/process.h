/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What only whole processes can show: `devattest verify` against `openssl dgst
 * -verify`, and how much memory an appraisal takes.
 */
#ifndef DA_BENCH_PROCESS_H
#define DA_BENCH_PROCESS_H

#include "floor.h"
#include "rounds.h"
#include "scene.h"

/*
 * Both prove the GPU's evidence; openssl one signature of it, with its key and
 * message in files.  False: there is no openssl command.
 */
bool	bench_processes(const char *devattest, const char *data,
	    const struct bench_floor *gpu, int rounds,
	    struct bench_times *ret);
/* KiB, the median of some runs; below 0: the kernel does not say. */
long	bench_memory(void);
/* What the child of it does: main's `--memory WHAT`; exit status. */
int	bench_memory_child(const char *what, const char *data,
	    struct bench_scene *room);

#endif
