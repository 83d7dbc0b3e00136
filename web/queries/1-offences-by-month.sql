-- Offences by month
-- offences
SELECT substr(recorded_at, 1, 7) AS month, count(*) AS offences
FROM offences
WHERE current = 1
GROUP BY month
ORDER BY month
