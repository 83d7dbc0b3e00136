-- account-insert: a new account.
-- :name :display :role TEXT    :organisation TEXT or NULL    :status TEXT    :now INTEGER
INSERT INTO account (name, display, role, organisation, status, made_at, changed_at)
VALUES (:name, :display, :role, :organisation, :status, :now, :now);
