-- extract-find-sha256: the extract made from a file; no row when the file is not held.
-- :sha256 TEXT
-- -> id INTEGER
SELECT id FROM extract WHERE sha256 = :sha256;
