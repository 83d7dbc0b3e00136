"""Results of the profiles at equal follow-up on a synthetic London, counted again from its files in plain Python.

Of the synthetic London the serious and sexual violence is taken: of the borough all, of the others one in eight.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import collections
import csv
import datetime
import pathlib
import shlex
import subprocess
import tempfile
import unittest
import zlib

from harness import SYNTH, bring_areas, main, must

HAVERING, YEARS = "E09000016", ("2021", "2022")
SERIOUS = {"homicide", "gbh", "abh", "rape", "assault-by-penetration", "sexual-assault", "personal-robbery", "threats-to-kill"}
SEXUAL = {"rape", "assault-by-penetration", "sexual-assault", "other-sexual"}
RESULTS = {"accused": "accused", "victim-withdrew": "victim-withdrew", "no-suspect": "no-suspect", "none-yet": ""}


def day(text):
    return datetime.date.fromisoformat(text).toordinal() if text else None


def end_of(days):
    """The last day of the latest four weeks with three dates, and one in a thousand of all."""
    counts = collections.Counter(d for d in days if d)
    least = max(3, sum(counts.values()) // 1000)
    return max(d for d in counts if sum(counts.get(d - k, 0) for k in range(28)) >= least)


class Outcomes(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.dir = pathlib.Path(cls.folder.name)
        cls.file, cls.london = cls.dir / "borough.reeve", cls.dir / "london"
        subprocess.run([SYNTH, cls.london], check=True, stdout=subprocess.DEVNULL)
        cls.rows, cls.names = {}, []
        for year in YEARS:
            cls.thin(year)
        kept = {row["offence_id"] for year in YEARS for row in cls.rows[year]}
        with (cls.london / "outcomes.csv").open(newline="") as opened:
            cls.later = [r for r in csv.DictReader(opened) if r["offence_id"] in kept]
        cls.write("outcomes.csv", ["offence_id", "outcome", "outcome_date"], cls.later)
        cls.must("new", cls.file, "--title", "Outcomes", "--synthetic")
        bring_areas(cls.file, cls.london, "borough")
        cls.must("import", cls.file, *(cls.dir / f"offences-{year}.csv" for year in YEARS), cls.dir / "outcomes.csv", most=1)
        cls.must("define", cls.file, "adopt", "havering")
        cls.found = cls.assess("one")

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    must = staticmethod(must)

    @classmethod
    def write(cls, name, names, rows):
        with (cls.dir / name).open("w", newline="") as out:
            writer = csv.DictWriter(out, names, lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)

    @classmethod
    def thin(cls, year):
        """Rows that cannot be read, and those that are there twice, are left out here: the import has tests of its own."""
        seen, rows = set(), []
        with (cls.london / f"offences-{year}.csv").open(newline="") as opened:
            reader = csv.DictReader(opened)
            cls.names = reader.fieldnames
            for row in reader:
                name = row["offence_id"]
                kept = row["borough_code"] == HAVERING or zlib.crc32(name.encode()) % 8 == 0
                if kept and row["offence_group"] in SERIOUS | SEXUAL and name not in seen and None not in row and \
                        row["recorded_at"][:4] == year:
                    seen.add(name)
                    rows.append(row)
        cls.rows[year] = rows
        cls.write(f"offences-{year}.csv", cls.names, rows)

    @classmethod
    def assess(cls, name):
        cls.must("assess", cls.file, "--area", HAVERING, "--period", "2022-01..2022-12", "--compare", "2021-01..2021-12",
                 "--out", cls.dir / name)
        return {f["id"]: f for f in cls.must("findings", cls.file, "--format", "json").json()}

    def states(self, profile, year, days):
        """[borough] a count of each state, so many days after the record, of those that are old enough."""
        results = collections.defaultdict(list)
        for k, r in enumerate(self.later):
            results[r["offence_id"]].append((day(r["outcome_date"]), 1, k, r["outcome"]))
        own = end_of([d for r in self.rows[year] for d in (day(r["recorded_at"]), day(r["outcome_date"]))])
        end = max(own, end_of([day(r["outcome_date"]) for r in self.later]))
        counts = collections.defaultdict(collections.Counter)
        for row in self.rows[year]:
            flags, group = set(row["flags"].split(";")), row["offence_group"]
            inside = {"domestic-abuse": group in SERIOUS and "domestic-abuse" in flags,
                      "sexual-violence": group in SEXUAL}[profile]
            recorded = day(row["recorded_at"])
            if not inside or "terrorism" in flags or recorded + days > end:
                continue
            known = list(results[row["offence_id"]])
            if row["outcome"] not in ("", "open") or row["outcome_date"]:
                known.append((day(row["outcome_date"]), 0, -1, row["outcome"]))
            dated = [k for k in known if k[0] and recorded <= k[0] <= recorded + days]
            state = max(dated)[3] if dated else "undated" if any(not k[0] for k in known) else ""
            counts[row["borough_code"]]["" if state == "open" else state] += 1
        return counts

    def test_shares_counted_again(self):
        for profile in ("domestic-abuse", "sexual-violence"):
            counts = self.states(profile, "2022", 180)
            mine = counts[HAVERING]
            self.assertGreater(sum(mine.values()), 400)
            boroughs = {b: c for b, c in counts.items() if b not in ("", "E09000001")}
            for measure, state in RESULTS.items():
                found = self.found[f"{profile}.outcomes.{measure}"]
                self.assertIn("followed for 180 days", found["statement"])
                self.assertEqual((found["numerator"], found["denominator"]), (mine[state], sum(mine.values())), found["id"])
                others = [sum(c[state] for b, c in boroughs.items() if b != HAVERING),
                          sum(sum(c.values()) for b, c in boroughs.items() if b != HAVERING)]
                self.assertIn(f"the {100 * others[0] / others[1]:.1f}% of the other boroughs together", found["statement"])
                if found["rank"] is not None and found["rank"] > 0:
                    share = mine[state] / sum(mine.values())
                    self.assertEqual(found["rank"], 1 + sum(c[state] / sum(c.values()) > share for c in boroughs.values()))

    def test_the_earlier_period_is_followed_as_long(self):
        for profile in ("domestic-abuse", "sexual-violence"):
            before = self.states(profile, "2021", 180)[HAVERING]
            found = self.found[f"{profile}.outcomes.accused"]
            self.assertIn(f"in 2021, followed as long, {100 * before['accused'] / sum(before.values()):.1f}%",
                          found["statement"])

    def test_the_command_gives_the_numbers_again(self):
        for name, found in self.found.items():
            if ".outcomes." in name and found["verdict"] != "not available":
                words = shlex.split(found["query"].replace("FILE", str(self.file), 1))
                rows = {r["outcome-180"]: int(r["count"]) for r in self.must(*words[1:], "--format", "csv").rows()}
                self.assertEqual(rows[name.split(".")[2]], found["numerator"])
                self.assertEqual(sum(n for s, n in rows.items() if s != "not-followed"), found["denominator"])
        short = self.must("table", self.file, "--profile", "domestic-abuse", "--by", "outcome-90", "--area", HAVERING,
                          "--period", "2022-01..2022-12", "--format", "csv").rows()
        want = self.states("domestic-abuse", "2022", 90)[HAVERING]
        self.assertEqual({r["outcome-90"]: int(r["count"]) for r in short}["accused"], want["accused"])

    def test_the_table_adds_up(self):
        with (self.dir / "one" / "tables" / "domestic-abuse-outcomes.csv").open(newline="") as opened:
            rows = list(csv.DictReader(opened))
        self.assertEqual(len(rows), 4)
        parts = ("accused", "out_of_court", "no_suspect", "victim_withdrew", "evidential", "other")
        for row in rows:
            self.assertEqual(sum(int(row[p]) for p in parts), int(row["total"]))
        self.assertEqual(int(rows[0]["accused"]), self.found["domestic-abuse.outcomes.accused"]["numerator"])

    def test_z_altered_results_change_what_used_them(self):
        """Twenty accusations are dated later than half a year: two shares differ, and nothing else does."""
        changed = 0
        known = {r["offence_id"] for r in self.later}
        for row in self.rows["2022"]:
            recorded, dated = day(row["recorded_at"]), day(row["outcome_date"])
            if changed < 20 and row["borough_code"] == HAVERING and row["outcome"] == "accused" and \
                    row["offence_group"] in SERIOUS - SEXUAL and "domestic-abuse" in row["flags"] and \
                    "terrorism" not in row["flags"] and row["offence_id"] not in known and dated <= recorded + 180 and \
                    row["recorded_at"] < "2022-06-01":
                row["outcome_date"] = datetime.date.fromordinal(recorded + 181).isoformat()
                changed += 1
        self.assertEqual(changed, 20)
        self.write("offences-2022.csv", self.names, self.rows["2022"])
        self.must("import", self.file, self.dir / "offences-2022.csv", most=1)
        after = self.assess("two")
        numbers = ("value", "numerator", "denominator", "rank")
        different = {name for name, f in self.found.items() if f["theme"] == "profile" and
                     [f[n] for n in numbers] != [after[name][n] for n in numbers]}
        self.assertEqual(different, {"domestic-abuse.outcomes.accused", "domestic-abuse.outcomes.none-yet"})
        self.assertEqual(after["domestic-abuse.outcomes.accused"]["numerator"],
                         self.found["domestic-abuse.outcomes.accused"]["numerator"] - 20)
        self.assertEqual(after["domestic-abuse.all.accused"]["numerator"], self.found["domestic-abuse.all.accused"]["numerator"])

    def test_zz_a_small_file_of_corrections_moves_what_it_corrects(self):
        """Ten offences without a result come again, accused after a month, in a file of their own: it ends long before
        the others do, and what it does not hold is followed as before."""
        before, known, corrected = self.assess("three"), {r["offence_id"] for r in self.later}, []
        for row in self.rows["2022"]:
            if len(corrected) < 10 and row["borough_code"] == HAVERING and row["outcome"] in ("", "open") and \
                    row["offence_group"] in SERIOUS - SEXUAL and "domestic-abuse" in row["flags"] and \
                    "terrorism" not in row["flags"] and row["offence_id"] not in known and row["recorded_at"] < "2022-06-01":
                dated = datetime.date.fromordinal(day(row["recorded_at"]) + 30).isoformat()
                corrected.append(dict(row, outcome="accused", outcome_date=dated))
        self.assertEqual(len(corrected), 10)
        self.write("corrected.csv", self.names, corrected)
        self.must("import", self.file, self.dir / "corrected.csv")
        after = self.assess("four")
        moved = {name: after[name]["numerator"] - f["numerator"] for name, f in before.items() if f["theme"] == "profile" and
                 f["numerator"] is not None and f["numerator"] != after[name]["numerator"]}
        self.assertEqual(moved, {"domestic-abuse.outcomes.accused": 10, "domestic-abuse.outcomes.none-yet": -10,
                                 "domestic-abuse.all.accused": 10})
        for name, f in before.items():
            self.assertEqual(f["denominator"], after[name]["denominator"], name)


if __name__ == "__main__":
    main()
