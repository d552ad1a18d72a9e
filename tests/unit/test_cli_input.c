/* SPDX-License-Identifier: Apache-2.0 */
#include <openssl/pem.h>

#include "guestd/cli.h"
#include "makecert.h"

#define NONCE_HEX \
	"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
#define ID	7

static char folder[64];
static struct da_options options;
static struct da_slice root, middle, leaf;

static void
set_up(void)
{
	EVP_PKEY *a = new_key("P-256"), *b = new_key("P-256");
	struct cert_plan r = ca_plan("root", a, "root", a);
	struct cert_plan m = ca_plan("middle", b, "root", a);
	struct cert_plan l = leaf_plan("leaf", a, "middle", b);

	root = make_cert(&r);
	middle = make_cert(&m);
	leaf = make_cert(&l);
	options = (struct da_options){ .verb = DA_VERB_VERIFY };
	snprintf(folder, sizeof(folder), "/tmp/devattest-input-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
}

static void
tear_down(void)
{
	char command[96];

	snprintf(command, sizeof(command), "rm -rf '%s'", folder);
	ck_assert_int_eq(system(command), 0);
}

/* A file of the folder; its path lives until the process ends. */
static const char *
file_of(const char *name, struct da_slice bytes)
{
	char *path = keep(128);
	FILE *f;

	snprintf(path, 128, "%s/%s", folder, name);
	f = fopen(path, "wb");
	ck_assert_ptr_nonnull(f);
	ck_assert_uint_eq(fwrite(bytes.p, 1, bytes.n, f), bytes.n);
	ck_assert_int_eq(fclose(f), 0);
	return path;
}

static const char *
text_file(const char *name, const char *text)
{
	return file_of(name, da_slice_str(text));
}

static void
add_root(const char *path)
{
	options.repeated[options.n_repeated++] =
	    (struct da_repeated){ DA_OPT_ROOT, path };
}

static struct cli_input *
loaded(void)
{
	struct cli_refusal r = { 0 };
	struct cli_input *in = cli_input_load(&options, &r);

	ck_assert_msg(in != NULL, "class %d, %s, %s", r.exit_class,
	    r.misuse.text, da_fault_text(r.fault.why)->name);
	return in;
}

static struct cli_refusal
refused(int class)
{
	struct cli_refusal r = { 0 };

	ck_assert_ptr_null(cli_input_load(&options, &r));
	ck_assert_msg(r.exit_class == class, "class %d, %s, %s", r.exit_class,
	    r.misuse.text, da_fault_text(r.fault.why)->name);
	ck_assert(class != 1 || r.misuse.text[0] != '\0');
	return r;
}

#define ck_refused(class, name, of_part) do {				\
	struct cli_refusal r_ = refused(class);				\
	ck_fault(r_.fault, name);					\
	ck_assert_int_eq(r_.fault.part, of_part);			\
} while (0)

/* -- PEM and anchors -- */

static void
put_pem(struct buf *b, struct da_slice der)
{
	BIO *bio = BIO_new(BIO_s_mem());
	char *text;
	long n;

	ck_assert_int_gt(PEM_write_bio(bio, "CERTIFICATE", "", der.p,
	    (long)der.n), 0);
	n = BIO_get_mem_data(bio, &text);
	put_bytes(b, text, (size_t)n);
	BIO_free(bio);
}

static struct da_slice
both(struct da_slice a, struct da_slice b)
{
	struct buf buf = { 0 };

	put_slice(&buf, a);
	put_slice(&buf, b);
	return buf_slice(&buf);
}

START_TEST(anchors_are_der_or_pem_one_or_many)
{
	struct buf pem = { 0 };
	struct cli_input *in;

	put_bytes(&pem, "a comment\n", 10);
	put_pem(&pem, root);
	put_pem(&pem, middle);
	add_root(file_of("pem", buf_slice(&pem)));
	add_root(file_of("der", root));
	add_root(file_of("two", both(middle, leaf)));
	in = loaded();
	ck_assert_int_eq(in->ask.anchors.n, 5);
	ck_assert(da_slice_eq(in->ask.anchors.der[0], root));
	ck_assert(da_slice_eq(in->ask.anchors.der[1], middle));
	ck_assert(da_slice_eq(in->ask.anchors.der[2], root));
	ck_assert(da_slice_eq(in->ask.anchors.der[4], leaf));
	cli_input_free(in);
}
END_TEST

