-- placement-delete: forgets where the rows of an extract lie.
-- :extract INTEGER or NULL = every extract
DELETE FROM placement WHERE :extract IS NULL OR extract_id = :extract;
