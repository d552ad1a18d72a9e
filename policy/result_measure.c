/* SPDX-License-Identifier: Apache-2.0 */
/* Measurements and their extension log as JSON. */
#include "result.h"

static struct da_json *
kind_name(uint8_t kind)
{
	const char *name = da_meas_kind_name(kind);

	return name == NULL ? da_json_new_null() : da_json_new_text(name);
}

/* -- the device's mode -- */

static const char *const operation_bits[] = {
	"manufacturing", "validation", "normal", "recovery", "rma",
	"decommissioned",
};

static const char *const device_bits[] = {
	"debug", "invasive-debug", "debug-since-reset",
	"invasive-debug-since-reset", "invasive-debug-since-manufacture",
};

struct bit_names {
	const char *const *name;
	unsigned int n;
};

static const struct bit_names operation_names = { operation_bits,
    sizeof(operation_bits) / sizeof(operation_bits[0]) };
static const struct bit_names device_names = { device_bits,
    sizeof(device_bits) / sizeof(device_bits[0]) };

/* Names of the bits that are set; a bit without a name is told by number. */
static struct da_json *
bits(uint32_t value, const struct bit_names *names)
{
	struct da_json *list = da_json_new_array();

	for (unsigned int i = 0; i < 32; i++) {
		if ((value >> i & 1) == 0)
			continue;
		da_json_append(list, i < names->n ?
		    da_json_new_text(names->name[i]) : da_json_new_int(i));
	}
	return list;
}

static struct da_json *
device_mode(const struct da_mode *mode)
{
	struct da_json *entry = da_json_new_object();

	da_json_set(entry, "operation",
	    bits(mode->operation, &operation_names));
	da_json_set(entry, "operation-told",
	    bits(mode->operation_told, &operation_names));
	da_json_set(entry, "device", bits(mode->device, &device_names));
	da_json_set(entry, "device-told",
	    bits(mode->device_told, &device_names));
	return entry;
}

/* -- blocks -- */

/* What stands in a value beside its bytes, where its kind says it. */
static void
set_meaning(struct da_json *entry, const struct da_block *block)
{
	struct da_mode mode;
	uint64_t svn;

	if (da_block_mode(block, &mode))
		da_json_set(entry, "mode", device_mode(&mode));
	if (da_block_svn(block, &svn))
		da_json_set(entry, "svn", da_json_new_uint(svn));
	if (block->kind == DA_MEAS_MANIFEST ||
	    block->kind == DA_MEAS_STRUCTURED_MANIFEST)
		da_json_set(entry, "size",
		    da_json_new_uint(block->value.n));
}

static struct da_json *
measurement(const struct da_block *block)
{
	struct da_json *entry = da_json_new_object();

	da_json_set(entry, "index", da_json_new_int(block->index));
	da_json_set(entry, "kind", kind_name(block->kind));
	da_json_set(entry, "raw", da_json_new_bool(block->raw));
	da_json_set(entry, "value", da_json_new_hex(block->value));
	set_meaning(entry, block);
	return entry;
}

struct da_json *
da_result_measurements(const struct da_blocks *blocks)
{
	struct da_json *list = da_json_new_array();

	for (uint16_t i = 0; i < blocks->n; i++)
		da_json_append(list, measurement(&blocks->block[i]));
	return list;
}

/* -- the extension log -- */

static struct da_json *
log_entry(const struct da_log_entry *e)
{
	struct da_json *entry = da_json_new_object();

	da_json_set(entry, "index", da_json_new_int(e->number));
	da_json_set(entry, "block", da_json_new_int(e->index));
	da_json_set(entry, "kind", kind_name(e->kind));
	da_json_set(entry, "raw", da_json_new_bool(e->raw));
	da_json_set(entry, "value", da_json_new_hex(e->value));
	return entry;
}

struct da_json *
da_result_log(const struct da_log *log)
{
	struct da_json *list = da_json_new_array();
	struct da_cur c = da_cur_of(log->entries);
	struct da_log_entry entry;

	for (uint32_t i = 0; i < log->n && da_log_next(&c, &entry); i++)
		da_json_append(list, log_entry(&entry));
	return list;
}
