/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The names in a certificate's subjectAltName that say which device it is, and
 * the one that a PCI function would have.  Reads and builds text; whether the
 * two have to be the same is identity.c's to ask.
 */
#ifndef DA_NAMES_H
#define DA_NAMES_H

#include "ticket.h"
#include "x509.h"

struct da_names {
	struct da_slice pci;	/* PCIe CMA, 2.23.147; n 0: absent */
	struct da_slice device_info;	/* "Manufacturer:Product:Serial" */
};

/* False: there is a subjectAltName, and it is not of its form. */
bool	da_names_read(const struct da_cert *cert, struct da_names *ret,
	    struct da_fault *reterr);

#define DA_PCI_NAME_SIZE 79	/* with the serial number and a NUL */
#define DA_PCI_NAME_REVISION 38	/* where REV's two digits stand */
#define DA_PCI_NAME_SERIAL 62	/* and the serial number's sixteen */

/*
 * PCIe r6.1 6.31.3, of a function with a type 0 header: one that is assigned to
 * a guest has no other.
 */
void	da_pci_name(const struct da_pci *pci, char *buf, size_t size);

#endif
