-- 0009-placement-match: how surely a record whose place is free text is placed.

CREATE TABLE placement_match ( -- derived, beside placement: the class of each record of such an extract
    extract_id INTEGER NOT NULL REFERENCES extract (id) ON DELETE CASCADE,
    layer_id   INTEGER NOT NULL REFERENCES area_layer (id) ON DELETE CASCADE,
    sequence   INTEGER NOT NULL,
    no_text    INTEGER NOT NULL, -- rows of each class, as the columns are called
    exact      INTEGER NOT NULL,
    close      INTEGER NOT NULL,
    weak       INTEGER NOT NULL,
    ambiguous  INTEGER NOT NULL,
    not_found  INTEGER NOT NULL,
    vague      INTEGER NOT NULL,
    home       INTEGER NOT NULL,
    crc        INTEGER NOT NULL,
    bytes      BLOB NOT NULL,    -- chunk of categories: enum match_class
    PRIMARY KEY (extract_id, layer_id, sequence)
) STRICT;
