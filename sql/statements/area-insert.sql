-- area-insert: one area of a layer.
-- :layer :position INTEGER    :code :name :note TEXT    :area_m2 :point_e :point_n REAL
-- :geometry BLOB WKB in British National Grid metres
INSERT INTO area (layer_id, position, code, name, area_m2, point_e, point_n, geometry, note)
VALUES (:layer, :position, :code, :name, :area_m2, :point_e, :point_n, :geometry, :note);
