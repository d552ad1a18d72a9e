/* SPDX-License-Identifier: Apache-2.0 */
#include "world.h"

#include <errno.h>

#include "guestd/sealed.h"
#include "unit.h"


static struct da_kernel kernel;
static struct da_roles roles;
struct world world;
struct da_pusher pusher;
struct da_candidate candidate;

static const char chain[] = "the chain", other_chain[] = "another chain",
    vca[] = "the negotiation", meas[] = "the measurements",
    report[] = WORLD_REPORT;

/* False for the call that is to fail. */
static bool
happens(const char *event)
{
	size_t used = strlen(world.events);

	snprintf(world.events + used, sizeof(world.events) - used, "%s%s",
	    used > 0 ? "," : "", event);
	if (world.fail_too != NULL && strcmp(world.fail_too, event) == 0)
		return false;
	return world.fail == NULL || strcmp(world.fail, event) != 0 ||
	    world.fail_after-- > 0;
}

bool
happened(const char *event)
{
	return strstr(world.events, event) != NULL;
}

/* -- the kernel -- */

static bool *
running(const char *device)
{
	return &world.running[(uint8_t)device[6]];
}

static bool
kernel_says(const char *event, struct da_kernel_error *reterr)
{
	if (happens(event))
		return true;
	*reterr = (struct da_kernel_error){
		world.error != 0 ? world.error : EBUSY,
		"the test wants it so" };
	return false;
}

static bool
fake_lock(struct da_kernel *k, const char *device,
    struct da_kernel_error *reterr)
{
	(void)k;
	(void)device;
	world.tickets = 0;
	world.locked = kernel_says("lock", reterr);
	return world.locked;
}

static bool
fake_unlock(struct da_kernel *k, const char *device,
    struct da_kernel_error *reterr)
{
	(void)k;
	if (!kernel_says("unlock", reterr))
		return false;
	if (world.bound[(uint8_t)device[6]]) {
		*reterr = (struct da_kernel_error){ EBUSY, "a driver has it" };
		return false;
	}
	world.locked = *running(device) = false;
	return true;
}

static bool
fake_ticket(struct da_kernel *k, const char *device, const uint8_t *nonce,
    struct da_ticket *ret, struct da_kernel_error *reterr)
{
	char event[32];

	(void)k;
	snprintf(event, sizeof(event), "ticket %d", ++world.tickets);
	if (!kernel_says(event, reterr))
		return false;
	*ret = world.ticket;
	snprintf(ret->device, sizeof(ret->device), "%s", device);
	ret->state = *running(device) ? DA_STATE_RUN : DA_STATE_LOCKED;
	/* Measurements and report are newer than the lock. */
	ret->token[DA_TOKEN_MEASUREMENTS].bytes[0] = world.tickets > 1;
	ret->token[DA_TOKEN_REPORT].bytes[0] = world.tickets > 1;
	if (nonce != NULL)
		memcpy(world.told_nonce, nonce, DA_NONCE);
	if (world.at_ticket != NULL)
		world.at_ticket(world.tickets, ret);
	return true;
}

static bool
fake_push(struct da_kernel *k, const char *device, const struct da_push *how,
    struct da_slice bytes, struct da_kernel_error *reterr)
{
	(void)k;
	(void)device;
	if (!kernel_says("push", reterr))
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
	(void)device;
	return kernel_says("validate", reterr);
}

static bool
fake_accept(struct da_kernel *k, const char *device,
    struct da_kernel_error *reterr)
{
	(void)k;
	*running(device) = kernel_says("accept", reterr);
	return *running(device);
}

static bool
fake_map(struct da_kernel *k, const char *device, struct da_map *ret,
    struct da_kernel_error *reterr)
{
	(void)k;
	(void)device;
	*ret = world.map;
	return kernel_says("map", reterr);
}

static bool
fake_bind(struct da_kernel *k, const char *device,
    struct da_kernel_error *reterr)
{
	(void)k;
	world.bound[(uint8_t)device[6]] = kernel_says("bind", reterr);
	return world.bound[(uint8_t)device[6]];
}

static const struct da_kernel_ops kernel_ops = { .name = "fake",
	.lock = fake_lock, .unlock = fake_unlock, .ticket = fake_ticket,
	.push = fake_push, .validate = fake_validate, .accept = fake_accept,
	.map = fake_map, .bind = fake_bind };

/* -- the roles -- */

static bool
role_says(const char *event, struct da_refusal *reterr)
{
	if (happens(event))
		return true;
	*reterr = world.refusal;
	return false;
}

static void
add_part(struct da_fetched *f, uint16_t type, const char *bytes, size_t n)
{
	f->part[f->n++] = (struct da_msg_part){ .type = type,
		.length = (uint32_t)n, .offset = f->size };
	ck_assert(da_sealed_append(f->memfd, bytes, n));
	f->size += n;
}

static bool
fake_fetch(struct da_roles *r, const uint8_t request[DA_WIRE_REQUEST_SIZE],
    struct da_fetched *ret, struct da_refusal *reterr)
{
	struct da_wire_request asked;
	struct da_fetched f = { .size = DA_WIRE_REQUEST_SIZE };

	(void)r;
	ck_assert(da_wire_get_request(request, &asked));
	memcpy(world.asked_nonce, asked.nonce, DA_NONCE);
	world.asked_id = asked.id;
	if (!role_says("fetch", reterr))
		return false;
	ck_assert(da_sealed_new(&f.memfd));
	ck_assert(da_sealed_append(f.memfd, request, DA_WIRE_REQUEST_SIZE));
	if (world.two_chains)
		add_part(&f, 0, other_chain, sizeof(other_chain));
	add_part(&f, 1, chain, sizeof(chain));
	add_part(&f, DA_WIRE_VCA, vca, sizeof(vca));
	add_part(&f, DA_WIRE_MEASUREMENTS, meas, sizeof(meas));
	if (!world.no_report)
		add_part(&f, DA_WIRE_REPORT, report, sizeof(report));
	world.memfd = f.memfd;
	*ret = f;
	return true;
}

