-- sign-in-failure-get: how often signing in has failed of late, no row for never.
-- :kind TEXT    :mark BLOB
-- -> failures INTEGER, last_at INTEGER
SELECT failures, last_at FROM sign_in_failure WHERE kind = :kind AND mark = :mark;
