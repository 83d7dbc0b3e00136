-- job-end: how a job ended.
-- :id INTEGER, :state TEXT, :at INTEGER, :status INTEGER or NULL, :message TEXT, :printed TEXT, :said TEXT
UPDATE job SET state = :state, ended_at = :at, exit_status = :status, message = :message, printed = :printed, said = :said
WHERE id = :id AND state IN ('waiting', 'running');
