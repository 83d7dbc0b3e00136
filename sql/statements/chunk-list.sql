-- chunk-list: the encoded chunks of one column in order.
-- :extract :position INTEGER
-- -> sequence INTEGER, rows INTEGER, bytes BLOB
SELECT sequence, rows, bytes FROM chunk
WHERE extract_id = :extract AND position = :position
ORDER BY sequence;
