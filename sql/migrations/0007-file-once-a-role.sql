-- 0007-file-once-a-role: a file of people may be held once for each role that its profile gives to
-- every row, because publishers print victims and suspects side by side in one row. The table is
-- made anew because SQLite cannot drop a UNIQUE; ids and their sequence stay, so that no id is ever
-- used again.

CREATE TABLE extract_new (
    id              INTEGER PRIMARY KEY AUTOINCREMENT, -- order of import; never reused
    kind            TEXT NOT NULL,    -- formats.md section 2: offences, area-counts, …
    source          TEXT NOT NULL,    -- the series that this extract continues
    profile         TEXT NOT NULL,
    profile_version INTEGER NOT NULL,
    supplier        TEXT,
    supplier_kind   TEXT,
    file_name       TEXT NOT NULL,    -- without its folder
    sha256          TEXT NOT NULL CHECK (length(sha256) = 64),
    file_bytes      INTEGER NOT NULL,
    imported_at     TEXT NOT NULL,    -- UTC
    refresh         TEXT NOT NULL CHECK (refresh IN ('full', 'period', 'incremental')),
    rows            INTEGER NOT NULL, -- stored, masked ones included
    chunks          INTEGER NOT NULL,
    rows_read       INTEGER NOT NULL,
    accepted        INTEGER NOT NULL,
    quarantined     INTEGER NOT NULL,
    excluded        INTEGER NOT NULL, -- left out by a rule of the profile, with its reason
    duplicates      INTEGER NOT NULL, -- identical rows that were dropped
    repeated_keys   INTEGER NOT NULL, -- same key, other content: both kept
    superseded      INTEGER NOT NULL, -- rows of earlier extracts that this one replaced
    withdrawn       INTEGER NOT NULL, -- rows of earlier extracts that are in this one's period but not in it
    report          TEXT NOT NULL,    -- the import report, JSON
    agreement_id    INTEGER REFERENCES agreement (id), -- row in force at import; NULL = none declared
    is_open         INTEGER NOT NULL DEFAULT 0 CHECK (is_open IN (0, 1)), -- open data: needs none
    part            TEXT NOT NULL DEFAULT '', -- the role of every row of a file of people; '' = all of the file
    UNIQUE (sha256, kind, part)
) STRICT;
INSERT INTO extract_new
SELECT id, kind, source, profile, profile_version, supplier, supplier_kind, file_name, sha256, file_bytes,
       imported_at, refresh, rows, chunks, rows_read, accepted, quarantined, excluded, duplicates,
       repeated_keys, superseded, withdrawn, report, agreement_id, is_open, ''
FROM extract;
DELETE FROM sqlite_sequence WHERE name = 'extract_new';
INSERT INTO sqlite_sequence (name, seq) SELECT 'extract_new', seq FROM sqlite_sequence WHERE name = 'extract';
DROP TABLE extract;
ALTER TABLE extract_new RENAME TO extract;
CREATE INDEX extract_by_source ON extract (kind, source);
