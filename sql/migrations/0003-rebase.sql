-- 0003-rebase: how counts on the areas of one layer are given on those of another.

CREATE TABLE rebase (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    from_layer INTEGER NOT NULL REFERENCES area_layer (id) ON DELETE CASCADE,
    to_layer   INTEGER NOT NULL REFERENCES area_layer (id) ON DELETE CASCADE,
    basis      TEXT NOT NULL CHECK (basis IN ('population', 'area')),
    population TEXT NOT NULL,    -- "residents, Census 2021, of lsoa 2021"; '' by area
    sources    TEXT NOT NULL,    -- JSON: the population's extract ids and SHA-256; [] by area
    sliver_m   REAL NOT NULL,    -- common parts of a smaller mean width were dropped as drawing
    slivers    INTEGER NOT NULL, -- how many were
    slivers_m2 REAL NOT NULL,    -- their area together
    made_at    TEXT NOT NULL,    -- UTC
    UNIQUE (from_layer, to_layer)
) STRICT;

CREATE TABLE rebase_part (
    rebase_id INTEGER NOT NULL REFERENCES rebase (id) ON DELETE CASCADE,
    position  INTEGER NOT NULL,  -- of the area that is given up, in its layer
    target    INTEGER NOT NULL,  -- 0 = in no area of the other layer, else position + 1 in it
    parts     INTEGER NOT NULL CHECK (parts BETWEEN 1 AND 1000000), -- of a million; whole areas add up to it
    area_m2   REAL NOT NULL,
    persons   REAL NOT NULL,     -- 0 by area
    PRIMARY KEY (rebase_id, position, target)
) STRICT, WITHOUT ROWID;
