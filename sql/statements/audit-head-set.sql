-- audit-head-set: the end of the chain is one row further.
-- :count INTEGER    :hash TEXT
UPDATE audit_head SET count = :count, hash = :hash;
