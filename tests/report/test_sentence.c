/* tests/report/test_sentence.c — sentence files: every variant as a golden text, every error.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "assess/rules.h"
#include "check.h"
#include "report/sample.h"
#include "report/sentence_parts.h"

static struct rv_err err;
static struct arena arena;

static int start(void **state)
{
    (void)state;
    arena_init(&arena, 64u << 20);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    arena_done(&arena);
    return 0;
}

/* ---- golden: every sentence with everything, with one of each, and with as little as can be ----
 */

enum variant { FULL, ONE, TIED, BARE };
static const char *const variants[] = {"full", "one", "shared rank, falling", "bare"};

static bool is_needed(const struct rule *rule, struct text name)
{
    int depth = 0;
    for (size_t i = 0; i < rule->piece_count; i++) {
        const struct piece *p = &rule->pieces[i];
        depth += p->kind == PIECE_IF || p->kind == PIECE_UNLESS;
        depth -= p->kind == PIECE_END;
        if (p->kind == PIECE_SLOT && depth == 0 && text_equal(p->name, name)) {
            return true;
        }
    }
    return false;
}

/* Slots for all that the theme declares; in the bare variant only for what the rule needs. */
static void give_slots(struct finding *f, const struct theme *theme, const struct rule *rule,
                       enum variant variant)
{
    size_t count = 0;
    for (const struct declared_slot *d = theme->slots; d; d = d->next) {
        count++;
    }
    struct finding_slot *slots = ARENA_NEW(&arena, struct finding_slot, count + 1);
    assert_non_null(slots);
    size_t n = 0;
    for (const struct declared_slot *d = theme->slots; d; d = d->next) {
        if (variant == BARE && !is_needed(rule, d->name)) {
            continue;
        }
        const char *name = arena_text(&arena, d->name.at, d->name.n);
        slots[n++] =
            (struct finding_slot){name, d->type == TYPE_TEXT ? SLOT_TEXT : SLOT_NUMBER,
                                  arena_printf(&arena, "<%s>", name), variant == ONE ? 1 : 24266.5};
    }
    f->slots = slots;
    f->slot_count = n;
}

static struct finding finding_for(const struct theme *theme, const struct rule *rule,
                                  enum variant variant)
{
    struct finding f = sample_finding();
    f.theme = theme->name;
    f.rule = rule->name;
    give_slots(&f, theme, rule, variant);
    if (variant == ONE) {
        f.value = f.compare_value = f.numerator = f.missing = 1;
        f.rank = f.rank_low = f.rank_high = 1;
    } else if (variant == TIED) {
        f.is_tied = true;
        f.compare_value = f.value;
        f.value = 4321.25;
    } else if (variant == BARE) {
        static const char *const names[] = {
            "lower",         "ci",          "missing", "rank",
            "compare_value", "denominator", "compare", "denominator_name"};
        double *reals[] = {&f.lower, &f.upper, &f.missing, NULL, &f.compare_value, &f.denominator};
        for (size_t i = 0; i < 6; i++) {
            bool needed =
                is_needed(rule, text_of(names[i])) || (i < 2 && is_needed(rule, text_of("ci"))) ||
                (i == 4 &&
                 (is_needed(rule, text_of("change")) || is_needed(rule, text_of("difference"))));
            if (!needed && reals[i]) {
                *reals[i] = NAN;
            } else if (!needed) {
                f.rank = f.rank_low = f.rank_high = -1;
            }
        }
    }
    return f;
}

/* What no sentence may hold, whatever the finding. */
static void check_sound(const char *text)
{
    static const char *const bad[] = {"nan", "NaN", "null", "-0", "−0.0 ", "−0%",           "inf ",
                                      "{",   "}",   "  ",   " ,", " .",    "not available%"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        if (strstr(text, bad[i])) {
            fail_msg("'%s' holds '%s'", text, bad[i]);
        }
    }
}

static void write_variants(const struct sentences *s, const struct theme *theme, struct buf *out)
{
    buf_printf(out, "%s: %s\n", theme->name, theme->title);
    for (const struct rule *r = theme->rules; r; r = r->next) {
        buf_printf(out, "\n[%s]\n", r->name);
        for (enum variant v = FULL; v <= BARE; v++) {
            struct finding f = finding_for(theme, r, v);
            struct buf text RV_CLEANUP(buf_done);
            buf_init(&text, 65536);
            rv_status status = sentence_render(s, &f, &text, &err);
            if (rv_is_ok(status)) {
                check_sound(text.bytes);
                buf_printf(out, "%s: %s\n", variants[v], text.bytes);
            } else {
                CHECK_INT(status.code, RV_DOMAIN);
                CHECK_INT(text.n, 0);
                buf_printf(out, "%s: no sentence: %s\n", variants[v], err.message);
            }
        }
    }
}

