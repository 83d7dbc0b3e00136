/* ingest/earlier.c — the rows of earlier extracts, hashed as the rows of the new one are.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/limits.h"
#include "base/memory.h"
#include "ingest/identity.h"
#include "ingest/resolve.h"

#define MOST_EARLIER 8192 /* what row_at can number */

rv_status earlier_list(struct store *s, struct arena *a, const char *kind, const char *source,
                       struct earlier **ret, size_t *ret_count, struct rv_err *reterr)
{
    struct extract_info *all;
    size_t count, n = 0;
    RV_TRY(extract_list_all(s, a, kind, &all, &count, reterr));
    struct earlier *list = ARENA_NEW(a, struct earlier, count + 1);
    if (!list) {
        return arena_fail(a, reterr);
    }
    for (size_t i = 0; i < count; i++) {
        if (strcmp(all[i].source, source) != 0) {
            continue;
        }
        if (n == MOST_EARLIER) {
            return rv_fail(reterr, RV_LIMIT, "more than %d extracts of the source %s", MOST_EARLIER,
                           source);
        }
        list[n].info = all[i];
        list[n].masks = ARENA_NEW(a, struct mask, all[i].chunks + 1);
        if (!list[n++].masks) {
            return arena_fail(a, reterr);
        }
    }
    *ret = list;
    *ret_count = n;
    return rv_ok();
}

/* What hashing one extract needs; the arena is its own. */
struct hashing {
    const struct plan *p;
    struct arena a;
    struct extract_scan *scan;
    const char **names;       /* of the plan columns that count */
    size_t *columns, count;   /* plan columns */
    struct hash128 **by_code; /* categories: what each code adds */
    char made_prefix[16];
    struct month_range period;
    struct column *chunk; /* count columns */
};

static void hashing_done(struct hashing *h)
{
    arena_done(&h->a);
}

static rv_status open_scan(struct store *s, struct hashing *h, const struct earlier *e,
                           struct rv_err *reterr)
{
    const struct plan *p = h->p;
    h->names = ARENA_NEW(&h->a, const char *, p->count + 1);
    h->columns = ARENA_NEW(&h->a, size_t, p->count + 1);
    h->by_code = ARENA_NEW(&h->a, struct hash128 *, p->count + 1);
    h->chunk = ARENA_NEW(&h->a, struct column, p->count + 1);
    if (!h->names || !h->columns || !h->by_code || !h->chunk) {
        return arena_fail(&h->a, reterr);
    }
    for (size_t i = 0; i < p->count; i++) {
        if (identity_counts(p, i)) {
            h->names[h->count] = p->columns[i].kc->name;
            h->columns[h->count++] = i;
        }
    }
    RV_TRY(extract_scan_open(s, &h->a, e->info.id, h->names, h->count, 0, &h->scan, reterr));
    for (size_t k = 0; k < h->count; k++) {
        const struct dictionary *d = extract_scan_dictionary(h->scan, k);
        if (!d || extract_scan_type(h->scan, k) != COLUMN_CATEGORY) {
            continue;
        }
        h->by_code[k] = ARENA_NEW(&h->a, struct hash128, d->count + 1);
        if (!h->by_code[k]) {
            return arena_fail(&h->a, reterr);
        }
        for (uint32_t code = 1; code < d->count; code++) {
            h->by_code[k][code] =
                identity_of_text(&p->columns[h->columns[k]], dictionary_text(d, code));
        }
    }
    return rv_ok();
}

