/* assess/chapter_priorities.c — kinds of crime side by side, in an order for discussion by a
 * written rule: docs/guide/templates.md tells it to the reader.
 *
 * Kinds are ordered, never people or places. A sign is there or not; none is weighed against
 * another. Every number but the weight of harm is that of a finding of the kind's own chapter.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/chapters.h"
#include "assess/profile_internal.h"
#include "assess/roster.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double NOT_KNOWN = (double)NAN;

#define CHAPTER       "priorities"
#define CHAPTER_TITLE "Which kinds of crime could come first"
#define LARGE_PART    10.0 /* percent of all: what a kind has to make to be a large part of it */
#define SAID_MOST     6    /* kinds that are findings; all of them are in the table */

enum sign { SIGN_PART, SIGN_RISE, SIGN_HARM, SIGN_PLACE, SIGNS };
enum said { SAID_NOT, SAID_NO, SAID_YES }; /* not: nothing available or reliable tells it */

struct kind {
    struct lens *lens;
    const struct finding *total, *share, *change, *rank; /* NULL = not told */
    double weight, harm_percent;                         /* of all; NaN = not told */
    enum said signs[SIGNS];
    size_t told, yes; /* signs */
};

/* ---- what is known of a kind ---- */

static const struct finding *find(const struct assess_work *w, const struct lens *l,
                                  const char *measure)
{
    size_t n = strlen(l->prefix);
    for (size_t i = 0; i < w->finding_count; i++) {
        const struct finding *f = &w->findings[i];
        bool is_mine = strncmp(f->id, l->prefix, n) == 0 && strncmp(f->id + n, ".all.", 5) == 0;
        if (is_mine && strcmp(f->id + n + 5, measure) == 0) {
            return f->verdict < VERDICT_NOT_RELIABLE ? f : NULL;
        }
    }
    return NULL;
}

static double number_of(const struct finding *f, const char *slot)
{
    for (size_t i = 0; f && i < f->slot_count; i++) {
        if (f->slots[i].type == SLOT_NUMBER && strcmp(f->slots[i].name, slot) == 0) {
            return f->slots[i].number;
        }
    }
    return NOT_KNOWN;
}

static double part_percent(const struct kind *k)
{
    return k->share && k->share->denominator > 0 ? 100 * k->share->numerator / k->share->denominator
                                                 : NOT_KNOWN;
}

static enum said say(bool is_told, bool is_yes)
{
    return !is_told ? SAID_NOT : is_yes ? SAID_YES : SAID_NO;
}

static void read_signs(struct kind *k)
{
    const struct finding *r = k->rank;
    k->signs[SIGN_PART] = say(isfinite(part_percent(k)), part_percent(k) >= LARGE_PART);
    k->signs[SIGN_RISE] =
        say(k->change, k->change && strncmp(k->change->rule, "CHANGE_UP", 9) == 0);
    k->signs[SIGN_HARM] = say(isfinite(k->harm_percent), k->harm_percent >= LARGE_PART);
    k->signs[SIGN_PLACE] = say(r, r && 2 * r->rank_high <= r->of);
    for (int s = 0; s < SIGNS; s++) {
        k->told += k->signs[s] != SAID_NOT;
        k->yes += k->signs[s] == SAID_YES;
    }
}

/* `whole`: the weight of all recorded crime; NaN = no weights are held. */
static rv_status read_kind(const struct assess_work *w, struct lens *l, double whole,
                           struct kind *ret, struct rv_err *reterr)
{
    *ret = (struct kind){.lens = l,
                         .total = find(w, l, "total"),
                         .share = find(w, l, "share"),
                         .change = find(w, l, "change"),
                         .rank = find(w, l, "rate-rank"),
                         .weight = NOT_KNOWN,
                         .harm_percent = NOT_KNOWN};
    if (isfinite(whole) && whole > 0 && ret->total) {
        RV_TRY(profile_harm_weight(l, &ret->weight, reterr));
        ret->harm_percent = 100 * ret->weight / whole;
    }
    read_signs(ret);
    return rv_ok();
}

