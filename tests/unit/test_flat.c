/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Relay and emulator after a thousand requests: as large as before, and with no
 * descriptor more.
 */
#include "kernel-uapi/kernel.h"
#include "flat.h"
#include "programs.h"

#define SECOND		"0000:02:00.0"

static uint8_t file[65536];
static pid_t emulator, relay;

static void
set_up(void)
{
	make_dir();
	emulator = start("devattest-emulator", "--dir", in_dir("m"),
	    "--device", NAME, "--device", SECOND, NULL);
	relay = start("devattest-relay", "--listen", unix_in_dir("r.sock"),
	    "--upstream", unix_in_dir("m/host/evidence.sock"), NULL);
}

/* Two devices in turn: a host that is busy would only cost time. */
static struct da_wire_request
nth_request(int n)
{
	struct da_wire_request q = request_for(DA_WIRE_WANT_ALL);

	if (n % 2 == 1) {
		q.device = 0x0200;
		q.path[0] = 0x10;
	}
	return q;
}

static void
ask(int fd, int n)
{
	struct da_wire_request q = nth_request(n);
	struct da_fault fault = { 0 };
	struct da_answer a;
	size_t size = exchange(fd, &q, file, sizeof(file));

	ck_assert_msg(da_bundle_file_read(da_slice_of(file, size), &a, &fault),
	    "request %d: %s", n, da_fault_text(fault.why)->name);
	ck_assert_uint_eq(a.n, 3);
}

static void
ask_on_new_connections(int n)
{
	for (int i = 0; i < n; i++) {
		int fd = connect_to("r.sock");

		ask(fd, i);
		close(fd);
	}
}

START_TEST(a_connection_each)
{
	int idle = idle_descriptors(emulator);
	struct size e, r;

	ask_on_new_connections(FLAT_WARM);
	e = size_of(emulator, idle);
	r = size_of(relay, 0);
	ask_on_new_connections(FLAT_REQUESTS);
	is_flat("emulator", e, size_of(emulator, e.descriptors));
	is_flat("relay", r, size_of(relay, r.descriptors));
}
END_TEST

/* The relay's process for this connection is the only child it has. */
static pid_t
only_child(pid_t parent)
{
	char path[96];
	int child = 0;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/children",
	    (int)parent, (int)parent);
	f = fopen(path, "re");
	if (f == NULL || fscanf(f, "%d", &child) != 1)
		child = 0;
	if (f != NULL)
		fclose(f);
	return child;
}

START_TEST(one_connection)
{
	int fd = connect_to("r.sock");
	struct size e, r, c = { 0, 0 };
	pid_t child;

	for (int i = 0; i < FLAT_WARM; i++)
		ask(fd, i);
	child = only_child(relay);
	e = size_of(emulator, 0);
	r = size_of(relay, 0);
	if (child > 0)
		c = size_of(child, 0);
	else
		fputs("test_flat: SKIPPED the relay's child: this kernel does "
		    "not tell children\n", stderr);
	for (int i = 0; i < FLAT_REQUESTS; i++)
		ask(fd, i);
	is_flat("emulator", e, size_of(emulator, e.descriptors));
	is_flat("relay", r, size_of(relay, r.descriptors));
	if (child > 0)
		is_flat("relay's child", c, size_of(child, c.descriptors));
	close(fd);
}
END_TEST

/* The guest's side: every call, and connections that end while it is locked. */
static void
use_kernel(int n)
{
	struct da_kernel_error error;
	struct da_ticket t;

	for (int i = 0; i < n; i++) {
		struct da_kernel *k = da_kernel_soft_open(
		    in_dir("m/guest/kernel.sock"), &error);

		ck_assert_ptr_nonnull(k);
		/* The connection before this one may not have ended yet. */
		while (!k->ops->lock(k, NAME, &error))
			ck_assert_int_eq(error.error, EBUSY);
		ck_assert(k->ops->ticket(k, NAME, NULL, &t, &error));
		k->ops->close(k);
	}
}

START_TEST(the_kernel)
{
	int idle = idle_descriptors(emulator);
	struct size e;

	use_kernel(FLAT_WARM);
	e = size_of(emulator, idle);
	use_kernel(FLAT_REQUESTS);
	is_flat("emulator", e, size_of(emulator, e.descriptors));
}
END_TEST

int
main(void)
{
	Suite *s;
	TCase *t;

	if (!programs_are_there("test_flat"))
		return 77;
	s = suite_create("flat");
	t = tcase_create("flat");
	tcase_set_timeout(t, 180);
	tcase_add_checked_fixture(t, set_up, clean_up);
	tcase_add_test(t, a_connection_each);
	tcase_add_test(t, one_connection);
	tcase_add_test(t, the_kernel);
	suite_add_tcase(s, t);
	return run_suite(s);
}
