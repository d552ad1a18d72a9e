// SPDX-License-Identifier: GPL-2.0-only
/*
 * The requester: VCA, digests, certificate chain, challenge, measurements, and
 * the interface report where the device gives it.
 *
 * Nothing is verified here.  The host is outside of the guest's trust and its
 * kernel would only convince itself; the guest compares what arrives with the
 * TSM's digests and checks the device's signature.  What is checked is form, so
 * that every length is bounded and each stored object is exactly the bytes of
 * its messages, without the transport's padding.
 *
 * All of it runs in the caller's context with no lock of this file: there is no
 * state between two collections.
 */
#include <linux/bits.h>
#include <linux/jiffies.h>
#include <linux/mm.h>
#include <linux/pci.h>
#include <linux/pci-doe.h>
#include <linux/pci-tsm.h>
#include <linux/random.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/unaligned.h>

#include "link_spdm.h"

#define LINK_SECONDS		20
#define LINK_EXCHANGES		4096	/* the smallest portions of 64 KiB */
#define LINK_REQUEST_MAX	128
#define LINK_HEAD		4

#define SPDM_10			0x10
#define SPDM_12			0x12
#define SPDM_13			0x13

#define SPDM_ERROR		0x7f
#define SPDM_LARGE_RESPONSE	0x0f	/* ERROR, Param1 */

#define SPDM_CAP_CHUNK		BIT(17)
#define SPDM_CAP_MULTI_KEY_ONLY	BIT(26)
#define SPDM_MEAS_DMTF		0x01
#define SPDM_OPAQUE_FMT1	0x02
#define SPDM_CONTEXT		8	/* RequesterContext, 1.3 */
#define SPDM_ALL		0xff
#define SPDM_PCI_SIG		3	/* registry of VENDOR_DEFINED */

#define TDISP_10		0x10
#define TDISP_HEAD		17	/* with the protocol id in front */
#define TDISP_REPORT		0x04

struct link_spdm {
	struct pci_dev *pdev;
	u8 version;
	bool chunks;
	u32 transfer;		/* our DataTransferSize */
	u32 sig_size, hash_size;
	unsigned long deadline;	/* jiffies */
	unsigned int left;	/* exchanges */
	u8 request[LINK_REQUEST_MAX];
	size_t request_n;
	u8 object[LINK_OBJECT_MAX];
	/* The response, reassembled where it came in chunks, perhaps padded. */
	u8 *message;
	size_t message_n;
	bool exact;		/* not padded: its size was told */
	u8 error;		/* Param1 of the last ERROR */
};

/* -- the one place that reads a device's bytes -- */

struct link_reader {
	const u8 *p;
	size_t n, at;
	bool bad;		/* a read went past the end */
};

static const u8 *rd_take(struct link_reader *rd, size_t n)
{
	const u8 *p = rd->p + rd->at;

	if (rd->bad || n > rd->n - rd->at) {
		rd->bad = true;
		return NULL;
	}
	rd->at += n;
	return p;
}

static u8 rd_u8(struct link_reader *rd)
{
	const u8 *p = rd_take(rd, 1);

	return p ? *p : 0;
}

static u16 rd_le16(struct link_reader *rd)
{
	const u8 *p = rd_take(rd, 2);

	return p ? get_unaligned_le16(p) : 0;
}

static u32 rd_le24(struct link_reader *rd)
{
	const u8 *p = rd_take(rd, 3);

	return p ? get_unaligned_le24(p) : 0;
}

static u32 rd_le32(struct link_reader *rd)
{
	const u8 *p = rd_take(rd, 4);

	return p ? get_unaligned_le32(p) : 0;
}

/* All was read but what pads a DOE object to whole words. */
static bool rd_whole(const struct link_spdm *s, const struct link_reader *rd)
{
	return !rd->bad && rd->n - rd->at <= (s->exact ? 0 : 3);
}

