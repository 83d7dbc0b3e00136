/* ingest/profile_list.c — the profiles of the program, and which of them a header fits.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/asset.h"
#include "base/buf.h"
#include "base/civil.h"
#include "base/file.h"
#include "base/limits.h"
#include "ingest/kind.h"
#include "ingest/profile.h"

extern const struct asset profile_assets[];
extern const size_t profile_assets_count;

const char *profile_refresh_name(enum profile_refresh refresh)
{
    static const char *const NAMES[] = {"full", "period", "incremental"};
    return NAMES[refresh];
}

/* The profile whose headers are the canonical names of the kind. */
static rv_status canonical(struct arena *a, const struct kind *k, struct profile *ret,
                           struct rv_err *reterr)
{
    struct profile_column *columns = ARENA_NEW(a, struct profile_column, k->column_count);
    const char **names = ARENA_NEW(a, const char *, k->column_count);
    const char *id = arena_printf(a, "canonical-%s", k->name);
    const char *title = arena_printf(a, "%s with the column names of Reeve itself", k->name);
    if (!columns || !names || !id || !title) {
        return arena_fail(a, reterr);
    }
    for (size_t i = 0; i < k->column_count; i++) {
        names[i] = k->columns[i].name;
        columns[i] = (struct profile_column){.name = names[i],
                                             .from = &names[i],
                                             .from_count = 1,
                                             .is_optional = k->columns[i].need != NEED_VALUE};
    }
    size_t keys = 0;
    while (k->key[keys]) {
        keys++;
    }
    *ret = (struct profile){.id = id,
                            .title = title,
                            .version = 1,
                            .kind = k,
                            .separator = ',',
                            .decimal = '.',
                            .columns = columns,
                            .column_count = k->column_count,
                            .key = k->key,
                            .key_count = keys,
                            .refresh = PROFILE_INCREMENTAL,
                            .is_canonical = true};
    return rv_ok();
}

rv_status profile_list(struct arena *a, struct profile **ret, size_t *ret_count,
                       struct rv_err *reterr)
{
    size_t kinds;
    const struct kind *table = kind_table(&kinds);
    struct profile *list = ARENA_NEW(a, struct profile, profile_assets_count + kinds);
    if (!list) {
        return arena_fail(a, reterr);
    }
    for (size_t i = 0; i < profile_assets_count; i++) {
        RV_TRY(profile_parse(a, profile_assets[i].name, asset_text(&profile_assets[i]), &list[i],
                             reterr));
    }
    for (size_t i = 0; i < kinds; i++) {
        RV_TRY(canonical(a, &table[i], &list[profile_assets_count + i], reterr));
    }
    *ret = list;
    *ret_count = profile_assets_count + kinds;
    return rv_ok();
}

static rv_status load_path(struct arena *a, const char *path, struct profile *ret,
                           struct rv_err *reterr)
{
    RV_CLEANUP(buf_done) struct buf bytes;
    buf_init(&bytes, LIMIT_JSON_BYTES);
    RV_TRY(file_read(path, &bytes, reterr));
    return profile_parse(a, path, buf_view(&bytes), ret, reterr);
}

rv_status profile_load(struct arena *a, const char *id_or_path, struct profile *ret,
                       struct rv_err *reterr)
{
    if (strchr(id_or_path, '/') || text_ends(text_of(id_or_path), ".json")) {
        return load_path(a, id_or_path, ret, reterr);
    }
    struct profile *list;
    size_t count;
    RV_TRY(profile_list(a, &list, &count, reterr));
    const char *ids = "";
    for (size_t i = 0; i < count; i++) {
        if (strcmp(list[i].id, id_or_path) == 0) {
            *ret = list[i];
            return rv_ok();
        }
        ids = arena_printf(a, "%s%s%s", ids, i ? ", " : "", list[i].id);
        if (!ids) {
            return arena_fail(a, reterr);
        }
    }
    return rv_fail(reterr, RV_NOT_FOUND,
                   "there is no profile \"%.80s\"; a path ends in .json, the built-in ones are: %s",
                   id_or_path, ids);
}

/* ---- fitting a header ---- */

static bool has_header(const struct text *header, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++) {
        if (text_equal_nocase(text_trim(header[i]), text_of(name))) {
            return true;
        }
    }
    return false;
}

static bool has_one(const struct text *header, size_t count, const char *const *names, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (has_header(header, count, names[i])) {
            return true;
        }
    }
    return false;
}

