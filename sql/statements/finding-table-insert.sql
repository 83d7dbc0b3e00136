-- finding-table-insert: adds a table that a finding of the assessment names.
-- :assessment INTEGER, :id TEXT, :body_hash TEXT, :body TEXT JSON
INSERT INTO finding_table (assessment_id, id, body_hash, body)
VALUES (:assessment, :id, :body_hash, :body);
