"""Services: extracts of kind provision, from CSV and from Open Referral UK."""
import csv
import json
import subprocess
import unittest

from harness import SYNTH, Case, main

HEADER = ("service_id,name,organisation,description,themes,tier,delivery,setting,minimum_age,maximum_age,sex,wards,schedule,"
          "capacity_per_year,funded_by,ends_on,evidence\n")


class Provision(Case):
    def setUp(self):
        super().setUp()
        self.ok("new", self.file, "--synthetic", "--title", "T")

    def services(self, *rows, name="services.csv"):
        path = self.dir / name
        path.write_text(HEADER + "".join(r + "\n" for r in rows))
        return path

    def counts(self, by, *more):
        table = self.ok("table", self.file, "--kind", "provision", "--by", by, "--format", "json", *more).json()
        names = by.split(",")
        return {tuple(r[n] for n in names): (r["count"], r["capacity_per_year"]) for r in table["rows"]}, table["notes"]

    def test_services_are_counted_by_what_they_are(self):
        report = self.ok("import", self.file, self.services(
            "s1,One,A,,knife-crime;mentoring,targeted,one-to-one;group,school,11,17,,W1;W2,FREQ=WEEKLY;BYDAY=TU 16:00-18:00,40,F,2024-03-31,",
            "s2,Two,A,,mentoring,universal,group,community,,,female,,,10,,,",
            "s3,Three,B,,,specialist,singing,,,,,W2,,,,,"), "--json").json()
        self.assertEqual((report["kind"], report["accepted"], report["quarantined"]), ("provision", 3, 0))
        self.assertEqual([(v["column"], v["value"]) for v in report["not_recorded"]], [("delivery", "singing")])
        tiers, notes = self.counts("tier")
        self.assertEqual(tiers, {("universal",): (1, 10), ("targeted",): (1, 40), ("specialist",): (1, None)})
        self.assertIn("3 services, each service_id once; 0 rows", notes[0])
        themes, _ = self.counts("theme")
        self.assertEqual(themes, {("knife-crime",): (1, 40), ("mentoring",): (2, 50), ("not-recorded",): (1, None)})
        delivery, _ = self.counts("delivery")
        self.assertEqual(delivery[("group",)], (2, 50))
        self.assertEqual(delivery[("online",)], (0, 0))
        both, _ = self.counts("ward,tier")
        self.assertEqual(both[("W2", "targeted")], (1, 40))
        self.assertEqual(both[("W1", "specialist")], (0, 0))
        rows = self.ok("sql", self.file, "SELECT count(*), min(minimum_age) FROM provision").out.split()
        self.assertEqual(rows[-1], "3,11")
        self.ok("verify", self.file)

    def test_a_later_file_replaces_a_service(self):
        self.ok("import", self.file, self.services("s1,One,,,a,universal,,,,,,,,,,,", "s2,Two,,,a,universal,,,,,,,,,,,"))
        later = self.ok("import", self.file, self.services("s1,One,,,b,targeted,,,,,,,,,,,", name="later.csv"), "--json").json()
        self.assertEqual(later["superseded"], 1)
        self.assertEqual(self.counts("tier")[0], {("universal",): (1, None), ("targeted",): (1, None), ("specialist",): (0, 0)})
        self.ok("import", self.file, self.services("s2,Two,,,c,specialist,,,,,,,,,,,", name="other.csv"), "--supplier", "B")
        counts, notes = self.counts("tier")
        self.assertEqual(counts[("specialist",)][0], 1)
        self.assertIn("2 services, each service_id once; 1 rows", notes[0])

    def test_a_schedule_is_a_rule_with_hours(self):
        good = ["FREQ=DAILY", "RRULE:FREQ=WEEKLY;BYDAY=MO,WE 09:00-17:00", "FREQ=MONTHLY;BYDAY=-1FR;COUNT=6 18:00-02:00",
                "FREQ=YEARLY;UNTIL=20251231 | FREQ=WEEKLY;INTERVAL=2;BYDAY=SA 10:00-12:00", "FREQ=WEEKLY;UNTIL=20251231T235959Z"]
        bad = ["Tuesdays", "BYDAY=MO", "FREQ=SOMETIMES", "FREQ=WEEKLY;FREQ=DAILY", "FREQ=WEEKLY;BYDAY=XX", "FREQ=WEEKLY 25:00-26:00",
               "FREQ=WEEKLY 09:00", "FREQ=DAILY;COUNT=3;UNTIL=20250101", "FREQ=DAILY;UNTIL=20250231", "FREQ=DAILY;COUNT=0", "| FREQ=DAILY", "FREQ=DAILY |"]
        rows = [f's{i},N,,,,,,,,,,,"{text}",,,,' for i, text in enumerate(good + bad)]
        out = self.dir / "q.csv"
        report = self.ok("import", self.file, self.services(*rows), "--json", "--quarantine", out, status=1).json()
        self.assertEqual((report["accepted"], report["reasons"]), (len(good), {"not-a-schedule": len(bad)}))
        self.assertIn("Tuesdays", out.read_text())

    def oruk(self, *services, page=True, name="services.json"):
        path = self.dir / name
        path.write_text(json.dumps({"total_items": len(services), "contents": list(services)} if page else list(services), indent=1))
        return path

    SERVICE = {
        "id": "a1", "name": "Boxing\nclub", "description": "Tuesdays; ask Jo Bloggs, jo@example.org or +44 (0)20 7946 0000, at 5 pm",
        "email": "jo@example.org", "minimum_age": 11, "maximum_age": 17.0, "organization": {"id": "o1", "name": "Club, A"},
        "contacts": [{"name": "Jo Bloggs", "phones": [{"number": "020 7946 0000"}]}], "phones": [{"number": "020 7946 0000"}],
        "service_areas": [{"name": "Heaton", "extent": "E05013970"}, {"name": "Somewhere", "extent": "not a code"}],
        "schedules": [{"freq": "WEEKLY", "byday": "TU,TH", "opens_at": "16:00:00Z", "closes_at": "18:00"},
                      {"freq": "MONTHLY", "interval": 2, "byday": "1SA"}],
        "funding": [{"source": "Fund A"}],
        "attributes": [{"taxonomy_term": {"name": "targeted", "taxonomy": "tier"}},
                       {"taxonomy_term": {"name": "group", "taxonomy_detail": {"name": "delivery"}}},
                       {"taxonomy_term": {"name": "knife-crime", "taxonomy": "themes of the borough"}}]}

    def test_services_of_open_referral_load(self):
        report = self.ok("import", self.file, self.oruk(self.SERVICE, {"id": "a2", "name": "Two"}), "--json").json()
        self.assertEqual((report["kind"], report["accepted"], report["quarantined"]), ("provision", 2, 0))
        out = self.ok("sql", self.file, "SELECT name, organisation, description, themes, tier, delivery, minimum_age, maximum_age, wards, "
                                        "schedule, funded_by FROM provision WHERE service_id = 'a1'").out
        row = list(csv.reader(out.splitlines()))[1]
        self.assertEqual(row, ["Boxing club", "Club, A", "Tuesdays; ask Jo Bloggs,  or , at 5 pm", "knife-crime", "targeted", "group", "11", "17",
                               "E05013970", "FREQ=WEEKLY;BYDAY=TU,TH 16:00-18:00 | FREQ=MONTHLY;INTERVAL=2;BYDAY=1SA", "Fund A"])
        everything = self.ok("sql", self.file, "SELECT * FROM provision").out
        self.assertNotIn("7946", everything)
        self.assertNotIn("example.org", everything)
        self.assertEqual(self.counts("tier")[0][("targeted",)][0], 1)

    def test_a_list_and_a_single_service_load_too(self):
        self.ok("import", self.file, self.oruk({"id": "a", "name": "A"}, {"id": "b", "name": "B"}, page=False))
        single = self.dir / "one.json"
        single.write_text('{"id": "c", "name": "C"}')
        self.ok("import", self.file, single)
        self.assertEqual(self.counts("tier")[0][("not-recorded",)][0], 3)

    def test_a_fault_in_a_service_names_its_line(self):
        bad = dict(self.SERVICE, id="a2", schedules=[{"freq": "OFTEN"}])
        path = self.oruk(self.SERVICE, bad)
        out = self.dir / "q.csv"
        self.ok("import", self.file, path, "--quarantine", out, status=1)
        line = 1 + path.read_text()[:path.read_text().index('"a2"')].count("\n") - 1  # its brace is the line before
        self.assertIn(f",{line},", out.read_text().splitlines()[1])

    def test_hostile_json_is_refused_with_its_position(self):
        cases = {"cut": ('{"contents": [{"id": "a", "name": "A"', "line 1, column"), "no": ('{\n"type": "FeatureCollection"}', "line 1"),
                 "half": ('[{"id": "a", "name": "A"},\n{"id": "b"}]', "line 2"), "words": ('{"contents": 7}', "must be a list"),
                 "twice": ('{"id": "a", "id": "b", "name": "A"}', "line 1"), "deep": ("[" * 100000, "line 1"),
                 "nul": ('[{"id": "a\\u0000b", "name": "A"}]', "line 1"), "bytes": (b"[\"\xff\"]", "line 1"), "numbers": ("[1, 2]", "line 1")}
        for name, (text, says) in cases.items():
            path = self.dir / f"{name}.json"
            path.write_bytes(text if isinstance(text, bytes) else text.encode())
            result = self.ok("import", self.file, path, status=3)
            self.assertIn(says, result.err, name)

    def test_wrong_use_is_told(self):
        self.assertIn("No extract of kind provision", self.ok("table", self.file, "--kind", "provision", "--by", "tier", status=3).err)
        self.ok("import", self.file, self.services("s1,One,,,a,universal,,,,,,,,,,,"))
        self.assertIn("is no dimension", self.ok("table", self.file, "--kind", "provision", "--by", "month", status=2).err)
        self.assertIn("takes --by", self.ok("table", self.file, "--kind", "provision", "--by", "tier", "--period", "2022", status=2).err)

    def test_the_synthetic_services_load_whole(self):
        london = self.dir / "london"
        subprocess.run([SYNTH, london, "--small"], check=True, stdout=subprocess.DEVNULL)
        report = self.ok("import", self.file, london / "partners/provision.csv", "--json").json()
        self.assertEqual((report["accepted"], report["quarantined"], report["not_recorded"]), (24, 0, []))
        self.assertEqual(sum(n for n, _ in self.counts("tier")[0].values()), 24)
        both = self.dir / "both"  # a folder takes the JSON as it takes the tables
        both.mkdir()
        for name in ("provision.csv", "services.json"):
            (both / name).write_bytes((london / "partners" / name).read_bytes())
        other = self.dir / "other.reeve"
        self.ok("new", other, "--synthetic", "--title", "T")
        self.ok("import", other, both)
        self.file = other
        self.assertEqual(sum(n for n, _ in self.counts("tier")[0].values()), 26)


if __name__ == "__main__":
    main()
