/* ingest/suggest_people.c — sexes and ages in headers, and the groups that make up all people.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "ingest/suggest_people.h"

#include "base/parse.h"

#define LEAST_GROUPS 3
#define SUM_SHARE    0.95 /* of the rows in which a total is the sum of its parts */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool is_letter(char c)
{
    return lower(c) >= 'a' && lower(c) <= 'z';
}

/* Where `word` begins in the text as a word of its own, SIZE_MAX = nowhere. */
static size_t find_word(struct text t, const char *word)
{
    size_t n = strlen(word);
    for (size_t i = 0; i + n <= t.n; i++) {
        bool is_so =
            (i == 0 || !is_letter(t.at[i - 1])) && (i + n == t.n || !is_letter(t.at[i + n]));
        for (size_t k = 0; is_so && k < n; k++) {
            is_so = lower(t.at[i + k]) == word[k];
        }
        if (is_so) {
            return i;
        }
    }
    return SIZE_MAX;
}

static bool has_any(struct text t, const char *const *words)
{
    for (; *words; words++) {
        if (find_word(t, *words) != SIZE_MAX) {
            return true;
        }
    }
    return false;
}

/* A number of one to three digits at *at; moves past it. */
static bool take_age(struct text t, size_t *at, int *ret)
{
    size_t n = 0;
    *ret = 0;
    while (*at + n < t.n && is_digit(t.at[*at + n]) && n < 4) {
        *ret = *ret * 10 + (t.at[*at + n++] - '0');
    }
    *at += n;
    return n >= 1 && n <= 3 && *ret <= PEOPLE_OLDEST;
}

/* What follows the first number: " to 9", "-15", "+", " and over", " years and under". */
static void read_age_end(struct text t, size_t at, struct people_group *g)
{
    static const char *const OVER[] = {"over", "plus", "older", "above", NULL};
    static const char *const UNDER[] = {"under", "younger", "below", NULL};
    struct text rest = {t.at + at, t.n - at};
    size_t next = 0;
    int second;
    while (next < rest.n && !is_digit(rest.at[next])) {
        next++;
    }
    bool is_range =
        next < rest.n && next <= 6 &&
        (memchr(rest.at, '-', next) || find_word((struct text){rest.at, next}, "to") != SIZE_MAX ||
         (unsigned char)rest.at[0] == 0xE2);
    if (is_range && take_age(rest, &next, &second) && second >= g->age_from) {
        g->age_to = second;
    } else if ((rest.n && rest.at[0] == '+') || has_any(rest, OVER)) {
        g->age_to = PEOPLE_OLDEST;
    } else if (has_any(rest, UNDER)) {
        g->age_to = g->age_from;
        g->age_from = 0;
    } else {
        g->age_to = g->age_from;
    }
}

static bool read_age(struct text t, struct people_group *g)
{
    static const char *const UNDER[] = {"under", "below", NULL};
    size_t at = 0;
    while (at < t.n && !is_digit(t.at[at])) {
        at++;
    }
    struct text before = {t.at, at};
    if (at == t.n || !take_age(t, &at, &g->age_from)) {
        return false;
    }
    if (has_any(before, UNDER)) { /* "under 16" */
        g->age_to = g->age_from - 1;
        g->age_from = 0;
        return g->age_to >= 0;
    }
    if (find_word(before, "over") != SIZE_MAX) { /* "over 64" */
        g->age_from++;
        g->age_to = PEOPLE_OLDEST;
        return true;
    }
    read_age_end(t, at, g);
    return true;
}

bool people_read(struct text header, struct people_group *ret)
{
    static const char *const FEMALE[] = {"female", "females", "women", "girls", "f", NULL};
    static const char *const MALE[] = {"male", "males", "men", "boys", "m", NULL};
    static const char *const ALL[] = {"persons",    "people", "all", "total", "residents",
                                      "population", "aged",   "age", "ages",  NULL};
    struct people_group g = {.age_to = PEOPLE_OLDEST};
    bool is_female = has_any(header, FEMALE), is_male = has_any(header, MALE);
    g.has_sex = is_female != is_male;
    g.is_female = is_female;
    g.has_age = read_age(header, &g);
    if (!g.has_age) {
        g.age_from = 0;
        g.age_to = PEOPLE_OLDEST;
    }
    if (!g.has_sex && !has_any(header, ALL)) {
        return false;
    }
    *ret = g;
    return true;
}

