-- extract-column-insert: one column of an extract, with its dictionary when it is of categories.
-- :extract :position INTEGER    :name TEXT    :type INTEGER enum column_type
-- :dictionary BLOB or NULL    :dictionary_crc INTEGER CRC-32 of it, 0 without one
INSERT INTO extract_column (extract_id, position, name, type, dictionary, dictionary_crc)
VALUES (:extract, :position, :name, :type, :dictionary, :dictionary_crc);
