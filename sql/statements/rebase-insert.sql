-- rebase-insert: a new re-basing; its parts follow with rebase-part-insert.
-- :from_layer :to_layer :slivers INTEGER    :basis :population :sources :made_at TEXT
-- :sliver_m :slivers_m2 REAL
INSERT INTO rebase (from_layer, to_layer, basis, population, sources, sliver_m, slivers, slivers_m2, made_at)
VALUES (:from_layer, :to_layer, :basis, :population, :sources, :sliver_m, :slivers, :slivers_m2, :made_at);
