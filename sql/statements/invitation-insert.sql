-- invitation-insert: an invitation, as the hash of its token.
-- :hash BLOB    :account INTEGER    :code_key BLOB or NULL    :now :expires INTEGER
INSERT INTO invitation (hash, account_id, code_key, made_at, expires_at)
VALUES (:hash, :account, :code_key, :now, :expires);
