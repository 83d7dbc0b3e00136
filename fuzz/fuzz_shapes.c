/* fuzz/fuzz_shapes.c — any bytes as the boundaries of two neighbours: refused, or a whole map.
 *
 * The first byte says where the second shape begins.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "fuzz.h"
#include "report/chart.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct result_column columns[] = {{"code", "Code", RESULT_TEXT},
                                                   {"name", "Name", RESULT_TEXT},
                                                   {"rate", "Rate", RESULT_RATE}};
    static const struct result_cell cells[] = {{"A", 0, false},   {"One", 0, false},
                                               {NULL, 3, false},  {"B", 0, false},
                                               {"Two", 0, false}, {NULL, 5, false}};
    static const struct result_table table = {.id = "map",
                                              .theme = "t",
                                              .title = "A map",
                                              .chart = CHART_MAP,
                                              .focus = "B",
                                              .columns = columns,
                                              .column_count = 3,
                                              .cells = cells,
                                              .row_count = 2};
    if (size < 2) {
        return 0;
    }
    struct text all = fuzz_input(data + 1, size - 1);
    size_t cut = all.n * data[0] / 256;
    const char *const codes[] = {"A", "B"};
    const struct text wkb[] = {{all.at, cut}, {all.at + cut, all.n - cut}};
    const struct report_layer layer = {.layer_id = 1, .codes = codes, .wkb = wkb, .count = 2};
    struct rv_err err = {.message = ""};
    struct arena a;
    struct buf out;
    arena_init(&a, (size_t)1 << 28);
    buf_init(&out, 1u << 26);
    rv_status status = chart_svg(&a, &table, "m", CHART_WIDE, &layer, &out, &err);
    if (rv_is_ok(status)) {
        FUZZ_REQUIRE(text_ends(buf_view(&out), "</svg>\n"));
    } else {
        FUZZ_REQUIRE(status.code == RV_DAMAGED && err.message[0]);
    }
    buf_done(&out);
    arena_done(&a);
    return 0;
}
