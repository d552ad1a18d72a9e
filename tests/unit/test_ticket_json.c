/* SPDX-License-Identifier: Apache-2.0 */
#include "guestd/ticket_json.h"
#include "replace.h"

#define H16 "0123456789abcdef"
#define H96 H16 H16 H16 H16 H16 H16
#define NONCE H16 H16 H16 H16
#define OF_NOTHING "38b060a751ac96384cd9327eb1b1e36a21fdb71114be0743" \
	"4c0cc7bf63f6e1da274edebfe76f65fbd51ad2f14898b95b"

/* The contract's section 3, with a value for each key. */
static const char good[] =
"{ \"version\": 1, \"platform\": \"sev-tio\", \"abi\": \"2\",\n"
"  \"device\": \"0000:01:00.0\", \"bound\": true,\n"
"  \"state\": { \"value\": \"locked\", \"trusted\": false },\n"
"  \"tokens\": { \"lock\": \"01\", \"measurements\": \"0202\", "
    "\"report\": \"030303\" },\n"
"  \"tokens-at-lock\": { \"lock\": \"01\", \"report\": \"04\" },\n"
"  \"nonce\": \"" NONCE "\",\n"
"  \"measurements-fresh\": true, \"link\": { \"spdm\": true, \"ide\": null },\n"
"  \"objects-from\": \"tsm\",\n"
"  \"hash\": \"sha384\", \"slot\": 7, \"page-unit\": \"page\", "
    "\"bar-base\": \"aligned\",\n"
"  \"pci\": { \"vendor\": \"10de\", \"device\": \"2330\", "
    "\"class\": \"030200\",\n"
"    \"subsystem\": \"10de:16c1\", \"revision\": \"a1\", "
    "\"serial\": \"0123456789abcdeF\", \"tee\": true,\n"
"    \"bars\": [ { \"index\": 0, \"address\": \"0xffffffff80000000\", "
    "\"size\": \"0x1000000\" },\n"
"      { \"index\": 4, \"address\": \"0x0\", \"size\": \"0x2000\" } ],\n"
"    \"msix\": { \"bir\": 4, \"table\": \"0x2000\", \"pba\": \"0x3000\", "
    "\"entries\": 16 } },\n"
"  \"digests\": { \"vca\": \"" H96 "\", \"report\": \"" H96 "\" },\n"
"  \"lock-flags\": { \"no-fw-update\": true, \"lock-msix\": null, "
    "\"bind-p2p\": false },\n"
"  \"message\": \"00Ff\" }";

static struct da_ticket
parsed(const char *text)
{
	struct da_slice exact = exactly(text, strlen(text));
	struct da_json_error error = { "", 0, 0 };
	struct da_ticket ticket;

	memset(&ticket, 0xee, sizeof(ticket));
	ck_assert_msg(da_ticket_from_json(exact, &ticket, &error),
	    "%s at %u:%u", error.text, error.line, error.column);
	free((void *)(uintptr_t)exact.p);
	return ticket;
}

START_TEST(reads_what_the_tsm_says)
{
	struct da_ticket t = parsed(good);

	ck_assert_uint_eq(t.version, DA_TICKET_VERSION);
	ck_assert_uint_eq(t.platform, DA_PLATFORM_SEV_TIO);
	ck_assert_str_eq(t.abi, "2");
	ck_assert_str_eq(t.device, "0000:01:00.0");
	ck_assert_uint_eq(t.bound, 1);
	ck_assert_uint_eq(t.state, DA_STATE_LOCKED);
	ck_assert_uint_eq(t.state_trusted, 0);
	ck_assert_uint_eq(t.token[DA_TOKEN_REPORT].len, 3);
	ck_assert_uint_eq(t.token[DA_TOKEN_REPORT].bytes[2], 3);
	ck_assert_uint_eq(t.has_tokens_at_lock, 1);
	ck_assert_uint_eq(t.token_at_lock[DA_TOKEN_LOCK].len, 1);
	ck_assert_uint_eq(t.token_at_lock[DA_TOKEN_MEASUREMENTS].len, 0);
	ck_assert_uint_eq(t.has_nonce, 1);
	ck_assert_uint_eq(t.nonce[31], 0xef);
	ck_assert_uint_eq(t.measurements_fresh, DA_TRI_TRUE);
	ck_assert_uint_eq(t.link_spdm, DA_TRI_TRUE);
	ck_assert_uint_eq(t.link_ide, DA_TRI_UNKNOWN);
	ck_assert_uint_eq(t.objects_from_tsm, 1);
	ck_assert_uint_eq(t.hash, DA_HASH_SHA384);
	ck_assert_uint_eq(t.slot_known, 1);
	ck_assert_uint_eq(t.slot, 7);
	ck_assert_uint_eq(t.digest[DA_DIGEST_VCA].len, 48);
	ck_assert_uint_eq(t.digest[DA_DIGEST_CHAIN].len, 0);
	ck_assert_uint_eq(t.lock_flag[DA_LOCK_NO_FW_UPDATE], DA_TRI_TRUE);
	ck_assert_uint_eq(t.lock_flag[DA_LOCK_MSIX], DA_TRI_UNKNOWN);
	ck_assert_uint_eq(t.lock_flag[DA_LOCK_P2P], DA_TRI_FALSE);
}
END_TEST

