-- placement-match-delete: forgets how surely the rows of an extract are placed.
-- :extract INTEGER
DELETE FROM placement_match WHERE extract_id = :extract;
