-- definition-insert: adopts a definition.
-- :name TEXT    :version TEXT    :title TEXT    :body TEXT    :sha256 TEXT
-- :adopted_at TEXT    :adopted_by TEXT
INSERT INTO definition (name, version, title, body, sha256, adopted_at, adopted_by)
VALUES (:name, :version, :title, :body, :sha256, :adopted_at, :adopted_by);
