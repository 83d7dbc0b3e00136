-- verify-columns: the columns of an extract with their dictionaries.
-- :extract INTEGER
-- -> position INTEGER, name TEXT, type INTEGER, dictionary BLOB or NULL, dictionary_crc INTEGER
SELECT position, name, type, dictionary, dictionary_crc FROM extract_column
WHERE extract_id = :extract
ORDER BY position;
