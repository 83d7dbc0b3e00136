-- extract-list: the extracts of a kind in order of import, with their terms as they are on a day.
-- :kind TEXT or NULL = every kind    :day TEXT "2026-03-31"
-- :all INTEGER: 0 leaves out those whose agreement is not in force on that day
-- -> id INTEGER, kind TEXT, source TEXT, profile TEXT, supplier TEXT or NULL, file_name TEXT,
--    sha256 TEXT, imported_at TEXT, refresh TEXT, rows INTEGER, rows_read INTEGER,
--    accepted INTEGER, quarantined INTEGER, excluded INTEGER, duplicates INTEGER,
--    repeated_keys INTEGER, superseded INTEGER, withdrawn INTEGER, chunks INTEGER,
--    agreement TEXT or NULL, is_open INTEGER, is_in_use INTEGER, marking TEXT or NULL,
--    last_day TEXT or NULL, retention_months INTEGER or NULL, supplier_kind TEXT or NULL
SELECT e.id, e.kind, e.source, e.profile, e.supplier, e.file_name, e.sha256, e.imported_at,
       e.refresh, e.rows, e.rows_read, e.accepted, e.quarantined, e.excluded, e.duplicates,
       e.repeated_keys, e.superseded, e.withdrawn, e.chunks, declared.name AS agreement,
       e.is_open, e.agreement_id IS NULL OR coalesce(now.last_day >= :day, 0) AS is_in_use,
       coalesce(now.marking, declared.marking) AS marking,
       coalesce(now.last_day, declared.last_day) AS last_day,
       coalesce(now.retention_months, declared.retention_months) AS retention_months,
       e.supplier_kind
FROM extract AS e
LEFT JOIN agreement AS declared ON declared.id = e.agreement_id
LEFT JOIN agreement AS now ON now.id = (
    SELECT max(id) FROM agreement WHERE name = declared.name AND starts <= :day)
WHERE (:kind IS NULL OR e.kind = :kind)
  AND (:all OR e.agreement_id IS NULL OR now.last_day >= :day)
ORDER BY e.id;
