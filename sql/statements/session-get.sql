-- session-get: the session of a token, with its account; one row of an index.
-- :hash BLOB
-- -> id INTEGER, account_id INTEGER, made_at INTEGER, seen_at INTEGER, expires_at INTEGER, means TEXT, name TEXT,
--    display TEXT, role TEXT, organisation TEXT or NULL, status TEXT
SELECT s.id, s.account_id, s.made_at, s.seen_at, s.expires_at, s.means, a.name, a.display, a.role, a.organisation,
    a.status
FROM session s JOIN account a ON a.id = s.account_id
WHERE s.hash = :hash;
