#!/usr/bin/env bash
# bench/assessment.sh FOLDER [SCALE]: the whole assessment of one borough against London, all profiles, from a stored
# file of 2.0 million offences and 3.2 million people, 32 boroughs, 679 wards, 4,911 LSOAs (SCALE 1.16 of the synthetic
# London), beside scripts of R, Python and DuckDB that make a part of it: the counts by borough, LSOA, month, hour,
# victims and suspects of three profiles. The counts of all of them must be equal. Ratios matter, not seconds.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
work=$1
scale=${2:-1.16}
london=$work/records-$scale
file=$work/assessment.reeve
measure() { GOAL=${goal:-} python3 bench/measure.py "$@"; }
quiet() { # an import that sets faulty rows aside ends with 1
    local status=0
    "$@" >>"$work/synth.log" || status=$?
    [ "$status" -eq 0 ] || { [ "$status" -eq 1 ] && [ "$2" = import ]; }
}

if [ ! -f "$london/records/people.csv" ]; then
    quiet build/reeve-synth "$london" --scale "$scale"
    quiet python3 bench/make_records.py "$london"
fi
rm -f "$file"*
quiet build/reeve new "$file" --synthetic
for layer in borough:2018:boundaries-borough lsoa:2021:boundaries-lsoa ward:2018:boundaries-ward-2018 \
    ward:2022-05:boundaries-ward-2022; do
    IFS=: read -r type vintage name <<<"$layer"
    quiet build/reeve areas "$file" "$london/$name.geojson" --type "$type" --vintage "$vintage" --code code --name name
done
quiet build/reeve import "$file" "$london"/population-*.csv --as population --open
quiet build/reeve import "$file" "$london"/records/offences-*.csv "$london/records/people.csv"
quiet build/reeve define "$file" adopt havering --author bench

for threads in 1 2; do
    goal="1 s cold, 0.5 s warm" measure "reeve assess, all profiles, $threads thread(s)" 0 build/reeve assess "$file" \
        --area E09000016 --period 2022-01..2022-12 --compare 2021-01..2021-12 --threads $threads --out "$work/assessment"
done
python3 bench/assessment_counts.py "$work/assessment" "$london" >"$work/assessment.csv"

compare() { # FILE
    cmp "$1" "$work/assessment.csv" || { diff "$1" "$work/assessment.csv" | head -5; exit 1; }
    echo "    the same $(wc -l <"$1") counts as the tables of the report"
}
goal="reeve at least 20 times as fast"
if command -v npm >/dev/null && (cd bench/peers && npm install --ignore-scripts --no-save --silent >/dev/null 2>&1); then
    rm -f "$work"/assessment.duckdb*
    quiet node bench/peers/duckdb_records.js read "$work/assessment.duckdb" "$london/records" 2
    measure "DuckDB: these counts from its stored file" 0 \
        node bench/peers/duckdb_assess.js "$work/assessment.duckdb" "$work/assessment.duckdb.csv" 2
    compare "$work/assessment.duckdb.csv"
    rm -f "$work"/assessment.duckdb
else
    echo "DuckDB: skipped, the npm package cannot be installed here"
fi
if command -v Rscript >/dev/null && Rscript -e 'library(data.table)' >/dev/null 2>&1; then
    measure "R data.table: reads CSV, these counts" 0 \
        Rscript bench/peers/assess.R "$london/records" 2 "$work/assessment.r.csv"
    compare "$work/assessment.r.csv"
else
    echo "R data.table: skipped, R and its package data.table are not installed"
fi
if /usr/bin/python3 -c 'import pandas' 2>/dev/null; then
    measure "Python pandas: reads CSV, these counts" 0 \
        /usr/bin/python3 bench/peers/assess_pandas.py "$london/records" "$work/assessment.pandas.csv"
    compare "$work/assessment.pandas.csv"
else
    echo "Python pandas: skipped, not installed (Debian: python3-pandas)"
fi
rm -f "$file"*
