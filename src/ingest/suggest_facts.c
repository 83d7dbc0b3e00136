/* ingest/suggest_facts.c — one pass over the distinct values of each column.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "ingest/suggest_facts.h"

#include "base/limits.h"
#include "base/memory.h"
#include "column/dictionary.h"
#include "ingest/pipeline.h"

#include <stdlib.h>

#define PREFIX_SHARE 0.8 /* of the filled rows begin alike */

/* ---- distinct values ---- */

struct counting {
    struct arena *a;
    const struct lexicon *l;
    const struct sample *sample;
    struct dictionary cells;
    int64_t *rows; /* by code */
    struct rv_err *err;
};

static void counting_done(struct counting *c)
{
    dictionary_done(&c->cells);
    memory_free(c->rows);
    c->rows = NULL;
}

static rv_status count_cells(struct counting *c, size_t column, struct facts *f)
{
    dictionary_done(&c->cells);
    dictionary_init(&c->cells, LIMIT_DICTIONARY);
    memset(c->rows, 0, (c->sample->rows + 1) * sizeof *c->rows);
    for (size_t row = 0; row < c->sample->rows; row++) {
        struct text cell = c->sample->cells[row * c->sample->columns + column];
        uint32_t code;
        RV_TRY(dictionary_code(&c->cells, cell, &code, c->err));
        c->rows[code]++;
        f->longest = cell.n > f->longest ? cell.n : f->longest;
        f->mean_bytes += (double)cell.n;
    }
    f->rows = (int64_t)c->sample->rows;
    f->empty = c->rows[0];
    int64_t filled = f->rows - f->empty;
    f->mean_bytes = filled ? f->mean_bytes / (double)filled : 0;
    return rv_ok();
}

static int compare_counts(const void *left, const void *right)
{
    const struct value_count *a = left, *b = right;
    if (a->rows != b->rows) {
        return a->rows > b->rows ? -1 : 1;
    }
    return text_compare(a->value, b->value);
}

static void add_value(struct facts *f, const struct value_count *v)
{
    struct date_cell date;
    f->filled += v->rows;
    f->distinct++;
    for (enum value_form form = 0; form < VALUE_COUNT; form++) {
        f->forms[form] += v->forms & form_bit(form) ? v->rows : 0;
    }
    if (v->forms & form_bit(VALUE_DATE) && date_read(v->value, &date)) {
        date_tally_add(&f->dates, &date, v->rows);
    }
    clock_tally_add(&f->clock, v->value, v->rows);
}

/* Every distinct value, judged; the most frequent ones are kept. */
static rv_status judge_values(struct counting *c, struct facts *f)
{
    struct arena_mark mark = arena_mark(c->a);
    struct value_count *all = ARENA_NEW(c->a, struct value_count, c->cells.count);
    if (!all) {
        return arena_fail(c->a, c->err);
    }
    size_t n = 0;
    for (uint32_t code = 1; code < c->cells.count; code++) {
        struct value_count v = {dictionary_text(&c->cells, code), c->rows[code], 0, false};
        v.is_missing = v.value.n <= 40 && lexicon_value(c->l, "missing", v.value).score >= 1;
        v.forms = value_forms(v.value);
        if (v.is_missing) {
            f->missing += v.rows;
        } else {
            add_value(f, &v);
        }
        all[n++] = v;
    }
    qsort(all, n, sizeof *all, compare_counts);
    f->value_count = n < MOST_VALUES_KEPT ? n : MOST_VALUES_KEPT;
    struct value_count kept[MOST_VALUES_KEPT];
    memcpy(kept, all, f->value_count * sizeof *kept);
    arena_release(c->a, mark);
    f->values = ARENA_NEW(c->a, struct value_count, f->value_count + 1);
    for (size_t i = 0; f->values && i < f->value_count; i++) {
        f->values[i] = kept[i];
        f->values[i].value.at = arena_text(c->a, kept[i].value.at, kept[i].value.n);
        if (!f->values[i].value.at) {
            f->values = NULL;
        }
    }
    return f->values ? rv_ok() : arena_fail(c->a, c->err);
}

