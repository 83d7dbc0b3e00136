/* assess/told_ages.c — ages by sex, and for the residents of the same ages.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/told_people.h"
#include "base/parse.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double NOT_KNOWN = (double)NAN;

enum { AGE_FEMALE = 1, AGE_MALE, AGE_OTHER, AGE_NO_SEX, AGE_ALL, AGE_COLUMNS };

struct band {
    const char *label; /* of the engine */
    double start;      /* a publisher's own bands stand by their first number */
    int64_t counts[AGE_COLUMNS];
};

struct bands {
    struct band *all; /* what is not recorded is the last */
    size_t count;
    int64_t known, missing;
};

/* "10-17" 10, "under 10" 9.5, "over 34" 34.5; what has no number stands behind. */
static double start_of(const char *label)
{
    size_t at = strcspn(label, "0123456789");
    int64_t first = 0;
    struct text digits = {label + at, strspn(label + at, "0123456789")};
    if (strcmp(label, "not-recorded") == 0) {
        return (double)INFINITY;
    }
    bool is_under = strncmp(label, "under", 5) == 0, is_over = strncmp(label, "over", 4) == 0;
    return digits.n && parse_int(digits, &first) ? (double)first + (is_under  ? -0.5
                                                                    : is_over ? 0.5
                                                                              : 0)
                                                 : 1e6;
}

static int by_start(const void *a, const void *b)
{
    const struct band *x = a, *y = b;
    return x->start != y->start ? (x->start < y->start ? -1 : 1) : strcmp(x->label, y->label);
}

static size_t column_of(const char *sex)
{
    return strcmp(sex, "female") == 0         ? AGE_FEMALE
           : strcmp(sex, "male") == 0         ? AGE_MALE
           : strcmp(sex, "not-recorded") == 0 ? AGE_NO_SEX
                                              : AGE_OTHER;
}

static void add_row(struct bands *b, const char *label, size_t column, int64_t count)
{
    size_t i = 0;
    while (i < b->count && strcmp(b->all[i].label, label) != 0) {
        i++;
    }
    if (i == b->count) {
        b->all[b->count++] = (struct band){.label = label, .start = start_of(label)};
    }
    b->all[i].counts[column] += count;
    b->all[i].counts[AGE_ALL] += count;
    bool is_missing = strcmp(label, "not-recorded") == 0;
    b->known += is_missing ? 0 : count;
    b->missing += is_missing ? count : 0;
}

static rv_status read_bands(struct persons *p, struct bands *ret, struct rv_err *reterr)
{
    struct telling *t = p->t;
    struct arena *a = t->work.held.arena;
    struct table_options asked = *t->question;
    struct result_table table;
    struct bands b = {.count = 0};
    const char *age = persons_dimension(p, "age-band"), *sex = persons_dimension(p, "sex");
    asked.by = age && sex ? arena_printf(a, "%s,%s", age, sex) : NULL;
    asked.count = p->count;
    RV_TRY(asked.by ? telling_ask(t, &asked, &table, reterr) : arena_fail(a, reterr));
    if (!t->told->notes) {
        telling_notes(t, &table);
    }
    b.all = ARENA_NEW(a, struct band, table.row_count + 2);
    if (!b.all) {
        return arena_fail(a, reterr);
    }
    add_row(&b, "not-recorded", AGE_NO_SEX, 0);
    for (size_t r = 0; r < table.row_count; r++) {
        double count = asked_number(&table, r, "count");
        add_row(&b, asked_text(&table, r, age), column_of(asked_text(&table, r, sex)),
                isnan(count) ? 0 : llround(count));
    }
    qsort(b.all, b.count, sizeof *b.all, by_start);
    *ret = b;
    return rv_ok();
}

/* ---- what is said ---- */

static rv_status say_under(struct persons *p, const struct bands *b, int limit,
                           struct rv_err *reterr)
{
    struct assess_work *w = &p->t->work;
    struct arena *a = w->held.arena;
    const char *words = arena_printf(a, "under %d", limit);
    struct finding *f = words ? telling_finding(p->t, words + 6) : NULL;
    int64_t under = 0;
    for (size_t i = 0; i < b->count; i++) {
        under += b->all[i].start < limit ? b->all[i].counts[AGE_ALL] : 0;
    }
    if (!f) {
        return arena_fail(a, reterr);
    }
    f->rule = "AGE_SHARE";
    f->unit = "percent";
    f->method = "wilson";
    RV_TRY(compose_text(w, f, "of_whom", words, reterr));
    RV_TRY(compose_percent(f, under, b->known, reterr));
    f->level = wording_of_percent(b->known) == WORDING_PERCENT ? STATS_LEVEL : NOT_KNOWN;
    return rv_ok();
}

/* ---- tables ---- */

