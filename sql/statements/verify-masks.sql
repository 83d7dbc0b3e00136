-- verify-masks: every row mask on an extract.
-- :extract INTEGER
-- -> sequence INTEGER, by_extract INTEGER, reason TEXT, bits BLOB
SELECT sequence, by_extract, reason, bits FROM row_mask
WHERE extract_id = :extract
ORDER BY sequence, by_extract, reason;
