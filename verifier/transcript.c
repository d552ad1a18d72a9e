/* SPDX-License-Identifier: Apache-2.0 */
#include "transcript.h"

#include <string.h>

/* DSP0274: the text stands right-aligned in 36 bytes, zeros in front. */
#define PREFIX_SIZE	64
#define CONTEXT_SIZE	36

static const char context[] = "responder-measurements signing";

size_t
da_l1l2(const struct da_evidence *evidence, struct da_slice ret[2])
{
	size_t n = 0;

	if (evidence->version >= DA_SPDM_12)
		ret[n++] = evidence->vca.raw;
	ret[n++] = evidence->meas.transcript;
	return n;
}

struct da_slice
da_signed_context(void)
{
	return da_slice_str(context);
}

static void
put_prefix(uint8_t version, uint8_t *buf)
{
	char text[] = "dmtf-spdm-v1.x.*";

	text[13] = (char)('0' + (version & 0x0f));
	for (size_t i = 0; i < PREFIX_SIZE; i++)
		buf[i] = (uint8_t)text[i % 16];
}

bool
da_signed_message(const struct da_evidence *evidence,
    uint8_t buf[DA_SIGNED_MAX], struct da_slice *ret)
{
	struct da_slice l1l2[2];
	size_t n = da_l1l2(evidence, l1l2);
	struct da_hash_value digest = da_hash_all(evidence->algs.hash, l1l2,
	    n);

	if (digest.n == 0)
		return false;
	memset(buf, 0, DA_SIGNED_MAX);
	put_prefix(evidence->version, buf);
	memcpy(&buf[PREFIX_SIZE + CONTEXT_SIZE - strlen(context)], context,
	    strlen(context));
	memcpy(&buf[PREFIX_SIZE + CONTEXT_SIZE], digest.bytes, digest.n);
	*ret = da_slice_of(buf, (size_t)PREFIX_SIZE + CONTEXT_SIZE +
	    digest.n);
	return true;
}
