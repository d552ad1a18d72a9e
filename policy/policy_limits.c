/* SPDX-License-Identifier: Apache-2.0 */
#include "policy_rule.h"

#include "jsonchar.h"

/* -- "measurements": { "1": ["sha384:hex", ...] } -- */

struct at_rule {
	struct da_form *f;
	struct da_policy_rule *rule;
};

bool
da_policy_cut_colon(struct da_slice text, struct da_slice *ret_before,
    struct da_slice *ret_after)
{
	struct da_cur c = da_cur_of(text);

	while (da_left(&c) > 0) {
		*ret_before = da_since(&c, 0);
		if (da_u8(&c) == ':') {
			*ret_after = da_rest(&c);
			return true;
		}
	}
	return false;
}

static bool
stands_in(const struct da_policy_index *index,
    const struct da_policy_value *value)
{
	for (uint16_t i = 0; i < index->n; i++)
		if (index->value[i].hash == value->hash &&
		    da_hash_equal(&index->value[i].digest,
		    da_hash_bytes(&value->digest)))
			return true;
	return false;
}

static bool
read_value(struct da_form *f, const struct da_json *v, void *into)
{
	struct da_policy_index *index = into;
	struct da_policy_value value = { DA_HASH_NONE, { 0, { 0 } } };
	struct da_slice text, name, hex;
	size_t n;

	if (!da_form_text(f, v, &text))
		return false;
	if (!da_policy_cut_colon(text, &name, &hex))
		return da_form_refuse_value(f, v, "not \"algorithm:hex\"");
	value.hash = da_hash_named(name);
	if (value.hash == DA_HASH_NONE)
		return da_form_refuse(f, v, "no such hash algorithm", name);
	if (!da_hex_read(hex, value.digest.bytes, DA_MAX_HASH, &n) ||
	    n != da_hash_alg(value.hash)->size)
		return da_form_refuse_value(f, v,
		    "not the hex digits of one digest of its algorithm");
	value.digest.n = (uint8_t)n;
	if (stands_in(index, &value))
		return da_form_refuse_value(f, v,
		    "an item stands twice in a list");
	index->value[index->n++] = value;
	return true;
}

/* "1" to "254", one spelling each (DSP0274: 0 and 0xFF are no blocks). */
static bool
read_index(const char *key, uint8_t *ret)
{
	unsigned int v = 0;

	for (const char *at = key; *at != '\0'; at++) {
		if (*at < '0' || *at > '9' || (*at == '0' && v == 0))
			return false;
		v = v * 10 + (unsigned int)(*at - '0');
		if (v > DA_MAX_BLOCKS)
			return false;
	}
	*ret = (uint8_t)v;
	return v != 0;
}

static bool
each_index(const char *key, const struct da_json *v, void *arg)
{
	const struct at_rule *at = arg;
	struct da_policy_index *index = &at->rule->index[at->rule->n_index];

	if (!read_index(key, &index->index))
		return da_form_refuse(at->f, v,
		    "not a measurement index from 1 to 254", da_slice_str(key));
	at->rule->n_index++;
	return da_form_list(at->f, v, DA_POLICY_MAX_VALUES, read_value, index);
}

bool
da_policy_read_measurements(struct da_form *f, const struct da_json *v,
    void *into)
{
	struct at_rule at = { f, into };

	if (da_json_kind(v) != DA_JSON_OBJECT)
		return da_form_refuse_value(f, v, "an object must stand here");
	if (!da_json_each(v, each_index, &at))
		return false;
	return at.rule->n_index > 0 ||
	    da_form_refuse_value(f, v, "it names no measurement");
}

/* -- "floors": { "svn": { "7": 3 } } -- */

static bool
each_floor(const char *key, const struct da_json *v, void *arg)
{
	const struct at_rule *at = arg;
	struct da_policy_rule *rule = at->rule;
	struct da_policy_floor *floor = &rule->floor[rule->n_floor];

	if (rule->n_floor == DA_POLICY_MAX_LIST)
		return da_form_refuse(at->f, v, "more floors than the cap",
		    da_slice_str(key));
	if (!read_index(key, &floor->index))
		return da_form_refuse(at->f, v,
		    "not a measurement index from 1 to 254", da_slice_str(key));
	rule->n_floor++;
	return da_form_uint(at->f, v, &floor->svn);
}

