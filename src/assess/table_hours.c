/* assess/table_hours.c — the dimension of usable hours: which times of day stand for one not known.
 *
 * It is a habit of those who record, whatever the offence: so all records of the source in the
 * period decide, and a condition or a profile changes the counts but never which minutes are set
 * aside. SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "assess/hours.h"
#include "assess/table_internal.h"
#include "base/buf.h"

rv_status table_usable_hours(struct table_plan *p, struct cube_axis *axis, struct rv_err *reterr)
{
    struct cube_axis clock = {.kind = AXIS_CLOCK, .name = "clock", .date = axis->date};
    struct cube_query query = {.source = p->source,
                               .axes = &clock,
                               .axis_count = 1,
                               .period = p->period,
                               .date = p->has_date ? p->date : CUBE_RECORDED};
    struct cube cube;
    RV_TRY(cube_build(&p->held, &query, &cube, reterr));
    int64_t minutes[HEAPING_MINUTES];
    for (uint32_t m = 0; m < HEAPING_MINUTES; m++) {
        uint32_t code = m + 1;
        minutes[m] = cube_at(&cube, &code);
    }
    uint8_t *aside = NULL;
    RV_TRY(hours_placeholders(p->held.arena, minutes, &aside, reterr));
    axis->aside = aside;
    return rv_ok();
}

/* "00:01, 12:00" */
static size_t put_minutes(struct buf *b, const uint8_t *aside)
{
    size_t n = 0;
    for (int m = 0; m < HEAPING_MINUTES; m++) {
        if (aside[m]) {
            buf_printf(b, "%s%02d:%02d", n++ ? ", " : "", m / 60, m % 60);
        }
    }
    return n;
}

rv_status table_hours_note(const struct table_plan *p, const char **ret, struct rv_err *reterr)
{
    const uint8_t *aside = NULL;
    for (size_t k = 0; k < p->axis_count; k++) {
        aside = p->axes[k].kind == AXIS_USABLE ? p->axes[k].aside : aside;
    }
    *ret = "";
    if (!aside) {
        return rv_ok();
    }
    struct buf b RV_CLEANUP(buf_done);
    buf_init(&b, 1u << 16);
    size_t n = put_minutes(&b, aside);
    *ret = n && !b.failed
               ? arena_printf(p->held.arena,
                              "Times of day that stand for one not known are in no hour, but set "
                              "aside: %.*s. More records of this source have %s than the minutes "
                              "around would explain.",
                              (int)b.n, b.bytes, n == 1 ? "it" : "them")
               : "No time of day had to be set aside: no minute has many more records of this "
                 "source than those around it.";
    return *ret && !b.failed ? rv_ok() : arena_fail(p->held.arena, reterr);
}
