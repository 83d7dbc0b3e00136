/* report/svg_lean.c — a drawing in few elements: marks of one look are one path.
 *
 * A browser takes about ten times as long for a mark that is an element of its own as for one that
 * is a piece of a path, and a report holds thousands. Within a layer, marks and words of a higher
 * level lie above those of a lower one, words above the marks of their level, and marks of one
 * level in the order in which their looks appeared.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "report/svg_lean.h"

#include "base/limits.h"

#include <ctype.h>
#include <string.h>

void svg_lean_init(struct svg_lean *lean)
{
    *lean = (struct svg_lean){.count = 0};
    for (int i = 0; i < SVG_LEVELS; i++) {
        buf_init(&lean->singles[i], LIMIT_REPORT_BYTES);
        buf_init(&lean->words[i], LIMIT_REPORT_BYTES);
    }
}

void svg_lean_done(struct svg_lean *lean)
{
    for (int i = 0; i < SVG_LEVELS; i++) {
        buf_done(&lean->singles[i]);
        buf_done(&lean->words[i]);
    }
    for (size_t i = 0; i < lean->used; i++) {
        buf_done(&lean->runs[i].data);
        buf_done(&lean->runs[i].y);
        buf_done(&lean->runs[i].signs);
    }
}

/* The run of a look, begun when it is new; NULL when there are too many looks. */
static struct svg_run *run_of(struct svg *s, const char *attributes, bool is_signs)
{
    struct svg_lean *lean = s->lean;
    for (size_t i = 0; i < lean->count; i++) {
        struct svg_run *r = &lean->runs[i];
        if (r->level == s->level && r->is_signs == is_signs &&
            strcmp(r->attributes, attributes) == 0) {
            return r;
        }
    }
    if (lean->count == SVG_RUNS) {
        return NULL;
    }
    struct svg_run *r = &lean->runs[lean->count++];
    if (lean->count > lean->used) {
        lean->used = lean->count;
        buf_init(&r->data, LIMIT_REPORT_BYTES);
        buf_init(&r->y, LIMIT_REPORT_BYTES);
        buf_init(&r->signs, LIMIT_REPORT_BYTES);
    }
    r->attributes = attributes;
    r->level = s->level;
    r->is_signs = is_signs;
    return r;
}

/* ---- marks ---- */

struct buf *svg_run(struct svg *s, const char *attributes)
{
    struct svg_run *r = s->lean ? run_of(s, attributes ? attributes : "", false) : NULL;
    return r ? &r->data : NULL;
}

struct buf *svg_single(struct svg *s)
{
    return s->lean ? &s->lean->singles[s->level] : s->out;
}

struct buf *svg_path(struct svg *s, const char *attributes, struct text title)
{
    struct buf *run = title.n ? NULL : svg_run(s, attributes);
    if (run) {
        return run;
    }
    struct buf *out = svg_single(s);
    buf_text(out, "<path d=\"");
    return out;
}

void svg_path_end(struct svg *s, const char *attributes, struct text title)
{
    if (!title.n && svg_run(s, attributes)) {
        return;
    }
    struct buf *out = svg_single(s);
    buf_printf(out, "\"%s%s", attributes[0] ? " " : "", attributes);
    svg_finish(out, "path", title);
}

bool svg_has_tips(const struct svg *s)
{
    /* Elsewhere the number stands beside the mark, or in a grid, as in the table. */
    static const bool tells_more[] = {
        [CHART_LINE] = true,   [CHART_MULTIPLES] = true, [CHART_STACKED] = true,
        [CHART_FUNNEL] = true, [CHART_PYRAMID] = true,   [CHART_STACKED_SHARE] = true,
        [CHART_MAP] = true,    [CHART_LORENZ] = true};
    size_t kind = (size_t)s->table->chart, kinds = sizeof tells_more / sizeof tells_more[0];
    bool is_touched = s->is_narrow; /* a phone has no pointer to rest on a mark */
    return !s->lean || (!is_touched && kind < kinds && tells_more[kind]);
}

/* ---- text ---- */

struct buf *svg_words(struct svg *s)
{
    return s->lean ? &s->lean->words[s->level] : s->out;
}

static bool are_signs(struct text t)
{
    bool all = t.n == 1 ? isalnum((unsigned char)t.at[0]) != 0 : t.n > 1;
    for (size_t i = 0; i < t.n && t.n > 1; i++) {
        all = all && t.at[i] >= '0' && t.at[i] <= '9'; /* which are all equally wide */
    }
    return all;
}

bool svg_signs(struct svg *s, double x, double y, double size, const char *attributes,
               struct text text)
{
    struct svg_run *r =
        s->lean && are_signs(text) ? run_of(s, attributes ? attributes : "", true) : NULL;
    if (!r) {
        return false;
    }
    double step = svg_text_width(text_of("0"), size);
    for (size_t i = 0; i < text.n; i++) {
        buf_text(&r->data, r->data.n ? " " : "");
        svg_number(&r->data, x + ((double)i - (double)(text.n - 1) / 2) * step);
        buf_text(&r->y, r->y.n ? " " : "");
        svg_number(&r->y, y);
    }
    buf_slice(&r->signs, text);
    return true;
}

/* ---- layers ---- */

/* Appends and empties; a failure is handed on. */
static void move(struct buf *from, struct buf *to)
{
    buf_slice(to, buf_view(from));
    to->failed |= from->failed;
    to->is_past_limit |= from->is_past_limit;
    buf_clear(from);
}

static void put_run(struct svg_run *r, struct buf *out)
{
    buf_text(out, r->is_signs ? "<text x=\"" : "<path d=\"");
    move(&r->data, out);
    if (r->is_signs) {
        buf_text(out, "\" y=\"");
        move(&r->y, out);
        buf_text(out, "\" text-anchor=\"middle");
    }
    buf_printf(out, "\"%s%s", r->attributes[0] ? " " : "", r->attributes);
    buf_text(out, r->is_signs ? ">" : "/>\n");
    if (r->is_signs) {
        move(&r->signs, out);
        buf_text(out, "</text>\n");
    }
}

static void put_runs(struct svg *s, enum svg_level level, bool is_signs)
{
    for (size_t i = 0; i < s->lean->count; i++) {
        struct svg_run *r = &s->lean->runs[i];
        if (r->level == level && r->is_signs == is_signs && r->data.n) {
            put_run(r, s->out);
        }
    }
}

void svg_layer(struct svg *s)
{
    if (!s->lean) {
        return;
    }
    for (int level = 0; level < SVG_LEVELS; level++) {
        put_runs(s, (enum svg_level)level, false);
        move(&s->lean->singles[level], s->out);
        put_runs(s, (enum svg_level)level, true);
        move(&s->lean->words[level], s->out);
    }
    s->lean->count = 0;
}
