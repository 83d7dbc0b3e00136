-- sign-in-failure-forget: failures of long ago.
-- :before INTEGER
DELETE FROM sign_in_failure WHERE last_at < :before;
