-- placement-match-list: the chunks of classes of an extract in one layer, in order.
-- :extract :layer INTEGER
-- -> sequence INTEGER, no_text INTEGER, exact INTEGER, close INTEGER, weak INTEGER,
-- ambiguous INTEGER, not_found INTEGER, vague INTEGER, home INTEGER, crc INTEGER, bytes BLOB
SELECT sequence, no_text, exact, close, weak, ambiguous, not_found, vague, home, crc, bytes
FROM placement_match
WHERE extract_id = :extract AND layer_id = :layer
ORDER BY sequence;
