/* tests/assess/fixture.c — see fixture.h. SPDX-License-Identifier: GPL-3.0-or-later */
#include "fixture.h"

#include "base/buf.h"
#include "base/civil.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/parse.h"
#include "column/chunk.h"
#include "column/dictionary.h"
#include "place/areas.h"
#include "place/placing.h"

#include <ctype.h>

#define MOST_COLUMNS 16

static struct rv_err err;

void fixture_open(struct fixture *f, size_t threads)
{
    memset(f, 0, sizeof *f);
    (void)snprintf(f->path, sizeof f->path, "%s/t.reeve", test_dir());
    arena_init(&f->arena, LIMIT_ARENA_BYTES);
    CHECK_OK(store_create(f->path, &err));
    CHECK_OK(store_open(f->path, STORE_WRITE, &f->store, &err));
    CHECK_OK(pool_open(threads, &f->pool, &err));
}

void fixture_close(struct fixture *f)
{
    store_close(f->store);
    pool_close(f->pool);
    arena_done(&f->arena);
    (void)unlink(f->path);
}

/* ---- areas ---- */

#define SIDE_M   2000
#define ORIGIN_E 530000
#define ORIGIN_N 180000

static void square(struct buf *b, const char *code, const char *name, int e, int n, int side)
{
    buf_printf(b,
               "%s{\"type\":\"Feature\",\"properties\":{\"code\":\"%s\",\"name\":\"%s\"},"
               "\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[[%d,%d],[%d,%d],[%d,%d],[%d,"
               "%d],[%d,%d]]]}}",
               b->bytes && strstr(b->bytes, "Feature\",") ? ",\n" : "", code, name, e, n, e + side,
               n, e + side, n + side, e, n + side, e, n);
}

static void corner(int borough, int ward, int lsoa, int *e, int *n)
{
    *e = ORIGIN_E + (borough - 1) * SIDE_M;
    *n = ORIGIN_N;
    if (ward > 0) {
        *e += (ward - 1) % 2 * SIDE_M / 2;
        *n += (ward - 1) / 2 * SIDE_M / 2;
    }
    if (lsoa > 0) {
        *e += (lsoa - 1) % 2 * SIDE_M / 4;
        *n += (lsoa - 1) / 2 * SIDE_M / 4;
    }
}

void fixture_point(int borough, int ward, int lsoa, int64_t *easting, int64_t *northing)
{
    int e, n;
    corner(borough, ward, lsoa, &e, &n);
    *easting = (e + SIDE_M / 8) * 1000LL;
    *northing = (n + SIDE_M / 8) * 1000LL;
}

static void import_layer(struct fixture *f, struct buf *b, const char *type, const char *vintage)
{
    char path[300];
    (void)snprintf(path, sizeof path, "%s.%s.%s.geojson", f->path, type, vintage);
    buf_text(b, "]}");
    CHECK_OK(file_write(path, buf_view(b), &err));
    struct areas_options options = {type, vintage, "code", "name", {NULL, NULL, NULL}, NULL};
    struct areas_report report;
    CHECK_OK(areas_import(f->store, &f->arena, f->pool, NULL, path, &options,
                          "2026-01-01T00:00:00Z", &report, &err));
    (void)unlink(path);
}

static void begin_layer(struct buf *b)
{
    buf_init(b, LIMIT_BOUNDARY_BYTES);
    buf_text(b,
             "{\"type\":\"FeatureCollection\",\"crs\":{\"type\":\"name\",\"properties\":{\"name\":"
             "\"urn:ogc:def:crs:EPSG::27700\"}},\"features\":[");
}

static void squares(struct fixture *f, int boroughs, const char *type, const char *vintage,
                    const char *prefix, int levels)
{
    struct buf b RV_CLEANUP(buf_done);
    begin_layer(&b);
    for (int i = 1; i <= boroughs; i++) {
        for (int w = 1; w <= (levels > 1 ? 4 : 1); w++) {
            for (int l = 1; l <= (levels > 2 ? 4 : 1); l++) {
                char code[32], name[64];
                int e, n;
                corner(i, levels > 1 ? w : 0, levels > 2 ? l : 0, &e, &n);
                if (levels == 1) {
                    (void)snprintf(code, sizeof code, "%s%03d", prefix, i);
                    (void)snprintf(name, sizeof name, "Borough %d", i);
                } else if (levels == 2) {
                    (void)snprintf(code, sizeof code, "%s%03d%d", prefix, i, w);
                    (void)snprintf(name, sizeof name, "Ward %d-%d", i, w);
                } else {
                    (void)snprintf(code, sizeof code, "%s%03d%d%d", prefix, i, w, l);
                    (void)snprintf(name, sizeof name, "Area %d-%d-%d", i, w, l);
                }
                square(&b, code, name, e, n, SIDE_M >> (levels - 1));
            }
        }
    }
    import_layer(f, &b, type, vintage);
}

