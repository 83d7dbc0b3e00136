-- quarantine-reasons: why rows of one extract could not be used, most frequent reason first; no
-- value of a cell.
-- :extract INTEGER
-- -> code TEXT, column_name TEXT, rows INTEGER
SELECT code, column_name, count(*) AS rows
FROM quarantine
WHERE extract_id = :extract
GROUP BY code, column_name
ORDER BY rows DESC, code, column_name;
