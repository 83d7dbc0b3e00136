/* assess/who_relationship.c — who the suspects are to their victims: exact, in kinds, and which
 * order can be told. SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/who_internal.h"
#include "stats/compare.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double NOT_KNOWN = (double)NAN;

enum { KIND_PARTNER, KIND_CHILD, KIND_FAMILY, KIND_ACQUAINTANCE, KIND_STRANGER };
const char *const WHO_RELATION_NAMES[WHO_RELATION_KINDS] = {"Partners and former partners",
                                                            "Sons and daughters", "Other family",
                                                            "Acquaintances", "Strangers"};

/* Every value of the vocabulary; a test holds the two lists together. */
static const struct {
    const char *value, *plural;
    int kind;
} RELATIONS[] = {{"partner", "partners", KIND_PARTNER},
                 {"ex-partner", "former partners", KIND_PARTNER},
                 {"husband", "husbands", KIND_PARTNER},
                 {"ex-husband", "former husbands", KIND_PARTNER},
                 {"wife", "wives", KIND_PARTNER},
                 {"ex-wife", "former wives", KIND_PARTNER},
                 {"boyfriend", "boyfriends", KIND_PARTNER},
                 {"ex-boyfriend", "former boyfriends", KIND_PARTNER},
                 {"girlfriend", "girlfriends", KIND_PARTNER},
                 {"ex-girlfriend", "former girlfriends", KIND_PARTNER},
                 {"son", "sons", KIND_CHILD},
                 {"stepson", "stepsons", KIND_CHILD},
                 {"daughter", "daughters", KIND_CHILD},
                 {"parent", "parents", KIND_FAMILY},
                 {"sibling", "siblings", KIND_FAMILY},
                 {"other-family", "other family", KIND_FAMILY},
                 {"acquaintance", "acquaintances", KIND_ACQUAINTANCE},
                 {"stranger", "strangers", KIND_STRANGER}};
enum { RELATION_COUNT = sizeof RELATIONS / sizeof *RELATIONS };

int who_relation_kind(const char *value)
{
    for (size_t i = 0; i < RELATION_COUNT; i++) {
        if (strcmp(RELATIONS[i].value, value) == 0) {
            return RELATIONS[i].kind;
        }
    }
    return -1;
}

struct relation {
    int64_t count;
    size_t which;
    int64_t place;
    bool is_tied;
    double p_holm; /* that it and the next are equal; NaN = there is no next */
};

struct relations {
    struct people *p;
    struct relation all[RELATION_COUNT]; /* most first, equal ones by name */
    int64_t kinds[WHO_RELATION_KINDS], known, unknown;
    size_t shown;      /* of at least WHO_LEAST persons */
    int64_t few, none; /* persons of the others; their relationships with any */
};

static int most_first(const void *a, const void *b)
{
    const struct relation *x = a, *y = b;
    if (x->count != y->count) {
        return x->count < y->count ? 1 : -1;
    }
    return strcmp(RELATIONS[x->which].value, RELATIONS[y->which].value);
}

static int64_t count_of(const struct people *p, uint32_t code)
{
    struct who_want want = WHO_ANYBODY;
    want.codes[ORIGIN_TIME] = p->now;
    want.codes[ORIGIN_RELATIONSHIP] = code;
    return who_sum(&p->origins, &want);
}

