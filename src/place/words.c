/* place/words.c — folding, abbreviations, and which words say where.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "place/words.h"

#include <stdlib.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])
#define READ_BYTES   4096

/* Base letters of U+00C0 to U+017F; a dot separates words. */
static const char LATIN[] = "aaaaaaaceeeeiiiidnooooo.ouuuuyts"
                            "aaaaaaaceeeeiiiidnooooo.ouuuuyty"
                            "aaaaaaccccccccddddeeeeeeeeeegggg"
                            "gggghhhhiiiiiiiiiiiijjkkklllllll"
                            "lllnnnnnnnnnoooooooorrrrrrssssss"
                            "ssttttttuuuuuuuuuuuuwwyyyzzzzzzs";

/* ---- characters ---- */

enum sort { SORT_SEPARATOR, SORT_LETTER, SORT_DIGIT, SORT_APOSTROPHE, SORT_AT };

/* Length of the UTF-8 sequence at `at`, 1 for a byte that begins none; *ret = its code point. */
static size_t decode(const unsigned char *at, size_t left, uint32_t *ret)
{
    size_t n = at[0] < 0x80 ? 1 : at[0] >= 0xc2 && at[0] < 0xe0 ? 2 : at[0] >= 0xe0 ? 3 : 1;
    *ret = at[0] < 0x80 ? at[0] : 0xfffd;
    if (n == 1 || n > left || (at[1] & 0xc0) != 0x80 || (n == 3 && (at[2] & 0xc0) != 0x80)) {
        return 1;
    }
    *ret = n == 2 ? (uint32_t)(at[0] & 0x1f) << 6 | (at[1] & 0x3f)
                  : (uint32_t)(at[0] & 0x0f) << 12 | (uint32_t)(at[1] & 0x3f) << 6 | (at[2] & 0x3f);
    return n;
}

static enum sort sort_of(uint32_t code, char *ret)
{
    if (code < 0x80) {
        char c = (char)code;
        *ret = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
        return (*ret >= 'a' && *ret <= 'z') ? SORT_LETTER
               : c >= '0' && c <= '9'       ? SORT_DIGIT
               : c == '\'' || c == '`'      ? SORT_APOSTROPHE
               : c == '@'                   ? SORT_AT
                                            : SORT_SEPARATOR;
    }
    if (code >= 0xc0 && code < 0xc0 + sizeof LATIN - 1) {
        *ret = LATIN[code - 0xc0];
        return *ret == '.' ? SORT_SEPARATOR : SORT_LETTER;
    }
    bool is_apostrophe = code == 0x2018 || code == 0x2019 || code == 0x2032 || code == 0xb4;
    return is_apostrophe ? SORT_APOSTROPHE : SORT_SEPARATOR;
}

static bool is_space(uint32_t code)
{
    return code == ' ' || code == '\t' || code == '\n' || code == '\r';
}

struct splitting {
    struct place_words *words;
    struct place_word word;
    size_t since_space; /* words since the last white space */
    size_t apostrophe;  /* letters before it, SIZE_MAX = none */
    bool is_address;    /* an @ since the last white space */
};

static void end_word(struct splitting *s)
{
    struct place_word *w = &s->word;
    if (w->n && s->words->count < WORDS_MOST) {
        w->is_possessive =
            s->apostrophe != SIZE_MAX && s->apostrophe + 1 == w->n && w->at[w->n - 1] == 's';
        w->is_address = s->is_address;
        s->words->at[s->words->count++] = *w;
        s->since_space++;
    }
    *w = (struct place_word){.n = 0};
    s->apostrophe = SIZE_MAX;
}

/* Everything since the last space is one e-mail address. */
static void mark_address(struct splitting *s)
{
    s->is_address = true;
    for (size_t i = 0; i < s->since_space && i < s->words->count; i++) {
        s->words->at[s->words->count - 1 - i].is_address = true;
    }
}

/* "o/s" is outside, "j/w" junction with: a stroke between single letters joins them. */
static bool is_stroke(struct text t, size_t i)
{
    bool has_both = i > 0 && i + 1 < t.n && t.at[i] == '/';
    bool is_first = has_both && (i == 1 || is_space((unsigned char)t.at[i - 2]));
    return is_first && (i + 2 == t.n || is_space((unsigned char)t.at[i + 2]));
}

