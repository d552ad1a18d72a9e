/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the daemon's roles say to each other: messages of fixed size over
 * AF_UNIX SOCK_SEQPACKET, descriptors beside them.
 *
 * Knows sizes, kinds and versions, never what a message means.  Whoever
 * receives believes nothing: another size, kind, version, serial number or
 * count of descriptors than the one expected is an error, and an error is a
 * refusal.  Zero-filled messages say no.
 */
#ifndef DA_ROLEMSG_H
#define DA_ROLEMSG_H

#include <signal.h>

#include "answer.h"
#include "connect.h"
#include "outcome.h"
#include "kernel-uapi/kernel.h"
#include "policy/appraise.h"
#include "verifier/prove.h"

#define DA_ROLEMSG_VERSION	4
#define DA_BUNDLE_MAX	(DA_WIRE_REQUEST_SIZE + DA_MAX_ANSWER)
#define DA_MAX_FUNCTIONS 8	/* of one physical device: PCI's three bits */

enum da_msg_kind {
	DA_MSG_NONE,
	DA_MSG_FETCH,		/* pusher to receiver */
	DA_MSG_FETCHED,		/* back, with the sealed bundle */
	DA_MSG_RELEASE,		/* pusher to receiver: the host may go on */
	DA_MSG_READY,		/* warden to steward, once */
	DA_MSG_GO,		/* steward to pusher, once: what READY said */
	DA_MSG_SORT,		/* pusher to warden */
	DA_MSG_SORTED,		/* warden to pusher */
	DA_MSG_AUTHENTICATE,	/* pusher to warden, with bundles and socket */
	DA_MSG_PROOF,		/* authenticator to pusher */
	DA_MSG_APPRAISE,	/* as DA_MSG_AUTHENTICATE */
	DA_MSG_VERDICT,		/* appraiser to pusher */
	DA_MSG_COUNT,		/* pusher to warden */
	DA_MSG_COUNTED,		/* warden to pusher */
	DA_MSG_RECORD,		/* pusher to steward: keep it, or drop it */
	DA_MSG_RECORDED,	/* steward to pusher: it is on disk */
	DA_MSG_OUTCOME,		/* pusher to steward, maybe with the bundle */
	DA_MSG_DONE		/* pusher to steward: all have their outcome */
};

struct da_msg_head {
	uint32_t version;	/* DA_ROLEMSG_VERSION */
	uint32_t kind;		/* enum da_msg_kind */
	uint64_t serial;	/* an answer has its question's */
};

/* da_fault with fixed widths. */
struct da_msg_fault {
	uint32_t why;		/* enum da_why */
	uint32_t part;		/* enum da_part */
	uint64_t offset;
};

/* -- receiver -- */

/*
 * Where in the bundle a part lies, and what the gate found of it.  One that
 * holds is cut to the bytes that the TSM's digest is of.
 */
struct da_msg_part {
	uint16_t type, shape;
	uint32_t length;
	uint64_t offset;
	uint32_t gate;		/* enum da_result; zero is broken */
	uint32_t reserved;	/* 0 */
};

/*
 * The parts that are judged, and whose report is pushed: all that a digest of
 * the TSM's may cover and that the gate did not find broken.
 */
struct da_bundle da_msg_bundle(const struct da_msg_part *part, uint32_t n,
	    const struct da_ticket *ticket, struct da_slice file);

struct da_msg_fetch {
	struct da_msg_head head;
	uint8_t request[DA_WIRE_REQUEST_SIZE];
	struct da_target target;
	uint32_t idle_ms, whole_ms;	/* how patient to be with the host */
};

struct da_msg_fetched {
	struct da_msg_head head;
	uint32_t fetched;	/* 1: the bundle is whole and comes along */
	uint32_t host_failure;	/* the host's word, 0: none */
	int32_t error;		/* errno of a transport fault, 0: none */
	uint32_t n;
	struct da_msg_fault fault;
	uint64_t size;		/* of the bundle file */
	struct da_msg_part part[DA_MAX_PARTS];
};

struct da_msg_release {
	struct da_msg_head head;
};

