/* web/explore_fault.c — why there is no table, told at the field that is to be put right.
 *
 * table_run speaks to the command line: "--period 2021-13: write whole months …". Here an option is
 * the label of its field. SPDX-License-Identifier: GPL-3.0-or-later */
#include "web/explore.h"

#include <string.h>

static const struct {
    const char *option, *field, *label;
} fields[] = {
    {"--denominator", "denominator", "Rates per head of"},
    {"--vintage", "vintage", "Vintage of areas"},
    {"--profile", "profile", "Profile"},
    {"--survey", "survey", "Survey"},
    {"--source", "source", "Source"},
    {"--period", "period", "Period"},
    {"--where", "where", "Only where"},
    {"--bands", "bands", "Age bands"},
    {"--count", "count", "Count"},
    {"--value", "value", "Show"},
    {"--chart", "chart", "Chart"},
    {"--kind", "kind", "Kind of data"},
    {"--area", "area", "Area"},
    {"--date", "date", "Date"},
    {"--rank", "rank", "Rank by"},
    {"--by", "rows", "Rows"},
};
#define FIELDS (sizeof fields / sizeof *fields)

static size_t option_at(const char *words)
{
    size_t i = 0;
    while (i < FIELDS && strncmp(words, fields[i].option, strlen(fields[i].option)) != 0) {
        i++;
    }
    return i;
}

/* The form of this kind of data has not every field. */
static bool has_field(const struct call *c, const char *name)
{
    const struct {
        const char *field, *needs;
    } some[] = {{"count", "is-offences"},     {"profile", "is-offences"}, {"bands", "is-offences"},
                {"denominator", "has-rates"}, {"date", "has-rates"},      {"survey", "is-survey"},
                {"chart", "charts-known"},    {"rank", "never"}};
    if (strcmp(name, "rows") == 0) { /* pages of times and people have none */
        return model_find(c->model, text_of("row-choices")) != NULL;
    }
    for (size_t i = 0; i < sizeof some / sizeof *some; i++) {
        if (strcmp(name, some[i].field) == 0) {
            const struct model_value *v = model_find(c->model, text_of(some[i].needs));
            return v && v->number;
        }
    }
    return true;
}

/* Which of the filters, or whether rows or columns, name the word that the message begins with. */
static const char *field_of(const struct explore *x, size_t option, const char *rest)
{
    size_t n = strcspn(rest, ":=, ");
    const struct text word = {rest, n};
    if (strcmp(fields[option].option, "--by") == 0) {
        return x->columns && text_is(word, x->columns) ? "columns" : "rows";
    }
    for (int i = 0; strcmp(fields[option].option, "--where") == 0 && i < EXPLORE_FILTERS; i++) {
        const char *dimension = x->filters[i].dimension;
        if (dimension && x->filters[i].values && text_is(word, dimension)) {
            return x->filter_fields[i];
        }
    }
    return fields[option].field;
}

static bool is_whole(const char *after)
{
    return !(*after >= 'a' && *after <= 'z') && *after != '-';
}

static void say(struct buf *b, const char *message)
{
    size_t first = option_at(message);
    if (first < FIELDS && is_whole(message + strlen(fields[first].option))) {
        buf_text(b, fields[first].label);
        message += strlen(fields[first].option);
    }
    while (*message) {
        size_t at = option_at(message);
        if (at < FIELDS && is_whole(message + strlen(fields[at].option))) {
            buf_printf(b, "“%s”", fields[at].label);
            message += strlen(fields[at].option);
        } else {
            buf_char(b, *message++);
        }
    }
}

void explore_fault(struct call *c, const struct explore *x, const struct rv_err *err)
{
    struct buf b RV_CLEANUP(buf_done);
    buf_init(&b, 1u << 14);
    size_t at = option_at(err->message);
    const char *name = "rows";
    if (err->code == RV_LIMIT || err->code == RV_INTERRUPTED || err->code == RV_NO_MEMORY) {
        buf_printf(
            &b,
            "The table is too large, or takes longer than the %d seconds that a page has. "
            "Choose a shorter period, an area, or wards in place of LSOAs; or make it on the "
            "command line: ",
            EXPLORE_SECONDS);
        table_command(&x->options, &b);
    } else {
        say(&b, err->message);
        name = at < FIELDS ? field_of(x, at, err->message + strlen(fields[at].option) + 1)
               : err->code == RV_NOT_FOUND ? "kind"
                                           : name;
    }
    name = has_field(c, name) ? name : "kind";
    const char *said = b.failed ? NULL : arena_text(c->arena, b.bytes, b.n);
    call_fault(c, name, said ? said : "The table cannot be made");
}
