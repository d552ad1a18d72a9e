/* SPDX-License-Identifier: Apache-2.0 */
#include "nl_door.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <libmnl/libmnl.h>
#include <linux/genetlink.h>

#define ATTR_HEAD	4u	/* u16 length, which counts it, and u16 type */
#define TYPE_MASK	0x3fffu	/* without the two flags */

static size_t
aligned(size_t n)
{
	return (n + 3u) & ~(size_t)3u;
}

static bool
fail(struct da_kernel_error *reterr, int error, const char *what)
{
	reterr->error = error;
	snprintf(reterr->text, sizeof(reterr->text), "%s", what);
	return false;
}

/* -- the socket -- */

bool
da_nl_over(struct da_nl *nl, int fd, struct da_kernel_error *reterr)
{
	memset(nl, 0, sizeof(*nl));
	nl->fd = fd;
	nl->out = malloc(DA_NL_MESSAGE_MAX);
	nl->in = malloc(DA_NL_READ_MAX);
	if (nl->out != NULL && nl->in != NULL)
		return true;
	da_nl_close(nl);
	return fail(reterr, ENOMEM, "no memory for messages");
}

/* Connected to port 0, the kernel: no other process is heard. */
static int
open_socket(void)
{
	struct sockaddr_nl us = { .nl_family = AF_NETLINK }, kernel = us;
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC);
	int on = 1;

	if (fd < 0)
		return -1;
	if (bind(fd, (struct sockaddr *)&us, sizeof(us)) == 0 &&
	    connect(fd, (struct sockaddr *)&kernel, sizeof(kernel)) == 0 &&
	    setsockopt(fd, SOL_NETLINK, NETLINK_EXT_ACK, &on, sizeof(on)) == 0)
		return fd;
	close(fd);
	return -1;
}

bool
da_nl_open(struct da_nl *nl, struct da_kernel_error *reterr)
{
	int fd = open_socket();

	if (fd < 0)
		return fail(reterr, errno, "no generic netlink");
	return da_nl_over(nl, fd, reterr);
}

void
da_nl_close(struct da_nl *nl)
{
	if (nl->fd >= 0)
		close(nl->fd);
	free(nl->out);
	free(nl->in);
	memset(nl, 0, sizeof(*nl));
	nl->fd = -1;
}

/* -- a request -- */

static struct nlmsghdr *
message_of(struct da_nl *nl)
{
	return (struct nlmsghdr *)(void *)nl->out;
}

static void
start_as(struct da_nl *nl, uint16_t type, uint8_t command, uint8_t version,
    bool dump)
{
	struct nlmsghdr *head = mnl_nlmsg_put_header(nl->out);
	struct genlmsghdr *generic;

	head->nlmsg_type = type;
	head->nlmsg_flags = (uint16_t)(NLM_F_REQUEST |
	    (dump ? NLM_F_DUMP : 0));
	head->nlmsg_seq = ++nl->seq;
	generic = mnl_nlmsg_put_extra_header(head, sizeof(*generic));
	generic->cmd = command;
	generic->version = version;
	nl->sent_size = 1;
	nl->in_size = nl->in_at = 0;
}

void
da_nl_start(struct da_nl *nl, uint8_t command, bool dump)
{
	start_as(nl, nl->family, command, 1, dump);
}

/* What does not fit makes the whole message unsendable. */
void
da_nl_put(struct da_nl *nl, uint16_t attr, struct da_slice bytes)
{
	if (bytes.n > UINT16_MAX - ATTR_HEAD ||
	    !mnl_attr_put_check(message_of(nl), DA_NL_MESSAGE_MAX, attr,
	    bytes.n, bytes.p != NULL ? bytes.p : (const uint8_t *)""))
		nl->sent_size = 0;
}

void
da_nl_put_u32(struct da_nl *nl, uint16_t attr, uint32_t value)
{
	da_nl_put(nl, attr, da_slice_of(&value, sizeof(value)));
}

void
da_nl_put_string(struct da_nl *nl, uint16_t attr, const char *text)
{
	da_nl_put(nl, attr, da_slice_of(text, strlen(text) + 1));
}

void
da_nl_put_pair(struct da_nl *nl, uint16_t attr, uint16_t kind_attr,
    uint32_t kind, uint16_t bytes_attr, struct da_slice bytes)
{
	struct nlattr *nest = mnl_attr_nest_start_check(message_of(nl),
	    DA_NL_MESSAGE_MAX, attr);

	if (nest == NULL) {
		nl->sent_size = 0;
		return;
	}
	da_nl_put_u32(nl, kind_attr, kind);
	da_nl_put(nl, bytes_attr, bytes);
	mnl_attr_nest_end(message_of(nl), nest);
}

