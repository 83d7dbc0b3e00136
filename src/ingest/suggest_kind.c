/* ingest/suggest_kind.c — every kind tried on the file.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "ingest/suggest_kind.h"

#include "base/civil.h"
#include "ingest/period.h"

#include <math.h>
#include <stdlib.h>

/* ---- months in the header ---- */

static size_t count_months(const struct sample *s, const char *layout)
{
    size_t n = 0;
    civil_time t;
    for (size_t i = 0; i < s->columns; i++) {
        n += civil_parse_layout(text_trim(s->header[i]), layout, false, &t) == CIVIL_OK;
    }
    return n;
}

static bool is_year_header(struct text header)
{
    return (value_forms(text_trim(header)) & form_bit(VALUE_YEAR)) != 0;
}

/* Numbers, or nothing at all, stand below a month. */
static bool is_countable(const struct facts *f)
{
    return f->filled == 0 || facts_share(f, VALUE_NUMBER) >= 0.8;
}

rv_status months_find(struct arena *a, const struct sample *sample, const struct facts *facts,
                      struct months *ret, struct rv_err *reterr)
{
    struct months m = {.is_month = ARENA_NEW(a, bool, sample->columns + 1)};
    size_t most = 2, years = 0; /* three at least */
    if (!m.is_month) {
        return arena_fail(a, reterr);
    }
    for (const char *const *layout = MONTH_LAYOUTS; *layout; layout++) {
        size_t n = count_months(sample, *layout);
        if (n > most) {
            most = n;
            m.layout = *layout;
        }
    }
    for (size_t i = 0; i < sample->columns; i++) {
        years += is_year_header(sample->header[i]) && is_countable(&facts[i]);
    }
    m.layout = !m.layout && years > most ? "YYYY" : m.layout;
    for (size_t i = 0; i < sample->columns && m.layout; i++) {
        struct month_range range;
        m.is_month[i] = period_header(text_trim(sample->header[i]), m.layout, &range) &&
                        is_countable(&facts[i]);
        m.count += m.is_month[i];
    }
    if (m.count < 3) {
        m.layout = NULL;
        m.count = 0;
        memset(m.is_month, 0, sample->columns * sizeof *m.is_month);
    }
    *ret = m;
    return rv_ok();
}

const struct kind_column *kind_wide_value(const struct kind *k)
{
    const struct kind_column *value = kind_column_find(k, "value");
    if (!kind_column_find(k, "period_from") || !kind_column_find(k, "period_to")) {
        return NULL;
    }
    for (size_t i = 0; i < k->column_count && !value; i++) {
        bool is_count = k->columns[i].need == NEED_VALUE && k->columns[i].type == COLUMN_INTEGER;
        value = is_count ? &k->columns[i] : NULL;
    }
    return value;
}

/* ---- people ---- */

const char *person_of_headers(const struct sample *sample, const struct facts *facts,
                              bool *ret_several)
{
    static const char *const PERSONS[] = {"victim", "suspect", "accused"};
    const char *found = NULL;
    *ret_several = false;
    for (size_t p = 0; p < 3; p++) {
        for (size_t i = 0; i < sample->columns; i++) {
            const struct words *w = &facts[i].words;
            if (words_have(w, text_of(PERSONS[p])) && !words_have(w, text_of("relationship"))) {
                *ret_several = *ret_several || (found && found != PERSONS[p]);
                found = PERSONS[p];
            }
        }
    }
    return *ret_several ? NULL : found;
}

/* ---- one kind ---- */

bool is_statistic(const struct facts *f)
{
    double area = 0;
    for (enum value_form form = VALUE_LSOA; form <= VALUE_OLD_BOROUGH; form++) {
        area += facts_share(f, form);
    }
    static const char *const NOT[] = {"latitude", "longitude",  "easting",
                                      "northing", "identifier", "coordinate"};
    for (size_t i = 0; i < sizeof NOT / sizeof NOT[0]; i++) {
        if (words_have(&f->words, text_of(NOT[i]))) {
            return false;
        }
    }
    return *f->header && !f->personal && f->filled > 0 && area < 0.5 &&
           facts_share(f, VALUE_NUMBER) >= 0.8 && facts_share(f, VALUE_YEAR) < 0.9;
}