static struct hash128 of_stored(const struct hashing *h, size_t k, uint32_t row)
{
    const struct column *c = &h->chunk[k];
    const struct plan_column *pc = &h->p->columns[h->columns[k]];
    if (!column_has(c, row)) {
        return (struct hash128){0, 0};
    }
    switch (c->type) {
    case COLUMN_CATEGORY:
        return h->by_code[k] ? h->by_code[k][c->codes[row]] : (struct hash128){0, 0};
    case COLUMN_TEXT:
        return identity_of_text(pc, column_text_at(c, row));
    case COLUMN_REAL:
        return identity_of_real(pc, c->reals[row]);
    case COLUMN_INTEGER:
    case COLUMN_THOUSANDTHS:
    case COLUMN_TIME:
        break;
    }
    return identity_mix(pc->seed, (uint64_t)c->integers[row], 2);
}

/* Whether the row lies in the months that are replaced; a kind without dates always does, but
 * for people: they lie in the months of their offence, and leave with it. */
static bool in_period(const struct hashing *h, uint32_t row)
{
    if (h->p->profile->kind->about && !h->p->profile->kind->from) {
        return false;
    }
    size_t ends[2] = {h->p->from, h->p->to};
    for (size_t k = 0; k < h->count; k++) {
        bool is_end = h->columns[k] == ends[0] || h->columns[k] == ends[1];
        if (!is_end || h->chunk[k].type != COLUMN_TIME || !column_has(&h->chunk[k], row)) {
            continue;
        }
        int32_t month = civil_month_of(h->chunk[k].integers[row]);
        if (month < h->period.first || month > h->period.last) {
            return false;
        }
    }
    return true;
}

static rv_status add_row(const struct hashing *h, size_t number, uint32_t sequence, uint32_t row,
                         struct rowset *ret, struct rv_err *reterr)
{
    struct row_entry e = {.at = row_at(number, sequence, row)};
    bool is_made = false;
    for (size_t k = 0; k < h->count; k++) {
        const struct plan_column *c = &h->p->columns[h->columns[k]];
        const struct column *stored = &h->chunk[k];
        if (c->is_key && stored->type == COLUMN_TEXT && column_has(stored, row) &&
            text_starts(column_text_at(stored, row), h->made_prefix)) {
            is_made = true;
            continue;
        }
        identity_add(c->is_key ? &e.key : &e.content, of_stored(h, k, row));
    }
    if (is_made || h->p->profile->key_count == 0) {
        identity_add(&e.key, e.content);
    }
    e.at |= (is_made ? ROW_IS_MADE : 0) | (in_period(h, row) ? ROW_IN_PERIOD : 0);
    return rowset_add(ret, &e, reterr);
}

static rv_status hash_chunk(struct hashing *h, struct earlier *e, size_t number, uint32_t sequence,
                            struct rowset *ret, struct rv_err *reterr)
{
    const uint64_t *current;
    uint32_t rows = extract_scan_rows(h->scan, sequence);
    e->masks[sequence].rows = rows;
    RV_TRY(extract_scan_read(h->scan, sequence, &h->a, h->chunk, &current, reterr));
    for (uint32_t row = 0; row < rows; row++) {
        if (!current || bit_of(current, row)) {
            RV_TRY(add_row(h, number, sequence, row, ret, reterr));
        }
    }
    return rv_ok();
}

rv_status earlier_hash(struct store *s, const struct plan *p, const struct progress *progress,
                       struct earlier *earlier, size_t number, struct month_range period,
                       struct rowset *ret, struct rv_err *reterr)
{
    RV_CLEANUP(hashing_done) struct hashing h = {.p = p, .period = period};
    arena_init(&h.a, LIMIT_ARENA_BYTES);
    memcpy(h.made_prefix, earlier->info.sha256, 12);
    h.made_prefix[12] = '-';
    RV_TRY(open_scan(s, &h, earlier, reterr));
    for (uint32_t k = 0; k < extract_scan_chunks(h.scan); k++) {
        RV_TRY(progress_check(progress, reterr));
        struct arena_mark mark = arena_mark(&h.a);
        rv_status status = hash_chunk(&h, earlier, number, k, ret, reterr);
        arena_release(&h.a, mark);
        RV_TRY(status);
    }
    return rv_ok();
}
