/* assess/effect.c — counts of the parts of an intervention, and what may be said of them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/effect.h"

#include "assess/assess_internal.h"
#include "stats/binomial.h"
#include "stats/displacement.h"
#include "stats/wording.h"

#include <math.h>
#include <string.h>

#define REST "rest"

static const double NOT_KNOWN = (double)NAN;
static const char *const OPTION_NAMES[EFFECT_ROLES] = {"--treated", "--comparison", "--nearby"};

struct effect_work {
    struct held *held;
    const struct effect_options *options;
    struct effect *out;
    uint8_t *role; /* by row of the tables: 1 + enum effect_role; 0 = no part */
    const struct finding_source *sources;
    size_t source_count;
    enum marking marking;
};

/* ---- periods ---- */

static rv_status take_period(const char *given, const char *option, struct month_range *ret,
                             struct rv_err *reterr)
{
    if (!given) {
        return rv_fail(reterr, RV_USAGE, "%s is needed: whole months, such as 2021-01..2021-06",
                       option);
    }
    if (!month_range_parse(text_of(given), ret)) {
        return rv_fail(reterr, RV_USAGE,
                       "%s takes whole months, first and last: 2021-01..2021-06, not '%s'", option,
                       given);
    }
    return rv_ok();
}

static rv_status take_periods(struct effect_work *w, struct rv_err *reterr)
{
    struct effect *e = w->out;
    RV_TRY(take_period(w->options->before, "--before", &e->before, reterr));
    RV_TRY(take_period(w->options->after, "--after", &e->after, reterr));
    if (e->after.first <= e->before.last) {
        return rv_fail(reterr, RV_USAGE,
                       "--after %s does not follow --before %s: give the months before the "
                       "intervention, then those since",
                       w->options->after, w->options->before);
    }
    e->earlier =
        (struct month_range){e->before.first - month_range_count(e->before), e->before.first - 1};
    return rv_ok();
}

/* ---- parts ---- */

static rv_status take_area(struct effect_work *w, const struct result_table *t, struct text code,
                           enum effect_role role, struct rv_err *reterr)
{
    for (size_t r = 0; r < t->row_count; r++) {
        if (!text_equal(code, text_of(t->cells[r * t->column_count].text))) {
            continue;
        }
        if (w->role[r] == role + 1) {
            return rv_ok();
        }
        if (w->role[r]) {
            return rv_fail(reterr, RV_INVALID,
                           "%.*s is in %s and in %s: an area has one part. Leave it out of one.",
                           (int)code.n, code.at, OPTION_NAMES[w->role[r] - 1], OPTION_NAMES[role]);
        }
        w->role[r] = (uint8_t)(role + 1);
        w->out->roles[role].areas++;
        return rv_ok();
    }
    return rv_fail(reterr, RV_NOT_FOUND,
                   "%s: there is no %s %.*s%s%s. 'reeve table FILE --by %s' lists the codes.",
                   OPTION_NAMES[role], w->options->table.by, (int)code.n, code.at,
                   w->options->table.area ? " in " : "",
                   w->options->table.area ? w->options->table.area : "", w->options->table.by);
}

static rv_status take_list(struct effect_work *w, const struct result_table *t,
                           enum effect_role role, struct rv_err *reterr)
{
    struct text code, rest = text_of(w->options->areas[role]);
    while (rest.n) {
        code = text_split(rest, ',', &rest);
        RV_TRY(code.n ? take_area(w, t, code, role, reterr) : rv_ok());
    }
    return rv_ok();
}

static rv_status take_parts(struct effect_work *w, const struct result_table *t,
                            struct rv_err *reterr)
{
    const struct effect_options *o = w->options;
    w->role = arena_new(w->held->arena, t->row_count + 1, 1);
    if (!w->role) {
        return arena_fail(w->held->arena, reterr);
    }
    bool takes_rest = o->areas[EFFECT_COMPARISON] && strcmp(o->areas[EFFECT_COMPARISON], REST) == 0;
    for (enum effect_role role = 0; role < EFFECT_ROLES; role++) {
        bool is_list = o->areas[role] && !(role == EFFECT_COMPARISON && takes_rest);
        RV_TRY(is_list ? take_list(w, t, role, reterr) : rv_ok());
    }
    for (size_t r = 0; takes_rest && r < t->row_count; r++) {
        if (!w->role[r]) {
            w->role[r] = EFFECT_COMPARISON + 1;
            w->out->roles[EFFECT_COMPARISON].areas++;
        }
    }
    for (enum effect_role role = 0; role < EFFECT_NEARBY; role++) {
        if (!w->out->roles[role].areas) {
            return rv_fail(reterr, RV_USAGE,
                           "%s needs codes of areas, such as E05013983,E05013971%s",
                           OPTION_NAMES[role],
                           role == EFFECT_COMPARISON
                               ? ", or 'rest' for the other areas of --area: without a comparison "
                                 "no effect is told"
                               : "");
        }
    }
    return rv_ok();
}

