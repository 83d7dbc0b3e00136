-- finding-insert: adds a finding to an assessment.
-- :assessment INTEGER, :position INTEGER, :id TEXT, :body TEXT JSON
INSERT INTO finding (assessment_id, position, id, body)
VALUES (:assessment, :position, :id, :body);