/* Most signs first, then most offences; those whose number is not available last. */
static int first_first(const void *a, const void *b)
{
    const struct kind *x = a, *y = b;
    double n = x->total ? x->total->value : -1, m = y->total ? y->total->value : -1;
    if (x->yes != y->yes) {
        return x->yes < y->yes ? 1 : -1;
    }
    return n != m ? (n < m ? 1 : -1) : strcmp(x->lens->prefix, y->lens->prefix);
}

/* ---- the findings ---- */

static const char *join(struct arena *a, const char *list, const char *more)
{
    return !list || !more ? NULL : arena_printf(a, "%s%s%s", list, list[0] ? "; " : "", more);
}

/* "it makes 26.6% of all recorded crime; it rose …": the signs that are there. */
static const char *because_of(struct arena *a, const struct kind *k)
{
    const char *list = "", *whole = k->lens->whole->profile->subject;
    const struct finding *r = k->rank;
    if (k->signs[SIGN_PART] == SAID_YES) {
        list = join(a, list, arena_printf(a, "it makes %.1f%% of %s", part_percent(k), whole));
    }
    if (k->signs[SIGN_RISE] == SAID_YES) {
        list = join(a, list, "it rose, more than chance alone would seldom make");
    }
    if (k->signs[SIGN_HARM] == SAID_YES) {
        list = join(
            a, list,
            arena_printf(a, "it makes %.0f%% of the weight of harm of %s", k->harm_percent, whole));
    }
    if (k->signs[SIGN_PLACE] == SAID_YES) {
        list = join(a, list,
                    arena_printf(a,
                                 "by offences per resident its place is in the upper half of %lld "
                                 "boroughs, even taking chance into account",
                                 (long long)r->of));
    }
    return list;
}

static const char *untold_of(struct arena *a, const struct kind *k)
{
    static const char *const names[SIGNS] = {
        [SIGN_PART] = "its part of all recorded crime",
        [SIGN_RISE] = "its change",
        [SIGN_HARM] = "its weight of harm",
        [SIGN_PLACE] = "its place among the boroughs",
    };
    const char *list = "";
    for (int s = 0; s < SIGNS; s++) {
        list = k->signs[s] == SAID_NOT ? join(a, list, names[s]) : list;
    }
    return list;
}

static rv_status caution(struct assess_work *w, struct finding *f, const char *untold,
                         struct rv_err *reterr)
{
    f->verdict = VERDICT_CAUTION;
    return compose_caveat(w, f,
                          arena_printf(w->held.arena,
                                       "Holds with caution, because not every sign can be told of "
                                       "it: %s.",
                                       untold),
                          reterr);
}

static rv_status add_finding(struct assess_work *w, const struct kind *k, size_t place,
                             size_t count, struct rv_err *reterr)
{
    struct arena *a = w->held.arena;
    struct finding *f = compose_finding(w, CHAPTER, k->lens->prefix, "place");
    const char *because = because_of(a, k), *untold = untold_of(a, k);
    if (!f || !because || !untold) {
        return arena_fail(a, reterr);
    }
    f->chapter = CHAPTER;
    f->chapter_title = CHAPTER_TITLE;
    f->definition = k->total->definition;
    f->definition_version = k->total->definition_version;
    f->subject = k->lens->profile->subject;
    f->rule = "PRIORITY";
    f->unit = "signs";
    f->value = f->numerator = (double)k->yes;
    f->denominator = (double)k->told;
    f->denominator_name = "signs that can be told";
    f->verdict = VERDICT_HOLDS;
    f->query = k->total->query;
    f->sources = k->total->sources;
    f->source_count = k->total->source_count;
    RV_TRY(compose_number(w, f, "place", (double)place, reterr));
    RV_TRY(compose_number(w, f, "kinds", (double)count, reterr));
    RV_TRY(compose_text(w, f, "because", because, reterr));
    RV_TRY(k->told < SIGNS ? caution(w, f, untold, reterr) : rv_ok());
    return compose_caveat(
        w, f,
        "An order for discussion by a written rule, of kinds of crime and never of people. What "
        "residents think, what nobody reported and what can be done are in none of its signs.",
        reterr);
}

