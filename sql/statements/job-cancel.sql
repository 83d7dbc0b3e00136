-- job-cancel: a running job is to stop.
-- :id INTEGER
UPDATE job SET is_to_cancel = 1 WHERE id = :id AND state = 'running';
