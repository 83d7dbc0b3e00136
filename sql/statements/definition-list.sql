-- definition-list: every definition that was adopted, the one in force first.
-- -> id INTEGER, name TEXT, version TEXT, title TEXT, body TEXT, sha256 TEXT, adopted_at TEXT,
--    adopted_by TEXT
SELECT id, name, version, title, body, sha256, adopted_at, adopted_by
FROM definition
ORDER BY id DESC;
