-- placement-totals: how the rows of all extracts fared in one layer; always one row.
-- :layer INTEGER
-- -> rows INTEGER, unplaced INTEGER, disagrees INTEGER
SELECT (SELECT coalesce(sum(rows), 0) FROM extract
        WHERE id IN (SELECT extract_id FROM placement WHERE layer_id = :layer)) AS rows,
       coalesce(sum(unplaced), 0) AS unplaced, coalesce(sum(disagrees), 0) AS disagrees
FROM placement
WHERE layer_id = :layer;
