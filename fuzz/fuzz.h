/* fuzz/fuzz.h — what every fuzz target shares.
 *
 * A target is one file fuzz_NAME.c with LLVMFuzzerTestOneInput. It reads its options from the
 * first bytes with fuzz_byte and gives the rest to the parser. What must hold is stated with
 * FUZZ_REQUIRE, which stops the process, so that libFuzzer keeps the input.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_FUZZ_FUZZ_H
#define REEVE_FUZZ_FUZZ_H

#include "base/text.h"

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define FUZZ_REQUIRE(condition)                                                                    \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            (void)fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #condition);   \
            abort();                                                                               \
        }                                                                                          \
    } while (0)

static inline struct text fuzz_input(const uint8_t *data, size_t size)
{
    return (struct text){(const char *)data, size};
}

/* Takes the first byte; 0 at the end. */
static inline uint8_t fuzz_byte(struct text *at)
{
    if (!at->n) {
        return 0;
    }
    uint8_t byte = (uint8_t)at->at[0];
    at->at++;
    at->n--;
    return byte;
}

#endif
