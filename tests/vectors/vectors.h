/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Recorded evidence in a folder (DEVATTEST_TESTDATA): loads a case and asks the
 * library about it, in process, as `devattest verify` would.
 */
#ifndef DA_TEST_VECTORS_H
#define DA_TEST_VECTORS_H

#include "tests/unit/unit.h"

#include "policy/strictjson.h"
#include "verifier/claims.h"
#include "verifier/hash.h"

#define VEC_MAX_CASES	64
#define VEC_AT		INT64_C(1795392000)	/* 2026-11-23T00:00:00Z */

/* The names of a folder's cases, sorted. */
struct vec_list {
	int n;
	char name[VEC_MAX_CASES][64];
};

/* Everything a question needs; its parts live until vec_done(). */
struct vec_question {
	struct da_bundle bundle;
	struct da_ask ask;
	struct da_algs assumed;
};

struct vec_answer {
	struct da_evidence evidence;
	struct da_proof proof;
	struct da_claims claims;
	bool claimed;
	int exit_class;
};

/*
 * Ends the program with 77 and a loud line when DEVATTEST_TESTDATA or the
 * folder in it is missing.
 */
void	vec_need_folder(const char *folder, const char *what_is_skipped);
/* Sub-folders of `folder` that hold a case.json. */
void	vec_list_cases(const char *folder, struct vec_list *ret);
/* A whole file, until vec_done(); fails the test when it is not there. */
struct da_slice	vec_file(const char *folder, const char *name,
		    const char *file);
void	vec_done(void);
bool	vec_has_file(const char *folder, const char *name, const char *file);
struct da_json	*vec_json(const char *folder, const char *name);

/* "a.b.c" inside objects; NULL when it is not there. */
const struct da_json *vec_at(const struct da_json *v, const char *path);
int64_t	vec_int(const struct da_json *v, const char *path);
bool	vec_bool(const struct da_json *v, const char *path);
/* A string that begins with 0x. */
uint64_t	vec_hex_int(const struct da_json *v, const char *path);
bool	vec_is_text(const struct da_json *v, const char *path,
	    const char *expected);
bool	vec_starts(const struct da_json *v, const char *path,
	    const char *prefix);
/* A string of hex digits against bytes. */
bool	vec_is_hex(const struct da_json *v, const char *path,
	    struct da_slice bytes);

void	vec_give(struct vec_question *q, enum da_part part,
	    struct da_slice bytes);
/* A case of the folders libspdm (by its parts) and nvidia (as SPDM chain). */
void	vec_libspdm(const char *name, struct vec_question *ret);
void	vec_nvidia(const char *name, struct vec_question *ret);
void	vec_ask(const struct vec_question *q, struct vec_answer *ret);
/* The first broken check's fault; DA_F_NONE when nothing is broken. */
enum da_why vec_fault(const struct vec_answer *a);

#endif
