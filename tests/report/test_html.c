/* tests/report/test_html.c — the HTML report: golden, well formed, accessible, safe, the same
 * twice. SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/limits.h"
#include "check.h"
#include "report/html_head.h"
#include "report/method_card.h"
#include "report/outline.h"
#include "report/sample.h"

static struct rv_err err;

static void render(struct sample *s, struct buf *out)
{
    buf_init(out, LIMIT_REPORT_BYTES);
    CHECK_OK(report_html(&s->arena, &s->assessment, &s->context, out, &err));
}

/* Without the method cards, which change for reasons of their own. */
static void cut_methods(struct buf *html)
{
    char *from = strstr(html->bytes, "<section aria-labelledby=\"methods\">");
    assert_non_null(from);
    char *to = strstr(from, "</section>");
    assert_non_null(to);
    memmove(from, to, html->n - (size_t)(to - html->bytes) + 1);
    html->n -= (size_t)(to - from);
}

static void test_golden(void **state)
{
    (void)state;
    struct sample s;
    sample_init(&s);
    struct buf html RV_CLEANUP(buf_done);
    render(&s, &html);
    CHECK(strstr(html.bytes, "<article class=\"method\" id=\"method-poisson-exact\">\n<h3>"));
    CHECK(strstr(html.bytes, "<h3>no-such-card</h3>\n<p>This method has no card.</p>"));
    cut_methods(&html);
    CHECK_GOLDEN(html.bytes, html.n, "report-sample.html");
    sample_done(&s);
}

/* Browsers decode it several times as fast, and nothing is lost. */
static void test_the_report_is_ascii(void **state)
{
    (void)state;
    struct sample s;
    sample_init(&s);
    s.context.title = "Caf\xC3\xA9 \xE2\x88\x92 \xF0\x9F\x98\x80";
    struct buf html RV_CLEANUP(buf_done);
    render(&s, &html);
    for (size_t i = 0; i < html.n; i++) {
        CHECK((unsigned char)html.bytes[i] < 0x80);
    }
    CHECK(strstr(html.bytes, "<h1>Caf&#233; &#8722; &#128512;</h1>"));
    struct buf out RV_CLEANUP(buf_done);
    buf_init(&out, 1024);
    html_ascii(&out, text_of("\xE2\x88 \xC3"));
    CHECK_STRING(out.bytes, "\xE2\x88 \xC3"); /* what is no UTF-8 stays */
    sample_done(&s);
}

/* Of a long list of areas a screen has the first rows, of months all. */
static void test_long_lists_are_cut(void **state)
{
    (void)state;
    static const struct result_column areas[] = {
        {.name = "name", .title = "Area", .type = RESULT_TEXT},
        {.name = "count", .title = "Count", .type = RESULT_COUNT}};
    static const struct result_column months[] = {
        {.name = "month", .title = "Month", .type = RESULT_MONTH},
        {.name = "count", .title = "Count", .type = RESULT_COUNT}};
    struct sample s;
    sample_init(&s);
    struct result_table tables[3] = {*sample_table(&s.arena, CHART_NONE, 61, areas, 2),
                                     *sample_table(&s.arena, CHART_NONE, 60, areas, 2),
                                     *sample_table(&s.arena, CHART_LINE, 61, months, 2)};
    static const char *const ids[] = {"long", "short", "months"};
    for (size_t t = 0; t < 3; t++) {
        tables[t].id = tables[t].title = ids[t];
        tables[t].theme = s.assessment.tables[0].theme;
        for (size_t r = 0; r < tables[t].row_count; r++) {
            sample_number(&tables[t], r, 1, (double)r);
            if (t < 2) {
                sample_text(&tables[t], r, 0, arena_printf(&s.arena, "%s area %zu", ids[t], r + 1));
            } else {
                sample_number(&tables[t], r, 0, 24252 + (double)r);
            }
        }
    }
    s.assessment.tables = tables;
    s.assessment.table_count = 3;
    struct buf html RV_CLEANUP(buf_done);
    render(&s, &html);
    CHECK(strstr(html.bytes, "Table: long (the first 20 of 61 rows)</summary>"));
    CHECK(strstr(html.bytes, ">long area 20<") && !strstr(html.bytes, ">long area 21<"));
    CHECK(strstr(html.bytes, "The first 20 of 61 rows.</p>\n<p class=\"note\"><a "
                             "href=\"tables/long.csv\">The whole table as CSV: long.csv</a>"));
    CHECK(strstr(html.bytes, ">short area 60<"));
    CHECK(strstr(html.bytes, ">January 2026<")); /* the last of 61 months */
    s.context.csv_dir = NULL;                    /* nowhere else to read them: all rows */
    buf_done(&html);
    render(&s, &html);
    CHECK(strstr(html.bytes, ">long area 61<"));
    sample_done(&s);
}

