/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A machine that lacks a facility: its system call fails as it does on a kernel
 * without it.  Written without libseccomp, which is what is tested.
 */
#ifndef DA_TEST_DENY_H
#define DA_TEST_DENY_H

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/filter.h>
#include <linux/seccomp.h>

struct denied {
	const char *facility;
	int call;
	int argument;		/* -1: whatever they are */
	uint32_t value;		/* of that argument */
	int error;
};

/* Installing a filter comes last: nothing can be denied after it. */
static const struct denied denied[] = {
	{ "memfd", SYS_memfd_create, -1, 0, ENOSYS },
	{ "seals", SYS_fcntl, 1, F_ADD_SEALS, EINVAL },
	{ "landlock", SYS_landlock_create_ruleset, -1, 0, EOPNOTSUPP },
	{ "seccomp", SYS_prctl, 0, PR_SET_SECCOMP, EINVAL },
	{ "seccomp", SYS_seccomp, -1, 0, ENOSYS },
};

/* The low half of an argument, on the little-endian machines that we know. */
static inline uint32_t
argument_at(int argument)
{
	return (uint32_t)(offsetof(struct seccomp_data, args) +
	    8 * (size_t)(argument < 0 ? 0 : argument));
}

static inline bool
deny_call(const struct denied *d)
{
	uint8_t next = d->argument < 0 ? 2 : 0;
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
		    offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)d->call, next,
		    3),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, argument_at(d->argument)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, d->value, 0, 1),
		BPF_STMT(BPF_RET | BPF_K,
		    SECCOMP_RET_ERRNO | (uint32_t)d->error),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { sizeof(code) / sizeof(code[0]), code };

	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
	    syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) == 0;
}

/* False, too, where there is no such facility. */
static inline bool
deny(const char *facility)
{
	bool any = false;

	for (size_t i = 0; i < sizeof(denied) / sizeof(denied[0]); i++) {
		if (strcmp(denied[i].facility, facility) != 0)
			continue;
		if (!deny_call(&denied[i]))
			return false;
		any = true;
	}
	return any;
}

#endif
