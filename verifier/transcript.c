/* SPDX-License-Identifier: Apache-2.0 */
#include "transcript.h"

#include <string.h>

/* DSP0274: the text stands right-aligned in 36 bytes, zeros in front. */
#define PREFIX_SIZE	64
#define CONTEXT_SIZE	36

struct da_transcript
da_l1l2(const struct da_evidence *evidence, struct da_slice series)
{
	struct da_transcript t = { .version = evidence->version,
	    .hash = evidence->algs.hash,
	    .context = "responder-measurements signing" };

	if (evidence->version >= DA_SPDM_12)
		t.piece[t.n++] = evidence->vca.raw;
	t.piece[t.n++] = series;
	return t;
}

struct da_transcript
da_m1m2(const struct da_evidence *evidence)
{
	return (struct da_transcript){ .version = evidence->version,
	    .hash = evidence->algs.hash,
	    .context = "responder-challenge_auth signing", .n = 3,
	    .piece = { evidence->vca.raw, evidence->between.raw,
	    evidence->challenge.exchange } };
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
da_signed_message(const struct da_transcript *transcript,
    uint8_t buf[DA_SIGNED_MAX], struct da_slice *ret)
{
	struct da_hash_value digest = da_hash_all(transcript->hash,
	    transcript->piece, transcript->n);
	struct da_slice text = da_slice_str(transcript->context);

	if (digest.n == 0 || text.n > CONTEXT_SIZE)
		return false;
	memset(buf, 0, DA_SIGNED_MAX);
	put_prefix(transcript->version, buf);
	memcpy(&buf[PREFIX_SIZE + CONTEXT_SIZE - text.n], text.p, text.n);
	memcpy(&buf[PREFIX_SIZE + CONTEXT_SIZE], digest.bytes, digest.n);
	*ret = da_slice_of(buf, (size_t)PREFIX_SIZE + CONTEXT_SIZE +
	    digest.n);
	return true;
}

/* Before SPDM 1.2 the transcript itself is signed, and no text goes with it. */
enum da_sig_result
da_transcript_signed(const struct da_transcript *transcript,
    const struct da_key *key, struct da_slice signature)
{
	uint8_t buf[DA_SIGNED_MAX];
	struct da_hash_value digest;
	struct da_slice message;

	if (transcript->version < DA_SPDM_12) {
		digest = da_hash_all(transcript->hash, transcript->piece,
		    transcript->n);
		return da_sig_spdm_digest(key, transcript->hash, &digest,
		    signature);
	}
	if (!da_signed_message(transcript, buf, &message))
		return DA_SIG_UNSUPPORTED;
	return da_sig_spdm(key, transcript->hash,
	    da_slice_str(transcript->context), message, signature);
}
