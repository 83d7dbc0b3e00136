#!/usr/bin/env bash
# bench/records.sh FOLDER [SCALE]: 2 million offences and 3.2 million people (SCALE 1.16 of the synthetic London)
# imported together, the agreed definition run over them, and the peers that can be installed doing what can be
# compared: reading the same files into typed tables, and the same count of the under-25 profile. Ratios matter,
# not seconds. The counts of all of them must be equal.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
work=$1
scale=${2:-1.16}
london=$work/records-$scale
measure() { GOAL=${goal:-} python3 bench/measure.py "$@"; }

if [ ! -f "$london/records/people.csv" ]; then
    build/reeve-synth "$london" --scale "$scale" >>"$work/synth.log"
    python3 bench/make_records.py "$london" >>"$work/synth.log"
fi
offences=("$london"/records/offences-*.csv)
size=$(cat "${offences[@]}" "$london/records/people.csv" | wc -c)
size=$((size / 1000000))
echo "$(cat "${offences[@]}" | wc -l) lines of offences, $(wc -l <"$london/records/people.csv") of people, $size MB"

new_file() {
    rm -f "$work"/records.reeve*
    build/reeve new "$work/records.reeve" --synthetic >>"$work/synth.log"
}
for threads in 1 2; do
    new_file
    goal=$([ $threads = 1 ] && echo "300 MB/s" || echo "600 MB/s, under 200 MB") \
        measure "reeve import, offences and people, $threads thread(s)" "$size" \
        build/reeve import "$work/records.reeve" "${offences[@]}" "$london/records/people.csv" --threads $threads
done
build/reeve define "$work/records.reeve" adopt havering --author bench >>"$work/synth.log"
echo "file: $(($(stat -c %s "$work/records.reeve") / 1000000)) MB of $size MB"
table=(build/reeve table "$work/records.reeve" --profile under-25 --by offence-group)
for threads in 1 2; do
    goal="well under 1 s" measure "reeve define and count: under-25, $threads thread(s)" 0 "${table[@]}" --threads $threads
done
goal="" measure "reeve table, no definition" 0 build/reeve table "$work/records.reeve" --by offence-group
"${table[@]}" | cut -d, -f1,2 | awk -F, 'NR > 1 && $2 > 0' | sort >"$work/under-25.reeve.csv"

compare() { # the counts of a peer, printed to a file, with ours
    if cmp -s "$1" "$work/under-25.reeve.csv"; then
        echo "    the same $(wc -l <"$1") counts, $(awk -F, '{ n += $2 } END { print n }' "$1") offences"
    else
        echo "    NOT the same counts:"
        diff "$1" "$work/under-25.reeve.csv" | head -5
        exit 1
    fi
}
if command -v npm >/dev/null && (cd bench/peers && npm install --ignore-scripts --no-save --silent >/dev/null 2>&1); then
    rm -f "$work"/records.duckdb*
    goal="reeve at least twice as fast" measure "DuckDB: both read into a database file" "$size" \
        node bench/peers/duckdb_records.js read "$work/records.duckdb" "$london/records" 2
    echo "file: $(($(stat -c %s "$work/records.duckdb") / 1000000)) MB"
    goal="" measure "DuckDB: under-25 from that file" 0 \
        node bench/peers/duckdb_records.js count "$work/records.duckdb" "$work/under-25.duckdb.csv" 2
    compare "$work/under-25.duckdb.csv"
    rm -f "$work"/records.duckdb*
else
    echo "DuckDB: skipped, the npm package cannot be installed here"
fi
if command -v Rscript >/dev/null && Rscript -e 'library(data.table)' >/dev/null 2>&1; then
    goal="reeve at least ten times as fast" measure "R data.table: both read into memory" "$size" \
        Rscript bench/peers/records.R read "$london/records" 2
    goal="" measure "R data.table: read, and under-25" "$size" \
        Rscript bench/peers/records.R count "$london/records" 2 "$work/under-25.r.csv"
    compare "$work/under-25.r.csv"
else
    echo "R data.table: skipped, R and its package data.table are not installed"
fi
rm -f "$work"/records.reeve*
