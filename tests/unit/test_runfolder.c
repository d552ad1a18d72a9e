/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The run folder: whose it must be, that a file in it is whole or not there,
 * and that a record which is not whole is none.
 */
#include <errno.h>

#include "guestd/record_json.h"
#include "guestd/runfolder.h"
#include "guestd/sealed.h"
#include "policy/strictjson.h"
#include "tmpfolder.h"

#define BDF	"0000:01:00.0"

static struct da_run run;
static char why[320];

static void
open_run(void)
{
	make_tmp();
	ck_assert_msg(da_run_open(in_tmp("run"), &run, why, sizeof(why)), "%s",
	    why);
}

static void
close_run(void)
{
	da_run_close(&run);
	remove_tmp();
}

static const char *
in_run(const char *name)
{
	static char path[2][200];
	static int turn;

	turn = 1 - turn;
	snprintf(path[turn], sizeof(path[turn]), "%s/run/%s", tmp, name);
	return path[turn];
}

static bool
is_there(const char *name)
{
	return access(in_run(name), F_OK) == 0;
}

/* -- the folder -- */

static void
ck_not_opened(const char *path, const char *text)
{
	struct da_run other;

	ck_assert(!da_run_open(path, &other, why, sizeof(why)));
	ck_assert_msg(strstr(why, text) != NULL, "%s", why);
}

START_TEST(a_folder_is_made_for_its_owner_alone)
{
	struct stat st;

	ck_assert_int_eq(stat(in_tmp("run"), &st), 0);
	ck_assert_uint_eq(st.st_mode & 07777, 0700);
	ck_assert_uint_eq(st.st_uid, geteuid());
}
END_TEST

