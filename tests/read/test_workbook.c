/* tests/read/test_workbook.c — sheets of workbooks as CSV: made by hand part by part, made by
 * libxlsxwriter, and real ones; hostile and damaged ones.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/buf.h"
#include "base/civil.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/memory.h"
#include "check.h"
#include "one_file.h"
#include "packing.h"
#include "read/form.h"
#include "read/source.h"
#include "read/xlsx.h"

#include <xlsxwriter.h>

static int set_up(void **state)
{
    (void)state;
    return one_file_open("book.xlsx");
}

static rv_status read_sheet(const char *file, const char *sheet, size_t step, struct buf *out,
                            struct rv_err *reterr)
{
    const struct source_choice choice = {.sheet = sheet, .spool_dir = folder};
    RV_CLEANUP(source_closep) struct byte_source *s = NULL;
    RV_TRY(source_open_as(file, &choice, &s, reterr));
    return read_through(s, step, out, reterr);
}

static void check_sheet(const char *sheet, const char *want)
{
    static const size_t STEPS[] = {1, 4096};
    struct rv_err err = {0};
    struct buf got;
    buf_init(&got, (size_t)64 << 20);
    for (size_t i = 0; i < 2; i++) {
        CHECK_OK(read_sheet(path, sheet, STEPS[i], &got, &err));
        buf_char(&got, '\0');
        CHECK_STRING(got.bytes, want);
    }
    buf_done(&got);
}

/* ---- numbers ---- */

static void check_shown(const char *stored, struct cell_format f, bool is_1904, const char *want)
{
    char shown[SHOWN_BYTES + 1];
    size_t n = number_show(text_of(stored), f, is_1904, shown);
    shown[n] = '\0';
    if (strcmp(shown, want) != 0) {
        fail_msg("%s is shown as %s, expected %s", stored, shown, want);
    }
}

static void numbers_have_15_significant_digits_and_no_exponent(void **state)
{
    (void)state;
    static const char *const ROWS[][2] = {
        {"0", "0"},
        {"201", "201"},
        {"-7.25", "-7.25"},
        {"0.30000000000000004", "0.3"},
        {"51.507400000000004", "51.5074"},
        {"1.1000000000000001", "1.1"},
        {"1.10", "1.1"},
        {"4.4197999999999997E4", "44198"},
        {"1E-05", "0.00001"},
        {"1.2345678901234567E-7", "0.000000123456789012346"},
        {"123456789012345678", "123456789012346000"}, /* Excel holds no more */
        {"100000000000000000000", "100000000000000000000"},
        {"1e300", "1.0e300"},
        {"-2.5e-300", "-2.5e-300"},
        {"9.9999999999999995E-1", "1"},
        {"-0", "-0"},
        {"0.1", "0.1"},
        {" 5 ", "5"},
        {"007", "7"},
        {"", ""},
        {"not a number", "not a number"},
    };
    const struct cell_format number = {.look = LOOK_NUMBER};
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        check_shown(ROWS[i][0], number, false, ROWS[i][1]);
    }
}

