/* tests/column/test_group.c — the kernels against loops that are too simple to be wrong.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/civil.h"
#include "check.h"
#include "column/group.h"
#include "sample.h"

#include <time.h>

#define ARENA  ((size_t)1 << 28)
#define ROUNDS 300

/* A seed for the random tests: REEVE_SEED, or the clock. Printed, so that a failure can be met
 * again. */
static uint64_t seed_now(void)
{
    const char *wanted = getenv("REEVE_SEED");
    struct timespec now;
    (void)clock_gettime(CLOCK_REALTIME, &now);
    uint64_t seed = wanted ? strtoull(wanted, NULL, 10) : (uint64_t)now.tv_nsec;
    print_message("REEVE_SEED=%llu\n", (unsigned long long)seed);
    return seed;
}

static uint8_t *random_mask(struct arena *a, size_t n, uint64_t *seed)
{
    uint8_t *mask = sample_array(a, n, 1);
    for (size_t i = 0; i < n; i++) {
        mask[i] = sample_next(seed) & 1;
    }
    return mask;
}

/* Every cell counted for itself, by taking its number apart. */
static int64_t naive_cell(const struct cube_dimension *dimensions, size_t count, size_t n,
                          const uint8_t *mask, const int64_t *weights, size_t cell)
{
    int64_t sum = 0;
    for (size_t i = 0; i < n; i++) {
        size_t left = cell;
        bool is_here = !mask || mask[i];
        for (size_t d = count; d > 0; d--) {
            is_here = is_here && dimensions[d - 1].codes[i] == left % dimensions[d - 1].size;
            left /= dimensions[d - 1].size;
        }
        sum += is_here ? weights ? weights[i] : 1 : 0;
    }
    return sum;
}

static void cubes_count_what_a_loop_over_cells_counts(void **state)
{
    (void)state;
    uint64_t seed = seed_now();
    for (int round = 0; round < ROUNDS; round++) {
        struct arena a;
        arena_init(&a, ARENA);
        size_t n = sample_next(&seed) % 2500, count = sample_next(&seed) % 5;
        struct cube_dimension dimensions[4];
        for (size_t d = 0; d < count; d++) {
            dimensions[d].size = 1 + (uint32_t)(sample_next(&seed) % 5);
            uint32_t *codes = sample_array(&a, n, sizeof *codes);
            for (size_t i = 0; i < n; i++) {
                codes[i] = (uint32_t)(sample_next(&seed) % dimensions[d].size);
            }
            dimensions[d].codes = codes;
        }
        uint8_t *mask = sample_next(&seed) & 1 ? random_mask(&a, n, &seed) : NULL;
        int64_t *weights = sample_next(&seed) & 1 ? sample_array(&a, n, sizeof *weights) : NULL;
        for (size_t i = 0; weights && i < n; i++) {
            weights[i] = (int64_t)sample_next(&seed) >> 20;
        }
        size_t size = cube_cells(dimensions, count);
        int64_t *cells = sample_array(&a, size, sizeof *cells);
        for (size_t k = 0; k < size; k++) {
            cells[k] = (int64_t)k; /* adds, does not overwrite */
        }
        cube_add(dimensions, count, n, mask, weights, cells);
        for (size_t k = 0; k < size; k++) {
            CHECK_INT(cells[k], (int64_t)k + naive_cell(dimensions, count, n, mask, weights, k));
        }
        arena_done(&a);
    }
}

static void the_size_of_a_cube_that_overflows_is_size_max(void **state)
{
    (void)state;
    struct cube_dimension dimensions[] = {{NULL, UINT32_MAX}, {NULL, UINT32_MAX}, {NULL, 3}};
    CHECK(cube_cells(dimensions, 2) == (size_t)UINT32_MAX * UINT32_MAX);
    CHECK(cube_cells(dimensions, 3) == SIZE_MAX);
    CHECK_INT(cube_cells(dimensions, 0), 1);
}

static void bits_become_bytes(void **state)
{
    (void)state;
    uint64_t seed = seed_now();
    uint64_t bits[40];
    uint8_t mask[2600];
    for (size_t n = 0; n < 2500; n += n < 200 ? 1 : 37) {
        for (size_t w = 0; w < 40; w++) {
            bits[w] = sample_next(&seed);
        }
        memset(mask, 0xEE, sizeof mask);
        select_from_bits(bits, n, mask);
        size_t count = 0;
        for (size_t i = 0; i < n; i++) {
            CHECK_INT(mask[i], (bits[i / 64] >> (i % 64)) & 1);
            count += mask[i];
        }
        CHECK_INT(mask[n], 0xEE); /* nothing after the last row */
        CHECK_INT(select_count(mask, n), count);
        select_from_bits(NULL, n, mask);
        CHECK_INT(select_count(mask, n), n);
        CHECK_INT(mask[n], 0xEE);
    }
}