static struct link_reader message_reader(const struct link_spdm *s)
{
	return (struct link_reader){ s->message, s->message_n, LINK_HEAD,
				     s->message_n < LINK_HEAD };
}

/* -- requests -- */

static void rq_put(struct link_spdm *s, const void *bytes, size_t n)
{
	if (WARN_ON_ONCE(n > sizeof(s->request) - s->request_n))
		return;
	memcpy(s->request + s->request_n, bytes, n);
	s->request_n += n;
}

static void rq_u8(struct link_spdm *s, u8 v)
{
	rq_put(s, &v, 1);
}

static void rq_le16(struct link_spdm *s, u16 v)
{
	__le16 le = cpu_to_le16(v);

	rq_put(s, &le, sizeof(le));
}

static void rq_le32(struct link_spdm *s, u32 v)
{
	__le32 le = cpu_to_le32(v);

	rq_put(s, &le, sizeof(le));
}

static void rq_zero(struct link_spdm *s, size_t n)
{
	while (n--)
		rq_u8(s, 0);
}

static void rq_begin(struct link_spdm *s, u8 version, u8 code, u8 param1,
		     u8 param2)
{
	const u8 head[LINK_HEAD] = { version, code, param1, param2 };

	s->request_n = 0;
	rq_put(s, head, sizeof(head));
}

/* RequesterContext; nothing below 1.3. */
static void rq_context(struct link_spdm *s)
{
	u8 context[SPDM_CONTEXT];

	if (s->version < SPDM_13)
		return;
	get_random_bytes(context, sizeof(context));
	rq_put(s, context, sizeof(context));
}

/* -- one DOE exchange, then chunks where the answer is too large -- */

static int doe_once(struct link_spdm *s, const u8 *request, size_t n)
{
	u8 padded[round_up(LINK_REQUEST_MAX, 4)] = {};
	int got;

	if (time_after(jiffies, s->deadline) || !s->left)
		return -ETIMEDOUT;
	s->left--;
	memcpy(padded, request, n);
	got = pci_tsm_doe_transfer(s->pdev, PCI_DOE_FEATURE_CMA, padded,
				   round_up(n, 4), s->object,
				   sizeof(s->object));
	if (got < 0)
		return got;
	if (got < LINK_HEAD || got > round_up(s->transfer, 4))
		return -EMSGSIZE;
	return got;
}

/*
 * CHUNK_RESPONSE of this handle and number into s->message; the first says how
 * large the whole is.  1: it was the last.
 */
static int take_chunk(struct link_spdm *s, int got, u8 handle, u16 number,
		      size_t *total)
{
	struct link_reader rd = { s->object, got, 1, false };
	u8 code = rd_u8(&rd), last = rd_u8(&rd) & 1, of = rd_u8(&rd);
	u16 sequence = rd_le16(&rd);
	const u8 *chunk;
	u32 n;

	rd_le16(&rd);
	n = rd_le32(&rd);
	if (number == 0)
		*total = rd_le32(&rd);
	if (rd.bad || code != 0x06 || of != handle || sequence != number ||
	    *total > LINK_MESSAGE_MAX || !n || n > *total - s->message_n)
		return -EPROTO;
	chunk = rd_take(&rd, n);
	if (!chunk || rd.n - rd.at > 3)
		return -EPROTO;
	memcpy(s->message + s->message_n, chunk, n);
	s->message_n += n;
	if (!!last != (s->message_n == *total))
		return -EPROTO;
	return last;
}

static int fetch_chunks(struct link_spdm *s, u8 handle)
{
	u8 get[6] = { s->version, 0x86, 0, handle };
	size_t total = 0;
	int ret = 0;
	u16 number;

	s->message_n = 0;
	s->exact = true;
	for (number = 0; ret == 0; number++) {
		put_unaligned_le16(number, get + 4);
		ret = doe_once(s, get, sizeof(get));
		if (ret < 0)
			return ret;
		ret = take_chunk(s, ret, handle, number, &total);
	}
	return ret < 0 ? ret : 0;
}

