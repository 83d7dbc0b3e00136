-- job-get: one job.
-- :id INTEGER
-- -> id INTEGER, kind TEXT, title TEXT, words TEXT, account_id INTEGER, state TEXT, is_to_cancel INTEGER,
--    asked_at INTEGER, started_at INTEGER, ended_at INTEGER, exit_status INTEGER, message TEXT, printed TEXT, said TEXT
SELECT id, kind, title, words, account_id, state, is_to_cancel, asked_at, started_at, ended_at, exit_status,
       message, printed, said
FROM job WHERE id = :id;
