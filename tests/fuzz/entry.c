/* SPDX-License-Identifier: Apache-2.0 */
/* libFuzzer's way in: built once a target, -DFUZZ_TARGET=fuzz_chain. */
#include "targets.h"

int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

__attribute__((visibility("default"))) int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	FUZZ_TARGET(data, n);
	return 0;
}
