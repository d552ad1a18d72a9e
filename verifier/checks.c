/* SPDX-License-Identifier: Apache-2.0 */
#include "checks.h"

static const struct {
	const char *name;
	int in_verify, in_check;
} checks[DA_CHK_COUNT] = {
#define X(id, name, in_verify, in_check)				      \
	[DA_CHK_##id] = { name, in_verify, in_check },
	DA_CHECKS(X)
#undef X
};

/* The contract's order: the first failing class decides. */
static const int class_order[] = { 1, 10, 9, 7, 8, 2, 6, 4, 3, 5, 0 };

const char *
da_check_name(enum da_check check)
{
	return (unsigned int)check < DA_CHK_COUNT ? checks[check].name : "none";
}

enum da_check
da_check_named(struct da_slice name)
{
	unsigned int i;

	for (i = 0; i < DA_CHK_COUNT; i++)
		if (da_slice_eq(name, da_slice_str(checks[i].name)))
			break;
	return (enum da_check)i;
}

const char *
da_result_name(enum da_result result)
{
	static const char *const names[] = {
		[DA_BROKEN] = "broken",
		[DA_UNKNOWN] = "unknown",
		[DA_HOLDS] = "holds",
		[DA_NOT_ASKED] = "not-asked",
	};

	return names[(unsigned int)result <= DA_NOT_ASKED ? result :
	    DA_BROKEN];
}

int
da_check_unknown_class(enum da_check check, bool by_policy)
{
	if ((unsigned int)check >= DA_CHK_COUNT)
		return 1;
	return by_policy ? checks[check].in_check : checks[check].in_verify;
}

void
da_findings_start(struct da_findings *f)
{
	*f = (struct da_findings){ .device_info = DA_NOT_ASKED };
	for (unsigned int i = 0; i < DA_CHK_COUNT; i++)
		f->of[i] = (struct da_finding){ .result = DA_NOT_ASKED };
}

/* Broken stays broken, whoever comes later: the first fault wins. */
void
da_found(struct da_findings *f, enum da_check check, enum da_result result)
{
	if ((unsigned int)check < DA_CHK_COUNT &&
	    f->of[check].result != DA_BROKEN)
		f->of[check] = (struct da_finding){
			.result = (uint8_t)result
		};
}

void
da_found_broken(struct da_findings *f, enum da_check check,
    const struct da_fault *fault)
{
	if ((unsigned int)check < DA_CHK_COUNT &&
	    f->of[check].result != DA_BROKEN)
		f->of[check] = (struct da_finding){
			.result = DA_BROKEN,
			.part = (uint8_t)fault->part,
			.why = (uint8_t)fault->why,
			.offset = fault->offset < UINT32_MAX ?
			    (uint32_t)fault->offset : UINT32_MAX
		};
}

static size_t
class_rank(int class)
{
	size_t n = sizeof(class_order) / sizeof(class_order[0]);

	for (size_t i = 0; i < n; i++)
		if (class_order[i] == class)
			return i;
	return 0;	/* no class of ours: the program's own fault */
}

int
da_class_worse(int a, int b)
{
	size_t rank_a = class_rank(a), rank_b = class_rank(b);

	return class_order[rank_a < rank_b ? rank_a : rank_b];
}
