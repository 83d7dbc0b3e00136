-- placement-match-insert: the classes of one chunk of an extract in one layer, and their sums.
-- :extract :layer :sequence :no_text :exact :close :weak :ambiguous :not_found :vague :home :crc INTEGER
-- :bytes BLOB encoded column
INSERT INTO placement_match (extract_id, layer_id, sequence, no_text, exact, close, weak, ambiguous,
                             not_found, vague, home, crc, bytes)
VALUES (:extract, :layer, :sequence, :no_text, :exact, :close, :weak, :ambiguous, :not_found,
        :vague, :home, :crc, :bytes);