/* ---- counting ---- */

static rv_status count_period(struct effect_work *w, struct month_range period,
                              struct result_table *ret, struct rv_err *reterr)
{
    char first[8], last[8];
    month_write(period.first, first);
    month_write(period.last, last);
    struct table_options o = w->options->table;
    o.period = arena_printf(w->held->arena, "%s..%s", first, last);
    if (!o.period) {
        return arena_fail(w->held->arena, reterr);
    }
    return table_run_held(w->held, &o, ret, reterr);
}

/* Of each part; one area that is not available makes its part so, and a period that the source does
 * not cover at all, of which a table has no rows. */
static rv_status add_up(const struct effect_work *w, const struct result_table *areas,
                        const struct result_table *t, double sums[EFFECT_ROLES],
                        struct rv_err *reterr)
{
    const size_t count = 1; /* behind the code of the area */
    memset(sums, 0, EFFECT_ROLES * sizeof *sums);
    for (size_t r = 0; r < areas->row_count; r++) {
        const struct result_cell *cell = &t->cells[r * t->column_count];
        const char *code = areas->cells[r * areas->column_count].text;
        if (r < t->row_count && strcmp(cell->text, code) != 0) {
            return rv_fail(reterr, RV_INVALID,
                           "the %ss of the periods are not the same ones: give --vintage, so that "
                           "all are counted by one set of boundaries",
                           w->options->table.by);
        }
        if (w->role[r]) {
            sums[w->role[r] - 1] +=
                r >= t->row_count || cell[count].is_missing ? NOT_KNOWN : cell[count].number;
        }
    }
    return rv_ok();
}

static rv_status count_all(struct effect_work *w, struct rv_err *reterr)
{
    struct effect *e = w->out;
    struct result_table before, after, earlier;
    double sums[3][EFFECT_ROLES];
    RV_TRY(count_period(w, e->after, &after, reterr));
    RV_TRY(take_parts(w, &after, reterr));
    RV_TRY(count_period(w, e->before, &before, reterr));
    RV_TRY(count_period(w, e->earlier, &earlier, reterr));
    RV_TRY(add_up(w, &after, &earlier, sums[0], reterr));
    RV_TRY(add_up(w, &after, &before, sums[1], reterr));
    RV_TRY(add_up(w, &after, &after, sums[2], reterr));
    for (enum effect_role role = 0; role < EFFECT_ROLES; role++) {
        struct effect_counts *c = &e->roles[role];
        c->earlier = c->areas ? sums[0][role] : NOT_KNOWN;
        c->before = c->areas ? sums[1][role] : NOT_KNOWN;
        c->after = c->areas ? sums[2][role] : NOT_KNOWN;
    }
    e->notes = after.notes;
    e->note_count = after.note_count;
    w->sources = after.sources;
    w->source_count = after.source_count;
    w->marking = after.marking;
    return rv_ok();
}

/* ---- findings ---- */

/* Some areas beside the comparison, in two periods. */
struct sides {
    const char *areas, *measure; /* "areas nearby", "treated.change" */
    struct month_range first, second;
    double before, after, other_before, other_after;
    size_t count, other_count;
};

static const char *what_of(struct arena *a, const struct table_options *o)
{
    bool has_profile = o->profile && strcmp(o->profile, "all") != 0;
    bool is_other = o->kind && strcmp(o->kind, "offences") != 0;
    return has_profile ? arena_printf(a, "offences (%s)", o->profile)
           : is_other  ? arena_printf(a, "records (%s)", o->kind)
                       : "offences";
}

