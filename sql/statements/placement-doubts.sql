-- placement-doubts: the layer in which most rows of an extract disagree with their own code.
-- :extract INTEGER
-- -> type TEXT, vintage TEXT, disagrees INTEGER
SELECT l.type, l.vintage, sum(p.disagrees) AS disagrees
FROM placement p
JOIN area_layer l ON l.id = p.layer_id
WHERE p.extract_id = :extract
GROUP BY l.id
ORDER BY disagrees DESC, l.id
LIMIT 1;