static int take_error(struct link_spdm *s, int got)
{
	s->error = s->object[2];
	if (s->error == SPDM_LARGE_RESPONSE && s->chunks && got > LINK_HEAD)
		return fetch_chunks(s, s->object[LINK_HEAD]);
	return -EREMOTEIO;
}

/* Sends s->request; the answer of that code is in s->message. */
static int exchange(struct link_spdm *s, u8 code)
{
	int got = doe_once(s, s->request, s->request_n);
	int ret = 0;

	s->error = 0;
	if (got < 0)
		return got;
	if (s->object[1] == SPDM_ERROR) {
		ret = take_error(s, got);
	} else {
		memcpy(s->message, s->object, got);
		s->message_n = got;
		s->exact = false;
	}
	if (ret)
		return ret;
	if (s->message_n < LINK_HEAD || s->message[0] != s->request[0] ||
	    s->message[1] != code)
		return -EPROTO;
	return 0;
}

/* -- what is kept -- */

static int blob_make(struct link_blob *b, size_t room)
{
	b->p = kvmalloc(room, GFP_KERNEL_ACCOUNT);
	b->room = room;
	b->n = 0;
	return b->p ? 0 : -ENOMEM;
}

static int blob_put(struct link_blob *b, const u8 *bytes, size_t n)
{
	if (n > b->room - b->n)
		return -EMSGSIZE;
	memcpy(b->p + b->n, bytes, n);
	b->n += n;
	return 0;
}

/* The request, and of the response what was read, which is all but padding. */
static int keep(struct link_spdm *s, struct link_blob *b,
		const struct link_reader *rd)
{
	int ret = blob_put(b, s->request, s->request_n);

	return ret ? ret : blob_put(b, rd->p, rd->at);
}

void link_collection_free(struct link_collection *c)
{
	kvfree(c->vca.p);
	kvfree(c->chain.p);
	kvfree(c->pairs.p);
	kvfree(c->report.p);
	memset(c, 0, sizeof(*c));
}

/* -- VCA -- */

/* The highest of those that this file speaks. */
static int get_version(struct link_spdm *s, struct link_blob *vca)
{
	struct link_reader rd;
	u8 n, version, best = 0;
	int ret;

	rq_begin(s, SPDM_10, 0x84, 0, 0);
	ret = exchange(s, 0x04);
	if (ret)
		return ret;
	rd = message_reader(s);
	rd_u8(&rd);
	for (n = rd_u8(&rd); n; n--) {
		version = rd_le16(&rd) >> 8;
		if ((version == SPDM_12 || version == SPDM_13) &&
		    version > best)
			best = version;
	}
	if (!rd_whole(s, &rd))
		return -EPROTO;
	s->version = best;
	return best ? keep(s, vca, &rd) : -EPROTONOSUPPORT;
}

static int get_capabilities(struct link_spdm *s, struct link_blob *vca)
{
	struct link_reader rd;
	u32 flags;
	int ret;

	rq_begin(s, s->version, 0xe1, 0, 0);
	rq_zero(s, 4);
	rq_le32(s, SPDM_CAP_CHUNK);
	rq_le32(s, s->transfer);
	rq_le32(s, LINK_MESSAGE_MAX);
	ret = exchange(s, 0x61);
	if (ret)
		return ret;
	rd = message_reader(s);
	rd_le32(&rd);
	flags = rd_le32(&rd);
	rd_le32(&rd);
	rd_le32(&rd);
	/* Param1 bit 0 would be algorithms that nobody asked for. */
	if (!rd_whole(s, &rd) || (s->message[2] & 1) != 0)
		return -EPROTO;
	/* Without certificates or signed measurements there is no evidence. */
	if (!(flags & BIT(1)) || !(flags & BIT(4)) ||
	    (s->version >= SPDM_13 && (flags & SPDM_CAP_MULTI_KEY_ONLY)))
		return -EPROTONOSUPPORT;
	s->chunks = flags & SPDM_CAP_CHUNK;
	return keep(s, vca, &rd);
}

