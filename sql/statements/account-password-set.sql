-- account-password-set: the same password, hashed at today's cost.
-- :id INTEGER    :password TEXT
UPDATE account_secret SET password = :password WHERE account_id = :id;
