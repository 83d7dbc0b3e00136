-- agreement-list: every row of every agreement, newest first.
-- -> id INTEGER, name TEXT, act TEXT, starts TEXT, last_day TEXT, body TEXT, sha256 TEXT, made_at TEXT,
--    made_by TEXT
SELECT id, name, act, starts, last_day, body, sha256, made_at, made_by
FROM agreement
ORDER BY id DESC;
