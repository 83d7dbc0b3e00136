/* tests/report/test_gallery.c — every kind of chart: golden, legible, and true to its table.
 *
 * REEVE_GALLERY=DIR also writes the pictures and DIR/index.html, to be looked at in a browser.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/file.h"
#include "base/limits.h"
#include "check.h"
#include "report/gallery.h"
#include "report/svg.h"
#include "report/svg_inspect.h"

static struct rv_err err;
static struct arena arena;
static struct picture pictures[PICTURES];
static const int widths[] = {CHART_NARROW, CHART_WIDE};

static int start(void **state)
{
    (void)state;
    arena_init(&arena, 512u << 20);
    gallery_make(&arena, pictures);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    arena_done(&arena);
    return 0;
}

/* The picture in the arena. */
static struct text draw(const struct picture *p, int width)
{
    struct buf svg RV_CLEANUP(buf_done);
    buf_init(&svg, LIMIT_REPORT_BYTES);
    const char *id = arena_printf(&arena, "%s-%d", p->name, width);
    CHECK_OK(chart_draw(&arena, p->table, id, width, &p->look, &svg, &err));
    return (struct text){arena_text(&arena, svg.bytes, svg.n), svg.n};
}

static struct seen seen_of(const struct picture *p, int width)
{
    struct seen seen;
    svg_inspect(&arena, draw(p, width), &seen);
    if (seen.fault[0]) {
        fail_msg("%s at %d: %s", p->name, width, seen.fault);
    }
    return seen;
}

static void test_pictures_are_as_they_were(void **state)
{
    (void)state;
    for (size_t i = 0; i < PICTURES; i++) {
        for (size_t w = 0; w < 2; w++) {
            struct text svg = draw(&pictures[i], widths[w]);
            CHECK_GOLDEN(svg.at, svg.n,
                         arena_printf(&arena, "chart-%s-%d.svg", pictures[i].name, widths[w]));
        }
    }
}

static void test_text_fits_and_never_overlaps(void **state)
{
    (void)state;
    for (size_t i = 0; i < PICTURES; i++) {
        for (size_t w = 0; w < 2; w++) {
            struct seen seen = seen_of(&pictures[i], widths[w]);
            if (!svg_texts_are_apart(&seen)) {
                fail_msg("%s at %d: %s", pictures[i].name, widths[w], seen.fault);
            }
            CHECK_INT(seen.width, widths[w]);
        }
    }
}

/* ---- marks and the table ---- */

/* Does a cell of the table print as this? */
static bool is_in_table(const struct result_table *t, const char *words)
{
    struct buf text RV_CLEANUP(buf_done);
    buf_init(&text, 4096);
    for (size_t r = 0; r < t->row_count; r++) {
        for (size_t c = 0; c < t->column_count; c++) {
            if (table_has(t, r, c)) {
                buf_clear(&text);
                table_number(&text, t, r, c);
                if (text_is(buf_view(&text), words)) {
                    return true;
                }
            }
        }
    }
    return false;
}

static void test_every_mark_is_in_the_table(void **state)
{
    (void)state;
    for (size_t i = 0; i < PICTURES; i++) {
        for (size_t w = 0; w < 2; w++) {
            struct seen seen = seen_of(&pictures[i], widths[w]);
            for (size_t m = 0; m < seen.mark_count; m++) {
                const char *title = seen.marks[m].title, *value = strrchr(title, ':');
                if (strstr(title, "not available") || strstr(title, "covered")) {
                    continue;
                }
                assert_non_null(value);
                const char *end = strstr(value + 2, " (");
                size_t n = end ? (size_t)(end - value - 2) : strlen(value + 2);
                const char *number = arena_text(&arena, value + 2, n);
                if (!is_in_table(pictures[i].table, number)) {
                    fail_msg("%s: the mark '%s' is not in the table", pictures[i].name, title);
                }
                if (seen.marks[m].contrast < 3) {
                    fail_msg("%s: the mark '%s' is too pale", pictures[i].name, title);
                }
            }
        }
    }
}

