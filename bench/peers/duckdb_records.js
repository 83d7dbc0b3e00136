// bench/peers/duckdb_records.js — offences and people read into a database file with declared types, and the
// under-25 profile counted from it: what an analyst would write in SQL. SPDX-License-Identifier: GPL-3.0-or-later
const fs = require('fs');
const { DuckDBInstance } = require('@duckdb/node-api');

const text = (names) => names.split(' ').map((n) => `'${n}': 'VARCHAR'`).join(', ');
const OFFENCES = `{${text('offence_id')}, 'recorded_at': 'DATE', ${text(
  'committed_from committed_to offence_code offence_group category flags weapon_use linked_offence_id')},
  'easting': 'DOUBLE', 'northing': 'DOUBLE', ${text(
  'location_precision lsoa_code ward_code borough_code venue_type venue_name outcome outcome_date source_note')}}`;
// The quote is declared: left to itself it samples no quoted cell and drops the rows that have one.
const FORM = `delim = ',', quote = '"', escape = '"', ignore_errors = true`;
const PEOPLE = `{${text('offence_id role person_ref')}, 'age': 'SMALLINT', ${text(
  'age_band sex ethnicity ethnicity_observed relationship')}}`;

// A key of a later file supersedes the earlier row; identical rows count once; property follows the offence it is
// linked to; no band of the synthetic people lies below 25 unless its first word says so.
const UNDER_25 = `
WITH held AS (SELECT DISTINCT * EXCLUDE (file) FROM (SELECT *, max(file) OVER (PARTITION BY offence_id) AS last
    FROM offences) WHERE file = last),
young AS (SELECT DISTINCT offence_id FROM (SELECT * REPLACE (CASE WHEN age BETWEEN 0 AND 120 THEN age END AS age)
    FROM people WHERE coalesce(age, 0) >= 0 AND role IN ('victim', 'suspect', 'accused')) WHERE age < 25 OR
    (age IS NULL AND TRY_CAST(regexp_extract(age_band, '^[0-9]+-([0-9]+)$', 1) AS INTEGER) < 25) OR
    (age IS NULL AND TRY_CAST(regexp_extract(age_band, '^under-([0-9]+)$', 1) AS INTEGER) <= 25)),
serious AS (SELECT offence_id FROM held WHERE offence_group IN ('homicide', 'gbh', 'abh', 'rape',
    'assault-by-penetration', 'sexual-assault', 'personal-robbery', 'threats-to-kill'))
SELECT offence_group AS g, count(*)::INTEGER AS n FROM held
WHERE coalesce(offence_group, '') <> 'terrorism' AND NOT coalesce(flags, '').contains('terrorism')
  AND offence_id IN (SELECT offence_id FROM young)
  AND (offence_id IN (SELECT offence_id FROM serious)
    OR offence_group IN ('other-sexual', 'exploitation', 'weapon-possession')
    OR (offence_group IN ('criminal-damage', 'arson') AND linked_offence_id IN (SELECT offence_id FROM serious)))
GROUP BY 1 ORDER BY 1`;

async function main() {
  const [task, database, other, threads] = process.argv.slice(2);
  const instance = await DuckDBInstance.create(database, { threads });
  const connection = await instance.connect();
  if (task === 'read') {
    await connection.run(`CREATE TABLE offences AS SELECT * EXCLUDE (filename), filename AS file FROM
      read_csv('${other}/offences-*.csv', header = true, filename = true, ${FORM}, columns = ${OFFENCES})`);
    await connection.run(`CREATE TABLE people AS SELECT * FROM read_csv('${other}/people.csv', header = true,
      ${FORM}, columns = ${PEOPLE})`);
    await connection.run('CHECKPOINT');
    return;
  }
  const rows = (await connection.runAndReadAll(UNDER_25)).getRowObjects();
  fs.writeFileSync(other, rows.map((r) => `${r.g},${r.n}\n`).sort().join(''));
}

main();
