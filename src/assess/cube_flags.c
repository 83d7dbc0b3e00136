/* assess/cube_flags.c — flags and kinds of weapon: an offence may have several, and is in a row of
 * each.
 *
 * Weapon-enabled is any weapon flag, or a weapon used, threatened or intimated (formats.md section
 * 7). SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/cube_internal.h"
#include "define/records.h"

/* Bits of the labels of the axis for each list of flags. */
static rv_status map_flags(struct arena *a, const struct axis_work *w, struct extract_work *x,
                           size_t k, struct rv_err *reterr)
{
    const struct dictionary *flags = extract_scan_dictionary(x->scan, w->column);
    uint32_t count = flags ? flags->count : 1;
    size_t size;
    const char *const *labels = cube_fixed_labels(w->axis->kind, &size);
    uint16_t *of_flags = ARENA_NEW(a, uint16_t, count + 1);
    if (!of_flags) {
        return arena_fail(a, reterr);
    }
    /* With a column of flags an offence without one of them has none; without it nothing is known.
     */
    uint16_t no_flag = extract_scan_has(x->scan, w->column) ? (uint16_t)(1u << MANY_NONE(size)) : 0;
    for (uint32_t c = 0; c < count; c++) {
        flag_set set = c ? flags_of(dictionary_text(flags, c)) : 0;
        for (size_t l = 1; l < MANY_NONE(size); l++) {
            int flag = vocabulary_find(OFFENCE_FLAGS, text_of(labels[l]));
            bool is_set = flag >= 0 && ((unsigned)set >> flag & 1u);
            of_flags[c] = (uint16_t)(of_flags[c] | (is_set ? 1u << l : 0u));
        }
        of_flags[c] = of_flags[c] ? of_flags[c] : no_flag;
    }
    x->many_of_flags[k] = of_flags;
    return rv_ok();
}

/* The same for each way that a weapon was used. */
static rv_status map_uses(struct arena *a, const struct axis_work *w, struct extract_work *x,
                          size_t k, struct rv_err *reterr)
{
    static const char *const USES[] = {"threatened", "used", "intimated", NULL};
    const struct dictionary *uses = extract_scan_dictionary(x->scan, w->code_column);
    uint32_t count = uses ? uses->count : 1;
    uint16_t *of_use = ARENA_NEW(a, uint16_t, count + 1);
    if (!of_use) {
        return arena_fail(a, reterr);
    }
    for (uint32_t c = 1; c < count; c++) {
        bool is_use = vocabulary_has(USES, dictionary_text(uses, c));
        of_use[c] = is_use ? 1u << WEAPON_UNSPECIFIED : 1u << WEAPON_NONE;
    }
    x->many_of_use[k] = of_use;
    return rv_ok();
}

rv_status many_map(struct arena *a, const struct axis_work *w, struct extract_work *x, size_t k,
                   struct rv_err *reterr)
{
    RV_TRY(map_flags(a, w, x, k, reterr));
    return w->axis->kind == AXIS_WEAPON ? map_uses(a, w, x, k, reterr) : rv_ok();
}

/* "any" where one was there, "none" where there was none. */
rv_status many_read(const struct cube_work *w, size_t k, const struct column *columns,
                    struct arena *scratch, struct record_piece *p, struct rv_err *reterr)
{
    const struct axis_work *axis = &w->axes[k];
    const struct column *flags = &columns[axis->column];
    const struct column *uses = axis->code_column == SIZE_MAX ? NULL : &columns[axis->code_column];
    const uint16_t *flag_bits = p->extract->many_of_flags[k];
    const uint16_t *use_bits = p->extract->many_of_use[k];
    const unsigned none = MANY_NONE(axis->axis->size), any = MANY_ANY(axis->axis->size);
    const unsigned named = (1u << none) - 2;
    uint16_t *bits = ARENA_NEW(scratch, uint16_t, p->rows + 1);
    if (!bits) {
        return arena_fail(scratch, reterr);
    }
    for (uint32_t i = 0; i < p->rows; i++) {
        unsigned of_flags = flag_bits[flags->codes ? flags->codes[i] : 0];
        unsigned of_use = uses ? use_bits[uses->codes ? uses->codes[i] : 0] : 0;
        bool is_named = of_flags & named; /* what it was is better known than how it was used */
        unsigned of_row = is_named ? of_flags & named : (of_flags | of_use) & named;
        bits[i] = (uint16_t)(of_row ? of_row | 1u << any : of_flags | of_use ? 1u << none : 1u);
    }
    p->many[k] = bits;
    return rv_ok();
}

/* Leaves out what conditions on such axes leave out; an axis that is no dimension keeps each row
 * once. */
static void select_many(const struct cube_work *w, size_t n, uint8_t *mask,
                        const uint16_t *const *many)
{
    for (size_t k = 0; k < w->query->axis_count; k++) {
        const struct axis_work *axis = &w->axes[k];
        unsigned kept = 0;
        for (uint32_t c = 0; many[k] && c < axis->axis->size; c++) {
            kept |= (!axis->keep || axis->keep[c] ? 1u : 0u) << c;
        }
        for (size_t i = 0; many[k] && i < n; i++) {
            mask[i] = mask[i] && (many[k][i] & kept);
        }
    }
}

/* The next axis from `k` on with several labels a row. */
static size_t next_shown(const struct cube_work *w, const uint16_t *const *many, size_t k)
{
    while (k < w->query->axis_count && (!many[k] || w->query->axes[k].is_filter)) {
        k++;
    }
    return k;
}

/* Rows of one label, then of the next: an offence with two flags is in both. Each label of one axis
 * takes every label of the axes behind it. */
static rv_status tally_labels(const struct cube_work *w, struct tally *t, struct arena *scratch,
                              size_t n, const uint8_t *mask, const uint32_t **codes,
                              const uint16_t *const *many, size_t k, struct rv_err *reterr)
{
    size_t shown = next_shown(w, many, k);
    if (shown == w->query->axis_count) {
        return tally_rows(w, t, n, mask, codes, reterr);
    }
    uint8_t *one = ARENA_NEW(scratch, uint8_t, n + 1);
    uint32_t *label = ARENA_NEW(scratch, uint32_t, n + 1);
    if (!one || !label) {
        return arena_fail(scratch, reterr);
    }
    const uint8_t *keep = w->axes[shown].keep;
    for (uint32_t c = 0; c < w->query->axes[shown].size; c++) {
        if (keep && !keep[c]) {
            continue;
        }
        for (size_t i = 0; i < n; i++) {
            one[i] = mask[i] & (many[shown][i] >> c & 1);
            label[i] = c;
        }
        codes[shown] = label;
        RV_TRY(tally_labels(w, t, scratch, n, one, codes, many, shown + 1, reterr));
    }
    return rv_ok();
}

rv_status tally_many(const struct cube_work *w, struct tally *t, struct arena *scratch, size_t n,
                     uint8_t *mask, const uint32_t **codes, const uint16_t *const *many,
                     struct rv_err *reterr)
{
    select_many(w, n, mask, many);
    return tally_labels(w, t, scratch, n, mask, codes, many, 0, reterr);
}
