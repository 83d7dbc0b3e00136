/* assess/indicator_rows.c — reads the rows of indicators from their extracts.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/indicator_rows.h"

#include "base/limits.h"
#include "base/memory.h"
#include "store/extract.h"

#include <math.h>
#include <string.h>

static const double NOT_KNOWN = (double)NAN;

enum {
    C_INDICATOR,
    C_AREA,
    C_FROM,
    C_TO,
    C_LABEL,
    C_SEX,
    C_AGE,
    C_CATEGORY,
    C_TITLE,
    C_UNIT,
    C_POLARITY,
    C_SYMBOL,
    C_VALUE,
    C_NUMERATOR,
    C_DENOMINATOR,
    C_LOWER,
    C_UPPER,
    COLUMNS
};
static const char *const NAMES[COLUMNS] = {
    "indicator", "area_code", "period_from", "period_to", "period_label", "sex",
    "age",       "category",  "title",       "unit",      "polarity",     "symbol",
    "value",     "numerator", "denominator", "lower",     "upper"};

/* One chunk being read. */
struct reading {
    struct held *held;
    struct extract_scan *scan;
    struct column columns[COLUMNS];
    const uint64_t *current;
};

static bool is_current(const struct reading *r, uint32_t row)
{
    return !r->current || ((r->current[row / 64] >> (row % 64)) & 1);
}

static double number(const struct reading *r, size_t k, uint32_t row)
{
    const struct column *c = &r->columns[k];
    if (!column_has(c, row)) {
        return NOT_KNOWN;
    }
    switch (c->type) {
    case COLUMN_REAL:
        return c->reals[row];
    case COLUMN_INTEGER:
        return (double)c->integers[row];
    case COLUMN_THOUSANDTHS:
        return (double)c->integers[row] / 1000;
    case COLUMN_CATEGORY:
    case COLUMN_TIME:
    case COLUMN_TEXT:
        break;
    }
    return NOT_KNOWN;
}

/* The text of a category in the arena of `held`, "" when missing; NULL when out of memory. */
static const char *word(const struct reading *r, size_t k, uint32_t row)
{
    const struct dictionary *d = extract_scan_dictionary(r->scan, k);
    const struct column *c = &r->columns[k];
    if (!d || c->type != COLUMN_CATEGORY || c->codes[row] == 0) {
        return "";
    }
    struct text t = dictionary_text(d, c->codes[row]);
    return arena_text(r->held->arena, t.at, t.n);
}

static int32_t month(const struct reading *r, size_t k, uint32_t row)
{
    const struct column *c = &r->columns[k];
    return c->type == COLUMN_TIME && column_has(c, row) ? civil_month_of(c->integers[row]) : -1;
}

static rv_status read_row(const struct reading *r, uint32_t row, size_t extract,
                          struct indicator_row *ret, struct rv_err *reterr)
{
    *ret = (struct indicator_row){
        .area = word(r, C_AREA, row),
        .label = word(r, C_LABEL, row),
        .sex = word(r, C_SEX, row),
        .age = word(r, C_AGE, row),
        .category = word(r, C_CATEGORY, row),
        .title = word(r, C_TITLE, row),
        .unit = word(r, C_UNIT, row),
        .polarity = word(r, C_POLARITY, row),
        .symbol = word(r, C_SYMBOL, row),
        .first = month(r, C_FROM, row),
        .last = month(r, C_TO, row),
        .value = number(r, C_VALUE, row),
        .numerator = number(r, C_NUMERATOR, row),
        .denominator = number(r, C_DENOMINATOR, row),
        .lower = number(r, C_LOWER, row),
        .upper = number(r, C_UPPER, row),
        .extract = extract,
    };
    bool has_all = ret->area && ret->label && ret->sex && ret->age && ret->category && ret->title &&
                   ret->unit && ret->polarity && ret->symbol;
    return has_all ? rv_ok() : arena_fail(r->held->arena, reterr);
}

/* Calls `each` for every current row of an extract whose indicator is `id` (NULL = any). */
typedef rv_status each_row(void *context, const struct reading *r, uint32_t row,
                           struct rv_err *reterr);

static rv_status scan_extract(struct held *h, int64_t extract, const char *id, each_row *each,
                              void *context, struct rv_err *reterr)
{
    struct reading r = {.held = h};
    struct arena scratch RV_CLEANUP(arena_done);
    arena_init(&scratch, LIMIT_ARENA_BYTES);
    RV_TRY(extract_scan_open(h->store, h->arena, extract, NAMES, COLUMNS, 0, &r.scan, reterr));
    const struct dictionary *ids = extract_scan_dictionary(r.scan, C_INDICATOR);
    uint32_t wanted = id && ids ? dictionary_find(ids, text_of(id)) : 0;
    if (!ids || (id && wanted == 0)) {
        return rv_ok();
    }
    for (uint32_t q = 0; q < extract_scan_chunks(r.scan); q++) {
        arena_done(&scratch);
        RV_TRY(extract_scan_read(r.scan, q, &scratch, r.columns, &r.current, reterr));
        for (uint32_t row = 0; row < r.columns[0].rows; row++) {
            uint32_t code = r.columns[C_INDICATOR].codes[row];
            if (is_current(&r, row) && code != 0 && (!id || code == wanted)) {
                RV_TRY(each(context, &r, row, reterr));
            }
        }
    }
    return rv_ok();
}

/* ---- the rows of one indicator ---- */

struct collecting {
    struct indicator_row *rows; /* NULL while they are counted */
    size_t count, extract;
};

