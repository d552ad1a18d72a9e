/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the daemon decided, by its socket.  It is root's or one's own, and its
 * answer is read strictly and never past a cap all the same.
 */
#include "cli.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "connect.h"
#include "runfolder.h"

#define WAIT_MS	5000	/* for the next bytes; the daemon never waits itself */

static bool
unreachable(struct cli_refusal *reterr, const char *address, const char *why)
{
	/* No fault of the list: those speak of the host. */
	*reterr = (struct cli_refusal){ .exit_class = 10 };
	return da_misused(&reterr->misuse, "the daemon cannot be asked: %s: "
	    "%s", address, why);
}

static bool
broke_off(struct cli_refusal *reterr, enum da_why why, const char *text)
{
	*reterr = (struct cli_refusal){
		.exit_class = da_fault_text(why)->exit_class };
	da_refuse(&reterr->fault, why, DA_PART_NONE, 0);
	return da_misused(&reterr->misuse, "the daemon's answer: %s", text);
}

/* -- the way there -- */

static bool
address_of(const struct da_options *options, char *ret, size_t size)
{
	const char *folder = options->value[DA_OPT_RUN] != NULL ?
	    options->value[DA_OPT_RUN] : DA_RUN_FOLDER;
	int n;

	if (options->value[DA_OPT_CONNECT] != NULL)
		n = snprintf(ret, size, "%s", options->value[DA_OPT_CONNECT]);
	else
		n = snprintf(ret, size, "unix:%s/%s", folder, DA_RUN_SOCKET);
	return n > 0 && (size_t)n < size;
}

/* Anybody can open a socket; whose word this is, the kernel says. */
static bool
is_the_daemons(int fd)
{
	struct ucred who;
	socklen_t size = sizeof(who);

	return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &size) == 0 &&
	    (who.uid == 0 || who.uid == geteuid());
}

static bool
reach(const char *address, const struct da_target *target, int *ret,
    struct cli_refusal *reterr)
{
	int fd = -1;

	if (!da_target_connect(target, WAIT_MS, &fd))
		return unreachable(reterr, address, errno == ENOENT ||
		    errno == ECONNREFUSED ? "no devattestd is running there" :
		    strerror(errno));
	if (!is_the_daemons(fd)) {
		close(fd);
		return unreachable(reterr, address,
		    "who answers is neither root nor you");
	}
	*ret = fd;
	return true;
}

/* -- its answer -- */

static bool
wait_for(int fd, struct cli_refusal *reterr)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	int n;

	do
		n = poll(&p, 1, WAIT_MS);
	while (n < 0 && errno == EINTR);
	return n > 0 || broke_off(reterr, DA_F_TRANSPORT_TIMEOUT,
	    "it does not come to its end");
}

static bool
read_answer(int fd, uint8_t *buf, size_t *ret_n, struct cli_refusal *reterr)
{
	size_t n = 0;
	ssize_t got;

	for (;;) {
		if (!wait_for(fd, reterr))
			return false;
		/* One byte past the cap is asked for, to find out. */
		got = recv(fd, buf + n, CLI_MAX_RESULT + 1 - n, MSG_DONTWAIT);
		if (got < 0 && (errno == EAGAIN || errno == EINTR))
			continue;
		if (got < 0)
			return broke_off(reterr, DA_F_TRANSPORT_CLOSED,
			    strerror(errno));
		if (got == 0)
			break;
		n += (size_t)got;
		if (n > CLI_MAX_RESULT)
			return broke_off(reterr, DA_F_TOO_LONG,
			    "it is longer than any status");
	}
	*ret_n = n;
	return n > 0 || broke_off(reterr, DA_F_TRANSPORT_CLOSED,
	    "it closed without a word; only root and its own user may ask");
}

static struct da_json *
read_status(int fd, struct cli_refusal *reterr)
{
	uint8_t *buf = malloc(CLI_MAX_RESULT + 1);
	struct da_json *status = NULL;
	size_t n = 0;

	if (buf == NULL) {
		reterr->exit_class = 1;
		da_misused(&reterr->misuse, "out of memory");
		return NULL;
	}
	if (read_answer(fd, buf, &n, reterr))
		status = cli_result_read(da_slice_of(buf, n), reterr);
	free(buf);
	if (status == NULL || da_json_get(status, "devices") != NULL)
		return status;
	da_json_free(status);
	*reterr = (struct cli_refusal){ .exit_class = 8 };
	da_misused(&reterr->misuse, "the daemon's answer: no \"devices\"");
	return NULL;
}

/* -- telling it -- */

/*
 * What is not decided is no yes, and neither is a yes by one word where
 * another says no.
 */
static int
class_of(const struct da_json *status)
{
	int64_t class = cli_int_of(status, "exit");

	if (class > 0)
		return (int)class;
	return class == 0 && da_slice_eq(cli_text_of(status, "result"),
	    da_slice_str("accepted")) ? 0 : 10;
}

static void
print_word(const char *before, const struct da_json *o, const char *key)
{
	struct da_slice text = cli_text_of(o, key);

	if (text.n == 0)
		return;
	printf("%s", before);
	cli_print_escaped(text);
}

static void
print_device(const struct da_json *d)
{
	struct da_slice verdict = cli_text_of(d, "verdict");
	char cell[32];
	int64_t class = cli_int_of(d, "exit");

	snprintf(cell, sizeof(cell), class > 0 ? "%.*s (%d)" : "%.*s",
	    (int)verdict.n, (const char *)verdict.p, (int)class);
	print_word("  ", d, "device");
	printf("  %-12s", cell);
	print_word("  ", d, "since");
	print_word("  ", d, "class");
	print_word("  ", d, "subject");
	if (class > 0) {
		print_word("\n      ", d, "check");
		print_word(": ", d, "fault");
		print_word("\n      ", d, "text");
	}
	printf("\n");
}

static void
print_status(const struct da_json *status)
{
	const struct da_json *devices = da_json_get(status, "devices");
	const struct da_json *policy = da_json_get(status, "policy");

	print_word("", status, "result");
	print_word(" since ", status, "since");
	if (policy != NULL && da_json_kind(policy) == DA_JSON_OBJECT)
		print_word(", policy ", policy, "name");
	print_word(", kernel ", status, "kernel");
	printf("\n");
	for (uint32_t i = 0; i < da_json_length(devices); i++)
		print_device(da_json_at(devices, i));
	if (da_json_length(devices) == 0)
		printf("  no device\n");
}

static int
tell(const struct da_options *options, struct da_json *status)
{
	int class = class_of(status);

	if (options->json)
		return cli_put_json(status) ? class : 1;
	print_status(status);
	cli_print_verdict("ACCEPTED", class);
	da_json_free(status);
	return class;
}

int
cli_status(const struct da_options *options)
{
	struct cli_refusal refusal = { 0 };
	struct da_json *status = NULL;
	struct da_target target;
	char address[256];
	int fd = -1;

	if (!address_of(options, address, sizeof(address)) ||
	    !da_target_parse(address, &target) ||
	    target.kind != DA_TARGET_UNIX)
		return cli_tell_misuse("status", options->json,
		    "the status socket is unix:PATH, with a path of at most "
		    "107 bytes");
	if (reach(address, &target, &fd, &refusal)) {
		status = read_status(fd, &refusal);
		close(fd);
	}
	return status != NULL ? tell(options, status) :
	    cli_tell_refusal(options, &refusal);
}
