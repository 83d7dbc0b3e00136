/* cli/effect.c — effect: the places of an intervention before and after, beside others.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "assess/effect.h"

#include "base/json.h"
#include "cli/chart_out.h"
#include "cli/commands.h"
#include "cli/opening.h"
#include "report/findings.h"
#include "report/sentence.h"

#include <math.h>

static const char *const PARTS[EFFECT_ROLES] = {"treated", "comparison", "nearby"};

static void put_counts(const struct effect *e, struct json_writer *j)
{
    json_put_array(j, NULL);
    for (enum effect_role role = 0; role < EFFECT_ROLES; role++) {
        const struct effect_counts *c = &e->roles[role];
        if (c->areas) {
            json_put_object(j, NULL);
            json_put_string(j, "part", PARTS[role]);
            json_put_int(j, "areas", (int64_t)c->areas);
            json_put_real(j, "earlier", c->earlier);
            json_put_real(j, "before", c->before);
            json_put_real(j, "after", c->after);
            json_end_object(j);
        }
    }
    json_end_array(j);
}

static rv_status effect_json(const struct effect *e, struct buf *out, struct rv_err *reterr)
{
    struct json_writer j;
    buf_text(out, "{\"findings\": ");
    RV_TRY(findings_json(e->findings, e->finding_count, out, reterr));
    buf_text(out, ",\n\"parts\": ");
    json_writer_init(&j, out, true);
    put_counts(e, &j);
    buf_text(out, ",\n\"notes\": ");
    json_writer_init(&j, out, true);
    json_put_array(&j, NULL);
    for (size_t i = 0; i < e->note_count; i++) {
        json_put_string(&j, NULL, e->notes[i]);
    }
    json_end_array(&j);
    buf_text(out, "}\n");
    return buf_status(out, reterr);
}

static void put_count(struct buf *out, double count)
{
    if (isfinite(count)) {
        buf_printf(out, " %10.0f", count);
    } else {
        buf_printf(out, " %10s", "n/a");
    }
}

static void effect_text(const struct effect *e, struct buf *out)
{
    for (size_t i = 0; i < e->finding_count; i++) {
        const struct finding *f = &e->findings[i];
        buf_printf(out, "- %s [%s: %s]\n", f->statement, f->id, finding_verdict_name(f->verdict));
        for (size_t k = 0; k < f->caveat_count; k++) {
            buf_printf(out, "  %s\n", f->caveats[k]);
        }
    }
    buf_printf(out, "\n%-12s %6s %10s %10s %10s\n", "part", "areas", "earlier", "before", "after");
    for (enum effect_role role = 0; role < EFFECT_ROLES; role++) {
        const struct effect_counts *c = &e->roles[role];
        if (c->areas) {
            buf_printf(out, "%-12s %6zu", PARTS[role], c->areas);
            put_count(out, c->earlier);
            put_count(out, c->before);
            put_count(out, c->after);
            buf_char(out, '\n');
        }
    }
    for (size_t i = 0; i < e->note_count; i++) {
        buf_printf(out, "%s%s\n", i ? "" : "\n", e->notes[i]);
    }
}

rv_status run_effect(struct session *session, struct rv_err *reterr)
{
    const struct args *args = &session->args;
    struct arena *a = &session->arena;
    const char *where[MOST_VALUES];
    struct effect_options options = {.before = args_get(args, "before"),
                                     .after = args_get(args, "after")};
    take_table_options(args, where, &options.table);
    for (enum effect_role role = 0; role < EFFECT_ROLES; role++) {
        options.areas[role] = args_get(args, PARTS[role]);
    }
    struct pool *pool;
    RV_TRY(session_pool(session, &pool, reterr));
    RV_CLEANUP(store_closep) struct store *s = NULL;
    RV_TRY(open_for_results(session, STORE_READ, &s, reterr));
    RV_TRY(store_snapshot(s, reterr));
    struct held held;
    struct effect effect;
    RV_TRY(held_load(s, a, pool, &session->progress, &held, reterr));
    RV_TRY(effect_run(&held, &options, &effect, reterr));
    struct sentences *sentences;
    RV_TRY(sentences_load(a, &sentences, reterr));
    struct assessment all = {.findings = effect.findings, .finding_count = effect.finding_count};
    RV_TRY(sentences_render_all(sentences, a, &all, reterr));
    if (session->is_json) {
        return effect_json(&effect, &session->out, reterr);
    }
    effect_text(&effect, &session->out);
    return buf_status(&session->out, reterr);
}
