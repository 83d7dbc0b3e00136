/* assess/indicator.c — one value of an indicator for each area: which areas, period and category.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/indicator.h"

#include "assess/indicator_rows.h"
#include "assess/marked.h"

#include <math.h>
#include <string.h>

#define LISTED 12 /* choices that a message lists */

static const double NOT_KNOWN = (double)NAN;

struct choosing {
    struct held *held;
    const struct indicator_query *query;
    struct indicator_rows all;
    uint8_t *is_in; /* [all.count]: the row is of what is chosen so far */
    struct indicator *ret;
    struct buf *text; /* for messages and titles */
};

/* ---- words ---- */

/* What the symbols of official statistics say (Government Statistical Service, symbols in tables,
 * and the older ones that publishers still use). */
static const char *reason_of(struct arena *a, const char *symbol)
{
    static const struct {
        const char *symbol, *words;
    } known[] = {{"c", "withheld to protect confidentiality (c)"},
                 {"x", "not available from its publisher (x)"},
                 {"z", "not applicable (z)"},
                 {"u", "too unreliable to be published (u)"},
                 {"low", "too small to be shown, but not nought (low)"},
                 {"*", "suppressed by its publisher (*)"},
                 {"..", "not available from its publisher (..)"},
                 {":", "not available from its publisher (:)"},
                 {".", "not applicable (.)"},
                 {"-", "not given by its publisher (-)"}};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (strcmp(known[i].symbol, symbol) == 0) {
            return known[i].words;
        }
    }
    return symbol[0] ? arena_printf(a, "its publisher gives \"%.40s\" instead of a number", symbol)
                     : "its publisher gives no value";
}

static const char *kept_text(const struct choosing *k)
{
    return k->text->failed
               ? NULL
               : arena_text(k->held->arena, k->text->bytes ? k->text->bytes : "", k->text->n);
}

/* ---- which areas ---- */

static uint32_t areas_known(const struct choosing *k, const struct layer *l)
{
    uint32_t n = 0;
    for (size_t i = 0; i < k->all.count; i++) {
        n += layer_find(l, text_of(k->all.rows[i].area)) != 0;
    }
    return n;
}

static rv_status choose_layer(struct choosing *k, struct rv_err *reterr)
{
    const struct indicator_query *q = k->query;
    const struct layer *best = NULL;
    uint32_t most = 0;
    bool any_layer = false;
    for (size_t i = 0; i < k->held->layer_count; i++) {
        const struct layer *l = &k->held->layers[i];
        if (strcmp(l->type, q->type) != 0 || (q->vintage && strcmp(l->vintage, q->vintage) != 0)) {
            continue;
        }
        any_layer = true;
        uint32_t n = areas_known(k, l);
        if (n > 0 && n >= most) { /* among equals the latest vintage */
            best = l;
            most = n;
        }
    }
    if (!any_layer) {
        return rv_fail(reterr, RV_NOT_FOUND,
                       "no boundaries of type \"%s\"%s%s are held: load them with \"reeve areas\"",
                       q->type, q->vintage ? ", vintage " : "", q->vintage ? q->vintage : "");
    }
    if (!best) {
        return rv_fail(reterr, RV_NOT_FOUND,
                       "%s has no value for any %s held%s%s: its areas have codes such as %s. "
                       "Areas join by code only; load the boundaries that it was published for",
                       q->id, q->type, q->vintage ? " in vintage " : "",
                       q->vintage ? q->vintage : "", k->all.rows[0].area);
    }
    k->ret->layer = best;
    for (size_t i = 0; i < k->all.count; i++) {
        k->is_in[i] = layer_find(best, text_of(k->all.rows[i].area)) != 0;
    }
    return rv_ok();
}

/* ---- which period ---- */

static bool is_of_period(const struct indicator_row *r, const char *wanted)
{
    struct month_range range;
    if (strcmp(r->label, wanted) == 0) {
        return true;
    }
    return month_range_parse(text_of(wanted), &range) && r->first >= range.first &&
           r->last <= range.last;
}

static const char *label_of(const struct choosing *k, const struct indicator_row *r)
{
    char first[8], last[8];
    if (r->label[0]) {
        return r->label;
    }
    month_write(r->first, first);
    month_write(r->last, last);
    if (r->first % 12 == 0 && r->last == r->first + 11) {
        return arena_printf(k->held->arena, "%.4s", first);
    }
    return r->first == r->last ? arena_printf(k->held->arena, "%s", first)
                               : arena_printf(k->held->arena, "%s to %s", first, last);
}

