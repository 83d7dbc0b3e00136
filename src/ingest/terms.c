/* ingest/terms.c — the terms on which a file came: which agreement, in which series it puts the
 * extract, what the report says of it.
 *
 * A series belongs to one agreement: extracts under another never supersede its rows, nor count
 * them as held. So an agreement that ends takes whole series out of results, and leaves the rest
 * as it would be had they never come.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "ingest/import.h"

rv_status import_find_terms(struct import *m)
{
    const char *name = m->options->agreement, *day = store_day(m->s);
    struct agreement_row *rows;
    size_t count;
    m->terms = NULL;
    if (!name) {
        return rv_ok();
    }
    if (m->options->is_open) {
        return rv_fail(m->err, RV_USAGE,
                       "open data need no agreement: give --agreement or --open, not both");
    }
    RV_TRY(agreements_list(m->s, m->a, &rows, &count, m->err));
    m->terms = agreements_find(rows, count, name, day);
    if (!m->terms) {
        return agreement_unknown(m->a, rows, count, name, m->err);
    }
    if (!agreement_row_is_in_force(m->terms, day)) {
        return rv_fail(m->err, RV_REFUSED,
                       "the agreement \"%s\" is not in force on %s (first day %s, last day %s); "
                       "nothing was loaded",
                       name, day, m->terms->first_day, m->terms->last_day);
    }
    return rv_ok();
}

/* What a profile says of every such file gives way to what is said of this one. */
bool import_is_open(const struct import *m)
{
    return !m->terms && (m->options->is_open || m->profile->is_open);
}

rv_status import_name_source(struct import *m)
{
    const char *supplier = m->codebook ? NULL : m->options->supplier; /* its name says all */
    m->source = supplier ? arena_printf(m->a, "%s/%s", m->profile->id, supplier) : m->profile->id;
    if (m->terms && m->source) {
        m->source = arena_printf(m->a, "%s@%s", m->source, m->terms->terms.id);
    }
    return m->source ? rv_ok() : arena_fail(m->a, m->err);
}

rv_status import_note_terms(struct import *m)
{
    struct ingest_report *r = &m->report;
    r->agreement = m->terms ? m->terms->terms.id : NULL;
    r->is_open = import_is_open(m);
    r->marking = m->terms     ? m->terms->terms.marking
                 : r->is_open ? MARKING_PUBLIC
                              : MARKING_OFFICIAL;
    if (m->plan.withheld_count == 0) {
        return rv_ok();
    }
    const char *names = "";
    for (size_t i = 0; i < m->plan.withheld_count && names; i++) {
        names = arena_printf(m->a, "%s%s%s", names, i ? ", " : "", m->plan.withheld[i]);
    }
    return import_note(m, names ? arena_printf(m->a,
                                               "the agreement \"%s\" does not share %s: not stored",
                                               m->terms->terms.id, names)
                                : NULL);
}
