"""The mapping assistant on files as partners send them: all synthetic, in odd layouts, with the
answer known beforehand. Assistant, profile, import, counts.

No row here is about a real person or event. SPDX-License-Identifier: GPL-3.0-or-later
"""
import datetime
import gzip
import json
import os
import random

from harness import Case, main, run

NAMES = ["Exampleson", "Sampleton", "Testerly", "Madeupton", "Nobodysson", "Placeholderly"]


def days(seed, n, first=datetime.date(2022, 4, 1), span=300):
    rng = random.Random(seed)
    return [first + datetime.timedelta(days=rng.randrange(span)) for _ in range(n)]


def clock(rng):
    """A time of day that the London clock never skips."""
    return f"{rng.choice([0, 3, 4, 9, 12, 15, 18, 20, 22, 23]):02d}:{rng.randrange(60):02d}"


class Mapping(Case):
    def propose(self, path, *words, status=0):
        return self.ok("map-columns", path, "--json", *words, status=status).json()

    def columns(self, proposal):
        return {c["column"]: c["from"] for c in proposal["columns"] if c["taken"] and c["from"] is not None}

    def map_and_import(self, path, *words, status=0, map_status=0):
        """Writes the profile, imports by it, returns proposal and import report."""
        profile = self.dir / "made.json"
        proposal = self.propose(path, "--yes", "--out", profile, *words, status=map_status)
        if not self.file.exists():
            self.new()
        report = self.ok("import", self.file, path, "--profile", profile, "--json", status=status).json()
        for count in ("read", "accepted", "quarantined"):
            self.assertEqual(proposal["preview"][count], report[count], count)
        return proposal, report

    def held(self, table, columns, where="1"):
        rows = self.ok("sql", self.file, f"select {columns} from {table} where {where}").rows()
        return [tuple(r.values()) for r in rows]