static rv_status age_table(struct persons *p, const struct bands *b, struct rv_err *reterr)
{
    static const struct result_column columns[AGE_COLUMNS] = {
        {"age_band", "Age", RESULT_TEXT},   {"female", "Female", RESULT_COUNT},
        {"male", "Male", RESULT_COUNT},     {"other", "Other", RESULT_COUNT},
        {"no_sex", "No sex", RESULT_COUNT}, {"all", "All", RESULT_COUNT}};
    struct arena *a = p->t->work.held.arena;
    struct result_cell *cells = NULL;
    struct result_table *table = telling_table(p->t, columns, AGE_COLUMNS, b->count, &cells);
    if (!table) {
        return arena_fail(a, reterr);
    }
    for (size_t i = 0; i < b->count; i++) {
        struct result_cell *row = &cells[i * AGE_COLUMNS];
        row[0] = cell_text(persons_label(a, b->all[i].label));
        RV_TRY(row[0].text ? rv_ok() : arena_fail(a, reterr));
        for (size_t k = 1; k < AGE_COLUMNS; k++) {
            row[k] = cell_number((double)b->all[i].counts[k]);
        }
    }
    table->ends_with_total = true; /* not recorded: in the table, no bar */
    if (p->count) {
        RV_TRY(compose_note(&p->t->work, table,
                            "A person is counted once for each offence: somebody in two is two.",
                            reterr));
    }
    return telling_table_end(p->t, table, telling_title(p->t, "by age and sex"),
                             "How many there are of each age, female and male back to back. Those "
                             "of another sex, or of no sex or age on record, are in the table.",
                             CHART_PYRAMID, reterr);
}

rv_status told_ages(struct persons *p, struct rv_err *reterr)
{
    struct bands b;
    RV_TRY(persons_part(p, "age", "age and sex", reterr));
    RV_TRY(read_bands(p, &b, reterr));
    RV_TRY(persons_say_recorded(p, "age", NULL, b.known, b.missing, reterr));
    if (b.known == 0) {
        return telling_absent(p->t, "No age is recorded.", reterr);
    }
    if (p->one) { /* a publisher's own bands need not begin there */
        RV_TRY(say_under(p, &b, 18, reterr));
        RV_TRY(say_under(p, &b, 25, reterr));
    }
    return age_table(p, &b, reterr);
}

/* ---- for residents of the same ages ---- */

static rv_status rate_rows(struct persons *p, const struct result_table *asked, const char *age,
                           struct result_cell *cells, size_t *ret_known, struct rv_err *reterr)
{
    enum { WIDTH = 6 };
    static const char *const numbers[WIDTH] = {NULL,    "rate",  "lower",
                                               "upper", "count", "population"};
    size_t n = 0;
    for (size_t r = 0; r < asked->row_count; r++) {
        const char *label = asked_text(asked, r, age);
        bool is_known = !isnan(asked_number(asked, r, "rate"));
        if (strcmp(label, "not-recorded") == 0) {
            continue;
        }
        struct result_cell *row = &cells[n++ * WIDTH];
        row[0] = cell_text(persons_label(p->t->work.held.arena, label));
        for (size_t k = 1; k < WIDTH; k++) {
            row[k] = cell_number(asked_number(asked, r, numbers[k]));
        }
        *ret_known += is_known;
        RV_TRY(row[0].text ? rv_ok() : arena_fail(p->t->work.held.arena, reterr));
    }
    return rv_ok();
}

rv_status told_age_rates(struct persons *p, struct rv_err *reterr)
{
    enum { WIDTH = 6 };
    static const struct result_column columns[WIDTH] = {
        {"age_band", "Age", RESULT_TEXT},
        {"rate", "Per 100,000 residents of that age a year", RESULT_RATE},
        {"lower", "95% interval, lower", RESULT_RATE},
        {"upper", "95% interval, upper", RESULT_RATE},
        {"count", "Number", RESULT_COUNT},
        {"residents", "Residents", RESULT_COUNT}};
    struct telling *t = p->t;
    struct result_table table;
    struct table_options asked = *t->question;
    RV_TRY(persons_part(p, "rates", "for the residents of each age", reterr));
    asked.by = persons_dimension(p, "age-band");
    asked.count = p->count;
    asked.denominator = "same-age";
    RV_TRY(asked.by ? telling_ask(t, &asked, &table, reterr)
                    : arena_fail(t->work.held.arena, reterr));
    size_t rows = 0, known = 0;
    for (size_t r = 0; r < table.row_count; r++) {
        rows += strcmp(asked_text(&table, r, asked.by), "not-recorded") != 0;
    }
    struct result_cell *cells = NULL;
    struct result_table *made = telling_table(t, columns, WIDTH, rows, &cells);
    if (!made) {
        return arena_fail(t->work.held.arena, reterr);
    }
    RV_TRY(rate_rows(p, &table, asked.by, cells, &known, reterr));
    if (known == 0) {
        return telling_absent(t,
                              "No residents by age of this area are held. Bring in a population "
                              "with ages, and rates stand here.",
                              reterr);
    }
    RV_TRY(
        compose_note(&t->work, made,
                     "Not all who are counted live in the area, and a person is counted once for "
                     "each offence: a rate is no resident's risk.",
                     reterr));
    return telling_table_end(t, made,
                             telling_title(t, "for 100,000 residents of the same age, a year"),
                             "How many there are for the residents of each age, with the 95% "
                             "interval.",
                             CHART_BAR, reterr);
}
