"""The contract of formats.md sections 1, 2, 3, 6 and 7, rule by rule, on files made by hand.

Every expected number is worked out in the test, from squares of ground: Havering, Redbridge and
Barking side by side, and a City of London. SPDX-License-Identifier: GPL-3.0-or-later
"""
import csv
import gzip
import json
import shutil

from harness import Case, main, run

HAVERING, REDBRIDGE, BARKING, CITY = "E09000016", "E09000026", "E09000002", "E09000001"
NORTH, SOUTH, RED, BARK = "E05000001", "E05000002", "E05000003", "E05000004"
IN_NORTH, IN_SOUTH, IN_RED, IN_BARK = "550500,181500", "550500,180500", "553000,181000", "555000,181000"

BOROUGHS = [(HAVERING, "Havering", 550000, 180000, 2000, 2000), (REDBRIDGE, "Redbridge", 552000, 180000, 2000, 2000),
            (BARKING, "Barking", 554000, 180000, 2000, 2000), (CITY, "City of London", 556000, 180000, 1000, 1000)]
WARDS = [(NORTH, "North", 550000, 181000, 2000, 1000), (SOUTH, "South", 550000, 180000, 2000, 1000),
         (RED, "Red", 552000, 180000, 2000, 2000), (BARK, "Bark", 554000, 180000, 2000, 2000)]
LATER = [("E05100001", "West", 550000, 180000, 2000, 2000), ("E05100002", "East", 552000, 180000, 4000, 2000)]
LSOAS = [("E01000001", "Havering 001A", 550000, 181000, 1000, 1000), ("E01000002", "Havering 001B", 551000, 181000, 1000, 1000),
         ("E01000003", "Havering 002A", 550000, 180000, 2000, 1000), ("E01000004", "Redbridge 001A", 552000, 180000, 2000, 2000)]


def squares(items):
    def ring(x, y, w, h):
        return [[[x, y], [x + w, y], [x + w, y + h], [x, y + h], [x, y]]]
    return json.dumps({
        "type": "FeatureCollection",
        "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::27700"}},
        "features": [{"type": "Feature", "properties": {"code": c, "name": n},
                      "geometry": {"type": "Polygon", "coordinates": ring(x, y, w, h)}}
                     for c, n, x, y, w, h in items]})


class Contract(Case):
    master = None

    @classmethod
    def tearDownClass(cls):
        Contract.master = None

    def setUp(self):
        super().setUp()
        if Contract.master is None:  # boundaries are the same for every test: made once, copied
            self.ok("new", self.file)
            for items, kind, vintage in ((BOROUGHS, "borough", "2021"), (WARDS, "ward", "2018"), (LSOAS, "lsoa", "2011")):
                self.add_areas(items, kind, vintage)
            Contract.master = self.file.read_bytes()
        else:
            self.file.write_bytes(Contract.master)

    def add_areas(self, items, kind, vintage):
        self.ok("areas", self.file, self.write(f"{kind}{vintage}.geojson", squares(items)), "--type", kind, "--vintage",
                vintage, "--code", "code", "--name", "name")

    def load(self, text, *words, status=0, name="file.csv"):
        return self.ok("import", self.file, self.write(name, text), "--json", *words, status=status).json()

    def refused(self, text, *words, status=3, name="file.csv"):
        """Nothing is loaded, nothing is on standard output; the message is returned."""
        query = "select count(*) as n from extract"
        before = self.ok("sql", self.file, query).out
        result = run("import", self.file, self.write(name, text), *words)
        self.assertEqual(result.status, status, result.out + result.err)
        self.assertEqual(result.out, "")
        self.assertEqual(self.ok("sql", self.file, query).out, before)
        return result.err

    def profile(self, **fields):
        base = {"profile": "mine", "version": 1, "kind": "offences", "columns": {
            "offence_id": {"from": "Ref"}, "recorded_at": {"from": "When"}, "offence_group": {"from": "Type"}}}
        base.update(fields)
        return self.write("profile.json", json.dumps(base))

    def table(self, *words, status=0):
        return self.ok("table", self.file, *words, status=status).rows()

    def counts(self, dimension, *words):
        """Counts by label, the zeros left out."""
        return {r[dimension]: int(r["count"]) for r in self.table("--by", dimension, *words) if r["count"] not in ("", "0")}

    def held(self, columns, where="1"):
        return [tuple(r.values()) for r in self.ok("sql", self.file, f"select {columns} from offences where {where}").rows()]


