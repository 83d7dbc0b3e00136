/* assess/profile_change.c — the change of a profile between the two periods told apart five ways:
 * by offence group, ward, age of the youngest victim, kind of venue and time of day.
 *
 * Each way puts every offence in exactly one part, what is not recorded in a part of its own, so
 * that the parts of each way add up to the change. SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "assess/profile_change.h"

#include "assess/borough_rows.h"
#include "assess/hours.h"
#include "assess/profile_internal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- parts ---- */

enum { AGE_NOT_KNOWN, AGE_UNDER_18, AGE_18_TO_24, AGE_FROM_25, AGE_NO_VICTIM, AGES };
enum { TIME_NOT_KNOWN, TIME_QUARTERS = 4, TIMES };

static const char *const AGE_NAMES[AGES] = {"Victim's age not known", "Youngest victim under 18",
                                            "Youngest victim 18 to 24",
                                            "Youngest victim 25 or older", "No victim recorded"};
/* A part without words is named in no sentence: what is not recorded tells nothing of offences. */
static const char *const AGE_WORDS[AGES] = {"", "whose youngest victim is under 18",
                                            "whose youngest victim is 18 to 24",
                                            "whose youngest victim is 25 or older", ""};
static const char *const TIME_NAMES[TIMES] = {"No usable time of day", "Began 00:00 to 06:00",
                                              "Began 06:00 to 12:00", "Began 12:00 to 18:00",
                                              "Began 18:00 to 24:00"};
static const char *const TIME_WORDS[TIMES] = {
    "", "that began from 00:00 to 06:00", "that began from 06:00 to 12:00",
    "that began from 12:00 to 18:00", "that began from 18:00 to 24:00"};

/* The bounds of the youngest victim's age, as the records have them: several bands may fit. */
static uint32_t age_of(const struct offence_facts *f)
{
    uint8_t low = f->low[ROLE_VICTIM], high = f->high[ROLE_VICTIM];
    return low == AGE_NOBODY        ? AGE_NO_VICTIM
           : high < 18              ? AGE_UNDER_18
           : low >= 25              ? (low == AGE_UNKNOWN ? AGE_NOT_KNOWN : AGE_FROM_25)
           : low >= 18 && high < 25 ? AGE_18_TO_24
                                    : AGE_NOT_KNOWN;
}

static uint32_t time_of(const struct hours *h, civil_time from)
{
    if (!row_has_clock(from) || hours_set_aside(h, civil_minute_of_day(from))) {
        return TIME_NOT_KNOWN;
    }
    return 1 + (uint32_t)civil_hour_of(from) * TIME_QUARTERS / 24;
}

/* The placeholders of the profile's times, found as those of its hours are. */
static rv_status find_placeholders(const struct change_parts *k, const struct borough_rows *rows,
                                   struct hours *h, struct rv_err *reterr)
{
    const struct lens *l = k->lens;
    int64_t minutes[HEAPING_MINUTES] = {0};
    for (size_t i = 0; i < rows->count; i++) {
        const struct borough_row *r = &rows->rows[i];
        if (borough_row_bucket(l->work, r) != BUCKET_TOTAL && borough_row_is_in(l, r) &&
            row_has_clock(r->from)) {
            minutes[civil_minute_of_day(r->from)]++;
        }
    }
    return heaping_detect(minutes, &HEAPING_DEFAULTS, &h->heaping, reterr);
}

/* ---- ways of telling apart ---- */

static rv_status make_way(struct change_parts *k, enum change_way which, const char *title,
                          const char *by, size_t size, struct rv_err *reterr)
{
    struct arena *a = k->lens->work->held.arena;
    struct change_way_parts *w = &k->ways[which];
    *w = (struct change_way_parts){.title = title, .by = by, .size = size};
    w->names = ARENA_NEW(a, const char *, size);
    w->words = ARENA_NEW(a, const char *, size);
    for (int p = 0; p < 2; p++) {
        w->counts[p] = ARENA_NEW(a, int64_t, size);
        w->wholes[p] = ARENA_NEW(a, int64_t, size);
    }
    return w->names && w->words && w->counts[0] && w->counts[1] && w->wholes[0] && w->wholes[1]
               ? rv_ok()
               : arena_fail(a, reterr);
}

