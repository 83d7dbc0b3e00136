/* fuzz/fuzz_time-statistics.c — any numbers, missing or not, through every statistic of time.
 *
 * The first byte chooses the statistic, the second its options, the rest are rows: a byte of
 * validity, then counts and reals, most of them small, some of them any 64 bits (NaN, infinities,
 * denormals, the largest integers). A statistic refuses with RV_DOMAIN or gives what it promises:
 * nothing that is not a number, no share outside 0 to 1, no alarm from a missing value.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/limits.h"
#include "fuzz.h"
#include "stats/aoristic.h"
#include "stats/changepoint.h"
#include "stats/circular.h"
#include "stats/delay.h"
#include "stats/farrington.h"
#include "stats/heaping.h"
#include "stats/modal.h"
#include "stats/season.h"
#include "stats/stl.h"

#include <math.h>
#include <string.h>

#define ROWS 400

struct rows {
    size_t n;
    int64_t first[ROWS], second[ROWS];
    double real[ROWS];
    uint64_t valid[ROWS / 64 + 1], other_valid[ROWS / 64 + 1];
};

static uint64_t any_64(struct text *at)
{
    uint64_t bits = 0;
    for (int i = 0; i < 8; i++) {
        bits = bits << 8 | fuzz_byte(at);
    }
    return bits;
}

static int64_t take_count(struct text *at)
{
    uint8_t byte = fuzz_byte(at);
    int64_t value;
    if (byte < 224) {
        return byte;
    }
    if (byte < 240) {
        return (int64_t)(byte - 223) * 100000;
    }
    uint64_t bits = any_64(at);
    memcpy(&value, &bits, sizeof value);
    return value;
}

static double take_real(struct text *at)
{
    uint8_t byte = fuzz_byte(at);
    const double special[] = {(double)NAN,
                              (double)INFINITY,
                              -(double)INFINITY,
                              -0.0,
                              5e-324,
                              1e308,
                              23.999999999999,
                              24,
                              1e-17,
                              -1};
    if (byte < 220) {
        return byte / 9.5;
    }
    if (byte < 230) {
        return special[byte - 220];
    }
    double value;
    uint64_t bits = any_64(at);
    memcpy(&value, &bits, sizeof value);
    return value;
}

static void take_rows(struct text *at, struct rows *r)
{
    memset(r, 0, sizeof *r);
    for (; r->n < ROWS && at->n > 0; r->n++) {
        uint8_t flags = fuzz_byte(at);
        r->valid[r->n / 64] |= (uint64_t)(flags % 8 != 7) << r->n % 64;
        r->other_valid[r->n / 64] |= (uint64_t)(flags / 8 % 8 != 7) << r->n % 64;
        r->first[r->n] = take_count(at);
        r->second[r->n] = take_count(at);
        r->real[r->n] = take_real(at);
    }
}

static bool has(const uint64_t *valid, size_t i)
{
    return !valid || (valid[i / 64] >> i % 64 & 1) != 0;
}

/* True when there is a result; anything but a refusal is a fault. */
static bool is_done(rv_status status)
{
    FUZZ_REQUIRE(rv_is_ok(status) || status.code == RV_DOMAIN);
    return rv_is_ok(status);
}

static bool is_share(double x)
{
    return x >= 0 && x <= 1; /* false for NaN */
}

static void try_heaping(const struct rows *r)
{
    static int64_t counts[HEAPING_MINUTES];
    static struct heaping h;
    static int16_t minutes[ROWS];
    memset(counts, 0, sizeof counts);
    int64_t missing = 0, known = 0;
    for (size_t i = 0; i < r->n; i++) {
        minutes[i] = (int16_t)r->first[i];
        known += has(r->valid, i);
    }
    if (is_done(heaping_count(minutes, r->valid, r->n, counts, &missing, NULL))) {
        FUZZ_REQUIRE(missing + known == (int64_t)r->n);
    }
    for (size_t i = 0; i < r->n; i++) {
        counts[(i * 37 + (uint64_t)r->second[i]) % HEAPING_MINUTES] = r->first[i];
    }
    struct heaping_options o = HEAPING_DEFAULTS;
    o.alpha = r->n ? r->real[0] : o.alpha;
    if (!is_done(heaping_detect(counts, &o, &h, NULL))) {
        return;
    }
    FUZZ_REQUIRE(h.excluded >= 0 && h.excluded <= h.n);
    for (size_t m = 0; m < HEAPING_MINUTES; m++) {
        const struct heaping_minute *at = &h.minutes[m];
        FUZZ_REQUIRE(is_share(at->p) && is_share(at->p_holm) && is_share(at->q_bh));
        FUZZ_REQUIRE(at->p <= at->p_holm && isfinite(at->ratio) && isfinite(at->excess));
        FUZZ_REQUIRE(!at->is_flagged || at->count >= 10);
    }
}

