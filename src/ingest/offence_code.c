/* ingest/offence_code.c — classes of one group only; the others are not-recorded, never guessed.
 *
 * Source: Home Office, Counting Rules for Recorded Crime, titles of the classes in use from 2008.
 * A class that mixes groups (8N with a subclass, 17A and 20A, which hold assault by penetration
 * beside sexual assault) has none here: such a record loads with the group not-recorded and the
 * import report lists its code. 8N alone is abh by formats.md section 7.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "ingest/offence_code.h"

#include <stddef.h>

static const struct {
    const char *classes, *group; /* classes separated by spaces */
} GROUPS[] = {
    {"1 4/1 4/2 4/10", "homicide"},
    {"2", "attempted-murder"},
    {"3B", "threats-to-kill"},
    {"5D 8F 8H", "gbh"},
    {"8G 8J", "abh"},
    {"8L 8M 8Q 8R", "stalking-harassment"},
    {"10A 10B 10C 10D", "weapon-possession"},
    {"19C 19D 19E 19F 19G 19H", "rape"},
    {"28A 28B 28C 28D 28E 28F 28G 28H 30A 30B 30C 30D", "burglary"},
    {"34A", "business-robbery"},
    {"34B", "personal-robbery"},
    {"39 40 41 44 46", "theft"},
    {"45 48", "vehicle"},
    {"56A 56B", "arson"},
    {"58A 58B 58C 58D", "criminal-damage"},
    {"104 105A 105B", "common-assault"},
};

const char *offence_code_group(struct text code)
{
    struct text subclass;
    struct text class = text_split(code, '/', &subclass);
    if (text_is(code, "8N")) {
        return "abh"; /* with a subclass it may be wounding under section 20 */
    }
    for (size_t i = 0; i < sizeof GROUPS / sizeof GROUPS[0]; i++) {
        struct text rest = text_of(GROUPS[i].classes);
        while (rest.n > 0) {
            struct text known = text_split(rest, ' ', &rest);
            if (text_equal(known, class) || text_equal(known, code)) {
                return GROUPS[i].group;
            }
        }
    }
    return NULL;
}
