-- session-insert: somebody has signed in.
-- :hash BLOB    :account :now :expires INTEGER    :address :means TEXT
INSERT INTO session (hash, account_id, made_at, seen_at, expires_at, address, means)
VALUES (:hash, :account, :now, :now, :expires, :address, :means);
