/* read/number_text.h — the shortest decimal of a number that a file holds in binary.
 *
 * Pure. Internal to src/read. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_READ_NUMBER_TEXT_H
#define REEVE_READ_NUMBER_TEXT_H

#define NUMBER_TEXT_BYTES 40

/* Shortest decimal that reads back as the same finite number; whole ones without ".0". */
void number_text(double x, char out[NUMBER_TEXT_BYTES]);

#endif
