/* synth/havering.h — the wards of the borough that is made in detail.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_SYNTH_HAVERING_H
#define REEVE_SYNTH_HAVERING_H

#define HAVERING_CODE       "E09000016"
#define HAVERING_WARDS_2018 18
#define HAVERING_WARDS_2022 20

struct ward_fact {
    const char *code, *name;
};

extern const struct ward_fact havering_wards_2018[HAVERING_WARDS_2018];
extern const struct ward_fact havering_wards_2022[HAVERING_WARDS_2022];

#endif
