/* tests/report/sample.c — a made-up assessment: numbers of the size of a London borough's.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "report/sample.h"

#include "base/file.h"
#include "check.h"

#define HASH_A "3f0a3d5be2b1c0f49f1f3a2f7f6d5d3c9b8a7a6958473625140f1e2d3c4b5a69"
#define HASH_B "b8d1f09c7a6e5d4c3b2a19080f7e6d5c4b3a29181706f5e4d3c2b1a09f8e7d6c"

static const struct finding_source sources[] = {
    {3, HASH_A, "mps-borough-2020-2022.csv", MARKING_PUBLIC},
    {5, HASH_B, "street-2020-2022 <final> & \"checked\".csv.gz", MARKING_OFFICIAL_SENSITIVE},
};

static const char *const caution[] = {
    "Two of the 24 months come from an extract that was corrected later.",
};
static const char *const unreliable[] = {
    "41% of these records have no ethnicity.",
    "Two of the 24 months come from an extract that was corrected later.",
};

static const struct finding_slot slots[] = {
    {"driver", SLOT_TEXT, "violence with injury", 0},
    {"driver_share", SLOT_NUMBER, NULL, 61.44},
    {"peak_month", SLOT_NUMBER, NULL, 2022 * 12 + 6},
    {"ratio", SLOT_NUMBER, NULL, 0.8349},
    {"reason", SLOT_TEXT, "no population of Havering is held for 2022", 0},
    {"records_in", SLOT_NUMBER, NULL, 6183},
    {"records_out", SLOT_NUMBER, NULL, 48012},
    {"records_unknown", SLOT_NUMBER, NULL, 17},
};

struct finding sample_finding(void)
{
    return (struct finding){
        .id = "recorded-crime.violence.total",
        .theme = "sample",
        .rule = "TOTAL",
        .subject = "violence against the person",
        .is_key = true,
        .value = 6183,
        .unit = "offences",
        .lower = 6029.8,
        .upper = 6339.1,
        .level = 0.95,
        .numerator = 6183,
        .denominator = 262052,
        .denominator_name = "residents, Census 2021",
        .missing = 17,
        .rank = 24,
        .rank_low = 22,
        .rank_high = 25,
        .of = 32,
        .period = {2022 * 12, 2022 * 12 + 11},
        .compare = {2021 * 12, 2021 * 12 + 11},
        .compare_value = 5567,
        .area = "E09000016",
        .area_name = "Havering",
        .method = "poisson-exact",
        .verdict = VERDICT_HOLDS,
        .sources = sources,
        .source_count = 2,
        .query = "reeve table FILE --profile violence --by borough --period 2022-01..2022-12",
        .slots = slots,
        .slot_count = sizeof slots / sizeof slots[0],
    };
}

static void fill_findings(struct finding *f)
{
    for (size_t i = 0; i < 7; i++) {
        f[i] = sample_finding();
    }
    f[1].id = "recorded-crime.violence.change";
    f[1].rule = "CHANGE_UP";
    f[1].method = "decomposition";
    f[1].lower = f[1].upper = NAN;
    f[2].id = "recorded-crime.violence.rate";
    f[2].rule = "RATE";
    f[2].value = 2359.45;
    f[2].unit = "per 100,000 residents";
    f[2].lower = 2301.0;
    f[2].upper = 2419.05;
    f[2].method = "crude-rate";
    f[2].verdict = VERDICT_CAUTION;
    f[2].caveats = caution;
    f[2].caveat_count = 1;
    f[3].id = "recorded-crime.weapons.rank";
    f[3].rule = "RANK_SPREAD";
    f[3].subject = "possession of weapons";
    f[3].value = f[3].numerator = 190;
    f[3].rank = 16;
    f[3].is_tied = true;
    f[3].rank_low = 9;
    f[3].rank_high = 23;
    f[3].method = "ranks";
    f[3].verdict = VERDICT_NOT_RELIABLE;
    f[3].caveats = unreliable;
    f[3].caveat_count = 2;
    f[4].id = "recorded-crime.robbery.change";
    f[4].rule = "CHANGE_NOT_DISTINGUISHABLE";
    f[4].subject = "personal robbery";
    f[4].value = 412;
    f[4].compare_value = 391;
    f[4].is_key = false;
    f[5].id = "recorded-crime.violence.peak";
    f[5].rule = "PEAK";
    f[5].is_key = false;
    f[6].id = "recorded-crime.violence.rate-by-ward";
    f[6].rule = "NOT_AVAILABLE";
    f[6].is_key = false;
    f[6].verdict = VERDICT_NOT_AVAILABLE;
    f[6].value = f[6].lower = f[6].upper = f[6].denominator = f[6].missing = NAN;
    f[6].rank = -1;
    f[6].source_count = 0;
    f[6].method = "no-such-card";
}

struct result_table *sample_table(struct arena *a, enum result_chart chart, size_t rows,
                                  const struct result_column *columns, size_t column_count)
{
    struct result_table *t = ARENA_NEW(a, struct result_table, 1);
    struct result_cell *cells = ARENA_NEW(a, struct result_cell, rows * column_count);
    struct result_column *kept = ARENA_NEW(a, struct result_column, column_count);
    assert_non_null(t);
    assert_non_null(cells);
    assert_non_null(kept);
    memcpy(kept, columns, column_count * sizeof *columns);
    for (size_t i = 0; i < rows * column_count; i++) {
        cells[i] = (struct result_cell){"no extract covers this", NAN, true};
    }
    *t = (struct result_table){.id = "sample",
                               .theme = "sample",
                               .title = "A sample table",
                               .description = "What the sample shows.",
                               .chart = chart,
                               .columns = kept,
                               .column_count = column_count,
                               .cells = cells,
                               .row_count = rows};
    return t;
}

static struct result_cell *cell(struct result_table *t, size_t row, size_t column)
{
    return (struct result_cell *)(uintptr_t)&t->cells[row * t->column_count + column];
}

void sample_text(struct result_table *t, size_t row, size_t column, const char *text)
{
    *cell(t, row, column) = (struct result_cell){text, 0, false};
}

void sample_number(struct result_table *t, size_t row, size_t column, double number)
{
    *cell(t, row, column) = (struct result_cell){NULL, number, false};
}

/* ---- a layer ---- */

