/* SPDX-License-Identifier: Apache-2.0 */
#include <time.h>

#include "policy/utctime.h"
#include "replace.h"

static const char *const refused[] = {
	"", "2026", "2026-11-01", "2026-11-01T00:00:00", "2026-11-01 00:00:00Z",
	"2026-11-01T00:00:00z", "2026-11-01t00:00:00Z",
	"2026-11-01T00:00:00+00:00", "2026-11-01T00:00:00.5Z",
	"2026-11-01T00:00:60Z", "2026-11-01T24:00:00Z", "2026-11-01T00:60:00Z",
	"2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z", "2026-11-31T00:00:00Z",
	"2026-11-00T00:00:00Z", "2025-02-29T00:00:00Z", "1900-02-29T00:00:00Z",
	"2026-11-1T00:00:00Z", "02026-11-01T00:00:00Z", "2026-11-01T00:00:00Z ",
	" 2026-11-01T00:00:00Z", "2026-11-01T00:00:0aZ", "-026-11-01T00:00:00Z",
	"2026/11/01T00:00:00Z",
};

START_TEST(refuses)
{
	struct da_slice text = exactly(refused[_i], strlen(refused[_i]));
	int64_t at = 77;

	ck_assert_msg(!da_time_read(text, &at), "%s", refused[_i]);
	ck_assert_int_eq(at, 77);
	free((void *)(uintptr_t)text.p);
}
END_TEST

static void
is(const char *text, int64_t wanted)
{
	char back[DA_TIME_TEXT];
	int64_t at = 77;

	ck_assert(da_time_read(da_slice_str(text), &at));
	ck_assert_int_eq(at, wanted);
	da_time_text(wanted, back);
	ck_assert_str_eq(back, text);
}

START_TEST(known_times)
{
	is("1970-01-01T00:00:00Z", 0);
	is("1969-12-31T23:59:59Z", -1);
	is("2000-02-29T12:00:00Z", 951825600);
	is("2026-11-01T00:00:00Z", 1793491200);
	is("2038-01-19T03:14:08Z", INT64_C(2147483648));
	is("9999-12-31T23:59:59Z", INT64_C(253402300799));
	is("0000-01-01T00:00:00Z", INT64_C(-62167219200));
}
END_TEST

START_TEST(outside_is_the_nearest_inside)
{
	char text[DA_TIME_TEXT];

	da_time_text(INT64_MAX, text);
	ck_assert_str_eq(text, "9999-12-31T23:59:59Z");
	da_time_text(INT64_MIN, text);
	ck_assert_str_eq(text, "0000-01-01T00:00:00Z");
}
END_TEST

/* Every day of ten thousand years, as the C library's calendar has it. */
START_TEST(every_day)
{
	for (int64_t day = -719528; day <= 2932896; day++) {
		time_t at = (time_t)(day * 86400 + (day + 719528) % 86400);
		char ours[DA_TIME_TEXT], theirs[80];
		int64_t back = 77;
		struct tm tm;

		gmtime_r(&at, &tm);
		snprintf(theirs, sizeof(theirs),
		    "%04d-%02d-%02dT%02d:%02d:%02dZ", tm.tm_year + 1900,
		    tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min,
		    tm.tm_sec);
		da_time_text(at, ours);
		if (strcmp(ours, theirs) != 0)
			ck_abort_msg("%s is not %s", ours, theirs);
		if (!da_time_read(da_slice_str(ours), &back) || back != at)
			ck_abort_msg("%s is not read back", ours);
	}
}
END_TEST

static Suite *
suite(void)
{
	Suite *s = suite_create("utctime");
	TCase *t = tcase_create("utctime");

	tcase_add_loop_test(t, refuses, 0,
	    sizeof(refused) / sizeof(refused[0]));
	tcase_add_test(t, known_times);
	tcase_add_test(t, outside_is_the_nearest_inside);
	tcase_add_test(t, every_day);
	tcase_set_timeout(t, 120);
	suite_add_tcase(s, t);
	return s;
}

int
main(void)
{
	return run_suite(suite());
}
