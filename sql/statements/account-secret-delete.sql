-- account-secret-delete: password and codes are void.
-- :id INTEGER
DELETE FROM account_secret WHERE account_id = :id;
