-- area-layer-list: every layer, by type and vintage.
-- -> id INTEGER, type TEXT, vintage TEXT, file_name TEXT, sha256 TEXT, imported_at TEXT, crs TEXT,
--    pipeline TEXT, accuracy_m REAL, areas INTEGER
SELECT id, type, vintage, file_name, sha256, imported_at, crs, pipeline, accuracy_m,
       (SELECT count(*) FROM area WHERE layer_id = area_layer.id) AS areas
FROM area_layer
ORDER BY type, vintage;