static rv_status count_all(struct relations *r, struct rv_err *reterr)
{
    double p[RELATION_COUNT];
    r->unknown = count_of(r->p, 0);
    for (size_t i = 0; i < RELATION_COUNT; i++) {
        uint32_t code = axis_code(&r->p->origin_axes[ORIGIN_RELATIONSHIP], RELATIONS[i].value);
        r->all[i] = (struct relation){.count = code ? count_of(r->p, code) : 0, .which = i};
        r->kinds[RELATIONS[i].kind] += r->all[i].count;
        r->known += r->all[i].count;
    }
    qsort(r->all, RELATION_COUNT, sizeof *r->all, most_first);
    while (r->shown < RELATION_COUNT && r->all[r->shown].count >= WHO_LEAST) {
        r->shown++;
    }
    for (size_t i = 0; i < RELATION_COUNT; i++) {
        struct relation *x = &r->all[i];
        bool is_as_before = i > 0 && x->count == x[-1].count;
        x->place = is_as_before ? x[-1].place : (int64_t)i + 1;
        x->is_tied = is_as_before || (i + 1 < RELATION_COUNT && x->count == x[1].count);
        r->few += i < r->shown ? 0 : x->count;
        r->none += i >= r->shown && x->count > 0 ? 1 : 0;
        p[i] = NOT_KNOWN;
        if (i + 1 < r->shown) {
            struct comparison c;
            RV_TRY(compare_rates(x->count, 1, x[1].count, 1, STATS_LEVEL, &c, reterr));
            p[i] = c.p;
        }
    }
    who_holm(p, RELATION_COUNT);
    for (size_t i = 0; i < RELATION_COUNT; i++) {
        r->all[i].p_holm = p[i];
    }
    return rv_ok();
}

/* ---- findings ---- */

static struct finding *relation_finding(struct relations *r, const char *measure,
                                        struct rv_err *reterr)
{
    struct arena *a = r->p->l->work->held.arena;
    struct finding *f = people_finding(r->p, measure, "relationship", NULL, reterr);
    if (!f) {
        return NULL;
    }
    f->id = arena_printf(a, "%s.all.%s", r->p->l->prefix, measure);
    f->unit = "percent";
    f->method = "wilson";
    f->missing = (double)r->unknown;
    f->denominator_name = "suspects whose relationship to the victim is recorded";
    bool is_made = r->unknown == 0 || rv_is_ok(compose_number(r->p->l->work, f, "unknown",
                                                              (double)r->unknown, reterr));
    return f->id && is_made ? f : NULL;
}

static rv_status add_first(struct relations *r, struct rv_err *reterr)
{
    struct assess_work *w = r->p->l->work;
    struct finding *f = relation_finding(r, "relationship", reterr);
    if (!f) {
        return arena_fail(w->held.arena, reterr);
    }
    if (r->known == 0) {
        return compose_absent(w, f, "RELATIONSHIP_NOT_AVAILABLE",
                              "the relationship of none of the suspects to the victim is recorded",
                              reterr);
    }
    const struct relation *first = &r->all[0], *next = &r->all[1];
    if (r->known < WORDING_PERCENT_BASE || r->shown == 0) {
        f->rule = "RELATIONSHIP_SMALL";
        f->verdict = VERDICT_CAUTION;
        f->denominator = (double)r->known;
        return compose_caveat(w, f,
                              "Holds with caution, because so few say nothing of which "
                              "relationship is most frequent.",
                              reterr);
    }
    bool has_next = r->shown > 1;
    RV_TRY(compose_percent(f, first->count, r->known, reterr));
    f->rule = has_next && first->count == next->count      ? "RELATIONSHIP_TIED"
              : has_next && first->p_holm >= WORDING_ALPHA ? "RELATIONSHIP_NOT_DISTINGUISHABLE"
                                                           : "RELATIONSHIP_FIRST";
    RV_TRY(compose_text(w, f, "first", RELATIONS[first->which].plural, reterr));
    RV_TRY(compose_text(w, f, "rows", RELATIONS[first->which].value, reterr));
    if (has_next) {
        RV_TRY(compose_text(w, f, "next", RELATIONS[next->which].plural, reterr));
        RV_TRY(compose_number(w, f, "next_count", (double)next->count, reterr));
    }
    RV_TRY(weaken_unknown(w, f, "a relationship", r->unknown, r->known, reterr));
    return compose_caveat(w, f,
                          "An order is told only where two counts differ beyond chance, allowing "
                          "for the number of comparisons; the table says which.",
                          reterr);
}

