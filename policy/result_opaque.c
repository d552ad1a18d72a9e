/* SPDX-License-Identifier: Apache-2.0 */
/* Opaque data as JSON: the negotiated format's elements, NVIDIA's values. */
#include "result.h"

/* -- in the negotiated format -- */

static const char *
format_name(enum da_opaque_format format)
{
	if (format == DA_OPAQUE_FMT0)
		return "0";
	return format == DA_OPAQUE_FMT1 ? "1" : "vendor";
}

static struct da_json *
element(const struct da_opaque_element *e)
{
	struct da_json *entry = da_json_new_object();
	const char *registry = da_registry_name(e->registry);

	da_json_set(entry, "registry", registry == NULL ?
	    da_json_new_null() : da_json_new_text(registry));
	da_json_set(entry, "vendor-id", da_json_new_hex(e->vendor));
	da_json_set(entry, "data", da_json_new_hex(e->data));
	return entry;
}

static struct da_json *
elements(const struct da_opaque *opaque)
{
	struct da_json *list = da_json_new_array();
	struct da_cur c = da_cur_of(opaque->elements);
	struct da_opaque_element e;

	for (unsigned int i = 0; i < opaque->n && da_opaque_next(&c, &e); i++)
		da_json_append(list, element(&e));
	return list;
}

struct da_json *
da_result_opaque(const struct da_opaque *opaque)
{
	struct da_json *entry = da_json_new_object();

	da_json_set(entry, "format",
	    da_json_new_text(format_name(opaque->format)));
	da_json_set(entry, "value", da_json_new_hex(opaque->raw));
	if (opaque->format == DA_OPAQUE_FMT1)
		da_json_set(entry, "elements", elements(opaque));
	return entry;
}

/* -- NVIDIA's -- */

#define SWITCHED_OFF	0x55	/* NVDEC0 status */
#define SWITCHED_ON	0xaa

static struct da_json *
counts(struct da_slice value)
{
	struct da_json *list = da_json_new_array();
	struct da_cur c = da_cur_of(value);

	while (da_left(&c) > 0)
		da_json_append(list, da_json_new_int(da_le32(&c)));
	return list;
}

static struct da_json *
ids(struct da_slice value)
{
	struct da_json *list = da_json_new_array();
	struct da_cur c = da_cur_of(value);

	while (da_left(&c) > 0)
		da_json_append(list, da_json_new_hex(da_take(&c, 8)));
	return list;
}

static struct da_json *
switched(struct da_slice value)
{
	struct da_cur c = da_cur_of(value);
	uint8_t state = da_u8(&c);

	if (!da_all_read(&c))
		return NULL;
	if (state == SWITCHED_OFF)
		return da_json_new_text("disabled");
	return state == SWITCHED_ON ? da_json_new_text("enabled") : NULL;
}

static struct da_json *
string(const struct da_nvidia *nvidia, enum da_nv_type type)
{
	char text[DA_NV_TEXT];

	return da_nvidia_text(nvidia, type, text) ? da_json_new_text(text) :
	    NULL;
}

/* By what is known of its type; NULL: it has not that form. */
static struct da_json *
meaning(const struct da_nvidia *nvidia, enum da_nv_type type)
{
	struct da_slice value = nvidia->value[type];

	switch (da_nvidia_form((uint16_t)type)) {
	case DA_NV_STRING:
	case DA_NV_BIOS:
		return string(nvidia, type);
	case DA_NV_SWITCHED:
		return switched(value);
	case DA_NV_U32S:
		return counts(value);
	case DA_NV_IDS:
		return ids(value);
	case DA_NV_BYTES:
		break;
	}
	return da_json_new_hex(value);
}

/* What has no name, or not the form that its name promises: type and bytes. */
static void
set_other(struct da_json *others, const struct da_nv_value *v)
{
	struct da_json *entry = da_json_new_object();

	da_json_set(entry, "type", da_json_new_int(v->type));
	da_json_set(entry, "value", da_json_new_hex(v->value));
	da_json_append(others, entry);
}

struct da_json *
da_result_nvidia(const struct da_nvidia *nvidia)
{
	struct da_json *entry = da_json_new_object();
	struct da_json *others = da_json_new_array();
	struct da_cur c = da_cur_of(nvidia->raw);
	struct da_nv_value v;

	while (da_left(&c) > 0 && da_nvidia_next(&c, &v)) {
		const char *name = da_nvidia_name(v.type);
		struct da_json *known = name == NULL ? NULL :
		    meaning(nvidia, (enum da_nv_type)v.type);

		if (known != NULL)
			da_json_set(entry, name, known);
		else
			set_other(others, &v);
	}
	da_json_set(entry, "others", others);
	return entry;
}

/* -- both -- */

/* The key is absent where one of the two has none. */
static void
set_fwid(struct da_json *entry, const struct da_nvidia *nvidia,
    const struct da_cert *leaf)
{
	enum da_result fwid = da_nvidia_fwid(nvidia, leaf);

	if (fwid != DA_UNKNOWN)
		da_json_set(entry, "fwid-is-leafs",
		    da_json_new_bool(fwid == DA_HOLDS));
}

static const struct da_cert *
leaf_of(const struct da_claims *claims)
{
	const struct da_evidence *e = claims->evidence;

	return e == NULL || !e->has_chain || e->chain.n == 0 ? NULL :
	    &e->chain.cert[e->chain.n - 1];
}

void
da_result_set_opaque(struct da_json *root, const struct da_claims *claims)
{
	const struct da_cert *leaf = leaf_of(claims);
	struct da_json *entry;

	if (claims->opaque.raw.n > 0)
		da_json_set(root, "opaque", da_result_opaque(&claims->opaque));
	if (!claims->has_nvidia || leaf == NULL || !da_nvidia_made(leaf))
		return;
	entry = da_result_nvidia(&claims->nvidia);
	set_fwid(entry, &claims->nvidia, leaf);
	da_json_set(root, "nvidia", entry);
}
