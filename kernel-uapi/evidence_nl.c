/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence_nl.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "nl_parse.h"
#include "pci_sysfs.h"
#include "tsm_ticket.h"

/* A TSM's own bound is shorter: this one is for a kernel that lost a request. */
#define WORK_MS		30000
#define ANSWER_MS	5000
#define CHUNK		(32u << 10)
#define MAX_STRAY	256	/* messages that are not the awaited one */

/* What the kernel said last of a function that we locked or asked about. */
struct seen {
	char name[DA_BDF_SIZE];
	uint32_t generation;
	bool has_map;
	struct da_map map;	/* the answer to accept */
};

struct linux_kernel {
	struct da_kernel base;
	struct da_nl nl;
	int sysfs;
	size_t n_seen;
	struct seen *seen;
};

static bool
fail(struct da_kernel_error *reterr, int error, const char *what)
{
	reterr->error = error;
	snprintf(reterr->text, sizeof(reterr->text), "%s", what);
	return false;
}

static struct linux_kernel *
of(struct da_kernel *k)
{
	return (struct linux_kernel *)k;
}

static struct seen *
seen_of(struct linux_kernel *l, const char *device)
{
	for (size_t i = 0; i < l->n_seen; i++)
		if (strcmp(l->seen[i].name, device) == 0)
			return &l->seen[i];
	if (l->n_seen == DA_MAX_DEVICES || strlen(device) >= DA_BDF_SIZE)
		return NULL;
	snprintf(l->seen[l->n_seen].name, DA_BDF_SIZE, "%s", device);
	return &l->seen[l->n_seen++];
}

/* -- a request and its end -- */

static void
start(struct linux_kernel *l, uint8_t command, const char *device)
{
	da_nl_start(&l->nl, command, false);
	da_nl_put_string(&l->nl, DEVATTEST_A_SUBSYS, "pci");
	da_nl_put_string(&l->nl, DEVATTEST_A_DEV_NAME, device);
}

/* The answer to what was just sent; what is left of others is skipped. */
static bool
answer(struct linux_kernel *l, struct da_nl_message *ret,
    struct da_kernel_error *reterr)
{
	for (int i = 0; i < MAX_STRAY; i++) {
		if (!da_nl_next(&l->nl, ANSWER_MS, ret, reterr))
			return false;
		if (ret->seq != l->nl.seq || (ret->is_error &&
		    ret->error == 0))
			continue;
		if (ret->is_error)
			return fail(reterr, ret->error, ret->text);
		return true;
	}
	return fail(reterr, EPROTO, "no answer among many messages");
}

static bool
read_state(struct linux_kernel *l, const char *device,
    struct da_nl_state *ret, struct da_kernel_error *reterr)
{
	struct da_nl_message m;

	start(l, DEVATTEST_CMD_STATE_GET, device);
	if (!da_nl_send(&l->nl, reterr) || !answer(l, &m, reterr))
		return false;
	if (!da_nl_read_state(&m, ret) || strcmp(ret->name, device) != 0)
		return fail(reterr, EPROTO, "no state of this function");
	return true;
}

static void
pause_ms(long ms)
{
	struct timespec t = { .tv_nsec = ms * 1000000 };

	nanosleep(&t, NULL);
}

/*
 * The end of a request was lost (ENOBUFS): the state tells how the last one
 * ended.  What else the lost message said is not to be had.
 */
static bool
resync(struct linux_kernel *l, const char *device, uint64_t request,
    struct da_nl_state *ret, struct da_kernel_error *reterr)
{
	for (int waited = 0; waited < WORK_MS; waited += 50) {
		if (!read_state(l, device, ret, reterr))
			return false;
		if (ret->has_request && ret->request == request)
			return true;
		pause_ms(50);
	}
	return fail(reterr, ETIMEDOUT, "the request never ended");
}

/*
 * A request's answer (its number), and behind it its end.  The number is ours by
 * the message's sequence; the end says it again.  An end in front of the answer
 * is an earlier request's, which nobody waited for.
 */
struct work {
	bool answered;
	uint64_t request;
	bool ended;
	uint64_t end_of;
	struct da_nl_message end;	/* points into the last datagram */
};

