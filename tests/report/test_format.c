/* tests/report/test_format.c — every formatter at its edges.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "check.h"
#include "report/format.h"

static struct buf out;

static const char *done(void)
{
    static char text[512];
    (void)snprintf(text, sizeof text, "%s", out.bytes ? out.bytes : "");
    buf_clear(&out);
    return text;
}

#define SAYS(call, want)                                                                           \
    do {                                                                                           \
        call;                                                                                      \
        CHECK_STRING(done(), want);                                                                \
    } while (0)

static void test_counts(void **state)
{
    (void)state;
    SAYS(format_count(&out, 0), "0");
    SAYS(format_count(&out, 999), "999");
    SAYS(format_count(&out, 1000), "1,000");
    SAYS(format_count(&out, 1234567), "1,234,567");
    SAYS(format_count(&out, -1234), "−1,234");
    SAYS(format_count(&out, 9007199254740991.0), "9,007,199,254,740,991");
    SAYS(format_count(&out, 0.5), "1");
    SAYS(format_count(&out, 1.5), "2");
    SAYS(format_count(&out, 2.5), "3"); /* away from zero, not to even */
    SAYS(format_count(&out, -2.5), "−3");
    SAYS(format_count(&out, 999.5), "1,000");
    SAYS(format_count(&out, 999999.5), "1,000,000");
    SAYS(format_count(&out, 1e20), "100,000,000,000,000,000,000");
}

static void test_nothing_is_not_zero(void **state)
{
    (void)state;
    SAYS(format_count(&out, NAN), "not available");
    SAYS(format_count(&out, INFINITY), "not available");
    SAYS(format_rate(&out, -INFINITY), "not available");
    SAYS(format_percent(&out, NAN, 0, FORMAT_PLAIN), "not available");
    SAYS(format_ordinal(&out, -1, true), "not available");
    SAYS(format_interval(&out, 1, NAN, 0.95, FORMAT_RATE), "not available");
    SAYS(format_period(&out, (struct month_range){1, 0}), "not available");
    SAYS(format_month(&out, -5), "not available");
    SAYS(format_date(&out, 2026, 2, 29), "not available");
}

static void test_rates_round_on_the_printed_digits(void **state)
{
    (void)state;
    SAYS(format_rate(&out, 0.05), "0.1");
    SAYS(format_rate(&out, 0.15), "0.2"); /* the double is below 0.15 */
    SAYS(format_rate(&out, 2.675 / 10), "0.3");
    SAYS(format_ratio(&out, 2.675), "2.68"); /* the double is 2.67499999999999982 */
    SAYS(format_ratio(&out, 1.005), "1.01");
    SAYS(format_rate(&out, 0.04999999999999), "0.1"); /* 12 digits say 0.05, so does this */
    SAYS(format_rate(&out, 0.0499), "0.0");
    SAYS(format_rate(&out, -0.04), "0.0"); /* no minus nought */
    SAYS(format_rate(&out, -0.0), "0.0");
    SAYS(format_rate(&out, 99.95), "100.0");
    SAYS(format_rate(&out, 1e-300), "0.0");
    SAYS(format_rate(&out, 645.25), "645.3");
    SAYS(format_rate(&out, 12345.678), "12,345.7");
    SAYS(format_ratio(&out, 0.8349), "0.83");
    SAYS(format_real(&out, 61), "61");
    SAYS(format_real(&out, 61.5), "61.5");
    SAYS(format_real(&out, 0.0532), "0.053");
    SAYS(format_real(&out, 0.00042), "0.00042"); /* a little is not told as nothing */
    SAYS(format_real(&out, -1234567.25), "\xE2\x88\x92"
                                         "1,234,567.25");
}

static void test_signs(void **state)
{
    (void)state;
    SAYS(format_decimal(&out, 12, 0, FORMAT_SIGNED), "+12");
    SAYS(format_decimal(&out, -12, 0, FORMAT_SIGNED), "−12");
    SAYS(format_decimal(&out, 0, 0, FORMAT_SIGNED), "0");
    SAYS(format_decimal(&out, 0.04, 1, FORMAT_SIGNED), "0.0");
    SAYS(format_decimal(&out, -12, 0, FORMAT_UNSIGNED), "12");
    SAYS(format_percent(&out, 19.375, 0, FORMAT_SIGNED), "+19%");
}

