/* ingest/suggest_score.c — the two witnesses weighed.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "ingest/suggest_score.h"

#define NAME_WEIGHT 0.92
#define MOST        0.99 /* nothing that a machine infers is certain */

/* What cells of a canonical column look like, and how much that says without a fitting header.
 * Columns that are not here are judged by their type. */
static const struct {
    const char *column;
    enum value_form form;
    double telling;
} EXPECTED[] = {
    {"easting", VALUE_LONDON_EASTING, 0.35},
    {"easting", VALUE_EASTING, 0.15},
    {"easting", VALUE_KILOMETRE_EASTING, 0.05},
    {"northing", VALUE_LONDON_NORTHING, 0.35},
    {"northing", VALUE_NORTHING, 0.1},
    {"northing", VALUE_KILOMETRE_NORTHING, 0.05},
    {"latitude", VALUE_LATITUDE, 0.55},
    {"latitude", VALUE_FAR_LATITUDE, 0.05},
    {"longitude", VALUE_LONGITUDE, 0.5},
    {"longitude", VALUE_FAR_LONGITUDE, 0.05},
    {"lsoa_code", VALUE_LSOA, 0.9},
    {"ward_code", VALUE_WARD, 0.85},
    {"ward_code", VALUE_OLD_WARD, 0.7},
    {"borough_code", VALUE_BOROUGH, 0.85},
    {"borough_code", VALUE_OLD_BOROUGH, 0.5},
    {"area_code", VALUE_LSOA, 0.75},
    {"area_code", VALUE_WARD, 0.7},
    {"area_code", VALUE_BOROUGH, 0.65},
    {"area_code", VALUE_MSOA, 0.6},
    {"area_code", VALUE_REGION, 0.55},
    {"area_code", VALUE_OTHER_GSS, 0.5},
    {"area_code", VALUE_OLD_WARD, 0.55},
    {"area_code", VALUE_OLD_BOROUGH, 0.4},
    {"from_code", VALUE_LSOA, 0.7},
    {"from_code", VALUE_WARD, 0.6},
    {"from_code", VALUE_BOROUGH, 0.4},
    {"from_code", VALUE_OTHER_GSS, 0.4},
    {"from_code", VALUE_MSOA, 0.4},
    {"to_code", VALUE_LSOA, 0.6},
    {"to_code", VALUE_WARD, 0.62},
    {"to_code", VALUE_BOROUGH, 0.58},
    {"to_code", VALUE_OTHER_GSS, 0.4},
    {"to_code", VALUE_MSOA, 0.4},
    {"coverage_area", VALUE_BOROUGH, 0.4},
    {"offence_code", VALUE_HO_LETTERED, 0.6},
    {"offence_code", VALUE_HO_CODE, 0.1},
    {"ethnicity", VALUE_ETHNICITY_CODE, 0.85},
    {"ethnicity_observed", VALUE_IC_CODE, 0.9},
    {"age", VALUE_AGE, 0.12},
    {"age_band", VALUE_AGE_BAND, 0.75},
    {"year", VALUE_YEAR, 0.5},
};

static double share_of_codes(const struct facts *f)
{
    double share = 0;
    for (enum value_form form = VALUE_LSOA; form <= VALUE_OLD_BOROUGH; form++) {
        share += facts_share(f, form);
    }
    return share;
}

/* Dates and labels of years alike. */
static double share_of_times(const struct facts *f)
{
    double dates = facts_share(f, VALUE_DATE), labels = facts_share(f, VALUE_PERIOD);
    return dates > labels ? dates : labels;
}

struct scoring scoring_of(const struct lexicon *l, const struct kind *kind,
                          const struct facts *facts, size_t columns, const char *person)
{
    struct scoring s = {l, kind, facts, columns, person, 0, 0};
    for (size_t i = 0; i < columns; i++) {
        s.dates += share_of_times(&facts[i]) >= 0.6 && !facts[i].personal;
        s.codes += share_of_codes(&facts[i]) >= 0.9;
    }
    return s;
}

