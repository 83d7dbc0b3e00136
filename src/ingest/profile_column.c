/* ingest/profile_column.c — the columns of a profile.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "ingest/kind.h"
#include "ingest/profile_json.h"

static rv_status read_time_of_day(const struct profile_reading *r, const struct kind *k,
                                  json_t *json, struct profile_column *c)
{
    RV_TRY(profile_strings(r, json, "time_from", &c->time_from, &c->time_from_count));
    RV_TRY(profile_string(r, json, "time_format", &c->time_format));
    if (c->time_from_count && kind_column_find(k, c->name)->type != COLUMN_TIME) {
        return profile_fault(r, "time_from", "is for columns that hold a time");
    }
    static const char *const PRECISIONS[] = {"", "month", "date", NULL};
    int precision = PROFILE_AS_WRITTEN;
    RV_TRY(profile_choice(r, json, "precision", PRECISIONS, &precision));
    c->precision = (enum profile_precision)precision;
    if (precision && (kind_column_find(k, c->name)->type != COLUMN_TIME || c->time_from_count)) {
        return profile_fault(r, "precision", "is for columns that hold a time, in one column");
    }
    if (c->time_format && !c->time_from_count) {
        return profile_fault(r, "time_format",
                             "needs \"time_from\": the header of the time of day");
    }
    return rv_ok();
}

static rv_status read_also(const struct profile_reading *r, const struct kind *k, json_t *json,
                           struct profile_column *c)
{
    json_t *object = json_object_get(json, "also");
    if (!object) {
        return rv_ok();
    }
    const struct kind_column *kc = kind_column_find(k, c->name);
    if (!json_is_object(object) || kc->type != COLUMN_CATEGORY || kc->vocabulary || kc->is_code) {
        return profile_fault(r, "also",
                             "must be an object, and is for columns that hold a list, as flags");
    }
    struct profile_also *list = ARENA_NEW(r->a, struct profile_also, json_object_size(object) + 1);
    if (!list) {
        return arena_fail(r->a, r->err);
    }
    const char *from;
    json_t *map;
    json_object_foreach(object, from, map)
    {
        struct profile_also *also = &list[c->also_count++];
        also->from = arena_text(r->a, from, strlen(from));
        if (!also->from) {
            return arena_fail(r->a, r->err);
        }
        RV_TRY(profile_pairs(r, object, from, &also->map, &also->map_count));
    }
    c->also = list;
    return rv_ok();
}

/* Which of the values that a row offers are taken. */
static rv_status read_take(const struct profile_reading *r, const struct kind *k, json_t *json,
                           struct profile_column *c)
{
    static const char *const TAKE[] = {"newest-header", "first-filled", NULL};
    const struct kind_column *kc = kind_column_find(k, c->name);
    int take = 0;
    RV_TRY(profile_choice(r, json, "take", TAKE, &take));
    RV_TRY(profile_bool(r, json, "only_mapped", &c->is_only_mapped));
    RV_TRY(profile_bool(r, json, "band", &c->is_band));
    c->takes_filled = take == 1;
    if (c->takes_filled && kc->type != COLUMN_CATEGORY) {
        return profile_fault(r, "take", "is for columns that hold a code or a word");
    }
    if (c->is_only_mapped && (c->map_count == 0 || kc->type != COLUMN_CATEGORY || c->also_count)) {
        return profile_fault(r, "only_mapped",
                             "is for columns that hold a word, and needs \"map\"");
    }
    if (c->is_band && strcmp(c->name, "age_from") != 0 && strcmp(c->name, "age_to") != 0) {
        return profile_fault(r, "band", "is for age_from and age_to");
    }
    return rv_ok();
}

/* Which column of a row says what its label means, and in what words. */
static rv_status read_year_of_row(const struct profile_reading *r, json_t *json,
                                  struct profile_year *y)
{
    static const char *const KNOWN[] = {"from", "map", NULL};
    struct period_rule rule;
    RV_TRY(profile_only(r, json, KNOWN));
    RV_TRY(profile_strings(r, json, "from", &y->from, &y->from_count));
    RV_TRY(profile_pairs(r, json, "map", &y->map, &y->map_count));
    for (size_t i = 0; i < y->map_count; i++) {
        if (!period_rule_named(y->map[i].to, &rule)) {
            return profile_fault(r, y->map[i].from.at, "is mapped to no year that there is");
        }
    }
    return y->from_count == 1 && y->map_count
               ? rv_ok()
               : profile_fault(r, "year", "needs \"from\", one header, and \"map\"");
}