/* The latest period of the rows, or that asked for; other rows are no longer in. */
static rv_status choose_period(struct choosing *k, struct rv_err *reterr)
{
    const char *wanted = k->query->period;
    const struct indicator_row *best = NULL, *latest = NULL;
    for (size_t i = 0; i < k->all.count; i++) {
        const struct indicator_row *r = &k->all.rows[i];
        if (!k->is_in[i]) {
            continue;
        }
        latest = !latest || r->last > latest->last ? r : latest;
        bool is_later =
            !best || r->last > best->last || (r->last == best->last && r->first > best->first);
        best = is_later && (!wanted || is_of_period(r, wanted)) ? r : best;
    }
    if (!best) {
        const char *label = label_of(k, latest);
        return rv_fail(reterr, RV_USAGE, "--period %s: %s is not held for it; its latest is %s",
                       wanted, k->query->id, label ? label : "");
    }
    for (size_t i = 0; i < k->all.count; i++) {
        const struct indicator_row *r = &k->all.rows[i];
        k->is_in[i] =
            r->first == best->first && r->last == best->last && strcmp(r->label, best->label) == 0;
    }
    k->ret->period = label_of(k, best);
    return k->ret->period ? rv_ok() : arena_fail(k->held->arena, reterr);
}

/* ---- which sex, age, category ---- */

enum choice { SEX, AGE, CATEGORY, CHOICES };

static const char *choice_of(const struct indicator_row *r, enum choice c)
{
    return c == SEX ? r->sex : c == AGE ? r->age : r->category;
}

static bool is_total(const char *value)
{
    static const char *const totals[] = {"", "all", "all ages", "persons", "total", "both"};
    for (size_t i = 0; i < sizeof totals / sizeof totals[0]; i++) {
        if (text_equal_nocase(text_of(value), text_of(totals[i]))) {
            return true;
        }
    }
    return false;
}

static bool contains_nocase(const char *value, const char *part)
{
    size_t n = strlen(part);
    for (; strlen(value) >= n; value++) {
        if (text_equal_nocase((struct text){value, n}, text_of(part))) {
            return true;
        }
    }
    return false;
}

/* Does row i have a value of the choice that no row before it has, among those still in? */
static bool is_first_of_its_kind(const struct choosing *k, size_t i, enum choice c)
{
    if (!k->is_in[i]) {
        return false;
    }
    for (size_t j = i; j-- > 0;) {
        if (k->is_in[j] &&
            strcmp(choice_of(&k->all.rows[j], c), choice_of(&k->all.rows[i], c)) == 0) {
            return false;
        }
    }
    return true;
}

/* The distinct values of a choice, at most `most`. */
static size_t distinct(const struct choosing *k, enum choice c, const char **ret, size_t most)
{
    size_t n = 0;
    for (size_t i = 0; i < k->all.count && n < most; i++) {
        if (is_first_of_its_kind(k, i, c)) {
            ret[n++] = choice_of(&k->all.rows[i], c);
        }
    }
    return n;
}

/* The value that is meant: exactly the one asked for, or the only one that contains it; without a
 * wish the only one there is, or the total. NULL = not decided. */
static const char *decide(const char *wanted, const char *const *values, size_t n)
{
    const char *found = NULL;
    size_t fitting = 0;
    for (size_t i = 0; i < n; i++) {
        if (wanted ? strcmp(values[i], wanted) == 0 : is_total(values[i])) {
            return values[i];
        }
        if (wanted && contains_nocase(values[i], wanted)) {
            found = values[i];
            fitting++;
        }
    }
    if (!wanted) {
        return n == 1 ? values[0] : NULL;
    }
    return fitting == 1 ? found : NULL;
}

static rv_status choose(struct choosing *k, enum choice c, const char *wanted,
                        struct rv_err *reterr)
{
    static const char *const names[CHOICES] = {"sex", "age", "category"};
    const char *values[64];
    size_t n = distinct(k, c, values, 64);
    const char *value = decide(wanted, values, n);
    if (!value) {
        buf_clear(k->text);
        for (size_t i = 0; i < n && i < LISTED; i++) {
            buf_printf(k->text, "%s\"%s\"", i ? ", " : "", values[i]);
        }
        buf_text(k->text, n > LISTED ? ", …" : "");
        return rv_fail(reterr, RV_USAGE,
                       "%s%s%s: choose one with --%s (a part of its name will "
                       "do when only one has it). Held: %s",
                       k->query->id, wanted ? " has no such, or several: " : " has several",
                       wanted ? wanted : "", names[c], k->text->bytes ? k->text->bytes : "none");
    }
    for (size_t i = 0; i < k->all.count; i++) {
        k->is_in[i] = k->is_in[i] && strcmp(choice_of(&k->all.rows[i], c), value) == 0;
    }
    return rv_ok();
}

/* ---- the values ---- */

/* A count with its base is a share; a measure that its publisher made from one is what it is. */
static bool is_share(const struct choosing *k)
{
    bool has_base = false;
    for (size_t i = 0; i < k->all.count; i++) {
        const struct indicator_row *r = &k->all.rows[i];
        if (k->is_in[i] && isfinite(r->numerator)) {
            return false;
        }
        has_base |= k->is_in[i] && isfinite(r->denominator);
    }
    return has_base && !k->query->wants_count;
}

