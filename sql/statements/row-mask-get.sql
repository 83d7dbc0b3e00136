-- row-mask-get: the mask that one extract put on one chunk for one reason; no row when there is none.
-- :extract :sequence :by INTEGER    :reason TEXT
-- -> bits BLOB
SELECT bits FROM row_mask
WHERE extract_id = :extract AND sequence = :sequence AND by_extract = :by AND reason = :reason;