START_TEST(a_spoilt_anchor_is_malformed)
{
	struct da_slice cut = exact(root, root.n - 1);

	add_root(file_of("cut", cut));
	ck_refused(8, DA_F_SHORT, DA_PART_ROOT);
	options.repeated[0].value = text_file("word", "no certificate\n");
	refused(8);
	options.repeated[0].value = text_file("empty", "");
	ck_refused(8, DA_F_EMPTY, DA_PART_ROOT);
	options.repeated[0].value = "/nowhere/root.der";
	refused(1);
}
END_TEST

START_TEST(more_anchors_than_the_cap_are_refused)
{
	struct buf many = { 0 };

	for (int i = 0; i < DA_MAX_ANCHORS; i++)
		put_slice(&many, root);
	add_root(file_of("many", buf_slice(&many)));
	cli_input_free(loaded());
	add_root(file_of("one", root));
	ck_refused(8, DA_F_CHAIN_TOO_MANY, DA_PART_ROOT);
}
END_TEST

START_TEST(a_pem_chain_comes_out_root_first)
{
	struct buf up = { 0 }, down = { 0 };
	struct cli_input *in;

	put_pem(&up, leaf);
	put_pem(&up, middle);
	put_pem(&up, root);
	put_pem(&down, root);
	put_pem(&down, middle);
	put_pem(&down, leaf);
	for (int i = 0; i < 2; i++) {
		options.value[DA_OPT_CHAIN_PEM] = file_of("chain",
		    buf_slice(i == 0 ? &up : &down));
		in = loaded();
		ck_assert_int_eq(in->bundle.chain_form, DA_CHAIN_DER);
		ck_assert(da_slice_eq(in->bundle.part[DA_PART_CHAIN],
		    both(both(root, middle), leaf)));
		cli_input_free(in);
	}
}
END_TEST

/* A block that is cut off must not be left out without a word. */
START_TEST(a_cut_pem_chain_is_malformed)
{
	struct buf pem = { 0 };
	size_t first;

	put_pem(&pem, leaf);
	first = pem.n;
	put_pem(&pem, middle);
	for (size_t n = first + 28; n < pem.n - 1; n += 50) {
		options.value[DA_OPT_CHAIN_PEM] = file_of("cut",
		    exact(buf_slice(&pem), n));
		ck_refused(8, DA_F_SHORT, DA_PART_CHAIN);
	}
	options.value[DA_OPT_CHAIN_PEM] = text_file("none", "no block\n");
	ck_refused(8, DA_F_CHAIN_NO_CERT, DA_PART_CHAIN);
	pem.p[40] = '*';
	options.value[DA_OPT_CHAIN_PEM] = file_of("bad", buf_slice(&pem));
	refused(8);
}
END_TEST

/* -- words -- */

START_TEST(a_nonce_is_hex_or_a_file)
{
	struct cli_input *in;
	uint8_t bytes[DA_NONCE + 1];

	for (unsigned int i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)i;
	options.value[DA_OPT_NONCE] = NONCE_HEX;
	in = loaded();
	ck_assert(da_slice_eq(in->ask.nonce, da_slice_of(bytes, DA_NONCE)));
	cli_input_free(in);
	options.value[DA_OPT_NONCE] = file_of("nonce",
	    da_slice_of(bytes, DA_NONCE));
	in = loaded();
	ck_assert(da_slice_eq(in->ask.nonce, da_slice_of(bytes, DA_NONCE)));
	cli_input_free(in);
	options.value[DA_OPT_NONCE] = file_of("short", da_slice_of(bytes, 31));
	ck_refused(8, DA_F_SHORT, DA_PART_NONCE);
	options.value[DA_OPT_NONCE] = file_of("long", da_slice_of(bytes, 33));
	ck_refused(8, DA_F_TOO_LONG, DA_PART_NONCE);
	options.value[DA_OPT_NONCE] = "0011";
	refused(1);
	options.value[DA_OPT_NONCE] = NONCE_HEX "0";
	refused(1);
}
END_TEST

/* Its own, and never the other one. */
START_TEST(a_challenge_has_a_nonce_of_its_own)
{
	static const uint8_t nonce[DA_NONCE] = { 7 };
	struct cli_refusal r;
	struct cli_input *in;

	options.value[DA_OPT_CHALLENGE] = text_file("challenge", "bytes");
	options.value[DA_OPT_CHALLENGE_NONCE] = file_of("nonce",
	    da_slice_of(nonce, DA_NONCE));
	options.value[DA_OPT_NONCE] = NONCE_HEX;
	in = loaded();
	ck_assert(da_slice_eq(in->ask.challenge_nonce,
	    da_slice_of(nonce, DA_NONCE)));
	ck_assert_uint_eq(in->ask.nonce.p[1], 1);
	cli_input_free(in);
	options.value[DA_OPT_CHALLENGE_NONCE] = "0011";
	r = refused(1);
	ck_assert_ptr_nonnull(strstr(r.misuse.text, "--challenge-nonce"));
	options.value[DA_OPT_CHALLENGE_NONCE] = file_of("short",
	    da_slice_of(nonce, 31));
	ck_refused(8, DA_F_SHORT, DA_PART_NONCE);
	/* No CHALLENGE could answer it. */
	options.value[DA_OPT_CHALLENGE_NONCE] = NONCE_HEX;
	options.value[DA_OPT_CHALLENGE] = NULL;
	refused(1);
}
END_TEST

