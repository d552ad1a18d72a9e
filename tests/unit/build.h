/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Bytes for tests: a growing buffer with little-endian writers, copies whose
 * end the address sanitizer can see, and files of the test data.  Everything
 * lives until the test process ends, on a list that keeps it reachable.
 */
#ifndef DA_TEST_BUILD_H
#define DA_TEST_BUILD_H

#include "unit.h"

struct chunk {
	struct chunk *next;
};

static struct chunk *chunks;

static inline void *
keep(size_t n)
{
	struct chunk *c = malloc(sizeof(*c) + n);

	ck_assert_ptr_nonnull(c);
	c->next = chunks;
	chunks = c;
	return c + 1;
}

struct buf {
	uint8_t *p;
	size_t n, cap;
};

static inline void
put_bytes(struct buf *b, const void *p, size_t n)
{
	uint8_t *grown;

	if (b->cap - b->n < n) {
		b->cap = 2 * b->cap + n + 64;
		grown = keep(b->cap);
		if (b->n > 0)
			memcpy(grown, b->p, b->n);
		b->p = grown;
	}
	if (n > 0)
		memcpy(b->p + b->n, p, n);
	b->n += n;
}

static inline void
put_le(struct buf *b, uint64_t v, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		uint8_t byte = (uint8_t)(v >> (8 * i));

		put_bytes(b, &byte, 1);
	}
}

static inline void
put8(struct buf *b, unsigned int v)
{
	put_le(b, v, 1);
}

static inline void
put16(struct buf *b, unsigned int v)
{
	put_le(b, v, 2);
}

static inline void
put24(struct buf *b, size_t v)
{
	put_le(b, v, 3);
}

static inline void
put32(struct buf *b, uint32_t v)
{
	put_le(b, v, 4);
}

static inline void
put64(struct buf *b, uint64_t v)
{
	put_le(b, v, 8);
}

static inline void
put_fill(struct buf *b, uint8_t byte, size_t n)
{
	for (size_t i = 0; i < n; i++)
		put_bytes(b, &byte, 1);
}

static inline void
put_slice(struct buf *b, struct da_slice s)
{
	put_bytes(b, s.p, s.n);
}

/* Overwrites n bytes at `at` with v. */
static inline void
set_le(struct buf *b, size_t at, uint64_t v, size_t n)
{
	ck_assert_uint_le(at + n, b->n);
	for (size_t i = 0; i < n; i++)
		b->p[at + i] = (uint8_t)(v >> (8 * i));
}

static inline void
set8(struct buf *b, size_t at, unsigned int v)
{
	set_le(b, at, v, 1);
}

static inline struct da_slice
buf_slice(const struct buf *b)
{
	return da_slice_of(b->p, b->n);
}

/* The first n bytes in memory of their own, that ends where they end. */
static inline struct da_slice
exact(struct da_slice s, size_t n)
{
	uint8_t *p = keep(n);

	ck_assert_uint_le(n, s.n);
	if (n > 0)
		memcpy(p, s.p, n);
	return da_slice_of(p, n);
}

/* The same, valid until the next call: for all prefixes of a long part. */
static inline struct da_slice
prefix(struct da_slice s, size_t n)
{
	static uint8_t *last;

	free(last);
	last = malloc(n + 1);
	ck_assert_ptr_nonnull(last);
	/* At the end of the memory, so that one byte more is outside. */
	if (n > 0)
		memcpy(last + 1, s.p, n);
	return da_slice_of(last + 1, n);
}

/* A copy that may be written to. */
static inline struct buf
buf_copy(struct da_slice s)
{
	struct buf b = { 0 };

	put_slice(&b, s);
	return b;
}

/*
 * A file of the test data; false, and loudly, when there is none.  A folder
 * that was named and lacks the file is a failure.
 */
static inline bool
load(const char *name, struct da_slice *ret)
{
	const char *dir = getenv("DEVATTEST_TESTDATA");
	char path[512];
	struct buf b = { 0 };
	uint8_t block[4096];
	size_t n;
	FILE *f;

	if (dir == NULL || access(dir, R_OK) != 0) {
		fprintf(stderr, "SKIPPED: %s: no test data folder "
		    "(DEVATTEST_TESTDATA)\n", name);
		return false;
	}
	snprintf(path, sizeof(path), "%s/%s", dir, name);
	f = fopen(path, "rb");
	ck_assert_msg(f != NULL, "%s is missing", path);
	while ((n = fread(block, 1, sizeof(block), f)) > 0)
		put_bytes(&b, block, n);
	fclose(f);
	*ret = exact(buf_slice(&b), b.n);
	return true;
}

#endif