static void
fake_release(struct da_roles *r)
{
	(void)r;
	happens("release");
}

static bool
fake_authenticate(struct da_roles *r, struct da_msg_job *job, int memfd,
    struct da_proof *ret, struct da_refusal *reterr)
{
	(void)r;
	ck_assert_int_eq(memfd, world.memfd);
	world.job = *job;
	*ret = world.proof;
	return role_says("authenticate", reterr);
}

static bool
fake_appraise(struct da_roles *r, struct da_msg_job *job, int memfd,
    struct da_verdict *ret, struct da_refusal *reterr)
{
	(void)r;
	world.job = *job;
	if (world.tamper)
		ck_assert_int_eq(pwrite(memfd, "X", 1, (off_t)job->size - 3),
		    1);
	*ret = world.verdict;
	return role_says("appraise", reterr);
}

static bool
fake_count(struct da_roles *r, struct da_msg_count *question,
    struct da_refusal *reterr)
{
	(void)r;
	world.count = *question;
	if (!role_says("count", reterr))
		return false;
	*reterr = world.refusal;
	return question->n >= world.count_min;
}

static const struct da_roles_ops roles_ops = { fake_fetch, fake_release,
	fake_authenticate, fake_appraise, fake_count };

/* -- a world in which all goes well -- */

static void
set_digest(enum da_digest_of of, const char *bytes, size_t n)
{
	struct da_hash_value digest = da_hash_of(DA_HASH_SHA384,
	    da_slice_of(bytes, n));

	da_digest_set(&world.ticket.digest[of], DA_HASH_SHA384,
	    da_hash_bytes(&digest));
}

static void
make_ticket(void)
{
	struct da_ticket *t = &world.ticket;

	t->version = DA_TICKET_VERSION;
	t->platform = DA_PLATFORM_EMULATED;
	t->bound = 1;
	t->state_trusted = 1;
	t->hash = DA_HASH_SHA384;
	t->page_unit = DA_UNIT_PAGE;
	t->bar_base = DA_BASE_ALIGNED;
	for (int i = 0; i < DA_TOKEN_COUNT; i++)
		t->token[i] = (struct da_token){ 8, { 0, (uint8_t)i, 7 } };
	t->pci.bar[0].size = 65536;
	set_digest(DA_DIGEST_CHAIN, chain, sizeof(chain));
	set_digest(DA_DIGEST_VCA, vca, sizeof(vca));
	set_digest(DA_DIGEST_MEASUREMENTS, meas, sizeof(meas));
	set_digest(DA_DIGEST_REPORT, report, sizeof(report));
}

static void
make_judges(void)
{
	static const enum da_check proved[] = { DA_CHK_WELL_FORMED,
		DA_CHK_CHAIN, DA_CHK_LEAF_PROFILE, DA_CHK_SIGNATURE,
		DA_CHK_SLOT, DA_CHK_NONCE };

	world.map = (struct da_map){ .n = 1, .range = { { 0, 4096, 0,
		DA_MMIO_PRIVATE, 0, 0 } } };
	world.proof = (struct da_proof){ .version = DA_PROOF_VERSION,
		.proved = 1 };
	da_findings_start(&world.proof.findings);
	for (size_t i = 0; i < sizeof(proved) / sizeof(proved[0]); i++)
		da_found(&world.proof.findings, proved[i], DA_HOLDS);
	world.verdict = (struct da_verdict){ .version = DA_VERDICT_VERSION,
		.accepted = 1, .decided_by = DA_CHK_COUNT,
		.class_name = "nic", .map = world.map };
	da_findings_start(&world.verdict.findings);
	world.refusal = (struct da_refusal){ .exit_class = 1,
		.check = DA_CHK_COUNT, .text = "the role died" };
}

void
make_candidate(struct da_candidate *c, const char *name)
{
	memset(c, 0, sizeof(*c));
	snprintf(c->device.name, sizeof(c->device.name), "%s", name);
	c->device.tee = DA_TRI_TRUE;
	memset(c->device.path, 0xff, sizeof(c->device.path));
}

void
set_up(void)
{
	memset(&world, 0, sizeof(world));
	make_ticket();
	make_judges();
	make_candidate(&candidate, "0000:01:00.0");
	kernel.ops = &kernel_ops;
	roles.ops = &roles_ops;
	pusher = (struct da_pusher){ .kernel = &kernel, .roles = &roles };
}

int
run_one(void)
{
	return da_push_all(&pusher, &candidate, 1);
}

/* Whatever was refused: unlocked, and nothing is held any more. */
void
ck_refused(int class)
{
	static const uint8_t zero[DA_NONCE];

	ck_assert_int_eq(run_one(), class);
	ck_assert(!candidate.outcome.accepted);
	ck_assert(!world.locked && !*running(candidate.device.name));
	ck_assert(!candidate.locked && !candidate.has_bundle &&
	    !candidate.host_waits);
	ck_assert_uint_eq(candidate.file.n, 0);
	ck_assert_mem_eq(candidate.nonce, zero, DA_NONCE);
	ck_assert(!happened("bind") || world.fail != NULL);
	if (world.memfd != 0)
		ck_assert_int_eq(fcntl(world.memfd, F_GETFD), -1);
}
