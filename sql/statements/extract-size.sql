-- extract-size: rows and chunks of one extract; no row when there is no such extract.
-- :extract INTEGER
-- -> rows INTEGER, chunks INTEGER
SELECT rows, chunks FROM extract WHERE id = :extract;