static rv_status blank(struct effect_work *w, const struct sides *s, struct finding **ret,
                       struct rv_err *reterr)
{
    struct arena *a = w->held->arena;
    struct finding *f = &w->out->findings[w->out->finding_count++];
    const struct finding_slot slots[] = {
        {"areas", SLOT_TEXT, s->areas, NOT_KNOWN},
        {"what", SLOT_TEXT, what_of(a, &w->options->table), NOT_KNOWN},
        {"area_count", SLOT_NUMBER, NULL, (double)s->count},
        {"after", SLOT_NUMBER, NULL, s->after},
        {"before", SLOT_NUMBER, NULL, s->before},
        {"other_count", SLOT_NUMBER, NULL, (double)s->other_count},
        {"other_after", SLOT_NUMBER, NULL, s->other_after},
        {"other_before", SLOT_NUMBER, NULL, s->other_before},
        {"ratio", SLOT_NUMBER, NULL,
         s->before > 0 && s->other_before > 0 && s->other_after > 0
             ? s->after / s->before / (s->other_after / s->other_before)
             : NOT_KNOWN},
    };
    struct finding_slot *kept = ARENA_NEW(a, struct finding_slot, sizeof slots / sizeof *slots);
    const char *id = arena_printf(a, "effect.%s", s->measure);
    const char **caveats = ARENA_NEW(a, const char *, 3);
    if (!kept || !id || !caveats || !slots[1].text) {
        return arena_fail(a, reterr);
    }
    memcpy(kept, slots, sizeof slots);
    *f = finding_blank(id, "effect");
    f->subject = w->options->table.profile;
    f->unit = "events";
    f->numerator = s->after;
    f->compare_value = s->before;
    f->period = s->second;
    f->compare = s->first;
    f->method = "wdd";
    f->area = w->options->table.area;
    f->sources = w->sources;
    f->source_count = w->source_count;
    f->marking = w->marking;
    f->slots = kept;
    f->slot_count = sizeof slots / sizeof *slots;
    f->caveats = caveats;
    *ret = f;
    return rv_ok();
}

static void caveat(struct finding *f, const char *text)
{
    ((const char **)(uintptr_t)f->caveats)[f->caveat_count++] = text;
}

/* Which rule both comparisons bear together. */
static const char *rule_of(const struct displacement_effect *by_number, double p, double ratio)
{
    enum wording w = wording_of_displacement(by_number);
    bool is_told = w == WORDING_FEWER_THAN_COMPARISON || w == WORDING_MORE_THAN_COMPARISON;
    bool is_told_by_share = p < WORDING_ALPHA;
    bool is_fewer = by_number->estimate < 0;
    if (!by_number->has_test) {
        return "EFFECT_NOTHING_RECORDED";
    }
    if (is_told && is_told_by_share && is_fewer == !(ratio >= 1)) {
        return is_fewer ? "EFFECT_FEWER" : "EFFECT_MORE";
    }
    return is_told || is_told_by_share ? "EFFECT_ONE_WAY" : "EFFECT_NOT_DISTINGUISHABLE";
}

static rv_status judge(const struct sides *s, struct finding *f, const char **ret_rule,
                       struct rv_err *reterr)
{
    const struct displacement_input input = {
        .treated = {(int64_t)s->before, (int64_t)s->after, 1},
        .comparison = {(int64_t)s->other_before, (int64_t)s->other_after,
                       (double)s->other_count / (double)s->count}};
    struct displacement_options options = DISPLACEMENT_DEFAULTS;
    options.before_length = month_range_days(s->first);
    options.after_length = month_range_days(s->second);
    struct displacement d;
    double p;
    RV_TRY(displacement_difference(&input, &options, &d, reterr));
    RV_TRY(binomial_fisher((int64_t)s->before, (int64_t)s->after, (int64_t)s->other_before,
                           (int64_t)s->other_after, &p, reterr));
    f->value = d.local.estimate;
    if (d.local.has_test) {
        f->lower = d.local.lower;
        f->upper = d.local.upper;
        f->level = options.level;
    }
    *ret_rule = rule_of(&d.local, p, s->after * s->other_before / (s->before * s->other_after));
    if (d.is_rough) {
        f->verdict = VERDICT_CAUTION;
        caveat(f, "Some count is under 5: limits are rough.");
    }
    return rv_ok();
}