static void test_markdown(void **state)
{
    (void)state;
    static const char *const text =
        "# Card\n\n#### Deep\nA *b* **c** `d<e>` [in](x.md) [out](https://e.org/?a=1&b=2)\n"
        "[bad](javascript:alert(1)) ![pic](http://e.org/p.png) <b>raw</b> &nbsp; &amp; &#0;\n\n"
        "- one\n- two\n\n| h | i |\n|---|---|\n| 1 | 2 |\n\n```\nx < y\n```\n";
    struct buf out RV_CLEANUP(buf_done);
    buf_init(&out, 1u << 20);
    CHECK_OK(markdown_html(text_of(text), 3, &out, &err));
    CHECK_STRING(out.bytes,
                 "<h3>Card</h3>\n<h4>Deep</h4>\n"
                 "<p>A <em>b</em> <strong>c</strong> <code>d&lt;e&gt;</code> in "
                 "<a href=\"https://e.org/?a=1&amp;b=2\">out</a>\nbad pic &lt;b&gt;raw&lt;/b&gt; "
                 "&amp;nbsp; &amp; &amp;#0;</p>\n"
                 "<ul><li>one</li>\n<li>two</li>\n</ul>\n"
                 "<table><thead><tr><th scope=\"col\">h</th><th scope=\"col\">i</th></tr>\n"
                 "</thead>\n<tbody><tr><td>1</td>\n<td>2</td>\n</tr>\n</tbody>\n</table>\n"
                 "<pre><code>x &lt; y\n</code></pre>\n");
    buf_clear(&out);
    CHECK_OK(markdown_html((struct text){NULL, 0}, 2, &out, &err));
    CHECK_INT(out.n, 0);
    CHECK_INT(method_card("../../web/report.css").n, 0);
    CHECK(text_is(method_card_title("nothing"), "nothing"));
}

static void test_structure(void **state)
{
    (void)state;
    static struct outline o;
    struct sample s;
    sample_init(&s);
    struct buf html RV_CLEANUP(buf_done);
    render(&s, &html);
    outline_of(&html, &o);
    CHECK_INT(o.h1, 1);
    CHECK_INT(o.mains, 1);
    CHECK_INT(o.navs, 1);
    CHECK_INT(o.scripts, 0);
    CHECK_INT(o.fetched, 0);
    CHECK_INT(o.svgs, 12); /* six charts, for a desk and for a phone */
    CHECK_INT(o.svg_titles, o.svgs);
    CHECK_INT(o.svg_descs, o.svgs);
    CHECK_INT(o.captions, 7); /* six of findings, one of sources; method cards have their own */
    CHECK(o.tables >= o.captions);
    CHECK(o.link_count > 40);
    for (size_t i = 0; i < o.link_count; i++) {
        if (!has_id(&o, o.links[i])) {
            fail_msg("a link goes to #%s, which is not there", o.links[i]);
        }
    }
    sample_done(&s);
}

static void test_same_bytes_twice(void **state)
{
    (void)state;
    struct sample a, b;
    sample_init(&a);
    sample_init(&b);
    struct buf first RV_CLEANUP(buf_done), second RV_CLEANUP(buf_done);
    render(&a, &first);
    render(&b, &second);
    CHECK_INT(first.n, second.n);
    assert_memory_equal(first.bytes, second.bytes, first.n);
    sample_done(&a);
    sample_done(&b);
}

