-- sign-in-failure-delete: the failures of one name or address are forgotten.
-- :kind TEXT    :mark BLOB
DELETE FROM sign_in_failure WHERE kind = :kind AND mark = :mark;
