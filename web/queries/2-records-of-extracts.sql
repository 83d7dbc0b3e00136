-- Records of each extract, and how many count today
-- offences
SELECT extract, count(*) AS records, sum(current) AS count_today,
       min(recorded_at) AS first, max(recorded_at) AS last
FROM offences
GROUP BY extract
ORDER BY extract
