-- setting-get: the value of one setting, no row when it was never set.
-- :name TEXT
-- -> value TEXT
SELECT value FROM setting WHERE name = :name;