class Offences(Contract):
    FULL = ("offence_id,recorded_at,committed_from,committed_to,offence_code,offence_group,category,offence_title,flags,"
            "weapon_use,linked_offence_id,easting,northing,location_precision,lsoa_code,ward_code,borough_code,"
            "venue_type,venue_name,outcome,outcome_date,source_note\n")

    def test_every_column_is_kept_as_it_came(self):
        row = ("A1,2021-03-10T09:30,2021-03-08T22:15,2021-03-08T23:00,8N,gbh,Violence,Wounding,knife;alcohol,used,A0,"
               "550500,181500,exact,E01000001,E05000001,E09000016,street,High Street,accused,2021-04-01,a note")
        report = self.load(self.FULL + row + "\n")
        self.assertEqual((report["accepted"], report["dropped_columns"]), (1, []))
        self.assertEqual(self.held(self.FULL.strip()), [tuple(row.split(","))])

    def test_dates_keep_their_precision_and_utc_becomes_london_time(self):
        self.load("offence_id,recorded_at,offence_group\n1,2021-03,theft\n2,2021-03-04,theft\n3,2021-03-04T05:06,theft\n"
                  "4,2021-06-30T23:30Z,theft\n5,2021-01-15T23:30Z,theft\n6,2021-06-30T23:30:15+00:00,theft\n")
        self.assertEqual([r[0] for r in self.held("recorded_at")], [
            "2021-03", "2021-03-04", "2021-03-04T05:06", "2021-07-01T00:30", "2021-01-15T23:30", "2021-07-01T00:30:15"])

    def test_a_group_overrides_a_code_and_a_code_stands_in_for_a_group(self):
        report = self.load("offence_id,recorded_at,offence_code,offence_group\n"
                           "1,2021-03,8N,\n2,2021-03,8N,rape\n3,2021-03,34B,\n4,2021-03,999Z,\n5,2021-03,5D,\n"
                           "6,2021-03,8N/1,\n7,2021-03,,burglary\n")
        self.assertEqual(report["accepted"], 7)
        self.assertEqual(report["unknown_offence_codes"], {"999Z": 1, "8N/1": 1})
        self.assertEqual(self.counts("offence-group"), {
            "abh": 1, "rape": 1, "personal-robbery": 1, "gbh": 1, "burglary": 1, "not-recorded": 2})
        self.assertEqual(self.counts("month", "--profile", "abh"), {"2021-03": 1})
        self.assertEqual(self.counts("offence-code")["999Z"], 1)

    def test_closed_vocabularies_show_zero_rows_and_open_ones_do_not(self):
        self.load("offence_id,recorded_at,offence_group,outcome,venue_name\n1,2021-03,theft,open,Shop\n2,2021-03,theft,odd,\n")
        rows = {r["offence-group"]: r for r in self.table("--by", "offence-group")}
        self.assertEqual(len(rows), 27)
        self.assertEqual((rows["homicide"]["count"], rows["theft"]["share"], rows["theft"]["missing"]), ("0", "1", "0"))
        outcomes = {r["outcome"]: r for r in self.table("--by", "outcome")}
        self.assertEqual(list(outcomes), ["accused", "out-of-court", "no-suspect", "victim-withdrew", "evidential", "open",
                                          "other", "not-recorded"])
        self.assertEqual((outcomes["open"]["share"], outcomes["open"]["missing"]), ("0.5", "1"))
        self.assertEqual([(r["venue"], r["count"]) for r in self.table("--by", "venue")], [("Shop", "1"), ("not-recorded", "1")])
        self.assertEqual([r["share"] for r in self.table("--by", "outcome", "--profile", "arson")], [""] * 7)

    def test_an_unknown_code_of_a_closed_vocabulary_loads_and_is_reported(self):
        report = self.load("offence_id,recorded_at,offence_group,outcome\n1,2021-03,theft,odd\n2,2021-03,nonsense,open\n")
        self.assertEqual(report["accepted"], 2)
        self.assertEqual(report["not_recorded"], [{"column": "outcome", "value": "odd", "rows": 1},
                                                  {"column": "offence_group", "value": "nonsense", "rows": 1}]
                         if report["not_recorded"][0]["column"] == "outcome" else
                         [{"column": "offence_group", "value": "nonsense", "rows": 1},
                          {"column": "outcome", "value": "odd", "rows": 1}])

    def test_an_unknown_flag_is_reported_and_the_known_ones_stay(self):
        report = self.load("offence_id,recorded_at,offence_group,flags\n1,2021-03,theft,knife; bogus\n2,2021-03,theft,gang\n")
        self.assertEqual(report["not_recorded"], [{"column": "flags", "value": "bogus", "rows": 1}])
        self.assertEqual(self.held("flags"), [("knife; bogus",), ("gang",)])

    def test_hour_and_weekday_are_of_the_commission(self):
        # 2021-03-08 was a Monday; a date without a time has a weekday and no hour; 23:30Z of
        # Monday 14 June was 00:30 of Tuesday in London.
        self.load("offence_id,recorded_at,committed_from,offence_group\n1,2021-03-10T09:00,2021-03-08T22:15,theft\n"
                  "2,2021-03-10T09:00,2021-03-08,theft\n3,2021-06-20,,theft\n4,2021-06-20,2021-06-14T23:30Z,theft\n")
        cells = {(r["hour"], r["weekday"]): int(r["count"]) for r in self.table("--by", "hour,weekday") if r["count"] != "0"}
        self.assertEqual(cells, {("22", "monday"): 1, ("not-recorded", "monday"): 1, ("not-recorded", "not-recorded"): 1,
                                 ("00", "tuesday"): 1})
        self.assertEqual(self.counts("hour", "--date", "recorded"), {"09": 2, "not-recorded": 2})

    def test_date_committed_keeps_what_has_no_such_date_apart(self):
        self.load("offence_id,recorded_at,committed_from,offence_group\n1,2021-03-10,2021-03-01,theft\n"
                  "2,2021-04-10,2021-03-30,theft\n3,2021-04-11,,theft\n")
        self.assertEqual(self.counts("month"), {"2021-03": 1, "2021-04": 2})
        self.assertEqual(self.counts("month", "--date", "committed"), {"2021-03": 2, "not-recorded": 1})
        self.assertEqual(self.counts("month", "--date", "committed", "--period", "2021-03..2021-04"),
                         {"2021-03": 2, "not-recorded": 1})

    def test_delay_bands(self):
        # days between the dates: 0, 1, 7, 8, 28, 29, -1, unknown (a month), unknown (none)
        rows = ["2021-03-01,2021-03-01T23:00", "2021-03-02,2021-03-01T23:00", "2021-03-08,2021-03-01", "2021-03-09,2021-03-01",
                "2021-03-29,2021-03-01", "2021-03-30,2021-03-01", "2021-03-01,2021-03-02", "2021-03,2021-03-01", "2021-03-01,"]
        text = "offence_id,recorded_at,committed_from,offence_group\n"
        self.load(text + "".join(f"{i},{r},theft\n" for i, r in enumerate(rows)))
        self.assertEqual(self.counts("delay-band"),
                         {"same-day": 1, "1-7": 2, "8-28": 2, "29-plus": 1, "not-recorded": 3})

    def test_where_holds_all_and_refuses_words_that_mean_nothing(self):
        self.load("offence_id,recorded_at,offence_group,outcome,easting,northing\n"
                  f"1,2021-03,theft,open,{IN_NORTH}\n2,2021-03,theft,accused,{IN_NORTH}\n3,2021-03,arson,open,{IN_RED}\n")
        self.assertEqual(self.counts("borough", "--where", "outcome=open"), {HAVERING: 1, REDBRIDGE: 1})
        self.assertEqual(self.counts("borough", "--where", "outcome=open,accused", "--where", "offence-group=theft"),
                         {HAVERING: 2})
        for words in (["outcome=opne"], ["hour=25"], ["weekday=mon"], ["borough=E09000099"], ["nothing=1"], ["outcome"]):
            result = run("table", self.file, "--by", "month", "--where", *words)
            self.assertIn(result.status, (2, 3), words)
            self.assertEqual(result.out, "")
            self.assertIn("--where", result.err)

    def test_what_needs_persons_or_a_definition_is_refused_and_says_so(self):
        self.load("offence_id,recorded_at,offence_group\n1,2021-03,theft\n")
        for words in (["--by", "victim-sex"], ["--by", "month", "--count", "victims"],
                      ["--by", "month", "--profile", "under-25"]):
            result = run("table", self.file, *words)
            self.assertEqual((result.status, result.out), (3, ""), words)
            self.assertRegex(result.err, "persons|definition")


