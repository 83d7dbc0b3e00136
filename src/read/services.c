/* read/services.c — a service after the other, each a row.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "read/services.h"

#include "base/limits.h"
#include "base/memory.h"
#include "read/json_reading.h"
#include "read/stream.h"

#include <string.h>

#define CSV_BYTES (LIMIT_JSON_BYTES + ((size_t)16 << 20))

static const char HEADER[] =
    "service_id,name,organisation,description,themes,tier,delivery,setting,"
    "minimum_age,maximum_age,sex,wards,schedule,funded_by";

bool services_is_json(struct text t)
{
    if (text_starts(t, "\xEF\xBB\xBF")) {
        t = (struct text){t.at + 3, t.n - 3};
    }
    size_t i = 0;
    while (i < t.n && (t.at[i] == ' ' || t.at[i] == '\t' || t.at[i] == '\n' || t.at[i] == '\r')) {
        i++;
    }
    return i < t.n && (t.at[i] == '{' || t.at[i] == '[');
}

/* ---- lines ---- */

/* Walks through JSON that is sound already, from the beginning of one service to that of the next.
 */
struct walk {
    struct text json;
    size_t at, depth, level; /* level: depth inside the list of services; 0 = not found yet */
    struct text key;         /* last string at depth 1 */
    int64_t line;
};

static void walk_string(struct walk *w)
{
    size_t first = ++w->at;
    while (w->at < w->json.n && w->json.at[w->at] != '"') {
        w->at += w->json.at[w->at] == '\\' ? 2 : 1;
    }
    if (w->depth == 1 && w->at <= w->json.n) {
        w->key = (struct text){w->json.at + first, w->at - first};
    }
}

/* The line of the next service; that of the end when there is none. */
static int64_t walk_next(struct walk *w, bool is_page)
{
    for (; w->at < w->json.n; w->at++) {
        char c = w->json.at[w->at];
        bool opens = c == '{' || c == '[';
        w->line += c == '\n';
        if (c == '"') {
            walk_string(w);
        }
        bool is_list = c == '[' && w->level == 0 &&
                       (is_page ? w->depth == 1 && text_is(w->key, "contents") : w->depth == 0);
        bool is_service = opens && w->level > 0 && w->depth == w->level;
        w->depth += opens;
        w->depth -= (c == '}' || c == ']') && w->depth > 0;
        w->level = is_list ? w->depth : w->level;
        if (is_service) {
            w->at++;
            return w->line;
        }
    }
    return w->line;
}

/* ---- cells ---- */

static const char *string_of(const json_t *object, const char *key)
{
    const json_t *value = json_is_object(object) ? json_object_get(object, key) : NULL;
    return json_is_string(value) ? json_string_value(value) : "";
}

/* Line breaks would move the rows after it. */
static void put_cell(struct buf *out, const char *text)
{
    char cell[2048];
    size_t n = strlen(text);
    n = n < sizeof cell ? n : sizeof cell;
    for (size_t i = 0; i < n; i++) {
        cell[i] = (unsigned char)text[i] < ' ' ? ' ' : text[i];
    }
    while (n > 0 && n == sizeof cell && ((unsigned char)text[n] & 0xc0) == 0x80) {
        n--; /* not within a letter */
    }
    buf_csv(out, (struct text){cell, n});
}

static void put_number(struct buf *out, const json_t *service, const char *key)
{
    const json_t *value = json_object_get(service, key);
    buf_char(out, ',');
    if (json_is_number(value)) {
        buf_printf(out, "%lld", (long long)json_number_value(value));
    }
}

/* Words between semicolons. */
static void add(struct buf *list, const char *word)
{
    if (*word && !strchr(word, ';')) {
        buf_text(list, list->n ? ";" : "");
        buf_text(list, word);
    }
}

static void put_list(struct buf *out, struct buf *list)
{
    char *text = list->failed ? NULL : list->bytes;
    buf_char(out, ',');
    if (text && list->n) {
        buf_char(list, '\0');
        put_cell(out, list->failed ? "" : list->bytes);
    }
    buf_clear(list);
}

/* The taxonomy of a term: its name, or the name of the object that it is. */
static const char *taxonomy_of(const json_t *term)
{
    const char *name = string_of(term, "taxonomy");
    return *name ? name : string_of(json_object_get(term, "taxonomy_detail"), "name");
}

