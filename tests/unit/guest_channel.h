/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The guest's end of the emulated TSM's channel for tests: functions as QEMU
 * has them, frames, and the messages of kernel-uapi/tsm_*.c in them.
 */
#ifndef DA_TEST_GUEST_CHANNEL_H
#define DA_TEST_GUEST_CHANNEL_H

#include <errno.h>

#include "kernel-uapi/tsm_ticket.h"
#include "tests/emulator/machine.h"
#include "tests/emulator/platform.h"
#include "unit.h"

#define KIB	UINT64_C(1024)

/* Addresses as a q35's firmware gives them. */
static const struct {
	const char *bdf;
	uint32_t function;
	struct da_pci pci;
} functions[] = {
	{ "0000:00:04.0", 0x0020, { .vendor = 0x1234, .device = 0x11e8,
	    .bar = { { 0xfea00000, 1024 * KIB } } } },
	{ "0000:00:05.0", 0x0028, { .vendor = 0x1af4, .device = 0x1110,
	    .bar = { { 0xfebf1000, 256 }, { 0 },
	    { 0x4000000000, 4096 * KIB } } } },
	{ "0000:01:00.0", 0x0100, { .vendor = 0x1b36, .device = 0x0010,
	    .msix = 1, .msix_table = 0x2000, .msix_pba = 0x3000,
	    .msix_entries = 65, .bar = { { 0xfe800000, 16 * KIB } } } },
};

enum { EDU, IVSHMEM, NVME, FUNCTIONS };

static const struct {
	const char *name;
	enum tsm_platform platform;
	uint8_t abi;
} speeches[] = {
	{ "sev-tio:1", TSM_SEV_TIO, 1 },
	{ "sev-tio:2", TSM_SEV_TIO, 2 },
	{ "arm-cca:alp20", TSM_ARM_CCA, TSM_ARM_ALP20 },
	{ "arm-cca:bet0", TSM_ARM_CCA, TSM_ARM_BET0 },
	{ "tdx:1", TSM_TDX, 1 },
	{ "cove-io:1", TSM_COVE_IO, 1 },
};

enum { SPEECHES = sizeof(speeches) / sizeof(speeches[0]) };

/* One TDI as a driver keeps it. */
static struct {
	struct emu_machine machine;
	uint32_t i;		/* of the function */
	uint32_t serial;
	struct tsm_subject subject;
	struct tsm_info info;
	struct emu_bytes reply;	/* its body */
	struct emu_frame head;
} g;

static inline void
switch_on(const char *speech)
{
	ck_assert(emu_machine_start(&g.machine, "Example", 0x13));
	for (size_t i = 0; i < FUNCTIONS; i++)
		ck_assert(emu_machine_add(&g.machine, functions[i].bdf));
	ck_assert(emu_firmware_speak(&g.machine.firmware, speech));
}

static inline struct emu_fw_tdi *
tdi(void)
{
	return emu_machine_slot(&g.machine, functions[g.i].bdf)->firmware;
}

static inline struct emu_bytes
frame(uint16_t op, const void *body, size_t n)
{
	struct emu_bytes b = { 0 };

	emu_put_le(&b, n, 4);
	emu_put_le(&b, ++g.serial, 4);
	emu_put_le(&b, op, 2);
	emu_put_le(&b, 0, 4);
	emu_put_le(&b, 1, 2);
	emu_put_le(&b, functions[g.i].function, 8);
	emu_put(&b, body, n);
	return b;
}

/* Takes an answer apart; its body is g.reply. */
static inline void
take_reply(struct da_slice raw)
{
	struct da_cur c = da_cur_of(raw);
	struct da_slice body;

	g.head.size = da_le32(&c);
	g.head.serial = da_le32(&c);
	g.head.op = da_le16(&c);
	g.head.status = da_le16(&c);
	g.head.platform = da_u8(&c);
	g.head.abi = da_u8(&c);
	g.head.version = da_le16(&c);
	g.head.function = da_le64(&c);
	body = da_rest(&c);
	ck_assert(!c.bad);
	ck_assert_uint_eq(g.head.size, body.n);
	ck_assert_uint_eq(g.head.version, 1);
	g.reply.n = 0;
	emu_put(&g.reply, body.p, body.n);
}

/* The frame's status; there is an answer. */
static inline int
ask(uint16_t op, const void *body, size_t n)
{
	struct emu_bytes q = frame(op, body, n), out = { 0 };
	struct emu_frame head;

	ck_assert_ptr_null(emu_frame_read(da_slice_of(q.p, TSM_CHANNEL_HEAD),
	    &head));
	ck_assert(emu_firmware_answer(&g.machine.firmware, &head,
	    da_slice_of(q.p + TSM_CHANNEL_HEAD, n), &out));
	take_reply(emu_slice(&out));
	ck_assert_uint_eq(g.head.serial, g.serial);
	ck_assert_uint_eq(g.head.op, op);
	ck_assert_uint_eq(g.head.function, functions[g.i].function);
	return g.head.status;
}

static inline uint64_t
reply_le64(size_t at)
{
	struct da_slice s;
	struct da_cur c;

	ck_assert(da_slice_cut(emu_slice(&g.reply), at, 8, &s));
	c = da_cur_of(s);
	return da_le64(&c);
}

