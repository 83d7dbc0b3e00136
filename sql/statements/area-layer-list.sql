-- area-layer-list: every layer, by type and vintage.
-- -> id INTEGER, type TEXT, vintage TEXT, file_name TEXT, sha256 TEXT, imported_at TEXT, crs TEXT,
--    pipeline TEXT, accuracy_m REAL, areas INTEGER, members INTEGER layer of its members or 0
SELECT id, type, vintage, file_name, sha256, imported_at, crs, pipeline, accuracy_m,
       (SELECT count(*) FROM area WHERE layer_id = area_layer.id) AS areas,
       coalesce((SELECT member_id FROM area_layer_member WHERE layer_id = area_layer.id), 0) AS members
FROM area_layer
ORDER BY type, vintage;