class Quarantine(Contract):
    def test_rows_that_cannot_be_used(self):
        text = ('offence_id,recorded_at,committed_from,offence_group,easting,northing\n'
                '1,2021-03-28T09:00,2021-03-28T01:30,theft,,\n'      # 2: the clock skips it
                '"2\nx",2021-03-28,,theft,,\n'                        # 3 and 4
                '3,2021-02-30,,theft,,\n'                             # 5: no such day
                '4,2021-03-28,,theft,east,181500\n'                   # 6: text in easting
                '5,2021-03-28,,,,\n'                                  # 7: no offence
                ',2021-03-28,,theft,,\n'                              # 8: its key is made
                '6,,,theft,,\n'                                       # 9: no date
                '7,2021-03-28,,theft,,,,\n'                           # 10: too long
                '3,2021-03-01,,theft,,\n')                            # 11: the key of a quarantined row is no record
        kept = self.dir / "q.csv"
        report = self.load(text, "--quarantine", kept, status=1)
        self.assertEqual((report["read"], report["quarantined"], report["repeated_keys"]), (9, 7 - report["accepted"] + 2, 0))
        self.assertEqual(sum(report["reasons"].values()), report["quarantined"])
        with kept.open(newline="") as opened:
            rows = list(csv.DictReader(opened))
        self.assertEqual(list(rows[0]), ["file", "line", "column", "value", "code", "sentence"])
        lines = {int(r["line"]): r for r in rows}
        for line, column, value in ((2, "committed_from", "2021-03-28T01:30"), (5, "recorded_at", "2021-02-30"),
                                    (6, "easting", "east"), (9, "recorded_at", "")):
            self.assertEqual((lines[line]["column"], lines[line]["value"]), (column, value))
            self.assertIn(f"line {line}", lines[line]["sentence"])
        self.assertIn(10, lines)
        self.assertNotIn(3, lines)
        self.assertNotIn(11, lines)

    def test_contradictions_load_and_are_reported(self):
        report = self.load("offence_id,recorded_at,committed_from,committed_to,offence_group,outcome_date\n"
                           "1,2021-03-10,2021-03-09,2021-03-01,theft,\n2,2021-03-10,2021-03-12,,theft,\n"
                           "3,2021-03-10,,,theft,2021-03-01\n4,2021-03,2021-03-12,2021-03-12,theft,2021-03-01\n")
        self.assertEqual(report["accepted"], 4)
        notes = "\n".join(report["notes"])
        for columns in ("committed_to before committed_from", "recorded_at before committed_from",
                        "outcome_date before recorded_at"):
            self.assertIn(columns, notes)
        self.assertEqual(notes.count("1 rows"), 3, notes)  # the month of row 4 holds all its dates

    def test_files_that_load_nothing(self):
        self.assertIn("file.csv", self.refused(""))
        self.assertIn("header", self.refused("A,B\n1,2\n"))
        missing = self.refused("offence_id,offence_group\n1,theft\n", "--as", "offences")
        self.assertIn("recorded_at", missing)
        ambiguous = self.refused("offence_id,recorded_at,offence_group\n1,03/04/2021,theft\n2,05/06/2021,theft\n")
        self.assertIn("recorded_at", ambiguous)
        self.assertIn("DD/MM/YYYY", ambiguous)
        self.assertIn("DD/MM/YYYY", self.refused("offence_id,recorded_at,offence_group\n1,13/04/2021,theft\n"))
        self.refused(gzip.compress(b"offence_id,recorded_at,offence_group\n1,2021-03,theft\n" * 50)[:-9], name="cut.csv.gz")

    def test_statuses_of_empty_and_repeated_files(self):
        header = "offence_id,recorded_at,offence_group\n"
        report = self.load(header, status=1, name="header.csv")
        self.assertEqual((report["read"], report["accepted"]), (0, 0))
        (self.dir / "folder").mkdir()
        self.ok("import", self.file, self.dir / "folder", status=1)
        self.load(header + "1,2021-03,theft\n1,2021-03,theft\n", name="first.csv")  # duplicates alone are 0
        message = self.refused(header + "1,2021-03,theft\n1,2021-03,theft\n", name="second.csv")
        self.assertIn("first.csv", message)

    def test_a_folder_loads_what_it_knows_and_names_the_rest(self):
        folder = self.dir / "folder"
        folder.mkdir()
        (folder / "a.csv").write_text("offence_id,recorded_at,offence_group\n1,2021-03,theft\n")
        (folder / "b.csv").write_text("Colour,Size\nred,4\n")
        result = run("import", self.file, folder)
        self.assertIn("b.csv", result.out + result.err)
        self.assertEqual(len(self.held("offence_id")), 1)


