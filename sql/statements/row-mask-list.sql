-- row-mask-list: every mask on an extract that was made by extract :as_of or an earlier one.
-- :extract INTEGER    :as_of INTEGER, 0 = whenever made
-- -> sequence INTEGER, bits BLOB
SELECT sequence, bits FROM row_mask
WHERE extract_id = :extract AND (:as_of = 0 OR by_extract <= :as_of)
ORDER BY sequence, by_extract, reason;
