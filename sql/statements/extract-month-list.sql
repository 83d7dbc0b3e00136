-- extract-month-list: the whole months that an extract covers, ascending.
-- :extract INTEGER
-- -> month INTEGER
SELECT month FROM extract_month WHERE extract_id = :extract ORDER BY month;
