-- recovery-insert: one recovery code, as its hash.
-- :hash BLOB    :account INTEGER
INSERT INTO recovery_code (hash, account_id) VALUES (:hash, :account);
