/* SPDX-License-Identifier: Apache-2.0 */
#include "status.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "policy/utctime.h"

/* -- the object -- */

static void
set_text(struct da_json *o, const char *key, const char *value)
{
	da_json_set(o, key, da_json_new_string(da_slice_str(value)));
}

static void
set_time(struct da_json *o, const char *key, int64_t at)
{
	char text[DA_TIME_TEXT];

	da_time_text(at, text);
	set_text(o, key, text);
}

static const char *
result_word(const struct da_status_facts *facts)
{
	if (!facts->decided)
		return "judging";
	return facts->exit_class == 0 ? "accepted" : "refused";
}

static struct da_json *
policy_as_json(const struct da_status_facts *facts)
{
	struct da_json *o = da_json_new_object();

	set_text(o, "name", facts->policy_name);
	da_json_set(o, "id",
	    da_json_new_hex(da_slice_of(facts->policy_id, 48)));
	return o;
}

/* Those of this round: of the others nothing is known any more. */
static struct da_json *
devices_as_json(const struct da_told *told)
{
	struct da_json *list = da_json_new_array();

	for (size_t i = 0; i < told->n; i++) {
		struct da_json *o;

		if (!told->one[i].now)
			continue;
		o = da_outcome_as_json(&told->one[i].outcome);
		set_time(o, "since", told->one[i].since);
		da_json_append(list, o);
	}
	return list;
}

static struct da_json *
facts_as_json(const struct da_status_facts *facts)
{
	struct da_json *o = da_json_new_object();

	da_json_set(o, "version", da_json_new_int(1));
	set_text(o, "verb", "status");
	set_text(o, "result", result_word(facts));
	da_json_set(o, "exit", facts->decided ?
	    da_json_new_int(facts->exit_class) : da_json_new_null());
	set_time(o, "since", facts->since);
	if (facts->boot_id[0] != '\0')
		set_text(o, "boot-id", facts->boot_id);
	if (facts->policy_name != NULL)
		da_json_set(o, "policy", policy_as_json(facts));
	set_text(o, "kernel", facts->kernel);
	da_json_set(o, "devices", devices_as_json(facts->told));
	return o;
}

char *
da_status_text(const struct da_status_facts *facts)
{
	struct da_json *root = facts_as_json(facts);
	const char *text = da_json_text(root);
	size_t n = text != NULL ? strlen(text) : 0;
	char *line = text != NULL ? malloc(n + 2) : NULL;

	if (line != NULL) {
		memcpy(line, text, n);
		memcpy(line + n, "\n", 2);
	}
	da_json_free(root);
	return line;
}

/* -- those who ask -- */

static void
dismiss(struct da_status_asker *asker)
{
	if (asker->fd >= 0)
		close(asker->fd);
	free(asker->text);
	*asker = (struct da_status_asker){ .fd = -1 };
}

/* As much as he takes now; then, or when he is gone, the end. */
static void
go_on(struct da_status_asker *asker)
{
	ssize_t n;

	while (asker->done < asker->n) {
		n = send(asker->fd, asker->text + asker->done,
		    asker->n - asker->done, MSG_NOSIGNAL | MSG_DONTWAIT);
		if (n < 0 && (errno == EAGAIN || errno == EINTR))
			return;
		if (n <= 0)
			break;
		asker->done += (size_t)n;
	}
	dismiss(asker);
}

static bool
may_ask(int fd)
{
	struct ucred who;
	socklen_t size = sizeof(who);

	return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &size) == 0 &&
	    (who.uid == 0 || who.uid == geteuid());
}

/* A free place, or the one of whoever has been taking his time longest. */
static struct da_status_asker *
place(struct da_status *status)
{
	struct da_status_asker *best = &status->asker[0];

	for (size_t i = 0; i < DA_STATUS_ASKERS; i++) {
		struct da_status_asker *a = &status->asker[i];

		if (a->fd < 0)
			return a;
		if (a->order < best->order)
			best = a;
	}
	dismiss(best);
	return best;
}

static void
answer(struct da_status *status, int fd, const struct da_status_facts *facts)
{
	struct da_status_asker *asker;
	char *text = may_ask(fd) ? da_status_text(facts) : NULL;

	if (text == NULL) {
		close(fd);
		return;
	}
	asker = place(status);
	*asker = (struct da_status_asker){ fd, text, strlen(text), 0,
		++status->asked };
	go_on(asker);
}

void
da_status_turn(struct da_status *status, const struct da_status_facts *facts)
{
	int fd;

	if (status->listening < 0)
		return;
	for (size_t i = 0; i < DA_STATUS_ASKERS; i++)
		if (status->asker[i].fd >= 0)
			go_on(&status->asker[i]);
	/* One a turn: who asks without end must not keep us from the rest. */
	fd = accept4(status->listening, NULL, NULL,
	    SOCK_NONBLOCK | SOCK_CLOEXEC);
	if (fd >= 0)
		answer(status, fd, facts);
}

/* -- the socket -- */

static bool
bind_in(const struct da_run *run, int fd)
{
	struct sockaddr_un un = { .sun_family = AF_UNIX };

	snprintf(un.sun_path, sizeof(un.sun_path), "%s/%s", run->path,
	    DA_RUN_SOCKET);
	/* The lock on the folder says that it is nobody's any more. */
	unlinkat(run->fd, DA_RUN_SOCKET, 0);
	return bind(fd, (struct sockaddr *)&un, sizeof(un)) == 0 &&
	    fchmodat(run->fd, DA_RUN_SOCKET, 0600, 0) == 0 &&
	    listen(fd, DA_STATUS_ASKERS) == 0;
}

bool
da_status_open(const struct da_run *run, struct da_status *ret)
{
	struct da_status status = { .listening = -1 };
	int error;

	for (size_t i = 0; i < DA_STATUS_ASKERS; i++)
		status.asker[i].fd = -1;
	if (run->fd >= 0) {
		status.listening = socket(AF_UNIX, SOCK_STREAM |
		    SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
		if (status.listening < 0)
			return false;
		if (!bind_in(run, status.listening)) {
			error = errno;
			close(status.listening);
			errno = error;
			return false;
		}
	}
	*ret = status;
	return true;
}

void
da_status_close(struct da_status *status, const struct da_run *run)
{
	if (status->listening < 0)
		return;
	for (size_t i = 0; i < DA_STATUS_ASKERS; i++)
		dismiss(&status->asker[i]);
	close(status->listening);
	status->listening = -1;
	unlinkat(run->fd, DA_RUN_SOCKET, 0);
}

void
da_status_waits(const struct da_status *status, struct pollfd *ret)
{
	ret[0] = (struct pollfd){ .fd = status->listening, .events = POLLIN };
	for (size_t i = 0; i < DA_STATUS_ASKERS; i++)
		ret[1 + i] = (struct pollfd){ .fd = status->asker[i].fd,
			.events = POLLOUT };
}