static void test_hostile_names(void **state)
{
    (void)state;
    static struct outline o;
    struct sample s;
    sample_init(&s);
    const char *evil = "</title><script>alert(1)</script>\"' onload=x <b>&amp;";
    s.assessment.area_name = evil;
    s.assessment.area = evil;
    s.context.partnership = evil;
    s.context.synthetic_note = evil;
    for (size_t i = 0; i < s.assessment.finding_count; i++) {
        s.assessment.findings[i].area_name = evil;
        s.assessment.findings[i].query = evil;
        s.assessment.findings[i].method = i ? s.assessment.findings[i].method : evil;
    }
    for (size_t i = 0; i < s.assessment.table_count; i++) {
        s.assessment.tables[i].title = evil;
        s.assessment.tables[i].description = evil;
        bool is_line = s.assessment.tables[i].chart == CHART_LINE;
        sample_text(&s.assessment.tables[i], 0, is_line ? 1 : 0, evil);
    }
    s.assessment.tables[0].chart = CHART_NONE; /* its first row is no longer a month */
    CHECK_OK(sentences_render_all(s.sentences, &s.arena, &s.assessment, &err));
    struct buf html RV_CLEANUP(buf_done);
    render(&s, &html);
    outline_of(&html, &o);
    CHECK_INT(o.scripts, 0);
    CHECK(strstr(html.bytes, "<script") == NULL);
    CHECK(strstr(html.bytes, "&lt;script&gt;") != NULL);
    sample_done(&s);
}

static void test_banner_only_for_synthetic(void **state)
{
    (void)state;
    struct sample s;
    sample_init(&s);
    struct buf with RV_CLEANUP(buf_done), without RV_CLEANUP(buf_done);
    render(&s, &with);
    s.context.is_synthetic = false;
    render(&s, &without);
    CHECK(strstr(with.bytes, "Synthetic data.") != NULL);
    CHECK(strstr(without.bytes, "ynthetic") == NULL);
    sample_done(&s);
}

static void test_needs_statements(void **state)
{
    (void)state;
    struct sample s;
    sample_init(&s);
    s.assessment.findings[3].statement = NULL;
    struct buf html RV_CLEANUP(buf_done);
    buf_init(&html, LIMIT_REPORT_BYTES);
    CHECK_FAILS(report_html(&s.arena, &s.assessment, &s.context, &html, &err), RV_INVALID);
    CHECK(strstr(err.message, "recorded-crime.weapons.rank") != NULL);
    sample_done(&s);
}

static void test_limit(void **state)
{
    (void)state;
    struct sample s;
    sample_init(&s);
    struct buf html RV_CLEANUP(buf_done);
    buf_init(&html, 20000);
    CHECK_FAILS(report_html(&s.arena, &s.assessment, &s.context, &html, &err), RV_LIMIT);
    sample_done(&s);
}

static void test_empty_assessment(void **state)
{
    (void)state;
    static struct outline o;
    struct sample s;
    sample_init(&s);
    s.assessment.finding_count = s.assessment.table_count = s.assessment.source_count = 0;
    struct buf html RV_CLEANUP(buf_done);
    render(&s, &html);
    outline_of(&html, &o);
    CHECK_INT(o.svgs, 0);
    CHECK(strstr(html.bytes, "No finding is a key finding.") != NULL);
    CHECK(strstr(html.bytes, "No extract was used.") != NULL);
    sample_done(&s);
}

