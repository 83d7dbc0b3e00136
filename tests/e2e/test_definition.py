"""The agreed definition through the program: profiles, persons, weapons, results, against a plain
reading of the contract in Python; show, try, adopt and why.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import random
import sqlite3

from harness import Case, digest, main

SERIOUS = {"homicide", "gbh", "abh", "rape", "assault-by-penetration", "sexual-assault", "personal-robbery",
           "threats-to-kill"}
MORE = {"other-sexual", "exploitation", "weapon-possession"}
SEXUAL = {"rape", "assault-by-penetration", "sexual-assault", "other-sexual"}
GROUPS = sorted(SERIOUS | MORE) + ["criminal-damage", "arson", "burglary", "terrorism", ""]
WEAPONS = ("knife", "firearm", "corrosive", "other-weapon")
MONTHS = [f"2021-{m:02}" for m in range(1, 13)] + [f"2022-{m:02}" for m in range(1, 10)]
AGES = {"17": (17, 17), "24": (24, 24), "25": (25, 25), "b18-24": (18, 24), "b18-34": (18, 34), "": (0, 999),
        "b65+": (65, 999)}
BANDS = [("under-18", 0, 17), ("18-24", 18, 24), ("25-34", 25, 34), ("35-49", 35, 49), ("50-64", 50, 64),
         ("65-plus", 65, 999)]
ETHNICITY = {"W1": "white", "A4": "asian", "B2": "black", "M9": "mixed", "O2": "other", "NS": "not-recorded",
             "white": "white", "": "not-recorded"}


def under_25(offence, people):
    return any(AGES[p["age"]][1] < 25 for p in people)


class Drawn:
    """Synthetic offences and persons, and what the contract says of each, evaluated one by one."""

    def __init__(self, seed):
        r = random.Random(seed)
        self.offences = [{"offence_id": f"K{i}", "recorded_at": f"{r.choice(MONTHS)}-11", "offence_code": "999Z",
                          "offence_group": r.choice(GROUPS), "weapon_use": r.choice(["", "", "none", "used"]),
                          "flags": ";".join(w for w in (*WEAPONS, "domestic-abuse", "terrorism") if r.random() < 0.12),
                          "linked_offence_id": f"K{r.randrange(900)}" if r.random() < 0.3 else "",
                          "outcome": r.choice(["", "accused", "open", "no-suspect"])} for i in range(800)]
        self.persons = [{"offence_id": f"K{r.randrange(820)}", "role": r.choice(["victim", "suspect", "accused"]),
                         "person_ref": f"p{i}", "age": r.choice(list(AGES)), "sex": r.choice(["female", "male", ""]),
                         "ethnicity": r.choice(list(ETHNICITY)),
                         "relationship": r.choice(["", "son", "ex-partner"])} for i in range(2000)]
        self.results = [{"offence_id": f"K{r.randrange(820)}", "outcome": r.choice(["accused", "evidential"]),
                         "outcome_date": f"2022-0{r.randint(1, 9)}-01"} for i in range(120)]
        self.by_id = {o["offence_id"]: o for o in self.offences}
        self.people = {}
        for p in self.persons:
            self.people.setdefault(p["offence_id"], []).append(p)

    def csv(self):
        def text(rows, columns):
            return ",".join(columns) + "\n" + "".join(",".join(x[c] for c in columns) + "\n" for x in rows)

        persons = [{**p, "age": "" if p["age"].startswith("b") else p["age"],
                    "age_band": p["age"][1:] if p["age"].startswith("b") else ""} for p in self.persons]
        return (text(self.offences, ["offence_id", "recorded_at", "offence_group", "weapon_use", "flags",
                                     "linked_offence_id", "outcome", "offence_code"]),
                text(persons, ["offence_id", "role", "person_ref", "age", "age_band", "sex", "ethnicity",
                               "relationship"]),
                text(self.results, ["offence_id", "outcome", "outcome_date"]))

    def flags(self, o):
        return set(filter(None, o["flags"].split(";")))

    def member(self, o, profile):
        group, flags, people = o["offence_group"], self.flags(o), self.people.get(o["offence_id"], [])
        if group == "terrorism" or "terrorism" in flags:
            return False
        target = self.by_id.get(o["linked_offence_id"], {}).get("offence_group", "")
        serious = group in SERIOUS or (group in ("criminal-damage", "arson") and target in SERIOUS)
        wide = serious or group in MORE
        is_in = {"under-25": wide and under_25(o, people), "domestic-abuse": serious and "domestic-abuse" in flags,
                 "sexual-violence": group in SEXUAL, "violence-all-ages": wide,
                 "weapon-possession": group == "weapon-possession"}
        if profile == "union":
            return any(is_in[p] for p in ("under-25", "domestic-abuse", "sexual-violence"))
        return is_in[profile] if profile in is_in else group == profile

    def outcome(self, o):
        later = [x for x in self.results if x["offence_id"] == o["offence_id"]]
        return max(enumerate(later), key=lambda x: (x[1]["outcome_date"], x[0]))[1]["outcome"] if later else \
            o["outcome"] or "not-recorded"

    def accused(self, o):
        return self.outcome(o) == "accused" or any(p["role"] == "accused"
                                                   for p in self.people.get(o["offence_id"], []))

    def weapons(self, o):
        named = self.flags(o) & set(WEAPONS)
        return named or ({"unspecified-weapon"} if o["weapon_use"] == "used" else {"none"})


def band(age):
    low, high = AGES[age]
    return next((name for name, first, last in BANDS if first <= low and high <= last), "not-recorded")


PROFILES = ["under-25", "domestic-abuse", "sexual-violence", "union", "violence-all-ages", "weapon-possession"]


class Definition(Case):
    def load(self, drawn, adopt=True):
        self.new()
        for name, text in zip(("o.csv", "p.csv", "r.csv"), drawn.csv()):
            kind = {"o": "offences", "p": "persons", "r": "outcomes"}[name[0]]
            self.ok("import", self.file, self.write(name, text), "--as", kind)
        if adopt:
            self.ok("define", self.file, "adopt", "havering", "--author", "board of 31 January")

    def table(self, *words):
        rows = self.ok("table", self.file, *words, "--period", "2021-01..2022-09", "--format", "csv").rows()
        return {tuple(list(x.values())[:words[words.index("--by") + 1].count(",") + 1]): int(x["count"])
                for x in rows if x["count"] not in ("", "0")}

    def counted(self, keys):
        out = {}
        for key in keys:
            out[key] = out.get(key, 0) + 1
        return out

    def test_profiles_agree_with_a_plain_reading(self):
        for seed in (1, 2, 3):
            drawn = Drawn(seed)
            self.file = self.dir / f"{seed}.reeve"
            self.load(drawn)
            for profile in PROFILES + ["gbh", "arson"]:
                chosen = [o for o in drawn.offences if drawn.member(o, profile)]
                self.assertTrue(chosen)
                self.assertEqual(self.table("--profile", profile, "--by", "year"),
                                 self.counted((o["recorded_at"][:4],) for o in chosen), profile)
                self.assertEqual(self.table("--profile", profile, "--by", "outcome,year"),
                                 self.counted((drawn.outcome(o), o["recorded_at"][:4]) for o in chosen))
                self.assertEqual(self.table("--profile", profile, "--by", "weapon"),
                                 self.counted((w,) for o in chosen for w in drawn.weapons(o)))
                self.assertEqual(self.table("--profile", profile, "--by", "flag,weapon"),
                                 self.counted((f, w) for o in chosen for f in drawn.flags(o) or {"none"}
                                              for w in drawn.weapons(o)))
                abuse = [o for o in chosen if "domestic-abuse" in drawn.flags(o)]
                self.assertEqual(self.table("--profile", profile, "--by", "offence-group", "--where",
                                            "flag=domestic-abuse"),
                                 self.counted((o["offence_group"] or "not-recorded",) for o in abuse))
                enabled = [o for o in chosen if "none" not in drawn.weapons(o)]
                self.assertEqual(sum(self.table("--profile", profile, "--by", "year", "--where",
                                                "weapon=any").values()), len(enabled))
                self.assertEqual(sum(self.table("--profile", profile, "--by", "year", "--count",
                                                "accused").values()), sum(map(drawn.accused, chosen)))

    def test_persons_agree_with_a_plain_reading(self):
        drawn = Drawn(4)
        self.load(drawn)
        for profile in ("under-25", "union", "all"):
            for role in ("victim", "suspect"):
                people = [(p, drawn.by_id[p["offence_id"]]) for p in drawn.persons
                          if p["role"] == role and p["offence_id"] in drawn.by_id and
                          (profile == "all" or drawn.member(drawn.by_id[p["offence_id"]], profile))]
                words = ("--profile", profile, "--count", role + "s", "--by")
                self.assertEqual(self.table(*words, f"{role}-age-band,{role}-sex"),
                                 self.counted((band(p["age"]), p["sex"] or "not-recorded") for p, o in people))
                self.assertEqual(self.table(*words, f"{role}-ethnicity,offence-group"),
                                 self.counted((ETHNICITY[p["ethnicity"]], o["offence_group"] or "not-recorded")
                                              for p, o in people))
                self.assertEqual(self.table(*words, "relationship"),
                                 self.counted((p["relationship"] or "not-recorded",) for p, o in people))
                self.assertEqual(self.table(*words, "weapon"),
                                 self.counted((w,) for p, o in people for w in drawn.weapons(o)))
                self.assertEqual(self.table(*words, "weapon,flag"),
                                 self.counted((w, f) for p, o in people for w in drawn.weapons(o)
                                              for f in drawn.flags(o) or {"none"}))
        rows = self.ok("table", self.file, "--by", "flag").rows()
        self.assertEqual(rows[0]["flag"], "domestic-abuse")
        total = sum(int(x["count"]) for x in self.ok("table", self.file, "--by", "year").rows() if x["count"])
        for x in rows:  # shares are of all offences: rows with several flags do not add up
            self.assertAlmostEqual(float(x["share"]), int(x["count"]) / total)
        self.assertIn("no such value", self.ok("table", self.file, "--by", "year", "--where", "flag=da", status=2).err)
        bands = self.ok("table", self.file, "--count", "victims", "--by", "victim-age-band", "--bands", "10,25,70").rows()
        self.assertEqual([x["victim-age-band"] for x in bands][:4], ["under-10", "10-24", "25-69", "70-plus"])

    def test_points_are_counted_as_given(self):
        r = random.Random(8)
        places = [("551234", "189001.5"), ("551234", "189001"), ("0", "1"), ("", "")]
        rows = [(f"P{i}", r.choice(places), r.choice(["gbh", "theft"])) for i in range(300)]
        text = "offence_id,recorded_at,offence_group,easting,northing\n" + "".join(
            f"{i},2021-05-03,{g},{e},{n}\n" for i, (e, n), g in rows)
        self.new()
        self.ok("import", self.file, self.write("o.csv", text), "--as", "offences")
        name = {places[2]: "point 1", places[1]: "point 2", places[0]: "point 3"}  # from west to east, no coordinates
        have = {(x["point"], x["offence-group"]): int(x["count"]) for x in
                self.ok("table", self.file, "--by", "point,offence-group", "--where", "offence-group=gbh").rows()
                if x["count"] != "0"}
        kept = [p for _, p, g in rows if g == "gbh"]
        self.assertEqual(have, {(name.get(p, "not-recorded"), "gbh"): sum(
            name.get(q, "not-recorded") == name.get(p, "not-recorded") for q in kept) for p in kept})
        one = self.ok("table", self.file, "--by", "year", "--where", "point=551234 189001").rows()
        self.assertEqual(int(one[0]["count"]), sum(p == places[1] for _, p, _ in rows))
        words = ("table", self.file, "--by", "point")
        self.assertEqual(self.ok(*words, "--threads", 1).out, self.ok(*words, "--threads", 4).out)

    def test_threads_do_not_matter(self):
        self.load(Drawn(5))
        words = ("table", self.file, "--profile", "under-25", "--count", "victims", "--by",
                 "victim-age-band,victim-sex,weapon")
        self.assertEqual(self.ok(*words, "--threads", 1).out, self.ok(*words, "--threads", 4).out)

    def test_what_cannot_be_told_is_said(self):
        drawn = Drawn(6)
        self.load(drawn)
        unknown = [o for o in drawn.offences if not drawn.member(o, "under-25") and
                   not (o["offence_group"] == "terrorism" or "terrorism" in drawn.flags(o)) and
                   (not o["offence_group"] or (drawn.member(o, "violence-all-ages") and any(
                       AGES[p["age"]][0] < 25 for p in drawn.people.get(o["offence_id"], []))))]
        notes = self.ok("table", self.file, "--profile", "under-25", "--by", "year", "--json").json()["notes"]
        self.assertTrue(any(n.startswith(f"{len(unknown)} offences may belong") for n in notes), notes)
        self.assertTrue(any("version 2024-01-31" in n for n in notes))
        notes = self.ok("table", self.file, "--count", "victims", "--by", "victim-sex", "--json").json()["notes"]
        orphans = sum(p["offence_id"] not in drawn.by_id for p in drawn.persons)
        self.assertTrue(any(n.startswith(f"{orphans} of 2000 persons") for n in notes), notes)

    def test_why_agrees_with_the_table(self):
        drawn = Drawn(7)
        self.load(drawn)
        for o in drawn.offences[:40]:
            answer = self.ok("why", self.file, "--record", o["offence_id"], "--json").json()
            self.assertEqual(len(answer), 1)
            verdicts = {p["profile"]: p["verdict"] for p in answer[0]["profiles"]}
            for profile in PROFILES:
                if profile != "union":
                    self.assertEqual(verdicts[profile] == "in", drawn.member(o, profile), (o, profile))
        self.assertIn("no offence has this identifier",
                      self.ok("why", self.file, "--record", "K99999", status=3).err)
        self.ok("why", self.file, status=2)

    def test_try_says_what_would_change(self):
        drawn = Drawn(8)
        self.load(drawn)
        answer = self.ok("define", self.file, "try", "havering-strict", "--json", "--period",
                         "2021-01..2022-09").json()
        line = next(x for x in answer["headlines"] if x["profile"] == "under-25" and x["year"] is None)
        before = [o for o in drawn.offences if drawn.member(o, "under-25")]
        left = [o for o in before if o["offence_group"] in MORE]
        self.assertEqual((line["before"], line["left"], line["entered"], line["after"]),
                         (len(before), len(left), 0, len(before) - len(left)))
        self.assertEqual([(x["records"], x["reason"]) for x in answer["reasons"] if x["profile"] == "under-25"],
                         [(len(left), "its offence group is not listed")])
        for x in answer["headlines"]:
            self.assertEqual(x["after"], x["before"] + x["entered"] - x["left"])
        self.assertEqual(sum(self.table("--profile", "under-25", "--by", "year").values()), len(before))

    def test_adopting_is_recorded_and_nothing_is_lost(self):
        drawn = Drawn(9)
        self.load(drawn, adopt=False)
        self.assertIn("no definition is adopted", self.ok("table", self.file, "--profile", "under-25", "--by", "year",
                                                          status=3).err)
        self.assertIn("no definition is adopted", self.ok("define", self.file, status=3).err)
        self.ok("define", self.file, "adopt", "havering", "--author", "board of 31 January")
        before = self.table("--profile", "under-25", "--by", "year")
        self.ok("define", self.file, "adopt", "havering", status=3)  # the very same
        self.ok("define", self.file, "adopt", "havering-strict", "--author", "review")
        self.assertLess(sum(self.table("--profile", "under-25", "--by", "year").values()), sum(before.values()))
        self.ok("define", self.file, "adopt", "havering", "--author", "review")
        self.assertEqual(self.table("--profile", "under-25", "--by", "year"), before)
        adopted = self.ok("define", self.file, "show", "--json").json()["adopted"]
        self.assertEqual([(x["definition"], x["adopted_by"]) for x in adopted],
                         [("havering", "review"), ("havering-strict", "review"), ("havering", "board of 31 January")])
        shown = self.ok("define", self.file).out
        for words in ("domestic abuse", "Rules that no field can test", "personally connected", "victim impact",
                      "beside the list it names, the profile holds other sexual, weapon possession, exploitation"):
            self.assertIn(words, shown)

    def test_a_mistake_is_refused_and_changes_nothing(self):
        self.load(Drawn(10))
        before = digest(self.file)
        for name, text, part in (
                ("empty.json", '{"definition": "d", "version": "1",\n "profiles": []}', "line 2"),
                ("group.json", '{"definition": "d", "version": "1",\n "profiles": [{"id": "p",\n "offences": ["murder"]}]}',
                 "line 3"),
                ("cycle.json", '{"definition": "d", "version": "1", "lists": {"a": ["b"],\n "b": ["a"]},\n'
                               ' "profiles": [{"id": "p", "offences": ["a"]}]}', "line 2"),
                ("broken.json", '{"definition": ', "line 1")):
            err = self.ok("define", self.file, "adopt", self.write(name, text), status=3).err
            self.assertIn(name, err)
            self.assertIn(part, err)
        self.assertIn("havering-strict", self.ok("define", self.file, "adopt", "no-such", status=3).err)
        self.ok("define", self.file, "change", "havering", status=2)
        self.ok("define", self.file, "adopt", status=2)
        self.assertEqual(digest(self.file), before)

    def test_a_file_that_was_tampered_with_is_refused(self):
        self.load(Drawn(11))
        db = sqlite3.connect(self.file)
        db.execute("UPDATE definition SET body = replace(body, '25', '35')")
        db.commit()
        db.close()
        self.assertIn("not the one that was adopted",
                      self.ok("table", self.file, "--profile", "under-25", "--by", "year", status=4).err)

    def test_dimensions_need_their_role(self):
        drawn = Drawn(12)
        self.load(drawn)
        self.assertIn("--count victims", self.ok("table", self.file, "--by", "victim-sex", status=3).err)
        self.assertIn("--count suspects", self.ok("table", self.file, "--by", "suspect-sex", "--count", "victims",
                                                  status=3).err)
        self.ok("table", self.file, "--by", "year", "--bands", "10,20", status=3)
        self.ok("table", self.file, "--by", "year", "--count", "witnesses", status=2)
        self.ok("table", self.file, "--by", "year", "--profile", "over-25", status=3)
        self.ok("table", self.file, "--count", "victims", "--by", "victim-age-band", "--bands", "20,10", status=2)
        self.ok("table", self.file, "--count", "victims", "--by", "victim-sex", "--where", "victim-sex=women", status=2)


if __name__ == "__main__":
    main()
