/* cli/find.c — how a place in words is found: one text, or all that are held.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "cli/find.h"

#include "base/json.h"
#include "base/parse.h"
#include "place/reading.h"
#include "place/texts.h"

struct finding_of {
    const char *text, *type;
    struct layer *layers;
    size_t layer_count;
    struct gazetteer gazetteer;
    struct place_reading reading;
    struct match match;
};

static const char *const ASIDE[ASIDE_COUNT] = {"home", "postcode", "number", "e-mail address",
                                               "person"};

static const char *borough_of(const struct finding_of *f, uint32_t place)
{
    const struct gazetteer *g = &f->gazetteer;
    uint32_t code = g->places[place].borough;
    return code && g->borough_layer != SIZE_MAX ? f->layers[g->borough_layer].areas[code - 1].name
                                                : NULL;
}

/* ---- one text ---- */

static void find_json(const struct finding_of *f, struct json_writer *j)
{
    const struct gazetteer *g = &f->gazetteer;
    json_put_object(j, NULL);
    json_put_text(j, "reading", (struct text){f->reading.at, f->reading.n});
    json_put_array(j, "set_aside");
    for (size_t i = 0; i < ASIDE_COUNT; i++) {
        if (f->reading.aside >> i & 1) {
            json_put_string(j, NULL, ASIDE[i]);
        }
    }
    json_end_array(j);
    json_put_real(j, "agreement", f->match.agreement);
    json_put_int(j, "meanings", (int64_t)f->match.meanings);
    json_put_array(j, "alternatives");
    for (size_t i = 0; i < f->match.alternative_count; i++) {
        const struct match_alternative *a = &f->match.alternatives[i];
        json_put_object(j, NULL);
        json_put_string(j, "name", g->names[g->places[a->place].name].shown);
        json_put_string(j, "sort", place_kind_name(g->places[a->place].kind));
        json_put_string(j, "borough", borough_of(f, a->place));
        json_put_real(j, "agreement", a->agreement);
        json_put_real(j, "share", a->share);
        json_end_object(j);
    }
    json_end_array(j);
    json_put_array(j, "narrowed_by");
    for (size_t i = 0; i < f->match.also_count; i++) {
        json_put_string(j, NULL, g->names[f->match.also[i]].shown);
    }
    json_end_array(j);
    json_put_array(j, "areas");
    for (size_t l = 0; l < f->layer_count; l++) {
        const struct match_area *m = &f->match.areas[l];
        const struct area *area = m->likeliest ? &f->layers[l].areas[m->likeliest - 1] : NULL;
        json_put_object(j, NULL);
        json_put_string(j, "type", f->layers[l].type);
        json_put_string(j, "vintage", f->layers[l].vintage);
        json_put_string(j, "class", MATCH_NAMES[m->class]);
        json_put_bool(j, "placed", match_is_placed(m->class));
        json_put_string(j, "likeliest", area ? area->code : NULL);
        json_put_string(j, "name", area ? area->name : NULL);
        json_put_real(j, "confidence", m->confidence);
        json_end_object(j);
    }
    json_end_array(j);
    json_end_object(j);
}

static void find_text(const struct finding_of *f, struct buf *out)
{
    const struct gazetteer *g = &f->gazetteer;
    const char *comma = "";
    buf_printf(out, "Kept of it: %.*s", (int)f->reading.n, f->reading.at);
    buf_text(out, f->reading.n ? "\n" : "nothing\n");
    for (size_t i = 0; i < ASIDE_COUNT; i++) {
        if (f->reading.aside >> i & 1) {
            buf_printf(out, "%s%s", *comma ? comma : "Set aside: ", ASIDE[i]);
            comma = ", ";
        }
    }
    buf_text(out, *comma ? "\n" : "");
    for (size_t i = 0; i < f->match.alternative_count; i++) {
        const struct match_alternative *a = &f->match.alternatives[i];
        const char *borough = borough_of(f, a->place);
        buf_printf(out, "May be: %s (%s%s%s), agreement %.2f, share %.2f\n",
                   g->names[g->places[a->place].name].shown,
                   place_kind_name(g->places[a->place].kind), borough ? ", " : "",
                   borough ? borough : "", a->agreement, a->share);
    }
    if (f->match.meanings > f->match.alternative_count) {
        buf_printf(out, "and %zu more\n", f->match.meanings - f->match.alternative_count);
    }
    for (size_t i = 0; i < f->match.also_count; i++) {
        buf_printf(out, "Narrowed by: %s\n", g->names[f->match.also[i]].shown);
    }
    for (size_t l = 0; l < f->layer_count; l++) {
        const struct match_area *m = &f->match.areas[l];
        const struct area *area = m->likeliest ? &f->layers[l].areas[m->likeliest - 1] : NULL;
        buf_printf(out, "%s %s: %s", f->layers[l].type, f->layers[l].vintage,
                   match_is_placed(m->class) ? "placed, " : "not placed, ");
        buf_text(out, MATCH_NAMES[m->class]);
        if (area) {
            buf_printf(out, "; %s%s %s, confidence %.2f",
                       match_is_placed(m->class) ? "" : "likeliest ", area->code, area->name,
                       m->confidence);
        }
        buf_char(out, '\n');
    }
}

