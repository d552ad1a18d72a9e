/* SPDX-License-Identifier: Apache-2.0 */
#include "firmware.h"

#include <errno.h>
#include <string.h>

#include "platform.h"

static const struct emu_platform *const platforms[] = {
	&emu_sev_tio_2, &emu_sev_tio_1, &emu_arm_cca_bet0,
	&emu_arm_cca_alp20, &emu_tdx_1, &emu_cove_io_1,
};

const struct emu_platform *
emu_platform(size_t i)
{
	return i < sizeof(platforms) / sizeof(platforms[0]) ? platforms[i] :
	    NULL;
}

/* -- the machine's side -- */

static void
boot_tdi(struct emu_fw_tdi *t)
{
	t->is_described = false;
	t->platform = t->firmware->platform;
	t->counting = t->firmware->counting;
	t->state = TSM_STATE_UNLOCKED;
	t->is_fresh = false;
	memset(t->token, 0, sizeof(t->token));
	t->last_lock = 0;
	t->seen[TSM_DIGEST_MEASUREMENTS].n = 0;
	t->seen[TSM_DIGEST_REPORT].n = 0;
	t->n_validated = 0;
	t->fell = TSM_STATE_UNKNOWN;
}

void
emu_firmware_boot(struct emu_firmware *f)
{
	for (uint32_t i = 0; i < f->n; i++)
		boot_tdi(&f->tdi[i]);
}

void
emu_firmware_start(struct emu_firmware *f)
{
	memset(f, 0, sizeof(*f));
	f->platform = emu_platform(0);
	f->counting = (struct emu_counting){ DA_UNIT_PAGE, DA_BASE_ALIGNED };
}

struct emu_fw_tdi *
emu_firmware_add(struct emu_firmware *f, uint32_t function,
    const struct emu_device *device)
{
	struct emu_fw_tdi *t = &f->tdi[f->n];

	if (f->n == EMU_MAX_FUNCTIONS)
		return NULL;
	memset(t, 0, sizeof(*t));
	t->firmware = f;
	t->device = device;
	t->function = function;
	boot_tdi(t);
	f->n++;
	return t;
}

/* A TDI that a guest knows already stays what it was told. */
static void
use_settings(struct emu_firmware *f)
{
	for (uint32_t i = 0; i < f->n; i++) {
		if (f->tdi[i].is_described)
			continue;
		f->tdi[i].platform = f->platform;
		f->tdi[i].counting = f->counting;
	}
}

/* The ABI by its name, or by its number in the channel. */
static bool
is_abi(const struct emu_platform *p, const char *name)
{
	const char number[2] = { (char)('0' + p->abi), '\0' };

	return strcmp(p->abi_name, name) == 0 || strcmp(number, name) == 0;
}

bool
emu_firmware_speak(struct emu_firmware *f, const char *name)
{
	const char *colon = strchr(name, ':');

	for (size_t i = 0; colon != NULL && emu_platform(i) != NULL; i++) {
		const struct emu_platform *p = emu_platform(i);
		size_t n = strlen(p->name);

		if ((size_t)(colon - name) != n ||
		    memcmp(p->name, name, n) != 0 || !is_abi(p, colon + 1))
			continue;
		f->platform = p;
		use_settings(f);
		return true;
	}
	return false;
}

static bool
number_named(const char *const *names, size_t n, const char *name,
    uint8_t *ret)
{
	for (size_t i = 1; i < n; i++) {
		if (strcmp(names[i], name) != 0)
			continue;
		*ret = (uint8_t)i;
		return true;
	}
	return false;
}

bool
emu_firmware_count(struct emu_firmware *f, const char *page_unit,
    const char *bar_base)
{
	static const char *const units[] = { [DA_UNIT_PAGE] = "page",
		[DA_UNIT_BYTE] = "byte" };
	static const char *const bases[] = { [DA_BASE_RELATIVE] = "relative",
		[DA_BASE_ALIGNED] = "aligned", [DA_BASE_ZERO] = "zero" };

	bool ok = (page_unit == NULL || number_named(units, 3, page_unit,
	    &f->counting.page_unit)) &&
	    (bar_base == NULL || number_named(bases, 4, bar_base,
	    &f->counting.bar_base));

	use_settings(f);
	return ok;
}

/* -- requests that are the channel's own -- */

/*
 * A BAR is read where its size is one that a BAR can have; else it is none.  An
 * address that its size does not divide is no BAR's.
 */
static struct da_bar
read_bar(struct da_cur *c)
{
	struct da_bar bar;

	bar.address = da_le64(c);
	bar.size = da_le64(c);
	if ((bar.size & (bar.size - 1)) != 0 ||
	    (bar.address & (bar.size - 1)) != 0 || bar.address == 0)
		bar = (struct da_bar){ 0 };
	return bar;
}

