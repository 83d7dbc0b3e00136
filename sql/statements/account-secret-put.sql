-- account-secret-put: a password and a secret of one-time codes, in place of any before. A code used stays used.
-- :id INTEGER    :password TEXT or NULL    :code_key BLOB or NULL    :code_step INTEGER
INSERT INTO account_secret (account_id, password, code_key, code_step) VALUES (:id, :password, :code_key, :code_step)
ON CONFLICT (account_id) DO UPDATE SET password = excluded.password, code_key = excluded.code_key,
    code_step = max(code_step, excluded.code_step);