static void format_codes_say_what_a_number_is(void **state)
{
    (void)state;
    static const struct {
        const char *code;
        enum cell_look look;
    } CODES[] = {{"General", LOOK_NUMBER},
                 {"0.00", LOOK_NUMBER},
                 {"#,##0 \"days\"", LOOK_NUMBER},
                 {"[Red]-#,##0.00", LOOK_NUMBER},
                 {"0.00E+00", LOOK_NUMBER},
                 {"\\d\\a\\y 0", LOOK_NUMBER},
                 {"@", LOOK_NUMBER},
                 {"0%", LOOK_NUMBER},
                 {"_-£* #,##0.00_-;-£* #,##0.00_-", LOOK_NUMBER},
                 {"0000", LOOK_ZEROS},
                 {"0", LOOK_NUMBER},
                 {"dd/mm/yyyy", LOOK_DATE},
                 {"[$-809]dd mmmm yyyy;@", LOOK_DATE},
                 {"d-mmm", LOOK_DATE},
                 {"mmm-yy", LOOK_MONTH},
                 {"yyyy\\-mm", LOOK_MONTH},
                 {"yyyy", LOOK_DATE},
                 {"hh:mm", LOOK_TIME},
                 {"h:mm:ss AM/PM", LOOK_TIME},
                 {"mm:ss.0", LOOK_TIME},
                 {"dd/mm/yyyy hh:mm", LOOK_DATE_TIME},
                 {"yyyy-mm-dd\"T\"hh:mm:ss", LOOK_DATE_TIME},
                 {"[h]:mm", LOOK_ELAPSED},
                 {"[hh]:mm:ss", LOOK_ELAPSED},
                 {"[mm]:ss", LOOK_ELAPSED},
                 {"\"unclosed", LOOK_NUMBER},
                 {"[unclosed", LOOK_NUMBER},
                 {"", LOOK_NUMBER}};
    for (size_t i = 0; i < sizeof CODES / sizeof *CODES; i++) {
        struct cell_format f = format_of_code(CODES[i].code);
        if (f.look != CODES[i].look) {
            fail_msg("%s gives look %d, expected %d", CODES[i].code, f.look, (int)CODES[i].look);
        }
    }
}

/* Facts of Excel: what it shows for these serial values. */
static void dates_and_times_of_both_systems(void **state)
{
    (void)state;
    const struct cell_format date = {.look = LOOK_DATE}, month = {.look = LOOK_MONTH},
                             both = {.look = LOOK_DATE_TIME}, time = {.look = LOOK_TIME},
                             seconds = {.look = LOOK_TIME, .has_seconds = 1},
                             elapsed = {.look = LOOK_ELAPSED},
                             zeros = {.look = LOOK_ZEROS, .digits = 5};
    check_shown("1", date, false, "1900-01-01");
    check_shown("59", date, false, "1900-02-28");
    check_shown("60", date, false, "1900-02-29"); /* no date, and so refused as one further on */
    check_shown("61", date, false, "1900-03-01");
    check_shown("0", date, false, "1900-01-00");
    check_shown("36526", date, false, "2000-01-01");
    check_shown("44197", date, false, "2021-01-01");
    check_shown("2958465", date, false, "9999-12-31");
    check_shown("2958466", date, false, "2958466");
    check_shown("-1", date, false, "-1");
    check_shown("0", date, true, "1904-01-01");
    check_shown("42735", date, true, "2021-01-01");
    check_shown("44197", month, false, "2021-01");
    check_shown("44198", month, false, "2021-01-02");
    check_shown("44197.5", date, false, "2021-01-01T12:00");
    check_shown("44197", both, false, "2021-01-01T00:00");
    check_shown("44197.541666666664", both, false, "2021-01-01T13:00");
    check_shown("44197.541678240741", both, false, "2021-01-01T13:00:01");
    check_shown("44196.999999999", both, false, "2021-01-01T00:00");
    check_shown("0.75", time, false, "18:00");
    check_shown("44197.75", time, false, "18:00");
    check_shown("0.75", seconds, false, "18:00:00");
    check_shown("1.5", elapsed, false, "36:00");
    check_shown("123", zeros, false, "00123");
    check_shown("-7", zeros, false, "-00007");
    check_shown("1234567", zeros, false, "1234567");
    check_shown("2021-05-06T07:08:00", date, false, "2021-05-06T07:08:00"); /* not a number */
    for (int64_t day = 61; day < 100000; day += 13) { /* the whole calendar, both ways */
        int year, month_of, day_of;
        char stored[16], want[16], other[16];
        civil_from_days((int32_t)(day - 25569), &year, &month_of, &day_of);
        (void)snprintf(stored, sizeof stored, "%lld", (long long)day);
        (void)snprintf(want, sizeof want, "%04d-%02d-%02d", year, month_of, day_of);
        check_shown(stored, date, false, want);
        (void)snprintf(other, sizeof other, "%lld", (long long)day - 1462);
        if (day >= 1462) {
            check_shown(other, date, true, want);
        }
    }
}