static double value_of(const struct indicator_row *r, bool as_share)
{
    if (!as_share) {
        return r->value;
    }
    return r->denominator > 0 ? 100 * r->value / r->denominator : NOT_KNOWN;
}

rv_status indicator_new_values(struct arena *a, struct indicator *x, struct rv_err *reterr)
{
    uint32_t n = x->layer->count;
    x->values = ARENA_NEW(a, double, n + 1);
    x->lower = ARENA_NEW(a, double, n + 1);
    x->upper = ARENA_NEW(a, double, n + 1);
    x->reasons = ARENA_NEW(a, const char *, n + 1);
    if (!x->values || !x->lower || !x->upper || !x->reasons) {
        return arena_fail(a, reterr);
    }
    for (uint32_t i = 0; i < n; i++) {
        x->values[i] = x->lower[i] = x->upper[i] = NOT_KNOWN;
        x->reasons[i] = "its publisher has no row for this area";
    }
    x->reference = NOT_KNOWN;
    return rv_ok();
}

static rv_status put_value(struct choosing *k, const struct indicator_row *r, uint32_t area,
                           uint8_t *seen, bool as_share, struct rv_err *reterr)
{
    struct indicator *x = k->ret;
    if (seen[area]) {
        return rv_fail(reterr, RV_REFUSED,
                       "%s has two values for area %s in %s: choose with --sex, --age or "
                       "--category, or import the extract again with a key that tells them apart",
                       k->query->id, r->area, x->period);
    }
    seen[area] = 1;
    double value = value_of(r, as_share);
    if (!isfinite(value)) {
        x->reasons[area] = as_share && isfinite(r->value) ? "its base is nought"
                                                          : reason_of(k->held->arena, r->symbol);
        return x->reasons[area] ? rv_ok() : arena_fail(k->held->arena, reterr);
    }
    x->values[area] = value;
    x->reasons[area] = NULL;
    x->known++;
    if (!as_share && isfinite(r->lower) && isfinite(r->upper)) {
        x->lower[area] = r->lower;
        x->upper[area] = r->upper;
        x->has_interval = true;
    }
    return rv_ok();
}

static rv_status fill(struct choosing *k, bool as_share, struct rv_err *reterr)
{
    RV_TRY(indicator_new_values(k->held->arena, k->ret, reterr));
    struct indicator *x = k->ret;
    uint8_t *seen = ARENA_NEW(k->held->arena, uint8_t, x->layer->count + 1);
    if (!seen) {
        return arena_fail(k->held->arena, reterr);
    }
    for (size_t i = 0; i < k->all.count; i++) {
        const struct indicator_row *r = &k->all.rows[i];
        if (!k->is_in[i]) {
            continue;
        }
        if (k->query->reference && strcmp(r->area, k->query->reference) == 0) {
            x->reference = value_of(r, as_share);
        }
        uint32_t placed = layer_find(x->layer, text_of(r->area));
        if (placed == 0) {
            x->foreign += isfinite(r->value) ? 1 : 0;
            continue;
        }
        RV_TRY(put_value(k, r, placed - 1, seen, as_share, reterr));
    }
    if (k->query->reference && !isfinite(x->reference)) {
        return rv_fail(reterr, RV_NOT_FOUND, "--reference %s: %s has no value for it in %s",
                       k->query->reference, k->query->id, x->period);
    }
    return rv_ok();
}

/* ---- what it is called ---- */

static bool are_whole(const struct indicator *x)
{
    for (uint32_t i = 0; i < x->layer->count; i++) {
        if (isfinite(x->values[i]) && x->values[i] != nearbyint(x->values[i])) {
            return false;
        }
    }
    return true;
}

static rv_status name(struct choosing *k, const struct indicator_row *r, bool as_share,
                      struct rv_err *reterr)
{
    struct arena *a = k->held->arena;
    struct indicator *x = k->ret;
    const char *unit = r->unit[0] ? r->unit : "value";
    bool is_percent = as_share || strcmp(unit, "%") == 0 || strcmp(unit, "percent") == 0;
    x->id = k->query->id;
    x->polarity = r->polarity;
    x->type = is_percent ? RESULT_PERCENT : are_whole(x) ? RESULT_COUNT : RESULT_REAL;
    x->value_title =
        as_share ? arena_printf(a, "Percent of %s", unit)
        : is_percent
            ? "Percent"
            : arena_printf(a, "%c%s",
                           unit[0] >= 'a' && unit[0] <= 'z' ? unit[0] - 'a' + 'A' : unit[0],
                           unit + 1);
    buf_clear(k->text);
    buf_text(k->text, r->title[0] ? r->title : k->query->id);
    const char *const parts[] = {r->category, r->sex, r->age};
    for (size_t i = 0; i < 3; i++) {
        if (!is_total(parts[i])) {
            buf_printf(k->text, "%s%s", i ? ", " : ": ", parts[i]);
        }
    }
    x->title = kept_text(k);
    return x->title && x->value_title ? rv_ok() : arena_fail(a, reterr);
}

