/* place/match.c — from words to places, from places to areas.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "place/match.h"

#include "place/match_names.h"
#include "place/reading.h"

#include <math.h>

#define UNEXPLAINED   0.08  /* that each word takes which nothing explains */
#define FEWEST        0.05  /* part of an area's weight that a narrowing name leaves it */
#define ELSEWHERE     0.001 /* a place in another borough than the narrowing name */
#define SAME_BOROUGH  0.3
#define CONTRADICTION 0.15 /* power of the best narrowing factor in the confidence */
#define OTHER_SORT    0.5  /* a place of another sort than the type of location */
#define UNLISTED      0.02 /* chance that a borough has a place of a name that no list has */
#define MOST_PLACES   ((size_t)4096)

const char *const MATCH_NAMES[MATCH_CLASSES] = {"not-recorded", "exact",     "close",     "weak",
                                                "ambiguous",    "not-found", "too-vague", "home"};

struct meaning_of { /* a place that the text may mean */
    uint32_t place;
    double agreement, weight;
};

struct matcher {
    const struct gazetteer *g;
    struct names_found names;
    struct meaning_of *meanings; /* [MOST_PLACES] */
    size_t meaning_count;
    double *mass;    /* [largest layer + 1], all 0 between uses */
    double unlisted; /* weight of the places that no list has */
};

rv_status matcher_open(struct arena *a, const struct gazetteer *g, struct matcher **ret,
                       struct rv_err *reterr)
{
    uint32_t most = 0;
    for (size_t l = 0; l < g->layer_count; l++) {
        most = g->layers[l].count > most ? g->layers[l].count : most;
    }
    struct matcher *m = ARENA_NEW(a, struct matcher, 1);
    if (!m) {
        return arena_fail(a, reterr);
    }
    *m = (struct matcher){.g = g};
    m->meanings = ARENA_NEW(a, struct meaning_of, MOST_PLACES);
    m->mass = ARENA_NEW(a, double, most + 1);
    if (!m->meanings || !m->mass) {
        return arena_fail(a, reterr);
    }
    RV_TRY(names_open(a, g, &m->names, reterr));
    *ret = m;
    return rv_ok();
}

/* ---- evidence of a place ---- */

struct evidence_run {
    const struct place_evidence *at;
    size_t count;
    double sum;
};

static struct evidence_run evidence_in(const struct gazetteer *g, uint32_t place, size_t layer)
{
    const struct gazetteer_place *p = &g->places[place];
    struct evidence_run run = {NULL, 0, 0};
    for (uint32_t i = 0; i < p->count; i++) {
        const struct place_evidence *e = &g->evidence[p->first + i];
        if (e->layer == layer) {
            run.at = run.at ? run.at : e;
            run.count++;
            run.sum += e->weight;
        }
    }
    return run;
}

static double share_of(const struct evidence_run *run, uint32_t placed)
{
    for (size_t i = 0; i < run->count; i++) {
        if (run->at[i].placed == placed) {
            return run->at[i].weight / run->sum;
        }
    }
    return 0;
}

/* How far the first place lies in the areas of the second, from 0 to 1, in the finest layer that
 * knows both; -1 when none does. */
static double overlap(const struct gazetteer *g, uint32_t one, uint32_t two)
{
    double found = -1;
    uint32_t finest = 0;
    bool is_town = g->places[two].kind == NAMED_AREA;
    for (size_t l = 0; l < g->layer_count; l++) {
        struct evidence_run a = evidence_in(g, one, l), b = evidence_in(g, two, l);
        if (a.count == 0 || b.count == 0 || l == g->borough_layer || g->layers[l].count <= finest) {
            continue;
        }
        finest = g->layers[l].count;
        found = 0;
        for (size_t i = 0; i < a.count; i++) {
            double share = a.at[i].weight / a.sum, other = share_of(&b, a.at[i].placed);
            bool is_inside = is_town && other > 0; /* whatever part of the town it is */
            found += is_inside || share < other ? share : other;
        }
    }
    return found;
}

/* What a narrowing name leaves of the weight of a place. */
static double narrowing(const struct gazetteer *g, uint32_t name, uint32_t place)
{
    const struct gazetteer_name *n = &g->names[name];
    double best = ELSEWHERE;
    for (uint32_t k = n->place; k < n->place + n->places; k++) {
        uint32_t borough = g->places[k].borough;
        bool is_same = borough != 0 && borough == g->places[place].borough;
        double common = overlap(g, place, k);
        double factor = common > 0 ? SAME_BOROUGH + (1 - SAME_BOROUGH) * common
                        : is_same  ? (common < 0 ? 1 : SAME_BOROUGH)
                                   : ELSEWHERE;
        best = factor > best ? factor : best;
    }
    return best;
}

/* ---- what the text may mean ---- */

