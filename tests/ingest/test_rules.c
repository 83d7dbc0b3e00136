/* tests/ingest/test_rules.c — the rules of formats.md section 1, one test a rule.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/memory.h"
#include "check.h"
#include "fixture.h"
#include "place/areas.h"

#include <sys/stat.h>

#define OFFENCES "offence_id,recorded_at,category,easting,northing\n"

/* ---- encoding, line ends, quoting ---- */

static void a_byte_order_mark_is_no_part_of_the_header(void **state)
{
    (void)state;
    WITH_DESK(d)
    {
        desk_text(&d, "a.csv", "\xEF\xBB\xBF" OFFENCES "a,2022-01,Theft,,\n");
        CHECK_INT(d.report.accepted, 1);
    }
}

static void crlf_and_lf_give_the_same_rows(void **state)
{
    (void)state;
    WITH_DESK(d)
    {
        desk_text(&d, "a.csv",
                  "offence_id,recorded_at,category\r\na,2022-01,Theft\r\nb,2022-02,\"X\r\nY\"\r\n");
        desk_check_rows(&d, 0, NAMES("offence_id", "recorded_at", "category"),
                        "a|2022-01|Theft\nb|2022-02|X\r\nY\n");
    }
}

static void bare_cr_is_read_when_the_profile_declares_it(void **state)
{
    (void)state;
    WITH_DESK(d)
    {
        const char *profile =
            "{\"profile\": \"old-mac\", \"kind\": \"offences\", \"line_end\": \"cr\","
            "\"columns\": {\"offence_id\": {\"from\": \"id\"},"
            "\"recorded_at\": {\"from\": \"when\"}, \"category\": {\"from\": \"what\"}}}";
        char path[160];
        (void)snprintf(path, sizeof path, "%s", desk_write(&d, "old-mac.json", profile));
        d.options.profile = path;
        desk_text(&d, "a.csv", "id,when,what\ra,2022-01,Theft\rb,2022-02,Arson\r");
        CHECK_INT(d.report.accepted, 2);
    }
}

static void another_separator_and_decimal_mark_are_declared(void **state)
{
    (void)state;
    WITH_DESK(d)
    {
        const char *profile = "{\"profile\": \"semi\", \"kind\": \"offences\", \"separator\": "
                              "\";\", \"decimal\": \",\","
                              "\"columns\": {\"offence_id\": {\"from\": \"id\"}, \"recorded_at\": "
                              "{\"from\": \"when\", \"format\": \"DD/MM/YYYY HH:MI\"},"
                              "\"category\": {\"from\": \"what\"}, \"easting\": {\"from\": \"e\"}, "
                              "\"northing\": {\"from\": \"n\"}}}";
        char path[160];
        (void)snprintf(path, sizeof path, "%s", desk_write(&d, "semi.json", profile));
        d.options.profile = path;
        desk_text(&d, "a.csv",
                  "id;when;what;e;n\na;31/12/2022 23:05;Theft;551234,5;188000\nb;01/01/2023 "
                  "00:00;Theft;551234.5;188000\n");
        CHECK_INT(d.report.accepted, 1);
        CHECK_INT(desk_reason(&d.report, "not-a-number"),
                  1); /* a point where a comma is declared */
        desk_check_rows(&d, 0, NAMES("recorded_at", "easting"), "2022-12-31T23:05|551234500\n");
    }
}

static void gzip_is_read_without_unpacking(void **state)
{
    (void)state;
    WITH_DESK(d)
    {
        char command[400];
        desk_write(&d, "a.csv", OFFENCES "a,2022-01,Theft,,\n");
        (void)snprintf(command, sizeof command, "gzip %s", d.path);
        assert_int_equal(system(command), 0);
        strncat(d.path, ".gz", 4);
        CHECK_INT(desk_import(&d, d.path)->accepted, 1);
    }
}

static void a_broken_off_gzip_loads_nothing(void **state)
{
    (void)state;
    WITH_DESK(d)
    {
        char command[400];
        struct buf text;
        buf_init(&text, 1 << 22);
        buf_text(&text, OFFENCES);
        for (int i = 0; i < 20000; i++) {
            buf_printf(&text, "%d-%d,2022-01,Theft,,\n", i, i * 7919 % 10007);
        }
        desk_write_bytes(&d, "a.csv", text.bytes, text.n);
        buf_done(&text);
        (void)snprintf(command, sizeof command, "gzip %s && truncate -s -2000 %s.gz", d.path,
                       d.path);
        assert_int_equal(system(command), 0);
        strncat(d.path, ".gz", 4);
        desk_refuses(&d, d.path, RV_INVALID, "archive");
    }
}

