-- session-delete-expired: sessions past their end, or unused for too long.
-- :now INTEGER    :unused_since INTEGER
DELETE FROM session WHERE expires_at <= :now OR seen_at <= :unused_since;
