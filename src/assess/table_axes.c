/* assess/table_axes.c — --by and --where: the dimensions of a table and its conditions.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/day_kinds.h"
#include "assess/followup.h"
#include "assess/joined.h"
#include "assess/table_internal.h"
#include "base/buf.h"
#include "define/vocabulary.h"
#include "ingest/kind.h"
#include "place/texts.h"

#include <string.h>

static rv_status unknown_dimension(const struct table_plan *p, const char *option, struct text name,
                                   struct rv_err *reterr)
{
    bool is_own = !p->is_offences && !p->is_counts;
    return rv_fail(
        reterr, RV_USAGE, "%s %.*s is no dimension. There are: %s%s%s.", option, (int)name.n,
        name.at,
        is_own
            ? "year month hour usable-hour clock weekday day-kind borough locality ward lsoa and "
              "the columns of "
            : dimension_names(),
        is_own ? p->source->kind : "",
        is_word(p->source->kind, TEXTS_KIND) ? "; " TABLE_MATCH : "");
}

/* A category column of the kind itself: "injury" of ambulance records, "age-band" for age_band. */
static const struct kind_column *own_column(const struct table_plan *p, struct text name)
{
    const struct kind *k = kind_find(p->source->kind);
    for (size_t i = 0; k && i < k->column_count; i++) {
        const char *column = k->columns[i].name;
        bool is_same = k->columns[i].type == COLUMN_CATEGORY && strlen(column) == name.n;
        for (size_t c = 0; is_same && c < name.n; c++) {
            is_same =
                (column[c] == '_' ? '-' : column[c]) == (name.at[c] == '_' ? '-' : name.at[c]);
        }
        if (is_same) {
            return &k->columns[i];
        }
    }
    return NULL;
}

static size_t count_words(const char *const *words)
{
    size_t n = 0;
    while (words && words[n]) {
        n++;
    }
    return n;
}

/* A dimension needs its role in --count: an offence has several victims. */
static rv_status check_role(const struct table_plan *p, const char *option,
                            const struct dimension *d, struct rv_err *reterr)
{
    const char *count = p->options->count ? p->options->count : "offences";
    if (d->of && !p->has_persons) {
        return rv_fail(
            reterr, RV_REFUSED,
            "%s %s needs the persons of each offence, and no extract of persons is held.", option,
            d->name);
    }
    bool fits =
        !d->of || (p->unit == UNIT_PERSON && (is_word(d->of, "persons") || is_word(d->of, count)));
    return fits ? rv_ok()
                : rv_fail(reterr, RV_REFUSED,
                          "%s %s describes %s, and --count %s counts %s: add --count %s.", option,
                          d->name, d->of, count, count,
                          is_word(d->of, "persons") ? "victims or --count suspects" : d->of);
}

static rv_status fill_buckets(struct table_plan *p, struct cube_axis *axis, bool is_year,
                              struct rv_err *reterr)
{
    size_t most = (size_t)month_range_count(p->period);
    struct month_range *buckets = ARENA_NEW(p->held.arena, struct month_range, most);
    if (!buckets) {
        return arena_fail(p->held.arena, reterr);
    }
    size_t n = 0;
    for (int32_t m = p->period.first; m <= p->period.last;) {
        int32_t end = is_year ? m - m % 12 + 11 : m;
        end = end < p->period.last ? end : p->period.last;
        buckets[n++] = (struct month_range){m, end};
        m = end + 1;
    }
    axis->buckets = buckets;
    axis->bucket_count = n;
    return rv_ok();
}

/* Whose days are asked about: the borough of --area, which stands in no plan yet when axes are
 * made; without one those of all boroughs. */
