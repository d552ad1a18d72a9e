/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Between the files of the responder: a request being read, the answer being
 * made, and the ERROR codes.  Nobody else includes it.
 */
#ifndef EMU_RESPONDER_PARTS_H
#define EMU_RESPONDER_PARTS_H

#include "responder.h"

#define EMU_SPDM_13	0x13
#define EMU_HEAD	4u	/* of every message */

/* DSP0274 ERROR, Param1. */
enum emu_error {
	EMU_OK = 0,
	EMU_INVALID_REQUEST = 0x01,
	EMU_UNEXPECTED_REQUEST = 0x04,
	EMU_UNSPECIFIED = 0x05,
	EMU_UNSUPPORTED_REQUEST = 0x07,
	EMU_RESPONSE_TOO_LARGE = 0x0d,
	EMU_LARGE_RESPONSE = 0x0f,
	EMU_VERSION_MISMATCH = 0x41
};

struct emu_call {
	struct emu_responder *r;
	struct da_cur c;	/* behind the head */
	uint8_t version, code, param1, param2;
	struct emu_bytes *out;
};

/* Everything was read; what pads it is less than a DOE word. */
bool	emu_call_is_whole(const struct emu_call *call);
/* The request as it was read, without padding. */
struct da_slice	emu_call_request(const struct emu_call *call);
void	emu_call_head(struct emu_call *call, uint8_t code, uint8_t param1,
	    uint8_t param2);
/* Appends request and answer; false: there was no room. */
bool	emu_call_keep(const struct emu_call *call, struct emu_bytes *log);
void	emu_bytes_clear(struct emu_bytes *b);
void	emu_responder_saw(struct emu_responder *r, enum da_digest_of of,
	    struct da_slice bytes);
/* The request inside, answered as if it had come alone. */
void	emu_responder_one(struct emu_responder *r, struct da_slice request,
	    struct emu_bytes *ret);
/*
 * Leaves an answer of at most `room` bytes as it is; makes a longer one a large
 * response, or an error.
 */
void	emu_responder_fit(struct emu_responder *r, size_t room,
	    struct emu_bytes *answer);
/* As at the start: nothing is negotiated. */
void	emu_responder_anew(struct emu_responder *r);
void	emu_error(struct emu_bytes *b, uint8_t version, enum emu_error error,
	    uint8_t data);

enum emu_error emu_answer_version(struct emu_call *call);
enum emu_error emu_answer_capabilities(struct emu_call *call);
enum emu_error emu_answer_algorithms(struct emu_call *call);
enum emu_error emu_answer_challenge(struct emu_call *call);
enum emu_error emu_answer_measurements(struct emu_call *call);
enum emu_error emu_answer_chunk_send(struct emu_call *call);
enum emu_error emu_answer_chunk_get(struct emu_call *call);
enum emu_error emu_answer_vendor(struct emu_call *call);

#endif
