-- extract-list: the extracts of a kind in order of import.
-- :kind TEXT or NULL = every kind
-- -> id INTEGER, kind TEXT, source TEXT, profile TEXT, supplier TEXT or NULL, file_name TEXT,
--    sha256 TEXT, imported_at TEXT, refresh TEXT, rows INTEGER, rows_read INTEGER,
--    accepted INTEGER, quarantined INTEGER, excluded INTEGER, duplicates INTEGER,
--    repeated_keys INTEGER, superseded INTEGER, withdrawn INTEGER, chunks INTEGER
SELECT id, kind, source, profile, supplier, file_name, sha256, imported_at, refresh, rows,
       rows_read, accepted, quarantined, excluded, duplicates, repeated_keys, superseded,
       withdrawn, chunks
FROM extract
WHERE :kind IS NULL OR kind = :kind
ORDER BY id;
