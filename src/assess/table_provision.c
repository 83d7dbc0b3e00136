/* assess/table_provision.c — `reeve table --kind provision`: services by what they are and where.
 *
 * Services are few and have no dates: they are counted one by one, from every source, each
 * service_id once (the last imported). A service with several themes or wards has a row in each.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/marked.h"
#include "assess/table_internal.h"
#include "base/limits.h"
#include "column/dictionary.h"
#include "ingest/kind.h"

#define MOST_DIMENSIONS 3
#define MOST_VALUES     64 /* of one list in one service; what comes after them is not counted */
#define KIND            "provision"

enum { P_SERVICES, P_SHARE, P_CAPACITY, P_UNKNOWN, P_COLUMNS };
static const struct result_column NUMBERS[P_COLUMNS] = {
    {"count", "Services", RESULT_COUNT},
    {"share", "Share of all services, part of one", RESULT_RATE},
    {"capacity_per_year", "Capacity a year, of those that state it", RESULT_COUNT},
    {"capacity_not_stated", "Services that do not state it", RESULT_COUNT},
};

struct dimension_of {
    const char *name, *column;
    bool is_list;
    const char *const *closed;
    struct dictionary labels; /* code 0 = not recorded */
};

struct provision_cell {
    uint32_t codes[MOST_DIMENSIONS];
    int64_t services, capacity, unknown;
};

struct provision {
    struct held *held;
    const struct table_options *options;
    struct dimension_of dimensions[MOST_DIMENSIONS];
    size_t count;
    const struct layer *wards;
    uint32_t services;
    int64_t replaced;
    struct dictionary ids, keys; /* of services; of cells */
    struct provision_cell *cells;
    size_t room;
};

static void provision_done(struct provision *p)
{
    for (size_t k = 0; k < MOST_DIMENSIONS; k++) {
        dictionary_done(&p->dimensions[k].labels);
    }
    dictionary_done(&p->ids);
    dictionary_done(&p->keys);
}

/* ---- dimensions ---- */

static const struct {
    const char *name, *column;
    bool is_list;
} DIMENSIONS_OF[] = {
    {"tier", "tier", false},
    {"delivery", "delivery", true},
    {"setting", "setting", true},
    {"theme", "themes", true},
    {"ward", "wards", true},
    {"sex", "sex", false},
    {"organisation", "organisation", false},
    {"funded-by", "funded_by", true},
    {"service", "name", false},
};

const char *const PROVISION_DIMENSIONS[] = {"tier", "delivery",     "setting",   "theme",   "ward",
                                            "sex",  "organisation", "funded-by", "service", NULL};

static rv_status add_dimension(struct provision *p, struct text name, struct rv_err *reterr)
{
    for (size_t i = 0; i < sizeof DIMENSIONS_OF / sizeof *DIMENSIONS_OF; i++) {
        if (!text_is(name, DIMENSIONS_OF[i].name) || p->count == MOST_DIMENSIONS) {
            continue;
        }
        struct dimension_of *d = &p->dimensions[p->count++];
        d->name = DIMENSIONS_OF[i].name;
        d->column = DIMENSIONS_OF[i].column;
        d->is_list = DIMENSIONS_OF[i].is_list;
        d->closed = kind_column_find(kind_find(KIND), d->column)->vocabulary;
        return rv_ok();
    }
    return rv_fail(reterr, RV_USAGE,
                   "--by %.*s is no dimension of services, or the fourth. There are, three at "
                   "most: tier delivery setting theme ward sex organisation funded-by service.",
                   (int)name.n, name.at);
}

/* Values that are shown whether a service has them or not. */
static rv_status seed_labels(struct provision *p, struct rv_err *reterr)
{
    uint32_t code;
    for (size_t k = 0; k < p->count; k++) {
        struct dimension_of *d = &p->dimensions[k];
        for (size_t i = 0; d->closed && d->closed[i]; i++) {
            RV_TRY(dictionary_code(&d->labels, text_of(d->closed[i]), &code, reterr));
        }
        for (uint32_t i = 0; p->wards && is_word(d->name, "ward") && i < p->wards->count; i++) {
            RV_TRY(dictionary_code(&d->labels, text_of(p->wards->areas[i].code), &code, reterr));
        }
    }
    return rv_ok();
}

static rv_status begin(struct provision *p, struct rv_err *reterr)
{
    const struct table_options *o = p->options;
    for (size_t k = 0; k < MOST_DIMENSIONS; k++) {
        dictionary_init(&p->dimensions[k].labels, LIMIT_DICTIONARY);
    }
    dictionary_init(&p->ids, LIMIT_DICTIONARY);
    dictionary_init(&p->keys, LIMIT_DICTIONARY);
    if (o->profile || o->count || o->date || o->period || o->area || o->bands || o->denominator ||
        o->rank || o->source || o->where_count) {
        return rv_fail(reterr, RV_USAGE,
                       "--kind provision takes --by and --vintage alone: services have no dates, "
                       "persons or ranks.");
    }
    struct text rest = text_of(o->by);
    while (rest.n) {
        RV_TRY(add_dimension(p, text_split(rest, ',', &rest), reterr));
    }
    p->wards = layer_choose(p->held->layers, p->held->layer_count, "ward", o->vintage, INT32_MAX);
    return seed_labels(p, reterr);
}

