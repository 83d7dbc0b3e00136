-- session-touch: the session is in use; never back in time.
-- :hash BLOB    :now INTEGER
UPDATE session SET seen_at = :now WHERE hash = :hash AND seen_at < :now;
