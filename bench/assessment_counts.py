#!/usr/bin/env python3
"""assessment_counts.py REPORT LONDON: the counts in the tables of a report, in the form of the peers' scripts.

One line for each count above 0: profile,borough|lsoa,CODE,n; profile,month,2022-01,group,n;
profile,week,1 (Monday),13 (hour),n; profile,victim|suspect,band,sex,n. Wards are left
out: the records' own codes are of two vintages, and the peers do not place points. SPDX-License-Identifier: GPL-3.0-or-later
"""
import csv
import json
import pathlib
import sys

tables = pathlib.Path(sys.argv[1]) / "tables"
areas = json.loads((pathlib.Path(sys.argv[2]) / "boundaries-borough.geojson").read_text())["features"]
codes = {a["properties"]["name"]: a["properties"]["code"] for a in areas}
DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


def rows(profile, table):
    with open(tables / f"{profile}-{table}.csv", newline="") as file:
        yield from csv.DictReader(file)


def counts(profile):
    for row in rows(profile, "boroughs-all"):
        yield "borough", codes[row["borough"]], row["count"]
    for row in rows(profile, "lsoas-all"):
        yield "lsoa", row["code"], row["count"]
    for row in rows(profile, "monthly-by-category"):
        for group in row.keys() - {"month", "all", "break", "not_available_because"}:
            yield "month", row["month"], group, row[group]
    for row in rows(profile, "week"):
        if row["panel"] == "All times":
            for i, day in enumerate(DAYS):
                yield "week", str(i + 1), row["hour"][:2], row[day]
    for role in ("victim", "suspect"):
        for row in rows(profile, f"{role}s"):
            for sex in ("female", "male"):
                yield role, row["age_band"], sex, row[sex]


lines = []
for name in ("under-25", "domestic-abuse", "sexual-violence"):
    lines += [",".join((name, *count)) + "\n" for count in counts(name) if count[-1] not in ("", "0")]
sys.stdout.write("".join(sorted(lines)))
