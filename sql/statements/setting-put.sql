-- setting-put: sets or replaces one setting.
-- :name TEXT    :value TEXT
INSERT INTO setting (name, value) VALUES (:name, :value)
ON CONFLICT (name) DO UPDATE SET value = excluded.value;
