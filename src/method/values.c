/* method/values.c — cells become typed columns, or are refused with their place.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/civil.h"
#include "base/memory.h"
#include "base/parse.h"
#include "method/parts.h"

#include <math.h>
#include <stdio.h>

/* Beyond this a double does not hold every whole number. */
#define WHOLE_MAX 9007199254740992.0

bool type_is_real(enum method_type type)
{
    return type == METHOD_REAL || type == METHOD_AMOUNT || type == METHOD_LEVEL;
}

const char *type_name(enum method_type type)
{
    static const char *const names[] = {
        [METHOD_COUNT] = "count",   [METHOD_INTEGER] = "integer", [METHOD_REAL] = "real",
        [METHOD_AMOUNT] = "amount", [METHOD_LEVEL] = "level",     [METHOD_FLAG] = "flag",
        [METHOD_DATE] = "date",     [METHOD_TIME] = "time",       [METHOD_TEXT] = "text",
        [METHOD_CHOICE] = "choice", [METHOD_TEXTS] = "texts",
    };
    return names[type];
}

static const char *wanted(enum method_type type)
{
    static const char *const texts[] = {
        [METHOD_COUNT] = "a whole number from 0",
        [METHOD_INTEGER] = "a whole number",
        [METHOD_REAL] = "a finite number",
        [METHOD_AMOUNT] = "a finite number from 0",
        [METHOD_LEVEL] = "a level such as 0.95 or 95%",
        [METHOD_FLAG] = "true or false",
        [METHOD_DATE] = "a date as YYYY-MM-DD",
        [METHOD_TIME] = "a time as YYYY-MM-DDTHH:MM",
        [METHOD_TEXT] = "a text",
        [METHOD_CHOICE] = "one of its words",
        [METHOD_TEXTS] = "a list of texts",
    };
    return texts[type];
}

/* "file.csv, line 5" or "file.json, case 2, item 3". */
static void say_spot(const struct spot *spot, char *out, size_t n)
{
    if (spot->line > 0) {
        (void)snprintf(out, n, "%s, line %lld", spot->file, (long long)spot->line);
        return;
    }
    char item[32] = "", number[32] = "";
    if (spot->item > 0) {
        (void)snprintf(item, sizeof item, ", item %zu", spot->item);
    }
    if (spot->case_number > 0) {
        (void)snprintf(number, sizeof number, ", case %zu", spot->case_number);
    }
    (void)snprintf(out, n, "%s%s%s", spot->file, number, item);
}

static rv_status refuse(const struct cell *cell, const struct spot *spot, const char *want,
                        struct rv_err *reterr)
{
    char where[512], value[96];
    say_spot(spot, where, sizeof where);
    switch (cell->kind) {
    case CELL_TEXT:
        (void)snprintf(value, sizeof value, "%.*s", (int)(cell->text.n < 80 ? cell->text.n : 80),
                       cell->text.n ? cell->text.at : "");
        value[text_utf8_valid(text_of(value))] = '\0';
        break;
    case CELL_REAL:
        (void)snprintf(value, sizeof value, "%.15g", cell->real);
        break;
    case CELL_INTEGER:
    case CELL_BOOL:
    case CELL_MISSING:
        (void)snprintf(value, sizeof value, "%lld", (long long)cell->integer);
        break;
    }
    return rv_fail(reterr, RV_INVALID,
                   "%s, column \"%s\": \"%s\" is not %s; correct it, or leave it empty when it "
                   "is missing",
                   where, spot->column, value, want);
}

static bool read_real(const struct cell *cell, double *ret)
{
    switch (cell->kind) {
    case CELL_TEXT:
        return parse_real(text_trim(cell->text), ret);
    case CELL_INTEGER:
        *ret = (double)cell->integer;
        return true;
    case CELL_REAL:
        *ret = cell->real;
        return isfinite(cell->real);
    case CELL_BOOL:
    case CELL_MISSING:
        break;
    }
    return false;
}

static bool read_level(const struct cell *cell, double *ret)
{
    struct text t = cell->kind == CELL_TEXT ? text_trim(cell->text) : (struct text){NULL, 0};
    if (t.n == 0 || t.at[t.n - 1] != '%') {
        return read_real(cell, ret);
    }
    double percent;
    if (!parse_real((struct text){t.at, t.n - 1}, &percent)) {
        return false;
    }
    *ret = percent / 100;
    return true;
}

/* 12, 12.0 and 1e+05 are whole numbers: other programs write them so. */
static bool read_whole(const struct cell *cell, int64_t *ret)
{
    if (cell->kind == CELL_INTEGER) {
        *ret = cell->integer;
        return true;
    }
    if (cell->kind == CELL_TEXT && parse_int(text_trim(cell->text), ret)) {
        return true;
    }
    double real;
    if (!read_real(cell, &real) || real != floor(real) || fabs(real) > WHOLE_MAX) {
        return false;
    }
    *ret = (int64_t)real;
    return true;
}

