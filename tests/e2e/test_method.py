"""reeve method: list, show, and run on the reference files as they stand, within their tolerance.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import csv
import json
import math
import pathlib
import tempfile
import unittest

import harness

REFERENCE = harness.ROOT.parent / "shared" / "reference"
CONTRACT = """wilson poisson-exact byar crude-rate dsr isr funnel compare-benchmark diff-proportions rate-ratio
e-test ranks decomposition kitagawa pop-vs-rate harm""".split()


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


    def areas(self, name, files, wanted, columns, rel, /, **options):
        """The row of each area in `wanted`."""
        got = {row["area"]: row for row in self.run_method(name, *files, **options)["rows"]}
        self.assertGreater(len(wanted), 0)
        for want in wanted:
            for ours, theirs in columns.items():
                self.agree(got[want["area"]], ours, want[theirs], rel)

    def table(self, name):
        with open(self.reference(name), newline="") as f:
            return list(csv.DictReader(f))


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


    def test_diff_proportions(self):
        path = self.reference("01_diff_proportions/newcombe.csv")
        names = ("diff", "newcombe_lower", "newcombe_upper", "fisher_p_two_sided")
        self.by_rows("diff-proportions", path, {n: n for n in names}, 0, 1e-9)

    def test_dsr(self):
        path, wanted = self.reference("01_dsr/dsr_input.csv"), self.table("01_dsr/dsr_expected.csv")
        for level, name in ((0.95, "95_0"), (0.998, "99_8")):
            self.areas("dsr", [path], wanted,
                       {"total_count": "total_count", "total_pop": "total_pop", "value": "value",
                        "lower": f"lower{name}cl", "upper": f"upper{name}cl"}, 1e-9, level=level, method="ukhsa")
        self.areas("dsr", [path], wanted, {"value": "dsr", "variance": "var", "lower": "dobson_exact_lower",
                                           "upper": "dobson_exact_upper"}, 1e-9, least=0)

    def test_isr(self):
        files = [self.reference("01_isr/isr_input.csv"), self.reference("01_isr/isr_reference.csv")]
        wanted = self.table("01_isr/isr_expected.csv")
        for level, name in ((0.95, "95"), (0.998, "998")):
            self.areas("isr", files, wanted, {"observed": "observed", "expected": "expected", "ratio": "ratio",
                                              "lower": f"lower{name}", "upper": f"upper{name}"},
                       1e-9, level=level, method="ukhsa")
        self.areas("isr", files, wanted, {"lower": "exact_lower95", "upper": "exact_upper95"}, 1e-9)

    def test_funnel(self):
        path = self.reference("01_funnel/funnel_proportion.csv")
        limits = {"lower_2s": "0.025", "upper_2s": "0.975", "lower_3s": "0.001", "upper_3s": "0.999"}
        for kind, prefix in (("score", "norm_"), ("exact", "spieg_exact_")):
            rows = self.by_rows("funnel", path, {ours: prefix + tail for ours, tail in limits.items()}, 1e-8,
                                kind="proportion", limits=kind)
        got = self.run_method("funnel", path, kind="proportion", limits="score")
        for row, want in zip(got["rows"], self.table("01_funnel/funnel_proportion.csv")):
            self.assertEqual(row["significance"], want["significance"])
        path = self.reference("01_funnel/funnel_rate.csv")
        rows = self.by_rows("funnel", path, {"value": "rate", "z": "z_naive"} |
                            {ours: "spieg_exact_" + tail for ours, tail in limits.items()}, 1e-8)
        wanted = self.table("01_funnel/funnel_rate.csv")
        for row, want in zip(self.run_method("funnel", path, limits="ukhsa")["rows"], wanted):
            self.assertEqual(row["significance"], want["significance"])
        funnel = self.run_method("funnel", path)["funnel"]
        for ours, theirs in (("phi_raw", "phi_raw"), ("phi", "phi_winsor10"), ("phi_critical", "phi_crit"),
                             ("target", "average")):
            self.agree(funnel, ours, wanted[0][theirs], 1e-8)
        self.assertEqual(len(rows), 32)

    def test_compare_benchmark(self):
        path = self.reference("01_benchmark_compare/benchmark_compare.csv")
        wanted = self.table("01_benchmark_compare/benchmark_compare.csv")
        for method in ("exact", "ukhsa"):
            rows = self.run_method("compare-benchmark", path, method=method)["rows"]
            self.assertEqual(len(rows), len(wanted))
            for row, want in zip(rows, wanted):
                for name in ("side95", "label95", "side998", "label998"):
                    self.assertEqual(row[name], want[name], (row, want))


class Published(Method):
    """What UKHSA prints beside its own functions; the digits are those that it prints."""

    def test_intervals(self):
        path = self.reference("01_phe_published/byars_wilson.csv")
        wanted = self.table("01_phe_published/byars_wilson.csv")
        checked = 0
        for method in ("wilson", "byar"):
            for row, want in zip(self.run_method(method, path)["rows"], wanted):
                if want["method"].lower().startswith(method[:4]):
                    checked += 1
                    self.agree(row, "upper", want["uppercl"], 1e-12)
                    if want["lowercl"]:  # the last row prints an upper limit alone
                        self.agree(row, "lower", want["lowercl"], 1e-12)
        self.assertEqual(checked, len(wanted))

    def test_proportion_and_rate(self):
        for level, name in ((0.95, "95_0"), (0.998, "99_8")):
            columns = {"value": "value", "lower": f"lower{name}cl", "upper": f"upper{name}cl"}
            self.by_rows("wilson", self.reference("01_phe_published/proportion.csv"), columns, 1e-12,
                         level=level)
            self.by_rows("crude-rate", self.reference("01_phe_published/rate.csv"), columns, 1e-12,
                         level=level, method="ukhsa")

    def test_dsr_published(self):
        """The rows adjusted for events that are not independent have no input among the files."""
        path = self.reference("01_phe_published/dsr_input_multiarea.csv")
        wanted = [row for row in self.table("01_phe_published/dsr_results.csv") if row["method"] == "Dobson"]
        for per, rows in ((10000, wanted[:2]), (100000, wanted[2:4])):
            for level, name in ((0.95, "95_0"), (0.998, "99_8")):
                self.areas("dsr", [path], rows,
                           {"total_count": "total_count", "total_pop": "total_pop", "value": "value",
                            "lower": f"lower{name}cl", "upper": f"upper{name}cl"}, 1e-12,
                           level=level, method="ukhsa", missing="zero", per=per)
        tiny = [r for r in self.run_method("dsr", path)["rows"] if r["area"] == "testdata_tiny"][0]
        self.assertIsNone(tiny["total_count"])  # an empty cell is not 0 unless the reader says so
        self.assertIn("not 0", tiny["missing"]["value"])
        old = self.run_method("dsr", self.reference("01_phe_published/dsr_input_1976.csv"), method="ukhsa")
        self.assertEqual(len(old["rows"]), 1)
        rows = self.table("01_phe_published/dsr_input_1976.csv")
        weight = sum(int(r["esp1976"]) for r in rows)
        crude = sum(int(r["count"]) / int(r["pop"]) * int(r["esp1976"]) for r in rows) / weight * 100000
        self.assertAlmostEqual(old["rows"][0]["value"], crude, places=8)

    def test_isr_published(self):
        """Area1 has no input among the files."""
        files = [self.reference("01_phe_published/dsr_input_multiarea.csv"),
                 self.reference("01_phe_published/isr_refdata.csv")]
        checked = 0
        for row in self.table("01_phe_published/isr_results.csv"):
            if row["area"] == "Area1":
                continue
            unit = float(row["statistic"].split()[-1])
            is_rate = " rate " in row["statistic"]
            names = ("rate", "rate_lower", "rate_upper") if is_rate else ("ratio", "lower", "upper")
            for level, name in ((0.95, "95_0"), (0.998, "99_8")):
                checked += 1
                columns = {names[0]: "value", names[1]: f"lower{name}cl", names[2]: f"upper{name}cl",
                           "observed": "observed", "expected": "expected"}
                if is_rate:
                    columns["ref_rate"] = "ref_rate"
                self.areas("isr", files, [row], columns, 1e-12, level=level, method="ukhsa", missing="zero",
                           **{"per" if is_rate else "times": unit})
        self.assertEqual(checked, 12)

    def test_mean(self):
        path = self.reference("01_phe_published/mean_input.csv")
        one, together = self.table("01_phe_published/mean_results.csv")
        for level, name in ((0.95, "95_0"), (0.998, "99_8")):
            columns = {"value_sum": "value_sum", "value_count": "value_count", "stdev": "stdev", "value": "value",
                       "lower": f"lower{name}cl", "upper": f"upper{name}cl"}
            self.areas("mean", [path], [one], columns, 1e-12, level=level)
            all_rows = self.run_method("mean", path, level=level, group="false")["rows"]
            for ours, theirs in columns.items():
                self.agree(all_rows[0], ours, together[theirs], 1e-12)

    def test_funnel_proportions(self):
        path = self.reference("01_phe_published/testdata_funnel_prop_inputs.csv")
        got = self.run_method("funnel", path, kind="proportion", limits="score", per=100)
        wanted = self.table("01_phe_published/testdata_funnel_prop_inputs.csv")
        self.assertEqual(len(got["rows"]), len(wanted))
        for row, want in zip(got["rows"], wanted):
            self.assertEqual(row["significance"], want["significance"], row)
        curve = self.reference("01_phe_published/testdata_funnel_prop_outputs.csv")
        self.assertAlmostEqual(got["funnel"]["target"],
                               float(self.table("01_phe_published/testdata_funnel_prop_outputs.csv")[0]["Baseline"]),
                               places=6)
        self.by_rows("funnel", curve, {"lower_2s": "Lower2s0025limit", "upper_2s": "Upper2s0025limit",
                                       "lower_3s": "Lower3s0001limit", "upper_3s": "Upper3s0001limit"}, 0, 2e-6,
                     kind="proportion", limits="score", per=100)

    def test_funnel_rates(self):
        """Their search for the limit m of a count x halves v = m / (1 + x + m) down to 1e-7 and stops there: the
        exact Poisson limits are the source, and each printed value must lie within that step of them."""
        path = self.reference("01_phe_published/testdata_funnel_rate_outputs.csv")
        wanted = self.table("01_phe_published/testdata_funnel_rate_outputs.csv")
        rows = self.run_method("funnel", path, limits="ukhsa")["rows"]
        self.assertEqual(len(rows), 100)
        for row, want in zip(rows, wanted):
            for side in ("lower", "upper"):
                for s in (2, 3):
                    limit = row[f"{side}_{s}s"]
                    mean = float(want["baseline"]) * row["numerator"] / limit
                    v = mean / (1 + row["numerator"] + mean)
                    step = 1.1e-7 / (v * (1 - v))
                    self.agree(row, f"{side}_{s}s", want[f"{side}_{s}s_limit"], step)
                    size = row["numerator"] / limit * 100000 / 3  # of each of three years
                    self.assertTrue(near(size, float(want[f"{side}_{s}s_population_1_year"]), step))

    def test_funnel_sizes_from_rates(self):
        path = self.reference("01_phe_published/testdata_funnel_rate_input_funnels.csv")
        rows = self.run_method("funnel", path, limits="ukhsa", population="derived")["rows"]
        for row, want in zip(rows, self.table("01_phe_published/testdata_funnel_rate_input_funnels.csv")):
            self.assertTrue(near(row["size"] / 3, float(want["denominator_derived_crude"]), 1e-9))
            if want["rate_chart"] != "NA":
                self.assertTrue(near(row["value"], float(want["rate_chart"]), 1e-9))


class Family02(Method):
    def test_rate_ratio(self):
        path = self.reference("02_rate_ratio/rate_ratio.csv")
        names = ("rr wald_lower wald_upper exact_lower exact_upper exact_p midp_p wilson_lower wilson_upper "
                 "pct_change wheeler_z two_sample_sqrt_z").split()
        self.by_rows("rate-ratio", path, {n: n for n in names}, 1e-8)
        # below 1e-37 statsmodels itself leaves out part of the sum
        self.by_rows("e-test", path, {"e_test_p": "e_test_p"}, 1e-8, 1e-37)

    def test_ranks(self):
        path = self.reference("02_ranks/ranks.csv")
        self.by_rows("ranks", path, {"rank": "rank_desc_min", "rank_low": "simul_holm_L",
                                     "rank_high": "simul_holm_U"}, 0)
        self.by_rows("ranks", path, {"rank": "rate_rank_desc_min", "rank_low": "rate_simul_holm_L",
                                     "rank_high": "rate_simul_holm_U"}, 0, by="rate")
        self.by_rows("ranks", path, {"rank": "rank_asc_min"}, 0, order="least-first")

    def test_ranks_of_shares(self):
        with open(harness.ROOT / "tests" / "ref" / "rank-shares.csv", newline="", encoding="utf-8") as opened:
            next(opened)
            rows = [r for r in csv.DictReader(opened) if r["case"] == "spread"]
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "shares.csv"
            path.write_text("area,count,population\n" + "".join(f"{r['area']},{r['part']},{r['whole']}\n" for r in rows))
            got = harness.run("method", "run", "ranks", "--in", path, "--opt", "by=share").json()["rows"]
            self.assertEqual([(g["rank"], g["rank_low"], g["rank_high"]) for g in got],
                             [(int(r["rank"]), int(r["low"]), int(r["high"])) for r in rows])
            path.write_text("area,count,population\na,1,10.5\nb,2,20\n")
            bad = harness.run("method", "run", "ranks", "--in", path, "--opt", "by=share")
            self.assertEqual(bad.status, 3)
            self.assertIn("whole number", bad.err)


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

    def test_kitagawa(self):
        path = self.reference("03_kitagawa/kitagawa.json")
        wanted = json.loads(path.read_text())
        cases = self.run_method("kitagawa", path)["cases"]
        self.assertEqual([c["id"] for c in cases], [w["id"] for w in wanted])
        for got, want in zip(cases, wanted):
            for name in ("crude0", "crude1", "diff", "rate_effect", "composition_effect"):
                self.agree(got, name, want[name], 1e-10)
            for name, value in want["three"].items():
                self.agree(got["three"], name, value, 1e-10)
            self.assertEqual(len(got["rows"]), len(want["input"]["events0"]))
            for k, row in enumerate(got["rows"]):
                for name in ("rate_effect", "composition_effect"):
                    self.agree(row, name, want[f"{name}_by_group"][k], 1e-10)

    def test_pop_vs_rate(self):
        path = self.reference("03_pop_vs_rate/pop_vs_rate.csv")
        names = ("mid_pop_effect", "mid_rate_effect", "lmdi_pop_effect", "lmdi_rate_effect")
        self.by_rows("pop-vs-rate", path, {n: n for n in names}, 1e-10)


class Family06(Method):
    def test_concentration(self):
        path = self.reference("06_concentration/concentration.json")
        wanted = json.loads(path.read_text())
        cases = self.run_method("concentration", path)["cases"]
        self.assertEqual(len(cases), len(wanted))
        for got, want in zip(cases, wanted):
            for name in ("gini", "gini_unbiased", "generalised_gini", "generalised_gini_unbiased", "units_for_25pct",
                         "units_for_50pct", "pct_units_for_25", "pct_units_for_50", "units_with_events", "hhi", "theil"):
                self.agree(got, name, want[name], 1e-10, 1e-12)
            for top in got["tops"]:
                self.agree(top, "share", want["top_share"][str(top["top"])], 1e-10)
                self.assertEqual(top["tied_at_cut"], bool(want["top_k_tied_at_cut"][str(top["top"])]))
            if "null_gini_mean" in want:
                self.agree(got, "null_gini_mean", want["null_gini_mean"], 0.01)
                ten = next(top for top in got["tops"] if top["top"] == 10)
                self.agree(ten, "null_mean", want["null_top10_share_mean"], 0.01)

    def test_a_missing_count_is_not_nought(self):
        path = self.write("counts.csv", "area,count\na,3\nb,\nc,1\n")
        self.assertIn("row 2", self.ok("method", "run", "concentration", "--in", path, status=3).err)
        path = self.write("counts.csv", "place,count\na,3\nb,0\nc,1\n")
        got = self.run_method("repeat-locations", path)
        self.assertEqual((got["repeat_places"], got["at_repeats"], got["used"]), (1, 3, 2))


class Family09(Method):
    def test_harm(self):
        path = self.reference("09_harm/harm.json")
        wanted = json.loads(path.read_text())
        cases = self.run_method("harm", path)["cases"]
        self.assertEqual(len(cases), len(wanted))
        for got, want in zip(cases, wanted):
            for name in ("harm_total", "harm_per_1000", "mean_harm"):
                self.agree(got["areas"][0], name, want[name], 1e-12)
            for k, row in enumerate(got["rows"]):
                for name in ("share_count", "share_harm"):
                    self.agree(row, name, want[name][k], 1e-12)
            self.assertEqual(got["unmapped"], [])

    def test_editions_never_mix_and_the_unmapped_are_listed(self):
        data = self.write("counts.csv", "area,period,offence,count,population\n"
                          "A,2021,homicide,1,1000\nA,2021,gbh,20,1000\nA,2021,drugs,7,1000\n"
                          "A,2022,gbh,25,1100\nB,2021,gbh,,900\n")
        two = self.write("weights.csv", "offence,weight,scheme\nhomicide,100,one 2016\ngbh,10,one 2016\n"
                         "gbh,12,one 2026\n")
        failed = self.ok("method", "run", "harm", "--in", data, "--in", two, status=3)
        self.assertIn("more than one edition", failed.err)
        self.assertIn("no weights of the scheme", self.ok("method", "run", "harm", "--in", data, "--in", two,
                                                          "--opt", "scheme=one 2020", status=3).err)
        got = self.run_method("harm", data, f"weights={two}", scheme="one 2016")
        first, second, third = got["areas"]
        self.assertEqual((first["harm_total"], first["harm_without"], first["unmapped_events"]), (300, 200, 7))
        self.assertEqual(first["harm_per_1000"], 300)
        self.assertEqual((second["period"], second["harm_total"]), ("2022", 250))
        self.assertIsNone(third["harm_total"])  # one of its counts is missing
        self.assertIn("missing", third["missing"]["harm_total"])
        self.assertEqual([(u["offence"], u["count"]) for u in got["unmapped"]], [("drugs", 7)])
        self.assertIn("no weight", got["rows"][2]["missing"]["share_harm"])
        twice = self.write("twice.csv", "offence,weight\ngbh,1\ngbh,2\n")
        self.assertIn("two weights", self.ok("method", "run", "harm", "--in", data, "--in", twice, status=3).err)
        self.ok("method", "run", "harm", "--in", data, status=3)


class Family10(Method):
    def test_apportion_from_blocks(self):
        """The reference as it stands: its blocks give weights by population."""
        path = self.reference("10_boundary/areal_interpolation.json")
        reference = json.loads(path.read_text())
        got = self.run_method("apportion", f"pieces={path}", f"sources={path}")
        rank = {t["id"]: i for i, t in enumerate(reference["targets"])}
        wanted = {s["id"]: w for s, w in zip(reference["sources"], reference["weights_pop"])}
        self.assertGreater(len(got["weights"]), 40)
        for row in got["weights"]:
            want = wanted[row["source"]][rank[row["target"]]]
            self.assertTrue(near(row["weight"], want, 1e-9), row)

    def test_largest_remainder(self):
        """The values as people of the parts of one source, whose events are their total."""
        cases = json.loads(self.reference("10_boundary/largest_remainder.json").read_text())
        for case in cases:
            pieces = "source,target,population\n" + "".join(f"s,t{i},{v!r}\n" for i, v in enumerate(case["values"]))
            sources = self.write("sources.csv", f"source,count\ns,{case['total']}\n")
            got = self.run_method("apportion", f"pieces={self.write('pieces.csv', pieces)}", f"sources={sources}")
            self.assertEqual([row["rounded"] for row in got["rows"]], case["rounded"], case)
        self.assertGreater(len(cases), 10)

    def test_apportion(self):
        """With the areas too, for the sources without people."""
        path = self.reference("10_boundary/areal_interpolation.json")
        reference = json.loads(path.read_text())
        sources, targets = reference["sources"], reference["targets"]
        people = {}
        for block in reference["blocks"]:
            pair = block["source"], block["target"]
            people[pair] = people.get(pair, 0) + block["pop"]
        pieces = "source,target,population,area\n" + "".join(
            f"{s['id']},{t['id']},{people.get((s['id'], t['id']), 0)},{w!r}\n"
            for s, ws in zip(sources, reference["weights_area"]) for t, w in zip(targets, ws))
        for basis, key in (("population", "pop"), ("area", "area")):
            got = self.run_method("apportion", f"pieces={self.write('pieces.csv', pieces)}",
                                  f"sources={path}", basis=basis)
            rows = {row["target"]: row for row in got["rows"]}
            for t, want in zip(targets, reference["target_counts"][key]):
                self.assertTrue(near(rows[t["id"]]["value"], want, 1e-9))
            self.assertEqual(sum(row["rounded"] for row in got["rows"]), reference["total"])
            if basis == "population":
                self.assertEqual([rows[t["id"]]["rounded"] for t in targets], reference["rounded_pop"])
                self.assertEqual(got["total"]["split"], reference["n_split_over_5pct"])
                by_area = {w["source"] for w in got["weights"] if w["basis"] == "area"}
                self.assertEqual(by_area, set(reference["fallback_to_area"]))


if __name__ == "__main__":
    harness.main()