/* What is offered, and the sizes that follow from a selection. */
static const struct {
	u32 bit, size;
} link_asym[] = {
	{ BIT(2), 384 }, { BIT(3), 384 },	/* RSASSA, RSAPSS 3072 */
	{ BIT(5), 512 }, { BIT(6), 512 },	/* 4096 */
	{ BIT(4), 64 }, { BIT(7), 96 }, { BIT(8), 132 },	/* ECDSA */
}, link_hash[] = {
	{ BIT(0), 32 }, { BIT(1), 48 }, { BIT(2), 64 },		/* SHA-2 */
};

static void rq_algorithms(struct link_spdm *s)
{
	u32 asym = 0, hash = 0;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(link_asym); i++)
		asym |= link_asym[i].bit;
	for (i = 0; i < ARRAY_SIZE(link_hash); i++)
		hash |= link_hash[i].bit;
	rq_begin(s, s->version, 0xe3, 0, 0);
	rq_le16(s, 32);
	rq_u8(s, SPDM_MEAS_DMTF);
	rq_u8(s, SPDM_OPAQUE_FMT1);
	rq_le32(s, asym);
	rq_le32(s, hash);
	rq_zero(s, 16);
}

static int choose(struct link_spdm *s, u32 asym, u32 hash)
{
	size_t i;

	s->sig_size = s->hash_size = 0;
	for (i = 0; i < ARRAY_SIZE(link_asym); i++)
		if (asym == link_asym[i].bit)
			s->sig_size = link_asym[i].size;
	for (i = 0; i < ARRAY_SIZE(link_hash); i++)
		if (hash == link_hash[i].bit)
			s->hash_size = link_hash[i].size;
	return s->sig_size && s->hash_size ? 0 : -EPROTONOSUPPORT;
}

/* No tables and no external algorithms were offered: none may come. */
static int get_algorithms(struct link_spdm *s, struct link_blob *vca)
{
	struct link_reader rd;
	u32 asym, hash;
	u16 length;
	int ret;

	rq_algorithms(s);
	ret = exchange(s, 0x63);
	if (ret)
		return ret;
	rd = message_reader(s);
	length = rd_le16(&rd);
	rd_le16(&rd);
	rd_le32(&rd);
	asym = rd_le32(&rd);
	hash = rd_le32(&rd);
	rd_take(&rd, 16);
	if (!rd_whole(s, &rd) || length != rd.at || s->message[2] != 0)
		return -EPROTO;
	ret = choose(s, asym, hash);
	return ret ? ret : keep(s, vca, &rd);
}

/* -- the chain -- */

static int get_digests(struct link_spdm *s)
{
	struct link_reader rd;
	int ret;

	rq_begin(s, s->version, 0x81, 0, 0);
	ret = exchange(s, 0x01);
	if (ret)
		return ret;
	rd = message_reader(s);
	rd_take(&rd, (size_t)hweight8(s->message[3]) * s->hash_size);
	if (!rd_whole(s, &rd))
		return -EPROTO;
	return s->message[3] & BIT(0) ? 0 : -ENODATA;
}

static int get_portion(struct link_spdm *s, struct link_blob *chain,
		       size_t *left)
{
	u16 want = min_t(size_t, LINK_TRANSFER_MAX - 8, U16_MAX);
	struct link_reader rd;
	u16 portion, remainder;
	const u8 *bytes;
	int ret;

	rq_begin(s, s->version, 0x82, 0, 0);
	rq_le16(s, chain->n);
	rq_le16(s, want);
	ret = exchange(s, 0x02);
	if (ret)
		return ret;
	rd = message_reader(s);
	portion = rd_le16(&rd);
	remainder = rd_le16(&rd);
	bytes = rd_take(&rd, portion);
	if (!rd_whole(s, &rd) || !portion || portion > want ||
	    (chain->n && portion + (size_t)remainder != *left))
		return -EPROTO;
	*left = remainder;
	return blob_put(chain, bytes, portion);
}