class Report(Contract):
    FIELDS = ["file", "sha256", "kind", "profile", "read", "accepted", "quarantined", "reasons", "duplicates", "superseded",
              "withdrawn", "orphans", "unplaced", "dropped_columns", "period"]

    def test_the_fields_of_an_import_report(self):
        report = self.load(f"offence_id,recorded_at,offence_group,easting,northing,Colour\n1,2021-03-04,theft,{IN_NORTH},red\n"
                           "2,2021-05,theft,700000,100000,blue\n")
        for field in self.FIELDS:
            self.assertIn(field, report)
        self.assertEqual((report["file"], report["kind"], report["period"], report["unplaced"], report["dropped_columns"]),
                         ("file.csv", "offences", "2021-03..2021-05", 1, ["Colour"]))
        import hashlib
        self.assertEqual(report["sha256"], hashlib.sha256((self.dir / "file.csv").read_bytes()).hexdigest())

    def test_duplicates_and_repeated_keys(self):
        text = "Ref,When,Type\n1,2021-03-01,theft\n1,2021-03-01,theft\n1,2021-03-02,theft\n"
        report = self.load(text, "--profile", self.profile())
        self.assertEqual((report["accepted"], report["duplicates"], report["repeated_keys"]), (2, 1, 1))
        self.assertEqual(self.held("record_number, recorded_at", "current"), [("1", "2021-03-01"), ("2", "2021-03-02")])
        kept = self.load(text + "\n", "--profile", self.profile(profile="kept", duplicates="keep"))
        self.assertEqual((kept["accepted"], kept["repeated_keys"]), (3, kept["repeated_keys"]))
        self.assertEqual(len(self.held("offence_id", "current")), 5)

    FIRST = "Ref,When,Type\n1,2021-01-05,theft\n2,2021-02-05,theft\n3,2021-03-05,theft\n"
    SECOND = "Ref,When,Type\n1,2021-01-05,theft\n2,2021-02-05,arson\n"

    def refresh(self, how):
        profile = self.profile(refresh=how)
        self.load(self.FIRST, "--profile", profile, name="1.csv")
        report = self.load(self.SECOND, "--profile", profile, name="2.csv")
        earlier = self.held("offence_id, offence_group, current", "extract = 1")
        self.assertEqual([r[1] for r in earlier], ["theft"] * 3, "earlier states stay readable")
        current = sorted(self.held("offence_id, offence_group", "current"))
        return (report["duplicates"], report["superseded"], report["withdrawn"]), current

    def test_incremental(self):
        self.assertEqual(self.refresh("incremental"), ((1, 1, 0), [("1", "theft"), ("2", "arson"), ("3", "theft")]))

    def test_period_replaces_its_months_only(self):
        profile = self.profile(refresh="period")
        self.load(self.FIRST, "--profile", profile, name="1.csv")
        report = self.load("Ref,When,Type\n9,2021-02-09,theft\n", "--profile", profile, name="2.csv")
        self.assertEqual((report["superseded"], report["withdrawn"]), (0, 1))
        self.assertEqual(sorted(r[0] for r in self.held("offence_id", "current")), ["1", "3", "9"])
        report = self.load("Ref,When,Type\n8,2021-03-09,theft\n", "--profile", profile, "--period", "2021-01..2021-03",
                           name="3.csv")
        self.assertEqual(report["withdrawn"], 3)
        self.assertEqual(self.counts("month"), {"2021-03": 1})

    def test_full_replaces_everything(self):
        self.assertEqual(self.refresh("full"), ((1, 1, 1), [("1", "theft"), ("2", "arson")]))

    def test_personal_columns_are_named_and_never_stored(self):
        text = ("offence_id,recorded_at,offence_group,Victim name,DOB,x\n1,2021-03,theft,Ann Smithers,1980-01-02,RM1 3BD\n"
                "2,2021-03,theft,Bob Joneson,1981-01-02,RM1 4BD\n")
        report = self.load(text)
        self.assertEqual({p["column"] for p in report["personal_columns"]}, {"Victim name", "DOB", "x"})
        held = self.file.read_bytes()
        for secret in (b"Smithers", b"RM1 3BD", b"1980-01-02"):
            self.assertNotIn(secret, held)
        message = self.refused(text + "3,2021-03,theft,C D,1982-01-02,RM1 4BD\n", "--supplier", "A Trust",
                               "--supplier-kind", "health")
        self.assertNotIn("Smithers", message)


