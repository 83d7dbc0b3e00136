/* assess/who.c — the cubes of victims, suspects and accused, and what their parts share.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/who_internal.h"
#include "ingest/kind.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const char PEOPLE_ONCE_EACH[] =
    "A person is counted once for each offence: somebody harmed twice is two.";

/* ---- sums ---- */

int64_t who_sum(const struct cube *c, const struct who_want *want)
{
    uint32_t codes[LENS_AXES] = {0}, first[LENS_AXES] = {0}, end[LENS_AXES];
    for (size_t k = 0; k < c->axis_count; k++) {
        const struct cube_axis *axis = &c->axes[k];
        bool is_any = want->codes[k] < 0;
        end[k] = 1;
        if (k > 0 && axis->kind == AXIS_AGE) {
            first[k] = want->age_first;
            end[k] = want->age_end < axis->size ? want->age_end : axis->size;
        } else if (k > 0 && !axis->is_filter) {
            first[k] = is_any ? 0 : (uint32_t)want->codes[k];
            end[k] = is_any ? axis->size : first[k] + 1;
        }
        codes[k] = first[k];
        if (first[k] >= end[k]) {
            return 0;
        }
    }
    int64_t sum = 0;
    for (size_t k = 0; k < c->axis_count;) {
        sum += k == 0 ? cube_at(c, codes) : 0;
        for (k = 1; k < c->axis_count && ++codes[k] == end[k]; k++) {
            codes[k] = first[k];
        }
        k = k < c->axis_count ? 0 : k;
    }
    return sum;
}

void who_holm(double *p, size_t n)
{
    double last = 0;
    size_t left = 0;
    for (size_t i = 0; i < n; i++) {
        left += isnan(p[i]) ? 0 : 1;
    }
    /* Done ones are kept negative until the end, less one so that 0 is too. */
    for (; left > 0; left--) {
        size_t least = n;
        for (size_t i = 0; i < n; i++) {
            if (p[i] >= 0 && (least == n || p[i] < p[least])) {
                least = i;
            }
        }
        last = fmax(last, fmin(1, p[least] * (double)left));
        p[least] = -1 - last;
    }
    for (size_t i = 0; i < n; i++) {
        p[i] = isnan(p[i]) ? p[i] : -1 - p[i];
    }
}

/* ---- ages ---- */

static void add_age(struct people *p, int age)
{
    size_t at = p->age_count;
    while (at > 0 && p->ages[at - 1] > age) {
        at--;
    }
    if (at > 0 && p->ages[at - 1] == age) {
        return;
    }
    memmove(&p->ages[at + 1], &p->ages[at], (p->age_count - at) * sizeof *p->ages);
    p->ages[at] = age;
    p->age_count++;
}

/* The bands of `reeve table`, and the limit of each profile where they have none: the same for all
 * profiles, which share a cube. */
static void choose_ages(struct people *p)
{
    static const int usual[] = {0, 18, 25, 35, 50, 65};
    const struct definition *d = p->l->profile->definition;
    for (size_t i = 0; i < sizeof usual / sizeof *usual; i++) {
        add_age(p, usual[i]);
    }
    for (size_t i = 0; i < definition_size(d); i++) {
        add_age(p, d->profiles[i].age_below); /* 0 = none, and a start already */
    }
}

uint32_t people_band_end(const struct people *p, int below)
{
    uint32_t end = 1;
    while (end <= p->age_count && p->ages[end - 1] < below) {
        end++;
    }
    return end;
}

const char *people_bands(const struct people *p)
{
    struct arena *a = p->l->work->held.arena;
    const char *more = "";
    for (size_t i = 0; more && i < p->age_count; i++) {
        more = arena_printf(a, "%s%s%d", more, i ? "," : " --bands ", p->ages[i]);
    }
    return more;
}

/* ---- cubes ---- */

static struct cube_axis of_person(const char *name, const char *column)
{
    const char *const *words = kind_column_find(kind_find("persons"), column)->vocabulary;
    struct cube_axis axis = {.kind = AXIS_PERSON, .name = name, .column = column, .closed = words};
    while (words[axis.closed_count]) {
        axis.closed_count++;
    }
    return axis;
}

static struct cube_query query_of(const struct people *p, struct cube_axis *axes, size_t count,
                                  const struct cube_axis *time)
{
    return (struct cube_query){
        .source = p->l->source,
        .axes = axes,
        .axis_count = count,
        .period = {time->buckets[0].first, time->buckets[time->bucket_count - 1].last},
        .unit = UNIT_PERSON,
        .role = p->role};
}

static enum lens_cube cube_of(const struct people *p)
{
    return p->role == ROLE_VICTIM    ? LENS_VICTIMS
           : p->role == ROLE_SUSPECT ? LENS_SUSPECTS
                                     : LENS_ACCUSED_PEOPLE;
}

static rv_status open_origins(struct people *p, const struct cube_axis *time, struct rv_err *reterr)
{
    bool has_relationship = p->role == ROLE_SUSPECT;
    size_t n = ORIGIN_RELATIONSHIP;
    p->origin_axes[0] = (struct cube_axis){.kind = AXIS_GIVEN, .name = "profile"};
    p->origin_axes[ORIGIN_ETHNICITY] =
        (struct cube_axis){.kind = AXIS_ETHNICITY, .name = "ethnicity", .column = "ethnicity"};
    p->origin_axes[ORIGIN_AGE] = p->axes[WHO_AGE];
    p->origin_axes[ORIGIN_AGE].labels = NULL;
    p->origin_axes[ORIGIN_TIME] = *time;
    if (has_relationship) {
        p->origin_axes[n++] = of_person("relationship", "relationship");
    }
    p->origin_axes[n++] = lens_inside(p->l->work);
    struct cube_query query = query_of(p, p->origin_axes, n, time);
    return lens_cube(p->l, has_relationship ? LENS_SUSPECT_ORIGINS : LENS_VICTIM_ORIGINS, &query,
                     &p->origins, reterr);
}

