/* SPDX-License-Identifier: Apache-2.0 */
/* The software kernel's client against the emulated machine as a process. */
#include "kernel-uapi/softproto.h"
#include "programs.h"

#define PLAIN	"0000:03:00.0"

static uint8_t file[65536];
static struct da_kernel_error error;
static struct da_kernel *kernel;
static pid_t emulator;

static struct da_kernel *
open_kernel(void)
{
	struct da_kernel *k = da_kernel_soft_open(
	    in_dir("m/guest/kernel.sock"), &error);

	ck_assert_msg(k != NULL, "%s", error.text);
	return k;
}

static void
set_up(void)
{
	make_dir();
	emulator = start("devattest-emulator", "--dir", in_dir("m"), "--plain",
	    PLAIN, NULL);
	kernel = open_kernel();
}

static void
tear_down(void)
{
	if (kernel != NULL)
		kernel->ops->close(kernel);
	clean_up();
}

static struct da_ticket
ticket(const uint8_t *nonce)
{
	struct da_ticket t;

	ck_assert_msg(kernel->ops->ticket(kernel, NAME, nonce, &t, &error),
	    "%s", error.text);
	return t;
}

/* The device's evidence, as the host has it; the report's place in it. */
static struct da_slice
collect(const struct da_wire_request *q)
{
	struct da_answer a;
	struct da_fault fault;
	int fd = connect_to("m/host/evidence.sock");
	size_t n = exchange(fd, q, file, sizeof(file));

	close(fd);
	ck_assert(da_bundle_file_read(da_slice_of(file, n), &a, &fault));
	return da_answer_bundle(&a, da_slice_of(file, n), true,
	    0).part[DA_PART_REPORT];
}

static struct da_push
judged_with(const struct da_ticket *t)
{
	struct da_push how = { .page_unit = t->page_unit,
		.bar_base = t->bar_base };

	memcpy(how.token, t->token, sizeof(how.token));
	return how;
}

static void
send_line(int fd, const char *line)
{
	ck_assert_int_eq(send(fd, line, strlen(line), MSG_NOSIGNAL),
	    (ssize_t)strlen(line));
}

static void
expect(int fd, const char *expected)
{
	char reply[128];
	size_t n = get(fd, reply, sizeof(reply) - 1);

	reply[n] = '\0';
	ck_assert_str_eq(reply, expected);
}

static void
control(const char *line, const char *expected)
{
	int fd = connect_to("m/test/control.sock");

	send_line(fd, line);
	expect(fd, expected);
	close(fd);
}

START_TEST(the_whole_order)
{
	struct da_wire_request q = request_for(DA_WIRE_WANT_ALL);
	struct da_slice report;
	struct da_ticket before, t;
	struct da_push how;
	struct da_map map;

	ck_assert(kernel->ops->lock(kernel, NAME, &error));
	before = ticket(NULL);
	ck_assert_uint_eq(before.has_nonce, 0);
	report = collect(&q);
	t = ticket(q.nonce);
	ck_assert_mem_eq(t.nonce, q.nonce, sizeof(q.nonce));
	ck_assert(memcmp(&before.token[DA_TOKEN_REPORT],
	    &t.token[DA_TOKEN_REPORT], sizeof(t.token[0])) != 0);
	how = judged_with(&t);
	ck_assert_msg(kernel->ops->push(kernel, NAME, &how, report, &error),
	    "%s", error.text);
	ck_assert(kernel->ops->validate(kernel, NAME, &error));
	ck_assert(kernel->ops->accept(kernel, NAME, &error));
	ck_assert(kernel->ops->map(kernel, NAME, &map, &error));
	ck_assert_uint_eq(map.n, 6);
	ck_assert_uint_eq(map.range[5].kind, DA_MMIO_SHARED);
	ck_assert(kernel->ops->bind(kernel, NAME, &error));
}
END_TEST