/* Fifteen columns, of which one has no figure in any row. */
static void test_wide_and_empty_columns(void **state)
{
    (void)state;
    enum { COLUMNS = 15, ROWS = 3, EMPTY = 4 };
    struct sample s;
    sample_init(&s);
    struct result_column columns[COLUMNS] = {{"place", "Place", RESULT_TEXT}};
    for (size_t c = 1; c < COLUMNS; c++) {
        columns[c] = (struct result_column){"n", "Shoplifting of things", RESULT_COUNT};
    }
    columns[EMPTY].title = "Offences before";
    struct result_table *t = sample_table(&s.arena, CHART_NONE, ROWS, columns, COLUMNS);
    for (size_t r = 0; r < ROWS; r++) {
        sample_text(t, r, 0, "Somewhere");
        for (size_t c = 1; c < COLUMNS; c++) {
            if (c != EMPTY && !(r == 1 && c == 2)) { /* one gap alone keeps its column */
                sample_number(t, r, c, 70000 + (double)(r * 100 + c));
            }
        }
    }
    t->theme = s.assessment.tables[0].theme;
    s.assessment.tables = t;
    s.assessment.table_count = 1;
    struct buf screen RV_CLEANUP(buf_done), words RV_CLEANUP(buf_done);
    render(&s, &screen);
    const char *note = "<p class=\"note\">Not available in any row, and so without a column: "
                       "Offences before (no extract covers this).</p>";
    CHECK(strstr(screen.bytes, note));
    CHECK(!strstr(screen.bytes, "<th scope=\"col\" class=\"number\">Offences before"));
    CHECK(strstr(screen.bytes, "<span class=\"missing\">no extract covers this</span>"));
    CHECK(!strstr(screen.bytes, "(columns: part"));
    s.context.edition = REPORT_WORDS;
    render(&s, &words);
    CHECK(strstr(words.bytes, note));
    CHECK(strstr(words.bytes, "(columns: part 1 of 3)") && !strstr(words.bytes, "part 4 of"));
    for (size_t r = 0; r < ROWS; r++) { /* every figure is there, once */
        for (size_t c = 1; c < COLUMNS; c++) {
            char cell[64];
            (void)snprintf(cell, sizeof cell, "<td class=\"number\">70,%03zu</td>", r * 100 + c);
            const char *at = strstr(words.bytes, cell);
            CHECK((at != NULL) == (c != EMPTY && !(r == 1 && c == 2)));
            CHECK(!at || !strstr(at + 1, cell));
        }
    }
    t = sample_table(&s.arena, CHART_NONE, ROWS, columns, COLUMNS); /* nothing: all columns stay */
    t->theme = s.assessment.tables[0].theme;
    s.assessment.tables = t;
    buf_done(&screen);
    s.context.edition = REPORT_SCREEN;
    render(&s, &screen);
    CHECK(strstr(screen.bytes, "<th scope=\"col\" class=\"number\">Offences before"));
    CHECK(!strstr(screen.bytes, "so without a column"));
    sample_done(&s);
}

static size_t times(const struct buf *html, const char *words)
{
    size_t n = 0;
    for (const char *at = html->bytes; (at = strstr(at, words)); at += strlen(words)) {
        n++;
    }
    return n;
}

#define OF_ALL   "Counted from the records of one source."
#define OF_TWO   "Holds with caution, because a count is under 20: no percentage is given."
#define OF_FIRST "Seven more may belong to it."

/* Four findings of a profile, in the order of the report, of which three are its summary. */
static void plant_chapter(struct sample *s)
{
    static const char *const first[] = {OF_ALL, OF_FIRST}, *const small[] = {OF_ALL, OF_TWO};
    static struct finding planted[4];
    for (size_t i = 0; i < 4; i++) {
        planted[i] = s->assessment.findings[0];
        planted[i].chapter = "young";
        planted[i].chapter_title = "Young people";
        planted[i].definition = "one";
        planted[i].definition_version = "1";
        planted[i].is_key = planted[i].is_summary = false;
        planted[i].caveats = small;
        planted[i].caveat_count = 2;
        planted[i].verdict = VERDICT_CAUTION;
        planted[i].part = FINDING_LEAD;
    }
    planted[0].is_key = planted[0].is_summary = planted[1].is_summary = true;
    planted[3].is_summary = true;
    planted[0].caveats = first;
    planted[0].verdict = VERDICT_HOLDS;
    planted[0].id = "young.all.total";
    planted[0].statement = "Young people in Havering: twelve offences in all.";
    planted[1].id = "young.all.share";
    planted[1].statement = "Young people: five of nine.";
    planted[2].id = "young.arson.total";
    planted[2].part = FINDING_MORE;
    planted[2].statement = "Arson (young people) in Havering: three.";
    planted[3].id = "young.victims.female";
    planted[3].question = FINDING_WHO;
    planted[3].statement = "Of four victims two were female.";
    s->assessment.findings = planted;
    s->assessment.finding_count = 4;
    for (size_t i = 0; i < 2; i++) {
        struct result_table *t = &s->assessment.tables[i];
        t->title = i ? "Young people by month, 2022" : "The wards: young people, 2022";
        t->chapter = "young";
        t->chapter_title = "Young people";
        t->notes = first;
        t->note_count = 1;
    }
}

