/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bench [--rounds N] [--devattest PROGRAM]: a table, and last one JSON object;
 * README says how to read it.  The test data is in DEVATTEST_TESTDATA.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "floor.h"
#include "parts.h"
#include "process.h"
#include "scene.h"
#include "verifier/sig.h"

/* Rounds of the GPU's case, some 8 ms each; the others by their cost. */
#define ROUNDS		1000
#define P256_ROUNDS(n)	((n) * 4)
#define NEXT_ROUNDS(n)	((n) * 2)
#define PART_SAMPLES(n)	((n) / 20 + 1)
#define PROCESS_RUNS(n)	((n) / 5 + 1)

struct settings {
	const char *data, *devattest, *memory;
	int rounds;
};

/* One case: the floor, the facts, the verdict. */
enum { FLOOR, FACTS, VERDICT, TASKS };

struct outcome {
	const char *name;
	double to_reach;
	struct bench_times times;
};

enum { GPU, P256, NEXT, CASES };

static struct bench_scene gpu, p256;
static struct bench_floor gpu_floor, p256_floor, next_floor;
static struct outcome outcomes[CASES] = {
	[GPU] = { .name = "gpu-p384-5certs", .to_reach = 1.10 },
	[P256] = { .name = "p256-3certs", .to_reach = 2.0 },
	[NEXT] = { .name = "next-function-p384", .to_reach = 1.15 },
};
static struct bench_part gpu_parts[BENCH_PARTS], p256_parts[BENCH_PARTS];
static struct bench_times gate, processes;
static bool has_processes;
static double parse_speed;	/* MB/s */
static long memory;		/* KiB */

/* -- measuring, and the table -- */

static void
prepare(const char *data)
{
	da_hash_warm();
	da_sig_warm();
	bench_scene_gpu(data, &gpu);
	bench_scene_p256(data, &p256);
	bench_floor_of(&gpu.evidence, &gpu_floor);
	bench_floor_of(&p256.evidence, &p256_floor);
	bench_floor_last(&gpu_floor, &next_floor);
	if (gpu_floor.n != 5 || p256_floor.n != 3)
		bench_die("floor", "another number of signatures");
}

static void
print_outcome(const struct outcome *o)
{
	const struct bench_times *t = &o->times;

	printf("%-18s %9.1f %9.1f %7.3f %9.1f %7.3f %8.2f\n", o->name,
	    t->us[FLOOR], t->us[FACTS], t->ratio[FACTS], t->us[VERDICT],
	    t->ratio[VERDICT], o->to_reach);
	fflush(stdout);
}

static void
run_case(int which, struct bench_scene *scene, struct bench_floor *floor,
    int rounds)
{
	struct outcome *o = &outcomes[which];
	bool next = which == NEXT;
	const struct bench_task tasks[TASKS] = {
		[FLOOR] = { bench_floor_run, floor, false },
		[FACTS] = { next ? bench_next_facts : bench_facts,
		    scene, false },
		[VERDICT] = { next ? bench_next_verdict : bench_verdict,
		    scene, false },
	};

	bench_rounds(o->name, tasks, TASKS, rounds, &o->times);
	print_outcome(o);
}

static void
run_cases(int rounds)
{
	printf("%-18s %9s %9s %7s %9s %7s %8s\n", "microseconds", "floor",
	    "facts", "ratio", "+ policy", "ratio", "to reach");
	run_case(GPU, &gpu, &gpu_floor, rounds);
	run_case(P256, &p256, &p256_floor, P256_ROUNDS(rounds));
	run_case(NEXT, &gpu, &next_floor, NEXT_ROUNDS(rounds));
}

static void
run_parts(int samples)
{
	bench_parts(&gpu, samples, gpu_parts);
	bench_parts(&p256, samples, p256_parts);
	printf("\n%-50s %9s %9s\n", "parts with policy, microseconds", "gpu",
	    "p256");
	for (int i = 0; i < BENCH_PARTS; i++)
		printf("%-14s %-35s %9.1f %9.1f\n", gpu_parts[i].name,
		    gpu_parts[i].text, gpu_parts[i].us, p256_parts[i].us);
}

