/* fuzz/fuzz_services.c — any bytes as services of Open Referral UK.
 *
 * Refused with a sentence and nothing of a row, or CSV in UTF-8 whose records all have the cells of
 * its header. SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/limits.h"
#include "fuzz.h"
#include "read/csv.h"
#include "read/services.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct rv_err err = {.code = RV_OK};
    struct buf csv;
    buf_init(&csv, (size_t)64 << 20);
    rv_status status = services_to_csv("services.json", fuzz_input(data, size), &csv, &err);
    if (!rv_is_ok(status)) {
        FUZZ_REQUIRE(strstr(err.message, "services.json"));
        buf_done(&csv);
        return 0;
    }
    struct arena a;
    struct csv_records records;
    struct csv_dialect dialect = {',', CSV_LF};
    struct csv_block block = {.bytes = csv.bytes, .n = csv.n, .first_line = 1};
    arena_init(&a, (size_t)1 << 30);
    FUZZ_REQUIRE(text_utf8_valid(buf_view(&csv)) == csv.n);
    FUZZ_REQUIRE(rv_is_ok(csv_parse(&a, &block, &dialect, &records, &err)));
    FUZZ_REQUIRE(records.count >= 1);
    for (size_t i = 0; i < records.count; i++) {
        FUZZ_REQUIRE(records.records[i].fault == CSV_FINE);
        FUZZ_REQUIRE(records.records[i].cells == records.records[0].cells);
    }
    arena_done(&a);
    buf_done(&csv);
    return 0;
}
