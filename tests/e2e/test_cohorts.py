"""Cohorts and referrals as tables: persons and sums counted a second time here, and what is never a nought.

Every record is invented. SPDX-License-Identifier: GPL-3.0-or-later
"""
import datetime
import random
import statistics

from harness import Case, main

COHORT = "cohort,person_ref,period_from,period_to,age,sex,ethnicity,offence_group,coverage_area\n"
REFERRALS = "service,period_from,period_to,referrals,repeat_referrals,caseload,staff_fte\n"
FOLD = {"W1": "white", "W4": "white", "B2": "black", "A4": "asian", "M9": "mixed", "NS": None, "": None}


def band(age, starts=(0, 18, 25, 35, 50, 65)):
    if age == "":
        return None
    at = max(i for i, s in enumerate(starts) if int(age) >= s)
    if at + 1 == len(starts):
        return f"{starts[at]}-plus"
    return f"under-{starts[1]}" if at == 0 else f"{starts[at]}-{starts[at + 1] - 1}"


class Cohorts(Case):
    def table(self, kind, by, *options):
        result = self.ok("table", self.file, "--kind", kind, "--by", by, "--json", *options).json()
        names = by.split(",")
        return {tuple(r[n] for n in names): r for r in result["rows"]}, " ".join(result["notes"])

    def people(self, n=600):
        chance, rows = random.Random(7), []
        for _ in range(n):
            first = datetime.date(2020, 1, 1) + datetime.timedelta(chance.randrange(1200))
            last = first + datetime.timedelta(chance.randrange(0, 500))
            cohort = chance.choice(["youth-justice", "probation"])
            if cohort == "probation":
                first, last = max(first, datetime.date(2022, 1, 1)), max(last, datetime.date(2022, 1, 1))
            rows.append([cohort, f"P{chance.randrange(150)}", first.isoformat(), last.isoformat(),
                         chance.choice(["", "14", "17", "18", "30", "70"]), chance.choice(["female", "male", ""]),
                         chance.choice(list(FOLD)), chance.choice(["gbh", "theft", ""]), "E09000016"])
        rows = list({tuple(r[:4]): r for r in rows}.values())  # a key each
        self.new()
        self.ok("import", self.file, self.write("c.csv", COHORT + "".join(",".join(r) + "\n" for r in rows)))
        return rows

    def test_persons_are_counted_once_in_each_row(self):
        rows = self.people()
        value = {"cohort": lambda r: r[0], "sex": lambda r: r[5] or None, "age-band": lambda r: band(r[4]),
                 "age": lambda r: r[4] or None, "ethnicity": lambda r: FOLD[r[6]], "offence-group": lambda r: r[7] or None}
        for by in ("cohort", "sex,cohort", "age-band,sex", "ethnicity", "offence-group,cohort", "age,sex",
                   "sex,year", "cohort,year", "age-band,quarter"):
            got, _ = self.table("cohort", by)
            names, wanted = by.split(","), {}
            for r in rows:
                times = [None]
                if names[-1] in ("year", "quarter"):
                    months = range(int(r[2][:4]) * 12 + int(r[2][5:7]) - 1, int(r[3][:4]) * 12 + int(r[3][5:7]))
                    times = {f"{m // 12}" if names[-1] == "year" else f"{m // 12}-Q{m % 12 // 3 + 1}" for m in months}
                for t in times:
                    key = tuple((value[n](r) or "not-recorded") if n in value else t for n in names)
                    wanted.setdefault(key, []).append((r[0], r[1]))
            for key, row in got.items():
                people = set(wanted.get(key, ()))
                if row["count"] is None:
                    self.assertFalse(people, key)
                    continue
                self.assertEqual(row["count"], len(people), (by, key))
                self.assertEqual(row["records"], len(wanted.get(key, ())), (by, key))
                group = set().union(*[set(w) for k, w in wanted.items() if k[1:] == key[1:]])
                if group:
                    self.assertAlmostEqual(row["share"], len(people) / len(group), places=10)
                if names[0] != "cohort":
                    self.assertEqual(row["missing"], len(set(wanted.get(("not-recorded", *key[1:]), ()))))
            self.assertLessEqual(set(wanted), set(got), by)

    def test_what_a_cohort_does_not_state_is_no_nought(self):
        self.people()
        got, _ = self.table("cohort", "cohort,year")
        self.assertIsNone(got[("probation", "2020")]["count"])
        self.assertIn("states nothing", got[("probation", "2020")]["not_available_because"])
        self.assertGreater(got[("youth-justice", "2020")]["count"], 0)
        got, _ = self.table("cohort", "year", "--where", "offence-group=arson", "--where", "cohort=youth-justice")
        self.assertEqual(got[("2020",)]["count"], 0)  # it is stated, and nobody is
        got, notes = self.table("cohort", "sex", "--period", "2022")
        self.assertIn("Rows outside the period", notes)
        self.assertIn("Several cohorts are counted together", notes)
        self.assertIn("do not add up", notes)
        _, notes = self.table("cohort", "sex", "--where", "cohort=probation")
        self.assertNotIn("Several cohorts", notes)

    def test_bands_conditions_and_refusals(self):
        rows = self.people()
        got, _ = self.table("cohort", "age-band", "--bands", "10,15,18", "--where", "cohort=youth-justice")
        self.assertEqual(list(k[0] for k in got), ["under-10", "10-14", "15-17", "18-plus", "not-recorded"])
        self.assertEqual(got[("15-17",)]["count"],
                         len({r[1] for r in rows if r[0] == "youth-justice" and r[4] == "17"}))
        for words, said in ((("--by", "ward"), "no such dimension"), (("--by", "sex,sex"), "twice"),
                            (("--by", "year,month"), "one dimension of time"), (("--by", ""), "name a dimension"),
                            (("--by", "sex", "--area", "E09000016"), "--area is not"),
                            (("--by", "sex", "--where", "sex"), "dimension=value"),
                            (("--by", "sex", "--bands", "9,5"), "ascending")):
            self.assertIn(said, self.ok("table", self.file, "--kind", "cohort", *words, status=2).err)
        self.assertIn("No extract of kind referrals",
                      self.ok("table", self.file, "--kind", "referrals", "--by", "service", status=3).err)
        self.assertEqual(self.ok("table", self.file, "--kind", "cohort", "--by", "sex", "--threads", "1").out,
                         self.ok("table", self.file, "--kind", "cohort", "--by", "sex", "--threads", "4").out)
        self.ok("table", self.file, "--kind", "cohort", "--by", "cohort,year", "--chart", "heat")
        self.ok("table", self.file, "--kind", "cohort", "--by", "sex", "--format", "xlsx", "--out", self.dir / "c.xlsx")
        self.ok("map", self.file, "--kind", "cohort", "--by", "borough", status=2)

    def referrals(self, *rows):
        self.new()
        self.ok("import", self.file, self.write("r.csv", REFERRALS + "".join(r + "\n" for r in rows)))

    def test_referrals_are_summed_and_never_divided(self):
        self.referrals("idva,2021-01-01,2021-03-31,90,9,30,2", "idva,2021-04-01,2021-06-30,110,11,40,2.5",
                       "idva,2021-01-01,2021-12-31,999,1,1,1", "idva,2021-12-01,2022-02-28,70,7,20,1",
                       "marac,2021-01,2021-06,50,,12,")
        got, notes = self.table("referrals", "service,year")
        idva, days = got[("idva", "2021")], (90, 91)
        self.assertEqual((idva["count"], idva["repeat_referrals"], idva["days"]), (200, 20, 181))
        self.assertAlmostEqual(idva["repeat_share"], 0.1)
        z = statistics.NormalDist().inv_cdf(0.975)
        middle = (0.1 + z * z / 400) / (1 + z * z / 200)
        self.assertAlmostEqual((idva["repeat_lower"] + idva["repeat_upper"]) / 2, middle, places=9)
        self.assertAlmostEqual(idva["caseload"], (30 * days[0] + 40 * days[1]) / 181)
        self.assertAlmostEqual(idva["staff_fte"], (2 * days[0] + 2.5 * days[1]) / 181)
        self.assertAlmostEqual(idva["caseload_per_staff"], (30 * 90 + 40 * 91) / (2 * 90 + 2.5 * 91))
        self.assertAlmostEqual(idva["referrals_per_staff"], 200 / ((2 * 90 + 2.5 * 91) / 365.25))
        marac = got[("marac", "2021")]
        self.assertEqual((marac["count"], marac["days"], marac["caseload"]), (50, 181, 12))
        self.assertEqual((marac["repeat_share"], marac["staff_fte"], marac["referrals_per_staff"]), (None, None, None))
        self.assertIn("across the ends of a period, left out: 1", notes)
        self.assertIn("shorter ones of the same service overlap them: 1", notes)
        both, _ = self.table("referrals", "year")
        self.assertEqual((both[("2021",)]["count"], both[("2021",)]["staff_fte"]), (250, None))
        self.assertAlmostEqual(both[("2021",)]["caseload"], idva["caseload"] + 12)
        each, notes = self.table("referrals", "service,period")
        self.assertEqual(each[("idva", "2021-01..2021-12")]["count"], 999)
        self.assertEqual(each[("idva", "2021-12..2022-02")]["count"], 70)
        self.assertIsNone(each[("marac", "2021-12..2022-02")]["count"])
        self.assertNotIn("overlap", notes)
        quarters, _ = self.table("referrals", "service,quarter")
        self.assertEqual(quarters[("idva", "2021-Q2")]["count"], 110)
        part, notes = self.table("referrals", "service", "--period", "2021-01..2021-06")
        self.assertEqual(part[("idva",)]["count"], 200)

    def test_rows_that_fit_no_year_are_told_about(self):
        self.referrals("marac,2018-04-01,2019-03-31,298,79,,1", "marac,2019-04-01,2020-03-31,0,,,1")
        err = self.ok("table", self.file, "--kind", "referrals", "--by", "service,year", status=3).err
        self.assertIn("2 go across", err)
        got, _ = self.table("referrals", "service,financial-year")
        self.assertEqual(got[("marac", "2018/19")]["count"], 298)
        self.assertEqual(got[("marac", "2019/20")]["count"], 0)  # stated
        self.assertIsNone(got[("marac", "2019/20")]["repeat_share"])


if __name__ == "__main__":
    main()
