/* SPDX-License-Identifier: Apache-2.0 */
#include "roots.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "anchors.h"
#include "files.h"

/* Where to look, what to fill, and where a line of why-not goes. */
struct loading {
	const char *folder;
	struct da_roots *roots;
	char *why;
	size_t size;
};

static bool
failed(const struct loading *l, int exit_class, const char *path,
    const char *why)
{
	l->roots->exit_class = exit_class;
	snprintf(l->why, l->size, "%s: %s", path, why);
	return false;
}

static bool
failed_by(const struct loading *l, const char *path,
    const struct da_fault *fault)
{
	const struct da_fault_text *known = da_fault_text(fault->why);

	if (fault->why == DA_F_NONE)
		return failed(l, 1, path, "no memory");
	l->roots->fault = *fault;
	return failed(l, known->exit_class, path, known->text);
}

/* A name is a file's name here: it must stay in its folder. */
static bool
name_stays(const char *name)
{
	return name[0] != '\0' && name[0] != '.' && strchr(name, '/') == NULL;
}

static bool
find_file(const char *folder, const char *name, char *ret, size_t size)
{
	static const char *const endings[] = { "pem", "der" };

	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
		int n = snprintf(ret, size, "%s/%s.%s", folder, name,
		    endings[i]);

		if (n > 0 && (size_t)n < size && access(ret, F_OK) == 0)
			return true;
	}
	return false;
}

static bool
load_file(const struct loading *l, const char *path,
    struct da_anchors *anchors)
{
	struct da_file_error error;
	struct da_fault fault;
	uint16_t before = anchors->n;
	struct da_slice file;

	if (!da_file_read(path, DA_PART_ROOT, DA_ROOT_MAX_BYTES, &file,
	    &error))
		return error.unusable ? failed(l, 1, path, error.text) :
		    failed_by(l, path, &error.fault);
	if (!da_anchors_decode(&file, &fault)) {
		da_file_free(file);
		return failed_by(l, path, &fault);
	}
	l->roots->owned[l->roots->n++] = file;
	if (!da_anchors_add(file, anchors, &fault))
		return failed_by(l, path, &fault);
	/* Nobody named the others of a bundle: none slips in with one. */
	if (anchors->n == before + 1)
		return true;
	da_refuse(&l->roots->fault, DA_F_CHAIN_TOO_MANY, DA_PART_ROOT, 0);
	return failed(l, 8, path, "more than one certificate; a policy names "
	    "each root, one a file");
}

static bool
load_root(const struct loading *l, const char *name,
    struct da_anchors *anchors)
{
	char path[4096];

	if (name_stays(name) && find_file(l->folder, name, path, sizeof(path)))
		return load_file(l, path, anchors);
	l->roots->exit_class = access(l->folder, X_OK) == 0 ? 3 : 1;
	da_refuse(&l->roots->fault, DA_F_NO_ANCHOR, DA_PART_ROOT, 0);
	snprintf(l->why, l->size, "root \"%s\": neither %s.pem nor %s.der is "
	    "in %s", name, name, name, l->folder);
	return false;
}

bool
da_roots_load(struct da_policy *policy, const char *folder,
    struct da_roots *ret, char *reterr, size_t size)
{
	const struct loading l = { folder, ret, reterr, size };

	ret->n = 0;
	ret->exit_class = 0;
	ret->fault = (struct da_fault){ DA_F_NONE, DA_PART_NONE, 0 };
	for (uint16_t i = 0; i < policy->n_rules; i++) {
		struct da_policy_rule *rule = &policy->rule[i];

		for (uint16_t k = 0; k < rule->roots.n; k++)
			if (!load_root(&l, rule->roots.name[k],
			    &rule->anchors))
				return false;
	}
	return true;
}

void
da_roots_free(struct da_roots *roots)
{
	while (roots->n > 0)
		da_file_free(roots->owned[--roots->n]);
}
