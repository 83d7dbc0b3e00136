-- invitation-clear: every invitation is void.
DELETE FROM invitation;
