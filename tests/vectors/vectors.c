/* SPDX-License-Identifier: Apache-2.0 */
#include "vectors.h"

#include <dirent.h>

#define MAX_LOADED	512

static uint8_t *loaded[MAX_LOADED];
static int n_loaded;

static const char *
data_folder(void)
{
	const char *folder = getenv("DEVATTEST_TESTDATA");

	return folder == NULL ? "" : folder;
}

/* Also before a test runs, where Check's asserts do not work. */
static void
die(const char *what, const char *which)
{
	fprintf(stderr, "%s: %s\n", what, which);
	exit(1);
}

static void
path_of(char *buf, size_t size, const char *folder, const char *name,
    const char *file)
{
	int n = snprintf(buf, size, "%s/%s/%s/%s", data_folder(), folder, name,
	    file);

	if (n <= 0 || (size_t)n >= size)
		die("path too long", file);
}

void
vec_need_folder(const char *folder, const char *what_is_skipped)
{
	char path[1024];

	path_of(path, sizeof(path), folder, ".", "README.md");
	if (*data_folder() != '\0' && access(path, R_OK) == 0)
		return;
	printf("SKIPPED: %s: no test data (DEVATTEST_TESTDATA is `%s` and has "
	    "no folder `%s`; configure --with-testdata=DIR)\n",
	    what_is_skipped, data_folder(), folder);
	exit(77);
}

bool
vec_has_file(const char *folder, const char *name, const char *file)
{
	char path[1024];

	path_of(path, sizeof(path), folder, name, file);
	return access(path, R_OK) == 0;
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(a, b);
}

void
vec_list_cases(const char *folder, struct vec_list *ret)
{
	char path[1024];
	struct dirent *entry;
	DIR *dir;

	ret->n = 0;
	path_of(path, sizeof(path), folder, ".", ".");
	if ((dir = opendir(path)) == NULL)
		die("cannot list", path);
	while ((entry = readdir(dir)) != NULL) {
		if (entry->d_name[0] == '.' ||
		    !vec_has_file(folder, entry->d_name, "case.json"))
			continue;
		if (ret->n == VEC_MAX_CASES)
			die("too many cases", path);
		snprintf(ret->name[ret->n++], sizeof(ret->name[0]), "%.63s",
		    entry->d_name);
	}
	closedir(dir);
	qsort(ret->name, (size_t)ret->n, sizeof(ret->name[0]), by_name);
}

struct da_slice
vec_file(const char *folder, const char *name, const char *file)
{
	char path[1024];
	uint8_t *buf;
	long n;
	FILE *f;

	path_of(path, sizeof(path), folder, name, file);
	f = fopen(path, "rb");
	ck_assert_msg(f != NULL, "cannot open %s", path);
	ck_assert_int_eq(fseek(f, 0, SEEK_END), 0);
	n = ftell(f);
	ck_assert_int_gt(n, 0);
	rewind(f);
	buf = malloc((size_t)n);
	ck_assert_ptr_nonnull(buf);
	ck_assert_uint_eq(fread(buf, 1, (size_t)n, f), (size_t)n);
	fclose(f);
	ck_assert_int_lt(n_loaded, MAX_LOADED);
	loaded[n_loaded++] = buf;
	return da_slice_of(buf, (size_t)n);
}

void
vec_done(void)
{
	while (n_loaded > 0)
		free(loaded[--n_loaded]);
}

struct da_json *
vec_json(const char *folder, const char *name)
{
	struct da_slice text = vec_file(folder, name, "case.json");
	struct da_json_error error = { 0 };
	struct da_json *v = da_json_parse(text, &error);

	ck_assert_msg(v != NULL, "%s/%s/case.json:%u:%u: %s", folder, name,
	    (unsigned int)error.line, (unsigned int)error.column, error.text);
	return v;
}

const struct da_json *
vec_at(const struct da_json *v, const char *path)
{
	char key[64];

	while (v != NULL && *path != '\0') {
		size_t n = strcspn(path, ".");

		ck_assert_uint_lt(n, sizeof(key));
		memcpy(key, path, n);
		key[n] = '\0';
		if (da_json_kind(v) != DA_JSON_OBJECT)
			return NULL;
		v = da_json_get(v, key);
		path += n + (path[n] == '.');
	}
	return v;
}

