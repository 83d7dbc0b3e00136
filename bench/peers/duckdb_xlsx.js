// bench/peers/duckdb_xlsx.js — reads a workbook into a DuckDB table with its extension "excel", which
// must be fetched; without a path it only tries that. SPDX-License-Identifier: GPL-3.0-or-later
const { DuckDBInstance } = require('@duckdb/node-api');

async function main() {
  const [path, threads] = process.argv.slice(2);
  const instance = await DuckDBInstance.create(':memory:', { threads: threads || '1' });
  const connection = await instance.connect();
  await connection.run('INSTALL excel');
  await connection.run('LOAD excel');
  if (!path) {
    return;
  }
  await connection.run(`CREATE TABLE street AS SELECT * FROM read_xlsx('${path}', header = true)`);
  const reader = await connection.runAndReadAll('SELECT count(*)::INTEGER AS n FROM street');
  console.log(reader.getRowObjects()[0].n);
}

main().catch((error) => {
  console.error(error.message);
  process.exit(1);
});
