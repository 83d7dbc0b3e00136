"""Charts that a board reads: ten kinds in the chapter of every profile, and numbers counted again from the CSV files.

Ranks with their sets, funnel limits, months and classes of the map are worked out here in plain Python, from the files of a
synthetic London and the text of the definition.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import collections
import csv
import html
import json
import math
import pathlib
import re
import statistics
import subprocess
import tempfile
import unittest

from harness import SYNTH, bring_areas, main, must
from recount import DEFINITION, HAVERING, PROFILES, groups_of, read

YEARS = ("2021", "2022")
WORDS = {  # of each chart: a table of the chapter, and words that only this chart has
    "monthly series": ("monthly-by-category", "Each panel has a scale of its own."),
    "rank dot plot with sets": ("boroughs-all", "Places it could hold"),
    "funnel": ("funnel-boroughs", "outside the outer limits."),
    "funnel of wards": ("funnel-wards", "outside the outer limits."),
    "heat map, raw and cleaned": ("week", "All times"),
    "pyramid": ("victims", "Female"),
    "change waterfall": ("change-parts", "Each bar begins where the one above ends"),
    "ward choropleth": ("wards-all", "not clearly different"),
    "Lorenz curve": ("lorenz", "an even spread"),
    "disproportionality with bounds": ("victims-ethnicity", "Thin line:"),
    "delay ladder": ("delay-ladder", "Recorded within 7 days"),
}


# ---- who is in a profile, by the text of the definition ----

WANTED = {g for p in PROFILES.values() for g in groups_of(p)[0]} | set(DEFINITION["linked"]["groups"])


def is_young(age, band, limit):
    if age:
        return int(age) < limit
    ends = [int(n) for n in re.findall(r"\d+", band)]
    return bool(ends) and (max(ends) < limit or band == f"under-{limit}")


class London:
    """Offences of the profiles by profile, borough and month of record."""

    FIELDS = ("offence_id", "recorded_at", "offence_group", "flags", "linked_offence_id", "borough_code")

    def __init__(self, folder):
        group, offences = {}, []
        for year in YEARS:
            with open(folder / f"offences-{year}.csv", newline="") as f:
                rows = csv.reader(f)
                head = next(rows)
                at = [head.index(name) for name in self.FIELDS]
                for row in rows:
                    if row[at[2]] in WANTED:
                        offence = [row[i] for i in at]
                        group[offence[0]] = offence[2]
                        offences.append(offence)
        young = collections.defaultdict(set)
        for year in YEARS:
            for p in read(folder / f"persons-{year}.csv"):
                if p["offence_id"] in group:
                    for limit in {q["any_person"]["age_below"] for q in PROFILES.values() if "any_person" in q}:
                        if is_young(p["age"], p["age_band"], limit):
                            young[p["offence_id"]].add((p["role"], limit))
        self.counts = collections.Counter()
        for offence in offences:
            for name, profile in PROFILES.items():
                if self.is_in(offence, profile, group, young):
                    self.counts[name, offence[5], offence[1][:7]] += 1
        self.residents = collections.Counter()
        for row in read(folder / "population-borough.csv"):
            if row["year"] == "2021":
                self.residents[row["area_code"]] += int(row["persons"])
        shapes = json.loads((folder / "boundaries-borough.geojson").read_text())["features"]
        self.names = {s["properties"]["code"]: s["properties"]["name"] for s in shapes}

    @staticmethod
    def is_in(offence, profile, group, young):
        key, _, kind, flags, linked, _ = offence
        named, takes_linked = groups_of(profile)
        is_linked = (takes_linked and kind in DEFINITION["linked"]["groups"]
                     and group.get(linked) in DEFINITION["lists"]["serious"])
        flags = set(flags.split(";"))
        if "terrorism" in flags or not (kind in named or is_linked) or not set(profile.get("flags_all", [])) <= flags:
            return False
        wanted = profile.get("any_person")
        return not wanted or any((role, wanted["age_below"]) in young[key] for role in wanted["roles"])

    def of_year(self, profile, year):
        """Counts by borough, the 32 that take a place."""
        return {code: sum(n for (p, b, m), n in self.counts.items() if p == profile and b == code and m[:4] == year)
                for code in self.names if code != "E09000001"}


# ---- statistics from their definitions ----

def binomial_upper(x, n, q):
    """P(X >= x), X binomial, summed from its largest terms down."""
    if x == 0:
        return 1.0
    total, k = 0.0, x
    base = math.lgamma(n + 1) + n * math.log(1 - q)
    while k <= n:
        term = math.exp(base - math.lgamma(k + 1) - math.lgamma(n - k + 1) + k * (math.log(q) - math.log(1 - q)))
        total += term
        if term < total * 1e-15 and k > n * q:
            break
        k += 1
    return min(total, 1.0)


def rank_sets(counts, sizes, level=0.95):
    """First and last place of each, and who is told apart: Holm over every ordered pair of exact one-sided tests."""
    keys, tests = sorted(counts), []
    for j in keys:
        for k in keys:
            if j != k and counts[j] / sizes[j] > counts[k] / sizes[k]:
                p = binomial_upper(counts[j], counts[j] + counts[k], sizes[j] / (sizes[j] + sizes[k]))
                tests.append((p, j, k))
    tests.sort()
    hypotheses, above = len(keys) * (len(keys) - 1), set()
    for done, (p, j, k) in enumerate(tests):
        if p > (1 - level) / (hypotheses - done):
            break
        above.add((j, k))
    low = {k: 1 + sum((j, k) in above for j in keys) for k in keys}
    high = {j: len(keys) - sum((j, k) in above for k in keys) for j in keys}
    return low, high, above


def quantile(values, at):
    values = sorted(values)
    place = at * (len(values) - 1)
    low = int(place)
    return values[low] + (place - low) * (values[min(low + 1, len(values) - 1)] - values[low])


def funnel(counts, sizes):
    """Target, phi, critical phi and a function from a size to widened limits (Spiegelhalter 2005)."""
    target = sum(counts.values()) / sum(sizes.values())
    z = [(counts[k] / sizes[k] - target) / math.sqrt(target / sizes[k]) for k in counts]
    low, high = quantile(z, 0.1), quantile(z, 0.9)
    phi = statistics.fmean(min(max(v, low), high) ** 2 for v in z)

    def limits(size, tail):
        half = statistics.NormalDist().inv_cdf(1 - tail) * math.sqrt(phi * target / size)
        return max(0, target - half), target + half
    return target, phi, 1 + 2 * math.sqrt(2 / len(z)), limits


def poisson_down(x, mean):
    return math.fsum(math.exp(k * math.log(mean) - mean - math.lgamma(k + 1)) for k in range(x + 1))


def exact_mean(inside, low, high):
    """Where a falling function of the mean crosses nought."""
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if inside(middle) > 0 else (low, middle)
    return (low + high) / 2


def exact_interval(count, level):
    """Garwood's interval of a count, by bisection."""
    tail, far = (1 - level) / 2, count + 20 + 12 * math.sqrt(count + 1)
    lower = exact_mean(lambda m: tail - (1 - poisson_down(count - 1, m)), 1e-9, count) if count else 0
    return lower, exact_mean(lambda m: poisson_down(count, m) - tail, count + 1e-9, far)


