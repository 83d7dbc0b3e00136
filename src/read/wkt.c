/* read/wkt.c — well-known text of coordinate systems: read into nodes, compared by definition.
 *
 * Text such as PROJCS["name",GEOGCS[…],PARAMETER["False_Easting",400000.0]] is cut into at most
 * MOST_NODES nodes in one pass, without recursion.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "read/wkt.h"

#include "base/parse.h"

#include <math.h>

#define MOST_NODES  128 /* the definitions in use have about 30 */
#define MOST_VALUES 4   /* values of one node before its inner nodes that are kept */
#define MOST_NAME   80

struct node {
    struct text keyword;
    struct text values[MOST_VALUES]; /* quoted ones without their quotes */
    int value_count, parent;
};

struct wkt {
    struct node nodes[MOST_NODES];
    int count;
};

/* ---- reading ---- */

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool is_mark(char c)
{
    return c == '[' || c == ']' || c == '(' || c == ')' || c == ',' || c == '"';
}

/* The next word, quoted or plain; false for a quote that is never closed. */
static bool take_word(struct text *at, struct text *word)
{
    size_t n = 0;
    if (at->n && at->at[0] == '"') {
        const char *end = memchr(at->at + 1, '"', at->n - 1);
        n = end ? (size_t)(end - at->at) : 0;
        *word = (struct text){at->at + 1, n ? n - 1 : 0};
        *at = (struct text){at->at + n + 1, at->n - n - 1};
        return n > 0;
    }
    while (n < at->n && !is_mark(at->at[n]) && !is_blank(at->at[n])) {
        n++;
    }
    *word = (struct text){at->at, n};
    *at = (struct text){at->at + n, at->n - n};
    return n > 0;
}

static void skip_blanks(struct text *at)
{
    while (at->n && is_blank(at->at[0])) {
        at->at++;
        at->n--;
    }
}

static char take_mark(struct text *at)
{
    skip_blanks(at);
    char c = at->n ? at->at[0] : '\0';
    if (c == '[' || c == ']' || c == '(' || c == ')' || c == ',') {
        at->at++;
        at->n--;
        return c;
    }
    return '\0';
}

static bool open_node(struct wkt *w, struct text keyword, int *ret_open)
{
    if (w->count == MOST_NODES) {
        return false;
    }
    w->nodes[w->count] = (struct node){.keyword = keyword, .parent = *ret_open};
    *ret_open = w->count++;
    return true;
}

static bool parse(struct text at, struct wkt *w)
{
    int open = -1;
    for (;;) {
        struct text word;
        skip_blanks(&at);
        if (!take_word(&at, &word)) {
            return false;
        }
        char mark = take_mark(&at);
        if (mark == '[' || mark == '(') {
            if ((open < 0 && w->count) || !open_node(w, word, &open)) {
                return false;
            }
            continue;
        }
        if (open < 0) {
            return false;
        }
        struct node *node = &w->nodes[open];
        if (node->value_count < MOST_VALUES) {
            node->values[node->value_count++] = word;
        }
        while (mark == ']' || mark == ')') {
            open = w->nodes[open].parent;
            mark = open < 0 ? '\0' : take_mark(&at);
        }
        if (open < 0) {
            skip_blanks(&at);
            return at.n == 0;
        }
        if (mark != ',') {
            return false;
        }
    }
}

/* ---- comparing ---- */

static const struct node *child(const struct wkt *w, const struct node *of, const char *keyword)
{
    for (int i = 0; i < w->count; i++) {
        if (w->nodes[i].parent == of - w->nodes &&
            text_equal_nocase(w->nodes[i].keyword, text_of(keyword))) {
            return &w->nodes[i];
        }
    }
    return NULL;
}

static bool is_named(const struct node *node, const char *const *names)
{
    for (size_t i = 0; node && node->value_count && names[i]; i++) {
        if (text_equal_nocase(node->values[0], text_of(names[i]))) {
            return true;
        }
    }
    return false;
}

static bool is_number(const struct node *node, int at, double wanted, double tolerance)
{
    double got = 0;
    return node && node->value_count > at && parse_real(node->values[at], &got) &&
           fabs(got - wanted) <= tolerance;
}

