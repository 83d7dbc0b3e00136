-- rebase-list: every re-basing, with the number of its parts.
-- -> id INTEGER, from_layer INTEGER, to_layer INTEGER, basis TEXT, population TEXT, sources TEXT,
--    sliver_m REAL, slivers INTEGER, slivers_m2 REAL, made_at TEXT, parts INTEGER
SELECT id, from_layer, to_layer, basis, population, sources, sliver_m, slivers, slivers_m2, made_at,
       (SELECT count(*) FROM rebase_part WHERE rebase_id = rebase.id) AS parts
FROM rebase
ORDER BY id;