/* Is the number written, as the title of a mark or as text? */
static bool is_drawn(const struct seen *seen, const char *number)
{
    for (size_t m = 0; m < seen->mark_count; m++) {
        if (strstr(seen->marks[m].title, number)) {
            return true;
        }
    }
    for (size_t k = 0; k < seen->text_count; k++) {
        if (strstr(seen->texts[k].words, number)) {
            return true;
        }
    }
    return false;
}

/* Charts in which each number of the drawn columns can be read off. */
static void test_every_number_of_the_table_is_drawn(void **state)
{
    (void)state;
    static const char *const names[] = {"bar",  "bar-extreme",   "interval", "change", "stacked",
                                        "heat", "stacked-share", "pyramid",  "map"};
    for (size_t i = 0; i < PICTURES; i++) {
        const struct result_table *t = pictures[i].table;
        bool is_asked = false;
        for (size_t k = 0; k < sizeof names / sizeof names[0]; k++) {
            is_asked |= strcmp(names[k], pictures[i].name) == 0;
        }
        if (!is_asked) {
            continue;
        }
        bool is_stacked = strncmp(pictures[i].name, "stacked", 7) == 0;
        size_t last = is_stacked || t->chart == CHART_HEAT ? t->column_count : 3;
        last = t->chart == CHART_BAR || t->chart == CHART_INTERVAL ? 2 : last;
        struct seen seen = seen_of(&pictures[i], CHART_WIDE);
        for (size_t r = 0; r + t->ends_with_total < t->row_count; r++) {
            for (size_t c = 1; c < last; c++) {
                /* a row without shares, and noughts of a stack, have no mark */
                if (!table_has(t, r, c) || (is_stacked && r >= 4)) {
                    continue;
                }
                struct buf text RV_CLEANUP(buf_done);
                buf_init(&text, 512);
                table_number(&text, t, r, c);
                if (!is_drawn(&seen, text.bytes)) {
                    fail_msg("%s: %s of row %zu is not drawn", pictures[i].name, text.bytes, r + 1);
                }
            }
        }
    }
}

static const struct picture *picture(const char *name)
{
    for (size_t i = 0; i < PICTURES; i++) {
        if (strcmp(pictures[i].name, name) == 0) {
            return &pictures[i];
        }
    }
    fail_msg("no picture %s", name);
    return &pictures[0];
}

/* The number after the last colon of a title. */
static double number_of(const char *title)
{
    char digits[64];
    size_t n = 0;
    const char *at = strrchr(title, ':');
    if (!at) {
        fail_msg("'%s' has no number", title);
        return 0;
    }
    at += 2;
    bool is_negative = strncmp(at, "\xE2\x88\x92", 3) == 0;
    for (at += is_negative ? 3 : 0; *at && *at != ' ' && n < 60; at++) {
        if (*at != ',') {
            digits[n++] = *at;
        }
    }
    digits[n] = '\0';
    return strtod(digits, NULL) * (is_negative ? -1 : 1);
}

/* A bar twice as long stands for twice as much, in every chart of bars. */
static void test_lengths_are_in_proportion(void **state)
{
    (void)state;
    static const char *const names[] = {
        "bar", "bar-extreme", "change", "waterfall", "waterfall-ways", "stacked", "pyramid"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        for (size_t w = 0; w < 2; w++) {
            struct seen seen = seen_of(picture(names[i]), widths[w]);
            double per_pixel = 0, longest = 0;
            for (size_t m = 0; m < seen.mark_count; m++) {
                double length = seen.marks[m].right - seen.marks[m].left;
                if (length > longest && !strstr(seen.marks[m].title, "not available")) {
                    longest = length;
                    per_pixel = fabs(number_of(seen.marks[m].title)) / length;
                }
            }
            CHECK(longest > 60);
            for (size_t m = 0; m < seen.mark_count; m++) {
                if (strstr(seen.marks[m].title, "not available")) {
                    continue;
                }
                double length = seen.marks[m].right - seen.marks[m].left;
                double stands_for = fabs(number_of(seen.marks[m].title));
                /* coordinates are rounded to a tenth of a pixel */
                if (fabs(length * per_pixel - stands_for) > per_pixel * 0.5) {
                    fail_msg("%s: '%s' is %g long at %g a pixel", names[i], seen.marks[m].title,
                             length, per_pixel);
                }
            }
        }
    }
}

