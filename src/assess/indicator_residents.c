/* assess/indicator_residents.c — populations as indicators: residents, and residents per km2.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/indicator_rows.h"
#include "assess/marked.h"
#include "assess/population.h"

#include <math.h>
#include <string.h>

/* The year asked for, else the latest. */
static rv_status choose_year(const struct population *p, const char *period, size_t *ret,
                             struct rv_err *reterr)
{
    size_t y = p->year_count - 1;
    struct month_range range;
    if (!period) {
        *ret = y;
        return rv_ok();
    }
    bool is_range = month_range_parse(text_of(period), &range);
    for (size_t i = 0; is_range && i < p->year_count; i++) {
        if (range.first / 12 == p->years[i]) {
            *ret = i;
            return rv_ok();
        }
    }
    return rv_fail(reterr, RV_USAGE,
                   "--period %s: no population of that year is held; the latest is of %d", period,
                   p->years[y]);
}

static rv_status put_evidence(struct arena *a, const struct population *p, struct indicator *x,
                              struct rv_err *reterr)
{
    const char **notes = ARENA_NEW(a, const char *, 2);
    struct finding_source *sources = ARENA_NEW(a, struct finding_source, 1);
    if (!notes || !sources) {
        return arena_fail(a, reterr);
    }
    notes[0] = arena_printf(a, p->note[0] ? "From %s. %s" : "From %s.%s", p->name, p->note);
    const struct extract_info *e = &p->source->extracts[p->source->extract_count - 1];
    sources[0] = (struct finding_source){e->id, e->sha256, e->file_name, e->marking};
    notes[1] = marking_sentence(a, e->marking);
    x->notes = notes;
    x->sources = sources;
    x->note_count = 2;
    x->source_count = 1;
    return notes[0] && notes[1] ? rv_ok() : arena_fail(a, reterr);
}

rv_status indicator_residents(struct held *h, const struct indicator_query *q,
                              struct indicator *ret, struct rv_err *reterr)
{
    bool is_density = strcmp(q->id, "residents") != 0;
    struct indicator x = {.id = q->id, .polarity = ""};
    x.layer = layer_choose(h->layers, h->layer_count, q->type, q->vintage, INT32_MAX);
    if (!x.layer) {
        return rv_fail(reterr, RV_NOT_FOUND,
                       "no boundaries of type \"%s\"%s%s are held: load them with \"reeve areas\"",
                       q->type, q->vintage ? ", vintage " : "", q->vintage ? q->vintage : "");
    }
    struct population p;
    size_t y;
    RV_TRY(population_load(h, x.layer, POPULATION_ALL, &p, reterr));
    if (!p.source || p.year_count == 0) {
        return rv_fail(reterr, RV_NOT_FOUND, "no population is held for the %ss of vintage %s",
                       q->type, x.layer->vintage);
    }
    RV_TRY(choose_year(&p, q->period, &y, reterr));
    RV_TRY(indicator_new_values(h->arena, &x, reterr));
    for (uint32_t i = 0; i < x.layer->count; i++) {
        double persons = p.persons[y * x.layer->count + i];
        double area_km2 = x.layer->areas[i].area_m2 / 1e6;
        x.values[i] = is_density ? persons / area_km2 : persons;
        x.reasons[i] = isfinite(persons) ? NULL : "no population of this area is held";
        x.known += isfinite(persons) ? 1 : 0;
    }
    x.period = arena_printf(h->arena, "%d", p.years[y]);
    x.title = is_density ? "Residents for each square kilometre" : "Residents";
    x.value_title = is_density ? "Residents per square kilometre" : "Residents";
    x.type = is_density ? RESULT_RATE : RESULT_COUNT;
    RV_TRY(x.period ? put_evidence(h->arena, &p, &x, reterr) : arena_fail(h->arena, reterr));
    *ret = x;
    return rv_ok();
}
