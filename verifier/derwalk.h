/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Strict DER over the cursor: definite minimal lengths, low tag numbers, no
 * allocation.  OpenSSL takes BER lengths and trailing bytes; this does not.
 */
#ifndef DA_DERWALK_H
#define DA_DERWALK_H

#include "faults.h"
#include "slice.h"

enum {
	DA_DER_BOOLEAN = 0x01,
	DA_DER_INTEGER = 0x02,
	DA_DER_BIT_STRING = 0x03,
	DA_DER_OCTET_STRING = 0x04,
	DA_DER_NULL = 0x05,
	DA_DER_OID = 0x06,
	DA_DER_UTF8_STRING = 0x0c,
	DA_DER_UTC_TIME = 0x17,
	DA_DER_GENERALIZED_TIME = 0x18,
	DA_DER_SEQUENCE = 0x30,
	DA_DER_SET = 0x31
};

/*
 * One walk through one part: the cursor, and the first fault.  Every reader
 * below does nothing once a fault stands, so a decoder is a straight list.
 */
struct da_der {
	struct da_cur c;
	enum da_part part;
	struct da_fault fault;	/* why is DA_F_NONE while all is well */
};

struct da_der	da_der_over(struct da_cur c, enum da_part part);
bool		da_der_ok(const struct da_der *d);
/* Records a fault at the cursor unless one stands. */
void		da_der_refuse(struct da_der *d, enum da_why why);
/* The next tag; 0 at the end or after a fault. */
uint8_t		da_der_peek(const struct da_der *d);
/* Contents of the next element, which must have this tag. */
struct da_slice	da_der_take(struct da_der *d, uint8_t tag);
/* The next element with its tag and length, whatever it is. */
struct da_slice	da_der_element(struct da_der *d);
/* A walk inside the next element, which must have this tag. */
struct da_der	da_der_enter(struct da_der *d, uint8_t tag);
/* Ends an inner walk: its fault, or leftover bytes, become the outer's. */
void		da_der_leave(struct da_der *outer, const struct da_der *inner);
/* DER BOOLEAN: 00 or FF only. */
bool		da_der_boolean(struct da_der *d);
/* The contents of a non-negative minimal INTEGER below 2^64. */
bool		da_is_uint(struct da_slice contents, uint64_t *ret);
/* A non-negative minimal INTEGER below 2^31. */
uint32_t	da_der_small_int(struct da_der *d);
/* X.690 8.19: one subidentifier at least, each in as few octets as can be. */
bool		da_is_oid(struct da_slice contents);
struct da_slice	da_der_oid(struct da_der *d);
/* BIT STRING with no unused bits. */
struct da_slice	da_der_octet_bits(struct da_der *d);
/* The contents of a BIT STRING whose unused bits, if any, are zero. */
bool		da_is_bits(struct da_slice contents);
/* BIT STRING of flags: bit 0 of the result is the string's bit 0. */
uint32_t	da_der_flags(struct da_der *d);
/* "2.5.29.15" for an OID's contents; false when `size` is too small. */
bool		da_oid_text(struct da_slice oid, char *buf, size_t size);

#endif
