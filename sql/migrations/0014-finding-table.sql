-- 0014-finding-table: the result tables that stand beside findings, and whether a decision let the table out too.

CREATE TABLE finding_table (
    assessment_id INTEGER NOT NULL REFERENCES assessment (id) ON DELETE CASCADE,
    id            TEXT NOT NULL, -- of the result table: the file name of its CSV
    body_hash     TEXT NOT NULL CHECK (length(body_hash) = 64), -- SHA-256 of body
    body          TEXT NOT NULL, -- columns, cells, notes and sources as JSON
    UNIQUE (assessment_id, id)
) STRICT;

ALTER TABLE finding ADD COLUMN table_id TEXT; -- finding_table.id of the same assessment; NULL = none holds its number

-- finding_table.body_hash as it was read by who let the table out with the finding; NULL = the finding alone
ALTER TABLE finding_decision ADD COLUMN table_hash TEXT CHECK (length(table_hash) = 64);
