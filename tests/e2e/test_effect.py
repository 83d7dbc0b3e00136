"""Before and after an intervention: planted counts, the arithmetic done again in Python, and what may be said.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import datetime
import math
import pathlib
import subprocess
import tempfile
import unittest

from harness import SYNTH, bring_areas, main, must, run

HAVERING = "E09000016"
WARDS = [f"E050003{n:02}" for n in range(6, 24)]  # of 2018
QUIET = WARDS[4:]
HEADER = "offence_id,recorded_at,committed_from,offence_group,lsoa_code,ward_code,borough_code,location_precision\n"
MONTHS = [f"{y}-{m:02}" for y in (2021, 2022) for m in range(1, 13)]


def days(first, last):
    year, month = map(int, last.split("-"))
    end = datetime.date(year + month // 12, month % 12 + 1, 1)
    return (end - datetime.date(*map(int, first.split("-")), 1)).days


def difference(t, c, shares, lengths):
    """The weighted displacement difference and its limits; t and c are (before, after)."""
    longer, size = lengths[1] / lengths[0], shares[1] / shares[0]
    estimate = t[1] - t[0] * longer - (c[1] - c[0] * longer) / size
    variance = t[1] + t[0] * longer ** 2 + (c[1] + c[0] * longer ** 2) / size ** 2
    return estimate, 1.959963984540054 * math.sqrt(variance)


def fisher(a, b, c, d):
    """Two-sided exact p of [[a, b], [c, d]]: what is no more likely than what was seen."""
    n, rows, column = a + b + c + d, a + b, a + c
    ways = [math.comb(rows, k) * math.comb(n - rows, column - k) if column - k <= n - rows else 0
            for k in range(min(rows, column) + 1)]
    seen = ways[a]
    return sum(w for w in ways if w * 10 ** 7 <= seen * (10 ** 7 + 1)) / math.comb(n, column)


class Effect(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        cls.at = pathlib.Path(cls.folder.name)
        subprocess.run([SYNTH, cls.at / "london", "--small"], check=True, stdout=subprocess.DEVNULL)

    def file(self, name, counts):
        """A partnership file of planted offences: counts[(ward, month)]; one a month elsewhere, so that all is covered."""
        path, csv = self.at / f"{name}.reeve", self.at / f"{name}.csv"
        lines, number = [HEADER], 0
        planted = {**{(QUIET[0], month): 1 for month in MONTHS}, **counts}
        for (ward, month), n in sorted(planted.items()):
            for k in range(n):
                number += 1
                day = f"{month}-{1 + k % 28:02}"
                lines.append(f"S{number:07},{day},{day}T{k % 24:02}:30,abh,,{ward},{HAVERING},area-only\n")
        csv.write_text("".join(lines))
        must("new", path, "--synthetic")
        bring_areas(path, self.at / "london", "borough", "ward-2018")
        must("import", path, csv, "--as", "offences")
        return path

    def ask(self, path, *words, treated=WARDS[:1], comparison=WARDS[1:4], before="2021-07..2021-12", after="2022-01..2022-06"):
        done = run("effect", path, "--by", "ward", "--treated", ",".join(treated), "--comparison", ",".join(comparison),
                   "--before", before, "--after", after, "--json", *words)
        self.assertEqual(done.status, 0, done.err)
        answer = done.json()
        return {f["id"]: f for f in answer["findings"]}, {p["part"]: p for p in answer["parts"]}

    @staticmethod
    def level(ward, *counts):
        """Counts a month of a ward in the first half of 2021, its second half, and the first half of 2022."""
        return {(ward, MONTHS[6 * i + m]): n for i, n in enumerate(counts) for m in range(6) if n}

    def plant(self, name, treated, comparison):
        counts = self.level(WARDS[0], *treated)
        for ward in WARDS[1:4]:
            counts |= self.level(ward, *comparison)
        return self.file(name, counts)

    def check_numbers(self, finding, t, c, shares, lengths):
        estimate, half = difference(t, c, shares, lengths)
        self.assertAlmostEqual(finding["value"], estimate, 8)
        self.assertAlmostEqual(finding["lower"], estimate - half, 8)
        self.assertAlmostEqual(finding["upper"], estimate + half, 8)
        told = abs(estimate) > half, fisher(*t, *c) < 0.05
        fewer = estimate < 0, t[1] * c[0] < t[0] * c[1]
        rule = finding["rule"].split("_", 1)[1]
        if all(told) and fewer[0] == fewer[1]:
            self.assertEqual(rule, "FEWER" if fewer[0] else "MORE")
        else:
            self.assertEqual(rule, "ONE_WAY" if any(told) else "NOT_DISTINGUISHABLE")

    def test_what_both_comparisons_tell_is_said_and_nothing_else(self):
        halves = days("2021-07", "2021-12"), days("2022-01", "2022-06")
        for name, treated, comparison, rule in (
                ("fewer", (20, 20, 10), (20, 20, 20), "EFFECT_FEWER"), ("more", (10, 10, 20), (20, 20, 20), "EFFECT_MORE"),
                ("chance", (10, 10, 9), (20, 20, 20), "EFFECT_NOT_DISTINGUISHABLE"),
                ("number-only", (4, 4, 6), (40, 40, 60), "EFFECT_ONE_WAY"),
                ("not-alike", (40, 40, 20), (2, 2, 1), "EFFECT_ONE_WAY")):
            with self.subTest(name):
                findings, parts = self.ask(self.plant(name, treated, comparison))
                found = findings["effect.treated.change"]
                self.assertEqual(found["rule"], rule)
                self.assertEqual([parts["treated"][k] for k in ("earlier", "before", "after")], [6 * n for n in treated])
                self.assertEqual([parts["comparison"][k] for k in ("earlier", "before", "after")], [18 * n for n in comparison])
                self.check_numbers(found, [6 * n for n in treated[1:]], [18 * n for n in comparison[1:]], (1, 3), halves)
                self.assertEqual(findings["effect.treated.earlier"]["rule"], "EARLIER_NOT_DISTINGUISHABLE")
                self.assertEqual(found["verdict"], "holds")
                self.assertNotRegex(found["statement"].lower(), "because|worked|success|caused|thanks|effective")

    def test_areas_chosen_at_their_peak_show_nothing(self):
        findings, _ = self.ask(self.plant("peak", (10, 30, 12), (20, 20, 20)))
        self.assertEqual(findings["effect.treated.earlier"]["rule"], "EARLIER_APART")
        self.assertEqual(findings["effect.treated.change"]["rule"], "EFFECT_FEWER")
        self.assertEqual(findings["effect.treated.change"]["verdict"], "not reliable")
        self.assertIn("return to the usual", findings["effect.treated.change"]["caveats"][0])

    def test_periods_of_unequal_length_are_made_alike(self):
        path = self.plant("unequal", (20, 20, 10), (20, 20, 20))
        findings, parts = self.ask(path, before="2021-01..2021-12", after="2022-01..2022-06")
        found = findings["effect.treated.change"]
        self.check_numbers(found, (240, 60), (720, 360), (1, 3), (365, 181))
        self.assertIsNone(parts["treated"]["earlier"])  # 2020 is not held: not nought
        self.assertEqual(findings["effect.treated.earlier"]["verdict"], "not available")
        self.assertEqual(found["verdict"], "holds with caution")

    def test_areas_nearby_and_both_together(self):
        counts = self.level(WARDS[0], 20, 20, 10)
        for ward in WARDS[1:4]:
            counts |= self.level(ward, 20, 20, 20)
        counts |= self.level(WARDS[5], 20, 20, 30)
        findings, parts = self.ask(self.file("moved", counts), "--nearby", WARDS[5])
        self.assertEqual(parts["nearby"]["after"], 180)
        self.assertEqual(findings["effect.nearby.change"]["rule"], "EFFECT_MORE")
        self.assertEqual(findings["effect.together.change"]["rule"], "EFFECT_NOT_DISTINGUISHABLE")
        self.check_numbers(findings["effect.together.change"], (240, 240), (360, 360), (2, 3),
                           (days("2021-07", "2021-12"), days("2022-01", "2022-06")))

    def test_the_rest_of_the_borough_and_other_records(self):
        counts = {(ward, month): 3 for ward in WARDS for month in MONTHS}
        path = self.file("rest", counts)
        _, parts = self.ask(path, "--area", HAVERING, comparison=["rest"])
        self.assertEqual((parts["comparison"]["areas"], parts["comparison"]["after"]), (17, 17 * 18))
        more = self.file("altered", {**counts, (WARDS[0], "2022-03"): 103})
        _, altered = self.ask(more, "--area", HAVERING, comparison=["rest"])
        self.assertEqual(altered["treated"], {**parts["treated"], "after": parts["treated"]["after"] + 100})
        self.assertEqual(altered["comparison"], parts["comparison"])
        words = ("effect", path, "--by", "ward", "--area", HAVERING, "--treated", WARDS[0], "--comparison", "rest",
                 "--before", "2021", "--after", "2022")
        self.assertEqual(run(*words, "--threads", 1).out, run(*words, "--threads", 2).out)

    def test_no_record_and_one_record_are_quiet(self):
        findings, _ = self.ask(self.file("none", {}))
        self.assertEqual(findings["effect.treated.change"]["rule"], "EFFECT_NOTHING_RECORDED")
        findings, _ = self.ask(self.file("one", {(WARDS[0], "2021-08"): 1}))
        self.assertEqual(findings["effect.treated.change"]["rule"], "EFFECT_NOT_DISTINGUISHABLE")
        self.assertEqual(findings["effect.treated.change"]["verdict"], "holds with caution")
        findings, _ = self.ask(self.file("gone", {}), before="2019", after="2022")
        self.assertEqual(findings["effect.treated.change"]["verdict"], "not available")

    def test_wrong_words_are_told_with_what_to_do(self):
        path = self.file("words", {})
        whole = {"--by": "ward", "--treated": WARDS[0], "--comparison": WARDS[1], "--before": "2021", "--after": "2022"}
        for change, status, said in (({"--after": "2021-06..2022-06"}, 2, "does not follow"),
                                     ({"--before": "soon"}, 2, "whole months"), ({"--before": None}, 2, "--before is needed"),
                                     ({"--comparison": None}, 2, "without a comparison"),
                                     ({"--comparison": "rest"}, 2, "--area"), ({"--treated": "E05999999"}, 3, "E05999999"),
                                     ({"--treated": WARDS[1]}, 3, "one part"), ({"--by": "ward,month"}, 2, "one type"),
                                     ({"--treated": None}, 2, "--treated needs")):
            with self.subTest(change=change):
                words = [w for pair in {**whole, **change}.items() if pair[1] for w in pair]
                done = run("effect", path, *words)
                self.assertEqual(done.status, status, done.err)
                self.assertIn(said, done.err)
                self.assertEqual(done.out, "")


if __name__ == "__main__":
    main()
