"""The mapping assistant on a real terminal (a pseudo-terminal): asking, answering, going back,
correcting, stopping; and without one, where it must never wait for an answer.

No row here is about a real person or event. SPDX-License-Identifier: GPL-3.0-or-later
"""
import json
import os
import pty
import re
import select
import signal
import subprocess
import time

from harness import REEVE, Case, main, run

AMBIGUOUS = "Crime ref,reported,Offence type,Disposal\n" + "".join(
    f"A/{i},{i % 12 + 1:02d}/{i % 11 + 1:02d}/2022,Burglary,{'Charged' if i % 2 else 'Caution'}\n" for i in range(60))
WAIT = 30  # seconds, on a busy machine


class Terminal:
    """The program behind a terminal: what it prints is collected, what is typed is sent to it."""

    def __init__(self, case, *words):
        self.case, self.shown = case, ""
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.chdir(case.dir)
            os.execv(REEVE, [REEVE, *map(str, words)])
        case.addCleanup(self.close)

    def close(self):
        if self.pid:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
            self.pid = 0
        os.close(self.fd)

    def read(self, seconds):
        if not select.select([self.fd], [], [], seconds)[0]:
            return False
        try:
            piece = os.read(self.fd, 65536)
        except OSError:  # the other end is closed
            return False
        self.shown += piece.decode(errors="replace").replace("\r\n", "\n")
        return bool(piece)

    def see(self, text):
        """Everything shown up to the text, which must come; it is taken off."""
        end = time.monotonic() + WAIT
        while text not in self.shown:
            if not self.read(max(0, end - time.monotonic())):
                self.case.fail(f"'{text}' did not come; shown so far:\n{self.shown}")
        before, _, self.shown = self.shown.partition(text)
        return before

    def type(self, text):
        os.write(self.fd, text.encode())

    def end(self):
        """Waits for the end: exit status (negative for a signal) and the rest of what was shown."""
        while self.read(WAIT):
            pass
        done, status = os.waitpid(self.pid, os.WNOHANG)
        end = time.monotonic() + WAIT
        while not done:
            if time.monotonic() > end:
                self.case.fail(f"it did not end; shown:\n{self.shown}")
            time.sleep(0.02)
            done, status = os.waitpid(self.pid, os.WNOHANG)
        self.pid = 0
        return os.waitstatus_to_exitcode(status), self.shown


