/* SPDX-License-Identifier: Apache-2.0 */
#include "steps.h"

#include <string.h>

#include "judge.h"
#include "sealed.h"
#include "verifier/coverage.h"
#include "verifier/gate.h"

/* -- has anything moved? -- */

static bool
tokens_equal(const struct da_ticket *a, const struct da_ticket *b)
{
	for (int i = 0; i < DA_TOKEN_COUNT; i++)
		if (!da_token_equal(&a->token[i], &b->token[i]))
			return false;
	return true;
}

static bool
digest_equal(const struct da_digest *a, const struct da_digest *b)
{
	return da_slice_eq_ct(da_digest_bytes(a), da_digest_bytes(b));
}

/* On this platform it is of the device's latest retrieval. */
static bool
is_of_device(const struct da_ticket *ticket, enum da_digest_of of)
{
	static const enum da_part parts[DA_DIGEST_COUNT] = {
		[DA_DIGEST_VCA] = DA_PART_VCA,
		[DA_DIGEST_CHAIN] = DA_PART_CHAIN,
		[DA_DIGEST_MEASUREMENTS] = DA_PART_MEASUREMENTS,
		[DA_DIGEST_REPORT] = DA_PART_REPORT,
		[DA_DIGEST_DEVICE_INFO] = DA_PART_DEVICE_INFO,
	};
	const struct da_coverage *row = da_coverage_of(ticket, parts[of]);

	return row != NULL && row->of_device;
}

/* What was judged; or what came after it of the same device, and was, too. */
static bool
digests_equal(const struct da_candidate *c, const struct da_ticket *now)
{
	for (int i = 0; i < DA_DIGEST_COUNT; i++)
		if (!digest_equal(&c->ticket.digest[i], &now->digest[i]) &&
		    (c->latest[i].len == 0 ||
		    !is_of_device(now, (enum da_digest_of)i) ||
		    !digest_equal(&c->latest[i], &now->digest[i])))
			return false;
	return c->ticket.hash == now->hash;
}

/* Config space: what chose the rule must still be there when it is pushed. */
static bool
identity_equal(const struct da_pci *a, const struct da_pci *b)
{
	return a->vendor == b->vendor && a->device == b->device &&
	    a->subsystem_vendor == b->subsystem_vendor &&
	    a->subsystem_device == b->subsystem_device &&
	    a->class_code == b->class_code && a->tee == b->tee &&
	    a->has_revision == b->has_revision &&
	    a->revision == b->revision && a->has_serial == b->has_serial &&
	    a->serial == b->serial;
}

static bool
bars_equal(const struct da_ticket *a, const struct da_ticket *b)
{
	for (int i = 0; i < DA_MAX_BARS; i++)
		if (a->pci.bar[i].address != b->pci.bar[i].address ||
		    a->pci.bar[i].size != b->pci.bar[i].size)
			return false;
	return true;
}

static bool
msix_equal(const struct da_pci *a, const struct da_pci *b)
{
	return a->msix == b->msix && a->msix_bir == b->msix_bir &&
	    a->msix_table == b->msix_table && a->msix_pba == b->msix_pba &&
	    a->msix_pba_bir == b->msix_pba_bir &&
	    a->msix_entries == b->msix_entries;
}

static bool
rules_equal(const struct da_ticket *a, const struct da_ticket *b)
{
	return a->platform == b->platform &&
	    strncmp(a->abi, b->abi, sizeof(a->abi)) == 0 &&
	    a->slot_known == b->slot_known && a->slot == b->slot &&
	    a->page_unit == b->page_unit && a->bar_base == b->bar_base &&
	    a->link_spdm == b->link_spdm && a->link_ide == b->link_ide &&
	    memcmp(a->lock_flag, b->lock_flag, sizeof(a->lock_flag)) == 0;
}

/* An untrusted state may be unknown; a wrong one refuses whoever wrote it. */
static bool
state_is(const struct da_ticket *t, enum da_tdi_state expected)
{
	return t->bound == 1 && (t->state == expected ||
	    (t->state == DA_STATE_UNKNOWN && t->state_trusted != 1));
}

static bool
moved(struct da_refusal *reterr, enum da_check check, const char *what)
{
	return da_refused(reterr, check, DA_F_KERNEL_MOVED, DA_PART_TICKET,
	    "%s", what);
}

/* Is a fresh ticket the one that was judged by, but for the state? */
static bool
is_unmoved(struct da_pusher *p, struct da_candidate *c,
    enum da_tdi_state expected, struct da_refusal *reterr)
{
	struct da_ticket now;

	/* One that is kept was given its nonce by an earlier start. */
	if (!read_ticket(p, c, c->outcome.kept ? NULL : c->nonce, &now,
	    reterr))
		return false;
	if (!tokens_equal(&c->ticket, &now))
		return moved(reterr, DA_CHK_TSM_TOKENS, "a token changed");
	if (!state_is(&now, expected))
		return moved(reterr, DA_CHK_TSM_STATE,
		    "the interface is not in the state it should be in");
	if (!digests_equal(c, &now))
		return moved(reterr, DA_CHK_TSM_STATE, "a digest changed");
	if (!bars_equal(&c->ticket, &now) || !rules_equal(&c->ticket, &now) ||
	    !msix_equal(&c->ticket.pci, &now.pci) ||
	    !identity_equal(&c->ticket.pci, &now.pci))
		return moved(reterr, DA_CHK_TSM_STATE, "the set-up changed");
	note(c, "state %s", da_state_name((enum da_tdi_state)now.state));
	return true;
}

/* -- the steps -- */

