/* web/view_brief.c — the tasking brief: which group, which fortnight; two pages to print.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/brief_product.h"
#include "base/civil.h"
#include "base/parse.h"
#include "web/results.h"
#include "web/views.h"

#include <string.h>

static const int lengths[] = {7, 14, 28, 91};

/* Its name, or NULL when the form names none. */
static rv_status put_products(struct call *c, const struct brief_product **ret,
                              struct rv_err *reterr)
{
    struct brief_products all;
    struct text chosen = call_form(c, "group");
    RV_TRY(brief_products_shipped(c->arena, &all, reterr));
    struct model_list *list = model_list(c->model, "groups");
    *ret = NULL;
    for (size_t i = 0; i < all.count; i++) {
        struct model *item = model_item(list);
        bool is_chosen = text_is(chosen, all.items[i].id);
        model_text(item, "id", all.items[i].id);
        model_text(item, "name", all.items[i].title);
        model_bool(item, "selected", is_chosen);
        *ret = is_chosen ? &all.items[i] : *ret;
    }
    return rv_ok();
}

/* 0 = as the product says; -1 = not one of the list. */
static int put_lengths(struct call *c)
{
    struct text chosen = call_form(c, "days");
    struct model_list *list = model_list(c->model, "lengths");
    int64_t sent = 0;
    int found = chosen.n == 0 ? 0 : -1;
    bool is_number = chosen.n > 0 && parse_int(chosen, &sent);
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        struct model *item = model_item(list);
        bool is_chosen = is_number && sent == lengths[i];
        model_int(item, "days", lengths[i]);
        model_bool(item, "selected", is_chosen);
        found = is_chosen ? lengths[i] : found;
    }
    return found;
}

struct form {
    const char *area_name;
    const struct brief_product *product;
    int days;
};

static rv_status put_form(struct call *c, struct form *ret, struct rv_err *reterr)
{
    RV_TRY(put_boroughs(c, "brief", &ret->area_name, reterr));
    RV_TRY(put_products(c, &ret->product, reterr));
    ret->days = put_lengths(c);
    model_slice(c->model, "on", call_form(c, "on"));
    return result_list(c, "brief", "briefs", reterr);
}

rv_status view_brief(struct call *c, struct rv_err *reterr)
{
    struct form form;
    return put_form(c, &form, reterr);
}

static bool is_day(struct text given)
{
    civil_time t;
    return civil_parse(given, &t) == CIVIL_OK && civil_precision_of(t) == CIVIL_DATE;
}

static rv_status ask(struct call *c, const struct form *form, struct text on, struct rv_err *reterr)
{
    struct arena *a = c->arena;
    struct text area = call_form(c, "area");
    const char *words[16];
    size_t n = 0;
    words[n++] = "--area";
    words[n++] = arena_text(a, area.at, area.n);
    words[n++] = "--group";
    words[n++] = form->product->id;
    if (form->days) {
        words[n++] = "--days";
        words[n++] = arena_printf(a, "%d", form->days);
    }
    if (on.n) {
        words[n++] = "--on";
        words[n++] = arena_text(a, on.at, on.n);
    }
    words[n++] = "--out";
    words[n++] = JOB_RESULT;
    const struct job_new job = {
        .kind = "brief",
        .title = arena_printf(a, "Brief for %s: %s", form->area_name, form->product->title),
        .words = words,
        .word_count = n};
    for (size_t i = 0; i < n; i++) {
        if (!words[i] || !job.title) {
            return arena_fail(a, reterr);
        }
    }
    return call_job_and_go(c, &job, reterr);
}

rv_status post_brief(struct call *c, struct rv_err *reterr)
{
    struct form form;
    struct text on = text_trim(call_form(c, "on"));
    RV_TRY(put_form(c, &form, reterr));
    if (!form.area_name) {
        call_fault(c, "area", "Choose the borough");
    }
    if (!form.product) {
        call_fault(c, "group", "Choose what the brief is for");
    }
    if (form.days < 0) {
        call_fault(c, "days", "Choose a length of the list");
    }
    if (on.n && !is_day(on)) {
        call_fault(c, "on", "Enter the day of the brief as 2026-03-31, or leave it empty");
    }
    if (c->response->status == 422) {
        call_show(c, "brief");
        return rv_ok();
    }
    return ask(c, &form, on, reterr);
}

rv_status view_brief_file(struct call *c, struct rv_err *reterr)
{
    struct job job;
    RV_TRY(result_job(c, c->arguments[0], "brief", &job, reterr));
    return result_send(c, &job, NULL, c->arguments[1], reterr);
}
