/* place/reading.c — what of a free text may be kept.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "place/reading.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

struct reader {
    struct place_words words;
    bool is_out[WORDS_MOST];
    unsigned aside;
};

static bool is_one_of(const struct place_word *w, const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (word_is(w, list[i])) {
            return true;
        }
    }
    return false;
}

static void leave_out(struct reader *r, size_t i, enum reading_aside why)
{
    r->is_out[i] = true;
    r->aside |= 1u << why;
}

/* ---- homes ---- */

static const char *const HOMES[] = {
    "home",    "flat",     "apartment",  "dwelling", "residence", "residential", "bedroom",
    "kitchen", "bathroom", "maisonette", "bedsit",   "domestic",  "private"};
static const char *const ROOMS[] = {"house", "place",    "address",  "room",    "garden",
                                    "yard",  "doorstep", "driveway", "property"};
static const char *const OWNERS[] = {
    "my",          "his",     "her",       "their",      "our",       "own",        "friend",
    "friends",     "mum",     "mums",      "dad",        "dads",      "parents",    "partner",
    "partners",    "ex",      "neighbour", "neighbours", "boyfriend", "boyfriends", "girlfriend",
    "girlfriends", "nan",     "nans",      "sister",     "sisters",   "brother",    "brothers",
    "cousin",      "cousins", "aunt",      "aunts",      "uncle",     "uncles",     "grandparents",
    "patients",    "patient", "victims",   "family"};
/* "Home Bargains", "Home Office": no homes. */
static const char *const NO_HOMES[] = {"bargains", "office", "base", "farm"};
/* "Walking home along South Street": not at home. */
static const char *const WAYS_HOME[] = {"walking", "walked",  "walk",   "way",     "going",
                                        "coming",  "heading", "headed", "cycling", "travelling"};

static bool is_way_home(const struct place_words *w, size_t i)
{
    return i > 0 && word_is(&w->at[i], READING_HOME) &&
           is_one_of(&w->at[i - 1], WAYS_HOME, COUNT(WAYS_HOME));
}

static bool is_home_word(const struct place_words *w, size_t i)
{
    const struct place_word *word = &w->at[i];
    bool is_followed = i + 1 < w->count && is_one_of(&w->at[i + 1], NO_HOMES, COUNT(NO_HOMES));
    if (is_one_of(word, HOMES, COUNT(HOMES))) {
        return !is_followed && !is_way_home(w, i);
    }
    if (i == 0 || !is_one_of(word, ROOMS, COUNT(ROOMS))) {
        return false;
    }
    const struct place_word *before = &w->at[i - 1];
    return before->is_possessive || is_one_of(before, OWNERS, COUNT(OWNERS));
}

static bool has_home(const struct place_words *w)
{
    for (size_t i = 0; i < w->count; i++) {
        if (is_home_word(w, i)) {
            return true;
        }
    }
    return false;
}

bool reading_is_home(struct text type)
{
    struct place_words w;
    place_words_split(type, &w);
    bool has_house = false, has_public = false;
    for (size_t i = 0; i < w.count; i++) {
        has_house = has_house || word_is(&w.at[i], "house");
        has_public = has_public || word_is(&w.at[i], "public") || word_is(&w.at[i], "pub");
    }
    return (has_house && !has_public) || has_home(&w);
}

/* ---- what identifies ---- */

static bool is_letter_at(const struct place_word *w, size_t i)
{
    return w->at[i] >= 'a' && w->at[i] <= 'z';
}

static bool is_digit_at(const struct place_word *w, size_t i)
{
    return w->at[i] >= '0' && w->at[i] <= '9';
}

/* "3ab" */
static bool is_inward(const struct place_word *w, size_t from)
{
    return w->n == from + 3 && is_digit_at(w, from) && is_letter_at(w, from + 1) &&
           is_letter_at(w, from + 2);
}

/* "rm1", "e17", "ec1a", "w1t": the first `n` characters. */
static bool is_outward(const struct place_word *w, size_t n)
{
    if (n < 2 || n > 4 || n > w->n || !is_letter_at(w, 0)) {
        return false;
    }
    size_t letters = 1 + (size_t)is_letter_at(w, 1);
    bool is_form = letters < n && is_digit_at(w, letters);
    size_t left = is_form ? n - letters - 1 : 2;
    return is_form &&
           (left == 0 || (left == 1 && (is_digit_at(w, n - 1) || is_letter_at(w, n - 1))));
}