/* ---- what follows from the values ---- */

static void count_meaning(const struct lexicon *l, size_t v, struct facts *f)
{
    const char *name = lexicon_vocabulary_name(l, v);
    bool is_flag = strcmp(name, "flag") == 0;
    for (size_t i = 0; i < f->value_count; i++) {
        const struct value_count *c = &f->values[i];
        if (c->is_missing || c->value.n > 120) {
            continue;
        }
        const char *target = lexicon_value(l, name, c->value).target;
        if (target && strcmp(target, "(mixed)") == 0) {
            f->mixed[v] += c->rows;
        } else if (target) {
            f->known[v] += c->rows;
            f->yes += is_flag && strcmp(target, "yes") == 0 ? c->rows : 0;
            f->no += is_flag && strcmp(target, "no") == 0 ? c->rows : 0;
        }
    }
}

/* Columns whose values hardly ever come again are no vocabulary: not worth the search. */
static void count_words_of(const struct lexicon *l, struct facts *f)
{
    bool is_diverse =
        f->distinct > MOST_VALUES_KEPT && (double)f->distinct > 0.5 * (double)f->filled;
    for (size_t v = 0; lexicon_vocabulary_name(l, v) && !is_diverse; v++) {
        if (strcmp(lexicon_vocabulary_name(l, v), "missing") != 0) {
            count_meaning(l, v, f);
        }
    }
    size_t boroughs = lexicon_vocabulary(l, "borough");
    f->boroughs = boroughs < MOST_VOCABULARIES ? f->known[boroughs] : 0;
}

/* The words that most values begin with, up to and with the space: two words at least, so that
 * "Havering 001A" has none. */
static rv_status find_prefix(struct counting *c, struct facts *f)
{
    if (f->value_count < 3 || f->mean_bytes < 8) {
        return rv_ok();
    }
    struct text first = f->values[0].value;
    for (size_t n = first.n; n > 5; n--) {
        struct text prefix = {first.at, n};
        size_t spaces = 0;
        for (size_t i = 0; i < n; i++) {
            spaces += first.at[i] == ' ';
        }
        if (first.at[n - 1] != ' ' || spaces < 2) {
            continue;
        }
        int64_t rows = 0, all = 0;
        size_t values = 0;
        for (size_t i = 0; i < f->value_count; i++) {
            bool is_so =
                f->values[i].value.n > n && memcmp(f->values[i].value.at, prefix.at, n) == 0;
            rows += is_so ? f->values[i].rows : 0;
            values += is_so;
            all += f->values[i].is_missing ? 0 : f->values[i].rows;
        }
        if (values >= 3 && (double)rows >= PREFIX_SHARE * (double)all) {
            f->prefix = arena_text(c->a, prefix.at, prefix.n);
            return f->prefix ? rv_ok() : arena_fail(c->a, c->err);
        }
    }
    return rv_ok();
}

double facts_share(const struct facts *f, enum value_form form)
{
    return f->filled ? (double)f->forms[form] / (double)f->filled : 0;
}

/* Header first, then values: most of them for forms that other things can have by chance. */
static void find_personal(struct facts *f)
{
    static const struct {
        enum value_form form;
        double share;
    } LEAST[] = {{VALUE_NHS_NUMBER, 0.3}, {VALUE_POSTCODE, 0.3}, {VALUE_EMAIL, 0.1},
                 {VALUE_NI_NUMBER, 0.3},  {VALUE_UPN, 0.5},      {VALUE_PHONE, 0.5},
                 {VALUE_ADDRESS, 0.5}};
    f->personal = personal_header(text_of(f->header));
    f->is_personal_by_name = f->personal != NULL;
    for (size_t i = 0; i < sizeof LEAST / sizeof LEAST[0] && !f->personal; i++) {
        if (f->forms[LEAST[i].form] && facts_share(f, LEAST[i].form) >= LEAST[i].share) {
            f->personal = value_form_personal(LEAST[i].form);
        }
    }
    /* Names of people are told from names of places only by how rarely they come again. */
    bool is_many = f->filled >= 20 && (double)f->distinct >= 0.5 * (double)f->filled;
    if (!f->personal && is_many && facts_share(f, VALUE_PERSON_NAME) >= 0.8 && f->boroughs == 0 &&
        facts_share(f, VALUE_LSOA_NAME) < 0.1) {
        f->personal = value_form_personal(VALUE_PERSON_NAME);
    }
}

