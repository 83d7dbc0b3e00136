/* report/sentence_slots.c — the names that a sentence may use, and their values in a finding.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "report/sentence_parts.h"

#include <math.h>

static const struct {
    const char *name;
    enum slot_type type;
    enum slot_field field;
} fields[] = {
    {"value", TYPE_NUMBER, SLOT_VALUE},
    {"lower", TYPE_NUMBER, SLOT_LOWER},
    {"upper", TYPE_NUMBER, SLOT_UPPER},
    {"numerator", TYPE_NUMBER, SLOT_NUMERATOR},
    {"denominator", TYPE_NUMBER, SLOT_DENOMINATOR},
    {"missing", TYPE_NUMBER, SLOT_MISSING},
    {"compare_value", TYPE_NUMBER, SLOT_COMPARE_VALUE},
    {"difference", TYPE_NUMBER, SLOT_DIFFERENCE},
    {"change", TYPE_NUMBER, SLOT_CHANGE},
    {"rank", TYPE_NUMBER, SLOT_RANK},
    {"rank_low", TYPE_NUMBER, SLOT_RANK_LOW},
    {"rank_high", TYPE_NUMBER, SLOT_RANK_HIGH},
    {"of", TYPE_NUMBER, SLOT_OF},
    {"ci", TYPE_INTERVAL, SLOT_CI},
    {"period", TYPE_PERIOD, SLOT_PERIOD},
    {"compare", TYPE_PERIOD, SLOT_COMPARE},
    {"subject", TYPE_TEXT, SLOT_SUBJECT},
    {"unit", TYPE_TEXT, SLOT_UNIT},
    {"area", TYPE_TEXT, SLOT_AREA},
    {"area_code", TYPE_TEXT, SLOT_AREA_CODE},
    {"denominator_name", TYPE_TEXT, SLOT_DENOMINATOR_NAME},
    {"definition", TYPE_TEXT, SLOT_DEFINITION},
    {"definition_version", TYPE_TEXT, SLOT_DEFINITION_VERSION},
    {"method", TYPE_TEXT, SLOT_METHOD},
    {"verdict", TYPE_TEXT, SLOT_VERDICT},
    {"theme", TYPE_TEXT, SLOT_THEME},
};

bool slot_find(const struct theme *theme, struct text name, enum slot_field *ret_field,
               enum slot_type *ret_type)
{
    for (const struct declared_slot *s = theme->slots; s; s = s->next) {
        if (text_equal(s->name, name)) {
            *ret_field = SLOT_DECLARED;
            *ret_type = s->type;
            return true;
        }
    }
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        if (text_is(name, fields[i].name)) {
            *ret_field = fields[i].field;
            *ret_type = fields[i].type;
            return true;
        }
    }
    return false;
}

static bool resolve_declared(const struct finding *f, const struct piece *p, struct slot_value *ret)
{
    for (size_t i = 0; i < f->slot_count; i++) {
        const struct finding_slot *s = &f->slots[i];
        if (!text_is(p->name, s->name)) {
            continue;
        }
        if (p->type == TYPE_NUMBER) {
            ret->number = s->number;
            return s->type == SLOT_NUMBER && isfinite(s->number);
        }
        ret->text = s->text;
        return s->type == SLOT_TEXT && s->text && s->text[0];
    }
    return false;
}

/* -1 = not available. */
static double of_integer(int64_t value)
{
    return value < 0 ? (double)NAN : (double)value;
}

static double resolve_number(const struct finding *f, enum slot_field field)
{
    switch ((int)field) {
    case SLOT_VALUE:
        return f->value;
    case SLOT_LOWER:
        return f->lower;
    case SLOT_UPPER:
        return f->upper;
    case SLOT_NUMERATOR:
        return f->numerator;
    case SLOT_DENOMINATOR:
        return f->denominator;
    case SLOT_MISSING:
        return f->missing;
    case SLOT_COMPARE_VALUE:
        return f->compare_value;
    case SLOT_DIFFERENCE:
        return f->value - f->compare_value;
    case SLOT_CHANGE:
        return f->compare_value == 0 ? (double)NAN
                                     : 100 * (f->value - f->compare_value) / f->compare_value;
    case SLOT_RANK:
        return of_integer(f->rank);
    case SLOT_RANK_LOW:
        return of_integer(f->rank_low);
    case SLOT_RANK_HIGH:
        return of_integer(f->rank_high);
    default:
        return of_integer(f->of);
    }
}

static const char *resolve_text(const struct finding *f, enum slot_field field)
{
    switch ((int)field) {
    case SLOT_SUBJECT:
        return f->subject;
    case SLOT_UNIT:
        return f->unit;
    case SLOT_AREA:
        return f->area_name;
    case SLOT_AREA_CODE:
        return f->area;
    case SLOT_DENOMINATOR_NAME:
        return f->denominator_name;
    case SLOT_DEFINITION:
        return f->definition;
    case SLOT_DEFINITION_VERSION:
        return f->definition_version;
    case SLOT_METHOD:
        return f->method;
    case SLOT_VERDICT:
        return finding_verdict_name(f->verdict);
    default:
        return f->theme;
    }
}

bool slot_resolve(const struct finding *f, const struct piece *p, struct slot_value *ret)
{
    *ret = (struct slot_value){.is_tied = p->field == SLOT_RANK && f->is_tied};
    if (p->field == SLOT_DECLARED) {
        return resolve_declared(f, p, ret);
    }
    switch (p->type) {
    case TYPE_NUMBER:
        ret->number = resolve_number(f, p->field);
        return isfinite(ret->number);
    case TYPE_TEXT:
        ret->text = resolve_text(f, p->field);
        return ret->text && ret->text[0];
    case TYPE_PERIOD:
        ret->period = p->field == SLOT_PERIOD ? f->period : f->compare;
        return ret->period.first <= ret->period.last;
    case TYPE_INTERVAL:
        ret->lower = f->lower;
        ret->upper = f->upper;
        ret->level = f->level;
        return isfinite(f->lower) && isfinite(f->upper) && isfinite(f->level);
    }
    return false;
}
