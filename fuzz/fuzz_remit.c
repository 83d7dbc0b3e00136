/* fuzz/fuzz_remit.c — any bytes as the remits of groups: refused with a sentence, or products that
 * keep the limits, have ids of their own and are found by them.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "assess/brief_product.h"
#include "fuzz.h"

#include <string.h>

static void check_product(const struct brief_products *all, size_t i)
{
    const struct brief_product *p = &all->items[i];
    FUZZ_REQUIRE(brief_product_find(all, p->id) == p && p->title && p->profile);
    FUZZ_REQUIRE(p->days == 7 || p->days == 14 || p->days == 28 || p->days == 91);
    FUZZ_REQUIRE(p->where_count <= BRIEF_MOST_WHERE && p->line_count <= BRIEF_MOST_LINES);
    FUZZ_REQUIRE(p->where_count == 0 || p->counts);
    FUZZ_REQUIRE((p->parts & PART_WINDOWS) || !(p->parts & PART_CHECK));
    FUZZ_REQUIRE(p->parts < 2 * PART_WEAPONS);
    for (size_t k = 0; k < p->where_count; k++) {
        const char *at = strchr(p->where[k], '=');
        FUZZ_REQUIRE(at && at > p->where[k] && at[1] != '\0');
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct text input = fuzz_input(data, size);
    struct arena a;
    struct brief_products all, again;
    struct rv_err err = {0};
    arena_init(&a, (size_t)256 << 20);
    rv_status status = brief_products_read(&a, "input", input, &all, &err);
    FUZZ_REQUIRE(rv_is_ok(status) || status.code == RV_INVALID || status.code == RV_LIMIT);
    if (rv_is_ok(status)) {
        FUZZ_REQUIRE(all.count > 0 && all.count <= BRIEF_MOST_PRODUCTS);
        for (size_t i = 0; i < all.count; i++) {
            check_product(&all, i);
        }
        FUZZ_REQUIRE(brief_product_names(&a, &all) != NULL);
        FUZZ_REQUIRE(rv_is_ok(brief_products_read(&a, "input", input, &again, &err)));
        FUZZ_REQUIRE(again.count == all.count);
    } else {
        FUZZ_REQUIRE(err.message[0] != '\0');
    }
    arena_done(&a);
    return 0;
}
