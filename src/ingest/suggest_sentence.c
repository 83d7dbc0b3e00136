/* ingest/suggest_sentence.c — the evidence in plain sentences, without what the cells say.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "ingest/suggest_parts.h"

#include <stdio.h>

void count_text(int64_t n, char out[32])
{
    char plain[24];
    int digits = snprintf(plain, sizeof plain, "%lld", (long long)n);
    size_t to = 0;
    for (int i = 0; i < digits; i++) {
        if (i > 0 && (digits - i) % 3 == 0 && plain[i - 1] != '-') {
            out[to++] = ',';
        }
        out[to++] = plain[i];
    }
    out[to] = '\0';
}

/* "1,204 of 1,204 cells" */
static const char *share_text(struct arena *a, int64_t part, int64_t all, const char *what)
{
    char left[32], right[32];
    count_text(part, left);
    count_text(all, right);
    return arena_printf(a, "%s of %s %s", left, right, what);
}

static const char *value_part(struct arena *a, const struct scoring *s,
                              const struct kind_column *kc, const struct facts *f,
                              const struct score *score)
{
    double mixed;
    if (score->form != VALUE_COUNT && f->forms[score->form] > 0) {
        enum value_form form = score->form == VALUE_HO_LETTERED ? VALUE_HO_CODE : score->form;
        const char *share = share_text(a, f->forms[form], f->filled, "filled cells are");
        return share ? arena_printf(a, "%s %s", share, value_form_name(form)) : NULL;
    }
    const char *vocabulary = score_vocabulary(s->lexicon, kc);
    if (vocabulary && facts_known(f, s->lexicon, vocabulary, &mixed) + mixed > 0) {
        size_t v = lexicon_vocabulary(s->lexicon, vocabulary);
        return share_text(a, f->known[v] + f->mixed[v], f->filled, "filled cells are known words");
    }
    bool is_area = kc->is_code || strcmp(kc->name, "borough_code") == 0;
    if (is_area && f->boroughs > 0) {
        return share_text(a, f->boroughs, f->filled, "filled cells are names of London boroughs");
    }
    if (score->value > 0 && kc->type == COLUMN_TEXT) {
        return share_text(a, (int64_t)f->distinct, f->filled, "values differ");
    }
    if (f->filled < f->rows) {
        return share_text(a, f->filled, f->rows, "rows have a value");
    }
    return share_text(a, (int64_t)f->distinct, f->filled, "values differ");
}

const char *score_sentence(struct arena *a, const struct scoring *s, const struct kind_column *kc,
                           size_t column, const struct score *score)
{
    const struct facts *f = &s->facts[column];
    /* Of dates more is said once their layout is known. */
    const char *values = kc->type == COLUMN_TIME ? "" : value_part(a, s, kc, f, score);
    if (f->filled == 0) {
        return arena_printf(a,
                            "no row that was looked at has a value; the header is a usual one for "
                            "it");
    }
    const char *mark = kc->type == COLUMN_TIME ? "" : "; ";
    if (!values) {
        return NULL;
    }
    if (score->name >= 0.95) {
        return arena_printf(a, "%s%sthe header is a usual one for it", values, mark);
    }
    if (score->name > 0) {
        return arena_printf(a, "%s%sthe header is like \"%s\"", values, mark, score->phrase);
    }
    return arena_printf(a, "%s%sthe header does not say so", values, mark);
}

const char *date_sentence(struct proposing *g, const struct facts *f,
                          const struct date_layout *layout)
{
    char all[32], contradict[32], fit[32];
    count_text(f->filled, all);
    count_text(f->forms[VALUE_DATE], fit);
    if (layout->shape != DATE_NUMBERS) {
        return arena_printf(g->a, "%s of %s filled cells are dates or times, written %s", fit, all,
                            layout->shape == DATE_ISO ? "year first (ISO)" : layout->layout);
    }
    if (layout->order == DATE_ORDER_KNOWN) {
        bool is_day_first = layout->layout[0] == 'D';
        count_text(is_day_first ? f->dates.not_month_first : f->dates.not_day_first, contradict);
        return arena_printf(g->a,
                            "%s of %s filled cells are dates, written %s: in %s rows the %s "
                            "number is above 12",
                            fit, all, layout->layout, contradict,
                            is_day_first ? "first" : "second");
    }
    if (layout->order == DATE_ORDER_BOTH) {
        return arena_printf(g->a,
                            "its dates fit both %s and %s: the file cannot say which is meant",
                            layout->layout, layout->other);
    }
    return arena_printf(g->a, "its dates fit neither %s nor %s throughout", layout->layout,
                        layout->other);
}

const char *kind_sentence(struct proposing *g, const struct kind_fit *fit)
{
    size_t needs = 0, met = 0, used = 0;
    for (size_t i = 0; i < fit->kind->column_count; i++) {
        bool is_there = fit->columns[i] != MATCH_NONE;
        needs += fit->kind->columns[i].need == NEED_VALUE;
        met += fit->kind->columns[i].need == NEED_VALUE && is_there;
        used += is_there;
    }
    return arena_printf(
        g->a,
        "%zu of the %zu columns that every row of %s needs are there, and %zu of the "
        "%zu columns of the file fit it",
        met, needs, fit->kind->name, used, g->sample->columns);
}
