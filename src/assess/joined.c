/* assess/joined.c — loading the join once. SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/joined.h"

#include "base/buf.h"
#include "define/vocabulary.h"

#include <string.h>

static rv_status load(struct held *h, struct joined *j, struct rv_err *reterr)
{
    struct extract_info *persons, *outcomes;
    size_t person_count, outcome_count;
    RV_TRY(extract_list(h->store, h->lasting, "persons", &persons, &person_count, reterr));
    RV_TRY(extract_list(h->store, h->lasting, "outcomes", &outcomes, &outcome_count, reterr));
    struct records_job job = {.store = h->store,
                              .arena = h->lasting,
                              .pool = h->pool,
                              .progress = h->progress,
                              .offences = j->source->extracts,
                              .offence_extracts = j->source->extract_count,
                              .persons = persons,
                              .person_extracts = person_count,
                              .outcomes = outcomes,
                              .outcome_extracts = outcome_count};
    RV_TRY(records_load(&job, &j->records, reterr));
    j->outcomes = outcomes;
    j->outcome_extracts = outcome_count;
    j->persons = persons;
    j->person_extracts = person_count;
    RV_TRY(adopted_definition(h->store, h->lasting, &j->definition, reterr));
    return j->definition ? records_classify(&j->records, j->definition, h->lasting, h->pool,
                                            &j->member, reterr)
                         : rv_ok();
}

/* The source as its own copy: the caller's may go with the table that asked for it. */
static rv_status same_source(struct held *h, const struct source *given, const struct source **ret,
                             struct rv_err *reterr)
{
    struct source *sources = NULL;
    size_t count = 0;
    RV_TRY(sources_load(h->store, h->lasting, "offences", &sources, &count, reterr));
    for (size_t i = 0; i < count; i++) {
        if (strcmp(sources[i].name, given->name) == 0) {
            *ret = &sources[i];
            return rv_ok();
        }
    }
    return rv_fail(reterr, RV_NOT_FOUND, "The source %s is no longer held.", given->name);
}

rv_status held_joined_of(struct held *h, const struct source *offences, const struct joined **ret,
                         struct rv_err *reterr)
{
    if (!h->joined || strcmp(h->joined->source->name, offences->name) != 0) {
        struct joined *made = ARENA_NEW(h->lasting, struct joined, 1);
        if (!made) {
            return arena_fail(h->lasting, reterr);
        }
        RV_TRY(same_source(h, offences, &made->source, reterr));
        RV_TRY(load(h, made, reterr));
        h->joined = made;
    }
    *ret = h->joined;
    return rv_ok();
}

rv_status held_joined_by(struct held *h, const struct source *offences,
                         const struct definition *definition, const struct joined **ret,
                         struct rv_err *reterr)
{
    const struct joined *own = NULL;
    RV_TRY(held_joined_of(h, offences, &own, reterr));
    struct joined *made = ARENA_NEW(h->lasting, struct joined, 1);
    if (!made) {
        return arena_fail(h->lasting, reterr);
    }
    *made = *own;
    made->definition = definition;
    RV_TRY(
        records_classify(&made->records, definition, h->lasting, h->pool, &made->member, reterr));
    *ret = made;
    return rv_ok();
}

uint32_t profile_bits(const struct definition *d, const char *id)
{
    if (strcmp(id, "union") == 0) {
        return (uint32_t)(((uint64_t)1 << d->profile_count) - 1);
    }
    int place = definition_find(d, id);
    return place < 0 ? 0 : (uint32_t)1 << place;
}

const char *profile_never_recorded(struct arena *a, const struct joined *j,
                                   const struct definition_profile *p)
{
    flag_set lacks = p->flags_all;
    bool has_group = false;
    for (uint32_t o = 0; o < j->records.count && (lacks || !has_group); o++) {
        const struct offence_facts *f = &j->records.facts[o];
        if (j->records.current[o]) {
            lacks &= (flag_set)~f->flags;
            has_group = has_group || (f->group && (p->groups >> (f->group - 1) & 1));
        }
    }
    size_t flag = 0;
    while (lacks && !(lacks >> flag & 1)) {
        flag++;
    }
    if (lacks) {
        return arena_printf(a,
                            "no record of the source, of any borough or month, bears the flag %s, "
                            "so that whether it is ever set there is not known",
                            OFFENCE_FLAGS[flag]);
    }
    return has_group ? ""
                     : "no record of the source, of any borough or month, is of one of its offence "
                       "groups, so that whether they are in it at all is not known";
}

const char *profile_names(struct arena *a, const struct definition *d)
{
    struct buf b RV_CLEANUP(buf_done);
    buf_init(&b, 1u << 16);
    for (size_t i = 0; i < definition_size(d); i++) {
        buf_printf(&b, "%s, ", d->profiles[i].id);
    }
    buf_text(&b, "union");
    return b.failed ? NULL : arena_text(a, b.bytes, b.n);
}
