-- verify-placements: the placed rows of an extract, with the number of areas of their layer.
-- :extract INTEGER
-- -> layer_id INTEGER, sequence INTEGER, crc INTEGER, bytes BLOB, areas INTEGER
SELECT layer_id, sequence, crc, bytes,
       (SELECT count(*) FROM area WHERE area.layer_id = placement.layer_id) AS areas
FROM placement
WHERE extract_id = :extract
ORDER BY layer_id, sequence;
