-- chunk-rows: how many rows each chunk of an extract has, whatever its columns.
-- :extract INTEGER
-- -> sequence INTEGER, rows INTEGER
SELECT sequence, rows FROM chunk
WHERE extract_id = :extract
  AND position = (SELECT min(position) FROM extract_column WHERE extract_id = :extract)
ORDER BY sequence;
