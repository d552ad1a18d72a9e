/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files of the command line, each loaded for what its option says, and the
 * refusals that may come of it.  Every byte that is loaded lives as long as the
 * inputs do, which own it.
 */
#ifndef DA_CLI_LOAD_H
#define DA_CLI_LOAD_H

#include "cli.h"
#include "trustfile.h"

#define CLI_MAX_PEM	(2u * DA_MAX_CHAIN)	/* base64 takes 4 for 3 */

/* -- refusals: each fills *reterr and returns false -- */
bool	cli_refuse_misuse(struct cli_refusal *reterr);
bool	cli_refuse_no_memory(struct cli_refusal *reterr);
bool	cli_refuse_fault(struct cli_refusal *reterr,
	    const struct da_fault *fault);

/* NULL when memory is out. */
uint8_t	*cli_own_buffer(struct cli_input *in, size_t size);
bool	cli_load(struct cli_input *in, enum da_option option, const char *path,
	    enum da_part part, size_t cap, struct da_slice *ret,
	    struct cli_refusal *reterr);
/* A root or a revocation list. */
bool	cli_load_trust(struct cli_input *in, const struct da_repeated *one,
	    struct cli_refusal *reterr);
bool	cli_load_key(struct cli_input *in, const char *path,
	    struct cli_refusal *reterr);
/* Hex digits, which go into `buf` of DA_NONCE bytes, or a file. */
bool	cli_load_nonce(struct cli_input *in, enum da_option option,
	    const char *text, uint8_t *buf, struct da_slice *ret,
	    struct cli_refusal *reterr);

#endif
