-- placement-list: the placed chunks of an extract in one layer, in order.
-- :extract :layer INTEGER
-- -> sequence INTEGER, unplaced INTEGER, disagrees INTEGER, crc INTEGER, bytes BLOB
SELECT sequence, unplaced, disagrees, crc, bytes
FROM placement
WHERE extract_id = :extract AND layer_id = :layer
ORDER BY sequence;