void fixture_areas(struct fixture *f, int boroughs, const char *borough_vintage,
                   const char *ward_vintage, const char *lsoa_vintage)
{
    if (borough_vintage) {
        squares(f, boroughs, "borough", borough_vintage, "E09000", 1);
    }
    if (ward_vintage) {
        squares(f, boroughs, "ward", ward_vintage, "E0500", 2);
    }
    if (lsoa_vintage) {
        squares(f, boroughs, "lsoa", lsoa_vintage, "E01", 3);
    }
}

void fixture_wards_again(struct fixture *f, int boroughs, const char *vintage)
{
    squares(f, boroughs, "ward", vintage, "E0599", 2);
}

void fixture_layer(struct fixture *f, const char *type, const char *vintage,
                   const struct fixture_box *boxes, size_t count)
{
    struct buf b RV_CLEANUP(buf_done);
    begin_layer(&b);
    for (size_t i = 0; i < count; i++) {
        int e = ORIGIN_E + boxes[i].west, n = ORIGIN_N + boxes[i].south;
        int east = e + boxes[i].wide, north = n + boxes[i].high;
        buf_printf(&b,
                   "%s{\"type\":\"Feature\",\"properties\":{\"code\":\"%s\",\"name\":\"%s\"},"
                   "\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[[%d,%d],[%d,%d],[%d,%d],"
                   "[%d,%d],[%d,%d]]]}}",
                   i ? ",\n" : "", boxes[i].code, boxes[i].code, e, n, east, n, east, north, e,
                   north, e, n);
    }
    import_layer(f, &b, type, vintage);
}

/* ---- extracts ---- */

struct sheet {
    struct extract_column columns[MOST_COLUMNS];
    struct dictionary dictionaries[MOST_COLUMNS];
    size_t width;
    char names[MOST_COLUMNS][32];
};

static void read_columns(struct sheet *s, const char *columns)
{
    struct text rest = text_of(columns);
    while (rest.n > 0) {
        struct text type, part = text_split(rest, ' ', &rest);
        struct text name = text_split(part, ':', &type);
        memcpy(s->names[s->width], name.at, name.n);
        s->columns[s->width].name = s->names[s->width];
        enum column_type t = COLUMN_CATEGORY;
        t = type.at[0] == 'i' ? COLUMN_INTEGER : t;
        t = type.at[0] == 'm' ? COLUMN_THOUSANDTHS : t;
        t = type.at[0] == 'r' ? COLUMN_REAL : t;
        t = type.at[0] == 't' ? COLUMN_TIME : t;
        t = type.at[0] == 'x' ? COLUMN_TEXT : t;
        s->columns[s->width].type = t;
        dictionary_init(&s->dictionaries[s->width++], LIMIT_DICTIONARY);
    }
}

