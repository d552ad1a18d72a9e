/* SPDX-License-Identifier: Apache-2.0 */
#include "cli_show.h"

#include "policy/utctime.h"
#include "verifier/derwalk.h"
#include "verifier/hash.h"
#include "verifier/spki.h"

#define MAX_NAME	512	/* a longer name is cut, for people only */

static int64_t
count_entries(const struct da_crl *crl)
{
	struct da_der d = da_der_over(da_cur_of(crl->entries), DA_PART_CRL);
	int64_t n = 0;

	while (da_der_peek(&d) != 0) {
		da_der_element(&d);
		n++;
	}
	return n;
}

static struct da_json *
time_json(int64_t at)
{
	char text[DA_TIME_TEXT];

	da_time_text(at, text);
	return da_json_new_text(text);
}

/* They were read before: every one is of the profile's form. */
static struct da_json *
list_json(struct da_slice der)
{
	struct da_json *o = da_json_new_object();
	struct da_fault fault;
	struct da_crl crl;
	char issuer[MAX_NAME];

	if (!da_crl_read(der, &crl, &fault))
		return o;
	da_name_text(crl.issuer, issuer, sizeof(issuer));
	da_json_set(o, "issuer", da_json_new_text(issuer));
	da_json_set(o, "this-update", time_json(crl.this_update));
	da_json_set(o, "next-update", time_json(crl.next_update));
	da_json_set(o, "entries", da_json_new_int(count_entries(&crl)));
	return o;
}

struct da_json *
cli_lists_json(const struct da_crls *crls)
{
	struct da_json *lists = da_json_new_array();

	for (uint16_t i = 0; i < crls->n; i++)
		da_json_append(lists, list_json(crls->der[i]));
	return lists;
}

/* An RSA key may be of either of its schemes: the first is named. */
struct da_json *
cli_key_json(struct da_slice spki)
{
	struct da_hash_value digest = da_hash_of(DA_HASH_SHA384, spki);
	struct da_json *o = da_json_new_object();
	struct da_spki key;

	da_json_set(o, "key", da_spki_read(spki, DA_SCHEME_NONE, &key) ?
	    da_json_new_text(da_asym_alg(key.asym)->name) :
	    da_json_new_null());
	da_json_set(o, "sha384", da_json_new_hex(da_hash_bytes(&digest)));
	return o;
}