rv_status people_open(struct lens *l, unsigned role, struct people *ret, struct rv_err *reterr)
{
    static const char *const plurals[] = {"victims", "suspects", "accused"};
    struct people *p = ret;
    struct cube_axis time;
    uint32_t periods[BUCKET_TOTAL];
    *p = (struct people){.l = l, .role = role, .plural = plurals[role], .one = PERSON_ROLES[role]};
    choose_ages(p);
    RV_TRY(lens_periods(l->work, "year", &time, periods, reterr));
    p->now = periods[BUCKET_PERIOD];
    p->then = l->is_available[BUCKET_COMPARE] ? periods[BUCKET_COMPARE] : 0;
    p->axes[0] = (struct cube_axis){.kind = AXIS_GIVEN, .name = "profile"};
    p->axes[WHO_SEX] = of_person("sex", "sex");
    p->axes[WHO_AGE] = (struct cube_axis){
        .kind = AXIS_AGE, .name = "age-band", .ages = p->ages, .age_count = p->age_count};
    p->axes[WHO_OFFENCE_GROUP] = (struct cube_axis){.kind = AXIS_VALUE,
                                                    .name = l->dimension,
                                                    .column = l->column,
                                                    .closed = OFFENCE_GROUPS,
                                                    .closed_count = OFFENCE_GROUP_COUNT};
    p->axes[WHO_TIME] = time;
    p->axes[WHO_TIME + 1] = lens_inside(l->work);
    struct cube_query query = query_of(p, p->axes, WHO_TIME + 2, &time);
    RV_TRY(lens_cube(l, cube_of(p), &query, &p->cube, reterr));
    struct who_want now = WHO_ANYBODY;
    now.codes[WHO_TIME] = p->now;
    p->total = who_sum(&p->cube, &now);
    return p->total > 0 && role != ROLE_ACCUSED ? open_origins(p, &time, reterr) : rv_ok();
}

/* ---- findings ---- */

struct finding *people_finding(struct people *p, const char *measure, const char *dimension,
                               const char *more, struct rv_err *reterr)
{
    struct assess_work *w = p->l->work;
    struct arena *a = w->held.arena;
    struct finding *f = compose_lens_finding(p->l, 0, measure);
    if (!f) {
        return NULL;
    }
    const char *options = arena_printf(a, " --count %s%s", p->plural, more ? more : "");
    f->id = arena_printf(a, "%s.%s.%s", p->l->prefix, p->plural, measure);
    f->query = options ? compose_query_with(p->l, dimension, options) : NULL;
    bool is_made = f->id && f->query && rv_is_ok(evidence_of_people(p->l, f, false, reterr)) &&
                   rv_is_ok(compose_text(w, f, "who", p->plural, reterr));
    return is_made ? f : NULL;
}

/* ---- what profiles share ---- */

rv_status who_shared_of(struct lens *l, struct who_shared **ret, struct rv_err *reterr)
{
    struct lens_sharing *sharing = l->profile->sharing;
    if (!sharing->who) {
        sharing->who = ARENA_NEW(l->work->held.arena, struct who_shared, 1);
    }
    *ret = sharing->who;
    return *ret ? rv_ok() : arena_fail(l->work->held.arena, reterr);
}

/* The mean over the months of the period: a person-year each. */
static rv_status load_residents(struct lens *l, int limit, struct who_residents *ret,
                                struct rv_err *reterr)
{
    struct assess_work *w = l->work;
    struct month_range period = w->options->period;
    size_t n = (size_t)(period.last - period.first + 1);
    int32_t *months = ARENA_NEW(w->held.arena, int32_t, n);
    if (!months) {
        return arena_fail(w->held.arena, reterr);
    }
    for (size_t i = 0; i < n; i++) {
        months[i] = period.first + (int32_t)i;
    }
    struct who_residents r = {.limit = limit, .is_known = true, .name = "residents"};
    for (int g = 0; g < WHO_GROUPS && r.is_known; g++) {
        struct population_ages ages = {0, limit ? limit - 1 : POPULATION_OLDEST, g + 1, NULL};
        struct population pop;
        RV_TRY(population_load(&w->held, w->boroughs, ages, &pop, reterr));
        double persons = population_person_years(&pop, w->area, months, n) * 12 / (double)n;
        r.is_known = isfinite(persons) && persons >= 1;
        r.persons[g] = r.is_known ? (int64_t)llround(persons) : 0;
        r.name = pop.name;
    }
    *ret = r;
    return rv_ok();
}

rv_status who_residents_of(struct lens *l, int limit, const struct who_residents **ret,
                           struct rv_err *reterr)
{
    struct who_shared *s;
    RV_TRY(who_shared_of(l, &s, reterr));
    size_t i = 0;
    while (i < s->resident_count && s->residents[i].limit != limit) {
        i++;
    }
    if (i == s->resident_count) {
        RV_TRY(load_residents(l, limit, &s->residents[i], reterr));
        s->resident_count++;
    }
    *ret = &s->residents[i];
    return rv_ok();
}
