/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The only door to libmnl: messages of generic netlink are put together and
 * taken apart here, with bounds; what they mean is told by the files that
 * include this.  The peer is the kernel.  A connected socket takes nothing from
 * another process, and a test hands in one end of a pair and plays the kernel.
 */
#ifndef DA_NL_DOOR_H
#define DA_NL_DOOR_H

#include <stdarg.h>

#include "kernel.h"

#define DA_NL_MESSAGE_MAX	(72u << 10)	/* a report and its head */
#define DA_NL_READ_MAX		(32u << 10)	/* the proposal's chunks */
#define DA_NL_ATTRS		80		/* numbers below this are read */

struct da_nl {
	int fd;
	uint16_t family;
	uint32_t seq;
	size_t sent_size;	/* of the message being put together */
	uint8_t *out, *in;
	size_t in_size, in_at;	/* of the datagram being read */
};

/* A message's attributes; those that repeat are walked by da_nl_each. */
struct da_nl_message {
	uint8_t command;
	uint32_t seq;
	bool is_error, is_end;	/* NLMSG_ERROR or an ack; NLMSG_DONE */
	int error;		/* errno value of an error, or of the end */
	char text[120];		/* the kernel's, or empty */
	struct da_slice attrs;	/* raw, for da_nl_each */
	struct da_slice of[DA_NL_ATTRS];	/* the last of each number */
	bool has[DA_NL_ATTRS];
};

bool	da_nl_open(struct da_nl *nl, struct da_kernel_error *reterr);
/* One end of a pair instead; *nl owns it. */
bool	da_nl_over(struct da_nl *nl, int fd, struct da_kernel_error *reterr);
void	da_nl_close(struct da_nl *nl);
/* The family's number and, if `group` is not NULL, that of its group. */
bool	da_nl_find(struct da_nl *nl, const char *family, const char *group,
	    uint32_t *ret_group, struct da_kernel_error *reterr);

/* -- a request -- */

void	da_nl_start(struct da_nl *nl, uint8_t command, bool dump);
void	da_nl_put_u32(struct da_nl *nl, uint16_t attr, uint32_t value);
void	da_nl_put_string(struct da_nl *nl, uint16_t attr, const char *text);
void	da_nl_put(struct da_nl *nl, uint16_t attr, struct da_slice bytes);
/* A nest of {u32, bytes}. */
void	da_nl_put_pair(struct da_nl *nl, uint16_t attr, uint16_t kind_attr,
	    uint32_t kind, uint16_t bytes_attr, struct da_slice bytes);
bool	da_nl_send(struct da_nl *nl, struct da_kernel_error *reterr);

/* -- an answer -- */

/*
 * The next message, within `timeout_ms`: ETIMEDOUT; ENOBUFS: some were lost;
 * EPROTO: not one of netlink's.
 */
bool	da_nl_next(struct da_nl *nl, int timeout_ms, struct da_nl_message *ret,
	    struct da_kernel_error *reterr);
/* An integer of exactly four or eight bytes; false for what is none. */
bool	da_nl_u32(struct da_slice attr, uint32_t *ret);
bool	da_nl_u64(struct da_slice attr, uint64_t *ret);
/* The NUL-terminated text into `ret`. */
bool	da_nl_text(struct da_slice attr, char *ret, size_t size);
/* `take` for each attribute of that number, in order, until it says no. */
typedef bool da_nl_take_fn(void *context, struct da_slice attr);
bool	da_nl_each(struct da_slice attrs, uint16_t number,
	    da_nl_take_fn *take, void *context);
/* The attributes of a nest. */
bool	da_nl_nest(struct da_slice nest, struct da_slice *ret, size_t n);

#endif
