#!/usr/bin/env python3
"""Counts a police.uk street file the plain way: what tests/ingest/test_real.c expects.

count.py FILE: rows, rows without an identifier, identical rows among those with one, rows that
repeat an identifier with other content. SPDX-License-Identifier: GPL-3.0-or-later
"""
import csv
import gzip
import io
import sys

opener = gzip.open if sys.argv[1].endswith(".gz") else open
rows = blank = identical = repeats = 0
contents = {}
with opener(sys.argv[1], "rb") as raw:
    for row in csv.DictReader(io.TextIOWrapper(raw, "utf-8-sig", newline="")):
        rows += 1
        key = row["Crime ID"]
        if not key:
            blank += 1
            continue
        seen = contents.setdefault(key, set())
        content = tuple(row.values())
        if content in seen:
            identical += 1
        elif seen:
            repeats += 1
        seen.add(content)
print(f"rows {rows}, without identifier {blank}, identical {identical}, repeated keys {repeats}")