static bool
take_message(struct linux_kernel *l, const struct da_nl_message *m,
    struct work *w, struct da_kernel_error *reterr)
{
	if (m->is_error && m->seq == l->nl.seq && m->error != 0)
		return fail(reterr, m->error, m->text);
	if (m->is_error || m->is_end || !m->has[DEVATTEST_A_REQUEST])
		return true;
	if (m->command == DEVATTEST_CMD_DONE) {
		w->end = *m;
		w->ended = w->answered &&
		    da_nl_u64(m->of[DEVATTEST_A_REQUEST], &w->end_of) &&
		    w->end_of == w->request;
	} else if (m->seq == l->nl.seq) {
		w->answered = da_nl_u64(m->of[DEVATTEST_A_REQUEST],
		    &w->request);
	}
	return true;
}

static bool
await(struct linux_kernel *l, struct work *w, struct da_kernel_error *reterr)
{
	struct da_nl_message m;

	for (int i = 0; i < MAX_STRAY; i++) {
		if (!da_nl_next(&l->nl, WORK_MS, &m, reterr) ||
		    !take_message(l, &m, w, reterr))
			return false;
		if (w->ended)
			return true;
	}
	return fail(reterr, EPROTO, "no end among many messages");
}

static void
note_generation(struct linux_kernel *l, const char *device,
    uint32_t generation)
{
	struct seen *seen = seen_of(l, device);

	if (seen != NULL && generation != 0)
		seen->generation = generation;
}

/* How a request ended, out of its DONE. */
static bool
ended_well(struct linux_kernel *l, const char *device,
    const struct da_nl_message *end, struct da_kernel_error *reterr)
{
	struct da_nl_state s;
	char text[sizeof(reterr->text)] = "";

	if (!da_nl_read_state(end, &s) || strcmp(s.name, device) != 0)
		return fail(reterr, EPROTO, "the end of another request");
	note_generation(l, device, s.generation);
	if (s.error == 0)
		return true;
	if (end->has[DEVATTEST_A_TEXT])
		da_nl_text(end->of[DEVATTEST_A_TEXT], text, sizeof(text));
	return fail(reterr, (int)s.error, text);
}

/*
 * Sends what was started and waits for its end.  *ret is the DONE; its command
 * is 0 where that was lost and only the outcome is known.
 */
static bool
work(struct linux_kernel *l, const char *device, struct da_nl_message *ret,
    struct da_kernel_error *reterr)
{
	struct work w = { .answered = false };
	struct da_nl_state s;

	if (!da_nl_send(&l->nl, reterr))
		return false;
	if (await(l, &w, reterr)) {
		*ret = w.end;
		return ended_well(l, device, ret, reterr);
	}
	if (reterr->error != ENOBUFS || !w.answered)
		return false;
	memset(ret, 0, sizeof(*ret));
	if (!resync(l, device, w.request, &s, reterr))
		return false;
	note_generation(l, device, s.generation);
	return s.error == 0 || fail(reterr, (int)s.error, "");
}

/* -- the table's functions -- */

static bool
boot_id(struct da_kernel *k, char ret[DA_BOOT_ID_SIZE],
    struct da_kernel_error *reterr)
{
	int fd = open("/proc/sys/kernel/random/boot_id",
	    O_RDONLY | O_CLOEXEC);
	char text[DA_BOOT_ID_SIZE];
	ssize_t n;

	(void)k;
	if (fd < 0)
		return fail(reterr, errno, "boot_id");
	n = read(fd, text, sizeof(text));
	close(fd);
	if (n < DA_BOOT_ID_SIZE - 1)
		return fail(reterr, EIO, "boot_id");
	text[DA_BOOT_ID_SIZE - 1] = '\0';
	memcpy(ret, text, sizeof(text));
	return true;
}

static bool
hold(struct da_kernel *k, struct da_kernel_error *reterr)
{
	return da_pci_hold(of(k)->sysfs, reterr);
}

/* The kernel's TDIs, in one dump. */
struct tdis {
	struct da_kernel_device *list;
	size_t n;
	bool emulated;
};

static void
mark_tdi(struct tdis *t, const struct da_nl_state *s)
{
	t->emulated = t->emulated || s->emulated;
	for (size_t i = 0; i < t->n; i++)
		if (strcmp(t->list[i].name, s->name) == 0)
			t->list[i].tee = DA_TRI_TRUE;
}

static bool
mark_tdis(struct linux_kernel *l, struct tdis *t,
    struct da_kernel_error *reterr)
{
	struct da_nl_message m;
	struct da_nl_state s;