static rv_status name_part(struct change_parts *k, enum change_way way, size_t code,
                           const char *name, const char *words, struct rv_err *reterr)
{
    k->ways[way].names[code] = name;
    k->ways[way].words[code] = words;
    return name && words ? rv_ok() : arena_fail(k->lens->work->held.arena, reterr);
}

static rv_status make_groups(struct change_parts *k, struct rv_err *reterr)
{
    const struct lens *l = k->lens;
    struct arena *a = l->work->held.arena;
    RV_TRY(make_way(k, WAY_GROUP, "Offence group", "offence-group", l->categories, reterr));
    RV_TRY(name_part(k, WAY_GROUP, 0, "Group not recorded", "", reterr));
    for (uint32_t c = 1; c < l->categories; c++) {
        RV_TRY(name_part(k, WAY_GROUP, c, l->names[c],
                         arena_printf(a, "of the group %s", compose_subject(a, l->names[c])),
                         reterr));
    }
    return rv_ok();
}

static rv_status make_wards(struct change_parts *k, struct rv_err *reterr)
{
    const struct layer *wards = k->lens->work->wards;
    struct arena *a = k->lens->work->held.arena;
    size_t n = wards ? wards->count : 0;
    RV_TRY(make_way(k, WAY_WARD, "Ward", "ward", n + 1, reterr));
    RV_TRY(name_part(k, WAY_WARD, 0, "In no ward", "", reterr));
    for (size_t i = 0; i < n; i++) {
        const char *name = wards->areas[i].name;
        RV_TRY(
            name_part(k, WAY_WARD, i + 1, name, arena_printf(a, "in the ward %s", name), reterr));
    }
    return rv_ok();
}

static rv_status make_venues(struct change_parts *k, const struct borough_rows *rows,
                             struct rv_err *reterr)
{
    struct arena *a = k->lens->work->held.arena;
    RV_TRY(make_way(k, WAY_VENUE, "Kind of venue", "venue-type", rows->venue_type_count, reterr));
    RV_TRY(name_part(k, WAY_VENUE, 0, "Venue not recorded", "", reterr));
    for (size_t i = 1; i < rows->venue_type_count; i++) {
        const char *name = rows->venue_types[i];
        RV_TRY(name_part(k, WAY_VENUE, i, arena_printf(a, "Venue: %s", name),
                         arena_printf(a, "at a venue of the kind %s", name), reterr));
    }
    return rv_ok();
}

static rv_status make_ways(struct change_parts *k, const struct borough_rows *rows,
                           struct rv_err *reterr)
{
    RV_TRY(make_groups(k, reterr));
    RV_TRY(make_wards(k, reterr));
    RV_TRY(make_venues(k, rows, reterr));
    RV_TRY(make_way(k, WAY_AGE, "Age of the youngest victim", "borough", AGES, reterr));
    RV_TRY(make_way(k, WAY_TIME, "Time of day", "hour", TIMES, reterr));
    for (size_t i = 0; i < AGES; i++) {
        RV_TRY(name_part(k, WAY_AGE, i, AGE_NAMES[i], AGE_WORDS[i], reterr));
        RV_TRY(name_part(k, WAY_TIME, i, TIME_NAMES[i], TIME_WORDS[i], reterr));
    }
    return rv_ok();
}

/* ---- counting ---- */

static rv_status count(struct change_parts *k, const struct borough_rows *rows,
                       struct rv_err *reterr)
{
    const struct lens *l = k->lens;
    const struct joined *joined = l->profile->sharing->belonging->joined;
    struct arena *a = l->work->held.arena;
    struct hours *h = ARENA_NEW(a, struct hours, 1);
    uint32_t *groups = ARENA_NEW(a, uint32_t, UINT8_MAX + 1);
    if (!h || !groups) {
        return arena_fail(a, reterr);
    }
    for (unsigned g = 1; g <= OFFENCE_GROUP_COUNT; g++) {
        groups[g] = axis_code(&l->axes[0], offence_group_name(g));
    }
    RV_TRY(find_placeholders(k, rows, h, reterr));
    for (size_t i = 0; i < rows->count; i++) {
        const struct borough_row *r = &rows->rows[i];
        int bucket = borough_row_bucket(l->work, r);
        bool is_in = borough_row_is_in(l, r);
        bool is_whole = is_in || (k->whole && borough_row_is_in(k->whole, r));
        if (bucket == BUCKET_TOTAL || !is_whole) {
            continue;
        }
        const struct offence_facts *f = &joined->records.facts[r->ordinal];
        const uint32_t codes[WAYS] = {groups[f->group], r->ward, age_of(f), r->venue_type,
                                      time_of(h, r->from)};
        for (int w = 0; w < WAYS; w++) {
            k->ways[w].counts[bucket][codes[w]] += is_in;
            k->ways[w].wholes[bucket][codes[w]]++;
        }
    }
    return rv_ok();
}

