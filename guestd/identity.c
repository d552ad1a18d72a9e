/* SPDX-License-Identifier: Apache-2.0 */
#include "identity.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool
is_number(const char *text)
{
	return text[0] != '\0' &&
	    strspn(text, "0123456789") == strlen(text) && strlen(text) < 10;
}

static struct da_identity
numbered(uid_t uid)
{
	return (struct da_identity){ .switches = true, .uid = uid,
		.gid = (gid_t)uid };
}

static bool
named(const char *name, struct da_identity *ret)
{
	const struct passwd *entry = getpwnam(name);

	if (entry == NULL)
		return false;
	*ret = (struct da_identity){ .switches = true, .uid = entry->pw_uid,
		.gid = entry->pw_gid };
	return true;
}

static struct da_identity
default_identity(const char *name, uid_t uid)
{
	struct da_identity identity;

	if (named(name, &identity))
		return identity;
	identity = numbered(uid);
	identity.by_number = true;
	return identity;
}

bool
da_identity_find(const char *wanted, const char *default_name,
    uid_t default_uid, struct da_identity *ret, char *reterr, size_t size)
{
	struct da_identity identity = { .switches = false };

	if (wanted == NULL)
		identity = default_identity(default_name, default_uid);
	else if (is_number(wanted))
		identity = numbered((uid_t)strtoul(wanted, NULL, 10));
	else if (!named(wanted, &identity)) {
		snprintf(reterr, size, "there is no user \"%s\"", wanted);
		return false;
	}
	if (identity.uid == 0) {
		snprintf(reterr, size, "root may not be a role's user");
		return false;
	}
	if (geteuid() != 0)
		identity = (struct da_identity){ .switches = false };
	*ret = identity;
	return true;
}

/* Root could come back where a saved id was left. */
static bool
is_for_good(uid_t uid)
{
	uid_t real, effective, saved;

	return getresuid(&real, &effective, &saved) == 0 && real == uid &&
	    effective == uid && saved == uid && setuid(0) != 0;
}

bool
da_identity_become(const struct da_identity *identity)
{
	if (!identity->switches)
		return true;
	return setgroups(0, NULL) == 0 &&
	    setresgid(identity->gid, identity->gid, identity->gid) == 0 &&
	    setresuid(identity->uid, identity->uid, identity->uid) == 0 &&
	    is_for_good(identity->uid);
}
