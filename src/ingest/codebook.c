/* ingest/codebook.c — reading a codebook, strictly. SPDX-License-Identifier: GPL-3.0-or-later */
#include "ingest/codebook.h"

#include "base/file.h"
#include "base/limits.h"
#include "read/json_reading.h"

#include <math.h>
#include <string.h>

#define NAME_BYTES 200
#define CODE_BYTES 100

static const char *const MEMBERS[] = {"survey", "period", "columns", NULL};
static const char *const COLUMN_MEMBERS[] = {"title", "kind", "multiple", "answers", NULL};
static const char *const ANSWER_MEMBERS[] = {"code", "label", "missing", "population", NULL};
static const char *const KINDS[] = {"question", "demographic", "weight"};
/* Names that the stored rows use for themselves. */
static const char *const RESERVED[] = {"respondent_id", "period_from", "period_to",
                                       "record_number"};

/* One line of text that a header, a name or a code can be. */
static bool is_plain(const char *text, size_t most)
{
    size_t n = strlen(text);
    for (size_t i = 0; i < n; i++) {
        if ((unsigned char)text[i] < ' ' || text[i] == 0x7f) {
            return false;
        }
    }
    return n <= most && text_trim(text_of(text)).n == n;
}

static rv_status read_flag(struct reading *r, json_t *object, const char *key, bool *ret)
{
    json_t *value = json_object_get(object, key);
    if (value && !json_is_boolean(value)) {
        reading_enter(r, key);
        return reading_fault(r, "must be true or false");
    }
    *ret = value && json_is_true(value);
    return rv_ok();
}

/* ---- answers ---- */

/* A code may be empty: the cell of somebody who did not answer. */
static rv_status read_code(struct reading *r, json_t *object, const struct codebook_column *c,
                           struct codebook_answer *x)
{
    json_t *value = json_object_get(object, "code");
    if (!value) {
        return reading_fault(r, "the member \"code\" is missing: the code as the file's cells have "
                                "it, in quotes");
    }
    reading_enter(r, "code");
    if (!json_is_string(value)) {
        return reading_fault(r, "must be a text in quotes, also when it is a number: \"1\"");
    }
    x->code = "";
    if (json_string_length(value) > 0) {
        RV_TRY(reading_keep(r, value, &x->code));
    }
    if (!is_plain(x->code, CODE_BYTES)) {
        return reading_fault(r,
                             "must be at most %d characters in one line, without blanks before "
                             "or after: cells are compared without them",
                             CODE_BYTES);
    }
    if (c->is_multiple && strchr(x->code, ';')) {
        return reading_fault(r,
                             "\"%.60s\" holds the ';' that separates several answers; give it "
                             "another code",
                             x->code);
    }
    if (x->code[0] == '\0' && !x->is_missing) {
        return reading_fault(r, "an empty cell is no answer: add \"missing\": true, or leave this "
                                "answer out");
    }
    reading_leave(r);
    return rv_ok();
}

static rv_status read_population(struct reading *r, json_t *object, const struct codebook_column *c,
                                 struct codebook_answer *x)
{
    json_t *value = json_object_get(object, "population");
    if (!value) {
        return rv_ok();
    }
    reading_enter(r, "population");
    x->population = json_is_number(value) ? json_number_value(value) : -1;
    x->has_population = true;
    if (!isfinite(x->population) || x->population < 0) {
        return reading_fault(r, "must be how many people of the population give this answer, 0 or "
                                "more");
    }
    if (x->population > 0 && c->role != CODEBOOK_DEMOGRAPHIC) {
        return reading_fault(r, "only a demographic is weighted to: make the column's \"kind\" "
                                "\"demographic\", or leave the population out");
    }
    if (x->population > 0 && x->is_missing) {
        return reading_fault(r, "nobody of the population is missing: leave it out here; who did "
                                "not say keeps their share");
    }
    reading_leave(r);
    return rv_ok();
}

static rv_status read_answer(struct reading *r, json_t *object, const struct codebook_column *c,
                             struct codebook_answer *list, size_t i)
{
    struct codebook_answer *x = &list[i];
    RV_TRY(reading_only(r, object, ANSWER_MEMBERS));
    RV_TRY(read_flag(r, object, "missing", &x->is_missing));
    RV_TRY(read_code(r, object, c, x));
    for (size_t k = 0; k < i; k++) {
        if (strcmp(list[k].code, x->code) == 0) {
            reading_enter(r, "code");
            return reading_fault(r,
                                 "\"%.60s\" stands twice among the answers of one column; each "
                                 "answer has a code of its own",
                                 x->code);
        }
    }
    RV_TRY(reading_string(r, object, "label", true, &x->label));
    return read_population(r, object, c, x);
}

/* Populations are of all answers that count, or of none. */
static rv_status check_margins(struct reading *r, struct codebook_column *c)
{
    double total = 0;
    for (size_t i = 0; i < c->answer_count; i++) {
        total += c->answers[i].population;
    }
    c->has_margins = total > 0;
    for (size_t i = 0; c->has_margins && i < c->answer_count; i++) {
        const struct codebook_answer *x = &c->answers[i];
        if (!x->is_missing && !x->has_population) {
            reading_at(r, i);
            return reading_fault(r,
                                 "the answer \"%.60s\" has no population and others of this "
                                 "demographic have; give one to each answer that is not "
                                 "missing, 0 if it is nought, or to none",
                                 x->code);
        }
    }
    return rv_ok();
}