/* ---- sheets made by hand ---- */

#define STYLES                                                                                     \
    "<styleSheet><numFmts><numFmt numFmtId='164' formatCode='dd/mm/yyyy hh:mm'/>"                  \
    "<numFmt numFmtId='165' formatCode='000'/></numFmts><cellStyleXfs><xf numFmtId='14'/>"         \
    "</cellStyleXfs><cellXfs><xf numFmtId='0'/><xf numFmtId='14'/><xf numFmtId='164'/>"            \
    "<xf numFmtId='165'/></cellXfs><dxfs><dxf><numFmt numFmtId='164' formatCode='0'/></dxf>"       \
    "</dxfs></styleSheet>"
#define STRINGS                                                                                    \
    "<sst><si><t>name</t></si><si><r><t>Ca</t></r><r><rPr><b/></rPr><t>f\xC3\xA9, \"the\"</t></r>" \
    "<rPh sb='0'><t>no</t></rPh></si><si/><si><t xml:space='preserve'> a &amp; b\nc </t></si>"     \
    "<si><t>x_x000D__x005F_x41_y</t></si></sst>"

static void every_type_of_cell(void **state)
{
    (void)state;
    pack_workbook(path, "",
                  "<row r='1'><c r='A1' t='s'><v>0</v></c><c r='B1' t='s'><v>1</v></c>"
                  "<c r='C1' t='inlineStr'><is><t>in</t><r><t>line</t></r></is></c></row>"
                  "<row r='2'><c r='A2' s='1'><v>44197</v></c><c r='B2' s='2'><v>44197.5</v></c>"
                  "<c r='C2' s='3'><v>7</v></c></row>"
                  "<row r='3'><c r='A3' t='b'><v>1</v></c><c r='B3' t='b'><v>0</v></c>"
                  "<c r='C3' t='e'><v>#N/A</v></c></row>"
                  "<row r='4'><c r='A4' t='str'><f>A1&amp;\"x\"</f><v>namex</v></c>"
                  "<c r='B4' t='d'><v>2021-05-06</v></c><c r='C4'><f>1+1</f><v>2</v></c></row>"
                  "<row r='5'><c r='A5' t='s'><v>3</v></c><c r='B5' t='s'><v>4</v></c>"
                  "<c r='C5'><f>1+1</f></c></row>"
                  "<row r='6'><c r='A6' t='s'><v>2</v></c><c r='B6'/><c r='C6' s='1'></c></row>"
                  "<row r='7'><c r='A7'><v>0.1</v></c><c r='C7' s='99'><v>3.5</v></c></row>",
                  STRINGS, STYLES);
    check_sheet(NULL, "name,\"Café, \"\"the\"\"\",inline\n"
                      "2021-01-01,2021-01-01T12:00,007\n"
                      "TRUE,FALSE,#N/A\n"
                      "namex,2021-05-06,2\n"
                      " a & b c ,x _x41_y,#NOT-CALCULATED\n"
                      "\n"
                      "0.1,,3.5\n");
}

static void row_n_of_the_sheet_is_line_n(void **state)
{
    (void)state;
    pack_workbook(path, "<workbookPr date1904='1'/>",
                  "<row r='2'><c r='A2' t='inlineStr'><is><t>A title</t></is></c></row>"
                  "<row r='5'><c r='B5'><v>1</v></c><c r='D5'><v>2</v></c></row>"
                  "<row><c><v>3</v></c><c><v>4</v></c><c r='F6'><v>5</v></c></row>"
                  "<row r='9'><c r='C9' s='1'><v>0</v></c><c r='XFD9'/></row>"
                  "<row r='12'/>",
                  STRINGS, STYLES);
    check_sheet("one", "\nA title\n\n\n,1,,2\n3,4,,,,5\n\n\n,,1904-01-01,\n\n\n\n");
}

