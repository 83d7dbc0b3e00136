/* web/explore_links.c — the ways from a finding to its table, and from a table to its records.
 *
 * A command is read as it was written (assess/query.h): words between spaces, or in double quotes
 * with a backslash before ", $, ` and \. What decides whether a record counts (area, profile,
 * persons) is worked out from many columns and stands in no query; the page says so.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "web/explore_links.h"

#include "assess/assess.h"
#include "base/asset.h"
#include "base/civil.h"
#include "base/parse.h"

#include <string.h>

#define ADDRESS_BYTES (REQUEST_TARGET_BYTES - 1) /* a longer one would be refused */
#define QUERY_BYTES   65536

extern const struct asset records_assets[]; /* web/queries/records */

/* ---- from a command to an address ---- */

/* The next word, unquoted; NULL at the end or without memory. */
static const char *next_word(struct arena *a, struct text *rest)
{
    while (rest->n && rest->at[0] == ' ') {
        *rest = (struct text){rest->at + 1, rest->n - 1};
    }
    if (rest->n == 0) {
        return NULL;
    }
    char *word = arena_text(a, rest->at, rest->n);
    bool is_quoted = rest->at[0] == '"';
    size_t n = 0, i = is_quoted;
    for (; word && i < rest->n && rest->at[i] != (is_quoted ? '"' : ' '); i++) {
        i += is_quoted && rest->at[i] == '\\' && i + 1 < rest->n;
        word[n++] = rest->at[i];
    }
    size_t used = i + (is_quoted && i < rest->n);
    *rest = (struct text){rest->at + used, rest->n - used};
    if (word) {
        word[n] = '\0';
    }
    return word;
}

static void put_field(struct buf *b, const char *name, struct text value)
{
    buf_printf(b, "%c%s=", b->n ? '&' : '?', name);
    buf_uri(b, value);
}

/* Options that the form has under their own names. */
static bool is_plain(const char *option)
{
    static const char *const same[] = {"kind",  "survey",      "profile", "count",
                                       "date",  "period",      "area",    "vintage",
                                       "bands", "denominator", "rank",    "source"};
    for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
        if (strcmp(option, same[i]) == 0) {
            return true;
        }
    }
    return false;
}

static bool put_option(struct buf *b, const char *option, struct text value, size_t *filters)
{
    struct text rest, first;
    if (is_plain(option)) {
        put_field(b, option, value);
        return true;
    }
    if (strcmp(option, "by") == 0) {
        put_field(b, "rows", text_split(value, ',', &rest));
        if (rest.n) {
            put_field(b, "columns", rest);
        }
        return true;
    }
    if (strcmp(option, "where") != 0 || *filters == EXPLORE_FILTERS) {
        return false;
    }
    first = text_split(value, '=', &rest);
    put_field(b, EXPLORE_WHERE[*filters], first);
    put_field(b, EXPLORE_IS[(*filters)++], rest);
    return true;
}

const char *explore_address(struct arena *a, const char *command)
{
    static const char start[] = "reeve table " ASSESS_QUERY_FILE;
    if (!command || strncmp(command, start, sizeof start - 1) != 0) {
        return NULL;
    }
    struct text rest = text_of(command + sizeof start - 1);
    size_t filters = 0;
    struct buf b RV_CLEANUP(buf_done);
    buf_init(&b, ADDRESS_BYTES);
    for (const char *option; (option = next_word(a, &rest)) != NULL;) {
        const char *value = next_word(a, &rest);
        if (strncmp(option, "--", 2) != 0 || !value ||
            !put_option(&b, option + 2, text_of(value), &filters)) {
            return NULL;
        }
    }
    return b.failed || !b.n ? NULL : arena_printf(a, EXPLORE_PATH "%.*s", (int)b.n, b.bytes);
}

/* ---- from a table to its records ---- */

const char *records_address(struct arena *a, const struct explore *x, const struct result_table *t)
{
    if (x->options.kind || t->source_count == 0) {
        return NULL;
    }
    struct buf b RV_CLEANUP(buf_done);
    buf_init(&b, ADDRESS_BYTES);
    buf_text(&b, "/workbench/sql?extracts=");
    for (size_t i = 0; i < t->source_count; i++) {
        buf_printf(&b, "%s%lld", i ? "," : "", (long long)t->sources[i].extract);
    }
    buf_printf(&b, "&%s", x->query);
    return b.failed ? NULL : arena_text(a, b.bytes, b.n);
}

