/* web/view_record.c — one offence: what is known of it, and why it is in or out of each profile.
 *
 * The key is posted, so that it stands in no address, and audited by its SHA-256.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "access/audit.h"
#include "access/sight.h"
#include "assess/record.h"
#include "base/hash.h"
#include "web/held_call.h"
#include "web/views.h"

#include <string.h>

#define RECORD_KEY_BYTES 200

rv_status view_record(struct call *c, struct rv_err *reterr)
{
    (void)c;
    (void)reterr;
    return rv_ok();
}

static const char *age_words(struct call *c, const struct offence_facts *f, unsigned role)
{
    if (f->low[role] == AGE_NOBODY) {
        return "none held";
    }
    if (f->high[role] == AGE_UNKNOWN) {
        return "held, age not known";
    }
    return f->low[role] == f->high[role]
               ? arena_printf(c->arena, "the youngest is %u", f->low[role])
               : arena_printf(c->arena, "the youngest is between %u and %u", f->low[role],
                              f->high[role]);
}

static const char *flag_words(struct call *c, const struct offence_facts *f)
{
    const char *all = NULL;
    for (unsigned i = 0; i < OFFENCE_FLAG_COUNT; i++) {
        if (f->flags >> i & 1) {
            all = all ? arena_printf(c->arena, "%s, %s", all, OFFENCE_FLAGS[i]) : OFFENCE_FLAGS[i];
        }
    }
    return all ? all : "none";
}

static void put_found(struct call *c, struct model_list *list, const struct record_found *x,
                      const struct definition *d)
{
    static const char *const verdicts[] = {
        [VERDICT_OUT] = "out", [VERDICT_IN] = "in", [VERDICT_UNKNOWN] = "cannot be told"};
    struct model *m = model_item(list);
    model_int(m, "extract", x->extract);
    model_text(m, "label", arena_printf(c->arena, "Profiles, extract %lld", (long long)x->extract));
    model_text(m, "file", kept_words(c, x->file));
    model_bool(m, "is-current", x->is_current);
    model_text(m, "group", offence_group_name(x->facts.group));
    if (x->facts.linked_group) {
        model_text(m, "linked", offence_group_name(x->facts.linked_group));
    }
    model_text(m, "flags", flag_words(c, &x->facts));
    model_text(m, "outcome", kept_words(c, x->outcome));
    struct model_list *people = model_list(m, "people");
    for (unsigned r = 0; r < PERSON_ROLE_COUNT; r++) {
        struct model *role = model_item(people);
        model_text(role, "role", PERSON_ROLES[r]);
        model_text(role, "key", arena_printf(c->arena, "People: %s", PERSON_ROLES[r]));
        model_text(role, "words", age_words(c, &x->facts, r));
    }
    struct model_list *profiles = model_list(m, "profiles");
    for (size_t p = 0; d && p < definition_size(d); p++) {
        struct model *profile = model_item(profiles);
        model_text(profile, "title",
                   kept_words(c, d->profiles[p].title ? d->profiles[p].title : d->profiles[p].id));
        model_text(profile, "verdict", verdicts[x->decisions[p].verdict]);
        model_bool(profile, "is-in", x->decisions[p].verdict == VERDICT_IN);
        model_text(profile, "because", clause_text(x->decisions[p].clause));
    }
}

static rv_status look_up(struct call *c, const char *key, size_t *ret_count, struct rv_err *reterr)
{
    struct held_call h RV_CLEANUP(held_call_done) = {.is_inside = false};
    struct record_found *rows;
    const struct definition *d;
    RV_TRY(held_call_open(c, &h, reterr));
    RV_TRY(record_find(&h.held, key, &rows, ret_count, &d, reterr));
    if (d) {
        model_text(c->model, "definition", kept_words(c, d->id));
        model_text(c->model, "version", kept_words(c, d->version));
    }
    model_text(c->model, "caption",
               d ? arena_printf(c->arena, "By the definition %s, version %s", d->id, d->version)
                 : "By the definition (none is adopted)");
    struct model_list *list = model_list(c->model, "records");
    for (size_t i = 0; i < *ret_count; i++) {
        put_found(c, list, &rows[i], d);
    }
    return model_status(c->model, reterr);
}

static rv_status note(struct call *c, struct text key, size_t count, struct rv_err *reterr)
{
    char hash[SHA256_HEX + 1];
    RV_TRY(sha256_of(key.at, key.n, hash, reterr));
    const char *subject = arena_printf(c->arena, "key sha256 %s, %zu rows", hash, count);
    return call_note(c, "record.read", subject, "done", reterr);
}

rv_status post_record(struct call *c, struct rv_err *reterr)
{
    struct text typed = text_trim(call_form(c, "key"));
    size_t count = 0, hidden;
    struct viewer viewer = {c->session.role, c->session.organisation};
    struct rv_err err = {.code = RV_OK};
    model_slice(c->model, "key", typed);
    call_show(c, "record");
    if (typed.n == 0 || typed.n > RECORD_KEY_BYTES) {
        call_fault(c, "key", "Enter the key of one record, as its supplier wrote it");
        return rv_ok();
    }
    const char *key = arena_text(c->arena, typed.at, typed.n);
    if (!key) {
        return arena_fail(c->arena, reterr);
    }
    RV_TRY(sight_set(c->store, c->arena, &viewer, DETAIL_RECORDS, &hidden, reterr));
    rv_status status = look_up(c, key, &count, &err);
    if (status.code == RV_NOT_FOUND) {
        call_fault(c, "key", "No offence that you may see has this key. Look whether it is whole");
        status = rv_ok();
    } else if (status.code == RV_BUSY || status.code == RV_LIMIT) {
        call_fault_of(c, "key", status.code, err.message);
        return rv_ok();
    }
    if (!rv_is_ok(status)) {
        if (reterr) {
            *reterr = err;
        }
        return status;
    }
    return note(c, typed, count, reterr);
}
