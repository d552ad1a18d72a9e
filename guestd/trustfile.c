/* SPDX-License-Identifier: Apache-2.0 */
#include "trustfile.h"

#include <stdlib.h>

#include "files.h"
#include "verifier/derwalk.h"
#include "verifier/pem.h"
#include "verifier/x509.h"

bool
da_trust_decode(struct da_slice *file, enum da_part part,
    struct da_fault *reterr)
{
	struct da_slice text = *file;
	uint8_t *der;

	if (!da_pem_is(text, part))
		return true;
	der = malloc(text.n);
	if (der == NULL)
		return da_refuse(reterr, DA_F_NONE, part, 0);
	if (da_pem_read(text, part, der, text.n, file, reterr)) {
		da_file_free(text);
		return true;
	}
	free(der);
	return false;
}

bool
da_trust_anchors(struct da_slice der, struct da_anchors *anchors,
    struct da_fault *reterr)
{
	struct da_der d = da_der_over(da_cur_of(der), DA_PART_ROOT);
	struct da_cert cert;

	do {
		size_t at = d.c.at;

		if (!da_cert_read(&d, &cert)) {
			*reterr = d.fault;
			return false;
		}
		if (anchors->n == DA_MAX_ANCHORS)
			return da_refuse(reterr, DA_F_CHAIN_TOO_MANY,
			    DA_PART_ROOT, at);
		anchors->der[anchors->n++] = cert.der;
	} while (da_left(&d.c) > 0);
	return true;
}

bool
da_trust_crls(struct da_slice der, struct da_crls *crls,
    struct da_fault *reterr)
{
	struct da_der d = da_der_over(da_cur_of(der), DA_PART_CRL);
	struct da_crl crl;

	do {
		size_t at = d.c.at;
		struct da_slice one = da_der_element(&d);

		if (!da_der_ok(&d)) {
			*reterr = d.fault;
			return false;
		}
		if (!da_crl_read(one, &crl, reterr)) {
			reterr->offset += at;
			return false;
		}
		if (crls->n == DA_MAX_CRLS || one.n > DA_MAX_CRL)
			return da_refuse(reterr, DA_F_TOO_LONG, DA_PART_CRL,
			    at);
		crls->der[crls->n++] = one;
	} while (da_left(&d.c) > 0);
	return true;
}

bool
da_trust_key(struct da_slice der, struct da_slice *ret,
    struct da_fault *reterr)
{
	struct da_der d = da_der_over(da_cur_of(der), DA_PART_KEY), spki;

	spki = da_der_enter(&d, DA_DER_SEQUENCE);
	da_der_take(&spki, DA_DER_SEQUENCE);	/* algorithm */
	da_der_octet_bits(&spki);		/* subjectPublicKey */
	da_der_leave(&d, &spki);
	if (!da_der_ok(&d) || !da_all_read(&d.c))
		return da_refuse(reterr, DA_F_KEY_FORM, DA_PART_KEY,
		    da_der_ok(&d) ? d.c.at : d.fault.offset);
	*ret = der;
	return true;
}