static bool has_any(const struct text *header, size_t count, const struct profile_column *c)
{
    return has_one(header, count, c->from, c->from_count);
}

static void want(struct profile_fit *fit, bool is_found, const char *name)
{
    fit->wanted++;
    fit->found += is_found;
    for (size_t i = 0; i < fit->missing_count; i++) {
        is_found = is_found || strcmp(fit->missing[i], name) == 0; /* named once */
    }
    if (!is_found) {
        fit->missing[fit->missing_count++] = name;
    }
}

/* The further columns that a column is put together from. */
static void fit_parts(const struct profile_column *c, const struct text *header, size_t count,
                      struct profile_fit *fit)
{
    if (c->year && c->year->from_count) {
        want(fit, has_one(header, count, c->year->from, 1), c->year->from[0]);
    }
    if (c->time_from_count) {
        want(fit, has_one(header, count, c->time_from, c->time_from_count), c->time_from[0]);
    }
    for (size_t i = 0; i < c->also_count; i++) {
        want(fit, has_header(header, count, c->also[i].from), c->also[i].from);
    }
}

/* A header that must be there; one that ends in * by what stands before it. */
static bool has_required(const struct text *header, size_t count, const char *name)
{
    struct text wanted = text_of(name);
    if (!text_ends(wanted, "*") || has_header(header, count, name)) {
        return has_header(header, count, name);
    }
    wanted.n--;
    for (size_t i = 0; i < count; i++) {
        struct text t = text_trim(header[i]);
        if (t.n >= wanted.n && text_equal_nocase((struct text){t.at, wanted.n}, wanted)) {
            return true;
        }
    }
    return false;
}

/* Wide columns: named ones must all be there; of months at least one. */
static void fit_wide(const struct profile_wide *w, const struct text *header, size_t count,
                     struct profile_fit *fit)
{
    for (size_t i = 0; i < w->id_count; i++) {
        want(fit, has_header(header, count, w->id[i]), w->id[i]);
    }
    for (size_t i = 0; i < w->column_count; i++) {
        const struct profile_wide_column *c = &w->columns[i];
        want(fit, has_one(header, count, c->from, c->from_count), c->from[0]);
    }
    if (w->total) {
        want(fit, has_header(header, count, w->total), w->total);
    }
    if (w->periods) {
        size_t months = 0;
        struct month_range unused;
        for (size_t i = 0; i < count; i++) {
            months += period_header(text_trim(header[i]), w->periods, &unused);
        }
        want(fit, months > 0, strchr(w->periods, 'M') ? "a month column" : "a year column");
        fit->optional_found += months;
    }
}

/* A kind asks for one of several columns: the canonical profile must have one of them. */
static void fit_one_of(const struct profile *p, const struct text *header, size_t count,
                       struct profile_fit *fit)
{
    bool is_asked = false, is_found = false;
    const char *first = NULL;
    for (size_t i = 0; i < p->column_count; i++) {
        const struct kind_column *kc = kind_column_find(p->kind, p->columns[i].name);
        if (kc->need == NEED_ONE_OF) {
            is_asked = true;
            first = first ? first : p->columns[i].from[0];
            is_found = is_found || has_any(header, count, &p->columns[i]);
        }
    }
    if (is_asked) {
        want(fit, is_found, first);
    }
}

static size_t parts_of(const struct profile *p)
{
    size_t n = 3 * p->column_count + p->required_count;
    for (size_t i = 0; i < p->column_count; i++) {
        n += p->columns[i].also_count;
    }
    return n;
}

rv_status profile_fit_header(struct arena *a, const struct profile *p, const struct text *header,
                             size_t header_count, struct profile_fit *ret, struct rv_err *reterr)
{
    size_t most = parts_of(p) + 2 + (p->wide ? p->wide->id_count + p->wide->column_count + 2 : 0);
    struct profile_fit fit = {.missing = ARENA_NEW(a, const char *, most)};
    if (!fit.missing) {
        return arena_fail(a, reterr);
    }
    for (size_t i = 0; i < p->column_count; i++) {
        bool is_found = has_any(header, header_count, &p->columns[i]);
        if (p->columns[i].is_optional) {
            fit.optional_found += is_found;
        } else {
            want(&fit, is_found, p->columns[i].from[0]);
        }
        if (!p->columns[i].is_optional) {
            fit_parts(&p->columns[i], header, header_count, &fit);
        }
    }
    for (size_t i = 0; i < p->required_count; i++) {
        want(&fit, has_required(header, header_count, p->required[i]), p->required[i]);
    }
    if (p->is_canonical) {
        fit_one_of(p, header, header_count, &fit);
    }
    if (p->wide) {
        fit_wide(p->wide, header, header_count, &fit);
    }
    *ret = fit;
    return rv_ok();
}

