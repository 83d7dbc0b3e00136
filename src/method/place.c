/* method/place.c — methods of places: counts moved between boundaries.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "method/registry.h"
#include "stats/apportion.h"

#include <math.h>
#include <string.h>

/* --- apportion --- */

enum { PIECE_SOURCE, PIECE_TARGET, PIECE_POPULATION, PIECE_AREA };
enum { SOURCE_ID, SOURCE_COUNT };

static const struct method_column piece_columns[] = {
    [PIECE_SOURCE] = {"source", "from|from_code", METHOD_TEXT, METHOD_LIST, false, NULL,
                      "area that the counts are of"},
    [PIECE_TARGET] = {"target", "to|to_code", METHOD_TEXT, METHOD_LIST, false, NULL,
                      "area that this part of it lies in; empty = in none"},
    [PIECE_POPULATION] = {"population", "pop|persons", METHOD_AMOUNT, METHOD_LIST, true, NULL,
                          "persons in this part"},
    [PIECE_AREA] = {"area", "area_weight|area_m2", METHOD_AMOUNT, METHOD_LIST, true, NULL,
                    "its area, in any unit"},
    {.name = NULL},
};
static const struct method_column source_columns[] = {
    [SOURCE_ID] = {"source", "id|from|from_code|area_code", METHOD_TEXT, METHOD_LIST, false, NULL,
                   "the area"},
    [SOURCE_COUNT] = {"count", "events", METHOD_COUNT, METHOD_LIST, false, NULL, "its events"},
    {.name = NULL},
};
static const struct method_input apportion_inputs[] = {
    {"pieces", piece_columns, false,
     "the parts into which targets cut the sources; a part may be "
     "given in several rows"},
    {"sources", source_columns, false, "the counts to move"},
    {.name = NULL},
};
static const struct method_option apportion_options[] = {
    {"basis", METHOD_CHOICE, "population", "population|area", 0, 0,
     "what counts follow; without people in a source, area"},
    {.name = NULL},
};

enum {
    OUT_TARGET,
    OUT_VALUE,
    OUT_ERROR,
    OUT_ROUNDED,
    OUT_WEIGHT_SOURCE,
    OUT_WEIGHT_TARGET,
    OUT_WEIGHT,
    OUT_BASIS,
    OUT_EVENTS,
    OUT_MOVED,
    OUT_NOWHERE,
    OUT_SOURCES,
    OUT_SPLIT
};

static const struct method_output apportion_outputs[] = {
    [OUT_TARGET] = {"target", "rows", METHOD_TEXT, "", "the area"},
    [OUT_VALUE] = {"value", "rows", METHOD_REAL, "events", "its estimated events"},
    [OUT_ERROR] = {"se", "rows", METHOD_REAL, "events", "standard error, of chance alone"},
    [OUT_ROUNDED] = {"rounded", "rows", METHOD_COUNT, "events",
                     "whole events by largest remainder; the total is kept"},
    [OUT_WEIGHT_SOURCE] = {"source", "weights", METHOD_TEXT, "", "the area counted"},
    [OUT_WEIGHT_TARGET] = {"target", "weights", METHOD_TEXT, "", "where a part of it goes"},
    [OUT_WEIGHT] = {"weight", "weights", METHOD_REAL, "share", "of its events"},
    [OUT_BASIS] = {"basis", "weights", METHOD_TEXT, "", "population or area"},
    [OUT_EVENTS] = {"events", "=total", METHOD_COUNT, "events", "of all sources"},
    [OUT_MOVED] = {"moved", "=total", METHOD_REAL, "events",
                   "outside the target that holds most of their source"},
    [OUT_NOWHERE] = {"nowhere", "=total", METHOD_REAL, "events", "in no target"},
    [OUT_SOURCES] = {"sources", "=total", METHOD_COUNT, "areas", "with events or weights"},
    [OUT_SPLIT] = {"split", "=total", METHOD_COUNT, "areas", "whose largest weight is under 95%"},
    {.name = NULL},
};

struct apportioning {
    struct arena *a;
    const struct method_values *names; /* of the sources */
    size_t sources;
    int64_t *counts;
    const char **targets; /* in order of first appearance */
    size_t target_count;
    struct apportion_piece *pieces;
    size_t n;
    double *weights;
    uint8_t *by_area;
    size_t unknown; /* pieces of a source that has no count */
};

static size_t find_text(const char *const *texts, size_t n, const char *wanted)
{
    size_t i = 0;
    while (i < n && !(texts[i] && strcmp(texts[i], wanted) == 0)) {
        i++;
    }
    return i;
}