/* 'it''s' */
static void put_quoted(struct buf *b, struct text value)
{
    buf_char(b, '\'');
    for (size_t i = 0; i < value.n; i++) {
        if (value.at[i] == '\'') {
            buf_char(b, '\'');
        }
        buf_char(b, value.at[i]);
    }
    buf_char(b, '\'');
}

static bool has_column(const struct query_table *t, const char *name)
{
    for (size_t i = 0; i < t->column_count; i++) {
        if (strcmp(t->columns[i], name) == 0) {
            return true;
        }
    }
    return false;
}

/* What there is to read of a record: which columns that is depends on the extracts held. */
static void put_columns(struct buf *b, const struct query_table *t)
{
    static const char *const wanted[] = {"offence_id", "recorded_at", "offence_group",
                                         "category",   "flags",       "extract"};
    for (size_t i = 0, n = 0; i < sizeof wanted / sizeof *wanted; i++) {
        if (has_column(t, wanted[i])) {
            buf_printf(b, "%s%s", n++ ? ", " : "", wanted[i]);
        }
    }
}

/* What can be asked of a column as it is. */
static void put_condition(struct buf *b, const struct query_table *t,
                          const struct explore_filter *f)
{
    static const struct {
        const char *dimension, *column;
    } columns[] = {{"offence-group", "offence_group"}, {"category", "category"}};
    for (size_t i = 0; f->dimension && f->values && i < sizeof columns / sizeof *columns; i++) {
        if (strcmp(f->dimension, columns[i].dimension) != 0 || !has_column(t, columns[i].column)) {
            continue;
        }
        buf_printf(b, "\n  AND %s IN (", columns[i].column);
        for (struct text rest = text_of(f->values); rest.n;) {
            put_quoted(b, text_trim(text_split(rest, ',', &rest)));
            buf_text(b, rest.n ? ", " : "");
        }
        buf_char(b, ')');
    }
}

/* "8, 9"; false when something there is no number of an extract. */
static bool put_extracts(struct buf *b, struct text all)
{
    const char *between = "";
    while (all.n) {
        int64_t extract;
        if (!parse_int(text_split(all, ',', &all), &extract)) {
            return false;
        }
        buf_printf(b, "%s%lld", between, (long long)extract);
        between = ", ";
    }
    return true;
}

static void put_period(struct buf *b, const char *period)
{
    struct month_range months;
    if (period && month_range_parse(text_of(period), &months)) {
        char first[8], last[8];
        month_write(months.first, first);
        month_write(months.last, last);
        buf_printf(b, "\n  AND substr(recorded_at, 1, 7) BETWEEN '%s' AND '%s'", first, last);
    }
}

/* web/queries/records/offences.sql with its holes filled. False when `extracts` names none. */
static bool put_query(struct buf *b, const struct query_table *t, const struct explore *x,
                      struct text extracts)
{
    struct text rest = asset_text(&records_assets[0]);
    bool is_well = true;
    while (rest.n) {
        struct text before = text_split(rest, '{', &rest), hole = text_split(rest, '}', &rest);
        buf_put(b, before.at, before.n);
        if (text_is(hole, "columns")) {
            put_columns(b, t);
        } else if (text_is(hole, "extracts")) {
            is_well = put_extracts(b, extracts);
        } else if (text_is(hole, "conditions")) {
            put_period(b, x->options.period);
            for (size_t i = 0; i < EXPLORE_FILTERS; i++) {
                put_condition(b, t, &x->filters[i]);
            }
        }
    }
    return is_well;
}

rv_status records_query(struct call *c, const struct query_table *offences, struct text *ret,
                        struct rv_err *reterr)
{
    struct explore x;
    struct text extracts = call_query(c, "extracts");
    *ret = (struct text){NULL, 0};
    if (extracts.n == 0) {
        return rv_ok();
    }
    RV_TRY(explore_read(c, &x, reterr));
    struct buf b RV_CLEANUP(buf_done);
    buf_init(&b, QUERY_BYTES);
    if (!put_query(&b, offences, &x, extracts)) {
        return rv_ok();
    }
    RV_TRY(buf_status(&b, reterr));
    const char *kept = arena_text(c->arena, b.bytes, b.n);
    *ret = kept ? text_trim(text_of(kept)) : *ret;
    return kept ? rv_ok() : arena_fail(c->arena, reterr);
}
