/* SPDX-License-Identifier: Apache-2.0 */
#include "world.h"

#include <errno.h>

#include "unit.h"

static struct da_kernel kernel;
static struct da_roles roles;
struct world world;
struct da_pusher pusher;
struct da_candidate candidate;
struct da_candidate several[WORLD_FUNCTIONS];

static bool
fails(const char *event, const char *name)
{
	if (world.fail_at != NULL && strcmp(world.fail_at, name) != 0)
		return false;
	if (world.fail_too != NULL && strcmp(world.fail_too, event) == 0)
		return true;
	if (world.fail == NULL || strcmp(world.fail, event) != 0 ||
	    world.fail_after-- > 0)
		return false;
	if (world.fail_times > 0 && --world.fail_times == 0)
		world.fail = NULL;
	return true;
}

bool
happens(const char *event, const char *name)
{
	size_t used = strlen(world.events);

	snprintf(world.events + used, sizeof(world.events) - used, "%s%s",
	    used > 0 ? "," : "", event);
	if (world.at_event != NULL)
		world.at_event(event);
	return !fails(event, name);
}

int
times(const char *event)
{
	size_t n = strlen(event);
	int found = 0;

	for (const char *at = world.events; (at = strstr(at, event)) != NULL;
	    at += n)
		if ((at == world.events || at[-1] == ',') &&
		    (at[n] == ',' || at[n] == '\0'))
			found++;
	return found;
}

bool
happened(const char *event)
{
	return times(event) > 0;
}

struct function *
function_named(const char *name)
{
	for (size_t i = 0; i < world.n; i++)
		if (strcmp(world.function[i].name, name) == 0)
			return &world.function[i];
	return NULL;
}

/* -- the kernel -- */

static bool
kernel_says(const char *event, const char *name,
    struct da_kernel_error *reterr)
{
	if (happens(event, name))
		return true;
	*reterr = (struct da_kernel_error){
		world.error != 0 ? world.error : EBUSY,
		"the test wants it so" };
	return false;
}

static bool
no_state(struct da_kernel_error *reterr, const char *text)
{
	*reterr = (struct da_kernel_error){ .error = EBUSY };
	snprintf(reterr->text, sizeof(reterr->text), "%s", text);
	return false;
}

static bool
fake_lock(struct da_kernel *k, const char *device,
    struct da_kernel_error *reterr)
{
	struct function *f = function_named(device);

	(void)k;
	if (!kernel_says("lock", device, reterr))
		return false;
	if (f->state != DA_STATE_UNLOCKED)
		return no_state(reterr, "it is locked");
	f->state = DA_STATE_LOCKED;
	f->was_locked = true;
	f->was_unlocked = f->collected = false;
	f->tickets = 0;
	f->locks++;
	return true;
}

static bool
fake_unlock(struct da_kernel *k, const char *device,
    struct da_kernel_error *reterr)
{
	struct function *f = function_named(device);

	(void)k;
	if (!kernel_says("unlock", device, reterr))
		return false;
	if (f->bound)
		return no_state(reterr, "a driver has it");
	f->was_unlocked = true;
	if (!f->sticks)
		f->state = DA_STATE_UNLOCKED;
	return true;
}

/* Before the lock it is a look, after the unlock a look back. */
static void
name_ticket(struct function *f, char event[32])
{
	if (f->was_unlocked)
		snprintf(event, 32, "look back");
	else if (!f->was_locked)
		snprintf(event, 32, "look");
	else
		snprintf(event, 32, "ticket %d", ++f->tickets);
}

static bool
fake_ticket(struct da_kernel *k, const char *device, const uint8_t *nonce,
    struct da_ticket *ret, struct da_kernel_error *reterr)
{
	struct function *f = function_named(device);
	char event[32];

	(void)k;
	name_ticket(f, event);
	if (!kernel_says(event, device, reterr))
		return false;
	if (f->no_ticket && !f->was_locked)
		return no_state(reterr, "no ticket before the lock");
	*ret = world.ticket;
	memcpy(ret->device, f->name, sizeof(ret->device));
	ret->state = f->state;
	ret->token[DA_TOKEN_LOCK].bytes[0] = f->locks;
	/* Measurements and report are newer than the lock. */
	ret->token[DA_TOKEN_MEASUREMENTS].bytes[0] = f->collected;
	ret->token[DA_TOKEN_REPORT].bytes[0] = f->collected;
	if (nonce != NULL)
		memcpy(world.told_nonce, nonce, DA_NONCE);
	if (world.at_ticket != NULL)
		world.at_ticket(f->was_unlocked ? 0 : f->tickets, ret);
	return true;
}

