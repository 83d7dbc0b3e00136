/* place/texts_match.c — distinct texts gathered, then matched in parallel.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/limits.h"
#include "place/reading.h"
#include "place/texts_internal.h"
#include "store/extract.h"

#define PIECE     ((size_t)64) /* texts matched at a time */
#define KEY_BYTES (READING_BYTES + 512)
#define SEPARATOR '\x1f'

enum { COLUMN_SITE, COLUMN_PLACE_TYPE, COLUMN_READING, COLUMN_COUNT };
static const char *const columns[COLUMN_COUNT] = {"site_code", "location_type", "location_text"};

void texts_done(struct texts *t)
{
    dictionary_done(&t->sites);
    dictionary_done(&t->keys);
    arena_done(&t->a);
}

/* ---- gathering ---- */

static struct text category(const struct extract_scan *scan, const struct column *c, size_t k,
                            uint32_t row)
{
    const struct dictionary *d = extract_scan_dictionary(scan, k);
    bool has = d && c[k].type == COLUMN_CATEGORY && c[k].codes[row] < d->count;
    return has ? dictionary_text(d, c[k].codes[row]) : (struct text){NULL, 0};
}

static size_t put_part(char *key, size_t n, struct text part, size_t most)
{
    size_t take = part.n < most ? part.n : most;
    if (take) {
        memcpy(key + n, part.at, take);
    }
    return n + take;
}

static rv_status make_room(struct texts *t, struct rv_err *reterr)
{
    if (t->keys.count <= t->room) {
        return rv_ok();
    }
    size_t room = t->room ? t->room * 2 : 1024;
    int64_t *times = ARENA_NEW(&t->a, int64_t, room + 1);
    uint32_t *site_of = ARENA_NEW(&t->a, uint32_t, room + 1);
    if (!times || !site_of) {
        return arena_fail(&t->a, reterr);
    }
    if (t->room) {
        memcpy(times, t->times, (t->room + 1) * sizeof *times);
        memcpy(site_of, t->site_of, (t->room + 1) * sizeof *site_of);
    }
    t->times = times;
    t->site_of = site_of;
    t->room = room;
    return rv_ok();
}

/* The number of the text of one row. */
static rv_status number_row(struct texts *t, const struct extract_scan *scan,
                            const struct column *c, uint32_t row, uint32_t *ret,
                            struct rv_err *reterr)
{
    char key[KEY_BYTES];
    struct text site = category(scan, c, COLUMN_SITE, row);
    struct text reading = {NULL, 0};
    const struct column *texts = &c[COLUMN_READING];
    if (texts->type == COLUMN_TEXT && column_has(texts, row)) {
        reading = (struct text){texts->bytes + texts->offsets[row],
                                texts->offsets[row + 1] - texts->offsets[row]};
    }
    size_t n = put_part(key, 0, site, 200);
    key[n++] = SEPARATOR;
    n = put_part(key, n, category(scan, c, COLUMN_PLACE_TYPE, row), 200);
    key[n++] = SEPARATOR;
    struct place_reading
        r; /* of a reading itself, or of a text that an early version stored as sent */
    reading_make(category(scan, c, COLUMN_PLACE_TYPE, row), reading, &r);
    n = put_part(key, n, (struct text){r.at, r.n}, READING_BYTES);
    RV_TRY(dictionary_code(&t->keys, (struct text){key, n}, ret, reterr));
    RV_TRY(make_room(t, reterr));
    t->times[*ret]++;
    return dictionary_code(&t->sites, site, &t->site_of[*ret], reterr);
}

static rv_status gather_chunk(struct texts *t, struct texts_extract *x,
                              const struct extract_scan *scan, uint32_t chunk,
                              struct rv_err *reterr)
{
    RV_CLEANUP(arena_done) struct arena scratch;
    arena_init(&scratch, LIMIT_ARENA_BYTES);
    struct column c[COLUMN_COUNT];
    const uint64_t *current = NULL;
    RV_TRY(extract_scan_read(scan, chunk, &scratch, c, &current, reterr));
    x->row_counts[chunk] = c[0].rows;
    x->rows[chunk] = ARENA_NEW(&t->a, uint32_t, (size_t)c[0].rows + 1);
    if (!x->rows[chunk]) {
        return arena_fail(&t->a, reterr);
    }
    for (uint32_t row = 0; row < c[0].rows; row++) {
        RV_TRY(number_row(t, scan, c, row, &x->rows[chunk][row], reterr));
    }
    return rv_ok();
}

