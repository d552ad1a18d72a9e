/* SPDX-License-Identifier: Apache-2.0 */
#include "steps.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>
#include <sys/random.h>

#include "sealed.h"
#include "verifier/table.h"

void
note(struct da_candidate *c, const char *format, ...)
{
	size_t used = strlen(c->note);
	va_list args;

	va_start(args, format);
	vsnprintf(c->note + used, sizeof(c->note) - used, format, args);
	va_end(args);
}

bool
kernel_refused(struct da_refusal *reterr, const char *what,
    const struct da_kernel_error *error)
{
	return da_refused(reterr, DA_CHK_COUNT, DA_F_KERNEL_REFUSED,
	    DA_PART_NONE, "%s: %s%s%.100s", what, strerror(error->error),
	    error->text[0] != '\0' ? ": " : "", error->text);
}

bool
read_ticket(struct da_pusher *p, struct da_candidate *c, const uint8_t *nonce,
    struct da_ticket *ret, struct da_refusal *reterr)
{
	struct da_kernel_error error = { .error = 0 };
	struct da_ticket ticket;

	if (!p->kernel->ops->ticket(p->kernel, c->device.name, nonce, &ticket,
	    &error))
		return kernel_refused(reterr, "ticket", &error);
	if (strncmp(ticket.device, c->device.name, sizeof(ticket.device)) != 0)
		return da_refused(reterr, DA_CHK_TSM_STATE, DA_F_KERNEL_MOVED,
		    DA_PART_TICKET, "the ticket is another device's");
	*ret = ticket;
	return true;
}

/* The first bytes are enough to recognise a token or a nonce by. */
static void
note_hex(struct da_candidate *c, const char *what, const uint8_t *bytes,
    size_t n)
{
	note(c, "%s%s ", c->note[0] != '\0' ? ", " : "", what);
	for (size_t i = 0; i < n && i < 8; i++)
		note(c, "%02x", bytes[i]);
	note(c, "%s", n > 8 ? "..." : "");
}

static void
note_ticket(struct da_candidate *c, const struct da_ticket *t)
{
	const struct da_token *lock = &t->token[DA_TOKEN_LOCK];

	note(c, "platform %s, state %s",
	    da_platform_name((enum da_platform)t->platform),
	    da_state_name((enum da_tdi_state)t->state));
	if (lock->len != 0 && lock->len <= sizeof(lock->bytes))
		note_hex(c, "lock token", lock->bytes, lock->len);
}

/* -- the steps -- */

bool
no_driver_is_bound(struct da_pusher *p, struct da_candidate *c,
    struct da_refusal *reterr)
{
	(void)p;
	if (c->device.driver_bound != 0)
		return da_refused(reterr, DA_CHK_COUNT, DA_F_KERNEL_REFUSED,
		    DA_PART_NONE, "a driver already uses the device");
	/* Such a function cannot be locked; nobody could vouch for it. */
	if (c->device.tee == DA_TRI_FALSE)
		return da_refused(reterr, DA_CHK_TSM_STATE, DA_F_TSM_UNBOUND,
		    DA_PART_NONE, "it shows no TEE capability");
	note(c, "vendor %04x, device %04x", c->device.vendor,
	    c->device.device);
	return true;
}

/* Only these say for certain that nothing was locked; a time-out does not. */
static bool
says_not_locked(int error)
{
	return error == EBUSY || error == ENODEV || error == EINVAL ||
	    error == EPERM || error == EACCES || error == ENOENT;
}

bool
device_is_locked(struct da_pusher *p, struct da_candidate *c,
    struct da_refusal *reterr)
{
	struct da_kernel_error error = { .error = 0 };

	c->locked = true;
	if (p->kernel->ops->lock(p->kernel, c->device.name, &error))
		return true;
	c->locked = !says_not_locked(error.error);
	return kernel_refused(reterr, "lock", &error);
}

bool
first_ticket_is_read(struct da_pusher *p, struct da_candidate *c,
    struct da_refusal *reterr)
{
	if (!read_ticket(p, c, NULL, &c->at_lock, reterr))
		return false;
	note_ticket(c, &c->at_lock);
	return true;
}

static bool
draw(void *bytes, size_t n)
{
	ssize_t got;

	do {
		got = getrandom(bytes, n, 0);
	} while (got < 0 && errno == EINTR);
	return got == (ssize_t)n;
}

bool
nonce_is_drawn(struct da_pusher *p, struct da_candidate *c,
    struct da_refusal *reterr)
{
	(void)p;
	if (!draw(c->nonce, sizeof(c->nonce)))
		return da_own_fault(reterr, "no random bytes: %s",
		    strerror(errno));
	note_hex(c, "nonce", c->nonce, sizeof(c->nonce));
	return true;
}

