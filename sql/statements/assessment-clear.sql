-- assessment-clear: removes every stored assessment; their findings go with them.
DELETE FROM assessment;
