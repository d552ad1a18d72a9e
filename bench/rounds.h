/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Time, taken side by side: in each round every task runs once, one right after
 * the other and each round in another order, so that what disturbs the machine
 * disturbs them alike.  Medians of the rounds; ratios are made round by round.
 * What runs in this process is timed by its processor time, which is what the
 * clock shows but for the turns of others.  Knows nothing of what it times.
 */
#ifndef DA_BENCH_ROUNDS_H
#define DA_BENCH_ROUNDS_H

#include <stdbool.h>

#define BENCH_MAX_TASKS	3

struct bench_task {
	bool (*run)(void *arg);	/* false: it did not do what is timed */
	void *arg;
	bool elsewhere;		/* it waits for a process: the wall's time */
};

/* Of task i; ratio[i] is to the floor, task 0. */
struct bench_times {
	double us[BENCH_MAX_TASKS];
	double ratio[BENCH_MAX_TASKS];
};

/* Ends the program with a line of why; nothing that failed is a figure. */
_Noreturn void	bench_die(const char *what, const char *which);
void	bench_rounds(const char *name, const struct bench_task *tasks, int n,
	    int rounds, struct bench_times *ret);
/* One task alone, `calls` calls a sample; microseconds a call. */
double	bench_alone(const char *name, struct bench_task task, int calls,
	    int samples);

#endif