static void what_is_not_text_is_refused_with_its_remedy(void **state)
{
    (void)state;
    WITH_DESK(d)
    {
        static const struct {
            const char *name, *bytes, *part;
            size_t n;
        } FILES[] = {
            {"utf16le.csv", "\xFF\xFEo\0f\0f\0", "fits no import profile", 8},
            {"utf16-cut.csv", "\xFF\xFEo\0f\0f", "the file ends inside a character", 7},
            {"book.csv", "PK\x03\x04rest of it", "workbook", 14},
            {"page.csv", "<!DOCTYPE html><html>", "web page", 21},
            {"dos.csv", "offence_id,recorded_at,caf\x82\na,2022-01,x\n", "not UTF-8", 39},
            {"nul.csv", "offence_id,recorded_at,ca\0egory\na,2022-01,x\n", "NUL", 43},
            {"empty.csv", "", "empty", 0},
            {"mark.csv", "\xEF\xBB\xBF", "empty", 3},
            {"lines.csv", "\n\n\n", "header", 3},
        };
        for (size_t i = 0; i < sizeof FILES / sizeof FILES[0]; i++) {
            desk_refuses(&d, desk_write_bytes(&d, FILES[i].name, FILES[i].bytes, FILES[i].n),
                         RV_INVALID, FILES[i].part);
        }
    }
}

static void bad_bytes_cost_their_row_and_many_cost_the_file(void **state)
{
    (void)state;
    WITH_DESK(d)
    {
        desk_text(&d, "a.csv",
                  OFFENCES "a,2022-01,Theft,,\nb,2022-01,caf\xE9,,\nc,2022-01,Theft,,\n");
        CHECK_INT(d.report.accepted, 2);
        CHECK_INT(d.report.quarantined, 1);
        CHECK(d.report.needs_attention);
        desk_refuses(&d,
                     desk_write(&d, "b.csv",
                                OFFENCES "a,2022-01,\x81,,\nb,2022-01,\x8D,,\nc,2022-01,Theft,,\n"),
                     RV_INVALID, "not UTF-8");
    }
}

static bool has_note(const struct ingest_report *r, const char *part)
{
    for (size_t i = 0; i < r->note_count; i++) {
        if (strstr(r->notes[i], part)) {
            return true;
        }
    }
    return false;
}

static void windows_1252_is_taken_only_where_it_is_safe_and_said(void **state)
{
    (void)state;
    WITH_DESK(d)
    {
        desk_text(&d, "a.csv",
                  OFFENCES "a,2022-01,Caf\xE9,,\nb,2022-01,\xA3\x35 \x96 O\x92Neill,,\n");
        CHECK_INT(d.report.accepted, 2);
        CHECK_INT(d.report.quarantined, 0);
        CHECK(has_note(&d.report, "windows-1252"));
        desk_check_rows(&d, 0, NAMES("category"), "Caf\u00e9\n\u00a35 \u2013 O\u2019Neill\n");
        /* Letters of DOS, of Windows in Cyrillic, and of Polish. */
        static const char *const OTHERS[] = {
            OFFENCES "a,2022-01,Caf\x82,,\nb,2022-01,\x9C"
                     "5,,\n",
            OFFENCES "a,2022-01,\xCF\xF0\xE8\xE2\xE5\xF2 "
                     "\xEC\xE8\xF0,,\nb,2022-01,\xEC\xE0\xE3\xE0\xE7\xE8\xED,,\n",
            OFFENCES "a,2022-01,\xA3\xF3"
                     "d\xBC,,\nb,2022-01,\xAF"
                     "abka \xA6wi\xEA"
                     "to,,\n"};
        for (size_t i = 0; i < 3; i++) {
            desk_refuses(&d, desk_write(&d, "b.csv", OTHERS[i]), RV_INVALID, "\"encoding\"");
        }
    }
}

static void an_encoding_that_shows_only_far_inside_has_the_file_read_again(void **state)
{
    (void)state;
    struct buf text;
    buf_init(&text, (size_t)64 << 20);
    buf_text(&text, OFFENCES);
    for (int i = 0; i < 200000; i++) {
        buf_printf(&text, "a%d,2022-01,Theft,,\n", i);
    }
    buf_text(&text, "b1,2022-01,Caf\xE9,,\nb2,2022-02,F\xEAte,,\n");
    WITH_DESK(d)
    {
        desk_import(&d, desk_write_bytes(&d, "late.csv", text.bytes, text.n));
        CHECK_INT(d.report.accepted, 200002);
        CHECK_INT(d.report.quarantined, 0);
        CHECK(has_note(&d.report, "windows-1252"));
        buf_text(&text, "b3,2022-02,Caf\u00e9,,\n"); /* UTF-8 with two damaged rows */
        desk_import(&d, desk_write_bytes(&d, "mixed.csv", text.bytes, text.n));
        CHECK_INT(d.report.quarantined, 2);
        CHECK_INT(desk_reason(&d.report, "bad-encoding"), 2);
        CHECK(!has_note(&d.report, "windows-1252"));
    }
    buf_done(&text);
}

