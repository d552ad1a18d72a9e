/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include <glob.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "guestd/files.h"

static char folder[] = "/tmp/devattest-files-XXXXXX";
static char path[64];

static void
make_folder(void)
{
	ck_assert_ptr_nonnull(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/file", folder);
}

static void
remove_folder(void)
{
	unlink(path);
	rmdir(folder);
}

static void
write_file(size_t n)
{
	FILE *f = fopen(path, "wb");

	ck_assert_ptr_nonnull(f);
	for (size_t i = 0; i < n; i++)
		ck_assert_int_ne(fputc((int)(i % 251), f), EOF);
	ck_assert_int_eq(fclose(f), 0);
}

static void
expect_bytes(const char *name, size_t cap, size_t n)
{
	struct da_file_error error = { 0 };
	struct da_slice bytes = { 0 };

	ck_assert_msg(da_file_read(name, DA_PART_CHAIN, cap, &bytes, &error),
	    "%s", error.text);
	ck_assert_uint_eq(bytes.n, n);
	for (size_t i = 0; i < n; i++)
		ck_assert_uint_eq(bytes.p[i], i % 251);
	da_file_free(bytes);
}

static void
expect_fault(const char *name, size_t cap, enum da_why why)
{
	struct da_file_error error = { 0 };
	struct da_slice bytes = { 0 };

	ck_assert(!da_file_read(name, DA_PART_CHAIN, cap, &bytes, &error));
	ck_assert(!error.unusable);
	ck_fault(error.fault, why);
	ck_assert_int_eq(error.fault.part, DA_PART_CHAIN);
	ck_assert_ptr_null(bytes.p);
}

static void
expect_unusable(const char *name)
{
	struct da_file_error error = { 0 };
	struct da_slice bytes = { 0 };

	ck_assert(!da_file_read(name, DA_PART_CHAIN, 100, &bytes, &error));
	ck_assert(error.unusable && error.text[0] != '\0');
	ck_assert_ptr_null(bytes.p);
}

START_TEST(a_file_is_read_up_to_its_cap)
{
	write_file(1000);
	expect_bytes(path, 1001, 1000);
	expect_bytes(path, 1000, 1000);
	expect_fault(path, 999, DA_F_TOO_LONG);
	write_file(1);
	expect_bytes(path, 1, 1);
	write_file(0);
	expect_fault(path, 10, DA_F_EMPTY);
}
END_TEST

START_TEST(what_is_no_file_is_unusable)
{
	expect_unusable(path);
	expect_unusable("");
	expect_unusable(folder);
	expect_unusable("/dev/zero");
	expect_unusable("/dev/null");
	write_file(5);
	ck_assert_int_eq(chmod(path, 0), 0);
	if (geteuid() != 0)
		expect_unusable(path);
}
END_TEST

/* A pipe that somebody fills; `n` bytes in pieces. */
static int
filled_pipe(size_t n)
{
	int fd[2];

	ck_assert_int_eq(pipe(fd), 0);
	if (check_fork() == 0) {
		close(fd[0]);
		for (size_t i = 0; i < n; i++) {
			uint8_t b = (uint8_t)(i % 251);

			if (write(fd[1], &b, 1) != 1)
				_exit(0);
		}
		_exit(0);
	}
	close(fd[1]);
	return fd[0];
}

START_TEST(a_pipe_is_read_to_its_end)
{
	ck_assert_int_ge(dup2(filled_pipe(3000), STDIN_FILENO), 0);
	expect_bytes("-", 3000, 3000);
	ck_assert_int_ge(dup2(filled_pipe(3001), STDIN_FILENO), 0);
	expect_fault("-", 3000, DA_F_TOO_LONG);
	ck_assert_int_ge(dup2(filled_pipe(0), STDIN_FILENO), 0);
	expect_fault("/dev/stdin", 3000, DA_F_EMPTY);
	ck_assert_int_eq(mkfifo(path, 0600), 0);
	if (check_fork() == 0) {
		write_file(10);
		_exit(0);
	}
	expect_bytes(path, 10, 10);
}
END_TEST

/* As `<(command)` gives one: the writer may be gone, and never have said. */
START_TEST(a_pipe_may_have_a_path)
{
	char name[32];
	int fd = filled_pipe(70000);

	snprintf(name, sizeof(name), "/proc/self/fd/%d", fd);
	expect_bytes(name, 70000, 70000);
	close(fd);
	fd = filled_pipe(0);
	snprintf(name, sizeof(name), "/proc/self/fd/%d", fd);
	expect_fault(name, 10, DA_F_EMPTY);
	close(fd);
}
END_TEST

START_TEST(a_fifo_without_a_writer_is_given_up)
{
	struct da_file_error error = { 0 };
	struct da_slice bytes;

	ck_assert_int_eq(mkfifo(path, 0600), 0);
	ck_assert(!da_file_read(path, DA_PART_CHAIN, 100, &bytes, &error));
	ck_assert(error.unusable);
	ck_assert_str_eq(error.text, "is a FIFO that nobody writes to");
	/* One that was opened and closed again is empty, and no more. */
	if (check_fork() == 0) {
		close(open(path, O_WRONLY | O_CLOEXEC));
		_exit(0);
	}
	expect_fault(path, 10, DA_F_EMPTY);
}
END_TEST

START_TEST(a_socket_is_no_file)
{
	struct sockaddr_un un = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	snprintf(un.sun_path, sizeof(un.sun_path), "%.60s", path);
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&un, sizeof(un)), 0);
	expect_unusable(path);
	close(fd);
}
END_TEST

