-- codebook-list: every codebook, newest first.
-- -> extract_id INTEGER, survey TEXT, period_from TEXT, period_to TEXT, body TEXT, sha256 TEXT
SELECT extract_id, survey, period_from, period_to, body, sha256
FROM codebook
ORDER BY id DESC;
