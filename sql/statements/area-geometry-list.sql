-- area-geometry-list: the shapes of a layer in order of code.
-- :layer INTEGER
-- -> position INTEGER, geometry BLOB WKB in British National Grid metres
SELECT position, geometry
FROM area
WHERE layer_id = :layer
ORDER BY position;
