/* tests/ingest/test_suggest_date.c — how a column writes its dates, and when it cannot be known.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/civil.h"
#include "check.h"
#include "ingest/suggest_date.h"

static struct date_layout layout_of(const char *const *cells)
{
    struct date_tally_of t = {.others = 0};
    struct date_layout l = {.shape = DATE_NONE};
    for (; *cells; cells++) {
        struct date_cell c;
        if (date_read(text_of(*cells), &c)) {
            date_tally_add(&t, &c, 1);
        }
    }
    (void)date_layout_of(&t, &l);
    return l;
}

#define CELLS(...) ((const char *const[]){__VA_ARGS__, NULL})

static void each_way_of_writing_gives_its_layout(void **state)
{
    (void)state;
    static const struct {
        const char *cells[4];
        const char *layout;
    } ROWS[] = {
        {{"31/12/2021", "01/02/2021"}, "DD/MM/YYYY"},
        {{"31/12/21", "1/2/21"}, "D/M/YY"},
        {{"8/27/06", "3/11/11"}, "M/D/YY"},
        {{"31-12-2021 23:59", "01-02-2021 00:05"}, "DD-MM-YYYY HH:MI"},
        {{"31.12.2021 9:05:00", "30.12.2021 19:05:00"}, "DD.MM.YYYY H:MI:SS"},
        {{"01/28/2020 12:00:00 AM", "01/02/2020 01:30:00 PM"}, "MM/DD/YYYY HH:MI:SS AM"},
        {{"28/01/2020 1:30PM", "28/01/2020 11:30AM"}, "DD/MM/YYYY H:MIAM"},
        {{"2021/03/04", "2021/12/31"}, "YYYY/MM/DD"},
        {{"2021-3-4", "2021-12-31"}, "YYYY-M-D"},
        {{"03-Mar-2021", "14-Dec-2021"}, "DD-MMM-YYYY"},
        {{"3 Mar 21", "14 Dec 21"}, "D MMM YY"},
        {{"3 March 2021", "14 May 2021"}, "D MMMM YYYY"},
        {{"14 May 2021", "3 Mar 2021"}, "D MMM YYYY"},
        {{"03-MAR-21 22:15", "14-DEC-21 01:00"}, "DD-MMM-YY HH:MI"},
        {{"March 3, 2021", "May 14, 2021"}, "MMMM D, YYYY"},
        {{"Jan-03", "Dec-21"}, "MMM-YY"},
        {{"January 2021", "May 2021"}, "MMMM YYYY"},
        {{"2021 Jan", "2021 Dec"}, "YYYY MMM"},
        {{"03/2021", "12/2021"}, "MM/YYYY"},
        {{"20210304", "20211231"}, "YYYYMMDD"},
        {{"202103", "202112"}, "YYYYMM"},
        {{"2021-03-04T22:15", "2021-03-04T22:15"}, ""},
        {{"2021-03", "2021-12"}, ""},
        {{"2021-03-04 22:15:00.000", "2021-03-04 22:15:00"}, ""},
    };
    for (size_t i = 0; i < sizeof ROWS / sizeof ROWS[0]; i++) {
        struct date_layout l = layout_of(ROWS[i].cells);
        CHECK(l.shape != DATE_NONE && l.order == DATE_ORDER_KNOWN);
        CHECK_STRING(l.layout, ROWS[i].layout);
        for (size_t k = 0; ROWS[i].cells[k] && *l.layout; k++) { /* and it reads the cells */
            civil_time t;
            CHECK_INT(civil_parse_layout(text_of(ROWS[i].cells[k]), l.layout, false, &t), CIVIL_OK);
        }
    }
}

static void what_is_no_date_is_not_read(void **state)
{
    (void)state;
    static const char *const NONE[] = {"",           "1",           "12",         "1204",
                                       "31/13/2021", "32/01/2021",  "0/1/2021",   "13/13/13",
                                       "1/2",        "1/2/3",       "1/2/202",    "1/2/20211",
                                       "202113",     "20211301",    "20210231",   "18991231",
                                       "1.5",        "51.58012",    "Marsh 2021", "3rd March 2021",
                                       "Mar",        "2021",        "99/99/9999", "1/2/2021 25:00",
                                       "1/2/2021x",  "1//2/2021",   "a/b/cccc",   "E01002276",
                                       "10-17",      "25 to 34",    "1-2-3-4",    "12:30",
                                       "2021/22",    "01/02/2021 ", "--2021",     "3 Foo 2021"};
    for (size_t i = 0; i < sizeof NONE / sizeof NONE[0]; i++) {
        struct date_cell c;
        if (date_read(text_of(NONE[i]), &c)) {
            fail_msg("\"%s\" was read as a date of shape %d", NONE[i], (int)c.shape);
        }
    }
}

