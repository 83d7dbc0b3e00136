-- job-delete: a job that is over is forgotten.
-- :id INTEGER
DELETE FROM job WHERE id = :id AND state NOT IN ('waiting', 'running');
