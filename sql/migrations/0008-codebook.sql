-- 0008-codebook: what the columns of a survey mean, kept with each of its extracts. Rows are only ever
-- added; of one survey and period the newest codebook decides how all its rows are read.

CREATE TABLE codebook (
    id          INTEGER PRIMARY KEY AUTOINCREMENT, -- order of recording
    extract_id  INTEGER NOT NULL REFERENCES extract (id) ON DELETE CASCADE,
    survey      TEXT NOT NULL, -- its name: the series of its extracts
    period_from TEXT NOT NULL, -- of the respondents, as in their rows: "2023-01-01" or "2023-01"
    period_to   TEXT NOT NULL,
    body        TEXT NOT NULL, -- JSON as given: titles, kinds, codes, labels, populations
    sha256      TEXT NOT NULL CHECK (length(sha256) = 64) -- of body
) STRICT;
CREATE INDEX codebook_by_extract ON codebook (extract_id, id);