/* The list's entry of a device. */
static struct da_kernel_device
listed(const char *name)
{
	static struct da_kernel_device d[DA_MAX_DEVICES];
	size_t n;

	ck_assert(kernel->ops->list(kernel, d, DA_MAX_DEVICES, &n, &error));
	for (size_t i = 0; i < n; i++)
		if (strcmp(d[i].name, name) == 0)
			return d[i];
	ck_abort_msg("%s is not listed", name);
}

START_TEST(the_list)
{
	struct da_kernel_device d[DA_MAX_DEVICES];
	size_t n;

	ck_assert(kernel->ops->list(kernel, d, DA_MAX_DEVICES, &n, &error));
	ck_assert_uint_eq(n, 2);
	ck_assert_str_eq(d[0].name, NAME);
	ck_assert_uint_eq(d[0].tee, DA_TRI_TRUE);
	ck_assert_uint_eq(d[0].subsystem_vendor, 0xe0e0);
	ck_assert_uint_eq(d[0].driver_bound, 0);
	ck_assert_str_eq(d[1].name, PLAIN);
	ck_assert_uint_eq(d[1].tee, DA_TRI_FALSE);
	ck_assert_uint_eq(d[1].vendor, 0x1af4);
	ck_assert_uint_eq(d[1].device, 0x1041);
	ck_assert(!kernel->ops->list(kernel, d, 1, &n, &error));
	ck_assert_int_eq(error.error, EOVERFLOW);
}
END_TEST

START_TEST(refusals_have_an_errno_and_a_text)
{
	struct da_map map;

	ck_assert(!kernel->ops->map(kernel, NAME, &map, &error));
	ck_assert_int_eq(error.error, EINVAL);
	ck_assert_str_eq(error.text, "the state does not allow it");
	ck_assert(!kernel->ops->lock(kernel, "0000:09:00.0", &error));
	ck_assert_int_eq(error.error, ENODEV);
	ck_assert(!kernel->ops->lock(kernel, "0000:000009:00.0", &error));
	ck_assert_int_eq(error.error, ENODEV);
}
END_TEST

/* The longest report there can be goes over, and is refused by its digest. */
START_TEST(long_reports)
{
	static uint8_t longest[DA_MAX_REPORT + 1];
	struct da_push how;
	struct da_ticket t;

	ck_assert(kernel->ops->lock(kernel, NAME, &error));
	t = ticket(NULL);
	how = judged_with(&t);
	ck_assert(!kernel->ops->push(kernel, NAME, &how,
	    da_slice_of(longest, DA_MAX_REPORT), &error));
	ck_assert_int_eq(error.error, EBADMSG);
	ck_assert(!kernel->ops->push(kernel, NAME, &how,
	    da_slice_of(longest, DA_MAX_REPORT + 1), &error));
	ck_assert_int_eq(error.error, EMSGSIZE);
	/* Neither cost the connection. */
	ck_assert(kernel->ops->unlock(kernel, NAME, &error));
}
END_TEST

START_TEST(a_close_unlocks)
{
	struct da_kernel *second;

	ck_assert(kernel->ops->lock(kernel, NAME, &error));
	second = open_kernel();
	ck_assert(!second->ops->unlock(second, NAME, &error));
	ck_assert_int_eq(error.error, EBUSY);
	kernel->ops->close(kernel);
	kernel = second;
	ck_assert(kernel->ops->lock(kernel, NAME, &error));
}
END_TEST

START_TEST(injected_by_control)
{
	control("fail lock EPERM " NAME "\n", "ok\n");
	ck_assert(!kernel->ops->lock(kernel, NAME, &error));
	ck_assert_int_eq(error.error, EPERM);
	control("clear " NAME "\nstate error " NAME "\n", "ok\nok\n");
	ck_assert(!kernel->ops->lock(kernel, NAME, &error));
	ck_assert_int_eq(error.error, EIO);
	control("nonsense\n", "no: no such command\n");
}
END_TEST

/* -- drivers and boots -- */

