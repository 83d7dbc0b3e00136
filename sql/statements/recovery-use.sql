-- recovery-use: a recovery code is used up; no row when there is none such.
-- :hash BLOB    :account INTEGER
-- -> account_id INTEGER
DELETE FROM recovery_code WHERE hash = :hash AND account_id = :account RETURNING account_id;
