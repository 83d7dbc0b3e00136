/* define/offence_class.c — the reference table of offence classes, read where it stands.
 *
 * Source: reference/offence-classes.csv says. A record whose code the table does not know, or
 * whose class mixes groups, loads with the group not-recorded and is listed by the import report.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "define/offence_class.h"

#include "base/asset.h"
#include "define/vocabulary.h"

extern const struct asset offence_reference_assets[];
extern const size_t offence_reference_assets_count;

static struct text table(void)
{
    const struct asset *a =
        asset_find(offence_reference_assets, offence_reference_assets_count, "offence-classes.csv");
    return a ? asset_text(a) : (struct text){NULL, 0};
}

/* The next line that is neither a remark nor the header; false at the end. */
static bool next_row(struct text *rest, struct text *ret)
{
    while (rest->n > 0) {
        struct text line = text_split(*rest, '\n', rest);
        if (line.n > 0 && line.at[0] != '#' && !text_starts(line, "code,")) {
            *ret = line;
            return true;
        }
    }
    return false;
}

struct class_row {
    struct text code, group, injury, title;
};

static struct class_row row_of(struct text line)
{
    struct class_row row;
    row.code = text_split(line, ',', &line);
    row.group = text_split(line, ',', &line);
    row.injury = text_split(line, ',', &row.title);
    return row;
}

/* The row of the code itself, else that of its class. */
static bool find(struct text code, struct class_row *ret)
{
    struct text subclass;
    struct text class = text_split(code, '/', &subclass);
    struct text rest = table(), line;
    bool is_found = false;
    while (next_row(&rest, &line)) {
        struct class_row row = row_of(line);
        if (text_equal(row.code, code)) {
            *ret = row;
            return true;
        }
        if (text_equal(row.code, class) && !text_is(class, "8N")) {
            *ret = row; /* 8N with a subclass may be wounding under section 20 */
            is_found = true;
        }
    }
    return is_found;
}

const char *offence_class_group(struct text code)
{
    struct class_row row;
    int group = find(code, &row) ? vocabulary_find(OFFENCE_GROUPS, row.group) : -1;
    return group < 0 ? NULL : OFFENCE_GROUPS[group];
}

enum offence_injury offence_class_injury(struct text code)
{
    struct text subclass;
    struct class_row row;
    if (!find(text_split(code, '/', &subclass), &row) && !find(code, &row)) {
        return INJURY_NOT_RECORDED;
    }
    if (text_is(row.injury, "with")) {
        return INJURY_WITH;
    }
    return text_is(row.injury, "without") ? INJURY_WITHOUT : INJURY_NONE;
}

struct text offence_class_version(void)
{
    struct text rest = table();
    struct text line = text_split(rest, '\n', &rest);
    return text_starts(line, "# version ") ? (struct text){line.at + 10, line.n - 10}
                                           : (struct text){"", 0};
}

bool offence_class_row(size_t i, struct text *code, struct text *group, struct text *injury,
                       struct text *title)
{
    struct text rest = table(), line;
    for (size_t k = 0; next_row(&rest, &line); k++) {
        if (k == i) {
            struct class_row row = row_of(line);
            *code = row.code;
            *group = row.group;
            *injury = row.injury;
            *title = row.title;
            return true;
        }
    }
    return false;
}
