"""Built-in profiles on rows made by hand in the layouts that publishers document.

Every value is synthetic. SPDX-License-Identifier: GPL-3.0-or-later
"""
import csv
import io

from harness import ROOT, Case, main, run

HAVERING = "E09000016"


def table(header, *rows):
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue()


class Layout(Case):
    def setUp(self):
        super().setUp()
        self.new()

    def load(self, text, *words, status=0, name="file.csv"):
        return self.ok("import", self.file, self.write(name, text), "--json", *words, status=status).json()

    def sql(self, query):
        return [tuple(row.values()) for row in self.ok("sql", self.file, query).rows()]


class PoliceUk(Layout):
    STREET = ["Crime ID", "Month", "Reported by", "Falls within", "Longitude", "Latitude", "Location", "LSOA code",
              "LSOA name", "Crime type", "Last outcome category", "Context"]
    OUTCOMES = STREET[:9] + ["Outcome type"]

    def street(self, crime, month="2021-05"):
        return [crime, month, "Synthetic Police", "Synthetic Police", "0.18", "51.58", "On or near Example Road", "", "",
                "Burglary", "Under investigation", ""]

    def outcome(self, crime, month, what):
        return [crime, month, "Synthetic Police", "Synthetic Police", "0.18", "51.58", "On or near Example Road", "", "",
                what]

    def test_outcomes_find_their_crimes_in_any_order(self):
        first = self.load(table(self.OUTCOMES, self.outcome("a", "2021-06", "Suspect charged"),
                                self.outcome("b", "2021-06", "Investigation complete; no suspect identified"),
                                self.outcome("b", "2021-06", "Investigation complete; no suspect identified"),
                                self.outcome("", "2021-06", "Local resolution"),
                                self.outcome("c", "2021-07", "A new wording")), status=1)
        self.assertEqual((first["kind"], first["profile"]), ("outcomes", "police-uk-outcomes"))
        self.assertEqual((first["accepted"], first["duplicates"], first["reasons"]), (3, 1, {"missing-value": 1}))
        self.assertEqual((first["orphans"], first["unplaced"], first["period"]), (3, None, "2021-06..2021-07"))
        self.assertEqual(first["not_recorded"], [{"column": "Outcome type", "value": "A new wording", "rows": 1}])
        self.load(table(self.STREET, self.street("a"), self.street("b")), name="street.csv")
        later = self.load(table(self.OUTCOMES, self.outcome("a", "2021-09", "Offender sent to prison"),
                                self.outcome("z", "2021-09", "Offender fined")), name="later.csv")
        self.assertEqual((later["orphans"], later["superseded"]), (1, 0))
        held = self.sql("select outcomes.outcome, outcomes.outcome_date from outcomes join offences using (offence_id) where offence_id = 'a'")
        self.assertEqual(held, [("accused", "2021-06"), ("accused", "2021-09")])

    def test_equal_searches_are_two_searches_and_their_times_are_london_s(self):
        header = ["Type", "Date", "Part of a policing operation", "Policing operation", "Latitude", "Longitude", "Gender",
                  "Age range", "Self-defined ethnicity", "Officer-defined ethnicity", "Legislation", "Object of search",
                  "Outcome", "Outcome linked to object of search", "Removal of more than just outer clothing"]
        row = ["Person search", "2021-06-30T23:00:00+00:00", "False", "", "51.527473", "-0.183443", "Male", "over 34",
               "Other ethnic group - Not stated", "White", "Misuse of Drugs Act 1971 (section 23)", "Controlled drugs",
               "Arrest", "", ""]
        vehicle = ["Vehicle search", "2021-07-01T10:00:00", "", "", "", "", "", "", "", "", "", "", "", "", ""]
        report = self.load(table(header, row, row, vehicle))
        self.assertEqual((report["accepted"], report["duplicates"], report["period"]), (3, 0, "2021-07..2021-07"))
        held = self.sql("select searched_at, type, age_band, sex, ethnicity, ethnicity_observed, legislation, object, "
                        "outcome from stop_search")
        self.assertEqual(held[0], held[1])
        self.assertEqual(held[0], ("2021-07-01T00:00:00", "person", "35-plus", "male", "NS", "white",
                                   "Misuse of Drugs Act 1971 (section 23)", "Controlled drugs", "Arrest"))
        self.assertEqual(held[2][:2], ("2021-07-01T11:00:00", "vehicle"))
        again = self.load(table(header, row, row, row), name="again.csv")  # one more of them
        self.assertEqual((again["accepted"], again["duplicates"]), (1, 2))


