-- extract-column-list: the columns that one extract has, in their order.
-- :extract INTEGER
-- -> name TEXT, type INTEGER
SELECT name, type FROM extract_column WHERE extract_id = :extract ORDER BY position;
