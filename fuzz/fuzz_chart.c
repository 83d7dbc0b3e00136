/* fuzz/fuzz_chart.c — any bytes as a table and its chart: refused with a sentence, or drawn
 * soundly.
 *
 * Byte by byte: the chart, the columns and their types, the width and what surrounds the chart,
 * then cells: labels of any bytes, doubles of any bits. With an odd first byte the table is one of
 * counts that chart_fit puts in shape first.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/limits.h"
#include "fuzz.h"
#include "report/chart_fit.h"

#include <math.h>
#include <string.h>

enum { COLUMNS_MAX = 14, ROWS_MAX = 24 };

struct made {
    struct result_column columns[COLUMNS_MAX];
    struct result_cell cells[COLUMNS_MAX * ROWS_MAX];
    struct result_table table;
};

static const char *label(struct arena *a, struct text *at)
{
    static const char *const common[] = {"monday",  "07",   "not-recorded", "unplaced",
                                         "2021-03", "2022", "female",       "male"};
    uint8_t n = fuzz_byte(at);
    if (n >= 248) {
        return common[n - 248];
    }
    size_t take = n < at->n ? n : at->n;
    const char *text = arena_text(a, at->at, take);
    at->at += take;
    at->n -= take;
    FUZZ_REQUIRE(text);
    return text;
}

/* Often a small count, sometimes any eight bytes. */
static double number(struct text *at)
{
    uint8_t kind = fuzz_byte(at);
    if (kind < 200) {
        return kind;
    }
    double v = 0;
    if (at->n >= sizeof v) {
        memcpy(&v, at->at, sizeof v);
        at->at += sizeof v;
        at->n -= sizeof v;
    }
    return v;
}

static void make_cells(struct arena *a, struct made *m, struct text *at)
{
    struct result_table *t = &m->table;
    for (size_t i = 0; i < t->row_count * t->column_count; i++) {
        enum result_type type = m->columns[i % t->column_count].type;
        if (type == RESULT_TEXT) {
            m->cells[i] = (struct result_cell){label(a, at), (double)NAN, false};
        } else if (type == RESULT_MONTH) {
            uint8_t month = fuzz_byte(at);
            double v = month < 250 ? 24000.0 + month : number(at);
            m->cells[i] = (struct result_cell){NULL, v, false};
        } else {
            bool is_missing = fuzz_byte(at) % 8 == 0;
            m->cells[i] = (struct result_cell){is_missing ? "why" : NULL, number(at), is_missing};
        }
    }
    t->columns = m->columns;
    t->cells = m->cells;
}

static void make_drawn(struct arena *a, struct made *m, struct text *at)
{
    static const char *const names[] = {"value",          "lower", "upper",     "outer_lower",
                                        "outer_upper",    "break", "reference", "panel",
                                        "left_reference", "total"};
    m->table.column_count = 1 + (size_t)fuzz_byte(at) % COLUMNS_MAX;
    m->table.row_count = fuzz_byte(at) % (ROWS_MAX + 1);
    for (size_t c = 0; c < m->table.column_count; c++) {
        uint8_t b = fuzz_byte(at);
        m->columns[c] = (struct result_column){names[b / 8 % 10], label(a, at),
                                               (enum result_type)(b % (RESULT_REAL + 1))};
    }
    make_cells(a, m, at);
}

/* The columns of `reeve table`. */
static void make_counted(struct arena *a, struct made *m, struct text *at)
{
    static const char *const dimensions[] = {"hour",  "weekday",    "month",
                                             "year",  "ward",       "category",
                                             "venue", "victim-sex", "victim-age-band"};
    static const struct result_column numbers[] = {
        {"count", "Count", RESULT_COUNT}, {"population", "Residents", RESULT_COUNT},
        {"rate", "Rate", RESULT_RATE},    {"lower", "Lower", RESULT_RATE},
        {"upper", "Upper", RESULT_RATE},  {"share", "Share", RESULT_RATE}};
    size_t n = fuzz_byte(at) % 5;
    m->table.column_count = n + 6;
    m->table.row_count = fuzz_byte(at) % (ROWS_MAX + 1);
    m->table.layer_id = fuzz_byte(at) % 2;
    for (size_t k = 0; k < n; k++) {
        const char *name = dimensions[fuzz_byte(at) % 9];
        m->columns[k] = (struct result_column){name, name, RESULT_TEXT};
    }
    memcpy(m->columns + n, numbers, sizeof numbers);
    make_cells(a, m, at);
}

static void check_drawn(const struct buf *out)
{
    struct text all = buf_view(out);
    FUZZ_REQUIRE(text_utf8_valid(all) == all.n);
    FUZZ_REQUIRE(text_ends(all, "</svg>\n"));
    FUZZ_REQUIRE(!strstr(out->bytes, "<script") && !strstr(out->bytes, "=\"nan") &&
                 !strstr(out->bytes, "=\"-nan") && !strstr(out->bytes, "=\"inf"));
    for (size_t i = 0; i < all.n; i++) {
        unsigned char c = (unsigned char)all.at[i];
        FUZZ_REQUIRE(c >= 0x20 || c == '\n' || c == '\t' || c == '\r');
    }
}

static rv_status draw(struct arena *a, struct made *m, bool is_counted, struct text *at,
                      struct buf *out, struct rv_err *err)
{
    static const char *const values[] = {NULL, "count", "rate", "share"};
    int width = CHART_LEAST + fuzz_byte(at) * 4;
    const struct chart_look look = {.is_alone = fuzz_byte(at) % 2 == 0};
    struct fit_options options = {.chart = m->table.chart, .value = values[fuzz_byte(at) % 4]};
    if (is_counted) {
        RV_TRY(chart_fit(a, &m->table, &options, &m->table, err));
    }
    return chart_draw(a, &m->table, "f", width, &look, out, err);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct text at = fuzz_input(data, size);
    struct made m = {.table = {.id = "fuzz", .theme = "t"}};
    struct rv_err err = {.message = ""};
    struct arena a;
    struct buf out;
    arena_init(&a, (size_t)1 << 28);
    buf_init(&out, LIMIT_REPORT_BYTES);
    uint8_t first = fuzz_byte(&at);
    m.table.chart = (enum result_chart)(first / 2 % (CHART_MULTIPLES + 1));
    m.table.ends_with_total = fuzz_byte(&at) % 2 == 0;
    m.table.title = label(&a, &at);
    m.table.description = label(&a, &at);
    m.table.focus = label(&a, &at);
    if (first % 2) {
        make_counted(&a, &m, &at);
    } else {
        make_drawn(&a, &m, &at);
    }
    rv_status status = draw(&a, &m, first % 2, &at, &out, &err);
    if (!rv_is_ok(status)) {
        FUZZ_REQUIRE(status.code == RV_INVALID || status.code == RV_USAGE);
        FUZZ_REQUIRE(err.message[0]);
    } else if (out.n) {
        check_drawn(&out);
    }
    buf_done(&out);
    arena_done(&a);
    return 0;
}