START_TEST(reads_config_space)
{
	struct da_ticket t = parsed(good);

	ck_assert_uint_eq(t.page_unit, DA_UNIT_PAGE);
	ck_assert_uint_eq(t.bar_base, DA_BASE_ALIGNED);
	ck_assert_uint_eq(t.pci.vendor, 0x10de);
	ck_assert_uint_eq(t.pci.device, 0x2330);
	ck_assert_uint_eq(t.pci.class_code, 0x030200);
	ck_assert_uint_eq(t.pci.subsystem_vendor, 0x10de);
	ck_assert_uint_eq(t.pci.subsystem_device, 0x16c1);
	ck_assert_uint_eq(t.pci.tee, DA_TRI_TRUE);
	ck_assert_uint_eq(t.pci.bar[0].address, 0xffffffff80000000);
	ck_assert_uint_eq(t.pci.bar[0].size, 0x1000000);
	ck_assert_uint_eq(t.pci.bar[1].size, 0);
	ck_assert_uint_eq(t.pci.bar[4].size, 0x2000);
	ck_assert_uint_eq(t.pci.msix, 1);
	ck_assert_uint_eq(t.pci.has_revision, 1);
	ck_assert_uint_eq(t.pci.revision, 0xa1);
	ck_assert_uint_eq(t.pci.has_serial, 1);
	ck_assert_uint_eq(t.pci.serial, 0x0123456789abcdef);
	ck_assert_uint_eq(t.pci.msix_bir, 4);
	/* In the table's BAR, as nobody says else. */
	ck_assert_uint_eq(t.pci.msix_pba_bir, 4);
	ck_assert_uint_eq(t.pci.msix_table, 0x2000);
	ck_assert_uint_eq(t.pci.msix_pba, 0x3000);
	ck_assert_uint_eq(t.pci.msix_entries, 16);
}
END_TEST

START_TEST(the_pending_bits_may_have_a_bar_of_their_own)
{
	char *text = replaced(good, "\"bir\": 4", "\"pba-bir\": 0, "
	    "\"bir\": 4");
	struct da_ticket t = parsed(text);

	ck_assert_uint_eq(t.pci.msix_bir, 4);
	ck_assert_uint_eq(t.pci.msix_pba_bir, 0);
	free(text);
}
END_TEST

/* Absent is unknown, in every field that may be absent. */
START_TEST(reads_the_least)
{
	struct da_ticket t = parsed("{\"version\":1,\"platform\":\"tdx\","
	    "\"bound\":false}");
	struct da_ticket zero;

	memset(&zero, 0, sizeof(zero));
	zero.version = 1;
	zero.platform = DA_PLATFORM_TDX;
	ck_assert_mem_eq(&t, &zero, sizeof(t));
}
END_TEST

