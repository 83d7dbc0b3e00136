-- agreement-insert: terms recorded, or an early end.
-- :name :act :starts :last_day TEXT    :retention_months INTEGER or NULL    :marking :body TEXT
-- :sha256 TEXT hex    :made_at TEXT UTC    :made_by TEXT
INSERT INTO agreement (name, act, starts, last_day, retention_months, marking, body, sha256, made_at, made_by)
VALUES (:name, :act, :starts, :last_day, :retention_months, :marking, :body, :sha256, :made_at, :made_by);