static void prefixes_and_either_dialect(void **state)
{
    (void)state;
    const struct part parts[] = {
        PACKAGE,
        PART("xl/_rels/workbook.xml.rels",
             "<p:Relationships xmlns:p='http://p'><p:Relationship Id='a' "
             "Type='http://purl.oclc.org/ooxml/officeDocument/relationships/worksheet' "
             "Target='s.xml'/></p:Relationships>"),
        PART("XL/Workbook.xml",
             "<x:workbook xmlns:x='http://x'><x:sheets><x:sheet name='S' "
             "sheetId='7' q:id='a' xmlns:q='http://q'/></x:sheets></x:workbook>"),
        PART("xl/s.xml", "<x:worksheet xmlns:x='http://x'><x:sheetPr/><x:dimension "
                         "ref='A1:XFD1048576'/><x:sheetData><x:row r='1'><x:c r='A1'><x:v>5</x:v>"
                         "</x:c></x:row></x:sheetData><x:other><x:row r='9'><x:c><x:v>6</x:v></x:c>"
                         "</x:row></x:other></x:worksheet>")};
    pack(path, parts, sizeof parts / sizeof *parts, Z_DEFLATED);
    check_sheet(NULL, "5\n");
}

static void the_sheet_is_the_first_shown_or_the_named(void **state)
{
    (void)state;
    struct rv_err err = {0};
    struct form form;
    struct arena a;
    struct buf got;
    arena_init(&a, LIMIT_ARENA_BYTES);
    buf_init(&got, (size_t)1 << 20);
    const struct part parts[] = {
        PACKAGE, WORKBOOK_RELATIONS,
        PART("xl/workbook.xml",
             "<workbook><sheets><sheet name='Chart' r:id='c' xmlns:r='x'/><sheet name='Old' "
             "state='veryHidden' r:id='s1' xmlns:r='x'/><sheet name='Data &amp; more' r:id='s2' "
             "xmlns:r='x'/></sheets></workbook>"),
        PART("xl/s/one.xml", "<worksheet><sheetData><row><c><v>1</v></c></row></sheetData>"
                             "</worksheet>"),
        PART("xl/s/two.xml", "<worksheet><sheetData><row><c><v>2</v></c></row></sheetData>"
                             "</worksheet>")};
    pack(path, parts, sizeof parts / sizeof *parts, Z_DEFLATED);
    check_sheet(NULL, "2\n");
    check_sheet("OLD", "1\n");
    check_sheet("data & more", "2\n");
    CHECK_FAILS(read_sheet(path, "Sheet1", 64, &got, &err), RV_INVALID);
    CHECK(strstr(err.message, "its sheets are: \"Chart\", \"Old\" (hidden), \"Data & more\""));
    struct form_declared declared = {.encoding = NULL};
    CHECK_OK(form_detect(&a, path, &declared, &form, &err));
    CHECK_INT(form.format, FORM_WORKBOOK);
    CHECK_INT(form.sheet_count, 3);
    CHECK(form.sheets[2].is_chosen && form.sheets[1].is_hidden && !form.sheets[0].is_chosen);
    CHECK_STRING(form.choice.sheet, "Data & more");
    CHECK_STRING(form.encoding, "utf-8");
    arena_done(&a);
    buf_done(&got);
}

/* ---- by libxlsxwriter ---- */

