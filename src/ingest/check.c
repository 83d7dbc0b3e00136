/* ingest/check.c — what only the whole file shows: date order, encoding, personal data, months.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "ingest/import.h"

/* A date column whose order nobody declared: explained, never guessed. */
static rv_status check_dates(const struct import *m)
{
    const struct plan *p = &m->plan;
    for (size_t i = 0; i < p->count; i++) {
        const struct date_tally *t = &m->pipeline.accounts.tallies[i];
        if (t->dates == 0 || t->dates * 2 < t->filled) {
            continue; /* a few odd cells: their rows are in quarantine */
        }
        const char *title = p->columns[i].title;
        bool is_day_first = t->not_day_first == 0, is_month_first = t->not_month_first == 0;
        if (is_day_first && is_month_first) {
            return rv_fail(m->err, RV_REFUSED,
                           "column \"%s\": its %lld dates fit both day/month and month/day, so the "
                           "file cannot say which is meant; nothing was loaded. Declare the order "
                           "in a profile, \"format\": \"DD/MM/YYYY\" or \"MM/DD/YYYY\"",
                           title, (long long)t->dates);
        }
        const char *order = is_day_first     ? "\"DD/MM/YYYY\" (it fits no other order)"
                            : is_month_first ? "\"MM/DD/YYYY\" (it fits no other order)"
                                             : "of the publisher (no one order fits all cells)";
        return rv_fail(m->err, RV_REFUSED,
                       "column \"%s\": dates must be YYYY-MM-DD, or the profile must declare their "
                       "order, \"format\": %s; nothing was loaded",
                       title, order);
    }
    return rv_ok();
}

/* A few bad bytes cost their rows; many mean that the file is in another encoding. */
static rv_status check_encoding(const struct import *m)
{
    const struct accounts *acc = &m->pipeline.accounts;
    int64_t bad = acc->faults[ROW_CSV_ENCODING];
    if ((bad >= 10 && bad * 20 > acc->read) || bad * 2 > acc->read) {
        return rv_fail(m->err, RV_INVALID,
                       "%lld of %lld rows are not UTF-8: the file is in another encoding%s%s; "
                       "nothing was loaded. Save it as UTF-8 (\"CSV UTF-8\"), or declare in a "
                       "profile what it is, such as \"encoding\": \"windows-1252\"",
                       (long long)bad, (long long)acc->read,
                       m->form.suggestion ? ", most like " : "",
                       m->form.suggestion ? m->form.suggestion : "");
    }
    return rv_ok();
}

static rv_status check_personal(struct import *m)
{
    const struct plan *p = &m->plan;
    const char *kind =
        m->options->supplier_kind ? m->options->supplier_kind : m->profile->supplier_kind;
    struct ingest_personal *list = ARENA_NEW(m->a, struct ingest_personal, p->header_count + 1);
    if (!list) {
        return arena_fail(m->a, m->err);
    }
    size_t n = 0;
    for (size_t i = 0; i < p->header_count; i++) {
        if (m->pipeline.accounts.personal[i]) {
            list[n++] = (struct ingest_personal){p->header[i], m->pipeline.accounts.personal[i]};
        }
    }
    if (n && kind && strcmp(kind, "health") == 0) {
        return rv_fail(m->err, RV_REFUSED,
                       "column \"%s\" looks like %s and the supplier is a health body: nothing was "
                       "loaded. Ask the supplier for an extract without it",
                       list[0].column, list[0].looks_like);
    }
    m->report.personal = list;
    m->report.personal_count = n;
    return rv_ok();
}

rv_status import_check(struct import *m)
{
    RV_TRY(check_encoding(m));
    RV_TRY(check_dates(m));
    RV_TRY(import_check_disjoint(m));
    return check_personal(m);
}

static bool is_seen(const struct import *m, int32_t month)
{
    return bit_of(m->pipeline.accounts.months, (size_t)(month - BLOCK_FIRST_MONTH));
}

/* An empty month is believable as a zero only where so few rows lie in the others that chance
 * leaves a month empty at least once in a thousand: exp(-7) = 0.0009. Above it, and for counts
 * that a publisher states row by row, the month is missing: nobody knows whether it is a zero. */
#define ROWS_OF_A_MONTH 7

static bool is_gap_believable(const struct import *m, int32_t first, int32_t last)
{
    int64_t seen = 0;
    for (int32_t month = first; month <= last; month++) {
        seen += is_seen(m, month);
    }
    return m->profile->kind->holds_people && m->pipeline.accounts.alive < seen * ROWS_OF_A_MONTH;
}

/* Months covered: those declared; else the whole months from the first to the last that has a
 * row, but for months without a row that cannot be a zero. */
rv_status import_cover(struct import *m)
{
    m->covered = (struct month_range){1, 0};
    int32_t first = BLOCK_FIRST_MONTH, last = BLOCK_FIRST_MONTH + BLOCK_MONTHS - 1;
    while (first <= last && !is_seen(m, first)) {
        first++;
    }
    while (first <= last && !is_seen(m, last)) {
        last--;
    }
    bool is_declared = m->declared.first <= m->declared.last && m->plan.from != PLAN_NONE;
    if (is_declared) {
        m->covered = m->declared;
    } else if (first <= last) {
        m->covered = (struct month_range){first, last};
    } else {
        return rv_ok();
    }
    bool is_believed = is_declared || is_gap_believable(m, first, last);
    m->report.gaps_are_zero = is_believed;
    size_t n = (size_t)month_range_count(m->covered), gaps = 0;
    m->months = ARENA_NEW(m->a, int32_t, n);
    int32_t *gap = ARENA_NEW(m->a, int32_t, n);
    if (!m->months || !gap) {
        return arena_fail(m->a, m->err);
    }
    for (int32_t month = m->covered.first; month <= m->covered.last; month++) {
        if (is_believed || is_seen(m, month)) {
            m->months[m->month_count++] = month;
        }
        if (!is_declared && !is_seen(m, month)) {
            gap[gaps++] = month;
        }
    }
    m->report.gap_months = gap;
    m->report.gap_count = gaps;
    return rv_ok();
}