static rv_status gather(struct texts *t, const struct extract_info *list, struct rv_err *reterr)
{
    for (size_t i = 0; i < t->extract_count; i++) {
        RV_CLEANUP(arena_done) struct arena of_scan;
        arena_init(&of_scan, LIMIT_ARENA_BYTES);
        struct texts_extract *x = &t->extracts[i];
        struct extract_scan *scan = NULL;
        RV_TRY(
            extract_scan_open(t->s, &of_scan, list[i].id, columns, COLUMN_COUNT, 0, &scan, reterr));
        x->id = list[i].id;
        x->chunks = extract_scan_chunks(scan);
        x->rows = ARENA_NEW(&t->a, uint32_t *, (size_t)x->chunks + 1);
        x->row_counts = ARENA_NEW(&t->a, uint32_t, (size_t)x->chunks + 1);
        if (!x->rows || !x->row_counts) {
            return arena_fail(&t->a, reterr);
        }
        for (uint32_t chunk = 0; chunk < x->chunks; chunk++) {
            RV_TRY(gather_chunk(t, x, scan, chunk, reterr));
        }
    }
    return rv_ok();
}

/* ---- matching ---- */

struct text_key texts_key(const struct texts *t, uint32_t key)
{
    struct text_key k;
    struct text rest;
    k.site = text_split(dictionary_text(&t->keys, key), SEPARATOR, &rest);
    k.type = text_split(rest, SEPARATOR, &k.reading);
    return k;
}

static void match_key(const struct texts *t, size_t worker, uint32_t key, const double *prior,
                      struct match *ret)
{
    struct text_key k = texts_key(t, key);
    struct match_options options = MATCH_DEFAULTS;
    options.prior = prior;
    ret->areas = t->areas[worker];
    match_reading(t->matchers[worker], k.type, k.reading, &options, ret);
}

/* Whether the text names a town or borough: a street alone may be one of many that no list has. */
static bool names_town(const struct texts *t, const struct match *m)
{
    bool is_area = m->alternative_count > 0 &&
                   t->gazetteer.places[m->alternatives[0].place].kind == NAMED_AREA;
    return is_area || m->also_count > 0;
}

/* The borough of the texts that are certain about it whatever the site. */
static rv_status match_boroughs(void *context, size_t piece, size_t worker, struct rv_err *reterr)
{
    const struct texts *t = context;
    RV_TRY(progress_check(t->progress, reterr));
    for (size_t k = piece * PIECE; k < (piece + 1) * PIECE && k < t->keys.count; k++) {
        struct match m;
        match_key(t, worker, (uint32_t)k, NULL, &m);
        const struct match_area *area = &m.areas[t->gazetteer.borough_layer];
        t->sure_borough[k] = area->class == MATCH_EXACT && names_town(t, &m) ? area->placed : 0;
    }
    return rv_ok();
}

static rv_status match_all(void *context, size_t piece, size_t worker, struct rv_err *reterr)
{
    const struct texts *t = context;
    RV_TRY(progress_check(t->progress, reterr));
    for (size_t k = piece * PIECE; k < (piece + 1) * PIECE && k < t->keys.count; k++) {
        struct match m;
        match_key(t, worker, (uint32_t)k, t->priors[t->site_of[k]], &m);
        for (size_t l = 0; l < t->layer_count; l++) {
            t->placed[k * t->layer_count + l] =
                (struct placed_text){(uint8_t)m.areas[l].class, m.areas[l].placed};
        }
        progress_add(t->progress, t->times[k]);
    }
    return rv_ok();
}

/* A site with enough records whose borough is certain has the shares of its boroughs, none quite
 * excluded. */