/* Groups that the sentence on offence groups has named are not named again. */
static bool is_named_elsewhere(const struct change_way_parts *way, int which)
{
    return which == WAY_GROUP && way->change.named_count > 0;
}

static rv_status decompose(struct change_parts *k, struct rv_err *reterr)
{
    struct assess_work *work = k->lens->work;
    struct change_options options = CHANGE_DEFAULTS;
    bool is_equal =
        month_range_count(work->options->period) == month_range_count(work->options->compare);
    options.after_days = is_equal ? 1 : month_range_days(work->options->period);
    options.before_days = is_equal ? 1 : month_range_days(work->options->compare);
    for (int w = 0; w < WAYS; w++) {
        struct change_way_parts *way = &k->ways[w];
        RV_TRY(change_decompose(work->held.arena, way->names, way->counts[BUCKET_COMPARE],
                                way->counts[BUCKET_PERIOD], NULL, way->size, &options, &way->change,
                                reterr));
        for (size_t i = 1; i < way->size; i++) {
            k->tests += !is_named_elsewhere(way, w) && way->words[i][0] &&
                        way->counts[0][i] + way->counts[1][i] > 0;
        }
    }
    return rv_ok();
}

/* ---- the finding ---- */

/* The p-value that decides whether a part is named, for so many parts tried: with a change of the
 * total that is told from chance, whether the part moved otherwise than the rest; else whether it
 * changed by itself. */
static double p_of(const struct change_parts *k, const struct contribution *part)
{
    bool is_told = k->ways[0].change.p < WORDING_ALPHA;
    return fmin(1, (double)k->tests * (is_told ? part->p_vs_rest : part->p));
}

static bool is_better(const struct change_parts *k, const struct change_named *a,
                      const struct change_named *b)
{
    const struct change_way_parts *x = &k->ways[a->way], *y = &k->ways[b->way];
    double move_x = fabs(x->change.parts[a->code].change);
    double move_y = fabs(y->change.parts[b->code].change);
    return move_x > move_y;
}

/* The largest part that a test supports; of equal ones the first. False = none. */
static bool find_named(const struct change_parts *k, struct change_named *ret)
{
    const struct change *total = &k->ways[0].change;
    bool is_told = total->p < WORDING_ALPHA, is_found = false;
    for (int w = 0; w < WAYS; w++) {
        const struct change_way_parts *way = &k->ways[w];
        if (is_named_elsewhere(way, w)) {
            continue;
        }
        for (size_t i = 1; i < way->size; i++) {
            const struct contribution *part = &way->change.parts[i];
            struct change_named named = {(enum change_way)w, i};
            bool fits = !is_told || (part->change * total->change > 0 &&
                                     part->share_net > part->baseline_share);
            if (fits && part->change != 0 && way->words[i][0] &&
                p_of(k, part) < (is_told ? WORDING_ALPHA : CHANGE_ALONE_ALPHA) &&
                (!is_found || is_better(k, &named, ret))) {
                *ret = named;
                is_found = true;
            }
        }
    }
    return is_found;
}

