/* SPDX-License-Identifier: Apache-2.0 */
/* Is the certificate this PCI function's?  Asked where it names one. */
#include "names.h"
#include "table.h"

static bool
has_ids(const struct da_ticket *ticket)
{
	return ticket != NULL &&
	    (ticket->pci.vendor != 0 || ticket->pci.device != 0);
}

/* `digits` lower-case hex digits of the name, from `at` on. */
static bool
hex_of_name(struct da_slice name, size_t at, size_t digits, uint64_t *ret)
{
	struct da_slice hex;
	uint64_t value = 0;

	if (!da_slice_cut(name, at, digits, &hex))
		return false;
	for (size_t i = 0; i < hex.n; i++) {
		uint8_t c = hex.p[i];

		if (c >= '0' && c <= '9')
			value = value << 4 | (uint64_t)(c - '0');
		else if (c >= 'a' && c <= 'f')
			value = value << 4 | (uint64_t)(c - 'a' + 10);
		else
			return false;
	}
	*ret = value;
	return true;
}

/*
 * The function's ids; what the ticket does not tell is taken from the name, so
 * that the rest is compared, and then nobody has told it: false.
 */
static bool
ids_told(const struct da_pci *pci, struct da_slice name, struct da_pci *ret)
{
	uint64_t value;
	bool told = true;

	*ret = *pci;
	if (pci->has_revision != 1 && hex_of_name(name,
	    DA_PCI_NAME_REVISION, 2, &value)) {
		ret->revision = (uint8_t)value;
		told = false;
	}
	if (pci->has_serial != 1 && hex_of_name(name, DA_PCI_NAME_SERIAL, 16,
	    &value)) {
		ret->serial = value;
		ret->has_serial = 1;
		told = false;
	}
	return told;
}

static enum da_result
compare(const struct da_pci *pci, struct da_slice name,
    struct da_slice chain, struct da_fault *reterr)
{
	char expected[DA_PCI_NAME_SIZE];
	struct da_pci ids;
	bool told = ids_told(pci, name, &ids);

	da_pci_name(&ids, expected, sizeof(expected));
	if (da_slice_eq(name, da_slice_str(expected)))
		return told ? DA_HOLDS : DA_UNKNOWN;
	da_refuse(reterr, DA_F_IDENTITY_NAME, DA_PART_CHAIN,
	    da_slice_offset(chain, name));
	return DA_BROKEN;
}

enum da_result
da_ask_device_identity(const struct da_case *the, struct da_fault *reterr)
{
	const struct da_chain *chain = &the->evidence->chain;
	const struct da_ticket *ticket = the->ask->ticket;
	struct da_names names;

	if (!the->evidence->has_chain)
		return DA_NOT_ASKED;
	if (!da_names_read(&chain->cert[chain->n - 1], &names, reterr))
		return DA_BROKEN;
	if (names.pci.n == 0)
		return DA_NOT_ASKED;
	if (!has_ids(ticket))
		return DA_UNKNOWN;
	return compare(&ticket->pci, names.pci, chain->raw, reterr);
}
