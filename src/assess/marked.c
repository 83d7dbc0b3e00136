/* assess/marked.c — markings of results. SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/marked.h"

enum marking sources_marking(const struct finding_source *sources, size_t count)
{
    enum marking m = MARKING_PUBLIC;
    for (size_t i = 0; i < count; i++) {
        m = marking_most(m, sources[i].marking);
    }
    return m;
}

enum marking extracts_marking(const struct extract_info *extracts, size_t count)
{
    enum marking m = MARKING_PUBLIC;
    for (size_t i = 0; i < count; i++) {
        m = marking_most(m, extracts[i].marking);
    }
    return m;
}

const char *marking_sentence(struct arena *a, enum marking marking)
{
    return arena_printf(a, "Marking: %s, as the most restricted extract in it.",
                        marking_name(marking));
}

/* A rate or a rank by rate has residents in it, whatever their extract is marked. */
void assessment_mark(struct assessment *x, const struct source *residents)
{
    enum marking below = residents ? extracts_marking(residents->extracts, residents->extract_count)
                                   : MARKING_PUBLIC;
    x->marking = MARKING_PUBLIC;
    for (size_t i = 0; i < x->finding_count; i++) {
        struct finding *f = &x->findings[i];
        f->marking = sources_marking(f->sources, f->source_count);
        f->marking = f->denominator_name ? marking_most(f->marking, below) : f->marking;
        x->marking = marking_most(x->marking, f->marking);
    }
    for (size_t i = 0; i < x->table_count; i++) {
        struct result_table *t = &x->tables[i];
        t->marking = marking_most(sources_marking(t->sources, t->source_count),
                                  t->source_count ? below : MARKING_PUBLIC);
        x->marking = marking_most(x->marking, t->marking);
    }
}
