/* tests/report/svg_inspect.c — reads charts back with expat.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "report/svg_inspect.h"

#include "check.h"
#include "report/svg.h"

#include <expat.h>

enum { DEPTH = 12, IDS = 32 };

/* What children inherit. */
struct style {
    double dx, dy, scale, size;
    bool is_bold;
    const char *fill, *stroke;
};

struct reading {
    struct arena *arena;
    struct seen *seen;
    struct style styles[DEPTH];
    int depth;
    struct seen_mark mark; /* the shape being read */
    const char *anchor;
    const char *x, *y; /* one number, or one for each character */
    struct buf words;
    bool in_text, in_shape, in_title, in_defs;
    const char *ids[IDS];
    size_t id_count, text_capacity;
};

static void fault(struct reading *r, const char *what, const char *where)
{
    if (!r->seen->fault[0]) {
        (void)snprintf(r->seen->fault, sizeof r->seen->fault, "%s: %.200s", what, where);
    }
}

static const char *attribute(const XML_Char **atts, const char *name)
{
    for (size_t i = 0; atts[i]; i += 2) {
        if (strcmp(atts[i], name) == 0) {
            return atts[i + 1];
        }
    }
    return NULL;
}

static double number(struct reading *r, const XML_Char **atts, const char *name, double otherwise)
{
    const char *text = attribute(atts, name);
    if (!text) {
        return otherwise;
    }
    char *end = NULL;
    double v = strtod(text, &end);
    if (!isfinite(v) || end == text) {
        fault(r, "not a number", text);
    }
    return v;
}

/* ---- colours ---- */

static double channel(double v)
{
    return v <= 0.03928 ? v / 12.92 : pow((v + 0.055) / 1.055, 2.4);
}

/* Relative luminance (WCAG 2.2) of "#fff" or "#aabbcc"; -1 for anything else. */
static double luminance(const char *colour)
{
    unsigned v[3];
    if (!colour || colour[0] != '#') {
        return -1;
    }
    size_t n = strlen(colour + 1) / 3;
    if (n != 1 && n != 2) {
        return -1;
    }
    for (size_t i = 0; i < 3; i++) {
        char digits[3] = {colour[1 + i * n], colour[n * (i + 1)], '\0'};
        v[i] = (unsigned)strtoul(digits, NULL, 16);
    }
    return 0.2126 * channel(v[0] / 255.0) + 0.7152 * channel(v[1] / 255.0) +
           0.0722 * channel(v[2] / 255.0);
}

static double contrast_with_white(const char *colour)
{
    if (colour && strncmp(colour, "url(", 4) == 0) {
        return 21; /* the patterns are of ink */
    }
    double l = luminance(colour);
    return l < 0 ? 0 : 1.05 / (l + 0.05);
}

/* ---- elements ---- */

static bool is_known(const char *name)
{
    static const char *const names[] = {"svg",  "title",  "desc", "defs", "pattern", "rect",
                                        "line", "circle", "path", "text", "g"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(names[i], name) == 0) {
            return true;
        }
    }
    return false;
}

static void check_attributes(struct reading *r, const XML_Char **atts)
{
    for (size_t i = 0; atts[i]; i += 2) {
        const char *name = atts[i], *value = atts[i + 1];
        const char *url = strstr(value, "url(");
        bool is_namespace = strcmp(name, "xmlns") == 0;
        if (strncmp(name, "on", 2) == 0 || strcmp(name, "style") == 0 || strstr(name, "href") ||
            (url && strncmp(url, "url(#", 5) != 0) || (!is_namespace && strstr(value, "://"))) {
            fault(r, "an attribute that no chart may have", value);
        }
        if (strstr(value, "nan") || strstr(value, "inf")) {
            fault(r, "not a number", value);
        }
        if (strcmp(name, "id") == 0 && r->id_count < IDS) {
            r->ids[r->id_count++] = arena_text(r->arena, value, strlen(value));
        }
        if (url && strcmp(name, "fill") == 0) {
            bool found = false;
            for (size_t k = 0; k < r->id_count; k++) {
                size_t n = strlen(r->ids[k]);
                found |= strncmp(value + 5, r->ids[k], n) == 0 && value[5 + n] == ')';
            }
            if (!found) {
                fault(r, "a pattern that is not there", value);
            }
        }
    }
}

