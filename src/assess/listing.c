/* assess/listing.c — rows read, and their places among the dimensions.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/listing.h"

#include "base/limits.h"
#include "base/memory.h"
#include "define/vocabulary.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define FROM         0 /* positions among the columns read */
#define TO           1
#define WHO          2
#define FIRST_NUMBER 3
#define FIRST_AXIS   (FIRST_NUMBER + LISTING_NUMBERS)
#define COLUMNS      (FIRST_AXIS + LISTING_AXES)

struct reading {
    struct listing *l;
    struct extract_scan *scan;
    const char *names[COLUMNS];
    struct column columns[COLUMNS];
    struct rv_err *err;
};

/* ---- parts of time ---- */

/* The part of time that a month is in: its first month and how many it has. */
static struct month_range part_of(enum listing_kind kind, int32_t month)
{
    int32_t length = kind == LISTING_MONTH ? 1 : kind == LISTING_QUARTER ? 3 : 12;
    int32_t shift = kind == LISTING_FINANCIAL_YEAR ? 3 : 0;
    int32_t first = (month - shift) / length * length + shift;
    return (struct month_range){first, first + length - 1};
}

static struct text part_label(enum listing_kind kind, struct month_range part, char out[32])
{
    int year = part.first / 12, month = part.first % 12 + 1, n = 0;
    char first[8], last[8];
    month_write(part.first, first);
    month_write(part.last, last);
    switch (kind) {
    case LISTING_YEAR:
        n = snprintf(out, 32, "%04d", year);
        break;
    case LISTING_FINANCIAL_YEAR:
        n = snprintf(out, 32, "%04d/%02d", year, (year + 1) % 100);
        break;
    case LISTING_QUARTER:
        n = snprintf(out, 32, "%04d-Q%d", year, (month - 1) / 3 + 1);
        break;
    case LISTING_MONTH:
        n = snprintf(out, 32, "%s", first);
        break;
    case LISTING_PERIOD:
    case LISTING_NAME:
    case LISTING_TEXT:
    case LISTING_ETHNICITY:
    case LISTING_AGE:
    case LISTING_AGE_BAND:
        n = snprintf(out, 32, "%s..%s", first, last);
        break;
    }
    return (struct text){out, (size_t)n};
}

static bool is_time(enum listing_kind kind)
{
    return kind >= LISTING_YEAR;
}

/* ---- one row ---- */

static rv_status band_code(struct listing *l, struct listing_axis *x, int64_t age, uint32_t *ret,
                           struct rv_err *reterr)
{
    char label[32];
    size_t b = 0;
    while (b + 1 < l->age_count && age >= l->ages[b + 1]) {
        b++;
    }
    int from = l->ages[b], to = b + 1 < l->age_count ? l->ages[b + 1] - 1 : 0;
    int n = b + 1 == l->age_count ? snprintf(label, sizeof label, "%d-plus", from)
            : b == 0              ? snprintf(label, sizeof label, "under-%d", to + 1)
            : from == to          ? snprintf(label, sizeof label, "%d", from)
                                  : snprintf(label, sizeof label, "%d-%d", from, to);
    return dictionary_code(&x->labels, (struct text){label, (size_t)n}, ret, reterr);
}

static rv_status value_code(struct reading *r, size_t axis, uint32_t row, uint32_t *ret)
{
    struct listing_axis *x = &r->l->axes[axis];
    const struct column *c = &r->columns[FIRST_AXIS + axis];
    *ret = 0;
    if (!column_has(c, row)) {
        return rv_ok();
    }
    if (c->type == COLUMN_INTEGER) {
        char age[24];
        int n = snprintf(age, sizeof age, "%lld", (long long)c->integers[row]);
        return x->dimension->kind == LISTING_AGE_BAND
                   ? band_code(r->l, x, c->integers[row], ret, r->err)
                   : dictionary_code(&x->labels, (struct text){age, (size_t)n}, ret, r->err);
    }
    if (c->type != COLUMN_CATEGORY) {
        return rv_ok();
    }
    const struct dictionary *d = extract_scan_dictionary(r->scan, FIRST_AXIS + axis);
    struct text value = dictionary_text(d, c->codes[row]);
    if (x->dimension->kind == LISTING_ETHNICITY) {
        int group = ethnicity_group(value);
        value = text_of(group < 0 ? "" : ETHNICITY_GROUPS[group]);
    }
    return value.n ? dictionary_code(&x->labels, value, ret, r->err) : rv_ok();
}