static inline struct emu_bytes
config_space(const struct da_pci *pci)
{
	struct emu_bytes b = { 0 };

	emu_put_le(&b, pci->vendor, 2);
	emu_put_le(&b, pci->device, 2);
	emu_put_le(&b, 0x1af4, 2);
	emu_put_le(&b, 0x1100, 2);
	emu_put_le(&b, 0x00ff00, 4);
	emu_put_u8(&b, pci->msix);
	emu_put_u8(&b, pci->msix_bir);
	emu_put_u8(&b, pci->msix_pba_bir);
	emu_put_u8(&b, 0);
	emu_put_le(&b, pci->msix_entries, 2);
	emu_put_le(&b, 0, 2);
	emu_put_le(&b, pci->msix_table, 4);
	emu_put_le(&b, pci->msix_pba, 4);
	emu_put_zero(&b, 4);
	for (size_t i = 0; i < DA_MAX_BARS; i++) {
		emu_put_le(&b, pci->bar[i].address, 8);
		emu_put_le(&b, pci->bar[i].size, 8);
	}
	ck_assert_uint_eq(b.n, TSM_DESCRIBE_SIZE);
	return b;
}

static inline int
describe(uint32_t i)
{
	struct emu_bytes b = config_space(&functions[i].pci);
	int status;

	g.i = i;
	status = ask(TSM_CHANNEL_DESCRIBE, b.p, b.n);
	if (status != 0)
		return status;
	ck_assert_uint_eq(g.reply.n, TSM_TDI_SIZE);
	g.subject.platform = (enum tsm_platform)g.reply.p[TSM_TDI_PLATFORM];
	g.subject.abi = g.reply.p[TSM_TDI_ABI];
	g.subject.device_id = reply_le64(TSM_TDI_ID);
	return 0;
}

static inline int
lock(void)
{
	int status = ask(TSM_CHANNEL_LOCK, NULL, 0);

	if (status == 0 && g.reply.n == 8)
		g.subject.device_id = reply_le64(0);
	return status;
}

/* The answer decoded by what the kernel's driver has, into g.info. */
static inline int
info(void)
{
	uint8_t q[TSM_MAX_MESSAGE];
	size_t n = tsm_put_info_request(&g.subject, q, sizeof(q)), at;
	int status = ask(TSM_CHANNEL_INFO, q, n);

	if (status == 0)
		ck_assert_int_eq(tsm_decode(g.subject.platform, g.subject.abi,
		    g.reply.p, g.reply.n, &g.info, &at), TSM_OK);
	return status;
}

/* Sends a message of the driver's; the platform's own status. */
static inline uint64_t
ask_by_message(uint16_t op, const uint8_t *q, size_t n)
{
	__u64 status = 0;
	size_t at;

	ck_assert_uint_gt(n, 0);
	ck_assert_int_eq(ask(op, q, n), 0);
	ck_assert_int_eq(tsm_decode_status(&g.subject, g.reply.p, g.reply.n,
	    &status, &at), TSM_OK);
	return status;
}

/* Range i of the report, as the kernel's map has it. */
static inline struct tsm_range
range_at(uint32_t i)
{
	struct emu_fw_tdi *t = tdi();
	struct emu_ranges ranges;
	const struct emu_range *r = &ranges.range[i];

	emu_ranges_of(&t->pci, &ranges);
	ck_assert_uint_lt(i, ranges.n);
	return (struct tsm_range){
		.guest_address = t->pci.bar[r->bar].address + r->offset,
		.reported = emu_reported(&t->pci, t->counting.bar_base,
		    r->bar, r->offset),
		.pages = r->pages, .index = i, .range_id = r->bar,
	};
}

static inline uint64_t
validate_range(const struct tsm_range *range, const struct tsm_token *tokens)
{
	uint8_t q[TSM_MAX_MESSAGE];

	return ask_by_message(TSM_CHANNEL_VALIDATE, q,
	    tsm_put_validate_request(&g.subject, range, true, tokens, q,
	    sizeof(q)));
}

static inline uint64_t
validate(uint32_t i, const struct tsm_token *tokens)
{
	struct tsm_range range = range_at(i);

	return validate_range(&range, tokens);
}

static inline uint64_t
run(const struct tsm_token *tokens)
{
	uint8_t q[TSM_MAX_MESSAGE];
	size_t n = tsm_put_run_request(&g.subject, tokens, q, sizeof(q));

	return n != 0 ? ask_by_message(TSM_CHANNEL_RUN, q, n) :
	    (uint64_t)ask(TSM_CHANNEL_RUN, NULL, 0);
}

/* As the host collects: all, for this nonce; the whole answer. */
static inline struct emu_bytes
collect(const uint8_t nonce[32])
{
	struct da_wire_request q = { .wanted = DA_WIRE_WANT_ALL |
		DA_WIRE_WANT_MORE, .device = functions[g.i].function,
		.id = 99, .path = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
		0xff } };
	struct emu_bytes answer, file;

	memcpy(q.nonce, nonce, sizeof(q.nonce));
	emu_machine_answer(&g.machine, &q, &answer);
	ck_assert(!answer.full);
	file.n = DA_WIRE_REQUEST_SIZE;
	file.full = false;
	da_wire_put_request(&q, file.p);
	emu_put(&file, answer.p, answer.n);
	return file;
}

#define ck_control(line, expected) do {					\
	char text_[96], reply_[128];					\
	snprintf(text_, sizeof(text_), "%s", line);			\
	emu_machine_control(&g.machine, text_, reply_, sizeof(reply_));	\
	ck_assert_str_eq(reply_, expected);				\
} while (0)

#endif
