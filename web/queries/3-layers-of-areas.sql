-- Layers of areas held
-- area_layer
SELECT type, vintage, count(*) AS areas
FROM area_layer JOIN area ON area.layer_id = area_layer.id
GROUP BY type, vintage
ORDER BY type, vintage