void place_words_split(struct text t, struct place_words *ret)
{
    ret->count = 0;
    struct splitting s = {.words = ret, .apostrophe = SIZE_MAX};
    size_t end = t.n < READ_BYTES ? t.n : READ_BYTES;
    for (size_t i = 0; i < end;) {
        uint32_t code;
        char c = 0;
        size_t n = decode((const unsigned char *)t.at + i, end - i, &code);
        enum sort sort = sort_of(code, &c);
        if (sort == SORT_LETTER || sort == SORT_DIGIT) {
            if (s.word.n + 1 < WORD_BYTES) {
                s.word.at[s.word.n++] = c;
                s.word.digits += sort == SORT_DIGIT;
            }
        } else if (sort == SORT_APOSTROPHE) {
            s.apostrophe = s.word.n;
        } else if (!is_stroke(t, i)) {
            end_word(&s);
            if (code == '&' && ret->count < WORDS_MOST) {
                ret->at[ret->count++] = (struct place_word){.at = "and", .n = 3};
            }
        }
        if (sort == SORT_AT) {
            mark_address(&s);
        } else if (is_space(code)) {
            s.is_address = false;
            s.since_space = 0;
        }
        i += n;
    }
    end_word(&s);
}

/* ---- words ---- */

static const char *const SPELLINGS[][2] = {
    {"av", "avenue"},      {"ave", "avenue"},     {"center", "centre"},  {"cntr", "centre"},
    {"cl", "close"},       {"clse", "close"},     {"cr", "crescent"},    {"cres", "crescent"},
    {"cresc", "crescent"}, {"crt", "court"},      {"ct", "court"},       {"ctr", "centre"},
    {"dr", "drive"},       {"drv", "drive"},      {"garden", "gardens"}, {"gdns", "gardens"},
    {"gr", "grove"},       {"grn", "green"},      {"gro", "grove"},      {"hosp", "hospital"},
    {"la", "lane"},        {"ln", "lane"},        {"mkt", "market"},     {"mrkt", "market"},
    {"pde", "parade"},     {"ph", "pub"},         {"pk", "park"},        {"pl", "place"},
    {"plc", "place"},      {"rbt", "roundabout"}, {"rd", "road"},        {"rnd", "round"},
    {"saint", "st"},       {"sch", "school"},     {"sq", "square"},      {"sta", "station"},
    {"stn", "station"},    {"str", "st"},         {"street", "st"},      {"ter", "terrace"},
    {"terr", "terrace"},   {"wy", "way"},
};

static const char *const STREET_TYPES[] = {
    "avenue", "close", "court",   "crescent", "drive", "gardens", "grove",
    "lane",   "mews",  "parade",  "place",    "rise",  "road",    "row",
    "square", "st",    "terrace", "walk",     "way",
};

static const char *const TYPES[] = {
    "alley",      "alleyway", "area",      "arms",       "avenue",   "bar",     "bridge",
    "building",   "bus",      "cafe",      "car",        "centre",   "church",  "close",
    "club",       "coach",    "college",   "court",      "crescent", "drive",   "estate",
    "field",      "fields",   "footpath",  "gardens",    "grove",    "gym",     "hall",
    "hospital",   "hotel",    "house",     "inn",        "lane",     "leisure", "library",
    "mall",       "market",   "mews",      "nightclub",  "office",   "open",    "parade",
    "park",       "parking",  "path",      "petrol",     "place",    "pub",     "public",
    "rail",       "railway",  "rank",      "restaurant", "retail",   "rise",    "road",
    "roundabout", "row",      "school",    "shop",       "shopping", "shops",   "space",
    "square",     "st",       "station",   "stop",       "store",    "subway",  "supermarket",
    "superstore", "tavern",   "taxi",      "terrace",    "toilet",   "toilets", "town",
    "train",      "tube",     "underpass", "village",    "walk",     "way",
};