class Profiles(Contract):
    def test_the_features_of_a_profile(self):
        profile = self.write("p.json", json.dumps({
            "profile": "features", "version": 1, "kind": "offences", "separator": ";", "decimal": ",", "line_end": "crlf",
            "time_zone": "UTC", "duplicates": "keep", "constants": {"borough_code": HAVERING},
            "exclude": [{"column": "Where", "equals": "Airport", "reason": "airports are no borough"}],
            "columns": {"offence_id": {"from": ["Ref", "Older ref"]},
                        "recorded_at": {"from": "When", "format": "DD/MM/YYYY HH:MM"},
                        "offence_group": {"from": "Type", "map": {"BURG": "burglary"}, "missing": ["-"]},
                        "category": {"from": "Type"}, "easting": {"from": "X"}, "northing": {"from": "Y"}}}))
        text = ("Older ref;When;Type;X;Y;Where\r\n1;30/06/2021 23:30;BURG;550500,5;181500,25;x\r\n"
                "2;15/01/2021 23:30;-;;;x\r\n3;15/01/2021 23:30;BURG;;;Airport\r\n")
        report = self.load(text, "--profile", profile)
        self.assertEqual((report["accepted"], report["excluded"], report["exclusions"]),
                         (2, 1, {"airports are no borough": 1}))
        self.assertEqual(self.held("recorded_at, offence_group, easting, northing, borough_code"), [
            ("2021-07-01T00:30", "burglary", "550500.5", "181500.25", HAVERING), ("2021-01-15T23:30", "", "", "", HAVERING)])

    def test_wide_months_bare_carriage_returns_and_windows_letters(self):
        profile = self.write("p.json", json.dumps({
            "profile": "wide", "version": 1, "kind": "area-counts", "line_end": "cr",
            "columns": {"area_code": {"from": "Code"}, "category": {"from": "Kind"}},
            "wide": {"id": ["Code", "Kind"], "periods": "YYYYMM"}}))
        self.load(f"Code,Kind,202101,202102\r{HAVERING},Burglary,5,\r{REDBRIDGE},Burglary,7,0\r", "--profile", profile)
        rows = self.table("--kind", "area-counts", "--by", "borough,month")
        cells = {(r["borough"], r["month"]): r["count"] for r in rows}
        self.assertEqual(cells[(HAVERING, "2021-01")], "5")
        self.assertEqual(cells[(REDBRIDGE, "2021-02")], "0")
        self.assertEqual(cells[(HAVERING, "2021-02")], "", "an empty cell is unknown, not zero")

    def test_profiles_that_are_wrong_say_where(self):
        for text, word in (("{bad", "line 1"), ('{"profile": "x", "version": 1, "kind": "nonsense", "columns": {}}', "nonsense"),
                           ('{"profile": "x", "version": 1, "kind": "offences", "refresh": "weekly",'
                            ' "columns": {"offence_id": {"from": "Ref"}}}', "weekly")):
            profile = self.write("p.json", text)
            message = self.refused("Ref,When,Type\n1,2021-03,theft\n", "--profile", profile)
            self.assertIn("p.json", message)
            self.assertIn(word, message)


