/* method/survey.c — methods of surveys: weights and what they cost.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "method/registry.h"

const struct method method_survey[] = {
    {.name = NULL},
};