static double fit_of_form(const struct facts *f, enum value_form form)
{
    /* A class code with a letter shows what the plain numbers beside it are. */
    if (form == VALUE_HO_LETTERED) {
        return facts_share(f, form) >= 0.1 ? facts_share(f, VALUE_HO_CODE) : 0;
    }
    /* Nine-character codes of several levels may stand in one column. */
    return facts_share(f, form);
}

const char *score_vocabulary(const struct lexicon *l, const struct kind_column *kc)
{
    bool is_closed = kc->type == COLUMN_CATEGORY && kc->vocabulary;
    return is_closed && lexicon_vocabulary(l, kc->name) < MOST_VOCABULARIES ? kc->name : NULL;
}

/* Whether a row has a value of its own there: the first column of a key that does not repeat. */
static bool is_key_alone(const struct kind *k, const struct kind_column *kc)
{
    return k->key[0] && !k->key[1] && strcmp(k->key[0], kc->name) == 0;
}

struct weighing {
    struct score s;
    double telling;
    double consistency;
};

static void better(struct weighing *w, double value, double telling, enum value_form form)
{
    if (value * telling > w->s.value * w->telling || (w->s.value == 0 && value > 0)) {
        w->s.value = value;
        w->telling = telling;
        w->s.form = form;
    }
}

static void weigh_forms(const struct facts *f, const char *column, struct weighing *w,
                        bool *ret_is_listed)
{
    *ret_is_listed = false;
    for (size_t i = 0; i < sizeof EXPECTED / sizeof EXPECTED[0]; i++) {
        if (strcmp(EXPECTED[i].column, column) == 0) {
            *ret_is_listed = true;
            better(w, fit_of_form(f, EXPECTED[i].form), EXPECTED[i].telling, EXPECTED[i].form);
        }
    }
}

/* An identifier differs from row to row and is no measurement. */
static void weigh_identifier(const struct scoring *s, const struct facts *f,
                             const struct kind_column *kc, struct weighing *w)
{
    double share = f->filled ? (double)f->distinct / (double)f->filled : 0;
    bool is_measure = facts_share(f, VALUE_DATE) > 0.9 || facts_share(f, VALUE_SENTENCE) > 0.3 ||
                      (facts_share(f, VALUE_NUMBER) > 0.9 && facts_share(f, VALUE_WHOLE) < 0.9);
    if (!is_key_alone(s->kind, kc)) {
        /* It may come again, but it is a reference. */
        better(w, share * facts_share(f, VALUE_CODE), is_measure ? 0 : 0.2, VALUE_COUNT);
        w->consistency = is_measure ? 0.4 : 1;
        return;
    }
    double filled = f->rows ? (double)f->filled / (double)f->rows : 0;
    better(w, share * (0.5 + 0.5 * filled), is_measure ? 0 : 0.35, VALUE_COUNT);
    w->consistency = is_measure ? 0.3 : 0.25 + 0.75 * share;
}

static bool says_yes_or_no(const struct facts *f)
{
    return f->distinct <= 4 && (f->yes + f->no) * 10 >= f->filled * 9;
}

/* Categories by the words of their cells; plain numbers and dates are none. */
static void weigh_category(const struct scoring *s, const struct facts *f,
                           const struct kind_column *kc, bool is_listed, struct weighing *w)
{
    const char *vocabulary = score_vocabulary(s->lexicon, kc);
    double mixed = 0;
    if (strcmp(kc->name, "flags") == 0 && says_yes_or_no(f)) {
        w->s.is_impossible = true; /* a flag of its own, not a list */
        return;
    }
    if (vocabulary) {
        double known = facts_known(f, s->lexicon, vocabulary, &mixed);
        /* 1 and 2, yes and no say little by themselves. */
        bool is_code = facts_share(f, VALUE_WHOLE) > 0.9 || says_yes_or_no(f);
        double few = f->distinct <= 60 ? 1 : 0.3;
        double telling = is_code ? 0.05 : f->distinct >= 3 && known >= 0.8 ? 0.85 : 0.7;
        better(w, (known + 0.5 * mixed) * few, telling, VALUE_COUNT);
        if (kc->vocabulary && w->s.value < 0.2 && f->distinct > 60) {
            w->s.is_impossible = true;
        }
        w->consistency = 0.45 + 0.55 * w->s.value;
        return;
    }
    if (strcmp(kc->name, "category") == 0 && facts_is_category(f)) {
        double known = facts_known(f, s->lexicon, "offence_group", &mixed);
        better(w, known + mixed, 0.5, VALUE_COUNT);
    }
    bool is_measure = facts_share(f, VALUE_NUMBER) > 0.9 && facts_share(f, VALUE_WHOLE) < 0.5;
    bool is_other = facts_share(f, VALUE_DATE) > 0.9 || facts_share(f, VALUE_TIME_OF_DAY) > 0.9 ||
                    is_measure || says_yes_or_no(f);
    if (!is_listed) {
        w->consistency = is_other ? 0.3 : 1;
    }
}