static rv_status find_one(struct session *session, struct store *s, struct rv_err *reterr)
{
    struct arena *a = &session->arena;
    const char *type = args_get(&session->args, "location-type");
    struct finding_of f = {.text = args_get(&session->args, "find"), .type = type ? type : ""};
    struct match_options options = MATCH_DEFAULTS;
    struct matcher *matcher = NULL;
    RV_TRY(layers_load(s, a, &f.layers, &f.layer_count, reterr));
    if (f.layer_count == 0) {
        return rv_fail(reterr, RV_NOT_FOUND,
                       "--find needs areas, and none are held: load them with 'reeve areas FILE "
                       "PATH'");
    }
    RV_TRY(gazetteer_load(s, a, f.layers, f.layer_count, &f.gazetteer, reterr));
    RV_TRY(matcher_open(a, &f.gazetteer, &matcher, reterr));
    f.match.areas = ARENA_NEW(a, struct match_area, f.layer_count);
    if (!f.match.areas) {
        return arena_fail(a, reterr);
    }
    reading_make(text_of(f.type), text_of(f.text), &f.reading);
    match_reading(matcher, text_of(f.type), (struct text){f.reading.at, f.reading.n}, &options,
                  &f.match);
    if (session->is_json) {
        struct json_writer j;
        json_writer_init(&j, &session->out, true);
        find_json(&f, &j);
    } else {
        find_text(&f, &session->out);
    }
    return rv_ok();
}

/* ---- all texts that are held ---- */

static void texts_json(const struct texts_found *found, struct json_writer *j)
{
    json_put_array(j, NULL);
    for (size_t i = 0; i < found->count; i++) {
        const struct text_found *t = &found->list[i];
        json_put_object(j, NULL);
        json_put_string(j, "site_code", t->site);
        json_put_string(j, "location_type", t->type);
        json_put_string(j, "reading", t->reading);
        json_put_int(j, "rows", t->rows);
        json_put_string(j, "class", MATCH_NAMES[t->class]);
        json_put_string(j, "code", t->code);
        json_put_string(j, "name", t->name);
        json_end_object(j);
    }
    json_end_array(j);
}

static void texts_csv(const struct texts_found *found, struct buf *out)
{
    buf_text(out, "site_code,location_type,reading,rows,class,code,name\n");
    for (size_t i = 0; i < found->count; i++) {
        const struct text_found *t = &found->list[i];
        const char *const cells[] = {t->site, t->type, t->reading};
        for (size_t k = 0; k < 3; k++) {
            buf_csv(out, text_of(cells[k]));
            buf_char(out, ',');
        }
        buf_printf(out, "%lld,%s,", (long long)t->rows, MATCH_NAMES[t->class]);
        buf_csv(out, text_of(t->code));
        buf_char(out, ',');
        buf_csv(out, text_of(t->name));
        buf_char(out, '\n');
    }
}

static rv_status find_texts(struct session *session, struct store *s, struct rv_err *reterr)
{
    const struct args *args = &session->args;
    const char *type = args_get(args, "type");
    struct texts_found found;
    struct pool *pool;
    RV_TRY(session_pool(session, &pool, reterr));
    RV_TRY(texts_list(s, &session->arena, pool, &session->progress, type ? type : "ward",
                      args_get(args, "vintage"), &found, reterr));
    if (session->is_json) {
        struct json_writer j;
        json_writer_init(&j, &session->out, true);
        texts_json(&found, &j);
    } else {
        texts_csv(&found, &session->out);
    }
    return rv_ok();
}

rv_status run_find(struct session *session, struct rv_err *reterr)
{
    const struct args *args = &session->args;
    if (args->positional_count != 1) {
        return rv_fail(reterr, RV_USAGE,
                       "'reeve areas FILE --find TEXT' and '--texts' take no boundary file");
    }
    RV_CLEANUP(store_closep) struct store *s = NULL;
    RV_TRY(store_open(args->positional[0], STORE_READ, &s, reterr));
    return args_has(args, "find") ? find_one(session, s, reterr) : find_texts(session, s, reterr);
}
