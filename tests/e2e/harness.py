"""What every end-to-end test needs: run the program as a person does, look at what it left.

The program is REEVE, the shared real data SHARED (tests that need them skip, saying so).
SPDX-License-Identifier: GPL-3.0-or-later
"""
import csv
import hashlib
import io
import json
import os
import pathlib
import sqlite3
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
REEVE = os.environ.get("REEVE", str(ROOT / "build" / "reeve"))
SYNTH = str(pathlib.Path(REEVE).parent / "reeve-synth")
SHARED = ROOT.parent / "shared" / "data"

STREET_HEADER = ("Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,"
                 "LSOA name,Crime type,Last outcome category,Context\n")


def street_row(number, month="2021-05", lon=0.18, lat=51.58, kind="Burglary"):
    """One row in the layout of police.uk street files, synthetic."""
    name = hashlib.sha256(str(number).encode()).hexdigest()  # no two alike, and hard to compress
    return (f"{name},{month},Synthetic Police,Synthetic Police,{lon:.6f},{lat:.6f},"
            f"On or near Example Road,,,{kind},Under investigation,\n")


class Result:
    def __init__(self, done):
        self.status = done.returncode
        self.out = done.stdout
        self.err = done.stderr

    def json(self):
        return json.loads(self.out)

    def rows(self):
        return list(csv.DictReader(io.StringIO(self.out)))


def run(*words, **options):
    done = subprocess.run([REEVE, *map(str, words)], capture_output=True, text=True, timeout=300, **options)
    return Result(done)


def must(*words, most=0):
    """The same, where a status over `most` (1: rows were set aside) ends the test."""
    result = run(*words)
    if result.status > most:
        raise AssertionError(f"{words}: {result.err}")
    return result


LAYERS = {"borough": ("borough", "2018"), "lsoa": ("lsoa", "2021"), "ward-2018": ("ward", "2018"),
          "ward-2022": ("ward", "2022-05")}


def bring_areas(file, london, *names):
    """Boundaries of a synthetic London by the names of their files; all of them without any."""
    for name in names or LAYERS:
        kind, vintage = LAYERS[name]
        must("areas", file, london / f"boundaries-{name}.geojson", "--type", kind, "--vintage", vintage, "--code", "code",
             "--name", "name")


def synthetic_borough(folder):
    """The small synthetic London imported whole: the partnership file and the reports of the street files."""
    london, file = folder / "london", folder / "borough.reeve"
    subprocess.run([SYNTH, london, "--small"], check=True, stdout=subprocess.DEVNULL)

    must("new", file, "--synthetic", "--title", "Synthetic <partnership> & friends")
    bring_areas(file, london)
    must("import", file, *sorted(london.glob("population-*.csv")), "--as", "population")
    must("import", file, *sorted(london.glob("lookup-*.csv")), "--as", "lookup")
    must("import", file, *sorted(london.glob("mps-*.csv")))
    return file, must("import", file, london / "street", "--json", most=1).json()


def digest(path):
    """A hash of every row of every table: equal for two states of the file that mean the same."""
    total = hashlib.sha256()
    db = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        names = [r[0] for r in db.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
        for name in names:
            if name in ("sqlite_sequence",):
                continue
            for row in db.execute(f'SELECT * FROM "{name}" ORDER BY 1, 2'):
                total.update(repr((name, row)).encode())
    finally:
        db.close()
    return total.hexdigest()


class Case(unittest.TestCase):
    maxDiff = 4000

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="reeve-e2e-")
        self.addCleanup(folder.cleanup)
        self.dir = pathlib.Path(folder.name)
        self.file = self.dir / "borough.reeve"

    def ok(self, *words, status=0, **options):
        result = run(*words, **options)
        self.assertEqual(result.status, status, f"reeve {' '.join(map(str, words))}\n{result.err}\n{result.out[-2000:]}")
        return result

    def new(self):
        self.ok("new", self.file)
        return self.file

    def write(self, name, text):
        path = self.dir / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    def shared(self, relative):
        path = SHARED / relative
        if not path.exists():
            self.skipTest(f"the shared data file {relative} is not here")
        return path


def main():
    unittest.main(verbosity=2)
