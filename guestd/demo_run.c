/* SPDX-License-Identifier: Apache-2.0 */
#include "demo_run.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "config.h"
#include "identity.h"

#define READY_FD	3
#define READY_MS	15000
/* Of a socket's 108 bytes; the longest below has a1-o/host/evidence.sock. */
#define MAX_FOLDER	80

static volatile sig_atomic_t interrupted;
static volatile sig_atomic_t running;	/* demo_run's child; 0: none */

static bool
failed(struct demo *d, const char *what, const char *why)
{
	snprintf(d->error, sizeof(d->error), "%s: %s", what, why);
	return false;
}

/* -- words -- */

void
demo_word(struct demo_words *words, const char *format, ...)
{
	char *word;
	va_list args;

	va_start(args, format);
	if (words->n < DEMO_MAX_WORDS && vasprintf(&word, format,
	    args) >= 0)
		words->word[words->n++] = word;
	va_end(args);
}

void
demo_words_free(struct demo_words *words)
{
	while (words->n > 0)
		free(words->word[--words->n]);
	memset(words, 0, sizeof(*words));
}

/* -- programs: beside this one, or where an installation has them -- */

static bool
own_folder(char ret[PATH_MAX])
{
	ssize_t n = readlink("/proc/self/exe", ret, PATH_MAX - 1);
	const char *as_called;
	char *end;

	if (n > 0)
		ret[n] = '\0';
	else {	/* no /proc: the name that the kernel was given */
		as_called = (const char *)(uintptr_t)getauxval(AT_EXECFN);
		if (as_called == NULL || realpath(as_called, ret) == NULL)
			return false;
	}
	end = strrchr(ret, '/');
	if (end == NULL)
		return false;
	*end = '\0';
	return true;
}

static bool
is_program(const char *folder, const char *program, char ret[PATH_MAX])
{
	int n = snprintf(ret, PATH_MAX, "%s/%s", folder, program);

	return n > 0 && n < PATH_MAX && access(ret, X_OK) == 0;
}

static bool
find_program(struct demo *d, const char *program, char ret[PATH_MAX])
{
	static const char *const beside[] = { ".",
		("../libexec/" PACKAGE), "../sbin" };
	static const char *const installed[] = { DA_LIBEXECDIR, DA_SBINDIR,
		DA_BINDIR };
	char own[PATH_MAX], folder[PATH_MAX + 32];
	bool has_own = own_folder(own);

	for (size_t i = 0; has_own && i < sizeof(beside) / sizeof(beside[0]);
	    i++) {
		snprintf(folder, sizeof(folder), "%s/%s", own, beside[i]);
		if (is_program(folder, program, ret))
			return true;
	}
	for (size_t i = 0; i < sizeof(installed) / sizeof(installed[0]); i++)
		if (is_program(installed[i], program, ret))
			return true;
	return failed(d, program, "not found beside this program, and not "
	    "installed");
}

/* -- the folder -- */

static int
remove_one(const char *path, const struct stat *st, int kind, struct FTW *at)
{
	(void)st;
	(void)kind;
	(void)at;
	remove(path);
	return 0;
}

/*
 * The host's user owned it and may have left anything: it is taken back first,
 * emptied by name in the open folder, and never descended into.
 */
static bool
remove_host_folder(const struct demo *d)
{
	char path[PATH_MAX + 8];
	struct dirent *entry;
	DIR *folder;
	int fd;

	snprintf(path, sizeof(path), "%s/net", d->folder);
	fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT;
	if (fchown(fd, geteuid(), (gid_t)-1) != 0 || fchmod(fd, 0700) != 0 ||
	    (folder = fdopendir(fd)) == NULL) {
		close(fd);
		return false;
	}
	while ((entry = readdir(folder)) != NULL)
		unlinkat(fd, entry->d_name, 0);
	closedir(folder);
	return rmdir(path) == 0;
}

/* A folder for the host's sockets, which the host's user owns. */
static bool
make_host_folder(struct demo *d)
{
	char path[PATH_MAX + 8];

	snprintf(path, sizeof(path), "%s/net", d->folder);
	return (mkdir(path, 0755) == 0 &&
	    (d->host_uid == geteuid() ||
	    chown(path, d->host_uid, d->host_uid) == 0)) ||
	    failed(d, path, strerror(errno));
}

static bool
make_folder(struct demo *d)
{
	const char *base = getenv("TMPDIR");
	char folder[PATH_MAX];

	snprintf(folder, sizeof(folder), "%s/devattest-demo.XXXXXX",
	    base != NULL && base[0] == '/' ? base : "/tmp");
	if (strlen(folder) > MAX_FOLDER)
		return failed(d, folder, "too long for the sockets in it");
	if (mkdtemp(folder) == NULL)
		return failed(d, folder, strerror(errno));
	memcpy(d->folder, folder, sizeof(folder));
	/* As root other users pass through here, to their own sockets. */
	if (geteuid() == 0 && chmod(d->folder, 0711) != 0)
		return failed(d, folder, strerror(errno));
	return make_host_folder(d);
}

/* -- users -- */

static bool
become(uid_t uid)
{
	const struct da_identity who = { .switches = uid != geteuid(),
		.uid = uid, .gid = (gid_t)uid };

	return da_identity_become(&who);
}

/* A checkout below /root, say, is closed to every other user. */
static bool
user_can_run(uid_t uid, const char *path)
{
	int status = 1;
	pid_t child = fork();

	if (child == 0)
		_exit(become(uid) && access(path, X_OK) == 0 ? 0 : 1);
	return child > 0 && waitpid(child, &status, 0) == child && status == 0;
}

/* -- signals -- */

