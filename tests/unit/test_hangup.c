/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A host that hangs up at each byte of an answer: never a whole bundle, never a
 * sealed one.
 */
#include <signal.h>
#include <sys/socket.h>

#include "guestd/receiver.h"
#include "guestd/sealed.h"
#include "unit.h"

#define ID	0x1122334455667788u

static const struct da_deadlines deadlines = { 1000, 2000 };
static uint8_t request[DA_WIRE_REQUEST_SIZE];
static uint8_t sent[2048];
static size_t n_sent;

static void
add(const void *bytes, size_t n)
{
	memcpy(sent + n_sent, bytes, n);
	n_sent += n;
}

static void
add_part(uint16_t type, const void *body, uint32_t n)
{
	struct da_wire_head head = { type, 0, n, ID };
	uint8_t raw[DA_WIRE_HEAD_SIZE];

	da_wire_put_head(&head, raw);
	add(raw, sizeof(raw));
	if (n > 0)
		add(body, n);
}

/* Every kind of part that a device without a CHALLENGE gives. */
static void
lay_out(void)
{
	static const uint8_t body[300];
	struct da_wire_request r = { .wanted = DA_WIRE_WANT_ALL, .id = ID };

	da_wire_put_request(&r, request);
	n_sent = 0;
	add_part(DA_WIRE_CHAIN_FIRST, body, 300);
	add_part(DA_WIRE_VCA, body, 100);
	add_part(DA_WIRE_MEASUREMENTS, body, 200);
	add_part(DA_WIRE_REPORT, body, 50);
	add_part(DA_WIRE_END, NULL, 0);
	signal(SIGPIPE, SIG_IGN);
}

/* The first n bytes, and the end of the connection. */
static bool
receive_first(size_t n, struct da_fault *ret_fault, bool *ret_sealed)
{
	struct da_answer answer;
	int ends[2], memfd;
	bool whole;

	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
	ck_assert(da_sealed_new(&memfd));
	ck_assert_int_eq(write(ends[1], sent, n), (ssize_t)n);
	ck_assert_int_eq(shutdown(ends[1], SHUT_WR), 0);
	whole = da_receive(ends[0], request, &deadlines, memfd, &answer,
	    ret_fault);
	*ret_sealed = da_sealed_check(memfd, DA_WIRE_REQUEST_SIZE + n);
	close(ends[0]);
	close(ends[1]);
	close(memfd);
	return whole;
}

START_TEST(it_hangs_up_at_each_byte)
{
	struct da_fault fault;
	bool sealed;

	for (size_t n = 0; n < n_sent; n++) {
		fault.why = DA_F_NONE;
		ck_assert_msg(!receive_first(n, &fault, &sealed),
		    "an answer cut at byte %zu is whole", n);
		ck_fault(fault, DA_F_TRANSPORT_CLOSED);
		ck_assert(!sealed);
	}
	ck_assert(receive_first(n_sent, &fault, &sealed));
	ck_assert(sealed);
}
END_TEST

/* Bytes behind the end are the next answer's, or nobody's: never read. */
START_TEST(what_follows_the_end_is_not_read)
{
	struct da_fault fault;
	bool sealed;

	add("more", 4);
	ck_assert(receive_first(n_sent, &fault, &sealed));
	n_sent -= 4;
	ck_assert(!sealed);	/* it is shorter than what was sent */
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("hangup");
	TCase *host = tcase_create("host");

	tcase_add_checked_fixture(host, lay_out, NULL);
	tcase_set_timeout(host, 60);
	tcase_add_test(host, it_hangs_up_at_each_byte);
	tcase_add_test(host, what_follows_the_end_is_not_read);
	suite_add_tcase(suite, host);
	return run_suite(suite);
}
