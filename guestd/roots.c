/* SPDX-License-Identifier: Apache-2.0 */
#include "roots.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "files.h"
#include "trustfile.h"

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

/* A file's DER, which the roots own from then on. */
static bool
load_der(const struct loading *l, const char *path, enum da_part part,
    size_t cap, struct da_slice *ret)
{
	struct da_file_error error;
	struct da_fault fault;
	struct da_slice file;

	if (!da_file_read(path, part, cap, &file, &error))
		return error.unusable ? failed(l, 1, path, error.text) :
		    failed_by(l, path, &error.fault);
	if (!da_trust_decode(&file, part, &fault)) {
		da_file_free(file);
		return failed_by(l, path, &fault);
	}
	l->roots->owned[l->roots->n++] = file;
	*ret = file;
	return true;
}

/* -- what the policy names -- */

static bool
find_named(const struct loading *l, const char *what, const char *name,
    enum da_part part, char *ret, size_t size)
{
	if (name_stays(name) && find_file(l->folder, name, ret, size))
		return true;
	l->roots->exit_class = access(l->folder, X_OK) == 0 ? 3 : 1;
	da_refuse(&l->roots->fault, part == DA_PART_KEY ? DA_F_KEY_ABSENT :
	    DA_F_NO_ANCHOR, part, 0);
	snprintf(l->why, l->size, "%s \"%s\": neither %s.pem nor %s.der is "
	    "in %s", what, name, name, name, l->folder);
	return false;
}

static bool
load_root(const struct loading *l, const char *name,
    struct da_anchors *anchors)
{
	uint16_t before = anchors->n;
	struct da_fault fault;
	struct da_slice der;
	char path[4096];

	if (!find_named(l, "root", name, DA_PART_ROOT, path, sizeof(path)) ||
	    !load_der(l, path, DA_PART_ROOT, DA_ROOT_MAX_BYTES, &der))
		return false;
	if (!da_trust_anchors(der, anchors, &fault))
		return failed_by(l, path, &fault);
	/* Nobody named the others of a bundle: none slips in with one. */
	if (anchors->n == before + 1)
		return true;
	da_refuse(&l->roots->fault, DA_F_CHAIN_TOO_MANY, DA_PART_ROOT, 0);
	return failed(l, 8, path, "more than one certificate; a policy names "
	    "each root, one a file");
}

static bool
load_key(const struct loading *l, const char *name, struct da_slice *ret)
{
	struct da_fault fault;
	struct da_slice der;
	char path[4096];

	if (!find_named(l, "key", name, DA_PART_KEY, path, sizeof(path)) ||
	    !load_der(l, path, DA_PART_KEY, DA_KEY_FILE_MAX, &der))
		return false;
	return da_trust_key(der, ret, &fault) || failed_by(l, path, &fault);
}

static bool
load_named(const struct loading *l, struct da_policy_rule *rule)
{
	for (uint16_t k = 0; k < rule->roots.n; k++)
		if (!load_root(l, rule->roots.name[k], &rule->anchors))
			return false;
	return rule->keys.n == 0 ||
	    load_key(l, rule->keys.name[0], &rule->provisioned);
}

/* -- revocation lists: all that the folder holds -- */

static int
is_list(const struct dirent *entry)
{
	const char *end = strrchr(entry->d_name, '.');

	return entry->d_name[0] != '.' && end != NULL &&
	    strcmp(end, ".crl") == 0;
}

/* By bytes: a locale has no say in what is read first. */
static int
by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static bool
load_list(const struct loading *l, const char *folder, const char *name,
    struct da_crls *crls)
{
	struct da_fault fault;
	struct da_slice der;
	char path[4096];
	int n = snprintf(path, sizeof(path), "%s/%s", folder, name);

	if (n < 0 || (size_t)n >= sizeof(path))
		return failed(l, 1, name, strerror(ENAMETOOLONG));
	if (crls->n == DA_MAX_CRLS) {
		da_refuse(&l->roots->fault, DA_F_TOO_LONG, DA_PART_CRL, 0);
		return failed(l, 8, path, "more revocation lists than can be "
		    "held");
	}
	if (!load_der(l, path, DA_PART_CRL, DA_CRL_FILE_MAX, &der))
		return false;
	return da_trust_crls(der, crls, &fault) || failed_by(l, path, &fault);
}

static bool
load_lists(const struct loading *l, struct da_crls *crls)
{
	struct dirent **found = NULL;
	char folder[4096];
	bool all = true;
	int n;

	snprintf(folder, sizeof(folder), "%s/" DA_LISTS_FOLDER, l->folder);
	n = scandir(folder, &found, is_list, by_name);
	if (n < 0)
		return errno == ENOENT ||
		    failed(l, 1, folder, strerror(errno));
	for (int i = 0; i < n; i++) {
		all = all && load_list(l, folder, found[i]->d_name, crls);
		free(found[i]);
	}
	free(found);
	return all;
}

static bool
wants_lists(const struct da_policy *policy)
{
	for (uint16_t i = 0; i < policy->n_rules; i++)
		if (policy->rule[i].revocation == DA_REVOCATION_CRL)
			return true;
	return false;
}

bool
da_roots_load(struct da_policy *policy, const char *folder,
    struct da_roots *ret, char *reterr, size_t size)
{
	const struct loading l = { folder, ret, reterr, size };
	struct da_crls crls = { .n = 0 };

	ret->n = 0;
	ret->exit_class = 0;
	ret->fault = (struct da_fault){ DA_F_NONE, DA_PART_NONE, 0 };
	for (uint16_t i = 0; i < policy->n_rules; i++)
		if (!load_named(&l, &policy->rule[i]))
			return false;
	if (wants_lists(policy) && !load_lists(&l, &crls))
		return false;
	for (uint16_t i = 0; i < policy->n_rules; i++)
		if (policy->rule[i].revocation == DA_REVOCATION_CRL)
			policy->rule[i].crls = crls;
	return true;
}

void
da_roots_free(struct da_roots *roots)
{
	while (roots->n > 0)
		da_file_free(roots->owned[--roots->n]);
}
