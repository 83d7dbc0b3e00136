-- session-delete: one session ends.
-- :hash BLOB
-- -> account_id INTEGER
DELETE FROM session WHERE hash = :hash RETURNING account_id;
