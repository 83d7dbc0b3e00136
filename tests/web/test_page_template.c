/* tests/web/test_page_template.c — templates: escaping, sections, scopes, what does not compile.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "check.h"
#include "web/template.h"

static struct arena arena;
static struct rv_err err;

static int set_up(void **state)
{
    (void)state;
    arena_init(&arena, (size_t)1 << 22);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_done(&arena);
    return 0;
}

static rv_status try_compile(const char *text, struct template_set **ret)
{
    struct template_source sources[] = {
        {"item", {"<li>{{.}}</li>", 14}},
        {"field",
         text_of("[{{label}}{{#error}}!{{error}}{{/error}}{{#name}}?{{/name}}{{>inner}}]")},
        {"inner", text_of("{{#error}}i{{/error}}")},
        {"page", text_of(text)},
    };
    return template_compile(&arena, sources, 4, ret, &err);
}

static void renders(const char *text, const struct model *m, const char *wanted)
{
    struct template_set *set;
    CHECK_OK(try_compile(text, &set));
    struct buf out;
    buf_init(&out, 100000);
    CHECK_OK(template_render(set, "page", m, &out, &err));
    assert_string_equal(out.bytes ? out.bytes : "", wanted);
    buf_done(&out);
}

static void refuses(const char *text, const char *part)
{
    struct template_set *set;
    CHECK_FAILS(try_compile(text, &set), RV_INVALID);
    CHECK(strstr(err.message, part) != NULL);
}

static struct model *sample(void)
{
    struct model *m = model_new(&arena);
    model_text(m, "name", "<b>&\"'x");
    model_text(m, "empty", "");
    model_int(m, "count", 42);
    model_real(m, "rate", 0.1);
    model_bool(m, "yes", true);
    model_bool(m, "no", false);
    model_html(m, "chart", (struct html_fragment){text_of("<svg></svg>")});
    struct model_list *words = model_list(m, "words");
    model_word(words, "one");
    model_word(words, "t<o");
    struct model_list *rows = model_list(m, "rows");
    struct model *row = model_item(rows);
    model_text(row, "name", "inner");
    model_text(row, "own", "1");
    row = model_item(rows);
    model_text(row, "own", "2");
    (void)model_list(m, "none");
    struct model *object = model_object(m, "object");
    model_text(object, "deep", "d");
    CHECK_OK(model_status(m, &err));
    return m;
}

static void test_values(void **state)
{
    (void)state;
    struct model *m = sample();
    renders("a {{name}} b", m, "a &lt;b&gt;&amp;&quot;&#39;x b");
    renders("<p title=\"{{name}}\">", m, "<p title=\"&lt;b&gt;&amp;&quot;&#39;x\">");
    renders("{{count}} {{rate}} {{chart}}", m, "42 0.1 <svg></svg>");
    renders("{{object.deep}}", m, "d");
    renders("{{! nothing }}x", m, "x");
    renders("", m, "");
    renders("} { }} {", m, "} { }} {");
}

static void test_sections(void **state)
{
    (void)state;
    struct model *m = sample();
    renders("{{#yes}}y{{/yes}}{{#no}}n{{/no}}{{^no}}N{{/no}}{{^absent}}A{{/absent}}", m, "yNA");
    renders("{{#empty}}x{{/empty}}{{^empty}}E{{/empty}}{{#none}}x{{/none}}{{^none}}0{{/none}}", m,
            "E0");
    renders("{{#words}}[{{.}}]{{/words}}", m, "[one][t&lt;o]");
    renders("{{#rows}}{{own}}:{{name}};{{/rows}}", m, "1:inner;2:&lt;b&gt;&amp;&quot;&#39;x;");
    renders("{{#object}}{{deep}}{{count}}{{/object}}", m, "d42");
    renders("{{#count}}{{.}}{{/count}}", m, "42");
    renders("<ul>\n{{#words}}\n  {{>item}}\n{{/words}}\n</ul>\n", m,
            "<ul>\n<li>one</li><li>t&lt;o</li></ul>\n");
    renders("<a{{#yes}} hidden{{/yes}}>", m, "<a hidden>");
    renders("<a class=\"x{{#yes}} y{{/yes}}\">", m, "<a class=\"x y\">");
}

/* A part that is given something sees that and nothing else. */
static void test_parameters(void **state)
{
    (void)state;
    struct model *m = sample();
    renders("{{>field label=\"a & b\"}}", m, "[a &amp; b]");
    renders("{{>field label=name error=absent}}", m, "[&lt;b&gt;&amp;&quot;&#39;x]");
    renders("{{>field label=object.deep\n  error=count}}", m, "[d!42i]");
    renders("{{#words}}{{>field label=.}}{{/words}}", m, "[one][t&lt;o]");
    renders("{{#rows}}{{>field label=own name=name}}{{/rows}}", m, "[1?][2?]");
    renders("{{>field label=\"\"}}", m, "[]");
    refuses("{{>field label}}", "is given name=");
    refuses("{{>field label=}}", "is given name=");
    refuses("{{>field label=\"a}}", "is given name=");
    refuses("{{>field label=\"a\"error=count}}", "is given name=");
    refuses("{{>field =\"a\"}}", "is given name=");
    refuses("{{>field label='a'}}", "is given name=");
    refuses("{{> }}", "proper name");
    refuses("<a {{>field label=\"a\"}}>", "inside a tag");
    struct template_set *set;
    struct buf out;
    buf_init(&out, 1000);
    CHECK_OK(try_compile("{{>field error=\"x\"}}", &set));
    CHECK_FAILS(template_render(set, "page", m, &out, &err), RV_INVALID);
    CHECK(strstr(err.message, "field, line 1: 'label' has no value") != NULL);
    buf_done(&out);
}