/* -- warden and judges -- */

struct da_msg_ready {
	struct da_msg_head head;
	uint32_t ready;		/* 1; else the text says why not */
	uint32_t line, column;	/* in the policy's file; 0: not there */
	uint32_t rules;
	uint32_t deadline_s;	/* for the whole boot */
	uint32_t reserved;	/* 0 */
	uint8_t policy_id[48];
	char policy_name[DA_POLICY_MAX_NAME];
	char text[320];
};

struct da_msg_sort {
	struct da_msg_head head;
	uint32_t n;
	uint32_t reserved;	/* 0 */
	struct da_kernel_device device[DA_MAX_DEVICES];
};

struct da_msg_sorted {
	struct da_msg_head head;
	uint32_t n;		/* as many as were asked */
	uint32_t reserved;	/* 0 */
	uint8_t what[DA_MAX_DEVICES];	/* enum da_disposition */
};

/*
 * What a judge read, by its own hash: whoever asked compares it with his own,
 * so that an answer belongs to these bytes and to no others.
 */
struct da_seal {
	uint8_t bundle[48];	/* SHA-384 of the bundle file */
	uint8_t ticket[48];	/* SHA-384 of the ticket's bytes in the job */
};

/* One function of the device: its bundle, its ticket, its proof. */
struct da_msg_function {
	uint64_t size;		/* of the bundle file */
	uint32_t n;
	uint32_t reserved;	/* 0 */
	struct da_msg_part part[DA_MAX_PARTS];
	struct da_ticket ticket;
	struct da_proof proof;	/* zero for the authenticator */
};

/*
 * A question to the authenticator or, with its proofs, to the appraiser: all
 * functions of one physical device.  `n` bundles come along in the same order,
 * and then the socket for the answer.
 */
struct da_msg_job {
	struct da_msg_head head;
	uint32_t n;		/* 1 to DA_MAX_FUNCTIONS */
	uint32_t reserved;	/* 0 */
	struct da_msg_function function[DA_MAX_FUNCTIONS];
};

struct da_msg_proof {
	struct da_msg_head head;
	uint32_t n;		/* the job's */
	uint32_t walks;		/* chains whose path was walked */
	struct da_seal seal[DA_MAX_FUNCTIONS];
	struct da_proof proof[DA_MAX_FUNCTIONS];
};

struct da_msg_verdict {
	struct da_msg_head head;
	uint32_t n;		/* the job's */
	uint32_t reserved;	/* 0 */
	struct da_seal seal[DA_MAX_FUNCTIONS];
	struct da_verdict verdict[DA_MAX_FUNCTIONS];
};

/* What counts of a verdict that accepts. */
struct da_msg_counted_one {
	char class_name[DA_POLICY_MAX_NAME];
	uint8_t device_key[48];
};

struct da_msg_count {
	struct da_msg_head head;
	uint32_t n;
	uint32_t reserved;	/* 0 */
	struct da_msg_counted_one one[DA_MAX_DEVICES];
};

struct da_msg_counted {
	struct da_msg_head head;
	uint32_t holds;		/* 1 */
	uint32_t reserved;	/* 0 */
	struct da_msg_fault fault;
};

/* -- steward -- */

/*
 * What a later start must find again to believe that a running device is the
 * one that was accepted.
 */
struct da_record {
	char boot_id[DA_BOOT_ID_SIZE];
	char device[DA_BDF_SIZE];
	struct da_token token[DA_TOKEN_COUNT];
	uint8_t policy_id[48];
	uint8_t device_key[48];
	char class_name[DA_POLICY_MAX_NAME];
	char subject[DA_SUBJECT_SIZE];
};

struct da_msg_record {
	struct da_msg_head head;
	uint32_t keep;		/* 1: write it; 0: the device's is void */
	uint32_t reserved;	/* 0 */
	struct da_record record;
};

struct da_msg_recorded {
	struct da_msg_head head;
	uint32_t done;		/* 1: it will be there after a crash, too */
	int32_t error;		/* errno where it is not */
};

