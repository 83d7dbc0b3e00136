/* ingest/fault.c — the wording of row faults.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "ingest/fault.h"

static const struct {
    const char *code, *said;
} FAULTS[ROW_FAULT_COUNT] = {{"fine", ""},
                             {"excluded", ""},
#define ROW_FAULT_ROW(name, code, sentence) {code, sentence},
                             ROW_FAULTS(ROW_FAULT_ROW)
#undef ROW_FAULT_ROW
};

enum row_fault row_fault_of_csv(enum csv_fault fault)
{
    static const enum row_fault MAP[] = {
        [CSV_FINE] = ROW_FINE,
        [CSV_QUOTE] = ROW_CSV_QUOTE,
        [CSV_UNCLOSED] = ROW_CSV_UNCLOSED,
        [CSV_NUL] = ROW_CSV_NUL,
        [CSV_ENCODING] = ROW_CSV_ENCODING,
        [CSV_TOO_LONG] = ROW_CSV_TOO_LONG,
        [CSV_TOO_MANY] = ROW_CSV_TOO_MANY,
    };
    return MAP[fault];
}

/* The way back for the faults of the CSV itself; CSV_FINE for the others. */
static enum csv_fault csv_of(enum row_fault fault)
{
    for (enum csv_fault f = CSV_QUOTE; f <= CSV_TOO_MANY; f++) {
        if (row_fault_of_csv(f) == fault) {
            return f;
        }
    }
    return CSV_FINE;
}

const char *row_fault_code(enum row_fault fault)
{
    enum csv_fault csv = csv_of(fault);
    return csv ? csv_fault_code(csv) : FAULTS[fault].code;
}

/* "month (expected YYYY-MM)": what the layout asks for. */
static void say_layout(struct buf *out, const char *layout, struct text value)
{
    if (!layout && value.n == 7) {
        layout = "YYYY-MM";
    }
    if (!layout) {
        buf_text(out, "date or time (expected YYYY-MM, YYYY-MM-DD or YYYY-MM-DDTHH:MM)");
        return;
    }
    bool has_day = strchr(layout, 'D') != NULL, has_hour = strchr(layout, 'H') != NULL;
    buf_printf(out, "%s (expected %s)", has_hour ? "time" : has_day ? "date" : "month", layout);
}

void row_fault_sentence(struct buf *out, enum row_fault fault, int64_t line, const char *column,
                        const char *layout, struct text value)
{
    enum csv_fault csv = csv_of(fault);
    buf_printf(out, "line %lld", (long long)line);
    if (csv) {
        struct text said = text_of(csv_fault_sentence(csv));
        buf_text(out, ": ");
        buf_slice(out, text_ends(said, ".") ? (struct text){said.at, said.n - 1} : said);
        buf_text(out, "; the row was quarantined");
        return;
    }
    if (*column) {
        buf_printf(out, ", column \"%s\": ", column);
        if (value.n) {
            buf_char(out, '"');
            buf_slice(out, value);
            buf_text(out, "\" ");
        } else {
            buf_text(out, "the value ");
        }
    } else {
        buf_text(out, ": the row ");
    }
    if (fault == ROW_NOT_A_TIME) {
        buf_text(out, "is not a ");
        say_layout(out, layout, value);
    } else {
        buf_text(out, FAULTS[fault].said);
    }
    buf_text(out, "; the row was quarantined");
}
