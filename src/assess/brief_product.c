/* assess/brief_product.c — reading remits, strictly. SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/brief_product.h"

#include "base/asset.h"
#include "base/buf.h"
#include "define/vocabulary.h"
#include "read/json_reading.h"

#include <string.h>

extern const struct asset product_assets[];
extern const size_t product_assets_count;

static const char *const MEMBERS[] = {"products", NULL};
static const char *const PRODUCT_MEMBERS[] = {
    "id", "title", "group", "profile", "counts", "where", "period", "lines", "parts", "note", NULL};
static const char *const PARTS[] = {"windows", "changes", "check",  "trend",   "places",
                                    "hours",   "economy", "people", "weapons", NULL};
static const struct {
    const char *name;
    int32_t days;
} PERIODS[] = {{"week", 7}, {"fortnight", 14}, {"month", 28}, {"quarter", 91}};

/* ---- conditions ---- */

/* The values of a condition: those of a closed list must be of it. */
static rv_status check_values(const struct reading *r, const char *const *list, struct text values)
{
    struct text value;
    if (values.n == 0) {
        return reading_fault(r, "a condition needs a value: \"flag=hate\"");
    }
    do {
        value = text_split(values, ',', &values);
        if (value.n == 0 || (list && !vocabulary_has(list, value))) {
            return reading_fault(r, "\"%.*s\" is no value of it", (int)value.n,
                                 value.n ? value.at : "");
        }
    } while (values.n > 0);
    return rv_ok();
}

static rv_status check_condition(const struct reading *r, const char *condition)
{
    static const char *const sexes[] = {"female", "male", "other", NULL};
    static const struct {
        const char *name;
        const char *const *list;
    } known[] = {{"flag", OFFENCE_FLAGS},
                 {"offence-group", OFFENCE_GROUPS},
                 {"victim-sex", sexes},
                 {"venue-type", NULL},
                 {"ward", NULL}};
    struct text values, name = text_split(text_of(condition), '=', &values);
    for (size_t i = 0; strchr(condition, '=') && i < sizeof known / sizeof *known; i++) {
        if (text_is(name, known[i].name)) {
            return check_values(r, known[i].list, values);
        }
    }
    return reading_fault(r,
                         "\"%.80s\" is no condition of a brief: it takes flag=, offence-group=, "
                         "venue-type=, ward= and victim-sex=, each with one value or several "
                         "after commas",
                         condition);
}

static rv_status read_where(struct reading *r, json_t *o, struct brief_product *p)
{
    RV_TRY(reading_words(r, o, "where", false, &p->where, &p->where_count));
    reading_enter(r, "where");
    if (p->where_count > BRIEF_MOST_WHERE) {
        return reading_fault(r, "must be at most %d conditions", BRIEF_MOST_WHERE);
    }
    for (size_t i = 0; i < p->where_count; i++) {
        reading_at(r, i);
        RV_TRY(check_condition(r, p->where[i]));
        reading_leave(r);
    }
    reading_leave(r);
    return rv_ok();
}

static rv_status read_lines(struct reading *r, json_t *o, struct brief_product *p)
{
    RV_TRY(reading_words(r, o, "lines", false, &p->lines, &p->line_count));
    reading_enter(r, "lines");
    if (p->line_count > BRIEF_MOST_LINES) {
        return reading_fault(r, "must be at most %d lines", BRIEF_MOST_LINES);
    }
    for (size_t i = 0; i < p->line_count; i++) {
        reading_at(r, i);
        if (strchr(p->lines[i], '=')) {
            RV_TRY(check_condition(r, p->lines[i]));
        }
        for (size_t k = 0; k < i; k++) {
            if (strcmp(p->lines[i], p->lines[k]) == 0) {
                return reading_fault(r, "\"%.80s\" is there twice", p->lines[i]);
            }
        }
        reading_leave(r);
    }
    reading_leave(r);
    return rv_ok();
}

/* ---- the rest ---- */

static rv_status read_period(struct reading *r, json_t *o, struct brief_product *p)
{
    const char *word = NULL;
    RV_TRY(reading_string(r, o, "period", true, &word));
    for (size_t i = 0; i < sizeof PERIODS / sizeof *PERIODS; i++) {
        if (strcmp(PERIODS[i].name, word) == 0) {
            p->days = PERIODS[i].days;
            return rv_ok();
        }
    }
    reading_enter(r, "period");
    return reading_fault(r, "must be week, fortnight, month (four weeks) or quarter (13 weeks)");
}

