-- finding-decision-list: the last decision about each finding.
-- -> finding TEXT, decision TEXT, body_hash TEXT, note TEXT, account_id INTEGER,
--    decided_at INTEGER, table_hash TEXT or NULL
SELECT finding, decision, body_hash, note, account_id, decided_at, table_hash
FROM finding_decision
WHERE id IN (SELECT max(id) FROM finding_decision GROUP BY finding)
ORDER BY finding;