START_TEST(what_is_held_back)
{
	control("plug 0000:02:00.0\n", "ok\n");
	ck_assert_uint_eq(listed("0000:02:00.0").driver_bound, 1);
	ck_assert(kernel->ops->hold(kernel, &error));
	control("plug 0000:04:00.0\n", "ok\n");
	ck_assert_uint_eq(listed("0000:04:00.0").driver_bound, 0);
	ck_assert(kernel->ops->leave(kernel, PLAIN, &error));
	ck_assert_uint_eq(listed(PLAIN).driver_bound, 1);
	ck_assert(!kernel->ops->bind(kernel, NAME, &error));
	ck_assert_int_eq(error.error, EINVAL);
	ck_assert(!kernel->ops->lock(kernel, "0000:02:00.0", &error));
	ck_assert_int_eq(error.error, EBUSY);
	ck_assert(!kernel->ops->lock(kernel, PLAIN, &error));
	ck_assert_int_eq(error.error, EOPNOTSUPP);
}
END_TEST

START_TEST(drivers_that_are_there_first)
{
	kernel->ops->close(kernel);
	start("devattest-emulator", "--dir", in_dir("n"), "--builtin", NAME,
	    "--device", NAME, "--device", "0000:02:00.0", NULL);
	kernel = da_kernel_soft_open(in_dir("n/guest/kernel.sock"), &error);
	ck_assert_ptr_nonnull(kernel);
	ck_assert(kernel->ops->hold(kernel, &error));
	ck_assert_uint_eq(listed(NAME).driver_bound, 1);
	ck_assert_uint_eq(listed("0000:02:00.0").driver_bound, 0);
	kernel->ops->close(kernel);
	start("devattest-emulator", "--dir", in_dir("a"), "--autoprobe",
	    "--arrange", "hide-tee " NAME, NULL);
	kernel = da_kernel_soft_open(in_dir("a/guest/kernel.sock"), &error);
	ck_assert_ptr_nonnull(kernel);
	ck_assert_uint_eq(listed(NAME).driver_bound, 1);
	ck_assert_uint_eq(listed(NAME).tee, DA_TRI_FALSE);
}
END_TEST

START_TEST(boot_ids)
{
	char first[DA_BOOT_ID_SIZE], second[DA_BOOT_ID_SIZE];
	struct da_kernel *other = open_kernel();

	ck_assert(kernel->ops->boot_id(kernel, first, &error));
	ck_assert_uint_eq(strlen(first), DA_BOOT_ID_SIZE - 1);
	ck_assert(other->ops->boot_id(other, second, &error));
	ck_assert_str_eq(first, second);
	other->ops->close(other);
	ck_assert(kernel->ops->lock(kernel, NAME, &error));
	control("reboot\n", "ok\n");
	ck_assert(kernel->ops->boot_id(kernel, second, &error));
	ck_assert_str_ne(first, second);
	ck_assert_uint_eq(ticket(NULL).state, DA_STATE_UNLOCKED);
}
END_TEST

START_TEST(locks_that_are_kept)
{
	control("keep-locks on\n", "ok\n");
	ck_assert(kernel->ops->lock(kernel, NAME, &error));
	kernel->ops->close(kernel);
	kernel = open_kernel();
	ck_assert_uint_eq(ticket(NULL).state, DA_STATE_LOCKED);
	control("unlock-sticks " NAME "\n", "ok\n");
	ck_assert(kernel->ops->unlock(kernel, NAME, &error));
	ck_assert_uint_eq(ticket(NULL).state, DA_STATE_LOCKED);
	control("clear " NAME "\n", "ok\n");
	ck_assert(kernel->ops->unlock(kernel, NAME, &error));
	ck_assert_uint_eq(ticket(NULL).state, DA_STATE_UNLOCKED);
}
END_TEST

/* -- steps that stall -- */

/* A client of its own that locks; its status says whether it did. */
static pid_t
lock_in_child(void)
{
	pid_t pid = fork();

	if (pid == 0) {
		struct da_kernel *k = da_kernel_soft_open(
		    in_dir("m/guest/kernel.sock"), &error);

		_exit(k != NULL && k->ops->lock(k, NAME, &error) ? 0 : 1);
	}
	return pid;
}

