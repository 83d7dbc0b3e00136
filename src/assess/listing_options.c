/* assess/listing_options.c — what is asked of a listing, and the order of its cells.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/listing.h"
#include "assess/table_internal.h"
#include "base/limits.h"
#include "base/parse.h"

#include <stdlib.h>
#include <string.h>

static const char *names_of_dimensions(struct arena *a, const struct listing_form *f)
{
    const char *list = "";
    for (size_t i = 0; f->dimensions[i].name && list; i++) {
        list = arena_printf(a, "%s%s%s", list, i ? ", " : "", f->dimensions[i].name);
    }
    return list ? list : "";
}

static rv_status refuse_options(const struct listing *l, struct rv_err *reterr)
{
    const struct table_options *o = l->options;
    const struct {
        const char *name, *given;
    } others[] = {{"--profile", o->profile},
                  {"--definition", o->definition},
                  {"--count", o->count},
                  {"--date", o->date},
                  {"--area", o->area},
                  {"--vintage", o->vintage},
                  {"--denominator", o->denominator},
                  {"--rank", o->rank},
                  {"--bands", l->form->who ? NULL : o->bands}};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        if (others[i].given) {
            return rv_fail(reterr, RV_USAGE,
                           "%s is not of --kind %s: it takes --by, --where, "
                           "--period%s and --source.",
                           others[i].name, l->form->kind, l->form->who ? ", --bands" : "");
        }
    }
    return rv_ok();
}

static rv_status add_axis(struct listing *l, const char *option, struct text name,
                          struct listing_axis **ret, struct rv_err *reterr)
{
    const struct listing_dimension *d = l->form->dimensions;
    while (d->name && !text_is(name, d->name)) {
        d++;
    }
    if (!d->name) {
        return rv_fail(reterr, RV_USAGE, "%s %.*s: no such dimension of %s. There are: %s.", option,
                       (int)(name.n < 60 ? name.n : 60), name.at, l->form->kind,
                       names_of_dimensions(l->held->arena, l->form));
    }
    for (size_t k = 0; k < l->axis_count; k++) {
        const struct listing_dimension *other = l->axes[k].dimension;
        if (other == d) {
            *ret = &l->axes[k];
            return rv_ok();
        }
        if (other->kind >= LISTING_YEAR && d->kind >= LISTING_YEAR) {
            return rv_fail(reterr, RV_USAGE, "%s and %s: name one dimension of time.", other->name,
                           d->name);
        }
    }
    if (l->axis_count == LISTING_AXES) {
        return rv_fail(reterr, RV_USAGE, "at most %d dimensions and conditions.", LISTING_AXES);
    }
    *ret = &l->axes[l->axis_count++];
    (*ret)->dimension = d;
    return rv_ok();
}

static rv_status read_by(struct listing *l, struct rv_err *reterr)
{
    struct text rest = text_of(l->options->by ? l->options->by : "");
    if (rest.n == 0) {
        return rv_fail(reterr, RV_USAGE, "--by D[,D…]: name a dimension of %s: %s.", l->form->kind,
                       names_of_dimensions(l->held->arena, l->form));
    }
    while (rest.n > 0) {
        struct listing_axis *unused;
        size_t before = l->axis_count;
        struct text name = text_trim(text_split(rest, ',', &rest));
        RV_TRY(add_axis(l, "--by", name, &unused, reterr));
        if (l->axis_count == before) {
            return rv_fail(reterr, RV_USAGE, "--by %s names a dimension twice.", l->options->by);
        }
    }
    l->shown = l->axis_count;
    for (size_t i = 0; i < l->options->where_count; i++) {
        struct text values, name = text_split(text_of(l->options->where[i]), '=', &values);
        struct listing_axis *x;
        RV_TRY(add_axis(l, "--where", text_trim(name), &x, reterr));
        if (values.n == 0 || x->wanted.at) {
            return rv_fail(reterr, RV_USAGE,
                           "--where %s: write dimension=value[,value], once for "
                           "each dimension.",
                           l->options->where[i]);
        }
        x->wanted = values;
    }
    struct listing_axis *unused;
    return add_axis(l, "--by", text_of(l->form->always), &unused, reterr);
}

static rv_status read_source(struct listing *l, struct rv_err *reterr)
{
    const struct table_options *o = l->options;
    const struct month_range none = {1, 0};
    l->period = (struct month_range){0, INT32_MAX - 12};
    if (o->period && !month_range_parse(text_of(o->period), &l->period)) {
        return rv_fail(reterr, RV_USAGE,
                       "--period %s: write whole months as 2021-01..2021-12, or a year as 2021.",
                       o->period);
    }
    RV_TRY(sources_load(l->held->store, l->held->arena, l->form->kind, &l->sources,
                        &l->source_count, reterr));
    for (size_t i = 0; o->source && i < l->source_count; i++) {
        l->source = is_word(o->source, l->sources[i].name) ? &l->sources[i] : l->source;
    }
    if (l->source_count == 0 || (o->source && !l->source)) {
        return rv_fail(reterr, RV_NOT_FOUND, "No extract of kind %s is held%s%s.", l->form->kind,
                       o->source ? " from " : ": import one with \"reeve import FILE PATH\"",
                       o->source ? o->source : "");
    }
    if (!l->source) {
        l->source = source_choose(l->sources, l->source_count, l->form->kind, l->period, none);
    }
    return rv_ok();
}

static rv_status read_bands(struct listing *l, struct rv_err *reterr)
{
    struct table_plan p = {.options = l->options, .held = *l->held};
    RV_TRY(table_bands(&p, reterr));
    l->ages = p.ages;
    l->age_count = p.age_count;
    return rv_ok();
}

rv_status listing_options(struct listing *l, struct rv_err *reterr)
{
    RV_TRY(refuse_options(l, reterr));
    RV_TRY(read_by(l, reterr));
    RV_TRY(read_bands(l, reterr));
    return read_source(l, reterr);
}

/* ---- order ---- */

