/* SPDX-License-Identifier: Apache-2.0 */
#include <sys/mman.h>

#include "guestd/judge.h"
#include "guestd/sealed.h"
#include "unit.h"
#include "world.h"

static const char chain[] = "the chain", other_chain[] = "another chain",
    vca[] = "the negotiation", meas[] = WORLD_MEAS, report[] = WORLD_REPORT,
    info[] = WORLD_INFO;

static bool
role_says(const char *event, const char *name, struct da_refusal *reterr)
{
	if (happens(event, name))
		return true;
	*reterr = world.refusal;
	return false;
}

static bool
fake_sort(struct da_roles *r, const struct da_kernel_device *list, size_t n,
    uint8_t *ret_what, struct da_refusal *reterr)
{
	(void)r;
	if (!role_says("sort", "", reterr))
		return false;
	for (size_t i = 0; i < n; i++)
		ret_what[i] = (uint8_t)function_named(list[i].name)->what;
	return true;
}

static void
add_part(struct da_fetched *f, uint16_t type, const char *bytes, size_t n)
{
	f->part[f->n++] = (struct da_msg_part){ .type = type,
		.length = (uint32_t)n, .offset = f->size };
	ck_assert(da_sealed_append(f->memfd, bytes, n));
	f->size += n;
}

/* The bytes of a part with others around them, which are no part of it. */
static void
add_around(struct da_fetched *f, uint16_t type, size_t head,
    const char *bytes, size_t n, size_t tail)
{
	char part[256];

	ck_assert_uint_le(head + n + tail, sizeof(part));
	memset(part, 0x5a, sizeof(part));
	memcpy(part + head, bytes, n);
	add_part(f, type, part, head + n + tail);
}

static void
add_meas(struct da_fetched *f, const char *name)
{
	char own[sizeof(meas) + 1];

	memcpy(own, meas, sizeof(meas));
	world.last_meas = world.own_meas == '*' ? name[strlen(name) - 1] :
	    world.own_meas;
	own[sizeof(meas)] = world.last_meas;
	add_around(f, DA_WIRE_MEASUREMENTS, 0, own, sizeof(meas) +
	    (world.own_meas != 0), world.tail);
}

static bool
fake_fetch(struct da_roles *r, const uint8_t request[DA_WIRE_REQUEST_SIZE],
    int whole_ms, struct da_fetched *ret, struct da_refusal *reterr)
{
	struct da_wire_request asked;
	struct da_fetched f = { .size = DA_WIRE_REQUEST_SIZE };
	char name[DA_BDF_SIZE];

	(void)r;
	ck_assert(da_wire_get_request(request, &asked));
	da_wire_format_bdf(asked.device, name);
	memcpy(world.asked_nonce, asked.nonce, DA_NONCE);
	world.asked_id = asked.id;
	world.asked_wanted = asked.wanted;
	world.whole_ms = whole_ms;
	if (!role_says("fetch", name, reterr))
		return false;
	function_named(name)->collected = true;
	ck_assert(da_sealed_new(&f.memfd));
	ck_assert(da_sealed_append(f.memfd, request, DA_WIRE_REQUEST_SIZE));
	if (world.two_chains)
		add_part(&f, 0, other_chain, sizeof(other_chain));
	if (!world.no_chain)
		add_around(&f, 1, world.head, chain, sizeof(chain), 0);
	add_part(&f, DA_WIRE_VCA, vca, sizeof(vca));
	add_meas(&f, name);
	if (!world.no_report)
		add_around(&f, DA_WIRE_REPORT, 0, report, sizeof(report),
		    world.tail);
	if (world.device_info)
		add_part(&f, DA_WIRE_DEVICE_INFO, info, sizeof(info));
	ck_assert(world.not_sealed || da_sealed_seal(f.memfd));
	world.memfd = f.memfd;
	*ret = f;
	return true;
}

static void
fake_release(struct da_roles *r)
{
	(void)r;
	happens("release", "");
}

/* Bundle, ticket and seal of a function belong together, by position. */
static void
ck_function(const struct da_msg_function *f, int memfd,
    const struct da_seal *seal)
{
	static uint8_t file[4096];
	struct da_wire_request asked;
	struct da_seal own;
	char name[DA_BDF_SIZE];

	ck_assert_uint_le(f->size, sizeof(file));
	ck_assert(da_sealed_copy(memfd, f->size, file));
	ck_assert(da_wire_get_request(file, &asked));
	da_wire_format_bdf(asked.device, name);
	ck_assert_str_eq(name, f->ticket.device);
	ck_assert(da_seal_of(da_slice_of(file, (size_t)f->size), &f->ticket,
	    &own));
	ck_assert_mem_eq(&own, seal, sizeof(own));
}

