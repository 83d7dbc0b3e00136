"""The command line as formats.md section 6 fixes it: statuses, messages, help.

SPDX-License-Identifier: GPL-3.0-or-later
"""
from harness import Case, STREET_HEADER, main, run, street_row


class CommandLine(Case):
    def test_help_lists_every_command_and_each_has_an_example(self):
        out = self.ok("--help").out
        for name in "new areas import assess findings why table sql backup verify".split():
            self.assertIn(f"  {name}", out)
            self.assertIn("Example: reeve " + name, self.ok(name, "--help").out)

    def test_wrong_use_is_2_and_says_what_to_do(self):
        for words in (["nonsense"], ["new"], ["import", self.file], ["table", self.file, "--nope"],
                      ["areas", self.file, "x.geojson"], ["new", self.file, "--threads"]):
            result = run(*words)
            self.assertEqual(result.status, 2, words)
            self.assertIn("reeve", result.err)

    def test_a_new_file_is_not_made_over_another(self):
        self.new()
        before = self.file.read_bytes()
        result = run("new", self.file)
        self.assertEqual(result.status, 3)
        self.assertEqual(self.file.read_bytes(), before)

    def test_a_missing_file_is_3(self):
        self.assertEqual(run("verify", self.file).status, 3)

    def test_a_file_that_is_not_a_partnership_file_is_4(self):
        self.write("borough.reeve", "this is a text file\n" * 2000)
        result = run("verify", self.file)
        self.assertEqual(result.status, 4)

    def test_a_damaged_file_is_4(self):
        self.new()
        rows = "".join(street_row(i) for i in range(3000))
        self.ok("import", self.file, self.write("2021-05-street.csv", STREET_HEADER + rows))
        self.ok("verify", self.file)
        data = bytearray(self.file.read_bytes())
        for at in range(len(data) // 2, len(data), 3000):
            data[at] ^= 0xFF
        self.file.write_bytes(data)
        self.assertEqual(run("verify", self.file).status, 4)

    def test_a_newer_file_is_4(self):
        import sqlite3
        self.new()
        db = sqlite3.connect(self.file)
        db.execute("PRAGMA user_version = 999")
        db.commit()
        db.close()
        result = run("verify", self.file)
        self.assertEqual(result.status, 4)
        self.assertIn("newer", result.err)

    def test_backup_is_a_whole_copy_and_never_overwrites(self):
        self.new()
        self.ok("import", self.file, self.write("2021-05-street.csv", STREET_HEADER + street_row(1)))
        copy = self.dir / "copy.reeve"
        self.ok("backup", self.file, copy)
        self.ok("verify", copy)
        query = "select count(*) as n from offences"
        self.assertEqual(self.ok("sql", copy, query).out, self.ok("sql", self.file, query).out)
        self.assertEqual(run("backup", self.file, copy).status, 3)

    def test_sql_reads_and_never_writes(self):
        self.new()
        self.ok("import", self.file, self.write("2021-05-street.csv", STREET_HEADER + street_row(1)))
        rows = self.ok("sql", self.file, "select category, current from offences").rows()
        self.assertEqual(rows, [{"category": "Burglary", "current": "1"}])
        for statement in ("delete from extract", "insert into setting values ('a', 'b')",
                          "pragma user_version = 3", "attach '/tmp/x' as x", "create table t (a)",
                          "select load_extension('x')", "drop table finding", "vacuum"):
            result = run("sql", self.file, statement)
            self.assertEqual(result.status, 3, statement)
        result = run("sql", self.file, "select nothing from nowhere")
        self.assertEqual(result.status, 3)
        self.assertIn("nowhere", result.err)

    def test_output_that_cannot_be_written_is_5(self):
        self.new()
        with open("/dev/full", "w") as full:
            import subprocess
            from harness import REEVE
            done = subprocess.run([REEVE, "--help"], stdout=full, stderr=subprocess.PIPE)
        self.assertEqual(done.returncode, 5)


if __name__ == "__main__":
    main()
