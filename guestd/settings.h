/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the owner says on devattestd's command line.  Paths and names are views
 * into it.
 */
#ifndef DA_SETTINGS_H
#define DA_SETTINGS_H

#include "connect.h"
#include "kernel-uapi/kernel.h"
#include "options.h"

struct da_settings {
	const char *kernel_socket;	/* software kernel's; NULL: Linux */
	struct da_target host;
	bool host_named;		/* by the owner, and no default */
	const char *policy_path;
	const char *roots_folder;
	size_t n_devices;		/* 0: every one that the kernel lists */
	const char *device[DA_MAX_DEVICES];
	uint8_t tries;
	const char *run_folder;		/* NULL: the default */
	const char *receiver_user, *judge_user;	/* NULL: the default */
	bool once, json, verbose;
	bool help, version;
};

/* False: *reterr says in one line what is wrong. */
bool	da_settings_parse(int argc, char *const *argv,
	    struct da_settings *ret, struct da_misuse *reterr);
void	da_settings_help(void);

#endif