START_TEST(null_is_unknown)
{
	struct da_ticket t = parsed("{\"version\":1,\"platform\":\"tdx\","
	    "\"bound\":false,\"state\":{\"value\":null,\"trusted\":true},"
	    "\"tokens\":{\"lock\":null},\"tokens-at-lock\":null,\"nonce\":null,"
	    "\"measurements-fresh\":null,\"link\":{\"spdm\":null,\"ide\":null},"
	    "\"hash\":null,\"slot\":null,\"page-unit\":null,\"bar-base\":null,"
	    "\"pci\":{\"tee\":null,\"revision\":null,\"serial\":null,\"bars\":[],\"msix\":null},"
	    "\"digests\":{\"chain\":null},\"lock-flags\":{\"bind-p2p\":null}}");
	struct da_ticket zero;

	memset(&zero, 0, sizeof(zero));
	zero.version = 1;
	zero.platform = DA_PLATFORM_TDX;
	zero.state_trusted = 1;
	ck_assert_mem_eq(&t, &zero, sizeof(t));
}
END_TEST

/* A field that firmware never filled is no digest. */
START_TEST(unfilled_digests_are_absent)
{
	struct da_ticket t;
	char *text;

	text = replaced(good, "\"report\": \"" H96, "\"chain\": \"" OF_NOTHING
	    "\", \"measurements\": \"000000000000000000000000000000000000000000"
	    "000000000000000000000000000000000000000000000000000000");
	t = parsed(text);
	ck_assert_uint_eq(t.digest[DA_DIGEST_VCA].len, 48);
	ck_assert_uint_eq(t.digest[DA_DIGEST_CHAIN].len, 0);
	ck_assert_uint_eq(t.digest[DA_DIGEST_MEASUREMENTS].len, 0);
	free(text);
}
END_TEST

/* -- there and back -- */

static void
survives(const struct da_ticket *ticket)
{
	struct da_json *v = da_ticket_to_json(ticket);
	struct da_ticket back = parsed(da_json_text(v));
	struct da_json *again = da_ticket_to_json(&back);

	ck_assert_mem_eq(&back, ticket, sizeof(back));
	ck_assert_str_eq(da_json_text(v), da_json_text(again));
	da_json_free(v);
	da_json_free(again);
}

START_TEST(there_and_back)
{
	struct da_ticket t = parsed(good);

	survives(&t);
	for (uint8_t state = 0; state <= DA_STATE_ERROR; state++) {
		t.state = state;
		survives(&t);
	}
	for (uint8_t p = DA_PLATFORM_NONE + 1; p < DA_PLATFORM_COUNT; p++) {
		t.platform = p;
		survives(&t);
	}
	for (uint8_t base = 0; base <= DA_BASE_ZERO; base++) {
		t.bar_base = base;
		t.page_unit = base % 3;
		survives(&t);
	}
	t.pci.msix_pba_bir = 5;
	survives(&t);
	t.pci.has_revision = t.pci.has_serial = 0;
	t.pci.revision = 0;
	t.pci.serial = 0;
	survives(&t);
	memset(&t, 0, sizeof(t));
	t.version = 1;
	t.platform = DA_PLATFORM_EMULATED;
	survives(&t);
}
END_TEST

START_TEST(writes_the_contracts_keys)
{
	static const char *const keys[] = { "version", "platform", "abi",
	    "device", "bound", "state", "tokens", "tokens-at-lock", "nonce",
	    "measurements-fresh", "link", "objects-from", "hash", "slot",
	    "page-unit", "bar-base", "pci", "digests", "lock-flags" };
	struct da_ticket t = parsed(good);
	struct da_json *v = da_ticket_to_json(&t);

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		ck_assert_msg(da_json_get(v, keys[i]) != NULL, "%s", keys[i]);
	da_json_free(v);
}
END_TEST

/* A ticket that another process filled with anything is still only data. */
START_TEST(nonsense_is_written_safely)
{
	struct da_ticket t;
	struct da_json *v;

	memset(&t, 0xff, sizeof(t));
	v = da_ticket_to_json(&t);
	ck_assert_ptr_nonnull(da_json_text(v));
	/* No length is believed that its field could not hold. */
	ck_assert_ptr_null(da_json_get(da_json_get(v, "tokens"), "lock"));
	ck_assert_ptr_null(da_json_get(da_json_get(v, "digests"), "chain"));
	da_json_free(v);
}
END_TEST

/* -- refusals -- */

