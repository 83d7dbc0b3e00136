"""What tests need that count the records of a synthetic London again by the text of the agreed definition.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import csv
import json

from harness import ROOT

HAVERING = "E09000016"
DEFINITION = json.loads((ROOT / "packs" / "havering" / "havering.json").read_text())
PROFILES = {p["id"]: p for p in DEFINITION["profiles"]}


def read(path):
    with open(path, newline="") as f:
        return list(csv.DictReader(f))


def groups_of(profile):
    """The offence groups that a profile names, and whether linked property may join it."""
    named = {g for item in profile["offences"] for g in DEFINITION["lists"].get(item, [item])}
    return named, "serious" in profile["offences"]