bool
nothing_moved(struct da_pusher *p, struct da_candidate *c,
    struct da_refusal *reterr)
{
	return is_unmoved(p, c, DA_STATE_LOCKED, reterr);
}

/* The file and the ticket that the judges read, hashed once more. */
static bool
seal_holds(const struct da_candidate *c)
{
	struct da_seal now;

	return da_seal_of(c->file, &c->ticket, &now) &&
	    da_slice_eq_ct(da_slice_of(now.bundle, sizeof(now.bundle)),
	    da_slice_of(c->seal.bundle, sizeof(c->seal.bundle))) &&
	    da_slice_eq_ct(da_slice_of(now.ticket, sizeof(now.ticket)),
	    da_slice_of(c->seal.ticket, sizeof(c->seal.ticket)));
}

bool
report_is_the_same(struct da_pusher *p, struct da_candidate *c,
    struct da_refusal *reterr)
{
	struct da_hash_value now = da_hash_of(DA_HASH_SHA384, c->report);
	struct da_slice covered;
	struct da_fault fault;

	(void)p;
	if (!da_sealed_check(c->bundle.memfd, c->bundle.size))
		return da_own_fault(reterr, "the bundle is not sealed");
	if (c->gate.of[DA_CHK_TSM_DIGEST_REPORT].result != DA_HOLDS)
		return da_refused(reterr, DA_CHK_TSM_DIGEST_REPORT,
		    DA_F_DIGEST_DIFFERS, DA_PART_REPORT,
		    "the TSM has no digest of it: nobody vouches for it");
	if (seal_holds(c) &&
	    da_hash_equal(&now, da_hash_bytes(&c->report_hash)) &&
	    da_gate_part(&c->ticket, DA_PART_REPORT, c->report, &covered,
	    &fault) == DA_HOLDS && covered.n == c->report.n) {
		note(c, "%zu bytes", c->report.n);
		return true;
	}
	return da_refused(reterr, DA_CHK_TSM_DIGEST_REPORT,
	    DA_F_DIGEST_DIFFERS, DA_PART_REPORT,
	    "they changed between judgement and push");
}

bool
report_is_pushed(struct da_pusher *p, struct da_candidate *c,
    struct da_refusal *reterr)
{
	struct da_kernel_error error = { .error = 0 };
	struct da_push how = { .page_unit = c->ticket.page_unit,
		.bar_base = c->ticket.bar_base };

	memcpy(how.token, c->ticket.token, sizeof(how.token));
	return p->kernel->ops->push(p->kernel, c->device.name, &how, c->report,
	    &error) || kernel_refused(reterr, "push", &error);
}

bool
pages_are_validated(struct da_pusher *p, struct da_candidate *c,
    struct da_refusal *reterr)
{
	struct da_kernel_error error = { .error = 0 };

	return p->kernel->ops->validate(p->kernel, c->device.name, &error) ||
	    kernel_refused(reterr, "validate", &error);
}

bool
device_is_accepted(struct da_pusher *p, struct da_candidate *c,
    struct da_refusal *reterr)
{
	struct da_kernel_error error = { .error = 0 };

	return p->kernel->ops->accept(p->kernel, c->device.name, &error) ||
	    kernel_refused(reterr, "accept", &error);
}

bool
interface_runs(struct da_pusher *p, struct da_candidate *c,
    struct da_refusal *reterr)
{
	return is_unmoved(p, c, DA_STATE_RUN, reterr);
}

bool
map_is_the_judged_one(struct da_pusher *p, struct da_candidate *c,
    struct da_refusal *reterr)
{
	struct da_kernel_error error = { .error = 0 };

	if (!p->kernel->ops->map(p->kernel, c->device.name, &c->map, &error))
		return kernel_refused(reterr, "map", &error);
	if (!da_map_equal(&c->map, &c->verdict.map))
		return da_refused(reterr, DA_CHK_COUNT, DA_F_KERNEL_MAP,
		    DA_PART_NONE, "%u ranges were judged, %u are in force",
		    c->verdict.map.n, c->map.n);
	note(c, "%u ranges", c->map.n);
	return true;
}

bool
tokens_are_the_same(struct da_pusher *p, struct da_candidate *c,
    struct da_refusal *reterr)
{
	return is_unmoved(p, c, DA_STATE_RUN, reterr);
}

static void
make_record(const struct da_pusher *p, struct da_candidate *c)
{
	struct da_record *r = &c->record;

	memset(r, 0, sizeof(*r));
	memcpy(r->boot_id, p->boot_id, sizeof(r->boot_id));
	memcpy(r->device, c->device.name, sizeof(r->device));
	memcpy(r->token, c->ticket.token, sizeof(r->token));
	memcpy(r->policy_id, c->verdict.policy_id, sizeof(r->policy_id));
	memcpy(r->device_key, c->verdict.device_key, sizeof(r->device_key));
	memcpy(r->class_name, c->verdict.class_name, sizeof(r->class_name));
	memcpy(r->subject, c->verdict.subject, sizeof(r->subject));
}

/* Before the driver: one that dies in between leaves no stranger. */
bool
device_is_recorded(struct da_pusher *p, struct da_candidate *c,
    struct da_refusal *reterr)
{
	make_record(p, c);
	c->recorded = true;	/* a no may come too late */
	return p->roles->ops->record(p->roles, &c->record, true, reterr);
}

bool
driver_may_bind(struct da_pusher *p, struct da_candidate *c,
    struct da_refusal *reterr)
{
	struct da_kernel_error error = { .error = 0 };

	return p->kernel->ops->bind(p->kernel, c->device.name, &error) ||
	    kernel_refused(reterr, "bind", &error);
}