	da_nl_start(&l->nl, DEVATTEST_CMD_STATE_GET, true);
	if (!da_nl_send(&l->nl, reterr))
		return false;
	for (int i = 0; i < DA_MAX_DEVICES + MAX_STRAY; i++) {
		if (!da_nl_next(&l->nl, ANSWER_MS, &m, reterr))
			return false;
		if (m.seq != l->nl.seq)
			continue;
		if (m.is_error && m.error != 0)
			return fail(reterr, m.error, m.text);
		if (m.is_end)
			return m.error == 0 || fail(reterr, m.error,
			    "the list was broken off");
		if (!m.is_error && !da_nl_read_state(&m, &s))
			return fail(reterr, EPROTO, "no state");
		if (!m.is_error)
			mark_tdi(t, &s);
	}
	return fail(reterr, EPROTO, "a list without an end");
}

static bool
list(struct da_kernel *k, struct da_kernel_device *ret, size_t max,
    size_t *ret_n, struct da_kernel_error *reterr)
{
	struct tdis t = { .list = ret };

	if (!da_pci_list(of(k)->sysfs, ret, max, &t.n, reterr) ||
	    !mark_tdis(of(k), &t, reterr))
		return false;
	k->emulated = t.emulated;
	*ret_n = t.n;
	return true;
}

static bool
lock(struct da_kernel *k, const char *device, struct da_kernel_error *reterr)
{
	struct da_nl_message m;

	start(of(k), DEVATTEST_CMD_LOCK, device);
	return work(of(k), device, &m, reterr);
}

static bool
unlock(struct da_kernel *k, const char *device,
    struct da_kernel_error *reterr)
{
	struct seen *seen = seen_of(of(k), device);
	struct da_nl_message m;

	if (seen != NULL)
		seen->has_map = false;
	start(of(k), DEVATTEST_CMD_UNLOCK, device);
	if (work(of(k), device, &m, reterr))
		return true;
	/* No TDI of the kernel's: it has no lock, and can have none. */
	if (reterr->error == ENODEV)
		reterr->error = EOPNOTSUPP;
	return false;
}

/* -- the ticket -- */

static bool
same_bytes(const uint8_t *a, size_t n, const uint8_t *b, size_t m)
{
	return n == m && memcmp(a, b, n) == 0;
}

static bool
same_values(const struct tsm_info *a, const struct tsm_info *b)
{
	for (int i = 0; i < TSM_TOKENS; i++)
		if (!same_bytes(a->token[i].bytes, a->token[i].len,
		    b->token[i].bytes, b->token[i].len))
			return false;
	for (int i = 0; i < TSM_DIGESTS; i++)
		if (!same_bytes(a->digest[i].bytes, a->digest[i].len,
		    b->digest[i].bytes, b->digest[i].len))
			return false;
	return true;
}

/* Two readers of the same bytes must have read the same. */
static bool
agree(const struct tsm_info *ours, const struct tsm_info *kernels)
{
	return ours->platform == kernels->platform &&
	    ours->abi == kernels->abi && ours->bound == kernels->bound &&
	    ours->state == kernels->state &&
	    ours->state_trusted == kernels->state_trusted &&
	    ours->hash == kernels->hash &&
	    ours->slot_known == kernels->slot_known &&
	    ours->slot == kernels->slot &&
	    ours->lock_flags == kernels->lock_flags &&
	    ours->lock_flags_known == kernels->lock_flags_known &&
	    ours->link_spdm == kernels->link_spdm &&
	    ours->link_ide == kernels->link_ide && same_values(ours, kernels);
}

/* By the raw message; the kernel's own reading is only held against it. */
static bool
read_answer(const struct da_nl_message *m, struct da_ticket *ret,
    struct da_kernel_error *reterr)
{
	struct da_slice message = m->of[DEVATTEST_A_MESSAGE];
	struct tsm_info kernels, ours;
	enum tsm_why why;
	size_t at;

	if (!da_nl_read_info(m, &kernels))
		return fail(reterr, EPROTO, "a field of the TSM's answer");
	why = tsm_decode((enum tsm_platform)kernels.platform, kernels.abi,
	    message.p, message.n, &ours, &at);
	if (why != TSM_OK)
		return fail(reterr, EPROTO, tsm_why_text(why));
	if (!agree(&ours, &kernels))
		return fail(reterr, EPROTO, "the kernel reads the TSM's "
		    "answer in another way");
	return da_tsm_ticket(&ours, ret) ||
	    fail(reterr, EPROTO, "no ticket of this platform");
}

