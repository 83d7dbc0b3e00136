"""Rates on populations other than residents: what is asked for is what is divided by, and nothing else.

Offences are counted again from the CSV files of a synthetic London with the text of the definition; rates, exact Poisson
intervals, places and their simultaneous sets are worked out anew in plain Python. Then that population is altered, and only
what used it may change.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import collections
import csv
import json
import math
import pathlib
import shlex
import shutil
import subprocess
import tempfile
import unittest

from harness import SYNTH, Case, bring_areas, main, must, run
from recount import DEFINITION, HAVERING, PROFILES, read

WESTMINSTER = "E09000033"
SERIOUS = set(DEFINITION["lists"]["serious"])
TOLD = ("domestic-abuse", "sexual-violence")  # profiles that need no persons
NAME, SLUG = "synthetic workday population", "synthetic-workday-population"


# ---- statistics, worked out anew ----

def poisson_tail(n, mean):
    """P(X >= n)."""
    if n <= 0:
        return 1.0
    below = [k * math.log(mean) - mean - math.lgamma(k + 1) for k in range(n)]
    return 1 - math.fsum(map(math.exp, below))


def poisson_limit(n, is_lower):
    """Garwood's exact limits of a count at 95%, by halving."""
    if is_lower and n == 0:
        return 0.0
    low, high = 0.0, n + 20 * math.sqrt(n + 1) + 20
    for _ in range(200):
        mean = (low + high) / 2
        is_past = poisson_tail(n, mean) > 0.025 if is_lower else 1 - poisson_tail(n + 1, mean) < 0.025
        low, high = (low, mean) if is_past else (mean, high)
    return (low + high) / 2


def binomial_tail(k, n, p):
    """P(X >= k)."""
    logs = [math.lgamma(n + 1) - math.lgamma(i + 1) - math.lgamma(n - i + 1) + i * math.log(p) + (n - i) * math.log1p(-p)
            for i in range(k, n + 1)]
    return math.fsum(map(math.exp, logs))


def places(counts, persons):
    """Rank by rate, most first, with 95% sets for all at once: Holm over every ordered pair (docs/methods/ranks.md)."""
    codes = sorted(persons)
    rate = {c: counts[c] / persons[c] for c in codes}
    tests = sorted((binomial_tail(counts[a], counts[a] + counts[b], persons[a] / (persons[a] + persons[b])), a, b)
                   for a in codes for b in codes if a != b)
    ahead, behind = collections.Counter(), collections.Counter()
    for i, (p, a, b) in enumerate(tests):
        if p > 0.05 / (len(tests) - i):
            break
        ahead[b] += 1  # a is ahead of b
        behind[a] += 1
    return {c: (1 + sum(rate[d] > rate[c] for d in codes), 1 + ahead[c], len(codes) - behind[c]) for c in codes}


# ---- a London ----

class London:
    """The offences of 2022 by profile and borough, and the people of each borough."""

    def __init__(self, folder):
        whole = [o for o in read(folder / "offences-2022.csv") if None not in o and None not in o.values()]
        rows = {tuple(o.items()): o for o in whole}.values()  # a row twice is one
        group = {o["offence_id"]: o["offence_group"] for o in rows}
        self.counts = {p: collections.Counter() for p in TOLD}
        for o in rows:
            for p in TOLD:
                self.counts[p][o["borough_code"]] += self.is_in(o, PROFILES[p], group)
        self.residents = collections.Counter()
        for row in read(folder / "population-borough.csv"):
            self.residents[row["area_code"]] += int(row["persons"])
        self.workday = {r["area_code"]: int(r["persons"]) for r in read(folder / "workday-population.csv")}

    @staticmethod
    def is_in(o, profile, group):
        flags = o["flags"].split(";")
        named = {g for item in profile["offences"] for g in DEFINITION["lists"].get(item, [item])}
        linked = ("serious" in profile["offences"] and o["offence_group"] in DEFINITION["linked"]["groups"]
                  and group.get(o["linked_offence_id"]) in SERIOUS)
        return ("terrorism" not in flags and o["recorded_at"].startswith("2022")
                and set(profile.get("flags_all", [])) <= set(flags) and (o["offence_group"] in named or linked))


def of_population(findings):
    return {i: f for i, f in findings.items() if ".rate-on." in i}