static bool read_flag(const struct cell *cell, int64_t *ret)
{
    static const char *const yes[] = {"true", "yes", "1"}, *const no[] = {"false", "no", "0"};
    if (cell->kind == CELL_BOOL || cell->kind == CELL_INTEGER) {
        *ret = cell->integer;
        return *ret == 0 || *ret == 1;
    }
    for (size_t i = 0; i < 3 && cell->kind == CELL_TEXT; i++) {
        struct text t = text_trim(cell->text);
        if (text_equal_nocase(t, text_of(yes[i])) || text_equal_nocase(t, text_of(no[i]))) {
            *ret = text_equal_nocase(t, text_of(yes[i]));
            return true;
        }
    }
    return false;
}

static bool read_time(const struct cell *cell, enum method_type type, int64_t *ret)
{
    civil_time t;
    if (cell->kind != CELL_TEXT || civil_parse(text_trim(cell->text), &t) != CIVIL_OK) {
        return false;
    }
    if (type == METHOD_DATE) {
        *ret = civil_day_of(t);
        return civil_precision_of(t) >= CIVIL_DATE;
    }
    *ret = civil_seconds(t);
    return civil_precision_of(t) >= CIVIL_MINUTE;
}

static bool read_count(const struct cell *cell, enum method_type type, int64_t *ret)
{
    switch (type) {
    case METHOD_COUNT:
        return read_whole(cell, ret) && *ret >= 0;
    case METHOD_FLAG:
        return read_flag(cell, ret);
    case METHOD_DATE:
    case METHOD_TIME:
        return read_time(cell, type, ret);
    case METHOD_INTEGER:
    case METHOD_REAL:
    case METHOD_AMOUNT:
    case METHOD_LEVEL:
    case METHOD_TEXT:
    case METHOD_CHOICE:
    case METHOD_TEXTS:
        break;
    }
    return read_whole(cell, ret);
}

static char *read_text(struct arena *a, const struct cell *cell)
{
    switch (cell->kind) {
    case CELL_TEXT:
        return arena_text(a, cell->text.at, cell->text.n);
    case CELL_REAL:
        return arena_printf(a, "%.15g", cell->real);
    case CELL_INTEGER:
        return arena_printf(a, "%lld", (long long)cell->integer);
    case CELL_BOOL:
        return arena_printf(a, "%s", cell->integer ? "true" : "false");
    case CELL_MISSING:
        break;
    }
    return NULL;
}

/* An empty cell, and NA outside texts, which other programs write for it. */
static bool is_missing(const struct cell *cell, enum method_type type)
{
    return cell->kind == CELL_MISSING ||
           (cell->kind == CELL_TEXT &&
            (text_trim(cell->text).n == 0 || (type != METHOD_TEXT && text_is(cell->text, "NA"))));
}

void column_done(struct column_builder *b)
{
    memory_free(b->values);
    memory_free(b->valid);
    b->values = NULL;
    b->valid = NULL;
}

static rv_status grow(struct column_builder *b, struct rv_err *reterr)
{
    size_t capacity = b->capacity ? 2 * b->capacity : 64;
    void *values = memory_resize(b->values, capacity, sizeof(int64_t));
    if (values) {
        b->values = values;
    }
    uint64_t *valid = memory_resize(b->valid, capacity / 64, sizeof *valid);
    if (valid) {
        b->valid = valid;
    }
    if (!values || !valid) {
        return rv_fail(reterr, RV_NO_MEMORY, "out of memory for a column of %zu values", capacity);
    }
    b->capacity = capacity;
    return rv_ok();
}

static bool same_value(const struct column_builder *b, size_t i, int64_t count, double real,
                       const char *text)
{
    if (b->spec->type == METHOD_TEXT) {
        return strcmp(((char **)b->values)[i], text) == 0;
    }
    return type_is_real(b->spec->type) ? ((double *)b->values)[i] == real
                                       : ((int64_t *)b->values)[i] == count;
}

/* A scalar in a table: the first known value, and every other is the same. */
static rv_status keep_scalar(const struct column_builder *b, const struct cell *cell, int64_t count,
                             double real, const char *text, const struct spot *spot,
                             struct rv_err *reterr)
{
    if (same_value(b, 0, count, real, text)) {
        return rv_ok();
    }
    return refuse(cell, spot, "the value of the rows above, and it must be the same in all",
                  reterr);
}

