/* synth/minor.c — the smaller sources, one after the other; localities.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "synth/minor.h"

#include "synth/write.h"

#include <stdio.h>

static rv_status write_localities(struct minor *m, const char *name, const struct locality *list,
                                  size_t n, const struct ward_fact *wards, struct rv_err *reterr)
{
    RV_CLEANUP(write_abandon) struct writer w;
    RV_TRY(write_open(&w, m->options->dir, name, reterr));
    buf_text(&w.text, "ward_code,locality\n");
    for (size_t k = 0; k < n; k++) {
        for (size_t at = 0; at < list[k].n; at++) {
            buf_printf(&w.text, "%s,%s\n", wards[list[k].wards[at]].code, list[k].name);
        }
    }
    return write_close(&w, reterr);
}

rv_status localities_write(struct minor *m, struct rv_err *reterr)
{
    const struct targets *t = m->t;
    RV_TRY(write_localities(m, "localities-2022.csv", t->localities, t->locality_count,
                            havering_wards_2022, reterr));
    return write_localities(m, "localities-2018.csv", t->localities_2018, t->locality_2018_count,
                            havering_wards_2018, reterr);
}

rv_status minor_write(const struct synth_options *options, const struct targets *t,
                      const struct geography *g, struct arena *a, struct faults *faults,
                      struct rv_err *reterr)
{
    struct minor m = {.options = options, .t = t, .g = g, .a = a, .faults = faults};
    (void)snprintf(m.dir, sizeof m.dir, "%.980s/partners", options->dir);
    RV_TRY(health_write(&m, reterr));
    RV_TRY(transport_write(&m, reterr));
    RV_TRY(services_write(&m, reterr));
    RV_TRY(statistics_write(&m, reterr));
    RV_TRY(surveys_write(&m, reterr));
    return localities_write(&m, reterr);
}