/* How far a column of the kind is filled from the headers of a wide table; 0 = not at all. */
static double worth_of_table(const struct evidence *e, const struct kind *k,
                             const struct kind_column *kc)
{
    bool is_people = e->people.count > 0 && kind_column_find(k, "persons");
    bool is_statistics = e->statistics >= 2 && strcmp(k->name, "indicators") == 0;
    if (is_people && (strcmp(kc->name, "persons") == 0 || strcmp(kc->name, "sex") == 0 ||
                      strncmp(kc->name, "age_", 4) == 0)) {
        return 0.95;
    }
    return is_statistics && strcmp(kc->name, "indicator") == 0 ? 0.75 : 0;
}

/* Whether a column of the kind is filled from the headers of a wide file. */
static bool is_of_months(const struct evidence *e, const struct kind *k,
                         const struct kind_column *kc)
{
    const struct kind_column *value = kind_wide_value(k);
    return e->months.layout && value &&
           (kc == value || strcmp(kc->name, "period_from") == 0 ||
            strcmp(kc->name, "period_to") == 0);
}

static const struct pin *pin_of(const struct evidence *e, size_t column)
{
    const struct pin *found = NULL;
    for (size_t i = 0; i < e->pin_count; i++) {
        found = e->pins[i].column == column ? &e->pins[i] : found;
    }
    return found;
}

static bool is_pinned_elsewhere(const struct evidence *e, const char *canonical, size_t column)
{
    for (size_t i = 0; i < e->pin_count; i++) {
        if (e->pins[i].canonical && strcmp(e->pins[i].canonical, canonical) == 0) {
            return pin_of(e, e->pins[i].column) == &e->pins[i] && e->pins[i].column != column;
        }
    }
    return false;
}

#define PINNED 100.0 /* outweighs every other pair */

/* What a pair adds to the total. Columns that a kind needs count for more; of equal pairs the one
 * that stands at a like place in the file. */
static double weight_of(const struct evidence *e, const struct kind *k, size_t row, size_t column,
                        const struct score *s)
{
    const struct kind_column *kc = &k->columns[row];
    const struct pin *pin = pin_of(e, column);
    bool is_people = e->people.count > 0 && e->people.is_one[column];
    if (e->months.is_month[column] || is_of_months(e, k, kc) ||
        ((is_people || worth_of_table(e, k, kc) > 0.9) && kind_column_find(k, "persons")) ||
        is_pinned_elsewhere(e, kc->name, column)) {
        return 0;
    }
    if (pin) {
        bool is_this = pin->canonical && strcmp(pin->canonical, kc->name) == 0;
        return is_this ? PINNED : 0;
    }
    /* Words of offences alone make no column a group: category_as_group looks at them later, and
     * the supplier's categories keep their own column. */
    bool is_by_words = strcmp(kc->name, "offence_group") == 0 && s->name < 0.5;
    if (s->is_impossible || s->confidence < SCORE_LEAST || is_by_words) {
        return 0;
    }
    double need = kc->need == NEED_VALUE ? 1.6 : kc->need == NEED_ONE_OF ? 1.2 : 1.0;
    double apart =
        fabs((double)row / (double)k->column_count - (double)column / (double)e->sample->columns);
    return need * s->confidence * s->confidence + 0.01 * (1 - apart); /* one sure pair before two
                                                                         doubtful ones */
}

/* What a need is worth that no column of the file meets: some can be made or asked for. */
static double worth_without(const struct evidence *e, const struct kind *k,
                            const struct kind_column *kc, const struct kind_fit *fit)
{
    if (is_of_months(e, k, kc)) {
        return 0.95;
    }
    if (worth_of_table(e, k, kc) > 0) {
        return worth_of_table(e, k, kc);
    }
    if (k->made && strcmp(k->made, kc->name) == 0) {
        return 0.4; /* an identifier can be made from file and line */
    }
    if (strcmp(kc->name, "role") == 0) {
        return e->person ? 0.9 : 0.35;
    }
    if (strcmp(kc->name, "recorded_at") == 0) { /* the date of the offence can stand in for it */
        for (size_t i = 0; i < k->column_count; i++) {
            if (strcmp(k->columns[i].name, "committed_from") == 0 &&
                fit->columns[i] != MATCH_NONE) {
                return 0.6 * fit->scores[i].confidence;
            }
        }
    }
    if (kc->type == COLUMN_CATEGORY && !kc->is_code) {
        return 0.3; /* the same for every row: it can be asked for */
    }
    bool is_period = strncmp(kc->name, "period_", 7) == 0; /* one question for both ends */
    return strcmp(kc->name, "year") == 0 || is_period ? 0.4 : kc->type == COLUMN_TIME ? 0.2 : 0.05;
}

