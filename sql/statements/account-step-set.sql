-- account-step-set: a one-time code is used up, and every one before it; no row when it was already.
-- :id INTEGER    :step INTEGER
-- -> account_id INTEGER
UPDATE account_secret SET code_step = :step WHERE account_id = :id AND code_step < :step RETURNING account_id;
