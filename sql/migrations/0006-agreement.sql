-- 0006-agreement: on what terms data came. Rows of agreement are only ever added: on a day decides the
-- newest row of a name that had started by then, so that a renewal and an early end both take
-- effect on their day.

CREATE TABLE agreement (
    id               INTEGER PRIMARY KEY AUTOINCREMENT, -- order of recording
    name             TEXT NOT NULL,    -- "met-police-2024"
    act              TEXT NOT NULL CHECK (act IN ('added', 'ended')),
    starts           TEXT NOT NULL,    -- first day on which this row decides: "2024-01-01"
    last_day         TEXT NOT NULL,    -- last day of use; of an early end: the day before it
    retention_months INTEGER,          -- to be kept so long from the day of import; NULL = not stated
    marking          TEXT NOT NULL CHECK (marking IN ('public', 'official', 'official-sensitive')),
    body             TEXT NOT NULL,    -- the terms, JSON as given
    sha256           TEXT NOT NULL CHECK (length(sha256) = 64), -- of body
    made_at          TEXT NOT NULL,    -- UTC
    made_by          TEXT NOT NULL     -- as declared with --author, or the account that ran the command
) STRICT;
CREATE INDEX agreement_by_name ON agreement (name, id);

ALTER TABLE extract ADD COLUMN agreement_id INTEGER REFERENCES agreement (id); -- row in force at import; NULL = none declared
ALTER TABLE extract ADD COLUMN is_open INTEGER NOT NULL DEFAULT 0 CHECK (is_open IN (0, 1)); -- open data: needs none
