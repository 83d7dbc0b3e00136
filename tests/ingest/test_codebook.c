/* tests/ingest/test_codebook.c — codebooks are read strictly; what a changed one says is told.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/limits.h"
#include "check.h"
#include "ingest/codebook.h"
#include "ingest/kind.h"
#include "ingest/profile.h"

static struct arena arena;
static struct rv_err err;

static int open_arena(void **state)
{
    (void)state;
    arena_init(&arena, LIMIT_ARENA_BYTES);
    return 0;
}

static int close_arena(void **state)
{
    (void)state;
    arena_done(&arena);
    return 0;
}

#define HEAD "{\"survey\": \"S\", \"period\": [\"2023-01-01\", \"2023-12-31\"],\n\"columns\": {\n"
#define Q    "\"q\": {\"title\": \"Q\", \"kind\": \"question\", \"answers\": [\n"
#define YES  "{\"code\": \"yes\", \"label\": \"Yes\"}"
#define END  "]}}}"
#define D    "]},\n\"d\": {\"title\": \"D\", \"kind\": \"demographic\", \"answers\": [\n"

static void a_mistake_is_refused_with_its_line(void **state)
{
    (void)state;
    static const struct {
        const char *json;
        int line;
        const char *part;
    } cases[] = {
        {"[]", 1, "is an object"},
        {"{\"survey\": \"S\",\n", 2, ""},
        {"{\"columns\": {}}", 1, "\"survey\" is missing"},
        {"{\"survey\": \"\"}", 1, "1 to 2,000"},
        {"{\"survey\": \" S\"}", 1, "one line"},
        {"{\"survey\": \"S\"}", 1, "\"columns\" is missing"},
        {"{\"survey\": \"S\",\n\"colour\": 1}", 2, "no member"},
        {"{\"survey\": \"S\",\n\"period\": \"2023\"}", 2, "first and the last day"},
        {"{\"survey\": \"S\", \"period\": [\"2023-01-01\",\n\"31/12/2023\"]}", 2, "no date"},
        {"{\"survey\": \"S\", \"period\": [\"2023-02-30\", \"2023-12-31\"]}", 1, "no date"},
        {"{\"survey\": \"S\", \"period\": [\"2023-01-02\", \"2023-01-01\"]}", 1,
         "before it begins"},
        {"{\"survey\": \"S\", \"period\": [\"2023-01\", 1]}", 1, "in quotes"},
        {"{\"survey\": \"S\", \"columns\": {}}", 1, "1 to 1000 columns"},
        {HEAD "\"respondent_id\": {}}}", 3, "kept for the respondents"},
        {HEAD "\" q\": {}}}", 3, "without blanks"},
        {HEAD Q YES "]},\n\"Q\": {}}}", 5, "the same name"},
        {HEAD "\"q\": 1}}", 3, "must be an object"},
        {HEAD "\"q\": {\"title\": \"Q\"}}}", 3, "\"kind\" is missing"},
        {HEAD "\"q\": {\"title\": \"Q\",\n\"kind\": \"queston\"}}}", 4, "is no kind of column"},
        {HEAD "\"q\": {\"title\": \"Q\", \"kind\": \"question\"}}}", 3, "list 1 to 500 answers"},
        {HEAD "\"q\": {\"title\": \"Q\", \"kind\": \"question\",\n\"answers\": []}}}", 4,
         "list 1 to 500 answers"},
        {HEAD Q "{\"label\": \"Yes\"}" END, 4, "\"code\" is missing"},
        {HEAD Q "{\"code\": 1, \"label\": \"Yes\"}" END, 4, "also when it is a number"},
        {HEAD Q "{\"code\": \"yes \", \"label\": \"Yes\"}" END, 4, "without blanks"},
        {HEAD Q "{\"code\": \"\", \"label\": \"Not said\"}" END, 4, "add \"missing\": true"},
        {HEAD Q "{\"code\": \"yes\"}" END, 4, "\"label\" is missing"},
        {HEAD Q YES ",\n" YES END, 5, "stands twice"},
        {HEAD Q "{\"code\": \"a\", \"label\": \"A\", \"missing\": 1}" END, 4, "true or false"},
        {HEAD Q "{\"code\": \"a\", \"label\": \"A\", \"missing\": true}" END, 3,
         "nothing to count"},
        {HEAD Q "{\"code\": \"a\", \"label\": \"A\", \"population\": 5}" END, 4,
         "only a demographic"},
        {HEAD Q YES D "{\"code\": \"a\", \"label\": \"A\", \"population\": -1}" END, 6,
         "0 or more"},
        {HEAD Q YES D "{\"code\": \"a\", \"label\": \"A\", \"population\": \"5\"}" END, 6,
         "0 or more"},
        {HEAD Q YES D "{\"code\": \"a\", \"label\": \"A\", \"population\": 5},\n"
                      "{\"code\": \"b\", \"label\": \"B\"}" END,
         7, "has no population"},
        {HEAD Q YES D
         "{\"code\": \"\", \"label\": \"A\", \"missing\": true, \"population\": 5}" END,
         6, "keeps their share"},
        {HEAD "\"d\": {\"title\": \"D\", \"kind\": \"demographic\", \"multiple\": true}}}", 3,
         "only a question"},
        {HEAD
         "\"q\": {\"title\": \"Q\", \"kind\": \"question\", \"multiple\": true, \"answers\": [\n"
         "{\"code\": \"a;b\", \"label\": \"A\"}]}}}",
         4, "separates several answers"},
        {HEAD "\"w\": {\"title\": \"W\", \"kind\": \"weight\", \"answers\": [1]}}}", 3,
         "no answers"},
        {HEAD "\"w\": {\"title\": \"W\", \"kind\": \"weight\"},\n\"v\": {\"title\": \"V\", "
              "\"kind\": \"weight\"}}}",
         4, "two columns of weights"},
        {HEAD "\"w\": {\"title\": \"W\", \"kind\": \"weight\"}}}", 2, "has no question"},
        {HEAD Q YES ",\n" YES "], \"title\": \"again\"}}}", 5, "duplicate"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct codebook b;
        char place[32];
        CHECK_FAILS(codebook_read(&arena, "c.json", text_of(cases[i].json), &b, &err), RV_INVALID);
        (void)snprintf(place, sizeof place, "c.json, line %d", cases[i].line);
        if (!strstr(err.message, place) || !strstr(err.message, cases[i].part)) {
            fail_msg("case %zu: %s", i, err.message);
        }
    }
}

static const char WHOLE[] =
    HEAD "\"q\": {\"title\": \"Q?\", \"kind\": \"question\", \"multiple\": true, \"answers\": [" YES
         ", {\"code\": \"no\", \"label\": \"No\"}, {\"code\": \"98\", \"label\": \"Not said\", "
         "\"missing\": true}]},\n"
         "\"sex\": {\"title\": \"Sex\", \"kind\": \"demographic\", \"answers\": ["
         "{\"code\": \"f\", \"label\": \"Female\", \"population\": 520}, "
         "{\"code\": \"m\", \"label\": \"Male\", \"population\": 480.5}, "
         "{\"code\": \"\", \"label\": \"Not said\", \"missing\": true, \"population\": 0}]},\n"
         "\"ward\": {\"title\": \"Ward\", \"kind\": \"demographic\", \"answers\": ["
         "{\"code\": \"A\", \"label\": \"A\", \"population\": 0}]},\n"
         "\"w\": {\"title\": \"Weight\", \"kind\": \"weight\", \"answers\": []}}}";

static void a_codebook_is_what_it_says(void **state)
{
    (void)state;
    struct codebook b;
    CHECK_OK(codebook_read(&arena, "c.json", text_of(WHOLE), &b, &err));
    assert_string_equal(b.survey, "S");
    assert_int_equal(b.months.first, civil_month_index(2023, 1));
    assert_int_equal(b.months.last, civil_month_index(2023, 12));
    assert_int_equal(b.column_count, 4);
    assert_int_equal(b.weight, 3);
    assert_true(b.columns[0].is_multiple && !b.columns[1].is_multiple);
    assert_false(b.columns[0].has_margins);
    assert_true(b.columns[1].has_margins);
    assert_false(b.columns[2].has_margins); /* 0 everywhere is none */
    assert_true(b.columns[1].answers[1].population == 480.5);
    assert_int_equal(codebook_find(&b, text_of("SEX")), 1);
    assert_true(codebook_find(&b, text_of("se")) == CODEBOOK_NONE);
    assert_int_equal(codebook_answer_find(&b.columns[0], text_of("98")), 2);
    assert_true(codebook_answer_find(&b.columns[0], text_of("Yes")) == CODEBOOK_NONE);
    assert_string_equal(b.columns[1].codes[1], "m");
    assert_null(b.columns[1].codes[2]); /* an empty cell is no code */
    assert_true(text_is(b.json, WHOLE));
}