/* Said where they are the most numerous kind; elsewhere the table has them. */
static rv_status add_partners(struct relations *r, struct rv_err *reterr)
{
    struct assess_work *w = r->p->l->work;
    const char *rows = "";
    for (int k = 0; k < WHO_RELATION_KINDS; k++) {
        if (k != KIND_PARTNER && r->kinds[k] >= r->kinds[KIND_PARTNER]) {
            return rv_ok();
        }
    }
    if (r->known < WORDING_PERCENT_BASE) {
        return rv_ok(); /* the finding before says how few there are */
    }
    for (size_t i = 0; rows && i < RELATION_COUNT; i++) {
        bool is_partner = RELATIONS[i].kind == KIND_PARTNER;
        rows = is_partner ? arena_printf(w->held.arena, "%s %s", rows, RELATIONS[i].value) : rows;
    }
    struct finding *f = relation_finding(r, "partners", reterr);
    if (!f || !rows) {
        return arena_fail(w->held.arena, reterr);
    }
    f->rule = "PARTNERS";
    RV_TRY(compose_text(w, f, "rows", rows, reterr));
    RV_TRY(compose_percent(f, r->kinds[KIND_PARTNER], r->known, reterr));
    return weaken_unknown(w, f, "a relationship", r->unknown, r->known, reterr);
}

/* ---- tables ---- */

static rv_status put_share(struct result_cell *row, int64_t count, int64_t known,
                           struct rv_err *reterr)
{
    struct interval ci = {0};
    bool has = known >= WORDING_PERCENT_BASE;
    RV_TRY(has ? interval_wilson(count, known, STATS_LEVEL, &ci, reterr) : rv_ok());
    row[2] = cell_number(has ? 100 * (double)count / (double)known : NOT_KNOWN);
    row[3] = cell_number(has ? 100 * ci.lower : NOT_KNOWN);
    row[4] = cell_number(has ? 100 * ci.upper : NOT_KNOWN);
    return rv_ok();
}

/* A count, or "under 5" in place of a smaller one. */
static rv_status put_count(struct result_cell *row, int64_t count, int64_t known,
                           struct rv_err *reterr)
{
    if (count > 0 && count < WHO_LEAST) {
        row[1] = (struct result_cell){"under 5", NOT_KNOWN, true};
        row[2] = row[3] = row[4] = cell_number(NOT_KNOWN);
        return rv_ok();
    }
    row[1] = cell_number((double)count);
    return put_share(row, count, known, reterr);
}

static void put_unknown(struct result_cell *row, int64_t count, size_t width)
{
    for (size_t k = 1; k < width; k++) {
        row[k] = k < 5 ? cell_number(NOT_KNOWN) : cell_text("");
    }
    row[0] = cell_text("not recorded");
    row[1] = count > 0 && count < WHO_LEAST ? (struct result_cell){"under 5", NOT_KNOWN, true}
                                            : cell_number((double)count);
}

#define SHARE_COLUMNS(first, title)                                                                \
    {first, title, RESULT_TEXT}, {"count", "Suspects", RESULT_COUNT},                              \
        {"share_percent", "Share of those recorded, percent", RESULT_PERCENT},                     \
        {"lower", "95% interval, lower", RESULT_PERCENT},                                          \
    {                                                                                              \
        "upper", "95% interval, upper", RESULT_PERCENT                                             \
    }

static rv_status finish(struct relations *r, struct result_table *t, const char *what,
                        struct rv_err *reterr)
{
    struct lens *l = r->p->l;
    struct assess_work *w = l->work;
    t->title = arena_printf(w->held.arena, "%s: %s, %s, %s", l->profile->title, what, w->area_name,
                            compose_period(w->held.arena, w->options->period));
    t->chart = CHART_BAR;
    t->ends_with_total = true; /* not recorded: in the table, no bar */
    RV_TRY(evidence_of_people_table(l, t, reterr));
    return t->title ? rv_ok() : arena_fail(w->held.arena, reterr);
}

