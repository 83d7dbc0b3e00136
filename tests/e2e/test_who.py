"""Who is harmed and who is suspected: every number of the findings counted anew from the synthetic CSV files.

The file holds Havering's records of the synthetic London alone. Ethnicity beside residents with bounds and tipping point,
relationships with ties, repetition by pseudonym, completeness; then the records are altered and only what should change does.
SPDX-License-Identifier: GPL-3.0-or-later
"""
import collections
import csv
import json
import math
import pathlib
import re
import shlex
import subprocess
import tempfile
import unittest

from harness import ROOT, SYNTH, main, must

HAVERING = "E09000016"
LETTERS = {"W": "white", "M": "mixed", "A": "asian", "B": "black", "O": "other"}
GROUPS = ("white", "mixed", "asian", "black", "other")
PARTNERS = {f"{ex}{word}" for ex in ("", "ex-") for word in ("partner", "husband", "wife", "boyfriend", "girlfriend")}
DEFINITION = json.loads((ROOT / "packs" / "havering" / "havering.json").read_text())
ABOUT_PEOPLE = (".victims.", ".suspects.", ".all.relationship", ".all.partners")


def group_of(ethnicity):
    """The five groups; None for NS, N1 to N3 and an empty cell."""
    if ethnicity in GROUPS:
        return ethnicity
    return LETTERS.get(ethnicity[:1]) if len(ethnicity) == 2 and ethnicity != "NS" and ethnicity[0] != "N" else None


def is_young(person, limit=25):
    """A known age below the limit, or a band that lies wholly below it."""
    if person["age"]:
        return int(person["age"]) < limit
    last = person["age_band"].removeprefix("under-").rsplit("-", 1)[-1]
    return last.isdigit() and int(last) - person["age_band"].startswith("under-") < limit


