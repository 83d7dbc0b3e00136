"""Other sources beside the police's: what the report says of them, counted again here from their files.

Ambulance, transport, emergency departments and searches of the small synthetic London, in plain Python; then altered,
taken away, cut short.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import collections
import csv
import io
import math
import pathlib
import re
import shlex
import shutil
import subprocess
import tempfile

from harness import ROOT, SYNTH, Case, bring_areas, main, must, run

HAVERING = "E09000016"
KINDS = ("ambulance", "transport", "emergency-department", "stop-search")
PERIODS = ("--period", "2022-01..2022-12", "--compare", "2021-01..2021-12")


def rows_of(path):
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))


def fisher(table):
    """Two-sided exact p of [[a, b], [c, d]], in whole numbers."""
    (a, b), (c, d) = table
    weights = {x: math.comb(a + b, x) * math.comb(c + d, a + c - x)
               for x in range(max(0, a + c - (c + d)), min(a + b, a + c) + 1)}
    fuzz = 10 ** 7  # ties as R decides them
    return sum(w for w in weights.values() if w * fuzz <= weights[a] * (fuzz + 1)) / sum(weights.values())


def classes():
    """Injury by Home Office class, and of groups whose classes all have one."""
    lines = [x for x in (ROOT / "reference" / "offence-classes.csv").read_text().splitlines() if not x.startswith("#")]
    by_code, by_group = {}, collections.defaultdict(set)
    for r in csv.DictReader(lines):
        code = r[next(iter(r))]
        by_code[code] = r["injury"]
        by_group[r["group"]].add(r["injury"])
    return by_code, {g: next(iter(x)) for g, x in by_group.items() if len(x) == 1}


class Eyes(Case):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="reeve-e2e-")
        cls.addClassCleanup(folder.cleanup)
        root = pathlib.Path(folder.name)
        cls.london, cls.base = root / "london", root / "base.reeve"
        subprocess.run([SYNTH, cls.london, "--small"], check=True, stdout=subprocess.DEVNULL)
        must("new", cls.base, "--synthetic")
        bring_areas(cls.base, cls.london)
        for vintage, name in (("2018", "2018"), ("2022-05", "2022")):
            must("areas", cls.base, cls.london / f"localities-{name}.csv", "--type", "locality", "--vintage", vintage,
                 "--of", f"ward:{vintage}", "--code", "ward_code", "--name", "locality")
        must("import", cls.base, *sorted(cls.london.glob("population-*.csv")), "--as", "population")
        must("import", cls.base, *sorted(cls.london.glob("lookup-*.csv")), "--as", "lookup")
        must("import", cls.base, cls.london / "partners" / "gazetteer.csv", "--as", "gazetteer", most=1)
        must("import", cls.base, *sorted(cls.london.glob("offences-*.csv")), most=1)
        cls.whole = root / "whole.reeve"
        shutil.copy(cls.base, cls.whole)
        cls.fill(cls.whole)
        cls.found = cls.assess(cls.whole, "--out", root / "report")
        cls.report = root / "report"

    @classmethod
    def path(cls, kind):
        return cls.london / "partners" / f"{kind}.csv"

    @classmethod
    def fill(cls, file, **other):
        """Brings in the four sources; `other` replaces one, or leaves it out where it is None."""
        for kind in KINDS:
            path = other.get(kind.replace("-", "_"), cls.path(kind))
            if path:
                must("import", file, path, "--as", kind, most=1)

    @classmethod
    def assess(cls, file, *words):
        must("assess", file, "--area", HAVERING, *PERIODS, *words)
        found = must("findings", file, "--format", "json").json()
        return {f["id"]: f for f in found if f["id"].split(".")[0] in (*KINDS, "sources")}

    def altered(self, kind, change):
        """The findings when the rows of one source are changed by `change`."""
        rows = rows_of(self.path(kind))
        header = list(rows[0])
        out = io.StringIO()
        writer = csv.DictWriter(out, header, lineterminator="\n")
        writer.writeheader()
        writer.writerows(change([dict(r) for r in rows]))
        file = self.dir / "own.reeve"
        shutil.copy(self.base, file)
        self.fill(file, **{kind.replace("-", "_"): self.write(f"{kind}.csv", out.getvalue())})
        return self.assess(file)

    def by_year(self, rows, column, wanted=lambda r: True):
        counts = collections.Counter(r[column][:4] for r in rows if wanted(r))
        return counts["2021"], counts["2022"]

    # ---- each source ----

    def test_ambulance(self):
        rows = rows_of(self.path("ambulance"))
        before, after = self.by_year(rows, "called_at")
        change = self.found["ambulance.all.change"]
        self.assertEqual((change["numerator"], change["denominator"]), (after, before))
        self.assertEqual(self.found["ambulance.all.total"]["value"], after)
        minor = self.found["ambulance.injury.minor"]
        known = [r for r in rows if r["injury"]]
        self.assertEqual((minor["numerator"], minor["denominator"], minor["missing"]),
                         (sum(r["injury"].startswith("minor") for r in known), len(known), len(rows) - len(known)))
        wards = collections.Counter(r["ward_code"] for r in rows).most_common(1)[0]
        names = {f["properties"]["code"]: f["properties"]["name"] for f in self.boundaries("ward-2018")}
        top = self.found["ambulance.all.top-ward"]
        self.assertEqual(top["value"], wards[1])
        self.assertIn(names[wards[0]], top["statement"])
        place = collections.Counter(r["place"] for r in rows if r["place"]).most_common(1)[0]
        self.assertEqual(self.found["ambulance.all.top-place"]["value"], place[1])
        self.assertIn(place[0], self.found["ambulance.all.top-place"]["statement"])

    def boundaries(self, name):
        import json
        return json.loads((self.london / f"boundaries-{name}.geojson").read_text())["features"]

    def test_transport(self):
        rows = [r for r in rows_of(self.path("transport")) if r["borough_code"] == HAVERING]
        for part, of in (("bus", lambda r: r["operator"] == "bus"),
                         ("rail", lambda r: r["operator"] not in ("", "bus"))):
            before, after = self.by_year(rows, "occurred_at", of)
            self.assertEqual(self.found[f"transport.{part}.total"]["value"], after)
            change = self.found[f"transport.{part}.change"]
            self.assertEqual((change["numerator"], change["denominator"]), (after, before))
        stations = collections.Counter(r["station"] for r in rows if r["operator"] not in ("", "bus")).most_common(2)
        top = self.found["transport.rail.top-station"]
        self.assertEqual(top["value"], stations[0][1])
        self.assertIn(stations[0][0], top["statement"])
        routes = collections.Counter(r["route"] for r in rows if r["operator"] == "bus")
        named = [r for r, n in sorted(routes.items(), key=lambda x: (-x[1], x[0])) if n >= 3]
        of = self.found["transport.bus.top-routes"]
        self.assertEqual((of["numerator"], of["denominator"]), (sum(routes[r] for r in named), sum(routes.values())))
        self.assertIn(": " + ", ".join(f"{r} ({routes[r]})" for r in named) + ".", of["statement"])
        # Upminster leads by incidents, but no further than chance can; the line that ends there names no other station.
        self.assertEqual([name for name, _ in stations], ["Upminster", "Romford"])
        self.assertGreater(2 * sum(math.comb(99, x) for x in range(stations[0][1], 100)) / 2 ** 99, 0.05)
        self.assertIn("the sources cannot be said to disagree", self.found["transport.rail.terminus"]["statement"])
        line = collections.Counter(r["station"] for r in rows if r["route"] == "District" and r["station"])
        self.assertEqual(set(line), {"Upminster"})
        self.assertIn(f"All {line['Upminster']} incidents of the line District", self.found["transport.rail.line"]["statement"])
        self.assertIn(f"Without them Upminster has {stations[0][1] - line['Upminster']}.",
                      self.found["transport.rail.line"]["statement"])

    def test_a_line_that_names_two_stations_has_no_terminus(self):
        def move(rows):
            first = next(r for r in rows if r["route"] == "District")
            first["station"] = "Elm Park"
            return rows
        found = self.altered("transport", move)
        self.assertNotIn("transport.rail.line", found)
        self.assertEqual(found["transport.rail.top-station"]["value"], self.found["transport.rail.top-station"]["value"] - 1)
        self.assertEqual(found["sources.violence.agreement"], self.found["sources.violence.agreement"])

    def test_emergency_departments(self):
        rows = rows_of(self.path("emergency-department"))
        after = self.by_year(rows, "arrived_at")[1]
        placed = self.found["emergency-department.all.placed"]
        self.assertEqual(placed["denominator"], after)
        self.assertEqual(placed["upper"], placed["lower"] + placed["missing"])
        wordless = sum(not r["location_text"] for r in rows if r["arrived_at"].startswith("2022"))
        self.assertGreaterEqual(placed["missing"], wordless, "who wrote no place cannot be placed")
        # March 2022 has no attendances at all: no number of the year, and the counts are of the other months.
        self.assertFalse([r for r in rows if r["arrived_at"].startswith("2022-03")])
        self.assertEqual(self.found["emergency-department.placed.total"]["verdict"], "not available")
        self.assertEqual(placed["verdict"], "holds with caution")
        self.assertIn("without March 2022", placed["statement"])

    def test_searches(self):
        words = ("weapon", "firearm", "knife", "blade")
        rows = rows_of(self.path("stop-search"))
        table = must("table", self.whole, "--kind", "stop-search", "--by", "object", "--area", HAVERING,
                     *PERIODS[:2]).rows()
        here = sum(int(r["count"]) for r in table if any(w in r["object"].lower() for w in words))
        self.assertEqual(self.found["stop-search.weapons.total"]["value"], here)
        every = sum(any(w in r["object"].lower() for w in words) and r["searched_at"].startswith("2022") for r in rows)
        self.assertTrue(0 < here <= every)

    # ---- beside each other ----

    def police(self):
        """Violence without and with injury in Havering by month, from the offences' class, else their group."""
        by_code, by_group = classes()
        counts = collections.defaultdict(collections.Counter)
        for path in sorted(self.london.glob("offences-*.csv")):
            for r in rows_of(path):
                injury = by_code.get(r["offence_code"].split("/")[0], by_group.get(r["offence_group"]))
                if r["borough_code"] == HAVERING and injury:
                    counts[injury][r["recorded_at"][:7]] += 1
        return counts

    def calls(self, wanted=lambda r: True):
        """Ambulance calls to assaults by month."""
        return collections.Counter(r["called_at"][:7] for r in rows_of(self.path("ambulance"))
                                   if "sexual" not in r["category"] and wanted(r))

    def check_pair(self, finding, first, second, without=()):
        """Each a count by month; `without`: months that one of them does not cover."""
        compared = [m for m in range(1, 13) if m not in without]
        months = [[[x[f"{year}-{m:02}"] for m in compared] for year in (2021, 2022)] for x in (first, second)]
        (a0, a1), (b0, b1) = first, second = [[sum(year) for year in x] for x in months]
        ratio = (a1 / a0) / (b1 / b0)
        self.assertAlmostEqual(finding["value"], ratio, places=9)
        mean = lambda year: sum(year) / len(year)
        spreads = [max(1, sum((n - mean(year)) ** 2 / mean(year) for year in x for n in year) / (2 * len(compared) - 2))
                   for x in months]
        half = 1.959963984540054 * math.sqrt(spreads[0] * (1 / a1 + 1 / a0) + spreads[1] * (1 / b1 + 1 / b0))
        self.assertAlmostEqual(finding["upper"], ratio * math.exp(half), places=9)
        differs = fisher(((a1, a0), (b1, b0))) < 0.05 and abs(math.log(ratio)) > half
        self.assertEqual("differ by more than chance" in finding["statement"], differs, finding["statement"])
        self.assertEqual("no further apart than chance" in finding["statement"], not differs)
        for n in (*first, *second):
            self.assertIn(f"{n:,}", finding["statement"])

    def test_changes_are_compared_exactly(self):
        police = self.police()
        self.check_pair(self.found["sources.violence.agreement"], police["without"], self.calls())
        self.check_pair(self.found["sources.violence.recording"], police["without"], police["with"])
        table = must("table", self.whole, "--kind", "emergency-department", "--by", "month", "--area", HAVERING,
                     "--period", "2021-01..2022-12").rows()
        self.check_pair(self.found["sources.violence.emergency-agreement"], police["without"],
                        collections.Counter({r["month"]: int(r["count"] or 0) for r in table}), without=(3,))

    def test_every_query_gives_its_number(self):
        """Commands beside totals, run as they stand."""
        for name in ("ambulance.all.total", "transport.bus.total", "stop-search.weapons.total"):
            finding = self.found[name]
            words = shlex.split(finding["query"].replace("FILE", shlex.quote(str(self.whole)), 1))
            self.assertEqual(words[:2], ["reeve", "table"], finding["query"])
            rows = must(*words[1:]).rows()
            counted = [r for r in rows if "object" not in r or re.search("weapon|firearm|knife", r["object"].lower())]
            if "borough" in rows[0]:
                counted = [r for r in rows if r["borough"] == HAVERING]
            self.assertEqual(sum(int(r["count"]) for r in counted), finding["value"], finding["query"])

    def test_nothing_is_added_up_or_blamed(self):
        for finding in self.found.values():
            self.assertFalse(re.search(r"\b(because of|due to|caused|proves|under-record)", finding["statement"]),
                             finding["statement"])
        self.assertNotIn("sources.all.not-held", self.found)
        page = (self.report / "report.html").read_text()
        self.assertIn("Sources beside each other", page)

    # ---- altered, taken away, cut short ----

    def test_altered_records_change_what_used_them(self):
        doubled = self.altered("ambulance", lambda rows: rows + [
            {**r, "incident_id": "X" + r["incident_id"]} for r in rows if r["called_at"].startswith("2022")])
        before, after = self.by_year(rows_of(self.path("ambulance")), "called_at")
        self.assertEqual(doubled["ambulance.all.total"]["value"], 2 * after)
        changed = {name for name, f in doubled.items()
                   if (f["value"], f["statement"]) != (self.found[name]["value"], self.found[name]["statement"])}
        self.assertIn("sources.violence.agreement", changed)
        # Names of places are learned from all records held: more of them may place an attendance in a ward.
        changed.discard("emergency-department.all.top-ward")
        self.assertTrue(all(n.startswith(("ambulance.", "sources.violence.agreement", "sources.places"))
                            for n in changed), changed)
        calls = self.calls()
        calls.update({m: n for m, n in calls.items() if m.startswith("2022")})
        self.check_pair(doubled["sources.violence.agreement"], self.police()["without"], calls)

    def test_a_source_that_is_not_held_is_named_once(self):
        file = self.dir / "own.reeve"
        shutil.copy(self.base, file)
        self.fill(file, ambulance=None, emergency_department=None)
        found = self.assess(file)
        self.assertFalse([n for n in found if n.startswith(("ambulance.", "emergency-department."))])
        told = found["sources.all.not-held"]
        self.assertIn("No records of ambulance calls or emergency departments are held for 2022", told["statement"])
        self.assertEqual(told["verdict"], "not available")
        self.assertNotIn("sources.violence.agreement", found)

    def test_a_month_that_is_missing_leaves_both_years(self):
        rows = [r for r in rows_of(self.path("ambulance"))]
        found = self.altered("ambulance", lambda all: [r for r in all if r["called_at"] < "2022-12"])
        self.assertEqual(found["ambulance.all.change"]["verdict"], "not available")
        self.assertIn("December 2022", found["ambulance.all.change"]["statement"])
        kept = [r for r in rows if r["called_at"][5:7] != "12" and "sexual" not in r["category"]]
        calls = self.by_year(kept, "called_at")
        statement = found["sources.violence.agreement"]["statement"]
        for n in calls:
            self.assertIn(f"{n:,}", statement)
        self.assertIn("January to November 2022", statement)

    def test_one_record_is_quiet(self):
        found = self.altered("ambulance", lambda rows: [rows[0]])
        for name, f in found.items():
            if name.startswith("ambulance."):
                self.assertNotIn("%", f["statement"], name)
        self.assertIn("sources.all.not-held" if "ambulance.all.total" not in found else "ambulance.all.total", found)


if __name__ == "__main__":
    main()