static void *room(void *list, size_t count, size_t *capacity, size_t size)
{
    if (count < *capacity) {
        return list;
    }
    size_t wanted = *capacity ? *capacity * 2 : 1024;
    void *grown = memory_resize(list, wanted, size);
    *capacity = grown ? wanted : *capacity;
    return grown;
}

static rv_status add_row(struct reading *r, const struct listing_row *row)
{
    struct listing *l = r->l;
    struct listing_row *rows = room(l->rows, l->row_count, &l->row_capacity, sizeof *rows);
    if (!rows) {
        return rv_fail(r->err, RV_NO_MEMORY, "out of memory for a table");
    }
    l->rows = rows;
    rows[l->row_count++] = *row;
    return rv_ok();
}

static size_t time_axis(const struct listing *l)
{
    for (size_t k = 0; k < l->axis_count; k++) {
        if (is_time(l->axes[k].dimension->kind)) {
            return k;
        }
    }
    return SIZE_MAX;
}

/* The row in each part of time that it touches, or in the one that holds it whole. */
static rv_status add_parts(struct reading *r, struct listing_row *row, struct month_range months)
{
    struct listing *l = r->l;
    size_t time = time_axis(l);
    char label[32];
    if (time == SIZE_MAX) {
        return add_row(r, row);
    }
    struct listing_axis *x = &l->axes[time];
    enum listing_kind kind = x->dimension->kind;
    bool is_own = kind == LISTING_PERIOD;
    int32_t first = months.first > l->period.first || is_own ? months.first : l->period.first;
    int32_t last = months.last < l->period.last || is_own ? months.last : l->period.last;
    struct month_range part = is_own ? months : part_of(kind, first);
    if (!l->form->is_spread && !is_own && months.last > part.last) {
        l->crossing++;
        return rv_ok();
    }
    for (; part.first <= last; part = part_of(kind, part.last + 1)) {
        RV_TRY(
            dictionary_code(&x->labels, part_label(kind, part, label), &row->codes[time], r->err));
        RV_TRY(add_row(r, row));
        if (is_own) {
            break;
        }
    }
    return rv_ok();
}

/* First and last day of what the row states; a month holds all its days. */
static bool read_days(const struct reading *r, uint32_t row, struct listing_item *ret)
{
    const struct column *from = &r->columns[FROM], *to = &r->columns[TO];
    if (from->type != COLUMN_TIME || to->type != COLUMN_TIME || !column_has(from, row) ||
        !column_has(to, row)) {
        return false;
    }
    civil_time first = from->integers[row], last = to->integers[row];
    ret->months = (struct month_range){civil_month_of(first), civil_month_of(last)};
    ret->first_day = civil_day_of(first);
    ret->last_day = civil_precision_of(last) == CIVIL_MONTH
                        ? civil_day_of(civil_month_start(ret->months.last + 1)) - 1
                        : civil_day_of(last);
    return ret->first_day <= ret->last_day;
}

static rv_status read_item(struct reading *r, uint32_t row, struct listing_item *ret)
{
    struct listing *l = r->l;
    const struct column *who = &r->columns[WHO];
    if (l->form->who && who->type == COLUMN_TEXT && column_has(who, row)) {
        RV_TRY(dictionary_code(&l->people, column_text_at(who, row), &ret->who, r->err));
    }
    for (size_t k = 0; k < LISTING_NUMBERS; k++) {
        const struct column *c = &r->columns[FIRST_NUMBER + k];
        bool has = l->form->numbers[k] && c->type != COLUMN_CATEGORY && column_has(c, row);
        ret->numbers[k] = !has                        ? (double)NAN
                          : c->type == COLUMN_INTEGER ? (double)c->integers[row]
                                                      : c->reals[row];
    }
    return rv_ok();
}

