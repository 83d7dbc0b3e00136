/* synth/boroughs.h — the only real things in the synthetic London.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_SYNTH_BOROUGHS_H
#define REEVE_SYNTH_BOROUGHS_H

#include "synth/geography.h"

extern const struct borough borough_facts[BOROUGHS];

#endif