static void a_workbook_of_another_program(void **state)
{
    (void)state;
    lxw_workbook *book = workbook_new(path);
    lxw_worksheet *sheet = workbook_add_worksheet(book, "Offences");
    lxw_format *date = workbook_add_format(book), *time = workbook_add_format(book);
    lxw_format *bold = workbook_add_format(book);
    format_set_num_format(date, "yyyy-mm-dd");
    format_set_num_format(time, "dd/mm/yyyy hh:mm");
    format_set_bold(bold);
    lxw_datetime when = {2022, 3, 27, 23, 5, 0};
    worksheet_write_string(sheet, 0, 0, "id", bold);
    worksheet_write_string(sheet, 0, 1, "recorded", bold);
    worksheet_write_string(sheet, 0, 2, "place", bold);
    char first[] = "King\u2019s ", second[] = "Head, \"bar\"";
    lxw_rich_string_tuple one = {.format = bold, .string = first};
    lxw_rich_string_tuple two = {.format = NULL, .string = second};
    lxw_rich_string_tuple *rich[] = {&one, &two, NULL};
    worksheet_write_number(sheet, 1, 0, 2.385, NULL);
    worksheet_write_datetime(sheet, 1, 1, &when, date);
    worksheet_write_rich_string(sheet, 1, 2, rich, NULL);
    worksheet_write_number(sheet, 3, 0, 123456789, NULL);
    worksheet_write_datetime(sheet, 3, 1, &when, time);
    worksheet_write_boolean(sheet, 3, 2, 1, NULL);
    worksheet_write_formula_num(sheet, 4, 0, "=1/3", NULL, 1.0 / 3);
    worksheet_write_blank(sheet, 4, 1, date);
    worksheet_write_string(sheet, 4, 2, "two\nlines", NULL);
    worksheet_merge_range(sheet, 5, 0, 5, 2, "merged", bold);
    CHECK_INT(workbook_close(book), LXW_NO_ERROR);
    check_sheet("offences", "id,recorded,place\n"
                            "2.385,2022-03-27T23:05,\"King\u2019s Head, \"\"bar\"\"\"\n"
                            "\n"
                            "123456789,2022-03-27T23:05,TRUE\n"
                            "0.333333333333333,,two lines\n"
                            "merged,,\n");
}

#define TEXTS 300000

/* More text than is kept in memory, and cells that refer to it in another order. */
static void shared_texts_that_do_not_fit_in_memory(void **state)
{
    (void)state;
    struct rv_err err = {0};
    struct buf strings, rows, want, got;
    buf_init(&strings, (size_t)128 << 20);
    buf_init(&rows, (size_t)64 << 20);
    buf_init(&want, (size_t)64 << 20);
    buf_init(&got, (size_t)64 << 20);
    buf_text(&strings, "<sst>");
    for (uint64_t i = 0; i < TEXTS; i++) {
        buf_printf(&strings, "<si><t>%016llx-%063llu</t></si>",
                   (unsigned long long)(i * UINT64_C(0x9e3779b97f4a7c15)), (unsigned long long)i);
    }
    buf_text(&strings, "</sst>");
    for (uint64_t k = 0; k < TEXTS; k++) {
        uint64_t i = k < 1000 || k % 3 ? k : k * 7919 % TEXTS; /* mostly in order */
        buf_printf(&rows, "<row><c t='s'><v>%llu</v></c></row>", (unsigned long long)i);
        buf_printf(&want, "%016llx-%063llu\n",
                   (unsigned long long)(i * UINT64_C(0x9e3779b97f4a7c15)), (unsigned long long)i);
    }
    pack_workbook(path, "", rows.bytes, strings.bytes, STYLES);
    CHECK_OK(read_sheet(path, NULL, 65536, &got, &err));
    CHECK(text_equal(buf_view(&got), buf_view(&want)));
    buf_done(&strings);
    buf_done(&rows);
    buf_done(&want);
    buf_done(&got);
}

/* ---- what is refused ---- */

static void refused(const char *rows, const char *strings, const char *styles, const char *says)
{
    struct rv_err err = {0};
    struct buf got;
    buf_init(&got, (size_t)256 << 20);
    pack_workbook(path, "", rows, strings, styles);
    rv_status status = read_sheet(path, NULL, 65536, &got, &err);
    if (status.code != RV_INVALID || !strstr(err.message, says) ||
        !strstr(err.message, "nothing was loaded")) {
        fail_msg("\"%s\" is not in: %s", says, rv_is_ok(status) ? got.bytes : err.message);
    }
    buf_done(&got);
}