/* One chunk of one column from the texts of its cells. */
static void put_chunk(struct extract_draft *d, struct sheet *s, size_t k, uint32_t sequence,
                      const struct text *cells, uint32_t rows)
{
    uint64_t valid[1] = {0};
    uint32_t codes[64] = {0}, offsets[65] = {0};
    int64_t integers[64] = {0};
    double reals[64] = {0};
    char bytes[2048];
    struct column c = {.type = s->columns[k].type,
                       .rows = rows,
                       .valid = valid,
                       .codes = codes,
                       .integers = integers,
                       .reals = reals,
                       .offsets = offsets,
                       .bytes = bytes};
    for (uint32_t i = 0; i < rows; i++) {
        bool has = cells[i].n > 0;
        valid[0] |= (uint64_t)has << i;
        c.nulls += has ? 0 : 1;
        offsets[i + 1] = offsets[i];
        if (c.type == COLUMN_CATEGORY) {
            CHECK_OK(dictionary_code(&s->dictionaries[k], cells[i], &codes[i], &err));
        } else if (c.type == COLUMN_TEXT) {
            CHECK(offsets[i] + cells[i].n <= sizeof bytes);
            memcpy(bytes + offsets[i], cells[i].at, cells[i].n);
            offsets[i + 1] += (uint32_t)cells[i].n;
        } else if (has && c.type == COLUMN_INTEGER) {
            CHECK(parse_int(cells[i], &integers[i]));
        } else if (has && c.type == COLUMN_THOUSANDTHS) {
            CHECK(parse_thousandths(cells[i], &integers[i]));
        } else if (has && c.type == COLUMN_TIME) {
            CHECK(civil_parse(cells[i], &integers[i]) == CIVIL_OK);
        } else if (has && c.type == COLUMN_REAL) {
            CHECK(parse_real(cells[i], &reals[i]));
        }
    }
    c.valid = c.type == COLUMN_CATEGORY || c.nulls == 0 ? NULL : valid;
    c.codes = c.type == COLUMN_CATEGORY ? codes : NULL;
    struct buf out RV_CLEANUP(buf_done);
    buf_init(&out, 1 << 20);
    struct chunk_summary summary;
    CHECK_OK(chunk_encode(&c, &out, &summary, &err));
    CHECK_OK(draft_append(d, k, sequence, &summary, buf_view(&out), &err));
}

static uint32_t put_rows(struct extract_draft *d, struct sheet *s, const char *rows)
{
    struct text cells[MOST_COLUMNS][FIXTURE_CHUNK];
    struct text rest = text_of(rows);
    uint32_t n = 0, sequence = 0, total = 0;
    while (rest.n > 0 || n > 0) {
        if (n == FIXTURE_CHUNK || rest.n == 0) {
            for (size_t k = 0; k < s->width; k++) {
                put_chunk(d, s, k, sequence, cells[k], n);
            }
            sequence++;
            n = 0;
            continue;
        }
        struct text line = text_split(rest, '\n', &rest);
        for (size_t k = 0; k < s->width; k++) {
            cells[k][n] = text_split(line, '|', &line);
        }
        n++;
        total++;
    }
    return total;
}

int64_t fixture_extract(struct fixture *f, const char *kind, const char *source,
                        const char *columns, const char *rows, const char *months)
{
    struct sheet s = {.width = 0};
    struct extract_draft *d = NULL;
    char sha256[65], file[64];
    int32_t covered[240];
    size_t month_count = 0;
    struct text rest = text_of(months);
    while (rest.n > 0) {
        struct month_range r;
        CHECK(month_range_parse(text_split(rest, ',', &rest), &r));
        for (int32_t m = r.first; m <= r.last && month_count < 240; m++) {
            covered[month_count++] = m;
        }
    }
    read_columns(&s, columns);
    CHECK_OK(draft_open(f->store, s.columns, s.width, &d, &err));
    uint32_t total = put_rows(d, &s, rows);
    f->extracts++;
    (void)snprintf(sha256, sizeof sha256, "%064d", f->extracts);
    (void)snprintf(file, sizeof file, "%s-%d.csv", source, f->extracts);
    struct extract_meta meta = {.kind = kind,
                                .source = source,
                                .profile = source,
                                .profile_version = 1,
                                .file_name = file,
                                .sha256 = sha256,
                                .file_bytes = 1,
                                .imported_at = "2026-01-01T00:00:00Z",
                                .refresh = "incremental",
                                .rows_read = total,
                                .accepted = total,
                                .months = covered,
                                .month_count = month_count,
                                .report_json = "{}"};
    const struct dictionary *dictionaries[MOST_COLUMNS];
    for (size_t k = 0; k < s.width; k++) {
        bool is_category = s.columns[k].type == COLUMN_CATEGORY;
        dictionaries[k] = is_category ? &s.dictionaries[k] : NULL;
    }
    int64_t id = 0;
    CHECK_OK(store_begin(f->store, &err));
    CHECK_OK(draft_commit(d, f->store, &meta, dictionaries, &id, &err));
    CHECK_OK(store_commit(f->store, &err));
    draft_close(d);
    for (size_t k = 0; k < s.width; k++) {
        dictionary_done(&s.dictionaries[k]);
    }
    return id;
}

void fixture_place(struct fixture *f)
{
    CHECK_OK(store_begin(f->store, &err));
    CHECK_OK(place_extracts(f->store, &f->arena, f->pool, NULL, 0, &err));
    CHECK_OK(store_commit(f->store, &err));
}