static const struct refused {
	const char *from, *to, *error;
	uint32_t line;
} refused[] = {
	{ "\"message\"", "\"massage\"", "unknown key", 17 },
	{ "\"trusted\"", "\"trust\"", "unknown key", 3 },
	{ "\"0202\"", "\"0202\", \"session\": \"01\"", "unknown key", 4 },
	{ "\"ide\"", "\"tls\"", "unknown key", 7 },
	{ "\"subsystem\"", "\"subsys\"", "unknown key", 11 },
	{ "\"vca\"", "\"spdm\"", "unknown key", 15 },
	{ "\"lock-msix\"", "\"msix\"", "unknown key", 16 },
	{ "\"pba\"", "\"pbi\"", "unknown key", 14 },
	{ "\"version\": 1, ", "", "a key is missing", 1 },
	{ "\"platform\": \"sev-tio\", ", "", "a key is missing", 1 },
	{ ", \"bound\": true", "", "a key is missing", 1 },
	{ ", \"trusted\": false", "", "a key is missing", 3 },
	{ ", \"entries\": 16", "", "a key is missing", 14 },
	{ "\"address\": \"0x0\", ", "", "a key is missing", 13 },
	{ "\"version\": 1", "\"version\": 2", "an integer out of range", 1 },
	{ "\"sev-tio\"", "\"sgx\"", "no such platform", 1 },
	{ "\"sev-tio\"", "\"none\"", "no such platform", 1 },
	{ "\"abi\": \"2\"", "\"abi\": \"12345678\"", "not an ABI's name", 1 },
	{ "\"abi\": \"2\"", "\"abi\": \"\"", "not an ABI's name", 1 },
	{ "\"abi\": \"2\"", "\"abi\": \"a b\"", "not an ABI's name", 1 },
	{ "0000:01:00.0", "0000:01:00", "not a device like", 2 },
	{ "0000:01:00.0", "0000:01:00.8", "not a device like", 2 },
	{ "0000:01:00.0", "0000:01:20.0", "not a device like", 2 },
	{ "0000:01:00.0", "0000:01:00.00", "not a device like", 2 },
	{ "0000:01:00.0", "0000-01:00.0", "not a device like", 2 },
	{ "0000:01:00.0", "", "not a device like", 2 },
	{ "\"bound\": true", "\"bound\": 1", "true or false must stand here",
	    2 },
	{ "\"bound\": true", "\"bound\": null", "true or false must stand here",
	    1 },
	{ "\"locked\"", "\"unknown\"", "no such state", 3 },
	{ "\"0202\"", "\"\"", "not the hex digits of 1 to 32 bytes", 4 },
	{ "\"0202\"", "\"" NONCE "00\"", "not the hex digits of 1 to 32", 4 },
	{ "\"0202\"", "\"020\"", "not the hex digits of 1 to 32 bytes", 4 },
	{ "\"nonce\": \"0123", "\"nonce\": \"01", "not 64 hex digits", 6 },
	{ "\"nonce\": \"0123", "\"nonce\": \"g123", "not 64 hex digits", 6 },
	{ "\"spdm\": true", "\"spdm\": \"yes\"", "true or false must stand",
	    7 },
	{ "\"tsm\"", "\"guest\"", "none of the words", 8 },
	{ "\"tsm\"", "null", "a string must stand here", 1 },
	{ "\"sha384\"", "\"sha1\"", "no such hash algorithm", 9 },
	{ "\"sha384\"", "\"sha256\"", "not the hex digits of one digest", 15 },
	{ "\"hash\": \"sha384\", ", "", "a digest without \"hash\"", 15 },
	{ "\"slot\": 7", "\"slot\": 16", "an integer out of range", 9 },
	{ "\"slot\": 7", "\"slot\": -1", "an integer out of range", 9 },
	{ "\"page\"", "\"pages\"", "none of the words", 9 },
	{ "\"aligned\"", "\"unaligned\"", "none of the words", 9 },
	{ "\"10de\"", "\"10d\"", "hex digits, or not as many as asked", 10 },
	{ "\"030200\"", "\"0302\"", "hex digits, or not as many", 10 },
	{ "\"10de:16c1\"", "\"10de16c1\"", "not ids like", 11 },
	{ "\"10de:16c1\"", "\"10de:16c1:0\"", "not ids like", 11 },
	{ "\"10de:16c1\"", "\"10de:\"", "not ids like", 11 },
	{ "\"a1\"", "\"0a1\"", "hex digits, or not as many", 11 },
	{ "\"a1\"", "161", "a string must stand here", 11 },
	{ "\"0123456789abcdeF\"", "\"123456789abcdeF\"",
	    "hex digits, or not as many", 11 },
	{ "\"bir\": 4", "\"bir\": 4, \"pba-bir\": 6",
	    "an integer out of range", 14 },
	{ "\"index\": 4", "\"index\": 6", "an integer out of range", 13 },
	{ "\"index\": 4", "\"index\": 0", "a BAR stands twice", 13 },
	{ "\"0x1000000\"", "\"0x0\"", "a BAR without a size", 12 },
	{ "\"0x1000000\"", "\"1000000\"", "not a number like", 12 },
	{ "\"0x1000000\"", "\"0x\"", "not a number like", 12 },
	{ "\"0x1000000\"", "\"0x11111111111111111\"", "not a number like", 12 },
	{ "\"0x1000000\"", "16777216", "a string must stand here", 12 },
	{ "\"bir\": 4", "\"bir\": 6", "an integer out of range", 14 },
	{ "\"table\": \"0x2000\"", "\"table\": \"0x100000000\"",
	    "not a number like", 14 },
	{ "\"entries\": 16", "\"entries\": 0", "an integer out of range", 14 },
	{ "\"entries\": 16", "\"entries\": 2049", "an integer out of", 14 },
	{ "\"vca\": \"0123", "\"vca\": \"01", "not the hex digits of one", 15 },
	{ "\"vca\": \"0123", "\"vca\": \"x123", "not the hex digits of one",
	    15 },
	{ "\"bind-p2p\": false", "\"bind-p2p\": 0", "true or false must", 16 },
	{ "\"00Ff\"", "\"00F\"", "not hex digits", 17 },
	{ "\"00Ff\"", "\"00Fg\"", "not hex digits", 17 },
	{ "\"message\": \"00Ff\"", "\"version\": 1", "a key stands twice", 17 },
	{ "\"slot\": 7", "\"slot\": 7.0", "a fraction or exponent", 9 },
};

