/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config.h"
#include "control.h"
#include "help.h"
#include "server.h"

#define MAX_WORDS	32

struct words {
	uint32_t n;
	const char *word[MAX_WORDS];
};

struct options {
	const char *dir, *name, *ready, *spdm_port;
	const char *platform, *page_unit, *bar_base;
	uint8_t version;
	bool autoprobe;
	struct words device, plain, elsewhere, builtin, arrange;
};

static const struct option names[] = {
	{ "dir", required_argument, NULL, 'd' },
	{ "device", required_argument, NULL, 'b' },
	{ "plain", required_argument, NULL, 'p' },
	{ "elsewhere", required_argument, NULL, 'e' },
	{ "arrange", required_argument, NULL, 'a' },
	{ "builtin", required_argument, NULL, 'i' },
	{ "autoprobe", no_argument, NULL, 'A' },
	{ "spdm", required_argument, NULL, 's' },
	{ "name", required_argument, NULL, 'n' },
	{ "spdm-port", required_argument, NULL, 'P' },
	{ "platform", required_argument, NULL, 'T' },
	{ "page-unit", required_argument, NULL, 'U' },
	{ "bar-base", required_argument, NULL, 'B' },
	{ "ready-fd", required_argument, NULL, 'r' },
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, 'v' },
	{ 0 }
};

static int
misuse(const char *text)
{
	fprintf(stderr, "devattest-emulator: %s\n"
	    "Try 'devattest-emulator --help'.\n", text);
	return 1;
}

static int
failed(const char *what)
{
	fprintf(stderr, "devattest-emulator: %s: %s\n", what,
	    strerror(errno));
	return 1;
}

static uint8_t
spdm_version(const char *text)
{
	if (strcmp(text, "1.2") == 0)
		return 0x12;
	return strcmp(text, "1.3") == 0 ? 0x13 : 0;
}

static struct words *
words_of(int c, struct options *o)
{
	switch (c) {
	case 'b':
		return &o->device;
	case 'p':
		return &o->plain;
	case 'e':
		return &o->elsewhere;
	case 'a':
		return &o->arrange;
	case 'i':
		return &o->builtin;
	default:
		return NULL;
	}
}

static int
show_help(void)
{
	fputs(emu_help, stdout);
	fputs(emu_control_help, stdout);
	return 0;
}

/* The exit status, or -1 to go on. */
static int
take_option(int c, struct options *o)
{
	uint32_t port;

	switch (c) {
	case 'd':
		o->dir = optarg;
		return -1;
	case 's':
		o->version = spdm_version(optarg);
		return o->version != 0 ? -1 :
		    misuse("--spdm takes 1.2 or 1.3");
	case 'n':
		o->name = optarg;
		return -1;
	case 'r':
		o->ready = optarg;
		return -1;
	case 'P':
		o->spdm_port = optarg;
		return emu_number(optarg, UINT16_MAX, &port) ? -1 :
		    misuse("--spdm-port takes 0 to 65535");
	case 'T':
		o->platform = optarg;
		return -1;
	case 'U':
		o->page_unit = optarg;
		return -1;
	case 'B':
		o->bar_base = optarg;
		return -1;
	case 'A':
		o->autoprobe = true;
		return -1;
	case 'h':
		return show_help();
	case 'v':
		puts("devattest-emulator " PACKAGE_VERSION);
		return 0;
	default:
		return misuse("an option is not known");
	}
}

static int
take_word(struct words *words)
{
	if (words->n == MAX_WORDS)
		return misuse("one option too many");
	words->word[words->n++] = optarg;
	return -1;
}

static int
read_options(int argc, char **argv, struct options *o)
{
	int c, status = -1;

	while (status < 0 &&
	    (c = getopt_long(argc, argv, "", names, NULL)) != -1)
		status = words_of(c, o) != NULL ? take_word(words_of(c, o)) :
		    take_option(c, o);
	if (status >= 0)
		return status;
	if (optind != argc)
		return misuse("there is an argument too many");
	if (o->dir == NULL)
		return misuse("--dir is missing");
	if (o->ready != NULL && (o->ready[0] < '0' || o->ready[0] > '9'))
		return misuse("--ready-fd takes a descriptor's number");
	if (o->device.n == 0)
		o->device.word[o->device.n++] = EMU_DEFAULT_DEVICE;
	return -1;
}

static bool
complain(const char *word, const char *why)
{
	fprintf(stderr, "devattest-emulator: %s: %s\n", word, why);
	return false;
}

