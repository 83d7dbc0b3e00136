"""The audit through the program: its hashes worked out again in plain Python, tampering found from outside, what only a
head kept elsewhere shows, and that changes of agreements and accounts leave a row each.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import hashlib
import json
import shutil
import sqlite3
import time

from harness import STREET_HEADER, Case, digest, main, street_row

PASSWORD = "three unlikely words"
ZEROS = "0" * 64
TERMS = {"agreement": "force-2024", "supplier": "Synthetic Police", "gateway": "g", "purposes": ["p"],
         "from": "2024-01-01", "expires": "2099-03-31"}


def row_hash(previous, row):
    text = f"reeve audit 1\n{previous}\n{row['row']}\n{row['at']}\n{row['actor']}\n{row['action']}\n" \
           f"{row['subject']}\n{row['outcome']}\n"
    return hashlib.sha256(text.encode()).hexdigest()


class Audit(Case):
    def setUp(self):
        super().setUp()
        self.new()
        self.ok("user", self.file, "add", "ada", "--role", "administrator", "--password-file", "-", input=PASSWORD + "\n")
        for i in range(6):
            self.ok("user", self.file, "invite", f"pat{i}", "--role", "partner")
        self.ok("agreement", self.file, "add", self.write("terms.json", json.dumps(TERMS)), "--author", "A Person")
        self.ok("agreement", self.file, "end", "force-2024")

    def verify(self, *words, status=0):
        return self.ok("audit", self.file, "verify", "--json", *words, status=status).json()

    def tamper(self, *statements):
        """Somebody with SQLite: the triggers go, the rows change, the triggers come back."""
        db = sqlite3.connect(self.file)
        triggers = db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            db.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            db.execute(*statement) if isinstance(statement, tuple) else db.execute(statement)
        for _, sql in triggers:
            db.execute(sql)
        db.commit()
        db.close()

    def test_the_hashes_are_what_the_guide_says(self):
        rows = self.ok("audit", self.file, "export", "--json").json()
        previous = ZEROS
        for number, row in enumerate(rows, 1):
            self.assertEqual((row["row"], row["previous"]), (number, previous))
            previous = row_hash(previous, row)
            self.assertEqual(row["hash"], previous)
        self.assertEqual(self.verify()["head"], previous)
        table = self.ok("audit", self.file, "export").rows()
        self.assertEqual([x["hash"] for x in table], [x["hash"] for x in rows])

    def test_every_change_leaves_its_row_and_nobody_is_named(self):
        rows = self.ok("audit", self.file, "export", "--json").json()
        self.assertEqual([(x["action"], x["subject"]) for x in rows[-2:]],
                         [("agreement.added", "agreement force-2024"), ("agreement.ended", "agreement force-2024")])
        self.assertEqual(len(rows), 9)
        text = json.dumps([{key: row[key] for key in row if key not in ("hash", "previous")} for row in rows])
        for name in ("ada", "pat", "A Person"):
            self.assertNotIn(name, text)
        listed = self.ok("audit", self.file, "list", "--last", "2").out
        self.assertEqual(len(listed.splitlines()), 2)
        self.ok("audit", self.file, "list", "--last", "0", status=2)
        self.ok("audit", self.file, "frob", status=2)

    def test_an_import_leaves_a_row_an_extract(self):
        before = len(self.ok("audit", self.file, "export").rows())
        path = self.write("2021-05-street.csv", STREET_HEADER + street_row(1) + street_row(2))
        self.ok("import", self.file, path)
        self.ok("import", self.file, path, status=3)  # the same again is refused, and nothing was done
        rows = self.ok("audit", self.file, "export").rows()[before:]
        self.assertEqual([(x["action"], x["subject"], x["actor"]) for x in rows], [("extract.imported", "extract 1", "0")])
        self.assertLess(abs(int(rows[0]["at"]) - time.time()), 300)
        self.assertTrue(self.verify()["whole"])

    def test_reading_leaves_no_row_and_no_change(self):
        before = digest(self.file)
        for words in ((), ("list",), ("verify",), ("export",)):
            self.ok("audit", self.file, *words)
        self.assertEqual(digest(self.file), before)

    def test_tampering_is_found(self):
        kept = self.dir / "kept.reeve"
        shutil.copy(self.file, kept)
        for what, statements, says in (
                ("altered", ["UPDATE audit SET outcome = 'refused' WHERE id = 4"], "row 4 is not as it was written"),
                ("removed", ["DELETE FROM audit WHERE id = 4"], "row 4 is missing"),
                ("closed up", ["DELETE FROM audit WHERE id = 4", "UPDATE audit SET id = id - 1 WHERE id > 4"],
                 "row 4 does not follow"),
                ("cut off", ["DELETE FROM audit WHERE id > 7"], "rows 8 to 9 were cut off the end"),
                ("exchanged", ["UPDATE audit SET id = 99 WHERE id = 4", "UPDATE audit SET id = 4 WHERE id = 5",
                               "UPDATE audit SET id = 5 WHERE id = 99"], "row 4 does not follow")):
            with self.subTest(what):
                self.tamper(*statements)
                found = self.verify(status=4)
                self.assertFalse(found["whole"])
                self.assertIn(says, " ".join(x["what"] for x in found["faults"]))
                self.assertIn("NOT whole", self.ok("audit", self.file, "verify", status=4).out)
                self.assertIn("the audit:", self.ok("verify", self.file, status=4).out)
                for beside in self.dir.glob("borough.reeve-[ws]*"):
                    beside.unlink()
                shutil.copy(kept, self.file)
        self.assertTrue(self.verify()["whole"])

    def test_a_chain_made_anew_is_found_only_by_a_head_kept_elsewhere(self):
        noted = self.verify()["head"]
        rows = self.ok("audit", self.file, "export", "--json").json()
        rows[2]["outcome"] = "hidden"
        previous, statements = ZEROS, []
        for row in rows:
            now = row_hash(previous, row)
            statements.append(("UPDATE audit SET outcome = ?, previous = ?, hash = ? WHERE id = ?",
                               (row["outcome"], previous, now, row["row"])))
            previous = now
        self.tamper(*statements, ("UPDATE audit_head SET hash = ?", (previous,)))
        alone = self.verify()
        self.assertTrue(alone["whole"])  # and the answer says that this proves nothing against such a forger
        self.assertIn("make the whole chain anew", alone["limits"])
        found = self.verify("--head", noted, status=4)
        self.assertIn("no row has the hash", found["faults"][0]["what"])

    def test_a_head_noted_earlier_stays_good(self):
        noted = self.verify()
        self.ok("user", self.file, "disable", "pat1")
        later = self.verify("--head", noted["head"])
        self.assertEqual((later["given_head_row"], later["rows"]), (noted["rows"], noted["rows"] + 1))
        self.ok("audit", self.file, "verify", "--head", "12", status=3)
        self.assertEqual(self.verify("--head", "f" * 64, status=4)["given_head_row"], 0)


if __name__ == "__main__":
    main()