START_TEST(refuses)
{
	const struct refused *r = &refused[_i];
	char *text = replaced(good, r->from, r->to);
	struct da_slice exact = exactly(text, strlen(text));
	struct da_json_error error = { "", 0, 0 };
	struct da_ticket ticket, before;

	memset(&ticket, 0xee, sizeof(ticket));
	before = ticket;
	ck_assert_msg(!da_ticket_from_json(exact, &ticket, &error), "%s",
	    r->to);
	ck_assert_msg(strncmp(error.text, r->error, strlen(r->error)) == 0,
	    "%s: %s", r->to, error.text);
	ck_assert_msg(error.line == r->line, "%s: line %u", r->to, error.line);
	ck_assert_mem_eq(&ticket, &before, sizeof(ticket));
	free((void *)(uintptr_t)exact.p);
	free(text);
}
END_TEST

START_TEST(no_prefix_passes)
{
	struct da_json_error error;
	struct da_ticket ticket;

	for (size_t n = 0; n < sizeof(good) - 1; n++) {
		struct da_slice text = exactly(good, n);

		ck_assert(!da_ticket_from_json(text, &ticket, &error));
		free((void *)(uintptr_t)text.p);
	}
}
END_TEST

static Suite *
suite(void)
{
	Suite *s = suite_create("ticket_json");
	TCase *t = tcase_create("ticket_json");

	tcase_add_test(t, reads_what_the_tsm_says);
	tcase_add_test(t, reads_config_space);
	tcase_add_test(t,
	    the_pending_bits_may_have_a_bar_of_their_own);
	tcase_add_test(t, reads_the_least);
	tcase_add_test(t, null_is_unknown);
	tcase_add_test(t, unfilled_digests_are_absent);
	tcase_add_test(t, there_and_back);
	tcase_add_test(t, writes_the_contracts_keys);
	tcase_add_test(t, nonsense_is_written_safely);
	tcase_add_loop_test(t, refuses, 0,
	    sizeof(refused) / sizeof(refused[0]));
	tcase_add_test(t, no_prefix_passes);
	tcase_set_timeout(t, 60);
	suite_add_tcase(s, t);
	return s;
}

int
main(void)
{
	return run_suite(suite());
}