/* ---- counting ---- */

static struct text value_of(const struct extract_scan *scan, const struct column *c, size_t k,
                            uint32_t row)
{
    const struct dictionary *d = extract_scan_dictionary(scan, k);
    bool has = d && c[k].type == COLUMN_CATEGORY && c[k].codes[row] < d->count;
    return has ? dictionary_text(d, c[k].codes[row]) : (struct text){NULL, 0};
}

static size_t codes_of(struct dimension_of *d, struct text value, uint32_t codes[MOST_VALUES],
                       rv_status *status, struct rv_err *reterr)
{
    size_t n = 0;
    while (value.n && n < MOST_VALUES && rv_is_ok(*status)) {
        struct text one = value;
        if (d->is_list) {
            one = text_trim(text_split(value, ';', &value));
        } else {
            value.n = 0;
        }
        if (one.n) {
            *status = dictionary_code(&d->labels, one, &codes[n], reterr);
            bool is_new = true;
            for (size_t i = 0; i < n; i++) {
                is_new = is_new && codes[i] != codes[n];
            }
            n += is_new;
        }
    }
    codes[0] = n ? codes[0] : 0;
    return n ? n : 1;
}

static rv_status count_cell(struct provision *p, const uint32_t codes[MOST_DIMENSIONS],
                            bool has_capacity, int64_t capacity, struct rv_err *reterr)
{
    uint32_t key;
    RV_TRY(dictionary_code(&p->keys,
                           (struct text){(const char *)codes, MOST_DIMENSIONS * sizeof *codes},
                           &key, reterr));
    if (key >= p->room) {
        size_t room = p->room ? p->room * 2 : 1024;
        struct provision_cell *cells = ARENA_NEW(p->held->arena, struct provision_cell, room);
        if (!cells) {
            return arena_fail(p->held->arena, reterr);
        }
        if (p->room) {
            memcpy(cells, p->cells, p->room * sizeof *cells);
        }
        p->cells = cells;
        p->room = room;
    }
    struct provision_cell *cell = &p->cells[key];
    memcpy(cell->codes, codes, sizeof cell->codes);
    cell->services++;
    cell->capacity += has_capacity ? capacity : 0;
    cell->unknown += !has_capacity;
    return rv_ok();
}

enum { COLUMN_ID, COLUMN_CAPACITY, COLUMN_FIRST };

static rv_status count_row(struct provision *p, const struct extract_scan *scan,
                           const struct column *c, uint32_t row, struct rv_err *reterr)
{
    uint32_t values[MOST_DIMENSIONS][MOST_VALUES] = {{0}};
    size_t n[MOST_DIMENSIONS] = {1, 1, 1};
    bool has = c[COLUMN_CAPACITY].type == COLUMN_INTEGER && column_has(&c[COLUMN_CAPACITY], row);
    int64_t capacity = has ? c[COLUMN_CAPACITY].integers[row] : 0;
    for (size_t k = 0; k < p->count; k++) {
        rv_status status = rv_ok();
        n[k] = codes_of(&p->dimensions[k], value_of(scan, c, COLUMN_FIRST + k, row), values[k],
                        &status, reterr);
        RV_TRY(status);
    }
    p->services++;
    for (size_t i = 0; i < n[0] * n[1] * n[2]; i++) {
        const uint32_t codes[MOST_DIMENSIONS] = {values[0][i / (n[1] * n[2])],
                                                 values[1][i / n[2] % n[1]], values[2][i % n[2]]};
        RV_TRY(count_cell(p, codes, has, capacity, reterr));
    }
    return rv_ok();
}

static rv_status count_extract(struct provision *p, int64_t extract, struct rv_err *reterr)
{
    const char *names[COLUMN_FIRST + MOST_DIMENSIONS] = {"service_id", "capacity_per_year"};
    RV_CLEANUP(arena_done) struct arena a;
    struct extract_scan *scan = NULL;
    arena_init(&a, LIMIT_ARENA_BYTES);
    for (size_t k = 0; k < p->count; k++) {
        names[COLUMN_FIRST + k] = p->dimensions[k].column;
    }
    RV_TRY(extract_scan_open(p->held->store, &a, extract, names, COLUMN_FIRST + p->count, 0, &scan,
                             reterr));
    for (uint32_t chunk = extract_scan_chunks(scan); chunk-- > 0;) {
        struct column c[COLUMN_FIRST + MOST_DIMENSIONS];
        const uint64_t *current = NULL;
        RV_TRY(extract_scan_read(scan, chunk, &a, c, &current, reterr));
        for (uint32_t row = c[0].rows; row-- > 0;) {
            uint32_t before = p->ids.count, id;
            if (current && !((current[row / 64] >> (row % 64)) & 1)) {
                continue;
            }
            RV_TRY(dictionary_code(&p->ids, column_text_at(&c[COLUMN_ID], row), &id, reterr));
            bool is_new = p->ids.count > before;
            p->replaced += !is_new;
            RV_TRY(is_new ? count_row(p, scan, c, row, reterr) : rv_ok());
        }
    }
    return rv_ok();
}

