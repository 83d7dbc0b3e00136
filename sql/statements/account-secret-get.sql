-- account-secret-get: what an account of this name is checked with.
-- :name TEXT
-- -> id INTEGER, role TEXT, status TEXT, password TEXT or NULL, code_key BLOB or NULL, code_step INTEGER
SELECT a.id, a.role, a.status, s.password, s.code_key, coalesce(s.code_step, 0) AS code_step
FROM account a LEFT JOIN account_secret s ON s.account_id = a.id
WHERE a.name = :name;
