/* SPDX-License-Identifier: Apache-2.0 */
#include "dmtf.h"

#include "derwalk.h"

static const uint8_t prefix[] = { 0x2b, 0x06, 0x01, 0x04, 0x01, 0x83, 0x1c,
    0x82, 0x12 };

bool
da_oid_is_dmtf(struct da_slice oid, uint8_t arc)
{
	struct da_slice head, tail;

	return oid.n == sizeof(prefix) + 1 &&
	    da_slice_cut(oid, 0, sizeof(prefix), &head) &&
	    da_slice_eq(head, da_slice_of(prefix, sizeof(prefix))) &&
	    da_slice_cut(oid, sizeof(prefix), 1, &tail) && tail.p[0] == arc;
}

/* An OID, and what defines it further, which nothing here asks for. */
static void
read_id(struct da_der *list, struct da_spdm_ids *ids)
{
	struct da_der item = da_der_enter(list, DA_DER_SEQUENCE);
	struct da_slice oid = da_der_oid(&item);

	if (da_oid_is_dmtf(oid, DMTF_HARDWARE_IDENTITY))
		ids->hardware_identity = true;
	if (da_oid_is_dmtf(oid, DMTF_MUTABLE_CERTIFICATE))
		ids->mutable_certificate = true;
	while (da_der_peek(&item) != 0)
		da_der_element(&item);
	da_der_leave(list, &item);
}

bool
da_spdm_ids_read(struct da_slice value, struct da_spdm_ids *ret)
{
	struct da_der d = da_der_over(da_cur_of(value), DA_PART_NONE);
	struct da_der list = da_der_enter(&d, DA_DER_SEQUENCE);
	struct da_spdm_ids ids = { 0 };

	do
		read_id(&list, &ids);
	while (da_der_peek(&list) != 0);
	da_der_leave(&d, &list);
	if (!da_der_ok(&d) || !da_all_read(&d.c))
		return false;
	*ret = ids;
	return true;
}

struct da_spdm_ids
da_spdm_ids_of(const struct da_cert *cert)
{
	struct da_spdm_ids ids = { 0 };

	for (uint16_t i = 0; i < cert->n_ext; i++)
		if (da_oid_is_dmtf(cert->ext[i].oid, DMTF_SPDM_EXTENSION))
			da_spdm_ids_read(cert->ext[i].value, &ids);
	return ids;
}
