-- query-tables: every table and view of the schema.
-- -> name TEXT
SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') ORDER BY name;