static const char *const stalls[] = { "stall " NAME " lock\nawait\n",
    "stall-after lock " NAME "\nawait\n" };

START_TEST(a_stall_ends_with_go)
{
	int fd = connect_to("m/test/control.sock"), status;
	pid_t pid;

	send_line(fd, stalls[_i]);
	expect(fd, "ok\n");
	pid = lock_in_child();
	expect(fd, "ok\n");
	/* Nobody else waits for it. */
	control("stalled\n", "ok\n");
	ck_assert_uint_eq(ticket(NULL).state, _i == 0 ? DA_STATE_UNLOCKED :
	    DA_STATE_LOCKED);
	send_line(fd, "go\n");
	expect(fd, "ok\n");
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_int_eq(status, 0);
	control("stalled\n", "no: nothing stalls\n");
	close(fd);
	/* Once. */
	ck_assert(kernel->ops->lock(kernel, NAME, &error));
}
END_TEST

START_TEST(a_stalled_caller_is_killed)
{
	int fd = connect_to("m/test/control.sock");
	struct da_ticket before = ticket(NULL), after;
	pid_t pid;

	send_line(fd, stalls[_i]);
	expect(fd, "ok\n");
	pid = lock_in_child();
	expect(fd, "ok\n");
	kill(pid, SIGKILL);
	ck_assert_int_eq(waitpid(pid, NULL, 0), pid);
	send_line(fd, "go\n");
	expect(fd, "ok\n");
	close(fd);
	/* Not done, or undone when the connection ended. */
	ck_assert(kernel->ops->lock(kernel, NAME, &error));
	after = ticket(NULL);
	ck_assert(memcmp(&before.token[DA_TOKEN_LOCK],
	    &after.token[DA_TOKEN_LOCK], sizeof(after.token[0])) != 0);
}
END_TEST

START_TEST(an_answer_is_held)
{
	struct da_wire_request q = request_for(DA_WIRE_WANT_ALL);
	uint8_t raw[DA_WIRE_REQUEST_SIZE], byte;
	int fd = connect_to("m/test/control.sock");
	int host = connect_to("m/host/evidence.sock");
	size_t n = 0;

	send_line(fd, "hold-answer 100 " NAME "\nawait\n");
	expect(fd, "ok\n");
	da_wire_put_request(&q, raw);
	ck_assert_int_eq(send(host, raw, sizeof(raw), 0), sizeof(raw));
	expect(fd, "ok\n");
	while (n < 100)
		n += get(host, file, sizeof(file));
	ck_assert_uint_eq(n, 100);
	ck_assert_int_eq(recv(host, &byte, 1, MSG_DONTWAIT), -1);
	/* Upstream is busy meanwhile, and then the rest comes. */
	send_line(fd, "go\n");
	expect(fd, "ok\n");
	ck_assert_uint_gt(get(host, file, sizeof(file)), 0);
	close(host);
	/* Once. */
	collect(&q);
	close(fd);
}
END_TEST