#define LAUGHS                                                                                     \
    "<!DOCTYPE sst [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'><!ENTITY c "             \
    "'&b;&b;&b;&b;&b;&b;&b;&b;'>]>"

static void hostile_parts_are_refused(void **state)
{
    (void)state;
    refused("<row><c t='s'><v>0</v></c></row>", LAUGHS "<sst><si><t>&c;</t></si></sst>", STYLES,
            "document type");
    refused("<row/>", STRINGS, "<!DOCTYPE x SYSTEM 'file:///etc/hostname'><x/>", "document type");
    refused("<row><c t='inlineStr'><is><t>&nbsp;</t></is></c></row>", STRINGS, STYLES,
            "undefined entity");
    refused("<row><c t='s'><v>5</v></c></row>", STRINGS, STYLES, "row 1: a cell names a text");
    refused("<row><c t='s'><v>-1</v></c></row>", STRINGS, STYLES, "a cell names a text");
    refused("<row><c t='s'><v>x</v></c></row>", STRINGS, STYLES, "a cell names a text");
    refused("<row r='3'/><row r='2'/>", STRINGS, STYLES, "row 3: the row after it is out of order");
    refused("<row r='1048577'/>", STRINGS, STYLES, "beyond the last row");
    refused("<row r='99999999999'/>", STRINGS, STYLES, "beyond the last row");
    refused("<row><c r='B1'><v>1</v></c><c r='A1'><v>1</v></c></row>", STRINGS, STYLES,
            "out of order");
    refused("<row><c r='XFE1'><v>1</v></c></row>", STRINGS, STYLES, "not where a cell can be");
    refused("<row><c r='7'><v>1</v></c></row>", STRINGS, STYLES, "not where a cell can be");
    refused("<row><c><v>1</c></row>", STRINGS, STYLES, "mismatched tag");
    refused("<row><c><v>\xFF</v></c></row>", STRINGS, STYLES, "not well-formed");
    refused("<row/>", "<sst><si><t>a</t></si>", STYLES, "its part xl/strings.xml");
    struct buf deep;
    buf_init(&deep, (size_t)8 << 20);
    buf_text(&deep, "<row><c>");
    for (int i = 0; i < 100000; i++) {
        buf_text(&deep, "<a>");
    }
    refused(deep.bytes, STRINGS, STYLES, "deeper");
    buf_clear(&deep);
    buf_text(&deep, "<row a='");
    for (int i = 0; i < 4000000; i++) {
        buf_char(&deep, (char)('a' + i % 7));
    }
    buf_text(&deep, "'/>");
    refused(deep.bytes, STRINGS, STYLES, "longer than any real one");
    buf_clear(&deep);
    buf_text(&deep, "<!--");
    for (int i = 0; i < 4000000; i++) {
        buf_char(&deep, (char)('a' + i % 7));
    }
    buf_text(&deep, "-->");
    refused(deep.bytes, STRINGS, STYLES, "longer than any real one");
    buf_done(&deep);
}

/* A shared text of 64 KB in every cell: CSV many times the size of the sheet. */
static void a_sheet_that_grows_without_end_is_refused(void **state)
{
    (void)state;
    struct buf text, rows;
    buf_init(&text, (size_t)1 << 20);
    buf_init(&rows, (size_t)16 << 20);
    buf_text(&text, "<sst><si><t>");
    for (int i = 0; i < 60000; i++) {
        buf_char(&text, (char)('a' + i % 23));
    }
    buf_text(&text, "</t></si></sst>");
    for (int i = 0; i < 20000; i++) {
        buf_text(&rows, "<row><c t='s'><v>0</v></c><c t='s'><v>0</v></c></row>");
    }
    refused(rows.bytes, text.bytes, STYLES, "many times the size");
    buf_done(&text);
    buf_done(&rows);
}