static void test_a_chapter_by_question(void **state)
{
    (void)state;
    static struct outline o;
    struct sample s;
    sample_init(&s);
    plant_chapter(&s);
    struct buf html RV_CLEANUP(buf_done);
    render(&s, &html);
    outline_of(&html, &o);
    for (size_t i = 0; i < o.link_count; i++) {
        CHECK(has_id(&o, o.links[i]));
    }
    /* Questions in their order, and the title of the chapter in none of the sentences. */
    const char *how = strstr(html.bytes, "<h3>How much</h3>"),
               *who = strstr(html.bytes, "<h3>Who</h3>");
    CHECK(how && who && how < who && !strstr(html.bytes, "<h3>When</h3>"));
    CHECK_INT(times(&html, "<p>Twelve offences in all.</p>"), 2); /* key finding, chapter */
    CHECK_INT(times(&html, "<p><strong>How much.</strong> Twelve offences in all.</p>"), 1);
    CHECK_INT(times(&html, "<p>Arson in Havering: three.</p>"), 1);
    CHECK(strstr(html.bytes, "<summary>1 further finding</summary>"));
    /* Nor in the titles of its tables; a note that the chapter tells is pointed to. */
    CHECK(strstr(html.bytes, "-heading\">The wards, 2022</h3>"));
    CHECK(strstr(html.bytes, "<summary>Table: The wards, 2022</summary>"));
    CHECK(strstr(html.bytes, "aria-label=\"Table: The wards: young people, 2022\""));
    CHECK(strstr(html.bytes, "-heading\">By month, 2022</h3>"));
    CHECK_INT(times(&html, OF_ALL), 2);
    CHECK(strstr(html.bytes, "<p class=\"note\">See <a href=\"#caveat-1\">caveat 1</a>.</p>"));
    sample_done(&s);
}

static void test_a_summary_links_and_judges(void **state)
{
    (void)state;
    struct sample s;
    sample_init(&s);
    plant_chapter(&s);
    struct buf html RV_CLEANUP(buf_done);
    render(&s, &html);
    const char *from = strstr(html.bytes, "<h3 id=\"summary-young\">Summary</h3>");
    CHECK(from);
    const char *to = strstr(from, "</section>");
    struct buf brief RV_CLEANUP(buf_done);
    buf_init(&brief, 1u << 16);
    buf_slice(&brief, (struct text){from, (size_t)(to - from)});
    buf_char(&brief, '\0');
    CHECK_INT(times(&brief, "<li class=\"finding\">"), 3);
    CHECK_INT(times(&brief, "<strong>How much.</strong>"), 2);
    CHECK_INT(times(&brief, "<strong>Who.</strong> Of four victims two were female."), 1);
    CHECK_INT(times(&brief, "Holds with caution</span>, because a count is under 20"), 2);
    CHECK(strstr(brief.bytes, "<a href=\"#finding-young.victims.female\">Finding 4</a>"));
    CHECK(!strstr(brief.bytes, "Arson"));
    sample_done(&s);
}