static int get_chain(struct link_spdm *s, struct link_blob *chain)
{
	size_t left = 0;
	int ret;

	do {
		if (chain->n > U16_MAX)
			return -EMSGSIZE;	/* no offset says where */
		ret = get_portion(s, chain, &left);
	} while (!ret && left);
	return ret;
}

/* -- what is signed -- */

/* Nonce, opaque data, context, signature: the same in both responses. */
static int take_tail(struct link_spdm *s, struct link_reader *rd)
{
	rd_take(rd, rd_le16(rd));
	rd_take(rd, s->version >= SPDM_13 ? SPDM_CONTEXT : 0);
	rd_take(rd, s->sig_size);
	return rd_whole(s, rd) ? 0 : -EPROTO;
}

/*
 * With a nonce of our own, and for the device to have been asked: the answer
 * is of no use to the host, and the store has no place for it.
 */
static int challenge(struct link_spdm *s)
{
	u8 nonce[LINK_NONCE];
	struct link_reader rd;
	int ret;

	get_random_bytes(nonce, sizeof(nonce));
	rq_begin(s, s->version, 0x83, 0, 0);
	rq_put(s, nonce, sizeof(nonce));
	rq_context(s);
	ret = exchange(s, 0x03);
	if (ret)
		return ret;
	rd = message_reader(s);
	rd_take(&rd, s->hash_size);
	rd_take(&rd, LINK_NONCE);
	return take_tail(s, &rd);
}

/* All blocks and a signature; L1/L2 is then this one exchange. */
static int get_measurements(struct link_spdm *s, const u8 *nonce,
			    struct link_blob *pairs)
{
	struct link_reader rd;
	int ret;

	rq_begin(s, s->version, 0xe0, BIT(0), SPDM_ALL);
	rq_put(s, nonce, LINK_NONCE);
	rq_u8(s, 0);
	rq_context(s);
	ret = exchange(s, 0x60);
	if (ret)
		return ret;
	rd = message_reader(s);
	rd_u8(&rd);
	rd_take(&rd, rd_le24(&rd));
	rd_take(&rd, LINK_NONCE);
	ret = take_tail(s, &rd);
	return ret ? ret : keep(s, pairs, &rd);
}

/* -- the interface report -- */

/*
 * TDISP GET_DEVICE_INTERFACE_REPORT, in the clear.  On a real link the TSM asks
 * for it inside its own session, and a real device refuses it here; the
 * emulated one has no session.
 */
static void rq_report(struct link_spdm *s, size_t offset)
{
	rq_begin(s, s->version, 0xfe, 0, 0);
	rq_le16(s, SPDM_PCI_SIG);
	rq_u8(s, 2);
	rq_le16(s, 1);
	rq_le16(s, TDISP_HEAD + 4);
	rq_u8(s, 1);			/* TDISP */
	rq_u8(s, TDISP_10);
	rq_u8(s, 0x84);
	rq_le16(s, 0);
	rq_le32(s, pci_dev_id(s->pdev));
	rq_zero(s, 8);
	rq_le16(s, offset);
	rq_le16(s, U16_MAX);
}

