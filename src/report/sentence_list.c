/* report/sentence_list.c — which themes and rules there are.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "report/sentence_parts.h"

#include <string.h>

const struct theme *sentences_find_theme(const struct sentences *s, const char *name)
{
    for (const struct theme *t = s->themes; t; t = t->next) {
        if (strcmp(t->name, name) == 0) {
            return t;
        }
    }
    return NULL;
}

size_t sentences_theme_count(const struct sentences *s)
{
    size_t n = 0;
    for (const struct theme *t = s->themes; t; t = t->next) {
        n++;
    }
    return n;
}

const char *sentences_theme(const struct sentences *s, size_t i)
{
    const struct theme *t = s->themes;
    while (t && i--) {
        t = t->next;
    }
    return t ? t->name : NULL;
}

size_t sentences_rule_count(const struct sentences *s, const char *theme)
{
    const struct theme *t = sentences_find_theme(s, theme);
    size_t n = 0;
    for (const struct rule *r = t ? t->rules : NULL; r; r = r->next) {
        n++;
    }
    return n;
}

const char *sentences_rule(const struct sentences *s, const char *theme, size_t i)
{
    const struct theme *t = sentences_find_theme(s, theme);
    const struct rule *r = t ? t->rules : NULL;
    while (r && i--) {
        r = r->next;
    }
    return r ? r->name : NULL;
}

const char *sentences_theme_title(const struct sentences *s, const char *theme)
{
    const struct theme *t = sentences_find_theme(s, theme);
    return t ? t->title : theme;
}

static bool is_in(const char *name, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(name, names[i]) == 0) {
            return true;
        }
    }
    return false;
}

rv_status sentences_require(const struct sentences *s, const char *theme, const char *const *rules,
                            size_t count, struct rv_err *reterr)
{
    const struct theme *t = sentences_find_theme(s, theme);
    if (!t) {
        return rv_fail(reterr, RV_INVALID, "there is no sentences/%s.txt", theme);
    }
    for (size_t i = 0; i < count; i++) {
        const struct rule *r = t->rules;
        while (r && strcmp(r->name, rules[i]) != 0) {
            r = r->next;
        }
        if (!r) {
            return rv_fail(reterr, RV_INVALID, "sentences/%s.txt has no rule [%s]", theme,
                           rules[i]);
        }
    }
    for (const struct rule *r = t->rules; r; r = r->next) {
        if (!is_in(r->name, rules, count)) {
            return rv_fail(reterr, RV_INVALID, "sentences/%s.txt, line %d: no finding uses [%s]",
                           theme, r->line, r->name);
        }
    }
    return rv_ok();
}