/* Counted alike on both sides; what is none of these is unknown. */
static uint8_t
known(uint32_t value, uint32_t last)
{
	return value <= last ? (uint8_t)value : 0;
}
_Static_assert((int)DEVATTEST_UNIT_PAGE == (int)DA_UNIT_PAGE &&
    (int)DEVATTEST_UNIT_BYTE == (int)DA_UNIT_BYTE &&
    (int)DEVATTEST_BASE_RELATIVE == (int)DA_BASE_RELATIVE &&
    (int)DEVATTEST_BASE_ALIGNED == (int)DA_BASE_ALIGNED &&
    (int)DEVATTEST_BASE_ZERO == (int)DA_BASE_ZERO, "the same numbers");

static bool
ticket_of(struct linux_kernel *l, const char *device,
    const struct da_nl_message *m, struct da_ticket *ret,
    struct da_kernel_error *reterr)
{
	struct da_nl_state s;

	if (!da_nl_read_state(m, &s) || !read_answer(m, ret, reterr))
		return false;
	ret->page_unit = known(s.page_unit, DA_UNIT_BYTE);
	ret->bar_base = known(s.bar_base, DA_BASE_ZERO);
	snprintf(ret->device, sizeof(ret->device), "%s", device);
	if (!da_pci_facts(l->sysfs, device, &ret->pci, reterr))
		return false;
	ret->pci.tee = DA_TRI_TRUE;	/* the kernel has it as a TDI */
	return true;
}

static bool
ticket(struct da_kernel *k, const char *device, const uint8_t *nonce,
    struct da_ticket *ret, struct da_kernel_error *reterr)
{
	struct linux_kernel *l = of(k);
	struct da_nl_message m;
	struct da_ticket t;

	/* A lost answer is asked for again: the TSM collects nothing anew. */
	for (int i = 0; i < 3; i++) {
		start(l, DEVATTEST_CMD_TSM_INFO, device);
		if (nonce != NULL)
			da_nl_put(&l->nl, DEVATTEST_A_NONCE,
			    da_slice_of(nonce, DA_NONCE));
		if (!work(l, device, &m, reterr)) {
			if (reterr->error == ENODEV)
				reterr->error = EOPNOTSUPP;
			return false;
		}
		if (m.command != DEVATTEST_CMD_DONE)
			continue;
		if (!ticket_of(l, device, &m, &t, reterr))
			return false;
		t.has_nonce = nonce != NULL;
		if (nonce != NULL)
			memcpy(t.nonce, nonce, DA_NONCE);
		*ret = t;
		return true;
	}
	return fail(reterr, ENOBUFS, "the TSM's answer was lost three times");
}

/* -- push, validate, accept -- */

static void
put_tokens(struct linux_kernel *l, const struct da_push *how)
{
	for (uint32_t i = 0; i < DA_TOKEN_COUNT; i++)
		if (how->token[i].len != 0)
			da_nl_put_pair(&l->nl, DEVATTEST_A_TOKEN,
			    DEVATTEST_VALUE_KIND, i, DEVATTEST_VALUE_BYTES,
			    da_slice_of(how->token[i].bytes,
			    how->token[i].len));
}

static bool
put_report(struct linux_kernel *l, struct da_slice report)
{
	struct da_cur c = da_cur_of(report);

	da_nl_put_u32(&l->nl, DEVATTEST_A_LENGTH, (uint32_t)report.n);
	while (da_left(&c) > 0)
		da_nl_put(&l->nl, DEVATTEST_A_VAL, da_take(&c,
		    da_left(&c) < CHUNK ? da_left(&c) : CHUNK));
	return !c.bad;
}

static bool
push(struct da_kernel *k, const char *device, const struct da_push *how,
    struct da_slice report, struct da_kernel_error *reterr)
{
	struct linux_kernel *l = of(k);
	const struct seen *seen = seen_of(l, device);
	struct da_nl_message m;

	if (report.n == 0 || report.n > DEVATTEST_REPORT_MAX)
		return fail(reterr, EINVAL, "no size of a report");
	if (seen == NULL || seen->generation == 0)
		return fail(reterr, ESTALE, "nobody asked about it yet");
	start(l, DEVATTEST_CMD_REPORT_WRITE, device);
	da_nl_put_u32(&l->nl, DEVATTEST_A_GENERATION, seen->generation);
	da_nl_put_u32(&l->nl, DEVATTEST_A_PAGE_UNIT, how->page_unit);
	da_nl_put_u32(&l->nl, DEVATTEST_A_BAR_BASE, how->bar_base);
	put_tokens(l, how);
	if (!put_report(l, report))
		return fail(reterr, EINVAL, "the report cannot be cut");
	return work(l, device, &m, reterr);
}

