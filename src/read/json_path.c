/* read/json_path.c — walking valid JSON. SPDX-License-Identifier: GPL-3.0-or-later */
#include "read/json_path.h"

#include <string.h>

struct walk {
    struct text json;
    size_t at;
};

static void skip_blanks(struct walk *w)
{
    while (w->at < w->json.n && strchr(" \t\r\n", w->json.at[w->at])) {
        w->at++;
    }
}

static char here(const struct walk *w)
{
    return w->at < w->json.n ? w->json.at[w->at] : '\0';
}

/* Past a string; *ret is what stands between its quotes, escapes as written. */
static struct text take_string(struct walk *w)
{
    size_t start = ++w->at;
    while (w->at < w->json.n && w->json.at[w->at] != '"') {
        w->at += w->json.at[w->at] == '\\' ? 2 : 1;
    }
    size_t end = w->at < w->json.n ? w->at : w->json.n;
    w->at = end + (end < w->json.n);
    return (struct text){w->json.at + start, end - start};
}

/* Past any value: brackets are counted, strings are jumped over. */
static void skip_value(struct walk *w)
{
    size_t depth = 0;
    skip_blanks(w);
    do {
        char c = here(w);
        if (c == '"') {
            (void)take_string(w);
        } else {
            depth += c == '{' || c == '[' ? 1 : 0;
            depth -= (c == '}' || c == ']') && depth > 0 ? 1 : 0;
            w->at++;
        }
        if (depth > 0) {
            continue;
        }
        skip_blanks(w);
        if (!here(w) || strchr(",}]:", here(w))) {
            return;
        }
    } while (w->at < w->json.n);
}

/* To the value of `key` of the object that starts here, or false. */
static bool enter_key(struct walk *w, const char *key)
{
    if (here(w) != '{') {
        return false;
    }
    w->at++;
    for (;;) {
        skip_blanks(w);
        if (here(w) != '"') {
            return false;
        }
        size_t start = w->at;
        struct text name = take_string(w);
        skip_blanks(w);
        w->at += here(w) == ':' ? 1 : 0;
        skip_blanks(w);
        if (text_is(name, key)) {
            w->at = here(w) == '{' || here(w) == '[' ? w->at : start;
            return true;
        }
        skip_value(w);
        skip_blanks(w);
        w->at += here(w) == ',' ? 1 : 0;
    }
}

static bool enter_index(struct walk *w, size_t index)
{
    if (here(w) != '[') {
        return false;
    }
    w->at++;
    skip_blanks(w);
    for (size_t i = 0; i < index && here(w) && here(w) != ']'; i++) {
        skip_value(w);
        skip_blanks(w);
        w->at += here(w) == ',' ? 1 : 0;
        skip_blanks(w);
    }
    return here(w) && here(w) != ']';
}

int json_path_line(struct text json, const struct json_step *path, size_t depth)
{
    struct walk w = {.json = json};
    skip_blanks(&w);
    size_t found = w.at;
    for (size_t i = 0; i < depth; i++) {
        if (path[i].key ? !enter_key(&w, path[i].key) : !enter_index(&w, path[i].index)) {
            break;
        }
        found = w.at;
    }
    int line = 1;
    for (size_t i = 0; i < found && i < json.n; i++) {
        line += json.at[i] == '\n';
    }
    return line;
}