static void test_a_caveat_is_told_once(void **state)
{
    (void)state;
    static const char *const untold = &OF_TWO[sizeof "Holds with caution" - 1];
    struct sample s;
    sample_init(&s);
    plant_chapter(&s);
    for (size_t i = 0; i < 4; i++) {
        s.assessment.findings[i].is_summary = s.assessment.findings[i].is_key = false;
    }
    struct buf html RV_CLEANUP(buf_done);
    render(&s, &html);
    CHECK_INT(times(&html, OF_ALL), 2);   /* at the head of the chapter, and in the list */
    CHECK_INT(times(&html, untold), 2);   /* at the first of the three, and in the list */
    CHECK_INT(times(&html, OF_FIRST), 2); /* with its evidence, and in the list */
    CHECK_INT(times(&html, ": <a href=\"#caveat-3\">caveat 3</a>."), 2); /* at the other two */
    CHECK_INT(times(&html, "<a href=\"#caveat-1\">caveats 1</a>, <a href=\"#caveat-3\">3</a>."), 3);
    CHECK_INT(times(&html, "See <a href=\"#caveat-2\">caveat 2</a>."), 1);
    sample_done(&s);
}

static void test_the_last_assessment_stands_beside(void **state)
{
    (void)state;
    static const struct finding_last last[] = {
        {.since = SINCE_CHANGED, .statement = "Nine <then>.", .period = {24252, 24263}},
        {.since = SINCE_STILL, .statement = "Half then.", .period = {24252, 24263}},
        {.since = SINCE_OTHER, .statement = "Three then.", .because = "it was not reliable then"}};
    static const char *absent[] = {"Told then alone."};
    static const struct assessment_last all = {.period = {24252, 24263},
                                               .counts = {0, 1, 1, 0, 0, 1},
                                               .absent = absent,
                                               .absent_count = 1};
    static struct outline o;
    struct sample s;
    sample_init(&s);
    plant_chapter(&s);
    struct buf without RV_CLEANUP(buf_done), with RV_CLEANUP(buf_done);
    render(&s, &without);
    CHECK(!strstr(without.bytes, "ast assessment"));
    for (size_t i = 0; i < 3; i++) {
        s.assessment.findings[i].last = &last[i];
    }
    s.assessment.last = &all;
    render(&s, &with);
    outline_of(&with, &o);
    for (size_t i = 0; i < o.link_count; i++) {
        CHECK(has_id(&o, o.links[i]));
    }
    CHECK(strstr(with.bytes, "assessment, for 2021: 1 still true, 1 changed, 1 cannot be compared, "
                             "1 not told this time."));
    /* With its sentence in the chapter, and once more where the changed are listed. */
    CHECK_INT(times(&with, "<strong>Changed</strong>. Last assessment: Nine &lt;then&gt;.</p>"), 2);
    CHECK_INT(times(&with, "<strong>Still true</strong>. Last assessment: Half then.</p>"), 1);
    CHECK_INT(times(&with, "<strong>Cannot be compared</strong>, because it was not reliable then. "
                           "Last assessment: Three then.</p>"),
              2);
    CHECK_INT(times(&with, " Since the last assessment: <strong>changed</strong>."),
              2); /* key, summary */
    CHECK_INT(times(&with, "Told then alone."), 1);
    CHECK_INT(times(&with, "<a href=\"#since\">"), 1);
    sample_done(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_golden),
        cmocka_unit_test(test_the_report_is_ascii),
        cmocka_unit_test(test_long_lists_are_cut),
        cmocka_unit_test(test_markdown),
        cmocka_unit_test(test_structure),
        cmocka_unit_test(test_same_bytes_twice),
        cmocka_unit_test(test_hostile_names),
        cmocka_unit_test(test_banner_only_for_synthetic),
        cmocka_unit_test(test_needs_statements),
        cmocka_unit_test(test_limit),
        cmocka_unit_test(test_empty_assessment),
        cmocka_unit_test(test_wide_and_empty_columns),
        cmocka_unit_test(test_a_chapter_by_question),
        cmocka_unit_test(test_a_summary_links_and_judges),
        cmocka_unit_test(test_a_caveat_is_told_once),
        cmocka_unit_test(test_the_last_assessment_stands_beside),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