static void a_cell_or_row_too_long_and_columns_without_end_are_faults_of_their_row(void **state)
{
    (void)state;
    struct rv_err err = {0};
    struct buf rows, got;
    buf_init(&rows, (size_t)64 << 20);
    buf_init(&got, (size_t)64 << 20);
    buf_text(&rows, "<row r='1'><c r='A1' t='inlineStr'><is><t>");
    for (int i = 0; i < 10000000; i++) {
        buf_char(&rows, 'x');
    }
    buf_text(&rows, "</t></is></c></row><row r='2'>");
    for (int i = 0; i < 16384; i++) {
        buf_text(&rows, "<c><v>1</v></c>");
    }
    buf_text(&rows, "</row><row r='3'><c r='A3'><v>1</v></c><c r='XFD3'><v>2</v></c></row>"
                    "<row r='1048576'><c r='A1048576'><v>5</v></c></row>");
    pack_workbook(path, "", rows.bytes, STRINGS, STYLES);
    CHECK_OK(read_sheet(path, NULL, 65536, &got, &err));
    struct text rest = buf_view(&got);
    struct text line = text_split(rest, '\n', &rest);
    CHECK_INT(line.n, LIMIT_FIELD_BYTES + 1); /* one more than a cell may have */
    line = text_split(rest, '\n', &rest);
    CHECK_INT(line.n, 2 * LIMIT_COLUMNS + 1); /* likewise of cells */
    line = text_split(rest, '\n', &rest);
    CHECK_INT(line.n, LIMIT_COLUMNS + 2);
    CHECK_INT(rest.n, 1048576 - 4 + 1 + LIMIT_COLUMNS + 1);
    buf_done(&rows);
    buf_done(&got);
}

static void damaged_anywhere_it_is_refused_or_reads_the_same(void **state)
{
    (void)state;
    struct rv_err err = {0};
    struct buf disk, got, want;
    buf_init(&disk, (size_t)1 << 20);
    buf_init(&got, (size_t)1 << 20);
    buf_init(&want, (size_t)1 << 20);
    pack_workbook(path, "", "<row><c t='s'><v>1</v></c><c s='1'><v>44197</v></c></row>", STRINGS,
                  STYLES);
    CHECK_OK(read_sheet(path, NULL, 4096, &want, &err));
    CHECK_OK(file_read(path, &disk, &err));
    size_t refusals = 0, other = 0;
    for (size_t i = 4; i < disk.n; i++) {
        disk.bytes[i] ^= 0x08;
        put_bytes(path, buf_view(&disk));
        rv_status status = read_sheet(path, NULL, 4096, &got, &err);
        disk.bytes[i] ^= 0x08;
        refusals += status.code == RV_INVALID;
        /* A part that is no longer found by its name, as when styles are missing, is no damage that
         * a checksum shows. */
        bool is_same = rv_is_ok(status) && text_equal(buf_view(&got), buf_view(&want));
        other += rv_is_ok(status) && !is_same;
        CHECK(rv_is_ok(status) || status.code == RV_INVALID);
    }
    print_message("%zu of %zu refused, %zu read otherwise\n", refusals, disk.n - 4, other);
    CHECK(other < 30);
    for (size_t n = 4; n < disk.n; n++) {
        put_bytes(path, (struct text){disk.bytes, n});
        CHECK_FAILS(read_sheet(path, NULL, 4096, &got, &err), RV_INVALID);
    }
    buf_done(&disk);
    buf_done(&got);
    buf_done(&want);
}

