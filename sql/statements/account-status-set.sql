-- account-status-set: whether an account may sign in.
-- :id INTEGER    :status TEXT    :now INTEGER
UPDATE account SET status = :status, changed_at = :now WHERE id = :id;