/* What a cell can hold. */
static rv_status list_codes(struct reading *r, struct codebook_column *c)
{
    size_t n = 0;
    const char **codes = ARENA_NEW(r->a, const char *, c->answer_count + 1);
    if (!codes) {
        return arena_fail(r->a, r->err);
    }
    for (size_t i = 0; i < c->answer_count; i++) {
        if (c->answers[i].code[0]) {
            codes[n++] = c->answers[i].code;
        }
    }
    c->codes = codes;
    return rv_ok();
}

static rv_status read_answers(struct reading *r, json_t *object, struct codebook_column *c)
{
    json_t *value = json_object_get(object, "answers");
    size_t n = json_array_size(value);
    reading_enter(r, "answers");
    if (c->role == CODEBOOK_WEIGHT) {
        return n ? reading_fault(r, "a column of weights holds numbers: it has no answers")
                 : (reading_leave(r), list_codes(r, c));
    }
    if (!json_is_array(value) || n == 0 || n > CODEBOOK_ANSWERS) {
        return reading_fault(r,
                             "must list 1 to %d answers with code and label. Written text is "
                             "not stored: leave such a column out of the codebook",
                             CODEBOOK_ANSWERS);
    }
    struct codebook_answer *list = ARENA_NEW(r->a, struct codebook_answer, n);
    if (!list) {
        return arena_fail(r->a, r->err);
    }
    size_t answers = 0;
    for (size_t i = 0; i < n; i++) {
        reading_at(r, i);
        RV_TRY(read_answer(r, json_array_get(value, i), c, list, i));
        reading_leave(r);
        answers += !list[i].is_missing;
    }
    if (answers == 0) {
        return reading_fault(r, "every answer is \"missing\": there is nothing to count");
    }
    c->answers = list;
    c->answer_count = n;
    RV_TRY(check_margins(r, c));
    reading_leave(r);
    return list_codes(r, c);
}

/* ---- columns ---- */

static rv_status read_kind(struct reading *r, json_t *object, struct codebook_column *c)
{
    const char *kind = NULL;
    RV_TRY(reading_string(r, object, "kind", true, &kind));
    for (int k = 0; k < 3; k++) {
        if (strcmp(KINDS[k], kind) == 0) {
            c->role = (enum codebook_role)k;
            return rv_ok();
        }
    }
    reading_enter(r, "kind");
    return reading_fault(r, "\"%.40s\" is no kind of column; it is question, demographic or weight",
                         kind);
}

static rv_status check_name(struct reading *r, const struct codebook *b, const char *name)
{
    if (!is_plain(name, NAME_BYTES) || name[0] == '\0') {
        return reading_fault(r,
                             "the header of a column has 1 to %d characters in one line, "
                             "without blanks before or after",
                             NAME_BYTES);
    }
    for (size_t i = 0; i < sizeof RESERVED / sizeof *RESERVED; i++) {
        if (text_equal_nocase(text_of(name), text_of(RESERVED[i]))) {
            return reading_fault(r, "this name is kept for the respondents themselves: leave it "
                                    "out of the codebook, or rename the question");
        }
    }
    if (codebook_find(b, text_of(name)) != CODEBOOK_NONE) {
        return reading_fault(r, "another column has the same name, but for capital letters; "
                                "rename one");
    }
    return rv_ok();
}

static rv_status read_column(struct reading *r, json_t *object, struct codebook *b,
                             struct codebook_column *c)
{
    RV_TRY(check_name(r, b, c->name));
    RV_TRY(reading_only(r, object, COLUMN_MEMBERS));
    RV_TRY(reading_string(r, object, "title", true, &c->title));
    RV_TRY(read_kind(r, object, c));
    RV_TRY(read_flag(r, object, "multiple", &c->is_multiple));
    if (c->is_multiple && c->role != CODEBOOK_QUESTION) {
        reading_enter(r, "multiple");
        return reading_fault(r, "only a question can have several answers in a cell");
    }
    if (c->role == CODEBOOK_WEIGHT) {
        if (b->weight != CODEBOOK_NONE) {
            reading_enter(r, "kind");
            return reading_fault(r, "two columns of weights; keep the one to use");
        }
        b->weight = b->column_count;
    }
    return read_answers(r, object, c);
}

