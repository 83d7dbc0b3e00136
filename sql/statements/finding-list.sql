-- finding-list: the findings of an assessment in report order, each with the table beside it.
-- :assessment INTEGER
-- -> id TEXT, body TEXT JSON, table_id TEXT or NULL, table_hash TEXT or NULL
SELECT f.id, f.body, t.id AS table_id, t.body_hash AS table_hash
FROM finding AS f
LEFT JOIN finding_table AS t ON t.assessment_id = f.assessment_id AND t.id = f.table_id
WHERE f.assessment_id = :assessment
ORDER BY f.position;