static void its_profile_reads_its_columns(void **state)
{
    (void)state;
    struct codebook b;
    struct profile p;
    CHECK_OK(codebook_read(&arena, "c.json", text_of(WHOLE), &b, &err));
    CHECK_OK(codebook_profile(&arena, &b, NULL, NULL, &p, &err));
    assert_string_equal(p.id, "S");
    assert_string_equal(p.kind->name, "survey");
    assert_true(p.kind->holds_people);
    assert_int_equal(p.column_count, 5);
    const struct kind_column *q = kind_column_find(p.kind, "q");
    const struct kind_column *w = kind_column_find(p.kind, "w");
    assert_true(q && q->is_list && q->type == COLUMN_CATEGORY && q->vocabulary);
    assert_true(w && w->type == COLUMN_REAL && w->low == 0 && !w->vocabulary);
    assert_true(text_is(p.constants[1].to, "2023-12-31"));
}

/* WHOLE with one text for another. */
static struct codebook changed(const char *was, const char *is)
{
    struct codebook b;
    const char *at = strstr(WHOLE, was);
    assert_non_null(at);
    const char *json =
        arena_printf(&arena, "%.*s%s%s", (int)(at - WHOLE), WHOLE, is, at + strlen(was));
    CHECK_OK(codebook_read(&arena, "c.json", text_of(json), &b, &err));
    return b;
}

