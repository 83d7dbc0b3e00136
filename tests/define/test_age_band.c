/* tests/define/test_age_band.c — the bands of the publishers held, and what is no band.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "check.h"
#include "define/age_band.h"

static void a_band_has_two_ends(void **state)
{
    (void)state;
    static const struct {
        const char *band;
        int from, to; /* from -1 = refused */
    } BANDS[] = {
        {"0-15", 0, 15},
        {"0 to 15", 0, 15},
        {"16 - 29", 16, 29},
        {"Aged 5 to 9 years", 5, 9},
        {"Aged 4 years and under", 0, 4},
        {"Aged 85 years and over", 85, 130},
        {"65+", 65, 130},
        {"65 and over", 65, 130},
        {"90 plus", 90, 130},
        {"under 18", 0, 17},
        {"Under 1", 0, 0},
        {"over 34", 35, 130},
        {"7", 7, 7},
        {"10-24 yrs", 10, 24},
        {"1 year", 1, 1},
        {"under-18", 0, 17},
        {"65-plus", 65, 130},
        {"<18", 0, 17},
        {">24", 25, 130},
        {"18\xE2\x80\x93"
         "24",
         18, 24},
        {"", -1, 0},
        {"not-recorded", -1, 0},
        {"18-", -1, 0},
        {"All ages", -1, 0},
        {"15-10", -1, 0},
        {"under 0", -1, 0},
        {"0-1000", -1, 0},
        {"200", -1, 0},
        {"5 to", -1, 0},
        {"5 of 9", -1, 0},
        {"10-24 apples", -1, 0},
    };
    for (size_t i = 0; i < sizeof BANDS / sizeof BANDS[0]; i++) {
        int from = -1, to = -1;
        bool is_read = age_band_parse(text_of(BANDS[i].band), &from, &to);
        if (is_read != (BANDS[i].from >= 0) ||
            (is_read && (from != BANDS[i].from || to != BANDS[i].to))) {
            fail_msg("\"%s\" is %d to %d", BANDS[i].band, from, to);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_band_has_two_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
