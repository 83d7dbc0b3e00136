"""Localities: named sets of wards as areas of tables and maps. Synthetic, and the wards of Havering
where the shared data are there. SPDX-License-Identifier: GPL-3.0-or-later
"""

from harness import Case, digest, main, run
from test_rebase import E0, N0, WARD_COUNTS, WARDS_2018, WARDS_2022, collection, square

WARDS = [f"E0500000{i}" for i in range(1, 7)]
MEMBERS = [("North Town", WARDS[0]), ("North Town", WARDS[1]), ("Hill", WARDS[3])]


class Localities(Case):
    """Six synthetic wards of 1 km in a row; North Town is two, Hill one, three are in none."""

    def setUp(self):
        super().setUp()
        self.new()
        self.layer("borough", "2018", [square("E09000016", E0, N0, 6000, 1000)])
        self.layer("ward", "2018", [square(code, E0 + 1000 * i, N0, 1000, 1000) for i, code in enumerate(WARDS)])
        rows = "".join(f"{code},theft,2021-01,2021-01,{10 * (i + 1)}\n" for i, code in enumerate(WARDS))
        self.ok("import", self.file, self.write("counts.csv", "area_code,category,period_from,period_to,count\n" + rows),
                "--as", "area-counts")

    def layer(self, kind, vintage, features):
        self.ok("areas", self.file, self.write(f"{kind}-{vintage}.geojson", collection(features)), "--type", kind,
                "--vintage", vintage, "--code", "code", "--name", "name")

    def members(self, rows, name="members.csv"):
        return self.write(name, "place,ward,remark\n" + "".join(f"{a},{b},\n" for a, b in rows))

    def add(self, path, *words, of="ward:2018", vintage="2018", status=0):
        return self.ok("areas", self.file, path, "--type", "locality", "--vintage", vintage, "--of", of, "--code", "ward",
                       "--name", "place", *words, status=status)

    def counts(self, *words):
        rows = self.ok("table", self.file, "--kind", "area-counts", *words).rows()
        return {r["locality"]: r["count"] for r in rows}

    def test_published_counts_of_wards_add_up(self):
        report = self.add(self.members(MEMBERS), "--json").json()
        self.assertEqual((report["areas"], report["overlaps"]["count"]), (2, 0))
        self.assertEqual(self.counts("--by", "locality"), {"North Town": "30", "Hill": "40", "unplaced": "140"})
        rows = self.ok("table", self.file, "--kind", "area-counts", "--by", "locality,ward").rows()
        self.assertEqual({(r["locality"], r["ward"]): r["count"] for r in rows if r["locality"] != "unplaced"},
                         {("North Town", WARDS[0]): "10", ("North Town", WARDS[1]): "20", ("Hill", WARDS[3]): "40"})
        inside = self.ok("table", self.file, "--kind", "area-counts", "--by", "ward", "--area", "North Town").rows()
        self.assertEqual({r["ward"]: r["count"] for r in inside}, {WARDS[0]: "10", WARDS[1]: "20"})
        self.ok("verify", self.file)

    def test_records_are_placed_in_them(self):
        rows = "".join(f"{i},2021-03,theft,{E0 + 500 + 1000 * (i % 6)},{N0 + 500}\n" for i in range(60))
        self.ok("import", self.file, self.write("offences.csv", "offence_id,recorded_at,offence_group,easting,northing\n" + rows))
        self.add(self.members(MEMBERS))
        rows = self.ok("table", self.file, "--by", "locality").rows()
        self.assertEqual({r["locality"]: r["count"] for r in rows}, {"North Town": "20", "Hill": "10", "unplaced": "30"})
        out = self.dir / "map.svg"
        self.ok("map", self.file, "--by", "locality", "--value", "count", "--out", out)
        self.assertIn("North Town", out.read_text())

    def test_a_code_is_its_own_ward_before_what_became_of_it(self):
        # Most of the first ward went to a ward of 2022 whose middle lies in Hill, a locality of 2018.
        later = ["E05100001", "E05100002"]
        self.layer("ward", "2022", [square(later[0], E0 + 2500, N0, 2000, 1000), square(later[1], E0, N0, 2500, 1000)])
        self.ok("import", self.file, self.write("lookup.csv", "from_code,to_code,weight,basis\n"
                f"{WARDS[0]},{later[0]},0.7,population\n{WARDS[0]},{later[1]},0.3,population\n"), "--as", "lookup")
        self.add(self.members(MEMBERS))
        rows = "".join(f"A{i},2021-03-02T10:00,{WARDS[0]}\n" for i in range(5))
        self.ok("import", self.file, self.write("calls.csv", "incident_id,called_at,ward_code\n" + rows), "--as", "ambulance")
        rows = self.ok("table", self.file, "--kind", "ambulance", "--by", "locality", "--vintage", "2018").rows()
        self.assertEqual({r["locality"]: r["count"] for r in rows}, {"North Town": "5", "Hill": "0"})

    def test_a_wrong_table_names_its_line_and_changes_nothing(self):
        before = digest(self.file)
        for rows, part in (([*MEMBERS, ("Hill", "E05999999")], 'line 5: column ward: there is no ward "E05999999" of vintage 2018'),
                           ([*MEMBERS, ("Hill", WARDS[0])], f"line 5: the ward {WARDS[0]} is in line 2 already"),
                           ([*MEMBERS, ("North Town", WARDS[0])], "would be counted twice"),
                           ([("", WARDS[0])], "line 2: column place is empty"),
                           ([("Hill", "")], "line 2: column ward is empty"),
                           ([], "names no areas")):
            result = self.add(self.members(rows), status=3)
            self.assertEqual(result.out, "")
            self.assertIn(part, result.err)
        result = run("areas", self.file, self.members(MEMBERS), "--type", "locality", "--vintage", "2018", "--of",
                     "ward:2018", "--code", "code", "--name", "place")
        self.assertEqual(result.status, 3)
        self.assertIn("place, ward, remark", result.err)
        self.assertIn("--of ward:1999", self.add(self.members(MEMBERS), of="ward:1999", status=3).err)
        self.assertEqual(digest(self.file), before)

    def test_localities_are_of_one_vintage(self):
        # The border between the second and the third ward moves; the localities are of the new wards.
        later = ["E05100001", "E05100002", "E05100003", *WARDS[3:]]
        edges = [0, 1000, 2500, 3000, 4000, 5000, 6000]
        self.layer("ward", "2022", [square(c, E0 + edges[i], N0, edges[i + 1] - edges[i], 1000) for i, c in enumerate(later)])
        self.add(self.members([("North Town", later[0]), ("North Town", later[1]), ("Hill", later[3])]), of="ward:2022", vintage="2022")
        words = ["--by", "locality", "--vintage", "2022"]
        refused = run("table", self.file, "--kind", "area-counts", *words)
        self.assertEqual((refused.status, refused.out), (3, ""))
        self.assertIn("--rebase ward:2018 --to ward:2022", refused.err)
        self.ok("areas", self.file, "--rebase", "ward:2018", "--to", "ward:2022", "--by", "area")
        # 10 + 20 + half of the third ward's 30, whose main half is in either: the lower code keeps it.
        self.assertEqual(self.counts(*words), {"North Town": "45", "Hill": "40", "unplaced": "125"})

    def test_other_encodings_and_separators(self):
        text = "ward;place\n" + "".join(f"{b};{a.replace('Hill', 'Château')}\n" for a, b in MEMBERS)
        self.add(self.write("members.csv", text.encode("utf-8-sig")))
        self.assertEqual(self.counts("--by", "locality")["Château"], "40")