static void codes_select_and_map_row_by_row(void **state)
{
    (void)state;
    uint64_t seed = seed_now();
    uint32_t codes[1000], map[77], out[1000];
    uint8_t keep[77], mask[1000], before[1000];
    for (size_t k = 0; k < 77; k++) {
        keep[k] = sample_next(&seed) & 1;
        map[k] = (uint32_t)sample_next(&seed);
    }
    for (size_t i = 0; i < 1000; i++) {
        codes[i] = (uint32_t)(sample_next(&seed) % 77);
        before[i] = mask[i] = sample_next(&seed) & 1;
    }
    select_codes(codes, 1000, keep, mask);
    remap_codes(codes, 1000, map, out);
    for (size_t i = 0; i < 1000; i++) {
        CHECK_INT(mask[i], before[i] & keep[codes[i]]);
        CHECK_INT(out[i], map[codes[i]]);
    }
}

static void check_range(const struct column *c, int64_t low, int64_t high, uint64_t *seed)
{
    uint8_t mask[700], before[700];
    for (uint32_t i = 0; i < c->rows; i++) {
        before[i] = mask[i] = sample_next(seed) & 1;
    }
    select_range(c, low, high, mask);
    for (uint32_t i = 0; i < c->rows; i++) {
        bool in = column_has(c, i) && c->integers[i] >= low && c->integers[i] <= high;
        CHECK_INT(mask[i], before[i] && in);
    }
}

static void ranges_hold_at_their_ends_and_leave_out_missing_rows(void **state)
{
    (void)state;
    uint64_t seed = seed_now();
    struct arena a;
    arena_init(&a, ARENA);
    for (int round = 0; round < ROUNDS; round++) {
        struct column c = sample_column(&a, COLUMN_INTEGER, 700, round % 3 ? 3 : 0,
                                        (unsigned)(round % 65), &seed);
        int64_t low = c.integers[sample_next(&seed) % 700];
        int64_t high = c.integers[sample_next(&seed) % 700];
        check_range(&c, low, high, &seed); /* ends that occur; sometimes low > high */
        check_range(&c, low, low, &seed);
        check_range(&c, INT64_MIN, high, &seed);
        check_range(&c, low, INT64_MAX, &seed);
        check_range(&c, INT64_MIN, INT64_MAX, &seed);
        check_range(&c, INT64_MAX, INT64_MIN, &seed);
    }
    arena_done(&a);
}

static void every_day_of_the_calendar_has_its_month(void **state)
{
    (void)state;
    static const int64_t of_day[] = {0, 1, 43199, 86399};
    int32_t first = civil_month_index(1800, 1), last = civil_month_index(2199, 12);
    for (int32_t day = civil_days(1800, 1, 1); day < civil_days(2200, 1, 1); day++) {
        int64_t times[16];
        for (int k = 0; k < 16; k++) {
            times[k] =
                civil_pack((int64_t)day * 86400 + of_day[k / 4], (enum civil_precision)(k % 4));
        }
        struct column c = {.type = COLUMN_TIME, .rows = 16, .integers = times};
        uint32_t codes[16];
        month_codes(&c, first, last, codes);
        for (int k = 0; k < 16; k++) {
            CHECK_INT(codes[k], civil_month_of(times[k]) - first + 1);
        }
    }
}

static void months_outside_the_period_and_missing_times_have_code_0(void **state)
{
    (void)state;
    uint64_t seed = seed_now();
    struct arena a;
    arena_init(&a, ARENA);
    uint32_t codes[3000];
    for (int round = 0; round < 40; round++) {
        struct column c = sample_column(&a, COLUMN_TIME, 3000, round % 2 ? 5 : 0, 0, &seed);
        int32_t first = 1800 * 12 + (int32_t)(sample_next(&seed) % 4800);
        int32_t last = first - 1 + (int32_t)(sample_next(&seed) % 2400); /* sometimes empty */
        month_codes(&c, first, last, codes);
        for (uint32_t i = 0; i < c.rows; i++) {
            int32_t month = civil_month_of(c.integers[i]);
            bool in = column_has(&c, i) && month >= first && month <= last;
            CHECK_INT(codes[i], in ? month - first + 1 : 0);
        }
    }
    arena_done(&a);
}

static void a_row_without_columns_is_no_row(void **state)
{
    (void)state;
    struct column none = {.type = COLUMN_TIME};
    uint8_t mask = 7;
    uint32_t code = 7;
    select_range(&none, 0, 1, &mask);
    month_codes(&none, 0, 1, &code);
    CHECK_INT(mask, 7);
    CHECK_INT(code, 7);
    CHECK_INT(column_codes_end(&(struct column){.type = COLUMN_CATEGORY}), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cubes_count_what_a_loop_over_cells_counts),
        cmocka_unit_test(the_size_of_a_cube_that_overflows_is_size_max),
        cmocka_unit_test(bits_become_bytes),
        cmocka_unit_test(codes_select_and_map_row_by_row),
        cmocka_unit_test(ranges_hold_at_their_ends_and_leave_out_missing_rows),
        cmocka_unit_test(every_day_of_the_calendar_has_its_month),
        cmocka_unit_test(months_outside_the_period_and_missing_times_have_code_0),
        cmocka_unit_test(a_row_without_columns_is_no_row),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
