/* SPDX-License-Identifier: Apache-2.0 */
#include "demo.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "demo_run.h"
#include "demo_tell.h"

#define DEVICE		"0000:01:00.0"
#define ELSEWHERE	"0000:02:00.0"	/* another guest's */

/*
 * What the host tries, and who must catch it.  Where the TSM's digest does, it
 * is shown a second time with a TSM that agrees, for what stands behind it.
 */
static const struct trick {
	const char *text, *why;
	const char *attack;	/* of devattest-attacker; NULL: an honest one */
	const char *arrange;	/* of devattest-emulator; NULL: nothing */
	bool needs_other;	/* another maker's machine */
	struct demo_expected by_digest, then;
	const char *catcher;	/* of `then`, in words */
} tricks[] = {
	{ "It changes one byte of what the device measured.",
	    "Altered firmware would look like the firmware that is wanted.",
	    "flip-measurement", NULL, false,
	    { 7, "tsm-digest-measurements", "DIGEST_DIFFERS" },
	    { 2, "signature", "SIGNATURE_WRONG" },
	    "the device's signature" },
	{ "It plays back an old answer that it once recorded.",
	    "What was true then would count for now.",
	    "replay", NULL, false,
	    { 7, "tsm-digest-measurements", "DIGEST_DIFFERS" },
	    { 6, "nonce", "NONCE_DIFFERS" },
	    "the nonce, which was not in the old answer" },
	/* No anchor is class 3; the signature fails, too, and that is 2. */
	{ "It shows the certificates of another maker's device.",
	    "A device of the host's own making would do.",
	    "other-chain", NULL, true,
	    { 7, "tsm-digest-chain", "DIGEST_DIFFERS" },
	    { 2, "chain", "ROOT_UNKNOWN" },
	    "the owner's trust anchor" },
	{ "It gives the report of another device's interface.",
	    "The guest would take other memory for this device's.",
	    "swapped-report", NULL, false,
	    { 7, "tsm-digest-report", "DIGEST_DIFFERS" },
	    { 8, "report-shape", "RANGE_OUTSIDE" },
	    "the size of the device's own memory" },
	{ "It plugs in a device with firmware that the policy does not name.",
	    "An old one with a known hole, say.  The device says so honestly.",
	    NULL, "firmware 1 " DEVICE, false,
	    { 0, NULL, NULL },
	    { 5, "reference-values", "POLICY_MEASUREMENT" },
	    "the owner's policy" },
	{ "It lets a genuine device, but another guest's, sign our nonce.",
	    "All of it is true, but of a device that is not here.",
	    "relayed-device", NULL, false,
	    { 7, "tsm-digest-chain", "DIGEST_DIFFERS" },
	    { 2, "session-key", "SESSION_KEY" },
	    "the key that the TSM's session with the device ends in" },
	{ "It gives a report that calls a private range shared.",
	    "The guest's secrets would pass where the host can read them.",
	    "hiding-range", NULL, false,
	    { 7, "tsm-digest-report", "DIGEST_DIFFERS" },
	    { 5, "report-policy", "POLICY_REPORT" },
	    "the owner's policy, which says what may be shared" },
	{ "It hides that the device can be protected at all.",
	    "The guest would use it as it uses any other, unprotected.",
	    NULL, "hide-tee " DEVICE, false,
	    { 0, NULL, NULL },
	    { 5, NULL, "POLICY_NO_TEE" },
	    "the owner's policy: this make of device, or none" },
};

#define N_TRICKS	(sizeof(tricks) / sizeof(tricks[0]))

struct wishes {
	const char *spdm;
	bool keep;
};

/* -- the parts that are played -- */

/* `arrange` may be NULL. */
static bool
start_machine(struct demo *d, const char *name, const char *spdm,
    const char *vendor, const char *arrange)
{
	struct demo_words words = { 0 };
	char folder[PATH_MAX + 32];
	bool ready;

	snprintf(folder, sizeof(folder), "%s/%s", d->folder, name);
	mkdir(folder, 0755);
	demo_word(&words, "--dir=%s", folder);
	demo_word(&words, "--spdm=%s", spdm);
	demo_word(&words, "--name=%s", vendor);
	demo_word(&words, "--device=" DEVICE);
	demo_word(&words, "--elsewhere=" ELSEWHERE);
	if (arrange != NULL)
		demo_word(&words, "--arrange=%s", arrange);
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
	demo_word(&words, "--run");
	demo_word(&words, "%s/%s/run", d->folder, machine);
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
	if (!start_machine(d, "m", w->spdm, "Emulated Vendor", NULL) ||
	    !start_host(d, "devattest-relay", d->host_uid, "relay.sock", "m",
	    &words))
		return demo_tell_failure(d->error);
	class = run_daemon(d, "m", "relay.sock", "--verbose", out,
	    demo_tell_line);
	demo_stop_all(d);
	return demo_tell_accepted(class, out);
}

