#!/usr/bin/env bash
# ./dev demo: a synthetic London, the whole assessment of one borough, and where to find the report.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
reeve=build/reeve
out=${1:-demo}
file=$out/borough.reeve

say() { printf '\n%s\n' "$*"; }

# An import that set faulty rows aside exits with 1: in the demo these are planted.
import() {
    local status=0
    "$reeve" import "$file" "$@" || status=$?
    [ "$status" -le 1 ] || exit "$status"
}

rm -rf "$out"
mkdir -p "$out"
say "1. A synthetic London: invented boundaries, people and crimes"
build/reeve-synth "$out/london"

say "2. A partnership file with its boundaries"
"$reeve" new "$file" --title "Havering (synthetic demonstration)" --synthetic
london=$out/london
"$reeve" areas "$file" "$london/boundaries-borough.geojson" --type borough --vintage 2018 --code code --name name
"$reeve" areas "$file" "$london/boundaries-lsoa.geojson" --type lsoa --vintage 2021 --code code --name name
"$reeve" areas "$file" "$london/boundaries-ward-2018.geojson" --type ward --vintage 2018 --code code --name name
"$reeve" areas "$file" "$london/boundaries-ward-2022.geojson" --type ward --vintage 2022-05 --code code --name name

"$reeve" areas "$file" "$london/localities-2018.csv" --type locality --vintage 2018 --of ward:2018 --code ward_code --name locality
"$reeve" areas "$file" "$london/localities-2022.csv" --type locality --vintage 2022-05 --of ward:2022-05 --code ward_code --name locality

say "3. Extracts: populations, look-ups; offences, persons and later outcomes of 32 boroughs; partners' sources"
for terms in tools/demo-agreements/*.json; do
    "$reeve" agreement "$file" add "$terms" --author "the demonstration"
done
import "$london"/population-*.csv --as population --supplier "Synthetic statistics office" --open
import "$london/workday-population.csv" --as population --supplier "Synthetic statistics office" --open
import "$london"/lookup-*.csv --as lookup --supplier "Synthetic statistics office" --open
import "$london"/offences-*.csv "$london"/persons-*.csv "$london/outcomes.csv" --agreement synthetic-police
import "$london/partners" --agreement synthetic-partners
for survey in shout community-safety; do
    import "$london/surveys/$survey.csv" --as survey --codebook "$london/surveys/$survey-codebook.json" \
        --agreement synthetic-partners
done

say "The agreed definition is put in force"
"$reeve" define "$file" adopt havering --author "the demonstration"

say "4. The assessment"
"$reeve" assess "$file" --area E09000016 --period 2022-01..2022-12 --compare 2021-01..2021-12 --out "$out/report"

say "5. Is the file whole?"
"$reeve" verify "$file"
# The demonstration's people have no one-time codes, and a password of this run.
password=$(od -An -N9 -tx1 /dev/urandom | tr -d ' \n')
for role in administrator analyst coordinator partner; do
    printf '%s\n' "$password" | "$reeve" user "$file" add "$role@demo.example" --role "$role" --no-codes \
        --password-file - >/dev/null
done

say "The report: $out/report/report.html (open it in a browser; tables as CSV beside it)"
say "As a web service: $reeve serve $file, then http://127.0.0.1:8080/
Sign in as administrator@demo.example, analyst@demo.example, coordinator@demo.example or partner@demo.example;
the password of all four in this demonstration is $password
The public pages are empty until the analyst releases a finding: Workbench, Read the findings."