/* How the label of a period is read. */
static rv_status read_year(const struct profile_reading *r, const struct kind *k, json_t *json,
                           struct profile_column *c)
{
    static const char *const LONE[] = {"", "start", "end", "calendar", NULL};
    json_t *member = json_object_get(json, "year");
    int lone = PERIOD_LONE_UNKNOWN;
    RV_TRY(profile_choice(r, json, "lone_year", LONE, &lone));
    if (!member) {
        return lone ? profile_fault(r, "lone_year", "needs \"year\"") : rv_ok();
    }
    bool is_end = strcmp(c->name, "period_from") == 0 || strcmp(c->name, "period_to") == 0;
    if (!is_end || !kind_column_find(k, "period_from") || c->format || c->time_from_count) {
        return profile_fault(r, "year", "is for period_from and period_to, without a format");
    }
    struct profile_year *y = ARENA_NEW(r->a, struct profile_year, 1);
    if (!y) {
        return arena_fail(r->a, r->err);
    }
    y->lone = (enum period_lone)lone;
    c->year = y;
    if (json_is_object(member)) {
        return read_year_of_row(r, member, y);
    }
    RV_TRY(profile_string(r, json, "year", &y->name));
    return period_rule_named(text_of(y->name), &y->rule)
               ? rv_ok()
               : profile_fault(r, "year",
                               "must be calendar, financial, academic or october, one of these "
                               "with -q1 to -q4, or the name of a month");
}

static rv_status read_column(const struct profile_reading *r, const struct kind *k,
                             const char *name, json_t *json, struct profile_column *c)
{
    static const char *const KNOWN[] = {"from",      "format",      "missing",   "map",
                                        "unit",      "optional",    "time_from", "time_format",
                                        "also",      "only_mapped", "take",      "year",
                                        "lone_year", "precision",   "band",      NULL};
    static const char *const UNITS[] = {"", "metres", "kilometres", NULL};
    RV_TRY(profile_check_column(r, k, name));
    if (!json_is_object(json)) {
        return profile_fault(r, name, "must be an object with \"from\"");
    }
    RV_TRY(profile_only(r, json, KNOWN));
    c->name = kind_column_find(k, name)->name;
    RV_TRY(profile_strings(r, json, "from", &c->from, &c->from_count));
    if (c->from_count == 0) {
        return profile_fault(r, name, "needs \"from\": the header of the column in the file");
    }
    RV_TRY(profile_string(r, json, "format", &c->format));
    RV_TRY(read_time_of_day(r, k, json, c));
    int unit = 0;
    RV_TRY(profile_choice(r, json, "unit", UNITS, &unit));
    c->unit = unit ? UNITS[unit] : NULL;
    RV_TRY(profile_spellings(r, json, "missing", &c->missing, &c->missing_count));
    RV_TRY(profile_pairs(r, json, "map", &c->map, &c->map_count));
    RV_TRY(read_also(r, k, json, c));
    RV_TRY(read_take(r, k, json, c));
    RV_TRY(read_year(r, k, json, c));
    return profile_bool(r, json, "optional", &c->is_optional);
}

rv_status profile_read_columns(const struct profile_reading *r, json_t *root, struct profile *p)
{
    json_t *columns = json_object_get(root, "columns");
    if (!json_is_object(columns) || json_object_size(columns) == 0) {
        return profile_fault(r, "columns", "must be an object: canonical column to header");
    }
    struct profile_column *list = ARENA_NEW(r->a, struct profile_column, json_object_size(columns));
    if (!list) {
        return arena_fail(r->a, r->err);
    }
    const char *name;
    json_t *json;
    json_object_foreach(columns, name, json)
    {
        RV_TRY(read_column(r, p->kind, name, json, &list[p->column_count]));
        p->column_count++;
    }
    p->columns = list;
    RV_TRY(profile_pairs(r, root, "constants", &p->constants, &p->constant_count));
    for (size_t i = 0; i < p->constant_count; i++) {
        RV_TRY(profile_check_column(r, p->kind, p->constants[i].from.at));
    }
    return rv_ok();
}
