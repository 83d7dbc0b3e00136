-- extract-report-get: the import report of one extract as it was printed.
-- :extract INTEGER
-- -> report TEXT
SELECT report FROM extract WHERE id = :extract;
