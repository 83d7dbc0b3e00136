/* tests/column/test_column.c — names of types and the end of codes.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "check.h"
#include "column/column.h"

/* The numbers are in partnership files. */
static void types_keep_their_numbers_and_names(void **state)
{
    (void)state;
    static const char *const names[] = {"unknown", "category", "integer", "thousandths",
                                        "real",    "time",     "text",    "unknown"};
    for (int type = 0; type < 8; type++) {
        CHECK_STRING(column_type_name((enum column_type)type), names[type]);
    }
    CHECK_INT(COLUMN_CATEGORY, 1);
    CHECK_INT(COLUMN_TEXT, 6);
}

static void codes_end_after_the_greatest(void **state)
{
    (void)state;
    const uint32_t codes[] = {3, 0, 17, 4};
    struct column c = {.type = COLUMN_CATEGORY, .rows = 4, .nulls = 1, .codes = codes};
    CHECK_INT(column_codes_end(&c), 18);
    c.rows = 2;
    CHECK_INT(column_codes_end(&c), 4);
    c.rows = 0;
    CHECK_INT(column_codes_end(&c), 0);
    CHECK(column_has(&c, 0) && !column_has(&c, 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(types_keep_their_numbers_and_names),
        cmocka_unit_test(codes_end_after_the_greatest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