static rv_status take_sources(struct method_call *call, struct apportioning *p,
                              struct rv_err *reterr)
{
    const struct method_data *in = &call->in[1];
    p->names = &in->columns[SOURCE_ID];
    p->sources = in->n;
    p->counts = ARENA_NEW(p->a, int64_t, in->n);
    if (!p->counts) {
        return arena_fail(p->a, reterr);
    }
    for (size_t i = 0; i < in->n; i++) {
        if (!method_has(p->names, i) || !method_has(&in->columns[SOURCE_COUNT], i)) {
            return rv_fail(reterr, RV_INVALID,
                           "row %zu of the sources has no %s: a count that is missing is not 0",
                           i + 1, method_has(p->names, i) ? "count" : "code");
        }
        if (find_text(p->names->texts, i, p->names->texts[i]) < i) {
            return rv_fail(reterr, RV_INVALID, "the source '%s' is there twice",
                           p->names->texts[i]);
        }
        p->counts[i] = in->columns[SOURCE_COUNT].counts[i];
    }
    return rv_ok();
}

/* The piece of this pair, new when it was not there yet. */
static struct apportion_piece *piece_of(struct apportioning *p, size_t source, size_t target)
{
    uint32_t wanted = target == SIZE_MAX ? APPORTION_NOWHERE : (uint32_t)target;
    for (size_t i = 0; i < p->n; i++) {
        if (p->pieces[i].source == source && p->pieces[i].target == wanted) {
            return &p->pieces[i];
        }
    }
    p->pieces[p->n] = (struct apportion_piece){.source = (uint32_t)source, .target = wanted};
    return &p->pieces[p->n++];
}

static rv_status take_pieces(struct method_call *call, struct apportioning *p,
                             struct rv_err *reterr)
{
    const struct method_data *in = &call->in[0];
    const struct method_values *c = in->columns;
    p->pieces = ARENA_NEW(p->a, struct apportion_piece, in->n);
    p->targets = ARENA_NEW(p->a, const char *, in->n);
    p->weights = ARENA_NEW(p->a, double, in->n);
    p->by_area = ARENA_NEW(p->a, uint8_t, p->sources);
    if (!p->pieces || !p->targets || !p->weights || !p->by_area) {
        return arena_fail(p->a, reterr);
    }
    for (size_t i = 0; i < in->n; i++) {
        size_t target = SIZE_MAX;
        size_t source = method_has(&c[PIECE_SOURCE], i)
                            ? find_text(p->names->texts, p->sources, c[PIECE_SOURCE].texts[i])
                            : p->sources;
        if (method_has(&c[PIECE_TARGET], i)) {
            target = find_text(p->targets, p->target_count, c[PIECE_TARGET].texts[i]);
            if (target == p->target_count) {
                p->targets[p->target_count++] = c[PIECE_TARGET].texts[i];
            }
        }
        if (source == p->sources) {
            p->unknown++;
            continue;
        }
        struct apportion_piece *piece = piece_of(p, source, target);
        piece->population += method_has(&c[PIECE_POPULATION], i) ? c[PIECE_POPULATION].reals[i] : 0;
        piece->area += method_has(&c[PIECE_AREA], i) ? c[PIECE_AREA].reals[i] : 0;
    }
    return p->unknown
               ? method_note(call, reterr, "%zu part%s of no source with a count and took no part",
                             p->unknown, p->unknown == 1 ? " is" : "s are")
               : rv_ok();
}

/* A size that is not known is not 0: the others would get its events. `by_area` is set. */
static rv_status check_sizes(struct method_call *call, const struct apportioning *p,
                             enum apportion_basis basis, struct rv_err *reterr)
{
    const struct method_data *in = &call->in[0];
    const struct method_values *c = in->columns, *people = &c[PIECE_POPULATION];
    bool *has_people = ARENA_NEW(p->a, bool, p->sources + 1);
    size_t *sources = ARENA_NEW(p->a, size_t, in->n + 1);
    if (!has_people || !sources) {
        return arena_fail(p->a, reterr);
    }
    for (size_t i = 0; i < in->n; i++) {
        sources[i] = method_has(&c[PIECE_SOURCE], i)
                         ? find_text(p->names->texts, p->sources, c[PIECE_SOURCE].texts[i])
                         : p->sources;
        has_people[sources[i]] = has_people[sources[i]] || method_has(people, i);
    }
    for (size_t i = 0; i < in->n; i++) {
        size_t s = sources[i];
        bool no_people = basis == APPORTION_POPULATION && s < p->sources && has_people[s] &&
                         !method_has(people, i);
        bool no_area = s < p->sources && p->by_area[s] && c[PIECE_AREA].is_given &&
                       !method_has(&c[PIECE_AREA], i);
        if (no_people || no_area) {
            return rv_fail(reterr, RV_INVALID,
                           "row %zu of the pieces, column \"%s\": empty; a size that is not known "
                           "is not 0, and the other parts of %.40s would get its events",
                           i + 1, piece_columns[no_people ? PIECE_POPULATION : PIECE_AREA].name,
                           p->names->texts[s]);
        }
    }
    return rv_ok();
}

