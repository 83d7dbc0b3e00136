/* ingest/profile_write.c — members of a profile in the order in which a person reads them.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "ingest/profile_write.h"

#include "base/json.h"
#include "ingest/kind.h"

static void put_strings(struct json_writer *j, const char *key, const char *const *list,
                        size_t count)
{
    json_put_array(j, key);
    for (size_t i = 0; i < count; i++) {
        json_put_string(j, NULL, list[i]);
    }
    json_end_array(j);
}

static void put_map(struct json_writer *j, const char *key, const struct profile_pair *list,
                    size_t count)
{
    json_put_object(j, key);
    for (size_t i = 0; i < count; i++) {
        json_put_text(j, list[i].from.at, list[i].to);
    }
    json_end_object(j);
}

static void put_pairs(struct json_writer *j, const char *key, const struct profile_pair *list,
                      size_t count)
{
    if (count) {
        put_map(j, key, list, count);
    }
}

static void put_optional(struct json_writer *j, const char *key, const char *value)
{
    if (value) {
        json_put_string(j, key, value);
    }
}

static void put_from(struct json_writer *j, const char *key, const char *const *list, size_t count)
{
    if (count == 1) {
        json_put_string(j, key, list[0]);
    } else {
        put_strings(j, key, list, count);
    }
}

static void put_texts(struct json_writer *j, const char *key, const struct text *list, size_t count)
{
    if (count) {
        json_put_array(j, key);
        for (size_t i = 0; i < count; i++) {
            json_put_text(j, NULL, list[i]);
        }
        json_end_array(j);
    }
}

static void put_list(struct json_writer *j, const char *key, const char *const *list, size_t count)
{
    if (count) {
        put_strings(j, key, list, count);
    }
}

static void put_year(struct json_writer *j, const struct profile_year *y)
{
    static const char *const LONE[] = {NULL, "start", "end", "calendar"};
    if (y->name) {
        json_put_string(j, "year", y->name);
    } else {
        json_put_object(j, "year");
        put_from(j, "from", y->from, y->from_count);
        put_map(j, "map", y->map, y->map_count);
        json_end_object(j);
    }
    put_optional(j, "lone_year", LONE[y->lone]);
}

static void put_true(struct json_writer *j, const char *key, bool value)
{
    if (value) {
        json_put_bool(j, key, true);
    }
}

static void put_column(struct json_writer *j, const struct profile_column *c)
{
    json_put_object(j, c->name);
    put_from(j, "from", c->from, c->from_count);
    put_optional(j, "format", c->format);
    if (c->time_from_count) {
        put_from(j, "time_from", c->time_from, c->time_from_count);
        put_optional(j, "time_format", c->time_format);
    }
    put_optional(j, "unit", c->unit);
    put_texts(j, "missing", c->missing, c->missing_count);
    put_pairs(j, "map", c->map, c->map_count);
    if (c->also_count) {
        json_put_object(j, "also");
        for (size_t i = 0; i < c->also_count; i++) {
            put_map(j, c->also[i].from, c->also[i].map, c->also[i].map_count);
        }
        json_end_object(j);
    }
    if (c->precision) {
        json_put_string(j, "precision", c->precision == PROFILE_MONTH ? "month" : "date");
    }
    if (c->year) {
        put_year(j, c->year);
    }
    if (c->takes_filled) {
        json_put_string(j, "take", "first-filled");
    }
    put_true(j, "only_mapped", c->is_only_mapped);
    put_true(j, "band", c->is_band);
    put_true(j, "optional", c->is_optional);
    json_end_object(j);
}

static void put_excludes(struct json_writer *j, const struct profile *p)
{
    if (p->exclude_count == 0) {
        return;
    }
    json_put_array(j, "exclude");
    for (size_t i = 0; i < p->exclude_count; i++) {
        json_put_object(j, NULL);
        json_put_string(j, "column", p->excludes[i].column);
        json_put_text(j, "equals", p->excludes[i].equals);
        json_put_string(j, "reason", p->excludes[i].reason);
        json_end_object(j);
    }
    json_end_array(j);
}

static void put_left_out(struct json_writer *j, const struct profile *p)
{
    if (p->left_out_count == 0) {
        return;
    }
    json_put_array(j, "leave_out");
    for (size_t i = 0; i < p->left_out_count; i++) {
        json_put_object(j, NULL);
        json_put_string(j, "column", p->left_out[i].column);
        json_put_string(j, "reason", p->left_out[i].reason);
        json_end_object(j);
    }
    json_end_array(j);
}

static void put_wide(struct json_writer *j, const struct profile_wide *w)
{
    json_put_object(j, "wide");
    put_strings(j, "id", w->id, w->id_count);
    put_optional(j, "periods", w->periods);
    json_put_string(j, "value", w->value);
    put_optional(j, "total", w->total);
    put_texts(j, "missing", w->missing, w->missing_count);
    if (w->others) {
        json_put_object(j, "others");
        json_put_string(j, "name", w->others->name);
        put_optional(j, "words", w->others->words);
        put_texts(j, "omit", w->others->omit, w->others->omit_count);
        put_list(j, "skip", w->others->skip, w->others->skip_count);
        json_end_object(j);
    }
    if (w->column_count) {
        json_put_array(j, "columns");
        for (size_t i = 0; i < w->column_count; i++) {
            json_put_object(j, NULL);
            put_from(j, "from", w->columns[i].from, w->columns[i].from_count);
            put_pairs(j, "set", w->columns[i].set, w->columns[i].set_count);
            json_end_object(j);
        }
        json_end_array(j);
    }
    json_end_object(j);
}

/* What the bytes of the file are like, where they are not the usual. */
static void put_form(struct json_writer *j, const struct profile *p)
{
    static const char *const ENDS[] = {"lf", "crlf", "cr"};
    char one[2] = {p->separator, '\0'};
    if (p->encoding) {
        json_put_string(j, "encoding", p->encoding);
    }
    if (p->sheet) {
        json_put_string(j, "sheet", p->sheet);
    }
    if (p->has_separator || p->separator != ',') {
        json_put_string(j, "separator", one);
    }
    if (p->decimal != '.') {
        one[0] = p->decimal;
        json_put_string(j, "decimal", one);
    }
    if (p->thousands) {
        one[0] = p->thousands;
        json_put_string(j, "thousands", one);
    }
    if (p->has_line_end || p->line_end != PROFILE_LF) {
        json_put_string(j, "line_end", ENDS[p->line_end]);
    }
    if (p->is_utc) {
        json_put_string(j, "time_zone", "UTC");
    }
}