static void test_percents(void **state)
{
    (void)state;
    SAYS(format_percent(&out, 19.375, 0, FORMAT_PLAIN), "19%");
    SAYS(format_percent(&out, 19.375, 1, FORMAT_PLAIN), "19.4%");
    SAYS(format_percent(&out, 0, 1, FORMAT_PLAIN), "0.0%");
    SAYS(format_percent(&out, 0.5, 0, FORMAT_PLAIN), "1%");
    SAYS(format_percent(&out, 0.49, 0, FORMAT_PLAIN), "less than 1%");
    SAYS(format_percent(&out, 0.04, 1, FORMAT_PLAIN), "less than 0.1%");
    SAYS(format_percent(&out, -0.04, 1, FORMAT_PLAIN), "between −0.1% and 0%");
    SAYS(format_percent(&out, -0.04, 1, FORMAT_UNSIGNED), "less than 0.1%");
    SAYS(format_percent(&out, -42.5, 0, FORMAT_PLAIN), "−43%");
    SAYS(format_percent(&out, 1234.5, 0, FORMAT_PLAIN), "1,235%");
}

static void test_ranks(void **state)
{
    (void)state;
    static const struct {
        int64_t rank;
        const char *text;
    } rows[] = {{1, "1st"},     {2, "2nd"},     {3, "3rd"},     {4, "4th"},
                {10, "10th"},   {11, "11th"},   {12, "12th"},   {13, "13th"},
                {21, "21st"},   {22, "22nd"},   {23, "23rd"},   {101, "101st"},
                {111, "111th"}, {112, "112th"}, {632, "632nd"}, {1013, "1,013th"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        SAYS(format_ordinal(&out, rows[i].rank, false), rows[i].text);
    }
    SAYS(format_ordinal(&out, 16, true), "joint 16th");
}

static void test_intervals(void **state)
{
    (void)state;
    SAYS(format_interval(&out, 12.34, 15.58, 0.95, FORMAT_RATE), "95% interval 12.3 to 15.6");
    SAYS(format_interval(&out, 3, 1200, 0.998, FORMAT_COUNT), "99.8% interval 3 to 1,200");
    SAYS(format_interval(&out, 0, 4.2, 0.95, FORMAT_PERCENT1), "95% interval 0.0% to 4.2%");
    SAYS(format_interval(&out, 0.29, 0.58, 0.57, FORMAT_RATIO), "57% interval 0.29 to 0.58");
}

static void test_periods(void **state)
{
    (void)state;
    int32_t jan = 2021 * 12;
    SAYS(format_month(&out, jan), "January 2021");
    SAYS(format_month_short(&out, jan + 8), "Sep 2021");
    SAYS(format_period(&out, (struct month_range){jan, jan}), "January 2021");
    SAYS(format_period(&out, (struct month_range){jan, jan + 11}), "2021");
    SAYS(format_period(&out, (struct month_range){jan, jan + 23}), "2021 to 2022");
    SAYS(format_period(&out, (struct month_range){jan, jan + 5}), "January to June 2021");
    SAYS(format_period(&out, (struct month_range){jan + 1, jan + 11}), "February to December 2021");
    SAYS(format_period(&out, (struct month_range){jan - 4, jan + 19}),
         "September 2020 to August 2022");
}

static void test_dates(void **state)
{
    (void)state;
    SAYS(format_date(&out, 2026, 11, 22), "22 November 2026");
    SAYS(format_iso_date(&out, text_of("2026-11-22T09:30:00Z")), "22 November 2026");
    SAYS(format_iso_date(&out, text_of("2024-02-29")), "29 February 2024");
    SAYS(format_iso_date(&out, text_of("2026-13-01")), "2026-13-01");
    SAYS(format_iso_date(&out, text_of("yesterday")), "yesterday");
    SAYS(format_iso_date(&out, text_of("")), "");
}

static int start(void **state)
{
    (void)state;
    buf_init(&out, 4096);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    buf_done(&out);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_counts),
        cmocka_unit_test(test_nothing_is_not_zero),
        cmocka_unit_test(test_rates_round_on_the_printed_digits),
        cmocka_unit_test(test_signs),
        cmocka_unit_test(test_percents),
        cmocka_unit_test(test_ranks),
        cmocka_unit_test(test_intervals),
        cmocka_unit_test(test_periods),
        cmocka_unit_test(test_dates),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
