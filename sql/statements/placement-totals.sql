-- placement-totals: how the rows of all extracts fared in one layer; always one row.
-- :layer INTEGER
-- -> rows INTEGER, unplaced INTEGER, disagrees INTEGER
SELECT (SELECT coalesce(sum(rows), 0) FROM extract
        WHERE id IN (SELECT extract_id FROM placement WHERE layer_id = :layer)),
       coalesce(sum(unplaced), 0), coalesce(sum(disagrees), 0)
FROM placement
WHERE layer_id = :layer;