static rv_status read_parts(struct reading *r, json_t *o, struct brief_product *p)
{
    const char *const *words;
    size_t count;
    RV_TRY(reading_words(r, o, "parts", true, &words, &count));
    reading_enter(r, "parts");
    for (size_t i = 0; i < count; i++) {
        int part = vocabulary_find(PARTS, text_of(words[i]));
        reading_at(r, i);
        if (part < 0) {
            return reading_fault(r,
                                 "\"%.40s\" is no part of a brief; there are windows, changes, "
                                 "check, trend, places, hours, economy, people and weapons",
                                 words[i]);
        }
        p->parts |= 1u << part;
        reading_leave(r);
    }
    if ((p->parts & PART_CHECK) && !(p->parts & PART_WINDOWS)) {
        return reading_fault(r, "\"check\" holds places against what happened: it needs "
                                "\"windows\"");
    }
    reading_leave(r);
    return rv_ok();
}

static rv_status read_product(struct reading *r, json_t *o, const struct brief_products *before,
                              struct brief_product *p)
{
    RV_TRY(reading_only(r, o, PRODUCT_MEMBERS));
    RV_TRY(reading_string(r, o, "id", true, &p->id));
    if (brief_product_find(before, p->id)) {
        reading_enter(r, "id");
        return reading_fault(r, "another product has the id \"%.80s\" already", p->id);
    }
    RV_TRY(reading_string(r, o, "title", true, &p->title));
    RV_TRY(reading_string(r, o, "group", false, &p->group));
    RV_TRY(reading_string(r, o, "profile", true, &p->profile));
    RV_TRY(reading_string(r, o, "note", false, &p->note));
    RV_TRY(read_period(r, o, p));
    RV_TRY(reading_string(r, o, "counts", false, &p->counts));
    RV_TRY(read_where(r, o, p));
    if (p->where_count > 0 && !p->counts) {
        return reading_fault(r, "has conditions: say in \"counts\" what it counts, in words");
    }
    RV_TRY(read_lines(r, o, p));
    return read_parts(r, o, p);
}

static rv_status read_all(struct reading *r, json_t *root, struct brief_products *ret)
{
    RV_TRY(reading_only(r, root, MEMBERS));
    json_t *list = json_object_get(root, "products");
    reading_enter(r, "products");
    size_t count = json_array_size(list); /* 0 for whatever is no list */
    if (count == 0 || count > BRIEF_MOST_PRODUCTS) {
        return reading_fault(r, "must be a list of 1 to %d products", BRIEF_MOST_PRODUCTS);
    }
    ret->items = ARENA_NEW(r->a, struct brief_product, count);
    if (!ret->items) {
        return arena_fail(r->a, r->err);
    }
    for (size_t i = 0; i < count; i++) {
        struct brief_product p = {.days = 0};
        reading_at(r, i);
        RV_TRY(read_product(r, json_array_get(list, i), ret, &p));
        ret->items[ret->count++] = p;
        reading_leave(r);
    }
    return rv_ok();
}

rv_status brief_products_read(struct arena *a, const char *name, struct text json,
                              struct brief_products *ret, struct rv_err *reterr)
{
    json_t *root;
    RV_TRY(reading_parse(name, json, &root, reterr));
    struct reading r = {.a = a, .name = name, .json = json, .err = reterr};
    struct brief_products read = {NULL, 0};
    rv_status status = read_all(&r, root, &read);
    json_decref(root);
    if (rv_is_ok(status)) {
        *ret = read;
    }
    return status;
}

rv_status brief_products_shipped(struct arena *a, struct brief_products *ret, struct rv_err *reterr)
{
    const struct asset *file = &product_assets[0];
    return brief_products_read(a, file->name, asset_text(file), ret, reterr);
}

const struct brief_product *brief_product_find(const struct brief_products *all, const char *id)
{
    for (size_t i = 0; i < all->count; i++) {
        if (strcmp(all->items[i].id, id) == 0) {
            return &all->items[i];
        }
    }
    return NULL;
}

const char *brief_product_names(struct arena *a, const struct brief_products *all)
{
    struct buf b RV_CLEANUP(buf_done);
    buf_init(&b, 1u << 16);
    for (size_t i = 0; i < all->count; i++) {
        buf_printf(&b, "%s%s", i ? ", " : "", all->items[i].id);
    }
    return b.failed ? NULL : arena_text(a, b.bytes ? b.bytes : "", b.n);
}
