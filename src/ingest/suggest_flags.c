/* ingest/suggest_flags.c — flags from columns that say yes or no, and from weapons.
 *
 * "Knife flag: Y" and "Domestic Abuse: Domestic / Not Domestic" become words of the list of
 * flags. Every value that the sample has is in the map, so that only new ones are reported.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "ingest/suggest_parts.h"

/* "Not Domestic", "No knife", "Non DA" beside one other value. */
static bool says_no(struct text value)
{
    static const char *const BEGINNINGS[] = {"not ", "no ", "non ", "non-"};
    for (size_t i = 0; i < sizeof BEGINNINGS / sizeof BEGINNINGS[0]; i++) {
        size_t n = strlen(BEGINNINGS[i]);
        if (value.n > n && text_equal_nocase((struct text){value.at, n}, text_of(BEGINNINGS[i]))) {
            return true;
        }
    }
    return false;
}

static size_t said_values(const struct facts *f)
{
    size_t n = 0;
    for (size_t i = 0; i < f->value_count; i++) {
        n += !f->values[i].is_missing;
    }
    return n;
}

static bool is_yes(const struct proposing *g, struct text value)
{
    const char *target = lexicon_value(g->l, "flag", value).target;
    return target && strcmp(target, "yes") == 0;
}

/* Yes and no, or a word and its contrary. */
static bool is_flag_column(const struct facts *f, bool *ret_by_words)
{
    size_t contraries = 0;
    for (size_t i = 0; i < f->value_count; i++) {
        contraries += !f->values[i].is_missing && says_no(f->values[i].value);
    }
    *ret_by_words = contraries > 0;
    if (f->filled == 0 || said_values(f) > 4) {
        return false;
    }
    bool is_plain = (f->yes + f->no) * 10 >= f->filled * 9;
    return is_plain || (contraries == 1 && said_values(f) == 2);
}

static rv_status map_flag(struct proposing *g, const struct facts *f, const char *flag,
                          bool by_words, struct value_map *ret)
{
    struct mapped_value *list = ARENA_NEW(g->a, struct mapped_value, f->value_count + 1);
    if (!list) {
        return arena_fail(g->a, g->err);
    }
    for (size_t i = 0; i < f->value_count; i++) {
        const struct value_count *v = &f->values[i];
        bool is_so = !v->is_missing && (by_words ? !says_no(v->value) : is_yes(g, v->value));
        list[i] = (struct mapped_value){v->value, is_so ? flag : "", 0.95, v->rows};
    }
    *ret = (struct value_map){list, f->value_count, 0, 0};
    return rv_ok();
}

/* Weapons and methods: what is no weapon of the list adds no flag. */
static rv_status map_weapons(struct proposing *g, const struct facts *f, struct value_map *ret)
{
    struct mapped_value *list = ARENA_NEW(g->a, struct mapped_value, f->value_count + 1);
    if (!list) {
        return arena_fail(g->a, g->err);
    }
    for (size_t i = 0; i < f->value_count; i++) {
        struct value_match m = lexicon_value(g->l, "weapon", f->values[i].value);
        bool is_one = m.target && m.target[0] != '(';
        list[i] = (struct mapped_value){f->values[i].value, is_one ? m.target : "",
                                        is_one ? m.score * 0.9 : 0.8, f->values[i].rows};
    }
    *ret = (struct value_map){list, f->value_count, 0, 0};
    return rv_ok();
}

static bool is_weapon_column(const struct proposing *g, const struct facts *f)
{
    double mixed;
    bool is_named = words_have(&f->words, text_of("weapon")) ||
                    words_have(&f->words, text_of("method")) ||
                    words_have(&f->words, text_of("modalidad"));
    return is_named && f->filled > 0 && f->distinct <= MOST_VALUES_KEPT &&
           facts_share(f, VALUE_NUMBER) < 0.5 &&
           facts_known(f, g->l, "weapon", &mixed) + mixed >= 0.3;
}

static rv_status part_of(struct proposing *g, size_t column, struct flag_part *ret,
                         bool *ret_is_one, const char **ret_because)
{
    const struct facts *f = &g->facts[column];
    bool by_words;
    struct value_match flag = lexicon_value_words(g->l, "flag-of", &f->words);
    *ret_is_one = false;
    ret->column = column;
    if (f->personal || told_about(g, TOLD_DROP, NULL, column)) {
        return rv_ok();
    }
    if (flag.target && flag.target[0] != '(' && is_flag_column(f, &by_words)) {
        *ret_is_one = true;
        *ret_because =
            arena_printf(g->a, "\"%.60s\" says yes or no about %s", f->header, flag.target);
        return *ret_because ? map_flag(g, f, flag.target, by_words, &ret->map)
                            : arena_fail(g->a, g->err);
    }
    if (is_weapon_column(g, f)) {
        *ret_is_one = true;
        *ret_because = arena_printf(g->a, "\"%.60s\" names weapons that are flags", f->header);
        return *ret_because ? map_weapons(g, f, &ret->map) : arena_fail(g->a, g->err);
    }
    return rv_ok();
}

static rv_status store_parts(struct proposing *g, const struct kind_column *kc,
                             struct flag_part *parts, size_t count, const char *because)
{
    struct suggestion *s = suggestion_of(g, "flags");
    if (!s) {
        s = suggestion_add(g, kc, parts[0].column, 0.85, because);
        if (!s) {
            return arena_fail(g->a, g->err);
        }
        s->map = parts[0].map;
        s->is_list = true;
        parts++;
        count--;
    }
    s->also = parts;
    s->also_count = count;
    for (size_t i = 0; i < count; i++) {
        g->uses[parts[i].column]++;
    }
    return rv_ok();
}

rv_status derive_flags(struct proposing *g)
{
    const struct kind_column *kc = kind_column_find(g->p->kind, "flags");
    const struct suggestion *list = suggestion_of(g, "flags");
    if (!kc || told_about(g, TOLD_NONE, "flags", SUGGEST_NONE) ||
        (list && list->column == SUGGEST_NONE)) {
        return rv_ok();
    }
    struct flag_part *parts = ARENA_NEW(g->a, struct flag_part, g->sample->columns + 1);
    size_t count = 0;
    const char *all = NULL;
    if (!parts) {
        return arena_fail(g->a, g->err);
    }
    for (size_t i = 0; i < g->sample->columns; i++) {
        bool is_one = false;
        const char *because = NULL;
        if (g->uses[i] == 0) {
            RV_TRY(part_of(g, i, &parts[count], &is_one, &because));
        }
        if (is_one) {
            all = count ? arena_printf(g->a, "%s; %s", all, because) : because;
            count++;
        }
        if (is_one && !all) {
            return arena_fail(g->a, g->err);
        }
    }
    return count ? store_parts(g, kc, parts, count, all) : rv_ok();
}
