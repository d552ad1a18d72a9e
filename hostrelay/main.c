/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "address.h"
#include "config.h"
#include "serve.h"

static const char help[] =
"usage: devattest-relay --listen unix:PATH|vsock:PORT\n"
"                       --folder DIR | --upstream unix:PATH\n"
"\n"
"The host's side of devattest-wire(7): answers a guest's requests for a\n"
"device's evidence.  A guest believes none of it; it proves it.\n"
"\n"
"  --listen ADDRESS     where guests connect: a Unix socket, or AF_VSOCK\n"
"                       (vsock:5467 is the guests' default)\n"
"  --folder DIR         give recorded parts: certchain.bin (slot 0), vca.bin,\n"
"                       measurements.bin, report.bin; absent ones are left\n"
"                       out.  A recording answers an OLD nonce: a guest that\n"
"                       asks with a fresh one refuses it as not fresh.  Good\n"
"                       for looking at evidence, not for accepting a device.\n"
"  --upstream unix:PATH ask another answerer of the same wire, anew for each\n"
"                       request and with the guest's own nonce\n"
"  --ready-fd N         write one byte to descriptor N once it listens\n"
"  --help, --version\n"
"\n"
"It runs until SIGTERM or SIGINT and then removes its socket.\n";

struct options {
	const char *listen, *folder, *upstream, *ready;
};

static const struct option names[] = {
	{ "listen", required_argument, NULL, 'l' },
	{ "folder", required_argument, NULL, 'f' },
	{ "upstream", required_argument, NULL, 'u' },
	{ "ready-fd", required_argument, NULL, 'r' },
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, 'v' },
	{ 0 }
};

static int
misuse(const char *text)
{
	fprintf(stderr, "devattest-relay: %s\n"
	    "Try 'devattest-relay --help'.\n", text);
	return 1;
}

/* A function's exit status, or -1 to go on. */
static int
read_options(int argc, char **argv, struct options *ret)
{
	int c;

	while ((c = getopt_long(argc, argv, "", names, NULL)) != -1) {
		switch (c) {
		case 'l':
			ret->listen = optarg;
			break;
		case 'f':
			ret->folder = optarg;
			break;
		case 'u':
			ret->upstream = optarg;
			break;
		case 'r':
			ret->ready = optarg;
			break;
		case 'h':
			fputs(help, stdout);
			return 0;
		case 'v':
			puts("devattest-relay " PACKAGE_VERSION);
			return 0;
		default:
			return misuse("an option is not known");
		}
	}
	if (optind != argc)
		return misuse("there is an argument too many");
	if (ret->listen == NULL)
		return misuse("--listen is missing");
	if ((ret->folder == NULL) == (ret->upstream == NULL))
		return misuse("give either --folder or --upstream");
	return -1;
}

static int
run(const struct relay_address *at, struct relay_source *source, int ready)
{
	int listening = relay_listen(at);
	bool ok;

	if (listening < 0)
		return 1;
	ok = relay_accept_loop(listening, source, ready);
	if (!ok)
		fprintf(stderr, "devattest-relay: %s\n", strerror(errno));
	if (at->path != NULL)
		unlink(at->path);
	return ok ? 0 : 1;
}

int
main(int argc, char **argv)
{
	struct options o = { 0 };
	uint32_t ready = UINT32_MAX;
	struct relay_address at, up;
	struct relay_upstream upstream;
	struct relay_folder folder;
	int status = read_options(argc, argv, &o);

	if (status >= 0)
		return status;
	if (!relay_address_parse(o.listen, &at))
		return misuse("--listen takes unix:PATH or vsock:PORT");
	if (o.ready != NULL && (!relay_number_parse(o.ready, &ready) ||
	    ready > INT32_MAX))
		return misuse("--ready-fd takes a descriptor's number");
	signal(SIGPIPE, SIG_IGN);
	if (o.folder != NULL) {
		relay_folder_start(&folder, o.folder);
		if (access(o.folder, R_OK | X_OK) != 0) {
			fprintf(stderr, "devattest-relay: %s: %s\n", o.folder,
			    strerror(errno));
			return 1;
		}
		return run(&at, &folder.source, (int)ready);
	}
	if (!relay_address_parse(o.upstream, &up) || up.is_vsock)
		return misuse("--upstream takes unix:PATH");
	relay_upstream_start(&upstream, up.path);
	return run(&at, &upstream.source, (int)ready);
}
