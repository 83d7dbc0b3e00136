-- 0011-audit: what was done, as a chain: each row holds the hash of the row before it (src/access/audit.h).
-- Rows are only added, one after the other. No row names a person but by the number of an account.

CREATE TABLE audit (
    id       INTEGER PRIMARY KEY, -- 1, 2, 3 … without a gap
    at       INTEGER NOT NULL,    -- UTC seconds since 1970
    actor    INTEGER NOT NULL,    -- account; 0 = the command line, or nobody who is known
    action   TEXT NOT NULL,       -- "account.added", "sign-in"
    subject  TEXT NOT NULL,       -- "account 3", "extract 12"; "" = none
    outcome  TEXT NOT NULL,       -- "done", "refused"
    previous TEXT NOT NULL CHECK (length(previous) = 64), -- hash of the row before; 64 zeros in the first
    hash     TEXT NOT NULL CHECK (length(hash) = 64)
) STRICT;

CREATE TABLE audit_head ( -- the end of the chain, so that rows cut off it are missed
    id    INTEGER PRIMARY KEY CHECK (id = 1),
    count INTEGER NOT NULL,
    hash  TEXT NOT NULL CHECK (length(hash) = 64)
) STRICT;
INSERT INTO audit_head VALUES (1, 0, printf('%064d', 0));

CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit
BEGIN
    SELECT raise(ABORT, 'rows of the audit are never changed');
END;
CREATE TRIGGER audit_is_not_deleted BEFORE DELETE ON audit
BEGIN
    SELECT raise(ABORT, 'rows of the audit are never deleted');
END;
CREATE TRIGGER audit_grows_at_its_end BEFORE INSERT ON audit -- and so REPLACE meets no row
WHEN NEW.id IS NOT (SELECT count + 1 FROM audit_head) OR NEW.previous IS NOT (SELECT hash FROM audit_head)
BEGIN
    SELECT raise(ABORT, 'a row of the audit follows its last row');
END;
CREATE TRIGGER audit_head_moves_by_one BEFORE UPDATE ON audit_head
WHEN NEW.id IS NOT OLD.id OR NEW.count IS NOT OLD.count + 1
    OR NEW.hash IS NOT (SELECT hash FROM audit WHERE id = NEW.count)
BEGIN
    SELECT raise(ABORT, 'the end of the audit is its last row');
END;
CREATE TRIGGER audit_head_is_not_deleted BEFORE DELETE ON audit_head
BEGIN
    SELECT raise(ABORT, 'the audit has an end');
END;
CREATE TRIGGER audit_head_is_one BEFORE INSERT ON audit_head
BEGIN
    SELECT raise(ABORT, 'the audit has one end');
END;