START_TEST(a_folder_that_is_not_ours_alone_is_refused)
{
	char longest[DA_RUN_MAX_PATH + 2];

	ck_not_opened(in_tmp("run"), "another devattestd uses it");
	ck_not_opened(in_tmp("run/"), "another devattestd uses it");
	ck_assert_int_eq(mkdir(in_tmp("open"), 0700), 0);
	ck_assert_int_eq(chmod(in_tmp("open"), 0770), 0);
	ck_not_opened(in_tmp("open"), "others may write");
	ck_assert_int_eq(mkdir(in_tmp("good"), 0700), 0);
	ck_assert_int_eq(symlink("good", in_tmp("link")), 0);
	ck_not_opened(in_tmp("link"), "link: ");
	ck_not_opened(in_tmp("link/"), "link: ");
	put_text(in_tmp("file"), "x");
	ck_not_opened(in_tmp("file"), "file: ");
	ck_not_opened(in_tmp("none/run"), strerror(ENOENT));
	ck_not_opened("", "no path");
	memset(longest, 'x', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	ck_not_opened(longest, "longer");
}
END_TEST

START_TEST(a_folder_of_another_user_is_refused)
{
	if (geteuid() != 0) {
		ck_not_opened("/usr", "belongs to user 0");
		return;
	}
	ck_assert_int_eq(mkdir(in_tmp("theirs"), 0700), 0);
	ck_assert_int_eq(chown(in_tmp("theirs"), 61199, 61199), 0);
	ck_not_opened(in_tmp("theirs"), "belongs to user 61199");
}
END_TEST

/* A daemon that ended, however, leaves no lock. */
START_TEST(a_folder_is_taken_over)
{
	da_run_close(&run);
	ck_assert(da_run_open(in_tmp("run"), &run, why, sizeof(why)));
}
END_TEST

/* -- results -- */

static int
bundle(const char *text)
{
	int fd;

	ck_assert(da_sealed_new(&fd));
	ck_assert(da_sealed_append(fd, text, strlen(text)));
	ck_assert(da_sealed_seal(fd));
	return fd;
}

static struct da_outcome
outcome(bool accepted)
{
	struct da_outcome o = { .device = BDF, .accepted = accepted };

	if (!accepted)
		da_own_fault(&o.refusal, "for the test");
	return o;
}

static const struct da_ticket ticket = { .version = DA_TICKET_VERSION,
	.platform = DA_PLATFORM_EMULATED, .device = BDF };

START_TEST(a_result_is_written_with_its_ticket_and_bundle)
{
	struct da_outcome o = outcome(true);
	int memfd = bundle("wire");
	struct stat st;

	ck_assert(da_run_tell(&run, &o, &ticket, memfd, 4));
	close(memfd);
	ck_assert_ptr_nonnull(strstr(text_of(in_run(BDF ".json")),
	    "\"accepted\""));
	ck_assert_ptr_nonnull(strstr(text_of(in_run(BDF ".ticket.json")),
	    "\"emulated\""));
	ck_assert_str_eq(text_of(in_run(BDF ".bundle")), "wire");
	ck_assert_int_eq(stat(in_run(BDF ".bundle"), &st), 0);
	ck_assert_uint_eq(st.st_mode & 07777, 0600);
	ck_assert(!is_there("." BDF ".json.tmp"));
}
END_TEST

START_TEST(a_result_takes_an_earlier_ones_place)
{
	struct da_outcome o = outcome(true);
	struct da_ticket now = ticket;
	int memfd = bundle("wire");

	ck_assert(da_run_tell(&run, &o, &ticket, memfd, 4));
	/* Kept as it is: what it was accepted by stays. */
	o.kept = true;
	now.platform = DA_PLATFORM_TDX;
	ck_assert(da_run_tell(&run, &o, &now, -1, 0));
	ck_assert(is_there(BDF ".bundle"));
	ck_assert_ptr_nonnull(strstr(text_of(in_run(BDF ".ticket.json")),
	    "\"emulated\""));
	o = outcome(false);
	ck_assert(da_run_tell(&run, &o, NULL, -1, 0));
	ck_assert(!is_there(BDF ".bundle") && !is_there(BDF ".ticket.json"));
	ck_assert_ptr_nonnull(strstr(text_of(in_run(BDF ".json")),
	    "for the test"));
	close(memfd);
}
END_TEST

START_TEST(nothing_is_followed_or_written_elsewhere)
{
	struct da_outcome o = outcome(false);
	int memfd = bundle("wire");

	put_text(in_tmp("victim"), "untouched");
	ck_assert_int_eq(symlink("../victim", in_run(BDF ".json")), 0);
	ck_assert_int_eq(symlink("../victim", in_run("." BDF ".bundle.tmp")),
	    0);
	ck_assert(da_run_tell(&run, &o, NULL, memfd, 4));
	ck_assert_str_eq(text_of(in_tmp("victim")), "untouched");
	ck_assert_str_eq(text_of(in_run(BDF ".bundle")), "wire");
	/* A name that is no device's. */
	snprintf(o.device, sizeof(o.device), "../victim");
	errno = 0;
	ck_assert(!da_run_tell(&run, &o, NULL, -1, 0));
	ck_assert_int_eq(errno, EINVAL);
	memset(o.device, '0', sizeof(o.device));
	ck_assert(!da_run_tell(&run, &o, NULL, -1, 0));
	ck_assert_str_eq(text_of(in_tmp("victim")), "untouched");
	close(memfd);
}
END_TEST

START_TEST(a_bundle_that_is_not_sealed_is_not_copied)
{
	struct da_outcome o = outcome(true);
	int fd, memfd = bundle("wire");

	ck_assert(da_sealed_new(&fd));
	ck_assert(da_sealed_append(fd, "open", 4));
	ck_assert(!da_run_tell(&run, &o, &ticket, fd, 4));
	ck_assert(!is_there(BDF ".bundle"));
	ck_assert(!da_run_tell(&run, &o, &ticket, memfd, 5));
	ck_assert(!is_there(BDF ".bundle"));
	/* The result stands all the same. */
	ck_assert(is_there(BDF ".json"));
	close(fd);
	close(memfd);
}
END_TEST

START_TEST(a_folder_that_fails_is_told)
{
	struct da_outcome o = outcome(true);

	ck_assert_int_eq(mkdir(in_run(BDF ".json"), 0700), 0);
	ck_assert(!da_run_tell(&run, &o, NULL, -1, 0));
	ck_assert_int_eq(errno, EISDIR);
	ck_assert(!is_there("." BDF ".json.tmp"));
}
END_TEST

START_TEST(without_a_folder_nothing_is_kept)
{
	struct da_run none = { .fd = -1 };
	struct da_outcome o = outcome(true);
	struct da_record r = { .device = BDF }, *all;
	size_t n = 9;

	ck_assert(da_run_tell(&none, &o, &ticket, -1, 0));
	ck_assert(da_run_keep(&none, &r) && da_run_void(&none, BDF));
	ck_assert(da_run_records(&none, stderr, &all, &n));
	ck_assert_uint_eq(n, 0);
	free(all);
}
END_TEST

/* -- records -- */

static struct da_record
record(void)
{
	struct da_record r = { .boot_id =
	    "01234567-89ab-cdef-0123-456789abcdef", .device = BDF,
		.class_name = "gpu", .subject = "CN=\"a\\x0a\", O=b" };

	r.token[DA_TOKEN_LOCK].len = 3;
	memcpy(r.token[DA_TOKEN_LOCK].bytes, "abc", 3);
	r.token[DA_TOKEN_REPORT].len = 32;
	memset(r.token[DA_TOKEN_REPORT].bytes, 0xee, 32);
	memset(r.policy_id, 1, sizeof(r.policy_id));
	memset(r.device_key, 2, sizeof(r.device_key));
	return r;
}

/* How many records there are; *ret the first. */
static size_t
records(struct da_record *ret, char *told, size_t size)
{
	FILE *out = fmemopen(told, size, "w");
	struct da_record *all;
	size_t n;

	memset(told, 0, size);
	ck_assert(da_run_records(&run, out, &all, &n));
	fclose(out);
	if (n > 0)
		*ret = all[0];
	free(all);
	return n;
}

START_TEST(a_record_is_found_again)
{
	struct da_record r = record(), found;
	char told[400];

	ck_assert(da_run_keep(&run, &r));
	ck_assert_uint_eq(records(&found, told, sizeof(told)), 1);
	ck_assert_mem_eq(&found, &r, sizeof(r));
	ck_assert_str_eq(told, "");
	ck_assert(da_run_void(&run, BDF));
	ck_assert(da_run_void(&run, BDF));	/* it is gone already */
	ck_assert_uint_eq(records(&found, told, sizeof(told)), 0);
}
END_TEST

/* Each line of a good record missing in turn, and each byte cut off. */
START_TEST(a_record_that_is_not_whole_is_none)
{
	struct da_record r = record(), found;
	char good[4096], bad[4096], *line;
	struct da_json_error error;

	ck_assert(da_run_keep(&run, &r));
	strcpy(good, text_of(in_run(BDF ".record")));
	for (size_t n = 0; n + 1 < strlen(good); n++)
		ck_assert(!da_record_from_json(da_slice_of(good, n), &found,
		    &error));
	for (line = strchr(good, '\n'); line != NULL && line[1] == ' ';
	    line = strchr(line + 1, '\n')) {
		const char *rest = strchr(line + 1, '\n');

		snprintf(bad, sizeof(bad), "%.*s%s", (int)(line - good), good,
		    rest);
		if (line[3] != '"')	/* inside "tokens": may be missing */
			continue;
		ck_assert_msg(!da_record_from_json(da_slice_str(bad), &found,
		    &error), "%s", bad);
	}
}
END_TEST

static void
ck_no_record(const char *name, const char *text, const char *says)
{
	struct da_record found;
	char told[400];

	put_text(in_run(name), text);
	ck_assert_uint_eq(records(&found, told, sizeof(told)), 0);
	ck_assert_msg(strstr(told, says) != NULL, "%s: %s", name, told);
	unlink(in_run(name));
}

#define TOKENS	"\"tokens\": { \"lock\": \"61\" }, "
#define DIGEST	"\"000102030405060708090a0b0c0d0e0f"			      \
	"101112131415161718191a1b1c1d1e1f"				      \
	"202122232425262728292a2b2c2d2e2f\""
#define REST	"\"policy-id\": " DIGEST ", \"device-key\": " DIGEST	      \
	", \"class\": \"\", \"subject\": \"\""
#define HEAD	"{ \"version\": 1, \"boot-id\": \"b\", "

START_TEST(what_is_malformed_is_no_record)
{
	struct da_record found;
	char told[400];

	put_text(in_run(BDF ".record"), HEAD "\"device\": \"" BDF "\", "
	    TOKENS REST " }");
	ck_assert_uint_eq(records(&found, told, sizeof(told)), 1);
	unlink(in_run(BDF ".record"));
	ck_no_record(BDF ".record", "", "no record");
	ck_no_record(BDF ".record", "{}", "no record");
	ck_no_record(BDF ".record", HEAD "\"device\": \"" BDF "\", " TOKENS
	    REST ", \"more\": 1 }", "no record");
	ck_no_record(BDF ".record", HEAD "\"device\": \"" BDF "\", \"device\": "
	    "\"" BDF "\", " TOKENS REST " }", "no record");
	ck_no_record(BDF ".record", HEAD "\"device\": \"../../etc\", " TOKENS
	    REST " }", "not a device");
	ck_no_record(BDF ".record", HEAD "\"device\": \"0000:02:00.0\", "
	    TOKENS REST " }", "of another device");
	ck_no_record(BDF ".record", "{ \"version\": 2, \"boot-id\": \"b\", "
	    "\"device\": \"" BDF "\", " TOKENS REST " }", "no record");
	ck_no_record(BDF ".record", "{ \"version\": 1, \"boot-id\": \"\", "
	    "\"device\": \"" BDF "\", " TOKENS REST " }", "no boot");
	ck_no_record(BDF ".record", "{ \"version\": 1, \"boot-id\": "
	    "\"0123456789012345678901234567890123456789\", \"device\": \""
	    BDF "\", " TOKENS REST " }", "too long");
	ck_no_record("x\033.record", "{}", "x\\x1b.record");
}
END_TEST

START_TEST(what_is_no_file_of_ours_is_no_record)
{
	struct da_record r = record(), found;
	char told[400];

	ck_assert(da_run_keep(&run, &r));
	ck_assert_int_eq(rename(in_run(BDF ".record"), in_tmp("good")), 0);
	ck_assert_int_eq(symlink("../good", in_run(BDF ".record")), 0);
	ck_assert_uint_eq(records(&found, told, sizeof(told)), 0);
	ck_assert_ptr_nonnull(strstr(told, "no record"));
	unlink(in_run(BDF ".record"));
	/* Nobody ever writes to it; it is not waited for. */
	ck_assert_int_eq(mkfifo(in_run(BDF ".record"), 0600), 0);
	ck_assert_uint_eq(records(&found, told, sizeof(told)), 0);
	ck_assert_ptr_nonnull(strstr(told, "no record"));
	unlink(in_run(BDF ".record"));
	/* What a crash left in the middle of writing is not even looked at. */
	put_text(in_run("." BDF ".record.tmp"), "{");
	ck_assert_uint_eq(records(&found, told, sizeof(told)), 0);
	ck_assert_str_eq(told, "");
	if (geteuid() == 0) {
		ck_assert_int_eq(rename(in_tmp("good"),
		    in_run(BDF ".record")), 0);
		ck_assert_int_eq(chown(in_run(BDF ".record"), 61199, 0), 0);
		ck_assert_uint_eq(records(&found, told, sizeof(told)), 0);
	} else
		printf("SKIPPED: only root can give a file away\n");
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("run folder");
	TCase *tc = tcase_create("run folder");

	tcase_add_checked_fixture(tc, open_run, close_run);
	tcase_add_test(tc, a_folder_is_made_for_its_owner_alone);
	tcase_add_test(tc, a_folder_that_is_not_ours_alone_is_refused);
	tcase_add_test(tc, a_folder_of_another_user_is_refused);
	tcase_add_test(tc, a_folder_is_taken_over);
	tcase_add_test(tc, a_result_is_written_with_its_ticket_and_bundle);
	tcase_add_test(tc, a_result_takes_an_earlier_ones_place);
	tcase_add_test(tc, nothing_is_followed_or_written_elsewhere);
	tcase_add_test(tc, a_bundle_that_is_not_sealed_is_not_copied);
	tcase_add_test(tc, a_folder_that_fails_is_told);
	tcase_add_test(tc, without_a_folder_nothing_is_kept);
	tcase_add_test(tc, a_record_is_found_again);
	tcase_add_test(tc, a_record_that_is_not_whole_is_none);
	tcase_add_test(tc, what_is_malformed_is_no_record);
	tcase_add_test(tc, what_is_no_file_of_ours_is_no_record);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
