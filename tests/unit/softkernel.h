/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The software kernel with one device, called as its owner.  Included by one
 * test program at a time; everything is static.
 */
#ifndef DA_TEST_SOFTKERNEL_H
#define DA_TEST_SOFTKERNEL_H

#include <errno.h>

#include "tests/emulator/interface.h"
#include "tests/emulator/softkernel.h"
#include "unit.h"

#define NAME	"0000:01:00.0"
#define OWNER	7
#define OTHER	8

static struct emu_kernel kernel;
static struct emu_tdi *tdi;
static struct da_soft_reply reply;
static struct emu_bytes report;

static inline void
set_up(void)
{
	emu_kernel_start(&kernel);
	tdi = emu_kernel_add(&kernel, NAME);
	ck_assert_ptr_nonnull(tdi);
	emu_interface_report(&tdi->pci, &report);
}

/* Of another device than NAME, where the request names one. */
static inline int
call_as(uint32_t who, enum da_soft_op op, struct da_soft_request *q,
    struct da_slice bytes)
{
	q->version = DA_SOFT_VERSION;
	q->op = op;
	q->serial = 42;
	q->report_size = (uint32_t)bytes.n;
	if (q->device[0] == '\0')
		memcpy(q->device, NAME, sizeof(NAME));
	emu_kernel_call(&kernel, who, q, bytes, &reply);
	ck_assert_uint_eq(reply.version, DA_SOFT_VERSION);
	ck_assert_uint_eq(reply.op, op);
	ck_assert_uint_eq(reply.serial, 42);
	return (int)reply.error;
}

static inline int
step(enum da_soft_op op)
{
	struct da_soft_request q = { 0 };

	return call_as(OWNER, op, &q, da_slice_of(NULL, 0));
}

static inline int
step_as(uint32_t who, enum da_soft_op op)
{
	struct da_soft_request q = { 0 };

	return call_as(who, op, &q, da_slice_of(NULL, 0));
}

static inline int
step_of(const char *device, enum da_soft_op op)
{
	struct da_soft_request q = { 0 };

	snprintf(q.device, sizeof(q.device), "%s", device);
	return call_as(OWNER, op, &q, da_slice_of(NULL, 0));
}

/* The push as a caller does it that has just read a ticket. */
static inline struct da_soft_request
judged(void)
{
	struct da_soft_request q = { .page_unit = DA_UNIT_PAGE,
		.bar_base = DA_BASE_ALIGNED };

	memcpy(q.token, tdi->tsm.token, sizeof(q.token));
	return q;
}

static inline int
push(void)
{
	struct da_soft_request q = judged();

	return call_as(OWNER, DA_SOFT_PUSH, &q, emu_slice(&report));
}

static inline void
collect(void)
{
	emu_tsm_saw(&tdi->tsm, DA_DIGEST_REPORT, emu_slice(&report));
}

static inline void
lock_and_collect(void)
{
	ck_assert_int_eq(step(DA_SOFT_LOCK), 0);
	collect();
}

static inline void
run(void)
{
	lock_and_collect();
	ck_assert_int_eq(push(), 0);
	ck_assert_int_eq(step(DA_SOFT_VALIDATE), 0);
	ck_assert_int_eq(step(DA_SOFT_ACCEPT), 0);
}

static inline int
try(enum da_soft_op op)
{
	return op == DA_SOFT_PUSH ? push() : step(op);
}

static inline struct da_ticket
ticket(void)
{
	ck_assert_int_eq(step(DA_SOFT_TICKET), 0);
	return reply.body.ticket;
}

static inline bool
differs(const struct da_ticket *a, const struct da_ticket *b,
    enum da_token_of of)
{
	return memcmp(&a->token[of], &b->token[of], sizeof(a->token[of])) != 0;
}

#endif