/* ---- the table ---- */

/* Every combination of values, each dimension in the order of its labels, not recorded last. */
static rv_status put_rows(struct provision *p, struct result_table *t, struct rv_err *reterr)
{
    struct arena *a = p->held->arena;
    size_t all = 1, columns = p->count + P_COLUMNS, rows = 0;
    for (size_t k = 0; k < p->count; k++) {
        all *= p->dimensions[k].labels.count;
    }
    if (all > 200000) {
        return rv_fail(reterr, RV_USAGE, "The table would have %zu rows: ask for fewer dimensions.",
                       all);
    }
    struct result_cell *out = ARENA_NEW(a, struct result_cell, all * columns + 1);
    if (!out) {
        return arena_fail(a, reterr);
    }
    for (size_t i = 0; i < all; i++) {
        uint32_t codes[MOST_DIMENSIONS] = {0};
        size_t rest = i;
        bool is_known = true;
        for (size_t k = p->count; k-- > 0;) {
            uint32_t size = p->dimensions[k].labels.count;
            codes[k] = (uint32_t)(rest % size + 1) % size;
            is_known = is_known && codes[k] != 0;
            rest /= size;
        }
        uint32_t key = dictionary_find(
            &p->keys, (struct text){(const char *)codes, MOST_DIMENSIONS * sizeof *codes});
        static const struct provision_cell none = {{0}, 0, 0, 0};
        const struct provision_cell *cell = key ? &p->cells[key] : &none;
        if (!key && !is_known) {
            continue;
        }
        struct result_cell *row = &out[rows++ * columns];
        for (size_t k = 0; k < p->count; k++) {
            struct text label = dictionary_text(&p->dimensions[k].labels, codes[k]);
            row[k].text = codes[k] ? arena_text(a, label.at, label.n) : "not-recorded";
            if (!row[k].text) {
                return arena_fail(a, reterr);
            }
        }
        row += p->count;
        row[P_SERVICES].number = (double)cell->services;
        row[P_SHARE].number = p->services ? (double)cell->services / p->services : 0;
        row[P_CAPACITY].number = (double)cell->capacity;
        row[P_CAPACITY].is_missing = cell->services > 0 && cell->unknown == cell->services;
        row[P_CAPACITY].text = row[P_CAPACITY].is_missing ? "not stated" : NULL;
        row[P_UNKNOWN].number = (double)cell->unknown;
    }
    t->cells = out;
    t->row_count = rows;
    return rv_ok();
}

static rv_status put_columns(struct provision *p, struct result_table *t, struct rv_err *reterr)
{
    struct arena *a = p->held->arena;
    struct result_column *columns = ARENA_NEW(a, struct result_column, p->count + P_COLUMNS);
    const char **notes = ARENA_NEW(a, const char *, 4);
    if (!columns || !notes) {
        return arena_fail(a, reterr);
    }
    for (size_t k = 0; k < p->count; k++) {
        columns[k] =
            (struct result_column){p->dimensions[k].name, p->dimensions[k].name, RESULT_TEXT};
    }
    memcpy(columns + p->count, NUMBERS, sizeof NUMBERS);
    t->columns = columns;
    t->column_count = p->count + P_COLUMNS;
    notes[0] =
        arena_printf(a,
                     "%u services, each service_id once; %lld rows of a service that a later "
                     "file describes again are left out.",
                     p->services, (long long)p->replaced);
    notes[1] =
        "A service with several values of a dimension has a row in each: rows do not add up. "
        "A count of 0 says that no file names a service there, not that there is none.";
    t->notes = notes;
    t->note_count = 2;
    return notes[0] ? rv_ok() : arena_fail(a, reterr);
}

rv_status table_provision(struct held *h, const struct table_options *options,
                          struct result_table *ret, struct rv_err *reterr)
{
    RV_CLEANUP(provision_done) struct provision p = {.held = h, .options = options};
    struct result_table t = {.id = "table", .title = "Services"};
    struct extract_info *extracts = NULL;
    size_t count = 0;
    RV_TRY(begin(&p, reterr));
    RV_TRY(extract_list(h->store, h->arena, KIND, &extracts, &count, reterr));
    if (count == 0) {
        return rv_fail(reterr, RV_NOT_FOUND,
                       "No extract of kind provision is held: import one with \"reeve import FILE "
                       "PATH\".");
    }
    for (size_t i = count; i-- > 0;) { /* the last imported decides */
        RV_TRY(count_extract(&p, extracts[i].id, reterr));
    }
    RV_TRY(put_columns(&p, &t, reterr));
    RV_TRY(put_rows(&p, &t, reterr));
    t.marking = extracts_marking(extracts, count);
    t.title = arena_printf(h->arena, "Services by %s", options->by);
    *ret = t;
    return t.title ? rv_ok() : arena_fail(h->arena, reterr);
}