class Mps(Layout):
    def test_lsoas_by_month(self):
        header = ["LSOA Code", "LSOA Name", "Borough", "Major Category", "Minor Category", "202101", "202102"]
        report = self.load(table(header, ["E01002226", "Havering 001A", "Havering", "ROBBERY", "ROBBERY OF PERSONAL PROPERTY", 1, 0],
                                 ["E01000001", "x", "Unknown", "ROBBERY", "ROBBERY OF PERSONAL PROPERTY", 1, 0]))
        self.assertEqual((report["profile"], report["rows"], report["excluded"]), ("mps-lsoa", 2, 1))
        self.assertEqual(self.sql("select area_code, period_from, count from area_counts"),
                         [("E01002226", "2021-01", "1"), ("E01002226", "2021-02", "0")])

    def test_a_category_that_the_file_does_not_say(self):
        text = table(["LSOA11CD", "LSOA11NM", "MSOA11CD", "MSOA11NM", "LAD11CD", "LAD11NM", "2019", "2020", "2021"],
                     ["E01002226", "a", "b", "c", "d", "e", "28.0", "99.0", "0.0"])
        path = self.write("a.csv", text)
        for words, status in (((), 3), (("--set", "category"), 2), (("--set", "colour=red"), 3)):
            refused = run("import", self.file, path, *words)
            self.assertEqual(refused.status, status, refused.err)
            self.assertIn("--set", refused.err)
        report = self.load(text, "--set", "category=Robbery", name="a.csv")
        self.assertEqual(report["rows"], 2)
        self.assertTrue(any("2020" in note and "left out" in note for note in report["notes"]), report["notes"])
        self.assertEqual(self.sql("select category, period_from, period_to, count from area_counts"),
                         [("Robbery", "2019-01", "2019-12", "28"), ("Robbery", "2021-01", "2021-12", "0")])

    def test_homicide_victims_are_offences_and_persons_at_once(self):
        header = ["Count of Victims", "Age Group", "Sex", "Method of Killing", "Domestic Abuse", "Recorded Date",
                  "Homicide Offence Type", "Solved Status", "Borough", "Officer Observed Ethnicity"]
        row = ["1", "65 and over", "Female", "Knife or Sharp Implement", "Domestic", "Jan-03", "Murder", " Unsolved ",
               "Barking & Dagenham", "White"]
        text = table(header, row, row, row[:8] + ["Heathrow", "White"], row[:8] + ["Atlantis", "White"])
        path = self.write("victims.csv", text)
        reports = self.ok("import", self.file, path, "--json").json()
        self.assertEqual([r["kind"] for r in reports], ["offences", "persons"])
        self.assertEqual([r["accepted"] for r in reports], [3, 3])
        self.assertEqual([r["excluded"] for r in reports], [1, 1])
        self.assertEqual(reports[1]["orphans"], 0)
        held = self.sql("select recorded_at, offence_group, flags, weapon_use, borough_code, age_band, ethnicity_observed, "
                        "role from offences join persons using (offence_id) order by offence_id")
        self.assertEqual(held[:2], [("2003-01", "homicide", "domestic-abuse;knife", "used", "E09000002", "65-plus", "white",
                                     "victim")] * 2)
        twice = run("import", self.file, path)
        self.assertEqual(twice.status, 3)
        self.assertIn("already held", twice.err)
        persons = self.ok("import", self.file, path, "--as", "persons", "--json", status=3)
        self.assertIn("persons", persons.err)
        folder = self.dir / "folder"
        folder.mkdir()
        (folder / "v.csv").write_text(text.replace("Jan-03", "Feb-03"))
        reports = self.ok("import", self.file, folder, "--json").json()
        self.assertEqual([r["kind"] for r in reports], ["offences", "persons"])
        self.assertEqual([r["withdrawn"] for r in reports], [3, 3])


