-- area-parent-insert: the area of a coarser layer that holds the inside point of this one.
-- :layer :position :parent_layer :parent_position INTEGER
INSERT INTO area_parent (layer_id, position, parent_layer_id, parent_position)
VALUES (:layer, :position, :parent_layer, :parent_position);
