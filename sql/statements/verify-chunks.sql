-- verify-chunks: the chunks of one column with all that is known of them.
-- :extract :position INTEGER
-- -> sequence INTEGER, rows INTEGER, nulls INTEGER, low INTEGER, high INTEGER, crc INTEGER,
--    bytes BLOB
SELECT sequence, rows, nulls, low, high, crc, bytes FROM chunk
WHERE extract_id = :extract AND position = :position
ORDER BY sequence;
