/* ingest/contact.c — what services say of themselves, without e-mail addresses and telephones.
 *
 * A description may name whom to ask: that is of a person, and no part of what a service is.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "ingest/block.h"

#define LEAST_DIGITS 9 /* of a telephone */

static bool is_of_number(char c)
{
    return (c >= '0' && c <= '9') || c == ' ' || c == '+' || c == '(' || c == ')' || c == '-';
}

/* Bytes from `i` that are a telephone number; 0 = none begins here. */
static size_t telephone_at(struct text t, size_t i)
{
    size_t digits = 0, end = i;
    bool is_start = i == 0 || t.at[i - 1] < '0' || t.at[i - 1] > '9';
    for (size_t k = i; is_start && k < t.n && is_of_number(t.at[k]); k++) {
        bool is_digit = t.at[k] >= '0' && t.at[k] <= '9';
        digits += is_digit;
        end = is_digit ? k + 1 : end;
    }
    bool begins = t.at[i] == '+' || t.at[i] == '(' || (t.at[i] >= '0' && t.at[i] <= '9');
    return begins && digits >= LEAST_DIGITS ? end - i : 0;
}

/* Bytes of the word at `i` when it is an e-mail address. */
static size_t address_at(struct text t, size_t i)
{
    size_t n = 0;
    bool is_start = i == 0 || (unsigned char)t.at[i - 1] <= ' ', has_at = false;
    while (is_start && i + n < t.n && (unsigned char)t.at[i + n] > ' ') {
        has_at = has_at || t.at[i + n] == '@';
        n++;
    }
    return has_at ? n : 0;
}

static struct text without_contacts(struct arena *a, struct text t)
{
    char *out = ARENA_NEW(a, char, t.n + 1);
    size_t n = 0;
    for (size_t i = 0; out && i < t.n;) {
        size_t skip = address_at(t, i);
        skip = skip ? skip : telephone_at(t, i);
        if (skip == 0) {
            out[n++] = t.at[i];
        }
        i += skip ? skip : 1;
    }
    return (struct text){out, out ? n : 0};
}

rv_status block_contacts(struct worker *w, struct block *b, struct rv_err *reterr)
{
    static const char *const COLUMNS[] = {"description", "evidence"};
    for (size_t i = 0; i < w->plan->count; i++) {
        const char *name = w->plan->columns[i].kc->name;
        struct text *texts = b->typed[i].texts;
        bool is_told = strcmp(name, COLUMNS[0]) == 0 || strcmp(name, COLUMNS[1]) == 0;
        for (uint32_t row = 0; is_told && texts && row < b->count; row++) {
            if (b->faults[row] != ROW_FINE || texts[row].n == 0) {
                continue;
            }
            texts[row] = without_contacts(&w->arena, texts[row]);
            if (!texts[row].at) {
                return arena_fail(&w->arena, reterr);
            }
        }
    }
    return rv_ok();
}
