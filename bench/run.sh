#!/usr/bin/env bash
# ./dev bench [folder]: import, placing and assessment measured in one run, with the goals of the
# design and, where they can be installed, the peers beside them. Ratios matter, not seconds.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
work=${1:-$(mktemp -d)}
mkdir -p "$work"
measure() { GOAL=${goal:-} python3 bench/measure.py "$@"; }
megabytes() { echo $(($(stat -c %s "$1") / 1000000)); }

echo "On $(nproc) processors; files in $work"
if [ ! -f "$work/london/boundaries-borough.geojson" ]; then
    build/reeve-synth "$work/london" --small >"$work/synth.log"
fi
for rows in 240000 2400000; do
    [ -f "$work/street-$rows/street.csv" ] || build/reeve-synth "$work/street-$rows" --bench-rows "$rows" >>"$work/synth.log"
done

new_file() { # a partnership file with boundaries, so that the import places its rows too
    rm -f "$work"/bench.reeve*
    build/reeve new "$work/bench.reeve" >>"$work/synth.log"
    [ "${1:-}" = areas ] || return 0
    local layer
    for layer in borough:2018:boundaries-borough ward:2018:boundaries-ward-2018 lsoa:2021:boundaries-lsoa; do
        IFS=: read -r type vintage name <<<"$layer"
        build/reeve areas "$work/bench.reeve" "$work/london/$name.geojson" --type "$type" \
            --vintage "$vintage" --code code --name name >>"$work/synth.log"
    done
}

echo
echo "Import: a street file, typed, validated, compressed, stored; then assessed"
for rows in 240000 2400000; do
    file=$(ls "$work/street-$rows"/*.csv | head -1)
    size=$(megabytes "$file")
    for threads in 1 2; do
        new_file
        goal=$([ $threads = 1 ] && echo "300 MB/s" || echo "600 MB/s, under 200 MB")
        measure "reeve import, $size MB, $threads thread(s)" "$size" \
            build/reeve import "$work/bench.reeve" "$file" --threads $threads
    done
    new_file areas
    goal= measure "reeve import and place in 3 layers, $size MB" "$size" \
        build/reeve import "$work/bench.reeve" "$file"
    for threads in 1 2; do
        goal="1 s cold, 0.5 s warm" measure "reeve assess it: a borough, 2 years, $threads thread(s)" 0 \
            build/reeve assess "$work/bench.reeve" --area E09000016 --period 2022-01..2022-12 \
            --compare 2021-01..2021-12 --threads $threads
    done
done

echo
echo "Peers on the same file (two threads)"
if command -v npm >/dev/null && (cd bench/peers && npm install --ignore-scripts --no-save --silent >/dev/null 2>&1); then
    goal="reeve at least twice as fast" measure "DuckDB read_csv, declared types" "$size" \
        node bench/peers/duckdb.js "$file" 2
else
    echo "DuckDB: skipped, the npm package cannot be installed here"
fi
if command -v Rscript >/dev/null && Rscript -e 'library(data.table)' >/dev/null 2>&1; then
    goal="reeve at least ten times as fast" measure "R data.table fread" "$size" \
        Rscript bench/peers/fread.R "$file" 2
else
    echo "R fread: skipped, R and its package data.table are not installed"
fi

echo
echo "Workbooks"
bash bench/workbooks.sh "$work"

echo
echo "Records of offences and people, and the agreed definition over them"
bash bench/records.sh "$work"

echo
echo "The whole assessment of a borough from a stored file, and scripts that make a part of it"
bash bench/assessment.sh "$work"

echo
echo "The web service"
bash bench/web.sh "$work"
python3 bench/web_proxy.py

echo
echo "Others"
goal="" measure "reeve table by ward, month" 0 build/reeve table "$work/bench.reeve" --by ward,month --period 2022
goal="under 50 ms" measure "start (reeve --version)" 0 build/reeve --version

echo
echo "Statistics of time: n, 10 n, 100 n; then the usual way in R on the same data"
build/bench/bench_stats_time "$work"
if command -v Rscript >/dev/null; then
    Rscript bench/peers/stats_time.R "$work"
else
    echo "R: skipped, it is not installed"
fi
rm -f "$work/stats-time.bin"

echo
echo "Statistics of areas and surveys: 32, 632, 4,835 areas; n, 10 n, 100 n respondents; then R on the same data"
build/bench/bench_stats_areas "$work"
if command -v Rscript >/dev/null; then
    Rscript bench/peers/stats_areas.R "$work"
else
    echo "R: skipped, it is not installed"
fi
rm -f "$work/stats-areas.bin"

echo
echo "Parts"
for program in build/bench/bench_*; do
    [ -x "$program" ] && [ ! -d "$program" ] && case $program in *bench_import | *bench_stats_time | *bench_stats_areas) ;; *) "$program" ;; esac
done