static rv_status place_of_days(struct table_plan *p, struct day_place *ret, struct rv_err *reterr)
{
    static const char *const types[] = {"borough", "ward", "lsoa", "locality"};
    const struct layer *boroughs = NULL, *layer = NULL;
    uint32_t area = 0;
    struct rv_err ignored;
    *ret = (struct day_place){"", NULL};
    if (!rv_is_ok(table_layer(p, "borough", &boroughs, &ignored)) || boroughs->count == 0) {
        return rv_ok();
    }
    ret->code = arena_text(p->held.arena, boroughs->areas[0].code, 3);
    for (size_t i = 0; p->options->area && i < 4 && !area; i++) {
        if (rv_is_ok(table_layer(p, types[i], &layer, &ignored))) {
            area = layer_find(layer, text_of(p->options->area));
        }
    }
    const uint32_t *parents = NULL;
    if (area) {
        RV_TRY(held_parents_of(&p->held, layer, boroughs, &parents, reterr));
        const struct area *b = parents[area - 1] ? &boroughs->areas[parents[area - 1] - 1] : NULL;
        *ret = b ? (struct day_place){b->code, b->name} : *ret;
    }
    return ret->code ? rv_ok() : arena_fail(p->held.arena, reterr);
}

/* Without a calendar of schools every weekday would be of no kind: nothing to count by. */
static rv_status day_kinds_axis(struct table_plan *p, struct cube_axis *axis, struct rv_err *reterr)
{
    struct day_kinds *days = ARENA_NEW(p->held.arena, struct day_kinds, 1);
    if (!days) {
        return arena_fail(p->held.arena, reterr);
    }
    struct day_place where;
    RV_TRY(place_of_days(p, &where, reterr));
    RV_TRY(day_kinds_load(&p->held, where, days, reterr));
    axis->days = days;
    return days->days > 0
               ? rv_ok()
               : rv_fail(
                     reterr, RV_REFUSED,
                     "day-kind needs a calendar, and none of this region is held: import one as "
                     "kind calendar, with a row for each day that is a school-term, a "
                     "school-holiday or a bank-holiday.");
}

/* "outcome-90": what had become of offences so many days after. */
static rv_status fill_followed(struct table_plan *p, const struct dimension *d,
                               struct cube_axis *axis, struct rv_err *reterr)
{
    const struct followup *followup = NULL;
    RV_TRY(held_followup_of(&p->held, p->joined, &followup, reterr));
    int span = is_word(d->name, "outcome-90") ? FOLLOW_SHORT : FOLLOW_LONG;
    axis->given = followup->states[span];
    axis->given_size = FOLLOWED_COUNT;
    axis->closed = FOLLOWED_NAMES;
    axis->closed_count = FOLLOWED_COUNT;
    return rv_ok();
}

static rv_status fill_axis(struct table_plan *p, const struct dimension *d, struct cube_axis *axis,
                           struct rv_err *reterr)
{
    if (d->kind == AXIS_TIME) {
        return fill_buckets(p, axis, is_word(d->name, "year"), reterr);
    }
    if (d->kind == AXIS_AREA) {
        return table_layer(p, d->area_type, &axis->layer, reterr);
    }
    if (d->kind == AXIS_DAY_KIND) {
        return day_kinds_axis(p, axis, reterr);
    }
    if (d->kind == AXIS_USABLE) {
        return table_usable_hours(p, axis, reterr);
    }
    if (d->kind == AXIS_PERSON) {
        axis->closed = kind_column_find(kind_find("persons"), d->column)->vocabulary;
        axis->closed_count = count_words(axis->closed);
    }
    if (d->kind == AXIS_VALUE && p->is_offences && !axis->closed) {
        const struct kind_column *column = kind_column_find(kind_find("offences"), d->column);
        axis->closed = column ? column->vocabulary : NULL;
        axis->closed_count = count_words(axis->closed);
    }
    if (d->kind == AXIS_GIVEN) {
        RV_TRY(fill_followed(p, d, axis, reterr));
    }
    axis->ages = d->kind == AXIS_AGE ? p->ages : NULL;
    axis->age_count = d->kind == AXIS_AGE ? p->age_count : 0;
    bool is_joined = is_word(d->name, "outcome") && p->joined;
    axis->kind = is_joined ? AXIS_OUTCOME : axis->kind;
    return rv_ok();
}