class Police(Mapping):
    """A crime system's export: windows-1252, semicolons, day first, time in a column of its own."""
    HEADER = ("CRIME_NO;DATE_RPTD;TIME_RPTD;DATE_COMMITTED_FROM;TIME_COMMITTED_FROM;MAJOR TEXT;MINOR TEXT;HO_CLASS;KNIFE_FLAG;"
              "DA_FLAG;WEAPON USED;VENUE TYPE;VENUE NAME;EASTING;NORTHING;WARD CODE;DISPOSAL;VICTIM SURNAME;VICTIM DOB;"
              "MO TEXT;OFFICER EMAIL")
    KINDS = [("ROBBERY", "ROBBERY OF PERSONAL PROPERTY", "34B", "personal-robbery"),
             ("VIOLENCE AGAINST THE PERSON", "ASSAULT WITH INJURY", "8N", "abh"),
             ("VIOLENCE AGAINST THE PERSON", "WOUNDING/GBH", "5D", "gbh"),
             ("VIOLENCE AGAINST THE PERSON", "THREATS TO KILL", "3B", "threats-to-kill"),
             ("SEXUAL OFFENCES", "RAPE OF A FEMALE AGED 16 AND OVER", "19C", "rape"),
             ("THEFT", "SHOPLIFTING", "46", "theft")]
    DISPOSALS = [("CHARGED", "accused"), ("NO SUSPECT IDENTIFIED", "no-suspect"), ("COMMUNITY RESOLUTION", "out-of-court"),
                 ("VICTIM DOES NOT SUPPORT", "victim-withdrew"), ("NFA", None), ("", None)]

    def make(self, n=400):
        rng = random.Random(7)
        rows, truth = [], {"groups": {}, "outcomes": {}, "knife": 0, "da": 0, "untimed": 0}
        for i, day in enumerate(days(1, n)):
            kind, disposal = rng.choice(self.KINDS), rng.choice(self.DISPOSALS)
            reported = day + datetime.timedelta(days=rng.randrange(9))
            time = clock(rng) if rng.random() < 0.9 else ""
            knife, da = rng.random() < 0.3, rng.random() < 0.2
            truth["groups"][kind[3]] = truth["groups"].get(kind[3], 0) + 1
            truth["outcomes"][disposal[1]] = truth["outcomes"].get(disposal[1], 0) + 1
            truth["knife"] += knife
            truth["da"] += da
            truth["untimed"] += time == ""
            rows.append(";".join([
                f"{4400000 + i}/22", reported.strftime("%d/%m/%Y"), clock(rng), day.strftime("%d/%m/%Y"), time, *kind[:3],
                "Y" if knife else "N", "Y" if da else "N", rng.choice(["USED", "THREATENED", "NONE", "NOT KNOWN"]),
                rng.choice(["STREET", "DWELLING", "LICENSED PREMISES"]), rng.choice(["HIGH STREET", "CAFÉ SQUARE", "MARKET PLACE"]),
                str(rng.randrange(549000, 556000)), str(rng.randrange(181000, 192000)),
                f"E0501{rng.randrange(3967, 3987)}", disposal[0], rng.choice(NAMES),
                f"{rng.randrange(1, 29):02d}/{rng.randrange(1, 13):02d}/{rng.randrange(1950, 2008)}",
                "SUSPECT APPROACHED VICTIM AND MADE OFF ON FOOT TOWARDS STATION", f"officer{i}@police.example"]))
        return self.write("cris.csv", ("\r\n".join([self.HEADER, *rows]) + "\r\n").encode("windows-1252")), truth

    def test_the_columns_are_the_right_ones(self):
        path, _ = self.make()
        proposal = self.propose(path)
        self.assertEqual(proposal["kind"]["name"], "offences")
        self.assertGreater(proposal["kind"]["confidence"], 0.6)
        self.assertEqual(self.columns(proposal), {
            "offence_id": "CRIME_NO", "recorded_at": "DATE_RPTD", "committed_from": "DATE_COMMITTED_FROM",
            "offence_code": "HO_CLASS", "offence_group": "MINOR TEXT", "category": self.columns(proposal)["category"],
            "weapon_use": "WEAPON USED", "venue_type": "VENUE TYPE",
            "venue_name": "VENUE NAME", "easting": "EASTING", "northing": "NORTHING", "ward_code": "WARD CODE",
            "outcome": "DISPOSAL", "flags": "KNIFE_FLAG"})
        self.assertIn(self.columns(proposal)["category"], ("MAJOR TEXT", "MINOR TEXT"))
        by_name = {c["column"]: c for c in proposal["columns"]}
        self.assertEqual(by_name["recorded_at"]["format"], "DD/MM/YYYY")
        self.assertEqual((by_name["recorded_at"]["time_from"], by_name["recorded_at"]["time_format"]), ("TIME_RPTD", "HH:MI"))
        self.assertEqual(by_name["committed_from"]["time_from"], "TIME_COMMITTED_FROM")
        self.assertEqual([a["from"] for a in by_name["flags"]["also"]], ["DA_FLAG"])

    def test_personal_columns_are_named_and_nothing_of_them_is_shown(self):
        path, _ = self.make()
        for words in ((), ("--json",)):
            out = self.ok("map-columns", path, *words).out
            for name in NAMES + ["@police.example", "APPROACHED"]:
                self.assertNotIn(name, out)
        personal = {a["from"]: a["personal"] for a in self.propose(path)["not_stored"] if a["personal"]}
        self.assertEqual(personal, {"VICTIM SURNAME": "a name", "VICTIM DOB": "a date of birth", "OFFICER EMAIL": "an e-mail address"})

    def test_the_profile_imports_with_the_right_counts(self):
        path, truth = self.make()
        proposal, report = self.map_and_import(path)
        self.assertEqual((report["read"], report["accepted"], report["quarantined"]), (400, 400, 0))
        groups = dict(self.held("offences", "offence_group, count(*)", "1 group by 1"))
        self.assertEqual({k: int(v) for k, v in groups.items()}, truth["groups"])
        outcomes = dict(self.held("offences", "coalesce(outcome, ''), count(*)", "1 group by 1"))
        self.assertEqual(int(outcomes.pop("")), truth["outcomes"].pop(None))
        self.assertEqual({k: int(v) for k, v in outcomes.items()}, truth["outcomes"])
        self.assertEqual(int(self.held("offences", "count(*)", "flags like '%knife%'")[0][0]), truth["knife"])
        self.assertEqual(int(self.held("offences", "count(*)", "flags like '%domestic-abuse%'")[0][0]), truth["da"])
        # a date without its time keeps the date and has no hour
        self.assertEqual(int(self.held("offences", "count(*)", "length(committed_from) = 10")[0][0]), truth["untimed"])
        self.assertEqual(int(self.held("offences", "count(*)", "venue_name = 'CAFÉ SQUARE'")[0][0]) > 50, True)
        self.assertEqual({p["column"] for p in report["personal_columns"]}, {"VICTIM SURNAME", "VICTIM DOB", "OFFICER EMAIL"})

    def test_nothing_is_written_but_the_profile(self):
        path, _ = self.make(40)
        before = sorted(os.listdir(self.dir))
        self.propose(path)
        self.assertEqual(sorted(os.listdir(self.dir)), before)
        profile = self.dir / "made.json"
        self.propose(path, "--yes", "--out", profile)
        self.assertEqual(sorted(os.listdir(self.dir)), sorted(before + ["made.json"]))
        saved = profile.read_text()
        refused = run("map-columns", path, "--yes", "--out", profile)
        self.assertEqual(refused.status, 3)
        self.assertIn("already there", refused.err)
        self.assertEqual(profile.read_text(), saved)

    def test_victims_of_the_same_system(self):
        rng = random.Random(3)
        rows = ["Crime Ref,Vict Age,Vict Gender,Vict Self Defined Ethnicity,Vict Ethnic Appearance,Relationship to Suspect,Victim Name,Victim Postcode"]
        truth = {"female": 0, "black": 0, "partner": 0}
        for i in range(200):
            sex, ethnicity = rng.choice("FMU"), rng.choice(["White - British", "Black or Black British - African", "A2", "Not stated"])
            relation = rng.choice(["Partner", "Ex-Partner", "Mother", "Stranger", "Not known"])
            truth["female"] += sex == "F"
            truth["black"] += ethnicity.startswith("Black")
            truth["partner"] += relation == "Partner"
            rows.append(f"{4400000 + i // 2}/22,{rng.randrange(10, 80)},{sex},{ethnicity},IC{rng.choice([1, 3, 4])},{relation},"
                        f"{rng.choice(NAMES)},RM1 {rng.randrange(1, 9)}AB")
        path = self.write("victims.csv", "\n".join(rows) + "\n")
        proposal, report = self.map_and_import(path)
        self.assertEqual(proposal["kind"]["name"], "persons")
        self.assertEqual(self.columns(proposal), {
            "offence_id": "Crime Ref", "age": "Vict Age", "sex": "Vict Gender", "ethnicity": "Vict Self Defined Ethnicity",
            "ethnicity_observed": "Vict Ethnic Appearance", "relationship": "Relationship to Suspect"})
        self.assertEqual(report["accepted"], 200)
        self.assertEqual(int(self.held("persons", "count(*)", "sex = 'female' and role = 'victim'")[0][0]), truth["female"])
        self.assertEqual(int(self.held("persons", "count(*)", "ethnicity = 'B2'")[0][0]), truth["black"])
        self.assertEqual(int(self.held("persons", "count(*)", "relationship = 'partner'")[0][0]), truth["partner"])


