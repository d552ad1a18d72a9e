/* SPDX-License-Identifier: Apache-2.0 */
#include "steps.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>
#include <sys/random.h>

#include "sealed.h"
#include "verifier/coverage.h"

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
	return true;
}

/*
 * Such a function cannot be locked; nobody could vouch for it.  The capability
 * bit is in config space: the host may hide it, and gains a refusal.
 */
bool
shows_tee(struct da_pusher *p, struct da_candidate *c,
    struct da_refusal *reterr)
{
	(void)p;
	note(c, "vendor %04x, device %04x", c->device.vendor,
	    c->device.device);
	return c->device.tee != DA_TRI_FALSE ||
	    da_refused(reterr, DA_CHK_COMPOSITION, DA_F_POLICY_NO_TEE,
	    DA_PART_NONE, "%s", "");
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
	if (p->kernel->ops->lock(p->kernel, c->device.name, &error)) {
		c->in_doubt = false;
		return true;
	}
	c->locked = !says_not_locked(error.error);
	/* That lock may come late: no ticket of before it counts. */
	c->in_doubt = c->in_doubt && !c->locked;
	return kernel_refused(reterr, "lock", &error);
}

bool
first_ticket_is_read(struct da_pusher *p, struct da_candidate *c,
    struct da_refusal *reterr)
{
	if (!read_ticket(p, c, NULL, &c->at_lock, reterr))
		return false;
	note_ticket(c, &c->at_lock);
	/* A real kernel's ticket names the platform that is imitated. */
	if (p->kernel->emulated &&
	    c->at_lock.platform != DA_PLATFORM_EMULATED)
		note(c, ", EMULATED TSM: nothing here protects anything");
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
	c->tries++;
	note_hex(c, "nonce", c->nonce, sizeof(c->nonce));
	return true;
}

static bool
make_request(const struct da_candidate *c, uint8_t out[DA_WIRE_REQUEST_SIZE])
{
	struct da_wire_request r = { .wanted = DA_WIRE_WANT_ALL };

	/* Where the TSM has a digest of it; elsewhere it would be ballast. */
	if (da_coverage_of(&c->at_lock, DA_PART_DEVICE_INFO) != NULL)
		r.wanted |= DA_WIRE_WANT_MORE;
	if (!da_wire_parse_bdf(c->device.name, &r.device) ||
	    !draw(&r.id, sizeof(r.id)))
		return false;
	memcpy(r.nonce, c->nonce, sizeof(r.nonce));
	memcpy(r.path, c->device.path, sizeof(r.path));
	da_wire_put_request(&r, out);
	return true;
}

/* What is left of the boot's time, but no host gets more than its share. */
static int
patience(const struct da_pusher *p)
{
	int left = time_left(p);

	if (left < 1)
		return 1;
	return left < DA_WIRE_ANSWER_MS ? left : DA_WIRE_ANSWER_MS;
}

bool
host_answered(struct da_pusher *p, struct da_candidate *c,
    struct da_refusal *reterr)
{
	uint8_t request[DA_WIRE_REQUEST_SIZE];

	if (!make_request(c, request))
		return da_own_fault(reterr, "no request can be made");
	c->host_waits = true;
	c->has_bundle = p->roles->ops->fetch(p->roles, request, patience(p),
	    &c->bundle, reterr);
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

/* A ticket that does not tell has 0. */
static bool
differs(uint32_t told, uint32_t listed)
{
	return told != 0 && told != listed;
}

/*
 * The list's ids chose whether it is judged at all, and the ticket's choose the
 * judges' rule: a host that tells two things gets neither.
 */
static bool
ids_are_the_listed(const struct da_candidate *c, struct da_refusal *reterr)
{
	const struct da_kernel_device *d = &c->device;
	const struct da_pci *pci = &c->ticket.pci;

	return !(differs(pci->vendor, d->vendor) ||
	    differs(pci->device, d->device) ||
	    differs(pci->subsystem_vendor, d->subsystem_vendor) ||
	    differs(pci->subsystem_device, d->subsystem_device) ||
	    differs(pci->class_code, d->class_code)) ||
	    da_refused(reterr, DA_CHK_TSM_STATE, DA_F_KERNEL_MOVED,
	    DA_PART_TICKET, "the PCI ids are not the listed ones");
}

bool
second_ticket_is_read(struct da_pusher *p, struct da_candidate *c,
    struct da_refusal *reterr)
{
	if (!read_ticket(p, c, c->nonce, &c->ticket, reterr) ||
	    !nonce_is_ours(c, reterr) || !ids_are_the_listed(c, reterr))
		return false;
	c->ticket.has_tokens_at_lock = 1;
	memcpy(c->ticket.token_at_lock, c->at_lock.token,
	    sizeof(c->ticket.token_at_lock));
	c->ticket.has_nonce = 1;
	memcpy(c->ticket.nonce, c->nonce, sizeof(c->ticket.nonce));
	c->has_ticket = true;
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