static rv_status own_axis(struct table_plan *p, const char *option, struct text name,
                          struct cube_axis *axis, struct rv_err *reterr)
{
    const struct kind_column *column = own_column(p, name);
    if (!column) {
        return unknown_dimension(p, option, name, reterr);
    }
    axis->kind = AXIS_VALUE;
    axis->name = arena_text(p->held.arena, name.at, name.n);
    axis->column = column->name;
    axis->folds_ethnicity = column->vocabulary == ETHNICITIES;
    axis->closed = axis->folds_ethnicity ? ETHNICITY_GROUPS
                   : column->vocabulary == ETHNICITIES_OBSERVED
                       ? NULL /* one of two lists is used */
                       : column->vocabulary;
    axis->closed_count = count_words(axis->closed);
    return axis->name ? rv_ok() : arena_fail(p->held.arena, reterr);
}

/* How surely the words of a record place it. */
static bool is_match_dimension(const struct table_plan *p, struct text name)
{
    return text_is(name, TABLE_MATCH) && is_word(p->source->kind, TEXTS_KIND);
}

static rv_status match_axis(struct cube_axis *axis)
{
    *axis = (struct cube_axis){.kind = AXIS_MATCH, .name = TABLE_MATCH};
    return rv_ok();
}

rv_status table_axis(struct table_plan *p, const char *option, struct text name,
                     struct cube_axis **ret, struct rv_err *reterr)
{
    const struct dimension *d = dimension_find(name);
    if (p->axis_count + 3 >= CUBE_MAX_AXES) {
        return rv_fail(reterr, RV_USAGE, "A table has at most %d dimensions and conditions.",
                       CUBE_MAX_AXES - 3);
    }
    struct cube_axis *axis = &p->axes[p->axis_count];
    *axis = (struct cube_axis){.date = p->date};
    bool is_general = d && (d->kind == AXIS_TIME || d->kind == AXIS_AREA || d->kind == AXIS_HOUR ||
                            d->kind == AXIS_USABLE || d->kind == AXIS_WEEKDAY ||
                            d->kind == AXIS_CLOCK || d->kind == AXIS_DAY_KIND);
    if (!p->is_offences && !p->is_counts && !is_general) {
        RV_TRY(is_match_dimension(p, name) ? match_axis(axis)
                                           : own_axis(p, option, name, axis, reterr));
        p->axis_count++;
        *ret = axis;
        return rv_ok();
    }
    if (!d) {
        return unknown_dimension(p, option, name, reterr);
    }
    if ((d->is_of_records || d->of) && p->is_counts) {
        return rv_fail(reterr, RV_REFUSED,
                       "%s %s is not available: counts already made by a publisher do not have it.",
                       option, d->name);
    }
    RV_TRY(check_role(p, option, d, reterr));
    *axis = (struct cube_axis){.kind = d->kind,
                               .name = d->name,
                               .column = d->column,
                               .closed = d->closed,
                               .closed_count = d->closed_count,
                               .date = p->has_date ? p->date : d->date};
    RV_TRY(fill_axis(p, d, axis, reterr));
    p->axis_count++;
    *ret = axis;
    return rv_ok();
}

rv_status table_by(struct table_plan *p, struct rv_err *reterr)
{
    struct text rest = text_of(p->options->by);
    while (rest.n > 0) {
        struct text name = text_split(rest, ',', &rest);
        for (size_t k = 0; k < p->axis_count; k++) {
            if (text_is(name, p->axes[k].name)) {
                return rv_fail(reterr, RV_USAGE, "--by names %s twice.", p->axes[k].name);
            }
        }
        struct cube_axis *axis = NULL;
        RV_TRY(table_axis(p, "--by", name, &axis, reterr));
    }
    p->shown = p->axis_count;
    return rv_ok();
}

/* Names of areas are accepted where codes are meant, when they are unique in the layer. */
static const char *area_code_of(const struct layer *l, struct text value)
{
    const char *code = NULL;
    for (uint32_t i = 0; l && i < l->count; i++) {
        if (text_is(value, l->areas[i].code)) {
            return l->areas[i].code;
        }
        if (text_is(value, l->areas[i].name)) {
            code = code ? "" : l->areas[i].code;
        }
    }
    return code && code[0] ? code : NULL;
}

