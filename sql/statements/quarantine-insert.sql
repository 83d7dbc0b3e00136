-- quarantine-insert: one row that could not be used.
-- :extract_id :line INTEGER    :column_name :value :code :sentence TEXT
INSERT INTO quarantine (extract_id, line, column_name, value, code, sentence)
VALUES (:extract_id, :line, :column_name, :value, :code, :sentence);
