/* access/agreement.h — an agreement: on what terms a supplier's data may be used, as data.
 *
 * {"agreement": "met-police-2024", "supplier": "…", "gateway": "…", "purposes": ["…"],
 *  "fields": ["recorded_at", …], "from": "2024-01-01", "expires": "2026-03-31",
 *  "retention_months": 36, "marking": "official-sensitive", "counts_for": ["…"],
 *  "records_for": ["…"], "publish": "counts", "note": "…"}
 *
 * "fields" (canonical columns that may be stored; absent = all), "retention_months", "marking"
 * (absent = official), "counts_for" and "records_for" (partner organisations), "publish" and
 * "note" may be left out. Source of what is recorded: Data Sharing Code of
 * Practice (Information Commissioner, 2021): purposes, organisations, data items, lawful basis,
 * retention. Pure; texts live in the arena. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_ACCESS_AGREEMENT_H
#define REEVE_ACCESS_AGREEMENT_H

#include "base/arena.h"
#include "base/marking.h"
#include "base/status.h"
#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define AGREEMENT_RETENTION_MAX 1200 /* months */

/* What of the data a person may let the public read: counts, rates and what is said of them. */
enum agreement_publish {
    PUBLISH_BY_MARKING, /* not stated: counts, where the marking is public or official */
    PUBLISH_COUNTS,     /* counts, whatever the marking */
    PUBLISH_NOTHING,
};

struct agreement {
    const char *id, *supplier, *gateway;
    const char *const *purposes;
    size_t purpose_count;
    const char *const *fields;      /* canonical columns */
    size_t field_count;             /* 0 = all */
    const char *const *counts_for;  /* organisations that may see counts, or records, although */
    const char *const *records_for; /* the marking alone would not let them */
    size_t counts_for_count, records_for_count;
    const char *first_day, *last_day; /* "2024-01-01", both included */
    int64_t retention_months;         /* 0 = not stated */
    enum marking marking;
    enum agreement_publish publish;
    const char *note; /* NULL = none */
    struct text json; /* as given */
};

/* Whether some kind of extract has this canonical column. */
typedef bool agreement_knows_column(const char *name);

/* Reads strictly; `name` is what messages call the file. `knows`: NULL = any column will do.
 * RV_INVALID with the line: not JSON, an unknown or missing member, a date that does not exist, an
 * end before the beginning, a column that no kind has. RV_LIMIT past LIMIT_JSON_BYTES.
 * Checked: tests/access/test_agreement.c, fuzz/fuzz_agreement.c. */
RV_MUST_CHECK rv_status agreement_read(struct arena *a, const char *name, struct text json,
                                       agreement_knows_column *knows, struct agreement *ret,
                                       struct rv_err *reterr);

/* A date on its own, "2026-03-31", from 1800 to 2199. */
bool agreement_is_day(struct text text);

/* Whether counts of data under these terms (NULL = none declared) and this marking may be let out.
 */
bool agreement_lets_publish(const struct agreement *x, enum marking marking);

/* Whether the column may be stored. */
bool agreement_shares(const struct agreement *x, const char *column);

/* The last day on which data that came on a day ("2024-05-01…") may be kept; false when no
 * retention is stated. */
bool agreement_keeps_until(int64_t retention_months, const char *came, char out[24]);

/* Whether data that came on a day ("2024-05-01…") are past their retention on another. */
bool agreement_is_past(int64_t retention_months, const char *came, const char *day);

#endif