/* How many cells of the sample the maps of the profile name. */
static size_t named_cells(const struct profile *p, const struct text *header, size_t columns,
                          const struct text *sample, size_t rows)
{
    size_t named = 0;
    for (size_t i = 0; i < p->column_count; i++) {
        const struct profile_column *c = &p->columns[i];
        for (size_t h = 0; h < columns && c->map_count; h++) {
            if (!has_any(&header[h], 1, c)) {
                continue;
            }
            for (size_t row = 0; row < rows; row++) {
                for (size_t m = 0; m < c->map_count; m++) {
                    named += text_equal(text_trim(sample[row * columns + h]), c->map[m].from);
                }
            }
        }
    }
    return named;
}

static rv_status fail_no_fit(struct arena *a, const char *kind, const struct profile *best,
                             const struct profile_fit *fit, struct rv_err *reterr)
{
    if (!best || (fit->found == 0 && !kind)) {
        return rv_fail(reterr, RV_INVALID,
                       "the header fits no import profile; nothing was loaded. Make one with "
                       "'reeve map-columns FILE', or name one with --profile");
    }
    const char *list = "";
    for (size_t i = 0; i < fit->missing_count && i < 8 && list; i++) {
        list = arena_printf(a, "%s%s\"%.60s\"", list, i ? ", " : "", fit->missing[i]);
    }
    if (!list) {
        return arena_fail(a, reterr);
    }
    return rv_fail(reterr, RV_INVALID,
                   "the header does not fit; nothing was loaded. The profile \"%s\" fits best, but "
                   "%zu of its columns %s missing: %s%s. Correct the header, make a profile "
                   "with 'reeve map-columns FILE', or name another one with --profile",
                   best->id, fit->missing_count, fit->missing_count == 1 ? "is" : "are", list,
                   fit->missing_count > 8 ? ", …" : "");
}

struct choice {
    const struct profile *profile, *rival;
    size_t found, named; /* of profile */
};

/* Takes `p` when it fits better: more columns, then more cells that its maps name. */
static void consider(struct choice *c, const struct profile *p, size_t found, size_t named)
{
    bool is_better = !c->profile || found > c->found || (found == c->found && named > c->named);
    if (is_better) {
        *c = (struct choice){p, NULL, found, named};
    } else if (found == c->found && named == c->named) {
        c->rival = p;
    }
}

rv_status profile_recognise(struct arena *a, const struct profile *profiles, size_t count,
                            const char *kind, const struct text *header, size_t header_count,
                            const struct text *sample, size_t sample_rows,
                            const struct profile **ret, struct rv_err *reterr)
{
    struct choice choice = {.profile = NULL};
    const struct profile *nearest = NULL;
    struct profile_fit nearest_fit = {.wanted = 1};
    for (size_t i = 0; i < count; i++) {
        const struct profile *p = &profiles[i];
        if (kind ? strcmp(kind, p->kind->name) != 0 : p->is_named_only) {
            continue;
        }
        struct profile_fit fit;
        RV_TRY(profile_fit_header(a, p, header, header_count, &fit, reterr));
        if (fit.missing_count == 0) {
            consider(&choice, p, fit.found + fit.optional_found,
                     named_cells(p, header, header_count, sample, sample_rows));
        } else if (!nearest || fit.found * nearest_fit.wanted > nearest_fit.found * fit.wanted ||
                   (p->is_canonical && nearest_fit.found == 0)) {
            nearest = p;
            nearest_fit = fit;
        }
    }
    if (!choice.profile) {
        return fail_no_fit(a, kind, nearest, &nearest_fit, reterr);
    }
    if (choice.rival) {
        return rv_fail(reterr, RV_INVALID,
                       "the header fits both \"%s\" and \"%s\" and the first rows do not decide; "
                       "name one of them with --profile",
                       choice.profile->id, choice.rival->id);
    }
    *ret = choice.profile;
    return rv_ok();
}
