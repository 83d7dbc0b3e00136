"""reeve method on groups of people and on surveys: the reference files as they stand, and odd input.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import csv
import json

import harness
import test_method


class People(test_method.Method):
    def test_disproportionality_as_epitools_and_R_have_it(self):
        path = self.reference("04_disproportionality/disproportionality.csv")
        with open(path, newline="") as f:
            wanted = list(csv.DictReader(f))
        rows = self.run_method("disproportionality", path, reference="White")["rows"]
        self.assertEqual(len(rows), len(wanted))
        compared = 0
        for got, want in zip(rows, wanted):
            for name in set(want) - {"case", "group", "count", "pop", "missing"}:
                if isinstance(got[name], bool):
                    self.assertEqual(got[name], want[name] == "1", name)
                else:
                    self.agree(got, name, want[name], 1e-8)
                compared += 1
        self.assertEqual(compared, len(wanted) * 28)

    def test_the_claim_depends_on_the_missing(self):
        table = "group,count,pop,missing\nWhite,1150,197330,{0}\nBlack,310,21570,{0}\nMixed,75,9700,{0}\n"
        words = {}
        for missing in (0, 420, 760):
            rows = self.run_method("disproportionality", self.write("t.csv", table.format(missing)))["rows"]
            words[missing] = [r["wording"] for r in rows]
        self.assertEqual(words[0], ["NOT_AVAILABLE", "OVER_REPRESENTED", "OVER_REPRESENTED"])
        self.assertEqual(words[420], ["NOT_AVAILABLE", "OVER_REPRESENTED", "OVER_REPRESENTED_IF_ALIKE"])
        self.assertEqual(words[760], ["NOT_AVAILABLE", "OVER_REPRESENTED", "NOT_RELIABLE"])

    def test_a_missing_count_is_not_a_zero(self):
        path = self.write("t.csv", "group,count,pop\nA,5,100\nB,,200\n")
        for row in self.run_method("disproportionality", path)["rows"]:
            self.assertIsNone(row["rri_white"])
            self.assertIn("missing", row["missing"]["rri_white"])

    def test_bounds_with_a_factor_lie_inside_the_full_ones(self):
        path = self.reference("04_disproportionality/disproportionality.csv")
        for factor in (1.0, 1.5, 20.0):
            for row in self.run_method("bounds", path, factor=factor)["rows"]:
                if row["within_rri_lo"] is not None:
                    self.assertGreaterEqual(row["within_rri_lo"] * (1 + 1e-12), row["bound_rri_lo"])
                if row["within_rri_hi"] is not None and row["bound_rri_hi"] is not None:
                    self.assertLessEqual(row["within_rri_hi"], row["bound_rri_hi"] * (1 + 1e-12))

    def test_reallocation_within_strata(self):
        path = self.reference("04_reallocation/reallocation.json")
        wanted = json.loads(path.read_text())
        for got, want in zip(self.run_method("reallocation", path)["cases"], wanted, strict=True):
            for i, group in enumerate(got["groups"]):
                self.assertEqual(group["group"], want["groups"][i])
                for name in ("adjusted", "adjusted_share", "complete_case_share"):
                    self.assertTrue(test_method.near(group[name], want[name][i], 1e-10), (name, group))

    def test_pooling_as_mice_does(self):
        path = self.reference("04_rubin_pool/rubin.json")
        wanted = json.loads(path.read_text())
        small = self.run_method("pool", path, n=500)["cases"]
        for got, few, want in zip(self.run_method("pool", path)["cases"], small, wanted, strict=True):
            for name in ("qbar", "ubar", "b", "t", "df_old", "fmi", "riv"):
                self.assertTrue(test_method.near(got[name], want[name], 1e-10), name)
            self.assertTrue(test_method.near(got["lower"], want["lower95"], 1e-10))
            self.assertTrue(test_method.near(got["upper"], want["upper95"], 1e-10))
            self.assertTrue(test_method.near(few["df"], want["df_br_n500"], 1e-10))


class Survey(test_method.Method):
    def rake(self, *files, **options):
        return self.run_method("rake", *files, **options)

    def test_weights_as_R_survey_has_them(self):
        respondents = self.reference("07_survey/respondents.csv")
        margins = self.reference("07_survey/margins.csv")
        expected = json.loads(self.reference("07_survey/survey_expected.json").read_text())
        with open(self.reference("07_survey/weights_expected.csv"), newline="") as f:
            weights = list(csv.DictReader(f))
        runs = {"weight_rake": {}, "weight_trim_strict": {"trim_low": 200, "trim_high": 2000},
                "weight_cap_rerake": {"cap_low": 0.3, "cap_high": 3}}
        for column, options in runs.items():
            rows = self.rake(respondents, margins, **options)["rows"]
            for got, want in zip(rows, weights, strict=True):
                self.assertEqual(got["id"], want["id"])
                self.assertTrue(test_method.near(got["weight"], float(want[column]), 1e-7), (column, got))
        got = self.rake(respondents, margins, answer="unsafe")
        self.assertTrue(got["converged"])
        for name, want in (("unweighted_p", expected["unweighted_p"]), ("weighted_p", expected["raked_p"]),
                           ("se", expected["wtd_no_calib_se"]), ("lower", expected["wilson_neff"][0]),
                           ("upper", expected["wilson_neff"][1])):
            self.assertTrue(test_method.near(got["answer"][name], want, 1e-7), name)
        for name in ("kish_deff", "n_eff"):
            self.assertTrue(test_method.near(got[name], expected[name], 1e-7), name)
        for variable in got["variables"]:
            v = variable["variable"]
            for name, theirs in (("dissimilarity", "dissimilarity"), ("r_indicator", "R_indicator"),
                                 ("cv_rho", "CV_rho"), ("gof_p", "gof_p")):
                self.assertTrue(test_method.near(variable[name], expected[theirs][v], 1e-7), (v, name))

    def test_trimmed_and_capped_weights_and_groups_as_R_survey_has_them(self):
        respondents = self.reference("07_survey/respondents.csv")
        margins = self.reference("07_survey/margins.csv")
        expected = json.loads(self.reference("07_survey/survey_expected.json").read_text())
        for name, options in (("trim", {"trim_low": 200, "trim_high": 2000}),
                              ("cap_rerake", {"cap_low": 0.3, "cap_high": 3})):
            got = self.rake(respondents, margins, answer="unsafe", **options)
            self.assertTrue(test_method.near(got["answer"]["weighted_p"], expected[name]["p"], 1e-7), name)
            self.assertTrue(test_method.near(got["kish_deff"], expected[name]["kish"], 1e-7), name)
        with open(respondents, newline="") as f, open(self.reference("07_survey/weights_expected.csv"), newline="") as g:
            rows = [(p["age"], p["unsafe"], w["weight_rake"]) for p, w in zip(csv.DictReader(f), csv.DictReader(g),
                                                                              strict=True)]
        path = self.write("groups.csv", "group,answer,weight\n" + "".join(",".join(row) + "\n" for row in rows))
        got = {row["group"]: row for row in self.run_method("weighted-share", path)["groups"]}
        by_age = expected["by_age"]
        self.assertEqual(sorted(got), sorted(by_age["level"]))
        for level, share, n in zip(by_age["level"], by_age["p"], by_age["n"]):
            self.assertTrue(test_method.near(got[level]["weighted_p"], share, 1e-7), level)
            self.assertEqual(got[level]["n"], n)

    def test_two_way_tables_and_one_without_a_solution(self):
        path = self.reference("07_survey/ipf_tables.json")
        for got, want in zip(self.rake(path, tolerance=1e-12)["cases"], json.loads(path.read_text()), strict=True):
            self.assertEqual(got["converged"], want["converged"])
            for cell in got["cells"]:
                if want["fitted"] is None:
                    self.assertIsNone(cell["fitted"])
                else:
                    value = want["fitted"][cell["row"] - 1][cell["column"] - 1]
                    self.assertTrue(test_method.near(cell["fitted"], value, 1e-6, 1e-9), cell)

    def test_weighted_shares_by_group(self):
        path = self.write("s.csv", "group,answer,weight\nyoung,1,3\nyoung,0,1\nold,1,2\nold,,9\nold,0,2\n")
        groups = {g["group"]: g for g in self.run_method("weighted-share", path)["groups"]}
        self.assertEqual((groups["young"]["n"], groups["young"]["weighted_p"]), (2, 0.75))
        self.assertEqual((groups["old"]["n"], groups["old"]["weighted_p"]), (2, 0.5))

    def test_what_does_not_fit_is_named(self):
        people = self.write("p.csv", "id,age\n1,young\n2,old\n3,older\n")
        margins = self.write("m.csv", "var,level,pop\nage,young,50\nage,old,50\n")
        bad = self.ok("method", "run", "rake", "--in", people, "--in", margins, status=3)
        self.assertIn('row 3 of the respondents: "older"', bad.err)
        empty = self.write("e.csv", "var,level,pop\nage,young,50\nage,old,50\nage,older,5\nage,oldest,5\n")
        bad = self.ok("method", "run", "rake", "--in", people, "--in", empty, status=3)
        self.assertIn("oldest", bad.err)
        self.assertIn("merge", bad.err)
        other = self.write("o.csv", "var,level,pop\nsex,F,50\n")
        bad = self.ok("method", "run", "rake", "--in", people, "--in", other, status=3)
        self.assertIn('no column "sex"', bad.err)
        self.ok("method", "run", "rake", "--in", people, status=2)


if __name__ == "__main__":
    harness.main()
