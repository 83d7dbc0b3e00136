/* base/marking.h — how closely a figure is to be held: of a source, a finding, a table, a report.
 *
 * Zero is `official`, so that what nobody marked is never shown as public. The most restricted of
 * several is their maximum. Pure.
 * Source: Government Security Classifications policy (Cabinet Office, 2023): OFFICIAL is the
 * default of public-sector information, OFFICIAL-SENSITIVE an additional marking of a part of it.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_BASE_MARKING_H
#define REEVE_BASE_MARKING_H

#include "base/text.h"

#include <stdbool.h>

enum marking { MARKING_PUBLIC = -1, MARKING_OFFICIAL = 0, MARKING_OFFICIAL_SENSITIVE = 1 };

const char *marking_name(enum marking m); /* "public", "official", "official-sensitive" */
bool marking_find(struct text name, enum marking *ret);

static inline enum marking marking_most(enum marking a, enum marking b)
{
    return a > b ? a : b;
}

#endif