static void judge_required(const struct evidence *e, struct kind_fit *fit)
{
    double product = 1, one_of = -1;
    size_t n = 0;
    for (size_t i = 0; i < fit->kind->column_count; i++) {
        const struct kind_column *kc = &fit->kind->columns[i];
        bool is_there = fit->columns[i] != MATCH_NONE;
        if (kc->need == NEED_VALUE) {
            product *= is_there ? fit->scores[i].confidence : worth_without(e, fit->kind, kc, fit);
            n++;
        } else if (kc->need == NEED_ONE_OF) {
            double c = is_there ? fit->scores[i].confidence : 0.5; /* can be asked for */
            one_of = c > one_of ? c : one_of;
        }
    }
    if (one_of >= 0) {
        product *= one_of;
        n++;
    }
    fit->required = n ? pow(product, 1.0 / (double)n) : 0;
}

/* Columns that say something a kind could use: filled, not personal, not the name of an area. */
static bool is_informative(const struct facts *f)
{
    return f->filled > 0 && !f->personal && facts_share(f, VALUE_LSOA_NAME) < 0.5 &&
           facts_share(f, VALUE_POINT_TEXT) < 0.5;
}

/* A table of months or of groups of people counts as two columns, however many it has. */
#define TABLE_WORTH 2.0

static double explained_by_table(const struct evidence *e, const struct kind *k)
{
    if (e->months.layout && kind_wide_value(k)) {
        return TABLE_WORTH;
    }
    if (e->people.count && kind_column_find(k, "persons")) {
        return TABLE_WORTH;
    }
    return e->statistics >= 2 && strcmp(k->name, "indicators") == 0 ? TABLE_WORTH : 0;
}

/* A table of areas with many numbers beside each other is not about the one number of a kind that
 * has a single one: residents over 16 beside their qualifications are no population. */
#define MANY_STATISTICS 4

static bool is_one_of_many(const struct evidence *e, const struct kind *k)
{
    bool has_number = false;
    for (size_t i = 0; i < k->column_count; i++) {
        bool is_number = k->columns[i].type == COLUMN_INTEGER || k->columns[i].type == COLUMN_REAL;
        has_number = has_number || (is_number && k->columns[i].need == NEED_VALUE);
    }
    return e->statistics >= MANY_STATISTICS && has_number && explained_by_table(e, k) <= 0;
}

static void judge_explained(const struct evidence *e, struct kind_fit *fit)
{
    bool is_table = e->months.count || e->people.count || e->statistics >= 2;
    double sum = explained_by_table(e, fit->kind), all = is_table ? TABLE_WORTH : 0;
    for (size_t i = 0; i < e->sample->columns; i++) {
        const struct facts *f = &e->facts[i];
        bool is_part = e->months.is_month[i] || (e->people.count && e->people.is_one[i]) ||
                       (e->statistics >= 2 && is_statistic(f));
        all += is_informative(f) && !is_part;
    }
    for (size_t i = 0; i < fit->kind->column_count; i++) {
        sum += fit->columns[i] != MATCH_NONE ? fit->scores[i].confidence : 0;
    }
    fit->explained = all > 0 ? sum / all : 0;
    fit->explained = fit->explained > 1 ? 1 : fit->explained;
}

/* A kind that holds codes and nothing else does not fit a file that counts something. */
static double against(const struct evidence *e, const struct kind *k)
{
    if (is_one_of_many(e, k)) {
        return 0.45;
    }
    for (size_t i = 0; i < k->column_count; i++) {
        if (k->columns[i].need == NEED_VALUE && !k->columns[i].is_code) {
            return 1;
        }
    }
    for (size_t i = 0; i < e->sample->columns; i++) {
        const struct facts *f = &e->facts[i];
        bool is_row_number =
            (double)f->distinct > 0.98 * (double)f->filled && facts_share(f, VALUE_WHOLE) > 0.98;
        if (is_statistic(f) && !is_row_number) {
            return 0.45;
        }
    }
    return 1;
}

