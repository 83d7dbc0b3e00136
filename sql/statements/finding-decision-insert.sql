-- finding-decision-insert: adds what was decided about a finding.
-- :finding TEXT, :decision TEXT, :body_hash TEXT, :note TEXT, :account INTEGER, :at INTEGER,
-- :table_hash TEXT or NULL
INSERT INTO finding_decision (finding, decision, body_hash, note, account_id, decided_at, table_hash)
VALUES (:finding, :decision, :body_hash, :note, :account, :at, :table_hash);
