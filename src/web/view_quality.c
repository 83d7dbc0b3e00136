/* web/view_quality.c — what each source can and cannot bear: the checks of `reeve check`.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/quality.h"
#include "web/data_words.h"
#include "web/finding_model.h"
#include "web/gate.h"
#include "web/views.h"

#include <string.h>

static rv_status run_checks(struct call *c, const struct quality_options *options,
                            struct quality_report *ret, struct rv_err *reterr)
{
    RV_CLEANUP(pool_closep) struct pool *pool = NULL;
    struct held *held = ARENA_NEW(c->arena, struct held, 1);
    if (!held) {
        return arena_fail(c->arena, reterr);
    }
    RV_TRY(pool_open(pool_default_threads(), &pool, reterr));
    RV_TRY(held_load(c->store, c->arena, pool, NULL, held, reterr));
    return quality_run(held, options, ret, reterr);
}

/* Of all sources, or of the one that the address names: *ret_is_there is false for another. */
static rv_status check(struct call *c, struct quality_report *ret, bool *ret_is_there,
                       struct rv_err *reterr)
{
    struct text source = call_query(c, "source");
    struct quality_options options = {.period = {1, 0}};
    options.source = source.n > 0 ? arena_text(c->arena, source.at, source.n) : NULL;
    if (source.n > 0 && !options.source) {
        return arena_fail(c->arena, reterr);
    }
    RV_TRY(gate_enter(GATE_ALL_PROCESSORS, reterr)); /* every column is read, with all processors */
    rv_status status = run_checks(c, &options, ret, reterr);
    gate_leave(GATE_ALL_PROCESSORS);
    *ret_is_there = rv_is_ok(status);
    return status.code == RV_NOT_FOUND ? rv_ok() : status;
}

static void put_check(struct model_list *list, const struct quality_check *k)
{
    struct model *m = model_item(list);
    model_text(m, "id", k->id);
    model_text(m, "check", k->check);
    model_text(m, "verdict", finding_verdict_name(k->verdict));
    model_text(m, "colour",
               k->verdict == VERDICT_NOT_RELIABLE ? "govuk-tag--red"
               : k->verdict == VERDICT_CAUTION    ? "govuk-tag--yellow"
                                                  : NULL);
    model_text(m, "sentence", k->sentence);
    model_text(m, "concerns", k->spoils[0] ? k->spoils : NULL);
    model_text(m, "remedy", k->remedy[0] ? k->remedy : NULL);
    if (k->count >= 0) {
        model_int(m, "count", k->count);
    }
    if (k->of >= 0) {
        model_int(m, "of", k->of);
    }
}

static void put_source(struct call *c, struct model_list *sources, const struct quality_source *s)
{
    struct model *m = model_item(sources);
    size_t made = 0;
    model_text(m, "source", s->source->name);
    model_text(m, "kind", s->source->kind);
    model_text(m, "period", period_words(c->arena, s->period));
    struct model_list *found = model_list(m, "checks"), *noted = model_list(m, "noted");
    struct model_list *not_made = model_list(m, "not-checked"), *fine = model_list(m, "fine");
    for (size_t i = 0; i < s->check_count; i++) {
        const struct quality_check *k = &s->checks[i];
        bool is_made = k->verdict != VERDICT_NOT_AVAILABLE;
        made += is_made;
        put_check(k->needs_attention ? found : !is_made ? not_made : k->is_noted ? noted : fine, k);
    }
    model_int(m, "attention", (int64_t)s->attention_count);
    model_int(m, "made", (int64_t)made);
}

/* Every source that one may choose, whichever is chosen. */
static rv_status put_choices(struct call *c, struct rv_err *reterr)
{
    struct source *sources;
    size_t count;
    struct text chosen = call_query(c, "source");
    RV_TRY(sources_load(c->store, c->arena, NULL, &sources, &count, reterr));
    struct model_list *list = model_list(c->model, "choices");
    for (size_t i = 0; i < count; i++) {
        struct model *m = model_item(list);
        model_text(m, "source", sources[i].name);
        model_text(m, "kind", sources[i].kind);
        model_bool(m, "selected", text_is(chosen, sources[i].name));
    }
    model_text(c->model, "chosen", address_words(c->arena, chosen));
    return rv_ok();
}

rv_status view_data_quality(struct call *c, struct rv_err *reterr)
{
    struct quality_report report;
    bool is_there = false;
    RV_TRY(put_choices(c, reterr));
    RV_TRY(check(c, &report, &is_there, reterr));
    struct model_list *list = model_list(c->model, "sources");
    for (size_t i = 0; is_there && i < report.source_count; i++) {
        put_source(c, list, &report.sources[i]);
    }
    model_int(c->model, "attention", is_there ? (int64_t)report.attention_count : 0);
    return rv_ok();
}

rv_status view_data_quality_csv(struct call *c, struct rv_err *reterr)
{
    struct quality_report report;
    struct spool *file;
    bool is_there = false;
    RV_TRY(check(c, &report, &is_there, reterr));
    if (!is_there) {
        return call_not_there(c, reterr);
    }
    RV_TRY(call_spool(c, &file, reterr));
    quality_csv(&report, &file->out);
    return call_send(c, file, "text/csv; charset=utf-8", "data-quality.csv", reterr);
}