static rv_status collect(void *context, const struct reading *r, uint32_t row,
                         struct rv_err *reterr)
{
    struct collecting *k = context;
    if (k->rows) {
        RV_TRY(read_row(r, row, k->extract, &k->rows[k->count], reterr));
    }
    k->count++;
    return rv_ok();
}

static rv_status rows_of_source(struct held *h, const struct source *source, const char *id,
                                struct indicator_rows *ret, struct rv_err *reterr)
{
    struct collecting k = {.rows = NULL};
    *ret = (struct indicator_rows){.source = source};
    for (int pass = 0; pass < 2; pass++) {
        if (pass == 1) {
            k.rows = ARENA_NEW(h->arena, struct indicator_row, k.count + 1);
            if (!k.rows) {
                return arena_fail(h->arena, reterr);
            }
            k.count = 0;
        }
        for (size_t i = 0; i < source->extract_count; i++) {
            k.extract = i;
            RV_TRY(scan_extract(h, source->extracts[i].id, id, collect, &k, reterr));
        }
    }
    ret->rows = k.rows;
    ret->count = k.count;
    return rv_ok();
}

rv_status indicator_rows_load(struct held *h, const char *id, struct indicator_rows *ret,
                              struct rv_err *reterr)
{
    struct source *sources;
    size_t count;
    struct indicator_rows best = {.source = NULL};
    RV_TRY(sources_load(h->store, h->arena, "indicators", &sources, &count, reterr));
    for (size_t i = 0; i < count; i++) {
        struct indicator_rows here;
        RV_TRY(rows_of_source(h, &sources[i], id, &here, reterr));
        bool is_later = here.count && (!best.source || source_last_extract(&sources[i]) >
                                                           source_last_extract(best.source));
        best = is_later ? here : best;
    }
    *ret = best;
    return rv_ok();
}

/* ---- the list ---- */

struct listing {
    struct held *held;
    struct indicator_info *infos;
    size_t count, capacity, first; /* those of the source being read begin at `first` */
    struct dictionary *areas;      /* distinct "id area" */
    const char *source;
};

static rv_status grow(struct listing *l, struct rv_err *reterr)
{
    if (l->count < l->capacity) {
        return rv_ok();
    }
    size_t capacity = l->capacity ? 2 * l->capacity : 64;
    struct indicator_info *infos = ARENA_NEW(l->held->arena, struct indicator_info, capacity);
    if (!infos) {
        return arena_fail(l->held->arena, reterr);
    }
    if (l->count) {
        memcpy(infos, l->infos, l->count * sizeof *infos);
    }
    l->infos = infos;
    l->capacity = capacity;
    return rv_ok();
}

static rv_status count_area(struct listing *l, struct indicator_info *info, struct text area,
                            struct rv_err *reterr)
{
    struct buf key RV_CLEANUP(buf_done);
    buf_init(&key, LIMIT_ROW_BYTES);
    buf_printf(&key, "%zu ", (size_t)(info - l->infos));
    buf_slice(&key, area);
    RV_TRY(buf_status(&key, reterr));
    uint32_t before = l->areas->count, code;
    RV_TRY(dictionary_code(l->areas, buf_view(&key), &code, reterr));
    info->areas += l->areas->count > before;
    return rv_ok();
}

static rv_status list_row(void *context, const struct reading *r, uint32_t row,
                          struct rv_err *reterr)
{
    struct listing *l = context;
    struct text id = dictionary_text(extract_scan_dictionary(r->scan, C_INDICATOR),
                                     r->columns[C_INDICATOR].codes[row]);
    size_t k = l->count; /* rows of one indicator mostly follow each other */
    while (k > l->first && !text_is(id, l->infos[k - 1].id)) {
        k--;
    }
    if (k == l->first) {
        RV_TRY(grow(l, reterr));
        l->infos[l->count++] = (struct indicator_info){
            .id = word(r, C_INDICATOR, row),
            .title = word(r, C_TITLE, row),
            .unit = word(r, C_UNIT, row),
            .source = l->source,
            .period = {INT32_MAX, INT32_MIN},
        };
        k = l->count;
        const struct indicator_info *made = &l->infos[k - 1];
        if (!made->id || !made->title || !made->unit) {
            return arena_fail(l->held->arena, reterr);
        }
    }
    struct indicator_info *info = &l->infos[k - 1];
    int32_t first = month(r, C_FROM, row), last = month(r, C_TO, row);
    info->rows++;
    info->period.first = first < info->period.first ? first : info->period.first;
    info->period.last = last > info->period.last ? last : info->period.last;
    const struct dictionary *areas = extract_scan_dictionary(r->scan, C_AREA);
    return areas
               ? count_area(l, info, dictionary_text(areas, r->columns[C_AREA].codes[row]), reterr)
               : rv_ok();
}

rv_status indicator_list(struct held *h, struct indicator_info **ret, size_t *ret_count,
                         struct rv_err *reterr)
{
    struct source *sources;
    size_t count;
    RV_TRY(sources_load(h->store, h->arena, "indicators", &sources, &count, reterr));
    struct dictionary areas RV_CLEANUP(dictionary_done);
    dictionary_init(&areas, LIMIT_DICTIONARY);
    struct listing l = {.held = h, .areas = &areas};
    for (size_t i = 0; i < count; i++) {
        l.first = l.count;
        l.source = sources[i].name;
        for (size_t k = 0; k < sources[i].extract_count; k++) {
            RV_TRY(scan_extract(h, sources[i].extracts[k].id, NULL, list_row, &l, reterr));
        }
    }
    *ret = l.infos;
    *ret_count = l.count;
    return rv_ok();
}
