/* assess/weapons.h — the weapons of a profile: used, threatened or intimated, and found on people.
 *
 * Weapon-enabled is an offence with the flag of a weapon, or with a way it was used. Possession is
 * an offence group of its own: it is found by searching, and says little of use. The two are never
 * added. Not for other modules. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_ASSESS_WEAPONS_H
#define REEVE_ASSESS_WEAPONS_H

#include "assess/profile_internal.h"

#define WEAPONS_EVERY UINT32_MAX /* any group, any use */

struct weapons {
    struct lens *l;
    struct cube_axis axes[LENS_AXES]; /* profile, group, weapon, use, period; in the borough */
    struct cube cube;
    uint32_t periods[BUCKET_TOTAL];  /* codes of the axis; 0 = no earlier period */
    uint32_t any;                    /* code of an offence with a weapon on record */
    int64_t enabled[BUCKET_TOTAL];   /* weapon-enabled offences */
    int64_t not_recorded;            /* neither flags nor use are known, in the period */
    uint32_t possession;             /* the category of the lens; 0 = not in the profile */
    int64_t possessed[BUCKET_TOTAL]; /* offences of it */
    /* How the two fields agree, in the period: a flag and a use, one of them alone, a flag beside
     * the word that none was used; offences of possession that have either. */
    int64_t both, flag_only, use_only, denied, possession_marked;
    bool has_uses; /* some offence says how, or that none was used */
};

RV_MUST_CHECK rv_status weapons_count(struct lens *l, struct weapons *ret, struct rv_err *reterr);
/* Offences of a group of the cube with a label of weapon and of use; either may be every one. */
int64_t weapons_of(const struct weapons *k, uint32_t group, uint32_t weapon, uint32_t use,
                   int bucket);
static inline uint32_t weapons_label(const struct weapons *k, const char *label)
{
    return axis_code(&k->axes[2], label);
}

/* A finding "<profile>.weapon-enabled.<measure>" and its command. */
struct finding *weapons_finding(const struct weapons *k, const char *measure, const char *by,
                                const char *condition);
/* The verdict of what rests on the two fields, and its reason. */
RV_MUST_CHECK rv_status weapons_weaken(const struct weapons *k, struct finding *f,
                                       struct rv_err *reterr);

/* In which wards, of use and of possession; the place of possession among the boroughs; the
 * tables. */
RV_MUST_CHECK rv_status weapons_places(struct weapons *k, struct rv_err *reterr);
RV_MUST_CHECK rv_status weapons_table(struct weapons *k, struct rv_err *reterr);

#endif
