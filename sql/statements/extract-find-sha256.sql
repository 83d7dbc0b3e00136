-- extract-find-sha256: the extract of a kind made from a file; no row when there is none.
-- :sha256 TEXT, :kind TEXT
-- -> id INTEGER
SELECT id FROM extract WHERE sha256 = :sha256 AND kind = :kind;