/* ---- the table ---- */

static bool is_of(const struct people_group *g, bool by_sex, bool by_age)
{
    return g->has_sex == by_sex && g->has_age == by_age;
}

/* No age is in two of the groups of one sex. */
static bool are_disjoint(const struct people *p)
{
    for (size_t i = 0; i < p->count; i++) {
        for (size_t k = 0; k < i; k++) {
            const struct people_group *a = &p->groups[i], *b = &p->groups[k];
            bool is_same_sex = !p->has_sex || a->is_female == b->is_female;
            if (is_same_sex && a->age_from <= b->age_to && b->age_from <= a->age_to) {
                return false;
            }
        }
    }
    return true;
}

static bool take_groups(const struct sample *s, const bool *is_read, const struct people_group *all,
                        bool by_sex, bool by_age, struct people *p)
{
    bool has_female = false, has_male = false;
    p->count = 0;
    p->has_sex = by_sex;
    p->has_age = by_age;
    for (size_t i = 0; i < s->columns; i++) {
        if (is_read[i] && is_of(&all[i], by_sex, by_age)) {
            p->columns[p->count] = i;
            p->groups[p->count++] = all[i];
            has_female = has_female || all[i].is_female;
            has_male = has_male || !all[i].is_female;
        }
    }
    size_t least = by_age ? LEAST_GROUPS : 2;
    return p->count >= least && (!by_sex || (has_female && has_male)) && are_disjoint(p);
}

static bool is_sum(const struct sample *s, const struct people *p, size_t total)
{
    size_t equal = 0, all = 0;
    for (size_t row = 0; row < s->rows && row < 1000; row++) {
        int64_t want, sum = 0, part;
        bool is_known = parse_int(s->cells[row * s->columns + total], &want);
        for (size_t i = 0; i < p->count && is_known; i++) {
            is_known = parse_int(s->cells[row * s->columns + p->columns[i]], &part) &&
                       !__builtin_add_overflow(sum, part, &sum);
        }
        all += is_known;
        equal += is_known && sum == want;
    }
    return all > 0 && (double)equal >= SUM_SHARE * (double)all;
}

rv_status people_find(struct arena *a, const struct sample *sample, const struct facts *facts,
                      struct people *ret, struct rv_err *reterr)
{
    size_t n = sample->columns;
    struct people p = {.columns = ARENA_NEW(a, size_t, n + 1),
                       .groups = ARENA_NEW(a, struct people_group, n + 1),
                       .is_one = ARENA_NEW(a, bool, n + 1),
                       .total = SIZE_MAX};
    struct people_group *all = ARENA_NEW(a, struct people_group, n + 1);
    if (!p.columns || !p.groups || !p.is_one || !all) {
        return arena_fail(a, reterr);
    }
    for (size_t i = 0; i < n; i++) {
        p.is_one[i] = facts_share(&facts[i], VALUE_WHOLE) >= 0.9 &&
                      people_read(text_of(facts[i].header), &all[i]);
    }
    bool is_table = take_groups(sample, p.is_one, all, true, true, &p) ||
                    take_groups(sample, p.is_one, all, false, true, &p) ||
                    take_groups(sample, p.is_one, all, true, false, &p);
    if (!is_table) {
        p.count = 0;
        memset(p.is_one, 0, n * sizeof *p.is_one);
    }
    /* The total that counts everybody first: a column of its own sum may be another group. */
    for (size_t i = 0; i < n && is_table && p.total == SIZE_MAX; i++) {
        bool is_whole = p.is_one[i] && is_of(&all[i], false, false);
        p.total = is_whole && is_sum(sample, &p, i) ? i : SIZE_MAX;
    }
    *ret = p;
    return rv_ok();
}
