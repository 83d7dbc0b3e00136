/* ingest/place_text.c — free text of a place becomes a reading before anything else sees it.
 *
 * What a reading leaves out is never hashed, spooled or stored (docs/decisions/0019).
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/limits.h"
#include "ingest/import.h"
#include "place/texts.h"

static struct text type_of(const struct worker *w, const struct block *b, uint32_t row)
{
    size_t column = w->plan->place_type;
    if (column == PLAN_NONE) {
        return (struct text){NULL, 0};
    }
    const struct plan_column *c = &w->plan->columns[column];
    const struct typed *t = &b->typed[column];
    return t->codes ? values_text(&w->values[column], t->codes[row]) : c->values[0].text;
}

rv_status block_place_texts(struct worker *w, struct block *b, struct rv_err *reterr)
{
    struct text *texts = b->typed[w->plan->place_text].texts;
    for (uint32_t row = 0; texts && row < b->count; row++) {
        if (b->faults[row] != ROW_FINE) {
            texts[row] = (struct text){NULL, 0};
            continue;
        }
        struct place_reading r;
        reading_make(type_of(w, b, row), texts[row], &r);
        texts[row] = (struct text){arena_text(&w->arena, r.at, r.n), r.n};
        if (!texts[row].at) {
            return arena_fail(&w->arena, reterr);
        }
        for (size_t i = 0; i < ASIDE_COUNT; i++) {
            b->aside[i] += r.aside >> i & 1;
        }
    }
    return rv_ok();
}

rv_status import_note_aside(struct import *m)
{
    static const char *const WHAT[ASIDE_COUNT] = {
        "somebody's home, of which only the word home is kept",
        "a full postcode, of which the first part is kept",
        "numbers that are not of roads (of houses, telephones, patients), which are not kept",
        "e-mail addresses, which are not kept",
        "what may be a person's name, which is not kept",
    };
    const struct accounts *acc = &m->pipeline.accounts;
    for (size_t i = 0; i < ASIDE_COUNT; i++) {
        if (acc->aside[i]) {
            RV_TRY(import_note(m, arena_printf(m->a, "the place in words of %lld rows names %s",
                                               (long long)acc->aside[i], WHAT[i])));
        }
    }
    return rv_ok();
}

rv_status import_note_matches(struct import *m, const struct layer *l)
{
    struct rv_err err;
    struct match_totals totals;
    if (m->plan.place_text == PLAN_NONE) {
        return rv_ok();
    }
    RV_CLEANUP(arena_done) struct arena scratch;
    arena_init(&scratch, LIMIT_ARENA_BYTES);
    rv_status status = match_load(m->s, &scratch, m->report.extract, l, NULL, &totals, &err);
    if (status.code == RV_NOT_FOUND) {
        return rv_ok();
    }
    if (!rv_is_ok(status)) {
        return rv_fail(m->err, status.code, "%s", err.message);
    }
    m->report.has_matches = true;
    m->report.matches = totals;
    m->report.matched_type = arena_text(m->a, l->type, strlen(l->type));
    return m->report.matched_type ? rv_ok() : arena_fail(m->a, m->err);
}
