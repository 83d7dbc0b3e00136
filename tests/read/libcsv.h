/* tests/read/libcsv.h — libcsv in strict mode, as oracle and as the measure of speed.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_TESTS_READ_LIBCSV_H
#define REEVE_TESTS_READ_LIBCSV_H

#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>

struct libcsv_calls {
    void (*cell)(void *context, struct text cell);
    void (*row)(void *context);
    void *context;
};

/* False when libcsv refuses the bytes. Record ends are CR and LF, or CR only. Stops the
 * process when libcsv is not installed. One thread at a time. */
bool libcsv_read(struct text bytes, char separator, bool is_cr_only,
                 const struct libcsv_calls *calls);

#endif
