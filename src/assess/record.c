/* assess/record.c — finding an offence by its identifier. SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "assess/record.h"

#include "base/limits.h"

#include <string.h>

#define MOST_ROWS 64 /* rows of one identifier that are shown */

static const char *const ID[] = {"offence_id"};

struct finding_record {
    struct held *h;
    const char *key;
    const struct joined *joined;
    struct record_found *rows;
    size_t count;
};

static rv_status add_row(struct finding_record *r, size_t extract, uint32_t ordinal,
                         struct rv_err *reterr)
{
    const struct joined *j = r->joined;
    struct record_found *x = &r->rows[r->count++];
    uint8_t outcome = j->records.outcome[ordinal];
    *x = (struct record_found){.source = j->source,
                               .file = j->source->extracts[extract].file_name,
                               .extract = j->source->extracts[extract].id,
                               .is_current = j->records.current[ordinal],
                               .facts = j->records.facts[ordinal],
                               .outcome = outcome ? OFFENCE_OUTCOMES[outcome - 1] : "not-recorded"};
    if (!j->definition) {
        return rv_ok();
    }
    size_t n = definition_size(j->definition);
    struct decision *decisions = ARENA_NEW(r->h->arena, struct decision, n);
    if (!decisions) {
        return arena_fail(r->h->arena, reterr);
    }
    for (size_t p = 0; p < n; p++) {
        decisions[p] = definition_decide(j->definition, p, &x->facts);
    }
    x->decisions = decisions;
    return rv_ok();
}

static rv_status search(struct finding_record *r, size_t extract, struct rv_err *reterr)
{
    RV_CLEANUP(arena_done) struct arena a;
    arena_init(&a, LIMIT_ARENA_BYTES);
    struct extract_scan *scan;
    RV_TRY(extract_scan_open(r->h->store, &a, r->joined->source->extracts[extract].id, ID, 1, 0,
                             &scan, reterr));
    for (uint32_t k = 0; k < extract_scan_chunks(scan); k++) {
        struct arena_mark mark = arena_mark(&a);
        struct column column;
        const uint64_t *current;
        RV_TRY(progress_check(r->h->progress, reterr));
        RV_TRY(extract_scan_read(scan, k, &a, &column, &current, reterr));
        for (uint32_t row = 0; column.type == COLUMN_TEXT && row < column.rows; row++) {
            if (text_is(column_text_at(&column, row), r->key) && r->count < MOST_ROWS) {
                RV_TRY(add_row(r, extract, r->joined->records.first[extract][k] + row, reterr));
            }
        }
        arena_release(&a, mark);
    }
    return rv_ok();
}

rv_status record_find(struct held *h, const char *key, struct record_found **ret, size_t *ret_count,
                      const struct definition **ret_definition, struct rv_err *reterr)
{
    struct source *sources;
    size_t count;
    struct finding_record r = {.h = h, .key = key};
    r.rows = ARENA_NEW(h->arena, struct record_found, MOST_ROWS);
    if (!r.rows) {
        return arena_fail(h->arena, reterr);
    }
    RV_TRY(sources_load(h->store, h->arena, "offences", &sources, &count, reterr));
    RV_TRY(adopted_definition(h->store, h->arena, ret_definition, reterr));
    for (size_t i = 0; i < count; i++) {
        RV_TRY(held_joined_of(h, &sources[i], &r.joined, reterr));
        for (size_t k = 0; k < sources[i].extract_count; k++) {
            RV_TRY(search(&r, k, reterr));
        }
    }
    if (r.count == 0) {
        return rv_fail(reterr, RV_NOT_FOUND,
                       "no offence has this identifier: it is compared letter by letter, as the "
                       "supplier writes it");
    }
    *ret = r.rows;
    *ret_count = r.count;
    return rv_ok();
}
