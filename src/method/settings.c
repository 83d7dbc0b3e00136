/* method/settings.c — options by the table of the method: defaults, types, ranges.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/parse.h"
#include "method/parts.h"

#include <stdio.h>

static rv_status unknown(const struct method *m, const char *name, struct rv_err *reterr)
{
    char known[512] = "";
    size_t n = 0;
    for (const struct method_option *o = m->options; o && o->name && n < sizeof known; o++) {
        int wrote = snprintf(known + n, sizeof known - n, "%s%s", n ? ", " : "", o->name);
        n += wrote > 0 ? (size_t)wrote : 0;
    }
    return rv_fail(reterr, RV_USAGE, "%s has no option '%s'; it has: %s", m->name, name,
                   n ? known : "none");
}

static bool read_choice(const char *choices, struct text word, struct method_setting *ret)
{
    struct text rest = text_of(choices);
    for (int64_t place = 0; rest.n; place++) {
        if (text_equal(text_split(rest, '|', &rest), word)) {
            ret->count = place;
            return true;
        }
    }
    return false;
}

/* 5%, or 0.05. */
static bool read_number(struct text word, bool allow_percent, double *ret)
{
    bool is_percent = allow_percent && word.n && word.at[word.n - 1] == '%';
    if (!parse_real((struct text){word.at, word.n - is_percent}, ret)) {
        return false;
    }
    *ret /= is_percent ? 100 : 1;
    return true;
}

static bool read_setting(const struct method_option *o, const char *word,
                         struct method_setting *ret)
{
    struct text t = text_of(word);
    *ret = (struct method_setting){.is_given = true, .text = word};
    switch (o->type) {
    case METHOD_COUNT:
    case METHOD_INTEGER:
        if (!parse_int(t, &ret->count)) {
            return false;
        }
        ret->real = (double)ret->count;
        break;
    case METHOD_REAL:
    case METHOD_AMOUNT:
    case METHOD_LEVEL:
        if (!read_number(t, o->type == METHOD_LEVEL, &ret->real)) {
            return false;
        }
        break;
    case METHOD_FLAG:
        ret->count = text_is(t, "true");
        return text_is(t, "true") || text_is(t, "false");
    case METHOD_CHOICE:
        return read_choice(o->choices, t, ret);
    case METHOD_DATE:
    case METHOD_TIME:
    case METHOD_TEXT:
    case METHOD_TEXTS:
        return true;
    }
    bool is_bounded = o->least != 0 || o->most != 0;
    bool needs_positive = o->type == METHOD_COUNT || o->type == METHOD_AMOUNT;
    return (!is_bounded || (ret->real >= o->least && ret->real <= o->most)) &&
           (!needs_positive || ret->real >= 0);
}

static rv_status refuse(const struct method *m, const struct method_option *o, const char *word,
                        struct rv_err *reterr)
{
    char range[96] = "";
    if (o->choices) {
        (void)snprintf(range, sizeof range, " (%s)", o->choices);
    } else if (o->least != 0 || o->most != 0) {
        (void)snprintf(range, sizeof range, " from %g to %g", o->least, o->most);
    }
    return rv_fail(reterr, RV_USAGE, "option %s of %s takes a %s%s, not '%s': %s", o->name, m->name,
                   type_name(o->type), range, word, o->what);
}

rv_status settings_read(struct arena *a, const struct method *m, const struct method_word *words,
                        size_t count, struct method_setting **ret, struct rv_err *reterr)
{
    size_t total = 0;
    while (m->options && m->options[total].name) {
        total++;
    }
    struct method_setting *settings = ARENA_NEW(a, struct method_setting, total + 1);
    if (!settings) {
        return arena_fail(a, reterr);
    }
    for (size_t i = 0; i < total; i++) {
        const struct method_option *o = &m->options[i];
        if (o->standard && !read_setting(o, o->standard, &settings[i])) {
            return refuse(m, o, o->standard, reterr);
        }
    }
    for (size_t w = 0; w < count; w++) {
        size_t i = 0;
        while (i < total && strcmp(m->options[i].name, words[w].name) != 0) {
            i++;
        }
        if (i == total) {
            return unknown(m, words[w].name, reterr);
        }
        if (!read_setting(&m->options[i], words[w].value, &settings[i])) {
            return refuse(m, &m->options[i], words[w].value, reterr);
        }
    }
    *ret = settings;
    return rv_ok();
}

void settings_json(const struct method *m, const struct method_setting *settings,
                   struct json_writer *j)
{
    json_put_object(j, "options");
    for (size_t i = 0; m->options && m->options[i].name; i++) {
        const struct method_option *o = &m->options[i];
        if (!settings[i].is_given) {
            json_put_null(j, o->name);
        } else if (type_is_real(o->type)) {
            json_put_real(j, o->name, settings[i].real);
        } else if (o->type == METHOD_COUNT || o->type == METHOD_INTEGER) {
            json_put_int(j, o->name, settings[i].count);
        } else if (o->type == METHOD_FLAG) {
            json_put_bool(j, o->name, settings[i].count != 0);
        } else {
            json_put_string(j, o->name, settings[i].text);
        }
    }
    json_end_object(j);
}