/* Terms of one taxonomy; of `theme` also those of taxonomies that are none of ours. */
static void put_terms(struct buf *out, struct buf *list, const json_t *service,
                      const char *taxonomy)
{
    static const char *const OURS[] = {"tier", "delivery", "setting", "sex"};
    const json_t *attributes = json_object_get(service, "attributes");
    for (size_t i = 0; i < json_array_size(attributes); i++) {
        const json_t *term = json_object_get(json_array_get(attributes, i), "taxonomy_term");
        const char *of = taxonomy_of(term);
        bool is_ours = false;
        for (size_t k = 0; k < sizeof OURS / sizeof *OURS; k++) {
            is_ours = is_ours || strcmp(of, OURS[k]) == 0;
        }
        bool is_it = strcmp(of, taxonomy) == 0 || (strcmp(taxonomy, "theme") == 0 && !is_ours);
        add(list, is_it ? string_of(term, "name") : "");
    }
    put_list(out, list);
}

/* Codes of areas: names never join. */
static void put_areas(struct buf *out, struct buf *list, const json_t *service)
{
    const json_t *areas = json_object_get(service, "service_areas");
    for (size_t i = 0; i < json_array_size(areas); i++) {
        const char *extent = string_of(json_array_get(areas, i), "extent");
        bool is_code = strlen(extent) == 9 && extent[0] >= 'A' && extent[0] <= 'Z' &&
                       strspn(extent + 1, "0123456789") == 8;
        add(list, is_code ? extent : "");
    }
    put_list(out, list);
}

static void add_part(struct buf *list, const char *key, const char *value)
{
    if (*value) {
        buf_printf(list, ";%s=%s", key, value);
    }
}

/* "FREQ=WEEKLY;BYDAY=TU 16:00-18:00"; the hours of "16:00:00Z" are 16:00. */
static void add_schedule(struct buf *list, const json_t *schedule)
{
    const char *freq = string_of(schedule, "freq");
    const char *opens = string_of(schedule, "opens_at"), *closes = string_of(schedule, "closes_at");
    const json_t *interval = json_object_get(schedule, "interval");
    if (!*freq) {
        return;
    }
    buf_printf(list, "%sFREQ=%s", list->n ? " | " : "", freq);
    if (json_is_integer(interval)) {
        buf_printf(list, ";INTERVAL=%lld", (long long)json_integer_value(interval));
    }
    add_part(list, "BYDAY", string_of(schedule, "byday"));
    add_part(list, "BYMONTHDAY", string_of(schedule, "bymonthday"));
    if (strlen(opens) >= 5 && strlen(closes) >= 5) {
        buf_printf(list, " %.5s-%.5s", opens, closes);
    }
}

static void put_row(struct buf *out, struct buf *list, const json_t *service)
{
    static const char *const TERMS[] = {"theme", "tier", "delivery", "setting"};
    put_cell(out, string_of(service, "id"));
    buf_char(out, ',');
    put_cell(out, string_of(service, "name"));
    buf_char(out, ',');
    put_cell(out, string_of(json_object_get(service, "organization"), "name"));
    buf_char(out, ',');
    put_cell(out, string_of(service, "description"));
    for (size_t i = 0; i < sizeof TERMS / sizeof *TERMS; i++) {
        put_terms(out, list, service, TERMS[i]);
    }
    put_number(out, service, "minimum_age");
    put_number(out, service, "maximum_age");
    put_terms(out, list, service, "sex");
    put_areas(out, list, service);
    const json_t *schedules = json_object_get(service, "schedules");
    for (size_t i = 0; i < json_array_size(schedules); i++) {
        add_schedule(list, json_array_get(schedules, i));
    }
    put_list(out, list);
    const json_t *funding = json_object_get(service, "funding");
    for (size_t i = 0; i < json_array_size(funding); i++) {
        add(list, string_of(json_array_get(funding, i), "source"));
    }
    put_list(out, list);
}

/* ---- all of them ---- */

static void json_closep(json_t **value)
{
    json_decref(*value);
}

