/* SPDX-License-Identifier: Apache-2.0 */
#include "pem.h"

#include "derwalk.h"
#include "spdm_chain.h"

#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/pem.h>

#include <string.h>

#define BEGIN(label)	{ label, "-----BEGIN " label "-----" }

/* What a part's blocks are called, and how one begins. */
static const struct label {
	const char *name, *begin;
} labels[DA_PART_COUNT] = {
	[DA_PART_NONE] = BEGIN("CERTIFICATE"),
	[DA_PART_CRL] = BEGIN("X509 CRL"),
	[DA_PART_KEY] = BEGIN("PUBLIC KEY"),
};

static const struct label *
label_of(enum da_part part)
{
	return &labels[labels[part].name == NULL ? DA_PART_NONE : part];
}

bool
da_pem_is(struct da_slice text, enum da_part part)
{
	const char *begin = label_of(part)->begin;

	return memmem(text.p, text.n, begin, strlen(begin)) != NULL;
}

/* Appends one block's bytes when there is room. */
static bool
append(uint8_t *buf, size_t size, size_t *used, const uint8_t *block, long n)
{
	if (n <= 0 || (size_t)n > size - *used)
		return false;
	memcpy(&buf[*used], block, (size_t)n);
	*used += (size_t)n;
	return true;
}

/* How many blocks the text announces. */
static size_t
count_begins(struct da_slice text, const struct label *label)
{
	struct da_slice mark = da_slice_str(label->begin), here;
	size_t n = 0;

	for (size_t at = 0; da_slice_cut(text, at, mark.n, &here); at++)
		n += da_slice_eq(here, mark);
	return n;
}

static bool
read_blocks(BIO *bio, const struct label *label, uint8_t *buf, size_t size,
    size_t *ret_used, size_t *ret_n)
{
	char *name, *header;
	unsigned char *block;
	long n;
	bool room = true;

	*ret_used = 0;
	*ret_n = 0;
	while (room && PEM_read_bio(bio, &name, &header, &block, &n) == 1) {
		if (strcmp(name, label->name) == 0) {
			room = append(buf, size, ret_used, block, n);
			++*ret_n;
		}
		OPENSSL_free(name);
		OPENSSL_free(header);
		OPENSSL_free(block);
	}
	return room;
}

bool
da_pem_read(struct da_slice text, enum da_part part, uint8_t *buf, size_t size,
    struct da_slice *ret, struct da_fault *reterr)
{
	const struct label *label = label_of(part);
	size_t used = 0, n, announced = count_begins(text, label);
	BIO *bio;
	bool room;

	if (text.n == 0)
		return da_refuse(reterr, DA_F_EMPTY, part, 0);
	if (text.n > INT32_MAX || (bio = BIO_new_mem_buf(text.p,
	    (int)text.n)) == NULL)
		return da_refuse(reterr, DA_F_TOO_LONG, part, 0);
	room = read_blocks(bio, label, buf, size, &used, &n);
	BIO_free(bio);
	if (!room)
		return da_refuse(reterr, DA_F_TOO_LONG, part, 0);
	if (used == 0 && announced == 0)
		return da_refuse(reterr, DA_F_CHAIN_NO_CERT, part, 0);
	/* A block that was cut off or spoilt would else be left out unsaid. */
	if (used == 0 || n != announced)
		return da_refuse(reterr, DA_F_SHORT, part, text.n);
	*ret = da_slice_of(buf, used);
	return true;
}

bool
da_chain_root_first(struct da_slice der, uint8_t *buf, struct da_slice *ret,
    struct da_fault *reterr)
{
	struct da_chain chain;
	size_t used = 0;

	if (!da_chain_parse(der, DA_CHAIN_DER, DA_HASH_NONE, &chain, reterr))
		return false;
	if (chain.n < 2 || !da_slice_eq(chain.cert[0].issuer,
	    chain.cert[1].subject)) {
		*ret = der;
		return true;
	}
	for (uint16_t i = chain.n; i > 0; i--) {
		struct da_slice cert = chain.cert[i - 1].der;

		memcpy(&buf[used], cert.p, cert.n);
		used += cert.n;
	}
	*ret = da_slice_of(buf, used);
	return true;
}