static rv_status fit_kind(const struct evidence *e, const struct kind *k, struct kind_fit *ret,
                          struct rv_err *reterr)
{
    size_t rows = k->column_count, columns = e->sample->columns;
    struct scoring s =
        scoring_of(e->lexicon, k, e->facts, columns, e->person ? e->person : e->likely_person);
    struct kind_fit fit = {.kind = k,
                           .columns = ARENA_NEW(e->a, size_t, rows),
                           .scores = ARENA_NEW(e->a, struct score, rows)};
    struct arena_mark mark = arena_mark(e->a);
    double *weight = ARENA_NEW(e->a, double, rows *columns + 1);
    if (!fit.columns || !fit.scores || !weight) {
        return arena_fail(e->a, reterr);
    }
    for (size_t row = 0; row < rows; row++) {
        for (size_t c = 0; c < columns; c++) {
            struct score score = score_pair(&s, &k->columns[row], c);
            weight[row * columns + c] = weight_of(e, k, row, c, &score);
        }
    }
    RV_TRY(match_best(e->a, weight, rows, columns, fit.columns, reterr));
    for (size_t row = 0; row < rows; row++) {
        if (fit.columns[row] != MATCH_NONE) {
            fit.scores[row] = score_pair(&s, &k->columns[row], fit.columns[row]);
            if (weight[row * columns + fit.columns[row]] >= PINNED) {
                fit.scores[row].confidence = 1;
            }
        }
    }
    arena_release(e->a, mark);
    judge_required(e, &fit);
    judge_explained(e, &fit);
    *ret = fit;
    return rv_ok();
}

static rv_status count_hints(const struct evidence *e, struct kind_fit *fit, struct rv_err *reterr)
{
    struct words *words = ARENA_NEW(e->a, struct words, e->sample->columns + 1);
    if (!words) {
        return arena_fail(e->a, reterr);
    }
    for (size_t i = 0; i < e->sample->columns; i++) {
        words[i] = e->facts[i].words;
    }
    fit->hints = lexicon_hints(e->lexicon, fit->kind->name, words, e->sample->columns);
    return rv_ok();
}

/* ---- all kinds ---- */

static int compare_fits(const void *left, const void *right)
{
    const struct kind_fit *a = left, *b = right;
    if (a->total != b->total) {
        return a->total > b->total ? -1 : 1;
    }
    return a->kind < b->kind ? -1 : a->kind > b->kind; /* both of one table */
}

rv_status kinds_rank(const struct evidence *e, const struct kind *only, struct kind_fit **ret,
                     size_t *ret_count, struct rv_err *reterr)
{
    size_t count, n = 0;
    const struct kind *kinds = kind_table(&count);
    struct kind_fit *fits = ARENA_NEW(e->a, struct kind_fit, count);
    if (!fits) {
        return arena_fail(e->a, reterr);
    }
    for (size_t i = 0; i < count; i++) {
        if (only && only != &kinds[i]) {
            continue;
        }
        struct kind_fit *fit = &fits[n++];
        RV_TRY(fit_kind(e, &kinds[i], fit, reterr));
        RV_TRY(count_hints(e, fit, reterr));
        double hints = fit->hints < 4 ? (double)fit->hints / 4 : 1;
        /* Crime is what most files are about; another subject is named in some header. */
        bool is_crime = strcmp(kinds[i].name, "offences") == 0;
        double prior = is_crime ? 1.0 : fit->hints ? 0.95 : 0.8;
        fit->total = fit->required * (0.3 + 0.7 * fit->explained) * (0.7 + 0.3 * hints) * prior *
                     against(e, fit->kind);
    }
    qsort(fits, n, sizeof *fits, compare_fits);
    *ret = fits;
    *ret_count = n;
    return rv_ok();
}

double kind_confidence(const struct kind_fit *fits, size_t count)
{
    double first = fits[0].total, second = count > 1 ? fits[1].total : 0;
    double clear = first > 0 ? first / (first + 0.6 * second) : 0;
    double good = first < 0.35 ? first / 0.35 : 1;
    double said = fits[0].hints ? 1 : 0.75; /* no word of the headers speaks for it */
    double confidence = clear * good * said;
    return confidence > 0.99 ? 0.99 : confidence;
}
