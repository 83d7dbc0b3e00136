/* define/vocabulary.c — offence groups, outcomes and ethnicities.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "define/vocabulary.h"

#include <stddef.h>
#include <string.h>

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

const char *const OFFENCE_GROUP_TITLES[] = {"Homicide",
                                            "Attempted murder",
                                            "Grievous bodily harm",
                                            "Actual bodily harm",
                                            "Rape",
                                            "Assault by penetration",
                                            "Sexual assault",
                                            "Other sexual offences",
                                            "Robbery of a person",
                                            "Robbery of a business",
                                            "Threats to kill",
                                            "Criminal damage",
                                            "Arson",
                                            "Possession of weapons",
                                            "Common assault",
                                            "Stalking and harassment",
                                            "Other violence",
                                            "Exploitation",
                                            "Burglary",
                                            "Vehicle offences",
                                            "Theft",
                                            "Drug offences",
                                            "Public order offences",
                                            "Fraud",
                                            "Antisocial behaviour",
                                            "Terrorism",
                                            "Other offences",
                                            NULL};

const char *const OFFENCE_OUTCOMES[] = {
    "accused",    "out-of-court", "no-suspect", "victim-withdrew",
    "evidential", "open",         "other",      NULL};

const char *const OFFENCE_FLAGS[] = {"domestic-abuse", "knife",     "firearm", "corrosive",
                                     "other-weapon",   "hate",      "gang",    "alcohol",
                                     "exploitation",   "terrorism", NULL};

const char *const PERSON_ROLES[] = {"victim", "suspect", "accused", NULL};

const char *const ETHNICITIES[] = {"white", "mixed", "asian", "black", "other", "W1", "W2", "W3",
                                   "W4",    "W9",    "M1",    "M2",    "M3",    "M9", "A1", "A2",
                                   "A3",    "A4",    "A9",    "B1",    "B2",    "B9", "O1", "O2",
                                   "O9",    "NS",    "N1",    "N2",    "N3",    NULL};

const char *const ETHNICITY_GROUPS[] = {"white", "mixed", "asian", "black", "other", NULL};

const char *const ETHNICITIES_OBSERVED[] = {"IC0",   "IC1",   "IC2",   "IC3",   "IC4",
                                            "IC5",   "IC6",   "IC9",   "white", "mixed",
                                            "asian", "black", "other", NULL};

int vocabulary_find(const char *const *vocabulary, struct text value)
{
    for (int i = 0; vocabulary[i]; i++) {
        if (text_is(value, vocabulary[i])) {
            return i;
        }
    }
    return -1;
}

int ethnicity_group(struct text code)
{
    static const char letters[] = "WMABO";
    int whole = vocabulary_find(ETHNICITY_GROUPS, code);
    const char *letter = code.n == 2 ? memchr(letters, code.at[0], sizeof letters - 1) : NULL;
    return whole >= 0 ? whole : letter ? (int)(letter - letters) : -1;
}

bool vocabulary_has(const char *const *vocabulary, struct text value)
{
    return vocabulary_find(vocabulary, value) >= 0;
}
