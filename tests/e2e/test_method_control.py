"""reeve method: control charts, before-and-after with comparison areas, who answered.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import csv
import json
import math

import harness
import test_method

REF = harness.ROOT / "tests" / "ref"


def table(path):
    with open(path, newline="") as f:
        return list(csv.DictReader(line for line in f if not line.startswith("#")))


class ControlChart(test_method.Method):
    def chart(self, rows, phases=(), **options):
        data = self.write("data.csv", "period,x,n\n" + "".join(",".join(map(str, r)) + "\n" for r in rows))
        files = [data]
        if phases:
            files.append("phases=" + str(self.write("phases.csv", "from,reason\n" + "".join(
                ",".join(map(str, p)) + "\n" for p in phases))))
        return self.run_method("control-chart", *files, **options)

    def test_charts_as_R_has_them(self):
        charts = {}
        for row in table(REF / "control-chart.csv"):
            charts.setdefault((row["kind"], row["rules"]), []).append(row)
        self.assertEqual(len(charts), 7)
        for (kind, rules), wanted in charts.items():
            second = next(r["row"] for r in wanted if r["phase"] == "2")
            got = self.chart([(r["row"], r["x"], r["n"]) for r in wanted], [(second, "another force")],
                             kind=kind, rules=rules)
            for row, want in zip(got["rows"], wanted, strict=True):
                for name in ("value", "centre", "lower", "upper", "range"):
                    self.agree(row, name, want[name], 1e-12)
                if want["value"]:
                    self.assertEqual(row["signals"], want["signals"].split())
                    self.assertEqual(row["is_signal"], want["signals"] != "")
                else:
                    self.assertIsNone(row["is_signal"])
                    self.assertIn("is_signal", row["missing"])
                self.assertEqual(row["phase"], int(want["phase"]))
            for phase, want in zip(got["phases"], (wanted[0], wanted[-1]), strict=True):
                for name in ("sigma_z", "dispersion", "dispersion_p", "mean_range"):
                    self.agree(phase, name, want[name], 1e-12)
            self.assertEqual(got["phases"][1]["reason"], "another force")
            if kind in ("p", "u"):
                self.assertIn(f"{kind}-prime", " ".join(got["notes"]))

    def test_a_month_left_out_breaks_the_moving_range(self):
        months = [("2023-11", 5, ""), ("2023-12", 7, ""), ("2024-01", 6, ""), ("2024-03", 16, ""), ("2024-04", 15, "")]
        got = self.chart(months)
        self.assertEqual([r["range"] for r in got["rows"]], [None, 2, 1, None, 1])
        self.assertIn("in 1 place", " ".join(got["notes"]))
        self.assertTrue(got["phases"][0]["provisional"])
        dates = [("2024-01-01", 5, ""), ("2024-02-01", 7, ""), ("2024-03-01", 6, "")]  # firsts of months are months
        self.assertEqual([r["range"] for r in self.chart(dates)["rows"]], [None, 2, 1])
        weeks = [("2024-01-01", 5, ""), ("2024-01-08", 7, ""), ("2024-01-22", 6, "")]
        self.assertEqual([r["range"] for r in self.chart(weeks)["rows"]], [None, 2, None])
        named = [("a", 5, ""), ("c", 7, ""), ("b", 6, "")]
        self.assertEqual([r["range"] for r in self.chart(named)["rows"]], [None, 2, 1])

    def test_limits_never_move_by_themselves(self):
        rows = [(i + 1, 50 + i * 7 % 5 + (30 if i >= 20 else 0), "") for i in range(40)]
        got = self.chart(rows)
        self.assertEqual(len({r["upper"] for r in got["rows"]}), 1)
        self.assertEqual(len(got["phases"]), 1)
        moved = self.chart(rows, [(21, "a new recording system")])
        self.assertEqual(len({r["upper"] for r in moved["rows"]}), 2)
        self.assertEqual([p["from"] for p in moved["phases"]], ["1", "21"])
        self.assertFalse(any(r["is_signal"] for r in moved["rows"]))

    def test_what_is_not_declared_well_is_refused(self):
        data = self.write("d.csv", "period,x\n" + "".join(f"2024-{m:02},{m % 4 + 3}\n" for m in range(1, 13)))
        for text, word in (("2024-05,\n", "reason"), (",because\n", '"from"'), ("2025-05,because\n", "2025-05"),
                           ("2024-01,because\n", "does not come after"),
                           ("2024-06,one\n2024-05,two\n", "phases, row 2")):
            phases = self.write("p.csv", "from,reason\n" + text)
            failed = self.ok("method", "run", "control-chart", "--in", data, "--in", f"phases={phases}", status=3)
            self.assertIn(word, failed.err)
        for text, word in (("2024-01,3\n2024-01,4\n", "row 2"), ("2024-02,3\n2024-01,4\n", "order")):
            bad = self.write("b.csv", "period,x\n" + text)
            self.assertIn(word, self.ok("method", "run", "control-chart", "--in", bad, status=3).err)
        more = self.write("m.csv", "x,n\n3,10\n12,10\n")
        failed = self.ok("method", "run", "control-chart", "--in", more, "--opt", "kind=p", status=3)
        self.assertIn("row 2", failed.err)


class Displacement(test_method.Method):
    def rows(self, e):
        text = f"role,before,after,size\ntreated,{e['t0']},{e['t1']},{e['st']}\ncontrol,{e['c0']},{e['c1']},{e['sc']}\n"
        if e["d0"]:
            text += f"displacement,{e['d0']},{e['d1']},{e['sd']}\n"
            text += f"displacement-comparison,{e['e0']},{e['e1']},{e['se']}\n"
        return self.write(e["example"] + ".csv", text)

    def test_published_examples(self):
        for e in table(REF / "wdd.csv"):
            got = self.run_method("wdd", self.rows(e), before_length=e["before_length"],
                                  after_length=e["after_length"])
            total = got["effects"][-1]
            self.assertEqual(total["effect"], "total" if e["d0"] else "local")
            self.assertTrue(test_method.near(total["estimate"], float(e["estimate"]), 1e-9))
            if e["variance"]:
                self.assertTrue(test_method.near(total["se"], math.sqrt(float(e["variance"])), 1e-9))
            if e["z"]:
                self.assertAlmostEqual(total["z"], float(e["z"]), int(e["z_decimals"]))
                self.assertAlmostEqual(total["lower"], float(e["lower"]), int(e["limit_decimals"]))
                self.assertAlmostEqual(total["upper"], float(e["upper"]), int(e["limit_decimals"]))
                self.assertEqual(total["wording"], "FEWER_THAN_COMPARISON")
                self.assertIn("prevented", total["may_not_say"])

    def test_rows_of_a_role_add_up_and_small_counts_are_noted(self):
        one = self.run_method("wdd", self.write("a.csv", "role,before,after\ntreated,60,20\ncomparison,50,52\n"))
        path = self.write("b.csv", "role,before,after\ntreated,40,12\ncomparison,50,52\ntreated,20,8\n")
        self.assertEqual(self.run_method("wdd", path)["effects"], one["effects"])
        few = self.run_method("wdd", self.write("c.csv", "role,before,after\ntreated,9,0\ncomparison,7,8\n"))
        self.assertIn("rough", " ".join(few["notes"]))
        self.assertEqual(few["areas"][0]["after"], 0)
        none = self.run_method("wdd", self.write("d.csv", "role,before,after\ntreated,0,0\ncomparison,0,0\n"))
        self.assertIsNone(none["effects"][0]["p"])
        self.assertEqual(none["effects"][0]["wording"], "NOTHING_RECORDED")

    def test_a_missing_count_is_not_zero(self):
        for text, word in (("treated,60,\ncomparison,50,52\n", 'row 1, column "after"'),
                           (",60,20\ncomparison,50,52\n", 'column "role"'),
                           ("treated,60,20\n", "comparison areas are needed"),
                           ("treated,60,20\ncomparison,5,5\ndisplacement,5,5\n", "displacement-comparison"),
                           ("treated,60,20\nelsewhere,5,5\n", "elsewhere")):
            bad = self.ok("method", "run", "wdd", "--in", self.write("x.csv", "role,before,after\n" + text), status=3)
            self.assertIn(word, bad.err)


class Representativeness(test_method.Method):
    def test_as_R_has_it(self):
        margins = table(self.reference("07_survey/margins.csv"))
        people = table(self.reference("07_survey/respondents.csv"))
        want = json.loads(self.reference("07_survey/survey_expected.json").read_text())
        text = "var,level,count,pop\n"
        for m in margins:
            text += f"{m['var']},{m['level']},{sum(p[m['var']] == m['level'] for p in people)},{m['pop']}\n"
        got = self.run_method("representativeness", self.write("who.csv", text))["variables"]
        self.assertEqual([v["variable"] for v in got], ["age", "sex", "eth"])
        for v in got:
            for ours, theirs in (("dissimilarity", "dissimilarity"), ("r_indicator", "R_indicator"),
                                 ("cv_rho", "CV_rho"), ("gof_p", "gof_p")):
                self.assertTrue(test_method.near(v[ours], want[theirs][v["variable"]], 1e-7), (v, ours))

    def test_a_missing_category_leaves_no_answer(self):
        path = self.write("who.csv", "var,level,count,pop\nage,young,5,100\nage,old,,100\nsex,F,5,100\nsex,M,7,100\n")
        age, sex = self.run_method("representativeness", path)["variables"]
        self.assertIsNone(age["dissimilarity"])
        self.assertIn("missing", age["missing"]["gof_p"])
        self.assertEqual(sex["n"], 12)


if __name__ == "__main__":
    harness.main()
