#!/usr/bin/env python3
"""make_records.py FOLDER: from a synthetic London, the files of the benchmark of records in FOLDER/records.

People: the generator describes one person in two offences or so, partners send more. Every row is written two
or three times, each with a reference of its own: people nobody has met, for size only. Rows planted with a cell
too many are left out: fread stops reading there. SPDX-License-Identifier: GPL-3.0-or-later
"""
import csv
import pathlib
import sys

folder = pathlib.Path(sys.argv[1])
out = folder / "records"
out.mkdir(exist_ok=True)
for path in sorted(folder.glob("offences-*.csv")):
    with open(path, newline="") as rows, open(out / path.name, "w", newline="") as kept:
        reader, writer = csv.reader(rows), csv.writer(kept, lineterminator="\n")
        header = next(reader)
        writer.writerow(header)
        writer.writerows(row for row in reader if len(row) == len(header))
with open(out / "people.csv", "w", newline="") as kept:
    writer = csv.writer(kept, lineterminator="\n")
    for k, path in enumerate(sorted(folder.glob("persons-*.csv"))):
        with open(path, newline="") as rows:
            reader = csv.reader(rows)
            header = next(reader)
            if k == 0:
                writer.writerow(header)
            for n, row in enumerate(reader):
                for i in range(2 + (n % 7 != 0)):
                    writer.writerow(row[:2] + [f"{row[2]}-{i}"] + row[3:])
