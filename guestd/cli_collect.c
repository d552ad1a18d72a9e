/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Asks a host for evidence as the daemon's receiver does, and keeps what it
 * says.  Nothing of it is verified here, and nothing is kept of an answer that
 * breaks the wire's rules or does not come to its end.
 */
#include "cli.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "connect.h"
#include "files.h"
#include "receiver.h"
#include "sealed.h"

struct asking {
	const char *out;
	struct da_target target;
	struct da_wire_request request;
	struct da_answer answer;
	struct da_slice file;		/* the bundle, ours */
};

static bool
misused(struct cli_refusal *reterr, const char *text, const char *why)
{
	reterr->exit_class = 1;
	return da_misused(&reterr->misuse, "%s: %s", text, why);
}

static bool
refused(struct cli_refusal *reterr, const struct da_fault *fault)
{
	reterr->exit_class = da_fault_text(fault->why)->exit_class;
	reterr->fault = *fault;
	return false;
}

/* -- the request -- */

/*
 * One byte a hop, from the names of the device's parents in sysfs:
 * ../../../devices/pci0000:00/0000:00:01.0/0000:01:00.0.
 */
static void
path_of(const char *link, uint8_t path[8])
{
	uint8_t hops[8];
	uint32_t bdf, n = 0;
	char name[DA_BDF_SIZE];

	memset(hops, 0xff, sizeof(hops));
	for (const char *at = link; at != NULL; at = strchr(at, '/')) {
		at += *at == '/';
		snprintf(name, sizeof(name), "%.*s",
		    (int)strcspn(at, "/") < (int)sizeof(name) ?
		    (int)strcspn(at, "/") : 0, at);
		if (!da_wire_parse_bdf(name, &bdf))
			continue;
		/* Too deep to be said: then the number has to do. */
		if (n == sizeof(hops) - 1)
			return;
		hops[n++] = (uint8_t)bdf;
	}
	memcpy(path, hops, sizeof(hops));
}

/* A device that this machine does not have goes by its number alone. */
static void
name_device(struct da_wire_request *r, const char *device)
{
	char name[64], link[PATH_MAX] = "";
	ssize_t n;

	memset(r->path, 0xff, sizeof(r->path));
	if (*device == '\0' || !da_wire_parse_bdf(device, &r->device))
		return;
	snprintf(name, sizeof(name), "/sys/bus/pci/devices/%s", device);
	n = readlink(name, link, sizeof(link) - 1);
	if (n > 0)
		path_of(link, r->path);
}

static bool
make_request(const struct da_options *options, const struct cli_input *in,
    struct da_wire_request *ret, struct cli_refusal *reterr)
{
	bool more = options->value[DA_OPT_ALL_PARTS] != NULL;
	struct da_wire_request r = { .wanted = DA_WIRE_WANT_ALL |
		(more ? DA_WIRE_WANT_MORE : 0) };

	name_device(&r, in->device);
	if (in->ask.nonce.n == sizeof(r.nonce))
		memcpy(r.nonce, in->ask.nonce.p, sizeof(r.nonce));
	else if (getrandom(r.nonce, sizeof(r.nonce), 0) != sizeof(r.nonce))
		return misused(reterr, "no nonce can be drawn",
		    strerror(errno));
	if (getrandom(&r.id, sizeof(r.id), 0) != sizeof(r.id))
		return misused(reterr, "no request id can be drawn",
		    strerror(errno));
	*ret = r;
	return true;
}

/* -- the exchange -- */

static void
show_progress(void *arg, const struct da_answer *answer, uint64_t bytes)
{
	(void)arg;
	cli_progress("%u part%s, %llu bytes", (unsigned int)answer->n,
	    answer->n == 1 ? "" : "s", (unsigned long long)bytes);
}

static const char *
failure_text(uint32_t failure)
{
	static const char *const texts[] = {
		[DA_WIRE_NO_DEVICE] = "it knows no such device",
		[DA_WIRE_BUSY] = "it is busy",
		[DA_WIRE_DEVICE_ERROR] = "the device reports an error",
		[DA_WIRE_NOT_SUPPORTED] = "it does not support this",
		[DA_WIRE_HOST_ERROR] = "it has a fault of its own",
	};

	return failure == 0 || failure >= sizeof(texts) / sizeof(texts[0]) ?
	    "a code that is not known" : texts[failure];
}

static bool
is_answered(struct asking *a, int conn, int memfd,
    struct cli_refusal *reterr)
{
	static const struct da_deadlines deadlines = { DA_WIRE_IDLE_MS,
		DA_WIRE_ANSWER_MS, show_progress, NULL };
	uint8_t raw[DA_WIRE_REQUEST_SIZE];
	struct da_fault fault = { DA_F_NONE, DA_PART_NONE, 0 };