/* ---- tables ---- */

/* The next word of a command line: blanks part words, double quotes keep them together. */
static char *next_word(struct arena *a, const char **at)
{
    while (**at == ' ') {
        (*at)++;
    }
    char *word = arena_text(a, *at, strlen(*at));
    size_t n = 0;
    bool is_quoted = false;
    for (; **at && (is_quoted || **at != ' '); (*at)++) {
        if (**at == '"') {
            is_quoted = !is_quoted;
        } else {
            *at += **at == '\\' ? 1 : 0;
            word[n++] = **at;
        }
    }
    word[n] = '\0';
    return n ? word : NULL;
}

rv_status fixture_table(struct fixture *f, const char *words, struct result_table *ret,
                        struct rv_err *reterr)
{
    static const char *where[8];
    struct table_options o = {.where = where};
    const struct {
        const char *name;
        const char **value;
    } options[] = {
        {"--profile", &o.profile}, {"--kind", &o.kind},       {"--by", &o.by},
        {"--count", &o.count},     {"--date", &o.date},       {"--period", &o.period},
        {"--area", &o.area},       {"--vintage", &o.vintage}, {"--bands", &o.bands},
        {"--rank", &o.rank},       {"--source", &o.source},   {"--denominator", &o.denominator}};
    for (char *word; (word = next_word(&f->arena, &words)) != NULL;) {
        if (strcmp(word, "reeve") == 0 || strcmp(word, "table") == 0 ||
            strcmp(word, ASSESS_QUERY_FILE) == 0) {
            continue;
        }
        char *value = next_word(&f->arena, &words);
        bool is_known = strcmp(word, "--where") == 0;
        if (is_known) {
            where[o.where_count++] = value;
        }
        for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
            if (strcmp(word, options[i].name) == 0) {
                *options[i].value = value;
                is_known = true;
            }
        }
        CHECK(is_known);
    }
    return table_run(f->store, &f->arena, f->pool, NULL, &o, ret, reterr);
}

static const struct result_cell *find_row(const struct result_table *t, const char *row)
{
    for (size_t i = 0; i < t->row_count; i++) {
        struct text rest = text_of(row);
        bool is_it = true;
        for (size_t k = 0; rest.n > 0 && is_it; k++) {
            struct text word = text_split(rest, '|', &rest);
            is_it = text_is(word, t->cells[i * t->column_count + k].text);
        }
        if (is_it) {
            return &t->cells[i * t->column_count];
        }
    }
    return NULL;
}

bool fixture_has_row(const struct result_table *t, const char *row)
{
    return find_row(t, row) != NULL;
}

double fixture_cell(const struct result_table *t, const char *row, const char *column)
{
    const struct result_cell *cells = find_row(t, row);
    if (!cells) {
        fail_msg("no row %s", row);
    }
    for (size_t k = 0; k < t->column_count; k++) {
        if (strcmp(t->columns[k].name, column) == 0) {
            return cells[k].is_missing ? (double)NAN : cells[k].number;
        }
    }
    fail_msg("no column %s", column);
    return 0;
}

const struct finding *fixture_finding(const struct assessment *x, const char *id)
{
    for (size_t i = 0; i < x->finding_count; i++) {
        if (strcmp(x->findings[i].id, id) == 0) {
            return &x->findings[i];
        }
    }
    for (size_t i = 0; i < x->finding_count; i++) {
        print_message("have %s\n", x->findings[i].id);
    }
    fail_msg("no finding %s", id);
    return NULL;
}

/* ---- queries of findings ---- */

static bool ends_with(const char *text, const char *end)
{
    return text_ends(text_of(text), end);
}

static const char *slot_of(const struct finding *g, const char *name)
{
    for (size_t i = 0; i < g->slot_count; i++) {
        if (strcmp(g->slots[i].name, name) == 0) {
            return g->slots[i].text;
        }
    }
    return NULL;
}

/* The label of the row that a finding's query is asked for, by its dimension. */
static const char *row_of(const struct finding *g, const struct result_table *t)
{
    const char *dimension = t->columns[0].name;
    if (strcmp(dimension, "borough") == 0 || strstr(g->id, ".ward-rank.")) {
        return g->area;
    }
    if (strcmp(dimension, "ward") == 0 || strcmp(dimension, "lsoa") == 0 ||
        strcmp(dimension, "locality") == 0) {
        return slot_of(g, "place_code");
    }
    if (strcmp(dimension, "offence-group") == 0) {
        return slot_of(g, "group");
    }
    if (strncmp(dimension, "outcome-", 8) == 0) {
        return slot_of(g, "outcome");
    }
    return strcmp(dimension, "venue") == 0 ? slot_of(g, "place") : NULL;
}