struct da_msg_outcome {
	struct da_msg_head head;
	uint32_t has_ticket;	/* 1 */
	uint32_t has_bundle;	/* 1: its memfd comes along */
	uint64_t size;		/* of the bundle file */
	struct da_outcome outcome;
	struct da_ticket ticket;	/* what was judged by */
};

struct da_msg_done {
	struct da_msg_head head;
	int32_t exit_class;
	uint32_t n;		/* outcomes that were sent */
	char text[200];		/* why nothing could be judged; else "" */
};

/* A change of any of these is a change of DA_ROLEMSG_VERSION. */
_Static_assert(sizeof(struct da_msg_head) == 16, "crosses a process");
_Static_assert(sizeof(struct da_msg_part) == 24, "crosses a process");
_Static_assert(sizeof(struct da_msg_fetch) == 208, "crosses a process");
_Static_assert(sizeof(struct da_msg_fetched) == 440, "crosses a process");
_Static_assert(sizeof(struct da_msg_release) == 16, "crosses a process");
_Static_assert(sizeof(struct da_msg_ready) == 472, "crosses a process");
_Static_assert(sizeof(struct da_msg_sort) == 20504, "crosses a process");
_Static_assert(sizeof(struct da_msg_sorted) == 536, "crosses a process");
_Static_assert(sizeof(struct da_msg_function) == 1448, "crosses a process");
_Static_assert(sizeof(struct da_msg_job) == 11608, "crosses a process");
_Static_assert(sizeof(struct da_msg_proof) == 2648, "crosses a process");
_Static_assert(sizeof(struct da_msg_verdict) == 54232, "crosses a process");
_Static_assert(sizeof(struct da_msg_count) == 57368, "crosses a process");
_Static_assert(sizeof(struct da_msg_counted) == 40, "crosses a process");
_Static_assert(sizeof(struct da_msg_record) == 464, "crosses a process");
_Static_assert(sizeof(struct da_msg_recorded) == 24, "crosses a process");
_Static_assert(sizeof(struct da_msg_outcome) == 1728, "crosses a process");
_Static_assert(sizeof(struct da_msg_done) == 224, "crosses a process");

enum da_msg_error {
	DA_MSG_OK,
	DA_MSG_CLOSED,		/* the other end is gone */
	DA_MSG_TIMEOUT,
	DA_MSG_STOPPED,		/* a signal that was let through */
	DA_MSG_GARBAGE,		/* another size, kind, version or serial */
	DA_MSG_SYSTEM		/* errno says */
};

#define DA_MSG_MAX_FDS	(DA_MAX_FUNCTIONS + 1)
#define DA_MSG_MAX_SIZE	65536	/* of the longest message, and some room */
_Static_assert(sizeof(struct da_msg_count) < DA_MSG_MAX_SIZE &&
    sizeof(struct da_msg_verdict) < DA_MSG_MAX_SIZE, "a send must not fail");

/* One message as it came. */
struct da_msg_got {
	size_t size;
	uint32_t n_fds;
	int fd[DA_MSG_MAX_FDS];	/* close-on-exec; the caller's to close */
};

struct da_msg_head da_msg_head(enum da_msg_kind kind, uint64_t serial);
/* A connected pair: ends[0] for the pusher, ends[1] for the role. */
bool	da_msg_pair(int ends[2]);
bool	da_msg_send(int sock, const void *msg, size_t size, const int *fds,
	    uint32_t n_fds);
/*
 * One whole message within `timeout_ms` (-1: no limit).  `waiting` is the
 * signal mask while asleep, NULL for the present one.
 */
bool	da_msg_recv(int sock, void *msg, size_t max, int timeout_ms,
	    const sigset_t *waiting, struct da_msg_got *ret,
	    enum da_msg_error *reterr);
/* Is it a message of this kind, whole, with so many descriptors? */
bool	da_msg_is(const void *msg, const struct da_msg_got *got,
	    enum da_msg_kind kind, size_t size, uint32_t n_fds);
void	da_msg_close_fds(struct da_msg_got *got);
const char *da_msg_error_text(enum da_msg_error error);

#endif
