/* SPDX-License-Identifier: Apache-2.0 */
/* One record a verdict, in fields that no text of anybody's can add to. */
#include <errno.h>

#include "guestd/journal.h"
#include "tmpfolder.h"

static int sock;
static char got[4096];

static void
listen_here(void)
{
	make_tmp();
	sock = datagrams_at(in_tmp("journal"));
}

static void
close_here(void)
{
	close(sock);
	remove_tmp();
}

/* The record, with a newline before its first field. */
static const char *
record_of(const struct da_outcome *outcome)
{
	char lines[400] = "";
	FILE *out = fmemopen(lines, sizeof(lines), "w");
	ssize_t n;

	da_journal_verdict(in_tmp("journal"), out, outcome);
	fclose(out);
	ck_assert_str_eq(lines, "");
	n = recv(sock, got + 1, sizeof(got) - 2, MSG_DONTWAIT);
	ck_assert_int_gt(n, 0);
	got[0] = '\n';
	got[1 + n] = '\0';
	ck_assert_int_eq(got[n], '\n');
	return got;
}

static size_t
fields_in(const char *record)
{
	size_t n = 0;

	for (const char *p = record; *p != '\0'; p++)
		n += *p == '\n';
	return n - 1;
}

static void
ck_field(const char *record, const char *field)
{
	char line[200];

	snprintf(line, sizeof(line), "\n%s\n", field);
	ck_assert_msg(strstr(record, line) != NULL, "%s not in%s", field,
	    record);
}

START_TEST(an_accepted_device_is_told)
{
	const struct da_outcome o = { .device = "0000:01:00.0",
		.accepted = true, .class_name = "gpu", .subject = "CN=d" };
	const char *r = record_of(&o);

	ck_field(r, "SYSLOG_IDENTIFIER=devattestd");
	ck_field(r, "PRIORITY=5");
	ck_field(r, "DEVATTEST_DEVICE=0000:01:00.0");
	ck_field(r, "DEVATTEST_VERDICT=accepted");
	ck_field(r, "DEVATTEST_SUBJECT=CN=d");
	ck_field(r, "MESSAGE_ID=4a73a8ae2d9c4c2c8637449c9c26e843");
	ck_assert_ptr_nonnull(strstr(r, "\nMESSAGE=0000:01:00.0 accepted"));
	ck_assert_ptr_null(strstr(r, "DEVATTEST_CHECK"));
	ck_assert_ptr_null(strstr(r, "DEVATTEST_FAULT"));
}
END_TEST

START_TEST(a_refused_device_is_told_with_its_reason)
{
	const struct da_fault fault = { DA_F_DIGEST_DIFFERS, DA_PART_REPORT,
		0 };
	struct da_outcome o = { .device = "0000:01:00.0" };
	const char *r;

	da_refused_fault(&o.refusal, DA_CHK_TSM_DIGEST_REPORT, &fault);
	r = record_of(&o);
	ck_field(r, "PRIORITY=4");
	ck_field(r, "DEVATTEST_VERDICT=refused");
	ck_field(r, "DEVATTEST_CHECK=tsm-digest-report");
	ck_field(r, "DEVATTEST_FAULT=DIGEST_DIFFERS");
	ck_field(r, "MESSAGE_ID=ed62d3a97dcf47e38e5ee1793716c823");
	/* Still locked: louder, and found by an id of its own. */
	o.left_locked = true;
	r = record_of(&o);
	ck_field(r, "PRIORITY=3");
	ck_field(r, "MESSAGE_ID=ece6dd5912114427abbd02765c28e7b6");
	o = (struct da_outcome){ .device = "0000:01:00.0", .untrusted = true };
	r = record_of(&o);
	ck_field(r, "DEVATTEST_VERDICT=untrusted");
	ck_field(r, "MESSAGE_ID=7cdd7e628ea3451ca4c72f06bf15d36e");
}
END_TEST

START_TEST(hostile_text_adds_no_field)
{
	struct da_outcome o = { .device = "0000:01:00.0",
		.subject = "CN=a\nPRIORITY=0\n\x1b[31m\xff" };
	const char *r;
	size_t fields;

	da_own_fault(&o.refusal, "x\nDEVATTEST_VERDICT=accepted");
	r = record_of(&o);
	/* MESSAGE, its id, PRIORITY, identifier, device, verdict, subject. */
	fields = fields_in(r);
	ck_assert_uint_eq(fields, 7);
	ck_assert_ptr_null(strstr(r, "\nDEVATTEST_VERDICT=accepted"));
	ck_assert_ptr_null(strchr(r, '\x1b'));
	ck_assert_ptr_null(strchr(r, '\xff'));
	ck_field(r, "DEVATTEST_VERDICT=refused");
}
END_TEST

static void
ck_line(const char *socket_path)
{
	const struct da_outcome o = { .device = "0000:01:00.0",
		.accepted = true, .class_name = "gpu" };
	char lines[400] = "";
	FILE *out = fmemopen(lines, sizeof(lines), "w");

	da_journal_verdict(socket_path, out, &o);
	fclose(out);
	ck_assert_ptr_nonnull(strstr(lines,
	    "devattestd: 0000:01:00.0 accepted"));
	ck_assert_ptr_eq(strchr(lines, '\n'), lines + strlen(lines) - 1);
}

START_TEST(where_there_is_no_journal_a_line_is_told)
{
	char longest[300];

	ck_line(NULL);
	ck_line(in_tmp("nobody"));
	memset(longest, 'x', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	ck_line(longest);
}
END_TEST

START_TEST(standard_error_is_the_journal_where_the_environment_says_so)
{
	char text[80];
	struct stat st;

	unsetenv("JOURNAL_STREAM");
	ck_assert(!da_journal_is_stderr());
	ck_assert_int_eq(fstat(2, &st), 0);
	snprintf(text, sizeof(text), "%ju:%ju", (uintmax_t)st.st_dev,
	    (uintmax_t)st.st_ino);
	setenv("JOURNAL_STREAM", text, 1);
	ck_assert(da_journal_is_stderr());
	strcat(text, "x");
	setenv("JOURNAL_STREAM", text, 1);
	ck_assert(!da_journal_is_stderr());
	snprintf(text, sizeof(text), "%ju:%ju", (uintmax_t)st.st_dev,
	    (uintmax_t)st.st_ino + 1);
	setenv("JOURNAL_STREAM", text, 1);
	ck_assert(!da_journal_is_stderr());
	setenv("JOURNAL_STREAM", "", 1);
	ck_assert(!da_journal_is_stderr());
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("journal");
	TCase *tc = tcase_create("journal");

	tcase_add_checked_fixture(tc, listen_here, close_here);
	tcase_add_test(tc, an_accepted_device_is_told);
	tcase_add_test(tc, a_refused_device_is_told_with_its_reason);
	tcase_add_test(tc, hostile_text_adds_no_field);
	tcase_add_test(tc, where_there_is_no_journal_a_line_is_told);
	tcase_add_test(tc,
	    standard_error_is_the_journal_where_the_environment_says_so);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