static void
read_msix(struct da_cur *c, struct da_pci *pci)
{
	pci->msix = da_u8(c);
	pci->msix_bir = da_u8(c);
	pci->msix_pba_bir = da_u8(c);
	da_u8(c);
	pci->msix_entries = da_le16(c);
	da_le16(c);
	pci->msix_table = da_le32(c);
	pci->msix_pba = da_le32(c);
	if (pci->msix == 1)
		return;
	pci->msix = pci->msix_bir = pci->msix_pba_bir = 0;
	pci->msix_table = pci->msix_pba = pci->msix_entries = 0;
}

static bool
read_config_space(struct da_cur *c, struct da_pci *ret)
{
	struct da_pci pci = { .tee = DA_TRI_TRUE };

	pci.vendor = da_le16(c);
	pci.device = da_le16(c);
	pci.subsystem_vendor = da_le16(c);
	pci.subsystem_device = da_le16(c);
	pci.class_code = da_le32(c);
	read_msix(c, &pci);
	da_le32(c);
	for (size_t i = 0; i < DA_MAX_BARS; i++)
		pci.bar[i] = read_bar(c);
	*ret = pci;
	return da_all_read(c);
}

/* What a locked interface is made of does not change under it. */
static bool
is_as_before(const struct emu_fw_tdi *t, const struct da_pci *pci)
{
	for (size_t i = 0; i < DA_MAX_BARS; i++)
		if (t->pci.bar[i].address != pci->bar[i].address ||
		    t->pci.bar[i].size != pci->bar[i].size)
			return false;
	return true;
}

static void
put_tdi(const struct emu_fw_tdi *t, struct emu_bytes *out)
{
	emu_put_u8(out, t->platform->platform);
	emu_put_u8(out, t->platform->abi);
	emu_put_u8(out, t->counting.page_unit);
	emu_put_u8(out, t->counting.bar_base);
	emu_put_zero(out, 4);
	emu_put_le(out, t->platform->id(t), 8);
}

/* Again is well, as when a module is loaded again. */
int
emu_fw_describe(struct emu_fw_call *call)
{
	struct emu_fw_tdi *t = call->tdi;
	struct da_pci pci;

	if (!read_config_space(&call->c, &pci))
		return EINVAL;
	if (t->is_described && t->state != TSM_STATE_UNLOCKED) {
		if (!is_as_before(t, &pci))
			return EBUSY;
	} else {
		t->pci = pci;
		t->platform = t->firmware->platform;
		t->counting = t->firmware->counting;
		t->is_described = true;
	}
	put_tdi(t, call->out);
	return 0;
}

static uint64_t
draw(void)
{
	uint64_t v;

	do
		emu_random(&v, sizeof(v));
	while (v == 0);
	return v;
}

/* TDISP LOCK_INTERFACE is legal in CONFIG_UNLOCKED only. */
int
emu_fw_lock(struct emu_fw_call *call)
{
	struct emu_fw_tdi *t = call->tdi;

	if (!emu_fw_call_is_whole(call))
		return EINVAL;
	if (t->state != TSM_STATE_UNLOCKED)
		return t->state == TSM_STATE_ERROR ? EIO : EBUSY;
	t->token[TSM_TOKEN_LOCK] = draw();
	t->is_fresh = false;
	t->state = TSM_STATE_LOCKED;
	t->fell = TSM_STATE_UNKNOWN;
	if (t->platform->lock_tells_id)
		emu_put_le(call->out, t->platform->id(t), 8);
	return 0;
}

static void
unlock_tdi(struct emu_fw_tdi *t, enum tsm_state to)
{
	if (t->token[TSM_TOKEN_LOCK] != 0)
		t->last_lock = t->token[TSM_TOKEN_LOCK];
	t->n_validated = 0;
	t->state = (uint8_t)to;
}

/*
 * TDISP STOP_INTERFACE is legal in every state.  Digests and the tokens of a
 * collection stay: one real firmware keeps them.
 */
int
emu_fw_unlock(struct emu_fw_call *call)
{
	if (!emu_fw_call_is_whole(call))
		return EINVAL;
	unlock_tdi(call->tdi, TSM_STATE_UNLOCKED);
	call->tdi->fell = TSM_STATE_UNKNOWN;
	return 0;
}

void
emu_fw_fall(struct emu_fw_tdi *t, enum tsm_state state, bool loudly)
{
	unlock_tdi(t, state);
	t->fell = loudly && t->is_described ? (uint8_t)state :
	    TSM_STATE_UNKNOWN;
}
