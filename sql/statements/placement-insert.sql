-- placement-insert: the areas of one chunk of an extract in one layer.
-- :extract :layer :sequence :unplaced :disagrees :crc INTEGER    :bytes BLOB encoded column
INSERT INTO placement (extract_id, layer_id, sequence, unplaced, disagrees, crc, bytes)
VALUES (:extract, :layer, :sequence, :unplaced, :disagrees, :crc, :bytes);
