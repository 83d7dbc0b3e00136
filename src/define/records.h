/* define/records.h — the offences of a source as facts, with their persons and results joined.
 *
 * Persons, results and linked offences name an offence by its identifier. The join is made anew
 * from the columns (nothing derived is stored that could be out of date): identifiers are hashed to
 * 128 bits, offences stand in one table, and each row of a partner's file is looked up, in
 * parallel. An offence has an ordinal: its place in the order of extracts, chunks and rows; rows
 * out of the current view have one too, and are in no set.
 *
 * Results do not depend on the number of threads. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_DEFINE_RECORDS_H
#define REEVE_DEFINE_RECORDS_H

#include "base/arena.h"
#include "base/pool.h"
#include "base/progress.h"
#include "define/definition.h"
#include "store/extract.h"

#define NO_RECORD UINT32_MAX

/* An extract whose rows each belong to one offence: persons. */
struct joined_extract {
    const struct extract_info *info;
    uint32_t **offence; /* [chunk][row]: ordinal; NO_RECORD = of no offence held, or not current */
};

/* A row of a later extract of outcomes that belongs to a current offence. */
struct later_result {
    uint32_t offence; /* ordinal */
    int32_t day;      /* since 1970-01-01; INT32_MIN = not dated */
    uint32_t order;   /* of import */
    uint8_t outcome;  /* OFFENCE_OUTCOMES[outcome - 1] */
};

struct offence_records {
    uint32_t count;
    const uint8_t *current;             /* [count]: 1 = in the current view */
    const uint32_t *same;               /* [count]: ordinal of the first current offence of its
                                         * identifier, of a current one without identifier its own;
                                         * NO_RECORD = none is current. NULL = all rows are */
    const struct offence_facts *facts;  /* [count] */
    const uint8_t *outcome;             /* [count]: OFFENCE_OUTCOMES[o - 1]; 0 = not recorded */
    const struct later_result *results; /* [result_count], in order of import */
    size_t result_count;
    const uint32_t *const *first; /* [extract][chunk]: ordinal of its first row */
    const struct joined_extract *persons;
    size_t person_extracts;
    int64_t persons_held, orphans; /* current rows of persons; those of no offence held */
    int64_t links, dangling;       /* current offences that name another; whose other is not held */
};

struct records_job {
    struct store *store;
    struct arena *arena;
    struct pool *pool;
    struct progress *progress; /* NULL allowed */
    const struct extract_info *offences;
    size_t offence_extracts;
    const struct extract_info *persons;
    size_t person_extracts;
    const struct extract_info *outcomes;
    size_t outcome_extracts;
};

/* The result lives in the arena. Of offences with the same identifier the first has the persons.
 * Of results the latest date wins, then the order of import; the offence's own result counts with
 * its own date. RV_LIMIT past 2^32 - 2 offences. Cost: O(rows); 28 bytes an offence and 4 a person
 * are kept (32 where some rows are not current), 24 an offence more while joining. Checked:
 * tests/define by brute force. */
RV_MUST_CHECK rv_status records_load(const struct records_job *job, struct offence_records *ret,
                                     struct rv_err *reterr);

/* Membership of every offence: bit p of in[ordinal] = in profile p, of unknown[ordinal] = cannot be
 * told. Rows out of the current view have neither. */
struct membership {
    const uint32_t *in, *unknown;
};
RV_MUST_CHECK rv_status records_classify(const struct offence_records *records,
                                         const struct definition *d, struct arena *a,
                                         struct pool *pool, struct membership *ret,
                                         struct rv_err *reterr);

/* The bits of words of a semicolon list of flags; words that are no flag are passed over. */
flag_set flags_of(struct text list);

#endif