static bool
start_cheat(struct demo *d, const struct trick *t, const char *target,
    const char *other, const char *sock, bool agrees)
{
	struct demo_words words = { 0 };
	uid_t uid = agrees ? geteuid() : d->host_uid;

	if (t->attack == NULL)
		return start_host(d, "devattest-relay", uid, sock, target,
		    &words);
	demo_word(&words, "--attack=%s", t->attack);
	demo_word(&words, "--elsewhere=" ELSEWHERE);
	if (t->needs_other)
		demo_word(&words, "--other=unix:%s/%s/host/evidence.sock",
		    d->folder, other);
	if (agrees)
		demo_word(&words, "--control=unix:%s/%s/test/control.sock",
		    d->folder, target);
	return start_host(d, "devattest-attacker", uid, sock, target, &words);
}

/*
 * One try against a fresh machine.  With `agrees` the emulated TSM is made to
 * say the digests of the forged bytes: no host can do that; it shows what
 * stands behind the digest.
 */
static bool
cheat(struct demo *d, const struct wishes *w, const struct trick *t, char at,
    bool agrees, const char *out)
{
	char target[8], other[16], sock[16];

	/* Short names: a socket's path has room for some hundred bytes. */
	snprintf(target, sizeof(target), "%c%d", at, agrees);
	snprintf(other, sizeof(other), "%s-o", target);
	snprintf(sock, sizeof(sock), "%s.sock", target);
	if (!start_machine(d, target, w->spdm, "Emulated Vendor",
	    t->arrange) ||
	    (t->needs_other &&
	    !start_machine(d, other, w->spdm, "Another Vendor", NULL)) ||
	    !start_cheat(d, t, target, other, sock, agrees))
		return demo_tell_failure(d->error);
	run_daemon(d, target, sock, "--json", out, NULL);
	demo_stop_all(d);
	return true;
}

static int
play_trick(struct demo *d, const struct wishes *w, const struct trick *t,
    char at)
{
	char out[PATH_MAX + 32];
	int caught = 0;

	snprintf(out, sizeof(out), "%s/%c.json", d->folder, at);
	demo_tell_attack(at, t->text, t->why);
	if (t->attack == NULL) {
		if (cheat(d, w, t, at, false, out))
			caught += demo_tell_refused(t->catcher, out, &t->then);
		return caught;
	}
	if (cheat(d, w, t, at, false, out))
		caught += demo_tell_refused("the TSM's digest", out,
		    &t->by_digest);
	demo_tell_agreeing();
	if (!demo_interrupted() && cheat(d, w, t, at, true, out))
		caught += demo_tell_refused(t->catcher, out, &t->then);
	return caught;
}

static int
tries_of(const struct trick *t)
{
	return t->attack == NULL ? 1 : 2;
}

/* How often it was caught, and how often it tried. */
static void
dishonest(struct demo *d, const struct wishes *w, struct demo_count *ret)
{
	for (size_t i = 0; i < N_TRICKS && !demo_interrupted(); i++) {
		int caught = play_trick(d, w, &tricks[i], (char)('a' + i));

		ret->attacks++;
		ret->tries += tries_of(&tricks[i]);
		ret->caught += caught;
	}
}

static bool
play(struct demo *d, const struct wishes *w)
{
	struct demo_count count = { 0 };
	bool accepted;

	demo_tell_cast(d->host_uid, geteuid());
	accepted = honest(d, w);
	if (!demo_interrupted()) {
		demo_tell_second();
		dishonest(d, w, &count);
	}
	if (demo_interrupted())
		return demo_tell_failure("interrupted");
	demo_tell_result(accepted, &count);
	return accepted && count.caught == count.tries;
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
