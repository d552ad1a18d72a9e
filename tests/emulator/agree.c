/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A TSM that takes part: through the test control the emulated TSM is made to
 * give the digests of what the attacker forged.  No host can do this; it shows
 * what is left when the digest does not catch it.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "attacks.h"
#include "hostrelay/address.h"
#include "hostrelay/io.h"
#include "vendor.h"

#define CHAIN_HEAD	52u	/* Length, Reserved, RootHash of SHA-384 */
#define PATIENCE_MS	5000

/* One line there, one line back. */
static bool
control_says_ok(int fd, const char *line)
{
	int64_t deadline = io_now() + PATIENCE_MS;
	char reply[3];

	if (io_write(fd, line, strlen(line), PATIENCE_MS, deadline) != IO_OK ||
	    io_read(fd, reply, sizeof(reply), PATIENCE_MS, deadline) != IO_OK)
		return false;
	return memcmp(reply, "ok\n", 3) == 0;
}

static bool
set_digest(int fd, const char *kind, const uint8_t digest[48],
    const char *device)
{
	char hex[97], line[160];

	emu_to_hex(digest, 48, hex);
	snprintf(line, sizeof(line), "digest %s %s %s\n", kind, hex, device);
	return control_says_ok(fd, line);
}

/* The last certificate of the chain is the leaf's. */
static bool
leaf_key_digest(const struct relay_part *chain, uint8_t ret[48])
{
	const unsigned char *at, *end;
	X509 *leaf = NULL;
	bool ok;

	if (chain->length <= CHAIN_HEAD)
		return false;
	at = chain->bytes + CHAIN_HEAD;
	end = chain->bytes + chain->length;
	while (at < end) {
		X509 *next = d2i_X509(NULL, &at, end - at);

		if (next == NULL)
			break;
		X509_free(leaf);
		leaf = next;
	}
	ok = at == end && leaf != NULL && emu_key_digest(leaf, ret);
	X509_free(leaf);
	return ok;
}

static const char *
kind_of(uint16_t type)
{
	if (type <= DA_WIRE_CHAIN_LAST)
		return "chain";
	if (type == DA_WIRE_VCA)
		return "vca";
	if (type == DA_WIRE_MEASUREMENTS)
		return "measurements";
	return type == DA_WIRE_REPORT ? "report" : NULL;
}

static bool
agree_on(int fd, const struct relay_part *p, const char *device, bool session)
{
	struct da_slice bytes = da_slice_of(p->bytes, p->length);
	const char *kind = kind_of(p->type);
	uint8_t digest[48];

	if (kind == NULL)
		return true;
	if (!emu_sha384(&bytes, 1, digest) ||
	    !set_digest(fd, kind, digest, device))
		return false;
	if (p->type > DA_WIRE_CHAIN_LAST || !session)
		return true;
	return leaf_key_digest(p, digest) &&
	    set_digest(fd, "public-key", digest, device);
}

bool
emu_make_tsm_agree(const char *control, const char *device,
    const struct relay_answer *answer, bool session)
{
	int fd = relay_connect_unix(control);
	bool ok = fd >= 0;

	for (uint32_t i = 0; i < answer->n && ok; i++)
		ok = agree_on(fd, &answer->part[i], device, session);
	if (fd >= 0)
		close(fd);
	return ok;
}
