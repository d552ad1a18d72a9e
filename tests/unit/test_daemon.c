/* SPDX-License-Identifier: Apache-2.0 */
/* The daemon's small parts: command line, addresses, users, roots, output. */
#include <openssl/pem.h>
#include <sys/stat.h>

#include "guestd/identity.h"
#include "guestd/outcome.h"
#include "guestd/roots.h"
#include "guestd/settings.h"
#include "policy/strictjson.h"
#include "makecert.h"
#include "unit.h"

/* -- addresses -- */

START_TEST(addresses_are_read)
{
	struct da_target t;
	char longest[200] = "unix:";

	ck_assert(da_target_parse("vsock:2:5467", &t));
	ck_assert_uint_eq(t.kind, DA_TARGET_VSOCK);
	ck_assert_uint_eq(t.cid, 2);
	ck_assert_uint_eq(t.port, 5467);
	ck_assert(da_target_parse("vsock:4294967295:4294967295", &t));
	ck_assert_uint_eq(t.cid, UINT32_MAX);
	ck_assert(da_target_parse("unix:/run/x", &t));
	ck_assert_uint_eq(t.kind, DA_TARGET_UNIX);
	ck_assert_str_eq(t.path, "/run/x");
	memset(longest + 5, 'x', sizeof(t.path) - 1);
	ck_assert(da_target_parse(longest, &t));
	longest[5 + sizeof(t.path) - 1] = 'x';
	ck_assert(!da_target_parse(longest, &t));
}
END_TEST

START_TEST(other_addresses_are_refused)
{
	static const char *const bad[] = { "", "unix:", "vsock:", "vsock:2",
		"vsock:2:", "vsock::1", "vsock:2:1x", "vsock:-1:1",
		"vsock:2:4294967296", "vsock:99999999999999999999:1",
		"tcp:1:2", "vsock:2:1:3", "vsock: 2:1" };
	struct da_target t;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ck_assert_msg(!da_target_parse(bad[i], &t), "%s", bad[i]);
}
END_TEST

/* -- the command line -- */

static bool
parse(struct da_settings *s, struct da_misuse *why, const char *const *words)
{
	char *argv[20] = { (char *)(uintptr_t)"devattestd" };
	int n = 1;

	for (; words[n - 1] != NULL; n++)
		argv[n] = (char *)(uintptr_t)words[n - 1];
	return da_settings_parse(n, argv, s, why);
}

START_TEST(the_command_line_is_read)
{
	static const char *const words[] = { "--kernel", "soft:/k", "--once",
		"--json", "--connect=unix:/c", "--device", "0000:01:00.0",
		"--device", "0000:01:00.1", "--verbose", "--judge-user", "7",
		"--tries", "10", "--run=/r", NULL };
	static struct da_settings s;
	struct da_misuse why;

	ck_assert(parse(&s, &why, words));
	ck_assert_str_eq(s.kernel_socket, "/k");
	ck_assert_str_eq(s.host.path, "/c");
	ck_assert_str_eq(s.policy_path, "/etc/devattest/policy.json");
	ck_assert_str_eq(s.roots_folder, "/etc/devattest/roots");
	ck_assert_uint_eq(s.n_devices, 2);
	ck_assert(s.once && s.json && s.verbose && !s.help);
	ck_assert_str_eq(s.judge_user, "7");
	ck_assert_ptr_null(s.receiver_user);
	ck_assert_uint_eq(s.tries, 10);
	ck_assert_str_eq(s.run_folder, "/r");
	ck_assert(s.host_named);
}
END_TEST

START_TEST(the_host_is_asked_by_vsock_unless_told_otherwise)
{
	static const char *const words[] = { "--kernel", "soft:/k", NULL };
	static struct da_settings s;
	struct da_misuse why;

	ck_assert(parse(&s, &why, words));
	ck_assert_uint_eq(s.host.kind, DA_TARGET_VSOCK);
	ck_assert_uint_eq(s.host.cid, DA_CID_HOST);
	ck_assert_uint_eq(s.host.port, 5467);
	ck_assert(!s.host_named);
	ck_assert_uint_eq(s.tries, 3);
	ck_assert_ptr_null(s.run_folder);
}
END_TEST

