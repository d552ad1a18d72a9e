// SPDX-License-Identifier: GPL-2.0-only
/* What the guest's TSM driver of each platform would say, over our channel. */
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/slab.h>

#include "compat.h"
#include "emulated.h"

#define PAGE_4K	4096

static bool trace;
module_param(trace, bool, 0644);
MODULE_PARM_DESC(trace, "log each range that is validated");

u64 emulated_function_number(struct pci_dev *pdev)
{
	return (u64)pci_domain_nr(pdev->bus) << 16 | pci_dev_id(pdev);
}

static struct tsm_subject subject_of(const struct emulated_function *f)
{
	return (struct tsm_subject){ .platform = f->setup.platform,
		.abi = f->setup.abi, .device_id = f->id };
}

static int ask(struct emulated_function *f, u16 op, const u8 *body,
	       size_t size, struct emulated_reply *ret)
{
	int rc = emulated_channel_ask(f->channel, op,
				      emulated_function_number(f->pdev), body,
				      size, ret);

	/* The channel's other end may have been started anew as another. */
	if (!rc && ret && op != TSM_CHANNEL_DESCRIBE &&
	    (ret->platform != f->setup.platform || ret->abi != f->setup.abi))
		return -EPROTO;
	return rc;
}

/* Sends a message of the platform's; its own status decides. */
static int ask_by_message(struct emulated_function *f, u16 op, const u8 *body,
			  size_t size)
{
	struct tsm_subject s = subject_of(f);
	struct emulated_reply *reply;
	const char *text;
	__u64 status = 0;
	size_t at;
	int rc;

	if (!size)
		return -EINVAL;
	reply = kmalloc(sizeof(*reply), GFP_KERNEL);
	if (!reply)
		return -ENOMEM;
	rc = ask(f, op, body, size, reply);
	if (!rc && tsm_decode_status(&s, reply->body, reply->size, &status,
				     &at) != TSM_OK)
		rc = -EPROTO;
	kfree(reply);
	if (rc || !status)
		return rc;
	text = tsm_status_text(s.platform, status);
	pci_warn(f->pdev, "EMULATED TSM: status %#llx: %s\n", status,
		 text ? text : "no name for it");
	return -EIO;
}

/* -- which function is a TDI -- */

static void describe_msix(struct pci_dev *pdev, u8 *body)
{
	u32 table, pba;
	u16 flags;

	if (!pdev->msix_cap)
		return;
	pci_read_config_word(pdev, pdev->msix_cap + PCI_MSIX_FLAGS, &flags);
	pci_read_config_dword(pdev, pdev->msix_cap + PCI_MSIX_TABLE, &table);
	pci_read_config_dword(pdev, pdev->msix_cap + PCI_MSIX_PBA, &pba);
	body[TSM_DESCRIBE_MSIX] = 1;
	body[TSM_DESCRIBE_MSIX_BIR] = table & PCI_MSIX_TABLE_BIR;
	body[TSM_DESCRIBE_MSIX_PBA_BIR] = pba & PCI_MSIX_PBA_BIR;
	put_unaligned_le16((flags & PCI_MSIX_FLAGS_QSIZE) + 1,
			   body + TSM_DESCRIBE_MSIX_ENTRIES);
	put_unaligned_le32(table & PCI_MSIX_TABLE_OFFSET,
			   body + TSM_DESCRIBE_MSIX_TABLE);
	put_unaligned_le32(pba & PCI_MSIX_PBA_OFFSET,
			   body + TSM_DESCRIBE_MSIX_PBA);
}

static void describe_bars(struct pci_dev *pdev, u8 *body)
{
	int i;

	for (i = 0; i < PCI_STD_NUM_BARS; i++) {
		u8 *at = body + TSM_DESCRIBE_BAR + 16 * i;

		if (!(pci_resource_flags(pdev, i) & IORESOURCE_MEM))
			continue;
		put_unaligned_le64(pci_resource_start(pdev, i), at);
		put_unaligned_le64(pci_resource_len(pdev, i), at + 8);
	}
}

static void describe(struct pci_dev *pdev, u8 body[TSM_DESCRIBE_SIZE])
{
	memset(body, 0, TSM_DESCRIBE_SIZE);
	put_unaligned_le16(pdev->vendor, body + TSM_DESCRIBE_VENDOR);
	put_unaligned_le16(pdev->device, body + TSM_DESCRIBE_DEVICE);
	put_unaligned_le16(pdev->subsystem_vendor,
			   body + TSM_DESCRIBE_SUB_VENDOR);
	put_unaligned_le16(pdev->subsystem_device,
			   body + TSM_DESCRIBE_SUB_DEVICE);
	put_unaligned_le32(pdev->class, body + TSM_DESCRIBE_CLASS);
	describe_msix(pdev, body);
	describe_bars(pdev, body);
}

static int take_description(struct emulated_function *f,
			    const struct emulated_reply *reply)
{
	const u8 *b = reply->body;

	if (reply->size != TSM_TDI_SIZE ||
	    !tsm_row(b[TSM_TDI_PLATFORM], b[TSM_TDI_ABI]))
		return -EPROTO;
	f->setup.platform = b[TSM_TDI_PLATFORM];
	f->setup.abi = b[TSM_TDI_ABI];
	f->setup.page_unit = b[TSM_TDI_PAGE_UNIT];
	f->setup.bar_base = b[TSM_TDI_BAR_BASE];
	f->setup.device_id = get_unaligned_le64(b + TSM_TDI_ID);
	f->id = f->setup.device_id;
	return 0;
}

