/* cli/record.c — why FILE --record KEY: one offence against each profile of the definition in
 * force. SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "assess/record.h"

#include "base/json.h"
#include "cli/commands.h"
#include "cli/opening.h"

static const char *verdict_word(enum verdict v)
{
    return v == VERDICT_IN ? "in" : v == VERDICT_OUT ? "out" : "unknown";
}

static void put_ages(struct buf *out, const struct offence_facts *f, unsigned role)
{
    if (f->low[role] == AGE_NOBODY) {
        buf_text(out, "none held");
    } else if (f->high[role] == AGE_UNKNOWN) {
        buf_text(out, "held, age not known");
    } else if (f->low[role] == f->high[role]) {
        buf_printf(out, "the youngest is %u", f->low[role]);
    } else {
        buf_printf(out, "the youngest is between %u and %u", f->low[role], f->high[role]);
    }
}

static void put_facts(struct buf *out, const struct record_found *x)
{
    const struct offence_facts *f = &x->facts;
    buf_printf(out, "Extract %lld, %s%s\n  group: %s\n", (long long)x->extract, x->file,
               x->is_current ? "" : " (superseded or withdrawn: in no set)",
               offence_group_name(f->group));
    if (f->linked_group) {
        buf_printf(out, "  committed in the course of: %s\n", offence_group_name(f->linked_group));
    }
    buf_text(out, "  flags:");
    for (unsigned i = 0; i < OFFENCE_FLAG_COUNT; i++) {
        if (f->flags >> i & 1) {
            buf_printf(out, " %s", OFFENCE_FLAGS[i]);
        }
    }
    buf_printf(out, "%s\n  outcome: %s\n", f->flags ? "" : " none", x->outcome);
    for (unsigned r = 0; r < PERSON_ROLE_COUNT; r++) {
        buf_printf(out, "  %s: ", PERSON_ROLES[r]);
        put_ages(out, f, r);
        buf_char(out, '\n');
    }
}

static void put_text(struct buf *out, const struct record_found *x, const struct definition *d)
{
    put_facts(out, x);
    for (size_t p = 0; d && p < definition_size(d); p++) {
        buf_printf(out, "  %-8s %s: %s\n", verdict_word(x->decisions[p].verdict), d->profiles[p].id,
                   clause_text(x->decisions[p].clause));
    }
}

static void put_json(struct json_writer *j, const struct record_found *x,
                     const struct definition *d)
{
    json_put_object(j, NULL);
    json_put_int(j, "extract", x->extract);
    json_put_string(j, "file", x->file);
    json_put_bool(j, "is_current", x->is_current);
    json_put_string(j, "offence_group", offence_group_name(x->facts.group));
    json_put_string(j, "outcome", x->outcome);
    json_put_array(j, "profiles");
    for (size_t p = 0; d && p < definition_size(d); p++) {
        json_put_object(j, NULL);
        json_put_string(j, "profile", d->profiles[p].id);
        json_put_string(j, "verdict", verdict_word(x->decisions[p].verdict));
        json_put_string(j, "because", clause_text(x->decisions[p].clause));
        json_end_object(j);
    }
    json_end_array(j);
    json_end_object(j);
}

rv_status why_record(struct session *session, const char *key, struct rv_err *reterr)
{
    RV_CLEANUP(store_closep) struct store *s = NULL;
    struct pool *pool;
    struct held held;
    struct record_found *rows;
    size_t count;
    const struct definition *d;
    RV_TRY(open_for_results(session, STORE_READ, &s, reterr));
    RV_TRY(session_pool(session, &pool, reterr));
    RV_TRY(held_load(s, &session->arena, pool, &session->progress, &held, reterr));
    RV_TRY(record_find(&held, key, &rows, &count, &d, reterr));
    struct json_writer j;
    json_writer_init(&j, &session->out, true);
    if (session->is_json) {
        json_put_array(&j, NULL);
    } else if (d) {
        buf_printf(&session->out, "By the definition %s, version %s\n\n", d->id, d->version);
    } else {
        buf_text(&session->out,
                 "No definition is adopted: there is nothing to be in or out of.\n\n");
    }
    for (size_t i = 0; i < count; i++) {
        if (session->is_json) {
            put_json(&j, &rows[i], d);
        } else {
            put_text(&session->out, &rows[i], d);
        }
    }
    if (session->is_json) {
        json_end_array(&j);
    }
    return rv_ok();
}
