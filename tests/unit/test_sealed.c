/* SPDX-License-Identifier: Apache-2.0 */
/* What was judged is what is pushed: nobody can change a sealed bundle. */
#include <errno.h>
#include <sys/mman.h>

#include "guestd/sealed.h"
#include "unit.h"

static const char bytes[] = "request and answer";

static int
filled(void)
{
	int fd;

	ck_assert(da_sealed_new(&fd));
	ck_assert(da_sealed_append(fd, bytes, sizeof(bytes)));
	return fd;
}

START_TEST(sealed_bytes_stay)
{
	int fd = filled();

	ck_assert(!da_sealed_check(fd, sizeof(bytes)));
	ck_assert(da_sealed_seal(fd));
	ck_assert(da_sealed_check(fd, sizeof(bytes)));
	ck_assert(!da_sealed_append(fd, "x", 1));
	ck_assert_int_eq(errno, EPERM);
	ck_assert_int_eq(pwrite(fd, "x", 1, 0), -1);
	ck_assert_int_ne(ftruncate(fd, 1), 0);
	ck_assert_int_ne(ftruncate(fd, 1000), 0);
	ck_assert_ptr_eq(mmap(NULL, sizeof(bytes), PROT_READ | PROT_WRITE,
	    MAP_SHARED, fd, 0), MAP_FAILED);
	ck_assert_int_ne(fcntl(fd, F_ADD_SEALS, F_SEAL_SEAL), 0);
	close(fd);
}
END_TEST

START_TEST(every_seal_is_needed)
{
	static const int seals[] = { F_SEAL_SHRINK, F_SEAL_GROW, F_SEAL_WRITE,
		F_SEAL_SEAL };

	for (size_t missing = 0; missing < 4; missing++) {
		int fd = filled(), some = 0;

		for (size_t i = 0; i < 4; i++)
			some |= i == missing ? 0 : seals[i];
		ck_assert_int_eq(fcntl(fd, F_ADD_SEALS, some), 0);
		ck_assert(!da_sealed_check(fd, sizeof(bytes)));
		close(fd);
	}
}
END_TEST

START_TEST(the_size_is_exact)
{
	int fd = filled();

	ck_assert(da_sealed_seal(fd));
	ck_assert(!da_sealed_check(fd, sizeof(bytes) - 1));
	ck_assert(!da_sealed_check(fd, sizeof(bytes) + 1));
	ck_assert(!da_sealed_check(fd, UINT64_MAX));
	close(fd);
}
END_TEST

/* A judge may only read, and has all bytes in front of it. */
START_TEST(the_check_leaves_the_offset_at_the_start)
{
	int fd = filled();

	ck_assert(da_sealed_seal(fd));
	ck_assert_int_eq(lseek(fd, 0, SEEK_CUR), sizeof(bytes));
	ck_assert(da_sealed_check(fd, sizeof(bytes)));
	ck_assert_int_eq(lseek(fd, 0, SEEK_CUR), 0);
	close(fd);
}
END_TEST

START_TEST(other_files_are_not_sealed)
{
	int ends[2];
	FILE *file = tmpfile();

	ck_assert_int_eq(pipe(ends), 0);
	ck_assert(!da_sealed_check(ends[0], 0));
	ck_assert_ptr_nonnull(file);
	ck_assert(!da_sealed_check(fileno(file), 0));
	ck_assert(!da_sealed_check(-1, 0));
	fclose(file);
	close(ends[0]);
	close(ends[1]);
}
END_TEST

START_TEST(a_view_and_a_copy_have_the_bytes)
{
	uint8_t copy[sizeof(bytes)];
	struct da_slice map;
	int fd = filled();

	ck_assert(da_sealed_seal(fd));
	ck_assert(da_sealed_map(fd, sizeof(bytes), &map));
	ck_assert_mem_eq(map.p, bytes, sizeof(bytes));
	da_sealed_unmap(map);
	ck_assert(da_sealed_copy(fd, sizeof(bytes), copy));
	ck_assert_mem_eq(copy, bytes, sizeof(bytes));
	ck_assert(!da_sealed_map(fd, 0, &map));
	close(fd);
}
END_TEST

/* One judge reads as far as it likes; the next one has all bytes still. */
START_TEST(a_copy_does_not_depend_on_an_offset)
{
	uint8_t copy[sizeof(bytes)] = { 0 };
	int fd = filled();

	ck_assert(da_sealed_seal(fd));
	ck_assert_int_eq(lseek(fd, 0, SEEK_END), sizeof(bytes));
	ck_assert(da_sealed_copy(fd, sizeof(bytes), copy));
	ck_assert_mem_eq(copy, bytes, sizeof(bytes));
	ck_assert_int_eq(lseek(fd, 0, SEEK_CUR), sizeof(bytes));
	close(fd);
}
END_TEST

START_TEST(a_copy_past_the_end_is_none)
{
	uint8_t copy[sizeof(bytes) + 1];
	int fd = filled();

	ck_assert(!da_sealed_copy(fd, sizeof(copy), copy));
	close(fd);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("sealed bundles");
	TCase *tc = tcase_create("sealed");

	tcase_add_test(tc, sealed_bytes_stay);
	tcase_add_test(tc, every_seal_is_needed);
	tcase_add_test(tc, the_size_is_exact);
	tcase_add_test(tc, the_check_leaves_the_offset_at_the_start);
	tcase_add_test(tc, other_files_are_not_sealed);
	tcase_add_test(tc, a_view_and_a_copy_have_the_bytes);
	tcase_add_test(tc, a_copy_does_not_depend_on_an_offset);
	tcase_add_test(tc, a_copy_past_the_end_is_none);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