class Denominator(unittest.TestCase):
    maxDiff = 4000

    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory(prefix="reeve-e2e-")
        cls.addClassCleanup(cls.temporary.cleanup)
        cls.dir = pathlib.Path(cls.temporary.name)
        cls.london_dir, cls.bare = cls.dir / "london", cls.dir / "bare.reeve"
        subprocess.run([SYNTH, cls.london_dir, "--small"], check=True, stdout=subprocess.DEVNULL)
        cls.london = London(cls.london_dir)
        must("new", cls.bare, "--synthetic")
        bring_areas(cls.bare, cls.london_dir, "borough", "ward-2022")
        must("import", cls.bare, cls.london_dir / "population-borough.csv", "--as", "population")
        must("import", cls.bare, cls.london_dir / "offences-2022.csv", most=1)
        must("define", cls.bare, "adopt", "havering", "--author", "a test")
        cls.plain = cls.assess("plain", None)
        cls.found = cls.assess("found", cls.london_dir / "workday-population.csv")

    @classmethod
    def assess(cls, name, population, *words):
        file = cls.dir / f"{name}.reeve"
        shutil.copy(cls.bare, file)
        if population:
            must("import", file, population, "--as", "population", most=1)
        must("assess", file, "--area", HAVERING, "--period", "2022", "--out", cls.dir / name, *words)
        findings = json.loads((cls.dir / name / "findings.json").read_text())
        return {f["id"]: f for f in findings}

    @classmethod
    def altered(cls, name, change):
        rows = [row for row in map(change, read(cls.london_dir / "workday-population.csv")) if row]
        path = cls.dir / f"{name}.csv"
        with open(path, "w", newline="") as f:
            out = csv.DictWriter(f, rows[0])
            out.writeheader()
            out.writerows(rows)
        return path

    def rows_of(self, name, query):
        words = [str(self.dir / f"{name}.reeve") if w == "FILE" else w for w in shlex.split(query)[1:]]
        return {r["borough"]: r for r in must(*words).rows()}

    def near(self, got, want):
        self.assertLess(abs(float(got) - want), 1e-9 * max(1, abs(want)))

    # ---- as it is ----

    def test_rates_intervals_and_places_are_those_counted_anew(self):
        for profile in TOLD:
            counts, workday = self.london.counts[profile], self.london.workday
            finding = self.found[f"{profile}.all.rate-on.{SLUG}"]
            n, persons = counts[HAVERING], workday[HAVERING]
            self.assertEqual((finding["numerator"], finding["denominator"]), (n, persons))
            self.near(finding["value"], 1e5 * n / persons)
            self.near(finding["lower"], 1e5 * poisson_limit(n, True) / persons)
            self.near(finding["upper"], 1e5 * poisson_limit(n, False) / persons)
            on_it = places({c: counts[c] for c in workday}, workday)
            self.assertEqual((finding["rank"], finding["rank_low"], finding["rank_high"], finding["of"]), (*on_it[HAVERING], 32))
            on_residents = places({c: counts[c] for c in workday}, self.london.residents)
            rate_rank = self.found[f"{profile}.all.rate-rank"]
            self.assertEqual((rate_rank["rank"], rate_rank["rank_low"], rate_rank["rank_high"]), on_residents[HAVERING])
            overlap = on_it[HAVERING][1] <= on_residents[HAVERING][2] and on_residents[HAVERING][1] <= on_it[HAVERING][2]
            self.assertEqual("depends on who is counted" not in finding["statement"], overlap)
            self.assertEqual(finding["unit"], f"per 100,000 of {NAME} a year")
            said = " ".join(finding["caveats"])
            for part in ("Not a resident's risk", "ages from 16 to 74", "the nearest year held, 2021, 1 year away"):
                self.assertIn(part, said)

    def test_the_query_gives_every_borough_as_counted_anew(self):
        profile = TOLD[0]
        counts, workday = self.london.counts[profile], self.london.workday
        rows = self.rows_of("found", self.found[f"{profile}.all.rate-on.{SLUG}"]["query"])
        rows |= self.rows_of("found", f"reeve table FILE --profile {profile} --by borough --period 2022 --rank rate "
                                      f"--denominator {SLUG}")
        self.assertEqual(set(rows) - {"unplaced"}, set(workday))
        expected = places({c: counts[c] for c in workday}, workday)
        for code, persons in workday.items():
            self.assertEqual(int(rows[code]["count"]), counts[code])
            self.assertEqual(int(rows[code]["population"]), persons)
            self.near(rows[code]["rate"], 1e5 * counts[code] / persons)
            self.assertEqual(tuple(int(rows[code][k]) for k in ("rank", "rank_low", "rank_high")), expected[code])

    def test_the_table_has_residents_first(self):
        rows = read(self.dir / "found" / "tables" / f"{TOLD[0]}-populations.csv")
        n = self.london.counts[TOLD[0]][HAVERING]
        self.assertEqual([r["population"].split(",")[0] for r in rows], ["residents", NAME])
        self.assertEqual([int(r["persons"]) for r in rows], [self.london.residents[HAVERING], self.london.workday[HAVERING]])
        for row in rows:
            self.assertEqual(int(row["count"]), n)
            self.near(row["rate"], 1e5 * n / int(row["persons"]))

    # ---- what it changes ----

    def test_residents_and_all_else_stay_what_they_are(self):
        without = {i: f for i, f in self.found.items() if i not in of_population(self.found)}
        self.assertEqual(without, self.plain)
        self.assertEqual(of_population(self.plain), {})
        tables = {p.name for p in (self.dir / "found" / "tables").iterdir()}
        plain = {p.name for p in (self.dir / "plain" / "tables").iterdir()}
        self.assertEqual(tables - plain, {f"{p}-populations.csv" for p in TOLD})
        for name in plain:
            self.assertEqual((self.dir / "plain" / "tables" / name).read_bytes(),
                             (self.dir / "found" / "tables" / name).read_bytes(), name)

    def test_another_figure_changes_what_uses_it_and_nothing_else(self):
        double = self.altered("double", lambda r: r | {"persons": 2 * int(r["persons"])} if r["area_code"] == HAVERING else r)
        found = self.assess("double", double)
        self.assertEqual(set(found), set(self.found))
        changed = {i for i in found if found[i] != self.found[i] | {"sources": found[i]["sources"]}}
        self.assertEqual(changed, set(of_population(self.found)))
        for i in changed:
            self.near(found[i]["value"], self.found[i]["value"] / 2)

    def test_a_place_that_depends_on_who_is_counted_is_called_so(self):
        crowd = self.altered("crowd", lambda r: r | {"persons": 4000 * int(r["persons"])} if r["area_code"] == HAVERING else r)
        finding = self.assess("crowd", crowd)[f"{TOLD[0]}.all.rate-on.{SLUG}"]
        persons = self.london.workday | {HAVERING: 4000 * self.london.workday[HAVERING]}
        counts = {c: self.london.counts[TOLD[0]][c] for c in persons}
        here, there = places(counts, persons)[HAVERING], places(counts, self.london.residents)[HAVERING]
        self.assertGreater(here[1], there[2])  # the sets do not meet
        self.assertIn("its place depends on who is counted, and on residents it is nearer the most", finding["statement"])

    # ---- partial and damaged ----

    def test_boroughs_without_it_take_no_place(self):
        some = self.altered("some", lambda r: r if r["area_code"] <= "E09000020" else None)
        finding = self.assess("some", some)[f"{TOLD[0]}.all.rate-on.{SLUG}"]
        persons = {c: n for c, n in self.london.workday.items() if c <= "E09000020"}
        counts = {c: self.london.counts[TOLD[0]][c] for c in persons}
        self.assertEqual((finding["rank"], finding["rank_low"], finding["rank_high"], finding["of"]),
                         (*places(counts, persons)[HAVERING], len(persons)))
        residents = places(counts, {c: self.london.residents[c] for c in persons})[HAVERING]  # among the same
        self.assertRegex(finding["statement"], rf"on residents it is (joint )?{residents[0]}(st|nd|rd|th), "
                                               rf"from {residents[1]}\w\w to {residents[2]}\w\w")
        self.assertIn(f"held for {len(persons)} of 32 boroughs", " ".join(finding["caveats"]))
        rows = self.rows_of("some", f"reeve table FILE --profile {TOLD[0]} --by borough --period 2022 --denominator {SLUG}")
        self.assertEqual(rows[WESTMINSTER]["rate"], "")
        self.assertIn("this population is not held for this area", rows[WESTMINSTER]["not_available_because"])

    def test_a_borough_without_it_has_no_rate_and_not_that_of_residents(self):
        gone = self.altered("gone", lambda r: None if r["area_code"] == HAVERING else r)
        found = self.assess("gone", gone)
        finding = found[f"{TOLD[0]}.all.rate-on.{SLUG}"]
        self.assertEqual((finding["verdict"], finding["value"], finding["rank"]), ("not available", None, None))
        self.assertIn("residents do not stand in", finding["statement"])
        row = read(self.dir / "gone" / "tables" / f"{TOLD[0]}-populations.csv")[1]
        self.assertEqual((row["rate"], row["persons"], row["rank"]), ("", "", ""))
        self.assertEqual(found[f"{TOLD[0]}.all.rate"], self.plain[f"{TOLD[0]}.all.rate"])

    def test_rows_that_cannot_be_read_are_set_aside(self):
        bad = self.altered("bad", lambda r: r | {"persons": "many"} if r["area_code"] == WESTMINSTER else r)
        finding = self.assess("bad", bad)[f"{TOLD[0]}.all.rate-on.{SLUG}"]
        self.assertEqual(finding["of"], 31)

    def test_denominator_chooses_the_one_that_findings_speak_of(self):
        both = self.altered("both", lambda r: r)
        both.write_text(both.read_text() + "".join(f"{c},2019,,,{n},visitors\n" for c, n in self.london.workday.items()))
        self.assertEqual(list(of_population(self.assess("both", both))), list(of_population(self.found)))  # the first by name
        found = self.assess("visitors", both, "--denominator", "visitors")
        self.assertEqual({i.rpartition(".")[2] for i in of_population(found)}, {"visitors"})
        self.assertEqual(len(read(self.dir / "visitors" / "tables" / f"{TOLD[0]}-populations.csv")), 3)
        self.assertEqual(of_population(self.assess("none", both, "--denominator", "residents")), {})
        wrong = run("assess", self.dir / "none.reeve", "--area", HAVERING, "--period", "2022", "--denominator", "commuters")
        self.assertEqual(wrong.status, 2)
        self.assertIn(f"{SLUG}, visitors", wrong.err)

    def test_threads_change_nothing(self):
        one = self.assess("one", self.london_dir / "workday-population.csv", "--threads", "1")
        self.assertEqual(one, self.found)


