/* fuzz/fuzz_result-table.c — any bytes as a stored table: refused with a sentence, or a table that
 * is written and read again without a difference. Of what may be let out of it every count is 0 or
 * large enough, whatever the columns are called.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "assess/release_table.h"
#include "fuzz.h"
#include "report/table.h"
#include "report/table_store.h"

#include <string.h>

static void look_at_public(struct arena *a, const struct result_table *t)
{
    struct rv_err err = {.message = ""};
    struct result_table out;
    struct finding f = finding_blank("theme.all.total", "theme");
    const struct release_terms none = {.day = "2026-01-01"};
    if (!rv_is_ok(release_table(a, &none, &f, t, &out, &err))) {
        FUZZ_REQUIRE(err.message[0]);
        return;
    }
    for (size_t i = 0; i < out.row_count * out.column_count; i++) {
        const struct result_column *column = &out.columns[i % out.column_count];
        bool is_difference = strcmp(column->name, "change") == 0 ||
                             strcmp(column->name, "points") == 0 ||
                             strcmp(column->name, "percent") == 0;
        if (column->type == RESULT_COUNT && !is_difference) {
            FUZZ_REQUIRE(!out.cells[i].is_missing);
            FUZZ_REQUIRE(out.cells[i].number < 0.5 || out.cells[i].number >= RELEASE_LEAST_COUNT);
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct rv_err err = {.message = ""};
    struct result_table t, again;
    struct arena a;
    arena_init(&a, (size_t)1 << 28);
    rv_status status = result_table_from_json(&a, fuzz_input(data, size), &t, &err);
    if (rv_is_ok(status)) {
        struct buf first, second, csv;
        buf_init(&first, 1u << 26);
        buf_init(&second, 1u << 26);
        buf_init(&csv, 1u << 26);
        FUZZ_REQUIRE(rv_is_ok(result_table_to_json(&t, &first, &err)));
        FUZZ_REQUIRE(rv_is_ok(result_table_from_json(&a, buf_view(&first), &again, &err)));
        FUZZ_REQUIRE(rv_is_ok(result_table_to_json(&again, &second, &err)));
        FUZZ_REQUIRE(text_equal(buf_view(&first), buf_view(&second)));
        FUZZ_REQUIRE(rv_is_ok(result_table_csv(&t, &csv, &err)));
        look_at_public(&a, &t);
        buf_done(&first);
        buf_done(&second);
        buf_done(&csv);
    } else {
        FUZZ_REQUIRE(err.message[0]);
    }
    arena_done(&a);
    return 0;
}