static bool has_key_of_kind(const struct profile *p)
{
    size_t n = 0;
    while (p->kind->key[n] && n < p->key_count && strcmp(p->kind->key[n], p->key[n]) == 0) {
        n++;
    }
    return n == p->key_count && !p->kind->key[n];
}

static void put_rules(struct json_writer *j, const struct profile *p)
{
    if (!has_key_of_kind(p)) {
        put_strings(j, "key", p->key, p->key_count);
    }
    json_put_string(j, "refresh", profile_refresh_name(p->refresh));
    if (p->keeps_duplicates) {
        json_put_string(j, "duplicates", "keep");
    }
    if (p->absent_is_zero) {
        json_put_string(j, "absent", "zero");
    }
}

void profile_write(const struct profile *p, struct buf *out)
{
    struct json_writer j;
    json_writer_init(&j, out, true);
    json_put_object(&j, NULL);
    json_put_string(&j, "profile", p->id);
    json_put_int(&j, "version", p->version);
    if (strcmp(p->title, p->id) != 0) {
        json_put_string(&j, "title", p->title);
    }
    json_put_string(&j, "kind", p->kind->name);
    put_true(&j, "open", p->is_open);
    put_optional(&j, "supplier", p->supplier);
    put_optional(&j, "supplier_kind", p->supplier_kind);
    put_form(&j, p);
    json_put_object(&j, "columns");
    for (size_t i = 0; i < p->column_count; i++) {
        put_column(&j, &p->columns[i]);
    }
    json_end_object(&j);
    put_pairs(&j, "constants", p->constants, p->constant_count);
    put_list(&j, "requires", p->required, p->required_count);
    put_left_out(&j, p);
    put_list(&j, "ask", p->ask, p->ask_count);
    put_list(&j, "beside", p->beside, p->beside_count);
    put_true(&j, "named_only", p->is_named_only);
    put_excludes(&j, p);
    if (p->wide) {
        put_wide(&j, p->wide);
    }
    put_rules(&j, p);
    json_end_object(&j);
}