START_TEST(misuse_is_told)
{
	static const struct {
		const char *words[6];
		const char *why;
	} cases[] = {
		{ { "--kernel", NULL }, "needs a value" },
		{ { "--kernel", "real", NULL }, "neither linux nor soft:PATH" },
		{ { "--kernel", "soft:", NULL }, "neither linux nor soft:PATH" },
		{ { "--nothing", NULL }, "unknown option `--nothing`" },
		{ { "--poli", "x", NULL }, "unknown option" },
		{ { "word", NULL }, "`word` is no option" },
		{ { "--policy", "--once", NULL }, "--policy needs a value" },
		{ { "--policy=", NULL }, "--policy needs a value" },
		{ { "--policy", "a", "--policy=a", NULL },
		    "--policy stands twice" },
		{ { "--once", "--once", NULL }, "--once stands twice" },
		{ { "--once=1", NULL }, "takes no value" },
		{ { "--connect", "x", NULL }, "neither unix" },
		{ { "--connect", "vsock:3:5467", NULL },
		    "only the host, CID 2" },
		{ { "--connect", "vsock:4294967295:1", NULL },
		    "only the host" },
		{ { "--device", "1:2", NULL }, "not like" },
		{ { "--device", "0000:01:00.0", "--device", "0000:01:00.0",
		    NULL }, "named twice" },
		{ { "--kernel", "soft:/k", "--json", NULL },
		    "goes with --once" },
		{ { "--tries", "0", NULL }, "not a number from 1 to 10" },
		{ { "--tries", "11", NULL }, "not a number from 1 to 10" },
		{ { "--tries", "-1", NULL }, "not a number from 1 to 10" },
		{ { "--tries", "3 ", NULL }, "not a number from 1 to 10" },
		{ { "--run", "/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
		    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", NULL },
		    "a path of more than 95 bytes" },
	};
	static struct da_settings s;
	struct da_misuse why;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		ck_assert(!parse(&s, &why, cases[i].words));
		ck_assert_msg(strstr(why.text, cases[i].why) != NULL, "%s",
		    why.text);
	}
}
END_TEST

/* -- users -- */

START_TEST(users_are_found_by_name_and_number)
{
	struct da_identity who;
	bool is_root = geteuid() == 0;
	char why[160];

	ck_assert(da_identity_find("1234", "x", 1, &who, why, sizeof(why)));
	ck_assert(who.switches == is_root);
	if (is_root)
		ck_assert_uint_eq(who.uid, 1234);
	ck_assert(da_identity_find(NULL, "no-such-user-here", 61199, &who,
	    why, sizeof(why)));
	ck_assert(who.by_number == is_root);
	if (is_root)
		ck_assert_uint_eq(who.gid, 61199);
	ck_assert(!da_identity_find("no-such-user-here", "x", 1, &who, why,
	    sizeof(why)));
	ck_assert_ptr_nonnull(strstr(why, "no-such-user-here"));
	ck_assert(!da_identity_find("0", "x", 1, &who, why, sizeof(why)));
	ck_assert(!da_identity_find("root", "x", 1, &who, why, sizeof(why)));
}
END_TEST

START_TEST(root_does_not_come_back)
{
	struct da_identity who = { .switches = true, .uid = 61199,
		.gid = 61199 };

	if (geteuid() != 0) {
		printf("SKIPPED: only root can become another user\n");
		return;
	}
	ck_assert(da_identity_become(&who));
	ck_assert_uint_eq(geteuid(), 61199);
	ck_assert_int_ne(seteuid(0), 0);
	ck_assert_int_ne(setgid(0), 0);
	/* And an ordinary user cannot become anybody. */
	who.uid = 61198;
	ck_assert(!da_identity_become(&who));
}
END_TEST

/* -- roots -- */

static char folder[64];

static void
make_folder(void)
{
	snprintf(folder, sizeof(folder), "/tmp/devattest-test.XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
}

static FILE *
file_named(const char *name)
{
	char path[128];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	f = fopen(path, "w");
	ck_assert_ptr_nonnull(f);
	return f;
}

static void
put_file(const char *name, const void *bytes, size_t n)
{
	FILE *f = file_named(name);

	ck_assert_uint_eq(fwrite(bytes, 1, n, f), n);
	fclose(f);
}

static void
remove_folder(void)
{
	static const char *const names[] = { "a.pem", "b.der", "bad.pem",
		"empty.der" };
	char path[128];

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		snprintf(path, sizeof(path), "%s/%s", folder, names[i]);
		unlink(path);
	}
	rmdir(folder);
}

