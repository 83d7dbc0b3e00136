"""Kill, interruption and full disk: the partnership file is as before or as after, never between.

REEVE_KILLS sets the number of random kills (50). The seed is printed.
SPDX-License-Identifier: GPL-3.0-or-later
"""
import os
import random
import resource
import shutil
import signal
import subprocess
import time

from harness import REEVE, ROOT, Case, STREET_HEADER, digest, main, run, street_row
from packing import archive

KILLS = int(os.environ.get("REEVE_KILLS", "50"))
ROWS = 60000


class Faults(Case):
    def setUp(self):
        super().setUp()
        self.new()
        first = "".join(street_row(i, "2021-04") for i in range(2000))
        self.ok("import", self.file, self.write("2021-04-street.csv", STREET_HEADER + first))
        rows = "".join(street_row(100000 + i, f"2021-{5 + i % 3:02}", 0.1 + i % 500 / 5000, 51.5 + i % 400 / 5000)
                       for i in range(ROWS))
        self.big = self.write("2021-05-street.csv", STREET_HEADER + rows)
        self.subject, self.after = self.big, (2, 2000 + ROWS)  # what is imported; extracts and rows afterwards
        self.kept = self.dir / "before.reeve"
        shutil.copy(self.file, self.kept)
        self.before = digest(self.file)

    def fresh(self):
        """The file as it was before the import, and no trace of the last attempt."""
        for path in self.dir.glob("borough.reeve*"):
            path.unlink()
        shutil.copy(self.kept, self.file)

    def start(self, **options):
        return subprocess.Popen([REEVE, "import", str(self.file), str(self.subject)], stdout=subprocess.DEVNULL,
                                stderr=subprocess.PIPE, **options)

    def check_before_or_after(self, what):
        verified = run("verify", self.file)
        self.assertEqual(verified.status, 0, f"{what}: {verified.err}{verified.out}")
        extracts = int(self.ok("sql", self.file, "select count(*) as n from extract").rows()[0]["n"])
        rows = int(self.ok("sql", self.file, "select count(*) as n from offences").rows()[0]["n"])
        if extracts == 1:
            self.assertEqual(digest(self.file), self.before, what)
            self.assertEqual(rows, 2000, what)
            return "before"
        self.assertEqual((extracts, rows), self.after, what)
        return "after"

    def test_a_kill_at_every_named_point(self):
        points = []
        for line in (ROOT / "tests" / "fault" / "points.txt").read_text().splitlines():
            if line.strip() and not line.startswith("#"):
                points.append(line.split()[0])
        self.assertGreaterEqual(len(points), 5)
        reached = {}
        for point in points:
            self.fresh()
            process = self.start(env={**os.environ, "REEVE_FAULT_POINT": point})
            process.communicate(timeout=120)
            if process.returncode == -signal.SIGKILL:
                reached[point] = self.check_before_or_after(point)
        self.assertIn("before", reached.values())
        self.assertGreaterEqual(len(reached), 5, f"an import reaches only {sorted(reached)}")

    def take_archive(self):
        """An archive of three months instead of the one file: each later one supersedes part of the one before."""
        each = ROWS // 6
        members = {f"{n}.csv": STREET_HEADER + "".join(street_row(50000 + (n - 5) * each // 2 + i, f"2021-{n:02}",
                                                                   kind=f"Drugs {n}") for i in range(each))
                   for n in (5, 6, 7)}
        self.subject = self.write("three.zip", archive(members | {"about.txt": "synthetic"}))
        self.after = (4, 2000 + 3 * each)

    def test_an_archive_is_one_transaction_whatever_kills_it(self):
        self.take_archive()
        kills = [f"ingest.member:{n}" for n in (1, 2, 3)] + [f"{point}:{n}" for n in (1, 2, 3) for point in (
            "ingest.before-commit", "ingest.masks", "ingest.placing", "draft.commit.extract")]
        kills += ["draft.commit.chunk:7", "store.mask:1", "store.mask:2", "ingest.block:2",
                  "store.begin", "ingest.commit", "store.commit.before"]
        for point in kills:
            self.fresh()
            process = self.start(env={**os.environ, "REEVE_FAULT_POINT": point})
            process.communicate(timeout=120)
            self.assertEqual(process.returncode, -signal.SIGKILL, f"{point} is not reached")
            self.assertEqual(self.check_before_or_after(point), "before", point)
        for point in ("store.commit.after", "store.checkpoint", "store.done", "ingest.after-commit"):
            self.fresh()
            self.start(env={**os.environ, "REEVE_FAULT_POINT": point}).communicate(timeout=120)
            self.assertEqual(self.check_before_or_after(point), "after", point)

    def test_random_kills_of_an_archive(self):
        self.take_archive()
        self.test_kills_at_random_moments()

    def test_a_full_disk_during_an_archive(self):
        self.take_archive()
        self.test_a_full_disk_changes_nothing()

    def test_kills_at_random_moments(self):
        self.fresh()
        began = time.monotonic()
        self.start().communicate(timeout=120)
        whole = time.monotonic() - began
        seed = random.randrange(1 << 32)
        print(f"seed {seed}, an import takes {whole:.3f} s", flush=True)
        moments = random.Random(seed)
        seen = {"before": 0, "after": 0}
        for _ in range(KILLS):
            self.fresh()
            process = self.start()
            time.sleep(moments.uniform(0, whole * 1.05))
            process.kill()
            process.communicate(timeout=60)
            seen[self.check_before_or_after(f"seed {seed}")] += 1
        print(seen, flush=True)
        self.assertGreater(seen["before"], 0)

    def test_ctrl_c_changes_nothing_and_says_so(self):
        self.fresh()
        began = time.monotonic()
        self.start().communicate(timeout=120)
        whole = time.monotonic() - began
        stopped = 0
        for attempt in range(20):
            self.fresh()
            process = self.start()
            time.sleep(whole * (0.2 + 0.03 * attempt))
            process.send_signal(signal.SIGINT)
            _, err = process.communicate(timeout=60)
            state = self.check_before_or_after(f"SIGINT, attempt {attempt}")
            if process.returncode == 130:
                stopped += 1
                self.assertEqual(state, "before")
                self.assertIn(b"nothing was changed", err)
                if stopped == 3:
                    break
        self.assertGreater(stopped, 0)

    def test_a_full_disk_changes_nothing(self):
        """A limit on file size stands in for a full disk: writes fail from there on."""
        size = self.kept.stat().st_size
        self.fresh()
        self.start().communicate(timeout=120)
        growth = self.file.stat().st_size - size
        self.assertGreater(growth, 100000)
        for share in (0, 0.01, 0.1, 0.5, 0.9):
            extra = int(growth * share)
            self.fresh()

            def limit():
                signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
                resource.setrlimit(resource.RLIMIT_FSIZE, (size + extra, size + extra))

            process = self.start(preexec_fn=limit)
            _, err = process.communicate(timeout=120)
            state = self.check_before_or_after(f"{extra} bytes left")
            # With almost enough room the rows may be safe in the log while their move into the
            # main file waits: that import has succeeded, and says so.
            self.assertIn((process.returncode, state), [(5, "before"), (0, "after")], err)
            if share <= 0.1:
                self.assertEqual(process.returncode, 5, err)

    def test_reading_goes_on_while_an_import_runs(self):
        self.fresh()
        process = self.start()
        answers = set()
        while process.poll() is None:
            answers.add(self.ok("sql", self.file, "select count(*) as n from offences").rows()[0]["n"])
        process.communicate()
        self.assertEqual(process.returncode, 0)
        self.assertLessEqual(answers, {"2000", str(2000 + ROWS)})


if __name__ == "__main__":
    main()
