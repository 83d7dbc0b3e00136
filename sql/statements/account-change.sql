-- account-change: what an account may do, and for whom.
-- :id INTEGER    :display :role TEXT    :organisation TEXT or NULL    :now INTEGER
UPDATE account SET display = :display, role = :role, organisation = :organisation, changed_at = :now WHERE id = :id;