static rv_status read_columns(struct reading *r, json_t *root, struct codebook *b)
{
    json_t *value = json_object_get(root, "columns");
    size_t n = json_object_size(value);
    if (!value) {
        return reading_fault(r, "the member \"columns\" is missing");
    }
    reading_enter(r, "columns");
    if (!json_is_object(value) || n == 0 || n > CODEBOOK_COLUMNS) {
        return reading_fault(r,
                             "must be an object of 1 to %d columns, each by its header in the "
                             "file",
                             CODEBOOK_COLUMNS);
    }
    struct codebook_column *list = ARENA_NEW(r->a, struct codebook_column, n);
    if (!list) {
        return arena_fail(r->a, r->err);
    }
    b->columns = list;
    const char *key;
    json_t *column;
    bool has_question = false;
    json_object_foreach(value, key, column)
    {
        struct codebook_column *c = &list[b->column_count];
        c->name = arena_text(r->a, key, strlen(key));
        if (!c->name) {
            return arena_fail(r->a, r->err);
        }
        reading_enter(r, key);
        RV_TRY(read_column(r, column, b, c));
        reading_leave(r);
        b->column_count++;
        has_question = has_question || c->role == CODEBOOK_QUESTION;
    }
    if (!has_question) {
        return reading_fault(r, "has no question: there is nothing to tabulate");
    }
    reading_leave(r);
    return rv_ok();
}

/* ---- the whole ---- */

static rv_status read_end(struct reading *r, json_t *list, size_t i, const char **ret,
                          civil_time *ret_time)
{
    json_t *value = json_array_get(list, i);
    reading_at(r, i);
    if (!json_is_string(value)) {
        return reading_fault(r, "must be a date in quotes");
    }
    RV_TRY(reading_keep(r, value, ret));
    if (civil_parse(text_of(*ret), ret_time) != CIVIL_OK ||
        civil_precision_of(*ret_time) > CIVIL_DATE) {
        return reading_fault(r, "\"%.40s\" is no date; write 2023-01-31, or a month as 2023-01",
                             *ret);
    }
    reading_leave(r);
    return rv_ok();
}

static rv_status read_period(struct reading *r, json_t *root, struct codebook *b)
{
    json_t *value = json_object_get(root, "period");
    civil_time from, to;
    if (!value) {
        return rv_ok();
    }
    reading_enter(r, "period");
    if (!json_is_array(value) || json_array_size(value) != 2) {
        return reading_fault(r, "must be the first and the last day of the survey: "
                                "[\"2023-01-01\", \"2023-12-31\"]");
    }
    RV_TRY(read_end(r, value, 0, &b->from, &from));
    RV_TRY(read_end(r, value, 1, &b->to, &to));
    b->months = (struct month_range){civil_month_of(from), civil_month_of(to)};
    bool is_back = b->months.first > b->months.last ||
                   (civil_precision_of(from) == CIVIL_DATE &&
                    civil_precision_of(to) == CIVIL_DATE && civil_day_of(from) > civil_day_of(to));
    if (is_back) {
        return reading_fault(r, "ends before it begins");
    }
    reading_leave(r);
    return rv_ok();
}

static rv_status read_members(struct reading *r, json_t *root, struct codebook *b)
{
    RV_TRY(reading_only(r, root, MEMBERS));
    RV_TRY(reading_string(r, root, "survey", true, &b->survey));
    if (!is_plain(b->survey, NAME_BYTES)) {
        reading_enter(r, "survey");
        return reading_fault(r, "the name of the survey has 1 to %d characters in one line",
                             NAME_BYTES);
    }
    RV_TRY(read_period(r, root, b));
    return read_columns(r, root, b);
}

static void json_closep(json_t **value)
{
    json_decref(*value);
}

rv_status codebook_read(struct arena *a, const char *name, struct text json, struct codebook *ret,
                        struct rv_err *reterr)
{
    RV_CLEANUP(json_closep) json_t *root = NULL;
    RV_TRY(reading_parse(name, json, &root, reterr));
    struct reading r = {.a = a, .name = name, .json = json, .err = reterr};
    struct codebook b = {.months = {1, 0}, .weight = CODEBOOK_NONE};
    if (!json_is_object(root)) {
        return reading_fault(&r, "a codebook is an object: {\"survey\": …}");
    }
    RV_TRY(read_members(&r, root, &b));
    const char *copy = arena_text(a, json.at, json.n);
    if (!copy) {
        return arena_fail(a, reterr);
    }
    b.json = (struct text){copy, json.n};
    RV_TRY(sha256_of(copy, json.n, b.sha256, reterr));
    *ret = b;
    return rv_ok();
}

rv_status codebook_load(struct arena *a, const char *path, struct codebook *ret,
                        struct rv_err *reterr)
{
    RV_CLEANUP(buf_done) struct buf bytes;
    buf_init(&bytes, LIMIT_JSON_BYTES);
    RV_TRY(file_read(path, &bytes, reterr));
    return codebook_read(a, path, buf_view(&bytes), ret, reterr);
}

size_t codebook_find(const struct codebook *b, struct text name)
{
    for (size_t i = 0; i < b->column_count; i++) {
        if (text_equal_nocase(text_of(b->columns[i].name), name)) {
            return i;
        }
    }
    return CODEBOOK_NONE;
}

size_t codebook_answer_find(const struct codebook_column *c, struct text code)
{
    for (size_t i = 0; i < c->answer_count; i++) {
        if (text_is(code, c->answers[i].code)) {
            return i;
        }
    }
    return CODEBOOK_NONE;
}
