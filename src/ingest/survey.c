/* ingest/survey.c — the import of a survey: its codebook decides how the file is read.
 *
 * A survey is the series of its name, whoever supplied the file. Of one survey and period the
 * newest codebook decides; what it says otherwise than the one before is told, not refused: a
 * corrected label or population is the usual reason. SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "ingest/import.h"

#include <math.h>

#define SAME_TOTAL  1e-12
#define CODE_BYTES  3  /* a code of letters; a longer word may be a name */
#define SHOWN_BYTES 30 /* of an answer with a digit and no blank, or that several gave */
#define SHOWN_ROWS  5  /* so many are several */

rv_status import_check_survey_options(struct import *m)
{
    const struct ingest_options *o = m->options;
    bool is_survey = o->kind && strcmp(o->kind, "survey") == 0;
    if (is_survey && !o->codebook) {
        return rv_fail(m->err, RV_USAGE,
                       "--as survey needs --codebook JSON: what the columns and answers mean");
    }
    if (o->codebook && o->kind && !is_survey) {
        return rv_fail(m->err, RV_USAGE, "--codebook is of a survey, not of %.40s", o->kind);
    }
    if (o->codebook && (o->profile || o->set_count)) {
        return rv_fail(m->err, RV_USAGE, "the codebook says how a survey is read: leave %s out",
                       o->profile ? "--profile" : "--set");
    }
    return rv_ok();
}

/* The period of the rows: the codebook's, or what --period says. */
static rv_status take_period(struct import *m)
{
    const struct codebook *b = m->codebook;
    bool is_declared = m->declared.first <= m->declared.last;
    if (b->from && is_declared) {
        return rv_fail(m->err, RV_USAGE,
                       "the codebook %.200s states the survey's period: leave --period out",
                       m->options->codebook);
    }
    if (!b->from && !is_declared) {
        return rv_fail(m->err, RV_INVALID,
                       "the codebook %.200s does not say when the survey was held: add \"period\": "
                       "[\"2023-01-01\", \"2023-12-31\"], or give --period; nothing was loaded",
                       m->options->codebook);
    }
    char first[8], last[8];
    month_write(b->from ? b->months.first : m->declared.first, first);
    month_write(b->from ? b->months.last : m->declared.last, last);
    m->from = b->from ? b->from : arena_text(m->a, first, 7);
    m->to = b->to ? b->to : arena_text(m->a, last, 7);
    m->declared = b->from ? b->months : m->declared;
    return m->from && m->to ? rv_ok() : arena_fail(m->a, m->err);
}

/* Every column of the codebook is in the file. */
static rv_status check_header(const struct import *m, const struct head *head)
{
    const char *missing = NULL;
    size_t count = 0;
    for (size_t i = 0; i < m->profile->column_count; i++) {
        bool is_there = false;
        for (size_t k = 0; k < head->header_count && !is_there; k++) {
            is_there =
                text_equal_nocase(text_trim(head->header[k]), text_of(m->profile->columns[i].name));
        }
        missing = is_there || missing ? missing : m->profile->columns[i].name;
        count += !is_there;
    }
    if (!missing) {
        return rv_ok();
    }
    bool is_id = strcmp(missing, "respondent_id") == 0;
    return rv_fail(m->err, RV_INVALID, "%s has no column \"%.100s\"%s; nothing was loaded. %s",
                   m->name, missing,
                   count > 1 ? ", and others are missing too"
                   : is_id   ? ""
                             : ", which the codebook has",
                   is_id ? "Each respondent needs an identifier of their own"
                         : "Correct the header, or take it out of the codebook");
}

rv_status import_choose_survey(struct import *m, struct arena *scratch, struct head *head)
{
    struct codebook *b = ARENA_NEW(m->a, struct codebook, 1);
    struct profile *p = ARENA_NEW(m->a, struct profile, 1);
    if (!b || !p) {
        return arena_fail(m->a, m->err);
    }
    if (!m->codebook) { /* a file in another encoding is looked at twice */
        RV_TRY(codebook_load(m->a, m->options->codebook, b, m->err));
        m->codebook = b;
        RV_TRY(take_period(m));
    }
    RV_TRY(codebook_profile(m->a, m->codebook, m->from, m->to, p, m->err));
    RV_TRY(import_look(m, scratch, NULL, &m->form, head));
    m->stage = IMPORT_READABLE;
    m->profile = p;
    return check_header(m, head);
}

static bool is_same_wave(const struct import *m, const struct codebook_row *row)
{
    return strcmp(row->book.survey, m->codebook->survey) == 0 && strcmp(row->from, m->from) == 0 &&
           strcmp(row->to, m->to) == 0;
}

