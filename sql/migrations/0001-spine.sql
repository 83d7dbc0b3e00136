-- 0001-spine: extracts as column chunks, areas by type and vintage, assessments and findings.
-- Every table is STRICT. What is marked "derived" can be rebuilt from the rest.

CREATE TABLE setting (
    name  TEXT NOT NULL PRIMARY KEY, -- "partnership.title", "created.version"
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE extract (
    id              INTEGER PRIMARY KEY AUTOINCREMENT, -- order of import; never reused
    kind            TEXT NOT NULL,    -- formats.md section 2: offences, area-counts, …
    source          TEXT NOT NULL,    -- the series that this extract continues
    profile         TEXT NOT NULL,
    profile_version INTEGER NOT NULL,
    supplier        TEXT,
    supplier_kind   TEXT,
    file_name       TEXT NOT NULL,    -- without its folder
    sha256          TEXT NOT NULL UNIQUE CHECK (length(sha256) = 64),
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
    report          TEXT NOT NULL     -- the import report, JSON
) STRICT;
CREATE INDEX extract_by_source ON extract (kind, source);

CREATE TABLE extract_month (
    extract_id INTEGER NOT NULL REFERENCES extract (id) ON DELETE CASCADE,
    month      INTEGER NOT NULL, -- year * 12 + month - 1: a whole month that the extract covers
    PRIMARY KEY (extract_id, month)
) STRICT, WITHOUT ROWID;

CREATE TABLE extract_column (
    extract_id INTEGER NOT NULL REFERENCES extract (id) ON DELETE CASCADE,
    position   INTEGER NOT NULL,
    name       TEXT NOT NULL,
    type       INTEGER NOT NULL CHECK (type BETWEEN 1 AND 6), -- enum column_type
    dictionary BLOB, -- categories only
    dictionary_crc INTEGER NOT NULL, -- CRC-32 of dictionary, 0 without one
    PRIMARY KEY (extract_id, position),
    UNIQUE (extract_id, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE chunk (
    extract_id INTEGER NOT NULL,
    position   INTEGER NOT NULL,
    sequence   INTEGER NOT NULL, -- 0, 1, … within the column
    rows       INTEGER NOT NULL,
    nulls      INTEGER NOT NULL,
    low        INTEGER NOT NULL,
    high       INTEGER NOT NULL,
    crc        INTEGER NOT NULL, -- CRC-32 of bytes
    bytes      BLOB NOT NULL,
    PRIMARY KEY (extract_id, position, sequence),
    FOREIGN KEY (extract_id, position) REFERENCES extract_column (extract_id, position) ON DELETE CASCADE
) STRICT;

CREATE TABLE row_mask (
    extract_id INTEGER NOT NULL REFERENCES extract (id) ON DELETE CASCADE,
    sequence   INTEGER NOT NULL,
    by_extract INTEGER NOT NULL REFERENCES extract (id) ON DELETE CASCADE,
    reason     TEXT NOT NULL CHECK (reason IN ('duplicate', 'superseded', 'withdrawn')),
    bits       BLOB NOT NULL, -- zstd of little-endian 64-bit words; bit set = the row left the current view
    PRIMARY KEY (extract_id, sequence, by_extract, reason)
) STRICT;

CREATE TABLE quarantine (
    extract_id  INTEGER NOT NULL REFERENCES extract (id) ON DELETE CASCADE,
    line        INTEGER NOT NULL, -- physical line on which the record starts
    column_name TEXT NOT NULL,    -- '' when the whole row is at fault
    value       TEXT NOT NULL,    -- the offending cell, cut to 200 characters
    code        TEXT NOT NULL,
    sentence    TEXT NOT NULL
) STRICT;
CREATE INDEX quarantine_by_extract ON quarantine (extract_id, line);

CREATE TABLE area_layer (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    type        TEXT NOT NULL,    -- borough, ward, lsoa, …
    vintage     TEXT NOT NULL,    -- "2018", "2022-05"
    file_name   TEXT NOT NULL,
    sha256      TEXT NOT NULL,
    imported_at TEXT NOT NULL,
    crs         TEXT NOT NULL,    -- as the file declared it
    pipeline    TEXT NOT NULL,    -- PROJ pipeline used, '' when already British National Grid
    accuracy_m  REAL NOT NULL,    -- stated accuracy of the pipeline, 0 when none was needed
    UNIQUE (type, vintage)
) STRICT;

CREATE TABLE area (
    layer_id INTEGER NOT NULL REFERENCES area_layer (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,  -- 0, 1, … in order of code
    code     TEXT NOT NULL,
    name     TEXT NOT NULL,
    area_m2  REAL NOT NULL,
    point_e  REAL NOT NULL,     -- a point inside, British National Grid metres
    point_n  REAL NOT NULL,
    geometry BLOB NOT NULL,     -- WKB, British National Grid metres
    note     TEXT NOT NULL,     -- repairs made to the geometry, '' when none
    PRIMARY KEY (layer_id, position),
    UNIQUE (layer_id, code)
) STRICT, WITHOUT ROWID;

CREATE TABLE area_parent ( -- derived: which borough a ward's or LSOA's inside point lies in
    layer_id        INTEGER NOT NULL,
    position        INTEGER NOT NULL,
    parent_layer_id INTEGER NOT NULL REFERENCES area_layer (id) ON DELETE CASCADE,
    parent_position INTEGER NOT NULL,
    PRIMARY KEY (layer_id, position, parent_layer_id),
    FOREIGN KEY (layer_id, position) REFERENCES area (layer_id, position) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE TABLE placement ( -- derived: the area of each record, one chunk per extract chunk and layer
    extract_id INTEGER NOT NULL REFERENCES extract (id) ON DELETE CASCADE,
    layer_id   INTEGER NOT NULL REFERENCES area_layer (id) ON DELETE CASCADE,
    sequence   INTEGER NOT NULL,
    unplaced   INTEGER NOT NULL, -- rows without an area
    disagrees  INTEGER NOT NULL, -- rows whose own code names another area than their coordinates
    crc        INTEGER NOT NULL,
    bytes      BLOB NOT NULL,    -- chunk of categories: 0 = unplaced, else position + 1
    PRIMARY KEY (extract_id, layer_id, sequence)
) STRICT;

CREATE TABLE assessment (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    area_code     TEXT NOT NULL,
    period_first  INTEGER NOT NULL, -- month indices
    period_last   INTEGER NOT NULL,
    compare_first INTEGER,
    compare_last  INTEGER,
    sources       TEXT NOT NULL     -- JSON: extract ids and SHA-256
) STRICT;

CREATE TABLE finding (
    assessment_id INTEGER NOT NULL REFERENCES assessment (id) ON DELETE CASCADE,
    position      INTEGER NOT NULL, -- order in the report
    id            TEXT NOT NULL,    -- stable from run to run
    body          TEXT NOT NULL,    -- the finding record of formats.md section 6, JSON
    PRIMARY KEY (assessment_id, position),
    UNIQUE (assessment_id, id)
) STRICT, WITHOUT ROWID;