class Rates(Contract):
    POPULATION = ("area_code,year,age_from,age_to,sex,ethnicity,persons\n"
                  f"{HAVERING},2021,0,24,female,,40000\n{HAVERING},2021,0,24,male,,40000\n{HAVERING},2021,25,90,,,120000\n"
                  f"{REDBRIDGE},2021,,,,,100000\n")

    def year(self, rows):
        """Records of every month of 2021 declared covered."""
        text = "offence_id,recorded_at,offence_group,easting,northing\n"
        text += "".join(f"{i},2021-{1 + i % 12:02d},theft,{place}\n" for i, place in enumerate(rows))
        return self.load(text, "--period", "2021-01..2021-12")

    def test_rates_with_exact_limits_and_missing_population(self):
        self.year([IN_NORTH] * 5 + [IN_RED] * 3 + ["700000,100000"])
        self.load(self.POPULATION, name="population.csv")
        rows = {r["borough"]: r for r in self.table("--by", "borough")}
        havering = rows[HAVERING]
        self.assertEqual((havering["count"], havering["population"], havering["rate"]), ("5", "200000", "2.5"))
        # Garwood: 5 events 1.62348639 to 11.66833208; of 200,000 person-years, per 100,000
        self.assertAlmostEqual(float(havering["lower"]), 1.62348639 / 2, places=7)
        self.assertAlmostEqual(float(havering["upper"]), 11.66833208 / 2, places=7)
        self.assertEqual((rows[REDBRIDGE]["rate"], rows[BARKING]["count"], rows[BARKING]["rate"]), ("3", "0", ""))
        self.assertIn("population", rows[BARKING]["not_available_because"])
        self.assertEqual(rows["unplaced"]["count"], "1")
        self.assertEqual([havering["share"], rows["unplaced"]["missing"]], ["0.555555555556", "1"])

    def test_half_a_year_has_half_the_person_years(self):
        self.year([IN_NORTH] * 12)
        self.load(self.POPULATION, name="population.csv")
        row = self.table("--by", "borough", "--period", "2021-01..2021-06", "--where", f"borough={HAVERING}")[0]
        self.assertEqual((row["count"], row["rate"]), ("6", "6"))  # 6 of 100,000 person-years

    def test_conditions_on_areas_choose_the_residents(self):
        self.year([IN_NORTH] * 4 + [IN_RED] * 8)
        self.load(self.POPULATION, name="population.csv")
        row = self.table("--by", "year", "--where", f"borough={HAVERING}")[0]
        self.assertEqual((row["count"], row["population"], row["rate"]), ("4", "200000", "2"))
        area = self.table("--by", "year", "--area", HAVERING)[0]
        self.assertEqual((area["count"], area["rate"]), ("4", "2"))
        part = {r["borough"]: r for r in self.table("--by", "borough", "--where", f"ward={NORTH}")}[HAVERING]
        self.assertEqual((part["count"], part["rate"]), ("4", ""), "the ward's residents are not known")

    def test_a_total_beside_its_parts_is_refused(self):
        message = self.refused(self.POPULATION + f"{HAVERING},2021,,,,,200000\n")
        self.assertIn("total", message)

    def test_ranks_ties_and_who_takes_no_place(self):
        self.year([IN_NORTH] * 3 + [IN_RED] * 3 + [IN_BARK] * 2 + ["556500,180500"] * 9 + ["700000,100000"])
        rows = {r["borough"]: r for r in self.table("--by", "borough")}
        self.assertEqual([rows[b]["rank"] for b in (HAVERING, REDBRIDGE, BARKING, CITY, "unplaced")], ["1", "1", "3", "", ""])
        self.assertEqual([rows[b]["of"] for b in (HAVERING, CITY)], ["3", ""])
        self.assertEqual((rows[HAVERING]["rank_low"], rows[HAVERING]["rank_high"]), ("1", "3"))
        one = self.table("--by", "borough", "--where", f"borough={BARKING}")
        self.assertEqual([(r["borough"], r["rank"], r["of"]) for r in one], [(BARKING, "3", "3")],
                         "a condition on the rows does not make the others zero")

    def test_rank_by_rate(self):
        self.year([IN_NORTH] * 4 + [IN_RED] * 3)
        self.load(self.POPULATION, name="population.csv")
        by_count = {r["borough"]: r["rank"] for r in self.table("--by", "borough")}
        by_rate = {r["borough"]: r["rank"] for r in self.table("--by", "borough", "--rank", "rate")}
        self.assertEqual((by_count[HAVERING], by_rate[HAVERING], by_rate[REDBRIDGE]), ("1", "2", "1"))  # 2 and 3 a 100,000


class Coverage(Contract):
    def test_a_month_outside_is_not_available(self):
        self.load("offence_id,recorded_at,offence_group\n1,2021-03-01,theft\n2,2021-05-01,theft\n")
        rows = {r["month"]: r for r in self.table("--by", "month", "--period", "2021-02..2021-05")}
        self.assertEqual((rows["2021-02"]["count"], rows["2021-04"]["count"]), ("", "0"))
        self.assertIn("not-available", rows["2021-02"]["not_available_because"])
        year = self.table("--by", "year", "--period", "2021")[0]
        self.assertEqual(year["count"], "", "a year of which months are not covered is no year")

    def test_an_empty_month_is_a_zero_where_rows_are_few_and_a_gap_where_they_are_many(self):
        few = self.load("offence_id,recorded_at,offence_group\n1,2021-01,theft\n2,2021-03,theft\n")
        self.assertEqual((few["months_without_rows"], few["months_without_rows_are_zero"]), (["2021-02"], True))
        self.assertEqual(self.table("--by", "year", "--period", "2021-01..2021-03")[0]["count"], "2")
        many = "offence_id,recorded_at,offence_group\n" + "".join(
            f"m{i},2022-{1 if i % 2 else 3:02d},theft\n" for i in range(40))
        report = self.load(many, name="many.csv")
        self.assertFalse(report["months_without_rows_are_zero"])
        rows = {r["month"]: r["count"] for r in self.table("--by", "month", "--period", "2022-01..2022-03")}
        self.assertEqual(rows, {"2022-01": "20", "2022-02": "", "2022-03": "20"})

    def test_conditions_on_months_are_covered_like_periods(self):
        self.load("offence_id,recorded_at,offence_group,easting,northing\n"
                  f"1,2021-01,theft,{IN_NORTH}\n2,2021-02,theft,{IN_NORTH}\n")
        self.load(Rates.POPULATION, name="population.csv")
        rows = {r["borough"]: r for r in self.table("--by", "borough", "--where", "month=2021-02")}
        self.assertEqual((rows[HAVERING]["count"], rows[HAVERING]["rate"]), ("1", "6"))  # 1 of 200,000 / 12
        rows = {r["borough"]: r for r in self.table("--by", "borough", "--where", "month=2021-03")}
        self.assertEqual(rows[HAVERING]["count"], "", "a month outside is not available, not zero")
        self.assertEqual(run("table", self.file, "--by", "borough", "--where", "month=2021-13").status, 2)
        self.assertEqual(self.counts("year", "--period", "2021-01-01..2021-02-28"), {"2021": 2})
        self.assertEqual(run("table", self.file, "--by", "year", "--period", "2021-01-15..2021-02-28").status, 2)

    def test_a_month_only_record_is_inside_a_period_that_holds_the_month(self):
        self.load("offence_id,recorded_at,offence_group\n1,2021-03,theft\n2,2021-03-31T23:59,theft\n3,2021-04-01,theft\n")
        self.assertEqual(self.counts("year", "--period", "2021-03..2021-03"), {"2021": 2})


