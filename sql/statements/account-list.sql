-- account-list: accounts with what they sign in with, in order of making; one of them when asked for.
-- :id INTEGER or NULL    :name TEXT or NULL
-- -> id INTEGER, name TEXT, display TEXT, role TEXT, organisation TEXT or NULL, status TEXT, made_at INTEGER,
--    has_password INTEGER, has_codes INTEGER, recovery_codes INTEGER, invited_until INTEGER or NULL
SELECT a.id, a.name, a.display, a.role, a.organisation, a.status, a.made_at,
    s.password IS NOT NULL AS has_password, s.code_key IS NOT NULL AS has_codes,
    (SELECT count(*) FROM recovery_code r WHERE r.account_id = a.id) AS recovery_codes, i.expires_at AS invited_until
FROM account a LEFT JOIN account_secret s ON s.account_id = a.id LEFT JOIN invitation i ON i.account_id = a.id
WHERE (:id IS NULL OR a.id = :id) AND (:name IS NULL OR a.name = :name)
ORDER BY a.id;
