/* SPDX-License-Identifier: Apache-2.0 */
#include "demo.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "demo_run.h"
#include "demo_tell.h"

/* What the host tries, and who must catch it. */
static const struct attack {
	const char *name;	/* of devattest-attacker */
	const char *text;
	bool needs_other;
	struct demo_expected by_digest, without;
	const char *catcher;	/* of `without`, in words */
} attacks[] = {
	{ "flip-measurement",
	    "It changes one byte of what the device measured.",
	    false,
	    { 7, "tsm-digest-measurements", "DIGEST_DIFFERS" },
	    { 2, "signature", "SIGNATURE_WRONG" },
	    "the device's signature" },
	{ "replay", "It plays back an old answer that it once recorded.",
	    false,
	    { 7, "tsm-digest-measurements", "DIGEST_DIFFERS" },
	    { 6, "nonce", "NONCE_DIFFERS" },
	    "the nonce, which was not in the old answer" },
	/* No anchor is class 3; the signature fails, too, and that is 2. */
	{ "other-chain", "It shows the certificates of another maker's device.",
	    true,
	    { 7, "tsm-digest-chain", "DIGEST_DIFFERS" },
	    { 2, "chain", "ROOT_UNKNOWN" },
	    "the owner's trust anchor" },
};

#define N_ATTACKS	(sizeof(attacks) / sizeof(attacks[0]))

struct wishes {
	const char *spdm;
	bool keep;
};

/* -- the parts that are played -- */

static bool
start_machine(struct demo *d, const char *name, const char *spdm,
    const char *vendor)
{
	struct demo_words words = { 0 };
	char folder[PATH_MAX + 32];
	bool ready;

	snprintf(folder, sizeof(folder), "%s/%s", d->folder, name);
	mkdir(folder, 0755);
	demo_word(&words, "--dir");
	demo_word(&words, "%s", folder);
	demo_word(&words, "--spdm");
	demo_word(&words, "%s", spdm);
	demo_word(&words, "--name");
	demo_word(&words, "%s", vendor);
	ready = demo_start(d, "devattest-emulator", geteuid(), &words);
	demo_words_free(&words);
	return ready;
}

static bool
start_host(struct demo *d, const char *program, uid_t uid, const char *socket,
    const char *machine, struct demo_words *words)
{
	char path[PATH_MAX + 32];
	bool ready;

	snprintf(path, sizeof(path), "%s/net/%s", d->folder, socket);
	demo_word(words, "--listen");
	demo_word(words, "unix:%s", path);
	demo_word(words, "--upstream");
	demo_word(words, "unix:%s/%s/host/evidence.sock", d->folder, machine);
	/* The guest's receiver is another user, and this socket its way. */
	words->mask = 0111;
	ready = demo_start(d, program, uid, words);
	demo_words_free(words);
	return ready;
}

static int
run_daemon(struct demo *d, const char *machine, const char *socket,
    const char *form, const char *out_path, void (*told)(const char *line))
{
	struct demo_words words = { 0 };
	int class;

	demo_word(&words, "--kernel");
	demo_word(&words, "soft:%s/%s/guest/kernel.sock", d->folder, machine);
	demo_word(&words, "--connect");
	demo_word(&words, "unix:%s/net/%s", d->folder, socket);
	demo_word(&words, "--policy");
	demo_word(&words, "%s/%s/owner/policy.json", d->folder, machine);
	demo_word(&words, "--roots");
	demo_word(&words, "%s/%s/owner/roots", d->folder, machine);
	demo_word(&words, "--once");
	demo_word(&words, "%s", form);
	class = demo_run(d, "devattestd", &words, out_path, told);
	demo_words_free(&words);
	return class;
}

/* -- the scenes -- */

static bool
honest(struct demo *d, const struct wishes *w)
{
	struct demo_words words = { 0 };
	char out[PATH_MAX + 32];
	int class;

	snprintf(out, sizeof(out), "%s/honest.txt", d->folder);
	if (!start_machine(d, "m", w->spdm, "Emulated Vendor") ||
	    !start_host(d, "devattest-relay", d->host_uid, "relay.sock", "m",
	    &words))
		return demo_tell_failure(d->error);
	class = run_daemon(d, "m", "relay.sock", "--verbose", out,
	    demo_tell_line);
	demo_stop_all(d);
	return demo_tell_accepted(class, out);
}

