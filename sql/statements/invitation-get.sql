-- invitation-get: the invitation of a token.
-- :hash BLOB
-- -> account_id INTEGER, code_key BLOB or NULL, made_at INTEGER, expires_at INTEGER
SELECT account_id, code_key, made_at, expires_at FROM invitation WHERE hash = :hash;
