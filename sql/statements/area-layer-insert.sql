-- area-layer-insert: a new layer; its areas follow with area-insert.
-- :type :vintage :file_name :sha256 :imported_at :crs :pipeline TEXT    :accuracy_m REAL
INSERT INTO area_layer (type, vintage, file_name, sha256, imported_at, crs, pipeline, accuracy_m)
VALUES (:type, :vintage, :file_name, :sha256, :imported_at, :crs, :pipeline, :accuracy_m);
