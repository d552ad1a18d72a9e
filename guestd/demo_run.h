/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the demo runs: our own programs, in a folder that goes away with them.
 * Knows processes, users and paths; never what a program says.
 */
#ifndef DA_DEMO_RUN_H
#define DA_DEMO_RUN_H

#include <limits.h>
#include <stdbool.h>
#include <sys/types.h>

#define DEMO_MAX_PROCESSES	4
#define DEMO_MAX_WORDS		24
/* Relay and attacker under root; Debian gives the number to nobody. */
#define DEMO_HOST_UID		61103

struct demo {
	char folder[PATH_MAX];		/* "" before it was made */
	uid_t host_uid;			/* whom relay and attacker run as */
	int n;
	pid_t process[DEMO_MAX_PROCESSES];
	char error[PATH_MAX + 128];	/* why the last thing failed */
};

/* A command line that grows; it owns its words. */
struct demo_words {
	mode_t mask;		/* of what the program makes; 0: 022 */
	int n;
	char *word[DEMO_MAX_WORDS + 1];
};

/* Makes the folder; finds out whether a user of its own can play the host. */
bool	demo_open(struct demo *d);
/* Ends what runs; removes the folder unless it is to be kept. */
void	demo_close(struct demo *d, bool keep);
/* A signal asked the demo to end. */
bool	demo_interrupted(void);

__attribute__((format(printf, 2, 3)))
void	demo_word(struct demo_words *words, const char *format, ...);
void	demo_words_free(struct demo_words *words);
/* Starts a program and waits until it says that it is ready. */
bool	demo_start(struct demo *d, const char *program, uid_t uid,
	    struct demo_words *words);
/* Ends all that were started. */
void	demo_stop_all(struct demo *d);
/*
 * Runs a program to its end.  `told` (may be NULL) gets each line of its
 * standard error as it comes; standard output goes to a file.  -1: it did not
 * run.
 */
int	demo_run(struct demo *d, const char *program,
	    struct demo_words *words, const char *out_path,
	    void (*told)(const char *line));

#endif
