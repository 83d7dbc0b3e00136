// bench/peers/duckdb_assess.js — the counts of an assessment (profiles by borough, LSOA, month, hour, victims
// and suspects) from a DuckDB database file: what an analyst would write in SQL. SPDX-License-Identifier: GPL-3.0-or-later
const fs = require('fs');
const { DuckDBInstance } = require('@duckdb/node-api');

// A key of a later file supersedes the earlier row; identical rows count once; property follows the offence it is
// linked to; ages of no person are not known, then the band decides.
const COUNTED = `
CREATE TEMP TABLE held AS SELECT DISTINCT * EXCLUDE (file) FROM (SELECT *, max(file) OVER (PARTITION BY offence_id)
  AS last FROM offences) WHERE file = last;
CREATE TEMP TABLE persons AS SELECT * REPLACE (CASE WHEN age BETWEEN 0 AND 120 THEN age END AS age),
  CASE WHEN age BETWEEN 0 AND 120 THEN age ELSE CASE age_band WHEN '0-9' THEN 0 WHEN '10-17' THEN 10 WHEN '18-24' THEN 18
  WHEN '25-34' THEN 25 WHEN '35-49' THEN 35 WHEN '50-64' THEN 50 WHEN '65+' THEN 65 END END AS least FROM people;
CREATE TEMP TABLE serious AS SELECT offence_id FROM held WHERE offence_group IN ('homicide', 'gbh', 'abh', 'rape',
  'assault-by-penetration', 'sexual-assault', 'personal-robbery', 'threats-to-kill');
CREATE TEMP TABLE young AS SELECT DISTINCT offence_id FROM persons WHERE role IN ('victim', 'suspect', 'accused') AND
  (age < 25 OR (age IS NULL AND (TRY_CAST(regexp_extract(age_band, '^[0-9]+-([0-9]+)$', 1) AS INTEGER) < 25 OR
  TRY_CAST(regexp_extract(age_band, '^under-([0-9]+)$', 1) AS INTEGER) <= 25)));
CREATE TEMP TABLE counted AS
WITH listed AS (SELECT *, offence_id IN (SELECT offence_id FROM serious) OR (offence_group IN ('criminal-damage',
    'arson') AND linked_offence_id IN (SELECT offence_id FROM serious)) AS is_serious
  FROM held WHERE coalesce(offence_group, '') <> 'terrorism' AND NOT coalesce(flags, '').contains('terrorism'))
SELECT p.profile, h.* FROM listed h, (VALUES ('under-25'), ('domestic-abuse'), ('sexual-violence')) p(profile)
WHERE CASE p.profile
  WHEN 'under-25' THEN (is_serious OR offence_group IN ('other-sexual', 'exploitation', 'weapon-possession'))
    AND offence_id IN (SELECT offence_id FROM young)
  WHEN 'domestic-abuse' THEN is_serious AND list_contains(string_split(coalesce(flags, ''), ';'), 'domestic-abuse')
  ELSE offence_group IN ('rape', 'assault-by-penetration', 'sexual-assault', 'other-sexual') END`;
const HERE = `borough_code = 'E09000016'`;
const YEAR = `year(recorded_at) = 2022`;
const COUNTS = {
  borough: `SELECT profile || ',borough,' || borough_code, count(*) FROM counted WHERE ${YEAR}
    AND borough_code IS NOT NULL GROUP BY ALL`,
  lsoa: `SELECT profile || ',lsoa,' || lsoa_code, count(*) FROM counted WHERE ${YEAR} AND ${HERE}
    AND lsoa_code IS NOT NULL GROUP BY ALL`,
  month: `SELECT profile || ',month,' || strftime(recorded_at, '%Y-%m') || ',' || offence_group, count(*) FROM counted
    WHERE ${HERE} AND year(recorded_at) IN (2021, 2022) GROUP BY ALL`,
  week: `SELECT profile || ',week,' || isodow(TRY_CAST(committed_from[:10] AS DATE)) || ',' || committed_from[12:13], count(*) FROM counted
    WHERE ${HERE} AND year(recorded_at) IN (2021, 2022) AND length(committed_from) >= 16 GROUP BY ALL`,
  people: `SELECT profile || ',' || role || ',' || CASE WHEN least < 18 THEN 'under 18' WHEN least < 25 THEN '18 to 24'
      WHEN least < 35 THEN '25 to 34' WHEN least < 50 THEN '35 to 49' WHEN least < 65 THEN '50 to 64'
      WHEN least >= 65 THEN '65 and over' ELSE 'not recorded' END || ',' || sex, count(*)
    FROM counted JOIN persons USING (offence_id) WHERE role IN ('victim', 'suspect') AND sex IN ('female', 'male')
    AND ${HERE} AND ${YEAR} GROUP BY ALL`,
};

async function main() {
  const [database, out, threads] = process.argv.slice(2);
  const instance = await DuckDBInstance.create(database, { threads });
  const connection = await instance.connect();
  for (const statement of COUNTED.split(';\n')) await connection.run(statement);
  const lines = [];
  for (const query of Object.values(COUNTS)) {
    const rows = (await connection.runAndReadAll(query)).getRows();
    for (const [key, n] of rows) lines.push(`${key},${n}\n`);
  }
  fs.writeFileSync(out, lines.sort().join(''));
}

main();