/* 1: the device gives none now. */
static int take_report(struct link_spdm *s, struct link_blob *report,
		       size_t *left)
{
	struct link_reader rd = message_reader(s);
	u16 registry = rd_le16(&rd), size, portion, remainder;
	const u8 *bytes;
	size_t from;
	u8 type;

	rd_take(&rd, rd_u8(&rd));
	size = rd_le16(&rd);
	from = rd.at;
	rd_le16(&rd);
	type = rd_u8(&rd);
	rd_take(&rd, TDISP_HEAD - 3);
	if (rd.bad || registry != SPDM_PCI_SIG)
		return -EPROTO;
	if (type != TDISP_REPORT)
		return report->n ? -EPROTO : 1;
	portion = rd_le16(&rd);
	remainder = rd_le16(&rd);
	bytes = rd_take(&rd, portion);
	if (!rd_whole(s, &rd) || rd.at - from != size || !portion ||
	    (report->n && portion + (size_t)remainder != *left))
		return -EPROTO;
	*left = remainder;
	return blob_put(report, bytes, portion);
}

static int get_report(struct link_spdm *s, struct link_blob *report)
{
	size_t left = 0;
	int ret;

	do {
		rq_report(s, report->n);
		ret = exchange(s, 0x7e);
		/* ERROR: it does not speak TDISP here. */
		if (ret == -EREMOTEIO && !report->n)
			return 0;
		if (!ret)
			ret = take_report(s, report, &left);
		if (ret > 0)
			return 0;
	} while (!ret && left);
	return ret;
}

/* -- all of it -- */

static int make_room(struct link_collection *c)
{
	if (blob_make(&c->vca, LINK_VCA_MAX) ||
	    blob_make(&c->chain, LINK_CHAIN_MAX) ||
	    blob_make(&c->pairs, LINK_REQUEST_MAX + LINK_MESSAGE_MAX) ||
	    blob_make(&c->report, LINK_REPORT_MAX))
		return -ENOMEM;
	return 0;
}

/* In the protocol's order; the report last, as it ends L1/L2. */
static int collect(struct link_spdm *s, const u8 *nonce,
		   struct link_collection *c, const char **step)
{
	int ret;

	*step = "memory";
	ret = make_room(c);
	if (ret)
		return ret;
	*step = "GET_VERSION";
	ret = get_version(s, &c->vca);
	if (ret)
		return ret;
	*step = "GET_CAPABILITIES";
	ret = get_capabilities(s, &c->vca);
	if (ret)
		return ret;
	*step = "NEGOTIATE_ALGORITHMS";
	ret = get_algorithms(s, &c->vca);
	if (ret)
		return ret;
	*step = "GET_DIGESTS";
	ret = get_digests(s);
	if (ret)
		return ret;
	*step = "GET_CERTIFICATE";
	ret = get_chain(s, &c->chain);
	if (ret)
		return ret;
	*step = "CHALLENGE";
	ret = challenge(s);
	if (ret)
		return ret;
	*step = "GET_MEASUREMENTS";
	ret = get_measurements(s, nonce, &c->pairs);
	if (ret)
		return ret;
	*step = "GET_DEVICE_INTERFACE_REPORT";
	return get_report(s, &c->report);
}

int link_spdm_collect(struct pci_dev *pdev, const u8 *nonce, u32 transfer,
		      struct link_collection *ret_collection)
{
	struct link_collection c = {};
	const char *step = "memory";
	struct link_spdm *s;
	int ret = -ENOMEM;

	s = kzalloc(sizeof(*s), GFP_KERNEL);
	if (!s)
		return ret;
	s->pdev = pdev;
	s->transfer = transfer;
	s->deadline = jiffies + LINK_SECONDS * HZ;
	s->left = LINK_EXCHANGES;
	s->message = kvmalloc(max(LINK_MESSAGE_MAX, LINK_OBJECT_MAX),
			      GFP_KERNEL);
	if (s->message)
		ret = collect(s, nonce, &c, &step);
	if (ret) {
		pci_warn(pdev, "devattest_link: %s: %d (ERROR %#x)\n", step,
			 ret, s->error);
		link_collection_free(&c);
	} else {
		*ret_collection = c;
	}
	kvfree(s->message);
	kfree(s);
	return ret;
}
