-- setting-set: writes one setting of the partnership file, replacing what it held.
-- :name TEXT    :value TEXT
INSERT INTO setting (name, value) VALUES (:name, :value)
ON CONFLICT (name) DO UPDATE SET value = excluded.value;
