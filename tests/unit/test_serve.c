/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The relay's server over a socket pair, with a source that gives what no
 * source should: the server holds every part against request and caps.
 */
#include "hostrelay/serve.h"
#include "programs.h"

static uint8_t file[DA_WIRE_REQUEST_SIZE + DA_MAX_ANSWER + 4096];

/* What the source gives: types and lengths, up to a length of 0xffffffff. */
struct given {
	uint16_t type;
	uint32_t length;
};

static const struct given *gives;

static void
give(struct relay_source *source, const struct da_wire_request *q,
    struct relay_answer *ret)
{
	(void)source;
	(void)q;
	memset(ret, 0, sizeof(*ret));
	for (const struct given *g = gives; g->length != UINT32_MAX; g++) {
		struct relay_part p = { g->type, 1, g->length,
			calloc(1, (size_t)g->length + 1) };

		relay_answer_add(ret, &p);
	}
}

static void
release(struct relay_source *source)
{
	(void)source;
}

static struct da_answer
ask(const struct given *what, uint32_t wanted, struct da_fault *ret_fault)
{
	struct relay_source source = { give, release };
	struct da_wire_request q = request_for(wanted);
	struct da_answer a = { .n = 0 };
	int pair[2];
	size_t n;
	pid_t pid;

	gives = what;
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0,
	    pair), 0);
	pid = fork();
	if (pid == 0) {
		close(pair[0]);
		relay_serve(pair[1], &source);
		_exit(0);
	}
	close(pair[1]);
	n = exchange(pair[0], &q, file, sizeof(file));
	close(pair[0]);
	waitpid(pid, NULL, 0);
	ret_fault->why = DA_F_NONE;
	da_bundle_file_read(da_slice_of(file, n), &a, ret_fault);
	return a;
}

#define END	{ 0, UINT32_MAX }

START_TEST(what_fits)
{
	static const struct given good[] = { { 0, 10 }, { 3, 10 }, { 8, 10 },
		{ 9, 10 }, { 10, 10 }, { 0x100, 10 }, { 0x7f00, 10 }, END };
	static const struct given longest_chain[] =
	    { { 0, DA_MAX_CHAIN }, END };
	struct da_fault f;
	struct da_answer a = ask(good, UINT32_MAX, &f);

	ck_assert_str_eq(da_fault_text(f.why)->name, "NONE");
	ck_assert_uint_eq(a.n, 6);
	/* Shape is the measurements' only. */
	ck_assert_uint_eq(a.part[2].shape, 0);
	ck_assert_uint_eq(a.part[3].shape, 1);
	a = ask(good, 1u << 8 | 1u << 3, &f);
	ck_assert_str_eq(da_fault_text(f.why)->name, "NONE");
	ck_assert_uint_eq(a.n, 2);
	a = ask(longest_chain, 1, &f);
	ck_assert_str_eq(da_fault_text(f.why)->name, "NONE");
	ck_assert_uint_eq(a.part[0].length, DA_MAX_CHAIN);
}
END_TEST

static const struct given bad[][5] = {
	{ { 8, 10 }, { 8, 10 }, END },
	{ { 8, 10 }, { 0, 10 }, END },
	{ { 8, DA_MAX_VCA + 1 }, END },
	{ { 0, DA_MAX_CHAIN + 1 }, END },
	{ { 9, DA_MAX_MEAS }, { 0x7f00, DA_MAX_MEAS }, END },
	{ { 9, DA_MAX_MEAS }, { 0x100, DA_MAX_MEAS }, END },
};

START_TEST(what_does_not)
{
	struct da_fault f;

	ask(bad[_i], UINT32_MAX, &f);
	ck_fault(f, DA_F_WIRE_FAILURE);
	ck_assert_uint_eq(file[DA_WIRE_REQUEST_SIZE + DA_WIRE_HEAD_SIZE],
	    DA_WIRE_HOST_ERROR);
}
END_TEST

START_TEST(too_many_parts)
{
	static struct given many[RELAY_MAX_PARTS + 2];
	struct da_fault f;

	for (uint16_t i = 0; i <= RELAY_MAX_PARTS; i++)
		many[i] = (struct given){ (uint16_t)(0x7f00 + i), 1 };
	many[RELAY_MAX_PARTS + 1] = (struct given)END;
	ask(many, UINT32_MAX, &f);
	ck_fault(f, DA_F_WIRE_FAILURE);
	many[RELAY_MAX_PARTS] = (struct given)END;
	ask(many, UINT32_MAX, &f);
	ck_assert_str_eq(da_fault_text(f.why)->name, "NONE");
}
END_TEST

/* A guest that hangs up in the middle of an answer costs a write, not us. */
START_TEST(a_guest_that_hangs_up)
{
	static const struct given large[] = { { 9, DA_MAX_MEAS }, END };
	struct relay_source source = { give, release };
	struct da_wire_request q = request_for(UINT32_MAX);
	uint8_t raw[DA_WIRE_REQUEST_SIZE];
	int pair[2], status;
	pid_t pid;

	gives = large;
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0,
	    pair), 0);
	pid = fork();
	if (pid == 0) {
		close(pair[0]);
		relay_serve(pair[1], &source);
		_exit(42);
	}
	close(pair[1]);
	da_wire_put_request(&q, raw);
	ck_assert_int_eq(send(pair[0], raw, sizeof(raw), 0), sizeof(raw));
	ck_assert_uint_gt(get(pair[0], raw, 1), 0);
	close(pair[0]);
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == 42);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("serve");
	TCase *t = tcase_create("serve");

	tcase_set_timeout(t, 60);
	tcase_add_test(t, what_fits);
	tcase_add_loop_test(t, what_does_not, 0, sizeof(bad) / sizeof(bad[0]));
	tcase_add_test(t, too_many_parts);
	tcase_add_test(t, a_guest_that_hangs_up);
	suite_add_tcase(s, t);
	return run_suite(s);
}
