/* cli/rebase.c — areas --rebase: from the areas of one vintage to those of another.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "cli/rebase.h"

#include "assess/rebasing.h"
#include "base/json.h"
#include "base/parse.h"

#include <math.h>
#include <string.h>

#define MOST_NAMED 5 /* splits and slivers, in text; --json lists more */

/* ---- options ---- */

static const char *held_layers(struct held *h)
{
    struct buf b RV_CLEANUP(buf_done);
    buf_init(&b, 1u << 16);
    for (size_t i = 0; i < h->layer_count; i++) {
        buf_printf(&b, "%s%s:%s", i ? " " : "", h->layers[i].type, h->layers[i].vintage);
    }
    return b.n && !b.failed ? arena_text(h->arena, b.bytes, b.n) : "none";
}

static rv_status find_layer(struct held *h, const struct args *args, const char *option,
                            const struct layer **ret, struct rv_err *reterr)
{
    const char *given = args_get(args, option);
    struct text vintage = {NULL, 0}, type = text_split(text_of(given ? given : ""), ':', &vintage);
    *ret = NULL;
    for (size_t i = 0; i < h->layer_count; i++) {
        const struct layer *l = &h->layers[i];
        *ret = text_is(type, l->type) && text_is(vintage, l->vintage) ? l : *ret;
    }
    if (*ret) {
        return rv_ok();
    }
    if (!given || vintage.n == 0) {
        return rv_fail(reterr, RV_USAGE,
                       "--%s needs a type and a vintage, as in '--rebase ward:2018 --to "
                       "ward:2022-05'; held are %s",
                       option, held_layers(h));
    }
    return rv_fail(reterr, RV_NOT_FOUND, "--%s %s: no such areas are held; there are %s", option,
                   given, held_layers(h));
}

static rv_status take_options(struct held *h, const struct args *args, struct rebasing_options *ret,
                              struct rv_err *reterr)
{
    const char *by = args_get(args, "by"), *sliver = args_get(args, "sliver");
    bool is_area = by && strcmp(by, "area") == 0;
    if (args->positional_count > 1) {
        return rv_fail(reterr, RV_USAGE, "--rebase reads no file: '%.200s' is one too many",
                       args->positional[1]);
    }
    if (by && !is_area && strcmp(by, "population") != 0) {
        return rv_fail(reterr, RV_USAGE, "--by %s: use population or area", by);
    }
    ret->basis = is_area ? APPORTION_AREA : APPORTION_POPULATION;
    ret->sliver_m = REBASING_SLIVER_M;
    if (sliver && (!parse_real(text_of(sliver), &ret->sliver_m) || !(ret->sliver_m >= 0) ||
                   ret->sliver_m > 1000)) {
        return rv_fail(reterr, RV_USAGE, "--sliver %s: write metres from 0 to 1000", sliver);
    }
    RV_TRY(find_layer(h, args, "rebase", &ret->from, reterr));
    RV_TRY(find_layer(h, args, "to", &ret->to, reterr));
    if (ret->from == ret->to) {
        return rv_fail(reterr, RV_USAGE, "--rebase and --to name the same areas");
    }
    return rv_ok();
}

/* ---- the report ---- */

static void splits_json(const struct rebasing *r, struct json_writer *j)
{
    json_put_array(j, "splits");
    for (uint32_t i = 0; i < r->split; i++) {
        size_t n = 0;
        const struct rebase_part *parts = rebase_parts(&r->rebase, r->splits[i].from, &n);
        json_put_object(j, NULL);
        json_put_string(j, "from", r->rebase.from->areas[r->splits[i].from].code);
        json_put_array(j, "to");
        for (size_t k = 0; k < n; k++) {
            json_put_object(j, NULL);
            json_put_string(j, "code",
                            parts[k].to ? r->rebase.to->areas[parts[k].to - 1].code : NULL);
            json_put_real(j, "weight", (double)parts[k].parts / REBASE_WHOLE);
            json_put_real(j, "area_m2", parts[k].area_m2);
            json_put_real(j, "persons", parts[k].persons);
            json_end_object(j);
        }
        json_end_array(j);
        json_end_object(j);
    }
    json_end_array(j);
}

static void slivers_json(const struct rebasing *r, struct json_writer *j)
{
    json_put_object(j, "slivers");
    json_put_real(j, "narrower_than_m", r->rebase.sliver_m);
    json_put_int(j, "count", r->rebase.slivers);
    json_put_real(j, "area_m2", r->rebase.slivers_m2);
    json_put_array(j, "largest");
    for (size_t i = 0; i < r->sliver_count; i++) {
        json_put_object(j, NULL);
        json_put_string(j, "from", r->slivers[i].from);
        json_put_string(j, "to", r->slivers[i].to);
        json_put_real(j, "area_m2", r->slivers[i].area_m2);
        json_put_real(j, "width_m", r->slivers[i].width_m);
        json_end_object(j);
    }
    json_end_array(j);
    json_end_object(j);
}

static void put_layer(struct json_writer *j, const char *key, const struct layer *l)
{
    json_put_object(j, key);
    json_put_string(j, "type", l->type);
    json_put_string(j, "vintage", l->vintage);
    json_put_int(j, "areas", l->count);
    json_put_string(j, "file", l->file_name);
    json_put_string(j, "sha256", l->sha256);
    json_end_object(j);
}

