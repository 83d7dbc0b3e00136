-- chunk-insert: the encoded rows of one column in one chunk.
-- :extract :position :sequence INTEGER    :rows :nulls :low :high INTEGER as struct chunk_summary
-- :crc INTEGER CRC-32 of the bytes    :bytes BLOB
INSERT INTO chunk (extract_id, position, sequence, rows, nulls, low, high, crc, bytes)
VALUES (:extract, :position, :sequence, :rows, :nulls, :low, :high, :crc, :bytes);
