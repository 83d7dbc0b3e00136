"""Files made to do harm: each is refused in seconds and in bounded memory, and the partnership file stays as it was.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import gzip
import io
import json
import os
import resource
import sqlite3
import struct
import subprocess
import tempfile
import time
import zipfile

from harness import REEVE, Case, STREET_HEADER, digest, main, street_row
from packing import archive, shape_header, shape_record, table, workbook

WITH_SANITIZERS = "asan" in REEVE or "tsan" in REEVE
MOST_SECONDS = 200 if WITH_SANITIZERS else 20  # guards against a hang; most take a fraction of a second
MOST_MEMORY = 1e9 if WITH_SANITIZERS else 200  # MB
OFFENCES = "offence_id,recorded_at,offence_group\n"
GOOD = OFFENCES + "a,2021-01,abh\nb,2021-02,gbh\n"


class Hostile(Case):
    def setUp(self):
        super().setUp()
        self.new()
        self.ok("import", self.file, self.write("held.csv", GOOD))

    def give(self, *words):
        """Runs reeve; gives its exit status, its message, MB of memory at most and seconds."""
        with tempfile.TemporaryFile() as said:
            began = time.monotonic()
            child = subprocess.Popen([REEVE, *map(str, words)], stdin=subprocess.DEVNULL, stdout=said, stderr=said,
                                     preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (200, 200)))
            _, status, used = os.wait4(child.pid, 0)
            child.returncode = os.waitstatus_to_exitcode(status)
            seconds = time.monotonic() - began
            said.seek(0)
            return child.returncode, said.read().decode(), used.ru_maxrss / 1024, seconds

    def refused(self, path, *wanted, words=(), command="import", status=3):
        before = digest(self.file)
        code, said, memory, seconds = self.give(command, self.file, path, *words)
        what = f"{path.name}: exit {code}, {memory:.0f} MB, {seconds:.2f} s: {said[-600:]}"
        if os.environ.get("REEVE_SHOW"):
            print(what)
        self.assertEqual(code, status, what)
        self.assertIn(path.name, said, what)
        for word in wanted:
            self.assertIn(word, said, what)
        self.assertLess(seconds, MOST_SECONDS, what)
        self.assertLess(memory, MOST_MEMORY, what)
        self.assertEqual(digest(self.file), before, what)
        return said

    # ---- archives ----

    def test_zip_bombs(self):
        nothing = io.BytesIO()
        with zipfile.ZipFile(nothing, "w", zipfile.ZIP_DEFLATED) as out, out.open("zeros.csv", "w") as member:
            for _ in range(1200):
                member.write(bytes(1 << 20))
        self.refused(self.write("bomb.zip", nothing.getvalue()), "bomb")
        self.refused(self.write("bomb.xlsx", nothing.getvalue()), "bomb")
        self.refused(self.write("overlapping.zip", overlapping(2000)), "shares its bytes")
        self.refused(self.write("many.zip", overlapping(1, stated=65000)), "at most 20000 are read")
        self.refused(self.write("some.zip", overlapping(1, stated=19000)), "damaged")
        self.refused(self.write("liar.zip", overlapping(1, size=0xFFFFFFF0)), "damaged")
        inner = archive({"1.csv": GOOD})
        for _ in range(50):
            inner = archive({"next.zip": inner})
        self.refused(self.write("nested.zip", inner), "archive inside an archive", "unpack it first")

    def test_gzip_bomb_and_cut_off_gzip(self):
        rows = "".join(street_row(i, "2021-06") for i in range(3000))
        packed = gzip.compress((STREET_HEADER + rows).encode())
        for keep in (3, 12, len(packed) // 2, len(packed) - 1):
            self.refused(self.write("cut.csv.gz", packed[:keep]), "breaks off")
        out = io.BytesIO()
        with gzip.GzipFile(fileobj=out, mode="wb") as member:
            member.write(OFFENCES.encode())
            for _ in range(300):
                member.write(b"x,2021-01,abh\n" * 75000)
        self.refused(self.write("bomb.csv.gz", out.getvalue()), "250 times")

    # ---- workbooks ----

    def test_billion_laughs(self):
        laughs = "".join(f"<!ENTITY l{i} '{f'&l{i - 1};' * 10}'>" for i in range(1, 12))
        kind = f"<!DOCTYPE sst [<!ENTITY l0 'ha'>{laughs}]>"
        for part, text in (("xl/sharedStrings.xml", f"{kind}<sst><si><t>&l11;</t></si></sst>"),
                           ("xl/worksheets/sheet1.xml", f"{kind}<worksheet><sheetData><row><c t='str'><v>&l11;</v></c></row>"
                                                        "</sheetData></worksheet>"),
                           ("xl/workbook.xml", f"{kind}<workbook/>")):
            book = workbook({"S": [["offence_id", "recorded_at"], ["a", "b"]]}, replace={part: text})
            self.refused(self.write("laughs.xlsx", book), "document type", "save it again")

    def test_huge_shared_strings(self):
        """1 GB of one letter as one text; then 20 million texts, packed 200 times."""
        sheet = "<worksheet><sheetData><row r='1'><c r='A1' t='s'><v>0</v></c></row></sheetData></worksheet>"
        base = workbook({"S": [["offence_id"]]}, replace={"xl/worksheets/sheet1.xml": sheet})
        self.refused(self.write("one.xlsx", with_strings(base, "<sst><si><t>", "a" * (1 << 20), 1000, "</t></si></sst>")))
        self.refused(self.write("many.xlsx", with_strings(base, "<sst>", "<si><t>a</t></si>" * 60000, 1000, "</sst>")))

    def test_absurd_sheets(self):
        def book(rows):
            return workbook({"S": [["offence_id"]]}, replace={
                "xl/worksheets/sheet1.xml": f"<worksheet><sheetData>{rows}</sheetData></worksheet>"})
        self.refused(self.write("row.xlsx", book("<row r='4000000000'><c r='A4000000000'><v>1</v></c></row>")))
        self.refused(self.write("column.xlsx", book("<row r='1'><c r='ZZZZZZZ1'><v>1</v></c></row>")))
        self.refused(self.write("deep.xlsx", book("<row>" * 100000)))

    # ---- text ----

    def test_absurd_csv(self):
        """A header with a field of 10 MB, of a million columns, that never ends, of nothing but zeros."""
        long = "x" * (10 << 20)
        self.refused(self.write("header.csv", f"offence_id,{long}\na,b\n"))
        self.refused(self.write("columns.csv", ",".join(f"c{i}" for i in range(1000000)) + "\n" + "1," * 999999 + "1\n"),
                     "column")
        self.refused(self.write("endless.csv", "a" * (300 << 20)))
        self.refused(self.write("zeros.csv", bytes(64 << 20)))

    def test_a_field_of_10_MB_costs_its_row(self):
        rows = f'a1,2021-03,"{"x" * (10 << 20)}"\n' + "a2,2021-03,abh\n"
        code, said, memory, seconds = self.give("import", self.file, self.write("long.csv", OFFENCES + rows), "--json")
        self.assertEqual(code, 1, said[-600:])
        report = json.loads(said)
        self.assertEqual((report["accepted"], report["quarantined"]), (1, 1))
        self.assertLess(seconds, MOST_SECONDS)
        self.assertLess(memory, MOST_MEMORY)

    # ---- what is no file ----

    def test_links_pipes_and_folders(self):
        for name, target in (("loop-a", "loop-b"), ("loop-b", "loop-a"), ("nothing", "not-there")):
            os.symlink(target, self.dir / name)
        os.mkfifo(self.dir / "pipe.csv")
        self.refused(self.dir / "loop-a")
        self.refused(self.dir / "nothing")
        self.refused(self.dir / "pipe.csv", "not a file")
        for name in ("loop-a", "nothing", "pipe.csv", "."):
            self.areas(self.dir / name)

    def test_a_folder_of_them(self):
        folder = self.dir / "in"
        folder.mkdir()
        os.symlink("..", folder / "up")
        os.symlink("round", folder / "round")
        os.mkfifo(folder / "pipe.csv")
        (folder / "sub").mkdir()
        (folder / "new.csv").write_text(GOOD + "c,2021-03,abh\n")
        code, said, memory, seconds = self.give("import", self.file, folder, "--json")
        self.assertEqual(code, 0, said)
        entries = {e["file"]: e.get("not_loaded_because", "loaded") for e in json.loads(said)}
        self.assertEqual(sorted(entries), ["new.csv", "pipe.csv", "round", "sub", "up"])
        self.assertEqual(entries["new.csv"], "loaded")
        self.assertIn("pipe", entries["pipe.csv"])
        self.assertIn("leads back to itself", entries["round"])
        self.assertIn("folder", entries["sub"])
        self.assertIn("folder", entries["up"])
        self.assertLess(seconds, MOST_SECONDS)

    # ---- boundaries ----

    def areas(self, path, *wanted):
        return self.refused(path, *wanted, command="areas",
                            words=("--type", "ward", "--vintage", "2022", "--code", "code", "--name", "name"))

    def test_absurd_geojson(self):
        def layer(geometry):
            return ('{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"code":"E05000001",'
                    f'"name":"Synthetic"}},"geometry":{geometry}}}]}}')
        self.areas(self.write("deep.geojson", "[" * 5000000))
        self.areas(self.write("nested.geojson", layer('{"type":"Polygon","coordinates":' + "[" * 200000 + "]" * 200000 + "}")))
        self.areas(self.write("number.geojson", layer('{"type":"Polygon","coordinates":[[[' + "9" * 5000000 + ",1]]]}")))
        self.areas(self.write("far.geojson", layer('{"type":"Polygon","coordinates":[[[1e308,-1e308],[1,1],[2,2],[1e308,-1e308]]]}')))
        self.areas(self.write("cut.geojson", layer('{"type":"Polygon","coordinates":[[[0.1,51],[0.2,51]')[:-2]))
        self.areas(self.write("many.geojson", '{"type":"FeatureCollection","features":[' + "{}," * 3000000 + "{}]}"))

    def test_absurd_shapefile(self):
        for name, header, record in (
                ("parts", None, shape_record(parts=0x7FFFFFFF, points=4)),
                ("points", None, shape_record(parts=1, points=0x7FFFFFFF)),
                ("negative", None, shape_record(parts=-1, points=-1)),
                ("length", shape_header(0x7FFFFFFF), shape_record(parts=1, points=4)),
                ("record", None, shape_record(parts=1, points=4, stated=0x7FFFFFFF)),
                ("short", b"\0\0\x27\x0a", b"")):
            record_bytes = record
            self.write(f"{name}.shp", (header or shape_header(50 + len(record) // 2)) + record_bytes)
            self.write(f"{name}.shx", shape_header(54) + struct.pack(">ii", 50, max(0, len(record) // 2 - 4)))
            self.write(f"{name}.dbf", table(1))
            self.areas(self.dir / f"{name}.shp")
        self.write("rows.shp", shape_header(50))
        self.write("rows.shx", shape_header(50))
        self.write("rows.dbf", table(0xFFFFFFFF))
        self.areas(self.dir / "rows.shp")

    def test_absurd_geopackage(self):
        for name, blob in (("counts", polygon(rings=0xFFFFFFFF)), ("points", polygon(rings=1, points=0xFFFFFFFF)),
                           ("short", b"GP"), ("deep", b"GP\0\1" + struct.pack("<i", 4326) + b"\1\7\0\0\0\1\0\0\0" * 50000)):
            self.areas(geopackage(self.dir / f"{name}.gpkg", blob))
        endless = self.dir / "endless.gpkg"
        geopackage(endless, b"GP", view="WITH RECURSIVE n(fid) AS (SELECT 1 UNION ALL SELECT fid + 1 FROM n) "
                                        "SELECT fid, 'c' AS code, 'n' AS name, x'4750' AS geom FROM n")
        self.areas(endless)
        whole = geopackage(self.dir / "whole.gpkg", b"GP").read_bytes()
        self.areas(self.write("cut.gpkg", whole[:len(whole) // 2]))
        self.areas(self.write("page.gpkg", whole[:16] + b"\xff\xff" + whole[18:]))


def overlapping(members, size=0, stated=None):
    """Members that all have the bytes of one; or one of a size, in a directory of a count that it does not have."""
    name, directory = b"00000.csv", b""
    fields = struct.pack("<HHHHHIIIHH", 20, 0, 0, 0, 0, 0, size or 1, size or 1, len(name), 0)
    local = b"PK\3\4" + fields + name
    for i in range(members):
        other = b"%05d.csv" % i
        entry = struct.pack("<HHHHHIIIHH", 20, 0, 0, 0, 0, 0, size or 1, size or 1, len(other), 0)
        directory += b"PK\1\2" + struct.pack("<H", 20) + entry + struct.pack("<HHHII", 0, 0, 0, 0, 0) + other
    count = members if stated is None else stated
    return local + b"x" + directory + b"PK\5\6" + struct.pack("<HHHHIIH", 0, 0, count, count, len(directory), len(local) + 1, 0)


def with_strings(book, begin, piece, times, end):
    """The workbook with other shared strings, written piece by piece."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name != "xl/sharedStrings.xml":
                new.writestr(name, old.read(name))
        with new.open("xl/sharedStrings.xml", "w", force_zip64=True) as member:
            member.write(begin.encode())
            for _ in range(times):
                member.write(piece.encode())
            member.write(end.encode())
    return out.getvalue()


