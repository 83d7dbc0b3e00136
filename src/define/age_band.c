/* define/age_band.c — the bounds that the words of an age band state.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "define/age_band.h"

#define OLDEST 130

static bool take_number(struct text *rest, int *ret)
{
    size_t n = 0;
    int value = 0;
    while (n < rest->n && n < 3 && rest->at[n] >= '0' && rest->at[n] <= '9') {
        value = value * 10 + (rest->at[n] - '0');
        n++;
    }
    if (n == 0 || value > OLDEST) {
        return false;
    }
    *rest = text_trim((struct text){rest->at + n, rest->n - n});
    *ret = value;
    return true;
}

/* Takes one of the words (separated by '|') from the start; case of ASCII letters is ignored. */
static bool take_word(struct text *rest, const char *words)
{
    struct text list = text_of(words);
    while (list.n > 0) {
        struct text word = text_split(list, '|', &list);
        if (rest->n >= word.n && text_equal_nocase((struct text){rest->at, word.n}, word)) {
            *rest = text_trim((struct text){rest->at + word.n, rest->n - word.n});
            return true;
        }
    }
    return false;
}

static bool set_bounds(int from, int to, int *ret_from, int *ret_to)
{
    if (from > to) {
        return false;
    }
    *ret_from = from;
    *ret_to = to;
    return true;
}

/* "18-24", "18 to 24", "18–24" */
static bool read_range(struct text rest, int from, int *ret_from, int *ret_to)
{
    int to;
    if (!take_word(&rest, "-|to |\xE2\x80\x93") || !take_number(&rest, &to)) {
        return false;
    }
    (void)take_word(&rest, "years|year|yrs");
    return rest.n == 0 && set_bounds(from, to, ret_from, ret_to);
}

bool age_band_parse(struct text band, int *ret_from, int *ret_to)
{
    struct text rest = text_trim(band);
    int n;
    (void)take_word(&rest, "aged |ages |age ");
    if (take_word(&rest, "under |under-|below |less than |<")) {
        return take_number(&rest, &n) && rest.n == 0 && n > 0 &&
               set_bounds(0, n - 1, ret_from, ret_to);
    }
    if (take_word(&rest, "over |>")) {
        return take_number(&rest, &n) && rest.n == 0 && set_bounds(n + 1, OLDEST, ret_from, ret_to);
    }
    if (!take_number(&rest, &n)) {
        return false;
    }
    (void)take_word(&rest, "years|year|yrs");
    if (rest.n == 0) {
        return set_bounds(n, n, ret_from, ret_to);
    }
    struct text open = rest;
    if (take_word(&open, "+|plus|-plus|and over|and older|or over|or older|and above") &&
        open.n == 0) {
        return set_bounds(n, OLDEST, ret_from, ret_to);
    }
    open = rest;
    if (take_word(&open, "and under|or under|and younger|or younger") && open.n == 0) {
        return set_bounds(0, n, ret_from, ret_to);
    }
    return read_range(rest, n, ret_from, ret_to);
}
