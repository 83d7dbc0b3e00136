-- session-list: sessions of an account (NULL = of all), newest first.
-- :account INTEGER or NULL
-- -> id INTEGER, account_id INTEGER, made_at INTEGER, seen_at INTEGER, expires_at INTEGER, address TEXT, means TEXT
SELECT id, account_id, made_at, seen_at, expires_at, address, means
FROM session WHERE :account IS NULL OR account_id = :account
ORDER BY id DESC;
