/* SPDX-License-Identifier: Apache-2.0 */
#include "cli_load.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "files.h"
#include "policy/jsonchar.h"

uint8_t *
cli_own_buffer(struct cli_input *in, size_t size)
{
	uint8_t *buf = calloc(1, size);

	if (buf != NULL)
		in->owned[in->n_owned++] = da_slice_of(buf, size);
	return buf;
}

bool
cli_refuse_misuse(struct cli_refusal *reterr)
{
	reterr->exit_class = 1;
	return false;
}

bool
cli_refuse_no_memory(struct cli_refusal *reterr)
{
	da_misused(&reterr->misuse, "out of memory");
	return cli_refuse_misuse(reterr);
}

bool
cli_refuse_fault(struct cli_refusal *reterr, const struct da_fault *fault)
{
	if (fault->why == DA_F_NONE)
		return cli_refuse_no_memory(reterr);
	reterr->exit_class = da_fault_text(fault->why)->exit_class;
	reterr->fault = *fault;
	return false;
}

bool
cli_load(struct cli_input *in, enum da_option option, const char *path,
    enum da_part part, size_t cap, struct da_slice *ret,
    struct cli_refusal *reterr)
{
	struct da_file_error error;

	if (da_file_read(path, part, cap, ret, &error)) {
		in->owned[in->n_owned++] = *ret;
		return true;
	}
	if (!error.unusable)
		return cli_refuse_fault(reterr, &error.fault);
	da_misused(&reterr->misuse, "--%s %s: %s",
	    da_option_row(option)->name, path, error.text);
	return cli_refuse_misuse(reterr);
}

/* -- trust -- */

/* As DER, whatever the file has. */
static bool
load_der(struct cli_input *in, enum da_option option, const char *path,
    enum da_part part, size_t cap, struct da_slice *ret,
    struct cli_refusal *reterr)
{
	struct da_slice bytes, *owned = &in->owned[in->n_owned];
	struct da_fault fault;

	if (!cli_load(in, option, path, part, cap, &bytes, reterr))
		return false;
	if (!da_trust_decode(owned, part, &fault))
		return cli_refuse_fault(reterr, &fault);
	*ret = *owned;
	return true;
}

bool
cli_load_trust(struct cli_input *in, const struct da_repeated *one,
    struct cli_refusal *reterr)
{
	bool is_root = one->option == DA_OPT_ROOT;
	struct da_fault fault;
	struct da_slice der;

	if (!load_der(in, one->option, one->value, is_root ? DA_PART_ROOT :
	    DA_PART_CRL, is_root ? CLI_MAX_PEM : DA_CRL_FILE_MAX, &der,
	    reterr))
		return false;
	if (is_root ? da_trust_anchors(der, &in->ask.anchors, &fault) :
	    da_trust_crls(der, &in->ask.crls, &fault))
		return true;
	return cli_refuse_fault(reterr, &fault);
}

bool
cli_load_key(struct cli_input *in, const char *path,
    struct cli_refusal *reterr)
{
	struct da_fault fault;
	struct da_slice der;

	if (!load_der(in, DA_OPT_PROVISIONED_KEY, path, DA_PART_KEY,
	    DA_KEY_FILE_MAX, &der, reterr))
		return false;
	return da_trust_key(der, &in->ask.provisioned, &fault) ||
	    cli_refuse_fault(reterr, &fault);
}

/* -- nonces -- */

/* What somebody typed who meant hex, if not well: no such file is there. */
static bool
is_bad_hex(const char *text)
{
	size_t n = strlen(text);

	if (access(text, F_OK) == 0)
		return false;
	return strspn(text, "0123456789abcdefABCDEF") == n ||
	    (n >= DA_NONCE && strpbrk(text, "/.") == NULL);
}

bool
cli_load_nonce(struct cli_input *in, enum da_option option, const char *text,
    uint8_t *buf, struct da_slice *ret, struct cli_refusal *reterr)
{
	struct da_slice bytes, hex = da_slice_str(text);
	struct da_fault fault;
	size_t n;

	/* Exactly 64 hex digits; anything else names a file, or is too much. */
	if (hex.n == 2 * DA_NONCE && da_hex_read(hex, buf, DA_NONCE, &n)) {
		*ret = da_slice_of(buf, DA_NONCE);
		return true;
	}
	if (is_bad_hex(text)) {
		da_misused(&reterr->misuse, "--%s: %zu characters, and no "
		    "file; a nonce has %d hex digits, or is a file of %d bytes",
		    da_option_row(option)->name, hex.n, 2 * DA_NONCE,
		    DA_NONCE);
		return cli_refuse_misuse(reterr);
	}
	if (!cli_load(in, option, text, DA_PART_NONCE, DA_NONCE, &bytes,
	    reterr))
		return false;
	if (bytes.n != DA_NONCE) {	/* longer ones end at their cap */
		da_refuse(&fault, DA_F_SHORT, DA_PART_NONCE, bytes.n);
		return cli_refuse_fault(reterr, &fault);
	}
	*ret = bytes;
	return true;
}