static rv_status evidence(struct choosing *k, struct rv_err *reterr)
{
    struct arena *a = k->held->arena;
    const struct source *source = k->all.source;
    struct finding_source *all = ARENA_NEW(a, struct finding_source, source->extract_count);
    const char **notes = ARENA_NEW(a, const char *, 3);
    if (!all || !notes) {
        return arena_fail(a, reterr);
    }
    size_t n = 0;
    for (size_t e = 0; e < source->extract_count; e++) {
        bool is_used = false;
        for (size_t i = 0; i < k->all.count && !is_used; i++) {
            is_used = k->is_in[i] && k->all.rows[i].extract == e;
        }
        const struct extract_info *x = &source->extracts[e];
        if (is_used) {
            all[n++] = (struct finding_source){x->id, x->sha256, x->file_name, x->marking};
        }
    }
    const struct indicator *x = k->ret;
    notes[0] = arena_printf(a,
                            "Published by %s for %s; joined by code to %u of %u areas (%s, %s). "
                            "Values are as published: none is converted between sets of areas.",
                            source->name, x->period, x->known, x->layer->count, x->layer->type,
                            x->layer->vintage);
    notes[1] = x->foreign
                   ? arena_printf(a, "%u values are of areas that are not on this map.", x->foreign)
                   : "";
    notes[x->foreign ? 2 : 1] = marking_sentence(a, sources_marking(all, n));
    if (!notes[0] || !notes[1] || !notes[x->foreign ? 2 : 1]) {
        return arena_fail(a, reterr);
    }
    k->ret->sources = all;
    k->ret->source_count = n;
    k->ret->notes = notes;
    k->ret->note_count = x->foreign ? 3 : 2;
    return rv_ok();
}

/* ---- the whole ---- */

static rv_status not_found(struct choosing *k, struct rv_err *reterr)
{
    struct indicator_info *infos;
    size_t count, shown = 0;
    RV_TRY(indicator_list(k->held, &infos, &count, reterr));
    buf_clear(k->text);
    for (size_t i = 0; i < count && shown < LISTED; i++) {
        if (contains_nocase(infos[i].id, k->query->id) ||
            contains_nocase(infos[i].title, k->query->id)) {
            buf_printf(k->text, "%s%s", shown++ ? ", " : "", infos[i].id);
        }
    }
    if (shown) {
        return rv_fail(reterr, RV_NOT_FOUND, "no indicator is called \"%s\"; did you mean: %s?",
                       k->query->id, k->text->bytes);
    }
    return rv_fail(reterr, RV_NOT_FOUND,
                   "no indicator is called \"%s\"; %zu are held, besides residents and "
                   "residents-per-km2: \"reeve map FILE --list\" shows them",
                   k->query->id, count);
}

static rv_status load(struct choosing *k, struct rv_err *reterr)
{
    const struct indicator_query *q = k->query;
    RV_TRY(indicator_rows_load(k->held, q->id, &k->all, reterr));
    if (k->all.count == 0) {
        return not_found(k, reterr);
    }
    k->is_in = ARENA_NEW(k->held->arena, uint8_t, k->all.count);
    if (!k->is_in) {
        return arena_fail(k->held->arena, reterr);
    }
    RV_TRY(choose_layer(k, reterr));
    RV_TRY(choose_period(k, reterr));
    RV_TRY(choose(k, SEX, q->sex, reterr));
    RV_TRY(choose(k, AGE, q->age, reterr));
    RV_TRY(choose(k, CATEGORY, q->category, reterr));
    bool as_share = is_share(k);
    RV_TRY(fill(k, as_share, reterr));
    size_t i = 0;
    while (!k->is_in[i]) {
        i++;
    }
    RV_TRY(name(k, &k->all.rows[i], as_share, reterr));
    return evidence(k, reterr);
}

rv_status indicator_load(struct held *h, const struct indicator_query *q, struct indicator *ret,
                         struct rv_err *reterr)
{
    if (strcmp(q->id, "residents") == 0 || strcmp(q->id, "residents-per-km2") == 0) {
        return indicator_residents(h, q, ret, reterr);
    }
    struct buf text RV_CLEANUP(buf_done);
    buf_init(&text, 1u << 16);
    struct indicator x = {.id = q->id};
    struct choosing k = {.held = h, .query = q, .ret = &x, .text = &text};
    RV_TRY(load(&k, reterr));
    *ret = x;
    return rv_ok();
}