static void separator_and_line_end_are_found_from_the_file(void **state)
{
    (void)state;
    static const struct {
        const char *text, *note;
    } FILES[] = {
        {"offence_id;recorded_at;category\ra1;2022-01;Theft, other\rb1;2022-02;Drugs\r",
         "separator semicolon, line end CR"},
        {"offence_id\trecorded_at\tcategory\r\na2\t2022-01\tTheft, other\r\nb2\t2022-02\tDrugs\r\n",
         "separator tab, line end CRLF"},
        {"offence_id|recorded_at|category\na3|2022-01|Theft, other\nb3|2022-02|Drugs\n",
         "separator vertical bar, line end LF"},
    };
    WITH_DESK(d)
    {
        for (size_t i = 0; i < 3; i++) {
            desk_text(&d, "a.csv", FILES[i].text);
            CHECK_INT(d.report.accepted, 2);
            CHECK(has_note(&d.report, FILES[i].note));
            desk_check_rows(&d, 0, NAMES("category", "recorded_at"),
                            "Theft, other|2022-01\nDrugs|2022-02\n");
        }
    }
}

static void utf16_loads_and_what_a_profile_declares_wins(void **state)
{
    (void)state;
    WITH_DESK(d)
    {
        static const char text[] = OFFENCES "a,2022-01,Theft,,\n";
        char wide[2 * sizeof text];
        for (int order = 0; order < 2; order++) {
            memcpy(wide, order ? "\xFE\xFF" : "\xFF\xFE", 2);
            for (size_t i = 0; i + 1 < sizeof text; i++) {
                wide[2 + 2 * i + (size_t)order] = text[i];
                wide[3 + 2 * i - (size_t)order] = '\0';
            }
            desk_import(&d, desk_write_bytes(&d, "wide.csv", wide, sizeof wide));
            CHECK_INT(d.report.read, 1);
            CHECK(has_note(&d.report, order ? "encoding utf-16be" : "encoding utf-16le"));
        }
        desk_write(&d, "p.json",
                   "{\"profile\": \"p\", \"kind\": \"offences\", \"encoding\": \"CP850\", "
                   "\"separator\": \";\", \"columns\": {\"offence_id\": {\"from\": \"id\"}, "
                   "\"recorded_at\": {\"from\": \"month\"}, \"category\": {\"from\": \"what\"}}}");
        char profile[200];
        (void)snprintf(profile, sizeof profile, "%s", d.path);
        d.options.profile = profile;
        desk_text(&d, "dos.csv",
                  "id;month;what\na;2022-01;Caf\x82 \x9C"
                  "5\n");
        desk_check_rows(&d, 0, NAMES("category"), "Caf\u00e9 \u00a35\n");
        desk_write(&d, "p.json",
                   "{\"profile\": \"p\", \"kind\": \"offences\", \"encoding\": \"windows-1252\", "
                   "\"columns\": {\"offence_id\": {\"from\": \"id\"}, "
                   "\"recorded_at\": {\"from\": \"month\"}, \"category\": {\"from\": \"what\"}}}");
        desk_refuses(&d, desk_write(&d, "bad.csv", "id,month,what\na,2022-01,x\nb,2022-01,\x81\n"),
                     RV_INVALID, "line 3, byte 37");
    }
}

/* ---- rows that cannot be used ---- */

static void a_row_is_quarantined_with_its_place_and_the_others_load(void **state)
{
    (void)state;
    static const struct {
        const char *row, *code;
    } ROWS[] = {
        {"x,2022-13,Theft,,", "not-a-time"},
        {"x,31/02,Theft,,", "not-a-time"},
        {"x,2022-02-30,Theft,,", "no-such-date"},
        {"x,2022-03-27T01:30,Theft,,", "skipped-by-clock"},
        {"x,,Theft,,", "missing-value"},
        {",2022-01,Theft,,", "missing-value"},
        {"x,2022-01,,,", "no-offence"},
        {"x,2022-01,Theft,east,188000", "not-a-number"},
        {"x,2022-01,Theft,551234,", "half-a-coordinate"},
        {"x,2022-01,Theft,-5,188000", "out-of-range"},
        {"x,2022-01,Theft,551234", "too-few-cells"},
        {"x,2022-01,Theft,551234,188000,1", "too-many-cells"},
        {"x,2022-01,The\"ft,,", "bad-quote"},
    };
    WITH_DESK(d)
    {
        for (size_t i = 0; i < sizeof ROWS / sizeof ROWS[0]; i++) {
            char text[400], name[32];
            (void)snprintf(name, sizeof name, "%zu.csv", i);
            (void)snprintf(text, sizeof text,
                           OFFENCES "a%zu,2022-01,Theft,551234,188000\n%s\nb%zu,2022-02,Theft,,\n",
                           i, ROWS[i].row, i);
            desk_text(&d, name, text);
            CHECK_INT(d.report.accepted, 2);
            CHECK_INT(d.report.quarantined, 1);
            if (desk_reason(&d.report, ROWS[i].code) != 1) {
                fail_msg("%s: %s, expected %s", ROWS[i].row, d.report.reasons[0].name,
                         ROWS[i].code);
            }
            CHECK(d.report.needs_attention);
        }
    }
}