static struct da_policy policy;
static struct da_roots roots;

static bool
load_roots(const char *first, const char *second, char *why)
{
	struct da_policy_names *names = &policy.rule[0].roots;

	da_roots_free(&roots);
	memset(&policy, 0, sizeof(policy));
	policy.n_rules = 1;
	names->n = second != NULL ? 2 : 1;
	snprintf(names->name[0], sizeof(names->name[0]), "%s", first);
	if (second != NULL)
		snprintf(names->name[1], sizeof(names->name[1]), "%s", second);
	return da_roots_load(&policy, folder, &roots, why, 320);
}

static struct da_slice
new_root(const char *name)
{
	EVP_PKEY *key = new_key("P-256");
	struct cert_plan plan = ca_plan(name, key, name, key);

	return make_cert(&plan);
}

static void
put_pem(FILE *f, struct da_slice der)
{
	const unsigned char *at = der.p;
	X509 *x = d2i_X509(NULL, &at, (long)der.n);

	ck_assert_int_eq(PEM_write_X509(f, x), 1);
	X509_free(x);
}

START_TEST(roots_are_found_in_both_forms)
{
	const struct da_anchors *anchors = &policy.rule[0].anchors;
	struct da_slice der[2] = { new_root("A"), new_root("B") };
	FILE *f = file_named("a.pem");
	char why[320];

	put_pem(f, der[0]);
	fclose(f);
	put_file("b.der", der[1].p, der[1].n);
	ck_assert_msg(load_roots("a", "b", why), "%s", why);
	ck_assert_uint_eq(anchors->n, 2);
	for (int i = 0; i < 2; i++)
		ck_assert(da_slice_eq(anchors->der[i], der[i]));
	da_roots_free(&roots);
}
END_TEST

static void
ck_not_loaded(const char *name, const char *text)
{
	char why[320];

	ck_assert(!load_roots(name, NULL, why));
	ck_assert_msg(strstr(why, text) != NULL, "%s", why);
	da_roots_free(&roots);
}

START_TEST(a_root_that_is_none_is_told)
{
	static const char *const names[] = { "none", "", "../a", ".hidden" };
	struct da_slice der = new_root("A");

	put_file("a.pem", "x", 1);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		ck_not_loaded(names[i], "neither");
	ck_not_loaded("a", "a.pem: ");
	put_file("b.der", der.p, der.n - 1);
	ck_not_loaded("b", "b.der: the bytes end inside a field");
	put_file("empty.der", "", 0);
	ck_not_loaded("empty", "empty.der: the part has no bytes");
	put_file("bad.pem", "-----BEGIN CERTIFICATE-----\nnonsense\n", 37);
	ck_not_loaded("bad", "bad.pem: ");
}
END_TEST

/* devattest-policy(5): a root file has one certificate. */
START_TEST(a_second_certificate_is_no_root)
{
	struct da_slice der[2] = { new_root("A"), new_root("B") };
	FILE *f = file_named("a.pem");

	put_pem(f, der[0]);
	put_pem(f, der[1]);
	fclose(f);
	ck_not_loaded("a", "a.pem: more than one certificate");
	f = file_named("b.der");
	for (int i = 0; i < 2; i++)
		ck_assert_uint_eq(fwrite(der[i].p, 1, der[i].n, f), der[i].n);
	fclose(f);
	ck_not_loaded("b", "b.der: more than one certificate");
}
END_TEST

/* -- output -- */

static struct da_json *
outcomes_as_json(const struct da_outcome *all, size_t n, char *text,
    size_t size)
{
	struct da_json_error error;
	FILE *out = fmemopen(text, size, "w");
	struct da_json *root;

	ck_assert(da_outcomes_json(out, all, n, da_outcomes_class(all, n)));
	fclose(out);
	root = da_json_parse(da_slice_str(text), &error);
	ck_assert_msg(root != NULL, "%u:%u %s\n%s", error.line, error.column,
	    error.text, text);
	return root;
}