/* Axes that say of what and when the rows speak. */
static bool is_cover(const struct listing_axis *x)
{
    return x->dimension->kind == LISTING_NAME || x->dimension->kind >= LISTING_YEAR;
}

static bool is_wanted(const struct listing_axis *x, uint32_t code)
{
    struct text label = code ? dictionary_text(&x->labels, code) : text_of("not-recorded");
    for (struct text rest = x->wanted; rest.n > 0;) {
        if (text_equal(text_trim(text_split(rest, ',', &rest)), label)) {
            return true;
        }
    }
    return x->wanted.at == NULL;
}

static bool is_row_wanted(const struct listing *l, const struct listing_row *row, bool is_of_cover)
{
    for (size_t k = 0; k < l->axis_count; k++) {
        const struct listing_axis *x = &l->axes[k];
        if ((!is_of_cover || is_cover(x)) && !is_wanted(x, row->codes[k])) {
            return false;
        }
    }
    return true;
}

static void leave_out(struct listing *l)
{
    size_t kept = 0;
    for (size_t i = 0; i < l->row_count; i++) {
        if (is_row_wanted(l, &l->rows[i], false)) {
            l->rows[kept++] = l->rows[i];
        }
    }
    l->row_count = kept;
}

struct labelled {
    struct text label;
    uint32_t code;
};

/* Whole numbers by their size, before words. */
static int compare_labels(const void *left, const void *right)
{
    const struct labelled *a = left, *b = right;
    int64_t x, y;
    if (parse_int(a->label, &x) && parse_int(b->label, &y) && x != y) {
        return x < y ? -1 : 1;
    }
    return text_compare(a->label, b->label);
}