class Dfe(Layout):
    HEADER = ["time_period", "time_identifier", "geographic_level", "country_code", "country_name", "region_code",
              "region_name", "old_la_code", "new_la_code", "la_name", "school_type", "sex", "enrolments", "absence_rate"]

    def row(self, period="202122", identifier="Academic year", level="Local authority", la=HAVERING, kind="State-funded primary",
            sex="Total", enrolments="1000", rate="7.7"):
        return [period, identifier, level, "E92000001", "England", "E12000007" if level != "National" else "", "London",
                "311" if la else "", la, "Havering" if la else "", kind, sex, enrolments, rate]

    def test_columns_of_a_data_set_are_found_by_what_they_hold(self):
        report = self.load(table(
            self.HEADER, self.row(), self.row(sex="Girls", rate="c"), self.row(level="Regional", la="", rate="z"),
            self.row(level="National", la="", kind="Total", rate="low"), self.row(level="School"),
            self.row(identifier="Reporting year", period="2022"), self.row(identifier="Week 7", period="2022"),
            self.row(identifier="Financial year Q4"), self.row(identifier="January", period="2022")),
            "--supplier", "DfE absence", status=1)
        self.assertEqual((report["profile"], report["read"], report["accepted"]), ("dfe-explore-education-statistics", 9, 6))
        self.assertEqual(report["reasons"], {"not-a-period": 1})
        self.assertEqual(report["excluded"], 2)
        rates = self.sql("select area_code, category, period_from, period_to, value, symbol from indicators "
                         "where indicator = 'absence_rate'")
        primary = "school_type: State-funded primary"
        self.assertEqual(rates, [
            (HAVERING, primary, "2021-09", "2022-08", "7.7", ""),
            (HAVERING, primary + "; sex: Girls", "2021-09", "2022-08", "", "c"),
            ("E12000007", primary, "2021-09", "2022-08", "", "z"),
            ("E92000001", "", "2021-09", "2022-08", "", "low"),
            (HAVERING, primary, "2022-01", "2022-03", "7.7", ""),
            (HAVERING, primary, "2022-01", "2022-01", "7.7", "")])
        self.assertEqual(self.sql("select count(*) from indicators where indicator = 'enrolments' and value = 1000"), [("6",)])
        self.assertEqual(self.sql("select count(distinct indicator) from indicators"), [("2",)])

    def test_lait_years_are_those_of_each_measure(self):
        header = ["Short Desc", "Data item", "Years", "LA and Regions", "Values", "LA Number", "Region"]
        report = self.load(table(
            header, ["SecTotAbs", "", "2022", "Havering", "7.7", "311.0", "Outer London"],
            ["LAC", "", "2022", "Havering", "44", "311", "Outer London"], ["InfMort", "", "2014-16", "England", "3.9", "970", "NA"],
            ["SecTotAbs", "", "2022", "London", "-", "986.0", "NA"], ["NewMeasure", "", "2022", "Havering", "1", "311", ""],
            ["SecTotAbs", "", "2022", "Old England", "1", "1000", "NA"]), status=1)
        self.assertEqual(report["reasons"], {"not-a-period": 1, "not-a-code": 1})
        held = self.sql("select indicator, area_code, period_from, period_to, value, symbol, polarity from indicators")
        self.assertEqual(held, [("SecTotAbs", HAVERING, "2021-09", "2022-08", "7.7", "", "lower-better"),
                                ("LAC", HAVERING, "2022-03", "2022-03", "44", "", "none"),
                                ("InfMort", "E92000001", "2014-01", "2016-12", "3.9", "", "lower-better"),
                                ("SecTotAbs", "E12000007", "2021-09", "2022-08", "", "-", "lower-better")])


