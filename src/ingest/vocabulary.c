/* ingest/vocabulary.c — offence groups and outcomes.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "ingest/vocabulary.h"

#include <stddef.h>

const char *const OFFENCE_GROUPS[] = {"homicide",
                                      "attempted-murder",
                                      "gbh",
                                      "abh",
                                      "rape",
                                      "assault-by-penetration",
                                      "sexual-assault",
                                      "other-sexual",
                                      "personal-robbery",
                                      "business-robbery",
                                      "threats-to-kill",
                                      "criminal-damage",
                                      "arson",
                                      "weapon-possession",
                                      "common-assault",
                                      "stalking-harassment",
                                      "other-violence",
                                      "exploitation",
                                      "burglary",
                                      "vehicle",
                                      "theft",
                                      "drugs",
                                      "public-order",
                                      "fraud",
                                      "antisocial-behaviour",
                                      "terrorism",
                                      "other",
                                      NULL};

const char *const OFFENCE_OUTCOMES[] = {
    "accused",    "out-of-court", "no-suspect", "victim-withdrew",
    "evidential", "open",         "other",      NULL};