struct corner {
    double x, y;
};

/* A whole number from 0 to 999 that depends on its arguments only. */
static double noise(size_t a, size_t b)
{
    uint64_t h = (a * 7919 + b * 104729 + 13) * 0x9E3779B97F4A7C15u;
    return (double)(h >> 40 & 0xFFFF) / 65.6;
}

static struct corner corner_at(size_t i, size_t j)
{
    return (struct corner){500000 + (double)i * 3000 + noise(i, j),
                           160000 + (double)j * 3000 + noise(j + 100, i)};
}

static size_t put_double(char *at, double v)
{
    memcpy(at, &v, 8);
    return 8;
}

/* Points from p to q, q left out, crooked in a way that depends on the unordered pair. */
static size_t put_edge(char *at, struct corner p, struct corner q, size_t *count)
{
    enum { STEPS = 12 };
    bool forward = p.x < q.x || (p.x == q.x && p.y < q.y);
    struct corner a = forward ? p : q, b = forward ? q : p;
    size_t n = 0;
    for (size_t k = 0; k < STEPS; k++) {
        size_t step = forward ? k : STEPS - k;
        double t = (double)step / STEPS;
        double bend = step % STEPS ? noise(step, (size_t)(a.x + a.y)) / 3 - 160 : 0;
        double dx = b.x - a.x, dy = b.y - a.y, length = sqrt(dx * dx + dy * dy);
        n += put_double(at + n, a.x + t * dx - bend * dy / length);
        n += put_double(at + n, a.y + t * dy + bend * dx / length);
        (*count)++;
    }
    return n;
}

