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
#include "server.h"

#define DEFAULT_DEVICE	"0000:01:00.0"

static const char help[] =
"usage: devattest-emulator --dir DIR [--device BDF]... [--spdm 1.2|1.3]\n"
"                          [--name TEXT] [--ready-fd N]\n"
"\n"
"An EMULATED machine for demonstrations and tests: a device with a key and a\n"
"vendor of its own, made anew at each start, a TEE security manager and a\n"
"guest kernel, all of them software.  Nothing here protects anything.\n"
"\n"
"Below DIR it makes\n"
"  guest/kernel.sock    the emulated guest kernel and TSM; the folder is the\n"
"                       guest's own, no host side enters it\n"
"  host/evidence.sock   the emulated device as the host reaches it; speaks\n"
"                       devattest-wire(7)\n"
"  test/control.sock    what a test arranges, in lines:\n"
"                         digest KIND HEX DEVICE      the TSM says so\n"
"                         fail STEP ERRNO DEVICE      the step fails\n"
"                         move-tokens STEP DEVICE     tokens move after it\n"
"                         error-after STEP DEVICE     ERROR after it\n"
"                         map-lies DEVICE             a range's kind flips\n"
"                         state error|unlocked DEVICE\n"
"                         driver bound|free DEVICE\n"
"                         clear DEVICE                none of the above\n"
"                       KIND: vca chain public-key measurements report;\n"
"                       STEP: lock unlock ticket push validate accept map\n"
"                       bind, or STEP:N for the N-th since the lock only;\n"
"                       each is answered by \"ok\" or \"no: why\"\n"
"  owner/policy.json    a policy that accepts this device's firmware\n"
"  owner/roots/emulated-vendor.pem\n"
"\n"
"  --device BDF         a function of the machine, default " DEFAULT_DEVICE
	";\n"
"                       functions of one slot share a device and its key\n"
"  --spdm 1.2|1.3       what the devices speak, default 1.3\n"
"  --name TEXT          the vendor's name in its certificates\n"
"  --ready-fd N         write one byte to descriptor N once all is there\n"
"  --help, --version\n"
"\n"
"It runs until SIGTERM or SIGINT and then removes its sockets.\n";

struct options {
	const char *dir, *name, *ready;
	uint8_t version;
	uint32_t n;
	const char *device[EMU_MAX_TDI];
};

static const struct option names[] = {
	{ "dir", required_argument, NULL, 'd' },
	{ "device", required_argument, NULL, 'b' },
	{ "spdm", required_argument, NULL, 's' },
	{ "name", required_argument, NULL, 'n' },
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

/* The exit status, or -1 to go on. */
static int
take_option(int c, struct options *o)
{
	switch (c) {
	case 'd':
		o->dir = optarg;
		return -1;
	case 'b':
		if (o->n == EMU_MAX_TDI)
			return misuse("too many devices");
		o->device[o->n++] = optarg;
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
	case 'h':
		fputs(help, stdout);
		return 0;
	case 'v':
		puts("devattest-emulator " PACKAGE_VERSION);
		return 0;
	default:
		return misuse("an option is not known");
	}
}

static int
read_options(int argc, char **argv, struct options *o)
{
	int c, status = -1;

	while (status < 0 &&
	    (c = getopt_long(argc, argv, "", names, NULL)) != -1)
		status = take_option(c, o);
	if (status >= 0)
		return status;
	if (optind != argc)
		return misuse("there is an argument too many");
	if (o->dir == NULL)
		return misuse("--dir is missing");
	if (o->ready != NULL && (o->ready[0] < '0' || o->ready[0] > '9'))
		return misuse("--ready-fd takes a descriptor's number");
	if (o->n == 0)
		o->device[o->n++] = DEFAULT_DEVICE;
	return -1;
}

static bool
plug_in(struct emu_machine *m, const struct options *o)
{
	for (uint32_t i = 0; i < o->n; i++) {
		if (emu_machine_add(m, o->device[i]))
			continue;
		fprintf(stderr, "devattest-emulator: %s: not a device like "
		    DEFAULT_DEVICE ", or there twice\n", o->device[i]);
		return false;
	}
	return true;
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
	status = plug_in(&m, &o) ? run(&m, &o) : 1;
	emu_machine_free(&m);
	return status;
}
