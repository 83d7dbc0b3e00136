-- 0013-job: long work asked for on a page and done by a command of this program: who asked, its words, how it ended.

CREATE TABLE job (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    kind         TEXT NOT NULL,    -- the command: 'assess', 'import'
    title        TEXT NOT NULL,    -- what it is, for who asked
    words        TEXT NOT NULL,    -- what follows the command and the file, each word with a line feed after it
    account_id   INTEGER NOT NULL, -- who asked; 0 = the command line
    state        TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'failed', 'cancelled', 'interrupted')),
    is_to_cancel INTEGER NOT NULL DEFAULT 0 CHECK (is_to_cancel IN (0, 1)), -- asked to stop while it ran
    asked_at     INTEGER NOT NULL, -- UTC seconds, as below
    started_at   INTEGER,
    ended_at     INTEGER,
    exit_status  INTEGER,          -- of the command; NULL = it was ended by a signal, or never ran
    message      TEXT NOT NULL DEFAULT '', -- one sentence about the end
    printed      TEXT NOT NULL DEFAULT '', -- standard output, from its beginning
    said         TEXT NOT NULL DEFAULT ''  -- standard error, to its end
) STRICT;
CREATE INDEX job_by_state ON job (state, id);
CREATE INDEX job_by_account ON job (account_id, id);
