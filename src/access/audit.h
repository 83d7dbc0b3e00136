/* access/audit.h — what was done, by which account, as a chain in which each row holds the hash of
 * the row before it.
 *
 * The hash of a row is the SHA-256 of this text in UTF-8, every line ended by a line feed:
 *
 *     reeve audit 1 / hash of the row before (64 zeros for the first) / number of the row /
 *     UTC second / account (0 = the command line) / action / subject / outcome
 *
 * one part a line, so that anybody can work it out again. Parts hold no control characters.
 * A row is written in the transaction of what it records: both are there, or neither.
 * The file cannot vouch for itself against somebody who may write to it and works out all hashes
 * anew: for that the hash of the head is kept elsewhere and given to audit_verify.
 * No personal data but the number of an account. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_ACCESS_AUDIT_H
#define REEVE_ACCESS_AUDIT_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/hash.h"
#include "base/progress.h"
#include "store/store.h"

/* Who does something, and when. */
struct act {
    int64_t by;  /* account; 0 = the command line, or nobody who is known */
    int64_t now; /* UTC seconds since 1970 */
};

/* "2026-11-22T13:00:00Z", as the command line has it, as UTC seconds; 0 for anything else. */
int64_t audit_seconds(const char *utc);

struct audit_row {
    int64_t id, at, actor;
    const char *action, *subject, *outcome; /* "sign-in", "account 3", "done" */
    const char *previous, *hash;            /* 64 hexadecimal digits */
};

/* Inside store_begin: one more row. action: 1 to 60 of [a-z.-]; subject: at most 200 bytes, "" =
 * none; outcome: likewise, "done" or "refused". RV_INVALID for other texts; RV_DAMAGED when the
 * file has lost the end of its chain. Cost: one row and one update, about 0.1 ms. */
RV_MUST_CHECK rv_status audit_add(struct store *s, struct act act, const char *action,
                                  const char *subject, const char *outcome, struct rv_err *reterr);

/* The same of "account N". */
RV_MUST_CHECK rv_status audit_account(struct store *s, struct act act, const char *action,
                                      int64_t account, const char *outcome, struct rv_err *reterr);

/* The same in a transaction of its own: for what changes nothing, such as a reading or an export.
 */
RV_MUST_CHECK rv_status audit_note(struct store *s, struct act act, const char *action,
                                   const char *subject, const char *outcome, struct rv_err *reterr);

struct audit_head {
    int64_t count;             /* rows */
    char hash[SHA256_HEX + 1]; /* of the last; 64 zeros when there is none */
};
RV_MUST_CHECK rv_status audit_head(struct store *s, struct audit_head *ret, struct rv_err *reterr);

/* Hands the rows from number `from` on to `each`, oldest first; texts last until it returns. */
typedef rv_status audit_each(void *context, const struct audit_row *row, struct rv_err *reterr);
RV_MUST_CHECK rv_status audit_walk(struct store *s, int64_t from, audit_each *each, void *context,
                                   struct rv_err *reterr);

/* A choice among the rows; zeros and NULL = any. */
struct audit_choice {
    int64_t from, to;   /* UTC seconds, `to` not included */
    int64_t actor;      /* what this account did, and what was done to it */
    const char *action; /* "sign-in" */
    int64_t before;     /* rows with smaller numbers only: how a page goes on after another */
};

/* The newest `most` rows of a choice, newest first, in the arena. Cost: as far as it must look,
 * about 0.1 µs a row. */
RV_MUST_CHECK rv_status audit_page(struct store *s, struct arena *a,
                                   const struct audit_choice *choice, size_t most,
                                   struct audit_row **ret, size_t *ret_count,
                                   struct rv_err *reterr);

/* Every action that the audit holds, in order of the alphabet. */
RV_MUST_CHECK rv_status audit_actions(struct store *s, struct arena *a, const char *const **ret,
                                      size_t *ret_count, struct rv_err *reterr);

/* A row as `reeve audit FILE export` writes it; texts that a spreadsheet would take for a formula
 * are made harmless. */
#define AUDIT_CSV_HEAD "row,at,actor,action,subject,outcome,previous,hash\n"
void audit_csv_row(struct buf *out, const struct audit_row *row);

struct audit_fault {
    int64_t row;      /* where it shows */
    const char *what; /* one sentence */
};

struct audit_result {
    int64_t rows;                     /* looked at */
    struct audit_head head;           /* as the rows give it */
    int64_t anchor_row;               /* whose hash was given; 0 = in no row */
    const struct audit_fault *faults; /* in the arena, at most 1,000 */
    size_t fault_count;
};

/* Works every hash out again. Finds rows that were altered, removed, put in, put in another order
 * or cut off the end. anchor: hash of a head noted earlier, or NULL: then a chain that was made
 * anew as a whole is found too. A broken chain gives faults, not a failure; a file that cannot be
 * read, RV_INVALID for an anchor that is no hash, and RV_INTERRUPTED are failures.
 * Checked: every tampering of tests/access/test_audit.c; hashes beside Python's in
 * tests/e2e/test_audit.py. Cost: about 1 µs a row. */
RV_MUST_CHECK rv_status audit_verify(struct store *s, struct arena *a, const char *anchor,
                                     const struct progress *progress, struct audit_result *ret,
                                     struct rv_err *reterr);

/* The hash that a row ought to have, from its other parts. */
RV_MUST_CHECK rv_status audit_hash(const struct audit_row *row, char out[SHA256_HEX + 1],
                                   struct rv_err *reterr);

#endif
