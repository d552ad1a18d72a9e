/* SPDX-License-Identifier: Apache-2.0 */
#include "journal.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

/* syslog(3) */
enum { PRIORITY_ERR = 3, PRIORITY_WARNING = 4, PRIORITY_NOTICE = 5 };

/* What journalctl(1) finds a kind of verdict by; drawn once, kept for good. */
static const struct kind {
	const char *verdict;
	const char *id;
	int priority;
} accepted = { "accepted", "4a73a8ae2d9c4c2c8637449c9c26e843",
	PRIORITY_NOTICE },
  refused = { "refused", "ed62d3a97dcf47e38e5ee1793716c823",
	PRIORITY_WARNING },
  left_locked = { "refused", "ece6dd5912114427abbd02765c28e7b6",
	PRIORITY_ERR },
  untrusted = { "untrusted", "7cdd7e628ea3451ca4c72f06bf15d36e",
	PRIORITY_NOTICE };

static const struct kind *
kind_of(const struct da_outcome *outcome)
{
	if (outcome->left_locked)
		return &left_locked;
	if (outcome->accepted)
		return &accepted;
	return outcome->untrusted ? &untrusted : &refused;
}

bool
da_journal_is_stderr(void)
{
	const char *text = getenv("JOURNAL_STREAM");
	uint64_t device, inode;
	struct stat st;
	char rest;

	return text != NULL && sscanf(text, "%" SCNu64 ":%" SCNu64 "%c",
	    &device, &inode, &rest) == 2 && fstat(2, &st) == 0 &&
	    st.st_dev == device && st.st_ino == inode;
}

static void
put_field(FILE *out, const char *name, const char *value)
{
	fprintf(out, "%s=", name);
	da_print_escaped(out, value);
	fputc('\n', out);
}

/* da_outcome_print() ends its line and escapes what is in it. */
static void
put_fields(FILE *out, const struct da_outcome *outcome)
{
	const struct kind *kind = kind_of(outcome);
	const struct da_refusal *why = &outcome->refusal;

	fputs("MESSAGE=", out);
	da_outcome_print(out, outcome);
	fprintf(out, "MESSAGE_ID=%s\nPRIORITY=%d\n"
	    "SYSLOG_IDENTIFIER=devattestd\n", kind->id, kind->priority);
	put_field(out, "DEVATTEST_DEVICE", outcome->device);
	put_field(out, "DEVATTEST_VERDICT", kind->verdict);
	if (!outcome->accepted && why->check != DA_CHK_COUNT)
		put_field(out, "DEVATTEST_CHECK", da_check_name(why->check));
	if (!outcome->accepted && why->fault.why != DA_F_NONE)
		put_field(out, "DEVATTEST_FAULT",
		    da_fault_text(why->fault.why)->name);
	if (outcome->subject[0] != '\0')
		put_field(out, "DEVATTEST_SUBJECT", outcome->subject);
}

static bool
send_to(const char *path, const char *bytes, size_t n)
{
	struct sockaddr_un un = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	ssize_t sent = -1;

	if (fd < 0)
		return false;
	if (strlen(path) < sizeof(un.sun_path)) {
		memcpy(un.sun_path, path, strlen(path));
		sent = sendto(fd, bytes, n, MSG_NOSIGNAL | MSG_DONTWAIT,
		    (struct sockaddr *)&un, sizeof(un));
	}
	close(fd);
	return sent >= 0 && (size_t)sent == n;
}

static bool
tell_journal(const char *path, const struct da_outcome *outcome)
{
	char *text = NULL;
	size_t n = 0;
	FILE *out = open_memstream(&text, &n);
	bool told;

	if (out == NULL)
		return false;
	put_fields(out, outcome);
	told = fclose(out) == 0 && send_to(path, text, n);
	free(text);
	return told;
}

void
da_journal_verdict(const char *socket_path, FILE *lines,
    const struct da_outcome *outcome)
{
	if (socket_path != NULL && tell_journal(socket_path, outcome))
		return;
	fputs("devattestd: ", lines);
	da_outcome_print(lines, outcome);
}
