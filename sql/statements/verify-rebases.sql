-- verify-rebases: areas whose parts do not add up to the whole, or lie beyond their layer.
-- -> rebase INTEGER, position INTEGER, parts INTEGER
SELECT p.rebase_id AS rebase, p.position, sum(p.parts) AS parts
FROM rebase_part p
JOIN rebase r ON r.id = p.rebase_id
GROUP BY p.rebase_id, p.position
HAVING sum(p.parts) <> 1000000
    OR p.position NOT BETWEEN 0 AND (SELECT count(*) FROM area WHERE layer_id = r.from_layer) - 1
    OR min(p.target) < 0
    OR max(p.target) > (SELECT count(*) FROM area WHERE layer_id = r.to_layer)
ORDER BY rebase, position;
