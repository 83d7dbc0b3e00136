-- recovery-delete: all recovery codes of an account.
-- :account INTEGER
DELETE FROM recovery_code WHERE account_id = :account;
