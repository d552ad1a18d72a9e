/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is fuzzed: one function a target, each of which takes any bytes at all
 * and aborts when a property is broken.  entry.c makes a libFuzzer program of
 * one of them; replay.c runs them all, without libFuzzer.
 */
#ifndef DA_FUZZ_TARGETS_H
#define DA_FUZZ_TARGETS_H

#include <stddef.h>
#include <stdint.h>

/* True: the input was accepted; a run with none has tried nothing. */
typedef int (*fuzz_target)(const uint8_t *data, size_t n);

int	fuzz_differential(const uint8_t *data, size_t n);
int	fuzz_chain(const uint8_t *data, size_t n);
int	fuzz_vca(const uint8_t *data, size_t n);
int	fuzz_measurements(const uint8_t *data, size_t n);
int	fuzz_signed(const uint8_t *data, size_t n);
int	fuzz_crl(const uint8_t *data, size_t n);
int	fuzz_prove(const uint8_t *data, size_t n);

#endif
