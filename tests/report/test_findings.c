/* tests/report/test_findings.c — findings as JSON, CSV, text and in store; result tables as CSV.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "check.h"
#include "report/findings.h"
#include "report/sample.h"
#include "report/table.h"

#include <jansson.h>

static struct rv_err err;
static struct sample sample;

static int start(void **state)
{
    (void)state;
    sample_init(&sample);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    sample_done(&sample);
    return 0;
}

static const char *const fields[] = {
    "id",          "theme",     "statement", "value",      "unit",
    "lower",       "upper",     "level",     "numerator",  "denominator",
    "missing",     "rank",      "rank_low",  "rank_high",  "of",
    "period_from", "period_to", "area",      "definition", "definition_version",
    "method",      "verdict",   "caveats",   "sources",    "query",
    "marking",     "rule",      "named",     "named_of",   "table"};
/* The last four are in JSON alone: three for a later assessment, and the table. */
enum { FIELDS = sizeof fields / sizeof fields[0], COLUMNS = FIELDS - 4 };

static void test_json_has_the_contract(void **state)
{
    (void)state;
    struct buf out RV_CLEANUP(buf_done);
    buf_init(&out, 1u << 20);
    const struct assessment *a = &sample.assessment;
    CHECK_OK(findings_json(a->findings, a->finding_count, &out, &err));
    CHECK_GOLDEN(out.bytes, out.n, "findings-sample.json");
    json_t *root = json_loadb(out.bytes, out.n, JSON_REJECT_DUPLICATES, NULL);
    CHECK_INT(json_array_size(root), a->finding_count);
    for (size_t i = 0; i < a->finding_count; i++) {
        size_t n = 0;
        const char *key;
        json_t *value;
        json_object_foreach(json_array_get(root, i), key, value)
        {
            CHECK(n < FIELDS);
            CHECK_STRING(key, fields[n]); /* jansson keeps the order of the text */
            n++;
        }
        CHECK_INT(n, FIELDS);
    }
    const json_t *none = json_array_get(root, 6);
    CHECK(json_is_null(json_object_get(none, "value")));
    CHECK(json_is_null(json_object_get(none, "rank")));
    CHECK_STRING(json_string_value(json_object_get(none, "period_to")), "2022-12");
    json_decref(root);
}

static void test_json_of_nothing(void **state)
{
    (void)state;
    struct buf out RV_CLEANUP(buf_done);
    buf_init(&out, 1u << 20);
    CHECK_OK(findings_json(NULL, 0, &out, &err));
    CHECK_STRING(out.bytes, "[]\n");
}

static void test_csv_has_the_contract(void **state)
{
    (void)state;
    struct buf out RV_CLEANUP(buf_done);
    buf_init(&out, 1u << 20);
    CHECK_OK(findings_csv(sample.assessment.findings, sample.assessment.finding_count, &out, &err));
    CHECK_GOLDEN(out.bytes, out.n, "findings-sample.csv");
    struct text rest, header = text_split(buf_view(&out), '\r', &rest);
    for (size_t i = 0; i < COLUMNS; i++) {
        struct text name = text_split(header, ',', &header);
        CHECK(text_is(name, fields[i]));
    }
    CHECK_INT(header.n, 0);
}

static void test_why(void **state)
{
    (void)state;
    struct buf out RV_CLEANUP(buf_done);
    buf_init(&out, 1u << 20);
    CHECK_OK(finding_why_text(&sample.assessment.findings[3], &out, &err));
    static const char *const wanted[] = {"Havering was joint 16th of 32",
                                         "not reliable",
                                         "41% of these records have no ethnicity.",
                                         "joint 16th of 32, most first; between 9 and 23",
                                         "records in     6,183",
                                         "records out    48,012",
                                         "unknown        17",
                                         "SHA-256 3f0a3d5be2b1c0f4",
                                         "reeve table FILE --profile violence",
                                         "# ranks"};
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
        if (!strstr(out.bytes, wanted[i])) {
            fail_msg("no '%s' in:\n%s", wanted[i], out.bytes);
        }
    }
}

/* ---- the stored form ---- */