static void inherit(struct reading *r, const XML_Char **atts)
{
    struct style *s = &r->styles[r->depth];
    *s = r->styles[r->depth - 1];
    const char *transform = attribute(atts, "transform"), *weight = attribute(atts, "font-weight");
    if (transform) {
        const char *at = strstr(transform, "translate(");
        if (at) {
            char *end = NULL;
            s->dx += s->scale * strtod(at + 10, &end);
            s->dy += s->scale * strtod(end, NULL);
        }
        at = strstr(transform, "scale(");
        s->scale *= at ? strtod(at + 6, NULL) : 1;
    }
    s->size = number(r, atts, "font-size", s->size);
    s->is_bold = weight ? strcmp(weight, "bold") == 0 : s->is_bold;
    const char *fill = attribute(atts, "fill"), *stroke = attribute(atts, "stroke");
    s->fill = fill ? arena_text(r->arena, fill, strlen(fill)) : s->fill;
    s->stroke = stroke ? arena_text(r->arena, stroke, strlen(stroke)) : s->stroke;
}

static void widen(struct reading *r, double x, double y)
{
    const struct style *s = &r->styles[r->depth];
    x = s->dx + s->scale * x;
    y = s->dy + s->scale * y;
    r->mark.left = fmin(r->mark.left, x);
    r->mark.right = fmax(r->mark.right, x);
    r->mark.top = fmin(r->mark.top, y);
    r->mark.bottom = fmax(r->mark.bottom, y);
    if (x < -1 || x > r->seen->width + 1 || y < -1 || y > r->seen->height + 1) {
        char where[64];
        (void)snprintf(where, sizeof where, "%g, %g", x, y);
        fault(r, "outside the drawing", where);
    }
}

/* Follows the commands that the charts write: M L H V l h v a m z, with implied repeats. */
static void follow_path(struct reading *r, const char *d)
{
    double x = 0, y = 0, start_x = 0, start_y = 0;
    char command = 'M';
    while (*d) {
        if (strchr("MLlhvamzHV", *d)) {
            command = *d++;
            if (command == 'z') {
                x = start_x;
                y = start_y;
            }
            continue;
        }
        if (*d == ' ' || *d == ',') {
            d++;
            continue;
        }
        double v[7] = {0};
        size_t want = command == 'a' ? 7 : strchr("hvHV", command) ? 1 : 2;
        for (size_t i = 0; i < want; i++) {
            char *end = NULL;
            v[i] = strtod(d, &end);
            if (end == d || !isfinite(v[i])) {
                fault(r, "a path that cannot be followed", d);
                return;
            }
            d = end + strspn(end, " ");
        }
        bool is_relative = command >= 'a';
        double dx = v[want == 7 ? 5 : 0], dy = v[want == 7 ? 6 : want - 1];
        bool is_across = strchr("hH", command) != NULL, is_up = strchr("vV", command) != NULL;
        x = is_up ? x : is_relative ? x + dx : dx;
        y = is_across ? y : is_relative ? y + dy : dy;
        if (command == 'M') {
            start_x = x;
            start_y = y;
        }
        widen(r, x, y);
    }
}

static void read_shape(struct reading *r, const char *name, const XML_Char **atts)
{
    r->mark = (struct seen_mark){arena_text(r->arena, name, strlen(name)),
                                 NULL,
                                 INFINITY,
                                 INFINITY,
                                 -INFINITY,
                                 -INFINITY,
                                 0};
    if (strcmp(name, "rect") == 0) {
        double x = number(r, atts, "x", 0), y = number(r, atts, "y", 0);
        double w = number(r, atts, "width", -1), h = number(r, atts, "height", -1);
        if (w < 0 || h < 0) {
            fault(r, "a rectangle of negative size", name);
        }
        widen(r, x, y);
        widen(r, x + w, y + h);
    } else if (strcmp(name, "line") == 0) {
        widen(r, number(r, atts, "x1", 0), number(r, atts, "y1", 0));
        widen(r, number(r, atts, "x2", 0), number(r, atts, "y2", 0));
    } else if (strcmp(name, "circle") == 0) {
        double x = number(r, atts, "cx", 0), y = number(r, atts, "cy", 0);
        double radius = number(r, atts, "r", 0);
        widen(r, x - radius, y - radius);
        widen(r, x + radius, y + radius);
    } else {
        const char *d = attribute(atts, "d");
        follow_path(r, d ? d : "");
    }
    const struct style *s = &r->styles[r->depth];
    r->mark.contrast = fmax(contrast_with_white(s->fill), contrast_with_white(s->stroke));
}

