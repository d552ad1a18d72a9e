/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The gate in front of json-c: a walk over the text that builds nothing.  What
 * json-c takes and we do not (duplicate keys, NaN, single quotes, NUL, lone
 * surrogates, integers past 64 bits) ends here.  Knows the grammar of RFC 8259
 * less fractions; never what a document means.
 */
#ifndef DA_JSONGATE_H
#define DA_JSONGATE_H

#include "strictjson.h"

/*
 * Where the values begin, in the order in which they begin; of a member it is
 * where its key begins.  The caller frees `at`.
 */
struct da_json_places {
	uint32_t *at;
	size_t n, room;
};

/* On yes `ret` has a place a value; on no it holds nothing. */
bool	da_json_gate(struct da_slice text, struct da_json_places *ret,
	    struct da_json_error *reterr);
/* Line and column, in bytes from 1, of offset `at`. */
void	da_json_line_of(struct da_slice text, size_t at, uint32_t *ret_line,
	    uint32_t *ret_column);

#endif
