/* base/marking.c — markings by name. SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/marking.h"

#include <stddef.h>

static const char *const NAMES[] = {"public", "official", "official-sensitive"};

const char *marking_name(enum marking m)
{
    return NAMES[m - MARKING_PUBLIC];
}

bool marking_find(struct text name, enum marking *ret)
{
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++) {
        if (text_is(name, NAMES[i])) {
            *ret = (enum marking)((int)i + MARKING_PUBLIC);
            return true;
        }
    }
    return false;
}