static const struct extract_info *extract_of(const struct extract_info *list, size_t count,
                                             const struct codebook_row *row)
{
    for (size_t i = 0; i < count; i++) {
        if (list[i].id == row->extract) {
            return &list[i];
        }
    }
    return NULL;
}

/* The same respondents as a second survey, or in a second period, would be there twice. */
static rv_status check_twice(struct import *m, const struct codebook_row *row,
                             const struct extract_info *x)
{
    if (strcmp(x->sha256, m->report.sha256) != 0 || is_same_wave(m, row)) {
        return rv_ok();
    }
    m->is_held = true;
    return rv_fail(m->err, RV_REFUSED,
                   "%s is already held: the same file was imported as the survey \"%.200s\", held "
                   "%s to %s (extract %lld); nothing was loaded",
                   m->name, row->book.survey, row->from, row->to, (long long)x->id);
}

rv_status import_check_survey(struct import *m)
{
    struct codebook_row *rows;
    struct extract_info *list;
    size_t row_count, count;
    const char *survey = m->codebook->survey;
    RV_TRY(codebooks_list(m->s, m->a, &rows, &row_count, m->err));
    RV_TRY(extract_list_all(m->s, m->a, "survey", &list, &count, m->err));
    for (size_t i = 0; i < row_count; i++) {
        const struct extract_info *x = extract_of(list, count, &rows[i]);
        const char *name = rows[i].book.survey;
        RV_TRY(x ? check_twice(m, &rows[i], x) : rv_ok());
        if (strcmp(name, survey) != 0 && text_equal_nocase(text_of(name), text_of(survey))) {
            return rv_fail(m->err, RV_REFUSED,
                           "the survey \"%.200s\" is held as \"%.200s\": write its name in the "
                           "codebook in the same way; nothing was loaded",
                           survey, name);
        }
    }
    return rv_ok();
}

/* What a respondent wrote where the codebook has answers may name people: only what looks like a
 * code, or what several gave, is shown and kept. */
const char *import_survey_value(const struct unknown_value *u)
{
    bool has_digit = false;
    for (size_t i = 0; i < u->value.n; i++) {
        has_digit = has_digit || (u->value.at[i] >= '0' && u->value.at[i] <= '9');
    }
    bool is_code = u->value.n <= (has_digit ? SHOWN_BYTES : CODE_BYTES) &&
                   !memchr(u->value.at, ' ', u->value.n);
    bool is_common = u->rows >= SHOWN_ROWS && u->value.n <= SHOWN_BYTES;
    return (is_code || is_common) && !personal_value(u->value) ? u->value.at
                                                               : "(written text, not shown)";
}

/* Populations that are not of the same people: said when they come, and again in every table. */
static rv_status note_margins(struct import *m)
{
    const struct codebook *b = m->codebook;
    const struct codebook_column *first = NULL;
    double of_first = 0;
    for (size_t i = 0; i < b->column_count && b->weight == CODEBOOK_NONE; i++) {
        const struct codebook_column *c = &b->columns[i];
        double total = 0;
        for (size_t k = 0; c->has_margins && k < c->answer_count; k++) {
            total += c->answers[k].population;
        }
        if (total > 0 && !first) {
            first = c;
            of_first = total;
        } else if (total > 0 && fabs(total / of_first - 1) > SAME_TOTAL) {
            RV_TRY(import_note(
                m, arena_printf(m->a,
                                "the populations of \"%.100s\" add up to %.12g and those of "
                                "\"%.100s\" to %.12g: in weighting they are scaled to the first",
                                first->name, of_first, c->name, total)));
        }
    }
    return rv_ok();
}

/* Against the newest codebook of the same series and period, which the new one takes the place of.
 */
static rv_status note_difference(struct import *m, const struct codebook_row *row)
{
    const char *what = codebook_difference(m->a, &row->book, m->codebook);
    if (!what) {
        return arena_fail(m->a, m->err);
    }
    return what[0] ? import_note(m, arena_printf(m->a,
                                                 "the codebook differs from that of extract %lld "
                                                 "and decides from now on: %s",
                                                 (long long)row->extract, what))
                   : rv_ok();
}

rv_status import_note_survey(struct import *m)
{
    struct codebook_row *rows;
    struct extract_info *list;
    size_t row_count, count;
    RV_TRY(note_margins(m));
    RV_TRY(codebooks_list(m->s, m->a, &rows, &row_count, m->err));
    RV_TRY(extract_list_all(m->s, m->a, "survey", &list, &count, m->err));
    for (size_t i = 0; i < row_count; i++) {
        const struct extract_info *x = extract_of(list, count, &rows[i]);
        if (x && strcmp(x->source, m->source) == 0 && is_same_wave(m, &rows[i])) {
            return note_difference(m, &rows[i]);
        }
    }
    return rv_ok();
}
