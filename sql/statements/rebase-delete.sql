-- rebase-delete: forgets how counts on one layer are given on another.
-- :from_layer :to_layer INTEGER
DELETE FROM rebase WHERE from_layer = :from_layer AND to_layer = :to_layer;