static void
run_speeds(int rounds)
{
	parse_speed = bench_parse_speed(PART_SAMPLES(rounds));
	bench_gate(rounds, &gate);
	memory = bench_memory();
	printf("\nparsing a record of 64 KiB: %.0f MB/s (to reach: 1000)\n"
	    "gate on 64 KiB: %.1f us, bare SHA-384: %.1f us, ratio %.3f\n"
	    "peak memory of one appraisal above the libraries: %ld KiB (to "
	    "stay under: 8192)\n", parse_speed, gate.us[1], gate.us[0],
	    gate.ratio[1], memory);
}

static void
run_processes(const struct settings *set)
{
	has_processes = bench_processes(set->devattest, set->data, &gpu_floor,
	    PROCESS_RUNS(set->rounds), &processes);
	if (has_processes)
		printf("whole process: devattest verify %.0f us, openssl dgst "
		    "-verify %.0f us, ratio %.3f (to reach: 2.0)\n",
		    processes.us[1], processes.us[0], processes.ratio[1]);
	else
		printf("whole process: not measured, there is no openssl "
		    "command (Debian: openssl)\n");
}

/* -- the object -- */

static void
put_case(const struct outcome *o)
{
	const struct bench_times *t = &o->times;

	printf("\"%s\": {\"ours_us\": %.1f, \"floor_us\": %.1f, "
	    "\"ratio\": %.3f, \"with_policy_us\": %.1f, "
	    "\"with_policy_ratio\": %.3f, \"to_reach\": %.2f}, ", o->name,
	    t->us[FACTS], t->us[FLOOR], t->ratio[FACTS], t->us[VERDICT],
	    t->ratio[VERDICT], o->to_reach);
}

static void
put_pair(const char *name, const struct bench_times *t)
{
	printf("\"%s\": {\"ours_us\": %.1f, \"floor_us\": %.1f, "
	    "\"ratio\": %.3f}, ", name, t->us[1], t->us[0], t->ratio[1]);
}

static void
put_parts(const char *name, const struct bench_part parts[BENCH_PARTS])
{
	printf("\"%s\": {", name);
	for (int i = 0; i < BENCH_PARTS; i++)
		printf("%s\"%s\": %.1f", i == 0 ? "" : ", ", parts[i].name,
		    parts[i].us);
	printf("}, ");
}

static void
put_object(int rounds)
{
	printf("\n{");
	for (int i = 0; i < CASES; i++)
		put_case(&outcomes[i]);
	put_parts("gpu-parts-us", gpu_parts);
	put_parts("p256-parts-us", p256_parts);
	put_pair("gate-64k", &gate);
	if (has_processes)
		put_pair("whole-process", &processes);
	printf("\"parse-64k\": {\"mb_per_s\": %.0f}, \"memory\": "
	    "{\"peak_kib\": %ld}, \"rounds\": %d, \"openssl\": \"%s\"}\n",
	    parse_speed, memory, rounds, da_crypto_version());
}

/* -- the command line -- */

static bool
read_settings(int argc, char **argv, struct settings *ret)
{
	*ret = (struct settings){ getenv("DEVATTEST_TESTDATA"), "./devattest",
	    NULL, ROUNDS };
	if (ret->data == NULL)
		ret->data = "";
	if (argc % 2 == 0)
		return false;
	for (int i = 1; i < argc; i += 2) {
		if (strcmp(argv[i], "--rounds") == 0)
			ret->rounds = atoi(argv[i + 1]);
		else if (strcmp(argv[i], "--devattest") == 0)
			ret->devattest = argv[i + 1];
		else if (strcmp(argv[i], "--memory") == 0)
			ret->memory = argv[i + 1];
		else
			return false;
	}
	return ret->rounds > 0 && ret->rounds <= 1000000;
}

int
main(int argc, char **argv)
{
	struct settings set;

	if (!read_settings(argc, argv, &set)) {
		fprintf(stderr, "usage: bench [--rounds N] "
		    "[--devattest PROGRAM]\n");
		return 2;
	}
	if (set.memory != NULL)
		return bench_memory_child(set.memory, set.data, &gpu);
	printf("devattest bench: OpenSSL %s, %d rounds\n\n",
	    da_crypto_version(), set.rounds);
	prepare(set.data);
	run_cases(set.rounds);
	run_parts(PART_SAMPLES(set.rounds));
	run_speeds(set.rounds);
	run_processes(&set);
	put_object(set.rounds);
	return fflush(stdout) == 0 ? 0 : 1;
}
