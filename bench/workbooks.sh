#!/usr/bin/env bash
# bench/workbooks.sh FOLDER [ROWS…]: workbooks of 1/10 and of all the rows that a sheet has (100 MB), imported; and
# the peers that can be installed reading the same files. Ratios matter, not seconds.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
work=$1
shift
[ $# -gt 0 ] || set -- 105000 1048575
measure() { GOAL=${goal:-} python3 bench/measure.py "$@"; }
largest=0
for rows in "$@"; do largest=$((rows > largest ? rows : largest)); done
[ -f "$work/book-rows-$largest/street.csv" ] ||
    build/reeve-synth "$work/book-rows-$largest" --bench-rows "$largest" >>"$work/synth.log"
street=$(ls "$work/book-rows-$largest"/*.csv | head -1)

duckdb=unreachable
if command -v npm >/dev/null && (cd bench/peers && npm install --ignore-scripts --no-save --silent >/dev/null 2>&1) &&
    timeout 30 node bench/peers/duckdb_xlsx.js >/dev/null 2>&1; then
    duckdb=ready
fi
python= # that of Debian has the package; another may come first in the path
for candidate in python3 /usr/bin/python3; do
    if "$candidate" -c 'import openpyxl' 2>/dev/null; then
        python=$candidate
        break
    fi
done
for rows in "$@"; do
    book=$work/street-$rows.xlsx
    [ -f "$book" ] || python3 bench/make_workbook.py "$street" "$rows" "$book"
    size=$(($(stat -c %s "$book") / 1000000))
    for threads in 1 2; do
        rm -f "$work"/book.reeve*
        build/reeve new "$work/book.reeve" >>"$work/synth.log"
        goal="under 200 MB" measure "reeve import, .xlsx of $size MB, $threads thread(s)" "$size" \
            build/reeve import "$work/book.reeve" "$book" --threads $threads
    done
    if [ $duckdb = ready ]; then
        goal="" measure "DuckDB read_xlsx, $size MB" "$size" node bench/peers/duckdb_xlsx.js "$book" 2
    else
        echo "DuckDB: skipped, its extension excel cannot be fetched here"
    fi
    if command -v Rscript >/dev/null && Rscript -e 'library(readxl)' >/dev/null 2>&1; then
        goal="" measure "R readxl, $size MB" "$size" Rscript bench/peers/readxl.R "$book"
    else
        echo "R readxl: skipped, R and its package readxl are not installed"
    fi
    if [ "$size" -gt 20 ]; then
        echo "Python openpyxl: skipped, at this size it takes minutes"
    elif [ -n "$python" ]; then
        goal="" measure "Python openpyxl, read only, $size MB" "$size" "$python" bench/peers/openpyxl_read.py "$book"
    else
        echo "Python openpyxl: skipped, it is not installed"
    fi
done
rm -f "$work"/book.reeve*
