/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What every unit test shares: a refusal is asserted by name, and the name is
 * noted, so that a last test can demand that each fault was provoked.
 */
#ifndef DA_TEST_UNIT_H
#define DA_TEST_UNIT_H

#include <check.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "verifier/checks.h"

/* One short write to a file opened for appending is whole (POSIX write). */
static inline void
note_fault(enum da_why why)
{
	const char *log = getenv("DEVATTEST_FAULT_LOG");
	char line[80];
	int fd, n;

	if (log == NULL || (fd = open(log, O_WRONLY | O_APPEND | O_CREAT |
	    O_CLOEXEC, 0600)) < 0)
		return;
	n = snprintf(line, sizeof(line), "%s\n", da_fault_text(why)->name);
	ck_assert_int_eq(write(fd, line, (size_t)n), n);
	close(fd);
}

#define ck_fault(fault, expected) do {					\
	ck_assert_str_eq(da_fault_text((fault).why)->name,		\
	    da_fault_text(expected)->name);				\
	note_fault(expected);						\
} while (0)

#define ck_finding(findings, check, expected)				\
	ck_assert_str_eq(						\
	    da_result_name((enum da_result)(findings).of[check].result), \
	    da_result_name(expected))

#define ck_finding_fault(findings, check, expected) do {		\
	ck_finding(findings, check, DA_BROKEN);				\
	ck_assert_str_eq(						\
	    da_fault_text((enum da_why)(findings).of[check].why)->name,	\
	    da_fault_text(expected)->name);				\
	note_fault(expected);						\
} while (0)

static inline int
run_suite(Suite *suite)
{
	SRunner *runner = srunner_create(suite);
	int failed;

	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? 0 : 1;
}

#endif
