-- verify-extracts: every extract with what it says it holds.
-- -> id INTEGER, rows INTEGER, chunks INTEGER
SELECT id, rows, chunks FROM extract ORDER BY id;