/* Words around a place: where exactly, what happened, who. In the order of the alphabet. */
static const char *const JOINING[] = {
    "a",         "ae",       "after",    "again",   "along",     "am",        "an",
    "and",       "another",  "around",   "as",      "assailant", "assault",   "assaulted",
    "at",        "attack",   "attacked", "away",    "back",      "be",        "been",
    "before",    "behind",   "being",    "beside",  "between",   "bf",        "boy",
    "boyfriend", "boys",     "brother",  "but",     "by",        "called",    "claims",
    "cnr",       "coming",   "corner",   "cousin",  "dad",       "daughter",  "did",
    "dont",      "down",     "during",   "ed",      "evening",   "ex",        "fall",
    "father",    "fell",     "female",   "fight",   "fighting",  "for",       "friend",
    "friends",   "from",     "front",    "gang",    "gf",        "girl",      "girlfriend",
    "girls",     "going",    "got",      "group",   "had",       "has",       "have",
    "he",        "her",      "him",      "his",     "hit",       "husband",   "i",
    "in",        "inside",   "into",     "is",      "it",        "its",       "jct",
    "jn",        "jnc",      "jnct",     "jumped",  "junc",      "junction",  "jw",
    "kicked",    "knife",    "know",     "known",   "last",      "leaving",   "local",
    "man",       "me",       "men",      "morning", "mother",    "mugged",    "mum",
    "my",        "named",    "near",     "nearby",  "next",      "night",     "no",
    "not",       "nr",       "o",        "of",      "off",       "on",        "onto",
    "opp",       "opposite", "or",       "os",      "our",       "out",       "outside",
    "over",      "partner",  "patient",  "people",  "person",    "pt",        "punched",
    "pushed",    "rear",     "reported", "reports", "robbed",    "round",     "s",
    "says",      "she",      "side",     "sister",  "somebody",  "someone",   "somewhere",
    "son",       "stabbed",  "stated",   "states",  "stranger",  "strangers", "that",
    "the",       "their",    "them",     "then",    "they",      "this",      "to",
    "today",     "towards",  "unknown",  "unsure",  "up",        "us",        "vicinity",
    "waiting",   "walking",  "was",      "we",      "were",      "when",      "where",
    "while",     "wife",     "with",     "yes",     "yesterday", "youth",     "youths",
};

static int compare_key(const void *key, const void *entry)
{
    const struct text *k = key;
    return text_compare(*k, text_of(*(const char *const *)entry));
}

static bool is_listed(struct text w, const char *const *list, size_t count)
{
    return bsearch(&w, list, count, sizeof *list, compare_key) != NULL;
}

static struct text text_of_word(const struct place_word *w)
{
    return (struct text){w->at, w->n};
}

bool word_is(const struct place_word *w, const char *text)
{
    return text_is(text_of_word(w), text);
}

void word_canonical(struct place_word *w)
{
    for (size_t i = 0; i < COUNT(SPELLINGS); i++) {
        if (word_is(w, SPELLINGS[i][0])) {
            struct text long_form = text_of(SPELLINGS[i][1]);
            memcpy(w->at, long_form.at, long_form.n + 1);
            w->n = (uint32_t)long_form.n;
            return;
        }
    }
}

bool word_is_joining(const struct place_word *w)
{
    return is_listed(text_of_word(w), JOINING, COUNT(JOINING));
}

bool word_is_type(struct text w)
{
    return is_listed(w, TYPES, COUNT(TYPES));
}

bool word_is_street_type(struct text w)
{
    return is_listed(w, STREET_TYPES, COUNT(STREET_TYPES));
}

bool word_is_road_number(const struct place_word *w)
{
    bool is_class = w->n >= 2 && w->n <= 5 && w->at[0] && strchr("abm", w->at[0]);
    return is_class && w->digits == w->n - 1 && w->at[1] != '0';
}

/* ---- names ---- */

/* Without what stands in brackets; `room` bytes at most. */
static struct text without_brackets(struct text t, char *room, size_t size)
{
    size_t n = 0, depth = 0;
    for (size_t i = 0; i < t.n && n < size; i++) {
        bool is_open = t.at[i] == '(' || t.at[i] == '[';
        bool is_close = t.at[i] == ')' || t.at[i] == ']';
        depth += is_open;
        if (depth == 0) {
            room[n++] = t.at[i];
        }
        depth -= is_close && depth > 0;
    }
    return (struct text){room, n};
}

bool words_of_name(struct text name, struct place_words *ret)
{
    char room[512];
    struct text rest;
    struct place_words all;
    size_t plain = 0;
    place_words_split(text_split(without_brackets(name, room, sizeof room), ',', &rest), &all);
    ret->count = 0;
    for (size_t i = 0; i < all.count; i++) {
        struct place_word *w = &all.at[i];
        word_canonical(w);
        bool is_number = w->digits > 0 && !word_is_road_number(w);
        if (!is_number && !word_is_joining(w)) {
            plain += !word_is_type(text_of_word(w));
            ret->at[ret->count++] = *w;
        }
    }
    return plain > 0 || ret->count > 1;
}

void words_of_reading(struct text reading, struct place_words *ret)
{
    place_words_split(reading, ret);
}

size_t place_words_join(const struct place_words *w, char *out, size_t room)
{
    size_t n = 0;
    for (size_t i = 0; i < w->count && n + w->at[i].n + 1 < room; i++) {
        if (n) {
            out[n++] = ' ';
        }
        memcpy(out + n, w->at[i].at, w->at[i].n);
        n += w->at[i].n;
    }
    return n;
}