START_TEST(words_that_say_nothing_are_misuse)
{
	options.value[DA_OPT_AT] = "yesterday";
	refused(1);
	options.value[DA_OPT_AT] = "2026-11-23T00:00:00Z";
	cli_input_free(loaded());
	options.value[DA_OPT_ALGORITHMS] = "ecdsa-p384";
	refused(1);
	options.value[DA_OPT_ALGORITHMS] = "ecdsa-p384,md5";
	refused(1);
	options.value[DA_OPT_ALGORITHMS] = "ecdsa-p384,sha384";
	cli_input_free(loaded());
	options.value[DA_OPT_DEVICE] = "1:2";
	refused(1);
}
END_TEST

/* The order of classes, not of options, decides. */
START_TEST(misuse_comes_before_malformed)
{
	options.value[DA_OPT_CHAIN] = text_file("empty", "");
	ck_refused(8, DA_F_EMPTY, DA_PART_CHAIN);
	options.value[DA_OPT_REPORT] = "/nowhere/report.bin";
	refused(1);
}
END_TEST

START_TEST(each_part_keeps_its_cap)
{
	static const struct {
		enum da_option option;
		enum da_part part;
		size_t cap;
	} parts[] = {
		{ DA_OPT_CHAIN, DA_PART_CHAIN, DA_MAX_CHAIN },
		{ DA_OPT_VCA, DA_PART_VCA, DA_MAX_VCA },
		{ DA_OPT_MEASUREMENTS, DA_PART_MEASUREMENTS, DA_MAX_MEAS },
		{ DA_OPT_REPORT, DA_PART_REPORT, DA_MAX_REPORT },
		{ DA_OPT_CHALLENGE, DA_PART_CHALLENGE, DA_MAX_CHALLENGE },
		{ DA_OPT_DIGESTS_CERTS, DA_PART_BETWEEN, DA_MAX_BETWEEN },
		{ DA_OPT_MEL, DA_PART_LOG, DA_MAX_LOG },
	};
	uint8_t *zeros = calloc(1, DA_MAX_MEAS + 1);

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		options = (struct da_options){ .verb = DA_VERB_VERIFY };
		options.value[parts[i].option] = file_of("cap",
		    da_slice_of(zeros, parts[i].cap));
		cli_input_free(loaded());
		file_of("cap", da_slice_of(zeros, parts[i].cap + 1));
		ck_refused(8, DA_F_TOO_LONG, parts[i].part);
	}
	free(zeros);
}
END_TEST

/* -- ticket and bundle -- */

START_TEST(a_ticket_that_is_none_is_malformed)
{
	struct cli_refusal r;

	options.value[DA_OPT_TICKET] = text_file("ticket",
	    "{ \"version\": 1,\n  \"platfrom\": \"emulated\" }");
	r = refused(8);
	ck_fault(r.fault, DA_F_TICKET_FORM);
	ck_assert_int_eq(r.fault.part, DA_PART_TICKET);
	ck_assert_uint_ge(r.fault.offset, 16);
	ck_assert_ptr_nonnull(strstr(r.misuse.text, "line 2"));
	options.value[DA_OPT_TICKET] = text_file("cut", "{ \"version\": 1,");
	ck_refused(8, DA_F_TICKET_FORM, DA_PART_TICKET);
	options.value[DA_OPT_TICKET] = text_file("empty", "");
	ck_refused(8, DA_F_EMPTY, DA_PART_TICKET);
}
END_TEST

static const char *
ticket_file(const char *more)
{
	char text[1024];

	snprintf(text, sizeof(text), "{ \"version\": 1, \"platform\": "
	    "\"emulated\", \"abi\": \"1\", \"device\": \"0000:01:00.0\", "
	    "\"bound\": true, \"state\": { \"value\": \"locked\", "
	    "\"trusted\": true }, \"hash\": \"sha384\"%s }", more);
	return text_file("ticket", text);
}