class Places(Contract):
    def test_the_order_of_evidence(self):
        report = self.load("offence_id,recorded_at,offence_group,easting,northing,lsoa_code,ward_code,borough_code\n"
                           f"1,2021-03,theft,{IN_RED},E01000003,,\n"        # coordinates decide: Redbridge
                           "2,2021-03,theft,700000,100000,E01000003,,\n"     # outside: unplaced, though a code is given
                           "3,2021-03,theft,,,E01000003,E05000003,\n"        # its LSOA: Havering
                           "4,2021-03,theft,,,E01999999,E05000003,\n"        # unknown LSOA: its ward
                           "5,2021-03,theft,,,,,E09000002\n"                 # its borough
                           "6,2021-03,theft,,,,,\n")                         # nothing: unplaced
        self.assertEqual(self.counts("borough"), {REDBRIDGE: 2, HAVERING: 1, BARKING: 1, "unplaced": 2})
        self.assertEqual(self.counts("ward"), {RED: 2, SOUTH: 1, "unplaced": 3})
        self.assertEqual((report["unplaced"], report["disagreements"]), (4, 2))
        self.assertIn("E01999999", "\n".join(report["notes"]))

    COUNTS = ("area_code,offence_group,period_from,period_to,count\n"
              f"{NORTH},burglary,2021-01,2021-12,100\n{SOUTH},burglary,2021-01,2021-12,30\n"
              f"{RED},burglary,2021-01,2021-12,30\n{BARK},burglary,2021-01,2021-12,10\n")

    def test_a_published_period_that_ends_before_it_begins_is_reported(self):
        report = self.load("area_code,offence_group,period_from,period_to,count\n"
                           f"{NORTH},theft,2021-03,2021-02,4\n{NORTH},theft,2021-03,2021-03,5\n")
        self.assertIn("period_to before period_from", "\n".join(report["notes"]))
        self.assertEqual(self.counts("ward", "--kind", "area-counts"), {NORTH: 5})

    def test_published_counts_and_their_ranks(self):
        self.load(self.COUNTS)
        rows = {r["ward"]: (r["count"], r["rank"], r["of"]) for r in self.table("--kind", "area-counts", "--by", "ward")}
        self.assertEqual(rows, {NORTH: ("100", "1", "4"), SOUTH: ("30", "2", "4"), RED: ("30", "2", "4"), BARK: ("10", "4", "4")})
        month = self.table("--kind", "area-counts", "--by", "month")
        self.assertEqual({r["count"] for r in month}, {""}, "a yearly count has no months")

    def test_vintages_never_mix_without_a_look_up(self):
        self.load(self.COUNTS)
        self.add_areas(LATER, "ward", "2022")
        result = run("table", self.file, "--kind", "area-counts", "--by", "ward", "--vintage", "2022")
        self.assertEqual((result.status, result.out), (3, ""))
        self.assertIn("--as lookup", result.err)
        self.load(f"from_code,to_code,weight,basis\n{NORTH},E05100001,0.6,population\n{NORTH},E05100002,0.4,population\n"
                  f"{SOUTH},E05100001,,\n{RED},E05100002,1,exact\n{BARK},E05100002,1,best-fit\n", name="lookup.csv")
        rows = {r["ward"]: r["count"] for r in self.table("--kind", "area-counts", "--by", "ward", "--vintage", "2022")}
        self.assertEqual(rows, {"E05100001": "90", "E05100002": "80"})  # 60 + 30, 40 + 30 + 10

    def test_codes_reach_areas_through_a_chain_of_look_ups(self):
        self.load("from_code,to_code\nOLD1,MID1\nMID1,E01000001\n", "--as", "lookup", name="chain.csv")
        self.load("offence_id,recorded_at,offence_group,lsoa_code\n1,2021-03,theft,OLD1\n2,2021-03,theft,OLD2\n")
        self.assertEqual(self.counts("lsoa"), {"E01000001": 1, "unplaced": 1})
        self.assertEqual(self.counts("borough"), {HAVERING: 1, "unplaced": 1})


