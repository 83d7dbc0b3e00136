/* tests/report/outline.c — the structure of a page, read with expat.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "report/outline.h"

#include "check.h"

#include <expat.h>

static const char *attribute(const XML_Char **atts, const char *name)
{
    for (size_t i = 0; atts[i]; i += 2) {
        if (strcmp(atts[i], name) == 0) {
            return atts[i + 1];
        }
    }
    return NULL;
}

#define FAULT(o, ...)                                                                              \
    do {                                                                                           \
        if (!(o)->fault[0]) {                                                                      \
            (void)snprintf((o)->fault, sizeof(o)->fault, __VA_ARGS__);                             \
        }                                                                                          \
    } while (0)

static void note_links(struct outline *o, const char *name, const XML_Char **atts)
{
    const char *id = attribute(atts, "id"), *href = attribute(atts, "href");
    if (id && o->id_count < IDS_MAX) {
        for (size_t i = 0; i < o->id_count; i++) {
            if (strcmp(o->ids[i], id) == 0) {
                FAULT(o, "the id %s is there twice", id);
            }
        }
        (void)snprintf(o->ids[o->id_count++], 128, "%s", id);
    }
    if (href && href[0] == '#' && o->link_count < IDS_MAX) {
        (void)snprintf(o->links[o->link_count++], 128, "%s", href + 1);
    }
    for (size_t i = 0; atts[i]; i += 2) {
        if (strncmp(atts[i], "on", 2) == 0 || strcmp(atts[i], "style") == 0) {
            FAULT(o, "<%s> has the attribute %s", name, atts[i]);
        }
        bool may_fetch = strcmp(atts[i], "src") == 0 || strcmp(atts[i], "srcset") == 0 ||
                         strcmp(atts[i], "data") == 0;
        o->fetched += may_fetch;
    }
}

static void note_heading(struct outline *o, const char *name)
{
    int level = name[1] - '0';
    if (level > o->heading + 1) {
        FAULT(o, "heading h%d after h%d", level, o->heading);
    }
    o->heading = level;
    o->headings++;
    o->h1 += level == 1;
}

static void note_svg(struct outline *o, const XML_Char **atts)
{
    const char *role = attribute(atts, "role"), *label = attribute(atts, "aria-labelledby");
    if (!role || strcmp(role, "img") != 0 || !label || !attribute(atts, "viewBox")) {
        FAULT(o, "an <svg> without role, label or viewBox");
    }
    (void)snprintf(o->labelled, sizeof o->labelled, "%s", label ? label : "");
    o->svgs++;
    o->svg_depth = o->depth;
}

static void note_svg_part(struct outline *o, const char *name, const XML_Char **atts)
{
    const char *id = attribute(atts, "id");
    bool is_child = o->svg_depth && o->depth == o->svg_depth + 1 && id;
    if (is_child && strcmp(name, "title") == 0 && strstr(o->labelled, id)) {
        o->svg_titles++;
    }
    if (is_child && strcmp(name, "desc") == 0 && strstr(o->labelled, id)) {
        o->svg_descs++;
    }
}

static void XMLCALL start(void *user, const XML_Char *name, const XML_Char **atts)
{
    struct outline *o = user;
    o->depth++;
    note_links(o, name, atts);
    note_svg_part(o, name, atts);
    if (name[0] == 'h' && name[1] >= '1' && name[1] <= '6' && !name[2]) {
        note_heading(o, name);
    } else if (strcmp(name, "svg") == 0) {
        note_svg(o, atts);
    } else if (strcmp(name, "table") == 0) {
        o->tables++;
    } else if (strcmp(name, "caption") == 0) {
        o->captions++;
    } else if (strcmp(name, "th") == 0) {
        const char *scope = attribute(atts, "scope");
        if (!scope || (strcmp(scope, "col") != 0 && strcmp(scope, "row") != 0)) {
            FAULT(o, "a <th> without scope");
        }
    } else if (strcmp(name, "main") == 0) {
        o->mains++;
    } else if (strcmp(name, "nav") == 0) {
        o->navs++;
    } else if (strcmp(name, "script") == 0 || strcmp(name, "link") == 0 ||
               strcmp(name, "iframe") == 0 || strcmp(name, "img") == 0) {
        o->scripts++;
    }
}

static void XMLCALL end(void *user, const XML_Char *name)
{
    struct outline *o = user;
    if (strcmp(name, "svg") == 0) {
        o->svg_depth = 0;
    }
    o->depth--;
}

void outline_of(const struct buf *html, struct outline *o)
{
    memset(o, 0, sizeof *o);
    XML_Parser parser = XML_ParserCreate("UTF-8");
    assert_non_null(parser);
    XML_SetUserData(parser, o);
    XML_SetElementHandler(parser, start, end);
    if (XML_Parse(parser, html->bytes, (int)html->n, 1) != XML_STATUS_OK) {
        fail_msg("line %lu: %s", XML_GetCurrentLineNumber(parser),
                 XML_ErrorString(XML_GetErrorCode(parser)));
    }
    XML_ParserFree(parser);
    if (o->fault[0]) {
        fail_msg("%s", o->fault);
    }
}

bool has_id(const struct outline *o, const char *id)
{
    for (size_t i = 0; i < o->id_count; i++) {
        if (strcmp(o->ids[i], id) == 0) {
            return true;
        }
    }
    return false;
}