/* A column for codes of boroughs whose cells are their names: a map turns them into codes. */
static void weigh_borough(const struct scoring *s, const struct facts *f, struct weighing *w)
{
    double names = f->filled ? (double)f->boroughs / (double)f->filled : 0;
    if (names > w->s.value) {
        better(w, names, 0.5, VALUE_COUNT);
        w->consistency = (0.25 + 0.75 * names) * (s->codes ? 0.6 : 1);
    }
}

/* Codes of areas; names of boroughs only where the file has no code at all: names never join, but
 * a map can turn them into codes. */
static void weigh_code(const struct scoring *s, const struct facts *f, struct weighing *w)
{
    double gss = share_of_codes(f);
    double names = f->filled ? (double)f->boroughs / (double)f->filled : 0;
    bool are_names = names > gss;
    if (are_names) {
        better(w, names, 0.65, VALUE_COUNT);
    } else if (gss > w->s.value) {
        w->s.value = gss; /* codes of several levels */
    }
    w->s.is_impossible = gss < 0.5 && names < 0.5;
    w->consistency = (0.25 + 0.75 * w->s.value) * (are_names && s->codes ? 0.5 : 1);
}

static void weigh_number(const struct facts *f, const struct kind_column *kc, bool is_listed,
                         struct weighing *w)
{
    bool is_whole = kc->type == COLUMN_INTEGER;
    double plain = facts_share(f, is_whole ? VALUE_WHOLE : VALUE_NUMBER);
    double comma = facts_share(f, VALUE_COMMA_NUMBER),
           grouped = facts_share(f, VALUE_GROUPED_NUMBER);
    plain += facts_share(f, VALUE_ZERO_DECIMALS) * is_whole; /* 28.0 is a whole number */
    if (grouped > 0 && plain + grouped > 0.9) {              /* 1,204 beside 17: thousands */
        plain += grouped;
        comma = 0;
    }
    double fits = comma > plain ? comma + facts_share(f, VALUE_WHOLE) : plain;
    fits = fits > 1 ? 1 : fits;
    w->s.is_impossible = fits < 0.6;
    if (!is_listed) {
        better(w, fits, 0.08, is_whole ? VALUE_WHOLE : VALUE_NUMBER);
        w->consistency = 0.3 + 0.7 * fits;
        return;
    }
    if (w->s.value == 0) {
        w->s.value = fits * 0.5;
    }
    if (comma > plain) { /* 51,5 is read once the decimal mark is declared */
        w->s.value = fits;
        w->telling = 0;
    }
    w->consistency = 0.2 + 0.8 * w->s.value;
}

/* Of several dates the header must say which is which; the only one of a file is the one that
 * the kind needs. */
static void weigh_time(const struct scoring *s, const struct facts *f, const struct kind_column *kc,
                       struct weighing *w)
{
    double dates = facts_share(f, VALUE_DATE);
    bool is_label = strncmp(kc->name, "period_", 7) == 0 && facts_are_labels(f);
    double fits = is_label ? facts_share(f, VALUE_PERIOD) : dates;
    double telling = kc->need != NEED_VALUE ? 0.12 : s->dates == 1 ? 0.62 : 0.3;
    w->s.is_impossible = fits < 0.6;
    better(w, fits, telling, is_label ? VALUE_PERIOD : VALUE_DATE);
    w->consistency = 0.3 + 0.7 * fits;
}

