-- extract-column-find: one column of an extract by name; no row when the extract has no such column.
-- :extract INTEGER    :name TEXT
-- -> position INTEGER, type INTEGER, dictionary BLOB or NULL, dictionary_crc INTEGER
SELECT position, type, dictionary, dictionary_crc FROM extract_column
WHERE extract_id = :extract AND name = :name;