static rv_status order_axis(struct listing *l, size_t k, struct rv_err *reterr)
{
    struct listing_axis *x = &l->axes[k];
    uint32_t values = x->labels.count ? x->labels.count : 1;
    bool is_closed = x->dimension->closed || x->dimension->kind == LISTING_AGE_BAND;
    struct labelled *list = ARENA_NEW(l->held->arena, struct labelled, values);
    bool *is_used = ARENA_NEW(l->held->arena, bool, values);
    x->order = ARENA_NEW(l->held->arena, uint32_t, values + 1);
    x->places = ARENA_NEW(l->held->arena, uint32_t, values);
    if (!list || !is_used || !x->order || !x->places) {
        return arena_fail(l->held->arena, reterr);
    }
    size_t n = 0;
    for (size_t i = 0; i < l->row_count; i++) {
        uint32_t code = l->rows[i].codes[k];
        is_used[code] = is_used[code] || is_row_wanted(l, &l->rows[i], is_cover(x));
    }
    for (uint32_t code = 1; code < values; code++) {
        if (is_wanted(x, code) && (is_closed || is_used[code])) {
            list[n++] = (struct labelled){dictionary_text(&x->labels, code), code};
        }
    }
    if (!is_closed) {
        qsort(list, n, sizeof *list, compare_labels);
    }
    for (size_t i = 0; i < n; i++) {
        x->order[i] = list[i].code;
    }
    x->count = n;
    if (is_wanted(x, 0) && !is_cover(x)) {
        x->order[x->count++] = 0;
    }
    for (size_t i = 0; i < x->count; i++) {
        x->places[x->order[i]] = (uint32_t)i;
    }
    return rv_ok();
}

/* The cell that a row covers: of the other dimensions the first place. */
static size_t cover_cell(const struct listing *l, const uint32_t *places)
{
    size_t cell = 0;
    for (size_t k = 0; k < l->shown; k++) {
        cell = cell * l->axes[k].count + (is_cover(&l->axes[k]) ? places[k] : 0);
    }
    return cell;
}

static rv_status cover(struct listing *l, size_t cells, struct rv_err *reterr)
{
    l->covered = ARENA_NEW(l->held->arena, uint64_t, cells / 64 + 1);
    if (!l->covered) {
        return arena_fail(l->held->arena, reterr);
    }
    for (size_t i = 0; i < l->row_count && cells > 0; i++) {
        uint32_t places[LISTING_AXES];
        if (!is_row_wanted(l, &l->rows[i], true)) {
            continue;
        }
        for (size_t k = 0; k < l->shown; k++) {
            places[k] = l->axes[k].places[l->rows[i].codes[k]];
        }
        size_t cell = cover_cell(l, places);
        l->covered[cell / 64] |= (uint64_t)1 << (cell % 64);
    }
    return rv_ok();
}

bool listing_is_covered(const struct listing *l, size_t cell)
{
    uint32_t places[LISTING_AXES];
    for (size_t k = l->shown; k > 0; k--) {
        places[k - 1] = (uint32_t)(cell % l->axes[k - 1].count);
        cell /= l->axes[k - 1].count;
    }
    size_t at = cover_cell(l, places);
    return l->covered[at / 64] >> (at % 64) & 1;
}

rv_status listing_order(struct listing *l, size_t *ret_cells, struct rv_err *reterr)
{
    size_t cells = 1;
    for (size_t k = 0; k < l->shown; k++) {
        RV_TRY(order_axis(l, k, reterr));
        cells *= l->axes[k].count;
        if (cells > LISTING_CELLS) {
            return rv_fail(reterr, RV_LIMIT,
                           "the table would have more than %zu rows: name fewer dimensions.",
                           LISTING_CELLS);
        }
    }
    RV_TRY(cover(l, cells, reterr));
    leave_out(l);
    *ret_cells = cells;
    return rv_ok();
}

size_t listing_cell(const struct listing *l, const struct listing_row *row, size_t skip)
{
    size_t cell = 0;
    for (size_t k = 0; k < l->shown; k++) {
        const struct listing_axis *x = &l->axes[k];
        cell = cell * x->count + (k == skip ? 0 : x->places[row->codes[k]]);
    }
    return cell;
}

rv_status listing_labels(const struct listing *l, size_t cell, struct result_cell *ret,
                         struct rv_err *reterr)
{
    for (size_t k = l->shown; k > 0; k--) {
        const struct listing_axis *x = &l->axes[k - 1];
        uint32_t code = x->order[cell % x->count];
        cell /= x->count;
        struct text label = code ? dictionary_text(&x->labels, code) : text_of("not-recorded");
        ret[k - 1].text = arena_text(l->held->arena, label.at, label.n);
        if (!ret[k - 1].text) {
            return arena_fail(l->held->arena, reterr);
        }
    }
    return rv_ok();
}