static bool
plug_all(struct emu_machine *m, const struct words *words,
    bool (*add)(struct emu_machine *m, const char *word))
{
	for (uint32_t i = 0; i < words->n; i++)
		if (!add(m, words->word[i]))
			return complain(words->word[i], "not a device like "
			    EMU_DEFAULT_DEVICE ", or there twice");
	return true;
}

static bool
add_device(struct emu_machine *m, const char *bdf)
{
	return strcmp(bdf, "none") == 0 || emu_machine_add(m, bdf);
}

static bool
plug_in(struct emu_machine *m, const struct options *o)
{
	if (!plug_all(m, &o->device, add_device) ||
	    !plug_all(m, &o->plain, emu_machine_add_plain) ||
	    !plug_all(m, &o->elsewhere, emu_machine_add_elsewhere))
		return false;
	m->kernel.probes_early = o->autoprobe;
	for (uint32_t i = 0; i < m->kernel.n && o->autoprobe; i++)
		emu_kernel_probe(&m->kernel, &m->kernel.tdi[i]);
	return true;
}

static bool
arrange(struct emu_machine *m, const char *before, const struct words *words)
{
	char line[256], reply[128];

	for (uint32_t i = 0; i < words->n; i++) {
		snprintf(line, sizeof(line), "%s%s", before, words->word[i]);
		emu_machine_control(m, line, reply, sizeof(reply));
		reply[strcspn(reply, "\n")] = '\0';
		if (strcmp(reply, "ok") != 0)
			return complain(words->word[i], reply);
	}
	return true;
}

static bool
set_firmware(struct emu_machine *m, const struct options *o)
{
	if (o->platform != NULL &&
	    !emu_firmware_speak(&m->firmware, o->platform))
		return complain(o->platform, "not a platform and its ABI");
	m->is_for_guest = o->platform != NULL;
	return emu_firmware_count(&m->firmware, o->page_unit, o->bar_base) ||
	    complain("--page-unit, --bar-base", "no such rule");
}

static bool
set_up(struct emu_machine *m, const struct options *o)
{
	return set_firmware(m, o) && plug_in(m, o) &&
	    arrange(m, "builtin ", &o->builtin) &&
	    arrange(m, "", &o->arrange);
}

static bool
make_folders(const char *dir)
{
	char owner[4096];

	snprintf(owner, sizeof(owner), "%s/owner", dir);
	return (mkdir(dir, 0755) == 0 || errno == EEXIST) &&
	    (mkdir(owner, 0755) == 0 || errno == EEXIST);
}

static bool
write_owner(const struct emu_machine *m, const char *dir)
{
	char owner[4096];

	snprintf(owner, sizeof(owner), "%s/owner", dir);
	return emu_machine_write_owner(m, owner);
}

static void
tell_ready(const char *text)
{
	int fd;

	if (text == NULL)
		return;
	fd = atoi(text);
	if (write(fd, "r", 1) != 1)
		failed("nobody waits for the ready byte");
	close(fd);
}

/* True where nobody wants it. */
static bool
open_doe(struct emu_server *s, struct emu_machine *m, const struct options *o)
{
	struct emu_doe *doe;
	uint32_t port = 0;

	if (o->spdm_port == NULL ||
	    !emu_number(o->spdm_port, UINT16_MAX, &port))
		return o->spdm_port == NULL;
	doe = emu_doe_open(m, o->device.word[0], (uint16_t)port, o->dir);
	emu_server_add_doe(s, doe);
	return doe != NULL;
}

static int
run(struct emu_machine *m, const struct options *o)
{
	struct emu_server *s;
	bool ok;

	if (!make_folders(o->dir) || !write_owner(m, o->dir))
		return failed(o->dir);
	s = emu_server_open(m, o->dir);
	if (s == NULL)
		return failed(o->dir);
	if (!open_doe(s, m, o)) {
		emu_server_close(s);
		return failed("--spdm-port");
	}
	tell_ready(o->ready);
	ok = emu_server_run(s);
	emu_server_close(s);
	return ok ? 0 : failed("poll");
}

int
main(int argc, char **argv)
{
	struct options o = { .version = 0x13, .name = "Example Devices" };
	static struct emu_machine m;
	int status = read_options(argc, argv, &o);

	if (status >= 0)
		return status;
	signal(SIGPIPE, SIG_IGN);
	if (!emu_machine_start(&m, o.name, o.version))
		return failed("cannot make keys");
	status = set_up(&m, &o) ? run(&m, &o) : 1;
	emu_machine_free(&m);
	return status;
}