/* 1 GB of nothing, without its blocks: found out at the cap. */
START_TEST(a_huge_file_costs_its_cap)
{
	write_file(1);
	ck_assert_int_eq(truncate(path, 1 << 30), 0);
	expect_fault(path, 1000, DA_F_TOO_LONG);
}
END_TEST

/* -- writing -- */

static size_t
files_there(void)
{
	char pattern[80];
	glob_t found;
	size_t n;

	snprintf(pattern, sizeof(pattern), "%s/*", folder);
	n = glob(pattern, 0, NULL, &found) == 0 ? found.gl_pathc : 0;
	globfree(&found);
	return n;
}

START_TEST(a_file_is_written_whole_or_not_at_all)
{
	static const uint8_t new[] = { 0, 1, 2 };
	struct da_slice bytes = da_slice_of(new, sizeof(new));
	char why[160] = "", inside[80];
	struct stat st;

	write_file(1000);
	ck_assert(da_file_may_write(path, why, sizeof(why)));
	ck_assert_msg(da_file_write(path, bytes, why, sizeof(why)), "%s", why);
	expect_bytes(path, 10, 3);
	ck_assert_uint_eq(files_there(), 1);
	umask(027);
	unlink(path);
	ck_assert(da_file_write(path, bytes, why, sizeof(why)));
	ck_assert_int_eq(stat(path, &st), 0);
	ck_assert_int_eq(st.st_mode & 0777, 0640);
	snprintf(inside, sizeof(inside), "%s/file", path);
	ck_assert(!da_file_write(inside, bytes, why, sizeof(why)));
	ck_assert_uint_gt(strlen(why), 0);
	/* The folder itself cannot be replaced: nothing of the try stays. */
	ck_assert(!da_file_write(folder, bytes, why, sizeof(why)));
	ck_assert_uint_eq(files_there(), 1);
}
END_TEST

START_TEST(what_cannot_be_written_is_said_first)
{
	char why[160], inside[80];

	ck_assert(!da_file_may_write("-", why, sizeof(why)));
	ck_assert(!da_file_may_write(folder, why, sizeof(why)));
	ck_assert(!da_file_may_write("/dev/null", why, sizeof(why)));
	snprintf(inside, sizeof(inside), "%s/none/file", folder);
	ck_assert(!da_file_may_write(inside, why, sizeof(why)));
	ck_assert(da_file_may_write(path, why, sizeof(why)));
}
END_TEST

START_TEST(standard_input_may_be_no_device)
{
	int fd = open("/dev/zero", O_RDONLY);

	ck_assert_int_ge(dup2(fd, STDIN_FILENO), 0);
	expect_unusable("-");
	close(STDIN_FILENO);
	expect_unusable("-");
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("files");
	TCase *tcase = tcase_create("read");

	tcase_set_timeout(tcase, 30);	/* a FIFO is waited for */
	tcase_add_checked_fixture(tcase, make_folder, remove_folder);
	tcase_add_test(tcase, a_file_is_read_up_to_its_cap);
	tcase_add_test(tcase, what_is_no_file_is_unusable);
	tcase_add_test(tcase, a_pipe_is_read_to_its_end);
	tcase_add_test(tcase, a_pipe_may_have_a_path);
	tcase_add_test(tcase, a_fifo_without_a_writer_is_given_up);
	tcase_add_test(tcase, a_socket_is_no_file);
	tcase_add_test(tcase, a_huge_file_costs_its_cap);
	tcase_add_test(tcase, a_file_is_written_whole_or_not_at_all);
	tcase_add_test(tcase, what_cannot_be_written_is_said_first);
	tcase_add_test(tcase, standard_input_may_be_no_device);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