class Who(unittest.TestCase):
    tipped = 0

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.dir = pathlib.Path(cls.folder.name)
        cls.london = cls.dir / "london"
        subprocess.run([SYNTH, cls.london], check=True, stdout=subprocess.DEVNULL)
        cls.offences = [r for y in (2021, 2022) for r in cls.read(f"offences-{y}.csv") if r["borough_code"] == HAVERING]
        keys = {r["offence_id"] for r in cls.offences}
        cls.persons = [p for y in (2021, 2022) for p in cls.read(f"persons-{y}.csv") if p["offence_id"] in keys]
        cls.residents = collections.Counter()
        cls.young_residents = collections.Counter()
        for r in cls.read("population-borough.csv"):
            if r["area_code"] == HAVERING:
                cls.residents[r["ethnicity"]] += int(r["persons"])
                cls.young_residents[r["ethnicity"]] += int(r["persons"]) if int(r["age_to"]) < 25 else 0
        cls.base = cls.load("base", cls.persons)
        cls.both = cls.assess(cls.base, "2021-01..2022-12")
        cls.year = cls.assess(cls.base, "2022-01..2022-12", "2021-01..2021-12")

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    @classmethod
    def read(cls, name):
        with (cls.london / name).open(newline="", encoding="utf-8-sig") as opened:
            return list(csv.DictReader(opened))

    must = staticmethod(must)

    @classmethod
    def write(cls, name, rows):
        with (cls.dir / name).open("w", newline="") as opened:
            writer = csv.DictWriter(opened, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
        return cls.dir / name

    @classmethod
    def load(cls, name, persons, offences=None, ethnicities=True):
        file = cls.dir / f"{name}.reeve"
        cls.must("new", file, "--title", name, "--synthetic")
        cls.must("areas", file, cls.london / "boundaries-borough.geojson", "--type", "borough", "--vintage", "2018",
                 "--code", "code", "--name", "name")
        population = cls.london / "population-borough.csv"
        if not ethnicities:
            rows = [dict(r, ethnicity="") for r in cls.read("population-borough.csv") if r["ethnicity"] == "white"]
            population = cls.write(f"{name}-population.csv", rows)
        cls.must("import", file, population, "--as", "population")
        cls.must("import", file, cls.write(f"{name}-offences.csv", offences or cls.offences), "--as", "offences", most=1)
        if persons:
            cls.must("import", file, cls.write(f"{name}-persons.csv", persons), "--as", "persons", most=1)
        cls.must("define", file, "adopt", "havering")
        return file

    @classmethod
    def assess(cls, file, period, compare=None, out=None):
        words = (*(("--compare", compare) if compare else ()), *(("--out", out) if out else ()))
        cls.must("assess", file, "--area", HAVERING, "--period", period, *words)
        return {f["id"]: f for f in cls.must("findings", file, "--format", "json").json()}

    # ---- counting anew ----

    @classmethod
    def members(cls, profile, years=("2021", "2022"), persons=None):
        """Identifiers of the offences of a profile, by the text of the definition."""
        asked = next(p for p in DEFINITION["profiles"] if p["id"] == profile)
        groups = {g for word in asked["offences"] for g in DEFINITION["lists"].get(word, [word])}
        of = {r["offence_id"]: r for r in cls.offences}
        found = set()
        for r in cls.offences:
            link = of.get(r["linked_offence_id"])
            is_linked = (r["offence_group"] in DEFINITION["linked"]["groups"] and link and "serious" in asked["offences"]
                         and link["offence_group"] in DEFINITION["lists"]["serious"])
            flags = r["flags"].split(";")
            if ((r["offence_group"] in groups or is_linked) and r["recorded_at"][:4] in years and "terrorism" not in flags
                    and all(f in flags for f in asked.get("flags_all", []))):
                found.add(r["offence_id"])
        if "any_person" in asked:
            limit, roles = asked["any_person"]["age_below"], asked["any_person"]["roles"]
            found &= {p["offence_id"] for p in persons or cls.persons if p["role"] in roles and is_young(p, limit)}
        return found

    def people(self, profile, role, years=("2021", "2022"), persons=None):
        members = self.members(profile, years, persons)
        return [p for p in persons or self.persons if p["role"] == role and p["offence_id"] in members]

    def check_ethnicity(self, found, people, profile, plural):
        finding = found[f"{profile}.{plural}.ethnicity"]
        residents = self.residents
        if profile == "under-25":  # of a known age below the limit, beside residents of the same ages
            people, residents = [p for p in people if is_young(p)], self.young_residents
        counts = collections.Counter(group_of(p["ethnicity"]) for p in people)
        missing, white = counts.pop(None, 0), counts["white"]
        others, known = sum(counts.values()) - white, sum(counts.values())
        n, w = sum(residents.values()) - residents["white"], residents["white"]
        self.assertEqual((finding["numerator"], finding["denominator"], finding["missing"]), (others, known, missing))
        ratio, low = others / n / (white / w), others / n / ((white + missing) / w)
        high = (others + missing) / n / (white / w)
        self.assertAlmostEqual(finding["value"], ratio, places=9)
        is_apart = finding["lower"] > 1 or finding["upper"] < 1
        is_carried = is_apart and (low > 1 or high < 1)
        self.assertEqual("insufficient" not in finding["statement"], is_carried, finding["statement"])
        self.assertEqual("whatever the ethnicity" in finding["statement"], is_carried)
        if is_apart:
            self.check_tipping(finding["statement"], others, n, white, w, missing)
        for bound in ("low", "high"):
            share = 100 * (others + (missing if bound == "high" else 0)) / (known + missing)
            if is_carried:
                self.assertIn(f"{share:.1f}%", finding["statement"])
        return counts, missing, residents

    def check_tipping(self, statement, x, n, white, w, missing):
        """The numbers said are the least: they do what is said of them and one less does not. Whole numbers throughout."""
        is_over = x * w > white * n
        lower, rate_lower, higher, rate_higher = (white, w, x, n) if is_over else (x, n, white, w)

        def is_gone(k):
            return (higher + missing - k) * rate_lower <= (lower + k) * rate_higher

        def is_chance(k):
            a, both = higher + missing - k, lower + higher + missing
            p = rate_higher / (rate_higher + rate_lower)
            logs = (math.lgamma(both + 1) - math.lgamma(i + 1) - math.lgamma(both - i + 1) + i * math.log(p)
                    + (both - i) * math.log(1 - p) for i in range(a, both + 1))
            return sum(math.exp(v) for v in logs) >= 0.025

        found = {word: re.search(pattern, statement) for word, pattern in
                 (("chance", r"were ([\d,]+) or more of them"), ("gone", r"and ([\d,]+) or more would undo it"))}
        for word, holds in (("chance", is_chance), ("gone", is_gone)):
            said = found[word] and int(found[word][1].replace(",", ""))
            self.assertEqual(said is not None, missing > 0 and holds(missing), statement)
            if said is not None:
                self.assertTrue(said <= missing and holds(said) and not holds(said - 1), statement)
                self.tipped += 1
        if found["chance"]:
            self.assertIn(f"({round(missing * lower / (x + white)):,} would be if", statement)

    def test_ethnicity_beside_residents(self):
        self.tipped = 0
        for found, years in ((self.both, ("2021", "2022")), (self.year, ("2022",))):
            for profile in ("under-25", "domestic-abuse", "sexual-violence"):
                for plural in ("victims", "suspects"):
                    self.check_ethnicity(found, self.people(profile, plural[:-1], years), profile, plural)
        self.assertGreater(self.tipped, 5)

    def test_the_conclusion_of_the_strategy_comes_out_by_rule(self):
        """Supported for under 25s, insufficient for domestic abuse and sexual violence; Black highest of all groups."""
        for plural in ("victims", "suspects"):
            self.assertIn("over-represented, whatever", self.both[f"under-25.{plural}.ethnicity"]["statement"])
            self.assertIn("over-represented, whatever", self.both[f"under-25.{plural}.ethnicity-black"]["statement"])
            for profile in ("domestic-abuse", "sexual-violence"):
                self.assertIn("the data are insufficient", self.both[f"{profile}.{plural}.ethnicity"]["statement"])
        black = self.both["under-25.suspects.ethnicity-black"]
        counts, _, residents = self.check_ethnicity(self.both, self.people("under-25", "suspect"), "under-25", "suspects")
        rates = {g: counts[g] / residents[g] for g in GROUPS}
        self.assertEqual(max(rates, key=rates.get), "black")
        self.assertAlmostEqual(black["value"], rates["black"] / rates["white"], places=9)
        for name, finding in self.both.items():
            if ".ethnicity" in name and finding["value"] is not None:
                self.assertLess(finding["lower"], finding["value"])
                self.assertGreater(finding["upper"], finding["value"])

    def test_relationships_with_ties_and_order(self):
        for found, years in ((self.both, ("2021", "2022")), (self.year, ("2022",))):
            counts = collections.Counter(p["relationship"] for p in self.people("domestic-abuse", "suspect", years))
            unknown = counts.pop("", 0)
            known = sum(counts.values())
            first = found["domestic-abuse.all.relationship"]
            self.assertEqual((first["numerator"], first["denominator"]), (max(counts.values()), known))
            self.assertEqual(first["missing"], unknown)
            partners = found["domestic-abuse.all.partners"]
            self.assertEqual(partners["numerator"], sum(counts[word] for word in PARTNERS))
            (_, most), (_, next_most) = counts.most_common(2)
            self.assertIn(f"{next_most:,}", first["statement"])
            p = 2 * sum(math.comb(most + next_most, k) for k in range(most, most + next_most + 1)) / 2 ** (most + next_most)
            if p >= 0.05:  # more after Holm
                self.assertIn("cannot be told", first["statement"])
        self.assess(self.base, "2022-01..2022-12", "2021-01..2021-12", self.dir / "out")
        with (self.dir / "out" / "tables" / "domestic-abuse-relationships.csv").open(newline="") as opened:
            rows = list(csv.DictReader(opened))
        counts = collections.Counter(p["relationship"] for p in self.people("domestic-abuse", "suspect", ("2022",)))
        shown = [r for r in rows if r["place"]]
        self.assertEqual([int(r["count"]) for r in shown], sorted((c for c in counts.values() if c >= 5), reverse=True))
        for row in shown:
            place = 1 + sum(c > int(row["count"]) for c in counts.values())
            ties = sum(c == int(row["count"]) for c in counts.values())
            self.assertEqual(row["place"], f"joint {place}" if ties > 1 else str(place), row)

    def test_completeness_of_both_years(self):
        finding = self.year["sexual-violence.victims.completeness"]
        now, then = (self.people("sexual-violence", "victim", (y,)) for y in ("2022", "2021"))
        missing = [sum(group_of(p["ethnicity"]) is None for p in people) for people in (now, then)]
        self.assertEqual((finding["numerator"], finding["denominator"]), (missing[0], len(now)))
        self.assertIn("was recorded more often in 2022", finding["statement"])
        self.assertIn(f"after {missing[1]:,} of {len(then):,}", finding["statement"])

    def test_queries_give_the_numbers_again(self):
        checked = 0
        self.assess(self.base, "2022-01..2022-12", "2021-01..2021-12")
        for name, finding in self.year.items():
            if ".victims.ethnicity" in name or name.endswith(("completeness", ".partners")):
                words = shlex.split(finding["query"].replace("FILE", str(self.base), 1))
                counts = {list(r.values())[0]: int(r["count"]) for r in self.must(*words[1:], "--format", "csv").rows()}
                rows = (set(GROUPS) - {"white"} if name.endswith(".ethnicity") else {name.rsplit("-", 1)[-1]}
                        if ".ethnicity-" in name else {"not-recorded"} if name.endswith("completeness") else PARTNERS)
                self.assertEqual(sum(n for row, n in counts.items() if row in rows), finding["numerator"], name)
                checked += 1
        self.assertGreater(checked, 6)

    # ---- repetition ----

    def check_repeats(self, found, profile, plural, persons=None):
        offences = collections.defaultdict(set)
        for p in self.people(profile, plural[:-1], persons=persons):
            offences[p["person_ref"]].add(p["offence_id"])
        repeated = [s for s in offences.values() if len(s) > 1]
        finding = found[f"{profile}.{plural}.repeat"]
        self.assertEqual((finding["period_from"], finding["period_to"]), ("2021-01", "2022-12"))
        self.assertEqual((finding["numerator"], finding["denominator"]), (len(repeated), len(offences)))
        self.assertIn(f"in {len(set().union(*repeated)):,} of {len(set().union(*offences.values())):,} offences",
                      finding["statement"])
        return collections.Counter(len(s) for s in offences.values())

    def test_repetition_by_pseudonym(self):
        out = self.dir / "repeats"
        found = self.assess(self.base, "2022-01..2022-12", "2021-01..2021-12", out)
        for profile in ("under-25", "domestic-abuse", "sexual-violence"):
            for plural in ("victims", "suspects"):
                sizes = self.check_repeats(found, profile, plural)
                with (out / "tables" / f"{profile}-{plural}-repeat.csv").open(newline="") as opened:
                    rows = list(csv.DictReader(opened))
                for row in rows:  # "1", "3 to 4", "5 or more"
                    words = row["offences"].split()
                    last = math.inf if words[-1] == "more" else int(words[-1])
                    self.assertEqual(int(row["persons"]), sum(n for k, n in sizes.items() if int(words[0]) <= k <= last))
                self.assertEqual(sum(int(r["persons"]) for r in rows), sizes.total())
                self.assertTrue(all(int(r["persons"]) >= 5 for r in rows), rows)  # nobody stands alone
                self.assertIn("more", rows[-1]["offences"])
        refs = {p["person_ref"].encode() for p in self.people("domestic-abuse", "victim")[:200]}
        for path in out.rglob("*"):
            text = path.read_bytes() if path.is_file() else b""
            self.assertFalse([r for r in refs if r in text], path)

    def test_pseudonyms_of_each_record_and_none(self):
        anew = self.load("anew", [dict(p, person_ref=f"q{i}") for i, p in enumerate(self.persons)])
        found = self.assess(anew, "2022-01..2022-12", "2021-01..2021-12")
        finding = found["sexual-violence.suspects.repeat"]
        self.assertIn("none of the", finding["statement"])
        self.assertIn("only if a pseudonym stays with its person", finding["statement"])
        self.check_changed(found, lambda f: f.endswith(".repeat"), 6)
        blank = self.load("no-refs", [dict(p, person_ref="") for p in self.persons])
        finding = self.assess(blank, "2022-01..2022-12")["domestic-abuse.victims.repeat"]
        self.assertEqual(finding["verdict"], "not available")
        self.assertIn("no pseudonym of theirs is in the extract", finding["statement"])

    # ---- mutation: what an alteration changes, and what it leaves ----

    def check_changed(self, altered, is_expected, least):
        """Findings that changed are those expected, and that many at least."""
        fields = ("value", "lower", "upper", "numerator", "denominator", "missing", "statement", "verdict")
        changed = {f for f in self.year.keys() | altered.keys()
                   if [self.year.get(f, {}).get(k) for k in fields] != [altered.get(f, {}).get(k) for k in fields]}
        self.assertFalse([f for f in changed if not is_expected(f)])
        self.assertGreaterEqual(len(changed), least, changed)

    def test_relationships_taken_away_change_what_rests_on_them(self):
        some = {id(p) for p in self.people("domestic-abuse", "suspect", ("2022",))[::3]}
        persons = [dict(p, relationship="" if id(p) in some else p["relationship"]) for p in self.persons]
        altered = self.assess(self.load("unrelated", persons), "2022-01..2022-12", "2021-01..2021-12")
        self.check_changed(altered, lambda f: f.endswith((".all.relationship", ".all.partners", ".suspects.completeness")), 3)
        self.assertEqual(altered["domestic-abuse.all.relationship"]["missing"], len(some))

    def test_victims_taken_away_change_victims_of_their_profiles(self):
        """Grown victims of domestic abuse that is neither sexual nor of the young."""
        young, sexual = self.members("under-25"), self.members("sexual-violence")
        gone = [p for p in self.people("domestic-abuse", "victim", ("2022",))
                if p["offence_id"] not in young | sexual and p["age"] and int(p["age"]) >= 25][::2]
        self.assertGreater(len(gone), 100)
        away = {id(p) for p in gone}
        persons = [p for p in self.persons if id(p) not in away]
        altered = self.assess(self.load("fewer", persons), "2022-01..2022-12", "2021-01..2021-12")
        by_age = "domestic-abuse.all.change-parts"  # a change is told apart by the age of victims too
        self.check_changed(altered, lambda f: f == by_age or f.startswith("domestic-abuse.victims."), 6)
        self.assertEqual(self.year["domestic-abuse.victims.total"]["value"] - len(gone),
                         altered["domestic-abuse.victims.total"]["value"])
        self.check_ethnicity(altered, self.people("domestic-abuse", "victim", ("2022",), persons), "domestic-abuse", "victims")
        self.check_repeats(altered, "domestic-abuse", "victims", persons)

    # ---- altered, damaged and empty ----

    def test_blank_ethnicities_widen_the_bounds_and_turn_the_verdict(self):
        persons, n = [], 0
        for p in self.persons:
            is_hidden = p["role"] == "victim" and group_of(p["ethnicity"]) and n % 5 < 2
            n += 1
            persons.append(dict(p, ethnicity="" if is_hidden else p["ethnicity"]))
        altered = self.assess(self.load("blank", persons), "2022-01..2022-12", "2021-01..2021-12")
        name = "under-25.victims.ethnicity"
        self.check_ethnicity(altered, self.people("under-25", "victim", ("2022",), persons), "under-25", "victims")
        self.assertIn("whatever", self.year[name]["statement"])
        self.assertIn("insufficient", altered[name]["statement"])
        self.assertEqual(altered[name]["verdict"], "not reliable")
        self.assertNotIn("under-25.victims.ethnicity-asian", altered)
        same = [f for f in self.year if ".victims.ethnicity" not in f and not f.endswith(".victims.completeness")
                and f.split(".")[0] in ("under-25", "domestic-abuse", "sexual-violence", "union", "recorded-crime")]
        self.assertGreater(len(same), 60)
        for f in same:
            self.assertEqual([altered[f][k] for k in ("value", "numerator", "statement", "verdict")],
                             [self.year[f][k] for k in ("value", "numerator", "statement", "verdict")], f)

    def test_no_persons_no_ethnicity_no_residents(self):
        alone = self.assess(self.load("alone", None), "2022-01..2022-12")
        self.assertFalse([f for f in alone if any(part in f for part in ABOUT_PEOPLE)])
        observed = [dict(p, ethnicity="", ethnicity_observed="IC3") for p in self.persons]
        found = self.assess(self.load("observed", observed), "2022-01..2022-12")["sexual-violence.victims.ethnicity"]
        self.assertEqual((found["verdict"], found["value"]), ("not available", None))
        self.assertIn("what an officer observed", found["statement"])
        found = self.assess(self.load("nobody", self.persons, ethnicities=False), "2022-01..2022-12")
        self.assertIn("no residents of the borough by ethnicity are held",
                      found["domestic-abuse.victims.ethnicity"]["statement"])

    def test_one_person(self):
        offence = next(r for r in self.offences if r["offence_group"] == "rape" and r["recorded_at"][:4] == "2022")
        person = dict(self.persons[0], offence_id=offence["offence_id"], role="suspect", relationship="son", ethnicity="B1")
        found = self.assess(self.load("one", [person], [offence]), "2022-01..2022-12")
        for name, finding in found.items():
            if any(part in name for part in (".ethnicity", ".relationship", ".repeat")):
                self.assertIsNone(finding["value"], name)
                self.assertNotEqual(finding["verdict"], "holds", name)
                self.assertNotIn(" son", finding["statement"])
                self.assertNotIn("Black", finding["statement"])


if __name__ == "__main__":
    main()
