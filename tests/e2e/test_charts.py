"""Charts and maps as a person makes them: true to the tables, inert, accessible, the same every time.

The numbers in a picture are compared with `reeve table`, and lengths with numbers.
SPDX-License-Identifier: GPL-3.0-or-later
"""
import html.parser
import json
import re
import xml.etree.ElementTree as ET

from harness import Case, main, run
from test_contract import BOROUGHS, HAVERING, LSOAS, NORTH, RED, SOUTH, WARDS, squares

SVG = "{http://www.w3.org/2000/svg}"
HEADER = "offence_id,recorded_at,category,easting,northing\n"
PLACES = {"north": (550500, 181500), "south": (550500, 180500), "red": (553000, 181000), "bark": (555000, 181000)}


def number(text):
    return float(text.replace(",", "").replace("\u2212", "-").rstrip("%"))


class Picture:
    """An SVG as parsed by someone else's parser."""

    def __init__(self, text):
        self.text = text
        self.root = ET.fromstring(text)
        self.words = [" ".join("".join(t.itertext()).split()) for t in self.root.iter(SVG + "text")]
        self.marks = {}  # title -> element
        for parent in self.root.iter():
            title = parent.find(SVG + "title")
            if title is not None and parent is not self.root and parent.tag != SVG + "text":
                self.marks[title.text] = parent

    def says(self, words):
        return words in " ".join(self.words)


