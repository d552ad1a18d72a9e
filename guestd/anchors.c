/* SPDX-License-Identifier: Apache-2.0 */
#include "anchors.h"

#include <stdlib.h>

#include "files.h"
#include "verifier/derwalk.h"
#include "verifier/pem.h"
#include "verifier/x509.h"

bool
da_anchors_decode(struct da_slice *file, struct da_fault *reterr)
{
	struct da_slice text = *file;
	uint8_t *der;

	if (!da_pem_is(text))
		return true;
	der = malloc(text.n);
	if (der == NULL)
		return da_refuse(reterr, DA_F_NONE, DA_PART_ROOT, 0);
	if (da_pem_read(text, DA_PART_ROOT, der, text.n, file, reterr)) {
		da_file_free(text);
		return true;
	}
	free(der);
	return false;
}

bool
da_anchors_add(struct da_slice der, struct da_anchors *anchors,
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