static void check_strings(const char *a, const char *b)
{
    CHECK((a == NULL) == (b == NULL));
    if (a) {
        CHECK_STRING(a, b);
    }
}

static void check_bits(double a, double b)
{
    if (!isfinite(a)) { /* what is not available comes back as NaN */
        CHECK(isnan(b));
        return;
    }
    assert_memory_equal(&a, &b, sizeof a);
}

static void check_same(const struct finding *a, const struct finding *b)
{
    check_strings(a->id, b->id);
    check_strings(a->theme, b->theme);
    check_strings(a->rule, b->rule);
    check_strings(a->statement, b->statement);
    check_strings(a->subject, b->subject);
    check_strings(a->unit, b->unit);
    check_strings(a->denominator_name, b->denominator_name);
    check_strings(a->area, b->area);
    check_strings(a->area_name, b->area_name);
    check_strings(a->definition, b->definition);
    check_strings(a->definition_version, b->definition_version);
    check_strings(a->method, b->method);
    check_strings(a->query, b->query);
    check_bits(a->value, b->value);
    check_bits(a->lower, b->lower);
    check_bits(a->upper, b->upper);
    check_bits(a->level, b->level);
    check_bits(a->numerator, b->numerator);
    check_bits(a->denominator, b->denominator);
    check_bits(a->missing, b->missing);
    check_bits(a->compare_value, b->compare_value);
    CHECK_INT(a->rank, b->rank);
    CHECK_INT(a->rank_low, b->rank_low);
    CHECK_INT(a->rank_high, b->rank_high);
    CHECK_INT(a->of, b->of);
    CHECK_INT(a->is_key, b->is_key);
    CHECK_INT(a->is_tied, b->is_tied);
    CHECK_INT(a->verdict, b->verdict);
    CHECK_INT(a->period.first > a->period.last, b->period.first > b->period.last);
    if (a->period.first <= a->period.last) {
        CHECK_INT(a->period.first, b->period.first);
        CHECK_INT(a->period.last, b->period.last);
    }
    CHECK_INT(a->compare.first > a->compare.last, b->compare.first > b->compare.last);
    CHECK_INT(a->caveat_count, b->caveat_count);
    for (size_t i = 0; i < a->caveat_count; i++) {
        check_strings(a->caveats[i], b->caveats[i]);
    }
    CHECK_INT(a->source_count, b->source_count);
    for (size_t i = 0; i < a->source_count; i++) {
        CHECK_INT(a->sources[i].extract, b->sources[i].extract);
        check_strings(a->sources[i].sha256, b->sources[i].sha256);
        check_strings(a->sources[i].file_name, b->sources[i].file_name);
    }
    CHECK_INT(a->slot_count, b->slot_count);
    for (size_t i = 0; i < a->slot_count; i++) {
        check_strings(a->slots[i].name, b->slots[i].name);
        CHECK_INT(a->slots[i].type, b->slots[i].type);
        if (a->slots[i].type == SLOT_TEXT) {
            check_strings(a->slots[i].text, b->slots[i].text);
        } else {
            check_bits(a->slots[i].number, b->slots[i].number);
        }
    }
}

static void test_stored_form_gives_back_the_same(void **state)
{
    (void)state;
    for (size_t i = 0; i < sample.assessment.finding_count; i++) {
        struct finding f = sample.assessment.findings[i], back;
        static const double awkward[] = {
            0.1, 1e-300, 5e-324, 1.7976931348623157e308, -1.0 / 3, 123456789.123456789, NAN};
        f.value = awkward[i];
        f.area_name = "Haver\"ing\\ \n\x01 <é> 😀";
        f.compare = i == 2 ? (struct month_range){1, 0} : f.compare;
        f.definition = i == 3 ? "havering" : NULL;
        struct buf out RV_CLEANUP(buf_done);
        buf_init(&out, 1u << 20);
        CHECK_OK(finding_to_json(&f, &out, &err));
        CHECK(memchr(out.bytes, '\n', out.n) == NULL);
        CHECK_OK(finding_from_json(&sample.arena, buf_view(&out), &back, &err));
        check_same(&f, &back);
    }
}

