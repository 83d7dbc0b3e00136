/* define/definition_parts.c — texts by title. SPDX-License-Identifier: GPL-3.0-or-later */
#include "define/definition_parts.h"

#include <string.h>

rv_status reading_texts(struct reading *r, json_t *object, const char *key,
                        struct definition_text **ret, size_t *ret_count)
{
    json_t *value = json_object_get(object, key);
    if (!value) {
        return rv_ok();
    }
    reading_enter(r, key);
    if (!json_is_object(value) || json_object_size(value) > READING_TEXTS) {
        return reading_fault(r, "must be an object of at most %d texts", READING_TEXTS);
    }
    struct definition_text *texts = ARENA_NEW(r->a, struct definition_text, READING_TEXTS);
    if (!texts) {
        return arena_fail(r->a, r->err);
    }
    size_t n = 0;
    const char *title;
    json_t *text;
    json_object_foreach(value, title, text)
    {
        reading_enter(r, title);
        if (!json_is_string(text)) {
            return reading_fault(r, "must be a text in quotes");
        }
        RV_TRY(reading_keep(r, text, &texts[n].text));
        texts[n].title = arena_text(r->a, title, strlen(title));
        if (!texts[n++].title) {
            return arena_fail(r->a, r->err);
        }
        reading_leave(r);
    }
    reading_leave(r);
    *ret = texts;
    *ret_count = n;
    return rv_ok();
}