static bool
make_request(const struct da_candidate *c, uint8_t out[DA_WIRE_REQUEST_SIZE])
{
	struct da_wire_request r = { .wanted = DA_WIRE_WANT_ALL };

	if (!da_wire_parse_bdf(c->device.name, &r.device) ||
	    !draw(&r.id, sizeof(r.id)))
		return false;
	memcpy(r.nonce, c->nonce, sizeof(r.nonce));
	memcpy(r.path, c->device.path, sizeof(r.path));
	da_wire_put_request(&r, out);
	return true;
}

bool
host_answered(struct da_pusher *p, struct da_candidate *c,
    struct da_refusal *reterr)
{
	uint8_t request[DA_WIRE_REQUEST_SIZE];

	if (!make_request(c, request))
		return da_own_fault(reterr, "no request can be made");
	c->host_waits = true;
	c->has_bundle = p->roles->ops->fetch(p->roles, request, &c->bundle,
	    reterr);
	if (!c->has_bundle)
		return false;
	if (!da_sealed_map(c->bundle.memfd, c->bundle.size, &c->file))
		return da_own_fault(reterr, "the bundle cannot be mapped: %s",
		    strerror(errno));
	note(c, "%u parts, %llu bytes", c->bundle.n,
	    (unsigned long long)c->bundle.size);
	return true;
}

/* Contract 3: one that differs is broken, and cannot be made ours. */
static bool
nonce_is_ours(const struct da_candidate *c, struct da_refusal *reterr)
{
	return c->ticket.has_nonce == 0 || da_slice_eq_ct(
	    da_slice_of(c->ticket.nonce, sizeof(c->ticket.nonce)),
	    da_slice_of(c->nonce, sizeof(c->nonce))) ||
	    da_refused(reterr, DA_CHK_NONCE, DA_F_NONCE_DIFFERS,
	    DA_PART_TICKET, "the TSM's ticket has another one");
}

bool
second_ticket_is_read(struct da_pusher *p, struct da_candidate *c,
    struct da_refusal *reterr)
{
	if (!read_ticket(p, c, c->nonce, &c->ticket, reterr) ||
	    !nonce_is_ours(c, reterr))
		return false;
	c->ticket.has_tokens_at_lock = 1;
	memcpy(c->ticket.token_at_lock, c->at_lock.token,
	    sizeof(c->ticket.token_at_lock));
	c->ticket.has_nonce = 1;
	memcpy(c->ticket.nonce, c->nonce, sizeof(c->ticket.nonce));
	note_ticket(c, &c->ticket);
	return true;
}

bool
host_is_released(struct da_pusher *p, struct da_candidate *c,
    struct da_refusal *reterr)
{
	(void)reterr;
	p->roles->ops->release(p->roles);
	c->host_waits = false;
	return true;
}

/* -- the judges -- */

static struct da_msg_job
job_for(const struct da_candidate *c)
{
	struct da_msg_job job;

	memset(&job, 0, sizeof(job));
	job.size = c->bundle.size;
	job.n = c->bundle.n;
	memcpy(job.part, c->bundle.part, sizeof(job.part));
	job.ticket = c->ticket;
	job.proof = c->proof;
	return job;
}

/* Not proved and nothing broken: an unknown that the policy minds. */
static bool
unknown_decided(const struct da_findings *found, struct da_refusal *reterr)
{
	struct da_refusal worst = { .exit_class = 1, .check = DA_CHK_COUNT };
	int class = 0;

	for (int i = 0; i < DA_CHK_COUNT; i++) {
		int one = da_check_unknown_class((enum da_check)i, true);

		if (found->of[i].result != DA_UNKNOWN ||
		    da_class_worse(class, one) == class)
			continue;
		class = one;
		da_refused(&worst, (enum da_check)i, DA_F_POLICY_UNKNOWN,
		    DA_PART_NONE, "%s", da_check_question((enum da_check)i));
		worst.exit_class = class;
	}
	*reterr = worst;
	return class != 0 ||
	    da_own_fault(reterr, "the authenticator proved nothing");
}

/* What the gate found is this role's own: no judge may say it anew. */
static void
keep_own_gate(struct da_findings *found, const struct da_findings *own)
{
	static const enum da_check gate[] = { DA_CHK_TSM_DIGEST_CHAIN,
	    DA_CHK_TSM_DIGEST_VCA, DA_CHK_TSM_DIGEST_MEASUREMENTS,
	    DA_CHK_TSM_DIGEST_REPORT, DA_CHK_TSM_STATE, DA_CHK_TSM_TOKENS };

	for (size_t i = 0; i < sizeof(gate) / sizeof(gate[0]); i++)
		found->of[gate[i]] = own->of[gate[i]];
}

