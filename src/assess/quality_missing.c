/* assess/quality_missing.c — what is not recorded: by role and year.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/quality_internal.h"

#include <string.h>

#define YEARS_APART 0.05 /* between the shares of two years, before they are named */

/* Which columns of a kind are looked at, and what their absence concerns. */
static const struct missing_field {
    const char *kind;
    enum quality_field field;
    const char *name, *spoils;
} FIELDS[] = {
    {"persons", FIELD_AGE, "age", "ages, the under-25 profile, rates by age"},
    {"persons", FIELD_SEX, "sex", "sex of victims and suspects"},
    {"persons", FIELD_ETHNICITY, "ethnicity", "ethnicity and disproportionality"},
    {"offences", FIELD_GROUP, "offence group", "every profile of the definition"},
    {"offences", FIELD_CLOCK, "date of offence", "hours, weekdays, seasons and delays"},
    {"offences", FIELD_OUTCOME, "outcome", "outcomes"},
    {"stop-search", FIELD_AGE, "age", "ages of people searched"},
    {"stop-search", FIELD_SEX, "sex", "sex of people searched"},
    {"stop-search", FIELD_ETHNICITY, "ethnicity", "disproportionality of searches"},
    {"ambulance", FIELD_AGE, "age", "ages of patients"},
    {"ambulance", FIELD_SEX, "sex", "sex of patients"},
    {"transport", FIELD_STATION, "station", "stations"},
    {"transport", FIELD_ROUTE, "route", "routes"},
    {"transport", FIELD_GROUP, "offence group", "offence groups on public transport"},
};

struct missing_years { /* one column of one role */
    struct quality_share all, worst;
    size_t worst_year;
    double least, most; /* of years that are judged */
    size_t years;
};

static double part_of(struct quality_share s)
{
    return s.of > 0 ? (double)s.count / (double)s.of : 0;
}

static struct missing_years sum_up(const struct quality_share years[QUALITY_YEARS])
{
    struct missing_years m = {.least = 1};
    for (size_t y = 0; y < QUALITY_YEARS; y++) {
        m.all.count += years[y].count;
        m.all.of += years[y].of;
        if (y == 0 || years[y].of < QUALITY_BASE) {
            continue;
        }
        double part = part_of(years[y]);
        m.least = part < m.least ? part : m.least;
        if (m.years++ == 0 || part > m.most) {
            m.most = part;
            m.worst = years[y];
            m.worst_year = y;
        }
    }
    return m;
}

static const char *worst_words(struct arena *a, const struct missing_years *m)
{
    if (m->years < 2 || m->most - m->least < YEARS_APART) {
        return "";
    }
    return arena_printf(a, "; most in %d (%s), least %s", (int)m->worst_year + 1959,
                        quality_percent(a, m->most), quality_percent(a, m->least));
}

static rv_status add_missing(struct quality_work *w, const struct missing_field *f,
                             const char *role, const struct missing_years *m, struct rv_err *reterr)
{
    struct arena *a = w->held->arena;
    const char *subject = role ? arena_printf(a, "%s %s", role, f->name) : f->name;
    struct quality_check *c = subject ? quality_add(w, "not-recorded", subject) : NULL;
    if (!c) {
        return arena_fail(a, reterr);
    }
    c->count = m->all.count;
    c->of = m->all.of;
    c->measure = part_of(m->all);
    c->measure_name = "share";
    c->spoils = f->spoils;
    enum finding_verdict all = quality_share_verdict(m->all.count, m->all.of);
    enum finding_verdict year = quality_share_verdict(m->worst.count, m->worst.of);
    /* One bad year is a caution for all of them together. */
    c->verdict = all >= year ? all : quality_worse(all, VERDICT_CAUTION);
    const char *what = !role                          ? "records"
                       : strcmp(role, "accused") == 0 ? "people accused"
                                                      : arena_printf(a, "%ss", role);
    c->sentence =
        arena_printf(a, "The %s is not recorded for %s %s%s.", f->name,
                     quality_share_text(a, m->all.count, m->all.of), what, worst_words(a, m));
    c->remedy =
        c->verdict == VERDICT_HOLDS
            ? ""
            : "Give counts of those recorded beside the number not recorded, with bounds for both "
              "extremes; compare no years whose shares differ; ask the supplier why.";
    return rv_ok();
}

rv_status quality_missing(struct quality_work *w, struct rv_err *reterr)
{
    const struct quality_facts *facts = w->facts;
    for (size_t i = 0; i < sizeof FIELDS / sizeof *FIELDS; i++) {
        const struct missing_field *f = &FIELDS[i];
        if (strcmp(f->kind, facts->source->kind) != 0) {
            continue;
        }
        if (!facts->has[f->field]) {
            const char *reason =
                arena_printf(w->held->arena, "The source has no column for the %s.", f->name);
            RV_TRY(quality_absent(w, "not-recorded", f->name, reason, f->spoils, reterr));
            continue;
        }
        for (size_t role = 0; role <= PERSON_ROLE_COUNT; role++) {
            struct missing_years m = sum_up(facts->counts->missing[f->field][role]);
            if (m.all.of > 0) {
                RV_TRY(add_missing(w, f, role ? PERSON_ROLES[role - 1] : NULL, &m, reterr));
            }
        }
    }
    return rv_ok();
}
