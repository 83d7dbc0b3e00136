-- session-delete-account: sessions of an account end (NULL = of all): one of them by its number, or every one.
-- :account :id INTEGER or NULL
-- -> account_id INTEGER
DELETE FROM session WHERE (:account IS NULL OR account_id = :account) AND (:id IS NULL OR id = :id)
RETURNING account_id;
