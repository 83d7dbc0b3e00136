/* assess/lens_profile.c — what a profile covers of its source, and what cannot be told.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/profile_internal.h"

/* Offences of the source, and among them those with a person, by borough; of both periods. */
static rv_status count_persons(struct lens *l, int64_t *const persons[BUCKET_TOTAL],
                               struct rv_err *reterr)
{
    struct cube c;
    RV_TRY(lens_cube_part(l, LENS_BOROUGHS, PART_WITH_PERSONS, &c, reterr));
    for (uint32_t g = 0; g < l->categories; g++) {
        for (uint32_t b = 1; b <= l->axes[2].bucket_count; b++) {
            for (uint32_t area = 0; area <= l->work->boroughs->count; area++) {
                uint32_t codes[LENS_AXES] = {g, area, b};
                int bucket = lens_is_before(l, b) ? BUCKET_COMPARE : BUCKET_PERIOD;
                persons[bucket][area] += cube_at(&c, codes);
            }
        }
    }
    return rv_ok();
}

/* A profile that asks for the age of a person finds nobody where no persons are held: that is no
 * zero. */
static rv_status persons_coverage(struct lens *l, struct rv_err *reterr)
{
    struct assess_work *w = l->work;
    const struct lens *records = l->profile->records;
    int64_t *persons[BUCKET_TOTAL];
    for (int b = 0; b < BUCKET_TOTAL; b++) {
        persons[b] = ARENA_NEW(w->held.arena, int64_t, w->boroughs->count + 1);
        if (!persons[b]) {
            return arena_fail(w->held.arena, reterr);
        }
    }
    RV_TRY(count_persons(l, persons, reterr));
    for (int b = 0; b < BUCKET_TOTAL; b++) {
        bool lacks = persons[b][w->area] == 0 && lens_count(records, b, 0, w->area) > 0;
        if (l->is_available[b] && lacks) {
            l->is_available[b] = false;
            l->lacks_persons[b] = true;
            l->gaps[b] =
                "the ages of persons are asked for, and no person of these offences is held";
        }
    }
    size_t covered = 0;
    for (uint32_t i = 0; i < w->boroughs->count; i++) {
        bool is_able = (w->able[i / 64] >> (i % 64)) & 1;
        covered += is_able && persons[BUCKET_PERIOD][i + 1] > 0 ? 1 : 0;
    }
    if (l->covers_all_boroughs && covered < w->able_count) {
        l->covers_all_boroughs = false;
        l->no_rank = arena_printf(w->held.arena, "persons of only %zu of the %zu boroughs are held",
                                  covered, w->able_count);
    }
    return l->covers_all_boroughs || l->no_rank ? rv_ok() : arena_fail(w->held.arena, reterr);
}

/* What its source never records a profile does not count as none. */
static rv_status fields_coverage(struct lens *l, struct rv_err *reterr)
{
    const struct definition *d = l->profile->definition;
    const char *why = NULL;
    for (int b = 0; b < BUCKET_TOTAL; b++) {
        bool is_none = l->is_available[b] && lens_count(l, b, 0, l->work->area) == 0;
        if (is_none && !why) {
            why =
                profile_never_recorded(l->work->held.arena, l->profile->sharing->belonging->joined,
                                       &d->profiles[l->profile->bit]);
        }
        if (is_none && !why) {
            return arena_fail(l->work->held.arena, reterr);
        }
        if (is_none && *why) {
            l->is_available[b] = false;
            l->gaps[b] = why;
        }
    }
    return rv_ok();
}

const char *lens_hidden_by(const struct lens *l)
{
    return l->profile->roles ? "an offence group or an age" : "an offence group";
}

/* What cannot be told, and whether that leaves anything to say. */
static rv_status count_unknown(struct lens *l, struct rv_err *reterr)
{
    struct arena *a = l->work->held.arena;
    struct cube c;
    RV_TRY(lens_cube_part(l, LENS_BOROUGHS, PART_UNKNOWN, &c, reterr));
    for (uint32_t g = 0; g < l->categories; g++) {
        for (uint32_t b = 1; b <= l->axes[2].bucket_count; b++) {
            uint32_t codes[LENS_AXES] = {g, l->work->area, b};
            int bucket = lens_is_before(l, b) ? BUCKET_COMPARE : BUCKET_PERIOD;
            l->unknown[bucket] += cube_at(&c, codes);
        }
    }
    for (int b = 0; b < BUCKET_TOTAL; b++) {
        if (l->is_available[b] && l->unknown[b] > 0 && lens_count(l, b, 0, l->work->area) == 0) {
            l->is_available[b] = false;
            l->gaps[b] = arena_printf(a,
                                      "%s that is not recorded hides whether %lld offences "
                                      "belong to it, and no other does",
                                      lens_hidden_by(l), (long long)l->unknown[b]);
            if (!l->gaps[b]) {
                return arena_fail(a, reterr);
            }
        }
    }
    return rv_ok();
}

/* What the records cover the profile covers, as far as the persons that it asks for are there. */
rv_status lens_profile_coverage(struct lens *l, struct rv_err *reterr)
{
    const struct lens *records = l->profile->records;
    for (int b = 0; b < BUCKET_TOTAL; b++) {
        l->is_available[b] = records->is_available[b];
        l->gaps[b] = records->gaps[b];
    }
    l->covers_area = records->covers_area;
    l->covers_all_boroughs = records->covers_all_boroughs;
    l->no_rank = records->no_rank;
    RV_TRY(l->profile->roles ? persons_coverage(l, reterr) : rv_ok());
    bool is_union = l->profile->bit >= DEFINITION_MAX;
    bool has_flags = !is_union && l->profile->definition->profiles[l->profile->bit].flags_all != 0;
    RV_TRY(has_flags ? fields_coverage(l, reterr) : rv_ok()); /* a flag never set explains more */
    RV_TRY(count_unknown(l, reterr));
    return is_union || has_flags ? rv_ok() : fields_coverage(l, reterr);
}