class BoardCharts(unittest.TestCase):
    maxDiff = 4000

    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory(prefix="reeve-e2e-")
        cls.dir = pathlib.Path(cls.temporary.name)
        cls.folder = cls.dir / "london"
        subprocess.run([SYNTH, cls.folder], check=True, stdout=subprocess.DEVNULL)
        cls.london = London(cls.folder)
        cls.file = cls.dir / "borough.reeve"
        must("new", cls.file, "--title", "Charts", "--synthetic")
        bring_areas(cls.file, cls.folder, "borough", "lsoa", "ward-2022")
        for kind in ("population", "lookup"):
            must("import", cls.file, *sorted(cls.folder.glob(f"{kind}-*.csv")), "--as", kind)
        must("import", cls.file, *sorted(cls.folder.glob("offences-*.csv")), *sorted(cls.folder.glob("persons-*.csv")), most=1)
        must("define", cls.file, "adopt", "havering")
        must("assess", cls.file, "--area", HAVERING, "--period", "2022-01..2022-12", "--compare", "2021-01..2021-12",
             "--out", cls.dir / "out")
        cls.report = (cls.dir / "out" / "report.html").read_text()

    @classmethod
    def tearDownClass(cls):
        cls.temporary.cleanup()

    def table(self, name):
        return read(self.dir / "out" / "tables" / f"{name}.csv")

    def figure(self, name):
        found = re.search(rf'<section class="figure" aria-labelledby="table-{name}-heading">(.*?)</section>', self.report, re.S)
        self.assertIsNotNone(found, name)
        return found.group(1)

    @staticmethod
    def words(svg):
        return html.unescape(" ".join(re.findall(r"<text[^>]*>(.*?)</text>", svg, re.S)))

    # ---- all ten ----

    def test_every_profile_has_the_ten_charts_for_a_desk_and_a_phone(self):
        for profile in PROFILES:
            for chart, (table, words) in WORDS.items():
                with self.subTest(profile=profile, chart=chart):
                    figure = self.figure(f"{profile}-{table}")
                    drawn = re.findall(r"<svg.*?</svg>", figure, re.S)
                    self.assertEqual(len(drawn), 2)
                    self.assertIn(words, self.words(drawn[0]))
                    for svg in drawn:
                        self.assertRegex(svg, r'^<svg[^>]* role="img" aria-labelledby="[^"]+"')
                        self.assertRegex(svg, r"<title id=[^>]*>[^<]+</title>\n<desc id=[^>]*>[^<]+</desc>")
                        self.assertNotIn("<script", svg)
                        self.assertNotIn("href=", svg)
                    self.assertIn("<table", figure)
                    self.assertIn(f'href="tables/{profile}-{table}.csv"', figure)

    def test_the_heat_map_has_both_grids_and_the_ladder_its_rungs(self):
        for profile in PROFILES:
            panels = collections.Counter(row["panel"] for row in self.table(f"{profile}-week"))
            self.assertEqual(len(panels), 2, panels)
            self.assertEqual(set(panels.values()), {24})
            words = self.words(self.figure(f"{profile}-week"))
            for panel in panels:
                self.assertIn(panel, words)
            kept = [float(row["kept_percent"]) for row in self.table(f"{profile}-delay-ladder")]
            self.assertGreaterEqual(len(kept), 3)
            self.assertEqual(kept, sorted(kept, reverse=True))

    def test_bounds_of_disproportionality_hold_their_intervals(self):
        for profile in PROFILES:
            compared = [r for r in self.table(f"{profile}-victims-ethnicity") if r["lower"] and r["outer_lower"]]
            self.assertTrue(compared)
            for row in compared:
                self.assertLess(float(row["outer_lower"]), float(row["ratio"]))
                self.assertGreater(float(row["outer_upper"]), float(row["ratio"]))

    # ---- ranks ----

    def test_ranks_and_their_sets_are_those_of_the_files(self):
        for profile in PROFILES:
            counts = self.london.of_year(profile, "2022")
            sizes = {code: self.london.residents[code] for code in counts}
            low, high, above = rank_sets(counts, sizes)
            code_of = {name: code for code, name in self.london.names.items()}
            rows = self.table(f"{profile}-boroughs-all")
            self.assertEqual(len(rows), 32)
            self.assertEqual([r["borough"] for r in rows],
                             [r["borough"] for r in sorted(rows, key=lambda r: -float(r["rate"]))])
            alike = set()
            for row in rows:
                code = code_of[row["borough"]]
                self.assertEqual(int(row["count"]), counts[code], row["borough"])
                self.assertAlmostEqual(float(row["rate"]), 1e5 * counts[code] / sizes[code], places=6)
                rank = 1 + sum(counts[k] * sizes[code] > counts[code] * sizes[k] for k in counts)
                self.assertEqual((int(row["rate_rank"]), int(row["rate_rank_low"]), int(row["rate_rank_high"])),
                                 (rank, low[code], high[code]), row["borough"])
                beside = ("itself" if code == HAVERING else "higher" if (code, HAVERING) in above
                          else "lower" if (HAVERING, code) in above else "not told apart")
                self.assertEqual(row["beside"], beside, row["borough"])
                alike |= {row["borough"]} if beside == "not told apart" else set()
            self.assertTrue(alike)
            drawn = re.findall(r"<svg.*?</svg>", self.figure(f"{profile}-boroughs-all"), re.S)
            for svg in drawn:
                circles = [len(re.findall("M", path)) for path in re.findall(r'<path d="([^"]*a3\.6[^"]*)"', svg)]
                self.assertEqual(circles, [31 - len(alike), len(alike)])  # filled, open
                self.assertNotRegex(self.words(svg), "league|best|worst")

    # ---- funnels ----

    def check_funnel(self, rows, counts, sizes, name_of):
        target, phi, critical, limits = funnel(counts, sizes)
        self.assertGreater(phi, critical)
        by_name = {name_of[k]: k for k in counts}
        for row in rows:
            key = by_name[row["label"]]
            rate = counts[key] / sizes[key]
            (lower, upper), (outer_lower, outer_upper) = limits(sizes[key], 0.025), limits(sizes[key], 0.001)
            for column, value in (("residents", sizes[key] / 1e5), ("rate", rate), ("reference", target), ("lower", lower),
                                  ("upper", upper), ("outer_lower", outer_lower), ("outer_upper", outer_upper)):
                self.assertAlmostEqual(float(row[column]), 1e5 * value, delta=1e-6 * max(1, 1e5 * value), msg=column)
            place = ("above the outer limits" if rate > outer_upper else "above the inner limits" if rate > upper
                     else "below the outer limits" if rate < outer_lower else "below the inner limits" if rate < lower
                     else "within the limits")
            self.assertEqual(row["place"], place, row["label"])
        return phi, critical

    def test_funnel_limits_are_those_of_the_files(self):
        for profile in PROFILES:
            counts = self.london.of_year(profile, "2022")
            sizes = {code: self.london.residents[code] for code in counts}
            rows = self.table(f"{profile}-funnel-boroughs")
            self.assertEqual(len(rows), 32)
            phi, critical = self.check_funnel(rows, counts, sizes, self.london.names)
            figure = html.unescape(self.figure(f"{profile}-funnel-boroughs"))
            self.assertIn(f"(spread φ {phi:.1f}, where chance gives up to {critical:.1f})", figure)
            for svg in re.findall(r"<svg.*?</svg>", figure, re.S):
                self.assertRegex(svg, r'<text[^>]*font-weight="bold"[^>]*>Havering</text>')
                self.assertNotIn("Also outside the outer limits: Havering", self.words(svg))

    def test_the_funnel_of_wards_is_of_all_wards_of_london(self):
        for profile in PROFILES:
            data = must("table", self.file, "--profile", profile, "--by", "ward", "--period", "2022-01..2022-12",
                        "--format", "json").json()
            wards = {r["ward"]: r for r in data["rows"] if r["rank"]}  # the City's takes no place
            counts = {c: w["count"] for c, w in wards.items()}
            sizes = {c: w["population"] for c, w in wards.items()}
            self.assertGreater(len(wards), 600)
            shapes = json.loads((self.folder / "boundaries-ward-2022.geojson").read_text())["features"]
            names = {s["properties"]["code"]: s["properties"]["name"] for s in shapes}
            mine = {r["name"]: r for r in self.table(f"{profile}-wards-all")}
            funnel_rows = self.table(f"{profile}-funnel-wards")
            self.assertEqual({r["label"] for r in funnel_rows}, set(mine))
            own = {c: n for c, n in names.items() if n in mine}
            for row in funnel_rows:
                self.assertAlmostEqual(float(row["rate"]), float(mine[row["label"]]["rate"]), places=6)
            chosen = {c: n for c, n in own.items() if c in {r["code"] for r in mine.values()}}
            others = {c: c for c in counts if c not in chosen}
            self.check_funnel(funnel_rows, counts, sizes, {**others, **chosen})

    # ---- the map ----

    def test_classes_of_the_ward_map_differ_from_the_borough_beyond_chance(self):
        for profile in PROFILES:
            rows = self.table(f"{profile}-wards-all")
            level = 1 - 0.05 / len(rows)
            years = {r["code"]: int(r["count"]) / float(r["rate"]) * 1e5 for r in rows if float(r["rate"]) > 0}
            self.assertEqual(len(years), len(rows))
            together = 1e5 * sum(int(r["count"]) for r in rows) / sum(years.values())
            classes = collections.Counter()
            for row in rows:
                low, high = exact_interval(int(row["count"]), level)
                self.assertAlmostEqual(float(row["reference"]), together, places=5)
                for column, value in (("lower", low), ("upper", high)):
                    self.assertAlmostEqual(float(row[column]), 1e5 * value / years[row["code"]], delta=0.001)
                classes[(float(row["lower"]) > together) - (float(row["upper"]) < together)] += 1
            figure = self.figure(f"{profile}-wards-all")
            for svg in re.findall(r"<svg.*?</svg>", figure, re.S):
                words = self.words(svg)
                for k, name in ((1, "above the reference"), (0, "not clearly different"), (-1, "below the reference")):
                    areas = "area" if classes[k] == 1 else "areas"
                    self.assertIn(f"{name} ({classes[k]} {areas})", words)
                for row in rows:
                    is_marked = not float(row["lower"]) <= together <= float(row["upper"])
                    self.assertEqual(row["name"] in words, is_marked, row["name"])
                self.assertIn("Boundaries are schematic: not true shapes.", words)
                self.assertIn(f"By the {100 * level:.2f}% interval", words)

    # ---- months ----

    def test_months_are_those_of_the_files(self):
        for profile in PROFILES:
            rows = self.table(f"{profile}-monthly-by-category")
            self.assertEqual([r["month"] for r in rows], [f"{y}-{m:02}" for y in YEARS for m in range(1, 13)])
            for row in rows:
                self.assertEqual(int(row["all"]), self.london.counts[profile, HAVERING, row["month"]], row["month"])


