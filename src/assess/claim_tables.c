/* assess/claim_tables.c — tables by their words, rows by their labels.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/claim_internal.h"

#include <ctype.h>
#include <string.h>

#define MOST_WHERE 8

static bool set_option(struct table_options *o, const char **where, const char *name, size_t n,
                       const char *value)
{
    const struct {
        const char *name;
        const char **place;
    } options[] = {{"profile", &o->profile}, {"kind", &o->kind},
                   {"by", &o->by},           {"count", &o->count},
                   {"date", &o->date},       {"period", &o->period},
                   {"area", &o->area},       {"vintage", &o->vintage},
                   {"bands", &o->bands},     {"denominator", &o->denominator},
                   {"rank", &o->rank},       {"source", &o->source},
                   {"survey", &o->survey}};
    if (n == 5 && strncmp(name, "where", 5) == 0 && o->where_count < MOST_WHERE) {
        where[o->where_count++] = value;
        return true;
    }
    for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
        if (strlen(options[i].name) == n && strncmp(options[i].name, name, n) == 0) {
            *options[i].place = value;
            return true;
        }
    }
    return false;
}

/* What a table needs while it is made goes when it is made; the caches of `held` stay. */
static rv_status run_table(struct claiming *c, const struct table_options *options,
                           struct result_table *ret, struct rv_err *reterr)
{
    struct arena scratch RV_CLEANUP(arena_done);
    struct result_table table;
    arena_init(&scratch, c->a->limit_bytes);
    struct arena *own = c->held.arena;
    c->held.arena = &scratch;
    rv_status status = table_run_held(&c->held, options, &table, reterr);
    c->held.arena = own;
    return rv_is_ok(status) ? result_table_copy(c->a, &table, ret, reterr) : status;
}

static rv_status make_table(struct claiming *c, const char *words, struct result_table *ret,
                            struct rv_err *reterr)
{
    const char **where = ARENA_NEW(c->a, const char *, MOST_WHERE);
    struct table_options options = {.where = where};
    struct text rest = text_of(words);
    if (!where) {
        return arena_fail(c->a, reterr);
    }
    while (rest.n > 0) {
        struct text value, word = text_split(rest, ' ', &rest);
        struct text name = text_split(word, '=', &value);
        const char *copy = arena_text(c->a, value.at ? value.at : "", value.n);
        if (!copy) {
            return arena_fail(c->a, reterr);
        }
        if (!set_option(&options, where, name.at, name.n, copy)) {
            return rv_fail(reterr, RV_INVALID, "\"%.*s\" is no option of a table", (int)word.n,
                           word.at);
        }
    }
    return run_table(c, &options, ret, reterr);
}

static struct claim_table *find_table(struct claiming *c, const char *words)
{
    for (struct claim_table *t = c->tables; t; t = t->next) {
        if (strcmp(t->words, words) == 0) {
            return t;
        }
    }
    struct claim_table *t = ARENA_NEW(c->a, struct claim_table, 1);
    if (!t) {
        return NULL;
    }
    struct rv_err err = {0};
    t->words = words;
    t->status = make_table(c, words, &t->table, &err);
    t->message = arena_printf(c->a, "%s", err.message);
    t->next = c->tables;
    c->tables = t;
    return t;
}

const struct result_table *claim_table_of(struct claiming *c, const char *words)
{
    struct claim_table *t = words ? find_table(c, words) : NULL;
    if (!t || !rv_is_ok(t->status)) {
        (void)claim_no_value(c, t ? t->message : "an expression names no table");
        return NULL;
    }
    claim_use(c, t->words);
    return &t->table;
}

size_t claim_column(const struct result_table *t, const char *name)
{
    for (size_t k = 0; k < t->column_count; k++) {
        if (strcmp(t->columns[k].name, name) == 0) {
            return k;
        }
    }
    return SIZE_MAX;
}

const char *claim_name_of(struct claiming *c, const char *label)
{
    for (size_t i = c->held.layer_count; i-- > 0;) {
        uint32_t placed = layer_find(&c->held.layers[i], text_of(label));
        if (placed) {
            return c->held.layers[i].areas[placed - 1].name;
        }
    }
    return label;
}

bool claim_same_name(const char *a, const char *b)
{
    for (;; a++, b++) {
        while (*a && !isalnum((unsigned char)*a) && *a != '&') {
            a++;
        }
        while (*b && !isalnum((unsigned char)*b) && *b != '&') {
            b++;
        }
        if (*a == '&' && strncasecmp(b, "and", 3) == 0) {
            b += 2;
        } else if (*b == '&' && strncasecmp(a, "and", 3) == 0) {
            a += 2;
        } else if (tolower((unsigned char)*a) != tolower((unsigned char)*b)) {
            return false;
        } else if (!*a) {
            return true;
        }
    }
}

bool claim_is_label(struct claiming *c, const char *label, const char *word)
{
    return strcmp(label, word) == 0 || claim_same_name(claim_name_of(c, label), word);
}

/* ---- which rows ---- */

/* One word, a list of them, or the labels of an expression. */
static bool read_words(struct claiming *c, json_t *wanted, const char *const **ret, size_t *ret_n)
{
    json_t *of = json_object_get(wanted, "of");
    struct claim_value v;
    if (of) {
        if (!claim_evaluate(c, of, &v)) {
            return false;
        }
        *ret = v.texts;
        *ret_n = v.text_count;
        return !v.is_number || claim_no_value(c, "a condition needs labels");
    }
    size_t n = json_is_array(wanted) ? json_array_size(wanted) : 1;
    const char **words = ARENA_NEW(c->a, const char *, n);
    for (size_t i = 0; words && i < n; i++) {
        words[i] = json_string_value(json_is_array(wanted) ? json_array_get(wanted, i) : wanted);
        if (!words[i]) {
            return claim_no_value(c, "a condition needs words");
        }
    }
    *ret = words;
    *ret_n = n;
    return words || claim_no_value(c, NULL);
}

bool claim_filter_read(struct claiming *c, json_t *filter, struct claim_filter *ret)
{
    const char *name;
    json_t *wanted;
    struct claim_filter f = {0};
    json_object_foreach(filter, name, wanted)
    {
        if (f.count == CLAIM_MOST_PARTS) {
            return claim_no_value(c, "too many conditions");
        }
        f.parts[f.count].dimension = name;
        f.parts[f.count].start = json_string_value(json_object_get(wanted, "starts"));
        if (!f.parts[f.count].start &&
            !read_words(c, wanted, &f.parts[f.count].words, &f.parts[f.count].word_count)) {
            return false;
        }
        f.count++;
    }
    *ret = f;
    return true;
}

bool claim_row_fits(struct claiming *c, const struct result_table *t, size_t row,
                    const struct claim_filter *filter)
{
    for (size_t i = 0; i < filter->count; i++) {
        size_t k = claim_column(t, filter->parts[i].dimension);
        const char *label = k == SIZE_MAX ? NULL : t->cells[row * t->column_count + k].text;
        const char *start = filter->parts[i].start;
        bool fits = label && start && strncmp(label, start, strlen(start)) == 0;
        for (size_t w = 0; label && !start && !fits && w < filter->parts[i].word_count; w++) {
            fits = claim_is_label(c, label, filter->parts[i].words[w]);
        }
        if (!fits) {
            return false;
        }
    }
    return true;
}