class Dialogue(Case):
    def setUp(self):
        super().setUp()
        self.path = self.write("crimes.csv", AMBIGUOUS)

    def terminal(self, *words):
        return Terminal(self, "map-columns", self.path.name, *words)

    def files(self):
        return sorted(p.name for p in self.dir.iterdir())

    def test_from_questions_to_an_import(self):
        t = self.terminal()
        first = t.see("which comes first, the day or the month?")
        self.assertIn("60 rows, 4 columns", first)
        self.assertIn("Enter takes the answer in [brackets]", first)
        question = t.see("Number: ")  # no usual answer: it cannot know
        self.assertIn("1  day first (DD/MM/YYYY)", question)
        t.type("\n")
        t.see("This one has no usual answer.")
        t.type("7\n")
        t.see('"7" is none of the answers.')
        t.type("1\n")
        self.assertIn("What does a later file of this supplier do?", t.see("Number [1]: "))
        t.type("\n")
        preview = t.see("What now?")
        self.assertIn("60 rows read: 60 accepted, 0 quarantined", preview)
        self.assertIn("1  write the profile to crimes.json", t.see("Number [1]: "))
        t.type("\n")
        status, last = t.end()
        self.assertEqual(status, 0, last)
        profile = json.loads((self.dir / "crimes.json").read_text())
        self.assertEqual(profile["columns"]["recorded_at"]["format"], "DD/MM/YYYY")
        self.new()
        report = self.ok("import", self.file, self.path, "--profile", self.dir / "crimes.json", "--json").json()
        self.assertEqual((report["read"], report["accepted"]), (60, 60))
        # The line for a script gives the same profile, byte for byte.
        script = re.search(r"reeve (map-columns .*)", last[last.index("for a script"):]).group(1)
        script = script.replace("--out crimes.json", "--out again.json")
        subprocess.run(f"'{REEVE}' {script}", shell=True, check=True, cwd=self.dir, stdout=subprocess.DEVNULL)
        self.assertEqual((self.dir / "again.json").read_bytes(), (self.dir / "crimes.json").read_bytes())

    def test_a_wrong_answer_can_be_taken_back(self):
        t = self.terminal("--out", "p.json")
        t.see("Number: ")
        t.type("b\n")
        t.see("This is the first question.")
        t.type("2\n")  # month first: wrong
        t.see("later file")
        t.see("Number [1]: ")
        t.type("b\n")
        t.see("which comes first")
        t.type("1\n")
        t.see("Number [1]: ")
        t.type("period\n")  # a word of the list is an answer too
        t.see("What now?")
        t.type("1\n")
        self.assertEqual(t.end()[0], 0)
        profile = json.loads((self.dir / "p.json").read_text())
        self.assertEqual((profile["columns"]["recorded_at"]["format"], profile["refresh"]), ("DD/MM/YYYY", "period"))

    def test_a_column_can_be_corrected_before_it_is_written(self):
        t = self.terminal("--out", "p.json", "--answer", "dates=day-first", "--answer", "refresh=full")
        self.assertIn("Disposal", t.see("What now?"))
        t.type("2\n")
        t.see("Your answer: ")
        t.type("Colour\n")
        t.see("Your answer: ")
        t.type("outcome\n")
        t.see("no column of that name")
        t.see("What now?")
        t.type("change\n")
        t.see("Your answer: ")
        t.type("Disposal\n")
        t.see("Your answer: ")
        t.type("drop\n")
        self.assertIn('"Disposal": you said so', t.see("What now?"))
        t.type("3\n")
        self.assertIn("A later file of this supplier: full, because you said so.", t.see("What now?"))
        t.type("1\n")
        self.assertEqual(t.end()[0], 0)
        self.assertNotIn("outcome", json.loads((self.dir / "p.json").read_text())["columns"])

    def test_stopping_leaves_nothing(self):
        for typed, want in (("q\n", 1), ("\x04", 3), ("\x03", None)):
            for before in ("", "1\n"):
                t = self.terminal("--out", "p.json")
                t.see("Number")
                if before:
                    t.type(before)
                    t.see("Number [1]: ")
                t.type(typed)
                status, last = t.end()
                if want is None:
                    self.assertNotEqual(status, 0, last)
                else:
                    self.assertEqual(status, want, last)
                self.assertEqual(self.files(), ["crimes.csv"], repr(typed))

    def test_a_name_that_is_taken_is_said_before_anything_is_asked(self):
        taken = self.write("p.json", "mine")
        status, last = self.terminal("--out", "p.json").end()
        self.assertEqual(status, 3)
        self.assertIn("already there", last)
        self.assertEqual(taken.read_text(), "mine")
        self.write("crimes.json", "mine")  # without --out another name is proposed
        t = self.terminal("--yes")
        t.see("Number: ")
        t.type("1\n")
        self.assertEqual(t.end()[0], 0)
        self.assertEqual(self.files(), ["crimes-2.json", "crimes.csv", "crimes.json", "p.json"])

    def test_one_screen_is_enough(self):
        header = ",".join(f"Column {i}" for i in range(40))
        self.path = self.write("wide.csv", "Crime ref,Date reported,Offence type," + header + "\n" + "".join(
            f"A/{i},2022-05-{i % 28 + 1:02d},Burglary" + ",x" * 40 + "\n" for i in range(50)))
        shown = self.terminal().see("What does a later file")
        self.assertLess(shown.count("\n"), 24, shown)


class WithoutTerminal(Case):
    def test_it_says_what_it_could_not_know_and_never_waits(self):
        path = self.write("crimes.csv", AMBIGUOUS)
        for words in ((), ("--yes",), ("--json",)):
            with subprocess.Popen([REEVE, "map-columns", str(path), *words], stdin=subprocess.PIPE,
                                  stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as waiting:
                # Standard input stays open and silent: a question would wait for ever.
                self.assertEqual(waiting.wait(timeout=WAIT), 3)
                self.assertIn('--answer "reported=DD/MM/YYYY" or --answer "reported=MM/DD/YYYY"', waiting.stderr.read())
        self.assertEqual(run("map-columns", path, stdin=subprocess.DEVNULL).status, 3)


if __name__ == "__main__":
    main()