static void no_workbooks(void **state)
{
    (void)state;
    struct rv_err err = {0};
    struct buf got;
    buf_init(&got, (size_t)1 << 20);
    const struct part document[] = {PACKAGE, PART("xl/workbook.xml", "<document/>")};
    pack(path, document, 3, Z_DEFLATED);
    CHECK_FAILS(read_sheet(path, NULL, 64, &got, &err), RV_INVALID);
    CHECK(strstr(err.message, "a document or slides"));
    const struct part none[] = {PACKAGE};
    pack(path, none, 2, Z_DEFLATED);
    CHECK_FAILS(read_sheet(path, NULL, 64, &got, &err), RV_INVALID);
    CHECK(strstr(err.message, "workbook part is missing"));
    const struct part binary[] = {
        PART("[Content_Types].xml", ""),
        PART("_rels/.rels", "<R><Relationship Id='r' Type='x/officeDocument' Target='w.bin'/></R>"),
        PART("w.bin", "\x83\x01")};
    pack(path, binary, 3, Z_DEFLATED);
    CHECK_FAILS(read_sheet(path, NULL, 64, &got, &err), RV_INVALID);
    CHECK(strstr(err.message, ".xlsb"));
    buf_done(&got);
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    struct buf got;
    buf_init(&got, (size_t)1 << 20);
    CHECK(buf_room(&got, (size_t)1 << 19));
    pack_workbook(path, "", "<row><c t='s'><v>1</v></c><c s='1'><v>44197</v></c></row>", STRINGS,
                  STYLES);
    for (long n = 1;; n++) {
        struct rv_err err = {0};
        memory_fail_nth(n);
        rv_status status = read_sheet(path, NULL, 4096, &got, &err);
        bool has_failed = memory_fail_count() >= n;
        memory_fail_nth(0);
        if (!has_failed) {
            CHECK_OK(status);
            CHECK(n > 30);
            break;
        }
        if (status.code != RV_NO_MEMORY) {
            fail_msg("%ld: %s", n, err.message);
        }
    }
    buf_done(&got);
}

/* ---- real ones ---- */

static void check_real(const char *relative, size_t lines, const char *first, const char *last)
{
    struct rv_err err = {0};
    struct buf got;
    buf_init(&got, (size_t)16 << 20);
    CHECK_OK(read_sheet(shared_or_skip(relative), NULL, 65536, &got, &err));
    size_t count = 0;
    for (size_t i = 0; i < got.n; i++) {
        count += got.bytes[i] == '\n';
    }
    CHECK_INT(count, lines);
    CHECK(text_starts(buf_view(&got), first));
    CHECK(memmem(got.bytes, got.n, last, strlen(last)));
    buf_done(&got);
}

static void workbooks_of_the_department_for_education(void **state)
{
    (void)state;
    check_real("data/dfe-lait/la_code_list.xlsx", 172, "LA Number,LA Name,Region,Type\n301,Barking",
               "\n311,Havering,Outer London,OLB\n");
    check_real("data/dfe-lait/sn_april_2021.xlsx", 164, "A,B,C,D,E,3,4,5", "\n311,Havering,311,");
    check_real("data/dfe-lait/sn_may_2025.xlsx", 169, "A,B,C,D,E,3,4,5", "\n311,Havering,311,");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_have_15_significant_digits_and_no_exponent),
        cmocka_unit_test(format_codes_say_what_a_number_is),
        cmocka_unit_test(dates_and_times_of_both_systems),
        cmocka_unit_test(every_type_of_cell),
        cmocka_unit_test(row_n_of_the_sheet_is_line_n),
        cmocka_unit_test(prefixes_and_either_dialect),
        cmocka_unit_test(the_sheet_is_the_first_shown_or_the_named),
        cmocka_unit_test(a_workbook_of_another_program),
        cmocka_unit_test(shared_texts_that_do_not_fit_in_memory),
        cmocka_unit_test(hostile_parts_are_refused),
        cmocka_unit_test(a_sheet_that_grows_without_end_is_refused),
        cmocka_unit_test(a_cell_or_row_too_long_and_columns_without_end_are_faults_of_their_row),
        cmocka_unit_test(damaged_anywhere_it_is_refused_or_reads_the_same),
        cmocka_unit_test(no_workbooks),
        cmocka_unit_test(every_allocation_may_fail),
        cmocka_unit_test(workbooks_of_the_department_for_education),
    };
    return cmocka_run_group_tests(tests, set_up, one_file_close);
}