static struct text square(struct arena *a, size_t i, size_t j)
{
    char *wkb = arena_new(a, 1, 4096);
    assert_non_null(wkb);
    struct corner c[4] = {corner_at(i, j), corner_at(i + 1, j), corner_at(i + 1, j + 1),
                          corner_at(i, j + 1)};
    static const unsigned char head[] = {1, 3, 0, 0, 0, 1, 0, 0, 0};
    memcpy(wkb, head, sizeof head);
    size_t n = sizeof head + 4, count = 0;
    char *first = wkb + n;
    for (size_t k = 0; k < 4; k++) {
        n += put_edge(wkb + n, c[k], c[(k + 1) % 4], &count);
    }
    memcpy(wkb + n, first, 16);
    n += 16;
    uint32_t points = (uint32_t)count + 1;
    memcpy(wkb + sizeof head, &points, 4);
    return (struct text){wkb, n};
}

struct report_layer sample_layer(struct arena *a, size_t across, size_t down)
{
    size_t count = across * down;
    const char **codes = ARENA_NEW(a, const char *, count);
    struct text *wkb = ARENA_NEW(a, struct text, count);
    assert_non_null(codes);
    assert_non_null(wkb);
    for (size_t i = 0; i < count; i++) {
        codes[i] = arena_printf(a, "X%02zu", i);
        wkb[i] = square(a, i % across, i / across);
    }
    return (struct report_layer){.layer_id = 7,
                                 .type = "borough",
                                 .vintage = "2021",
                                 .attribution = "Boundaries made up for tests.",
                                 .is_schematic = true,
                                 .codes = codes,
                                 .wkb = wkb,
                                 .count = count};
}

/* ---- tables ---- */

static const char *const boroughs[] = {"Barking and Dagenham",
                                       "Barnet",
                                       "Bexley",
                                       "Brent",
                                       "Bromley",
                                       "Camden",
                                       "Croydon",
                                       "Ealing",
                                       "Enfield",
                                       "Greenwich",
                                       "Hackney",
                                       "Hammersmith and Fulham",
                                       "Haringey",
                                       "Harrow",
                                       "Havering",
                                       "Hillingdon",
                                       "Hounslow",
                                       "Islington",
                                       "Kensington and Chelsea",
                                       "Kingston upon Thames",
                                       "Lambeth",
                                       "Lewisham",
                                       "Merton",
                                       "Newham",
                                       "Redbridge",
                                       "Richmond upon Thames",
                                       "Southwark",
                                       "Sutton",
                                       "Tower Hamlets",
                                       "Waltham Forest",
                                       "Wandsworth",
                                       "Westminster"};

static struct result_table *monthly(struct arena *a)
{
    static const struct result_column columns[] = {
        {"month", "Month", RESULT_MONTH},
        {"violence", "Violence against the person", RESULT_COUNT},
        {"robbery", "Robbery", RESULT_COUNT},
        {"weapons", "Possession of weapons", RESULT_COUNT}};
    struct result_table *t = sample_table(a, CHART_LINE, 24, columns, 4);
    t->id = "monthly-by-category";
    t->title = "Recorded offences by month, Havering, January 2021 to December 2022";
    t->description = "Violence against the person ran between 420 and 580 a month, far above "
                     "robbery and weapons. Two months are not available.";
    for (size_t i = 0; i < 24; i++) {
        sample_number(t, i, 0, 2021 * 12 + (double)i);
        if (i == 9 || i == 10) {
            continue; /* no extract covers October and November 2021 */
        }
        sample_number(t, i, 1, 430 + floor(noise(i, 1) / 8) + (double)i * 2);
        sample_number(t, i, 2, 25 + floor(noise(i, 2) / 60));
        if (i != 17) {
            sample_number(t, i, 3, 8 + floor(noise(i, 3) / 120));
        }
    }
    return t;
}