def polygon(rings, points=4):
    return (b"GP\0\1" + struct.pack("<i", 4326) + b"\1" + struct.pack("<II", 3, rings) + struct.pack("<I", points) +
            b"".join(struct.pack("<2d", x, y) for x, y in ((0.1, 51), (0.1, 51.1), (0.2, 51.1), (0.1, 51))))


def geopackage(path, blob, view=None):
    db = sqlite3.connect(path)
    db.executescript("""
        PRAGMA application_id = 0x47504B47;
        CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT, srs_id INTEGER PRIMARY KEY, organization TEXT,
            organization_coordsys_id INTEGER, definition TEXT, description TEXT);
        INSERT INTO gpkg_spatial_ref_sys VALUES ('WGS 84', 4326, 'EPSG', 4326, 'undefined', '');
        CREATE TABLE gpkg_contents (table_name TEXT PRIMARY KEY, data_type TEXT, identifier TEXT, description TEXT,
            last_change TEXT, min_x REAL, min_y REAL, max_x REAL, max_y REAL, srs_id INTEGER);
        INSERT INTO gpkg_contents VALUES ('wards', 'features', 'wards', '', '2022-01-01T00:00:00Z', 0, 51, 1, 52, 4326);
        CREATE TABLE gpkg_geometry_columns (table_name TEXT, column_name TEXT, geometry_type_name TEXT, srs_id INTEGER,
            z INTEGER, m INTEGER);
        INSERT INTO gpkg_geometry_columns VALUES ('wards', 'geom', 'POLYGON', 4326, 0, 0);
        """)
    if view:
        db.execute(f"CREATE VIEW wards AS {view}")
    else:
        db.execute("CREATE TABLE wards (fid INTEGER PRIMARY KEY, code TEXT, name TEXT, geom BLOB)")
        db.execute("INSERT INTO wards VALUES (1, 'E05000001', 'Synthetic', ?)", (blob,))
    db.commit()
    db.close()
    return path


if __name__ == "__main__":
    main()