/* ---- queries about time ---- */

static bool is_hour_in(const char *label, const char *from, const char *to)
{
    int hour = atoi(label), first = atoi(from), last = atoi(to);
    return first < last ? hour >= first && hour < last : hour >= first || hour < last;
}

/* Rows of minutes from one hour to another, without the placeholders that the finding names. */
static double sum_minutes(const struct finding *g, const struct result_table *t, const char *from,
                          const char *to)
{
    const char *aside = slot_of(g, "minutes");
    double sum = 0;
    for (size_t i = 0; i < t->row_count; i++) {
        const struct result_cell *row = &t->cells[i * t->column_count];
        bool is_time = row[0].text[0] >= '0' && row[0].text[0] <= '9';
        bool is_aside = aside && strstr(aside, row[0].text);
        sum += is_time && !is_aside && is_hour_in(row[0].text, from, to) ? row[1].number : 0;
    }
    return sum;
}

static double sum_named(const struct result_table *t, const char *names)
{
    double sum = 0;
    for (size_t i = 0; i < t->row_count; i++) {
        const struct result_cell *row = &t->cells[i * t->column_count];
        sum += strstr(names, row[0].text) ? row[1].number : 0;
    }
    return sum;
}

/* Rows of "kind of day, minute" or "weekday, minute" that the finding counts. */
static double sum_days(const struct finding *g, const struct result_table *t)
{
    static const char *const nights[][2] = {
        {"friday", "18 24"}, {"saturday", "00 05"}, {"saturday", "18 24"}, {"sunday", "00 05"}};
    const char *aside = slot_of(g, "minutes");
    double sum = 0;
    for (size_t i = 0; i < t->row_count; i++) {
        const struct result_cell *row = &t->cells[i * t->column_count];
        bool is_time = row[1].text[0] >= '0' && row[1].text[0] <= '9', is_in = false;
        for (size_t k = 0; ends_with(g->id, ".weekend-nights") && k < 4; k++) {
            is_in = is_in || (strcmp(row[0].text, nights[k][0]) == 0 &&
                              is_hour_in(row[1].text, nights[k][1], nights[k][1] + 3));
        }
        if (ends_with(g->id, ".after-school-term")) {
            is_in = strcmp(row[0].text, "school-day") == 0 &&
                    is_hour_in(row[1].text, slot_of(g, "from"), slot_of(g, "to"));
        }
        sum += is_time && is_in && !(aside && strstr(aside, row[1].text)) ? row[2].number : 0;
    }
    return sum;
}

/* True when the finding is about time, and then checked. */
static bool check_time(const struct finding *g, const struct result_table *t)
{
    const char *hour = slot_of(g, "hour"), *most = slot_of(g, "most");
    if (ends_with(g->id, ".peak-hour") && strcmp(t->columns[0].name, "hour") == 0) {
        CHECK_NEAR(fixture_cell(t, hour, "count"), g->numerator, 0);
    } else if (ends_with(g->id, ".peak-hour")) {
        char next[8];
        (void)snprintf(next, sizeof next, "%d", atoi(hour) + 1);
        CHECK_NEAR(sum_minutes(g, t, hour, next), g->numerator, 0);
    } else if (ends_with(g->id, ".night") || ends_with(g->id, ".after-school")) {
        CHECK_NEAR(sum_minutes(g, t, slot_of(g, "from"), slot_of(g, "to")), g->numerator, 0);
    } else if (ends_with(g->id, ".weekend-nights") || ends_with(g->id, ".after-school-term")) {
        CHECK_NEAR(sum_days(g, t), g->numerator, 0);
    } else if (ends_with(g->id, ".term")) {
        CHECK_NEAR(fixture_cell(t, "school-day", "count"), g->numerator, 0);
    } else if (ends_with(g->id, ".spread-peak-hour")) {
        CHECK_STRING(t->columns[0].name, "clock"); /* weights: no table gives them */
    } else if (ends_with(g->id, ".placeholder-times")) {
        const char *minutes = slot_of(g, "minutes");
        CHECK_NEAR(minutes ? sum_named(t, minutes) : 0, g->numerator, 0);
    } else if (ends_with(g->id, ".recorded-in-time")) {
        CHECK_NEAR(sum_named(t, "same-day 1-7"), g->numerator, 0);
    } else if (ends_with(g->id, ".weapon-enabled.flags")) {
        CHECK_NEAR(sum_named(t, "threatened used intimated"), g->numerator, 0);
    } else if (ends_with(g->id, ".weekdays")) {
        char day[16] = "";
        for (size_t i = 0; most[i] && i + 1 < sizeof day; i++) {
            day[i] = (char)tolower(most[i]);
        }
        CHECK_NEAR(fixture_cell(t, day, "count"), g->numerator, 0);
    } else {
        return false;
    }
    return true;
}

