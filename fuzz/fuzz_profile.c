/* fuzz/fuzz_profile.c — any bytes as an import profile; what is read is bound to a header made
 * from its own columns, which must fit.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "fuzz.h"
#include "ingest/kind.h"
#include "ingest/plan.h"
#include "ingest/profile.h"

#define MOST_HEADER 256

static size_t add(struct text *header, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++) {
        if (text_equal_nocase(text_trim(header[i]), text_trim(text_of(name)))) {
            return n;
        }
    }
    if (n < MOST_HEADER) {
        header[n++] = text_of(name);
    }
    return n;
}

/* Every header that the profile asks for, once. */
static size_t header_of(const struct profile *p, struct text *header)
{
    size_t n = 0;
    for (size_t i = 0; i < p->column_count; i++) {
        const struct profile_column *c = &p->columns[i];
        n = add(header, n, c->from[0]);
        n = c->time_from_count ? add(header, n, c->time_from[0]) : n;
        for (size_t k = 0; k < c->also_count; k++) {
            n = add(header, n, c->also[k].from);
        }
    }
    for (size_t i = 0; i < p->required_count; i++) {
        n = add(header, n, p->required[i]);
    }
    for (size_t i = 0; p->wide && i < p->wide->id_count; i++) {
        n = add(header, n, p->wide->id[i]);
    }
    for (size_t i = 0; p->wide && i < p->wide->column_count; i++) {
        n = add(header, n, p->wide->columns[i].from[0]);
    }
    return p->wide && p->wide->total ? add(header, n, p->wide->total) : n;
}

static void bind(struct arena *a, const struct profile *p)
{
    struct text header[MOST_HEADER];
    struct profile_fit fit;
    struct plan plan;
    struct rv_err err;
    size_t n = header_of(p, header);
    const struct plan_given given = {.period = "2021"};
    FUZZ_REQUIRE(rv_is_ok(profile_fit_header(a, p, header, n, &fit, &err)));
    FUZZ_REQUIRE(fit.found + fit.missing_count <= fit.wanted);
    rv_status status = plan_make(a, p, header, n, &given, &plan, &err);
    FUZZ_REQUIRE(rv_is_ok(status) || status.code == RV_INVALID);
    for (size_t i = 0; rv_is_ok(status) && i < plan.count; i++) {
        FUZZ_REQUIRE(plan.columns[i].kc != NULL);
        FUZZ_REQUIRE(plan.columns[i].cell == PLAN_NONE || plan.columns[i].cell < n);
        FUZZ_REQUIRE(plan.columns[i].position == PLAN_NONE ||
                     plan.columns[i].position < plan.stored);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a;
    struct profile p;
    struct rv_err err = {0};
    arena_init(&a, (size_t)64 << 20);
    rv_status status = profile_parse(&a, "fuzz.json", fuzz_input(data, size), &p, &err);
    FUZZ_REQUIRE(rv_is_ok(status) || status.code == RV_INVALID || status.code == RV_LIMIT);
    if (rv_is_ok(status)) {
        FUZZ_REQUIRE(p.id && p.kind && p.column_count > 0);
        bind(&a, &p);
    } else {
        FUZZ_REQUIRE(err.message[0] != '\0');
    }
    arena_done(&a);
    return 0;
}
