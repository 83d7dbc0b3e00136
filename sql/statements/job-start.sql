-- job-start: a job that waits is running from now on.
-- :id INTEGER, :at INTEGER
UPDATE job SET state = 'running', started_at = :at WHERE id = :id AND state = 'waiting';
