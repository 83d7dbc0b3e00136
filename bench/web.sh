#!/usr/bin/env bash
# bench/web.sh FOLDER: the web service over an assessed file of the synthetic London under 50 people who ask for a page a
# second each, alone and while three street files of 2.4 million rows each are imported; and a file of 500 MB sent to it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
work=$1
london=$work/web-london
file=$work/web.reeve
quiet() { # an import that sets faulty rows aside ends with 1
    local status=0
    "$@" >>"$work/synth.log" || status=$?
    [ "$status" -eq 0 ] || { [ "$status" -eq 1 ] && [ "$2" = import ]; }
}

[ -f "$london/offences-2021.csv" ] || quiet build/reeve-synth "$london"
for seed in 1 2 3; do # one after the other: long enough for many pages to be asked for meanwhile
    [ -f "$work/web-street-$seed/bench-street.csv" ] ||
        quiet build/reeve-synth "$work/web-street-$seed" --bench-rows 2400000 --seed $seed
done
rm -rf "$file"*
quiet build/reeve new "$file" --synthetic
for layer in borough:2018:boundaries-borough lsoa:2021:boundaries-lsoa ward:2018:boundaries-ward-2018; do
    IFS=: read -r type vintage name <<<"$layer"
    quiet build/reeve areas "$file" "$london/$name.geojson" --type "$type" --vintage "$vintage" --code code --name name
done
quiet build/reeve import "$file" "$london"/population-*.csv --as population --open
quiet build/reeve import "$file" "$london"/offences-*.csv "$london"/persons-*.csv
quiet build/reeve define "$file" adopt havering --author bench
quiet build/reeve assess "$file" --area E09000016 --period 2022-01..2022-12 --compare 2021-01..2021-12
python3 bench/web.py "$file" "$work"/web-street-*/bench-street.csv
rm -rf "$file"*
