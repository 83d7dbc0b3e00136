"""When the offences of a profile begin, recounted from the records with Python alone; re-dating changes what used it.

School days, weekend nights, hours spread over their intervals and the ladder of recording delay: counted here from the CSV
files of a synthetic London (tests/synth/london.py applies the definition to them) and compared with findings and tables.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import csv
import datetime
import math
import pathlib
import shlex
import subprocess
import sys
import tempfile
import unittest

from harness import ROOT, SYNTH, bring_areas, main, must

sys.path.insert(0, str(ROOT / "tests" / "synth"))
from london import London  # noqa: E402

PROFILES = {"under-25": "in_u25", "domestic-abuse": "in_da", "sexual-violence": "in_sv"}
HAVERING = "E09000016"
PLACEHOLDER = datetime.time(0, 1)
KINDS = {"school": "School days", "holiday": "School holidays, weekdays", "bank": "Bank holidays, weekdays",
         "weekend": "Weekends"}
DAY = datetime.timedelta(days=1)


def time_of(cell):
    """(date, time or None); None for an empty cell."""
    if not cell:
        return None
    at = datetime.datetime.fromisoformat(cell)
    return at.date(), at.time().replace(second=0) if len(cell) > 10 else None


class Records(London):
    """The records of the borough with all three of their times."""

    def hold(self, row, at, read):
        super().hold(row, at, read)
        self.times = getattr(self, "times", {})
        self.times[row[at["offence_id"]]] = (read[0], time_of(row[at["committed_from"]]), time_of(row[at["committed_to"]]))

    def of(self, test):
        """(recorded date, from, to) of each offence of a profile."""
        return [self.times[o.id] for o in self.own if getattr(o, test)]


def kinds_of_days(path):
    """The kind of each day of both years by the calendar, for a borough in London."""
    said = {}
    with open(path, newline="") as opened:
        for row in csv.DictReader(opened):
            if row["region"] in ("", "England", "London", "Havering"):
                said.setdefault(datetime.date.fromisoformat(row["date"]), set()).add(row["kind"])
    kinds, day = {}, datetime.date(2021, 1, 1)
    while day.year < 2023:
        words = said.get(day, set())
        kinds[day] = ("weekend" if day.weekday() > 4 else "bank" if "bank-holiday" in words
                      else "school" if "school-term" in words else "holiday")
        day += DAY
    return kinds


def two_sided(x, n, p):
    """Probability of what is as unlikely as x of Bin(n, p), or less likely."""
    log = [math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1) + k * math.log(p) + (n - k) * math.log(1 - p)
           for k in range(n + 1)]
    return min(1, sum(math.exp(v) for v in log if v <= log[x] + 1e-7))


def usable(at):
    return at is not None and at[1] is not None and at[1] != PLACEHOLDER


def spread(records):
    """Each offence with a usable beginning, spread over the hours in which it may have begun."""
    hours, placed, wide = [0.0] * 24, 0, 0
    for _, start, end in records:
        if not usable(start):
            continue
        begin = datetime.datetime.combine(*start)
        until = begin if end is None else (datetime.datetime.combine(*end) if usable(end)
                                           else datetime.datetime.combine(end[0] + DAY, datetime.time()))
        length = (until - begin).total_seconds()
        if length < 0:
            continue
        if length >= 86400:
            wide += 1
            continue
        placed += 1
        if length == 0:
            hours[begin.hour] += 1
            continue
        at = begin
        while at < until:
            next_hour = min(until, at.replace(minute=0, second=0) + datetime.timedelta(hours=1))
            hours[at.hour] += (next_hour - at).total_seconds() / length
            at = next_hour
    return hours, placed, wide


class When(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="reeve-e2e-")
        cls.dir = pathlib.Path(cls.folder.name)
        cls.london = cls.dir / "london"
        subprocess.run([SYNTH, cls.london, "--small"], check=True, stdout=subprocess.DEVNULL)
        cls.kinds = kinds_of_days(cls.london / "partners" / "calendar.csv")
        cls.records = Records(cls.london)
        cls.base = cls.dir / "base.reeve"
        cls.must("new", cls.base, "--title", "When", "--synthetic")
        bring_areas(cls.base, cls.london, "borough", "lsoa", "ward-2022")
        cls.must("import", cls.base, *sorted(cls.london.glob("lookup-*.csv")), "--as", "lookup")
        cls.must("import", cls.base, *sorted(cls.london.glob("persons-*.csv")), cls.london / "outcomes.csv", most=1)
        cls.must("define", cls.base, "adopt", "havering")
        cls.found, cls.file = cls.assess("one", sorted(cls.london.glob("offences-*.csv")))

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    must = staticmethod(must)

    @classmethod
    def assess(cls, name, offences, calendar="partners/calendar.csv"):
        """Findings by id of the base file with these records."""
        file = cls.dir / f"{name}.reeve"
        file.write_bytes(cls.base.read_bytes())
        cls.must("import", file, *offences, most=1)
        if calendar:
            cls.must("import", file, cls.london / calendar, "--as", "calendar")
        cls.must("assess", file, "--area", HAVERING, "--period", "2022-01..2022-12", "--compare", "2021-01..2021-12",
                 "--out", cls.dir / name)
        return {f["id"]: f for f in cls.must("findings", file, "--format", "json").json()}, file

    def table(self, name, run_name="one"):
        with (self.dir / run_name / "tables" / f"{name}.csv").open(newline="") as opened:
            return list(csv.DictReader(opened))

    # ---- school days ----

    def by_kind(self, test, is_after_school):
        """({kind: count}, {day: count}, undated) of a profile."""
        counts, days, undated = dict.fromkeys(KINDS, 0), {}, 0
        for _, start, _ in self.records.of(test):
            if start is None:
                undated += 1
            elif start[0] in self.kinds and (not is_after_school or (usable(start) and 15 <= start[1].hour < 19)):
                counts[self.kinds[start[0]]] += 1
                days[start[0]] = days.get(start[0], 0) + 1
        return counts, days, undated

    def p_of(self, counts, days):
        n1, n0 = (sum(k in group for k in self.kinds.values()) for group in (("school",), ("holiday", "bank")))
        x1, x0 = counts["school"], counts["holiday"] + counts["bank"]
        exact, chi, used = two_sided(x1, x1 + x0, n1 / (n1 + n0)), 0, 0
        for day, kind in self.kinds.items():
            if kind != "weekend":
                mean = x1 / n1 if kind == "school" else x0 / n0
                chi, used = chi + (days.get(day, 0) - mean) ** 2 / mean, used + 1
        phi = chi / (used - 2)
        wide = math.erfc(abs(math.log((x1 / n1) / (x0 / n0))) / math.sqrt(phi * (1 / x1 + 1 / x0)) / math.sqrt(2))
        return max(exact, wide) if phi > 1.5 else exact

    def test_school_days(self):
        for profile, test in PROFILES.items():
            rows = {r["days_of"]: r for r in self.table(f"{profile}-day-kinds")}
            for measure, column, is_after in (("term", "count", False), ("after-school-term", "after_school_count", True)):
                counts, days, undated = self.by_kind(test, is_after)
                for kind, name in KINDS.items():
                    self.assertEqual(int(rows[name][column]), counts[kind], (profile, measure, kind))
                    self.assertEqual(int(rows[name]["days"]), sum(k == kind for k in self.kinds.values()))
                if f"{profile}.all.{measure}" not in self.found:
                    self.assertEqual((profile, measure), ("sexual-violence", "after-school-term"))  # hours not reliable
                    continue
                found = self.found[f"{profile}.all.{measure}"]
                self.assertEqual((found["numerator"], found["missing"]), (counts["school"], undated), found["statement"])
                self.assertEqual(found["denominator"], sum(k == "school" for k in self.kinds.values()))
                self.assertAlmostEqual(found["value"], counts["school"] / found["denominator"], places=9)
                p, other = self.p_of(counts, days), counts["holiday"] + counts["bank"]
                days_off = sum(k in ("holiday", "bank") for k in self.kinds.values())
                self.assertIn(f"({other:,} on {days_off})", found["statement"])
                is_more = counts["school"] / found["denominator"] > other / days_off
                words = "no more apart than" if p >= 0.05 else ", more than" if is_more else ", fewer than"
                self.assertIn(words, " ".join(found["statement"].split()), p)
                if measure == "term":
                    self.assertTrue(any("school days lie in what the calendar calls a lockdown" in c
                                        for c in found["caveats"]))
        self.assertNotIn("coverage.calendar.school-terms", self.found)

    def test_their_query_gives_the_numbers_again(self):
        for profile in PROFILES:
            found = self.found[f"{profile}.all.term"]
            words = shlex.split(found["query"].replace("FILE", str(self.file), 1))
            rows = {r["day-kind"]: r for r in self.must(*words[1:], "--format", "csv").rows()}
            counts, _, _ = self.by_kind(PROFILES[profile], False)
            late = sum(start is not None and start[0].year < 2021 for _, start, _ in self.records.of(PROFILES[profile]))
            self.assertEqual(int(rows["school-day"]["count"]), counts["school"], rows)
            self.assertEqual(int(rows["weekend"]["count"]), counts["weekend"])
            self.assertGreater(late, 0)  # began before the window, recorded in it: in no row of the comparison

    # ---- hours ----

    def test_weekend_nights(self):
        nights = sum(11 for d in self.kinds if d.weekday() in (4, 5))
        for profile in ("under-25", "domestic-abuse"):
            timed = [start for _, start, _ in self.records.of(PROFILES[profile]) if usable(start)]
            count = 0
            for date, clock in timed:
                began = date - DAY if clock.hour < 5 else date
                count += (clock.hour >= 18 or clock.hour < 5) and began.weekday() in (4, 5)
            found = self.found[f"{profile}.all.weekend-nights"]
            self.assertEqual((found["numerator"], found["denominator"]), (count, len(timed)), found["statement"])
            self.assertIn(f"{100 * nights / (24 * len(self.kinds)):.0f}% of the week", found["statement"])
            p = two_sided(count, len(timed), nights / (24 * len(self.kinds)))
            is_more = count / len(timed) > nights / (24 * len(self.kinds))
            words = "no larger than chance" if p >= 0.05 else "so more began" if is_more else "so fewer began"
            self.assertIn(words, " ".join(found["statement"].split()))

    def test_hours_spread_over_their_intervals(self):
        for profile, test in PROFILES.items():
            hours, placed, wide = spread(self.records.of(test))
            rows = self.table(f"{profile}-hours")
            for hour, row in enumerate(rows):
                self.assertAlmostEqual(float(row["aoristic"]), hours[hour], places=4, msg=(profile, hour))
            self.assertAlmostEqual(sum(float(r["aoristic"]) for r in rows), placed, places=3)
            self.assertTrue(0 < wide < placed or wide == 0)
            clean = [int(r["clean"]) for r in rows]
            id_ = f"{profile}.all.spread-peak-hour"
            if id_ in self.found:
                self.assertNotEqual(hours.index(max(hours)), clean.index(max(clean)))
                self.assertAlmostEqual(self.found[id_]["numerator"], max(hours), places=6)

    def test_the_ladder_of_recording_delay(self):
        limits = {"All with both dates": None, "Recorded within 28 days": 28, "Recorded within 7 days": 7,
                  "Recorded within a day": 1}
        for profile, test in PROFILES.items():
            records = self.records.of(test)
            delays = [((recorded - start[0]).days, start) for recorded, start, _ in records if start]
            valid = [(d, start) for d, start in delays if d >= 0]
            rows = {r["rung"]: r for r in self.table(f"{profile}-delay-ladder")}
            self.assertEqual(list(rows), list(limits))
            for name, limit in limits.items():
                kept = [start for d, start in valid if limit is None or d <= limit]
                timed = [start[1].hour for start in kept if usable(start)]
                self.assertEqual((int(rows[name]["kept"]), int(rows[name]["with_time"])), (len(kept), len(timed)))
                self.assertAlmostEqual(float(rows[name]["kept_percent"]), 100 * len(kept) / len(valid), places=6)
                hours = [timed.count(h) for h in range(24)]
                peak = hours.index(max(hours))
                self.assertEqual(rows[name]["peak"], f"{peak:02d}:00 to {(peak + 1) % 24:02d}:00 ({max(hours)})")
                part = len(timed) / len(records)
                verdict = "holds" if part >= 0.7 else "holds with caution" if part >= 0.5 else "not reliable"
                self.assertEqual(rows[name]["verdict"], "late records are left in" if limit is None else verdict)

    # ---- what a change of the records changes ----

    def redated(self, name, choose):
        """The offences with their dates moved by choose(recorded, from, to) days; how many were."""
        folder = self.dir / f"{name}-records"
        folder.mkdir()
        moved, paths = 0, []
        for path in sorted(self.london.glob("offences-*.csv")):
            with path.open(newline="") as opened, (folder / path.name).open("w", newline="") as out:
                rows = csv.reader(opened)
                header = next(rows)
                at = [header.index(c) for c in ("recorded_at", "committed_from", "committed_to", "outcome_date")]
                writer = csv.writer(out, lineterminator="\n")
                writer.writerow(header)
                for row in rows:
                    try:
                        times = [time_of(row[k]) for k in at[:3]] if len(row) == len(header) else [None]
                    except ValueError:
                        times = [None]
                    days = choose(*times) if times[0] and times[1] else 0
                    for k in at if days else []:
                        if row[k]:
                            row[k] = str(datetime.date.fromisoformat(row[k][:10]) + days * DAY) + row[k][10:]
                    moved += bool(days)
                    writer.writerow(row)
            paths.append(folder / path.name)
        self.assertGreater(moved, 10)
        return paths

    def changed(self, after):
        """Ids of findings whose number, sentence or verdict is another one."""
        told = ("value", "numerator", "denominator", "lower", "upper", "missing", "rank", "statement", "verdict", "caveats")
        self.assertEqual(set(after), set(self.found))
        return {i for i, f in after.items() if any(f[k] != self.found[i][k] for k in told)}

    def changed_tables(self, name):
        one = {p.name: p.read_bytes() for p in (self.dir / "one" / "tables").glob("*.csv")}
        other = {p.name: p.read_bytes() for p in (self.dir / name / "tables").glob("*.csv")}
        self.assertEqual(set(one), set(other))
        return {n for n in one if one[n] != other[n]}

    def test_a_week_in_the_holidays_changes_the_comparison_of_school_days_alone(self):
        """From the last school week of a February to the holidays after it: same month, weekday, hour and delay."""
        first, last = datetime.date(2022, 2, 7), datetime.date(2022, 2, 11)
        self.assertEqual({self.kinds[first + k * DAY] for k in range(5)}, {"school"})
        self.assertEqual({self.kinds[first + (7 + k) * DAY] for k in range(5)}, {"holiday"})
        paths = self.redated("half-term", lambda recorded, start, end: 7 * (
            first <= start[0] <= last and recorded[0] <= datetime.date(2022, 2, 21) and (not end or end[0] <= recorded[0])))
        after, _ = self.assess("half-term", paths)
        self.assertEqual(self.changed(after), {i for i in after if i.endswith(("all.term", "all.after-school-term"))})
        self.assertEqual(self.changed_tables("half-term"), {f"{p}-day-kinds.csv" for p in PROFILES})

    def test_a_friday_evening_on_a_thursday_changes_nights_and_weekdays_alone(self):
        def is_friday_evening(recorded, start, end):
            date, clock = start
            is_evening = date.weekday() == 4 and clock is not None and clock.hour in (20, 21, 22)
            is_same_month = recorded[0].day > 1 and date.day > 1 and (not end or end[0].day > 1)
            return -1 if (is_evening and is_same_month and self.kinds.get(date) == "school"
                          and self.kinds.get(date - DAY) == "school") else 0

        after, _ = self.assess("thursday", self.redated("thursday", is_friday_evening))
        self.assertEqual({i.split(".", 1)[1] for i in self.changed(after)}, {"all.weekdays", "all.weekend-nights"})
        self.assertTrue(all(n.endswith("-week.csv") for n in self.changed_tables("thursday")),
                        self.changed_tables("thursday"))

    # ---- what no calendar tells ----

    def test_without_school_terms_it_is_said_once(self):
        rows = (self.london / "partners" / "calendar.csv").read_text().splitlines(keepends=True)
        for name, lines, words in (
                ("none", None, "no calendar is held"),
                ("bank", [r for r in rows if "school-" not in r], "lists no school days"),
                ("scotland", [r.replace(",London", ",Scotland") for r in rows], "of Havering; rows of other regions"),
                ("gap", [r for r in rows if not r.startswith("2022-05-1")], "does not say of 8 weekdays")):
            path = self.london / f"calendar-{name}.csv"
            if lines:
                path.write_text("".join(lines))
            found, file = self.assess(f"without-{name}", sorted(self.london.glob("offences-*.csv")),
                                      path.name if lines else None)
            said = [f for f in found.values() if "school-terms" in f["id"]]
            self.assertEqual([(f["id"], f["verdict"]) for f in said], [("coverage.calendar.school-terms", "not available")])
            self.assertIn(words, said[0]["statement"])
            self.assertIsNone(said[0]["value"])
            self.assertEqual([i for i in found if i.endswith("term")], [])
            others = set(self.found) - {i for i in self.found if i.endswith("term")}
            self.assertEqual(others, set(found) - {said[0]["id"]})
            words = shlex.split(said[0]["query"].replace("FILE", str(file), 1))
            self.must(*words[1:])


if __name__ == "__main__":
    main()