class Broken(unittest.TestCase):
    """One borough's records, thinned from one month on and without another: no residents, no wards, no other borough."""

    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory(prefix="reeve-e2e-")
        cls.dir = pathlib.Path(cls.temporary.name)
        cls.folder = cls.dir / "london"
        subprocess.run([SYNTH, cls.folder], check=True, stdout=subprocess.DEVNULL)
        cls.offences = [o for year in YEARS for o in read(cls.folder / f"offences-{year}.csv")
                        if o["borough_code"] == HAVERING]
        keys = {o["offence_id"] for o in cls.offences}
        cls.persons = [p for year in YEARS for p in read(cls.folder / f"persons-{year}.csv") if p["offence_id"] in keys]

    @classmethod
    def tearDownClass(cls):
        cls.temporary.cleanup()

    def assess(self, name, offences):
        """The folder of the report on a file with these offences."""
        place = self.dir / name
        place.mkdir()
        file = place / "borough.reeve"
        keys = {o["offence_id"] for o in offences}
        persons = [p for p in self.persons if p["offence_id"] in keys]
        for stem, rows, fields in (("offences", offences, list(self.offences[0])), ("persons", persons, list(self.persons[0]))):
            with open(place / f"{stem}.csv", "w", newline="") as f:
                out = csv.DictWriter(f, fields)
                out.writeheader()
                out.writerows(rows)
        must("new", file, "--title", "Broken", "--synthetic")
        bring_areas(file, self.folder, "borough")
        must("import", file, place / "offences.csv", place / "persons.csv", most=1)
        must("define", file, "adopt", "havering")
        must("assess", file, "--area", HAVERING, "--period", "2022-01..2022-12", "--compare", "2021-01..2021-12", "--out",
             place / "out")
        return place / "out"

    def check_quiet(self, out):
        names = {p.stem for p in (out / "tables").glob("*.csv")}
        for profile in PROFILES:
            for table in ("boroughs-all", "funnel-boroughs", "funnel-wards", "wards-all"):
                self.assertNotIn(f"{profile}-{table}", names)
        report = (out / "report.html").read_text()
        self.assertNotIn("Places it could hold", report)
        self.assertNotIn("outside the outer limits", report)
        self.assertNotRegex(report, r'<div class="picture">\s*<div class="wide">\s*</div>')
        return report

    def test_a_level_that_changes_at_once_cuts_the_lines_and_a_missing_month_is_a_gap(self):
        kept = [o for i, o in enumerate(self.offences) if o["recorded_at"][:7] != "2021-08"
                and (o["recorded_at"] < "2022-03" or o["offence_group"] != "abh" or i % 4 == 0)]
        out = self.assess("broken", kept)
        report = self.check_quiet(out)
        for profile, groups in (("under-25", "abh"), ("domestic-abuse", "abh")):
            rows = read(out / "tables" / f"{profile}-monthly-by-category.csv")
            breaks = {r["month"]: r["break"] for r in rows if r["break"]}
            self.assertEqual(list(breaks), ["2022-03"])
            abh = {r["month"]: int(r[groups]) for r in rows if r[groups]}
            before = statistics.fmean(abh[m] for m in ("2021-12", "2022-01", "2022-02"))
            after = statistics.fmean(abh[m] for m in ("2022-03", "2022-04", "2022-05"))
            self.assertIn(f"Actual bodily harm from {before:.0f} to {after:.0f} a month", breaks["2022-03"])
            self.assertIn("What is recorded may have changed, or what happened.", breaks["2022-03"])
            gap = next(r for r in rows if r["month"] == "2021-08")
            self.assertEqual({gap[c] for c in gap if c not in ("month", "break", "not_available_because")}, {""})
            self.assertIn("not covered", gap["not_available_because"])
            figure = re.search(rf'table-{profile}-monthly-by-category-heading">(.*?)</section>', report, re.S).group(1)
            words = " ".join(re.findall(r"<text[^>]*>(.*?)</text>", figure))
            self.assertIn("Dotted upright line, March 2022: the level changes at once", words)
            self.assertIn("Hatched: not available.", words)

    def test_months_without_a_break_say_so(self):
        out = self.assess("whole", self.offences)
        report = self.check_quiet(out)
        for profile in PROFILES:
            self.assertNotIn("break", read(out / "tables" / f"{profile}-monthly-by-category.csv")[0])
        self.assertIn("No change of recording is known or seen between these months.", report)

    def test_one_offence_is_no_chart_of_many(self):
        one = next(o for o in self.offences if o["recorded_at"] > "2022" and o["offence_group"] == "abh"
                   and "domestic" in o["flags"])
        report = self.check_quiet(self.assess("one", [one]))
        self.assertIn("too few offences, to see whether recording changed", report)
        self.assertNotIn("No change of recording is known", report)


if __name__ == "__main__":
    main()