static struct result_table *ranked(struct arena *a)
{
    static const struct result_column columns[] = {
        {"borough", "Borough", RESULT_TEXT},
        {"rate", "Rate per 100,000 residents", RESULT_RATE},
        {"lower", "Lower limit (95%)", RESULT_RATE},
        {"upper", "Upper limit (95%)", RESULT_RATE},
        {"rank", "Rank, most first", RESULT_RANK}};
    struct result_table *t = sample_table(a, CHART_INTERVAL, 32, columns, 5);
    t->id = "rate-by-borough";
    t->title = "Violence against the person per 100,000 residents, London boroughs, 2022";
    t->description = "Havering is 24th of 32. Boroughs are in order of their rate.";
    t->focus = "Havering";
    for (size_t i = 0; i < 32; i++) {
        double rate = 4650 - (double)i * 95 - noise(i, 9) / 20;
        size_t name = i == 23 ? 14 : (i == 14 ? 23 : i);
        sample_text(t, i, 0, boroughs[name]);
        if (i == 31) {
            continue;
        }
        sample_number(t, i, 1, rate);
        sample_number(t, i, 2, rate - 70 - noise(i, 4) / 20);
        sample_number(t, i, 3, rate + 70 + noise(i, 5) / 20);
        sample_number(t, i, 4, (double)i + 1);
    }
    return t;
}

static struct result_table *mapped(struct arena *a)
{
    static const struct result_column columns[] = {
        {"code", "Code", RESULT_TEXT},
        {"borough", "Borough", RESULT_TEXT},
        {"rate", "Rate per 100,000 residents", RESULT_RATE}};
    struct result_table *t = sample_table(a, CHART_MAP, 32, columns, 3);
    t->id = "map-of-boroughs";
    t->title = "Where violence against the person is recorded, London boroughs, 2022";
    t->description = "Rates are highest in the west and fall towards the east. One borough has no "
                     "rate.";
    t->focus = "X14";
    t->layer_id = 7;
    for (size_t i = 0; i < 32; i++) {
        sample_text(t, i, 0, arena_printf(a, "X%02zu", i));
        sample_text(t, i, 1, boroughs[i]);
        if (i != 5) {
            sample_number(t, i, 2, 1800 + noise(i, 77) * 3);
        }
    }
    return t;
}

static struct result_table *contributions(struct arena *a)
{
    static const struct result_column columns[] = {{"category", "Category", RESULT_TEXT},
                                                   {"before", "2021", RESULT_COUNT},
                                                   {"after", "2022", RESULT_COUNT},
                                                   {"change", "Change", RESULT_COUNT}};
    static const struct {
        const char *name;
        double before, after;
    } rows[] = {{"Violence with injury", 1742, 1961},
                {"Violence without injury", 2233, 2415},
                {"Stalking and harassment", 1590, 1803},
                {"Homicide", 2, 4},
                {"Burglary, business and community", 410, 386},
                {"Theft from the person", 188, 188},
                {"Vehicle offences", 2104, 1877}};
    struct result_table *t = sample_table(a, CHART_CHANGE, 8, columns, 4);
    t->id = "contributions-to-change";
    t->title = "What each category added to the change, Havering, 2021 to 2022";
    t->description = "Violence without injury and stalking rose; vehicle offences fell.";
    for (size_t i = 0; i < 7; i++) {
        sample_text(t, i, 0, rows[i].name);
        sample_number(t, i, 1, rows[i].before);
        sample_number(t, i, 2, rows[i].after);
        sample_number(t, i, 3, rows[i].after - rows[i].before);
    }
    sample_text(t, 7, 0, "Fraud and forgery");
    return t;
}

static struct result_table *neighbourhoods(struct arena *a)
{
    static const struct result_column columns[] = {
        {"lsoa", "Neighbourhood (LSOA)", RESULT_TEXT},
        {"count", "Offences", RESULT_COUNT},
        {"share", "Share of the borough", RESULT_PERCENT}};
    static const char *const notes[] = {"Counts include the police stations inside these areas.",
                                        "17 offences could not be placed and are in no row."};
    struct result_table *t = sample_table(a, CHART_BAR, 10, columns, 3);
    t->id = "top-lsoas";
    t->title = "Neighbourhoods with most violence, Havering, 2022";
    t->description = "Havering 013C and 013E, in Romford town centre, lead by far.";
    t->notes = notes;
    t->note_count = 2;
    t->sources = sources;
    t->source_count = 2;
    for (size_t i = 0; i < 10; i++) {
        sample_text(t, i, 0, arena_printf(a, "Havering %03zu%c", 13 + i / 3, (int)('A' + i % 5)));
        sample_number(t, i, 1, i == 9 ? 0 : 540 / (double)(i + 1));
        sample_number(t, i, 2, i == 9 ? 0 : 9.1 / (double)(i + 1));
    }
    return t;
}