START_TEST(options_may_not_contradict_the_ticket)
{
	options.value[DA_OPT_TICKET] = ticket_file(", \"nonce\": \"" NONCE_HEX
	    "\"");
	options.value[DA_OPT_NONCE] = NONCE_HEX;
	options.value[DA_OPT_DEVICE] = "0000:01:00.0";
	cli_input_free(loaded());
	options.value[DA_OPT_DEVICE] = "0000:01:00.1";
	refused(1);
	options.value[DA_OPT_DEVICE] = NULL;
	options.value[DA_OPT_NONCE] = "ff0102030405060708090a0b0c0d0e0f"
	    "101112131415161718191a1b1c1d1e1f";
	refused(1);
}
END_TEST

static void
put_part(struct buf *b, uint16_t type, struct da_slice bytes)
{
	struct da_wire_head h = { type, 0, (uint32_t)bytes.n, ID };
	uint8_t head[DA_WIRE_HEAD_SIZE];

	da_wire_put_head(&h, head);
	put_bytes(b, head, sizeof(head));
	put_slice(b, bytes);
}

static const char *
bundle_file(void)
{
	struct da_wire_request q = { .wanted = DA_WIRE_WANT_ALL, .id = ID };
	uint8_t request[DA_WIRE_REQUEST_SIZE];
	struct buf b = { 0 };

	da_wire_put_request(&q, request);
	put_bytes(&b, request, sizeof(request));
	put_part(&b, 0, BYTES("chain of slot 0"));
	put_part(&b, 2, BYTES("chain of slot 2"));
	put_part(&b, DA_WIRE_REPORT, BYTES("report"));
	put_part(&b, DA_WIRE_END, da_slice_of(NULL, 0));
	return file_of("bundle", buf_slice(&b));
}

static const char *
hex_digest(struct da_slice bytes)
{
	struct da_hash_value h = da_hash_of(DA_HASH_SHA384, bytes);
	char *hex = keep(2 * DA_MAX_HASH + 1);

	for (size_t i = 0; i < h.n; i++)
		snprintf(hex + 2 * i, 3, "%02x", h.bytes[i]);
	return hex;
}

START_TEST(the_ticket_says_which_chain_of_a_bundle)
{
	struct cli_input *in;
	char digest[256];

	options.value[DA_OPT_BUNDLE] = bundle_file();
	in = loaded();
	ck_assert(!in->bundle.given[DA_PART_CHAIN]);
	ck_assert(in->bundle.given[DA_PART_REPORT] && in->has_answer);
	cli_input_free(in);

	options.value[DA_OPT_TICKET] = ticket_file(", \"slot\": 2");
	in = loaded();
	ck_assert(in->bundle.slot_known && in->bundle.slot == 2);
	cli_input_free(in);

	snprintf(digest, sizeof(digest), ", \"digests\": { \"chain\": \"%s\" "
	    "}", hex_digest(BYTES("chain of slot 2")));
	options.value[DA_OPT_TICKET] = ticket_file(digest);
	in = loaded();
	ck_assert(in->bundle.slot_known && in->bundle.slot == 2);
	ck_assert(da_slice_eq(in->bundle.part[DA_PART_CHAIN],
	    BYTES("chain of slot 2")));
	cli_input_free(in);
}
END_TEST

START_TEST(a_cut_bundle_is_malformed)
{
	options.value[DA_OPT_BUNDLE] = text_file("cut", "DARQ");
	ck_refused(8, DA_F_SHORT, DA_PART_ANSWER);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("inputs of the command line");
	TCase *tcase = tcase_create("inputs");

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_test(tcase, anchors_are_der_or_pem_one_or_many);
	tcase_add_test(tcase, a_spoilt_anchor_is_malformed);
	tcase_add_test(tcase, more_anchors_than_the_cap_are_refused);
	tcase_add_test(tcase, a_pem_chain_comes_out_root_first);
	tcase_add_test(tcase, a_cut_pem_chain_is_malformed);
	tcase_add_test(tcase, a_nonce_is_hex_or_a_file);
	tcase_add_test(tcase, a_challenge_has_a_nonce_of_its_own);
	tcase_add_test(tcase, words_that_say_nothing_are_misuse);
	tcase_add_test(tcase, misuse_comes_before_malformed);
	tcase_add_test(tcase, each_part_keeps_its_cap);
	tcase_add_test(tcase, a_ticket_that_is_none_is_malformed);
	tcase_add_test(tcase, options_may_not_contradict_the_ticket);
	tcase_add_test(tcase, the_ticket_says_which_chain_of_a_bundle);
	tcase_add_test(tcase, a_cut_bundle_is_malformed);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