	da_wire_put_request(&a->request, raw);
	cli_progress("waiting for the host's answer");
	if (da_receive(conn, raw, &deadlines, memfd, &a->answer, &fault))
		return true;
	if (fault.why == DA_F_NONE)
		return misused(reterr, "the answer cannot be kept",
		    strerror(errno));
	if (a->answer.failure != 0)
		da_misused(&reterr->misuse, "the host says: %s (%u)",
		    failure_text(a->answer.failure),
		    (unsigned int)a->answer.failure);
	return refused(reterr, &fault);
}

static bool
take_bytes(struct asking *a, int memfd, struct cli_refusal *reterr)
{
	uint8_t *bytes = malloc((size_t)a->answer.at);

	if (bytes == NULL || !da_sealed_copy(memfd, a->answer.at, bytes)) {
		free(bytes);
		return misused(reterr, "the answer cannot be read",
		    strerror(errno));
	}
	a->file = da_slice_of(bytes, (size_t)a->answer.at);
	return true;
}

static bool
exchange(struct asking *a, int conn, struct cli_refusal *reterr)
{
	bool done;
	int memfd;

	if (!da_sealed_new(&memfd))
		return misused(reterr, "no memory for the answer",
		    strerror(errno));
	done = is_answered(a, conn, memfd, reterr) &&
	    take_bytes(a, memfd, reterr);
	cli_progress_end();
	close(memfd);
	return done;
}

static bool
ask_host(struct asking *a, const char *address, struct cli_refusal *reterr)
{
	struct da_fault fault = { DA_F_TRANSPORT_CONNECT, DA_PART_NONE, 0 };
	bool done;
	int conn;

	if (!da_target_connect(&a->target, DA_WIRE_IDLE_MS, &conn)) {
		da_misused(&reterr->misuse, "%s: %s", address,
		    strerror(errno));
		return refused(reterr, &fault);
	}
	done = exchange(a, conn, reterr);
	close(conn);
	return done;
}

/* -- telling it -- */

static struct da_json *
result_of(const struct asking *a, const char *device)
{
	struct da_json *o = cli_head("collect", "collected", 0);

	da_json_set(o, "nonce", da_json_new_hex(da_slice_of(a->request.nonce,
	    sizeof(a->request.nonce))));
	da_json_set(o, "device", *device == '\0' ? da_json_new_null() :
	    da_json_new_string(da_slice_str(device)));
	da_json_set(o, "parts", cli_parts_json(&a->answer));
	da_json_set(o, "file", da_json_new_string(da_slice_str(a->out)));
	da_json_set(o, "bytes", da_json_new_uint(a->file.n));
	return o;
}

static void
print_result(const struct asking *a)
{
	printf("nonce ");
	for (size_t i = 0; i < sizeof(a->request.nonce); i++)
		printf("%02x", a->request.nonce[i]);
	printf("\n");
	for (uint32_t i = 0; i < a->answer.n; i++)
		printf("  %-24s %8u bytes\n", cli_type_name(
		    a->answer.part[i].type),
		    (unsigned int)a->answer.part[i].length);
	printf("%s: %zu bytes, and nothing of it is verified; see `devattest "
	    "help check`\n", a->out, a->file.n);
}

static int
tell(const struct da_options *options, const struct asking *a,
    const char *device)
{
	if (options->json)
		return cli_put_json(result_of(a, device)) ? 0 : 1;
	print_result(a);
	return 0;
}

static bool
collect(const struct da_options *options, const struct cli_input *in,
    struct asking *a, struct cli_refusal *reterr)
{
	const char *address = options->value[DA_OPT_CONNECT];
	char why[160];

	a->out = options->value[DA_OPT_OUT];
	if (address == NULL || a->out == NULL)
		return misused(reterr, address == NULL ? "--connect" : "--out",
		    "must be given");
	if (!da_target_parse(address, &a->target))
		return misused(reterr, "--connect",
		    "neither unix:PATH nor vsock:CID:PORT");
	if (!da_file_may_write(a->out, why, sizeof(why)))
		return misused(reterr, a->out, why);
	if (!make_request(options, in, &a->request, reterr) ||
	    !ask_host(a, address, reterr))
		return false;
	return da_file_write(a->out, a->file, why, sizeof(why)) ||
	    misused(reterr, a->out, why);
}

int
cli_collect(const struct da_options *options)
{
	struct cli_refusal refusal = { 0 };
	struct cli_input *in = cli_input_load(options, &refusal);
	struct asking a = { NULL };
	int class;

	if (in != NULL && collect(options, in, &a, &refusal))
		class = tell(options, &a, in->device);
	else
		class = cli_tell_refusal(options, &refusal);
	da_file_free(a.file);
	cli_input_free(in);
	return class;
}
