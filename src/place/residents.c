/* place/residents.c — sums of persons by code. SPDX-License-Identifier: GPL-3.0-or-later */
#include "place/residents.h"

#include "base/civil.h"
#include "base/limits.h"
#include "store/extract.h"

#include <math.h>
#include <stdlib.h>

enum { COLUMN_AREA, COLUMN_YEAR, COLUMN_PERSONS, COLUMN_NAME, COLUMN_COUNT };
static const char *const NAMES[COLUMN_COUNT] = {"area_code", "year", "persons", "population_name"};

struct residents_extract {
    const struct dictionary *codes;
    double *persons; /* [code]: NaN = not there in the latest year */
};

struct residents {
    struct residents_extract *extracts; /* newest first */
    size_t count;
};

double population_persons_at(const struct column *c, uint32_t row)
{
    switch (c->type) {
    case COLUMN_INTEGER:
        return (double)c->integers[row];
    case COLUMN_THOUSANDTHS:
        return (double)c->integers[row] / 1000;
    case COLUMN_REAL:
        return c->reals[row];
    case COLUMN_CATEGORY:
    case COLUMN_TIME:
    case COLUMN_TEXT:
        break;
    }
    return (double)NAN;
}

int32_t population_year_at(const struct column *c, const struct dictionary *d, uint32_t row)
{
    if (!column_has(c, row)) {
        return -1;
    }
    if (c->type == COLUMN_INTEGER) {
        return (int32_t)c->integers[row];
    }
    if (c->type == COLUMN_TIME) {
        return civil_month_of(c->integers[row]) / 12;
    }
    return c->type == COLUMN_CATEGORY && d
               ? (int32_t)strtol(dictionary_text(d, c->codes[row]).at, NULL, 10)
               : -1;
}

bool population_is_residents(struct text name)
{
    static const char word[] = "residents";
    bool is_it = name.n == sizeof word - 1;
    for (size_t i = 0; is_it && i < name.n; i++) {
        is_it = (name.at[i] | 0x20) == word[i];
    }
    return name.n == 0 || is_it;
}

static bool is_resident(const struct column *c, const struct dictionary *names, uint32_t row)
{
    return !names || c->type != COLUMN_CATEGORY || c->codes[row] == 0 ||
           population_is_residents(dictionary_text(names, c->codes[row]));
}

/* One pass finds the latest year, a second one adds up. */
static rv_status pass(const struct extract_scan *scan, bool is_summing, int32_t *latest,
                      struct residents_extract *x, struct rv_err *reterr)
{
    RV_CLEANUP(arena_done) struct arena scratch;
    const struct dictionary *years = extract_scan_dictionary(scan, COLUMN_YEAR);
    const struct dictionary *names = extract_scan_dictionary(scan, COLUMN_NAME);
    arena_init(&scratch, LIMIT_ARENA_BYTES);
    for (uint32_t k = 0; k < extract_scan_chunks(scan); k++) {
        struct arena_mark mark = arena_mark(&scratch);
        struct column c[COLUMN_COUNT];
        const uint64_t *current = NULL;
        RV_TRY(extract_scan_read(scan, k, &scratch, c, &current, reterr));
        for (uint32_t row = 0; row < c[0].rows; row++) {
            bool is_current = !current || ((current[row / 64] >> (row % 64)) & 1);
            int32_t year = population_year_at(&c[COLUMN_YEAR], years, row);
            if (!is_current || !column_has(&c[COLUMN_PERSONS], row) ||
                !is_resident(&c[COLUMN_NAME], names, row)) {
                continue;
            }
            *latest = !is_summing && year > *latest ? year : *latest;
            if (is_summing && year == *latest) {
                double *sum = &x->persons[c[COLUMN_AREA].codes[row]];
                double here = population_persons_at(&c[COLUMN_PERSONS], row);
                *sum = isnan(*sum) ? here : *sum + here;
            }
        }
        arena_release(&scratch, mark);
    }
    return rv_ok();
}

static rv_status load_extract(struct store *s, struct arena *a, int64_t id,
                              struct residents_extract *x, struct rv_err *reterr)
{
    struct extract_scan *scan;
    int32_t latest = -1; /* rows without a year count when none has one */
    RV_TRY(extract_scan_open(s, a, id, NAMES, COLUMN_COUNT, 0, &scan, reterr));
    bool has_codes = extract_scan_has(scan, COLUMN_AREA) &&
                     extract_scan_type(scan, COLUMN_AREA) == COLUMN_CATEGORY;
    x->codes = has_codes ? extract_scan_dictionary(scan, COLUMN_AREA) : NULL;
    if (!x->codes) {
        return rv_ok();
    }
    x->persons = ARENA_NEW(a, double, x->codes->count + 1);
    if (!x->persons) {
        return arena_fail(a, reterr);
    }
    for (uint32_t c = 0; c < x->codes->count; c++) {
        x->persons[c] = (double)NAN;
    }
    RV_TRY(pass(scan, false, &latest, x, reterr));
    return pass(scan, true, &latest, x, reterr);
}

rv_status residents_load(struct store *s, struct arena *a, struct residents **ret,
                         struct rv_err *reterr)
{
    struct extract_info *list;
    size_t count;
    RV_TRY(extract_list_all(s, a, "population", &list, &count, reterr));
    struct residents *r = ARENA_NEW(a, struct residents, 1);
    struct residents_extract *extracts = ARENA_NEW(a, struct residents_extract, count + 1);
    if (!r || !extracts) {
        return arena_fail(a, reterr);
    }
    for (size_t i = 0; i < count; i++) {
        RV_TRY(load_extract(s, a, list[count - 1 - i].id, &extracts[i], reterr));
    }
    *r = (struct residents){extracts, count};
    *ret = r;
    return rv_ok();
}

bool residents_of(const struct residents *r, const struct text *codes, size_t n, double *ret)
{
    for (size_t i = 0; i < r->count; i++) {
        const struct residents_extract *x = &r->extracts[i];
        size_t known = 0;
        while (x->codes && known < n) {
            uint32_t code = dictionary_find(x->codes, codes[known]);
            if (code == 0 || !(x->persons[code] > 0)) {
                break;
            }
            ret[known++] = x->persons[code];
        }
        if (known == n) {
            return true;
        }
    }
    return false;
}