/* The sort of place that a type of location speaks of, NAMED_AREA = none. */
static enum place_kind sort_of_type(struct text type)
{
    struct place_words w;
    place_words_split(type, &w);
    for (size_t i = 0; i < w.count; i++) {
        word_canonical(&w.at[i]);
        if (word_is(&w.at[i], "st") || word_is(&w.at[i], "road") || word_is(&w.at[i], "highway")) {
            return NAMED_STREET;
        }
        if (word_is(&w.at[i], "transport") || word_is(&w.at[i], "station")) {
            return NAMED_STATION;
        }
        if (word_is(&w.at[i], "pub") || word_is(&w.at[i], "public") || word_is(&w.at[i], "bar") ||
            word_is(&w.at[i], "club") || word_is(&w.at[i], "licensed") ||
            word_is(&w.at[i], "school") || word_is(&w.at[i], "shop")) {
            return NAMED_SITE;
        }
    }
    return NAMED_AREA;
}

static void add_meanings(struct matcher *m, const struct name_hit *hit, double best,
                         enum place_kind sort, const double *prior)
{
    const struct gazetteer *g = m->g;
    const struct gazetteer_name *n = &g->names[hit->name];
    double ratio = hit->agreement / best, nearness = ratio * ratio * ratio * ratio;
    for (uint32_t p = n->place; p < n->place + n->places && m->meaning_count < MOST_PLACES; p++) {
        const struct gazetteer_place *place = &g->places[p];
        double weight = place->weight * nearness * (prior ? prior[place->borough] : 1);
        bool is_other = sort != NAMED_AREA && place->kind != sort && place->kind != NAMED_AREA;
        m->meanings[m->meaning_count++] =
            (struct meaning_of){p, hit->agreement, weight * (is_other ? OTHER_SORT : 1)};
    }
}

/* Whether some meaning may lie where another street or venue does. A second street that lies
 * elsewhere is one that no list has here, and says nothing. */
static bool agrees(const struct matcher *m, uint32_t name)
{
    bool does = false;
    for (size_t i = 0; i < m->meaning_count && !does; i++) {
        does = narrowing(m->g, name, m->meanings[i].place) > ELSEWHERE;
    }
    return does;
}

/* Narrows all meanings by the other names; the best factor that a meaning keeps. */
static double narrow(struct matcher *m, const struct match *ret)
{
    double best = 0;
    for (size_t i = 0; i < m->meaning_count; i++) {
        double factor = 1;
        for (size_t k = 0; k < ret->also_count; k++) {
            factor *= narrowing(m->g, ret->also[k], m->meanings[i].place);
        }
        m->meanings[i].weight *= factor;
        best = m->meanings[i].weight > 0 && factor > best ? factor : best;
    }
    return best;
}

/* The weight of a place of that name that the gazetteer does not have, by where the supplier's
 * other records lie: without it a name that is known only in a far borough would be sure to be
 * there. */
static double unlisted(const struct gazetteer *g, const struct match *ret, const double *prior)
{
    double sum = 0;
    uint32_t boroughs =
        prior && g->borough_layer != SIZE_MAX ? g->layers[g->borough_layer].count : 0;
    for (uint32_t b = 1; b <= boroughs; b++) {
        double factor = 1;
        for (size_t k = 0; k < ret->also_count; k++) {
            const struct gazetteer_name *n = &g->names[ret->also[k]];
            double best = ELSEWHERE;
            for (uint32_t p = n->place; p < n->place + n->places; p++) {
                best = g->places[p].borough == b ? 1 : best;
            }
            factor *= best;
        }
        sum += UNLISTED * prior[b] * factor;
    }
    return sum;
}

/* What the other names leave of one area: those that know the layer must know the area. */
static double narrowing_in(const struct gazetteer *g, const struct match *ret, size_t layer,
                           uint32_t placed)
{
    double factor = 1;
    for (size_t k = 0; k < ret->also_count; k++) {
        const struct gazetteer_name *n = &g->names[ret->also[k]];
        double best = 0;
        bool knows = false;
        for (uint32_t p = n->place; p < n->place + n->places; p++) {
            struct evidence_run run = evidence_in(g, p, layer);
            double share = run.count ? share_of(&run, placed) * run.sum / run.at[0].weight : 0;
            knows = knows || run.count > 0;
            best = share > best ? share : best;
        }
        factor *= knows ? FEWEST + (1 - FEWEST) * best : 1; /* of its likeliest area: all */
    }
    return factor;
}

/* ---- areas ---- */

static enum match_class class_of(double confidence, double agreement, double placed,
                                 const struct match_options *o)
{
    return placed <= 0              ? MATCH_VAGUE
           : confidence >= o->exact ? MATCH_EXACT
           : confidence >= o->close ? MATCH_CLOSE
           : confidence >= o->weak  ? MATCH_WEAK
           : agreement < o->weak    ? MATCH_NOT_FOUND
                                    : MATCH_AMBIGUOUS;
}