/* Lines of one paragraph are joined again. */
static bool says(const struct seen *seen, const char *words)
{
    struct buf all RV_CLEANUP(buf_done);
    buf_init(&all, 1u << 20);
    for (size_t k = 0; k < seen->text_count; k++) {
        buf_printf(&all, "%s ", seen->texts[k].words);
    }
    return all.bytes && strstr(all.bytes, words) != NULL;
}

static void test_a_declared_break_cuts_every_line(void **state)
{
    (void)state;
    const struct picture *p = picture("line");
    struct text svg = draw(p, CHART_WIDE);
    size_t lines = 0;
    for (const char *at = svg.at; (at = strstr(at, "fill=\"none\" stroke=")); at++) {
        lines++;
    }
    CHECK_INT(lines, 3 * 3 + 3); /* three runs of three series, and three samples */
    struct seen seen = seen_of(p, CHART_WIDE);
    CHECK(says(&seen, "Dotted upright line, May 2021"));
    CHECK(says(&seen, "Hatched: not available."));
}

static void test_an_image_alone_says_where_it_comes_from(void **state)
{
    (void)state;
    struct seen seen = seen_of(picture("bar-alone"), CHART_WIDE);
    CHECK(says(&seen, "Recorded offences by crime type"));
    CHECK(says(&seen, "synthetic-street.csv (SHA-256 3f0a3d5b)"));
    CHECK(says(&seen, "Rates are per 100,000"));
}

static void test_significance_has_three_classes(void **state)
{
    (void)state;
    struct seen seen = seen_of(picture("map-significance"), CHART_WIDE);
    const struct result_table *t = picture("map-significance")->table;
    size_t above = 0, below = 0, without = 0;
    for (size_t r = 0; r < t->row_count; r++) {
        without += !table_has(t, r, 3);
        above += table_has(t, r, 3) && table_value(t, r, 3) > table_value(t, r, 5);
        below += table_has(t, r, 4) && table_value(t, r, 4) < table_value(t, r, 5);
    }
    CHECK(above > 0 && below > 0);
    CHECK(says(&seen, arena_printf(&arena, "above the reference (%zu areas)", above)));
    CHECK(says(&seen, arena_printf(&arena, "below the reference (%zu areas)", below)));
    CHECK(says(&seen, arena_printf(&arena, "not clearly different (%zu areas)",
                                   t->row_count - above - below - without)));
    CHECK(says(&seen, arena_printf(&arena, "not available (%zu areas)", without)));
}

/* ---- in few elements ---- */

static struct text draw_lean(const struct picture *p, int width)
{
    struct picture lean = *p;
    lean.look.is_lean = true;
    return draw(&lean, width);
}

static bool has_words(const struct seen *seen, const struct seen_text *t)
{
    for (size_t i = 0; i < seen->text_count; i++) {
        const struct seen_text *u = &seen->texts[i];
        if (strcmp(u->words, t->words) == 0 && fabs(u->left - t->left) < 0.2 &&
            fabs(u->top - t->top) < 0.2) {
            return true;
        }
    }
    return false;
}

static void test_a_lean_drawing_says_the_same_in_the_same_places(void **state)
{
    (void)state;
    for (size_t i = 0; i < PICTURES; i++) {
        for (size_t w = 0; w < 2; w++) {
            struct seen full = seen_of(&pictures[i], widths[w]), lean;
            svg_inspect(&arena, draw_lean(&pictures[i], widths[w]), &lean);
            if (lean.fault[0]) {
                fail_msg("%s at %d, lean: %s", pictures[i].name, widths[w], lean.fault);
            }
            CHECK_INT(lean.width, full.width);
            CHECK_INT(lean.height, full.height);
            for (size_t k = 0; k < full.text_count; k++) {
                if (!has_words(&lean, &full.texts[k])) {
                    fail_msg("%s at %d, lean: '%s' is missing or elsewhere", pictures[i].name,
                             widths[w], full.texts[k].words);
                }
            }
            CHECK_INT(lean.text_count, full.text_count);
        }
    }
}

