/* assess/belong.c — combinations of profiles to codes. SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/belong.h"

enum { SLOTS = 1024 }; /* of the table of combinations: a power of two, four times the codes */

struct combination {
    uint64_t in, unknown;
};

static struct combination combination_of(const struct joined *j, uint32_t offence, uint64_t bits)
{
    const struct definition *d = j->definition;
    uint64_t profiles = ((uint64_t)1 << d->profile_count) - 1;
    uint64_t in = j->member.in[offence], unknown = j->member.unknown[offence];
    bool has_person = false;
    for (unsigned role = 0; role < PERSON_ROLE_COUNT; role++) {
        has_person = has_person || j->records.facts[offence].low[role] != AGE_NOBODY;
    }
    if (in & profiles) {
        in |= (uint64_t)1 << BELONG_UNION;
    } else if (unknown & profiles) {
        unknown |= (uint64_t)1 << BELONG_UNION;
    }
    return (struct combination){(in & bits) | ((uint64_t)has_person << BELONG_PERSON),
                                unknown & bits};
}

static size_t slot_of(struct combination c)
{
    uint64_t mixed = (c.in * 0x9e3779b97f4a7c15u) ^ (c.unknown * 0xc2b2ae3d27d4eb4fu);
    return (size_t)(mixed >> 40) & (SLOTS - 1);
}

/* The code of a combination, a new one where it is new; BELONG_CODES = there is none left. */
static uint32_t code_of(struct belonging *b, uint8_t *slots, struct combination c)
{
    size_t at = slot_of(c);
    while (slots[at]) {
        uint32_t code = slots[at] - 1u;
        if (b->in[code] == c.in && b->unknown[code] == c.unknown) {
            return code;
        }
        at = (at + 1) & (SLOTS - 1);
    }
    if (b->size == BELONG_CODES) {
        return BELONG_CODES;
    }
    b->in[b->size] = c.in;
    b->unknown[b->size] = c.unknown;
    slots[at] = (uint8_t)(b->size + 1);
    return b->size++;
}

/* False when the profiles of `bits` make more combinations than there are codes. */
static bool fill(struct belonging *b, const struct joined *j, uint64_t bits, uint8_t *codes)
{
    uint8_t slots[SLOTS] = {0};
    *b = (struct belonging){.joined = j, .bits = bits, .codes = codes};
    for (uint32_t i = 0; i < j->records.count; i++) {
        uint32_t code = code_of(b, slots, combination_of(j, i, bits));
        if (code == BELONG_CODES) {
            return false;
        }
        codes[i] = (uint8_t)code;
    }
    return true;
}

rv_status belonging_make(struct arena *a, const struct joined *joined, struct belonging **ret,
                         size_t *ret_count, struct rv_err *reterr)
{
    uint64_t left =
        (((uint64_t)1 << definition_size(joined->definition)) - 1) | ((uint64_t)1 << BELONG_UNION);
    struct belonging *all = ARENA_NEW(a, struct belonging, DEFINITION_MAX + 1);
    if (!all) {
        return arena_fail(a, reterr);
    }
    size_t count = 0;
    while (left) {
        uint8_t *codes = ARENA_NEW(a, uint8_t, (size_t)joined->records.count + 1);
        if (!codes) {
            return arena_fail(a, reterr);
        }
        uint64_t bits = left;
        while (!fill(&all[count], joined, bits, codes)) {
            int kept = (__builtin_popcountll(bits) + 1) / 2; /* one profile has six combinations */
            while (__builtin_popcountll(bits) > kept) {
                bits &= ~((uint64_t)1 << (63 - __builtin_clzll(bits)));
            }
        }
        left &= ~bits;
        count++;
    }
    *ret = all;
    *ret_count = count;
    return rv_ok();
}
