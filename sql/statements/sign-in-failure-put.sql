-- sign-in-failure-put: how often signing in has failed of late.
-- :kind TEXT    :mark BLOB    :failures :last_at INTEGER
INSERT INTO sign_in_failure (kind, mark, failures, last_at) VALUES (:kind, :mark, :failures, :last_at)
ON CONFLICT (kind, mark) DO UPDATE SET failures = excluded.failures, last_at = excluded.last_at;
