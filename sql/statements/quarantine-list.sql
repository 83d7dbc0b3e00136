-- quarantine-list: the rows of one extract that could not be used, in the order of its file.
-- :extract INTEGER
-- -> line INTEGER, column_name TEXT, value TEXT, code TEXT, sentence TEXT
SELECT line, column_name, value, code, sentence FROM quarantine
WHERE extract_id = :extract
ORDER BY line, rowid;
