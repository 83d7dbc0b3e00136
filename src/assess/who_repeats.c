/* assess/who_repeats.c — persons in two or more offences of a profile, as far as pseudonyms tell.
 *
 * Bands of under WHO_LEAST persons are joined with the band below: nobody is counted alone.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/who_internal.h"
#include "base/limits.h"

struct repeats {
    struct people *p;
    struct month_range window;
    bool is_both; /* both periods */
    struct repetition of;
};

/* Which offences are of the profile. */
static rv_status belonging_of(struct lens *l, struct arena *a, uint8_t **ret, struct rv_err *reterr)
{
    const struct belonging *b = l->profile->sharing->belonging;
    size_t offences = b->joined->records.count;
    uint8_t *is_in = ARENA_NEW(a, uint8_t, offences + 1);
    if (!is_in) {
        return arena_fail(a, reterr);
    }
    for (size_t i = 0; i < offences; i++) {
        is_in[i] = b->in[b->codes[i]] >> l->profile->bit & 1;
    }
    *ret = is_in;
    return rv_ok();
}

static rv_status count_all(struct repeats *r, struct rv_err *reterr)
{
    struct lens *l = r->p->l;
    struct assess_work *w = l->work;
    const struct who_shared *s = NULL;
    RV_TRY(who_refs_of(l, &s, reterr));
    struct arena scratch RV_CLEANUP(arena_done);
    arena_init(&scratch, LIMIT_ARENA_BYTES);
    uint8_t *is_in = NULL;
    RV_TRY(belonging_of(l, &scratch, &is_in, reterr));
    r->is_both = l->is_available[BUCKET_COMPARE] && has_compare(w) &&
                 w->options->compare.last + 1 == w->options->period.first;
    r->window = w->options->period;
    r->window.first = r->is_both ? w->options->compare.first : r->window.first;
    struct who_crowd crowd = {.refs = s->refs,
                              .ref_count = s->ref_count,
                              .is_in = is_in,
                              .offences = l->profile->sharing->belonging->joined->records.count,
                              .role = r->p->role,
                              .is_both = r->is_both};
    return repetition_count(&crowd, &r->of, reterr);
}

static rv_status add_finding(struct repeats *r, bool *ret_has_table, struct rv_err *reterr)
{
    struct people *p = r->p;
    struct assess_work *w = p->l->work;
    struct arena *a = w->held.arena;
    const char *by = arena_printf(a, "%s-sex", p->one);
    struct finding *f = by ? people_finding(p, "repeat", by, NULL, reterr) : NULL;
    const char *query = by ? compose_query_of(p->l, by, 0, w->options->area, r->window) : NULL;
    if (!f || !query) {
        return arena_fail(a, reterr);
    }
    f->query = arena_printf(a, "%s --count %s", query, p->plural);
    f->period = r->window;
    f->unit = "percent";
    f->method = "wilson";
    f->denominator_name = arena_printf(a, "%s with a pseudonym", p->plural);
    int64_t known = r->of.rows - r->of.without;
    if (known == 0) {
        return compose_absent(w, f, "REPEAT_NOT_AVAILABLE",
                              "no pseudonym of theirs is in the extract", reterr);
    }
    if (wording_of_kept((double)known / (double)r->of.rows) == WORDING_NOT_RELIABLE) {
        return compose_absent(w, f, "REPEAT_NOT_AVAILABLE",
                              arena_printf(a, "a pseudonym is recorded for only %lld of %lld",
                                           (long long)known, (long long)r->of.rows),
                              reterr);
    }
    RV_TRY(repetition_say(w, f, &r->of, p->role, reterr));
    RV_TRY(compose_caveat(w, f,
                          "No table lists persons: the command gives the number of entries that "
                          "were searched, with and without a pseudonym.",
                          reterr));
    *ret_has_table = repetition_has_rows(f, &r->of);
    return f->query && f->denominator_name ? rv_ok() : arena_fail(a, reterr);
}

static rv_status table(struct repeats *r, struct rv_err *reterr)
{
    struct lens *l = r->p->l;
    struct assess_work *w = l->work;
    struct arena *a = w->held.arena;
    size_t n = repetition_join(&r->of);
    struct result_cell *cells = NULL;
    struct result_table *t = compose_lens_table(l, arena_printf(a, "%s-repeat", r->p->plural),
                                                REPETITION_COLUMNS, REPETITION_WIDTH, n, &cells);
    if (!t) {
        return arena_fail(a, reterr);
    }
    RV_TRY(repetition_rows(a, &r->of, n, cells, reterr));
    t->title = arena_printf(a, "%s: offences of each of the %s, %s, %s", l->profile->title,
                            r->p->plural, w->area_name, compose_period(a, r->window));
    t->description = "Persons by the number of offences of the profile in which they appear; the "
                     "last row has all who appear in more.";
    RV_TRY(evidence_of_people_table(l, t, reterr));
    return t->title
               ? compose_note(w, t, "Rows of fewer than 5 persons are joined with the row above.",
                              reterr)
               : arena_fail(a, reterr);
}

rv_status who_repeats(struct people *p, struct rv_err *reterr)
{
    struct repeats *r = ARENA_NEW(p->l->work->held.arena, struct repeats, 1);
    bool has_table = false;
    if (!r) {
        return arena_fail(p->l->work->held.arena, reterr);
    }
    r->p = p;
    RV_TRY(count_all(r, reterr));
    RV_TRY(add_finding(r, &has_table, reterr));
    return has_table ? table(r, reterr) : rv_ok();
}