static void test_every_sentence_of_the_program(void **state)
{
    (void)state;
    struct sentences *s = NULL;
    CHECK_OK(sentences_load(&arena, &s, &err));
    for (size_t i = 0; i < sentences_theme_count(s); i++) {
        const struct theme *theme = sentences_find_theme(s, sentences_theme(s, i));
        struct buf out RV_CLEANUP(buf_done);
        buf_init(&out, 1u << 22);
        write_variants(s, theme, &out);
        CHECK_GOLDEN(out.bytes, out.n, arena_printf(&arena, "sentences-%s.txt", theme->name));
    }
}

static void test_every_sentence_of_the_sample(void **state)
{
    (void)state;
    struct sample sample;
    sample_init(&sample);
    struct buf out RV_CLEANUP(buf_done);
    buf_init(&out, 1u << 22);
    write_variants(sample.sentences, sentences_find_theme(sample.sentences, "sample"), &out);
    CHECK_GOLDEN(out.bytes, out.n, "sentences-sample.txt");
    sample_done(&sample);
}

/* ---- one file at a time ---- */

static rv_status add(const char *text, struct sentences **ret)
{
    struct sentences *s = NULL;
    CHECK_OK(sentences_new(&arena, &s, &err));
    rv_status status = sentences_add(s, &arena, "t", text_of(text), &err);
    if (ret) {
        *ret = s;
    }
    return status;
}