static void the_quarantine_names_line_column_value_and_says_why(void **state)
{
    (void)state;
    WITH_DESK(d)
    {
        char path[160];
        (void)snprintf(path, sizeof path, "%s/q.csv", d.dir);
        d.options.quarantine_path = path;
        desk_text(&d, "a.csv",
                  "offence_id,recorded_at,category\n\na,2022-01,\"two\nlines\"\nb,2022-13,Theft\n");
        FILE *in = fopen(path, "rb");
        char got[1000] = {0};
        assert_non_null(in);
        CHECK(fread(got, 1, sizeof got - 1, in) > 0);
        (void)fclose(in);
        CHECK_STRING(got, "file,line,column,value,code,sentence\n"
                          "a.csv,5,recorded_at,2022-13,not-a-time,\"line 5, column "
                          "\"\"recorded_at\"\": \"\"2022-13\"\" is not a "
                          "month (expected YYYY-MM); the "
                          "row was quarantined\"\n");
    }
}

static void the_sentence_of_a_month_says_what_was_expected(void **state)
{
    (void)state;
    WITH_DESK(d)
    {
        char path[160];
        (void)snprintf(path, sizeof path, "%s/q.csv", d.dir);
        d.options.quarantine_path = path;
        desk_text(&d, "a.csv", STREET "k,2022-13,M,M,0.1,51.5,On or near X,E01,N,Theft,,\n");
        FILE *in = fopen(path, "rb");
        char got[1000] = {0};
        assert_non_null(in);
        CHECK(fread(got, 1, sizeof got - 1, in) > 0);
        (void)fclose(in);
        CHECK(strstr(got, "\"line 2, column \"\"Month\"\": \"\"2022-13\"\" is not a month "
                          "(expected YYYY-MM); "
                          "the row was quarantined\"") != NULL);
    }
}

static void an_unclosed_quote_does_not_swallow_the_file(void **state)
{
    (void)state;
    WITH_DESK(d)
    {
        desk_text(&d, "a.csv",
                  OFFENCES "a,2022-01,Theft,,\nb,2022-01,\"Theft,,\nc,2022-01,Theft,,\n");
        CHECK_INT(d.report.quarantined, 1);
        CHECK_INT(desk_reason(&d.report, "unclosed-quote"), 1);
        CHECK_INT(d.report.accepted, 2);
    }
}

/* ---- header ---- */

static void a_header_that_does_not_fit_loads_nothing_and_says_what_is_missing(void **state)
{
    (void)state;
    WITH_DESK(d)
    {
        desk_refuses(&d, desk_write(&d, "a.csv", "offence_id,when,category\na,2022-01,Theft\n"),
                     RV_INVALID, "\"recorded_at\"");
        desk_refuses(&d, desk_write(&d, "b.csv", "alpha,beta\n1,2\n"), RV_INVALID,
                     "b.csv: the header fits no import profile");
        d.options.profile = "mps-borough";
        desk_refuses(&d, desk_write(&d, "c.csv", STREET "k,2022-01,M,M,0.1,51.5,X,E01,N,Theft,,\n"),
                     RV_INVALID, "It fits the profile police-uk-street");
        d.options.profile = "no-such-profile";
        desk_refuses(&d, d.path, RV_NOT_FOUND, "police-uk-street");
    }
}

static void a_header_alone_is_an_empty_extract_that_needs_attention(void **state)
{
    (void)state;
    WITH_DESK(d)
    {
        desk_text(&d, "a.csv", OFFENCES);
        CHECK_INT(d.report.read, 0);
        CHECK(d.report.needs_attention);
        CHECK_INT(desk_extracts(&d), 1);
    }
}

static void the_same_file_twice_is_refused_by_name(void **state)
{
    (void)state;
    WITH_DESK(d)
    {
        desk_text(&d, "first.csv", OFFENCES "a,2022-01,Theft,,\n");
        desk_refuses(&d, desk_write(&d, "second.csv", OFFENCES "a,2022-01,Theft,,\n"), RV_REFUSED,
                     "first.csv");
    }
}

static void a_column_twice_in_the_header_is_refused(void **state)
{
    (void)state;
    WITH_DESK(d)
    {
        desk_refuses(
            &d,
            desk_write(&d, "a.csv",
                       "offence_id,recorded_at,recorded_at,category\na,2022-01,2022-02,Theft\n"),
            RV_INVALID, "twice");
    }
}

/* ---- times ---- */

