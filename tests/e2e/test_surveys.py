"""Surveys from file to table: codebooks, waves, weights worked out a second time here, and what is refused.

Raking is written anew on cells of like respondents (the program works on respondents); every name and answer
is invented. The published shares come from the catalogue of claims where that is at hand.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import collections
import contextlib
import csv
import json
import math
import os
import sqlite3
import statistics
import subprocess
import zipfile

from harness import ROOT, SYNTH, Case, digest, main, run
from packing import workbook

CLAIMS = ROOT.parent / "shared" / "seed" / "claims.csv"
SHOUT, SAFETY = "Shout Youth Survey (synthetic)", "Community Safety Survey (synthetic)"


def rake(rows, margins, start=None):
    """Weights of rows (dicts) to margins {column: {code: persons}}: cells of like respondents are fitted, one margin
    after the other; who did not say is a category that keeps its share."""
    start = start or [1.0] * len(rows)
    names = list(margins)
    cells = collections.Counter()
    for row, weight in zip(rows, start):
        cells[tuple(row[c] if row[c] in margins[c] else None for c in names)] += weight
    base, whole = dict(cells), sum(cells.values())
    total = sum(margins[names[0]].values())
    targets = []
    for k, c in enumerate(names):
        said = sum(w for cell, w in base.items() if cell[k] is not None) / whole
        scale = total / sum(margins[c].values()) * said
        targets.append({code: persons * scale for code, persons in margins[c].items()})
        targets[-1][None] = total * (1 - said)
    for _ in range(5000):
        apart = 0
        for k in range(len(names)):
            sums = collections.Counter()
            for cell, w in cells.items():
                sums[cell[k]] += w
            for cell in cells:
                factor = targets[k][cell[k]] / sums[cell[k]]
                apart = max(apart, abs(factor - 1))
                cells[cell] *= factor
        if apart < 1e-13:
            break
    return [w * cells[cell] / base[cell] for w, cell in
            ((w, tuple(r[c] if r[c] in margins[c] else None for c in names)) for r, w in zip(rows, start))]


def share(given, weights):
    """Weighted share of True among True and False (None = left out), Kish's effective n and Wilson's interval."""
    pairs = [(bool(g), w) for g, w in zip(given, weights) if g is not None]
    total = math.fsum(w for _, w in pairs)
    p = math.fsum(w for g, w in pairs if g) / total
    n = total ** 2 / math.fsum(w * w for _, w in pairs)
    z = statistics.NormalDist().inv_cdf(0.975)
    middle, half = (p + z * z / 2 / n) / (1 + z * z / n), z / (1 + z * z / n) * math.sqrt(
        p * (1 - p) / n + z * z / 4 / n / n)
    return p, n, 0 if p == 0 else middle - half, 1 if p == 1 else middle + half


def column(title, kind="question", answers=(), **more):
    return {"title": title, "kind": kind, "answers": list(answers), **more}


def answer(code, label=None, **more):
    return {"code": code, "label": label or code.capitalize(), **more}


YES_NO = [answer("yes"), answer("no"), answer("98", "Prefer not to say", missing=True)]
SEX = column("Sex", "demographic", [answer("f", population=500), answer("m", population=500),
                                    answer("", "Not said", missing=True)])


class Surveys(Case):
    def codebook(self, columns, survey="Talk", period=("2023-01-01", "2023-12-31"), name="book.json", **more):
        book = {"survey": survey, "period": list(period), "columns": columns, **more}
        if period is None or not period:
            del book["period"]
        return self.write(name, json.dumps(book, indent=1))

    def survey(self, text, columns, name="survey.csv", status=0, options=(), **more):
        self.new() if not self.file.exists() else None
        return self.ok("import", self.file, self.write(name, text), "--as", "survey", "--codebook",
                       self.codebook(columns, **more), "--json", *options, status=status)

    def table(self, by, *options, survey=None):
        named = ("--survey", survey) if survey else ()
        result = self.ok("table", self.file, "--kind", "survey", *named, "--by", by, "--json", *options).json()
        return {tuple(str(v) for v in list(r.values())[:1 + ("group_label" in r)]): r for r in result["rows"]}, \
            " ".join(result["notes"])

    def count(self, sql):
        return int(self.ok("sql", self.file, sql).out.split("\n")[1])

    # ---- the synthetic surveys ----

    def london(self):
        folder = self.dir / "london"
        subprocess.run([SYNTH, folder, "--small"], check=True, stdout=subprocess.DEVNULL)
        self.new()
        for name in ("shout", "community-safety"):
            self.ok("import", self.file, folder / "surveys" / f"{name}.csv", "--as", "survey", "--codebook",
                    folder / "surveys" / f"{name}-codebook.json")
        return folder / "surveys"

    def test_every_weighted_share_is_that_of_a_second_computation(self):
        folder, checked = self.london(), 0
        for name, survey in (("shout", SHOUT), ("community-safety", SAFETY)):
            rows = list(csv.DictReader((folder / f"{name}.csv").read_text().splitlines()))
            book = json.loads((folder / f"{name}-codebook.json").read_text())["columns"]
            margins = {c: {a["code"]: a["population"] for a in x["answers"] if not a["missing"]}
                       for c, x in book.items() if x["kind"] == "demographic"}
            weights = rake(rows, margins)
            for question, x in book.items():
                for group in (None, *margins):
                    if group == question:
                        continue
                    got, _ = self.table(f"{question},{group}" if group else question, survey=survey)
                    for key, cell in got.items():
                        if key[0] == "not-recorded" or "not-recorded" in key:
                            continue
                        given = [r[question] == key[0] if r[question] and (not group or r[group] == key[1]) else None
                                 for r in rows]
                        self.assertEqual(cell["count"], sum(g is True for g in given), key)
                        self.assertEqual(cell["base"], sum(g is not None for g in given), key)
                        p, n, low, high = share(given, weights)
                        for field, want in (("share", p), ("effective_n", n), ("lower", low), ("upper", high)):
                            self.assertAlmostEqual(cell[field], want, delta=1e-7 * max(1, want), msg=(key, field))
                        checked += 1
        self.assertGreater(checked, 100)

    def test_unweighted_shares_are_those_published(self):
        if not CLAIMS.exists():
            self.skipTest("the catalogue of claims is not here")
        claims = {r["claim_id"]: float(r["value"]) for r in csv.DictReader(CLAIMS.read_text().splitlines())
                  if r["needs"].startswith("survey:") and r["kind"] in ("share", "count")}
        asked = {"voice.shout.streets-unsafe.share": (SHOUT, "unsafe_streets", "yes"),
                 "voice.shout.stops-unsafe.share": (SHOUT, "unsafe_stops", "yes"),
                 "voice.shout.parks-unsafe.share": (SHOUT, "unsafe_parks", "yes"),
                 "voice.shout.borough-safe.share": (SHOUT, "safe_borough", "yes"),
                 "voice.css.knife.worse": (SAFETY, "knife_worse", "yes"),
                 "voice.css.gangs.problem": (SAFETY, "gangs_problem", "yes"),
                 "voice.css.gangs.worse": (SAFETY, "gangs_worse", "yes"),
                 "voice.css.good-response.share": (SAFETY, "good_response", "yes"),
                 "recommendations.voice.css.over-25.share": (SAFETY, "age", "over-25"),
                 "recommendations.voice.css.white-british.share": (SAFETY, "ethnicity", "white-british"),
                 "recommendations.voice.css.female.share": (SAFETY, "sex", "female")}
        self.london()
        for claim, (survey, question, code) in asked.items():
            cell = self.table(question, survey=survey)[0][(code,)]
            self.assertEqual(round(100 * cell["unweighted_share"]), claims[claim], claim)
        self.assertEqual(self.table("wish", survey=SHOUT)[0][("police",)]["base"], claims["voice.shout.respondents"])
        self.assertEqual(set(claims) - set(asked), {"voice.shout.respondents"}, "a claim that nothing here checks")

    def test_the_same_bytes_on_any_number_of_threads_and_in_every_format(self):
        self.london()
        words = ("table", self.file, "--kind", "survey", "--survey", SAFETY.upper(), "--by", "wish,age")
        self.assertEqual(self.ok(*words, "--threads", "1").out, self.ok(*words, "--threads", "4").out)
        self.assertEqual(len(self.ok(*words).rows()), 6 * 2)
        self.ok(*words, "--format", "xlsx", "--out", self.dir / "t.xlsx")
        self.assertTrue(zipfile.is_zipfile(self.dir / "t.xlsx"))
        chart = self.ok("table", self.file, "--kind", "survey", "--survey", SHOUT, "--by", "wish", "--chart", "interval")
        self.assertIn("More things to do: 30.8%", chart.out)
        self.ok("table", self.file, "--kind", "survey", "--survey", SHOUT, "--by", "wish", "--chart", "bar",
                "--value", "rate", status=2)
        self.ok("map", self.file, "--kind", "survey", "--by", "borough", status=2)

    # ---- answers ----

    def test_what_the_codebook_does_not_know_is_not_recorded_and_told(self):
        text = ("respondent_id,safe,wish,comment,surname,sex\n"
                "1,yes,light;police,good,A,f\n2,no, police ; light;light,bad,B,m\n3,98,police;dogs,,C,f\n"
                "4,,dogs,,D,\n5,perhaps,,,E,x\n6,I told Jane Example about it,light,,F,m\n")
        wish = column("Wish?", answers=[answer("light"), answer("police"), answer("none")], multiple=True)
        report = self.survey(text, {"safe": column("Safe?", answers=YES_NO), "wish": wish, "sex": SEX}).json()
        self.assertEqual((report["kind"], report["read"], report["accepted"]), ("survey", 6, 6))
        self.assertEqual(report["dropped_columns"], ["comment", "surname"])
        self.assertEqual(report["personal_columns"], [{"column": "surname", "looks_like": "a name"}])
        hidden = "(written text, not shown)"  # a word of letters may be a name, unless several gave it
        unknown = sorted((x["column"], x["value"], x["rows"]) for x in report["not_recorded"])
        self.assertEqual(unknown, [("safe", hidden, 1), ("safe", hidden, 1), ("sex", "x", 1), ("wish", hidden, 2)])
        self.assertNotIn(b"Jane Example", self.file.read_bytes())
        self.assertNotIn(b"perhaps", self.file.read_bytes())
        stored = self.ok("sql", self.file, "SELECT wish FROM survey ORDER BY row").out.split("\n")[1:7]
        self.assertEqual(stored, ["light;police", "light;police", "police", "", "", "light"])
        rows, notes = self.table("safe")
        self.assertEqual([(k[0], r["count"]) for k, r in rows.items()], [("yes", 1), ("no", 1), ("not-recorded", 4)])
        self.assertEqual(rows[("yes",)]["base"], 2)
        self.assertIsNone(rows[("yes",)]["share"])  # two are too few
        self.assertIn("fewer than 10", notes)

    def test_shares_of_several_answers_are_of_respondents(self):
        text = "respondent_id,wish,sex\n" + "".join(
            f"{i},{'light;police' if i % 2 else 'light'},{'f' if i % 4 else 'm'}\n" for i in range(40)) + "40,,f\n"
        wish = column("Wish?", answers=[answer("light"), answer("police")], multiple=True)
        self.survey(text, {"wish": wish, "sex": SEX})
        rows, notes = self.table("wish")
        self.assertEqual(rows[("light",)]["share"], 1)
        self.assertEqual((rows[("light",)]["base"], rows[("police",)]["missing"]), (40, 1))
        self.assertAlmostEqual(rows[("police",)]["unweighted_share"], 0.5)
        self.assertIn("need not add up to one", notes)
        self.ok("table", self.file, "--kind", "survey", "--by", "sex,wish", status=2)
        some, notes = self.table("wish", "--where", "sex=m")
        self.assertEqual((some[("light",)]["base"], some[("light",)]["count"]), (10, 10))
        self.assertIn("outside the conditions", notes)

    # ---- weights ----

    def respondents(self, n=200):
        rows = []
        for i in range(n):
            rows.append({"respondent_id": str(i), "safe": ("yes", "no", "no")[i * i % 3],
                         "sex": "f" if i % 5 else "m", "age": ("young", "old", "")[0 if i % 7 < 3 else 1 if i % 7 < 6 else 2],
                         "w": str(0.5 + i % 4)})
        return rows

    def csv(self, rows):
        return "\n".join([",".join(rows[0]), *(",".join(r.values()) for r in rows)]) + "\n"

    def test_unequal_margins_are_scaled_to_the_first_and_who_did_not_say_keeps_a_share(self):
        rows = self.respondents()
        age = column("Age", "demographic", [answer("young", population=30), answer("old", population=70)])
        report = self.survey(self.csv(rows), {"safe": column("Safe?", answers=YES_NO), "sex": SEX, "age": age}).json()
        self.assertIn('"sex" add up to 1000 and those of "age" to 100', " ".join(report["notes"]))
        got, notes = self.table("safe")
        weights = rake(rows, {"sex": {"f": 500, "m": 500}, "age": {"young": 30, "old": 70}})
        p, n, low, high = share([r["safe"] == "yes" for r in rows], weights)
        for field, want in (("share", p), ("effective_n", n), ("lower", low), ("upper", high)):
            self.assertAlmostEqual(got[("yes",)][field], want, delta=1e-7 * max(1, want))
        self.assertNotAlmostEqual(got[("yes",)]["unweighted_share"], p, places=3)
        self.assertIn("scaled to that of sex, the furthest by a factor of 10.", notes)
        self.assertIn("Respondents who did not say one of sex and age: 28", notes)

    def test_a_column_of_weights_comes_before_margins(self):
        rows = self.respondents()
        rows[3]["w"], rows[4]["w"], rows[5]["w"] = "", "-1", "0"
        report = self.survey(self.csv(rows), {"safe": column("Safe?", answers=YES_NO), "sex": SEX,
                                              "w": {"title": "Weight", "kind": "weight"}}, status=1).json()
        self.assertEqual(report["quarantined"], 1)
        self.assertEqual(report["dropped_columns"], ["age"])
        got, notes = self.table("safe")
        kept = [r for r in rows if r["w"] not in ("", "-1")]
        p, n, low, high = share([r["safe"] == "yes" for r in kept], [float(r["w"]) for r in kept])
        for field, want in (("share", p), ("effective_n", n), ("lower", low), ("upper", high)):
            self.assertAlmostEqual(got[("yes",)][field], want, delta=1e-9 * max(1, want))
        self.assertEqual(got[("yes",)]["base"], 198)
        self.assertIn("Weighted by the column w", notes)
        self.assertIn("Respondents without a weight, who are left out: 1.", notes)
        self.ok("table", self.file, "--kind", "survey", "--by", "w", status=2)

    def test_what_cannot_be_weighted_says_so(self):
        rows = self.respondents()
        safe = {"safe": column("Safe?", answers=YES_NO)}
        self.survey(self.csv(rows), safe)
        got, notes = self.table("safe")
        self.assertEqual(got[("yes",)]["share"], got[("yes",)]["unweighted_share"])
        self.assertIn("Not weighted: the codebook has neither", notes)
        sex = column("Sex", "demographic", [answer("f", population=5), answer("m", population=5),
                                            answer("x", "Another", population=1)])
        self.survey(self.csv(rows).replace("\n0,", "\n00,"), {**safe, "sex": sex}, name="second.csv", survey="Second")
        got, notes = self.table("safe", survey="Second")
        self.assertEqual(got[("yes",)]["share"], got[("yes",)]["unweighted_share"])
        self.assertIn("NOT weighted", notes)
        self.assertIn("Another", notes)

    # ---- extracts of one survey ----

    def test_a_later_extract_supersedes_and_another_period_stands_beside(self):
        safe = {"safe": column("Safe?", answers=YES_NO)}
        rows = self.respondents(60)
        self.survey(self.csv(rows), safe)
        again = [dict(r) for r in rows]
        again[1]["safe"], again[2]["safe"] = "yes", "yes"
        again.append({**again[0], "respondent_id": "new"})
        report = self.survey(self.csv(again), safe, name="again.csv").json()
        self.assertEqual((report["duplicates"], report["superseded"], report["accepted"]), (58, 2, 3))
        got, _ = self.table("safe")
        self.assertEqual(got[("yes",)]["base"], 61)
        self.assertEqual(got[("yes",)]["count"], sum(r["safe"] == "yes" for r in again))
        later = self.survey(self.csv(rows), safe, name="later.csv", period=("2024-01-01", "2024-12-31"), status=3,
                            options=())
        self.assertIn("already held", later.err)  # the same bytes
        report = self.survey(self.csv(rows[:40]), safe, name="later.csv", period=("2024-01", "2024-12")).json()
        self.assertEqual((report["superseded"], report["duplicates"], report["period"]), (0, 0, "2024-01..2024-12"))
        got, notes = self.table("safe")
        self.assertEqual(got[("yes",)]["base"], 40)
        self.assertIn("1 other period", notes)
        got, _ = self.table("safe", "--period", "2023")
        self.assertEqual(got[("yes",)]["base"], 61)
        self.assertIn("never added up", self.ok("table", self.file, "--kind", "survey", "--by", "safe", "--period",
                                                "2023..2024", status=3).err)
        self.ok("table", self.file, "--kind", "survey", "--by", "safe", "--period", "2020", status=3)
        self.ok("verify", self.file)

    def test_the_newest_codebook_of_a_period_decides_and_tells_what_it_changed(self):
        rows = self.respondents(60)
        self.survey(self.csv(rows), {"safe": column("Safe?", answers=YES_NO), "sex": SEX})
        other = [answer("yes", "Safe"), answer("no", "Unsafe")]
        more = [{**rows[0], "respondent_id": f"n{i}"} for i in range(5)]
        report = self.survey(self.csv(more), {"safe": column("Safe?", answers=other), "sex": SEX}, name="more.csv").json()
        self.assertIn('the code "yes" of "safe" was "Yes" and is now "Safe"', " ".join(report["notes"]))
        got, _ = self.table("safe")
        self.assertEqual((got[("yes",)]["label"], got[("yes",)]["base"]), ("Safe", 65))
        self.assertEqual(self.count("SELECT count(DISTINCT sha256) FROM codebook"), 2)
        corrected = [answer("yes", "Safe"), answer("no", "Unsafe", missing=True)]
        book = {"safe": column("Safe?", answers=corrected), "sex": SEX, "age": column("Age", answers=[answer("young")])}
        report = self.survey(self.csv(more), book, name="more.csv").json()  # the very same file
        self.assertEqual((report["duplicates"], report["superseded"]), (0, 5))  # they have an age now
        self.assertEqual(self.table("safe")[0][("yes",)]["base"], 65 - self.table("safe")[0][("yes",)]["missing"])
        book["sex"] = column("Sex", "demographic", [{**SEX["answers"][0], "population": 600}, *SEX["answers"][1:]])
        report = self.survey(self.csv(more), book, name="more.csv").json()
        self.assertEqual((report["duplicates"], report["superseded"], report["accepted"]), (5, 0, 0))
        self.assertIn('the population of "f" of "sex" was 500 and is now 600', " ".join(report["notes"]))
        self.assertIn("already held", self.survey(self.csv(more), book, name="more.csv", status=3).err)
        self.assertIn('as the survey "Talk"', self.survey(self.csv(more), book, name="more.csv", survey="Other",
                                                          status=3).err)
        self.ok("verify", self.file)
        self.assertEqual(self.count("SELECT json_array_length(body, '$.columns.safe.answers') FROM codebook "
                                    "ORDER BY extract_id LIMIT 1"), 3)

    def test_two_surveys_live_beside_each_other(self):
        rows = self.respondents(60)
        self.survey(self.csv(rows), {"safe": column("Safe?", answers=YES_NO)})
        self.survey(self.csv(rows).replace("safe", "row").replace("\n0,", "\nzero,"),
                    {"row": column("Safe, still?", answers=YES_NO)}, name="second.csv", survey="Second")
        self.assertEqual(self.count("SELECT count(*) FROM survey WHERE current"), 120)
        self.assertEqual(self.count("SELECT count(safe) FROM survey"), 60)
        err = self.ok("table", self.file, "--kind", "survey", "--by", "safe", status=2).err
        self.assertIn('"Second", "Talk"', err)
        self.assertEqual(self.table("safe", survey="talk")[0][("yes",)]["base"], 60)
        self.assertIn('is held as "Talk"', self.survey(self.csv(rows[:9]), {"safe": column("Safe?", answers=YES_NO)},
                                                       name="third.csv", survey="TALK", status=3).err)
        self.assertEqual(self.table("row", survey="sec")[0][("yes",)]["base"], 60)
        self.survey(self.csv(rows[:5]), {"safe": column("Safe?", answers=YES_NO)}, name="third.csv", survey="Talk two")
        self.assertEqual(self.table("safe", survey="talk")[0][("yes",)]["base"], 60)  # the whole name
        self.assertEqual(self.table("safe", survey="talk t")[0][("yes",)]["base"], 5)
        self.assertIn("Several", self.ok("table", self.file, "--kind", "survey", "--survey", "ta", "--by", "safe",
                                         status=2).err)

    def test_a_repeated_respondent_is_kept_numbered_and_told(self):
        rows = self.respondents(30)
        rows.append({**rows[1], "safe": "yes"})
        rows.append(dict(rows[2]))
        report = self.survey(self.csv(rows), {"safe": column("Safe?", answers=YES_NO)}).json()
        self.assertEqual((report["repeated_keys"], report["duplicates"], report["accepted"]), (1, 1, 31))
        self.assertIn("with other answers: 1;", self.table("safe")[1])

    def test_headers_with_commas_and_names_that_mean_something_elsewhere(self):
        text = ('respondent_id,"How safe, if at all?",longitude,latitude,flags,year\n' +
                "".join(f"{i},yes,yes,no,{'yes' if i % 2 else 'no'},no\n" for i in range(30)))
        names = ["How safe, if at all?", "longitude", "latitude", "flags", "year"]
        self.survey(text, {n: column(n, answers=YES_NO) for n in names})
        got, _ = self.table("How safe, if at all?,flags")
        self.assertEqual(got[("yes", "no")]["count"], 15)
        self.assertEqual(self.table("latitude")[0][("no",)]["count"], 30)

    # ---- what is refused ----

    def test_what_is_refused_and_how(self):
        good = {"safe": column("Safe?", answers=YES_NO)}
        self.new()
        file = self.write("s.csv", "respondent_id,safe\n1,yes\n")
        book = self.codebook(good)
        before = self.count("SELECT count(*) FROM extract")
        for words, status, said in (
                (("--as", "survey"), 2, "needs --codebook"),
                (("--as", "cohort", "--codebook", book), 2, "of a survey, not of cohort"),
                (("--as", "survey", "--codebook", book, "--profile", "x"), 2, "leave --profile out"),
                (("--as", "survey", "--codebook", book, "--set", "safe=yes"), 2, "leave --set out"),
                (("--as", "survey", "--codebook", book, "--period", "2023"), 2, "leave --period out"),
                (("--as", "survey", "--codebook", self.dir / "absent.json"), 3, "absent.json"),
                (("--as", "survey", "--codebook", self.write("b.json", "{")), 3, "b.json, line 1"),
                (("--as", "survey", "--codebook", self.codebook({"other": good["safe"]}, name="c.json")), 3,
                 'no column "other", which the codebook has'),
                (("--as", "survey", "--codebook", self.codebook(good, period=(), name="d.json")), 3,
                 "does not say when"),
                (("--as", "surveys", "--codebook", book), 2, "not of surveys")):
            err = self.ok("import", self.file, file, *words, status=status).err
            self.assertIn(said, err)
        no_id = self.write("n.csv", "id,safe\n1,yes\n")
        self.assertIn('no column "respondent_id"', self.ok("import", self.file, no_id, "--as", "survey", "--codebook",
                                                           book, status=3).err)
        self.assertEqual(self.count("SELECT count(*) FROM extract"), before)
        self.assertEqual(self.count("SELECT count(*) FROM codebook"), 0)
        self.ok("import", self.file, file, "--as", "survey", "--codebook", self.dir / "d.json", "--period", "2023-05")
        for words, status, said in (
                (("--by", "other"), 2, "It has safe."), (("--by", ""), 2, "safe"), (("--by", "safe,safe"), 2, "divide"),
                (("--by", "safe", "--area", "E09000016"), 2, "--area is not of a survey"),
                (("--by", "safe", "--where", "safe=maybe"), 2, "no answer"),
                (("--by", "safe", "--survey", "Else"), 3, '"Talk"'),
                (("--by", "safe", "--period", "May"), 2, "whole months")):
            self.assertIn(said, self.ok("table", self.file, "--kind", "survey", *words, status=status).err)
        self.assertIn("add --kind survey", self.ok("table", self.file, "--survey", "Talk", "--by", "year", status=2).err)

    def test_a_health_supplier_with_names_is_stopped(self):
        text = "respondent_id,safe,nhs_number\n1,yes,\n"
        self.survey(text, {"safe": column("Safe?", answers=YES_NO)}, status=3, options=("--supplier-kind", "health"))
        self.assertEqual(self.count("SELECT count(*) FROM extract"), 0)

    def test_a_survey_in_an_archive_and_in_another_encoding(self):
        self.new()
        book = self.codebook({"safe": column("Sûre?", answers=[answer("oui", "Très sûr"), answer("non")])})
        packed = self.dir / "s.zip"
        with zipfile.ZipFile(packed, "w") as z:
            z.writestr("s.csv", "respondent_id;safe\r\n" + "".join(f"é{i};oui\r\n" for i in range(20)))
            z.writestr("t.csv", "respondent_id;safe\r\n" + "".join(f"é{i};oui\r\n" for i in range(20)))
        report = self.ok("import", self.file, packed, "--as", "survey", "--codebook", book, "--json", status=1).json()
        self.assertEqual([r.get("accepted", "held") for r in report], [20, "held"])
        self.assertEqual(self.table("safe")[0][("oui",)]["count"], 20)
        self.assertEqual(self.table("safe")[0][("oui",)]["label"], "Très sûr")

    def test_a_workbook_whose_codes_are_numbers(self):
        self.new()
        rows = [["respondent_id", "q", "w"], *[[f"R{i}", i % 2 + 1, 0.5 + i % 3] for i in range(40)]]
        book = self.codebook({"q": column("Q", answers=[answer("1", "One"), answer("2", "Two")]),
                              "w": {"title": "Weight", "kind": "weight"}})
        path = self.write("survey.xlsx", workbook({"Data": rows}))
        self.ok("import", self.file, path, "--as", "survey", "--codebook", book)
        got, _ = self.table("q")
        p, n, _, _ = share([i % 2 == 0 for i in range(40)], [0.5 + i % 3 for i in range(40)])
        self.assertEqual(got[("1",)]["count"], 20)
        self.assertAlmostEqual(got[("1",)]["share"], p)
        self.assertAlmostEqual(got[("1",)]["effective_n"], n)

    def test_an_interruption_leaves_neither_rows_nor_codebook(self):
        self.new()
        words = ("import", self.file, self.write("s.csv", self.csv(self.respondents(30))), "--as", "survey", "--codebook",
                 self.codebook({"safe": column("Safe?", answers=YES_NO)}))
        before = digest(self.file)
        for point in ("ingest.before-commit", "ingest.masks", "ingest.placing", "ingest.commit"):
            self.assertEqual(run(*words, env={**os.environ, "REEVE_FAULT_POINT": point}).status, -9, point)
            self.assertEqual(digest(self.file), before, point)
        self.ok(*words)
        self.assertEqual(self.table("safe")[0][("yes",)]["base"], 30)

    def test_a_survey_leaves_results_when_its_agreement_ends(self):
        self.new()
        terms = {"agreement": "a", "supplier": "s", "gateway": "g", "purposes": ["p"], "from": "2024-01-01",
                 "expires": "2030-01-01"}
        self.ok("agreement", self.file, "add", self.write("a.json", json.dumps(terms)))
        self.survey(self.csv(self.respondents(30)), {"safe": column("Safe?", answers=YES_NO)},
                    options=("--agreement", "a"))
        self.assertEqual(self.table("safe")[0][("yes",)]["base"], 30)
        self.assertIn("No survey is held", self.ok("table", self.file, "--kind", "survey", "--by", "safe", "--today",
                                                   "2031-01-01", status=3).err)

    def test_a_changed_codebook_in_the_file_is_noticed(self):
        self.survey(self.csv(self.respondents(30)), {"safe": column("Safe?", answers=YES_NO)})
        with contextlib.closing(sqlite3.connect(self.file)) as db, db:
            db.execute("UPDATE codebook SET body = replace(body, 'Yes', 'Yea')")
        err = self.ok("table", self.file, "--kind", "survey", "--by", "safe", status=4).err
        self.assertRegex(err, "codebook of .Talk. .* restore a backup")


if __name__ == "__main__":
    main()
