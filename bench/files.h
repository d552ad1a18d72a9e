/* SPDX-License-Identifier: Apache-2.0 */
/* Files of the test data, read whole and kept until the end. */
#ifndef DA_BENCH_FILES_H
#define DA_BENCH_FILES_H

#include "verifier/slice.h"

/* Ends the program, and says what is needed, where it is not there. */
struct da_slice	bench_file(const char *data, const char *folder,
		    const char *name);

#endif
