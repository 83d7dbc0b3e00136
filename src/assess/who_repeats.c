/* assess/who_repeats.c — persons in two or more offences of a profile, as far as pseudonyms tell.
 *
 * Bands of under WHO_LEAST persons are joined with the band below: nobody is counted alone.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/who_internal.h"
#include "base/limits.h"

#include <math.h>
#include <string.h>

static const double NOT_KNOWN = (double)NAN;

enum { BANDS = 4 };
static const int64_t BAND_FIRST[BANDS] = {1, 2, 3, 5};

struct repeats {
    struct people *p;
    struct month_range window;
    bool is_both;          /* both periods */
    int64_t rows, without; /* persons of the role; of them without a pseudonym */
    int64_t persons, repeated, bands[BANDS];
    int64_t offences, of_repeated; /* with somebody of a pseudonym; of them with a repeated one */
};

static bool is_counted(const struct repeats *r, const struct who_ref *x)
{
    const struct lens *l = r->p->l;
    const struct belonging *b = l->profile->sharing->belonging;
    return x->role == r->p->role && (r->is_both || x->bucket == BUCKET_PERIOD) &&
           (b->in[b->codes[x->offence]] >> l->profile->bit & 1);
}

static bool is_same(const struct who_ref *x, const struct who_ref *y)
{
    return x->role == y->role && x->ref.a == y->ref.a && x->ref.b == y->ref.b;
}

/* Marks of an offence: 1 = somebody with a pseudonym, 2 = somebody repeated. */
static void count_one(struct repeats *r, const struct who_ref *refs, size_t n, uint8_t *marks)
{
    int64_t offences = 0;
    uint32_t last = NO_RECORD;
    for (size_t i = 0; i < n; i++) {
        if (is_counted(r, &refs[i])) {
            offences += refs[i].offence != last ? 1 : 0;
            last = refs[i].offence;
            r->rows++;
            r->without += refs[i].ref.a ? 0 : 1;
        }
    }
    if (offences == 0 || !refs[0].ref.a) {
        return;
    }
    r->persons++;
    r->repeated += offences > 1 ? 1 : 0;
    for (int b = BANDS - 1; b >= 0; b--) {
        if (offences >= BAND_FIRST[b]) {
            r->bands[b]++;
            break;
        }
    }
    for (size_t i = 0; i < n; i++) {
        if (is_counted(r, &refs[i])) {
            uint8_t *mark = &marks[refs[i].offence];
            r->offences += *mark == 0 ? 1 : 0;
            r->of_repeated += offences > 1 && *mark < 2 ? 1 : 0;
            *mark = offences > 1 ? 2 : *mark ? *mark : 1;
        }
    }
}

static rv_status count_all(struct repeats *r, struct rv_err *reterr)
{
    struct lens *l = r->p->l;
    struct assess_work *w = l->work;
    const struct who_shared *s = NULL;
    RV_TRY(who_refs_of(l, &s, reterr));
    size_t offences = l->profile->sharing->belonging->joined->records.count;
    struct arena scratch RV_CLEANUP(arena_done);
    arena_init(&scratch, LIMIT_ARENA_BYTES);
    uint8_t *marks = ARENA_NEW(&scratch, uint8_t, offences + 1);
    if (!marks) {
        return arena_fail(&scratch, reterr);
    }
    r->is_both = l->is_available[BUCKET_COMPARE] && has_compare(w) &&
                 w->options->compare.last + 1 == w->options->period.first;
    r->window = w->options->period;
    r->window.first = r->is_both ? w->options->compare.first : r->window.first;
    for (size_t i = 0; i < s->ref_count;) {
        size_t end = i + 1;
        while (end < s->ref_count && is_same(&s->refs[i], &s->refs[end])) {
            end++;
        }
        count_one(r, &s->refs[i], end - i, marks);
        i = end;
    }
    return rv_ok();
}

/* Joins bands from the top: each then has WHO_LEAST persons or none. Returns how many are left. */
static size_t join_bands(struct repeats *r)
{
    size_t n = BANDS;
    while (n > 2 && r->bands[n - 1] < WHO_LEAST) {
        r->bands[n - 2] += r->bands[n - 1];
        n--;
    }
    for (size_t b = n - 1; b > 1; b--) { /* a small one under a large one */
        if (r->bands[b - 1] > 0 && r->bands[b - 1] < WHO_LEAST) {
            r->bands[b - 1] += r->bands[b];
            n = b;
        }
    }
    return n;
}