/* The number of months that are there; the offences of all categories together. */
static void check_sum(const struct finding *g, const struct result_table *t)
{
    double sum = 0;
    for (size_t i = 0; i < t->row_count; i++) {
        const struct result_cell *count = &t->cells[i * t->column_count + 1];
        bool is_months = strcmp(g->theme, "coverage") == 0;
        sum += count->is_missing ? 0 : is_months ? 1 : count->number;
    }
    CHECK_NEAR(sum, g->value, 0);
}

/* "0-17", "under-18", "65-plus": the first age of a band. */
static int first_age(const char *label)
{
    return strncmp(label, "under-", 6) == 0 ? 0 : atoi(label);
}

/* Whether a row of the query of a share belongs to its part. */
static bool is_of_part(const struct finding *g, const char *label)
{
    const char *what = strrchr(g->id, '.') + 1;
    if (strncmp(what, "under-", 6) == 0) {
        return strcmp(label, "not-recorded") != 0 && first_age(label) < atoi(what + 6);
    }
    return ends_with(g->id, ".total") || strcmp(label, what) == 0;
}

static int larger_first(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return (*x < *y) - (*x > *y);
}

static void check_part(const struct finding *g, const struct result_table *t)
{
    double sum = 0, *counts = test_calloc(t->row_count + 1, sizeof *counts);
    bool is_top_ten = ends_with(g->id, ".top-ten-lsoa");
    for (size_t i = 0; i < t->row_count; i++) {
        const struct result_cell *cells = &t->cells[i * t->column_count];
        bool is_placed = strcmp(cells[0].text, "unplaced") != 0;
        counts[i] = is_top_ten && is_placed ? cells[1].number : 0;
        sum += !is_top_ten && is_of_part(g, cells[0].text) ? cells[1].number : 0;
    }
    qsort(counts, t->row_count, sizeof *counts, larger_first);
    for (size_t i = 0; i < 10 && i < t->row_count; i++) {
        sum += counts[i];
    }
    test_free(counts);
    if (sum != g->numerator) {
        fail_msg("%s: %s gives %g, not %g", g->id, g->query, sum, g->numerator);
    }
}

/* The rows that a finding about people names; of persons of a pseudonym every entry searched. */
static bool check_rows(const struct finding *g, const struct result_table *t)
{
    const char *names = slot_of(g, "rows");
    double sum = 0;
    if (ends_with(g->id, ".repeat")) {
        return t->row_count > 0; /* no table lists persons */
    }
    for (size_t i = 0; names && i < t->row_count; i++) {
        const struct result_cell *row = &t->cells[i * t->column_count];
        size_t n = strlen(row[0].text);
        for (const char *at = strstr(names, row[0].text); at; at = strstr(at + 1, row[0].text)) {
            bool is_whole = (at == names || at[-1] == ' ') && (at[n] == ' ' || at[n] == '\0');
            sum += is_whole ? row[1].number : 0;
        }
    }
    if (names && isfinite(g->numerator) && sum != g->numerator) {
        fail_msg("%s: %s gives %g, not %g", g->id, g->query, sum, g->numerator);
    }
    return names != NULL;
}

/* Sum of `at_least` and more of rows of points. */
static double sum_points(const struct result_table *t, double at_least)
{
    double sum = 0;
    for (size_t i = 0; i < t->row_count; i++) {
        const struct result_cell *row = &t->cells[i * t->column_count];
        bool is_point = strcmp(row[0].text, "not-recorded") != 0;
        sum += is_point && row[1].number >= at_least ? row[1].number : 0;
    }
    return sum;
}