/* No AUTHORITY, or the one wanted. */
static bool has_no_other_authority(const struct wkt *w, const struct node *of, const char *code)
{
    static const char *const epsg[] = {"EPSG", NULL};
    const struct node *authority = child(w, of, "AUTHORITY");
    return !authority || (is_named(authority, epsg) && authority->value_count > 1 &&
                          text_is(authority->values[1], code));
}

/* Degrees east of Greenwich on this datum and ellipsoid. */
static bool is_geographic(const struct wkt *w, const struct node *gcs, const char *const *datums,
                          double axis_m, double flattening)
{
    if (!gcs || !text_equal_nocase(gcs->keyword, text_of("GEOGCS"))) {
        return false;
    }
    const struct node *datum = child(w, gcs, "DATUM");
    const struct node *spheroid = datum ? child(w, datum, "SPHEROID") : NULL;
    return is_named(datum, datums) && is_number(spheroid, 1, axis_m, 1e-3) &&
           is_number(spheroid, 2, flattening, 1e-6) &&
           is_number(child(w, gcs, "PRIMEM"), 1, 0, 1e-9) &&
           is_number(child(w, gcs, "UNIT"), 1, 0.017453292519943295, 1e-12);
}

static bool has_parameter(const struct wkt *w, const struct node *of, const char *name,
                          double wanted, double tolerance)
{
    bool has = false;
    for (int i = 0; i < w->count; i++) {
        const struct node *node = &w->nodes[i];
        if (node->parent == of - w->nodes &&
            text_equal_nocase(node->keyword, text_of("PARAMETER")) && node->value_count > 1 &&
            text_equal_nocase(node->values[0], text_of(name))) {
            if (has || !is_number(node, 1, wanted, tolerance)) {
                return false;
            }
            has = true;
        }
    }
    return has;
}

static bool is_national_grid(const struct wkt *w)
{
    static const char *const projections[] = {"Transverse_Mercator", NULL};
    static const char *const datums[] = {"D_OSGB_1936", "OSGB_1936", "OSGB36",
                                         "Ordnance_Survey_of_Great_Britain_1936", NULL};
    const struct node *root = &w->nodes[0];
    return text_equal_nocase(root->keyword, text_of("PROJCS")) &&
           has_no_other_authority(w, root, "27700") &&
           is_geographic(w, child(w, root, "GEOGCS"), datums, 6377563.396, 299.3249646) &&
           is_named(child(w, root, "PROJECTION"), projections) &&
           has_parameter(w, root, "False_Easting", 400000, 1e-3) &&
           has_parameter(w, root, "False_Northing", -100000, 1e-3) &&
           has_parameter(w, root, "Central_Meridian", -2, 1e-9) &&
           has_parameter(w, root, "Scale_Factor", 0.9996012717, 1e-9) &&
           has_parameter(w, root, "Latitude_Of_Origin", 49, 1e-9) &&
           is_number(child(w, root, "UNIT"), 1, 1, 0);
}

static bool is_wgs84(const struct wkt *w)
{
    static const char *const datums[] = {"D_WGS_1984", "WGS_1984", "World Geodetic System 1984",
                                         NULL};
    return has_no_other_authority(w, &w->nodes[0], "4326") &&
           is_geographic(w, &w->nodes[0], datums, 6378137, 298.257223563);
}

const char *wkt_crs(struct arena *a, struct text wkt)
{
    struct wkt *w = ARENA_NEW(a, struct wkt, 1);
    if (!w) {
        return NULL;
    }
    if (!parse(wkt, w)) {
        return arena_text(a, "unknown", 7);
    }
    if (is_national_grid(w)) {
        return arena_text(a, "EPSG:27700", 10);
    }
    if (is_wgs84(w)) {
        return arena_text(a, "EPSG:4326", 9);
    }
    struct text name = w->nodes[0].value_count ? w->nodes[0].values[0] : text_of("unknown");
    name.n = name.n < MOST_NAME ? name.n : MOST_NAME;
    name.n = text_utf8_valid(name);
    return name.n ? arena_text(a, name.at, name.n) : arena_text(a, "unknown", 7);
}
