-- 0005-definition: agreed definitions, each version as it was adopted. Rows are only ever added: the
-- newest one is in force, the others say what was in force before and who changed it.

CREATE TABLE definition (
    id         INTEGER PRIMARY KEY AUTOINCREMENT, -- order of adoption
    name       TEXT NOT NULL,    -- "havering"
    version    TEXT NOT NULL,    -- "2024-01-31"
    title      TEXT NOT NULL,
    body       TEXT NOT NULL,    -- the definition itself, JSON as adopted
    sha256     TEXT NOT NULL CHECK (length(sha256) = 64), -- of body
    adopted_at TEXT NOT NULL,    -- UTC
    adopted_by TEXT NOT NULL     -- as declared with --author, or the account that ran the command
) STRICT;
