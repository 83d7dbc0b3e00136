/* ingest/ingest.h — one partner's file into the partnership file: typed, validated, accounted for.
 *
 * An import is all or nothing. Rows that cannot be used are quarantined and the others load; a
 * file that does not fit its profile loads nothing. The stored bytes are the same on 1 and N
 * threads. Memory is bounded whatever the size of the file: blocks are recycled, chunks go to the
 * spool, hashes of keys and rows go to an unlinked file once they pass a few megabytes.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_INGEST_INGEST_H
#define REEVE_INGEST_INGEST_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/marking.h"
#include "base/pool.h"
#include "base/progress.h"
#include "ingest/profile.h"
#include "place/texts.h"
#include "store/store.h"

#include <stdbool.h>
#include <stdint.h>

struct ingest_options {              /* texts may be NULL unless marked */
    const char *kind;                /* --as KIND */
    const char *profile;             /* --profile: id or path of a JSON file */
    const char *codebook;            /* --codebook: path of a survey's codebook */
    const char *supplier;            /* --supplier */
    const char *supplier_kind;       /* --supplier-kind police|health|… */
    const char *period;              /* --period "2021-01..2021-12": what the extract covers */
    const char *now_utc;             /* required: "2026-11-22T13:00:00Z" */
    const char *quarantine_path;     /* --quarantine FILE: CSV of the quarantined rows */
    const struct profile_pair *sets; /* --set COLUMN=VALUE: what the file does not say */
    size_t set_count;
    const char *agreement; /* --agreement ID: the terms on which the file came */
    bool is_open;          /* --open: open data, which need none */
};

struct ingest_count { /* how many rows, for one reason */
    const char *name; /* code of a quarantine, sentence of an exclusion */
    int64_t rows;
};

struct ingest_value { /* a value that became not-recorded */
    const char *column, *value;
    int64_t rows;
};

struct ingest_personal {             /* a column that looks like personal data: never stored */
    const char *column, *looks_like; /* "Surname", "a name" */
};

/* read = accepted + quarantined + excluded + duplicates, in records of the file. */
struct ingest_report { /* texts live in the arena given */
    const char *file;  /* without its folder */
    char sha256[SHA256_HEX + 1];
    const char *kind, *profile;
    int64_t profile_version;
    int64_t extract; /* its id in the partnership file */
    int64_t read, accepted, quarantined, excluded, duplicates, repeated_keys;
    int64_t rows;                       /* rows stored: more than read for a wide file */
    int64_t superseded, withdrawn;      /* rows of earlier extracts */
    int64_t orphans;                    /* rows about an offence that is not held */
    int64_t unplaced;                   /* of the finest level loaded; -1 = no areas yet */
    bool has_matches;                   /* rows are placed by their words, in that level: */
    struct match_totals matches;        /* how surely */
    const char *matched_type;           /* "lsoa" */
    const struct ingest_count *reasons; /* of quarantine, by code */
    size_t reason_count;
    const struct ingest_count *exclusions; /* by the profile's own reason */
    size_t exclusion_count;
    const char *const *dropped_columns; /* headers not named by the profile */
    size_t dropped_count;
    const struct ingest_personal *personal;
    size_t personal_count;
    const struct ingest_value *not_recorded; /* unknown codes of closed vocabularies */
    size_t not_recorded_count;
    const struct ingest_count *offence_codes; /* that the reference table does not know */
    size_t offence_code_count;
    int64_t disagreements;    /* rows whose code names another area than their coordinates */
    const char *const *notes; /* whole sentences */
    size_t note_count;
    int32_t first_month, last_month; /* period covered; first > last = none */
    const int32_t *gap_months;       /* months inside it without a row */
    size_t gap_count;
    bool
        gaps_are_zero; /* they are covered: the period is declared, or rows are few; else missing */
    const char *pipeline;      /* that longitude and latitude went through; NULL = none did */
    double accuracy_m;         /* of it, as its source states */
    const char *const *beside; /* ids of profiles that read further kinds from the same file */
    size_t beside_count;
    const char *agreement; /* name of its agreement; NULL = none declared */
    bool is_open;          /* open data: none is needed */
    enum marking marking;  /* of results that rest on it */
    bool needs_attention;  /* quarantined rows or no rows at all: exit status 1 */
};

