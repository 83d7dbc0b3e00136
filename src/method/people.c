/* method/people.c — methods of groups of people: disproportionality, missing ethnicity, pooling.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "method/registry.h"

const struct method method_people[] = {
    {.name = NULL},
};