/* Free text about people may name them: it is never taken without being asked for. */
#define FREE_TEXT 0.6

static void weigh_text(const struct scoring *s, const struct facts *f, struct weighing *w)
{
    bool is_free = s->kind->holds_people && facts_share(f, VALUE_SENTENCE) > 0.3;
    bool is_other = facts_share(f, VALUE_DATE) > 0.9 || facts_share(f, VALUE_NUMBER) > 0.9 ||
                    facts_share(f, VALUE_TIME_OF_DAY) > 0.9;
    w->consistency = is_other ? 0.4 : is_free ? FREE_TEXT : 1;
}

static void weigh(const struct scoring *s, const struct facts *f, const struct kind_column *kc,
                  struct weighing *w)
{
    bool is_listed;
    weigh_forms(f, kc->name, w, &is_listed);
    if (is_listed) {
        w->consistency = 0.25 + 0.75 * w->s.value;
    }
    switch (kc->type) {
    case COLUMN_TIME:
        weigh_time(s, f, kc, w);
        break;
    case COLUMN_INTEGER:
    case COLUMN_THOUSANDTHS:
    case COLUMN_REAL:
        weigh_number(f, kc, is_listed, w);
        break;
    case COLUMN_CATEGORY:
        if (kc->is_code) {
            weigh_code(s, f, w);
        } else {
            weigh_category(s, f, kc, is_listed, w);
        }
        if (strcmp(kc->name, "borough_code") == 0) {
            weigh_borough(s, f, w);
        }
        break;
    case COLUMN_TEXT:
        if (kc->need == NEED_VALUE || is_key_alone(s->kind, kc)) {
            weigh_identifier(s, f, kc, w);
        } else {
            weigh_text(s, f, w);
        }
        break;
    }
}

/* Whether the header is about another person than the rows of this file are. */
static bool is_of_another(const struct scoring *s, const struct facts *f)
{
    static const char *const PERSONS[] = {"victim", "suspect", "accused"};
    bool is_about_other = false;
    bool is_about_both = words_have(&f->words, text_of("relationship"));
    for (size_t i = 0; s->person && !is_about_both && i < 3; i++) {
        bool is_named = words_have(&f->words, text_of(PERSONS[i]));
        if (is_named && strcmp(PERSONS[i], s->person) == 0) {
            return false;
        }
        is_about_other = is_about_other || is_named;
    }
    return is_about_other;
}

struct score score_pair(const struct scoring *s, const struct kind_column *kc, size_t column)
{
    const struct facts *f = &s->facts[column];
    struct weighing w = {.s = {.form = VALUE_COUNT}, .consistency = 1};
    struct header_match m = lexicon_header(s->lexicon, s->kind->name, kc->name, &f->words);
    if (f->filled > 0) {
        weigh(s, f, kc, &w);
    }
    bool is_empty = f->filled == 0;
    if (is_empty) { /* only the header speaks, and a layout cannot be known */
        bool is_words = kc->type == COLUMN_CATEGORY || kc->type == COLUMN_TEXT;
        w.s.is_impossible = !is_words || kc->is_code || m.score < 0.95 || f->empty < f->rows;
        w.consistency = 0.88;
    }
    if (m.is_ruled_out || w.s.is_impossible || is_of_another(s, f) ||
        (f->personal && kc->type != COLUMN_INTEGER)) {
        w.s.confidence = 0;
        w.s.is_impossible = w.s.is_impossible || m.is_ruled_out;
        return w.s;
    }
    w.s.name = m.score;
    w.s.phrase = m.phrase;
    double doubt = (1 - NAME_WEIGHT * m.score) * (1 - w.telling * w.s.value);
    w.s.confidence = (1 - doubt) * w.consistency;
    w.s.confidence = w.s.confidence > MOST ? MOST : w.s.confidence;
    return w.s;
}
