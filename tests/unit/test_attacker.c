/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The emulated attacker: what it gives is well formed and is not what the TSM
 * saw; with a TSM that takes part it is, and only then.
 */
#include "kernel-uapi/kernel.h"
#include "programs.h"
#include "verifier/gate.h"
#include "verifier/hash.h"
#include "verifier/spdm_chain.h"
#include "verifier/tdisp_report.h"

#define ELSEWHERE	"0000:02:00.0"

static uint8_t file[65536];
static struct da_kernel_error error;
static struct da_kernel *kernel;
static struct da_wire_request request;
static struct da_ticket ticket;
static struct da_bundle bundle;

static void
set_up(void)
{
	make_dir();
	start("devattest-emulator", "--dir", in_dir("m"), "--elsewhere",
	    ELSEWHERE, NULL);
	kernel = da_kernel_soft_open(in_dir("m/guest/kernel.sock"), &error);
	ck_assert_ptr_nonnull(kernel);
	ck_assert(kernel->ops->lock(kernel, NAME, &error));
}

static void
tear_down(void)
{
	kernel->ops->close(kernel);
	clean_up();
}

static void
start_attacker(const char *attack, bool agree)
{
	const char *other = NULL;

	if (strcmp(attack, "other-chain") == 0) {
		start("devattest-emulator", "--dir", in_dir("o"), NULL);
		other = unix_in_dir("o/host/evidence.sock");
	}
	if (other == NULL)
		other = unix_in_dir("nobody.sock");
	start("devattest-attacker", "--listen", unix_in_dir("a.sock"),
	    "--upstream", unix_in_dir("m/host/evidence.sock"), "--attack",
	    attack, "--other", other, agree ? "--control" : NULL,
	    unix_in_dir("m/test/control.sock"), NULL);
}

/* The guest's half of the exchange, up to the second ticket. */
static void
collect(void)
{
	struct da_answer a;
	struct da_fault fault = { 0 };
	int fd = connect_to("a.sock");
	size_t n;

	request = request_for(DA_WIRE_WANT_ALL);
	n = exchange(fd, &request, file, sizeof(file));
	ck_assert_msg(da_bundle_file_read(da_slice_of(file, n), &a, &fault),
	    "%s", da_fault_text(fault.why)->name);
	ck_assert_uint_eq(a.n, 4);
	ck_assert(kernel->ops->ticket(kernel, NAME, request.nonce, &ticket,
	    &error));
	bundle = da_answer_bundle(&a, da_slice_of(file, n), true, 0);
	close(fd);
}

static enum da_result
gate(enum da_part part)
{
	struct da_slice covered;
	struct da_fault fault;

	return da_gate_part(&ticket, part, bundle.part[part], &covered,
	    &fault);
}

/* Exactly these parts differ, or none where the TSM agrees. */
static void
only_differ(uint32_t forged, bool agree)
{
	for (int p = DA_PART_CHAIN; p <= DA_PART_REPORT; p++)
		ck_assert_msg(gate((enum da_part)p) ==
		    ((forged >> p & 1) != 0 && !agree ? DA_BROKEN : DA_HOLDS),
		    "%s", da_part_name((enum da_part)p));
}

static void
only_differs(enum da_part forged, bool agree)
{
	only_differ(UINT32_C(1) << forged, agree);
}

START_TEST(flip)
{
	start_attacker("flip-measurement", _i == 1);
	collect();
	only_differs(DA_PART_MEASUREMENTS, _i == 1);
	/* The guest's nonce stands in it, all the same. */
	ck_assert_mem_eq(bundle.part[DA_PART_MEASUREMENTS].p + 4,
	    request.nonce, DA_NONCE);
}
END_TEST

START_TEST(replay)
{
	struct da_slice first;
	static uint8_t copy[65536];

	start_attacker("replay", _i == 1);
	collect();
	only_differs(DA_PART_MEASUREMENTS, _i == 1);
	first = bundle.part[DA_PART_MEASUREMENTS];
	ck_assert(memcmp(first.p + 4, request.nonce, DA_NONCE) != 0);
	memcpy(copy, first.p, first.n);
	collect();
	ck_assert_mem_eq(copy, bundle.part[DA_PART_MEASUREMENTS].p, first.n);
}
END_TEST

/* Is the leaf's key what the TSM's session ends in? */
static bool
session_ends_in_the_leaf(void)
{
	static struct da_chain chain;
	struct da_fault fault;
	struct da_hash_value key;

	ck_assert(da_chain_parse(bundle.part[DA_PART_CHAIN], DA_CHAIN_SPDM,
	    DA_HASH_SHA384, &chain, &fault));
	key = da_hash_of(DA_HASH_SHA384, chain.cert[chain.n - 1].spki);
	return da_hash_equal(&key, da_digest_bytes(
	    &ticket.digest[DA_DIGEST_PUBLIC_KEY]));
}