static void test_places(void **state)
{
    (void)state;
    refuses("<a href={{name}}>", "quoted attribute");
    refuses("<{{name}}>", "quoted attribute");
    refuses("<a {{name}}>", "quoted attribute");
    refuses("<script>{{name}}</script>", "quoted attribute");
    refuses("<style>p { color: {{name}} }</style>", "quoted attribute");
    refuses("<a href=\"{{#yes}}\">{{/yes}}", "another place");
    refuses("x\n{{#yes}}y", "line 2: a section is not closed");
    refuses("{{#yes}}{{/no}}", "not the one open");
    refuses("{{/no}}", "not the one open");
    refuses("\n\n{{name", "line 3: a tag that begins");
    refuses("{{}}", "proper name");
    refuses("{{a b}}", "proper name");
    refuses("{{.a}}", "proper name");
    refuses("{{>absent}}", "no part 'absent'");
    refuses("<a{{>item}}>", "inside a tag");
    struct model *m = sample();
    renders("<script src=\"/{{count}}.js\"></script>{{count}}", m,
            "<script src=\"/42.js\"></script>42");
}

static void test_faults(void **state)
{
    (void)state;
    struct template_set *set;
    struct model *m = sample();
    struct buf out;
    buf_init(&out, 1000);
    CHECK_OK(try_compile("x\n{{absent}}", &set));
    CHECK_FAILS(template_render(set, "page", m, &out, &err), RV_INVALID);
    CHECK(strstr(err.message, "page, line 2: 'absent' has no value") != NULL);
    CHECK_OK(try_compile("{{words}}", &set));
    CHECK_FAILS(template_render(set, "page", m, &out, &err), RV_INVALID);
    CHECK_OK(try_compile("{{>page}}", &set));
    CHECK_FAILS(template_render(set, "page", m, &out, &err), RV_LIMIT);
    CHECK_FAILS(template_render(set, "other", m, &out, &err), RV_NOT_FOUND);
    struct buf small;
    buf_init(&small, 3);
    CHECK_OK(try_compile("{{name}}", &set));
    CHECK_FAILS(template_render(set, "page", m, &small, &err), RV_LIMIT);
    buf_done(&small);
    buf_done(&out);
}

static void test_json(void **state)
{
    (void)state;
    struct buf out;
    buf_init(&out, 1000);
    CHECK_OK(model_json(sample(), &out, &err));
    assert_string_equal(out.bytes,
                        "{\"name\":\"<b>&\\\"'x\",\"empty\":\"\",\"count\":42,\"rate\":0.1,"
                        "\"yes\":true,\"no\":false,\"words\":[\"one\",\"t<o\"],\"rows\":["
                        "{\"name\":\"inner\",\"own\":\"1\"},{\"own\":\"2\"}],\"none\":[],"
                        "\"object\":{\"deep\":\"d\"}}\n");
    buf_done(&out);
}

/* Wherever memory ends, the model says so once and nothing is written half. */
static void test_memory(void **state)
{
    (void)state;
    for (size_t limit = 0; limit < 6000; limit += 16) {
        struct arena small;
        arena_init(&small, limit);
        struct model *m = model_new(&small);
        model_text(m, "a", "1");
        model_int(m, "b", 2);
        struct model_list *list = model_list(m, "c");
        for (int i = 0; i < 20; i++) {
            model_int(model_item(list), "d", i);
        }
        struct buf out;
        buf_init(&out, 10000);
        if (rv_is_ok(model_status(m, NULL))) {
            CHECK_OK(model_json(m, &out, &err));
            CHECK(strstr(out.bytes, "{\"d\":19}]") != NULL);
        }
        buf_done(&out);
        arena_done(&small);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_values, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_sections, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_parameters, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_places, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_faults, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_json, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_memory, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
