// bench/peers/duckdb.js — reads a street file into a DuckDB table with declared types, as Reeve's
// profile declares them. SPDX-License-Identifier: GPL-3.0-or-later
const { DuckDBInstance } = require('@duckdb/node-api');

async function main() {
  const [path, threads] = process.argv.slice(2);
  const instance = await DuckDBInstance.create(':memory:', { threads });
  const connection = await instance.connect();
  await connection.run(`CREATE TABLE street AS SELECT * FROM read_csv('${path}', header = true,
    ignore_errors = true, columns = {'id': 'VARCHAR', 'month': 'VARCHAR', 'reported_by': 'VARCHAR',
    'falls_within': 'VARCHAR', 'longitude': 'DOUBLE', 'latitude': 'DOUBLE', 'location': 'VARCHAR',
    'lsoa_code': 'VARCHAR', 'lsoa_name': 'VARCHAR', 'crime_type': 'VARCHAR', 'outcome': 'VARCHAR',
    'context': 'VARCHAR'})`);
  const reader = await connection.runAndReadAll('SELECT count(*)::INTEGER AS n FROM street');
  console.log(reader.getRowObjects()[0].n);
}

main();