static rv_status exact_table(struct relations *r, struct rv_err *reterr)
{
    static const struct result_column columns[] = {
        SHARE_COLUMNS("relationship", "Suspect to the victim"),
        {"place", "Place", RESULT_TEXT},
        {"order", "Beside the next", RESULT_TEXT}};
    enum { WIDTH = 7 };
    struct arena *a = r->p->l->work->held.arena;
    struct result_cell *cells = NULL;
    size_t rows = r->shown + (r->few > 0) + 1;
    struct result_table *t =
        compose_lens_table(r->p->l, "relationships", columns, WIDTH, rows, &cells);
    if (!t) {
        return arena_fail(a, reterr);
    }
    for (size_t i = 0; i < r->shown; i++) {
        const struct relation *x = &r->all[i];
        struct result_cell *row = &cells[i * WIDTH];
        const char *plural = RELATIONS[x->which].plural;
        char *name = arena_text(a, plural, strlen(plural));
        const char *place =
            arena_printf(a, x->is_tied ? "joint %lld" : "%lld", (long long)x->place);
        if (!name || !place) {
            return arena_fail(a, reterr);
        }
        name[0] = (char)(name[0] - 'a' + 'A');
        row[0] = cell_text(name);
        RV_TRY(put_count(row, x->count, r->known, reterr));
        row[5] = cell_text(place);
        row[6] = cell_text(isnan(x->p_holm)            ? ""
                           : x->count == x[1].count    ? "as many"
                           : x->p_holm < WORDING_ALPHA ? "more, beyond chance"
                                                       : "cannot be told apart");
    }
    if (r->few > 0) {
        struct result_cell *row = &cells[r->shown * WIDTH];
        row[0] = cell_text("Others, each under 5");
        RV_TRY(put_count(row, r->few, r->known, reterr));
        row[5] = row[6] = cell_text("");
    }
    put_unknown(&cells[(rows - 1) * WIDTH], r->unknown, WIDTH);
    t->description = "Suspects by their relationship to the victim, most frequent first.";
    RV_TRY(finish(r, t, "relationship of suspects to victims", reterr));
    return compose_note(
        r->p->l->work, t,
        "A place says how many relationships have more suspects; two that cannot be "
        "told apart may stand in either order.",
        reterr);
}

static rv_status kind_table(struct relations *r, struct rv_err *reterr)
{
    static const struct result_column columns[] = {SHARE_COLUMNS("kind", "Suspect to the victim")};
    enum { WIDTH = 5 };
    struct result_cell *cells = NULL;
    struct result_table *t = compose_lens_table(r->p->l, "relationship-kinds", columns, WIDTH,
                                                WHO_RELATION_KINDS + 1, &cells);
    if (!t) {
        return arena_fail(r->p->l->work->held.arena, reterr);
    }
    for (size_t k = 0; k < WHO_RELATION_KINDS; k++) {
        cells[k * WIDTH] = cell_text(WHO_RELATION_NAMES[k]);
        RV_TRY(put_count(&cells[k * WIDTH], r->kinds[k], r->known, reterr));
    }
    put_unknown(&cells[WHO_RELATION_KINDS * WIDTH], r->unknown, WIDTH);
    t->description = "Suspects by the kind of relationship to the victim.";
    return finish(r, t, "kinds of relationship of suspects to victims", reterr);
}

rv_status who_relationship(struct people *suspects, struct rv_err *reterr)
{
    struct relations *r = ARENA_NEW(suspects->l->work->held.arena, struct relations, 1);
    if (!r) {
        return arena_fail(suspects->l->work->held.arena, reterr);
    }
    r->p = suspects;
    RV_TRY(count_all(r, reterr));
    RV_TRY(add_first(r, reterr));
    RV_TRY(add_partners(r, reterr));
    if (r->known == 0) {
        return rv_ok();
    }
    RV_TRY(kind_table(r, reterr));
    return exact_table(r, reterr);
}