int64_t
vec_int(const struct da_json *v, const char *path)
{
	int64_t n = 0;

	v = vec_at(v, path);
	ck_assert_msg(v != NULL && da_json_int(v, &n), "no integer %s", path);
	return n;
}

bool
vec_bool(const struct da_json *v, const char *path)
{
	bool b = false;

	v = vec_at(v, path);
	ck_assert_msg(v != NULL && da_json_bool(v, &b), "no boolean %s", path);
	return b;
}

static bool
string_at(const struct da_json *v, const char *path, struct da_slice *ret)
{
	v = vec_at(v, path);
	return v != NULL && da_json_string(v, ret);
}

uint64_t
vec_hex_int(const struct da_json *v, const char *path)
{
	struct da_slice text = { 0 };
	char copy[32];

	ck_assert_msg(string_at(v, path, &text) && text.n < sizeof(copy),
	    "no number %s", path);
	memcpy(copy, text.p, text.n);
	copy[text.n] = '\0';
	return strtoull(copy, NULL, 16);
}

bool
vec_is_text(const struct da_json *v, const char *path, const char *expected)
{
	struct da_slice text;

	return string_at(v, path, &text) &&
	    da_slice_eq(text, da_slice_str(expected));
}

bool
vec_starts(const struct da_json *v, const char *path, const char *prefix)
{
	struct da_slice text;

	return string_at(v, path, &text) && text.n >= strlen(prefix) &&
	    memcmp(text.p, prefix, strlen(prefix)) == 0;
}

bool
vec_is_hex(const struct da_json *v, const char *path, struct da_slice bytes)
{
	uint8_t expected[4096];
	size_t n;

	v = vec_at(v, path);
	return v != NULL && da_json_hex(v, expected, sizeof(expected), &n) &&
	    da_slice_eq(da_slice_of(expected, n), bytes);
}

void
vec_give(struct vec_question *q, enum da_part part, struct da_slice bytes)
{
	q->bundle.given[part] = true;
	q->bundle.part[part] = bytes;
}

static void
give_file(struct vec_question *q, enum da_part part, const char *folder,
    const char *name, const char *file)
{
	if (vec_has_file(folder, name, file))
		vec_give(q, part, vec_file(folder, name, file));
}

static void
give_ask(struct vec_question *q, const char *folder, const char *name)
{
	q->ask.has_time = true;
	q->ask.at = VEC_AT;
	q->ask.anchors.n = 1;
	q->ask.anchors.der[0] = vec_file(folder, name, "root.der");
	if (vec_has_file(folder, name, "nonce.bin"))
		q->ask.nonce = vec_file(folder, name, "nonce.bin");
}

void
vec_libspdm(const char *name, struct vec_question *ret)
{
	*ret = (struct vec_question){ 0 };
	give_file(ret, DA_PART_CHAIN, "libspdm", name, "certchain.bin");
	give_file(ret, DA_PART_VCA, "libspdm", name, "vca.bin");
	give_file(ret, DA_PART_MEASUREMENTS, "libspdm", name,
	    "measurements.bin");
	give_ask(ret, "libspdm", name);
}

void
vec_nvidia(const char *name, struct vec_question *ret)
{
	*ret = (struct vec_question){ 0 };
	give_file(ret, DA_PART_CHAIN, "nvidia", name,
	    "certchain_spdm_built.bin");
	give_file(ret, DA_PART_MEASUREMENTS, "nvidia", name, "report.bin");
	give_ask(ret, "nvidia", name);
	ret->assumed = (struct da_algs){ DA_ASYM_ECDSA_P384, DA_HASH_SHA384,
	    DA_HASH_SHA384 };
	ret->ask.assumed = &ret->assumed;
}

void
vec_ask(const struct vec_question *q, struct vec_answer *ret)
{
	memset(ret, 0, sizeof(*ret));
	da_prove(&q->bundle, &q->ask, &ret->evidence, &ret->proof);
	ret->claimed = da_claims_make(&ret->evidence, &ret->proof, &q->ask,
	    &ret->claims);
	ret->exit_class = da_verify_class(&q->bundle, &ret->claims.findings);
}

enum da_why
vec_fault(const struct vec_answer *a)
{
	for (int c = 0; c < DA_CHK_COUNT; c++)
		if (a->claims.findings.of[c].result == DA_BROKEN)
			return (enum da_why)a->claims.findings.of[c].why;
	return DA_F_NONE;
}