static void dates_whose_order_nobody_declared_are_refused_not_guessed(void **state)
{
    (void)state;
    WITH_DESK(d)
    {
        desk_refuses(
            &d, desk_write(&d, "both.csv", OFFENCES "a,03/04/2022,Theft,,\nb,05/06/2022,Theft,,\n"),
            RV_REFUSED, "both.csv: column \"recorded_at\"");
        desk_refuses(
            &d, desk_write(&d, "day.csv", OFFENCES "a,03/04/2022,Theft,,\nb,25/06/2022,Theft,,\n"),
            RV_REFUSED, "DD/MM/YYYY");
        desk_refuses(
            &d,
            desk_write(&d, "month.csv", OFFENCES "a,03/04/2022,Theft,,\nb,06/25/2022,Theft,,\n"),
            RV_REFUSED, "MM/DD/YYYY");
        /* one odd cell among others costs its row only */
        desk_text(&d, "odd.csv",
                  OFFENCES "a,2022-01-01,Theft,,\nb,2022-01-02,Theft,,\nc,03/04/2022,Theft,,\n");
        CHECK_INT(d.report.accepted, 2);
        CHECK_INT(desk_reason(&d.report, "date-order-not-declared"), 1);
    }
}

static void a_time_with_an_offset_becomes_london_time(void **state)
{
    (void)state;
    WITH_DESK(d)
    {
        desk_text(&d, "a.csv",
                  OFFENCES "a,2022-06-30T23:30:00Z,Theft,,\nb,2022-01-31T23:30:00+00:00,Theft,,\nc,"
                           "2022-06-30T23:30,Theft,,\n");
        desk_check_rows(&d, 0, NAMES("offence_id", "recorded_at"),
                        "a|2022-07-01T00:30:00\nb|2022-01-31T23:30:00\nc|2022-06-30T23:30\n");
    }
}

static void the_precision_of_a_time_is_kept(void **state)
{
    (void)state;
    WITH_DESK(d)
    {
        desk_text(
            &d, "a.csv",
            OFFENCES
            "a,2022-06,T,,\nb,2022-06-05,T,,\nc,2022-06-05T07:08,T,,\nd,2022-06-05T07:08:09,T,,\n");
        desk_check_rows(&d, 0, NAMES("recorded_at"),
                        "2022-06\n2022-06-05\n2022-06-05T07:08\n2022-06-05T07:08:09\n");
    }
}

/* ---- missing, maps, vocabularies ---- */

static void spellings_of_missing_are_missing_not_values(void **state)
{
    (void)state;
    WITH_DESK(d)
    {
        const char *profile =
            "{\"profile\": \"p\", \"kind\": \"offences\", \"columns\": {\"offence_id\": {\"from\": "
            "\"id\"},"
            "\"recorded_at\": {\"from\": \"when\"}, \"category\": {\"from\": \"what\"},"
            "\"venue_name\": {\"from\": \"where\", \"missing\": [\"-\", \"NULL\", \"Not stated\", "
            "\" \"]}}}";
        char path[160];
        (void)snprintf(path, sizeof path, "%s", desk_write(&d, "p.json", profile));
        d.options.profile = path;
        desk_text(&d, "a.csv",
                  "id,when,what,where\na,2022-01,T,-\nb,2022-01,T,NULL\nc,2022-01,T,Not "
                  "stated\nd,2022-01,T,  \ne,2022-01,T,Park\n");
        desk_check_rows(&d, 0, NAMES("offence_id", "venue_name"), "a|\nb|\nc|\nd|\ne|Park\n");
        CHECK_INT(d.report.not_recorded_count, 0);
    }
}

static void an_unknown_code_of_a_closed_vocabulary_is_not_recorded_and_reported(void **state)
{
    (void)state;
    WITH_DESK(d)
    {
        desk_text(&d, "a.csv",
                  "offence_id,recorded_at,offence_group,outcome\na,2022-01,burglary,accused\n"
                  "b,2022-01,burglary,charged\nc,2022-01,Burglary,\n");
        CHECK_INT(d.report.accepted, 3);
        CHECK_INT(d.report.quarantined, 0);
        CHECK_INT(d.report.not_recorded_count, 2);
        CHECK_STRING(d.report.not_recorded[0].value, "Burglary");
        CHECK_STRING(d.report.not_recorded[1].value, "charged");
        CHECK_INT(d.report.not_recorded[1].rows, 1);
        desk_check_rows(&d, 0, NAMES("offence_id", "offence_group", "outcome"),
                        "a|burglary|accused\nb|burglary|\nc||\n");
    }
}

/* ---- duplicates and repeated keys within one file ---- */

static void identical_rows_are_dropped_and_counted(void **state)
{
    (void)state;
    WITH_DESK(d)
    {
        desk_text(&d, "a.csv",
                  OFFENCES
                  "a,2022-01,Theft,,\nb,2022-01,Theft,,\na,2022-01,Theft,,\na,2022-01,Theft,,\n");
        CHECK_INT(d.report.duplicates, 2);
        CHECK_INT(d.report.accepted, 2);
        CHECK_INT(d.report.repeated_keys, 0);
        CHECK(!d.report.needs_attention);
        desk_check_rows(&d, 0, NAMES("offence_id"), "a\nb\n");
    }
}