class Findings(Contract):
    FIELDS = ("id theme statement value unit lower upper level numerator denominator missing rank rank_low rank_high of "
              "period_from period_to area definition definition_version method verdict caveats sources query marking").split()
    IN_JSON_ALONE = ["rule", "named", "named_of", "table"]  # for a later one, and where the number stands

    def records(self, reverse=False):
        rows = []
        for month in range(24):
            for place, n in ((IN_NORTH, 3), (IN_SOUTH, 2), (IN_RED, 4), (IN_BARK, 1)):
                for k in range(n + (month >= 12)):
                    rows.append(f"{month}-{place}-{k},{2021 + month // 12}-{1 + month % 12:02d},theft,{place}")
        text = "offence_id,recorded_at,offence_group,easting,northing\n"
        rows = [f"r{i:04d}" + r[r.index(",", r.index(",") + 1):] for i, r in enumerate(rows)]
        return text + "\n".join(rows[::-1] if reverse else rows) + "\n"

    def assess(self):
        out = self.dir / "report"
        shutil.rmtree(out, ignore_errors=True)
        self.ok("assess", self.file, "--area", HAVERING, "--period", "2022", "--compare", "2021", "--out", out)
        return self.ok("findings", self.file, "--format", "json").json()

    def test_fields_values_and_the_query_that_gives_them_again(self):
        self.load(self.records())
        self.load(Rates.POPULATION, name="population.csv")
        findings = self.assess()
        for finding in findings:
            self.assertEqual(list(finding), self.FIELDS + self.IN_JSON_ALONE)
        header = self.ok("findings", self.file, "--format", "csv").out.splitlines()[0]
        self.assertEqual(header, ",".join(self.FIELDS))
        total = next(f for f in findings if f["id"] == "recorded-crime.all.total")
        self.assertEqual((total["value"], total["period_from"], total["period_to"], total["area"]),
                         (84, "2022-01", "2022-12", HAVERING))  # 12 * (4 + 3)
        self.assertEqual(len(total["sources"][0]["sha256"]), 64)
        words = total["query"].replace("FILE", str(self.file)).split()[1:]
        self.assertIn(",84,", self.ok(*words).out)
        rate = next(f for f in findings if f["id"] == "recorded-crime.all.rate")
        self.assertEqual((rate["value"], rate["denominator"]), (42, 200000))
        why = self.ok("why", self.file, "recorded-crime.all.total").out
        for word in (total["statement"], "SHA-256", "reeve table", "records in", "records out", "unknown", "method"):
            self.assertIn(word, why)
        self.assertEqual(run("why", self.file, "no-such-finding").status, 3)

    def test_ids_and_words_do_not_depend_on_the_order_of_import(self):
        self.load(self.records())
        self.load(Rates.POPULATION, name="population.csv")
        first = self.assess()
        self.file.write_bytes(Contract.master)
        self.load(Rates.POPULATION, name="population.csv")
        self.load(self.records(reverse=True))
        second = self.assess()
        for a, b in zip(first, second, strict=True):
            a.pop("sources"), b.pop("sources")
            self.assertEqual(a, b)

    def test_a_file_without_records_of_the_area_says_so(self):
        self.load("offence_id,recorded_at,offence_group,easting,northing\n1,2021-03,theft," + IN_RED + "\n")
        out = self.dir / "report"
        result = run("assess", self.file, "--area", HAVERING, "--period", "2022", "--out", out)
        self.assertIn(result.status, (0, 1, 3), result.err)
        if result.status != 3:
            findings = self.ok("findings", self.file).json()
            for finding in findings:
                if finding["id"].endswith((".total", ".rate", ".rank")):
                    self.assertIsNone(finding["value"], finding["statement"])
                    self.assertIn("because", finding["statement"])


class Outputs(Contract):
    def test_json_and_csv_say_the_same_in_12_digits(self):
        self.load(f"offence_id,recorded_at,offence_group,easting,northing\n1,2021-03,theft,{IN_NORTH}\n"
                  f"2,2021-03,theft,{IN_RED}\n3,2021-03,theft,{IN_RED}\n")
        rows = self.table("--by", "borough")
        shown = self.ok("table", self.file, "--by", "borough", "--format", "json").json()["rows"]
        for a, b in zip(rows, shown, strict=True):
            for name in ("count", "rank", "of", "share", "missing"):
                self.assertEqual(a[name], "" if b[name] is None else f"{b[name]:.12g}")
            self.assertEqual(a["not_available_because"], b.get("not_available_because", ""))
        self.assertEqual(list(rows[0])[:12], ["borough", "count", "population", "rate", "lower", "upper", "rank", "rank_low",
                                              "rank_high", "of", "share", "missing"])
        self.assertEqual(shown[2]["share"], 0.333333333333)
        one = self.ok("table", self.file, "--by", "borough", "--threads", "1").out
        self.assertEqual(one, self.ok("table", self.file, "--by", "borough", "--threads", "2").out)

    def test_every_kind_is_a_table_of_sql(self):
        self.load("offence_id,recorded_at,offence_group\n1,2021-03,theft\n")
        self.load(Places.COUNTS, name="counts.csv")
        self.load(Rates.POPULATION, name="population.csv")
        self.load("from_code,to_code\nA1,B1\n", "--as", "lookup", name="lookup.csv")
        for table, n in (("offences", 1), ("area_counts", 4), ("population", 4), ("lookup", 1)):
            self.assertEqual(self.ok("sql", self.file, f"select count(*) as n from {table}").rows(), [{"n": str(n)}])
        copy = self.dir / "copy.reeve"
        self.ok("backup", self.file, copy)
        self.ok("verify", copy)
        self.assertEqual(run("table", copy, "--by", "month").out, run("table", self.file, "--by", "month").out)


if __name__ == "__main__":
    main()
