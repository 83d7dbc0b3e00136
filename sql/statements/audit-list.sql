-- audit-list: the chain from one row on, oldest first.
-- :from INTEGER
-- -> id INTEGER, at INTEGER, actor INTEGER, action TEXT, subject TEXT, outcome TEXT, previous TEXT, hash TEXT
SELECT id, at, actor, action, subject, outcome, previous, hash FROM audit WHERE id >= :from ORDER BY id;
