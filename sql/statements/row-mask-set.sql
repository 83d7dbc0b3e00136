-- row-mask-set: rows of one chunk that leave the current view, replacing the mask of the same reason.
-- :extract :sequence :by INTEGER    :reason TEXT    :bits BLOB compressed
INSERT INTO row_mask (extract_id, sequence, by_extract, reason, bits)
VALUES (:extract, :sequence, :by, :reason, :bits)
ON CONFLICT (extract_id, sequence, by_extract, reason) DO UPDATE SET bits = excluded.bits;
