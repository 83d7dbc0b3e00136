-- extract-find-sha256: the extract of a kind made from a file, of the whole of it or of the same part;
-- no row when there is none.
-- :sha256 TEXT, :kind TEXT, :part TEXT, '' = the whole file
-- -> id INTEGER
SELECT id FROM extract
WHERE sha256 = :sha256 AND kind = :kind AND (part = :part OR part = '' OR :part = '')
LIMIT 1;