static void test_errors_name_file_and_line(void **state)
{
    (void)state;
    static const struct {
        const char *file, *message;
    } rows[] = {
        {"title: T\n[A]\n{nothing:count}.\n",
         "sentences/t.txt, line 2: there is no slot 'nothing'"},
        {"title: T\n\n[A]\n{value:euro}.\n", "line 3: there is no format 'euro'"},
        {"title: T\n[A]\n{value}.\n", "the number 'value' needs a format"},
        {"title: T\n[A]\n{area:count}.\n", "the slot 'area' cannot be written as 'count'"},
        {"title: T\n[A]\n{period:count}.\n", "the slot 'period' cannot be written as 'count'"},
        {"title: T\n[A]\n{ci:ordinal}.\n", "the slot 'ci' cannot be written as 'ordinal'"},
        {"title: T\n[A]\n{value:capital}.\n", "the slot 'value' cannot be written as 'capital'"},
        {"title: T\n[A]\n{value:count,loud}.\n", "does not take the option 'loud'"},
        {"title: T\n[A]\n{rank:ordinal,signed}.\n", "does not take the option 'signed'"},
        {"title: T\n[A]\n{value:plural,offence}.\n", "needs two words"},
        {"title: T\n[A]\nA {value:count.\n", "a brace without its partner in [A]"},
        {"title: T\n[A]\nA value:count}.\n", "a brace without its partner in [A]"},
        {"title: T\n[A]\n{value:plural,a,b{area}.\n", "a brace inside a slot in [A]"},
        {"title: T\n[A]\n{?rank}x.\n", "the part {?rank} is not closed in [A]"},
        {"title: T\n[A]\nx{/rank}.\n", "{/rank} closes a part that is not open"},
        {"title: T\n[A]\n{?rank}{?of}x{/rank}{/of}.\n", "{/rank} closes the part of 'of'"},
        {"title: T\n[A]\n{?x}x{/x}.\n", "there is no slot 'x'"},
        {"title: T\n[A]\n[B]\nB.\n", "line 2: [A] has no sentence"},
        {"title: T\n[A]\nA.\n[A]\nB.\n", "line 4: the rule [A] is there twice (first in line 2)"},
        {"title: T\n[A]\nNo stop\n", "does not end with a full stop"},
        {"title: T\n[A]\nNo stop{?rank} here{/rank}\n", "does not end with a full stop"},
        {"title: T\n[lower]\nA.\n", "a rule is written"},
        {"title: T\n[\nA.\n", "a rule is written"},
        {"title: T\nslot x: date\n", "a slot is declared as"},
        {"title: T\nslot x: text\nslot x: text\n", "the slot 'x' is declared twice"},
        {"stray\n", "expected 'title"},
        {"[A]\nA.\n", "no 'title:' line"},
        {"title: T\n[A]\n\xFF.\n", "not UTF-8"},
        {"", "no 'title:' line"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        CHECK_FAILS(add(rows[i].file, NULL), RV_INVALID);
        if (!strstr(err.message, rows[i].message)) {
            fail_msg("row %zu: '%s' lacks '%s'", i, err.message, rows[i].message);
        }
    }
}

static const char *render(const char *file, const struct finding *f)
{
    static char text[4096];
    struct sentences *s = NULL;
    CHECK_OK(add(file, &s));
    struct buf out RV_CLEANUP(buf_done);
    buf_init(&out, 4096);
    CHECK_OK(sentence_render(s, f, &out, &err));
    (void)snprintf(text, sizeof text, "%s", out.bytes);
    return text;
}

static void test_parts_follow_availability(void **state)
{
    (void)state;
    const char *file =
        "title: T\n[A]\nx{?rank} r{?of} o{/of}{!of} no-o{/of}{/rank}{!rank} no-r{/rank}.\n";
    struct finding f = sample_finding();
    f.theme = "t";
    f.rule = "A";
    CHECK_STRING(render(file, &f), "x r o.");
    f.of = -1;
    CHECK_STRING(render(file, &f), "x r no-o.");
    f.rank = -1;
    CHECK_STRING(render(file, &f), "x no-r.");
    CHECK_STRING(render("title: T\n[A]\n{?rank}R.{/rank} B.\n", &f), "B.");
    struct sentences *s = NULL;
    CHECK_OK(add("title: T\n[A]\n{?rank}R.{/rank}\n", &s));
    struct buf out RV_CLEANUP(buf_done);
    buf_init(&out, 4096);
    CHECK_FAILS(sentence_render(s, &f, &out, &err), RV_DOMAIN); /* nothing is no sentence */
}

static void test_zero_is_available_and_missing_is_not(void **state)
{
    (void)state;
    const char *file = "title: T\n[A]\n{?missing}{missing:count} {missing:plural,record,records}."
                       "{/missing}{!missing}Unknown.{/missing}\n";
    struct finding f = sample_finding();
    f.theme = "t";
    f.rule = "A";
    f.missing = 0;
    CHECK_STRING(render(file, &f), "0 records.");
    f.missing = 1;
    CHECK_STRING(render(file, &f), "1 record.");
    f.missing = NAN;
    CHECK_STRING(render(file, &f), "Unknown.");
}

static void test_no_sentence_without_its_slot(void **state)
{
    (void)state;
    struct sentences *s = NULL;
    CHECK_OK(add("title: T\n[A]\nRose by {change:pct0}.\n", &s));
    struct finding f = sample_finding();
    f.theme = "t";
    f.rule = "A";
    f.compare_value = 0; /* a change from nothing has no percentage */
    struct buf out RV_CLEANUP(buf_done);
    buf_init(&out, 4096);
    buf_text(&out, "before");
    CHECK_FAILS(sentence_render(s, &f, &out, &err), RV_DOMAIN);
    CHECK_STRING(out.bytes, "before");
    CHECK(strstr(err.message, "has no 'change'") != NULL);
    f.rule = "B";
    CHECK_FAILS(sentence_render(s, &f, &out, &err), RV_NOT_FOUND);
    f.theme = "other";
    CHECK_FAILS(sentence_render(s, &f, &out, &err), RV_NOT_FOUND);
    f.theme = f.rule = NULL;
    CHECK_FAILS(sentence_render(s, &f, &out, &err), RV_NOT_FOUND);
    CHECK_STRING(out.bytes, "before");
}

static void test_declared_slots(void **state)
{
    (void)state;
    struct finding_slot slots[] = {{"place", SLOT_TEXT, "the\nhigh\tstreet", 0},
                                   {"value", SLOT_NUMBER, NULL, 7}};
    struct finding f = sample_finding();
    f.theme = "t";
    f.rule = "A";
    f.slots = slots;
    f.slot_count = 2;
    const char *file = "title: T\nslot place: text\nslot value: number\n"
                       "[A]\n{place:capital} has {value:count}.\n";
    CHECK_STRING(render(file, &f), "The high street has 7.");
    struct sentences *s = NULL;
    CHECK_OK(add(file, &s));
    slots[1].type = SLOT_TEXT; /* declared as a number */
    struct buf out RV_CLEANUP(buf_done);
    buf_init(&out, 4096);
    CHECK_FAILS(sentence_render(s, &f, &out, &err), RV_DOMAIN);
}

static void test_interval_follows_unit(void **state)
{
    (void)state;
    struct finding f = sample_finding();
    f.theme = "t";
    f.rule = "A";
    f.lower = 12.34;
    f.upper = 15.56;
    const char *file = "title: T\n[A]\n{ci}.\n";
    f.unit = "per 100,000 residents";
    CHECK_STRING(render(file, &f), "95% interval 12.3 to 15.6.");
    f.unit = "percent";
    CHECK_STRING(render(file, &f), "95% interval 12.3% to 15.6%.");
    f.unit = "offences";
    CHECK_STRING(render(file, &f), "95% interval 12 to 16.");
    CHECK_STRING(render("title: T\n[A]\n{ci:ratio}.\n", &f), "95% interval 12.34 to 15.56.");
}

static void test_require(void **state)
{
    (void)state;
    struct sentences *s = NULL;
    CHECK_OK(add("title: T\n[A]\nA.\n[B]\nB.\n", &s));
    static const char *const both[] = {"B", "A"}, *const more[] = {"A", "B", "C"};
    CHECK_OK(sentences_require(s, "t", both, 2, &err));
    CHECK_FAILS(sentences_require(s, "t", more, 3, &err), RV_INVALID);
    CHECK(strstr(err.message, "[C]") != NULL);
    CHECK_FAILS(sentences_require(s, "t", both, 1, &err), RV_INVALID);
    CHECK(strstr(err.message, "no finding uses [A]") != NULL);
    CHECK_FAILS(sentences_require(s, "u", both, 2, &err), RV_INVALID);
    CHECK_STRING(sentences_theme_title(s, "t"), "T");
    CHECK_STRING(sentences_theme_title(s, "u"), "u");
}

/* Every rule that the code emits has its sentence, and no sentence is left that nothing emits. */
static void test_themes_have_the_rules_of_the_code(void **state)
{
    (void)state;
    struct sentences *s = NULL;
    CHECK_OK(sentences_load(&arena, &s, &err));
    for (size_t i = 0; i < sentences_theme_count(s); i++) {
        size_t count;
        const char *const *rules = assess_rules(sentences_theme(s, i), &count);
        if (count >
            0) { /* chapters that quote what was computed elsewhere have rules of their own */
            CHECK_OK(sentences_require(s, sentences_theme(s, i), rules, count, &err));
        }
    }
}

/* Any finding, sound or absurd, gives a sound sentence or none. */
static void test_random_findings(void **state)
{
    (void)state;
    static const double values[] = {0,   -0.0, 1,   -1,    0.04, -0.04, 0.5,      99.5,
                                    1e9, 1e15, NAN, 1e-12, 12.5, -12.5, INFINITY, 5e-324};
    struct sample sample;
    sample_init(&sample);
    const struct theme *theme = sentences_find_theme(sample.sentences, "sample");
    uint64_t seed = 20261122;
    size_t told = 0;
    for (int i = 0; i < 20000; i++) {
        struct finding f = sample_finding();
        double *fields[] = {&f.value,   &f.lower,         &f.upper,
                            &f.missing, &f.compare_value, &f.denominator};
        for (size_t k = 0; k < 6; k++) {
            seed = seed * 6364136223846793005u + 1442695040888963407u;
            *fields[k] = values[seed >> 60];
        }
        f.rank = (int64_t)(seed >> 40 & 63) - 1;
        f.is_tied = seed >> 39 & 1;
        for (const struct rule *r = theme->rules; r; r = r->next) {
            f.rule = r->name;
            struct buf out RV_CLEANUP(buf_done);
            buf_init(&out, 65536);
            rv_status status = sentence_render(sample.sentences, &f, &out, &err);
            CHECK(status.code == RV_OK || status.code == RV_DOMAIN);
            if (rv_is_ok(status)) {
                check_sound(out.bytes);
                told++;
            }
        }
    }
    CHECK(told > 60000); /* the property was not kept by saying nothing */
    sample_done(&sample);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_sentence_of_the_program),
        cmocka_unit_test(test_every_sentence_of_the_sample),
        cmocka_unit_test(test_errors_name_file_and_line),
        cmocka_unit_test(test_parts_follow_availability),
        cmocka_unit_test(test_zero_is_available_and_missing_is_not),
        cmocka_unit_test(test_no_sentence_without_its_slot),
        cmocka_unit_test(test_declared_slots),
        cmocka_unit_test(test_interval_follows_unit),
        cmocka_unit_test(test_require),
        cmocka_unit_test(test_themes_have_the_rules_of_the_code),
        cmocka_unit_test(test_random_findings),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
