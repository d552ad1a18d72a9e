/* SPDX-License-Identifier: Apache-2.0 */
/* A chain as JSON: what each certificate says of itself and of its device. */
#include "result.h"

#include <stdio.h>

#include "utctime.h"
#include "verifier/dice.h"
#include "verifier/names.h"

#define MAX_NAME	512	/* a longer name is cut, for people only */
#define MAX_OID_TEXT	80	/* an OID in digits */

/* -- what may lack -- */

static void
set_text(struct da_json *entry, const char *key, struct da_slice text)
{
	if (text.n > 0)
		da_json_set(entry, key, da_json_new_string(text));
}

static void
set_hex(struct da_json *entry, const char *key, struct da_slice bytes)
{
	if (bytes.n > 0)
		da_json_set(entry, key, da_json_new_hex(bytes));
}

static void
set_number(struct da_json *entry, const char *key, bool has, uint64_t value)
{
	if (has)
		da_json_set(entry, key, da_json_new_uint(value));
}

/* -- DICE -- */

static void
set_fwid(struct da_json *entry, const struct da_fwid *fwid)
{
	char hash[MAX_OID_TEXT];

	da_fwid_hash_text(fwid, hash, sizeof(hash));
	da_json_set(entry, "hash", da_json_new_text(hash));
	da_json_set(entry, "digest", da_json_new_hex(fwid->digest));
}

static struct da_json *
fwids(const struct da_tcb_info *tcb)
{
	struct da_json *list = da_json_new_array();

	for (uint16_t i = 0; i < tcb->n_fwids; i++) {
		struct da_json *entry = da_json_new_object();

		set_fwid(entry, &tcb->fwid[i]);
		da_json_append(list, entry);
	}
	return list;
}

static struct da_json *
tcb_info(const struct da_tcb_info *tcb)
{
	struct da_json *entry = da_json_new_object();

	set_text(entry, "vendor", tcb->vendor);
	set_text(entry, "model", tcb->model);
	set_text(entry, "version", tcb->version);
	set_number(entry, "svn", tcb->has_svn, tcb->svn);
	set_number(entry, "layer", tcb->has_layer, tcb->layer);
	set_number(entry, "index", tcb->has_index, tcb->index);
	if (tcb->n_fwids > 0)
		da_json_set(entry, "fwids", fwids(tcb));
	set_hex(entry, "flags", tcb->flags);
	set_hex(entry, "flags-mask", tcb->flags_mask);
	set_hex(entry, "vendor-info", tcb->vendor_info);
	set_hex(entry, "type", tcb->type);
	return entry;
}

static struct da_json *
purposes(const struct da_dice *dice)
{
	struct da_json *list = da_json_new_array();

	for (uint16_t i = 0; i < dice->n_purposes; i++)
		da_json_append(list, da_json_new_text(dice->purpose[i]));
	return list;
}

static void
set_tcbs(struct da_json *entry, const struct da_dice *dice)
{
	struct da_json *list;

	if (dice->n_tcb == 0)
		return;
	list = da_json_new_array();
	for (uint16_t i = 0; i < dice->n_tcb; i++)
		da_json_append(list, tcb_info(&dice->tcb[i]));
	da_json_set(entry, "tcb", list);
}

static void
set_composite(struct da_json *entry, const struct da_dice *dice)
{
	struct da_json *composite;

	if (!dice->has_composite)
		return;
	composite = da_json_new_object();
	set_fwid(composite, &dice->composite);
	da_json_set(entry, "composite", composite);
}

static void
set_dice(struct da_json *entry, const struct da_cert *cert)
{
	struct da_json *object;
	struct da_dice dice;
	struct da_fault fault;

	if (!da_dice_read(cert, &dice, &fault) || (dice.ueid.n == 0 &&
	    dice.freshness.n == 0 && dice.n_tcb == 0 && !dice.has_composite &&
	    dice.n_purposes == 0))
		return;
	object = da_json_new_object();
	set_hex(object, "ueid", dice.ueid);
	set_tcbs(object, &dice);
	set_composite(object, &dice);
	set_hex(object, "freshness", dice.freshness);
	if (dice.n_purposes > 0)
		da_json_set(object, "key-purposes", purposes(&dice));
	da_json_set(entry, "dice", object);
}

/* -- the certificate -- */

static void
set_names(struct da_json *entry, const struct da_cert *cert)
{
	struct da_json *object;
	struct da_names names;
	struct da_fault fault;

	if (!da_names_read(cert, &names, &fault) ||
	    (names.pci.n == 0 && names.device_info.n == 0))
		return;
	object = da_json_new_object();
	set_text(object, "pci", names.pci);
	set_text(object, "device-info", names.device_info);
	da_json_set(entry, "names", object);
}

/* An RSA key is of both of SPDM's schemes. */
static struct da_json *
key_of(const struct da_cert *cert)
{
	enum da_asym asym = da_cert_key_kind(cert, DA_SCHEME_NONE);
	const struct da_asym_alg *alg = da_asym_alg(asym);
	char rsa[16];

	if (asym == DA_ASYM_NONE)
		return da_json_new_null();
	if (alg->scheme != DA_SCHEME_RSASSA && alg->scheme != DA_SCHEME_RSAPSS)
		return da_json_new_text(alg->name);
	snprintf(rsa, sizeof(rsa), "rsa-%u", 8u * alg->size);
	return da_json_new_text(rsa);
}

static struct da_json *
name_of(struct da_slice name)
{
	char text[MAX_NAME];

	da_name_text(name, text, sizeof(text));
	return da_json_new_text(text);
}

static struct da_json *
time_of(int64_t at)
{
	char text[DA_TIME_TEXT];

	da_time_text(at, text);
	return da_json_new_text(text);
}

static struct da_json *
certificate(const struct da_cert *cert)
{
	struct da_hash_value digest = da_hash_of(DA_HASH_SHA384, cert->der);
	struct da_json *entry = da_json_new_object();

	da_json_set(entry, "subject", name_of(cert->subject));
	da_json_set(entry, "sha384", digest.n == 0 ? NULL :
	    da_json_new_hex(da_hash_bytes(&digest)));
	da_json_set(entry, "not-after", time_of(cert->not_after));
	da_json_set(entry, "issuer", name_of(cert->issuer));
	da_json_set(entry, "serial", da_json_new_hex(cert->serial));
	da_json_set(entry, "not-before", time_of(cert->not_before));
	da_json_set(entry, "key", key_of(cert));
	da_json_set(entry, "ca", da_json_new_bool(cert->is_ca));
	set_names(entry, cert);
	set_dice(entry, cert);
	return entry;
}

struct da_json *
da_result_chain(const struct da_chain *chain)
{
	struct da_json *list = da_json_new_array();

	for (uint16_t i = 0; i < chain->n; i++)
		da_json_append(list, certificate(&chain->cert[i]));
	return list;
}
