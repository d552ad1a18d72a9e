/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "attacks.h"
#include "config.h"
#include "hostrelay/address.h"
#include "hostrelay/serve.h"

static const char help[] =
"usage: devattest-attacker --listen unix:PATH --upstream unix:PATH\n"
"                          --attack NAME [--other unix:PATH]\n"
"                          [--control unix:PATH] [--device BDF]\n"
"                          [--elsewhere BDF]\n"
"\n"
"The host as an attacker, for demonstrations and tests with EMULATED devices:\n"
"it sits between the guest and an honest answerer of devattest-wire(7).\n"
"\n"
"  --listen unix:PATH   where the guest connects\n"
"  --upstream unix:PATH the honest answerer: a relay or an emulated device\n"
"  --attack NAME        what it does to the answer, one of\n";

static const char more_help[] =
"  --other unix:PATH    evidence of another emulated device, of the same BDF\n"
"  --control unix:PATH  test control of the emulated TSM, which then agrees\n"
"                       with what was forged: no digest catches it any more\n"
"  --device BDF         whose evidence is recorded beforehand, default\n"
"                       0000:01:00.0\n"
"  --elsewhere BDF      a genuine device that upstream has and the guest does\n"
"                       not, default 0000:02:00.0\n"
"  --ready-fd N         write one byte to descriptor N once it listens\n"
"  --help, --version\n";

struct options {
	const char *listen, *upstream, *attack, *other, *control, *device;
	const char *elsewhere, *ready;
};

static const struct option names[] = {
	{ "listen", required_argument, NULL, 'l' },
	{ "upstream", required_argument, NULL, 'u' },
	{ "attack", required_argument, NULL, 'a' },
	{ "other", required_argument, NULL, 'o' },
	{ "control", required_argument, NULL, 'c' },
	{ "device", required_argument, NULL, 'd' },
	{ "elsewhere", required_argument, NULL, 'e' },
	{ "ready-fd", required_argument, NULL, 'r' },
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, 'v' },
	{ 0 }
};

static int
misuse(const char *text)
{
	fprintf(stderr, "devattest-attacker: %s\n"
	    "Try 'devattest-attacker --help'.\n", text);
	return 1;
}

static int
show_help(void)
{
	fputs(help, stdout);
	for (size_t i = 0; emu_attack(i) != NULL; i++)
		printf("    %-18s %s\n", emu_attack(i)->name,
		    emu_attack(i)->text);
	fputs(more_help, stdout);
	return 0;
}

static const char **
place_of(struct options *o, int c)
{
	switch (c) {
	case 'l':
		return &o->listen;
	case 'u':
		return &o->upstream;
	case 'a':
		return &o->attack;
	case 'o':
		return &o->other;
	case 'c':
		return &o->control;
	case 'd':
		return &o->device;
	case 'e':
		return &o->elsewhere;
	case 'r':
		return &o->ready;
	default:
		return NULL;
	}
}

/* The exit status, or -1 to go on. */
static int
read_options(int argc, char **argv, struct options *o)
{
	int c;

	while ((c = getopt_long(argc, argv, "", names, NULL)) != -1) {
		const char **place = place_of(o, c);

		if (c == 'h')
			return show_help();
		if (c == 'v')
			return puts("devattest-attacker " PACKAGE_VERSION) < 0;
		if (place == NULL)
			return misuse("an option is not known");
		*place = optarg;
	}
	if (optind != argc)
		return misuse("there is an argument too many");
	if (o->listen == NULL || o->upstream == NULL || o->attack == NULL)
		return misuse("--listen, --upstream and --attack are needed");
	return -1;
}

/* NULL where the option is absent; false where it is no Unix socket. */
static bool
unix_path(const char *text, const char **ret)
{
	struct relay_address a = { 0 };

	if (text != NULL && (!relay_address_parse(text, &a) || a.is_vsock))
		return false;
	*ret = a.path;
	return true;
}

static int
set_up(const struct options *o, struct attacker *a, const char **ret_listen)
{
	const char *upstream, *other;

	if (!unix_path(o->listen, ret_listen) ||
	    !unix_path(o->upstream, &upstream) ||
	    !unix_path(o->other, &other) ||
	    !unix_path(o->control, &a->control))
		return misuse("a socket is given as unix:PATH");
	a->attack = emu_attack_named(o->attack);
	if (a->attack == NULL)
		return misuse("no such attack");
	if (a->attack->needs_other && other == NULL)
		return misuse("this attack needs --other");
	if (!da_wire_parse_bdf(o->device, &a->device) ||
	    !da_wire_parse_bdf(o->elsewhere, &a->elsewhere))
		return misuse("--device and --elsewhere take a BDF like "
		    "0000:01:00.0");
	relay_upstream_start(&a->upstream, upstream);
	relay_upstream_start(&a->other, a->attack->from_elsewhere ? upstream :
	    other);
	emu_attacker_start(a);
	return -1;
}

static int
run(const char *path, struct attacker *a, int ready)
{
	struct relay_address at = { .path = path };
	int listening;
	bool ok;

	if (a->attack->prepare != NULL && !a->attack->prepare(a))
		return 1;
	listening = relay_listen(&at);
	if (listening < 0)
		return 1;
	ok = relay_accept_loop(listening, &a->source, ready);
	if (!ok)
		fprintf(stderr, "devattest-attacker: %s\n", strerror(errno));
	unlink(path);
	return ok ? 0 : 1;
}

int
main(int argc, char **argv)
{
	struct options o = { .device = "0000:01:00.0",
		.elsewhere = "0000:02:00.0" };
	static struct attacker a;
	uint32_t ready = UINT32_MAX;
	const char *path;
	int status = read_options(argc, argv, &o);

	if (status < 0)
		status = set_up(&o, &a, &path);
	if (status >= 0)
		return status;
	if (o.ready != NULL && (!relay_number_parse(o.ready, &ready) ||
	    ready > INT32_MAX))
		return misuse("--ready-fd takes a descriptor's number");
	signal(SIGPIPE, SIG_IGN);
	status = run(path, &a, (int)ready);
	relay_answer_free(&a.recorded);
	return status;
}