/* What a judge that was taken over wrote cannot break out of the JSON. */
START_TEST(hostile_text_stays_text)
{
	static char text[4000];
	struct da_outcome all[2] = {
		{ .device = "0000:01:00.0", .accepted = true,
		    .class_name = "a\"],\"x\":\\\n\x1b[31m\xff" },
		{ .device = "0000:02:00.0" } };
	struct da_json *root;
	const struct da_json *device;
	struct da_slice s;

	da_own_fault(&all[1].refusal, "\"\x01%s", "\\");
	root = outcomes_as_json(all, 2, text, sizeof(text));
	ck_assert_ptr_null(strchr(text, '\x1b'));
	ck_assert_ptr_null(strchr(text, '\xff'));
	device = da_json_at(da_json_get(root, "devices"), 0);
	ck_assert(da_json_string(da_json_get(device, "verdict"), &s));
	ck_assert(da_slice_eq(s, da_slice_str("accepted")));
	ck_assert_ptr_null(da_json_get(device, "x"));
	da_json_free(root);
}
END_TEST

START_TEST(a_refusal_is_told_as_the_contract_says)
{
	static char text[4000];
	const struct da_fault fault = { DA_F_DIGEST_DIFFERS, DA_PART_REPORT,
		0 };
	struct da_outcome one = { .device = "0000:01:00.0",
		.has_findings = true };
	struct da_json *root;
	const struct da_json *device;
	int64_t number;

	da_findings_start(&one.findings);
	da_found(&one.findings, DA_CHK_TSM_STATE, DA_HOLDS);
	da_found_broken(&one.findings, DA_CHK_TSM_DIGEST_REPORT, &fault);
	da_refused_fault(&one.refusal, DA_CHK_TSM_DIGEST_REPORT, &fault);
	root = outcomes_as_json(&one, 1, text, sizeof(text));
	ck_assert(da_json_int(da_json_get(root, "exit"), &number));
	ck_assert_int_eq(number, 7);
	device = da_json_at(da_json_get(root, "devices"), 0);
	ck_assert_uint_eq(da_json_length(da_json_get(device, "checks")), 2);
	ck_assert(da_json_int(da_json_get(device, "offset"), &number));
	da_json_free(root);
}
END_TEST

START_TEST(the_worst_finding_decides)
{
	static const struct da_fault chain = { DA_F_ROOT_UNKNOWN,
		DA_PART_CHAIN, 4 }, nonce = { DA_F_NONCE_DIFFERS,
		DA_PART_MEASUREMENTS, 4 };
	struct da_findings f;
	struct da_refusal why;

	da_findings_start(&f);
	da_found(&f, DA_CHK_VALIDITY, DA_UNKNOWN);
	ck_assert(!da_findings_worst(&f, &why));
	da_found_broken(&f, DA_CHK_CHAIN, &chain);
	da_found_broken(&f, DA_CHK_NONCE, &nonce);
	ck_assert(da_findings_worst(&f, &why));
	ck_assert_int_eq(why.exit_class, 6);	/* before 3 */
	ck_assert_int_eq(why.check, DA_CHK_NONCE);
	/* All zero is nobody's word: our own fault. */
	memset(&f, 0, sizeof(f));
	ck_assert(da_findings_worst(&f, &why));
	ck_assert_int_eq(why.exit_class, 1);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("daemon's parts");
	TCase *tc = tcase_create("parts");
	TCase *files = tcase_create("roots");

	tcase_add_test(tc, addresses_are_read);
	tcase_add_test(tc, other_addresses_are_refused);
	tcase_add_test(tc, the_command_line_is_read);
	tcase_add_test(tc, the_host_is_asked_by_vsock_unless_told_otherwise);
	tcase_add_test(tc, misuse_is_told);
	tcase_add_test(tc, users_are_found_by_name_and_number);
	tcase_add_test(tc, root_does_not_come_back);
	tcase_add_test(tc, hostile_text_stays_text);
	tcase_add_test(tc, a_refusal_is_told_as_the_contract_says);
	tcase_add_test(tc, the_worst_finding_decides);
	tcase_add_checked_fixture(files, make_folder, remove_folder);
	tcase_add_test(files, roots_are_found_in_both_forms);
	tcase_add_test(files, a_root_that_is_none_is_told);
	tcase_add_test(files, a_second_certificate_is_no_root);
	suite_add_tcase(suite, tc);
	suite_add_tcase(suite, files);
	return run_suite(suite);
}
