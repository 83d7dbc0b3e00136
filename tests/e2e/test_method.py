"""reeve method: list, show, and run on the reference files as they stand, within their tolerance.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import csv
import json
import math
import unittest

import harness

REFERENCE = harness.ROOT.parent / "shared" / "reference"
CONTRACT = """wilson poisson-exact byar crude-rate rate-ratio e-test ranks decomposition""".split()


def near(got, want, rel, absolute=0.0):
    return math.isclose(got, want, rel_tol=rel, abs_tol=max(absolute, 1e-300))


class Method(harness.Case):
    def reference(self, name):
        path = REFERENCE / name
        if not path.exists():
            self.skipTest(f"the reference file {name} is not here")
        return path

    def run_method(self, name, /, *files, **options):
        words = ["method", "run", name]
        for path in files:
            words += ["--in", path]
        for key, value in options.items():
            words += ["--opt", f"{key}={value}"]
        return self.ok(*words).json()

    def agree(self, got, name, want, rel, absolute=0.0):
        """`want` as in the reference: '' is not available, Inf has no number here."""
        if want in ("", "Inf", "NA", None):
            self.assertIsNone(got[name], (name, got))
            self.assertIn(name, got["missing"])
        else:
            self.assertIsNotNone(got[name], (name, got))
            self.assertTrue(near(got[name], float(want), rel, absolute), (name, got[name], want))

    def by_rows(self, name, path, columns, rel, absolute=0.0, /, **options):
        """`columns`: our output -> their column."""
        with open(path, newline="") as f:
            wanted = list(csv.DictReader(f))
        rows = self.run_method(name, path, **options)["rows"]
        self.assertEqual(len(rows), len(wanted))
        self.assertGreater(len(rows), 0)
        for row, want in zip(rows, wanted):
            for ours, theirs in columns.items():
                self.agree(row, ours, want[theirs], rel, absolute)
        return rows


class Describes(Method):
    def test_list_and_show(self):
        names = [m["name"] for m in self.ok("method", "list", "--json").json()]
        for name in CONTRACT:
            self.assertIn(name, names)
        self.assertEqual(len(names), len(set(names)))
        listed = self.ok("method", "list").out.splitlines()
        self.assertEqual([line.split()[0] for line in listed], names)
        for name in names:
            shown = self.ok("method", "show", name, "--json").json()
            self.assertTrue(shown["inputs"][0]["columns"] and shown["outputs"])
            text = self.ok("method", "show", name).out
            self.assertIn("## Formula", text)
            self.assertIn(shown["outputs"][0]["name"], text)

    def test_wrong_use(self):
        self.ok("method", "run", "wilson", status=2)
        self.ok("method", "walk", status=2)
        self.ok("method", "show", "wilsom", status=3)
        path = self.write("x.csv", "x,n\n1,2\none,2\n")
        failed = self.ok("method", "run", "wilson", "--in", path, status=3)
        self.assertIn('line 3, column "x": "one"', failed.err)
        self.ok("method", "run", "wilson", "--in", path, "--opt", "level", status=2)
        self.ok("method", "run", "wilson", "--in", self.dir / "none.csv", status=3)

    def test_named_input_and_gzip(self):
        import gzip
        path = self.write("x.csv.gz", gzip.compress(b"x,n\n1,2\n"))
        got = self.run_method("wilson", f"data={path}")
        self.assertEqual(got["rows"][0]["p"], 0.5)

    def test_the_same_bytes_each_time(self):
        path = self.write("x.csv", "area,count,pop\na,1,2\nb,3,4\n")
        words = ("method", "run", "ranks", "--in", path, "--opt", "by=rate")
        self.assertEqual(self.ok(*words).out, self.ok(*words, "--threads", "7").out)


class Family01(Method):
    def test_wilson(self):
        path = self.reference("01_wilson/wilson.csv")
        self.by_rows("wilson", path, {"p": "p", "lower": "lower", "upper": "upper"}, 0, 1e-12)

    def test_poisson(self):
        path = self.reference("01_poisson_ci/poisson_ci.csv")
        self.by_rows("poisson-exact", path, {"lower": "exact_lower", "upper": "exact_upper"}, 1e-9)
        self.by_rows("byar", path, {"lower": "byar_lower", "upper": "byar_upper"}, 1e-9)

    def test_crude_rate(self):
        path = self.reference("01_crude_rate/crude_rate.csv")
        for level, name in ((0.95, "95_0"), (0.998, "99_8")):
            self.by_rows("crude-rate", path,
                         {"value": "value", "lower": f"lower{name}cl", "upper": f"upper{name}cl"},
                         1e-9, level=level, method="ukhsa")


class Family02(Method):
    def test_rate_ratio(self):
        path = self.reference("02_rate_ratio/rate_ratio.csv")
        self.by_rows("rate-ratio", path, {n: n for n in ("rr", "wilson_lower", "wilson_upper", "exact_p")},
                     1e-8)
        # below 1e-37 statsmodels itself leaves out part of the sum
        self.by_rows("e-test", path, {"e_test_p": "e_test_p"}, 1e-8, 1e-37)

    def test_ranks(self):
        path = self.reference("02_ranks/ranks.csv")
        self.by_rows("ranks", path, {"rank": "rank_desc_min", "rank_low": "simul_holm_L",
                                     "rank_high": "simul_holm_U"}, 0)
        self.by_rows("ranks", path, {"rank": "rate_rank_desc_min", "rank_low": "rate_simul_holm_L",
                                     "rank_high": "rate_simul_holm_U"}, 0, by="rate")
        self.by_rows("ranks", path, {"rank": "rank_asc_min"}, 0, order="least-first")


class Family03(Method):
    def test_decomposition(self):
        path = self.reference("03_decomposition/decomposition.json")
        wanted = json.loads(path.read_text())
        cases = self.run_method("decomposition", path)["cases"]
        self.assertEqual(len(cases), len(wanted))
        for got, want in zip(cases, wanted):
            self.assertEqual(got["id"], want["id"])
            self.assertEqual(got["label"], want["label"])
            named = want["named"]
            self.assertEqual(got["named"], [named] if isinstance(named, str) else list(named or []))
            for name, value in want["total"].items():
                self.agree(got["total"], name, value, 1e-9, 1e-9)
            for row, part in zip(got["per_category"], want["per_category"]):
                self.assertEqual(row["category"], part["category"])
                for name in ("change", "share_net", "share_gross", "ppt", "baseline_share",
                             "p_category", "p_vs_rest"):
                    self.agree(row, name, part.get(name), 1e-9, 1e-9)


if __name__ == "__main__":
    harness.main()
