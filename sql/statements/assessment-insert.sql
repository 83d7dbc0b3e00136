-- assessment-insert: adds an assessment; its id is the rowid.
-- :area TEXT, :first INTEGER month index, :last INTEGER, :compare_first INTEGER or NULL,
-- :compare_last INTEGER or NULL, :sources TEXT JSON
INSERT INTO assessment (area_code, period_first, period_last, compare_first, compare_last, sources)
VALUES (:area, :first, :last, :compare_first, :compare_last, :sources);
