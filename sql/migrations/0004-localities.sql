-- 0004-localities: a layer may be made of named sets of another layer's areas (localities of wards).

CREATE TABLE area_layer_member (
    layer_id  INTEGER NOT NULL PRIMARY KEY REFERENCES area_layer (id) ON DELETE CASCADE,
    member_id INTEGER NOT NULL REFERENCES area_layer (id) ON DELETE CASCADE -- whose areas are its members
) STRICT;
