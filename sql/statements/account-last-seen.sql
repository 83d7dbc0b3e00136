-- account-last-seen: when each account last signed in, by the audit. A refusal has nobody who acts.
-- -> account INTEGER, at INTEGER
SELECT actor AS account, max(at) AS at FROM audit WHERE action = 'sign-in' AND actor > 0 GROUP BY actor;
