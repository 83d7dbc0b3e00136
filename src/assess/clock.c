/* assess/clock.c — hours and weekdays out of a cube.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/clock.h"

enum { FRIDAY = 4, SATURDAY };

/* The code of an axis in the cell at a position. */
static uint64_t code_at(const struct cube *cube, size_t axis, uint64_t cell)
{
    return cell / cube->strides[axis] % cube->axes[axis].size;
}

rv_status clock_hours(struct arena *a, struct pool *pool, const struct cube *cube,
                      const struct clock_axes *axes, struct hours *ret, struct rv_err *reterr)
{
    size_t most = 0, n = 0;
    for (uint64_t i = 0; i < cube->cell_count; i++) {
        most += cube->cells[i] > 0;
    }
    struct hours_cell *cells = ARENA_NEW(a, struct hours_cell, most + 1);
    if (!cells) {
        return arena_fail(a, reterr);
    }
    for (uint64_t i = 0; i < cube->cell_count && n < most; i++) {
        if (cube->cells[i] > 0) {
            int minute = (int)code_at(cube, axes->clock, i) - 1;
            int days = (int)code_at(cube, axes->late, i) - 1;
            cells[n++] = (struct hours_cell){minute, days, cube->cells[i]};
        }
    }
    return hours_work_out(a, pool, cells, n, ret, reterr);
}

struct clock_week clock_week_of(const struct cube *cube, const struct clock_axes *axes,
                                const struct hours *hours)
{
    struct clock_week w = {.days = {0}};
    for (uint64_t i = 0; i < cube->cell_count; i++) {
        int64_t n = cube->cells[i];
        uint64_t day = code_at(cube, axes->weekday, i), minute = code_at(cube, axes->clock, i);
        w.days[day] += n;
        if (n == 0 || day == 0 || minute == 0) {
            continue;
        }
        bool is_set_aside = hours_set_aside(hours, (int)minute - 1);
        w.hours[0][day - 1][(minute - 1) / 60] += n;
        w.hours[1][day - 1][(minute - 1) / 60] += is_set_aside ? 0 : n;
    }
    return w;
}

int64_t clock_weekend_nights(int64_t hours[7][24])
{
    int64_t sum = 0;
    for (int day = 0; day < 7; day++) {
        for (int hour = 0; hour < 24; hour++) {
            int night_day = hour < CLOCK_NIGHT_DAY_FROM ? (day + 6) % 7 : day;
            bool is_night = hour >= CLOCK_NIGHT_FROM || hour < CLOCK_NIGHT_DAY_FROM;
            bool is_weekend = night_day == FRIDAY || night_day == SATURDAY;
            sum += is_night && is_weekend ? hours[day][hour] : 0;
        }
    }
    return sum;
}

double clock_weekend_hours(double fridays_and_saturdays)
{
    return (24 - CLOCK_NIGHT_FROM + CLOCK_NIGHT_DAY_FROM) * fridays_and_saturdays;
}

void clock_weekdays_in(struct month_range range, const struct source *covers, double ret[7])
{
    for (int day = 0; day < 7; day++) {
        ret[day] = 0;
    }
    for (int32_t m = range.first; m <= range.last; m++) {
        int32_t first = civil_days(m / 12, m % 12 + 1, 1);
        int32_t days = month_range_days((struct month_range){m, m});
        for (int32_t d = 0; d < days && (!covers || source_covers(covers, m)); d++) {
            ret[civil_weekday_of(civil_pack((int64_t)(first + d) * 86400, CIVIL_DATE))]++;
        }
    }
}
