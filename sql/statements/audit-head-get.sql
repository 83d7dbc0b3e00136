-- audit-head-get: the end of the chain.
-- -> count INTEGER, hash TEXT
SELECT count, hash FROM audit_head;