static void a_repeated_key_with_other_content_keeps_both_numbered(void **state)
{
    (void)state;
    WITH_DESK(d)
    {
        desk_text(&d, "a.csv",
                  OFFENCES "a,2022-01,Theft,,\na,2022-01,Arson,,\nb,2022-01,Theft,,\na,2022-02,"
                           "Theft,,\na,2022-01,Arson,,\n");
        CHECK_INT(d.report.accepted, 4);
        CHECK_INT(d.report.duplicates, 1);
        CHECK_INT(d.report.repeated_keys, 2);
        CHECK(!d.report.needs_attention);
        desk_check_rows(&d, 0, NAMES("offence_id", "category", "record_number"),
                        "a|Theft|1\na|Arson|2\nb|Theft|1\na|Theft|3\n");
    }
}

static void rows_without_an_identifier_get_one_and_are_nobody_s_duplicate(void **state)
{
    (void)state;
    WITH_DESK(d)
    {
        const char *row =
            ",2022-01,M,M,0.1,51.5,On or near X,E01000001,N,Anti-social behaviour,,\n";
        char text[800];
        (void)snprintf(text, sizeof text,
                       STREET "%s%s\nk,2022-01,M,M,0.1,51.5,On or near X,E01000001,N,Drugs,,\n",
                       row, row);
        desk_text(&d, "a.csv", text);
        CHECK_INT(d.report.accepted, 3);
        CHECK_INT(d.report.duplicates, 0);
        char want[200];
        (void)snprintf(want, sizeof want, "%.12s-2\n%.12s-3\nk\n", d.report.sha256,
                       d.report.sha256);
        desk_check_rows(&d, 0, NAMES("offence_id"), want);
    }
}

/* ---- columns ---- */

static void unmapped_columns_are_dropped_and_listed(void **state)
{
    (void)state;
    WITH_DESK(d)
    {
        desk_text(&d, "a.csv",
                  "offence_id,recorded_at,category,colour,shape\na,2022-01,Theft,red,round\n");
        CHECK_INT(d.report.dropped_count, 2);
        CHECK_STRING(d.report.dropped_columns[0], "colour");
        CHECK_STRING(d.report.dropped_columns[1], "shape");
        CHECK_INT(d.report.personal_count, 0);
    }
}

static void what_looks_like_personal_data_is_named_and_never_stored(void **state)
{
    (void)state;
    WITH_DESK(d)
    {
        const char *text =
            "offence_id,recorded_at,category,Victim surname,DOB,ref,where,LSOA name\n"
            "a,2022-01,Theft,Smith,1990-01-01,943 476 5919,RM1 3AB,Havering 001A\n"
            "b,2022-01,Theft,Jones,1990-01-02,9434765919,RM13AB,Havering 001A\n"
            "c,2022-01,Theft,Brown,1990-01-03,9434765870,RM14 1AA,Havering 001A\n";
        desk_text(&d, "a.csv", text);
        CHECK_INT(d.report.personal_count, 4);
        CHECK_STRING(d.report.personal[0].column, "Victim surname");
        CHECK_STRING(d.report.personal[0].looks_like, "a name");
        CHECK_STRING(d.report.personal[1].looks_like, "a date of birth");
        CHECK_STRING(d.report.personal[2].column, "ref");
        CHECK_STRING(d.report.personal[2].looks_like, "an NHS number");
        CHECK_STRING(d.report.personal[3].looks_like, "a full postcode");
        CHECK_INT(d.report.dropped_count, 5);
        d.options.supplier_kind = "health";
        desk_refuses(
            &d,
            desk_write(&d, "b.csv", "offence_id,recorded_at,category,NHS number\na,2022-01,T,1\n"),
            RV_REFUSED, "NHS number");
    }
}

/* ---- coordinates ---- */

static void longitude_and_latitude_become_grid_millimetres(void **state)
{
    (void)state;
    WITH_DESK(d)
    {
        /* Ordnance Survey's worked point on the edge of the Tower of London, within 5 m. */
        desk_text(
            &d, "a.csv",
            "offence_id,recorded_at,category,longitude,latitude,location_precision\n"
            "a,2022-01,T,-0.0759,51.5081,exact\nb,2022-01,T,,,withheld\nc,2022-01,T,0,0,exact\n");
        CHECK_INT(d.report.accepted, 2);
        CHECK_INT(desk_reason(&d.report, "outside-great-britain"), 1);
        struct buf out;
        buf_init(&out, 4096);
        struct text got = desk_rows(&d, 0, &out, NAMES("easting", "northing"));
        long long e = 0, n = 0;
        char *rest;
        e = strtoll(got.at, &rest, 10);
        n = strtoll(rest + 1, NULL, 10);
        CHECK(llabs(e - 533626000) < 60000 && llabs(n - 180540000) < 100000);
        CHECK(text_ends(got, "\n|\n"));
        buf_done(&out);
    }
}

