"""Archives: every table of a zip is an extract of its own, all of them or none.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import csv
import hashlib
import json
import random
import resource
import sqlite3
import struct
import zipfile
import zlib

from harness import Case, STREET_HEADER, digest, main, run, street_row
from packing import Dated, archive, workbook

PERSONS = "offence_id,role,sex\n"
OFFENCES = "offence_id,recorded_at,offence_group,venue_name\n"


def month(number, first=0, rows=50, kind="Burglary"):
    return STREET_HEADER + "".join(street_row(first + i, f"2021-{number:02}", 0.1 + i / 500, 51.5, kind)
                                   for i in range(rows))


class Archives(Case):
    def setUp(self):
        super().setUp()
        self.new()

    def load(self, name, content, *words, status=0):
        return self.ok("import", self.file, self.write(name, content), "--json", *words, status=status).json()

    def refused(self, content, *words, name="a.zip"):
        before = digest(self.file)
        result = run("import", self.file, self.write(name, content), *words)
        self.assertEqual(result.status, 3, result.err + result.out)
        self.assertEqual(digest(self.file), before)
        self.assertIn(name, result.err)
        return result.err

    def count(self, table="offences", where="current"):
        return int(self.ok("sql", self.file, f"select count(*) as n from {table} where {where}").rows()[0]["n"])

    def test_each_member_has_its_entry_and_its_own_sha256(self):
        members = {f"2021-{n:02}/2021-{n:02}-x-street.csv": month(n, 100 * n) for n in range(1, 13)}
        members |= {"notes/readme.txt": "about these files", "__MACOSX/._2021-01.csv": "\0\5", ".DS_Store": "x",
                    "2021-01/unknown.csv": "what,is,this\n1,2,3\n"}
        entries = self.load("police.zip", archive(members))
        loaded = {e["file"]: e for e in entries if "sha256" in e}
        self.assertEqual(sorted(loaded), [f"police.zip/2021-{n:02}/2021-{n:02}-x-street.csv" for n in range(1, 13)])
        for name, text in members.items():
            entry = loaded.get(f"police.zip/{name}")
            if entry:
                self.assertEqual(entry["sha256"], hashlib.sha256(text.encode()).hexdigest())
                self.assertEqual((entry["read"], entry["accepted"], entry["profile"]), (50, 50, "police-uk-street"))
        others = {e["file"]: e["not_loaded_because"] for e in entries if "sha256" not in e}
        self.assertEqual(sorted(others), ["police.zip/2021-01/unknown.csv", "police.zip/__MACOSX/._2021-01.csv",
                                          "police.zip/notes/readme.txt"])
        self.assertIn("2 hidden members passed over", others["police.zip/__MACOSX/._2021-01.csv"])
        self.assertEqual(self.count(), 600)
        self.ok("verify", self.file)

    def test_the_same_as_the_files_one_by_one(self):
        members = {"a.csv": month(1, 0), "b.csv": month(1, 25, kind="Drugs"), "c.csv": month(2, 60), "d.csv": month(1, 25)}
        one_by_one = self.dir / "other.reeve"
        self.ok("new", one_by_one)
        want = [self.ok("import", one_by_one, self.write(n, t), "--json").json() for n, t in members.items()]
        got = self.load("a.zip", archive(members))
        for one, other in zip(got, want):
            self.assertEqual({k: v for k, v in one.items() if k != "file"}, {k: v for k, v in other.items() if k != "file"})
        self.assertEqual([e["superseded"] for e in got], [0, 25, 15, 50])

        self.assertEqual(contents(self.file), contents(one_by_one))

    def test_random_archives_are_the_same_as_the_files_one_by_one(self):
        """Members share keys and months or do not, beside rows that are held already, under each way of refreshing."""
        seed = random.randrange(2**32)
        dice = random.Random(seed)
        columns = {c: {"from": c} for c in ("offence_id", "recorded_at", "offence_group")}
        for round_number in range(9):
            refresh = ("incremental", "period", "full")[round_number % 3]
            profile = self.write(f"{refresh}.json", json.dumps({"profile": f"test-{refresh}", "version": 1, "kind": "offences",
                                                                "columns": columns, "key": ["offence_id"], "refresh": refresh}))
            wide = dice.choice([40, 400])
            texts = {f"{n}.csv": "offence_id,recorded_at,offence_group\n" + "".join(
                f"k{dice.randrange(wide)},2021-{dice.choice([1 + n % 6, dice.randint(1, 12)]):02},{dice.choice(['abh', 'gbh'])}\n"
                for _ in range(dice.randint(1, 30))) + f"own{n},2021-0{n + 1},abh\n" for n in range(7)}
            together, alone = self.dir / f"together{round_number}.reeve", self.dir / f"alone{round_number}.reeve"
            reports = []
            for file in (together, alone):
                self.ok("new", file)
                self.ok("import", file, self.write("0.csv", texts["0.csv"]), "--profile", profile)
            members = dict(list(texts.items())[1:])
            got = self.ok("import", together, self.write("a.zip", archive(members)), "--profile", profile, "--json").json()
            for name, text in members.items():
                reports.append(self.ok("import", alone, self.write(name, text), "--profile", profile, "--json").json())
            what = f"seed {seed}, round {round_number}, {refresh}"
            self.assertEqual([{**e, "file": ""} for e in got], [{**e, "file": ""} for e in reports], what)
            self.assertEqual(contents(together), contents(alone), what)

    def test_people_find_the_offences_of_the_same_archive(self):
        members = {"1-offences.csv": OFFENCES + "a,2021-01,abh,\nb,2021-01,gbh,\n",
                   "2-persons.csv": PERSONS + "a,victim,female\nb,suspect,male\nzz,victim,male\n"}
        entries = self.load("case.zip", archive(members))
        self.assertEqual([(e["kind"], e["orphans"]) for e in entries], [("offences", 0), ("persons", 1)])

    def test_people_find_them_whatever_the_names(self):
        members = {"1-persons.csv": PERSONS + "a,victim,female\nb,suspect,male\nzz,victim,male\n",
                   "2-offences.csv": OFFENCES + "a,2021-01,abh,\nb,2021-01,gbh,\n",
                   "3-persons.csv": PERSONS + "a,suspect,male\nyy,victim,male\nxx,victim,male\n"}
        entries = self.load("case.zip", archive(members))
        self.assertEqual([(e["kind"], e["orphans"]) for e in entries], [("persons", 1), ("offences", 0), ("persons", 2)])
        db = sqlite3.connect(self.file)
        self.addCleanup(db.close)
        stored = db.execute("select report from extract order by id").fetchall()
        self.assertEqual([json.loads(r[0])["orphans"] for r in stored], [0, 1, 2])

    def test_a_workbook_in_an_archive_and_quarantine_of_all(self):
        rows = [["offence_id", "recorded_at", "offence_group"], ["a", Dated(44197), "abh"], ["b", Dated(60), "abh"]]
        members = {"book.xlsx": workbook({"S": rows}), "x.csv": OFFENCES + "c,2021-13,abh,\nd,2021-02,abh,Caf\u00e9\n",
                   "y.csv": (OFFENCES + "e,2021-03,abh,Caf\u00e9\nf,2021-03,abh,Ol\u00e9\n").replace(",", ";").encode("cp1252")}
        kept = self.dir / "quarantine.csv"
        entries = self.load("mixed.zip", archive(members), "--quarantine", kept, status=1)
        self.assertEqual([(e["file"], e["accepted"], e["quarantined"]) for e in entries],
                         [("mixed.zip/book.xlsx", 1, 1), ("mixed.zip/x.csv", 1, 1), ("mixed.zip/y.csv", 2, 0)])
        with kept.open(newline="") as opened:
            self.assertEqual([(r["file"], r["line"]) for r in csv.DictReader(opened)],
                             [("mixed.zip/book.xlsx", "3"), ("mixed.zip/x.csv", "2")])

    def test_what_is_held_already_is_passed_over(self):
        first = {"1.csv": month(1), "2.csv": month(2, 100)}
        self.load("a.zip", archive(first))
        self.assertIn("already held", self.refused(archive(first), name="again.zip"))
        entries = self.load("b.zip", archive(first | {"3.csv": month(3, 200), "4.csv": month(3, 200)}), status=1)
        said = {e["file"]: e.get("not_loaded_because", "loaded") for e in entries}
        self.assertEqual(said["b.zip/3.csv"], "loaded")
        self.assertIn("already held", said["b.zip/1.csv"])
        self.assertIn("same bytes", said["b.zip/4.csv"])
        self.assertEqual(self.count(), 150)

    def test_one_bad_member_and_nothing_is_loaded(self):
        good = {f"{n}.csv": month(n, 100 * n) for n in range(1, 4)}
        sound = archive(good)
        damaged = bytearray(sound)
        damaged[len(sound) // 3] ^= 1
        self.assertIn("damaged", self.refused(bytes(damaged)))
        self.assertIn("damaged", self.refused(sound[:-30]))
        locked = bytearray(sound)
        for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
            locked[locked.rindex(mark) + place] |= 1
        self.assertIn("password", self.refused(bytes(locked)))
        self.assertIn("unpack it first", self.refused(archive(good | {"more.zip": sound})))
        self.assertIn("unpack it first", self.refused(archive(good | {"more.csv.gz": b"\x1f\x8b" + bytes(30)})))
        self.assertIn("4.csv", self.refused(archive(good | {"4.csv": ""})))  # a table by its name, and empty
        ambiguous = OFFENCES.replace("venue_name", "note") + "".join(f"{n},0{n}/0{n}/2021,abh,\n" for n in range(1, 9))
        self.assertIn("day/month", self.refused(archive(good | {"5.csv": ambiguous})))
        self.assertIn("damaged", self.refused(archive(good | {"6.xlsx": workbook({"S": [["a"]]})[:200]})))
        self.assertIn("no member", self.refused(archive({"readme.txt": "hello"})))
        self.assertIn("no member", self.refused(archive({})))
        self.assertIn("two members", self.refused(twice("1.csv", month(1))))
        self.assertEqual(len(self.load("a.zip", sound)), 3)

    def test_names_are_never_paths(self):
        outside = self.dir / "outside.csv"
        entries = self.load("a.zip", archive({"../outside.csv": month(1), "/etc/absolute.csv": month(2, 100),
                                              "a\\b.csv": month(3, 200)}))
        self.assertEqual([e["file"] for e in entries],
                         ["a.zip/../outside.csv", "a.zip//etc/absolute.csv", "a.zip/a/b.csv"])
        self.assertFalse(outside.exists())

    def test_a_folder_with_an_archive_in_it(self):
        folder = self.dir / "in"
        folder.mkdir()
        (folder / "a.zip").write_bytes(archive({"1.csv": month(1), "2.csv": month(2, 100)}))
        (folder / "b.csv").write_text(month(3, 200))
        (folder / "c.zip").write_bytes(archive({"1.csv": month(4, 300)})[:-40])
        result = run("import", self.file, folder, "--json")
        self.assertEqual(result.status, 3, result.err)
        entries = {e["file"]: e for e in result.json()}
        self.assertEqual(sorted(entries), ["a.zip/1.csv", "a.zip/2.csv", "b.csv", "c.zip"])
        self.assertIn("damaged", entries["c.zip"]["not_loaded_because"])
        self.assertEqual(self.count(), 150)

    def test_hidden_members_count_when_they_are_damaged(self):
        sound = archive({"1.csv": month(1), "__MACOSX/._1.csv": "synthetic attributes"}, zipfile.ZIP_STORED)
        damaged = bytearray(sound)
        damaged[sound.index(b"synthetic attributes")] ^= 1
        self.assertIn("._1.csv", self.refused(bytes(damaged)))
        self.assertIn("no member", self.refused(archive({"__MACOSX/._1.csv": "\0\5"})))

    def test_many_members_with_few_open_files(self):
        path = self.write("many.zip", archive({f"{n:03}.csv": month(1 + n % 12, 10 * n, rows=2) for n in range(150)}))

        def limit(soft, hard):
            return lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        before = digest(self.file)
        result = run("import", self.file, path, preexec_fn=limit(100, 100))
        self.assertEqual(result.status, 5, result.err)
        self.assertIn("ulimit -n", result.err)
        self.assertEqual(digest(self.file), before)
        entries = self.ok("import", self.file, path, "--json", preexec_fn=limit(64, 1000)).json()
        self.assertEqual(sum(e["accepted"] for e in entries), 300)


def contents(path):
    db = sqlite3.connect(path)
    found = [db.execute(f"select * from {t} order by 1, 2").fetchall()
             for t in ("chunk", "row_mask", "quarantine", "extract_month")]
    db.close()
    return found


def twice(name, text):
    """An archive with the same name twice, which Python warns about when it makes one."""
    content, out, directory = text.encode(), b"", b""
    for _ in range(2):
        fields = struct.pack("<HHHHHIIIHH", 20, 0, 0, 0, 0, zlib.crc32(content), len(content), len(content), len(name), 0)
        directory += b"PK\x01\x02" + struct.pack("<H", 20) + fields + struct.pack("<HHHII", 0, 0, 0, 0, len(out)) + name.encode()
        out += b"PK\x03\x04" + fields + name.encode() + content
    return out + directory + b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 2, 2, len(directory), len(out), 0)


if __name__ == "__main__":
    main()