/*
 * One forgery against a fresh machine.  With `agrees` the emulated TSM is made
 * to say the digests of the forged bytes: no host can do that; it shows what
 * stands behind the digest.
 */
static bool
forge(struct demo *d, const struct wishes *w, const struct attack *a, char at,
    bool agrees, const char *out)
{
	struct demo_words words = { 0 };
	uid_t uid = agrees ? geteuid() : d->host_uid;
	char target[8], other[16], sock[16];

	/* Short names: a socket's path has room for some hundred bytes. */
	snprintf(target, sizeof(target), "%c%d", at, agrees);
	snprintf(other, sizeof(other), "%s-o", target);
	snprintf(sock, sizeof(sock), "%s.sock", target);
	demo_word(&words, "--attack");
	demo_word(&words, "%s", a->name);
	if (a->needs_other)
		demo_word(&words, "--other=unix:%s/%s/host/evidence.sock",
		    d->folder, other);
	if (agrees)
		demo_word(&words, "--control=unix:%s/%s/test/control.sock",
		    d->folder, target);
	if (!start_machine(d, target, w->spdm, "Emulated Vendor") ||
	    (a->needs_other &&
	    !start_machine(d, other, w->spdm, "Another Vendor")) ||
	    !start_host(d, "devattest-attacker", uid, sock, target, &words)) {
		demo_words_free(&words);
		return demo_tell_failure(d->error);
	}
	run_daemon(d, target, sock, "--json", out, NULL);
	demo_stop_all(d);
	return true;
}

static int
attack(struct demo *d, const struct wishes *w, const struct attack *a, char at)
{
	char out[PATH_MAX + 32];
	int caught = 0;

	snprintf(out, sizeof(out), "%s/%s.json", d->folder, a->name);
	demo_tell_attack(at, a->text);
	if (forge(d, w, a, at, false, out))
		caught += demo_tell_refused("the TSM's digest", out,
		    &a->by_digest);
	demo_tell_agreeing();
	if (!demo_interrupted() && forge(d, w, a, at, true, out))
		caught += demo_tell_refused(a->catcher, out, &a->without);
	return caught;
}

static bool
dishonest(struct demo *d, const struct wishes *w, int *ret_caught)
{
	*ret_caught = 0;
	for (size_t i = 0; i < N_ATTACKS && !demo_interrupted(); i++)
		*ret_caught += attack(d, w, &attacks[i], (char)('a' + i));
	return *ret_caught == 2 * (int)N_ATTACKS;
}

static bool
play(struct demo *d, const struct wishes *w)
{
	int caught = 0;
	bool accepted, refused = false;

	demo_tell_cast(d->host_uid, geteuid());
	accepted = honest(d, w);
	if (!demo_interrupted()) {
		demo_tell_second();
		refused = dishonest(d, w, &caught);
	}
	if (demo_interrupted())
		return demo_tell_failure("interrupted");
	demo_tell_result(accepted, caught, 2 * (int)N_ATTACKS);
	return accepted && refused;
}

/* -- the verb -- */

static bool
read_wishes(int argc, char **argv, struct wishes *ret)
{
	for (int i = 1; i < argc; i++) {
		bool is_spdm = strcmp(argv[i], "--spdm") == 0;

		if (strcmp(argv[i], "--keep") == 0)
			ret->keep = true;
		else if (is_spdm && i + 1 < argc &&
		    (strcmp(argv[i + 1], "1.2") == 0 ||
		    strcmp(argv[i + 1], "1.3") == 0))
			ret->spdm = argv[++i];
		else {
			fprintf(stderr, "devattest demo: %s: %s\n", argv[i],
			    is_spdm ? "takes 1.2 or 1.3" : "no such option");
			return false;
		}
	}
	return true;
}

int
da_demo_main(int argc, char **argv)
{
	struct wishes wishes = { .spdm = "1.3" };
	struct demo d;
	bool went_well;

	if (!read_wishes(argc, argv, &wishes))
		return 1;
	demo_tell_start();
	went_well = demo_open(&d) ? play(&d, &wishes) :
	    demo_tell_failure(d.error);
	demo_close(&d, wishes.keep);
	if (wishes.keep && d.folder[0] != '\0')
		printf("\nKept: %s\n", d.folder);
	fflush(stdout);
	return went_well ? 0 : 1;
}