bool
da_nl_send(struct da_nl *nl, struct da_kernel_error *reterr)
{
	size_t size = message_of(nl)->nlmsg_len;
	ssize_t n;

	if (nl->fd < 0)
		return fail(reterr, EPIPE, "the kernel's socket was lost");
	if (nl->sent_size == 0)
		return fail(reterr, EMSGSIZE, "the request is too long");
	do {
		n = send(nl->fd, nl->out, size, MSG_NOSIGNAL);
	} while (n < 0 && errno == EINTR);
	return n == (ssize_t)size ||
	    fail(reterr, n < 0 ? errno : EIO, "the kernel takes no request");
}

/* -- an answer -- */

static int64_t
now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static bool
wait_for(struct da_nl *nl, int timeout_ms, struct da_kernel_error *reterr)
{
	struct pollfd p = { .fd = nl->fd, .events = POLLIN };
	int64_t end = now_ms() + timeout_ms;
	int n;

	do {
		int64_t left = end - now_ms();

		n = poll(&p, 1, left > 0 ? (int)left : 0);
	} while (n < 0 && errno == EINTR);
	if (n > 0)
		return true;
	return fail(reterr, n == 0 ? ETIMEDOUT : errno,
	    "the kernel does not answer");
}

/* A datagram that is longer than the buffer is none. */
static bool
receive(struct da_nl *nl, int timeout_ms, struct da_kernel_error *reterr)
{
	ssize_t n;

	if (nl->fd < 0)
		return fail(reterr, EPIPE, "the kernel's socket was lost");
	if (!wait_for(nl, timeout_ms, reterr))
		return false;
	do {
		n = recv(nl->fd, nl->in, DA_NL_READ_MAX, MSG_TRUNC);
	} while (n < 0 && errno == EINTR);
	if (n <= 0)
		return fail(reterr, n < 0 ? errno : EPIPE,
		    "the kernel's answers were lost");
	if ((size_t)n > DA_NL_READ_MAX)
		return fail(reterr, EPROTO, "an answer is too long");
	nl->in_size = (size_t)n;
	nl->in_at = 0;
	return true;
}

/* The next attribute; false at the end, and c->bad where it is cut off. */
static bool
next_attr(struct da_cur *c, uint16_t *ret_number, struct da_slice *ret)
{
	size_t length, padding;

	if (c->bad || da_left(c) < ATTR_HEAD)
		return false;
	length = da_le16(c);
	*ret_number = (uint16_t)(da_le16(c) & TYPE_MASK);
	if (length < ATTR_HEAD) {
		c->bad = true;
		return false;
	}
	*ret = da_take(c, length - ATTR_HEAD);
	padding = aligned(length) - length;
	da_take(c, padding < da_left(c) ? padding : da_left(c));
	return !c->bad;
}

static bool
take_attrs(struct da_nl_message *m, struct da_slice attrs)
{
	struct da_cur c = da_cur_of(attrs);
	struct da_slice value;
	uint16_t number;

	m->attrs = attrs;
	while (next_attr(&c, &number, &value)) {
		if (number >= DA_NL_ATTRS)
			continue;
		m->of[number] = value;
		m->has[number] = true;
	}
	return !c.bad;
}

/* An extended acknowledgement's text, behind the request's copied head. */
static void
take_error(struct da_nl_message *m, const struct nlmsghdr *head)
{
	const struct nlmsgerr *e = mnl_nlmsg_get_payload(head);
	struct da_nl_message of = { .command = 0 };
	size_t size = mnl_nlmsg_get_payload_len(head), skip = sizeof(*e);
	struct da_slice rest;

	m->is_error = true;
	if (size < sizeof(*e))
		return;
	m->error = -e->error;
	if ((head->nlmsg_flags & NLM_F_ACK_TLVS) == 0)
		return;
	if ((head->nlmsg_flags & NLM_F_CAPPED) == 0)
		skip += aligned(e->msg.nlmsg_len) - sizeof(e->msg);
	if (da_slice_cut(da_slice_of(e, size), skip, skip > size ? 0 :
	    size - skip, &rest) && take_attrs(&of, rest) &&
	    of.has[NLMSGERR_ATTR_MSG])
		da_nl_text(of.of[NLMSGERR_ATTR_MSG], m->text,
		    sizeof(m->text));
}

/* A dump that broke off says why: a negative errno value, in host order. */
static void
take_end(struct da_nl_message *m, const struct nlmsghdr *head)
{
	int error = 0;

	m->is_end = true;
	if (mnl_nlmsg_get_payload_len(head) >= sizeof(error))
		memcpy(&error, mnl_nlmsg_get_payload(head), sizeof(error));
	m->error = error < 0 ? -error : 0;
}

static bool
take_generic(struct da_nl_message *m, const struct nlmsghdr *head)
{
	const struct genlmsghdr *g = mnl_nlmsg_get_payload(head);
	size_t size = mnl_nlmsg_get_payload_len(head);

	if (size < sizeof(*g))
		return false;
	m->command = g->cmd;
	return take_attrs(m, da_slice_of(
	    mnl_nlmsg_get_payload_offset(head, sizeof(*g)),
	    size - aligned(sizeof(*g))));
}

bool
da_nl_next(struct da_nl *nl, int timeout_ms, struct da_nl_message *ret,
    struct da_kernel_error *reterr)
{
	const struct nlmsghdr *head;
	int left;

