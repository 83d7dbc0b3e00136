-- job-insert: adds a job that waits.
-- :kind TEXT, :title TEXT, :words TEXT, :account INTEGER, :at INTEGER
INSERT INTO job (kind, title, words, account_id, state, asked_at)
VALUES (:kind, :title, :words, :account, 'waiting', :at);