class Havering(Case):
    def test_localities_of_havering(self):
        """Harold Hill taken as the wards of Gooshays and Heaton."""
        self.new()
        for path, vintage, code, name in ((WARDS_2018, "2018", "GSS_CODE", "NAME"), (WARDS_2022, "2022-05", "WD25CD", "WD25NM")):
            self.ok("areas", self.file, self.shared(path), "--type", "ward", "--vintage", vintage, "--code", code, "--name", name)
        self.ok("import", self.file, self.shared(WARD_COUNTS))
        found = self.ok("sql", self.file, "select a.code as code, a.name as name from area a join area_layer l on l.id = a.layer_id "
                        "where l.vintage = '2018' and a.name in ('Gooshays', 'Heaton')").rows()
        self.assertEqual(len(found), 2)
        table = self.write("localities.csv", "ward_code,locality\n" + "".join(f"{r['code']},Harold Hill\n" for r in found))
        self.ok("areas", self.file, table, "--type", "locality", "--vintage", "2018", "--of", "ward:2018", "--code", "ward_code",
                "--name", "locality")
        words = ["table", self.file, "--kind", "area-counts", "--period", "2021", "--vintage", "2018",
                 "--where", "category=Violence Against the Person", "--by"]
        hill = {r["locality"]: int(r["count"]) for r in self.ok(*words, "locality").rows()}
        wards = {r["ward"]: int(r["count"] or 0) for r in self.ok(*words, "ward").rows()}
        self.assertEqual(hill["Harold Hill"], sum(wards[r["code"]] for r in found))
        self.assertGreater(hill["Harold Hill"], 800)


if __name__ == "__main__":
    main()