static void a_street_file_says_where_its_coordinates_are_withheld(void **state)
{
    (void)state;
    WITH_DESK(d)
    {
        desk_text(
            &d, "a.csv",
            STREET
            "k,2022-01,M,M,0.18,51.57,On or near Park Lane,E01002276,N,Drugs,Under investigation,\n"
            "l,2022-01,M,M,,,No Location,,,Burglary,Status update unavailable,\n"
            "m,2022-01,M,M,,,No Location,E01002276,N,Robbery,Local resolution,\n");
        desk_check_rows(&d, 0,
                        NAMES("offence_id", "category", "offence_group", "venue_name",
                              "location_precision", "outcome"),
                        "k|Drugs|drugs|Park "
                        "Lane|snapped|open\nl|Burglary|burglary||withheld|\nm|Robbery|||area-only|"
                        "out-of-court\n");
        CHECK_INT(d.report.not_recorded_count, 0);
    }
}

/* ---- options ---- */

static void wrong_options_are_wrong_use(void **state)
{
    (void)state;
    WITH_DESK(d)
    {
        desk_write(&d, "a.csv", OFFENCES "a,2022-01,Theft,,\n");
        d.options.kind = "offenses";
        desk_refuses(&d, d.path, RV_USAGE, "offences");
        d.options.kind = NULL;
        d.options.period = "2022-13";
        desk_refuses(&d, d.path, RV_USAGE, "--period");
        d.options.period = NULL;
        desk_refuses(&d, "/no/such/file.csv", RV_NOT_FOUND, "/no/such/file.csv");
        desk_refuses(&d, d.dir, RV_REFUSED, "not a file");
        d.options.kind = "lookup";
        desk_refuses(&d, d.path, RV_INVALID, "from_code");
    }
}

static void unplaced_rows_are_counted_once_there_are_areas(void **state)
{
    (void)state;
    WITH_DESK(d)
    {
        struct rv_err err = {0};
        struct areas_report areas;
        desk_text(&d, "before.csv", OFFENCES "a,2022-01,Theft,,\n");
        CHECK_INT(d.report.unplaced, -1); /* no areas yet: not known, not zero */
        desk_write(
            &d, "square.geojson",
            "{\"type\": \"FeatureCollection\", \"crs\": {\"type\": \"name\", \"properties\": "
            "{\"name\": \"EPSG:27700\"}}, \"features\": [{\"type\": \"Feature\", \"properties\": "
            "{\"code\": \"E09000016\", \"name\": \"Havering\"}, \"geometry\": {\"type\": "
            "\"Polygon\", \"coordinates\": [[[550000, 180000], [560000, 180000], [560000, "
            "190000], [550000, 190000], [550000, 180000]]]}}]}");
        CHECK_OK(areas_import(
            d.s, &d.a, d.pool, NULL, d.path,
            &(struct areas_options){"borough", "2021", "code", "name", {NULL, NULL, NULL}, NULL},
            d.options.now_utc, &areas, &err));
        desk_text(&d, "in.csv",
                  OFFENCES "b,2022-01,Theft,555000,185000\nc,2022-01,Theft,540000,185000\n");
        CHECK_INT(d.report.unplaced, 1);
        desk_text(&d, "nowhere.csv",
                  "offence_id,recorded_at,category\nd,2022-01,Theft\ne,2022-01,Theft\n");
        CHECK_INT(d.report.unplaced, 2);
    }
}

static void a_cancelled_import_loads_nothing(void **state)
{
    (void)state;
    WITH_DESK(d)
    {
        struct progress progress = {.step = NULL};
        progress_cancel(&progress);
        desk_write(&d, "a.csv", OFFENCES "a,2022-01,Theft,,\n");
        CHECK_FAILS(
            ingest_import(d.s, &d.a, d.pool, &progress, d.path, &d.options, &d.report, &d.err),
            RV_INTERRUPTED);
        CHECK_INT(desk_extracts(&d), 0);
    }
}

/* Every allocation of an import fails in turn: it says so, loads nothing, and leaks nothing (the
 * sanitizers watch); then the same file loads. */
static void out_of_memory_loads_nothing(void **state)
{
    (void)state;
    WITH_DESK(d)
    {
        char path[160];
        (void)snprintf(path, sizeof path, "%s",
                       desk_write(&d, "a.csv",
                                  STREET "k,2022-01,M,M,0.1,51.5,On or near X,E01,N,Drugs,,\n"
                                         "k,2022-02,M,M,0.1,51.5,On or near X,E01,N,Drugs,,\n"
                                         ",2022-13,M,M,0.1,51.5,On or near X,E01,N,Drugs,,\n"));
        long failures = 0;
        for (long n = 1;; n += 1 + n / 64) {
            memory_fail_nth(n);
            rv_status status = desk_try(&d, path);
            memory_fail_nth(0);
            if (rv_is_ok(status)) {
                break;
            }
            failures++;
            if (status.code != RV_NO_MEMORY && status.code != RV_LIMIT) {
                fail_msg("allocation %ld: %s: %s", n, rv_code_name(status.code), d.err.message);
            }
            CHECK_INT(desk_extracts(&d), 0);
        }
        CHECK(failures > 50);
        CHECK_INT(d.report.accepted, 2);
        CHECK_INT(d.report.quarantined, 1);
    }
}