static rv_status put_targets(struct method_call *call, struct apportioning *p,
                             struct rv_err *reterr)
{
    struct method_table *t;
    size_t n = p->target_count;
    double *values = ARENA_NEW(p->a, double, n + 1), *errors = ARENA_NEW(p->a, double, n);
    int64_t *whole = ARENA_NEW(p->a, int64_t, n + 1), all = 0;
    if (!values || !errors || !whole) {
        return arena_fail(p->a, reterr);
    }
    struct apportion_totals totals = {values, errors, 0};
    RV_TRY(
        apportion_counts(p->pieces, p->weights, p->n, p->counts, p->sources, n, &totals, reterr));
    for (size_t s = 0; s < p->sources; s++) {
        all += p->counts[s];
    }
    values[n] = totals.nowhere; /* what is in no target is rounded with the rest */
    RV_TRY(apportion_round(p->a, values, n + 1, all, whole, reterr));
    RV_TRY(method_open(call, "rows", n, NULL, &t, reterr));
    for (size_t i = 0; i < n; i++) {
        method_put_text(t, i, OUT_TARGET, p->targets[i]);
        method_put(t, i, OUT_VALUE, values[i]);
        method_put(t, i, OUT_ERROR, errors[i]);
        method_put_count(t, i, OUT_ROUNDED, whole[i]);
    }
    return rv_ok();
}

static rv_status put_weights(struct method_call *call, struct apportioning *p,
                             struct rv_err *reterr)
{
    struct method_table *t;
    RV_TRY(method_open(call, "weights", p->n, NULL, &t, reterr));
    for (size_t i = 0; i < p->n; i++) {
        const struct apportion_piece *piece = &p->pieces[i];
        bool is_area = p->by_area[piece->source];
        method_put_text(t, i, OUT_WEIGHT_SOURCE, p->names->texts[piece->source]);
        if (piece->target == APPORTION_NOWHERE) {
            method_miss(t, i, OUT_WEIGHT_TARGET, "this part is in no target");
        } else {
            method_put_text(t, i, OUT_WEIGHT_TARGET, p->targets[piece->target]);
        }
        method_put(t, i, OUT_WEIGHT, p->weights[i]);
        method_put_text(t, i, OUT_BASIS, is_area ? "area" : "population");
    }
    return rv_ok();
}

static rv_status put_spread(struct method_call *call, struct apportioning *p, struct rv_err *reterr)
{
    struct method_table *t;
    struct apportion_spread spread;
    RV_TRY(apportion_spread(p->a, p->pieces, p->weights, p->n, p->counts, p->sources, &spread,
                            reterr));
    RV_TRY(method_open(call, "=total", 1, NULL, &t, reterr));
    method_put_count(t, 0, OUT_EVENTS, llround(spread.events));
    method_put(t, 0, OUT_MOVED, spread.moved);
    method_put(t, 0, OUT_NOWHERE, spread.nowhere);
    method_put_count(t, 0, OUT_SOURCES, (int64_t)spread.sources);
    method_put_count(t, 0, OUT_SPLIT, (int64_t)spread.split);
    return rv_ok();
}

static rv_status run_apportion(struct method_call *call, struct rv_err *reterr)
{
    struct apportioning p = {.a = call->arena};
    enum apportion_basis basis =
        call->options[0].count == 1 ? APPORTION_AREA : APPORTION_POPULATION;
    RV_TRY(take_sources(call, &p, reterr));
    RV_TRY(take_pieces(call, &p, reterr));
    RV_TRY(apportion_weights(p.a, p.pieces, p.n, p.sources, basis, p.weights, p.by_area, reterr));
    RV_TRY(check_sizes(call, &p, basis, reterr));
    RV_TRY(put_targets(call, &p, reterr));
    RV_TRY(put_weights(call, &p, reterr));
    return put_spread(call, &p, reterr);
}

const struct method method_place[] = {
    {.name = "apportion",
     .title = "Counts on other boundaries",
     .answers = "How many events fall in each area of another set, when only counts are known?",
     .inputs = apportion_inputs,
     .options = apportion_options,
     .outputs = apportion_outputs,
     .run = run_apportion},
    {.name = NULL},
};