static void try_modal(const struct rows *r, uint8_t option)
{
    int64_t counts[MODAL_HOURS] = {0};
    for (size_t i = 0; i < r->n && i < MODAL_HOURS; i++) {
        counts[i] = has(r->valid, i) ? r->first[i] : 0;
    }
    struct modal_options o = MODAL_DEFAULTS;
    o.replicates = option % 60;
    o.wording = r->n ? r->real[0] : 0.9;
    struct modal_hour m;
    if (is_done(modal_hour(NULL, counts, &o, &m, NULL))) {
        double sum = 0;
        for (int hour = 0; hour < MODAL_HOURS; hour++) {
            FUZZ_REQUIRE(is_share(m.frequency[hour] - 1e-12 * (m.frequency[hour] > 1)));
            sum += m.frequency[hour];
        }
        FUZZ_REQUIRE(fabs(sum - 1) < 1e-9 && is_share(m.p) && is_share(m.share));
        FUZZ_REQUIRE(m.count >= m.runner_up_count && m.tied >= 1 && m.likely >= 1);
    }
}

static void try_delay(const struct rows *r, uint8_t option)
{
    static int32_t committed[ROWS], recorded[ROWS];
    static int8_t hour[ROWS];
    for (size_t i = 0; i < r->n; i++) {
        committed[i] = (int32_t)r->first[i];
        recorded[i] = (int32_t)r->second[i];
        hour[i] = (int8_t)(option & 1 ? (int64_t)fmin(30, fmax(-3, r->real[i])) : r->first[i] % 24);
    }
    struct delay_records records = {.n = r->n,
                                    .committed = committed,
                                    .recorded = recorded,
                                    .committed_valid = r->valid,
                                    .recorded_valid = r->other_valid,
                                    .hour = option & 2 ? NULL : hour,
                                    .hour_valid = option & 4 ? r->valid : NULL};
    struct delay_options o = DELAY_DEFAULTS;
    o.within_days = option;
    struct arena a;
    arena_init(&a, LIMIT_ARENA_BYTES);
    struct delay d;
    if (is_done(delay_measure(&a, &records, &o, &d, NULL))) {
        FUZZ_REQUIRE(d.valid + d.missing + d.negative == d.n && is_share(d.retained));
        FUZZ_REQUIRE(is_share(d.retained_ci.lower) && is_share(d.retained_ci.upper));
        FUZZ_REQUIRE(!d.has_hours_test || is_share(d.chi_p));
        FUZZ_REQUIRE(!d.has_noon_test || (d.noon_p > 0 && d.noon_p <= 1));
        FUZZ_REQUIRE(isfinite(d.noon_odds.value) && d.noon_odds.value >= 0);
        FUZZ_REQUIRE(d.quantiles[0] >= 0 && d.quantiles[0] <= d.quantiles[4]);
    }
    arena_done(&a);
}

static void try_aoristic(const struct rows *r, uint8_t option)
{
    struct aoristic_records records = {.n = r->n,
                                       .start_s = r->first,
                                       .end_s = r->second,
                                       .start_valid = r->valid,
                                       .end_valid = option & 1 ? NULL : r->other_valid};
    struct aoristic_options o = AORISTIC_DEFAULTS;
    o.longest_s = option & 2 ? 7200 : AORISTIC_ANY;
    struct aoristic w;
    if (is_done(aoristic_weigh(NULL, &records, &o, &w, NULL))) {
        double sum = 0, clock = 0;
        for (size_t k = 0; k < AORISTIC_CELLS; k++) {
            FUZZ_REQUIRE(w.week[k] >= 0);
            sum += w.week[k];
        }
        for (size_t h = 0; h < 24; h++) {
            FUZZ_REQUIRE(w.clock[h] >= 0);
            clock += w.clock[h];
        }
        FUZZ_REQUIRE(w.placed + w.missing + w.reversed + w.too_long == w.n);
        FUZZ_REQUIRE(fabs(sum - (double)w.placed) < 1e-9);
        FUZZ_REQUIRE(fabs(clock - (double)w.placed) < 1e-9);
    }
}

