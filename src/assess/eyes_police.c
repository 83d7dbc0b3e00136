/* assess/eyes_police.c — series of recorded offences that other sources are set beside.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/eyes.h"
#include "define/offence_class.h"
#include "define/vocabulary.h"

#include <string.h>

enum { GROUP, CODE };

/* Of a group whose classes are all with, or all without injury; else the class has to tell. */
static enum offence_injury injury_of_group(const char *group)
{
    enum offence_injury found = INJURY_NOT_RECORDED;
    struct text code, of, injury, title;
    for (size_t i = 0; offence_class_row(i, &code, &of, &injury, &title); i++) {
        if (!text_is(of, group)) {
            continue;
        }
        enum offence_injury here = text_is(injury, "with")      ? INJURY_WITH
                                   : text_is(injury, "without") ? INJURY_WITHOUT
                                                                : INJURY_NONE;
        if (found != INJURY_NOT_RECORDED && found != here) {
            return INJURY_NOT_RECORDED;
        }
        found = here;
    }
    return found;
}

static rv_status open_series(const struct eye *e, struct eye_series *s, const char *slug,
                             const char *subject, const char *name, struct rv_err *reterr)
{
    *s = (struct eye_series){.eye = e,
                             .slug = slug,
                             .subject = subject,
                             .name = name,
                             .base = "offences recorded by the police",
                             .by = "offence-group,offence-code"};
    s->months = ARENA_NEW(e->work->held.arena, int64_t, e->months);
    return s->months ? rv_ok() : arena_fail(e->work->held.arena, reterr);
}

static void add_months(const struct eye *e, const struct eye_cube *c, const uint32_t *codes,
                       struct eye_series *s)
{
    for (size_t b = 0; b < e->months; b++) {
        s->months[b] += eye_cell(e, c, codes, e->buckets[b]);
    }
}

/* Whether the records say group or class at all: a publisher's category alone does not tell what
 * hurt somebody. */
static void split_violence(struct eyes *all, const struct eye_cube *c)
{
    const struct eye *e = &all->police;
    for (uint32_t g = 0; g < c->axes[GROUP].size; g++) {
        enum offence_injury of_group =
            g ? injury_of_group(c->axes[GROUP].labels[g]) : INJURY_NOT_RECORDED;
        bool is_possession = g && strcmp(c->axes[GROUP].labels[g], "weapon-possession") == 0;
        for (uint32_t k = 0; k < c->axes[CODE].size; k++) {
            uint32_t codes[] = {g, k};
            enum offence_injury of =
                k ? offence_class_injury(text_of(c->axes[CODE].labels[k])) : INJURY_NOT_RECORDED;
            of = of == INJURY_NOT_RECORDED ? of_group : of;
            struct eye_series *s = of == INJURY_WITH      ? &all->series[EYES_WITH_INJURY]
                                   : of == INJURY_WITHOUT ? &all->series[EYES_WITHOUT_INJURY]
                                                          : NULL;
            if (s) {
                add_months(e, c, codes, s);
                all->tells_injury = true;
            }
            if (is_possession) {
                add_months(e, c, codes, &all->possession);
            }
        }
    }
}

static rv_status weapon_series(struct eyes *all, struct rv_err *reterr)
{
    const struct eye *e = &all->police;
    struct cube_axis axis = {.kind = AXIS_WEAPON, .name = "weapon"};
    struct eye_cube c;
    RV_TRY(open_series(e, &all->enabled, "weapon-enabled", "offences with a weapon",
                       "Offences with a weapon", reterr));
    RV_TRY(eye_count(e, &axis, 1, true, &c, reterr));
    uint32_t any = MANY_ANY(c.axes[0].size);
    add_months(e, &c, &any, &all->enabled);
    return rv_ok();
}

rv_status eyes_police(struct eyes *all, struct rv_err *reterr)
{
    const struct eye *e = &all->police;
    const struct cube_axis axes[] = {
        [GROUP] = {.kind = AXIS_VALUE,
                   .name = "offence-group",
                   .column = "offence_group",
                   .closed = OFFENCE_GROUPS,
                   .closed_count = OFFENCE_GROUP_COUNT},
        [CODE] = {.kind = AXIS_VALUE, .name = "offence-code", .column = "offence_code"}};
    struct eye_cube c;
    RV_TRY(open_series(e, &all->series[EYES_WITH_INJURY], "with-injury",
                       "recorded violence with injury", "Police: violence with injury", reterr));
    RV_TRY(open_series(e, &all->series[EYES_WITHOUT_INJURY], "without-injury",
                       "recorded violence without injury", "Police: violence without injury",
                       reterr));
    RV_TRY(open_series(e, &all->possession, "possession", "possession of weapons",
                       "Possession of weapons", reterr));
    RV_TRY(eye_count(e, axes, 2, true, &c, reterr));
    split_violence(all, &c);
    all->series[EYES_WITH_INJURY].is_held = all->tells_injury;
    all->series[EYES_WITHOUT_INJURY].is_held = all->tells_injury;
    all->possession.is_held =
        eye_sum(&all->possession, BUCKET_PERIOD) + eye_sum(&all->possession, BUCKET_COMPARE) > 0;
    if (!all->has_searches) {
        return rv_ok();
    }
    RV_TRY(weapon_series(all, reterr));
    all->enabled.is_held = eye_sum(&all->enabled, BUCKET_PERIOD) > 0;
    return rv_ok();
}