class Health(Mapping):
    def test_ambulance_calls(self):
        rng = random.Random(11)
        rows = ["Incident Number\tCall Connect Time\tChief Complaint\tInjury Type\tPatient Age Band\tPatient Gender\tLSOA Code\tIncident Location Type"]
        female = 0
        for i, day in enumerate(days(12, 240)):
            sex = rng.choice(["Female", "Male", "Not known"])
            female += sex == "Female"
            rows.append(f"LAS{900000 + i}\t{day.strftime('%d-%b-%Y')} {clock(rng)}\t{rng.choice(['Assault', 'Stab', 'Shot'])}\t"
                        f"{rng.choice(['Laceration', 'Head injury', 'None'])}\t{rng.choice(['0-17', '18-24', '25-34', '35+'])}\t{sex}\t"
                        f"E0100{rng.randrange(2228, 2377)}\t{rng.choice(['Street', 'Home', 'Public house'])}")
        path = self.write("las.txt", "\n".join(rows) + "\n")
        proposal, report = self.map_and_import(path)
        self.assertEqual(proposal["kind"]["name"], "ambulance")
        self.assertEqual(self.columns(proposal), {
            "incident_id": "Incident Number", "called_at": "Call Connect Time", "category": "Chief Complaint", "injury": "Injury Type",
            "age_band": "Patient Age Band", "sex": "Patient Gender", "lsoa_code": "LSOA Code", "place": "Incident Location Type"})
        self.assertEqual(report["accepted"], 240)
        self.assertEqual(int(self.held("ambulance", "count(*)", "sex = 'female'")[0][0]), female)
        self.assertRegex(self.held("ambulance", "called_at")[0][0], r"^2022-\d\d-\d\dT\d\d:\d\d$|^2023-\d\d-\d\dT\d\d:\d\d$")

    def test_assaults_seen_in_an_emergency_department(self):
        rng = random.Random(13)
        rows = ["Site Code of Treatment,Arrival Date,Arrival Time,Assault Date,Assault Time,Assault Method,Assault Method Other,"
                "Assault Location Type,Assault Location Description"]
        for day in days(14, 150):
            rows.append(f"RF4QH,{day.strftime('%d/%m/%Y')},{clock(rng)},{day.strftime('%d/%m/%Y')},{clock(rng)},"
                        f"{rng.choice(['Body part', 'Sharp object', 'Blunt object'])},,{rng.choice(['Street', 'Bar', 'Home'])},"
                        f"{rng.choice(['outside the station', 'near the market', ''])}")
        path = self.write("istv.csv", "\n".join(rows) + "\n")
        proposal, report = self.map_and_import(path)
        self.assertEqual(proposal["kind"]["name"], "emergency-department")
        got = self.columns(proposal)
        self.assertEqual({k: got.get(k) for k in ("site_code", "arrived_at", "assault_at", "assault_method", "location_type", "location_text")}, {
            "site_code": "Site Code of Treatment", "arrived_at": "Arrival Date", "assault_at": "Assault Date",
            "assault_method": "Assault Method", "location_type": "Assault Location Type", "location_text": "Assault Location Description"})
        times = {c["column"]: c.get("time_from") for c in proposal["columns"]}
        self.assertEqual((times["arrived_at"], times["assault_at"]), ("Arrival Time", "Assault Time"))
        self.assertEqual(report["accepted"], 150)

    def test_a_health_file_with_personal_data_says_so_before_it_is_imported(self):
        path = self.write("ed.csv", "Site,Arrival Date,Assault Date,Assault Method,Assault Location Type,NHS Number\n"
                          + "".join(f"RF4QH,2022-05-{d:02d},2022-05-{d:02d},Sharp,Street,9990000018\n" for d in range(1, 29)))
        aside = {a["from"]: a["personal"] for a in self.propose(path)["not_stored"]}
        self.assertEqual(aside["NHS Number"], "an NHS number")


