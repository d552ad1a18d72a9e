/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/*
 * The private channel of the EMULATED TSM: frames between devattest_emulated.ko,
 * which stands for the guest's TSM driver, and the device process, which stands
 * for device and firmware.  It is a virtio-serial port of its own: no process of
 * the host's that moves evidence has it.
 *
 * A frame is a head of 24 bytes and a body of at most 4096.  One request is
 * outstanding at a time; its reply has the same serial and op.  A frame of
 * serial 0 from the firmware is an event.  Little-endian; offsets, no structs:
 *
 *	 0 u32	body size
 *	 4 u32	serial
 *	 8 u16	op
 *	10 u16	status: 0 in a request; 0 or a Linux errno value in a reply
 *	12 u8	platform (enum tsm_platform); 0 in a request
 *	13 u8	abi; 0 in a request
 *	14 u16	version of this channel
 *	16 u64	function: segment << 16 | bus << 8 | device << 3 | function
 */
#ifndef DEVATTEST_TSM_CHANNEL_H
#define DEVATTEST_TSM_CHANNEL_H

#define TSM_CHANNEL_VERSION	1
#define TSM_CHANNEL_HEAD	24
#define TSM_CHANNEL_BODY_MAX	4096

/*
 * The status says whether the firmware took the request at all; what it thinks
 * of it stands in the platform's own answer.
 */
enum tsm_channel_op {
	TSM_CHANNEL_NONE,
	/*
	 * "There is this function."  Body as TSM_DESCRIBE_*.  Reply body as
	 * TSM_TDI_*, or status ENODEV: it is no TDI.
	 */
	TSM_CHANNEL_DESCRIBE,
	/* TIO op BIND, SET_TDI_STATE, TDCM bind: no body.  A reply's body on
	 * SEV-TIO v2 and TDX: u64, the id by which the TDI is asked for. */
	TSM_CHANNEL_LOCK,
	TSM_CHANNEL_UNLOCK,
	/* Bodies are the platform's own messages, kernel-uapi/tsm_message.h */
	TSM_CHANNEL_INFO,
	TSM_CHANNEL_VALIDATE,
	TSM_CHANNEL_RUN,
	TSM_CHANNEL_DMA,
	/* From the firmware, serial 0: u8 enum tsm_state that the TDI fell to. */
	TSM_CHANNEL_FELL,
	/* CoVE-IO: the guest's nonce for the measurements, 32 bytes. */
	TSM_CHANNEL_NONCE,
	TSM_CHANNEL_OPS
};

/* DESCRIBE: what config space says; the device knows its own BARs by it. */
#define TSM_DESCRIBE_VENDOR		0	/* u16 */
#define TSM_DESCRIBE_DEVICE		2	/* u16 */
#define TSM_DESCRIBE_SUB_VENDOR		4	/* u16 */
#define TSM_DESCRIBE_SUB_DEVICE		6	/* u16 */
#define TSM_DESCRIBE_CLASS		8	/* u32, 24 bits */
#define TSM_DESCRIBE_MSIX		12	/* u8: 1, the next five are set */
#define TSM_DESCRIBE_MSIX_BIR		13	/* u8 */
#define TSM_DESCRIBE_MSIX_PBA_BIR	14	/* u8 */
#define TSM_DESCRIBE_MSIX_ENTRIES	16	/* u16 */
#define TSM_DESCRIBE_MSIX_TABLE		20	/* u32, bytes into its BAR */
#define TSM_DESCRIBE_MSIX_PBA		24	/* u32 */
#define TSM_DESCRIBE_BAR		32	/* 6 times: u64 address, u64 size */
#define TSM_DESCRIBE_SIZE		128

/* Its reply. */
#define TSM_TDI_PLATFORM		0	/* u8 */
#define TSM_TDI_ABI			1	/* u8 */
#define TSM_TDI_PAGE_UNIT		2	/* u8, enum devattest_page_unit */
#define TSM_TDI_BAR_BASE		3	/* u8, enum devattest_bar_base */
#define TSM_TDI_ID			8	/* u64, the platform's device id */
#define TSM_TDI_SIZE			16

#endif
