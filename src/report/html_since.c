/* report/html_since.c — what became of the findings of the last assessment.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "assess/last.h"
#include "report/html_parts.h"

/* "still true", or with why: "cannot be compared, because it was not reliable then". */
static void put_since(struct document *d, const struct finding_last *last, bool is_start)
{
    const char *name = last_since_name(last->since);
    char first = (char)(is_start ? name[0] - 'a' + 'A' : name[0]);
    buf_printf(d->out, "<strong>%c%s</strong>", first, name + 1);
    if (last->because) {
        buf_text(d->out, ", because ");
        html_text(d->out, last->because);
    }
}

void html_since_line(struct document *d, const struct finding *f, bool is_short)
{
    if (!f->last) {
        return;
    }
    if (is_short) {
        buf_text(d->out, " Since the last assessment: ");
        put_since(d, f->last, false);
        buf_char(d->out, '.');
        return;
    }
    buf_text(d->out, "<p class=\"last\">");
    put_since(d, f->last, true);
    buf_text(d->out, ". Last assessment: ");
    html_text(d->out, f->last->statement);
    buf_text(d->out, "</p>\n");
}

static void put_counts(struct document *d, const struct assessment_last *last)
{
    buf_text(d->out, "<p>Of the findings of the last assessment");
    if (last->period.first <= last->period.last) {
        buf_text(d->out, ", for ");
        format_period(d->out, last->period);
    }
    buf_char(d->out, ':');
    for (int since = SINCE_STILL; since < SINCE_COUNT; since++) {
        if (last->counts[since] || since <= SINCE_CHANGED) {
            buf_printf(d->out, " %zu %s,", last->counts[since],
                       last_since_name((enum finding_since)since));
        }
    }
    buf_printf(d->out,
               " %zu not told this time. Still true is what differs by no more than chance alone "
               "could make, by the tests that decide the wording; changed is what differs by more, "
               "or names something else.</p>\n",
               last->absent_count);
}

static void put_group(struct document *d, enum finding_since since, const char *heading)
{
    struct html_list open = {
        .since = since, .is_available = since != SINCE_GONE, .part = LIST_OPEN};
    struct html_list rest = open;
    rest.part = LIST_FOLDED;
    if (since == SINCE_GONE) { /* none of them stands in an open list */
        open.part = rest.part = LIST_ALL;
    }
    size_t n = html_list_count(d, &open);
    if (n + html_list_count(d, &rest) == 0) {
        return;
    }
    buf_printf(d->out, "<h3>%s</h3>\n", heading);
    html_list(d, &open);
    if (since != SINCE_GONE) {
        html_folded(d, &rest, n ? "further finding" : "finding",
                    n ? "further findings" : "findings");
    }
}

static void put_absent(struct document *d, const struct assessment_last *last)
{
    if (!last->absent_count || !html_is_screen(d)) {
        return;
    }
    buf_printf(d->out,
               "<details class=\"more\"><summary>%zu of the last assessment not told this time"
               "</summary>\n<ul class=\"findings\">\n",
               last->absent_count);
    for (size_t i = 0; i < last->absent_count; i++) {
        buf_text(d->out, "<li class=\"finding\"><p>");
        html_text(d->out, last->absent[i]);
        buf_text(d->out, "</p></li>\n");
    }
    buf_text(d->out, "</ul>\n</details>\n");
}

void html_since(struct document *d)
{
    const struct assessment_last *last = d->assessment->last;
    if (!last) {
        return;
    }
    buf_text(d->out, "<section aria-labelledby=\"since\">\n"
                     "<h2 id=\"since\">Since the last assessment</h2>\n");
    put_counts(d, last);
    put_group(d, SINCE_CHANGED, "Changed");
    put_group(d, SINCE_GONE, "No longer computable");
    put_group(d, SINCE_OTHER, "Cannot be compared");
    put_absent(d, last);
    buf_text(d->out, "</section>\n");
}