class Importing(Case):
    """Of one area and year residents and others may stand side by side; a total beside its parts may not."""

    HEADER = "area_code,year,age_from,age_to,persons,population_name\n"

    def bring(self, rows, status=0):
        self.new()
        path = self.write("people.csv", self.HEADER + rows)
        return self.ok("import", self.file, path, "--as", "population", status=status)

    def test_two_populations_of_one_area(self):
        self.bring("E09000016,2021,,,262052,\nE09000016,2021,,,150000,workday population\n"
                   "E09000016,2021,0,15,9,pupils on roll\n")

    def test_a_total_beside_its_parts_of_one_population(self):
        done = self.bring("E09000016,2021,,,5,workday population\nE09000016,2021,16,74,4,workday population\n", status=3)
        self.assertIn("a total stands beside its parts", done.err)

    def test_residents_are_residents_however_written(self):
        done = self.bring("E09000016,2021,,,5,\nE09000016,2021,16,74,4,Residents\n", status=3)
        self.assertIn("a total stands beside its parts", done.err)

    def test_a_name_given_by_the_profile(self):
        self.new()
        profile = self.write("footfall.json", json.dumps({
            "profile": "footfall", "version": 1, "kind": "population",
            "columns": {"area_code": {"from": "Code"}, "year": {"from": "Year"}, "persons": {"from": "Mean a day"}},
            "constants": {"population_name": "daytime footfall"}}))
        path = self.write("f.csv", "Code,Year,Mean a day\nE09000016,2022,90000\n")
        self.ok("import", self.file, path, "--profile", profile)
        wrong = run("table", self.file, "--by", "borough", "--denominator", "x")
        self.assertNotEqual(wrong.status, 0)

    def test_a_later_file_replaces_its_own_rows_alone(self):
        self.bring("E09000016,2021,,,262052,\nE09000016,2021,,,150000,workday population\n")
        path = self.write("later.csv", self.HEADER + "E09000016,2021,,,151000,workday population\n")
        report = self.ok("import", self.file, path, "--as", "population", "--json").json()
        self.assertEqual((report["accepted"], report["superseded"]), (1, 1))


if __name__ == "__main__":
    main()