static void report_json(const struct rebasing *r, struct buf *out)
{
    struct json_writer j;
    json_writer_init(&j, out, true);
    json_put_object(&j, NULL);
    put_layer(&j, "from", r->rebase.from);
    put_layer(&j, "to", r->rebase.to);
    json_put_string(&j, "by", r->rebase.basis);
    json_put_string(&j, "population", r->rebase.population[0] ? r->rebase.population : NULL);
    json_put_string(&j, "made_at", r->rebase.made_at);
    json_put_int(&j, "unchanged", r->unchanged);
    json_put_int(&j, "merged", r->merged);
    json_put_int(&j, "split", r->split);
    json_put_int(&j, "clearly_split", r->clearly);
    json_put_int(&j, "outside", r->outside);
    json_put_int(&j, "by_area", r->by_area);
    json_put_int(&j, "trifles_outside", r->trifles);
    json_put_real(&j, "moved_share", r->moved);
    json_put_real(&j, "outside_share", r->nowhere);
    json_put_real(&j, "other_borough_share", r->crossing);
    splits_json(r, &j);
    slivers_json(r, &j);
    json_end_object(&j);
}

static void splits_text(const struct rebasing *r, struct buf *out)
{
    for (uint32_t i = 0; i < r->split && i < MOST_NAMED; i++) {
        const struct area *from = &r->rebase.from->areas[r->splits[i].from];
        size_t n = 0;
        const struct rebase_part *parts = rebase_parts(&r->rebase, r->splits[i].from, &n);
        buf_printf(out, "  %s %s:", from->code, from->name);
        for (size_t k = 0; k < n; k++) {
            const struct area *to = parts[k].to ? &r->rebase.to->areas[parts[k].to - 1] : NULL;
            buf_printf(out, "%s %.1f%% %s", k ? "," : "",
                       (double)parts[k].parts * 100 / REBASE_WHOLE, to ? to->name : "in no area");
        }
        buf_text(out,
                 i + 1 == MOST_NAMED && r->split > MOST_NAMED ? "; and more (--json)\n" : "\n");
    }
}

static void slivers_text(const struct rebasing *r, struct buf *out)
{
    buf_printf(out,
               "Slivers narrower than %g metres, dropped as drawing: %u, %.4g hectares in all\n",
               r->rebase.sliver_m, r->rebase.slivers, r->rebase.slivers_m2 / 10000);
    for (size_t i = 0; i < r->sliver_count && i < MOST_NAMED; i++) {
        const struct rebasing_sliver *s = &r->slivers[i];
        buf_printf(out, "  %s in %s: %.3g hectares, about %.2g metres wide\n", s->from,
                   s->to ? s->to : "no area", s->area_m2 / 10000, s->width_m);
    }
}

static void report_text(const struct rebasing *r, struct buf *out)
{
    const struct rebase *b = &r->rebase;
    buf_printf(out, "From %u areas (%s, %s) to %u (%s, %s), by %s\n", b->from->count, b->from->type,
               b->from->vintage, b->to->count, b->to->type, b->to->vintage,
               b->population[0] ? b->population : "area");
    buf_printf(out, "Unchanged %u, merged %u, split %u (%u of them less than 95%% in one area), ",
               r->unchanged, r->merged, r->split, r->clearly);
    buf_printf(out, "outside every target %u\n", r->outside);
    splits_text(r, out);
    if (r->by_area) {
        buf_printf(out, "%u areas have no residents and are shared out by area\n", r->by_area);
    }
    const char *what = b->population[0] ? "residents" : "area";
    buf_printf(out, "Share of the %s that moves away from the main part of its area: %.2f%%\n",
               what, r->moved * 100);
    buf_printf(out, "Share outside every target, which stays unplaced: %.2f%%\n", r->nowhere * 100);
    if (!isnan(r->crossing)) {
        buf_printf(out, "Share that goes to another borough: %.2f%%\n", r->crossing * 100);
    }
    if (r->trifles) {
        buf_printf(out,
                   "Parts in no area where under %g%% of an area's residents live, dropped: %u\n",
                   REBASING_TRIFLE * 100, r->trifles);
    }
    slivers_text(r, out);
}

rv_status run_rebase(struct session *session, struct rv_err *reterr)
{
    struct pool *pool;
    RV_TRY(session_pool(session, &pool, reterr));
    RV_CLEANUP(store_closep) struct store *s = NULL;
    RV_TRY(store_open(session->args.positional[0], STORE_WRITE, &s, reterr));
    char now[24];
    now_utc(now);
    struct held held;
    struct rebasing_options options;
    struct rebasing made;
    RV_TRY(held_load(s, &session->arena, pool, &session->progress, &held, reterr));
    RV_TRY(take_options(&held, &session->args, &options, reterr));
    RV_TRY(rebasing_make(&held, &options, now, &made, reterr));
    RV_TRY(rebase_store(s, &made.rebase, reterr));
    if (session->is_json) {
        report_json(&made, &session->out);
    } else {
        report_text(&made, &session->out);
    }
    return rv_ok();
}