	if (nl->in_at == nl->in_size && !receive(nl, timeout_ms, reterr))
		return false;
	head = (const struct nlmsghdr *)(const void *)(nl->in + nl->in_at);
	left = (int)(nl->in_size - nl->in_at);
	memset(ret, 0, sizeof(*ret));
	if (!mnl_nlmsg_ok(head, left)) {
		nl->in_at = nl->in_size;
		return fail(reterr, EPROTO, "not a message of netlink's");
	}
	nl->in_at += aligned(head->nlmsg_len) < (size_t)left ?
	    aligned(head->nlmsg_len) : (size_t)left;
	ret->seq = head->nlmsg_seq;
	if (head->nlmsg_type == NLMSG_ERROR)
		take_error(ret, head);
	else if (head->nlmsg_type == NLMSG_DONE)
		take_end(ret, head);
	else if (head->nlmsg_type < NLMSG_MIN_TYPE ||
	    !take_generic(ret, head))
		return fail(reterr, EPROTO, "not a message of generic "
		    "netlink's");
	return true;
}

bool
da_nl_u32(struct da_slice attr, uint32_t *ret)
{
	if (attr.n != sizeof(*ret))
		return false;
	memcpy(ret, attr.p, sizeof(*ret));	/* host order: the kernel's */
	return true;
}

bool
da_nl_u64(struct da_slice attr, uint64_t *ret)
{
	if (attr.n != sizeof(*ret))
		return false;
	memcpy(ret, attr.p, sizeof(*ret));
	return true;
}

bool
da_nl_text(struct da_slice attr, char *ret, size_t size)
{
	const uint8_t *end = attr.n > 0 ? memchr(attr.p, 0, attr.n) : NULL;

	if (end == NULL)
		return false;
	snprintf(ret, size, "%s", (const char *)attr.p);
	return true;
}

bool
da_nl_each(struct da_slice attrs, uint16_t number, da_nl_take_fn *take,
    void *context)
{
	struct da_cur c = da_cur_of(attrs);
	struct da_slice value;
	uint16_t type;

	while (next_attr(&c, &type, &value))
		if (type == number && !take(context, value))
			return false;
	return !c.bad;
}

bool
da_nl_nest(struct da_slice nest, struct da_slice *ret, size_t n)
{
	struct da_nl_message m = { .command = 0 };

	if (!take_attrs(&m, nest))
		return false;
	for (size_t i = 0; i < n; i++)
		ret[i] = i < DA_NL_ATTRS ? m.of[i] : da_slice_of(NULL, 0);
	return true;
}

/* -- the family -- */

struct group_search {
	const char *name;
	uint32_t id;
};

static bool
take_group(void *context, struct da_slice attr)
{
	struct group_search *s = context;
	struct da_slice of[CTRL_ATTR_MCAST_GRP_MAX + 1];
	char name[GENL_NAMSIZ];

	if (!da_nl_nest(attr, of, CTRL_ATTR_MCAST_GRP_MAX + 1))
		return false;
	if (da_nl_text(of[CTRL_ATTR_MCAST_GRP_NAME], name, sizeof(name)) &&
	    strcmp(name, s->name) == 0)
		da_nl_u32(of[CTRL_ATTR_MCAST_GRP_ID], &s->id);
	return true;
}

/* Each entry of the list has a number of its own, 1 and up. */
static uint32_t
find_group(struct da_slice groups, const char *name)
{
	struct group_search s = { .name = name };

	for (uint16_t i = 1; i < 32 && s.id == 0; i++)
		da_nl_each(groups, i, take_group, &s);
	return s.id;
}

static bool
no_family(const char *family, int error, struct da_kernel_error *reterr)
{
	reterr->error = error != 0 ? error : EPROTO;
	snprintf(reterr->text, sizeof(reterr->text),
	    "this kernel has no family \"%s\"", family);
	return false;
}

bool
da_nl_find(struct da_nl *nl, const char *family, const char *group,
    uint32_t *ret_group, struct da_kernel_error *reterr)
{
	struct da_nl_message m;
	uint16_t id;

	start_as(nl, GENL_ID_CTRL, CTRL_CMD_GETFAMILY, 1, false);
	da_nl_put_string(nl, CTRL_ATTR_FAMILY_NAME, family);
	if (!da_nl_send(nl, reterr) || !da_nl_next(nl, 5000, &m, reterr))
		return false;
	if (m.is_error)
		return no_family(family, m.error, reterr);
	if (m.of[CTRL_ATTR_FAMILY_ID].n != sizeof(id))
		return fail(reterr, EPROTO, "the family has no number");
	memcpy(&id, m.of[CTRL_ATTR_FAMILY_ID].p, sizeof(id));
	nl->family = id;
	if (group == NULL)
		return true;
	*ret_group = find_group(m.of[CTRL_ATTR_MCAST_GROUPS], group);
	return *ret_group != 0 ||
	    fail(reterr, ENOENT, "the family has no such group");
}
