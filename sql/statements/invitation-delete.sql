-- invitation-delete: the invitation of an account is void.
-- :account INTEGER
DELETE FROM invitation WHERE account_id = :account;