int emulated_describe(struct emulated_function *f)
{
	struct emulated_reply *reply = kmalloc(sizeof(*reply), GFP_KERNEL);
	u8 body[TSM_DESCRIBE_SIZE];
	int rc;

	if (!reply)
		return -ENOMEM;
	describe(f->pdev, body);
	rc = ask(f, TSM_CHANNEL_DESCRIBE, body, sizeof(body), reply);
	if (!rc)
		rc = take_description(f, reply);
	kfree(reply);
	/* A guest that boots again on the same machine finds its locks. */
	return rc ? rc : ask(f, TSM_CHANNEL_UNLOCK, NULL, 0, NULL);
}

/* -- the operations -- */

static int emulated_lock(struct devattest_tdi *tdi)
{
	struct emulated_function *f = devattest_tdi_priv(tdi);
	struct emulated_reply *reply = kmalloc(sizeof(*reply), GFP_KERNEL);
	int rc;

	if (!reply)
		return -ENOMEM;
	rc = ask(f, TSM_CHANNEL_LOCK, NULL, 0, reply);
	/* Where the lock names the TDI anew, it is asked for by that. */
	if (!rc && reply->size == sizeof(u64))
		f->id = get_unaligned_le64(reply->body);
	else if (!rc && reply->size)
		rc = -EPROTO;
	kfree(reply);
	return rc;
}

static int emulated_unlock(struct devattest_tdi *tdi)
{
	return ask(devattest_tdi_priv(tdi), TSM_CHANNEL_UNLOCK, NULL, 0, NULL);
}

/* TDX has no record of what is not bound: that is an answer, too. */
static void not_bound(const struct emulated_function *f,
		      struct devattest_answer *ret)
{
	memset(ret, 0, sizeof(*ret));
	ret->info.platform = f->setup.platform;
	ret->info.abi = f->setup.abi;
}

static int take_info(const struct emulated_function *f,
		     const struct emulated_reply *reply,
		     struct devattest_answer *ret)
{
	size_t at;

	if (reply->size > sizeof(ret->message))
		return -EPROTO;
	ret->size = reply->size;
	memcpy(ret->message, reply->body, reply->size);
	return tsm_decode(f->setup.platform, f->setup.abi, ret->message,
			  ret->size, &ret->info, &at) == TSM_OK ? 0 : -EPROTO;
}

static int emulated_info(struct devattest_tdi *tdi, const u8 *nonce,
			 struct devattest_answer *ret)
{
	struct emulated_function *f = devattest_tdi_priv(tdi);
	struct tsm_subject s = subject_of(f);
	struct emulated_reply *reply;
	u8 request[64];
	size_t n = tsm_put_info_request(&s, request, sizeof(request));
	int rc = n ? 0 : -EINVAL;

	reply = kmalloc(sizeof(*reply), GFP_KERNEL);
	if (!reply)
		return -ENOMEM;
	/* Elsewhere it is the host that asks the device with the nonce. */
	if (!rc && nonce && s.platform == TSM_COVE_IO)
		rc = ask(f, TSM_CHANNEL_NONCE, nonce, TSM_NONCE, NULL);
	if (!rc)
		rc = ask(f, TSM_CHANNEL_INFO, request, n, reply);
	if (!rc)
		rc = take_info(f, reply, ret);
	kfree(reply);
	if (rc == -ENXIO && s.platform == TSM_TDX) {
		not_bound(f, ret);
		rc = 0;
	}
	return rc;
}

static int emulated_validate(struct devattest_tdi *tdi,
			     const struct devattest_range *range,
			     const struct tsm_token token[TSM_TOKENS])
{
	struct emulated_function *f = devattest_tdi_priv(tdi);
	bool by_page = f->setup.page_unit == DEVATTEST_UNIT_PAGE;
	struct tsm_subject s = subject_of(f);
	struct tsm_range r = {
		.guest_address = pci_resource_start(f->pdev, range->bar) +
			range->offset,
		.reported = by_page ? range->reported * PAGE_4K :
			range->reported,
		.pages = (u32)(range->size / PAGE_4K),
		.index = range->index,
		.range_id = range->range_id,
		.page_offset_known = 1,	/* whole ranges: from their start */
	};
	u8 request[128];
	size_t n = tsm_put_validate_request(&s, &r, true, token, request,
					    sizeof(request));

	if (trace)
		pci_info(f->pdev, "EMULATED TSM: validate BAR %u %#llx+%#llx\n",
			 range->bar, range->offset, range->size);
	return ask_by_message(f, TSM_CHANNEL_VALIDATE, request, n);
}

/* Where it is the host that is asked, our channel stands for that, too. */
static int emulated_run(struct devattest_tdi *tdi,
			const struct tsm_token token[TSM_TOKENS])
{
	struct emulated_function *f = devattest_tdi_priv(tdi);
	struct tsm_subject s = subject_of(f);
	u8 request[64];
	size_t n = tsm_put_run_request(&s, token, request, sizeof(request));

	return n ? ask_by_message(f, TSM_CHANNEL_RUN, request, n) :
		ask(f, TSM_CHANNEL_RUN, NULL, 0, NULL);
}

/* A platform without such a message enables DMA with its start. */
static int emulated_enable_dma(struct devattest_tdi *tdi,
			       const struct tsm_token token[TSM_TOKENS])
{
	struct emulated_function *f = devattest_tdi_priv(tdi);
	struct tsm_subject s = subject_of(f);
	u8 request[256];
	size_t n = tsm_put_dma_request(&s, token, request, sizeof(request));

	return n ? ask_by_message(f, TSM_CHANNEL_DMA, request, n) : 0;
}

const struct devattest_tsm_ops emulated_ops = {
	.name = "emulated",
	.emulated = true,
	.lock = emulated_lock,
	.unlock = emulated_unlock,
	.info = emulated_info,
	.validate = emulated_validate,
	.run = emulated_run,
	.enable_dma = emulated_enable_dma,
};
