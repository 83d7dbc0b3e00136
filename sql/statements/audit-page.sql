-- audit-page: rows of the audit that fit a choice, newest first. NULL = any.
-- :before INTEGER or NULL: rows with smaller numbers only    :most INTEGER    :from, :to INTEGER or NULL: seconds, to not included
-- :actor INTEGER or NULL: what the account did, and what was done to it    :action TEXT or NULL
-- -> id INTEGER, at INTEGER, actor INTEGER, action TEXT, subject TEXT, outcome TEXT, previous TEXT, hash TEXT
SELECT id, at, actor, action, subject, outcome, previous, hash FROM audit
WHERE id < coalesce(:before, 9223372036854775807) AND (:from IS NULL OR at >= :from) AND (:to IS NULL OR at < :to)
    AND (:actor IS NULL OR actor = :actor OR subject = 'account ' || :actor) AND (:action IS NULL OR action = :action)
ORDER BY id DESC LIMIT :most;
