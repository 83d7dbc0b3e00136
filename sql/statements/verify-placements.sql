-- verify-placements: the placed rows of an extract, with the number of areas of their layer; after
-- them their classes, with the last class there is.
-- :extract INTEGER
-- -> layer_id INTEGER, sequence INTEGER, crc INTEGER, bytes BLOB, areas INTEGER
SELECT layer_id, sequence, crc, bytes,
       (SELECT count(*) FROM area WHERE area.layer_id = placement.layer_id) AS areas
FROM placement
WHERE extract_id = :extract
UNION ALL
SELECT layer_id, sequence, crc, bytes, 7 AS areas
FROM placement_match
WHERE extract_id = :extract
ORDER BY 1, 2;
