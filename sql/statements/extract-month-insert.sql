-- extract-month-insert: one whole month that an extract covers.
-- :extract INTEGER    :month INTEGER month index
INSERT INTO extract_month (extract_id, month) VALUES (:extract, :month);
