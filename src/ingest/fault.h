/* ingest/fault.h — why a row cannot be used: codes for machines, sentences for people.
 *
 * Pure. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_INGEST_FAULT_H
#define REEVE_INGEST_FAULT_H

#include "base/buf.h"
#include "base/text.h"
#include "read/csv.h"

/* name, code, what is said of a value ('"2022-13" is not …') */
#define ROW_FAULTS(X)                                                                              \
    X(TOO_FEW, "too-few-cells", "has fewer cells than the header")                                 \
    X(TOO_MANY, "too-many-cells", "has more cells than the header")                                \
    X(MISSING, "missing-value", "is required but empty")                                           \
    X(NO_OFFENCE, "no-offence", "needs an offence code, an offence group or a category")           \
    X(NOT_A_TIME, "not-a-time", "is not a time")                                                   \
    X(NO_SUCH_DATE, "no-such-date", "is a date that does not exist")                               \
    X(SKIPPED, "skipped-by-clock", "is a time that the London clock skips in March")               \
    X(UNDECLARED, "date-order-not-declared",                                                       \
      "is a date whose order of day and month the profile does not declare")                       \
    X(NOT_A_PERIOD, "not-a-period",                                                                \
      "is not the label of a period, or the profile does not say which months it means")           \
    X(NOT_A_SCHEDULE, "not-a-schedule",                                                            \
      "is no rule of repetition with hours, such as FREQ=WEEKLY;BYDAY=TU 16:00-18:00")             \
    X(NOT_A_BAND, "not-an-age-band", "is not an age band")                                         \
    X(LIST, "list-too-long", "begins a list that is too long to keep")                             \
    X(NOT_A_NUMBER, "not-a-number", "is not a number")                                             \
    X(NOT_WHOLE, "not-a-whole-number", "is not a whole number")                                    \
    X(OUT_OF_RANGE, "out-of-range", "is outside the range that is possible here")                  \
    X(UNKNOWN_CODE, "unknown-code", "is not one of the words that this column may hold")           \
    X(NOT_A_CODE, "not-a-code", "is not an area code, and names never join")                       \
    X(HALF_POINT, "half-a-coordinate", "stands without its other coordinate")                      \
    X(OUTSIDE, "outside-great-britain", "is a coordinate outside Great Britain")                   \
    X(TOTAL, "total-differs", "is a total that differs from the sum of its parts")                 \
    X(CSV_QUOTE, "", "")                                                                           \
    X(CSV_UNCLOSED, "", "")                                                                        \
    X(CSV_NUL, "", "")                                                                             \
    X(CSV_ENCODING, "", "")                                                                        \
    X(CSV_TOO_LONG, "", "")                                                                        \
    X(CSV_TOO_MANY, "", "")

enum row_fault {
    ROW_FINE,
    ROW_EXCLUDED,
#define ROW_FAULT_ENUM(name, code, sentence) ROW_##name,
    ROW_FAULTS(ROW_FAULT_ENUM)
#undef ROW_FAULT_ENUM
        ROW_FAULT_COUNT,
};

enum row_fault row_fault_of_csv(enum csv_fault fault);
const char *row_fault_code(enum row_fault fault);

/* `row 812, column "Month": "2022-13" is not a month (expected YYYY-MM); the row was quarantined`
 */
void row_fault_sentence(struct buf *out, enum row_fault fault, int64_t line, const char *column,
                        const char *layout, struct text value);

#endif