static void check_circular(const struct circular *c)
{
    FUZZ_REQUIRE(is_share(c->rbar) && is_share(c->corrected) && is_share(c->variance));
    FUZZ_REQUIRE(!c->has_mean || (c->mean_hour >= 0 && c->mean_hour < 24 && c->sd_rad >= 0));
    FUZZ_REQUIRE(!c->has_kappa || (c->kappa > 0 && isfinite(c->kappa_exact)));
    FUZZ_REQUIRE(!c->has_test || (is_share(c->p) && is_share(c->p_series)));
}

static void try_circular(const struct rows *r, uint8_t option)
{
    struct circular c;
    if (is_done(circular_hours(r->real, r->valid, r->n, &c, NULL))) {
        check_circular(&c);
    }
    if (is_done(circular_grouped(r->real, r->n, &c, NULL))) {
        check_circular(&c);
    }
    double weights[ROWS], grid[24], density[24];
    for (size_t i = 0; i < r->n; i++) {
        weights[i] = (double)r->second[i];
    }
    for (int k = 0; k < 24; k++) {
        grid[k] = k;
    }
    struct circular_points points = {
        .n = r->n, .hours = r->real, .weights = option & 1 ? weights : NULL, .valid = r->valid};
    if (is_done(circular_weighted(&points, &c, NULL))) {
        check_circular(&c);
    }
    struct arena a;
    arena_init(&a, LIMIT_ARENA_BYTES);
    double kappa = r->n > 1 ? r->real[1] : 10;
    if (is_done(circular_density(&a, &points, kappa, grid, 24, density, NULL))) {
        for (int k = 0; k < 24; k++) {
            FUZZ_REQUIRE(density[k] >= 0 && isfinite(density[k]));
        }
    }
    struct circular_peaks p;
    if (is_done(circular_find_peaks(r->real, r->n, &p, NULL))) {
        FUZZ_REQUIRE(p.count <= CIRCULAR_MOST_PEAKS && p.is_many == (p.count > 1));
    }
    arena_done(&a);
}

static void try_season(const struct rows *r, uint8_t option)
{
    struct arena a;
    arena_init(&a, LIMIT_ARENA_BYTES);
    struct season_table s;
    int32_t first = r->n ? (int32_t)r->second[0] : 0;
    if (is_done(season_tabulate(&a, first, r->first, r->valid, r->n, &s, NULL))) {
        FUZZ_REQUIRE(s.days + s.missing_days == (int64_t)r->n);
    }
    struct season_test t;
    if (is_done(season_compare(r->first, r->real, r->n, &t, NULL))) {
        FUZZ_REQUIRE(is_share(t.p) && t.chi_square >= 0 && t.df >= 1);
    }
    struct season_month months[ROWS];
    for (size_t i = 0; i < r->n; i++) {
        months[i] = (struct season_month){(int32_t)r->second[i], r->first[i],
                                          (int32_t)fmin(31, fmax(-1, r->real[i]))};
    }
    struct season_wave w;
    if (is_done(season_fit(&a, months, r->n, option % 5, 0.05, &w, NULL))) {
        FUZZ_REQUIRE(is_share(w.p) && is_share(w.lrt_p) && w.peak_month > 0 && w.peak_month <= 12);
        FUZZ_REQUIRE(w.peak_to_trough >= 1 && !isnan(w.dispersion));
    }
    struct season_contrast c;
    if (r->n > 0 && r->n < 20) {
        season_summer_winter(months, r->n, r->real[0], &c);
        FUZZ_REQUIRE(!c.has_comparison || is_share(c.comparison.p));
    }
    arena_done(&a);
}

static void try_stl(const struct rows *r, uint8_t option)
{
    struct stl_options o = {.period = option % 13,
                            .seasonal_window = option & 16 ? 7 : STL_PERIODIC,
                            .is_robust = option & 32};
    struct arena a;
    arena_init(&a, LIMIT_ARENA_BYTES);
    struct stl s;
    if (is_done(stl_decompose(&a, r->real, option & 64 ? r->valid : NULL, r->n, &o, &s, NULL))) {
        double most = 0;
        for (size_t i = 0; i < r->n; i++) {
            most = fmax(most, fabs(r->real[i]));
        }
        for (size_t i = 0; i < r->n && most < 1e100; i++) {
            double sum = s.seasonal[i] + s.trend[i] + s.remainder[i];
            FUZZ_REQUIRE(fabs(sum - r->real[i]) <= 1e-9 * (most + 1) && is_share(s.weights[i]));
        }
    }
    arena_done(&a);
}

static void check_weeks(const struct alert_week *weeks, const struct alert_series *s)
{
    for (size_t i = 0; i < s->n; i++) {
        FUZZ_REQUIRE(weeks[i].has_limit || !weeks[i].is_alarm);
        FUZZ_REQUIRE(has(s->valid, i) || !weeks[i].has_limit);
        FUZZ_REQUIRE(isfinite(weeks[i].limit) && weeks[i].limit >= 0);
    }
}

