/* tests/report/test_chart_random.c — random tables: drawn soundly, or refused with a sentence.
 *
 * Numbers of every size, missing ones, labels that are long, empty or hostile, any width: the
 * drawing is well formed, all of it inside its frame, no text over another, the same bytes twice.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/limits.h"
#include "check.h"
#include "report/sample.h"
#include "report/svg_inspect.h"

static struct rv_err err;
static struct arena arena;
static uint64_t state_of_dice;

static uint64_t dice(uint64_t sides)
{
    state_of_dice += 0x9E3779B97F4A7C15u;
    uint64_t z = state_of_dice;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return (z ^ (z >> 31)) % sides;
}

static const char *random_label(void)
{
    static const char *const labels[] = {
        "",
        "A",
        "Havering",
        "St Edward's & \"others\" <b>",
        "]]><script>alert(1)</script>",
        "\x01\x02 control \x1f",
        "not \xff\xfe UTF-8 \xc3",
        "\xEF\xBF\xBF noncharacter",
        "泰晤士河畔京士頓區泰晤士河畔京士頓區",
        "\xF0\x9F\x94\xA5\xF0\x9F\x94\xA5 pictures",
        "\xE2\x80\xAE turned round",
        "a\tb\nc\rd",
        "Violence with and without injury, stalking, harassment, threats and everything else",
        "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch"};
    return labels[dice(sizeof labels / sizeof labels[0])];
}

/* Mostly ordinary, sometimes nought, tiny, huge or below nought. */
static double random_number(bool may_be_negative)
{
    double v = (double)dice(1000000) / 7;
    switch (dice(8)) {
    case 0:
        return 0;
    case 1:
        v *= 1e-9;
        break;
    case 2:
        v *= 6e9;
        break;
    case 3:
        v = (double)dice(12);
        break;
    default:
        break;
    }
    return may_be_negative && dice(4) == 0 ? -v : v;
}

static struct result_table *random_table(enum result_chart chart, const char *types, size_t more)
{
    static const char *const names[] = {
        "a",           "b",           "value",     "lower",          "upper",
        "outer_lower", "outer_upper", "reference", "left_reference", "right_reference"};
    static const enum result_type numbers[] = {RESULT_COUNT, RESULT_RATE, RESULT_PERCENT,
                                               RESULT_REAL};
    struct result_column columns[16];
    size_t count = strlen(types) + more, fixed = strlen(types);
    enum result_type number = numbers[dice(4)];
    for (size_t c = 0; c < count; c++) {
        char type = c < fixed ? types[c] : 'n';
        columns[c] = (struct result_column){c < 10 ? names[c] : "more", random_label(),
                                            type == 't'   ? RESULT_TEXT
                                            : type == 'm' ? RESULT_MONTH
                                                          : number};
    }
    size_t rows = 1 + dice(chart == CHART_MAP ? 20 : 40);
    struct result_table *t = sample_table(&arena, chart, rows, columns, count);
    bool may_be_negative = dice(2) == 0;
    for (size_t r = 0; r < rows; r++) {
        for (size_t c = 0; c < count; c++) {
            if (columns[c].type == RESULT_TEXT) {
                sample_text(t, r, c, random_label());
            } else if (columns[c].type == RESULT_MONTH) {
                sample_number(t, r, c, 2015 * 12 + (double)(r + dice(2)));
            } else if (chart != CHART_LORENZ && dice(6) != 0) {
                sample_number(t, r, c, random_number(may_be_negative));
            }
        }
        if (chart == CHART_MAP) {
            sample_text(t, r, 0, arena_printf(&arena, "X%02zu", r));
        }
    }
    for (size_t r = 0; r < rows && chart == CHART_LORENZ; r++) {
        for (size_t c = 0; c < count; c++) {
            if (dice(9)) {
                sample_number(t, r, c,
                              100 * pow((double)r / (double)rows, 1.0 / (1.0 + (double)c)));
            }
        }
    }
    t->title = random_label();
    t->title = t->title[0] ? t->title : "A title";
    t->description = random_label();
    t->ends_with_total = dice(3) == 0;
    t->focus = dice(2) ? random_label() : NULL;
    return t;
}

static bool draws(const struct result_table *t, int width, const struct chart_look *look)
{
    struct buf once RV_CLEANUP(buf_done), twice RV_CLEANUP(buf_done);
    buf_init(&once, LIMIT_REPORT_BYTES);
    buf_init(&twice, LIMIT_REPORT_BYTES);
    rv_status status = chart_draw(&arena, t, "r", width, look, &once, &err);
    if (!rv_is_ok(status)) {
        CHECK_INT(status.code, RV_INVALID);
        CHECK(strlen(err.message) > 20);
        return false;
    }
    CHECK_OK(chart_draw(&arena, t, "r", width, look, &twice, &err));
    CHECK(text_equal(buf_view(&once), buf_view(&twice)));
    struct seen seen;
    svg_inspect(&arena, buf_view(&once), &seen);
    if (seen.fault[0] || !svg_texts_are_apart(&seen)) {
        FILE *kept = fopen("/tmp/reeve-chart-at-fault.svg", "wb");
        if (kept) {
            (void)fwrite(once.bytes, 1, once.n, kept);
            (void)fclose(kept);
        }
        fail_msg("%s, %zu rows at %d: %s", chart_name(t->chart), t->row_count, width, seen.fault);
    }
    return true;
}

static const struct {
    enum result_chart chart;
    const char *types;
    size_t least, most; /* further numeric columns */
} kinds[] = {{CHART_LINE, "m", 1, 9},        {CHART_BAR, "tn", 0, 3},
             {CHART_INTERVAL, "tnnn", 0, 4}, {CHART_MAP, "ttn", 0, 5},
             {CHART_CHANGE, "tnnn", 0, 0},   {CHART_WATERFALL, "tnnn", 0, 0},
             {CHART_STACKED, "t", 2, 6},     {CHART_STACKED_SHARE, "t", 2, 6},
             {CHART_HEAT, "t", 1, 12},       {CHART_PYRAMID, "tnn", 0, 7},
             {CHART_FUNNEL, "tnn", 0, 5},    {CHART_LORENZ, "n", 1, 4},
             {CHART_MULTIPLES, "m", 1, 12},  {CHART_RANKS, "tnnnnnn", 0, 2}};

static void test_random_tables(void **state)
{
    (void)state;
    const char *wanted = getenv("REEVE_CHART_ROUNDS");
    size_t rounds = wanted ? (size_t)strtoul(wanted, NULL, 10) : 150;
    for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++) {
        size_t drawn = 0;
        for (size_t i = 0; i < rounds; i++) {
            state_of_dice = k * 1000003 + i;
            arena_init(&arena, 256u << 20);
            struct report_layer layer = sample_layer(&arena, 5, 4);
            const struct chart_look look = {
                .layer = &layer,
                .outlines = dice(2) ? &layer : NULL,
                .classes = (enum classes_rule)dice(4),
                .is_alone = dice(2) == 0,
            };
            size_t more = kinds[k].least + dice(kinds[k].most - kinds[k].least + 1);
            struct result_table *t = random_table(kinds[k].chart, kinds[k].types, more);
            int width = CHART_LEAST + (int)dice(dice(2) ? 100 : 900);
            drawn += draws(t, width, &look);
            arena_done(&arena);
        }
        print_message("%s: %zu of %zu drawn\n", chart_name(kinds[k].chart), drawn, rounds);
        CHECK(drawn > rounds / 4);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_random_tables)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
