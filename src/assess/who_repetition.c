/* assess/who_repetition.c — how many persons appear in two or more of the offences that are
 * counted.
 *
 * Bands of under WHO_LEAST persons are joined with the band below: nobody is counted alone.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/who_internal.h"
#include "base/limits.h"

#include <math.h>
#include <string.h>

static const double NOT_KNOWN = (double)NAN;

static const int64_t BAND_FIRST[WHO_REPEAT_BANDS] = {1, 2, 3, 5};

struct counting {
    const struct who_crowd *crowd;
    struct repetition *r;
    uint8_t *marks; /* of an offence: 1 = somebody with a pseudonym, 2 = somebody repeated */
};

static bool is_counted(const struct who_crowd *c, const struct who_ref *x)
{
    return x->role == c->role && (c->is_both || x->bucket == BUCKET_PERIOD) && c->is_in[x->offence];
}

static bool is_same(const struct who_ref *x, const struct who_ref *y)
{
    return x->role == y->role && x->ref.a == y->ref.a && x->ref.b == y->ref.b;
}

static void count_one(struct counting *k, const struct who_ref *refs, size_t n)
{
    struct repetition *r = k->r;
    int64_t offences = 0;
    uint32_t last = NO_RECORD;
    for (size_t i = 0; i < n; i++) {
        if (is_counted(k->crowd, &refs[i])) {
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
    for (int b = WHO_REPEAT_BANDS - 1; b >= 0; b--) {
        if (offences >= BAND_FIRST[b]) {
            r->bands[b]++;
            break;
        }
    }
    for (size_t i = 0; i < n; i++) {
        if (is_counted(k->crowd, &refs[i])) {
            uint8_t *mark = &k->marks[refs[i].offence];
            r->offences += *mark == 0 ? 1 : 0;
            r->of_repeated += offences > 1 && *mark < 2 ? 1 : 0;
            *mark = offences > 1 ? 2 : *mark ? *mark : 1;
        }
    }
}

rv_status repetition_count(const struct who_crowd *crowd, struct repetition *ret,
                           struct rv_err *reterr)
{
    struct repetition r = {.rows = 0};
    struct arena scratch RV_CLEANUP(arena_done);
    arena_init(&scratch, LIMIT_ARENA_BYTES);
    struct counting k = {crowd, &r, ARENA_NEW(&scratch, uint8_t, crowd->offences + 1)};
    if (!k.marks) {
        return arena_fail(&scratch, reterr);
    }
    for (size_t i = 0; i < crowd->ref_count;) {
        size_t end = i + 1;
        while (end < crowd->ref_count && is_same(&crowd->refs[i], &crowd->refs[end])) {
            end++;
        }
        count_one(&k, &crowd->refs[i], end - i);
        i = end;
    }
    *ret = r;
    return rv_ok();
}

size_t repetition_join(struct repetition *r)
{
    size_t n = WHO_REPEAT_BANDS;
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

rv_status repetition_rows(struct arena *a, const struct repetition *r, size_t n,
                          struct result_cell *cells, struct rv_err *reterr)
{
    for (size_t b = 0; b < n; b++) {
        long long from = (long long)BAND_FIRST[b];
        long long to = b + 1 < n ? (long long)BAND_FIRST[b + 1] - 1 : 0;
        const char *name = b + 1 == n   ? arena_printf(a, "%lld or more", from)
                           : from == to ? arena_printf(a, "%lld", from)
                                        : arena_printf(a, "%lld to %lld", from, to);
        if (!name) {
            return arena_fail(a, reterr);
        }
        struct result_cell *row = &cells[b * REPETITION_WIDTH];
        row[0] = cell_text(name);
        row[1] = cell_number((double)r->bands[b]);
        row[2] = cell_number(100 * (double)r->bands[b] / (double)r->persons);
    }
    return rv_ok();
}

bool repetition_has_rows(const struct finding *f, const struct repetition *r)
{
    return strcmp(f->rule, "REPEAT") == 0 && (r->bands[0] == 0 || r->bands[0] >= WHO_LEAST);
}

const struct result_column REPETITION_COLUMNS[REPETITION_WIDTH] = {
    {"offences", "Offences of the profile for each person", RESULT_TEXT},
    {"persons", "Persons", RESULT_COUNT},
    {"share_percent", "Share of persons, percent", RESULT_PERCENT}};

/* ---- what is said ---- */

rv_status repetition_say(struct assess_work *w, struct finding *f, const struct repetition *r,
                         unsigned role, struct rv_err *reterr)
{
    RV_TRY(compose_text(w, f, "what", role == ROLE_VICTIM ? "harmed" : "suspected", reterr));
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
