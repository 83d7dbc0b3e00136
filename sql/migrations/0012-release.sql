-- 0012-release: which findings a person let the public read, and which were taken back. Rows are only added.

CREATE TABLE finding_decision (
    id         INTEGER PRIMARY KEY AUTOINCREMENT, -- the last of a finding counts
    finding    TEXT NOT NULL,    -- finding.id, stable from run to run
    decision   TEXT NOT NULL CHECK (decision IN ('released', 'withheld')),
    body_hash  TEXT NOT NULL CHECK (length(body_hash) = 64), -- SHA-256 of finding.body as it was read by who decided
    note       TEXT NOT NULL,    -- why, in the words of who decided; "" = none
    account_id INTEGER NOT NULL, -- 0 = the command line
    decided_at INTEGER NOT NULL  -- UTC seconds
) STRICT;
CREATE INDEX finding_decision_by_finding ON finding_decision (finding, id);
