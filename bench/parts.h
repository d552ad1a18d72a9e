/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where the time goes: the steps of one question, each alone, and the two that
 * have a speed of their own, parsing and the gate.
 */
#ifndef DA_BENCH_PARTS_H
#define DA_BENCH_PARTS_H

#include "rounds.h"
#include "scene.h"

struct bench_part {
	const char *name, *text;
	double us;
};

#define BENCH_PARTS	10

/* The steps of a verdict on this scene. */
void	bench_parts(struct bench_scene *scene, int samples,
	    struct bench_part ret[BENCH_PARTS]);
/* A record of 64 KiB: read whole, envelope and blocks; MB (10^6) a second. */
double	bench_parse_speed(int samples);
/* The gate on 64 KiB against the bare digest. */
void	bench_gate(int rounds, struct bench_times *ret);

#endif
