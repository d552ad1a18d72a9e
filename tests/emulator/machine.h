/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The emulated machine: a vendor, its devices, and the kernel with a TSM that
 * sees them.  Devices live in the host's half, kernel and TSM in the guest's;
 * the only way from the first to the second is what the TSM sees pass.
 *
 * A real kernel in a virtual machine may stand in the place of the software one:
 * then the firmware of the TSM's channel sees what passes, too, and a function
 * that it was told of answers as that platform's do.
 *
 * The host may have devices that are another guest's: the same vendor's, as
 * genuine, and not this guest's to see.
 */
#ifndef EMU_MACHINE_H
#define EMU_MACHINE_H

#include "device.h"
#include "firmware.h"
#include "guestd/wire.h"
#include "softkernel.h"

/* A function on the host's side. */
struct emu_slot {
	struct emu_tdi *tdi;
	/* Functions of one slot share it, and so a key; NULL: it has none. */
	struct emu_device *device;
	/* What a real guest's firmware has of it; NULL: it is none of its TDIs. */
	struct emu_fw_tdi *firmware;
	bool is_elsewhere;	/* not this guest's */
	size_t hold_at;		/* byte of the next answer; SIZE_MAX: none */
};

struct emu_machine {
	uint8_t version;	/* SPDM, of every device */
	struct emu_vendor vendor;
	struct emu_kernel kernel;
	struct emu_kernel elsewhere;	/* another guest's */
	struct emu_firmware firmware;
	bool is_for_guest;	/* a real one: the owner's policy is for it */
	uint32_t n;
	struct emu_slot slot[2 * EMU_MAX_TDI];
};

bool	emu_machine_start(struct emu_machine *m, const char *vendor_name,
	    uint8_t version);
/* Plugs in the function with this BDF. */
bool	emu_machine_add(struct emu_machine *m, const char *bdf);
/* One without TEE capability: "BDF" or "BDF:VENDOR:DEVICE". */
bool	emu_machine_add_plain(struct emu_machine *m, const char *text);
/* One that is another guest's, who has locked it; its BARs are larger. */
bool	emu_machine_add_elsewhere(struct emu_machine *m, const char *bdf);
void	emu_machine_free(struct emu_machine *m);
/* The guest's own; NULL: there is none. */
struct emu_slot *emu_machine_slot(struct emu_machine *m, const char *bdf);
/*
 * These bytes of the slot's device passed on the link, and its TSM saw them;
 * the interface report as it is now, false where the interface is not locked.
 */
void	emu_slot_saw(struct emu_slot *s, enum da_digest_of of,
	    struct da_slice bytes);
void	emu_slot_saw_device(struct emu_slot *s);	/* chain and VCA */
bool	emu_slot_report(const struct emu_slot *s, struct emu_bytes *ret);
/* GET_MEASUREMENTS with this nonce, as the host has its answer. */
bool	emu_slot_measure(struct emu_slot *s, const uint8_t nonce[32],
	    struct emu_bytes *ret);
/* A real guest has the function; the platform's shapes are those of this row. */
bool	emu_slot_is_described(const struct emu_slot *s);
/* Distinct devices that the guest has. */
uint32_t emu_machine_devices(const struct emu_machine *m);

/*
 * Bit of the physical device that is asked for, the same for all its
 * functions; 0: there is none.
 */
uint32_t emu_machine_device(struct emu_machine *m,
	    const struct da_wire_request *q);
/* The answer while another connection has collected from that device. */
void	emu_machine_busy(const struct da_wire_request *q,
	    struct emu_bytes *ret);
/*
 * The whole answer to a request, heads included: collected anew, and seen by
 * the TSM.  The report only while the interface is locked or runs (TDISP
 * GET_DEVICE_INTERFACE_REPORT).
 */
void	emu_machine_answer(struct emu_machine *m,
	    const struct da_wire_request *q, struct emu_bytes *ret);
/*
 * The byte at which this answer is to be held, SIZE_MAX for none; it is told
 * once.
 */
size_t	emu_machine_hold_at(struct emu_machine *m,
	    const struct da_wire_request *q);
/* One line of the test control; the reply is "ok" or "no: why". */
void	emu_machine_control(struct emu_machine *m, char *line, char *reply,
	    size_t size);
/*
 * DIR/policy.json, DIR/roots/emulated-vendor.pem and DIR/roots/crls/, the
 * owner's files; DIR/crls-stale/ and DIR/crls-revoked/, lists for trying.
 */
bool	emu_machine_write_owner(const struct emu_machine *m, const char *dir);

#endif