/*
 * Without these nobody signed anything, whatever the authenticator says of it:
 * an answer that leaves the measurements out is no evidence.
 */
static bool
device_is_proved(const struct da_findings *found, struct da_refusal *reterr)
{
	static const struct {
		enum da_check check;
		enum da_why missing;
	} must[] = {
		{ DA_CHK_WELL_FORMED, DA_F_POLICY_UNKNOWN },
		{ DA_CHK_CHAIN, DA_F_CHAIN_ABSENT },
		{ DA_CHK_LEAF_PROFILE, DA_F_POLICY_UNKNOWN },
		{ DA_CHK_SIGNATURE, DA_F_SIGNATURE_ABSENT },
		{ DA_CHK_SLOT, DA_F_POLICY_UNKNOWN },
		{ DA_CHK_NONCE, DA_F_POLICY_UNKNOWN },
	};

	for (size_t i = 0; i < sizeof(must) / sizeof(must[0]); i++) {
		if (found->of[must[i].check].result == DA_HOLDS)
			continue;
		da_refused(reterr, must[i].check, must[i].missing,
		    DA_PART_NONE, "%s", da_check_question(must[i].check));
		reterr->exit_class = da_check_unknown_class(must[i].check,
		    true);
		return false;
	}
	return true;
}

/* Why there is no yes: the gate stayed shut, nobody signed, or an unknown. */
static bool
proof_holds(const struct da_proof *proof, struct da_refusal *reterr)
{
	const struct da_findings *found = &proof->findings;
	bool was_read = found->of[DA_CHK_WELL_FORMED].result != DA_NOT_ASKED;

	if (da_findings_worst(found, reterr) ||
	    (was_read && !device_is_proved(found, reterr)))
		return false;
	if (proof->proved == 1 && was_read)
		return true;
	unknown_decided(found, reterr);
	return false;
}

bool
device_signed_them(struct da_pusher *p, struct da_candidate *c,
    struct da_refusal *reterr)
{
	struct da_msg_job job = job_for(c);

	if (!p->roles->ops->authenticate(p->roles, &job, c->bundle.memfd,
	    &c->proof, reterr))
		return false;
	if (c->proof.version != DA_PROOF_VERSION)
		return da_own_fault(reterr, "the authenticator gave no proof");
	keep_own_gate(&c->proof.findings, &c->gate);
	c->outcome.findings = c->proof.findings;
	if (!proof_holds(&c->proof, reterr))
		return false;
	note(c, "chain, signature and nonce hold");
	return true;
}

static bool
is_class(int32_t class)
{
	return class >= 1 && class <= 10;
}

/* Zero-filled, cut short or contradicting itself: no verdict. */
static bool
verdict_refuses(const struct da_verdict *v, struct da_refusal *reterr)
{
	const struct da_finding *f;
	struct da_fault fault;

	if (v->version != DA_VERDICT_VERSION || v->accepted != 0 ||
	    !is_class(v->exit_class) || v->decided_by >= DA_CHK_COUNT)
		return da_own_fault(reterr, "the appraiser gave no verdict");
	f = &v->findings.of[v->decided_by];
	fault = (struct da_fault){ (enum da_why)f->why, (enum da_part)f->part,
		f->offset };
	if (f->result != DA_BROKEN)
		fault = (struct da_fault){ DA_F_POLICY_UNKNOWN, DA_PART_NONE,
			0 };
	da_refused_fault(reterr, (enum da_check)v->decided_by, &fault);
	reterr->exit_class = v->exit_class;
	return false;
}

bool
policy_wants_it(struct da_pusher *p, struct da_candidate *c,
    struct da_refusal *reterr)
{
	struct da_msg_job job = job_for(c);
	struct da_verdict *v = &c->verdict;

	if (!p->roles->ops->appraise(p->roles, &job, c->bundle.memfd, v,
	    reterr))
		return false;
	v->class_name[sizeof(v->class_name) - 1] = '\0';
	if (v->version == DA_VERDICT_VERSION)
		c->outcome.findings = v->findings;
	if (v->version != DA_VERDICT_VERSION || v->accepted != 1 ||
	    v->exit_class != 0 || v->decided_by != DA_CHK_COUNT ||
	    v->map.n > DA_MAX_RANGES)
		return verdict_refuses(v, reterr);
	memcpy(c->outcome.class_name, v->class_name,
	    sizeof(c->outcome.class_name));
	note(c, "class \"%s\"", v->class_name);
	return true;
}
