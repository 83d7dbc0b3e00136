-- finding-list: the findings of an assessment in report order.
-- :assessment INTEGER
-- -> id TEXT, body TEXT JSON
SELECT id, body
FROM finding
WHERE assessment_id = :assessment
ORDER BY position;
