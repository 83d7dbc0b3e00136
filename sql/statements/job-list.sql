-- job-list: jobs, newest first, of an account (NULL = of all), of a kind (NULL = of all), in a state (NULL = in any),
-- before a number (NULL = from the newest), at most so many. What was printed is left out.
-- :account INTEGER or NULL, :kind TEXT or NULL, :state TEXT or NULL, :before INTEGER or NULL, :most INTEGER
-- -> id INTEGER, kind TEXT, title TEXT, words TEXT, account_id INTEGER, state TEXT, is_to_cancel INTEGER,
--    asked_at INTEGER, started_at INTEGER, ended_at INTEGER, exit_status INTEGER, message TEXT, printed TEXT, said TEXT
SELECT id, kind, title, words, account_id, state, is_to_cancel, asked_at, started_at, ended_at, exit_status,
       message, '' AS printed, '' AS said
FROM job
WHERE (:account IS NULL OR account_id = :account) AND (:kind IS NULL OR kind = :kind)
  AND (:state IS NULL OR state = :state) AND (:before IS NULL OR id < :before)
ORDER BY id DESC LIMIT :most;
