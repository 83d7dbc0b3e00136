/* ingest/codebook_kept.c — a codebook as the profile of its file, and kept with its extracts.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "ingest/codebook.h"
#include "ingest/kind.h"
#include "ingest/profile.h"
#include "store/sql_id.h"

#include <string.h>

/* ---- the kind and profile of one survey ---- */

#define OWN 3 /* columns before those of the codebook */

static const struct kind_column OWN_COLUMNS[OWN] = {
    {.name = "respondent_id", .type = COLUMN_TEXT, .need = NEED_VALUE, .low = 1},
    {.name = "period_from", .type = COLUMN_TIME, .need = NEED_VALUE, .low = 1},
    {.name = "period_to", .type = COLUMN_TIME, .need = NEED_VALUE, .low = 1},
};

/* The same identifier in another period is another respondent: identifiers begin anew with each
 * survey. */
static const char *const SURVEY_KEY[] = {"respondent_id", "period_from", "period_to", NULL};

static struct kind_column kind_column_of(const struct codebook_column *c)
{
    bool is_weight = c->role == CODEBOOK_WEIGHT;
    return (struct kind_column){.name = c->name,
                                .type = is_weight ? COLUMN_REAL : COLUMN_CATEGORY,
                                .need = NEED_NONE,
                                .vocabulary = is_weight ? NULL : c->codes,
                                .low = is_weight ? 0 : 1,
                                .high = is_weight ? INT64_MAX : 0,
                                .is_list = c->is_multiple};
}

static rv_status make_kind(struct arena *a, const struct codebook *b, const struct kind **ret,
                           struct rv_err *reterr)
{
    struct kind *k = ARENA_NEW(a, struct kind, 1);
    struct kind_column *columns = ARENA_NEW(a, struct kind_column, OWN + b->column_count);
    if (!k || !columns) {
        return arena_fail(a, reterr);
    }
    memcpy(columns, OWN_COLUMNS, sizeof OWN_COLUMNS);
    for (size_t i = 0; i < b->column_count; i++) {
        columns[OWN + i] = kind_column_of(&b->columns[i]);
    }
    *k = (struct kind){.name = "survey",
                       .columns = columns,
                       .column_count = OWN + b->column_count,
                       .key = SURVEY_KEY,
                       .from = "period_from",
                       .to = "period_to",
                       .holds_people = true};
    *ret = k;
    return rv_ok();
}

rv_status codebook_profile(struct arena *a, const struct codebook *b, const char *from,
                           const char *to, struct profile *ret, struct rv_err *reterr)
{
    const struct kind *k = NULL;
    RV_TRY(make_kind(a, b, &k, reterr));
    size_t n = b->column_count + 1;
    const char **names = ARENA_NEW(a, const char *, n);
    struct profile_column *columns = ARENA_NEW(a, struct profile_column, n);
    struct profile_pair *constants = ARENA_NEW(a, struct profile_pair, 2);
    if (!names || !columns || !constants) {
        return arena_fail(a, reterr);
    }
    for (size_t i = 0; i < n; i++) {
        names[i] = i ? b->columns[i - 1].name : OWN_COLUMNS[0].name;
        columns[i] = (struct profile_column){.name = names[i], .from = &names[i], .from_count = 1};
    }
    constants[0] = (struct profile_pair){text_of("period_from"), text_of(b->from ? b->from : from)};
    constants[1] = (struct profile_pair){text_of("period_to"), text_of(b->to ? b->to : to)};
    *ret = (struct profile){.id = b->survey,
                            .title = b->survey,
                            .version = 1,
                            .kind = k,
                            .separator = ',',
                            .decimal = '.',
                            .columns = columns,
                            .column_count = n,
                            .constants = constants,
                            .constant_count = 2,
                            .key = SURVEY_KEY,
                            .key_count = 3,
                            .refresh = PROFILE_INCREMENTAL};
    return rv_ok();
}

/* ---- what changed ---- */

static const char *answer_difference(struct arena *a, const struct codebook_column *c,
                                     const struct codebook_answer *was,
                                     const struct codebook_answer *is)
{
    if (!is) {
        return arena_printf(a,
                            "the code \"%s\" of \"%s\" is no longer in the codebook: who gave "
                            "it counts as not recorded",
                            was->code, c->name);
    }
    if (strcmp(was->label, is->label) != 0) {
        return arena_printf(a, "the code \"%s\" of \"%s\" was \"%s\" and is now \"%s\"", was->code,
                            c->name, was->label, is->label);
    }
    if (was->is_missing != is->is_missing) {
        return arena_printf(a, "the code \"%s\" of \"%s\" is %s answer now", was->code, c->name,
                            is->is_missing ? "no" : "an");
    }
    return was->population != is->population
               ? arena_printf(a, "the population of \"%s\" of \"%s\" was %.12g and is now %.12g",
                              was->code, c->name, was->population, is->population)
               : "";
}