static void
on_signal(int number)
{
	int error = errno;

	(void)number;
	interrupted = 1;
	if (running > 0)
		kill(running, SIGTERM);
	errno = error;
}

bool
demo_interrupted(void)
{
	return interrupted != 0;
}

static const int ending[] = { SIGINT, SIGTERM, SIGHUP };

#define N_ENDING	(sizeof(ending) / sizeof(ending[0]))

static void
catch_signals(void)
{
	const struct sigaction action = { .sa_handler = on_signal };

	for (size_t i = 0; i < N_ENDING; i++)
		sigaction(ending[i], &action, NULL);
	signal(SIGPIPE, SIG_IGN);
}

/* No signal that is meant to end the child is swallowed by our handler. */
static pid_t
fork_endable(void)
{
	sigset_t all, before;
	pid_t child;

	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, &before);
	child = fork();
	for (size_t i = 0; child == 0 && i < N_ENDING; i++)
		signal(ending[i], SIG_DFL);
	sigprocmask(SIG_SETMASK, &before, NULL);
	return child;
}

bool
demo_open(struct demo *d)
{
	char relay[PATH_MAX];

	memset(d, 0, sizeof(*d));
	catch_signals();
	d->host_uid = geteuid();
	if (!find_program(d, "devattest-relay", relay))
		return false;
	if (geteuid() == 0 && user_can_run(DEMO_HOST_UID, relay))
		d->host_uid = DEMO_HOST_UID;
	return make_folder(d);
}

void
demo_close(struct demo *d, bool keep)
{
	demo_stop_all(d);
	if (d->folder[0] == '\0' || keep)
		return;
	if (remove_host_folder(d))
		nftw(d->folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	else
		fprintf(stderr, "devattest: %s: cannot be removed\n",
		    d->folder);
}

/* -- processes -- */

/* In the child.  It ends with the demo, whatever ends that. */
static void
execute(const char *path, const struct demo_words *words, uid_t uid)
{
	char *argv[DEMO_MAX_WORDS + 2] = { (char *)(uintptr_t)path };

	for (int i = 0; i < words->n; i++)
		argv[i + 1] = words->word[i];
	umask(words->mask != 0 ? words->mask : 022);
	signal(SIGPIPE, SIG_DFL);
	if (become(uid) && prctl(PR_SET_PDEATHSIG, SIGTERM) == 0)
		execv(path, argv);
	_exit(126);
}

static bool
wait_ready(struct demo *d, const char *program, int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	char byte;

	return (poll(&p, 1, READY_MS) == 1 && read(fd, &byte, 1) == 1) ||
	    failed(d, program, "does not get ready");
}

bool
demo_start(struct demo *d, const char *program, uid_t uid,
    struct demo_words *words)
{
	char path[PATH_MAX];
	int ends[2];
	pid_t child;
	bool ready;

	if (d->n == DEMO_MAX_PROCESSES || !find_program(d, program, path))
		return false;
	demo_word(words, "--ready-fd");
	demo_word(words, "%d", READY_FD);
	fflush(stdout);
	if (pipe2(ends, O_CLOEXEC) != 0)
		return failed(d, program, strerror(errno));
	child = fork_endable();
	if (child == 0) {
		/* The number stays the same where it is already that one. */
		if (ends[1] != READY_FD)
			dup2(ends[1], READY_FD);
		else
			fcntl(READY_FD, F_SETFD, 0);
		execute(path, words, uid);
	}
	close(ends[1]);
	if (child > 0)
		d->process[d->n++] = child;
	ready = wait_ready(d, program, ends[0]);
	close(ends[0]);
	return ready;
}

void
demo_stop_all(struct demo *d)
{
	while (d->n > 0) {
		pid_t process = d->process[--d->n];

		kill(process, SIGTERM);
		while (waitpid(process, NULL, 0) < 0 && errno == EINTR)
			continue;
	}
}

/* Line by line, so that what happens is seen when it happens. */
static void
pass_on(int fd, void (*told)(const char *line))
{
	FILE *in = fdopen(fd, "r");
	char line[512];

	if (in == NULL) {
		close(fd);
		return;
	}
	while (fgets(line, sizeof(line), in) != NULL) {
		line[strcspn(line, "\n")] = '\0';
		if (told != NULL)
			told(line);
	}
	fclose(in);
}

static void
execute_to_files(const char *path, const struct demo_words *words,
    const char *out_path, int err)
{
	int out = open(out_path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC,
	    0600);

	if (out >= 0 && dup2(out, STDOUT_FILENO) >= 0 &&
	    dup2(err, STDERR_FILENO) >= 0)
		execute(path, words, geteuid());
	_exit(126);
}

/* The process is still there, if only as a zombie, while a signal ends it. */
static int
end_of(pid_t child)
{
	siginfo_t info;
	int status = -1;

	while (waitid(P_PID, (id_t)child, &info, WEXITED | WNOWAIT) < 0 &&
	    errno == EINTR)
		continue;
	running = 0;
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		continue;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

int
demo_run(struct demo *d, const char *program, struct demo_words *words,
    const char *out_path, void (*told)(const char *line))
{
	char path[PATH_MAX];
	int ends[2];
	pid_t child;

	if (!find_program(d, program, path))
		return -1;
	fflush(stdout);
	if (pipe2(ends, O_CLOEXEC) != 0) {
		failed(d, program, strerror(errno));
		return -1;
	}
	child = fork_endable();
	if (child == 0)
		execute_to_files(path, words, out_path, ends[1]);
	close(ends[1]);
	running = child;
	/* The signal came before there was anything to end. */
	if (child > 0 && demo_interrupted())
		kill(child, SIGTERM);
	pass_on(ends[0], told);
	return child > 0 ? end_of(child) : -1;
}
