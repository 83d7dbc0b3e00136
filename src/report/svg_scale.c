/* report/svg_scale.c — scales with round ticks, and the axes drawn from them.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "report/format.h"
#include "report/svg.h"

#include <math.h>

/* The smallest of 1, 2, 5, 10, … that needs at most `max_ticks` steps from low to high. */
static double round_step(double low, double high, int max_ticks, enum result_type type)
{
    static const double factors[] = {1, 2, 5, 10, 20, 50, 100};
    double span = high - low > 0 ? high - low : 1;
    double unit = pow(10, floor(log10(span / max_ticks))), step = unit;
    for (size_t i = 0; i < sizeof factors / sizeof factors[0]; i++) {
        step = unit * factors[i];
        if (ceil(high / step) - floor(low / step) <= max_ticks) {
            break;
        }
    }
    bool is_whole = type == RESULT_COUNT || type == RESULT_RANK;
    return is_whole && step < 1 ? 1 : step; /* half an offence is not a tick */
}

struct svg_scale svg_scale_between(double low, double high, int max_ticks, enum result_type type)
{
    double step = round_step(low, high, max_ticks, type);
    struct svg_scale scale = {floor(low / step) * step, ceil(high / step) * step, step, 0, 1, type};
    if (scale.to <= scale.from) {
        scale.to = scale.from + step;
    }
    return scale;
}

struct svg_scale svg_scale_of(double low, double high, int max_ticks, enum result_type type)
{
    return svg_scale_between(fmin(low, 0), fmax(high, 0), max_ticks, type);
}

double svg_at(const struct svg_scale *scale, double value)
{
    return scale->at + (value - scale->from) / (scale->to - scale->from) * scale->length;
}

size_t svg_tick_count(const struct svg_scale *scale)
{
    return (size_t)llround((scale->to - scale->from) / scale->step) + 1;
}

double svg_tick(const struct svg_scale *scale, size_t i)
{
    return scale->from + (double)i * scale->step;
}

void svg_tick_label(struct buf *b, const struct svg_scale *scale, double value)
{
    static const struct {
        double from, unit;
        const char *name;
    } units[] = {{1e13, 1e12, "tn"}, {1e10, 1e9, "bn"}, {1e7, 1e6, "m"}, {0, 1, ""}};
    double largest = fmax(fabs(scale->from), fabs(scale->to));
    size_t k = 0;
    while (largest < units[k].from) {
        k++;
    }
    double step = scale->step / units[k].unit;
    int decimals = step < 1 ? (int)ceil(-log10(step) - 1e-9) : 0;
    format_decimal(b, value / units[k].unit, decimals > 6 ? 6 : decimals, FORMAT_PLAIN);
    buf_text(b, value != 0 ? units[k].name : "");
    buf_text(b, scale->type == RESULT_PERCENT ? "%" : "");
}

double svg_tick_width(const struct svg_scale *scale)
{
    double widest = 0;
    struct buf text RV_CLEANUP(buf_done);
    buf_init(&text, 512);
    for (size_t i = 0; i < svg_tick_count(scale); i++) {
        buf_clear(&text);
        svg_tick_label(&text, scale, svg_tick(scale, i));
        widest = fmax(widest, svg_text_width(buf_view(&text), SVG_FONT));
    }
    return widest;
}

/* The tick at nought, or the first: labels that are left out are counted from there. */
static size_t first_label(const struct svg_scale *scale)
{
    return scale->from < 0 && scale->to >= 0 ? (size_t)llround(-scale->from / scale->step) : 0;
}

static bool has_label(const struct svg_scale *scale, size_t i, size_t every)
{
    size_t first = first_label(scale);
    return (i > first ? i - first : first - i) % every == 0;
}

/* Every how many ticks a label has room beside the next. */
static size_t label_every(const struct svg_scale *scale, double room)
{
    double apart = fabs(scale->length) / (double)(svg_tick_count(scale) - 1);
    size_t every = 1;
    while (apart * (double)every < room && every < svg_tick_count(scale)) {
        every++;
    }
    return every;
}

static const char *tick_stroke(double value)
{
    return value == 0 ? "stroke=\"" SVG_SOFT "\"" : "stroke=\"" SVG_GRID "\"";
}

void svg_axis_across(struct svg *s, const struct svg_scale *scale, double top, double bottom)
{
    struct buf text RV_CLEANUP(buf_done);
    buf_init(&text, 512);
    size_t every = label_every(scale, svg_tick_width(scale) + 10);
    double end = -10; /* of the label before */
    for (size_t i = 0; i < svg_tick_count(scale); i++) {
        double value = svg_tick(scale, i), x = svg_at(scale, value);
        s->level = SVG_GROUND;
        svg_line(s, x, top, x, bottom, tick_stroke(value));
        s->level = SVG_MARKS;
        if (!has_label(scale, i, every)) {
            continue;
        }
        buf_clear(&text);
        svg_tick_label(&text, scale, value);
        double half = svg_text_width(buf_view(&text), SVG_FONT) / 2;
        double at = fmin(fmax(x, half + 1), s->width - half - 1);
        if (at - half > end + 5) { /* one that leans inwards may come too near */
            svg_text(s, at, bottom + SVG_FONT + 4, SVG_MIDDLE, "fill=\"" SVG_SOFT "\"",
                     buf_view(&text));
            end = at + half;
        }
    }
}

void svg_grid_up(struct svg *s, const struct svg_scale *scale, double left, double right)
{
    for (size_t i = 0; i < svg_tick_count(scale); i++) {
        double value = svg_tick(scale, i), y = svg_at(scale, value);
        s->level = SVG_GROUND;
        svg_line(s, left, y, right, y, tick_stroke(value));
        s->level = SVG_MARKS;
    }
}

void svg_axis_up(struct svg *s, const struct svg_scale *scale, double left, double right)
{
    struct buf text RV_CLEANUP(buf_done);
    buf_init(&text, 512);
    size_t every = label_every(scale, SVG_LEADING);
    svg_grid_up(s, scale, left, right);
    for (size_t i = 0; i < svg_tick_count(scale); i++) {
        if (!has_label(scale, i, every)) {
            continue;
        }
        double value = svg_tick(scale, i), y = svg_at(scale, value);
        buf_clear(&text);
        svg_tick_label(&text, scale, value);
        svg_text_fit(s, left - 6, y + 4, SVG_END, left - 8, "fill=\"" SVG_SOFT "\"",
                     buf_view(&text));
    }
}