START_TEST(other_chain)
{
	start_attacker("other-chain", _i == 1);
	collect();
	only_differs(DA_PART_CHAIN, _i == 1);
	/* An agreeing TSM says that its session ends in that key, too. */
	ck_assert_int_eq(session_ends_in_the_leaf(), _i == 1);
}
END_TEST

START_TEST(relayed_device)
{
	start_attacker("relayed-device", _i == 1);
	collect();
	/* It negotiated the same. */
	only_differ(1u << DA_PART_CHAIN | 1u << DA_PART_MEASUREMENTS, _i == 1);
	/* It is fresh, but no TSM's session ends in it. */
	ck_assert_mem_eq(bundle.part[DA_PART_MEASUREMENTS].p + 4,
	    request.nonce, DA_NONCE);
	ck_assert(!session_ends_in_the_leaf());
}
END_TEST

static struct da_report
report(void)
{
	struct da_report r;
	struct da_fault fault;

	ck_assert(da_report_parse(bundle.part[DA_PART_REPORT], &r, &fault));
	ck_assert(da_report_shape(bundle.part[DA_PART_REPORT], &r, &fault));
	return r;
}

START_TEST(swapped_report)
{
	struct da_report r;

	start_attacker("swapped-report", _i == 1);
	collect();
	only_differs(DA_PART_REPORT, _i == 1);
	r = report();
	ck_assert_uint_eq(r.n_ranges, 6);
	/* Larger than the BAR that this device has. */
	ck_assert_uint_eq(da_report_range(&r, 5).pages, 60);
}
END_TEST

START_TEST(hiding_range)
{
	struct da_report r;

	start_attacker("hiding-range", _i == 1);
	collect();
	only_differs(DA_PART_REPORT, _i == 1);
	r = report();
	ck_assert_uint_eq(r.n_ranges, 6);
	ck_assert_uint_eq(da_report_range(&r, 0).attributes, DA_RANGE_NON_TEE);
	ck_assert_uint_eq(da_report_range(&r, 4).attributes, 0);
}
END_TEST

START_TEST(misuse)
{
	char said[512];

	ck_assert_int_eq(run_out(said, sizeof(said), "devattest-attacker",
	    NULL), 1);
	ck_assert_int_eq(run_out(said, sizeof(said), "devattest-attacker",
	    "--listen", unix_in_dir("a"), "--upstream", unix_in_dir("b"),
	    "--attack", "charm", NULL), 1);
	ck_assert_ptr_nonnull(strstr(said, "no such attack"));
	ck_assert_int_eq(run_out(said, sizeof(said), "devattest-attacker",
	    "--listen", unix_in_dir("a"), "--upstream", unix_in_dir("b"),
	    "--attack", "other-chain", NULL), 1);
	ck_assert_ptr_nonnull(strstr(said, "needs --other"));
	ck_assert_int_eq(run_out(said, sizeof(said), "devattest-attacker",
	    "--listen", unix_in_dir("a"), "--upstream", unix_in_dir("b"),
	    "--attack", "replay", NULL), 1);
	ck_assert_int_eq(run_out(said, sizeof(said), "devattest-emulator",
	    "--dir", in_dir("e"), "--spdm", "1.1", NULL), 1);
	ck_assert_int_eq(run_out(said, sizeof(said), "devattest-emulator",
	    "--dir", in_dir("e"), "--device", "01:00.0", NULL), 1);
	ck_assert_int_eq(run_out(said, sizeof(said), "devattest-emulator",
	    "--dir", in_dir("e"), "--arrange", "dance", NULL), 1);
	ck_assert_ptr_nonnull(strstr(said, "no such command"));
	ck_assert_int_eq(run_out(said, sizeof(said), "devattest-emulator",
	    "--dir", in_dir("e"), "--elsewhere", NAME, NULL), 1);
	ck_assert_int_eq(run_out(said, sizeof(said), "devattest-emulator",
	    NULL), 1);
	/* A second machine on the same sockets. */
	ck_assert_int_eq(run_out(said, sizeof(said), "devattest-emulator",
	    "--dir", in_dir("m"), NULL), 1);
	ck_assert_ptr_nonnull(strstr(said, "Address already in use"));
}
END_TEST

int
main(void)
{
	Suite *s;
	TCase *t;

	if (!programs_are_there("test_attacker"))
		return 77;
	s = suite_create("attacker");
	t = tcase_create("attacker");
	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, set_up, tear_down);
	tcase_add_loop_test(t, flip, 0, 2);
	tcase_add_loop_test(t, replay, 0, 2);
	tcase_add_loop_test(t, other_chain, 0, 2);
	tcase_add_loop_test(t, relayed_device, 0, 2);
	tcase_add_loop_test(t, swapped_report, 0, 2);
	tcase_add_loop_test(t, hiding_range, 0, 2);
	tcase_add_test(t, misuse);
	suite_add_tcase(s, t);
	return run_suite(s);
}
