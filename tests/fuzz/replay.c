/* SPDX-License-Identifier: Apache-2.0 */
/*
 * All targets without libFuzzer: a fixed number of inputs from a fixed seed
 * (the keys are new each time), so that `make check` can run them under any
 * compiler.  A target that accepted too little has tried too little.
 *
 *	replay			every target
 *	replay TARGET FILE...	these inputs
 *	replay seeds FOLDER	writes FOLDER/TARGET/N, to begin from
 */
#include "targets.h"

#include "seeds.h"
#include "tests/unit/sanitized.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const struct row {
	const char *name;
	fuzz_target run;
	void (*seeds)(struct seeds *ret);
	unsigned int inputs;	/* in a run; see inputs_of() */
	unsigned int least;	/* a hundred, to be accepted */
} rows[] = {
	{ "differential", fuzz_differential, seeds_of_recipes, 6000, 20 },
	{ "chain", fuzz_chain, seeds_of_chain, 20000, 1 },
	{ "vca", fuzz_vca, seeds_of_vca, 100000, 1 },
	{ "measurements", fuzz_measurements, seeds_of_measurements, 100000,
	    1 },
	{ "signed", fuzz_signed, seeds_of_signed, 100000, 1 },
	{ "crl", fuzz_crl, seeds_of_crl, 100000, 1 },
	{ "prove", fuzz_prove, seeds_of_edits, 3000, 5 },
};

#define N_ROWS (sizeof(rows) / sizeof(rows[0]))

/* xorshift64*: the same inputs on every machine. */
static uint64_t state = UINT64_C(0x5bd1e9955bd1e995);

static uint32_t
chance(uint32_t n)
{
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return (uint32_t)((state * UINT64_C(2685821657736338717)) >> 33) % n;
}

/* Values at which sizes and counts turn over. */
static uint8_t
odd_byte(void)
{
	static const uint8_t odd[] = { 0, 1, 2, 0x7f, 0x80, 0x81, 0x82, 0xff };

	return chance(2) == 0 ? odd[chance(sizeof(odd))] :
	    (uint8_t)chance(256);
}

/* Up to seven bytes changed; now and then cut, or a piece put twice. */
static size_t
mutate(struct da_slice seed, uint8_t *buf, size_t size)
{
	size_t n = seed.n < size ? seed.n : size;

	memcpy(buf, seed.p, n);
	for (uint32_t i = chance(8); i > 0 && n > 0; i--)
		buf[chance((uint32_t)n)] = odd_byte();
	if (n > 0 && chance(16) == 0)
		n = chance((uint32_t)n);
	if (n > 8 && n + 8 < size && chance(16) == 0) {
		size_t at = chance((uint32_t)n - 8);

		memmove(&buf[at + 8], &buf[at], n - at);
		n += 8;
	}
	return n;
}

/* Sanitizers are slow; and DEVATTEST_QUICK is for who has run all before. */
static unsigned int
inputs_of(const struct row *row)
{
	unsigned int part = is_sanitized ? 3 : 1;

	return row->inputs / (getenv("DEVATTEST_QUICK") != NULL ? 10 * part :
	    part);
}

static bool
run_row(const struct row *row)
{
	static uint8_t buf[65536];
	unsigned int inputs = inputs_of(row);
	unsigned int accepted = 0;
	struct seeds seeds;

	row->seeds(&seeds);
	for (unsigned int i = 0; i < inputs; i++) {
		struct da_slice seed = seeds.of[chance(seeds.n)];

		accepted += row->run(buf, mutate(seed, buf, sizeof(buf))) != 0;
	}
	printf("%s: %u inputs, %u accepted\n", row->name, inputs, accepted);
	fflush(stdout);
	return accepted >= inputs / 100 * row->least;
}

static const struct row *
row_named(const char *name)
{
	for (size_t i = 0; i < N_ROWS; i++)
		if (strcmp(rows[i].name, name) == 0)
			return &rows[i];
	fprintf(stderr, "no target %s\n", name);
	exit(2);
}

static void
run_file(const struct row *row, const char *path)
{
	static uint8_t buf[65536];
	FILE *f = fopen(path, "rb");
	size_t n;

	if (f == NULL) {
		fprintf(stderr, "cannot open %s\n", path);
		exit(2);
	}
	n = fread(buf, 1, sizeof(buf), f);
	fclose(f);
	printf("%s: %s\n", path, row->run(buf, n) ? "accepted" : "refused");
}

static void
write_seeds(const struct row *row, const char *folder)
{
	char path[1024];
	struct seeds seeds;
	FILE *f;

	row->seeds(&seeds);
	snprintf(path, sizeof(path), "%s/%s", folder, row->name);
	mkdir(path, 0777);
	for (unsigned int i = 0; i < seeds.n; i++) {
		snprintf(path, sizeof(path), "%s/%s/%u", folder, row->name, i);
		if ((f = fopen(path, "wb")) == NULL || fwrite(seeds.of[i].p, 1,
		    seeds.of[i].n, f) != seeds.of[i].n || fclose(f) != 0) {
			fprintf(stderr, "cannot write %s\n", path);
			exit(2);
		}
	}
}

int
main(int argc, char **argv)
{
	bool ok = true;

	if (argc == 3 && strcmp(argv[1], "seeds") == 0) {
		for (size_t i = 0; i < N_ROWS; i++)
			write_seeds(&rows[i], argv[2]);
		return 0;
	}
	for (int i = 2; i < argc; i++)
		run_file(row_named(argv[1]), argv[i]);
	for (size_t i = 0; argc == 1 && i < N_ROWS; i++)
		if (!run_row(&rows[i])) {
			fprintf(stderr, "%s: too few were accepted\n",
			    rows[i].name);
			ok = false;
		}
	return ok ? 0 : 1;
}