static void a_folder_imports_what_it_knows_and_names_the_rest(void **state)
{
    (void)state;
    struct rv_err err = {0};
    WITH_DESK(d)
    {
        char folder[128];
        (void)snprintf(folder, sizeof folder, "%s/in", d.dir);
        assert_int_equal(mkdir(folder, 0700), 0);
        desk_write(&d, "in/b.csv", OFFENCES "a,2022-01,Theft,,\n");
        desk_write(&d, "in/a.csv", STREET "k,2022-01,M,M,0.1,51.5,On or near X,E01,N,Theft,,\n");
        desk_write(&d, "in/c.csv", "alpha,beta\n1,2\n");
        desk_write(&d, "in/d.csv", OFFENCES "a,2022-01,Theft,,\n");
        desk_write(&d, "in/.hidden", "x");
        desk_write(&d, "in/e.csv", "");
        desk_write(&d, "in/f.pdf", "%PDF-1.7");
        struct ingest_file *files;
        size_t count;
        CHECK_OK(ingest_import_folder(d.s, &d.a, d.pool, NULL, folder, &d.options, &files, &count,
                                      &err));
        CHECK_INT(count, 6);
        CHECK_INT(files[0].outcome, INGEST_LOADED);
        CHECK_STRING(files[0].report.profile, "police-uk-street");
        CHECK_INT(files[1].outcome, INGEST_LOADED);
        CHECK_INT(files[2].outcome, INGEST_NOT_RECOGNISED);
        CHECK_INT(files[3].outcome, INGEST_FAILED);         /* the same bytes as b.csv */
        CHECK_INT(files[4].outcome, INGEST_FAILED);         /* empty: no header */
        CHECK_INT(files[5].outcome, INGEST_NOT_RECOGNISED); /* no table */
        CHECK_INT(desk_extracts(&d), 2);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_byte_order_mark_is_no_part_of_the_header),
        cmocka_unit_test(crlf_and_lf_give_the_same_rows),
        cmocka_unit_test(bare_cr_is_read_when_the_profile_declares_it),
        cmocka_unit_test(another_separator_and_decimal_mark_are_declared),
        cmocka_unit_test(gzip_is_read_without_unpacking),
        cmocka_unit_test(a_broken_off_gzip_loads_nothing),
        cmocka_unit_test(what_is_not_text_is_refused_with_its_remedy),
        cmocka_unit_test(bad_bytes_cost_their_row_and_many_cost_the_file),
        cmocka_unit_test(windows_1252_is_taken_only_where_it_is_safe_and_said),
        cmocka_unit_test(an_encoding_that_shows_only_far_inside_has_the_file_read_again),
        cmocka_unit_test(separator_and_line_end_are_found_from_the_file),
        cmocka_unit_test(utf16_loads_and_what_a_profile_declares_wins),
        cmocka_unit_test(a_row_is_quarantined_with_its_place_and_the_others_load),
        cmocka_unit_test(the_quarantine_names_line_column_value_and_says_why),
        cmocka_unit_test(the_sentence_of_a_month_says_what_was_expected),
        cmocka_unit_test(an_unclosed_quote_does_not_swallow_the_file),
        cmocka_unit_test(a_header_that_does_not_fit_loads_nothing_and_says_what_is_missing),
        cmocka_unit_test(a_header_alone_is_an_empty_extract_that_needs_attention),
        cmocka_unit_test(the_same_file_twice_is_refused_by_name),
        cmocka_unit_test(a_column_twice_in_the_header_is_refused),
        cmocka_unit_test(dates_whose_order_nobody_declared_are_refused_not_guessed),
        cmocka_unit_test(a_time_with_an_offset_becomes_london_time),
        cmocka_unit_test(the_precision_of_a_time_is_kept),
        cmocka_unit_test(spellings_of_missing_are_missing_not_values),
        cmocka_unit_test(an_unknown_code_of_a_closed_vocabulary_is_not_recorded_and_reported),
        cmocka_unit_test(identical_rows_are_dropped_and_counted),
        cmocka_unit_test(a_repeated_key_with_other_content_keeps_both_numbered),
        cmocka_unit_test(rows_without_an_identifier_get_one_and_are_nobody_s_duplicate),
        cmocka_unit_test(unmapped_columns_are_dropped_and_listed),
        cmocka_unit_test(what_looks_like_personal_data_is_named_and_never_stored),
        cmocka_unit_test(longitude_and_latitude_become_grid_millimetres),
        cmocka_unit_test(a_street_file_says_where_its_coordinates_are_withheld),
        cmocka_unit_test(wrong_options_are_wrong_use),
        cmocka_unit_test(a_cancelled_import_loads_nothing),
        cmocka_unit_test(out_of_memory_loads_nothing),
        cmocka_unit_test(a_folder_imports_what_it_knows_and_names_the_rest),
        /* last: reading a boundary file puts jansson on base/memory.h, and jansson itself does
         * not survive every refused allocation */
        cmocka_unit_test(unplaced_rows_are_counted_once_there_are_areas),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