/* ---- the table ---- */

enum {
    P_KIND,
    P_SIGNS,
    P_COUNT,
    P_COUNT_PLACE,
    P_PART,
    P_CHANGE,
    P_LOWER,
    P_UPPER,
    P_HARM,
    P_HARM_PLACE,
    P_RATE_PLACE,
    P_PLACE_FROM,
    P_PLACE_TO,
    P_WIDTH
};

static const struct result_column COLUMNS[P_WIDTH] = {
    {"kind", "Kind of crime", RESULT_TEXT},
    {"signs", "Signs", RESULT_TEXT},
    {"count", "Offences", RESULT_COUNT},
    {"count_place", "Place by offences", RESULT_RANK},
    {"share_percent", "Part of all recorded crime", RESULT_PERCENT},
    {"change_percent", "Change", RESULT_PERCENT},
    {"change_lower", "95% interval of the change, lower", RESULT_PERCENT},
    {"change_upper", "95% interval of the change, upper", RESULT_PERCENT},
    {"harm_percent", "Part of the weight of harm", RESULT_PERCENT},
    {"harm_place", "Place by weight of harm", RESULT_RANK},
    {"rate_rank", "Place of the borough by rate", RESULT_RANK},
    {"rate_rank_low", "Place of the borough, from", RESULT_RANK},
    {"rate_rank_high", "Place of the borough, to", RESULT_RANK},
};

static const char *signs_words(struct arena *a, const struct kind *k)
{
    static const char *const names[SIGNS] = {[SIGN_PART] = "large part",
                                             [SIGN_RISE] = "rise",
                                             [SIGN_HARM] = "harm",
                                             [SIGN_PLACE] = "place"};
    const char *list = "";
    for (int s = 0; s < SIGNS; s++) {
        list = k->signs[s] == SAID_YES ? join(a, list, names[s]) : list;
    }
    return list && !list[0] ? (k->told ? "none" : "cannot be told") : list;
}

static double count_of(const struct kind *k)
{
    return k->total ? k->total->value : NOT_KNOWN;
}

static double weight_of(const struct kind *k)
{
    return k->weight;
}

/* 1 + how many kinds have more; equal ones share a place. */
static double place_among(const struct kind *kinds, size_t count, const struct kind *k,
                          double (*of)(const struct kind *))
{
    double place = 1;
    for (size_t i = 0; i < count; i++) {
        place += of(&kinds[i]) > of(k);
    }
    return isfinite(of(k)) ? place : NOT_KNOWN;
}

static void fill_row(const struct kind *kinds, size_t count, const struct kind *k,
                     struct result_cell *row)
{
    const struct finding *r = k->rank;
    row[P_COUNT] = cell_number(count_of(k));
    row[P_COUNT_PLACE] = cell_number(place_among(kinds, count, k, count_of));
    row[P_PART] = cell_number(part_percent(k));
    row[P_CHANGE] = cell_number(number_of(k->change, "percent"));
    row[P_LOWER] = cell_number(number_of(k->change, "percent_low"));
    row[P_UPPER] = cell_number(number_of(k->change, "percent_high"));
    row[P_HARM] = cell_number(k->harm_percent);
    row[P_HARM_PLACE] = cell_number(place_among(kinds, count, k, weight_of));
    row[P_RATE_PLACE] = cell_number(r ? (double)r->rank : NOT_KNOWN);
    row[P_PLACE_FROM] = cell_number(r ? (double)r->rank_low : NOT_KNOWN);
    row[P_PLACE_TO] = cell_number(r ? (double)r->rank_high : NOT_KNOWN);
    for (int c = P_COUNT; c < P_WIDTH; c++) {
        bool is_harm = k->total && (c == P_HARM || c == P_HARM_PLACE);
        row[c].text = isfinite(row[c].number) ? NULL
                      : is_harm ? "no scale of harm is held, or fewer than 20 of its offences have "
                                  "a weight in it"
                      : k->total ? "see its chapter"
                                 : "its number is not available: see its chapter";
    }
}