static bool
fake_push(struct da_kernel *k, const char *device, const struct da_push *how,
    struct da_slice bytes, struct da_kernel_error *reterr)
{
	(void)k;
	if (!kernel_says("push", device, reterr))
		return false;
	world.pushed_how = *how;
	ck_assert_uint_lt(bytes.n, sizeof(world.pushed));
	memcpy(world.pushed, bytes.p, bytes.n);
	return true;
}

static bool
fake_validate(struct da_kernel *k, const char *device,
    struct da_kernel_error *reterr)
{
	(void)k;
	return kernel_says("validate", device, reterr);
}

static bool
fake_accept(struct da_kernel *k, const char *device,
    struct da_kernel_error *reterr)
{
	(void)k;
	if (!kernel_says("accept", device, reterr))
		return false;
	function_named(device)->state = DA_STATE_RUN;
	return true;
}

static bool
fake_map(struct da_kernel *k, const char *device, struct da_map *ret,
    struct da_kernel_error *reterr)
{
	(void)k;
	*ret = world.map;
	return kernel_says("map", device, reterr);
}

static bool
fake_bind(struct da_kernel *k, const char *device,
    struct da_kernel_error *reterr)
{
	(void)k;
	if (!kernel_says("bind", device, reterr))
		return false;
	ck_assert_uint_eq(function_named(device)->state, DA_STATE_RUN);
	function_named(device)->bound = true;
	return true;
}

static bool
fake_leave(struct da_kernel *k, const char *device,
    struct da_kernel_error *reterr)
{
	(void)k;
	if (!kernel_says("leave", device, reterr))
		return false;
	ck_assert_uint_eq(function_named(device)->state, DA_STATE_UNLOCKED);
	function_named(device)->left = true;
	return true;
}

static const struct da_kernel_ops kernel_ops = { .name = "fake",
	.lock = fake_lock, .unlock = fake_unlock, .ticket = fake_ticket,
	.push = fake_push, .validate = fake_validate, .accept = fake_accept,
	.map = fake_map, .bind = fake_bind, .leave = fake_leave };

/* -- a world in which all goes well -- */

void
make_candidate(struct da_candidate *c, const char *name)
{
	struct function *f = function_named(name);

	memset(c, 0, sizeof(*c));
	snprintf(c->device.name, sizeof(c->device.name), "%s", name);
	c->device.tee = DA_TRI_TRUE;
	memset(c->device.path, 0xff, sizeof(c->device.path));
	if (f == NULL) {
		ck_assert_uint_lt(world.n, WORLD_FUNCTIONS);
		f = &world.function[world.n++];
	}
	*f = (struct function){ .what = DA_SORT_JUDGE,
		.state = DA_STATE_UNLOCKED };
	snprintf(f->name, sizeof(f->name), "%s", name);
}

static void
make_several(size_t n, const char *format)
{
	char name[DA_BDF_SIZE + 8];

	for (size_t i = 0; i < n; i++) {
		snprintf(name, sizeof(name), "0000:%02x:00.%u",
		    format[0] == 'd' ? (unsigned int)i + 1 : 1,
		    format[0] == 'f' ? (unsigned int)i : 0);
		make_candidate(&several[i], name);
	}
}

void
make_functions(size_t n)
{
	make_several(n, "functions");
}

void
make_devices(size_t n)
{
	make_several(n, "devices");
}

void
set_up(void)
{
	memset(&world, 0, sizeof(world));
	make_judges();
	make_candidate(&candidate, "0000:01:00.0");
	kernel.ops = &kernel_ops;
	roles.ops = &world_roles;
	pusher = (struct da_pusher){ .kernel = &kernel, .roles = &roles,
		.max_tries = 1, .boot_id = WORLD_BOOT };
}

int
run_one(void)
{
	return da_push_all(&pusher, &candidate, 1);
}

/* Whatever was refused: unlocked, told, and nothing is held any more. */
void
ck_refused(int class)
{
	static const uint8_t zero[DA_NONCE];
	const struct function *f = function_named(candidate.device.name);

	ck_assert_int_eq(run_one(), class);
	ck_assert(!candidate.outcome.accepted && !candidate.outcome.kept);
	ck_assert_uint_eq(f->state, DA_STATE_UNLOCKED);
	ck_assert(f->told && !f->outcome.accepted && candidate.finished);
	ck_assert(!f->was_locked || !f->was_unlocked || happened("look back"));
	ck_assert(!candidate.locked && !candidate.has_bundle &&
	    !candidate.host_waits);
	ck_assert(!candidate.recorded);
	ck_assert_uint_eq(candidate.file.n, 0);
	ck_assert_mem_eq(candidate.nonce, zero, DA_NONCE);
	ck_assert(!f->bound);
	ck_assert_int_eq(times("record"), times("void"));
	if (world.memfd != 0)
		ck_assert_int_eq(fcntl(world.memfd, F_GETFD), -1);
}