/* ---- what is said ---- */

static rv_status say(struct repeats *r, struct finding *f, struct rv_err *reterr)
{
    struct assess_work *w = r->p->l->work;
    RV_TRY(compose_text(w, f, "what", r->p->role == ROLE_VICTIM ? "harmed" : "suspected", reterr));
    f->denominator = (double)r->persons;
    f->missing = (double)r->without;
    RV_TRY(compose_number(w, f, "unknown", r->without ? (double)r->without : NOT_KNOWN, reterr));
    if (r->repeated == 0) {
        f->rule = "REPEAT_NONE";
        f->verdict = VERDICT_CAUTION;
        return compose_caveat(w, f,
                              "Holds with caution, because pseudonyms that are made anew for each "
                              "record would look the same.",
                              reterr);
    }
    if (r->repeated < WHO_LEAST || r->persons < WORDING_PERCENT_BASE) {
        f->rule = "REPEAT_FEW";
        f->verdict = VERDICT_CAUTION;
        return compose_caveat(w, f,
                              "Holds with caution, because fewer than 5 persons, or of fewer than "
                              "20, are no base for a share; their number is not shown.",
                              reterr);
    }
    f->rule = "REPEAT";
    RV_TRY(compose_percent(f, r->repeated, r->persons, reterr));
    RV_TRY(compose_number(w, f, "offences", (double)r->offences, reterr));
    RV_TRY(compose_number(w, f, "of_repeated", (double)r->of_repeated, reterr));
    RV_TRY(compose_number(w, f, "offences_share",
                          100 * (double)r->of_repeated / (double)r->offences, reterr));
    RV_TRY(weaken_unknown(w, f, "a pseudonym", r->without, r->rows - r->without, reterr));
    return compose_caveat(w, f,
                          "A window with a beginning and an end understates repetition: what came "
                          "before and after is not seen.",
                          reterr);
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
    int64_t known = r->rows - r->without;
    if (known == 0) {
        return compose_absent(w, f, "REPEAT_NOT_AVAILABLE",
                              "no pseudonym of theirs is in the extract", reterr);
    }
    if (wording_of_kept((double)known / (double)r->rows) == WORDING_NOT_RELIABLE) {
        return compose_absent(w, f, "REPEAT_NOT_AVAILABLE",
                              arena_printf(a, "a pseudonym is recorded for only %lld of %lld",
                                           (long long)known, (long long)r->rows),
                              reterr);
    }
    RV_TRY(say(r, f, reterr));
    RV_TRY(compose_caveat(w, f,
                          "No table lists persons: the command gives the number of entries that "
                          "were searched, with and without a pseudonym.",
                          reterr));
    *ret_has_table =
        strcmp(f->rule, "REPEAT") == 0 && (r->bands[0] == 0 || r->bands[0] >= WHO_LEAST);
    return f->query && f->denominator_name ? rv_ok() : arena_fail(a, reterr);
}

static rv_status table(struct repeats *r, struct rv_err *reterr)
{
    static const struct result_column columns[] = {
        {"offences", "Offences of the profile for each person", RESULT_TEXT},
        {"persons", "Persons", RESULT_COUNT},
        {"share_percent", "Share of persons, percent", RESULT_PERCENT}};
    enum { WIDTH = 3 };
    struct lens *l = r->p->l;
    struct assess_work *w = l->work;
    struct arena *a = w->held.arena;
    size_t n = join_bands(r);
    struct result_cell *cells = NULL;
    struct result_table *t = compose_lens_table(l, arena_printf(a, "%s-repeat", r->p->plural),
                                                columns, WIDTH, n, &cells);
    if (!t) {
        return arena_fail(a, reterr);
    }
    for (size_t b = 0; b < n; b++) {
        long long from = (long long)BAND_FIRST[b];
        long long to = b + 1 < n ? (long long)BAND_FIRST[b + 1] - 1 : 0;
        const char *name = b + 1 == n   ? arena_printf(a, "%lld or more", from)
                           : from == to ? arena_printf(a, "%lld", from)
                                        : arena_printf(a, "%lld to %lld", from, to);
        if (!name) {
            return arena_fail(a, reterr);
        }
        cells[b * WIDTH] = cell_text(name);
        cells[b * WIDTH + 1] = cell_number((double)r->bands[b]);
        cells[b * WIDTH + 2] = cell_number(100 * (double)r->bands[b] / (double)r->persons);
    }
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