/* Imports one file. RV_INVALID: the header does not fit, or the file is not readable text;
 * RV_REFUSED: the same file (SHA-256) is already held, an ambiguous date column, personal data
 * from a health supplier, a total beside its parts; RV_INTERRUPTED. On any failure nothing is
 * loaded. Cost: one pass over the file and one over each earlier extract of the same source. */
RV_MUST_CHECK rv_status ingest_import(struct store *s, struct arena *a, struct pool *pool,
                                      struct progress *progress, const char *path,
                                      const struct ingest_options *options,
                                      struct ingest_report *ret, struct rv_err *reterr);

/* INGEST_HELD: a member of an archive whose bytes are held already, beside others that are not. */
enum ingest_outcome { INGEST_LOADED, INGEST_NOT_RECOGNISED, INGEST_FAILED, INGEST_HELD };

struct ingest_file {  /* one file of a folder, one kind of a file, one member of an archive */
    const char *path; /* of a member "archive.zip/member", for people */
    bool is_member;
    enum ingest_outcome outcome;
    struct ingest_report report; /* INGEST_LOADED */
    struct rv_err err;           /* otherwise: why */
};

struct ingest_kinds { /* in the arena */
    struct ingest_file *files;
    size_t count;
};

/* ingest_import, and again by each profile that the first one names beside itself, unless the
 * options name a profile or a kind: a file of homicide victims gives offences and persons. Each
 * kind is its own transaction; a failure of the first loads nothing, one of a later kind stands in
 * its result. */
RV_MUST_CHECK rv_status ingest_import_kinds(struct store *s, struct arena *a, struct pool *pool,
                                            struct progress *progress, const char *path,
                                            const struct ingest_options *options,
                                            struct ingest_kinds *ret, struct rv_err *reterr);

/* Whether the file is a zip archive and no workbook. False when it cannot be read: importing it
 * says why. */
bool ingest_is_archive(const char *path);

/* Imports every table of a zip archive, each as an extract of its own, in one transaction: all of
 * them or none. A member that no profile knows or that is held already is named and passed over;
 * hidden ones have one entry together. On a failure nothing is loaded: RV_INVALID for a member that
 * is damaged, locked, packed again or that its profile refuses, for a bomb, and when no member is
 * recognised; RV_REFUSED when all are held; otherwise as ingest_import. `file` of each report is
 * "archive.zip/member", sha256 that of the member. */
RV_MUST_CHECK rv_status ingest_import_archive(struct store *s, struct arena *a, struct pool *pool,
                                              struct progress *progress, const char *path,
                                              const struct ingest_options *options,
                                              struct ingest_kinds *ret, struct rv_err *reterr);

/* Imports every recognised file of a folder in order of name (hidden files are passed over) and
 * names the rest: sub-folders, pipes and links that lead nowhere too. Each file is its own
 * transaction, an archive too; its members stand in the list one by one. Stops only on
 * RV_INTERRUPTED and on failures of the partnership file or of the machine. */
RV_MUST_CHECK rv_status ingest_import_folder(struct store *s, struct arena *a, struct pool *pool,
                                             struct progress *progress, const char *path,
                                             const struct ingest_options *options,
                                             struct ingest_file **ret, size_t *ret_count,
                                             struct rv_err *reterr);

/* The report as the object of formats.md section 7 (key NULL at top or inside an array). */
void ingest_report_json(const struct ingest_report *r, struct json_writer *j, const char *key);

/* What a stored report (store/provenance.h) says beside the counts that the list of extracts has:
 * reasons, exclusions, columns left out, values not recorded, unknown codes, notes, months,
 * orphans, unplaced, disagreements; the rest is zero. RV_DAMAGED when it is no JSON object. */
RV_MUST_CHECK rv_status ingest_report_read(struct arena *a, struct text json,
                                           struct ingest_report *ret, struct rv_err *reterr);

/* The report for a person: a few lines, the counts first, then what needs attention. */
void ingest_report_text(const struct ingest_report *r, struct buf *out);

#endif