static bool
validate(struct da_kernel *k, const char *device,
    struct da_kernel_error *reterr)
{
	struct linux_kernel *l = of(k);
	const struct seen *seen = seen_of(l, device);
	struct da_nl_message m;

	if (seen == NULL || seen->generation == 0)
		return fail(reterr, ESTALE, "nobody asked about it yet");
	start(l, DEVATTEST_CMD_VALIDATE, device);
	da_nl_put_u32(&l->nl, DEVATTEST_A_GENERATION, seen->generation);
	return work(l, device, &m, reterr);
}

static bool
accept_it(struct da_kernel *k, const char *device,
    struct da_kernel_error *reterr)
{
	struct linux_kernel *l = of(k);
	struct seen *seen = seen_of(l, device);
	struct da_nl_message m;

	start(l, DEVATTEST_CMD_ACCEPT, device);
	if (!work(l, device, &m, reterr))
		return false;
	if (seen == NULL || m.command != DEVATTEST_CMD_DONE)
		return true;	/* MAP_GET tells it, too */
	seen->has_map = da_nl_read_map(&m, &seen->map);
	return seen->has_map || fail(reterr, EPROTO, "no map");
}

static bool
map(struct da_kernel *k, const char *device, struct da_map *ret,
    struct da_kernel_error *reterr)
{
	struct linux_kernel *l = of(k);
	const struct seen *seen = seen_of(l, device);
	struct da_nl_message m;
	struct da_map now;

	start(l, DEVATTEST_CMD_MAP_GET, device);
	if (!da_nl_send(&l->nl, reterr) || !answer(l, &m, reterr))
		return false;
	if (!da_nl_read_map(&m, &now))
		return fail(reterr, EPROTO, "no map");
	if (seen != NULL && seen->has_map && !da_map_equal(&seen->map, &now))
		return fail(reterr, EPROTO, "not the map that accept told");
	*ret = now;
	return true;
}

static bool
bind_driver(struct da_kernel *k, const char *device,
    struct da_kernel_error *reterr)
{
	return da_pci_release(of(k)->sysfs, device, true, reterr);
}

static bool
leave(struct da_kernel *k, const char *device,
    struct da_kernel_error *reterr)
{
	return da_pci_release(of(k)->sysfs, device, false, reterr);
}

static void
close_kernel(struct da_kernel *k)
{
	da_nl_close(&of(k)->nl);
	free(of(k)->seen);
	free(of(k));
}

static const struct da_kernel_ops ops = {
	.name = "linux",
	.boot_id = boot_id,
	.hold = hold,
	.list = list,
	.lock = lock,
	.unlock = unlock,
	.ticket = ticket,
	.push = push,
	.validate = validate,
	.accept = accept_it,
	.map = map,
	.bind = bind_driver,
	.leave = leave,
	.close = close_kernel,
};

static struct linux_kernel *
make(int sysfs)
{
	struct linux_kernel *l = calloc(1, sizeof(*l));

	if (l == NULL)
		return NULL;
	l->seen = calloc(DA_MAX_DEVICES, sizeof(*l->seen));
	if (l->seen == NULL) {
		free(l);
		return NULL;
	}
	l->base.ops = &ops;
	l->sysfs = sysfs;
	l->nl.fd = -1;
	return l;
}

struct da_kernel *
da_kernel_nl_open(int sysfs, struct da_kernel_error *reterr)
{
	struct linux_kernel *l = make(sysfs);

	if (l == NULL) {
		fail(reterr, ENOMEM, "no memory");
		return NULL;
	}
	if (!da_nl_open(&l->nl, reterr) || !da_nl_find(&l->nl,
	    DEVATTEST_GENL_NAME, NULL, NULL, reterr)) {
		close_kernel(&l->base);
		return NULL;
	}
	return &l->base;
}

struct da_kernel *
da_kernel_nl_over(int fd, uint16_t family, int sysfs,
    struct da_kernel_error *reterr)
{
	struct linux_kernel *l = make(sysfs);

	if (l == NULL || !da_nl_over(&l->nl, fd, reterr)) {
		free(l != NULL ? l->seen : NULL);
		free(l);
		return NULL;
	}
	l->nl.family = family;
	return &l->base;
}