static void test_stored_form_is_not_trusted(void **state)
{
    (void)state;
    struct buf out RV_CLEANUP(buf_done);
    buf_init(&out, 1u << 20);
    CHECK_OK(finding_to_json(&sample.assessment.findings[0], &out, &err));
    struct finding f = {.id = "untouched"};
    for (size_t n = 0; n < out.n; n++) { /* every truncation */
        CHECK_FAILS(finding_from_json(&sample.arena, (struct text){out.bytes, n}, &f, &err),
                    RV_DAMAGED);
    }
    static const char *const bad[] = {
        "[]", "{}", "null", "{\"form\":2}", "{\"form\":1,\"id\":5}", "{\"form\":1,\"form\":1}"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        CHECK_FAILS(finding_from_json(&sample.arena, text_of(bad[i]), &f, &err), RV_DAMAGED);
    }
    static const struct {
        const char *from, *to;
    } edits[] = {{"\"value\":\"6183\"", "\"value\":\"61x3\""},
                 {"\"verdict\":0", "\"verdict\":9"},
                 {"\"rank\":24", "\"rank\":\"a\""},
                 {"\"caveats\":[]", "\"caveats\":[7]"},
                 {"\"period\":[24264,", "\"period\":[99999,"}};
    for (size_t i = 0; i < sizeof edits / sizeof edits[0]; i++) {
        const char *at = strstr(out.bytes, edits[i].from);
        assert_non_null(at);
        const char *text = arena_printf(&sample.arena, "%.*s%s%s", (int)(at - out.bytes), out.bytes,
                                        edits[i].to, at + strlen(edits[i].from));
        CHECK_FAILS(finding_from_json(&sample.arena, text_of(text), &f, &err), RV_DAMAGED);
    }
    CHECK_STRING(f.id, "untouched");
}

/* ---- tables ---- */

static void test_table_csv(void **state)
{
    (void)state;
    static const struct result_column columns[] = {{"area", "Area", RESULT_TEXT},
                                                   {"month", "Month", RESULT_MONTH},
                                                   {"count", "Count", RESULT_COUNT},
                                                   {"rate", "Rate", RESULT_RATE},
                                                   {"lower", "Lower", RESULT_RATE}};
    struct result_table *t = sample_table(&sample.arena, CHART_NONE, 4, columns, 5);
    sample_text(t, 0, 0, "Romford, \"Town\"");
    sample_number(t, 0, 1, 2021 * 12);
    sample_number(t, 0, 2, 0);
    sample_number(t, 0, 3, 1.0 / 3);
    sample_number(t, 0, 4, 0);
    sample_text(t, 1, 0, "=HYPERLINK(\"http://x\")");
    sample_number(t, 1, 2, 12);
    sample_text(t, 2, 0, "-");
    sample_text(t, 3, 0, "City");
    sample_number(t, 3, 1, 2021 * 12 + 11);
    struct result_cell *cells = (struct result_cell *)(uintptr_t)t->cells;
    cells[3 * 5 + 3].text = "no residents";
    cells[3 * 5 + 4].text = "no residents";
    struct buf out RV_CLEANUP(buf_done);
    buf_init(&out, 1u << 20);
    CHECK_OK(result_table_csv(t, &out, &err));
    CHECK_STRING(
        out.bytes,
        "area,month,count,rate,lower,not_available_because\r\n"
        "\"Romford, \"\"Town\"\"\",2021-01,0,0.333333333333,0,\r\n"
        "\"'=HYPERLINK(\"\"http://x\"\")\",,12,,,\"month, rate, lower: no extract covers "
        "this\"\r\n"
        "-,,,,,\"month, count, rate, lower: no extract covers this\"\r\n"
        "City,2021-12,,,,\"count: no extract covers this; rate, lower: no residents\"\r\n");
}

