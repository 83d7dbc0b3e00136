-- 0010-account: who may sign in, and what is kept to tell who it is. Times are UTC seconds since 1970.
-- Of a password, a recovery code, an invitation and a session only what cannot be turned back is kept.

CREATE TABLE account (
    id           INTEGER PRIMARY KEY AUTOINCREMENT, -- what the audit names; never used again
    name         TEXT NOT NULL UNIQUE, -- to sign in with, lower case: "a.analyst@borough.example"
    display      TEXT NOT NULL,        -- how colleagues see the person; "" = as name
    role         TEXT NOT NULL CHECK (role IN ('partner', 'analyst', 'coordinator', 'administrator')),
    organisation TEXT,                 -- the supplier whose extracts are its own; NULL = none
    status       TEXT NOT NULL CHECK (status IN ('invited', 'active', 'disabled')),
    made_at      INTEGER NOT NULL,
    changed_at   INTEGER NOT NULL
) STRICT;

CREATE TABLE account_secret (
    account_id INTEGER PRIMARY KEY REFERENCES account (id) ON DELETE CASCADE,
    password   TEXT,    -- argon2id with its salt and cost; NULL = signs in through a proxy only
    code_key   BLOB,    -- secret of one-time codes, sealed with the key beside the file; NULL = none asked for
    code_step  INTEGER NOT NULL DEFAULT 0 -- the last 30 seconds whose code was used: none before it is taken again
) STRICT;

CREATE TABLE recovery_code ( -- each stands in once for a one-time code
    hash       BLOB NOT NULL PRIMARY KEY CHECK (length(hash) = 32),
    account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX recovery_code_by_account ON recovery_code (account_id);

CREATE TABLE invitation ( -- at most one an account; used once
    hash       BLOB NOT NULL PRIMARY KEY CHECK (length(hash) = 32),
    account_id INTEGER NOT NULL UNIQUE REFERENCES account (id) ON DELETE CASCADE,
    code_key   BLOB,             -- what account_secret.code_key will be, sealed; NULL = no codes
    made_at    INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE session (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    hash       BLOB NOT NULL UNIQUE CHECK (length(hash) = 32), -- of the token that the browser holds
    account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    made_at    INTEGER NOT NULL,
    seen_at    INTEGER NOT NULL, -- to the minute
    expires_at INTEGER NOT NULL, -- whatever is done meanwhile
    address    TEXT NOT NULL,    -- from where; goes with the session
    means      TEXT NOT NULL CHECK (means IN ('code', 'recovery', 'password', 'proxy'))
) STRICT;
CREATE INDEX session_by_account ON session (account_id);

CREATE TABLE sign_in_failure ( -- back-off; names and addresses only as keyed hashes
    kind     TEXT NOT NULL CHECK (kind IN ('name', 'address')),
    mark     BLOB NOT NULL CHECK (length(mark) = 32),
    failures INTEGER NOT NULL,
    last_at  INTEGER NOT NULL,
    PRIMARY KEY (kind, mark)
) STRICT, WITHOUT ROWID;
CREATE INDEX sign_in_failure_by_time ON sign_in_failure (last_at);
