-- area-parent-list: the parents that the areas of one layer have in another.
-- :layer :parent_layer INTEGER
-- -> position INTEGER, parent_position INTEGER
SELECT position, parent_position
FROM area_parent
WHERE layer_id = :layer AND parent_layer_id = :parent_layer
ORDER BY position;
