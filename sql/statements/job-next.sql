-- job-next: the job that has waited longest.
-- -> id INTEGER
SELECT min(id) AS id FROM job WHERE state = 'waiting' HAVING min(id) IS NOT NULL;