static void try_alerts(const struct rows *r, uint8_t option)
{
    static struct alert_week weeks[ROWS];
    static struct chart_week charts[ROWS];
    static struct tail_week tails[ROWS];
    struct alert_series s = {.n = r->n, .counts = r->first, .valid = r->valid};
    struct ears_options rules[] = {EARS_C1, EARS_C2, EARS_C3, EARS_C3};
    rules[3].rule = ALERT_C3_R;
    for (int rule = 0; rule < 4; rule++) {
        if (is_done(alert_ears(&s, &rules[rule], weeks, NULL))) {
            check_weeks(weeks, &s);
        }
    }
    struct arena a;
    arena_init(&a, LIMIT_ARENA_BYTES);
    struct farrington_options f[] = {FARRINGTON_1996_DEFAULTS, FARRINGTON_2013_DEFAULTS};
    for (int k = 0; k < 2; k++) {
        f[k].period = 12 + option % 16;
        f[k].half_window = option / 16 % 4;
        f[k].years = 1 + option / 64;
        f[k].periods = 4;
        f[k].recent = 3;
        if (is_done(farrington_limits(&a, &s, &f[k], weeks, NULL))) {
            check_weeks(weeks, &s);
        }
    }
    struct chart_options o = CHART_DEFAULTS;
    o.baseline_weeks = (size_t)option % 8 + 1;
    struct chart c;
    if (is_done(alert_charts(&s, &o, &c, charts, NULL))) {
        for (size_t i = 0; i < s.n; i++) {
            FUZZ_REQUIRE(isfinite(charts[i].cusum) && isfinite(charts[i].ewma));
            FUZZ_REQUIRE(charts[i].is_known ||
                         (!charts[i].is_cusum_alarm && !charts[i].is_ewma_alarm));
        }
    }
    struct tail_options t = {.window = 4 + (size_t)option, .least_known = 3, .alpha = 0.01};
    if (is_done(alert_tail(&a, &s, &t, tails, NULL))) {
        for (size_t i = 0; i < s.n; i++) {
            FUZZ_REQUIRE(!tails[i].has_p || (is_share(tails[i].p) && tails[i].mean > 0.69));
            FUZZ_REQUIRE(has(s.valid, i) || (!tails[i].has_p && !tails[i].is_alarm));
            FUZZ_REQUIRE(!tails[i].has_p || tails[i].is_alarm == (s.counts[i] > tails[i].limit));
        }
    }
    arena_done(&a);
}

static void try_changepoint(const struct rows *r, uint8_t option)
{
    struct changepoint_options o = {.replicates = option % 16, .seed = option};
    o.penalty = option & 64 && r->n ? fabs(r->real[0]) : 0;
    struct arena a;
    arena_init(&a, LIMIT_ARENA_BYTES);
    struct changepoint c;
    size_t n = r->n < 120 ? r->n : 120;
    if (is_done(changepoint_detect(&a, NULL, r->first, option & 128 ? r->real : NULL,
                                   option & 32 ? r->valid : NULL, n, &o, &c, NULL))) {
        size_t at = 0;
        for (size_t k = 0; k < c.segment_count; k++) {
            FUZZ_REQUIRE(c.segments[k].first == at && c.segments[k].end > at);
            at = c.segments[k].end;
        }
        FUZZ_REQUIRE(at == n && c.after >= 1 && c.after < n && c.lr_max >= 0);
        FUZZ_REQUIRE(!c.has_p || (c.p > 0 && c.p <= 1));
        for (size_t i = 0; i + 1 < n; i++) {
            FUZZ_REQUIRE(c.lr[i] >= 0 && c.lr[i] <= c.lr_max * (1 + 1e-9) + 1e-9);
        }
    }
    arena_done(&a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct rows r;
    struct text input = fuzz_input(data, size);
    uint8_t which = fuzz_byte(&input) % 9, option = fuzz_byte(&input);
    take_rows(&input, &r);
    switch (which) {
    case 0:
        try_heaping(&r);
        break;
    case 1:
        try_modal(&r, option);
        break;
    case 2:
        try_delay(&r, option);
        break;
    case 3:
        try_aoristic(&r, option);
        break;
    case 4:
        try_circular(&r, option);
        break;
    case 5:
        try_season(&r, option);
        break;
    case 6:
        try_stl(&r, option);
        break;
    case 7:
        try_alerts(&r, option);
        break;
    default:
        try_changepoint(&r, option);
        break;
    }
    return 0;
}
