/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Between the steward's files: its state, and who does what to it.  Nobody
 * else's.
 */
#ifndef DA_STEWARD_PARTS_H
#define DA_STEWARD_PARTS_H

#include "status.h"
#include "steward.h"

/* How far the present crew has come. */
enum da_stage { DA_STAGE_READING, DA_STAGE_JUDGING, DA_STAGE_DECIDED };

struct steward {
	const struct da_steward_setup *setup;
	char kernel[160];		/* its name, for people */
	char boot_id[DA_BOOT_ID_SIZE];
	int signals;			/* a signalfd */
	struct da_crew crew, next;	/* next: with the policy as it is now */
	bool has_next;			/* it is reading policy and roots */
	bool replacing;			/* it is ready; the old pusher ends */
	bool again;			/* one more SIGHUP came meanwhile */
	const char *orphan;		/* a role that ended; NULL: none */
	bool nothing;			/* could be judged */
	bool failed;			/* of ours; nothing can mend it */
	bool ending, ended;
	int64_t until_ms;		/* end of patience; 0: none is needed */
	enum da_stage stage;
	struct da_msg_ready policy, next_policy;	/* what READY said */
	struct da_told told;
	int status;			/* the exit status */
	int64_t since;			/* of the result */
	struct da_status asked;
};

/* -- steward.c -- */
int64_t	da_steward_wall_clock(void);
/* The pusher backs out of what is not accepted, and the loop goes on. */
void	da_steward_stop_pusher(struct steward *s);
void	da_steward_begin_end(struct steward *s);
/* Something of ours failed: what was decided does not change that. */
void	da_steward_give_up(struct steward *s);
void	da_steward_hang_up(int *sock);
/* What the service manager may show. */
void	da_steward_say(const struct steward *s);

/* -- steward_crew.c -- */
bool	da_steward_start(struct steward *s);
/* SIGHUP: policy and roots are read again, by a crew that is new. */
void	da_steward_reload(struct steward *s);
void	da_steward_reload_failed(struct steward *s, const char *why);
/* The old pusher has ended, and nobody else has the kernel. */
void	da_steward_replace(struct steward *s);
/* A warden said READY, or why not, or ended. */
void	da_steward_on_ready(struct steward *s);
void	da_steward_on_next_ready(struct steward *s);

/* -- steward_hear.c -- */
/* One message of the pusher's; false: there is none now, or it is gone. */
bool	da_steward_hear(struct steward *s);

#endif