static rv_status add_table(struct assess_work *w, const struct kind *kinds, size_t count,
                           struct rv_err *reterr)
{
    struct arena *a = w->held.arena;
    struct result_cell *cells = NULL;
    struct result_table *t = compose_table(w, CHAPTER, "kinds", COLUMNS, P_WIDTH, count, &cells);
    if (!t) {
        return arena_fail(a, reterr);
    }
    t->chapter = CHAPTER;
    t->chapter_title = CHAPTER_TITLE;
    t->title = arena_printf(a, "Kinds of crime side by side, %s, %s", w->area_name,
                            compose_period(a, w->options->period));
    t->description = "Those with most signs stand first, and of equals that with most offences. "
                     "Nothing is added up or weighed: each column is to be read by itself. Kinds "
                     "overlap where a flag makes them.";
    for (size_t i = 0; i < count; i++) {
        struct result_cell *row = &cells[i * P_WIDTH];
        fill_row(kinds, count, &kinds[i], row);
        row[P_KIND] = cell_text(kinds[i].lens->profile->title);
        row[P_SIGNS] = cell_text(signs_words(a, &kinds[i]));
        RV_TRY(row[P_SIGNS].text ? rv_ok() : arena_fail(a, reterr));
        if (kinds[i].total && t->source_count == 0) {
            t->sources = kinds[i].total->sources;
            t->source_count = kinds[i].total->source_count;
        }
    }
    RV_TRY(t->title ? rv_ok() : arena_fail(a, reterr));
    return compose_note(w, t,
                        "Signs: large part, at least 10% of all recorded crime; rise, more than "
                        "chance alone would seldom make; harm, at least 10% of the weight of all "
                        "recorded crime by the scale held; place, by offences per resident in the "
                        "upper half of the boroughs even taking chance into account. A sign that "
                        "cannot be told is no sign. The two 10% are chosen, not found.",
                        reterr);
}

/* ---- the chapter ---- */

/* The lenses of the kinds that have a chapter and a whole that they are part of. */
static size_t list_lenses(const struct hearing *h, struct lens **ret, struct lens **ret_wholes)
{
    const struct assess_template *t = h->w->options->template;
    size_t n = 0;
    for (size_t i = 0; i < t->chapter_count; i++) {
        const struct template_chapter *c = &t->chapters[i];
        struct roster *r =
            c->part == CHAPTER_PROFILE ? h->rosters[c->definition - t->definitions] : NULL;
        struct lens *l = r ? roster_lens(r, c->profile) : NULL;
        if (l && l->whole) {
            ret_wholes[n] = roster_lens(r, l->whole->profile->id);
            ret[n++] = l;
        }
    }
    return n;
}

rv_status part_priorities(struct hearing *h, const struct template_chapter *c,
                          struct rv_err *reterr)
{
    struct assess_work *w = h->w;
    size_t most = w->options->template->chapter_count + 1;
    struct lens **lenses = ARENA_NEW(w->held.arena, struct lens *, most);
    struct lens **wholes = ARENA_NEW(w->held.arena, struct lens *, most);
    struct kind *kinds = ARENA_NEW(w->held.arena, struct kind, most);
    double whole = NOT_KNOWN;
    (void)c;
    if (!lenses || !wholes || !kinds) {
        return arena_fail(w->held.arena, reterr);
    }
    size_t n = list_lenses(h, lenses, wholes), told = 0;
    for (size_t i = 0; i < n; i++) {
        bool is_new = i == 0 || wholes[i] != wholes[i - 1];
        RV_TRY(is_new ? profile_harm_weight(wholes[i], &whole, reterr) : rv_ok());
        RV_TRY(read_kind(w, lenses[i], whole, &kinds[i], reterr));
        told += kinds[i].total != NULL;
    }
    if (told == 0) {
        return rv_ok();
    }
    qsort(kinds, n, sizeof *kinds, first_first);
    for (size_t i = 0; i < n && i < SAID_MOST && kinds[i].yes > 0; i++) {
        RV_TRY(kinds[i].total ? add_finding(w, &kinds[i], i + 1, told, reterr) : rv_ok());
    }
    return add_table(w, kinds, n, reterr);
}