/* The likeliest area of one layer. */
static struct match_area weigh_layer(struct matcher *m, const struct match *ret, size_t layer,
                                     const struct match_options *o)
{
    const struct gazetteer *g = m->g;
    double all = 0, placed = 0;
    for (size_t i = 0; i < m->meaning_count; i++) {
        const struct meaning_of *of = &m->meanings[i];
        struct evidence_run run = evidence_in(g, of->place, layer);
        all += run.count ? 0 : of->weight;
        for (size_t k = 0; k < run.count; k++) {
            double part = of->weight * run.at[k].weight / run.sum;
            part *= narrowing_in(g, ret, layer, run.at[k].placed);
            m->mass[run.at[k].placed] += part;
            placed += part;
        }
    }
    all += placed + m->unlisted;
    struct match_area area = {.class = MATCH_VAGUE};
    double most = 0;
    for (size_t i = 0; i < m->meaning_count; i++) {
        struct evidence_run run = evidence_in(g, m->meanings[i].place, layer);
        for (size_t k = 0; k < run.count; k++) {
            uint32_t code = run.at[k].placed;
            bool is_more = m->mass[code] > most || (m->mass[code] >= most && code < area.likeliest);
            area.likeliest = is_more ? code : area.likeliest;
            most = is_more ? m->mass[code] : most;
        }
    }
    for (size_t i = 0; i < m->meaning_count; i++) {
        struct evidence_run run = evidence_in(g, m->meanings[i].place, layer);
        for (size_t k = 0; k < run.count; k++) {
            m->mass[run.at[k].placed] = 0;
        }
    }
    area.confidence = all > 0 ? ret->agreement * most / all : 0;
    area.class = class_of(area.confidence, ret->agreement, placed, o);
    area.placed = match_is_placed(area.class) ? area.likeliest : 0;
    return area;
}

static void list_alternatives(struct matcher *m, struct match *ret)
{
    double all = 0;
    for (size_t i = 0; i < m->meaning_count; i++) {
        all += m->meanings[i].weight;
    }
    ret->meanings = m->meaning_count;
    for (size_t i = 0; i < m->meaning_count; i++) {
        const struct meaning_of *of = &m->meanings[i];
        struct match_alternative alternative = {of->place, of->agreement,
                                                all > 0 ? of->weight / all : 0};
        size_t at = ret->alternative_count;
        while (at > 0 && ret->alternatives[at - 1].share < alternative.share) {
            at--;
        }
        if (at == MATCH_ALTERNATIVES) {
            continue;
        }
        size_t last = ret->alternative_count < MATCH_ALTERNATIVES ? ret->alternative_count++
                                                                  : MATCH_ALTERNATIVES - 1;
        memmove(&ret->alternatives[at + 1], &ret->alternatives[at],
                (last - at) * sizeof *ret->alternatives);
        ret->alternatives[at] = alternative;
    }
}

/* ---- all of it ---- */

static void answer_all(const struct matcher *m, struct match *ret, enum match_class class)
{
    ret->class = class;
    for (size_t l = 0; l < m->g->layer_count; l++) {
        ret->areas[l] = (struct match_area){.class = class};
    }
}

static void weigh(struct matcher *m, struct text type, const struct match_options *o,
                  struct match *ret)
{
    struct names_found *f = &m->names;
    enum place_kind sort = sort_of_type(type);
    m->meaning_count = 0;
    for (size_t i = 0; i < f->meant_count; i++) {
        add_meanings(m, &f->meant[i], f->meant[0].agreement, sort, o->prior);
    }
    for (size_t i = 0; i < f->also_count; i++) {
        bool is_kept = names_is_area(m->g, f->also[i].name) || agrees(m, f->also[i].name);
        ret->also[ret->also_count] = f->also[i].name;
        ret->also_count += is_kept;
        f->unexplained += !is_kept;
    }
    double kept = ret->also_count ? narrow(m, ret) : 1;
    double unexplained = f->unexplained < 3 ? (double)f->unexplained : 3;
    ret->agreement = f->meant[0].agreement * (1 - UNEXPLAINED * unexplained);
    if (kept < SAME_BOROUGH + 0.1) {
        ret->agreement *= pow(kept, CONTRADICTION);
    }
    m->unlisted = unlisted(m->g, ret, o->prior);
    ret->class = MATCH_EXACT;
    for (size_t l = 0; l < m->g->layer_count; l++) {
        ret->areas[l] = weigh_layer(m, ret, l, o);
    }
    list_alternatives(m, ret);
}

void match_reading(struct matcher *m, struct text type, struct text reading,
                   const struct match_options *options, struct match *ret)
{
    struct match_area *areas = ret->areas;
    *ret = (struct match){.areas = areas};
    if (text_is(reading, READING_HOME) || reading_is_home(type)) {
        answer_all(m, ret, MATCH_HOME);
    } else if (reading.n == 0) {
        answer_all(m, ret, MATCH_NO_TEXT);
    } else {
        names_find(&m->names, reading);
        if (m->names.meant_count == 0) {
            answer_all(m, ret, m->names.has_plain ? MATCH_NOT_FOUND : MATCH_VAGUE);
        } else {
            weigh(m, type, options, ret);
        }
    }
}
