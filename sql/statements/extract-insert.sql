-- extract-insert: one extract, without its rows.
-- :kind :source :profile TEXT    :profile_version INTEGER    :supplier :supplier_kind TEXT or NULL
-- :file_name :sha256 TEXT    :file_bytes INTEGER    :imported_at TEXT UTC    :refresh TEXT
-- :rows :chunks :rows_read :accepted :quarantined :excluded :duplicates :repeated_keys INTEGER
-- :superseded :withdrawn INTEGER    :report TEXT JSON    :agreement INTEGER or NULL    :is_open INTEGER
-- :part TEXT
INSERT INTO extract (
    kind, source, profile, profile_version, supplier, supplier_kind, file_name, sha256, file_bytes,
    imported_at, refresh, rows, chunks, rows_read, accepted, quarantined, excluded, duplicates,
    repeated_keys, superseded, withdrawn, report, agreement_id, is_open, part)
VALUES (
    :kind, :source, :profile, :profile_version, :supplier, :supplier_kind, :file_name, :sha256,
    :file_bytes, :imported_at, :refresh, :rows, :chunks, :rows_read, :accepted, :quarantined,
    :excluded, :duplicates, :repeated_keys, :superseded, :withdrawn, :report, :agreement,
    :is_open, :part);