class Fingertips(Layout):
    def header(self, parent):
        return ["Indicator ID", "Indicator Name", "Parent Code", "Parent Name", "Area Code", "Area Name", "Area Type", "Sex",
                "Age", "Category Type", "Category", "Time period", "Value", "Lower CI 95.0 limit", "Upper CI 95.0 limit",
                "Lower CI 99.8 limit", "Upper CI 99.8 limit", "Count", "Denominator", "Value note", "Recent Trend",
                "Compared to England value or percentiles", f"Compared to {parent} value or percentiles",
                "Time period Sortable", "New data", "Compared to goal", "Time period range"]

    def row(self, period, sex="Persons", value="12.5", group=("", ""), note=""):
        return ["11202", "Violent crime", "E92000001", "England", HAVERING, "Havering", "Counties & UAs", sex, "All ages",
                *group, period, value, "11.9", "13.1", "", "", "3270", "261600", note, "Increasing", "Similar", "Better",
                "20210000", "", "", "1y"]

    def test_the_column_that_changes_its_name_does_not_matter(self):
        for parent in ("Regions (statistical)", "ICB sub-locations", "percentiles"):
            with self.subTest(parent):
                self.assertEqual(self.load(table(self.header(parent), self.row("2021/22", note=parent)), name=f"{parent}.csv")
                                 ["profile"], "fingertips")

    def test_periods_sexes_and_groups(self):
        self.load(table(self.header("Region"), self.row("2021/22"), self.row("2021", sex="Female"),
                        self.row("2019 - 21", group=("Deprivation decile", "Most deprived")),
                        self.row("2021/22 Q3", value="", note="Value suppressed")))
        held = self.sql("select period_from, period_to, sex, category, value, lower, numerator, denominator, note from indicators")
        self.assertEqual(held, [
            ("2021-04", "2022-03", "", "", "12.5", "11.9", "3270", "261600", ""),
            ("2021-01", "2021-12", "female", "", "12.5", "11.9", "3270", "261600", ""),
            ("2019-01", "2021-12", "", "Deprivation decile;Most deprived", "12.5", "11.9", "3270", "261600", ""),
            ("2021-10", "2021-12", "", "", "", "11.9", "3270", "261600", "Value suppressed")])


class Health(Layout):
    def test_istv_by_the_names_of_the_nhs_data_dictionary(self):
        header = ["SITE CODE (OF TREATMENT)", "ARRIVAL DATE AND TIME AT ACCIDENT AND EMERGENCY DEPARTMENT", "ASSAULT DATE AND TIME",
                  "ASSAULT METHOD", "ASSAULT METHOD OTHER DESCRIPTION", "ASSAULT LOCATION TYPE", "ASSAULT LOCATION DESCRIPTION"]
        row = ["RF4QH", "2022-01-05T23:10", "2022-01-05T22:00", "Blade", "", "Street", "Example Road"]
        report = self.load(table(header, row, row))
        self.assertEqual((report["kind"], report["accepted"]), ("emergency-department", 2))
        named = run("import", self.file, self.write("b.csv", table(header + ["Patient surname"], row + ["Example"])))
        self.assertEqual(named.status, 3)
        self.assertIn("health body", named.err)


class Examples(Layout):
    def test_every_example_can_be_named(self):
        paths = sorted((ROOT / "profiles" / "examples").glob("*.json"))
        self.assertGreaterEqual(len(paths), 9)
        nothing = self.write("a.csv", "a,b\n1,2\n")
        for path in paths:
            refused = run("import", self.file, nothing, "--profile", path)
            self.assertEqual(refused.status, 3, path)
            self.assertIn("does not fit the profile", refused.err, path)


if __name__ == "__main__":
    main()
