-- finding-insert: adds a finding to an assessment.
-- :assessment INTEGER, :position INTEGER, :id TEXT, :body TEXT JSON, :table TEXT or NULL
INSERT INTO finding (assessment_id, position, id, body, table_id)
VALUES (:assessment, :position, :id, :body, :table);
