-- assessment-last: the assessment stored last.
-- -> id INTEGER, area_code TEXT, period_first INTEGER, period_last INTEGER,
--    compare_first INTEGER or NULL, compare_last INTEGER or NULL, sources TEXT JSON
SELECT id, area_code, period_first, period_last, compare_first, compare_last, sources
FROM assessment
ORDER BY id DESC
LIMIT 1;
