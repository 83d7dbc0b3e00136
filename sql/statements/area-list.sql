-- area-list: the areas of a layer in order of code, without their geometry.
-- :layer INTEGER
-- -> position INTEGER, code TEXT, name TEXT, note TEXT, area_m2 REAL, point_e REAL, point_n REAL
SELECT position, code, name, note, area_m2, point_e, point_n
FROM area
WHERE layer_id = :layer
ORDER BY position;
