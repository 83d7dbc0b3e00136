/* assess/table_words.c — what tables can be asked for, and the words that ask for one again.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/assess.h"
#include "assess/dimension.h"
#include "assess/listing.h"
#include "assess/query.h"
#include "assess/table_internal.h"
#include "define/vocabulary.h"
#include "ingest/kind.h"

#define MOST_NAMES 96

struct names {
    struct arena *arena;
    const char **at;
    size_t count;
};

static void add(struct names *n, const char *name)
{
    if (n->count + 1 < MOST_NAMES) {
        n->at[n->count++] = name;
    }
}

/* "age_band" of a kind is the dimension "age-band". */
static bool add_column(struct names *n, const char *column)
{
    char *name = arena_text(n->arena, column, strlen(column));
    for (char *c = name; c && *c; c++) {
        *c = *c == '_' ? '-' : *c;
    }
    if (name) {
        add(n, name);
    }
    return name != NULL;
}

static bool is_general(const struct dimension *d)
{
    return d->kind == AXIS_TIME || d->kind == AXIS_AREA || d->kind == AXIS_HOUR ||
           d->kind == AXIS_USABLE || d->kind == AXIS_WEEKDAY || d->kind == AXIS_CLOCK ||
           d->kind == AXIS_DAY_KIND;
}

/* The general ones, then the categories of the kind itself. */
static bool add_own(struct names *n, const char *kind)
{
    size_t count;
    const struct dimension *all = dimension_list(&count);
    const struct kind *k = kind_find(kind);
    for (size_t i = 0; i < count; i++) {
        if (is_general(&all[i])) {
            add(n, all[i].name);
        }
    }
    for (size_t i = 0; k && i < k->column_count; i++) {
        const struct kind_column *c = &k->columns[i];
        if (c->type == COLUMN_CATEGORY && !c->is_code && !dimension_find(text_of(c->name)) &&
            !add_column(n, c->name)) {
            return false;
        }
    }
    return true;
}

static void add_offences(struct names *n, bool is_counts)
{
    size_t count;
    const struct dimension *all = dimension_list(&count);
    for (size_t i = 0; i < count; i++) {
        if (!is_counts || (!all[i].is_of_records && !all[i].of)) {
            add(n, all[i].name);
        }
    }
}

static void add_listing(struct names *n, const struct listing_form *form)
{
    for (const struct listing_dimension *d = form->dimensions; d->name; d++) {
        add(n, d->name);
    }
}

const char *const *table_dimensions(struct arena *a, const char *kind)
{
    struct names n = {.arena = a, .at = ARENA_NEW(a, const char *, MOST_NAMES)};
    if (!n.at) {
        return NULL;
    }
    bool is_well = true;
    if (is_word(kind, "offences") || is_word(kind, "area-counts")) {
        add_offences(&n, is_word(kind, "area-counts"));
    } else if (is_word(kind, COHORT_FORM.kind) || is_word(kind, REFERRALS_FORM.kind)) {
        add_listing(&n, is_word(kind, COHORT_FORM.kind) ? &COHORT_FORM : &REFERRALS_FORM);
    } else if (is_word(kind, "provision")) {
        for (const char *const *name = PROVISION_DIMENSIONS; *name; name++) {
            add(&n, *name);
        }
    } else if (vocabulary_has(TABLE_RECORD_KINDS, text_of(kind ? kind : ""))) {
        is_well = add_own(&n, kind);
    }
    return is_well ? n.at : NULL;
}

const char *table_count_of(struct text dimension)
{
    const struct dimension *d = dimension_find(dimension);
    return !d || !d->of ? NULL : is_word(d->of, "persons") ? "victims" : d->of;
}

void table_command(const struct table_options *o, struct buf *out)
{
    const struct {
        const char *option, *value;
    } options[] = {
        {"--kind", o->kind},       {"--survey", o->survey},
        {"--profile", o->profile}, {"--definition", o->definition},
        {"--by", o->by},           {"--count", o->count},
        {"--date", o->date},       {"--period", o->period},
        {"--area", o->area},       {"--vintage", o->vintage},
        {"--bands", o->bands},     {"--denominator", o->denominator},
        {"--rank", o->rank},       {"--source", o->source},
    };
    buf_text(out, "reeve table " ASSESS_QUERY_FILE);
    for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
        if (options[i].value) {
            query_option(out, options[i].option, options[i].value);
        }
    }
    for (size_t i = 0; i < o->where_count; i++) {
        query_option(out, "--where", o->where[i]);
    }
}