static rv_status tell(struct effect_work *w, const struct sides *s, struct finding **ret,
                      struct rv_err *reterr)
{
    struct finding *f = NULL;
    RV_TRY(blank(w, s, &f, reterr));
    *ret = f;
    if (!isfinite(s->before + s->after + s->other_before + s->other_after)) {
        f->rule = "EFFECT_NOT_AVAILABLE";
        f->verdict = VERDICT_NOT_AVAILABLE;
        return rv_ok();
    }
    return judge(s, f, &f->rule, reterr);
}

static bool is_told_apart(const struct finding *f)
{
    return strcmp(f->rule, "EFFECT_FEWER") == 0 || strcmp(f->rule, "EFFECT_MORE") == 0 ||
           strcmp(f->rule, "EFFECT_ONE_WAY") == 0;
}

/* Areas that moved otherwise already cannot show what an intervention did. */
static void weaken_by_earlier(struct effect_work *w, struct finding *earlier)
{
    bool is_unknown = earlier->verdict == VERDICT_NOT_AVAILABLE;
    earlier->rule = is_unknown               ? "EARLIER_NOT_AVAILABLE"
                    : is_told_apart(earlier) ? "EARLIER_APART"
                                             : "EARLIER_NOT_DISTINGUISHABLE";
    bool was_apart = strcmp(earlier->rule, "EARLIER_APART") == 0;
    for (size_t i = 0; i < w->out->finding_count; i++) {
        struct finding *f = &w->out->findings[i];
        if (f == earlier || f->verdict == VERDICT_NOT_AVAILABLE) {
            continue;
        }
        if (was_apart) {
            f->verdict = VERDICT_NOT_RELIABLE;
            caveat(f, "The areas were moving apart from their comparison before the intervention: "
                      "what followed may be a return to the usual.");
        } else if (is_unknown) {
            f->verdict = f->verdict == VERDICT_HOLDS ? VERDICT_CAUTION : f->verdict;
            caveat(f, "Whether the areas were moving apart before the intervention is not known.");
        }
    }
}

static rv_status tell_all(struct effect_work *w, struct rv_err *reterr)
{
    struct effect *e = w->out;
    const struct effect_counts *t = &e->roles[EFFECT_TREATED], *c = &e->roles[EFFECT_COMPARISON];
    const struct effect_counts *n = &e->roles[EFFECT_NEARBY];
    struct sides s = {t->areas == 1 ? "area of the intervention" : "areas of the intervention",
                      "treated.change",
                      e->before,
                      e->after,
                      t->before,
                      t->after,
                      c->before,
                      c->after,
                      t->areas,
                      c->areas};
    struct finding *f;
    RV_TRY(tell(w, &s, &f, reterr));
    if (n->areas) {
        struct sides nearby = s;
        nearby.areas = n->areas == 1 ? "area nearby" : "areas nearby";
        nearby.measure = "nearby.change";
        nearby.before = n->before;
        nearby.after = n->after;
        nearby.count = n->areas;
        RV_TRY(tell(w, &nearby, &f, reterr));
        nearby.areas = "areas of the intervention and nearby together";
        nearby.measure = "together.change";
        nearby.before += t->before;
        nearby.after += t->after;
        nearby.count += t->areas;
        RV_TRY(tell(w, &nearby, &f, reterr));
    }
    s.measure = "treated.earlier";
    s.first = e->earlier;
    s.second = e->before;
    s.before = t->earlier;
    s.after = t->before;
    s.other_before = c->earlier;
    s.other_after = c->before;
    RV_TRY(tell(w, &s, &f, reterr));
    weaken_by_earlier(w, f);
    return rv_ok();
}

rv_status effect_run(struct held *h, const struct effect_options *options, struct effect *ret,
                     struct rv_err *reterr)
{
    *ret = (struct effect){0};
    struct effect_work w = {.held = h, .options = options, .out = ret};
    if (!options->table.by || strchr(options->table.by, ',')) {
        return rv_fail(reterr, RV_USAGE,
                       "--by takes one type of areas, such as ward or lsoa: that of the codes");
    }
    const char *comparison = options->areas[EFFECT_COMPARISON];
    if (comparison && strcmp(comparison, REST) == 0 && !options->table.area) {
        return rv_fail(reterr, RV_USAGE, "--comparison rest needs --area CODE: the rest of what?");
    }
    RV_TRY(take_periods(&w, reterr));
    RV_TRY(count_all(&w, reterr));
    return tell_all(&w, reterr);
}