rv_status column_add(struct arena *a, struct column_builder *b, const struct cell *cell,
                     const struct spot *spot, struct rv_err *reterr)
{
    enum method_type type = b->spec->type;
    bool missing = is_missing(cell, type);
    b->seen++;
    b->empty += missing;
    b->first_empty = missing && b->empty == 1 ? b->seen : b->first_empty;
    int64_t count = 0;
    double real = 0;
    char *text = NULL;
    if (!missing) {
        bool fits = true;
        if (type == METHOD_TEXT) {
            text = read_text(a, cell);
            RV_TRY(text ? rv_ok() : arena_fail(a, reterr));
        } else if (type_is_real(type)) {
            fits = type == METHOD_LEVEL ? read_level(cell, &real) : read_real(cell, &real);
            fits = fits && (type != METHOD_AMOUNT || real >= 0);
        } else {
            fits = read_count(cell, type, &count);
        }
        RV_TRY(fits ? rv_ok() : refuse(cell, spot, wanted(type), reterr));
    }
    bool is_scalar = b->spec->shape == METHOD_SCALAR;
    if (is_scalar && b->n == 1 && (missing || (b->valid[0] & 1))) {
        return missing ? rv_ok() : keep_scalar(b, cell, count, real, text, spot, reterr);
    }
    size_t i = is_scalar ? 0 : b->n;
    RV_TRY(i == b->capacity ? grow(b, reterr) : rv_ok());
    if (type == METHOD_TEXT) {
        ((char **)b->values)[i] = text;
    } else if (type_is_real(type)) {
        ((double *)b->values)[i] = real;
    } else {
        ((int64_t *)b->values)[i] = count;
    }
    b->valid[i / 64] = i % 64 ? b->valid[i / 64] : 0;
    b->valid[i / 64] |= (uint64_t)!missing << (i % 64);
    b->n = i + 1;
    return rv_ok();
}

rv_status column_finish(struct arena *a, const struct column_builder *b, struct method_values *ret,
                        struct rv_err *reterr)
{
    size_t words = b->n / 64 + 1;
    uint64_t *valid = ARENA_NEW(a, uint64_t, words);
    void *values = arena_new(a, b->n + 1, sizeof(int64_t));
    if (!valid || !values) {
        return arena_fail(a, reterr);
    }
    if (b->n > 0) {
        memcpy(values, b->values, b->n * sizeof(int64_t));
        memcpy(valid, b->valid, (b->n + 63) / 64 * sizeof *valid);
    }
    *ret = (struct method_values){
        .is_given = true, .n = b->n, .width = b->width ? b->width : 1, .valid = valid};
    ret->empty = b->empty;
    ret->first_empty = b->empty ? (b->first_empty - 1) / ret->width + 1 : 0;
    if (b->spec->type == METHOD_TEXT) {
        ret->texts = values;
    } else if (type_is_real(b->spec->type)) {
        ret->reals = values;
    } else {
        ret->counts = values;
    }
    return rv_ok();
}

/* The next letter or digit at or after *i, in lower case; 0 at the end. */
static char letter(struct text t, size_t *i)
{
    for (; *i < t.n; (*i)++) {
        char c = t.at[*i];
        if (c != ' ' && c != '_' && c != '-' && c != '.') {
            (*i)++;
            return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
        }
    }
    return '\0';
}

static bool same_name(struct text a, struct text b)
{
    size_t i = 0, j = 0;
    for (;;) {
        char x = letter(a, &i), y = letter(b, &j);
        if (x != y || x == '\0') {
            return x == y;
        }
    }
}

int column_match(const struct method_column *column, struct text heading)
{
    if (same_name(text_of(column->name), heading)) {
        return 1;
    }
    struct text rest = text_of(column->aliases);
    for (int place = 2; rest.n; place++) {
        struct text alias = text_split(rest, '|', &rest);
        if (same_name(alias, heading)) {
            return place;
        }
    }
    return 0;
}

size_t column_total(const struct method_input *input)
{
    size_t n = 0;
    while (input->columns[n].name) {
        n++;
    }
    return n;
}

rv_status column_absent(const struct method_column *column, const struct spot *spot,
                        struct rv_err *reterr)
{
    char where[512], also[256] = "";
    say_spot(spot, where, sizeof where);
    struct text rest = text_of(column->aliases);
    for (size_t n = 0; rest.n && n < sizeof also;) {
        struct text alias = text_split(rest, '|', &rest);
        int wrote = snprintf(also + n, sizeof also - n, "%s\"%.*s\"", n ? ", " : " or ",
                             (int)alias.n, alias.at);
        n += wrote > 0 ? (size_t)wrote : 0;
    }
    return rv_fail(reterr, RV_INVALID,
                   "%s: there is no column \"%s\"%s (%s): add it, or rename the one you have",
                   where, column->name, also, column->what);
}