static size_t count_in(struct text svg, const char *what)
{
    size_t n = 0;
    for (const char *at = svg.at; (at = strstr(at, what)); at++) {
        n++;
    }
    return n;
}

/* On a phone the marks of any chart take no more elements than they have looks and layers. */
static void test_a_lean_drawing_has_few_elements(void **state)
{
    (void)state;
    enum { MOST = 34 };
    for (size_t i = 0; i < PICTURES; i++) {
        struct text svg = draw_lean(&pictures[i], CHART_NARROW);
        size_t marks = count_in(svg, "<path") + count_in(svg, "<rect") + count_in(svg, "<line") +
                       count_in(svg, "<circle");
        if (marks > MOST) {
            fail_msg("%s: %zu marks in a lean drawing", pictures[i].name, marks);
        }
    }
    const struct picture *heat = picture("heat-one");
    size_t texts = count_in(draw_lean(heat, CHART_WIDE), "<text");
    size_t before = count_in(draw(heat, CHART_WIDE), "<text");
    CHECK(texts * 3 < before); /* numbers of one shade are one element */
}

/* ---- the gallery ---- */

static void test_gallery_is_written(void **state)
{
    (void)state;
    const char *dir = getenv("REEVE_GALLERY");
    if (!dir) {
        skip();
    }
    struct buf page RV_CLEANUP(buf_done);
    buf_init(&page, LIMIT_REPORT_BYTES);
    CHECK_OK(file_make_dir(dir, &err));
    buf_text(&page, "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Charts</title>"
                    "<style>body{font-family:sans-serif;margin:8px}svg{max-width:100%;height:auto;"
                    "display:block}h2{margin:32px 0 8px}.n,.w{break-inside:avoid}"
                    "@media(max-width:700px){.w{display:none}}"
                    "@media(min-width:701px){.n{display:none}}</style>");
    for (size_t i = 0; i < PICTURES; i++) {
        buf_printf(&page, "<h2>%s</h2>", pictures[i].name);
        for (size_t w = 0; w < 2; w++) {
            struct text svg = draw(&pictures[i], widths[w]);
            CHECK_OK(file_write(
                arena_printf(&arena, "%s/%s-%d.svg", dir, pictures[i].name, widths[w]), svg, &err));
            CHECK_OK(file_write(
                arena_printf(&arena, "%s/%s-%d-lean.svg", dir, pictures[i].name, widths[w]),
                draw_lean(&pictures[i], widths[w]), &err));
            buf_printf(&page, "<div class=\"%s\">", w ? "w" : "n");
            buf_slice(&page, svg);
            buf_text(&page, "</div>");
        }
    }
    CHECK_OK(file_write(arena_printf(&arena, "%s/index.html", dir), buf_view(&page), &err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pictures_are_as_they_were),
        cmocka_unit_test(test_text_fits_and_never_overlaps),
        cmocka_unit_test(test_every_mark_is_in_the_table),
        cmocka_unit_test(test_every_number_of_the_table_is_drawn),
        cmocka_unit_test(test_lengths_are_in_proportion),
        cmocka_unit_test(test_a_declared_break_cuts_every_line),
        cmocka_unit_test(test_an_image_alone_says_where_it_comes_from),
        cmocka_unit_test(test_significance_has_three_classes),
        cmocka_unit_test(test_a_lean_drawing_says_the_same_in_the_same_places),
        cmocka_unit_test(test_a_lean_drawing_has_few_elements),
        cmocka_unit_test(test_gallery_is_written),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
