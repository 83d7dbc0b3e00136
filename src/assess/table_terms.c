/* assess/table_terms.c — what a table says of the terms of its data: its marking, what none is
 * declared for, what an agreement keeps out. SPDX-License-Identifier: GPL-3.0-or-later */
#include "access/notice.h"
#include "assess/joined.h"
#include "assess/marked.h"
#include "assess/table_internal.h"

#include <string.h>

/* Extracts of these kinds decide persons, roles and outcomes of every table that joins them. */
static rv_status joined_marking(const struct table_plan *p, enum marking *marking,
                                struct rv_err *reterr)
{
    static const char *const KINDS[] = {"persons", "outcomes"};
    for (size_t i = 0; p->joined && i < 2; i++) {
        struct extract_info *list;
        size_t count;
        RV_TRY(extract_list(p->held.store, p->held.arena, KINDS[i], &list, &count, reterr));
        *marking = marking_most(*marking, extracts_marking(list, count));
    }
    return rv_ok();
}

static bool is_undeclared(const struct extract_info *x)
{
    return !x->agreement && !x->is_open;
}

/* "…; no agreement is declared for extracts of this source." */
static const char *marking_note(const struct table_plan *p, enum marking marking)
{
    struct arena *a = p->held.arena;
    const char *sentence = marking_sentence(a, marking);
    bool is_told = false;
    for (size_t i = 0; i < p->source->extract_count; i++) {
        is_told = is_told || is_undeclared(&p->source->extracts[i]);
    }
    return sentence && is_told
               ? arena_printf(a,
                              "%s No agreement is declared for %s, and it is not said to be open "
                              "data.",
                              sentence, p->source->name)
               : sentence;
}

rv_status table_terms(const struct table_plan *p, struct result_table *t, struct rv_err *reterr)
{
    struct arena *a = p->held.arena;
    const char *const *notices;
    size_t count, n = 0;
    t->marking = sources_marking(t->sources, t->source_count);
    if (p->population.source) {
        const struct source *s = p->population.source;
        t->marking = marking_most(t->marking, extracts_marking(s->extracts, s->extract_count));
    }
    RV_TRY(joined_marking(p, &t->marking, reterr));
    RV_TRY(access_notices(p->held.store, a, NOTICE_WITHHELD, &notices, &count, reterr));
    const char **notes = ARENA_NEW(a, const char *, t->note_count + count + 1);
    const char *marking = marking_note(p, t->marking);
    if (!notes || !marking) {
        return arena_fail(a, reterr);
    }
    for (; n < t->note_count; n++) {
        notes[n] = t->notes[n];
    }
    for (size_t i = 0; i < count; i++) {
        notes[n++] = notices[i];
    }
    notes[n++] = marking;
    t->notes = notes;
    t->note_count = n;
    return rv_ok();
}