static rv_status find_priors(struct texts *t, struct rv_err *reterr)
{
    size_t boroughs = t->layers[t->gazetteer.borough_layer].count;
    int64_t *sums = ARENA_NEW(&t->a, int64_t, t->sites.count + 1);
    if (!sums) {
        return arena_fail(&t->a, reterr);
    }
    for (uint32_t k = 0; k < t->keys.count; k++) {
        sums[t->site_of[k]] += t->sure_borough[k] ? t->times[k] : 0;
    }
    for (uint32_t site = 0; site < t->sites.count; site++) {
        if (sums[site] < TEXTS_SURE) {
            continue;
        }
        double *prior = ARENA_NEW(&t->a, double, boroughs + 1);
        if (!prior) {
            return arena_fail(&t->a, reterr);
        }
        for (uint32_t k = 0; k < t->keys.count; k++) {
            bool is_sure = t->site_of[k] == site && t->sure_borough[k];
            prior[is_sure ? t->sure_borough[k] : 0] += is_sure ? (double)t->times[k] : 0;
        }
        for (size_t b = 0; b <= boroughs; b++) {
            prior[b] = (prior[b] + 0.5) / ((double)sums[site] + 0.5 * (double)(boroughs + 1));
        }
        t->priors[site] = prior;
    }
    return rv_ok();
}

static rv_status match_keys(struct texts *t, struct rv_err *reterr)
{
    size_t threads = pool_threads(t->pool), keys = t->keys.count;
    size_t pieces = (keys + PIECE - 1) / PIECE;
    t->matchers = ARENA_NEW(&t->a, struct matcher *, threads);
    t->areas = ARENA_NEW(&t->a, struct match_area *, threads);
    t->priors = ARENA_NEW(&t->a, double *, t->sites.count + 1);
    t->sure_borough = ARENA_NEW(&t->a, uint32_t, keys + 1);
    t->placed = ARENA_NEW(&t->a, struct placed_text, keys * t->layer_count + 1);
    if (!t->matchers || !t->areas || !t->priors || !t->sure_borough || !t->placed) {
        return arena_fail(&t->a, reterr);
    }
    for (size_t i = 0; i < threads; i++) {
        RV_TRY(matcher_open(&t->a, &t->gazetteer, &t->matchers[i], reterr));
        t->areas[i] = ARENA_NEW(&t->a, struct match_area, t->layer_count + 1);
        if (!t->areas[i]) {
            return arena_fail(&t->a, reterr);
        }
    }
    if (t->gazetteer.borough_layer != SIZE_MAX) {
        RV_TRY(pool_run(t->pool, pieces, match_boroughs, t, reterr));
        RV_TRY(find_priors(t, reterr));
    }
    return pool_run(t->pool, pieces, match_all, t, reterr);
}

rv_status texts_match(struct store *s, struct pool *pool, struct progress *progress,
                      struct texts *t, struct rv_err *reterr)
{
    struct extract_info *list = NULL;
    int64_t rows = 0;
    *t = (struct texts){.s = s, .pool = pool, .progress = progress};
    arena_init(&t->a, LIMIT_ARENA_BYTES);
    dictionary_init(&t->sites, LIMIT_DICTIONARY);
    dictionary_init(&t->keys, LIMIT_DICTIONARY);
    RV_TRY(extract_list_all(s, &t->a, TEXTS_KIND, &list, &t->extract_count, reterr));
    RV_TRY(layers_load(s, &t->a, &t->layers, &t->layer_count, reterr));
    if (t->extract_count == 0 || t->layer_count == 0) {
        t->extract_count = 0;
        return rv_ok();
    }
    for (size_t i = 0; i < t->extract_count; i++) {
        rows += list[i].rows;
    }
    progress_step(progress, "finding places", rows);
    t->extracts = ARENA_NEW(&t->a, struct texts_extract, t->extract_count);
    if (!t->extracts) {
        return arena_fail(&t->a, reterr);
    }
    RV_TRY(make_room(t, reterr));
    RV_TRY(gazetteer_load(s, &t->a, t->layers, t->layer_count, &t->gazetteer, reterr));
    RV_TRY(gather(t, list, reterr));
    return match_keys(t, reterr);
}
