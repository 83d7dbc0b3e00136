-- rebase-part-list: the parts of one re-basing, by area and target.
-- :rebase INTEGER
-- -> position INTEGER, target INTEGER, parts INTEGER, area_m2 REAL, persons REAL
SELECT position, target, parts, area_m2, persons
FROM rebase_part
WHERE rebase_id = :rebase
ORDER BY position, target;
