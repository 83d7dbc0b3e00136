-- query-columns: the columns that any extract of a kind has, in the order in which they first came.
-- :kind TEXT
-- -> name TEXT, type INTEGER
SELECT extract_column.name AS name, max(extract_column.type) AS type
FROM extract_column JOIN extract ON extract.id = extract_column.extract_id
WHERE extract.kind = :kind
GROUP BY extract_column.name
ORDER BY min(extract_column.extract_id), min(extract_column.position), extract_column.name;