static rv_status add_named(struct change_parts *k, struct finding *f,
                           const struct change_named *named, struct rv_err *reterr)
{
    struct assess_work *w = k->lens->work;
    const struct change_way_parts *way = &k->ways[named->way];
    const struct contribution *part = &way->change.parts[named->code];
    int64_t before = way->counts[BUCKET_COMPARE][named->code];
    int64_t after = way->counts[BUCKET_PERIOD][named->code];
    f->rule = way->change.p < WORDING_ALPHA ? "PARTS_LARGEST" : "PARTS_ALONE";
    f->query = compose_query(k->lens, way->by, 0, w->options->area, BUCKET_PERIOD);
    RV_TRY(compose_text(w, f, "part", way->words[named->code], reterr));
    RV_TRY(compose_text(w, f, "direction", part->change < 0 ? "fall" : "rise", reterr));
    RV_TRY(compose_number(w, f, "part_after", (double)after, reterr));
    RV_TRY(compose_number(w, f, "part_before", (double)before, reterr));
    RV_TRY(compose_number(w, f, "part_change", part->change, reterr));
    RV_TRY(compose_number(w, f, "total_change", way->change.change, reterr));
    RV_TRY(compose_number(w, f, "p", p_of(k, part), reterr));
    static const char *const whats[WAYS] = {"an offence group", "a ward", "a victim's age",
                                            "a kind of venue", "a usable time of day"};
    int64_t unknown = change_unknown(way);
    int64_t all = way->change.before + way->change.after;
    if (named->way == WAY_AGE) {
        RV_TRY(compose_caveat(w, f,
                              "An offence with several victims counts once, with the youngest. "
                              "The command gives the total: no table has the youngest victim.",
                              reterr));
    }
    f->missing = (double)unknown;
    return weaken_unknown(w, f, whats[named->way], unknown, all - unknown, reterr);
}

/* "offence group, ward and time of day": the ways in which something is told apart. */
static const char *ways_words(const struct change_parts *k)
{
    static const char *const words[WAYS] = {"offence group", "ward", "age of the youngest victim",
                                            "kind of venue", "time of day"};
    struct arena *a = k->lens->work->held.arena;
    const char *text = NULL, *last = NULL;
    for (int w = 0; w < WAYS; w++) {
        const struct change_way_parts *way = &k->ways[w];
        if (change_unknown(way) == way->change.before + way->change.after ||
            is_named_elsewhere(way, w)) {
            continue;
        }
        text = last ? (text ? arena_printf(a, "%s, %s", text, last) : last) : text;
        last = words[w];
    }
    return last && text ? arena_printf(a, "%s and %s", text, last) : last ? last : "";
}

static rv_status add_finding(struct change_parts *k, struct rv_err *reterr)
{
    struct assess_work *w = k->lens->work;
    const struct change *total = &k->ways[0].change;
    struct finding *f = compose_lens_finding(k->lens, 0, "change-parts");
    struct change_named named = {WAY_GROUP, 0};
    if (!f) {
        return arena_fail(w->held.arena, reterr);
    }
    f->unit = "offences";
    f->method = "decomposition";
    f->compare = w->options->compare;
    f->value = f->numerator = (double)total->after;
    f->compare_value = f->denominator = (double)total->before;
    f->denominator_name = "offences in the earlier period";
    f->rule = total->p < WORDING_ALPHA ? "PARTS_NONE_APART" : "PARTS_NONE";
    RV_TRY(evidence_of_people(k->lens, f, false, reterr)); /* whose ages were tried */
    f->query = compose_query(k->lens, "borough", 0, w->options->area, BUCKET_PERIOD);
    RV_TRY(compose_number(w, f, "tests", (double)k->tests, reterr));
    RV_TRY(compose_text(w, f, "ways", ways_words(k), reterr));
    RV_TRY(find_named(k, &named) ? add_named(k, f, &named, reterr) : rv_ok());
    RV_TRY(compose_caveat(w, f,
                          arena_printf(w->held.arena,
                                       "%zu parts were tried: each p-value is multiplied by that. "
                                       "A change of what is recorded, such as fewer places or "
                                       "times, moves offences between parts.",
                                       k->tests),
                          reterr));
    return f->query ? rv_ok() : arena_fail(w->held.arena, reterr);
}

rv_status profile_change(struct lens *l, const struct lens *whole, struct rv_err *reterr)
{
    struct change_parts k = {.lens = l, .whole = whole};
    const struct borough_rows *rows = NULL;
    if (!has_compare(l->work) || !l->is_available[BUCKET_COMPARE] ||
        !l->is_available[BUCKET_PERIOD]) {
        return rv_ok();
    }
    RV_TRY(borough_rows_of(l, &rows, reterr));
    RV_TRY(make_ways(&k, rows, reterr));
    RV_TRY(count(&k, rows, reterr));
    RV_TRY(decompose(&k, reterr));
    const struct change *total = &k.ways[0].change;
    if (total->before + total->after < WORDING_PERCENT_BASE) {
        return rv_ok(); /* so few say themselves what changed */
    }
    RV_TRY(k.tests > 0 ? add_finding(&k, reterr) : rv_ok());
    RV_TRY(change_reversal(&k, reterr));
    return change_parts_table(&k, reterr);
}
