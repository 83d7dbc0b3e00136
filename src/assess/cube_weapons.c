/* assess/cube_weapons.c — kinds of weapon: an offence may have several, and is in a row of each.
 *
 * Weapon-enabled is any weapon flag, or a weapon used, threatened or intimated (formats.md section
 * 7). SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/cube_internal.h"
#include "define/records.h"

/* Bits of weapon labels for each list of flags, or for each way that a weapon was used. */
rv_status weapons_map(struct arena *a, const struct axis_work *w, struct extract_work *x,
                      struct rv_err *reterr)
{
    static const char *const USES[] = {"threatened", "used", "intimated", NULL};
    const struct dictionary *flags = extract_scan_dictionary(x->scan, w->column);
    const struct dictionary *uses = extract_scan_dictionary(x->scan, w->code_column);
    size_t label_count;
    const char *const *labels = cube_fixed_labels(AXIS_WEAPON, &label_count);
    uint32_t flag_count = flags ? flags->count : 1, use_count = uses ? uses->count : 1;
    uint8_t *of_flags = ARENA_NEW(a, uint8_t, flag_count + 1);
    uint8_t *of_use = ARENA_NEW(a, uint8_t, use_count + 1);
    if (!of_flags || !of_use) {
        return arena_fail(a, reterr);
    }
    /* With a column of flags an offence without a weapon flag has none; without it nothing is
     * known. */
    uint8_t no_flag = extract_scan_has(x->scan, w->column) ? 1u << WEAPON_NONE : 0;
    for (uint32_t c = 0; c < flag_count; c++) {
        flag_set set = c ? flags_of(dictionary_text(flags, c)) : 0;
        for (unsigned k = WEAPON_FIRST; k < WEAPON_UNSPECIFIED; k++) {
            int flag = vocabulary_find(OFFENCE_FLAGS, text_of(labels[k]));
            of_flags[c] |= (uint8_t)(((unsigned)set >> flag & 1u) << k);
        }
        of_flags[c] = of_flags[c] ? of_flags[c] : no_flag;
    }
    for (uint32_t c = 1; c < use_count; c++) {
        bool is_use = vocabulary_has(USES, dictionary_text(uses, c));
        of_use[c] = is_use ? 1u << WEAPON_UNSPECIFIED : 1u << WEAPON_NONE;
    }
    x->weapon_of_flags = of_flags;
    x->weapon_of_use = of_use;
    return rv_ok();
}

/* Bits of weapon labels of each row; of "any" where one was there, of none where there was none. */
rv_status weapons_read(const struct axis_work *w, const struct column *columns,
                       struct arena *scratch, struct record_piece *p, struct rv_err *reterr)
{
    const struct column *flags = &columns[w->column], *uses = &columns[w->code_column];
    const unsigned enabled = (1u << WEAPON_NONE) - (1u << WEAPON_FIRST);
    uint8_t *bits = ARENA_NEW(scratch, uint8_t, p->rows + 1);
    if (!bits) {
        return arena_fail(scratch, reterr);
    }
    for (uint32_t i = 0; i < p->rows; i++) {
        unsigned of_flags = p->extract->weapon_of_flags[flags->codes ? flags->codes[i] : 0];
        unsigned of_use = p->extract->weapon_of_use[uses->codes ? uses->codes[i] : 0];
        bool is_named = of_flags & enabled; /* what it was is better known than how it was used */
        unsigned of_row = is_named ? of_flags & enabled : (of_flags | of_use) & enabled;
        bits[i] = (uint8_t)(of_row              ? of_row | 1u << WEAPON_ANY
                            : of_flags | of_use ? 1u << WEAPON_NONE
                                                : 1u);
    }
    p->weapons = bits;
    return rv_ok();
}

/* Rows of one weapon label, then of the next: an offence with two weapons is in both. A condition
 * on weapons that is no dimension keeps each row once. */
rv_status tally_weapons(const struct cube_work *w, struct tally *t, struct arena *scratch, size_t n,
                        uint8_t *mask, const uint32_t **codes, const uint8_t *weapons,
                        struct rv_err *reterr)
{
    size_t shown = SIZE_MAX;
    for (size_t k = 0; k < w->query->axis_count; k++) {
        const struct axis_work *axis = &w->axes[k];
        if (axis->axis->kind != AXIS_WEAPON) {
            continue;
        }
        unsigned kept = 0;
        for (unsigned c = 0; c < WEAPON_SIZE; c++) {
            kept |= (!axis->keep || axis->keep[c] ? 1u : 0u) << c;
        }
        shown = axis->axis->is_filter ? shown : k;
        for (size_t i = 0; i < n; i++) {
            mask[i] = mask[i] && (weapons[i] & kept);
        }
    }
    if (shown == SIZE_MAX) {
        return tally_rows(w, t, n, mask, codes, reterr);
    }
    uint8_t *one = ARENA_NEW(scratch, uint8_t, n + 1);
    uint32_t *label = ARENA_NEW(scratch, uint32_t, n + 1);
    if (!one || !label) {
        return arena_fail(scratch, reterr);
    }
    const uint8_t *keep = w->axes[shown].keep;
    for (uint32_t c = 0; c < WEAPON_SIZE; c++) {
        if (keep && !keep[c]) {
            continue;
        }
        for (size_t i = 0; i < n; i++) {
            one[i] = mask[i] & (weapons[i] >> c & 1);
            label[i] = c;
        }
        codes[shown] = label;
        RV_TRY(tally_rows(w, t, n, one, codes, reterr));
    }
    return rv_ok();
}
