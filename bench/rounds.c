/* SPDX-License-Identifier: Apache-2.0 */
#include "rounds.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define WARM_ROUNDS	3

_Noreturn void
bench_die(const char *what, const char *which)
{
	fflush(stdout);
	fprintf(stderr, "bench: %s: %s\n", what, which);
	exit(1);
}

static double
now_us(const struct bench_task *task)
{
	struct timespec t;

	clock_gettime(task->elsewhere ? CLOCK_MONOTONIC :
	    CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static double
time_of(const char *name, const struct bench_task *task, int calls)
{
	double from = now_us(task), us;
	bool did = true;

	for (int i = 0; i < calls; i++)
		did = task->run(task->arg) && did;
	us = now_us(task) - from;
	if (!did)
		bench_die(name, "it refused, or was refused");
	return us / calls;
}

static int
by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double
median(double *samples, int n)
{
	qsort(samples, (size_t)n, sizeof(samples[0]), by_size);
	return n % 2 == 1 ? samples[n / 2] :
	    (samples[n / 2 - 1] + samples[n / 2]) / 2;
}

static double *
room_for(int samples)
{
	double *room = calloc((size_t)samples, sizeof(*room));

	if (room == NULL)
		bench_die("samples", "out of memory");
	return room;
}

void
bench_rounds(const char *name, const struct bench_task *tasks, int n,
    int rounds, struct bench_times *ret)
{
	double *us[BENCH_MAX_TASKS], *ratio = room_for(rounds);

	for (int i = 0; i < n; i++)
		us[i] = room_for(rounds);
	for (int r = -WARM_ROUNDS; r < rounds; r++)
		for (int i = 0; i < n; i++) {
			int which = (i + r + WARM_ROUNDS) % n;
			double t = time_of(name, &tasks[which], 1);

			if (r >= 0)
				us[which][r] = t;
		}
	/* The floor last: a median sorts, and the ratios need its order. */
	for (int i = n - 1; i >= 0; i--) {
		for (int r = 0; r < rounds; r++)
			ratio[r] = us[i][r] / us[0][r];
		ret->ratio[i] = median(ratio, rounds);
		ret->us[i] = median(us[i], rounds);
	}
	for (int i = 0; i < n; i++)
		free(us[i]);
	free(ratio);
}

double
bench_alone(const char *name, struct bench_task task, int calls, int samples)
{
	double *us = room_for(samples), result;

	(void)time_of(name, &task, calls);
	for (int s = 0; s < samples; s++)
		us[s] = time_of(name, &task, calls);
	result = median(us, samples);
	free(us);
	return result;
}
