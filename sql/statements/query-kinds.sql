-- query-kinds: the kinds of extract held, with their rows.
-- -> kind TEXT, rows INTEGER
SELECT kind, sum(rows) AS rows FROM extract GROUP BY kind ORDER BY kind;
