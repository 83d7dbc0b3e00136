-- job-old: the oldest job that ended before a moment.
-- :before INTEGER
-- -> id INTEGER
SELECT min(id) AS id FROM job WHERE state NOT IN ('waiting', 'running') AND ended_at < :before HAVING min(id) IS NOT NULL;