static void what_changed_is_told(void **state)
{
    (void)state;
    static const struct {
        const char *was, *is, *told;
    } cases[] = {
        {"\"Yes\"", "\"No, never\"", "\"yes\" of \"q\" was \"Yes\" and is now \"No, never\""},
        {"520", "521", "was 520 and is now 521"},
        {"\"code\": \"no\"", "\"code\": \"never\"", "\"no\" of \"q\" is no longer"},
        {"\"ward\":", "\"area\":", "\"ward\" is no longer"},
        {"\"multiple\": true", "\"multiple\": false", "another kind of column"},
        {"\"missing\": true}]},\n\"sex\"", "\"missing\": false}]},\n\"sex\"", "is an answer now"},
    };
    struct codebook b = changed("Q?", "Q?");
    struct codebook titled = changed("Q?", "Question?");
    assert_string_equal(codebook_difference(&arena, &b, &titled), "");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct codebook later = changed(cases[i].was, cases[i].is);
        const char *told = codebook_difference(&arena, &b, &later);
        if (!strstr(told, cases[i].told)) {
            fail_msg("case %zu: %s", i, told);
        }
        assert_string_not_equal(b.sha256, later.sha256);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_mistake_is_refused_with_its_line),
        cmocka_unit_test(a_codebook_is_what_it_says),
        cmocka_unit_test(its_profile_reads_its_columns),
        cmocka_unit_test(what_changed_is_told),
    };
    return cmocka_run_group_tests(tests, open_arena, close_arena);
}