START_TEST(no_kernel)
{
	char longest[300];

	memset(longest, 'x', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	ck_assert_ptr_null(da_kernel_soft_open(longest, &error));
	ck_assert_int_eq(error.error, ENAMETOOLONG);
	ck_assert_ptr_null(da_kernel_soft_open(in_dir("none"), &error));
	ck_assert_int_eq(error.error, ENOENT);
	stop(emulator);
	ck_assert(!kernel->ops->lock(kernel, NAME, &error));
	ck_assert_int_eq(error.error, EPIPE);
	ck_assert(!kernel->ops->lock(kernel, NAME, &error));
	ck_assert_int_eq(error.error, EPIPE);
}
END_TEST

/* What the odd kernel below is asked. */
static bool
ask_odd(struct da_kernel *k, int which)
{
	char id[DA_BOOT_ID_SIZE];

	return which == 2 ? k->ops->boot_id(k, id, &error) :
	    k->ops->lock(k, NAME, &error);
}

/*
 * A kernel that answers too little or what was not asked: the connection ends
 * there.  No boot id is no answer either.
 */
START_TEST(an_answer_to_another_call)
{
	struct da_soft_request q;
	static struct da_soft_reply reply;
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0), c;
	struct da_kernel *k;
	pid_t pid;

	snprintf(at.sun_path, sizeof(at.sun_path), "%s", in_dir("odd.sock"));
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&at, sizeof(at)), 0);
	ck_assert_int_eq(listen(fd, 1), 0);
	pid = fork();
	if (pid == 0) {
		c = accept(fd, NULL, NULL);
		if (recv(c, &q, sizeof(q), 0) != sizeof(q))
			_exit(1);
		reply.version = DA_SOFT_VERSION;
		reply.op = q.op;
		reply.serial = q.serial + (_i == 1);
		_exit(send(c, &reply, sizeof(reply) - (_i == 0), 0) < 0);
	}
	close(fd);
	k = da_kernel_soft_open(in_dir("odd.sock"), &error);
	ck_assert_ptr_nonnull(k);
	ck_assert(!ask_odd(k, _i));
	ck_assert_int_eq(error.error, EPROTO);
	ck_assert(!ask_odd(k, _i));
	if (_i < 2)
		ck_assert_int_eq(error.error, EPIPE);
	k->ops->close(k);
	ck_assert_int_eq(waitpid(pid, NULL, 0), pid);
}
END_TEST

/* A kernel that hangs: every call ends, and the connection with it. */
START_TEST(a_call_times_out)
{
	struct timespec from, to;

	kill(emulator, SIGSTOP);
	clock_gettime(CLOCK_MONOTONIC, &from);
	ck_assert(!kernel->ops->lock(kernel, NAME, &error));
	clock_gettime(CLOCK_MONOTONIC, &to);
	kill(emulator, SIGCONT);
	ck_assert_int_eq(error.error, ETIMEDOUT);
	ck_assert_int_le(to.tv_sec - from.tv_sec,
	    DA_SOFT_TIMEOUT_MS / 1000 + 5);
	ck_assert(!kernel->ops->lock(kernel, NAME, &error));
	ck_assert_int_eq(error.error, EPIPE);
}
END_TEST

START_TEST(only_the_guest_enters_its_folder)
{
	struct stat st;

	ck_assert_int_eq(stat(in_dir("m/guest"), &st), 0);
	ck_assert_int_eq(st.st_mode & 0777, 0700);
}
END_TEST

int
main(void)
{
	Suite *s;
	TCase *t;

	if (!programs_are_there("test_kernel_soft"))
		return 77;
	s = suite_create("kernel_soft");
	t = tcase_create("kernel_soft");
	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, set_up, tear_down);
	tcase_add_test(t, the_whole_order);
	tcase_add_test(t, the_list);
	tcase_add_test(t, refusals_have_an_errno_and_a_text);
	tcase_add_test(t, long_reports);
	tcase_add_test(t, a_close_unlocks);
	tcase_add_test(t, injected_by_control);
	tcase_add_test(t, what_is_held_back);
	tcase_add_test(t, drivers_that_are_there_first);
	tcase_add_test(t, boot_ids);
	tcase_add_test(t, locks_that_are_kept);
	tcase_add_loop_test(t, a_stall_ends_with_go, 0, 2);
	tcase_add_loop_test(t, a_stalled_caller_is_killed, 0, 2);
	tcase_add_test(t, an_answer_is_held);
	tcase_add_test(t, no_kernel);
	tcase_add_loop_test(t, an_answer_to_another_call, 0, 3);
	tcase_add_test(t, a_call_times_out);
	tcase_add_test(t, only_the_guest_enters_its_folder);
	suite_add_tcase(s, t);
	return run_suite(s);
}
