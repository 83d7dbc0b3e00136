SELECT {columns}
FROM offences
WHERE current = 1 AND extract IN ({extracts}){conditions}
ORDER BY recorded_at, offence_id