class Children(Mapping):
    def test_school_exclusions(self):
        rng = random.Random(17)
        rows = ["Pupil Pseudonym,UPN,School Name,Exclusion Start Date,Exclusion End Date,Sessions Missed,Reason,Gender,Ethnicity,SEN Status"]
        for i, day in enumerate(days(18, 120)):
            end = day + datetime.timedelta(days=rng.randrange(1, 10))
            rows.append(f"P{5000 + i},A{100000000000 + i * 7},Example Academy,{day.strftime('%d.%m.%y')},{end.strftime('%d.%m.%y')},"
                        f"{rng.randrange(1, 20)},Physical assault against a pupil,{rng.choice('MF')},{rng.choice(['White British', 'Any other Asian background', 'Black Caribbean', 'Refused'])},{rng.choice('NEK')}")
        path = self.write("exclusions.csv", "\n".join(rows) + "\n")
        open_question = self.propose(path, status=3)
        self.assertEqual(open_question["kind"]["name"], "cohort")
        self.assertIn("cohort", [q["answer"] for q in open_question["questions"] if q["must_be_answered"]])
        proposal, report = self.map_and_import(path, "--answer", "cohort=school-exclusion")
        got = self.columns(proposal)
        self.assertEqual({k: got.get(k) for k in ("person_ref", "period_from", "period_to", "sex", "ethnicity")}, {
            "person_ref": "Pupil Pseudonym", "period_from": "Exclusion Start Date", "period_to": "Exclusion End Date",
            "sex": "Gender", "ethnicity": "Ethnicity"})
        self.assertEqual({c["format"] for c in proposal["columns"] if c["column"].startswith("period")}, {"DD.MM.YY"})
        self.assertIn("UPN", [a["from"] for a in proposal["not_stored"] if a["personal"]])
        self.assertEqual(report["accepted"], 120)
        self.assertEqual(self.held("cohort", "distinct cohort"), [("school-exclusion",)])

    def test_a_youth_justice_cohort(self):
        rng = random.Random(19)
        rows = ["Young Person ID,Order Type,Order Start Date,Order End Date,Age at Start,Gender,Ethnic Origin,Main Offence,Date of Birth"]
        robbery = 0
        for i, day in enumerate(days(20, 90)):
            offence = rng.choice(["Robbery of personal property", "Possession of offensive weapon", "Assault occasioning actual bodily harm"])
            robbery += offence.startswith("Robbery")
            rows.append(f"YJ{i:05d},Referral Order,{day.strftime('%d %B %Y')},{(day + datetime.timedelta(days=180)).strftime('%d %B %Y')},"
                        f"{rng.randrange(11, 18)},{rng.choice(['Male', 'Female'])},{rng.choice(['W1', 'B2', 'M1', 'NS'])},{offence},{rng.randrange(1, 28):02d}/01/2006")
        path = self.write("yjs.csv.gz", gzip.compress(("\n".join(rows) + "\n").encode()))
        proposal, report = self.map_and_import(path, "--answer", "cohort=youth-justice")
        self.assertEqual(proposal["kind"]["name"], "cohort")
        got = self.columns(proposal)
        self.assertEqual({k: got.get(k) for k in ("person_ref", "period_from", "period_to", "age", "sex", "ethnicity", "offence_group")}, {
            "person_ref": "Young Person ID", "period_from": "Order Start Date", "period_to": "Order End Date", "age": "Age at Start",
            "sex": "Gender", "ethnicity": "Ethnic Origin", "offence_group": "Main Offence"})
        self.assertEqual(report["accepted"], 90)
        self.assertEqual(int(self.held("cohort", "count(*)", "offence_group = 'personal-robbery'")[0][0]), robbery)
        self.assertIn("Date of Birth", [a["from"] for a in proposal["not_stored"] if a["personal"]])