static void XMLCALL start_element(void *user, const XML_Char *name, const XML_Char **atts)
{
    struct reading *r = user;
    if (!is_known(name)) {
        fault(r, "an element that no chart may have", name);
    }
    if (++r->depth >= DEPTH) {
        fault(r, "too deep", name);
        r->depth--;
        return;
    }
    check_attributes(r, atts);
    inherit(r, atts);
    if (r->depth == 1) {
        const char *role = attribute(atts, "role");
        if (strcmp(name, "svg") != 0 || !role || strcmp(role, "img") != 0) {
            fault(r, "not an image", name);
        }
        r->seen->width = number(r, atts, "width", 0);
        r->seen->height = number(r, atts, "height", 0);
        return;
    }
    r->in_defs |= strcmp(name, "defs") == 0;
    r->in_title = strcmp(name, "title") == 0 || strcmp(name, "desc") == 0;
    if (r->in_title) {
        buf_clear(&r->words);
    } else if (strcmp(name, "text") == 0) {
        r->in_text = true;
        const char *x = attribute(atts, "x"), *y = attribute(atts, "y");
        r->x = arena_text(r->arena, x ? x : "0", strlen(x ? x : "0"));
        r->y = arena_text(r->arena, y ? y : "0", strlen(y ? y : "0"));
        const char *anchor = attribute(atts, "text-anchor");
        r->anchor = anchor ? arena_text(r->arena, anchor, strlen(anchor)) : "start";
        buf_clear(&r->words);
    } else if (!r->in_defs && strcmp(name, "g") != 0) {
        r->in_shape = true;
        read_shape(r, name, atts);
    }
}

static void keep_words(struct reading *r, struct text words, double at_x, double at_y)
{
    const struct style *s = &r->styles[r->depth];
    double width =
        s->scale * (s->is_bold ? svg_bold_width(words, s->size) : svg_text_width(words, s->size));
    double x = s->dx + s->scale * at_x, y = s->dy + s->scale * at_y;
    double left = strcmp(r->anchor, "end") == 0      ? x - width
                  : strcmp(r->anchor, "middle") == 0 ? x - width / 2
                                                     : x;
    struct seen_text t = {arena_text(r->arena, words.n ? words.at : "", words.n), left,
                          y - 0.72 * s->size, left + width, y + 0.2 * s->size};
    if (t.left < -1 || t.right > r->seen->width + 1 || t.top < -1 ||
        t.bottom > r->seen->height + 1) {
        fault(r, "text outside the drawing", t.words);
    }
    bool is_white = s->fill && strcmp(s->fill, "#fff") == 0; /* on a dark shade */
    if (!is_white && contrast_with_white(s->fill) < 4.5) {
        fault(r, "text too pale", t.words);
    }
    if (r->seen->text_count == r->text_capacity) {
        fault(r, "more text than characters", t.words);
        return;
    }
    r->seen->texts[r->seen->text_count++] = t;
}

/* Characters with a place each: those that stand side by side are one word. */
static void keep_signs(struct reading *r, struct text signs)
{
    const struct style *s = &r->styles[r->depth];
    double advance = svg_text_width(text_of("0"), s->size), first = 0, x = 0, y = 0;
    size_t from = 0;
    for (size_t i = 0; i < signs.n; i++) {
        char *end = NULL;
        double next_x = strtod(r->x, &end);
        bool has_x = end != r->x;
        r->x = end;
        double next_y = strtod(r->y, &end);
        if (!has_x || end == r->y) {
            fault(r, "a character without a place", signs.at);
            return;
        }
        r->y = end;
        bool is_beside = i > 0 && next_y == y && fabs(next_x - x - advance) < 0.2;
        if (i > from && !is_beside) {
            keep_words(r, (struct text){signs.at + from, i - from}, (first + x) / 2, y);
            from = i;
        }
        first = i == from ? next_x : first;
        x = next_x;
        y = next_y;
    }
    keep_words(r, (struct text){signs.at + from, signs.n - from}, (first + x) / 2, y);
}

