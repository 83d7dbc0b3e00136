-- audit-insert: one more row of the chain.
-- :id :at :actor INTEGER    :action :subject :outcome :previous :hash TEXT
INSERT INTO audit (id, at, actor, action, subject, outcome, previous, hash)
VALUES (:id, :at, :actor, :action, :subject, :outcome, :previous, :hash);
