-- codebook-insert: the codebook of an extract of a survey.
-- :extract INTEGER    :survey :period_from :period_to TEXT    :body TEXT JSON    :sha256 TEXT hex
INSERT INTO codebook (extract_id, survey, period_from, period_to, body, sha256)
VALUES (:extract, :survey, :period_from, :period_to, :body, :sha256);