double facts_known(const struct facts *f, const struct lexicon *l, const char *vocabulary,
                   double *ret_mixed)
{
    size_t v = lexicon_vocabulary(l, vocabulary);
    bool is_none = v == MOST_VOCABULARIES || f->filled == 0;
    *ret_mixed = is_none ? 0 : (double)f->mixed[v] / (double)f->filled;
    return is_none ? 0 : (double)f->known[v] / (double)f->filled;
}

bool facts_are_labels(const struct facts *f)
{
    double labels = facts_share(f, VALUE_PERIOD);
    return labels >= 0.6 && facts_share(f, VALUE_DATE) < labels;
}

bool facts_are_midnights(const struct facts *f)
{
    static const char *const MIDNIGHT[] = {"00:00", "00:00:00", "00:00:00.000", "0:00",
                                           "12:00:00 AM"};
    for (size_t i = 0; i < f->value_count; i++) {
        bool is_so = f->values[i].is_missing;
        for (size_t m = 0; m < sizeof MIDNIGHT / sizeof MIDNIGHT[0]; m++) {
            is_so = is_so || text_ends(f->values[i].value, MIDNIGHT[m]);
        }
        if (!is_so) {
            return false;
        }
    }
    return f->value_count > 0;
}

bool facts_is_category(const struct facts *f)
{
    return f->filled > 0 && f->distinct <= 300 && f->mean_bytes <= 80 &&
           ((double)f->distinct <= 0.2 * (double)f->filled || f->distinct <= 5);
}

static rv_status find_column(struct counting *c, size_t column, struct facts *f)
{
    const struct sample *s = c->sample;
    struct text header = text_trim(s->header[column]);
    f->header = arena_text(c->a, header.n ? header.at : "", header.n);
    if (!f->header) {
        return arena_fail(c->a, c->err);
    }
    lexicon_words(c->l, header, &f->words);
    RV_TRY(count_cells(c, column, f));
    RV_TRY(judge_values(c, f));
    count_words_of(c->l, f);
    RV_TRY(find_prefix(c, f));
    find_personal(f);
    if (s->watched && s->watched[column].rows[DATE_NUMBERS] > 0) {
        f->dates.not_day_first = s->watched[column].not_day_first;
        f->dates.not_month_first = s->watched[column].not_month_first;
        f->dates.rows[DATE_NUMBERS] = s->watched[column].rows[DATE_NUMBERS];
    }
    return rv_ok();
}

rv_status facts_find(struct arena *a, const struct lexicon *l, const struct sample *sample,
                     struct facts **ret, struct rv_err *reterr)
{
    struct facts *list = ARENA_NEW(a, struct facts, sample->columns + 1);
    RV_CLEANUP(counting_done)
    struct counting c = {.a = a, .l = l, .sample = sample, .err = reterr};
    dictionary_init(&c.cells, LIMIT_DICTIONARY);
    c.rows = memory_new(sample->rows + 1, sizeof *c.rows);
    if (!list || !c.rows) {
        return list ? rv_fail(reterr, RV_NO_MEMORY, "out of memory for the mapping assistant")
                    : arena_fail(a, reterr);
    }
    for (size_t i = 0; i < sample->columns; i++) {
        RV_TRY(find_column(&c, i, &list[i]));
    }
    *ret = list;
    return rv_ok();
}
