/* read/code_page.c — encodings of attribute tables.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "read/code_page.h"

static const struct {
    const char *name;
    enum code_page page;
} NAMES[] = {
    {"UTF-8", CODE_PAGE_UTF8},        {"UTF8", CODE_PAGE_UTF8},
    {"65001", CODE_PAGE_UTF8},        {"ISO-8859-1", CODE_PAGE_1252},
    {"ISO 8859-1", CODE_PAGE_1252},   {"ISO8859-1", CODE_PAGE_1252},
    {"ISO88591", CODE_PAGE_1252},     {"88591", CODE_PAGE_1252},
    {"8859-1", CODE_PAGE_1252},       {"LATIN1", CODE_PAGE_1252},
    {"LATIN-1", CODE_PAGE_1252},      {"1252", CODE_PAGE_1252},
    {"CP1252", CODE_PAGE_1252},       {"ANSI 1252", CODE_PAGE_1252},
    {"windows-1252", CODE_PAGE_1252}, {"US-ASCII", CODE_PAGE_UTF8},
    {"ASCII", CODE_PAGE_UTF8},
};

/* Source: WHATWG Encoding Standard, index windows-1252, pointers 0 to 31; 0 = not assigned. */
static const uint16_t HIGH_1252[32] = {
    0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0,      0x017D, 0,      0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};

bool code_page_find(struct text name, enum code_page *ret)
{
    while (name.n && (unsigned char)name.at[name.n - 1] <= ' ') {
        name.n--;
    }
    while (name.n && (unsigned char)name.at[0] <= ' ') {
        name.at++;
        name.n--;
    }
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++) {
        if (text_equal_nocase(name, text_of(NAMES[i].name))) {
            *ret = NAMES[i].page;
            return true;
        }
    }
    return false;
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

/* One byte as UTF-8; its length, or 0 for a byte that means nothing. */
static size_t put_1252(unsigned char byte, char out[3])
{
    unsigned point = byte >= 128 && byte < 160 ? HIGH_1252[byte - 128] : byte;
    if (point == 0) {
        return 0;
    }
    if (point < 0x80) {
        out[0] = (char)point;
        return 1;
    }
    if (point < 0x800) {
        out[0] = (char)(0xC0 | point >> 6);
        out[1] = (char)(0x80 | (point & 0x3F));
        return 2;
    }
    out[0] = (char)(0xE0 | point >> 12);
    out[1] = (char)(0x80 | (point >> 6 & 0x3F));
    out[2] = (char)(0x80 | (point & 0x3F));
    return 3;
}

static bool from_1252(struct arena *a, struct text bytes, struct text *ret)
{
    size_t n = 0;
    char one[3];
    for (size_t i = 0; i < bytes.n; i++) {
        size_t width = put_1252((unsigned char)bytes.at[i], one);
        if (width == 0) {
            return false;
        }
        n += width;
    }
    char *out = arena_new(a, n + 1, 1);
    *ret = (struct text){out, n};
    n = 0;
    for (size_t i = 0; out && i < bytes.n; i++) {
        size_t width = put_1252((unsigned char)bytes.at[i], one);
        memcpy(out + n, one, width);
        n += width;
    }
    return true;
}

bool code_page_text(struct arena *a, enum code_page page, struct text bytes, struct text *ret)
{
    bool is_plain = is_ascii(bytes);
    if (page == CODE_PAGE_1252 && !is_plain) {
        return from_1252(a, bytes, ret);
    }
    if (is_plain || (page == CODE_PAGE_UTF8 && text_utf8_valid(bytes) == bytes.n)) {
        *ret = (struct text){arena_text(a, bytes.at, bytes.n), bytes.n};
        return true;
    }
    return false;
}