static void keep_text(struct reading *r)
{
    if (strchr(r->x, ' ')) {
        keep_signs(r, buf_view(&r->words));
        return;
    }
    char *end = NULL;
    double x = strtod(r->x, &end);
    if (end == r->x || !isfinite(x)) {
        fault(r, "not a number", r->x);
    }
    keep_words(r, buf_view(&r->words), x, strtod(r->y, NULL));
}

static void keep_title(struct reading *r, const char *name)
{
    const char *words = arena_text(r->arena, r->words.n ? r->words.bytes : "", r->words.n);
    if (r->depth == 2) {
        *(strcmp(name, "desc") == 0 ? &r->seen->desc : &r->seen->title) = words;
    } else if (r->in_shape) {
        r->mark.title = words;
    }
    r->in_title = false;
    buf_clear(&r->words);
}

static void XMLCALL end_element(void *user, const XML_Char *name)
{
    struct reading *r = user;
    if (r->in_title) {
        keep_title(r, name);
    } else if (strcmp(name, "text") == 0) {
        keep_text(r);
        r->in_text = false;
    } else if (strcmp(name, "defs") == 0) {
        r->in_defs = false;
    } else if (r->in_shape) {
        if (r->mark.title) {
            r->seen->marks[r->seen->mark_count++] = r->mark;
        }
        r->in_shape = false;
    }
    r->depth--;
}

static void XMLCALL characters(void *user, const XML_Char *text, int n)
{
    struct reading *r = user;
    if (r->in_title || r->in_text) {
        buf_put(&r->words, text, (size_t)n);
    }
}

static size_t count_of(struct text svg, const char *what)
{
    size_t n = 0;
    for (const char *at = svg.at; (at = strstr(at, what)); at++) {
        n++;
    }
    return n;
}

void svg_inspect(struct arena *a, struct text svg, struct seen *ret)
{
    *ret = (struct seen){.width = 0};
    struct reading r = {.arena = a, .seen = ret};
    r.styles[0] = (struct style){0, 0, 1, 13, false, "#000", NULL};
    r.text_capacity = svg.n; /* a character may stand by itself */
    ret->texts = ARENA_NEW(a, struct seen_text, r.text_capacity);
    ret->marks = ARENA_NEW(a, struct seen_mark, count_of(svg, "<title") + 1);
    assert_non_null(ret->texts);
    assert_non_null(ret->marks);
    buf_init(&r.words, 1u << 22);
    XML_Parser parser = XML_ParserCreate("UTF-8");
    assert_non_null(parser);
    XML_SetUserData(parser, &r);
    XML_SetElementHandler(parser, start_element, end_element);
    XML_SetCharacterDataHandler(parser, characters);
    if (XML_Parse(parser, svg.at, (int)svg.n, 1) != XML_STATUS_OK) {
        char where[128];
        (void)snprintf(where, sizeof where, "line %lu, %s", XML_GetCurrentLineNumber(parser),
                       XML_ErrorString(XML_GetErrorCode(parser)));
        fault(&r, "not well formed", where);
    }
    XML_ParserFree(parser);
    buf_done(&r.words);
    if (!ret->title || !ret->title[0] || !ret->desc || !ret->desc[0]) {
        fault(&r, "no title or no description", "");
    }
}

bool svg_texts_are_apart(struct seen *seen)
{
    for (size_t i = 0; i < seen->text_count; i++) {
        for (size_t k = i + 1; k < seen->text_count; k++) {
            const struct seen_text *p = &seen->texts[i], *q = &seen->texts[k];
            bool meet = p->left < q->right - 1 && q->left < p->right - 1 &&
                        p->top < q->bottom - 1 && q->top < p->bottom - 1;
            if (meet) {
                (void)snprintf(seen->fault, sizeof seen->fault, "'%.100s' lies over '%.100s'",
                               p->words, q->words);
                return false;
            }
        }
    }
    return true;
}