class Services(Mapping):
    def test_referrals_by_month(self):
        rows = ["Service,Month,Number of Referrals,Repeat Referrals,Open Cases,FTE"]
        total = 0
        for i in range(12):
            rows.append(f"MARAC,{['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'][i]} 2022,{20 + i},{i},{50 + i},1.5")
            total += 20 + i
        path = self.write("marac.csv", "\n".join(rows) + "\n")
        proposal, report = self.map_and_import(path)
        self.assertEqual(proposal["kind"]["name"], "referrals")
        self.assertEqual(self.columns(proposal), {
            "service": "Service", "period_from": "Month", "period_to": "Month", "referrals": "Number of Referrals",
            "repeat_referrals": "Repeat Referrals", "caseload": "Open Cases", "staff_fte": "FTE"})
        self.assertEqual(report["accepted"], 12)
        self.assertEqual(int(self.held("referrals", "sum(referrals)")[0][0]), total)

    def test_incidents_on_buses(self):
        rng = random.Random(23)
        rows = ["Incident ID,Incident Date,Incident Time,Mode,Bus Route,Stop Name,Offence Type,Borough"]
        for i, day in enumerate(days(24, 100)):
            rows.append(f"TFL-{i:06d},{day.strftime('%Y%m%d')},{clock(rng).replace(':', '')},Bus,{rng.choice(['86', '174', 'N86'])},"
                        f"{rng.choice(['Example Station', 'Sample Market'])},{rng.choice(['Common assault', 'Theft from the person'])},Havering")
        path = self.write("tfl.csv", "\n".join(rows) + "\n")
        proposal, report = self.map_and_import(path)
        self.assertEqual(proposal["kind"]["name"], "transport")
        got = self.columns(proposal)
        self.assertEqual({k: got.get(k) for k in ("incident_id", "occurred_at", "operator", "route", "station", "offence_group", "borough_code")}, {
            "incident_id": "Incident ID", "occurred_at": "Incident Date", "operator": "Mode", "route": "Bus Route", "station": "Stop Name",
            "offence_group": "Offence Type", "borough_code": "Borough"})
        self.assertEqual(report["accepted"], 100)
        self.assertEqual(self.held("transport", "distinct borough_code"), [("E09000016",)])

    def test_later_outcomes_of_offences(self):
        rng = random.Random(29)
        rows = ["Crime Number,Outcome Type,Outcome Date"]
        for i, day in enumerate(days(30, 80)):
            rows.append(f"{4400000 + i}/22,{rng.choice(['Charged', 'Caution', 'No suspect identified'])},{day.strftime('%d/%m/%Y')}")
        path = self.write("outcomes.csv", "\n".join(rows) + "\n")
        proposal, report = self.map_and_import(path)
        self.assertEqual(proposal["kind"]["name"], "outcomes")
        self.assertEqual(self.columns(proposal), {"offence_id": "Crime Number", "outcome": "Outcome Type", "outcome_date": "Outcome Date"})
        self.assertEqual(report["accepted"], 80)


