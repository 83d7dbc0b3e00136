/* read/code_page.c — encodings of attribute tables.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "read/code_page.h"

#include <stdio.h>
#include <string.h>

#define MOST_NAME 32

/* Names by number, as in a .cpg of ArcGIS. */
static const struct {
    const char *number, *name;
} NUMBERS[] = {{"65001", "utf-8"},       {"88591", "iso-8859-1"},  {"885915", "iso-8859-15"},
               {"1250", "windows-1250"}, {"1251", "windows-1251"}, {"1252", "windows-1252"},
               {"437", "ibm437"},        {"850", "ibm850"}};

static struct text trim(struct text name)
{
    while (name.n && (unsigned char)name.at[name.n - 1] <= ' ') {
        name.n--;
    }
    while (name.n && (unsigned char)name.at[0] <= ' ') {
        name.at++;
        name.n--;
    }
    return name;
}

static const char *encoding_of(struct text name)
{
    char copy[MOST_NAME] = "";
    name = trim(name);
    if (name.n > 5 && text_equal_nocase((struct text){name.at, 5}, text_of("ANSI "))) {
        name = trim((struct text){name.at + 5, name.n - 5});
    }
    if (name.n >= sizeof copy) {
        return NULL;
    }
    memcpy(copy, name.at, name.n);
    for (size_t i = 0; i < sizeof NUMBERS / sizeof *NUMBERS; i++) {
        if (strcmp(copy, NUMBERS[i].number) == 0) {
            return NUMBERS[i].name;
        }
    }
    return encoding_find(copy);
}

bool code_page_find(struct text name, struct code_page *ret)
{
    const char *encoding = encoding_of(name);
    if (!encoding || text_starts(text_of(encoding), "utf-16") ||
        text_starts(text_of(encoding), "utf-32")) {
        return false;
    }
    if (strcmp(encoding, "utf-8") == 0 || strcmp(encoding, "us-ascii") == 0) {
        ret->kind = CODE_PAGE_UTF8;
        return true;
    }
    ret->kind = CODE_PAGE_SINGLE;
    encoding_high_half(encoding, ret->high);
    /* Control characters to iconv; in a table a sign of windows-1252, so they do not fit. */
    for (size_t i = 0; i < 32 && text_starts(text_of(encoding), "iso-8859"); i++) {
        ret->high[i].n = 0;
    }
    return true;
}

static bool is_ascii(struct text t)
{
    for (size_t i = 0; i < t.n; i++) {
        if ((unsigned char)t.at[i] > 127 || t.at[i] == '\0') {
            return false;
        }
    }
    return true;
}

static bool from_single(struct arena *a, const struct code_page *page, struct text bytes,
                        struct text *ret)
{
    size_t n = 0;
    for (size_t i = 0; i < bytes.n; i++) {
        unsigned char byte = (unsigned char)bytes.at[i];
        size_t width = byte > 127 ? page->high[byte - 128].n : byte > 0;
        if (width == 0) {
            return false;
        }
        n += width;
    }
    char *out = arena_new(a, n + 1, 1);
    *ret = (struct text){out, n};
    n = 0;
    for (size_t i = 0; out && i < bytes.n; i++) {
        unsigned char byte = (unsigned char)bytes.at[i];
        size_t width = byte > 127 ? page->high[byte - 128].n : 1;
        memcpy(out + n, byte > 127 ? page->high[byte - 128].bytes : &bytes.at[i], width);
        n += width;
    }
    return true;
}

bool code_page_text(struct arena *a, const struct code_page *page, struct text bytes,
                    struct text *ret)
{
    bool is_plain = is_ascii(bytes);
    if (page->kind == CODE_PAGE_SINGLE && !is_plain) {
        return from_single(a, page, bytes, ret);
    }
    if (is_plain || (page->kind == CODE_PAGE_UTF8 && text_utf8_valid(bytes) == bytes.n)) {
        *ret = (struct text){arena_text(a, bytes.at, bytes.n), bytes.n};
        return true;
    }
    return false;
}