static rv_status put_services(const char *name, struct text json, const json_t *root,
                              struct buf *out, struct rv_err *reterr)
{
    const json_t *page = json_is_object(root) ? json_object_get(root, "contents") : NULL;
    bool is_single = json_is_object(root) && !page;
    const json_t *services = page ? page : root;
    if (!is_single && !json_is_array(services)) {
        return rv_fail(reterr, RV_INVALID,
                       "%s: \"contents\" must be a list of services; nothing "
                       "was loaded",
                       name);
    }
    RV_CLEANUP(buf_done) struct buf list;
    buf_init(&list, (size_t)1 << 20);
    struct walk walk = {.json = json, .line = 1};
    size_t count = is_single ? 1 : json_array_size(services);
    int64_t line = 1;
    buf_text(out, HEADER);
    for (size_t i = 0; i < count; i++) {
        const json_t *service = is_single ? root : json_array_get(services, i);
        int64_t begins = is_single ? 1 : walk_next(&walk, page != NULL);
        if (!*string_of(service, "id") || !*string_of(service, "name")) {
            return rv_fail(
                reterr, RV_INVALID,
                "%s, line %lld: not a service of Open Referral UK (it has no \"id\" or no "
                "\"name\"); nothing was loaded",
                name, (long long)begins);
        }
        do {
            buf_char(out, '\n');
        } while (++line < begins);
        put_row(out, &list, service);
    }
    buf_char(out, '\n');
    return buf_status(out, reterr);
}

rv_status services_to_csv(const char *name, struct text json, struct buf *out,
                          struct rv_err *reterr)
{
    RV_CLEANUP(json_closep) json_t *root = NULL;
    if (text_starts(json, "\xEF\xBB\xBF")) {
        json = (struct text){json.at + 3, json.n - 3};
    }
    RV_TRY(reading_parse(name, json, &root, reterr));
    return put_services(name, json, root, out, reterr);
}

/* ---- as a stream ---- */

struct services_stream {
    struct stream stream;
    struct stream *inner;
    const char *name;
    struct buf csv;
    size_t at;
    bool is_made;
};

static rv_status make(struct services_stream *s, struct rv_err *reterr)
{
    RV_CLEANUP(buf_done) struct buf json;
    char bytes[8192];
    buf_init(&json, LIMIT_JSON_BYTES + sizeof bytes);
    for (size_t n = 1; n > 0;) {
        RV_TRY(s->inner->ops->read(s->inner, bytes, sizeof bytes, &n, reterr));
        buf_slice(&json, (struct text){bytes, n});
        if (json.n > LIMIT_JSON_BYTES) {
            break;
        }
    }
    RV_TRY(buf_status(&json, reterr));
    s->is_made = true;
    return services_to_csv(s->name, buf_view(&json), &s->csv, reterr);
}

static rv_status services_read(struct stream *stream, char *bytes, size_t n, size_t *ret_n,
                               struct rv_err *reterr)
{
    struct services_stream *s = (struct services_stream *)stream;
    RV_TRY(s->is_made ? rv_ok() : make(s, reterr));
    size_t left = s->csv.n - s->at;
    n = n < left ? n : left;
    if (n) {
        memcpy(bytes, s->csv.bytes + s->at, n);
    }
    s->at += n;
    *ret_n = n;
    return rv_ok();
}

static void services_close(struct stream *stream)
{
    struct services_stream *s = (struct services_stream *)stream;
    stream_closep(&s->inner);
    buf_done(&s->csv);
    memory_free(s);
}

static int64_t services_size(const struct stream *stream)
{
    const struct services_stream *s = (const struct services_stream *)stream;
    return s->inner->ops->size(s->inner);
}

static int64_t services_done(const struct stream *stream)
{
    const struct services_stream *s = (const struct services_stream *)stream;
    return s->inner->ops->done(s->inner);
}

static void services_skip_sha256(struct stream *stream)
{
    struct services_stream *s = (struct services_stream *)stream;
    s->inner->ops->skip_sha256(s->inner);
}

static rv_status services_sha256(struct stream *stream, char out[SHA256_HEX + 1],
                                 struct rv_err *reterr)
{
    struct services_stream *s = (struct services_stream *)stream;
    return s->inner->ops->sha256(s->inner, out, reterr);
}

rv_status services_stream_open(struct stream *inner, const char *name, struct stream **ret,
                               struct rv_err *reterr)
{
    static const struct stream_ops OPS = {.is_sheet = true,
                                          .read = services_read,
                                          .close = services_close,
                                          .size = services_size,
                                          .done = services_done,
                                          .skip_sha256 = services_skip_sha256,
                                          .sha256 = services_sha256};
    struct services_stream *s = memory_new(1, sizeof *s);
    if (!s) {
        stream_closep(&inner);
        return rv_fail(reterr, RV_NO_MEMORY, "out of memory");
    }
    *s = (struct services_stream){.stream = {&OPS}, .inner = inner, .name = name};
    buf_init(&s->csv, CSV_BYTES);
    *ret = &s->stream;
    return rv_ok();
}
