/* SPDX-License-Identifier: Apache-2.0 */
#include "process.h"

#include <fcntl.h>
#include <openssl/pem.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "verifier/sig.h"

extern char **environ;

/* -- a child, its standard output somewhere -- */

static bool
ends_well(const char *const *argv, int output)
{
	posix_spawn_file_actions_t actions;
	pid_t pid = 0;
	int status = 1;
	bool started;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, output, 1);
	/* POSIX does not write to what it takes as not const. */
	started = posix_spawnp(&pid, argv[0], &actions, NULL,
	    (char *const *)(uintptr_t)argv, environ) == 0;
	posix_spawn_file_actions_destroy(&actions);
	return started && waitpid(pid, &status, 0) == pid &&
	    WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

struct child {
	const char *argv[24];
	int output;
};

static bool
run_child(void *arg)
{
	const struct child *child = arg;

	return ends_well(child->argv, child->output);
}

/* -- what openssl is given: files in a folder that is gone afterwards -- */

static char folder[] = "/tmp/devattest-bench-XXXXXX";
static char key_path[64], message_path[64], signature_path[64];

static void
remove_files(void)
{
	unlink(key_path);
	unlink(message_path);
	unlink(signature_path);
	rmdir(folder);
}

static FILE *
new_file(char *path, size_t size, const char *name)
{
	FILE *f;

	snprintf(path, size, "%s/%s", folder, name);
	f = fopen(path, "wb");
	if (f == NULL)
		bench_die(path, "cannot be written");
	return f;
}

static void
write_file(char *path, size_t size, const char *name, struct da_slice bytes)
{
	FILE *f = new_file(path, size, name);

	if (fwrite(bytes.p, 1, bytes.n, f) != bytes.n || fclose(f) != 0)
		bench_die(path, "cannot be written");
}

static void
write_verification(const struct bench_verification *v)
{
	FILE *f;

	if (mkdtemp(folder) == NULL)
		bench_die(folder, "cannot be made");
	atexit(remove_files);
	write_file(message_path, sizeof(message_path), "message", v->message);
	write_file(signature_path, sizeof(signature_path), "signature",
	    v->signature);
	f = new_file(key_path, sizeof(key_path), "key.pem");
	if (PEM_write_PUBKEY(f, v->key) != 1 || fclose(f) != 0)
		bench_die(key_path, "cannot be written");
}

/* -- the two -- */

static char files[4][1024];

static const char *
data_file(int i, const char *data, const char *name)
{
	snprintf(files[i], sizeof(files[i]), "%s/nvidia/hopper-a/%s", data,
	    name);
	return files[i];
}

bool
bench_processes(const char *devattest, const char *data,
    const struct bench_floor *gpu, int rounds, struct bench_times *ret)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	static const char *const version[] = { "openssl", "version", NULL };
	struct child openssl = { { "openssl", "dgst", "-sha384", "-verify",
	    key_path, "-signature", signature_path, message_path }, null };
	struct child ours = { { devattest, "verify",
	    "--chain", data_file(0, data, "certchain_spdm_built.bin"),
	    "--measurements", data_file(1, data, "report.bin"),
	    "--nonce", data_file(2, data, "nonce.bin"),
	    "--root", data_file(3, data, "root.der"),
	    "--algorithms", "ecdsa-p384,sha384",
	    "--at", "2026-11-23T00:00:00Z" }, null };
	const struct bench_task tasks[] = { { run_child, &openssl, true },
	    { run_child, &ours, true } };

	if (!ends_well(version, null))
		return false;
	write_verification(&gpu->of[gpu->n - 1]);
	bench_rounds("processes", tasks, 2, rounds, ret);
	close(null);
	return true;
}

/* -- memory -- */

#define MEMORY_RUNS	5

static long
peak_of_this(void)
{
	FILE *f = fopen("/proc/self/status", "r");
	char line[256];
	long kib = -1;

	while (f != NULL && fgets(line, sizeof(line), f) != NULL)
		if (sscanf(line, "VmHWM: %ld kB", &kib) == 1)
			break;
	if (f != NULL)
		fclose(f);
	return kib;
}

/* Both have the libraries loaded and used; only one judges something. */
int
bench_memory_child(const char *what, const char *data, struct bench_scene *room)
{
	da_hash_warm();
	da_sig_warm();
	if (strcmp(what, "appraisal") == 0)
		bench_scene_gpu(data, room);
	printf("%ld\n", peak_of_this());
	return 0;
}

static long
peak_of(const char *what)
{
	char self[1024] = "";
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);
	const char *const argv[] = { self, "--memory", what, NULL };
	char text[32] = "";
	int ends[2];

	if (n <= 0 || pipe2(ends, O_CLOEXEC) != 0)
		return -1;
	if (!ends_well(argv, ends[1]) || read(ends[0], text,
	    sizeof(text) - 1) <= 0)
		text[0] = '\0';
	close(ends[0]);
	close(ends[1]);
	return text[0] == '\0' ? -1 : strtol(text, NULL, 10);
}

static int
by_size(const void *a, const void *b)
{
	long x = *(const long *)a, y = *(const long *)b;

	return (x > y) - (x < y);
}

long
bench_memory(void)
{
	long kib[MEMORY_RUNS];

	for (int i = 0; i < MEMORY_RUNS; i++) {
		long libraries = peak_of("libraries");
		long appraisal = peak_of("appraisal");

		if (libraries <= 0 || appraisal <= 0)
			return -1;
		kib[i] = appraisal - libraries;
	}
	qsort(kib, MEMORY_RUNS, sizeof(kib[0]), by_size);
	return kib[MEMORY_RUNS / 2];
}
