-- setting-list: the settings whose names begin so, by name.
-- :start TEXT
-- -> name TEXT, value TEXT
SELECT name, value FROM setting
WHERE substr(name, 1, length(:start)) = :start
ORDER BY name;