/* Fewest rows but the unplaced that hold half of them. */
static double rows_of_half(const struct result_table *t)
{
    double sum = 0, half = 0, *counts = test_calloc(t->row_count + 1, sizeof *counts);
    size_t k = 0;
    for (size_t i = 0; i < t->row_count; i++) {
        const struct result_cell *row = &t->cells[i * t->column_count];
        counts[i] = strcmp(row[0].text, "unplaced") != 0 ? row[1].number : 0;
        sum += counts[i];
    }
    qsort(counts, t->row_count, sizeof *counts, larger_first);
    while (2 * half < sum) {
        half += counts[k++];
    }
    test_free(counts);
    return (double)k;
}

/* True when the finding is about where, and then checked. */
static bool check_where(const struct finding *g, const struct result_table *t)
{
    if (ends_with(g->id, ".location-quality")) {
        CHECK_NEAR(sum_points(t, 0), g->numerator, 0);
    } else if (ends_with(g->id, ".repeat-locations")) {
        CHECK_NEAR(sum_points(t, 2), g->numerator, 0);
        CHECK_NEAR(sum_points(t, 0), g->denominator, 0);
    } else if (ends_with(g->id, ".concentration")) {
        CHECK_NEAR(rows_of_half(t), g->numerator, 0);
    } else if (ends_with(g->id, ".place-kinds")) {
        double most = 0;
        for (size_t i = 0; i < t->row_count; i++) {
            const struct result_cell *row = &t->cells[i * t->column_count];
            bool is_known = strcmp(row[0].text, "not-recorded") != 0;
            most = is_known && row[1].number > most ? row[1].number : most;
        }
        CHECK_NEAR(most, g->numerator, 0);
    } else {
        return false;
    }
    return true;
}

void fixture_check_query(struct fixture *f, const struct finding *g)
{
    struct result_table t;
    if (g->verdict == VERDICT_NOT_AVAILABLE) {
        return;
    }
    rv_status status = fixture_table(f, g->query, &t, &err);
    if (!rv_is_ok(status)) {
        fail_msg("%s: %s: %s", g->id, g->query, err.message);
    }
    if (check_time(g, &t) || check_where(g, &t) || check_rows(g, &t)) {
        return;
    }
    if (ends_with(g->id, ".harm")) { /* weights are in no table: what is weighted is */
        double sum = 0;
        for (size_t i = 0; i < t.row_count; i++) {
            sum += t.cells[i * t.column_count + 1].number;
        }
        CHECK_NEAR(sum, g->numerator + g->missing, 0);
        return;
    }
    if (strcmp(g->theme, "coverage") == 0 || ends_with(g->id, ".drivers") ||
        ends_with(g->id, ".change-parts") || ends_with(g->id, ".months")) {
        check_sum(g, &t);
        return;
    }
    if (strstr(g->id, ".victims.") || strstr(g->id, ".suspects.") ||
        ends_with(g->id, ".top-ten-lsoa")) {
        check_part(g, &t);
        return;
    }
    const char *row = row_of(g, &t);
    row = row ? row : t.row_count == 1 ? t.cells[0].text : NULL;
    if (!row) {
        CHECK(g->value == 0); /* none of an open vocabulary: no row */
        return;
    }
    double count = fixture_cell(&t, row, "count");
    if (count != g->numerator) {
        fail_msg("%s: %s gives %g, not %g", g->id, g->query, count, g->numerator);
    }
    if (strcmp(g->unit, "rank") == 0) {
        CHECK_NEAR(fixture_cell(&t, row, "rank"), (double)g->rank, 0);
        CHECK_NEAR(fixture_cell(&t, row, "rank_low"), (double)g->rank_low, 0);
        CHECK_NEAR(fixture_cell(&t, row, "rank_high"), (double)g->rank_high, 0);
        CHECK_NEAR(fixture_cell(&t, row, "of"), (double)g->of, 0);
    }
    if (ends_with(g->id, ".rate") || ends_with(g->id, ".rate-before")) {
        CHECK_NEAR(fixture_cell(&t, row, "rate"), g->value, 1e-12);
        CHECK_NEAR(fixture_cell(&t, row, "lower"), g->lower, 1e-12);
        CHECK_NEAR(fixture_cell(&t, row, "upper"), g->upper, 1e-12);
    }
}
