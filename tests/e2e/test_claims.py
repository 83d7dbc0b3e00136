"""The claims of the strategy beside what is computed from a synthetic London that was made to its tables.

Expected values are typed here from the published strategy and the catalogue of its claims; a London with
one record in fifty of the other boroughs must fail those that compare boroughs.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import collections
import csv
import io
import re
import subprocess

from harness import ROOT, SHARED, SYNTH, Case, main

EXPECTED = """claim_id,value,kind,notes,needs
u25.offences.count.2021-2022,3255,count,,offences
u25.offences.rank-in-london.2021,23,rank,,offences
u25.offences.rank-in-london.2022,24,rank,,offences
u25.offences.rate.2022,645,rate-per-100k,,offences;population
u25.share-of-violence.2021-2022,50.4,share,,offences
u25.weapon-enabled.change.2021-2022,19,change-percent,,offences
u25.weapon-enabled.knife.share,97,share,,offences
u25.victims.sexual.female.share,83,share,,victims
u25.suspects.under-25.share,63,share,,suspects
u25.victims.male.age,under 18;18-24,ordering,,victims
u25.victims.female.age,18-24;under 18,ordering,,victims
u25.accused.share.havering,7.1,share,,offences;outcomes
u25.ward.st-edwards.rank-in-london,7,rank,,offences;areas
u25.ward.vap.other,Gooshays;Heaton,peak-list,,offences;areas
u25.time.modal-hour,15:00-16:00,modal-interval,,offences
da.offences.count.2021-2022,1865,count,,offences
da.offences.rate.2022,365,rate-per-100k,,offences;population
da.relationship.partner.share,70,share,,suspects
da.sons.rank,4,rank,,suspects
da.ward.gooshays.change,42,change-percent,,offences;areas
da.ward.gooshays.rank-in-london.2022,15,rank,,offences;areas
da.time.modal-hour,12:00-13:00,modal-interval,,offences
da.time.peaks-within-7-days,18:00-19:00;20:00-21:00,peak-list,,offences
sv.offences.count.2021-2022,1067,count,,offences
sv.victims.ethnicity.unknown.halved,0.5,ratio,"exact; accept=[0.48,0.52]",victims
sv.accused.share,1.4,share,,offences;outcomes
sv.ward.st-edwards.rank-in-london,4,rank,,offences;areas
evidence.crime.rank-in-london,26,rank,,offences
evidence.vap.share,27,share,,offences
u25.bus.total.implied,45,count,,transport
voice.survey.size,1029,count,,survey
plan.reviewed,continuously,text-fact,,register:plan
"""
COMPARE_BOROUGHS = ("u25.offences.rank-in-london.2021", "evidence.crime.rank-in-london")


class Claims(Case):
    def london(self, *options):
        folder = self.dir / "london"
        subprocess.run([SYNTH, folder, *options], check=True, stdout=subprocess.DEVNULL)
        self.new()
        for kind, vintage, name in (("borough", "2018", "borough"), ("lsoa", "2021", "lsoa"),
                                    ("ward", "2018", "ward-2018"), ("ward", "2022-05", "ward-2022")):
            self.ok("areas", self.file, folder / f"boundaries-{name}.geojson", "--type", kind, "--vintage", vintage,
                    "--code", "code", "--name", "name")
        self.ok("import", self.file, *sorted(folder.glob("population-*.csv")), "--as", "population")
        self.ok("import", self.file, *sorted(folder.glob("lookup-*.csv")), "--as", "lookup")
        self.ok("import", self.file, *sorted(folder.glob("offences-*.csv")), status=1)
        self.ok("import", self.file, *sorted(folder.glob("persons-*.csv")), status=1)
        self.ok("import", self.file, folder / "outcomes.csv")
        self.ok("define", self.file, "adopt", "havering")

    def claims(self, status=0):
        expected = self.write("claims.csv", EXPECTED)
        rows = self.ok("claims", self.file, "--expect", expected, status=status).rows()
        self.assertEqual([r["claim_id"] for r in rows],
                         [r["claim_id"] for r in csv.DictReader(io.StringIO(EXPECTED))])
        return {r["claim_id"]: r for r in rows}

    def test_a_london_made_to_the_tables_meets_the_claims(self):
        self.london()
        rows = self.claims()
        for claim, row in rows.items():
            want = ("answered-otherwise" if claim == "u25.weapon-enabled.change.2021-2022" else
                    "not-computed" if row["input_class"] in ("B", "D") or "bus" in claim else "met")
            self.assertEqual(row["verdict"], want, row)
            if want != "met":
                self.assertTrue(row["because"], row)
            if want != "not-computed":
                self.assertTrue(row["from"], row)
        self.assertIn("not distinguishable", rows["u25.weapon-enabled.change.2021-2022"]["because"])
        self.assertEqual(rows["u25.weapon-enabled.change.2021-2022"]["got"], "19")
        again = self.ok("claims", self.file, "--expect", self.dir / "claims.csv", "--json", "--threads", 1).json()
        self.assertEqual([(r["claim_id"], r["got"], r["verdict"]) for r in again],
                         [(r["claim_id"], r["got"], r["verdict"]) for r in rows.values()])

    def test_the_readme_says_what_is_computed(self):
        catalogue = SHARED.parent / "seed" / "claims.csv"
        if not catalogue.exists():
            self.skipTest("the catalogue of claims is not here")
        self.london()
        self.ok("import", self.file, self.dir / "london" / "partners")
        surveys = self.dir / "london" / "surveys"
        for name in ("shout", "community-safety"):
            self.ok("import", self.file, surveys / f"{name}.csv", "--as", "survey", "--codebook",
                    surveys / f"{name}-codebook.json")
        rows = self.ok("claims", self.file, "--expect", catalogue).rows()
        counted = collections.Counter((r["input_class"], r["verdict"]) for r in rows)
        lines = re.findall(r"^\| ([ABCD]) [^|]*\| (\d+) \| (\d+) \| (\d+) \| (\d+) \| (\d+) \|$",
                           (ROOT / "README.md").read_text(), re.M)
        self.assertEqual([x[0] for x in lines], list("ABCD"))
        for name, *numbers in lines:
            verdicts = [counted[name, v] for v in ("met", "answered-otherwise", "not-met", "not-computed")]
            self.assertEqual([int(n) for n in numbers], [sum(verdicts), *verdicts], name)

    def test_another_london_does_not(self):
        self.london("--small")
        rows = self.claims(status=1)
        for claim in COMPARE_BOROUGHS:
            self.assertEqual(rows[claim]["verdict"], "not-met", rows[claim])

    def test_a_file_without_records_computes_nothing(self):
        self.new()
        for row in self.claims().values():
            self.assertEqual(row["verdict"], "not-computed")
            self.assertEqual(row["got"], "")
            self.assertTrue(row["because"])

    def test_what_is_no_list_of_claims_is_refused(self):
        self.new()
        self.ok("claims", self.file, status=2)
        self.assertIn("claim_id", self.ok("claims", self.file, "--expect", self.write("a.csv", "a,b\n1,2\n"), status=3).err)
        self.assertIn("line 2", self.ok("claims", self.file, "--expect", self.write("b.csv", "claim_id,value\n,2\n"),
                                        status=3).err)
        self.ok("claims", self.file, "--expect", self.dir / "none.csv", status=3)
        self.ok("claims", self.file, "--expect", self.write("c.csv", EXPECTED), "--set", "elsewhere", status=3)


if __name__ == "__main__":
    main()