static void
take_job(const struct da_msg_job *job, const int *memfds,
    const struct da_seal *seals)
{
	ck_assert_uint_ge(job->n, 1);
	ck_assert_uint_le(job->n, DA_MAX_FUNCTIONS);
	for (uint32_t k = 0; k < job->n; k++)
		ck_function(&job->function[k], memfds[k], &seals[k]);
	world.job = *job;
}

static bool
fake_authenticate(struct da_roles *r, struct da_msg_job *job,
    const int *memfds, const struct da_seal *seals, struct da_proofs *ret,
    struct da_refusal *reterr)
{
	(void)r;
	take_job(job, memfds, seals);
	world.jobs++;
	ret->walks = 1;
	for (uint32_t k = 0; k < job->n; k++) {
		ret->of[k] = world.proof;
		if (world.at_proof != NULL)
			world.at_proof(job->function[k].ticket.device,
			    &ret->of[k]);
	}
	return role_says("authenticate", "", reterr);
}

/* Other bytes where the bundle's view was: one of them differs. */
static void
change_view(void)
{
	size_t n = candidate.file.n;
	uint8_t *copy = malloc(n), *at = (uint8_t *)(uintptr_t)candidate.file.p;

	ck_assert_ptr_nonnull(copy);
	memcpy(copy, at, n);
	ck_assert_ptr_eq(mmap(at, n, PROT_READ | PROT_WRITE, MAP_FIXED |
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), at);
	memcpy(at, copy, n);
	at[world.tamper_at != 0 ? world.tamper_at : n - 1] ^= 1;
	free(copy);
}

static bool
fake_appraise(struct da_roles *r, struct da_msg_job *job, const int *memfds,
    const struct da_seal *seals, struct da_verdicts *ret,
    struct da_refusal *reterr)
{
	(void)r;
	take_job(job, memfds, seals);
	for (uint32_t k = 0; k < job->n; k++) {
		ret->of[k] = world.verdict;
		if (world.at_verdict != NULL)
			world.at_verdict(job->function[k].ticket.device,
			    &ret->of[k]);
	}
	if (world.tamper)
		change_view();
	return role_says("appraise", "", reterr);
}

static bool
fake_count(struct da_roles *r, struct da_msg_count *question,
    struct da_refusal *reterr)
{
	(void)r;
	world.count = *question;
	if (!role_says("count", "", reterr))
		return false;
	*reterr = world.refusal;
	return question->n >= world.count_min;
}

static bool
fake_record(struct da_roles *r, const struct da_record *record, bool keep,
    struct da_refusal *reterr)
{
	(void)r;
	if (keep)
		world.record = *record;
	return role_says(keep ? "record" : "void", record->device, reterr);
}

static void
fake_tell(struct da_roles *r, const struct da_outcome *outcome,
    const struct da_ticket *ticket, const struct da_fetched *bundle)
{
	struct function *f = function_named(outcome->device);

	(void)r;
	happens("tell", outcome->device);
	if (f == NULL)
		return;
	ck_assert(!f->told);
	f->told = true;
	f->outcome = *outcome;
	f->told_ticket = ticket != NULL;
	f->told_bundle = bundle != NULL;
	if (ticket != NULL)
		ck_assert_str_eq(ticket->device, outcome->device);
	if (bundle != NULL)
		ck_assert(world.not_sealed ||
		    da_sealed_check(bundle->memfd, bundle->size));
}

const struct da_roles_ops world_roles = { fake_sort, fake_fetch, fake_release,
	fake_authenticate, fake_appraise, fake_count, fake_record, fake_tell };

/* -- judges who say yes -- */

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

void
make_judges(void)
{
	static const enum da_check proved[] = { DA_CHK_WELL_FORMED,
		DA_CHK_CHAIN, DA_CHK_LEAF_PROFILE, DA_CHK_SIGNATURE,
		DA_CHK_SLOT, DA_CHK_NONCE };

	make_ticket();
	world.map = (struct da_map){ .n = 1, .range = { { 0, 4096, 0,
		DA_MMIO_PRIVATE, 0, 0 } } };
	world.proof = (struct da_proof){ .version = DA_PROOF_VERSION,
		.proved = 1 };
	da_findings_start(&world.proof.findings);
	for (size_t i = 0; i < sizeof(proved) / sizeof(proved[0]); i++)
		da_found(&world.proof.findings, proved[i], DA_HOLDS);
	world.verdict = (struct da_verdict){ .version = DA_VERDICT_VERSION,
		.accepted = 1, .decided_by = DA_CHK_COUNT,
		.class_name = "nic", .subject = "CN=the leaf",
		.map = world.map };
	da_findings_start(&world.verdict.findings);
	world.refusal = (struct da_refusal){ .exit_class = 1,
		.check = DA_CHK_COUNT, .text = "the role died" };
}