static rv_status take(struct reading *r, uint32_t row)
{
    struct listing *l = r->l;
    struct listing_item item = {.who = 0};
    struct listing_row cells = {.item = (uint32_t)l->item_count};
    if (!read_days(r, row, &item)) {
        l->backward++;
        return rv_ok();
    }
    bool is_apart = item.months.last < l->period.first || item.months.first > l->period.last;
    bool is_whole = item.months.first >= l->period.first && item.months.last <= l->period.last;
    l->outside += is_apart;
    l->crossing += !is_apart && !is_whole && !l->form->is_spread;
    if (is_apart || (!is_whole && !l->form->is_spread)) {
        return rv_ok();
    }
    RV_TRY(read_item(r, row, &item));
    struct listing_item *items = room(l->items, l->item_count, &l->item_capacity, sizeof *items);
    if (!items) {
        return rv_fail(r->err, RV_NO_MEMORY, "out of memory for a table");
    }
    l->items = items;
    items[l->item_count++] = item;
    for (size_t k = 0; k < l->axis_count; k++) {
        RV_TRY(is_time(l->axes[k].dimension->kind) ? rv_ok()
                                                   : value_code(r, k, row, &cells.codes[k]));
    }
    return add_parts(r, &cells, item.months);
}

static rv_status read_extract(struct reading *r, int64_t id)
{
    RV_CLEANUP(arena_done) struct arena scratch;
    arena_init(&scratch, LIMIT_ARENA_BYTES);
    RV_TRY(
        extract_scan_open(r->l->held->store, &scratch, id, r->names, COLUMNS, 0, &r->scan, r->err));
    for (uint32_t chunk = 0; chunk < extract_scan_chunks(r->scan); chunk++) {
        const uint64_t *current;
        struct arena_mark mark = arena_mark(&scratch);
        RV_TRY(progress_check(r->l->held->progress, r->err));
        RV_TRY(extract_scan_read(r->scan, chunk, &scratch, r->columns, &current, r->err));
        for (uint32_t row = 0; row < extract_scan_rows(r->scan, chunk); row++) {
            if (!current || (current[row / 64] >> (row % 64) & 1)) {
                RV_TRY(take(r, row));
            }
        }
        arena_release(&scratch, mark);
    }
    return rv_ok();
}

/* Closed vocabularies are there before any row. */
static rv_status seed(struct listing *l, struct rv_err *reterr)
{
    uint32_t unused;
    for (size_t k = 0; k < l->axis_count; k++) {
        struct listing_axis *x = &l->axes[k];
        for (size_t i = 0; x->dimension->closed && x->dimension->closed[i]; i++) {
            RV_TRY(dictionary_code(&x->labels, text_of(x->dimension->closed[i]), &unused, reterr));
        }
        for (size_t b = 0; x->dimension->kind == LISTING_AGE_BAND && b < l->age_count; b++) {
            RV_TRY(band_code(l, x, l->ages[b], &unused, reterr));
        }
    }
    return rv_ok();
}

rv_status listing_read(struct listing *l, struct held *h, const struct table_options *options,
                       const struct listing_form *form, struct rv_err *reterr)
{
    *l = (struct listing){.held = h, .options = options, .form = form};
    struct reading r = {.l = l, .names = {"period_from", "period_to"}, .err = reterr};
    dictionary_init(&l->people, LIMIT_DICTIONARY);
    for (size_t k = 0; k < LISTING_AXES; k++) {
        dictionary_init(&l->axes[k].labels, LIMIT_DICTIONARY);
    }
    RV_TRY(listing_options(l, reterr));
    RV_TRY(seed(l, reterr));
    r.names[WHO] = form->who ? form->who : "";
    for (size_t k = 0; k < LISTING_NUMBERS; k++) {
        r.names[FIRST_NUMBER + k] = form->numbers[k] ? form->numbers[k] : "";
    }
    for (size_t k = 0; k < LISTING_AXES; k++) {
        bool has = k < l->axis_count && l->axes[k].dimension->column;
        r.names[FIRST_AXIS + k] = has ? l->axes[k].dimension->column : "";
    }
    for (size_t i = 0; i < l->source->extract_count; i++) {
        RV_TRY(read_extract(&r, l->source->extracts[i].id));
    }
    return rv_ok();
}

void listing_close(struct listing *l)
{
    dictionary_done(&l->people);
    for (size_t k = 0; k < LISTING_AXES; k++) {
        dictionary_done(&l->axes[k].labels);
    }
    memory_free(l->items);
    memory_free(l->rows);
    l->items = NULL;
    l->rows = NULL;
}