static void test_table_html(void **state)
{
    (void)state;
    static const struct result_column columns[] = {{"area", "Area <b>", RESULT_TEXT},
                                                   {"rank", "Rank", RESULT_RANK}};
    struct result_table *t = sample_table(&sample.arena, CHART_BAR, 2, columns, 2);
    t->focus = "Havering";
    sample_text(t, 0, 0, "Havering");
    sample_number(t, 0, 1, 16);
    sample_text(t, 1, 0, "Barnet & Co");
    struct buf out RV_CLEANUP(buf_done);
    buf_init(&out, 1u << 20);
    CHECK_OK(result_table_html(t, "x", false, &out, &err));
    CHECK_STRING(out.bytes,
                 "<table id=\"x\"><caption>A sample table</caption>\n"
                 "<thead><tr><th scope=\"col\">Area &lt;b&gt;</th>"
                 "<th scope=\"col\" class=\"number\">Rank</th></tr></thead>\n<tbody>\n"
                 "<tr class=\"focus\"><th scope=\"row\">Havering <span class=\"mark\">(this area)"
                 "</span></th><td class=\"number\">16th</td></tr>\n"
                 "<tr><th scope=\"row\">Barnet &amp; Co</th><td class=\"number\"><span "
                 "class=\"missing\">no extract covers this</span></td></tr>\n"
                 "</tbody></table>\n");
}

static void test_table_html_interval(void **state)
{
    (void)state;
    static const struct result_column columns[] = {{"area", "Area", RESULT_TEXT},
                                                   {"lower", "95% interval, lower", RESULT_RATE},
                                                   {"upper", "95% interval, upper", RESULT_RATE},
                                                   {"rank_low", "Place, from", RESULT_RANK},
                                                   {"rank_high", "Place, to", RESULT_RANK},
                                                   {"other", "Rank, to", RESULT_RANK}};
    struct result_table *t = sample_table(&sample.arena, CHART_BAR, 3, columns, 6);
    sample_text(t, 0, 0, "A");
    sample_number(t, 0, 1, 17.66);
    sample_number(t, 0, 2, 31);
    sample_number(t, 0, 3, 2);
    sample_number(t, 0, 4, 29);
    sample_number(t, 0, 5, 3);
    sample_text(t, 1, 0, "B");
    sample_number(t, 1, 1, 0);
    sample_number(t, 1, 3, 1);
    sample_number(t, 1, 4, 1);
    sample_text(t, 2, 0, "C");
    struct buf out RV_CLEANUP(buf_done);
    buf_init(&out, 1u << 20);
    CHECK_OK(result_table_html(t, "x", true, &out, &err));
    /* One cell an interval; one place where both are the same; half of it or all of it missing. */
    CHECK_STRING(
        out.bytes,
        "<table id=\"x\"><caption>A sample table</caption>\n"
        "<colgroup><col style=\"width:28%\"/><col style=\"width:28%\"/><col style=\"width:28%\"/>"
        "<col style=\"width:14%\"/></colgroup>\n"
        "<thead><tr><th scope=\"col\">Area</th><th scope=\"col\" class=\"number\">95% interval</th>"
        "<th scope=\"col\" class=\"number\">Place, from and to</th>"
        "<th scope=\"col\" class=\"number\">Rank, to</th></tr></thead>\n<tbody>\n"
        "<tr><th scope=\"row\">A</th><td class=\"number\">17.7 to 31.0</td>"
        "<td class=\"number\">2nd to 29th</td><td class=\"number\">3rd</td></tr>\n"
        "<tr><th scope=\"row\">B</th><td class=\"number\">0.0 to <span class=\"missing\">no "
        "extract "
        "covers this</span></td><td class=\"number\">1st</td><td class=\"number\"><span "
        "class=\"missing\">no extract covers this</span></td></tr>\n"
        "<tr><th scope=\"row\">C</th><td class=\"number\"><span class=\"missing\">no extract "
        "covers "
        "this</span></td><td class=\"number\"><span class=\"missing\">no extract covers "
        "this</span></td><td class=\"number\"><span class=\"missing\">no extract covers "
        "this</span></td></tr>\n</tbody></table>\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_json_has_the_contract),
        cmocka_unit_test(test_json_of_nothing),
        cmocka_unit_test(test_csv_has_the_contract),
        cmocka_unit_test(test_why),
        cmocka_unit_test(test_stored_form_gives_back_the_same),
        cmocka_unit_test(test_stored_form_is_not_trusted),
        cmocka_unit_test(test_table_csv),
        cmocka_unit_test(test_table_html),
        cmocka_unit_test(test_table_html_interval),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