class Charts(Case):
    master = None

    @classmethod
    def tearDownClass(cls):
        Charts.master = None

    def setUp(self):
        super().setUp()
        if Charts.master is None:
            self.ok("new", self.file, "--synthetic")
            for items, kind, vintage in ((BOROUGHS, "borough", "2021"), (WARDS, "ward", "2018"), (LSOAS, "lsoa", "2011")):
                self.ok("areas", self.file, self.write(f"{kind}.geojson", squares(items)), "--type", kind, "--vintage",
                        vintage, "--code", "code", "--name", "name")
            self.ok("import", self.file, self.write("offences.csv", self.offences()), "--as", "offences")
            residents = "".join(f"{code},2022,{n}\n" for code, n in ((NORTH, 9000), (SOUTH, 12000), (RED, 21000),
                                                                    ("E05000004", 15000)))
            self.ok("import", self.file, self.write("residents.csv", "area_code,year,persons\n" + residents),
                    "--as", "population")
            Charts.master = self.file.read_bytes()
        else:
            self.file.write_bytes(Charts.master)

    def offences(self):
        """Synthetic: more in the south than anywhere, and a category that only one ward has."""
        counts = {("north", "Robbery"): 7, ("north", "Theft"): 31, ("south", "Robbery"): 23, ("south", "Theft"): 95,
                  ("red", "Robbery"): 11, ("red", "Theft"): 40, ("bark", "Theft"): 28, ("bark", "Arson <b>&"): 3}
        rows, n = [], 0
        for (place, category), count in counts.items():
            for i in range(count):
                n += 1
                rows.append(f"x{n},2022-{i % 12 + 1:02d},{category},{PLACES[place][0]},{PLACES[place][1]}\n")
        return HEADER + "".join(rows)

    def picture(self, *words):
        return Picture(self.ok(*words).out)

    def table(self, *words):
        return self.ok("table", self.file, *words).rows()

    # ---- charts of tables

    def test_a_bar_chart_has_the_numbers_of_its_table(self):
        rows = self.table("--by", "ward", "--period", "2022")
        seen = self.picture("table", self.file, "--by", "ward", "--period", "2022", "--chart", "bar", "--focus", "South")
        names = {code: name for code, name, *_ in WARDS}
        wanted = {names[r["ward"]]: float(r["count"]) for r in rows if r["ward"] in names}
        bars = {title.split(":")[0]: (number(title.split(": ")[1]), float(mark.get("width")))
                for title, mark in seen.marks.items()}
        self.assertEqual({k: v for k, v in wanted.items() if v}, {k: v[0] for k, v in bars.items()})
        longest = max(bars.values())
        for value, width in bars.values():  # nought is where bars begin
            self.assertAlmostEqual(width / longest[1], value / longest[0], delta=0.01)
        self.assertEqual(seen.root.get("role"), "img")
        self.assertTrue(seen.says("Synthetic data"))
        self.assertTrue(seen.says("SHA-256"))

    def test_a_rate_chart_has_the_rates_and_the_unit(self):
        rows = self.table("--by", "ward", "--period", "2022")
        seen = self.picture("table", self.file, "--by", "ward", "--period", "2022", "--chart", "interval")
        self.assertTrue(seen.says("per 100,000"))
        for row in rows:
            if row["rate"]:
                self.assertIn(f"{float(row['rate']):,.1f}", seen.words)
        self.assertTrue(seen.says("of which there is no rate") or not any(r["ward"] == "unplaced" for r in rows))

    def test_months_become_lines_and_panels(self):
        for chart in ("line", "multiples"):
            seen = self.picture("table", self.file, "--by", "month,category", "--period", "2022", "--chart", chart)
            self.assertTrue(seen.says("Robbery"))
            self.assertTrue(seen.says("Arson <b>&"))
            self.assertNotIn("<b>", seen.text)

    def test_stacks_and_grids(self):
        seen = self.picture("table", self.file, "--by", "ward,category", "--period", "2022", "--chart", "stacked")
        self.assertEqual(number(next(t for t in seen.marks if t.startswith("South, Theft")).split(": ")[1]), 95)
        shares = self.picture("table", self.file, "--by", "ward,category", "--period", "2022", "--chart", "stacked-share")
        self.assertIn("South, Robbery: 23 (19.5%)", shares.marks)  # 23 of 118
        self.assertTrue(shares.says("of 118"))
        heat = self.picture("table", self.file, "--by", "ward,category", "--period", "2022", "--chart", "heat")
        self.assertIn("South, Theft: 95", heat.marks)

    def test_two_years_become_a_change(self):
        later = HEADER + "".join(f"y{i},2021-{i % 12 + 1:02d},Theft,550500,180500\n" for i in range(60))
        self.ok("import", self.file, self.write("earlier.csv", later), "--as", "offences")
        seen = self.picture("table", self.file, "--by", "category,year", "--period", "2021-01..2022-12", "--chart", "waterfall")
        self.assertIn("Theft, Change: 134", seen.marks)  # 194 after 60
        self.assertTrue(seen.says("All of these"))

    def test_a_table_that_does_not_suit_says_which_charts_would(self):
        for words, wanted in (
                (["--by", "ward", "--chart", "heat"], "bar, interval"),
                (["--by", "ward,category", "--chart", "bar"], "stacked"),
                (["--by", "month,category", "--chart", "pyramid"], "line"),
                (["--by", "ward", "--chart", "pie"], "--chart takes one of"),
                (["--by", "ward", "--chart", "map"], "reeve map"),
                (["--by", "ward", "--chart", "funnel"], "bar"),
                (["--by", "ward", "--chart", "bar", "--format", "csv"], "--format svg"),
                (["--by", "ward", "--format", "svg"], "--chart takes one of"),
                (["--by", "ward", "--chart", "bar", "--width", "9"], "--width takes"),
                (["--by", "ward", "--chart", "bar", "--value", "mean"], "--value takes"),
                (["--by", "ward,category", "--chart", "stacked", "--value", "rate"], "only counts add up")):
            result = run("table", self.file, "--period", "2022", *words)
            self.assertEqual((result.status, result.out), (2, ""), words)
            self.assertIn(wanted, result.err)

    def test_the_same_bytes_whatever_the_threads(self):
        words = ["--by", "ward", "--period", "2022"]
        for command in (["table", self.file, *words, "--chart", "bar"], ["map", self.file, *words]):
            self.assertEqual(self.ok(*command, "--threads", "1").out, self.ok(*command, "--threads", "4").out)

    # ---- maps

    def test_a_map_shows_the_rate_of_every_area(self):
        rows = {r["ward"]: r for r in self.table("--by", "ward", "--period", "2022")}
        seen = self.picture("map", self.file, "--by", "ward", "--period", "2022", "--focus", SOUTH)
        for code, name, *_ in WARDS:
            self.assertIn(f"{name}: {float(rows[code]['rate']):,.1f}", seen.marks)
        self.assertTrue(seen.says("One class for each value."))
        self.assertTrue(seen.says("Boundaries: ward, vintage 2018"))

    def test_areas_without_a_rate_are_hatched(self):
        seen = self.picture("map", self.file, "--by", "lsoa", "--period", "2022")
        hatched = [t for t, m in seen.marks.items() if "hatch" in (m.get("fill") or "")]
        self.assertEqual(len(hatched), len(LSOAS))  # no population by LSOA is held
        self.assertTrue(all("not available" in t for t in hatched))

    def test_significance_follows_the_intervals(self):
        rows = {r["ward"]: r for r in self.table("--by", "ward", "--period", "2022")}
        page = self.dir / "map.html"
        self.ok("map", self.file, "--by", "ward", "--period", "2022", "--classes", "significance", "--out", page)
        total = sum(float(r["count"]) for c, r in rows.items() if c != "unplaced")
        people = sum(float(r["population"]) for c, r in rows.items() if c != "unplaced")
        reference = total / people * 1e5
        text = page.read_text()
        for code, name, *_ in WARDS:
            lower, upper = float(rows[code]["lower"]), float(rows[code]["upper"])
            word = "above" if lower > reference else "below" if upper < reference else "not clearly different"
            self.assertRegex(text, rf"(?s){name}</th>.*?{reference:,.1f}</td><td>{word}</td>")

    def test_a_page_is_whole_and_inert(self):
        page = self.dir / "map.html"
        self.ok("map", self.file, "--by", "ward", "--period", "2022", "--title", "<script>alert(1)</script> & 'more'",
                "--out", page)
        text = page.read_text()
        self.assertNotIn("<script", text)
        self.assertIn("default-src 'none'", text)
        tags = []
        parser = html.parser.HTMLParser()
        parser.handle_starttag = lambda tag, attrs: tags.append((tag, dict(attrs)))
        parser.feed(text)
        names = [t for t, _ in tags]
        self.assertEqual([names.count(n) for n in ("h1", "main", "table", "svg")], [1, 1, 1, 2])
        ids = [a["id"] for _, a in tags if "id" in a]
        self.assertEqual(len(ids), len(set(ids)))
        self.assertFalse([a for t, a in tags if "src" in a or str(a.get("href", "#")).startswith(("http", "//"))])
        for code, name, *_ in WARDS:
            self.assertIn(code, text)

    def test_outlines_and_the_area_inside(self):
        seen = self.picture("map", self.file, "--by", "ward", "--period", "2022", "--area", HAVERING, "--outlines", "borough")
        self.assertEqual({t.split(":")[0] for t in seen.marks}, {"North", "South"})
        self.assertTrue(seen.says("Heavy lines: boroughs, 2021."))
        result = run("map", self.file, "--by", "ward", "--period", "2022", "--outlines", "parish")
        self.assertEqual(result.status, 3)

    # ---- indicators

    INDICATORS = ("indicator,title,area_code,period_from,period_to,period_label,category,value,denominator,unit,symbol\n"
                  "hh,Households by deprivation,{n},2021-03,2021-03,2021,none,1500,4000,households,\n"
                  "hh,Households by deprivation,{n},2021-03,2021-03,2021,four dimensions,12,4000,households,\n"
                  "hh,Households by deprivation,{s},2021-03,2021-03,2021,none,2600,5000,households,\n"
                  "hh,Households by deprivation,{s},2021-03,2021-03,2021,four dimensions,,5000,households,c\n"
                  "score,Income score,{n},2015-01,2015-12,2015,,0.21,,score,\n"
                  "score,Income score,{n},2019-01,2019-12,2019,,0.053,,score,\n"
                  "score,Income score,{s},2019-01,2019-12,2019,,0.184,,score,\n"
                  "score,Income score,{r},2019-01,2019-12,2019,,,,score,z\n"
                  "score,Income score,E99999999,2019-01,2019-12,2019,,0.5,,score,\n"
                  ).format(n=NORTH, s=SOUTH, r=RED)

    def indicators(self):
        self.ok("import", self.file, self.write("indicators.csv", self.INDICATORS), "--as", "indicators")

    def test_indicators_join_by_code_and_symbols_are_reasons(self):
        self.indicators()
        page = self.dir / "score.html"
        self.ok("map", self.file, "--by", "ward", "--indicator", "score", "--out", page)
        text = page.read_text()
        self.assertIn("Income score, 2019, by ward", text)
        self.assertIn("0.053", text)
        self.assertIn("not applicable (z)", text)
        self.assertIn("its publisher has no row for this area", text)
        self.assertNotIn(">0.0<", text)
        self.assertIn("joined by code to 2 of 4 areas", text)
        self.assertIn("1 values are of areas that are not on this map", text)
        seen = self.picture("map", self.file, "--by", "ward", "--indicator", "score", "--period", "2015")
        self.assertEqual([t for t in seen.marks if "not available" not in t], ["North: 0.21"])

    def test_a_category_must_be_chosen_and_becomes_a_share(self):
        self.indicators()
        result = run("map", self.file, "--by", "ward", "--indicator", "hh")
        self.assertEqual(result.status, 2)
        self.assertIn('"four dimensions"', result.err)
        seen = self.picture("map", self.file, "--by", "ward", "--indicator", "hh", "--category", "four")
        self.assertIn("North: 0.3%", seen.marks)
        self.assertIn("South: not available", seen.marks)
        self.assertTrue(seen.says("Percent of households"))
        seen = self.picture("map", self.file, "--by", "ward", "--indicator", "hh", "--category", "four", "--value", "count")
        self.assertIn("North: 12", seen.marks)

    def test_what_is_not_held_is_said(self):
        self.indicators()
        for words, wanted in ((["--by", "ward", "--indicator", "scor"], "did you mean: score"),
                              (["--by", "ward", "--indicator", "nothing"], "--list"),
                              (["--by", "borough", "--indicator", "score"], "join by code only"),
                              (["--by", "parish", "--indicator", "score"], "no boundaries of type"),
                              (["--by", "ward", "--indicator", "score", "--period", "1999"], "its latest is 2019"),
                              (["--by", "ward", "--indicator", "score", "--classes", "significance"], "interval"),
                              (["--by", "ward", "--indicator", "hh", "--category", "five"], "choose one")):
            result = run("map", self.file, *words)
            self.assertIn(result.status, (2, 3), words)
            self.assertIn(wanted, result.err)
            self.assertEqual(result.out, "")

    def test_the_list_names_what_can_be_mapped(self):
        self.indicators()
        rows = self.ok("map", self.file, "--list").rows()
        self.assertEqual([(r["indicator"], r["areas"], r["rows"]) for r in rows], [("hh", "2", "4"), ("score", "4", "5")])
        self.assertEqual(json.loads(self.ok("map", self.file, "--list", "--json").out)[1]["period_from"], "2015-01")

    def test_residents_and_their_density(self):
        seen = self.picture("map", self.file, "--by", "ward", "--indicator", "residents")
        self.assertIn("South: 12,000", seen.marks)
        seen = self.picture("map", self.file, "--by", "ward", "--indicator", "residents-per-km2")
        self.assertIn("South: 6,000.0", seen.marks)  # 2 square kilometres

    def test_help_names_every_option_once(self):
        text = self.ok("map", "--help").out
        options = re.findall(r"^  (--[a-z]+)", text, re.M)
        self.assertEqual(len(options), len(set(options)))
        for word in ("--indicator", "--classes", "--outlines", "--out"):
            self.assertIn(word, options)


if __name__ == "__main__":
    main()