static struct result_table *calendar(struct arena *a)
{
    enum { MONTHS = 36 };
    static const char *const names[] = {"Police recorded crime, boroughs",
                                        "Police street-level crime, 2020 to 2022, as published",
                                        "Population, mid-year estimates"};
    struct result_column columns[MONTHS + 1] = {{"source", "Source", RESULT_TEXT}};
    for (size_t m = 0; m < MONTHS; m++) {
        columns[m + 1] = (struct result_column){
            arena_printf(a, "%zu-%02zu", 2020 + m / 12, m % 12 + 1),
            arena_printf(a, "%s %zu", month_name((int)(m % 12) + 1), 2020 + m / 12), RESULT_COUNT};
    }
    struct result_table *t = sample_table(a, CHART_CALENDAR, 3, columns, MONTHS + 1);
    t->id = "coverage";
    t->title = "Months that each source covers, 2020 to 2022";
    t->description = "The street-level source lacks October and November 2021.";
    for (size_t r = 0; r < 3; r++) {
        sample_text(t, r, 0, names[r]);
        for (size_t m = 0; m < MONTHS; m++) {
            if (!(r == 1 && (m == 21 || m == 22)) && !(r == 2 && m < 6)) {
                sample_number(t, r, m + 1, 1);
            }
        }
    }
    return t;
}

static void load_sentences(struct sample *s)
{
    struct rv_err err;
    struct buf text;
    buf_init(&text, 1 << 20);
    CHECK_OK(file_read(TEST_SOURCE_DIR "/tests/report/sample-sentences.txt", &text, &err));
    const char *kept = arena_text(&s->arena, text.bytes, text.n);
    CHECK_OK(sentences_new(&s->arena, &s->sentences, &err));
    CHECK_OK(sentences_add(s->sentences, &s->arena, "sample", text_of(kept), &err));
    buf_done(&text);
}

void sample_init(struct sample *s)
{
    static const struct report_extract extracts[] = {{3,
                                                      "area-counts",
                                                      "Metropolitan Police Service",
                                                      "mps-borough",
                                                      "2026-11-20T10:15:00Z",
                                                      {2020 * 12, 2022 * 12 + 11},
                                                      10560,
                                                      0,
                                                      "open data"}};
    struct rv_err err;
    *s = (struct sample){.sentences = NULL};
    arena_init(&s->arena, 64u << 20);
    load_sentences(s);
    struct finding *findings = ARENA_NEW(&s->arena, struct finding, 7);
    struct result_table *tables = ARENA_NEW(&s->arena, struct result_table, 6);
    fill_findings(findings);
    tables[0] = *monthly(&s->arena);
    tables[1] = *ranked(&s->arena);
    tables[2] = *mapped(&s->arena);
    tables[3] = *contributions(&s->arena);
    tables[4] = *neighbourhoods(&s->arena);
    tables[5] = *calendar(&s->arena);
    s->assessment = (struct assessment){.area = "E09000016",
                                        .area_name = "Havering",
                                        .period = {2022 * 12, 2022 * 12 + 11},
                                        .compare = {2021 * 12, 2021 * 12 + 11},
                                        .findings = findings,
                                        .finding_count = 7,
                                        .tables = tables,
                                        .table_count = 6,
                                        .sources = (struct finding_source *)(uintptr_t)sources,
                                        .source_count = 2,
                                        .marking = MARKING_OFFICIAL_SENSITIVE};
    CHECK_OK(sentences_render_all(s->sentences, &s->arena, &s->assessment, &err));
    s->layer = sample_layer(&s->arena, 8, 4);
    s->context = (struct report_context){.sentences = s->sentences,
                                         .partnership = "Havering Community Safety Partnership",
                                         .data_until = "2026-11-20",
                                         .is_synthetic = true,
                                         .csv_dir = "tables/",
                                         .layers = &s->layer,
                                         .layer_count = 1,
                                         .extracts = extracts,
                                         .extract_count = 1};
}

void sample_done(struct sample *s)
{
    arena_done(&s->arena);
}
