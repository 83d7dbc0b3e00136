/* define/age_band.h — ages of a band as its publisher writes it.
 *
 * Pure. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_DEFINE_AGE_BAND_H
#define REEVE_DEFINE_AGE_BAND_H

#include "base/text.h"

#include <stdbool.h>

/* Both inclusive: "0-15", "0 to 15", "Aged 5 to 9 years", "16", "under 18", "under-18", "<18",
 * "Aged 4 years and under", "65+", "65-plus", "85 and over", "65 years and over", "over 34". `to`
 * is 130 where the band has no end. False for another text, and for a band that ends before it
 * begins. */
bool age_band_parse(struct text band, int *ret_from, int *ret_to);

#endif