static const char *column_difference(struct arena *a, const struct codebook_column *was,
                                     const struct codebook_column *is)
{
    if (was->role != is->role || was->is_multiple != is->is_multiple) {
        return arena_printf(a, "\"%s\" is another kind of column now", was->name);
    }
    const char *found = "";
    for (size_t i = 0; i < was->answer_count && found && !found[0]; i++) {
        size_t at = codebook_answer_find(is, text_of(was->answers[i].code));
        found = answer_difference(a, was, &was->answers[i],
                                  at == CODEBOOK_NONE ? NULL : &is->answers[at]);
    }
    return found;
}

const char *codebook_difference(struct arena *a, const struct codebook *earlier,
                                const struct codebook *later)
{
    const char *found = "";
    for (size_t i = 0; i < earlier->column_count && found && !found[0]; i++) {
        size_t at = codebook_find(later, text_of(earlier->columns[i].name));
        found = at == CODEBOOK_NONE
                    ? arena_printf(a,
                                   "\"%s\" is no longer in the codebook: earlier answers to it "
                                   "are kept and not tabulated",
                                   earlier->columns[i].name)
                    : column_difference(a, &earlier->columns[i], &later->columns[at]);
    }
    return found;
}

/* ---- kept ---- */

rv_status codebook_store(struct store *s, const struct codebook *b, int64_t extract,
                         const char *from, const char *to, struct rv_err *reterr)
{
    struct stmt *st;
    RV_TRY(store_prepare(s, SQL_CODEBOOK_INSERT, &st, reterr));
    stmt_bind_int(st, ":extract", extract);
    stmt_bind_string(st, ":survey", b->survey);
    stmt_bind_string(st, ":period_from", from);
    stmt_bind_string(st, ":period_to", to);
    stmt_bind_text(st, ":body", b->json);
    stmt_bind_string(st, ":sha256", b->sha256);
    return stmt_run(st, reterr);
}

/* In the order of the columns of codebook-list.sql. */
static rv_status read_row(struct arena *a, struct stmt *st, struct codebook_row *ret,
                          struct rv_err *reterr)
{
    struct codebook_row row = {.extract = stmt_int(st, 0)};
    struct rv_err err;
    const char *survey = stmt_keep(st, 1, a), *body = stmt_keep(st, 4, a);
    row.from = stmt_keep(st, 2, a);
    row.to = stmt_keep(st, 3, a);
    if (!survey || !row.from || !row.to || !body) {
        return arena_fail(a, reterr);
    }
    struct text json = {body, stmt_text(st, 4).n};
    rv_status status = codebook_read(a, survey, json, &row.book, &err);
    if (status.code == RV_NO_MEMORY) {
        return rv_fail(reterr, RV_NO_MEMORY, "%s", err.message);
    }
    civil_time from, to;
    if (!rv_is_ok(status) || strcmp(row.book.survey, survey) != 0 ||
        !text_is(stmt_text(st, 5), row.book.sha256) ||
        civil_parse(text_of(row.from), &from) != CIVIL_OK ||
        civil_parse(text_of(row.to), &to) != CIVIL_OK) {
        return rv_fail(reterr, RV_DAMAGED,
                       "the codebook of \"%.100s\" in the file is not the one that was imported: "
                       "restore a backup",
                       survey);
    }
    row.months = (struct month_range){civil_month_of(from), civil_month_of(to)};
    *ret = row;
    return rv_ok();
}

static rv_status read_rows(struct arena *a, struct stmt *st, struct codebook_row **ret,
                           size_t *ret_count, struct rv_err *reterr)
{
    struct codebook_row *rows = NULL;
    size_t count = 0, capacity = 0;
    bool has_row = false;
    RV_TRY(stmt_step(st, &has_row, reterr));
    while (has_row) {
        rows = arena_grow(a, rows, count, &capacity, sizeof *rows);
        if (!rows) {
            return arena_fail(a, reterr);
        }
        RV_TRY(read_row(a, st, &rows[count++], reterr));
        RV_TRY(stmt_step(st, &has_row, reterr));
    }
    *ret = rows;
    *ret_count = count;
    return rv_ok();
}

rv_status codebooks_list(struct store *s, struct arena *a, struct codebook_row **ret,
                         size_t *ret_count, struct rv_err *reterr)
{
    struct stmt *st;
    RV_TRY(store_prepare(s, SQL_CODEBOOK_LIST, &st, reterr));
    rv_status status = read_rows(a, st, ret, ret_count, reterr);
    if (!rv_is_ok(status)) {
        stmt_reset(st);
    }
    return status;
}
