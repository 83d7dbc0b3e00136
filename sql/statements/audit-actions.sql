-- audit-actions: what was ever done, once each.
-- -> action TEXT
SELECT DISTINCT action FROM audit ORDER BY action;
