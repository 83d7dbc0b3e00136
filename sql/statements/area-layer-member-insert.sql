-- area-layer-member-insert: the layer whose areas make up this one.
-- :layer :member INTEGER
INSERT INTO area_layer_member (layer_id, member_id) VALUES (:layer, :member);