static bool
svn_floors(struct da_form *f, const struct da_json *v, void *into)
{
	struct at_rule at = { f, into };

	if (da_json_kind(v) != DA_JSON_OBJECT)
		return da_form_refuse_value(f, v, "an object must stand here");
	if (!da_json_each(v, each_floor, &at))
		return false;
	return at.rule->n_floor > 0 ||
	    da_form_refuse_value(f, v, "it names no measurement");
}

static const struct da_form_field floors_fields[] = {
	{ "svn", DA_MUST, svn_floors },
};

bool
da_policy_read_floors(struct da_form *f, const struct da_json *v, void *into)
{
	return da_form_object(f, v, DA_FIELDS(floors_fields), into);
}

/* -- "device-mode" -- */

static bool
debug(struct da_form *f, const struct da_json *v, void *into)
{
	static const char *const words[] = { "off", "any" };
	struct da_policy_rule *rule = into;
	size_t word = da_form_named(f, v, words, 2);

	rule->debug = word == 0 ? DA_DEBUG_OFF : DA_DEBUG_ANY;
	return word < 2;
}

static const struct da_form_field mode_fields[] = {
	{ "debug", DA_MUST, debug },
};

bool
da_policy_read_mode(struct da_form *f, const struct da_json *v, void *into)
{
	return da_form_object(f, v, DA_FIELDS(mode_fields), into);
}

/* -- "report" -- */

static bool
no_fw_update(struct da_form *f, const struct da_json *v, void *into)
{
	struct da_policy_rule *rule = into;

	return da_form_bool(f, v, &rule->no_fw_update);
}

static bool
msix(struct da_form *f, const struct da_json *v, void *into)
{
	static const char *const words[] = { "locked-or-absent", "any" };
	struct da_policy_rule *rule = into;
	size_t word = da_form_named(f, v, words, 2);

	rule->msix = word == 0 ? DA_MSIX_LOCKED_OR_ABSENT : DA_MSIX_ANY;
	return word < 2;
}

static bool
read_range_id(struct da_form *f, const struct da_json *v, void *into)
{
	struct da_policy_ranges *ranges = into;
	int64_t id;

	if (!da_form_int(f, v, 0, UINT16_MAX, &id))
		return false;
	ranges->id[ranges->n++] = (uint16_t)id;
	return true;
}

/* May be empty: it then allows, or asks for, none, as the contract shows. */
static bool
read_ranges(struct da_form *f, const struct da_json *v,
    struct da_policy_ranges *ranges)
{
	ranges->set = true;
	return da_form_any_list(f, v, DA_POLICY_MAX_LIST, read_range_id,
	    ranges);
}

static bool
shared_ranges(struct da_form *f, const struct da_json *v, void *into)
{
	struct da_policy_rule *rule = into;

	return read_ranges(f, v, &rule->shared);
}

static bool
updatable_ranges(struct da_form *f, const struct da_json *v, void *into)
{
	struct da_policy_rule *rule = into;

	return read_ranges(f, v, &rule->updatable);
}

static bool
private_ranges(struct da_form *f, const struct da_json *v, void *into)
{
	struct da_policy_rule *rule = into;

	return read_ranges(f, v, &rule->private_ranges);
}

static bool
page_unit(struct da_form *f, const struct da_json *v, void *into)
{
	static const char *const words[] = { "platform", "page", "byte" };
	static const enum da_policy_unit units[] =
	    { DA_UNIT_PLATFORM, DA_UNIT_PAGES, DA_UNIT_BYTES };
	struct da_policy_rule *rule = into;
	size_t word = da_form_named(f, v, words, 3);

	if (word == 3)
		return false;
	rule->unit = units[word];
	return true;
}

static const struct da_form_field report_fields[] = {
	{ "no-fw-update", DA_MAY, no_fw_update },
	{ "msix", DA_MAY, msix },
	{ "shared-ranges", DA_MAY, shared_ranges },
	{ "updatable-ranges", DA_MAY, updatable_ranges },
	{ "private-ranges", DA_MAY, private_ranges },
	{ "page-unit", DA_MAY, page_unit },
};

bool
da_policy_read_report(struct da_form *f, const struct da_json *v, void *into)
{
	struct da_policy_rule *rule = into;

	rule->has_report = true;
	rule->no_fw_update = true;
	return da_form_object(f, v, DA_FIELDS(report_fields), rule);
}