/* Twelve days into each month at most: day-first and month-first both read every cell. */
static void an_order_that_nothing_contradicts_is_not_known(void **state)
{
    (void)state;
    struct date_layout l = layout_of(CELLS("03/04/2021", "05/06/2021", "11/12/2021"));
    CHECK_INT(l.order, DATE_ORDER_BOTH);
    CHECK_STRING(l.layout, "DD/MM/YYYY");
    CHECK_STRING(l.other, "MM/DD/YYYY");
    CHECK_INT(layout_of(CELLS("01/01/2021", "02/02/2021")).order, DATE_ORDER_BOTH);
}

static struct date_layout mixed(int64_t day_first, int64_t month_first, int64_t both)
{
    struct date_tally_of t = {.others = 0};
    struct date_layout l;
    struct date_cell c;
    CHECK(date_read(text_of("31/12/2021"), &c));
    date_tally_add(&t, &c, day_first);
    CHECK(date_read(text_of("12/31/2021"), &c));
    date_tally_add(&t, &c, month_first);
    CHECK(date_read(text_of("03/04/2021"), &c));
    date_tally_add(&t, &c, both);
    CHECK(date_layout_of(&t, &l));
    return l;
}

static void a_few_contradictions_are_no_proof(void **state)
{
    (void)state;
    CHECK_INT(mixed(60, 0, 40).order, DATE_ORDER_KNOWN);
    CHECK_STRING(mixed(60, 0, 40).layout, "DD/MM/YYYY");
    CHECK_STRING(mixed(0, 60, 40).layout, "MM/DD/YYYY");
    CHECK_STRING(mixed(600, 1, 399).layout, "DD/MM/YYYY"); /* one slip among a thousand */
    CHECK_INT(mixed(1, 0, 999).order, DATE_ORDER_BOTH);    /* one odd cell decides nothing */
    CHECK_INT(mixed(49, 0, 951).order, DATE_ORDER_BOTH);
    CHECK_INT(mixed(50, 0, 950).order, DATE_ORDER_KNOWN);
    CHECK_INT(mixed(300, 300, 400).order, DATE_ORDER_NEITHER);
    CHECK_INT(mixed(0, 0, 1).order, DATE_ORDER_BOTH);
}

static void times_of_day_are_read_alone(void **state)
{
    (void)state;
    static const struct {
        const char *cells[3];
        const char *layout;
    } ROWS[] = {{{"22:15", "09:05"}, "HH:MI"},
                {{"22:15", "9:05"}, "H:MI"},
                {{"5:35:00", "12:03:00"}, "H:MI:SS"},
                {{"9:05 am", "11:30 pm"}, "H:MI AM"},
                {{"9.05pm", "11.30am"}, "H.MIAM"},
                {{"2230", "330"}, "HMI"},
                {{"0005", "2359"}, "HMI"}};
    for (size_t i = 0; i < sizeof ROWS / sizeof ROWS[0]; i++) {
        struct clock_tally t = {.rows = 0};
        char layout[LAYOUT_BYTES];
        for (size_t k = 0; ROWS[i].cells[k]; k++) {
            clock_tally_add(&t, text_of(ROWS[i].cells[k]), 1);
        }
        clock_layout_of(&t, layout);
        CHECK_STRING(layout, ROWS[i].layout);
    }
    static const char *const NONE[] = {"",         "24:00",   "9:60",  "9",
                                       ":30",      "9:5",     "9.30",  "12:30 xm",
                                       "13:30 pm", "9:30:61", "9:30:", "123:00"};
    for (size_t i = 0; i < sizeof NONE / sizeof NONE[0]; i++) {
        struct clock_cell c;
        if (clock_read(text_of(NONE[i]), &c)) {
            fail_msg("\"%s\" was read as a time of day", NONE[i]);
        }
    }
    CHECK(!clock_number_read(text_of("2460")) && !clock_number_read(text_of("2400")) &&
          !clock_number_read(text_of("12345")) && !clock_number_read(text_of("")));
}

static void zones_are_seen(void **state)
{
    (void)state;
    CHECK(layout_of(CELLS("2021-06-01T03:03:29+00:00")).has_zone);
    CHECK(layout_of(CELLS("2021-06-01T03:03:29Z")).has_zone);
    CHECK(layout_of(CELLS("2021-06-01T03:03-05:00")).has_zone);
    CHECK(!layout_of(CELLS("2021-06-01T03:03:29")).has_zone);
    CHECK(!layout_of(CELLS("2021-06-01")).has_zone);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_way_of_writing_gives_its_layout),
        cmocka_unit_test(what_is_no_date_is_not_read),
        cmocka_unit_test(an_order_that_nothing_contradicts_is_not_known),
        cmocka_unit_test(a_few_contradictions_are_no_proof),
        cmocka_unit_test(times_of_day_are_read_alone),
        cmocka_unit_test(zones_are_seen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