/* Half a year among rows of years would count nothing and look like a zero. */
static bool is_part_of_bucket(const struct cube_axis *axis, struct month_range months)
{
    bool touches = false, holds = false;
    for (size_t b = 0; b < axis->bucket_count; b++) {
        const struct month_range *at = &axis->buckets[b];
        touches = touches || (at->first <= months.last && months.first <= at->last);
        holds = holds || (at->first >= months.first && at->last <= months.last);
    }
    return touches && !holds;
}

/* A word that a closed vocabulary does not have would count nothing and look like a zero. */
static rv_status check_word(const struct cube_axis *axis, struct text value, struct rv_err *reterr)
{
    struct month_range months;
    bool is_time = axis->kind == AXIS_TIME && !text_is(value, "not-recorded");
    if (is_time && !month_range_parse(value, &months)) {
        return rv_fail(reterr, RV_USAGE,
                       "--where %s=%.*s: write a month as 2021-03, a year as 2021, several months "
                       "as 2021-03..2021-06.",
                       axis->name, (int)value.n, value.at);
    }
    if (is_time && is_part_of_bucket(axis, months)) {
        return rv_fail(reterr, RV_USAGE, "--where %s=%.*s: no whole %s lies in it.", axis->name,
                       (int)value.n, value.at, axis->name);
    }
    size_t n = axis->closed_count;
    const char *const *words = axis->closed ? axis->closed : cube_fixed_labels(axis->kind, &n);
    bool is_known = !words || text_is(value, "not-recorded");
    struct buf list RV_CLEANUP(buf_done);
    buf_init(&list, 4096);
    for (size_t i = 0; i < n && !is_known; i++) {
        is_known = text_is(value, words[i]);
        buf_printf(&list, "%s%s", i ? " " : "", words[i]);
    }
    return is_known ? rv_ok()
                    : rv_fail(reterr, RV_USAGE, "--where %s=%.*s: no such value. There are: %.*s.",
                              axis->name, (int)value.n, value.at, (int)list.n, list.bytes);
}

rv_status table_wanted(struct table_plan *p, struct cube_axis *axis, struct text values,
                       struct rv_err *reterr)
{
    size_t most = axis->wanted_count + 2; /* "violence, sexual" may be one value with a comma */
    for (size_t i = 0; i < values.n; i++) {
        most += values.at[i] == ',' ? 1 : 0;
    }
    const char **wanted = ARENA_NEW(p->held.arena, const char *, most);
    if (!wanted) {
        return arena_fail(p->held.arena, reterr);
    }
    size_t n = 0;
    struct text rest = values;
    while (rest.n > 0) {
        struct text value = text_split(rest, ',', &rest);
        const char *code = area_code_of(axis->layer, value);
        if (axis->layer && !code && !text_is(value, "unplaced")) {
            return rv_fail(reterr, RV_NOT_FOUND, "--where %s=%.*s: no such %s of %s is held.",
                           axis->name, (int)value.n, value.at, axis->layer->type,
                           axis->layer->vintage);
        }
        RV_TRY(check_word(axis, value, reterr));
        wanted[n++] = code ? code : arena_text(p->held.arena, value.at, value.n);
    }
    if (n > 1) {
        wanted[n++] = arena_text(p->held.arena, values.at, values.n);
    }
    axis->wanted = wanted;
    axis->wanted_count = n;
    return rv_ok();
}

rv_status table_where(struct table_plan *p, struct rv_err *reterr)
{
    for (size_t i = 0; i < p->options->where_count; i++) {
        struct text values;
        struct text name = text_split(text_of(p->options->where[i]), '=', &values);
        if (values.n == 0) {
            return rv_fail(reterr, RV_USAGE, "--where %s: write dimension=value[,value].",
                           p->options->where[i]);
        }
        struct cube_axis *axis = NULL;
        for (size_t k = 0; k < p->axis_count; k++) {
            if (text_is(name, p->axes[k].name) && p->axes[k].wanted_count == 0) {
                axis = &p->axes[k];
            }
        }
        if (!axis) {
            RV_TRY(table_axis(p, "--where", name, &axis, reterr));
            axis->is_filter = true;
        }
        RV_TRY(table_wanted(p, axis, values, reterr));
    }
    return rv_ok();
}