static void set_postcodes_aside(struct reader *r)
{
    for (size_t i = 0; i < r->words.count; i++) {
        struct place_word *w = &r->words.at[i];
        if (w->n > 3 && is_inward(w, w->n - 3u) && is_outward(w, w->n - 3u)) {
            w->n -= 3;
            w->at[w->n] = '\0';
            r->aside |= 1u << ASIDE_POSTCODE;
        } else if (i > 0 && is_inward(w, 0) && is_outward(w - 1, w[-1].n)) {
            leave_out(r, i, ASIDE_POSTCODE);
        }
    }
}

static void set_numbers_aside(struct reader *r)
{
    for (size_t i = 0; i < r->words.count; i++) {
        const struct place_word *w = &r->words.at[i];
        if (w->is_address) {
            leave_out(r, i, ASIDE_ADDRESS);
        } else if (w->digits && !r->is_out[i] && !is_outward(w, w->n) && !word_is_road_number(w)) {
            leave_out(r, i, ASIDE_NUMBER);
        }
    }
}

/* "Mr Smith", "punched by John Smith", "a man called John". */
static void set_persons_aside(struct reader *r)
{
    static const char *const TITLES[] = {"mr", "mrs", "miss", "ms", "mx", "sgt", "pc", "prof"};
    static const char *const DOINGS[] = {"assaulted", "attacked", "punched", "hit",    "kicked",
                                         "stabbed",   "pushed",   "robbed",  "jumped", "mugged"};
    static const char *const NAMINGS[] = {"called", "named"};
    for (size_t i = 0; i + 1 < r->words.count; i++) {
        const struct place_word *w = &r->words.at[i];
        size_t first = i + 1, most = 0;
        if (is_one_of(w, TITLES, COUNT(TITLES))) {
            r->is_out[i] = true;
            most = 1;
        } else if (is_one_of(w, NAMINGS, COUNT(NAMINGS))) {
            most = 2;
        } else if (is_one_of(w, DOINGS, COUNT(DOINGS)) && word_is(w + 1, "by")) {
            first = i + 2;
            most = 2;
        }
        for (size_t k = first; k < first + most && k < r->words.count; k++) {
            if (word_is_joining(&r->words.at[k])) {
                break; /* "punched by strangers outside …" */
            }
            leave_out(r, k, ASIDE_PERSON);
        }
    }
}

static void keep(struct place_reading *ret, struct place_word *w)
{
    word_canonical(w);
    if (w->n < 2 || word_is_joining(w)) {
        return;
    }
    if (ret->n) {
        ret->at[ret->n++] = ' ';
    }
    memcpy(ret->at + ret->n, w->at, w->n);
    ret->n += w->n;
}

static void reduce(struct text type, struct text raw, struct place_reading *ret)
{
    struct reader r = {.aside = 0};
    ret->n = 0;
    place_words_split(raw, &r.words);
    if (reading_is_home(type) || has_home(&r.words)) {
        bool is_told = !text_is(text_trim(raw), READING_HOME) && r.words.count > 0;
        ret->aside = is_told ? 1u << ASIDE_HOME : 0;
        ret->n = sizeof READING_HOME - 1;
        memcpy(ret->at, READING_HOME, ret->n);
        return;
    }
    set_postcodes_aside(&r);
    set_numbers_aside(&r);
    set_persons_aside(&r);
    for (size_t i = 0; i < r.words.count; i++) {
        if (!r.is_out[i] && !is_way_home(&r.words, i)) {
            keep(ret, &r.words.at[i]);
        }
    }
    ret->aside = r.aside;
}

void reading_make(struct text type, struct text raw, struct place_reading *ret)
{
    reduce(type, raw, ret);
    for (size_t before = 0;
         before != ret->n;) { /* "own, the house": words that now stand together */
        struct place_reading again;
        before = ret->n;
        reduce((struct text){NULL, 0}, (struct text){ret->at, ret->n}, &again);
        again.aside |= ret->aside;
        *ret = again;
    }
}