class Doubts(Mapping):
    AMBIGUOUS = "Crime ref,reported,Offence type\n" + "".join(
        f"A/{i},{i % 12 + 1:02d}/{i % 11 + 1:02d}/2022,Burglary\n" for i in range(60))

    def test_an_order_of_day_and_month_is_never_guessed(self):
        path = self.write("a.csv", self.AMBIGUOUS)
        profile = self.dir / "p.json"
        refused = run("map-columns", path, "--yes", "--out", profile)
        self.assertEqual(refused.status, 3)
        self.assertIn('--answer "reported=DD/MM/YYYY" or --answer "reported=MM/DD/YYYY"', refused.err)
        self.assertFalse(profile.exists())
        for layout, day in (("DD/MM/YYYY", "2022-01-01"), ("MM/DD/YYYY", "2022-01-01")):
            made = self.dir / f"{layout[0]}.json"
            self.ok("map-columns", path, "--yes", "--answer", f"reported={layout}", "--out", made)
            self.assertEqual(json.loads(made.read_text())["columns"]["recorded_at"]["format"], layout)

    def test_one_row_at_the_very_end_of_a_large_file_can_decide_nothing_but_many_can(self):
        ambiguous = "".join(f"A/{i},{i % 12 + 1:02d}/{i % 11 + 1:02d}/2022,Burglary\n" for i in range(90000))
        clear = "".join(f"B/{i},{i % 16 + 13:02d}/{i % 11 + 1:02d}/2022,Burglary\n" for i in range(9000))
        header = "Crime ref,reported,Offence type\n"
        path = self.write("end.csv", header + ambiguous + clear)  # the sample has few of the last rows
        column = next(c for c in self.propose(path)["columns"] if c["column"] == "recorded_at")
        self.assertEqual(column["format"], "DD/MM/YYYY")
        path = self.write("odd.csv", header + ambiguous + "B/1,31/01/2022,Burglary\n")
        self.assertEqual(run("map-columns", path).status, 3)

    def test_quarantined_rows_are_shown_by_line_and_look_only(self):
        path = self.write("q.csv", "Crime ref,Date reported,Offence type,Easting,Northing\n" + "".join(
            f"A/{i},2022-05-{i % 28 + 1:02d},Burglary,{551000 + i},{182000 + i}\n" for i in range(60))
            + "B/1,2022-02-31,Burglary,551000,182000\nB/2,2022-05-02,Burglary,secret,182000\n")
        proposal = self.propose(path, status=1)
        self.assertEqual((proposal["preview"]["read"], proposal["preview"]["accepted"], proposal["preview"]["quarantined"]), (62, 60, 2))
        reasons = {r["code"]: r for r in proposal["preview"]["reasons"]}
        self.assertEqual((reasons["no-such-date"]["lines"], reasons["no-such-date"]["look_like"]), ([62], ["9999-99-99"]))
        self.assertEqual(reasons["not-a-number"]["column"], "Easting")
        self.assertNotIn("secret", json.dumps(proposal))

    def test_rare_values_are_counted_and_not_shown(self):
        path = self.write("r.csv", "Crime ref,Date reported,Offence type,Disposal\n" + "".join(
            f"A/{i},2022-05-{i % 28 + 1:02d},Burglary,{'Charged' if i % 2 else 'Filed pending review'}\n" for i in range(60))
            + "A/99,2022-05-01,Burglary,Given to P Exampleson\n")
        proposal = self.propose(path)
        outcome = next(c for c in proposal["columns"] if c["column"] == "outcome")
        self.assertEqual({v["theirs"]: v["ours"] for v in outcome["values"]}, {"Charged": "accused", "Filed pending review": None})
        self.assertEqual((outcome["values_not_shown"], outcome["values_without_meaning"]), (1, 2))
        self.assertNotIn("Exampleson", json.dumps(proposal) + self.ok("map-columns", path).out)

    def test_nobody_has_looked_so_nothing_is_written(self):
        path = self.write("a.csv", "Crime ref,Date reported,Offence type\nA/1,2022-05-13,Burglary\nA/2,2022-05-14,Arson\n")
        refused = run("map-columns", path, "--out", self.dir / "p.json")
        self.assertEqual(refused.status, 3)
        self.assertIn("--yes", refused.err)
        self.assertFalse((self.dir / "p.json").exists())

    def test_a_low_confidence_is_left_out_unless_the_bar_is_lowered(self):
        path = self.write("a.csv", "Crime ref,Date reported,Offence type,Approximate venue detail\n" + "".join(
            f"A/{i},2022-05-{i % 28 + 1:02d},Burglary,Market\n" for i in range(30)))
        usual, low = self.propose(path), self.propose(path, "--least", "30")
        self.assertNotIn("venue_name", self.columns(usual))
        self.assertEqual(self.columns(low)["venue_name"], "Approximate venue detail")
        self.assertIn("not sure enough", {a["from"]: a["because"] for a in usual["not_stored"]}["Approximate venue detail"])
        self.assertEqual(self.columns(self.propose(path, "--answer", "venue_name=Approximate venue detail"))["venue_name"],
                         "Approximate venue detail")

    def test_a_file_that_a_profile_knows_needs_no_mapping(self):
        from harness import STREET_HEADER, street_row
        path = self.write("s.csv", STREET_HEADER + "".join(street_row(i) for i in range(5)))
        self.assertEqual(self.propose(path), {"file": "s.csv", "known_as": "police-uk-street"})
        self.assertEqual(self.propose(path, "--afresh")["kind"]["name"], "offences")

    def test_an_unknown_file_is_sent_to_the_assistant(self):
        self.new()
        path = self.write("strange.csv", "colour,shape\nred,round\n")
        for words in ((), ("--as", "offences")):
            refused = run("import", self.file, path, *words)
            self.assertEqual(refused.status, 3)
            self.assertIn("reeve map-columns", refused.err)

    def test_wrong_use_says_what_would_be_right(self):
        path = self.write("a.csv", "Crime ref,Date reported,Offence type\nA/1,2022-05-13,Burglary\n")
        for words, part in ((("--answer", "reported"), "KEY=VALUE"), (("--least", "0"), "1 to 99"), (("--answer", "colour=red"), "no column of that name"),
                            (("--as", "crimes"), "one of: offences"), (("--answer", "separator=;;"), "one character")):
            refused = run("map-columns", path, *words)
            self.assertEqual(refused.status, 2, refused.err)
            self.assertIn(part, refused.err)

    def test_what_is_no_table_is_refused(self):
        for name, content in (("empty.csv", b""), ("page.csv", b"<!DOCTYPE html><html></html>"), ("none.csv", None)):
            path = self.dir / name
            if content is not None:
                path.write_bytes(content)
            self.assertEqual(run("map-columns", path).status, 3)


if __name__ == "__main__":
    main()
