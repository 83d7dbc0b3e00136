-- rebase-part-insert: the part of an area that goes to one area of the other layer, or to none.
-- :rebase :position :target :parts INTEGER    :area_m2 :persons REAL
INSERT INTO rebase_part (rebase_id, position, target, parts, area_m2, persons)
VALUES (:rebase, :position, :target, :parts, :area_m2, :persons);
