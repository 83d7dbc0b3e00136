-- finding-table-get: a table of an assessment.
-- :assessment INTEGER, :id TEXT
-- -> body_hash TEXT, body TEXT JSON
SELECT body_hash, body
FROM finding_table
WHERE assessment_id = :assessment AND id = :id;
