/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading and writing a socket against a deadline.  Knows bytes and clocks,
 * nothing of the wire.
 */
#ifndef RELAY_IO_H
#define RELAY_IO_H

#include <stddef.h>
#include <stdint.h>

#define RELAY_SEND_MAX	16384u	/* a call: a vsock device of a virtual machine
				 * may take no larger packet */

enum io_result { IO_ERROR, IO_OK, IO_CLOSED, IO_TIMEOUT };

/* CLOCK_MONOTONIC, in milliseconds. */
int64_t		io_now(void);
/* Exactly n bytes; no wait longer than `idle` ms, none past `deadline`. */
enum io_result	io_read(int fd, void *buf, size_t n, int idle,
		    int64_t deadline);
enum io_result	io_write(int fd, const void *buf, size_t n, int idle,
		    int64_t deadline);
const char	*io_text(enum io_result result);

#endif
