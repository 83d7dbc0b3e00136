"""The Debian package, installed and run in a clean root that holds nothing else of ours.

Needs root and mmdebstrap; skips, saying so, without them.
SPDX-License-Identifier: GPL-3.0-or-later
"""
import hashlib
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent

# What a user of the package does first, as a user without privileges and without a network to ask.
FIRST_STEPS = """set -e
cd "$(mktemp -d)"
reeve --version
man_page=/usr/share/man/man1/reeve.1.gz; test -s $man_page
reeve new borough.reeve --title Test --synthetic
for kind in borough lsoa; do
    reeve areas borough.reeve /opt/london/boundaries-$kind.geojson --type $kind --vintage 2021 --code code --name name
done
reeve import borough.reeve /opt/london/population-*.csv --as population
status=0; reeve import borough.reeve /opt/london/street || status=$?
test $status -le 1
reeve assess borough.reeve --area E09000016 --period 2022 --compare 2021 --out report
test -s report/report.html
reeve verify borough.reeve
"""


def package():
    done = subprocess.run(["bash", "dev", "package"], cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        raise AssertionError(done.stdout + done.stderr)
    found = list((ROOT / "build" / "package").glob("*.deb"))
    assert len(found) == 1, found
    return found[0]


class PackageTest(unittest.TestCase):
    def test_the_same_source_gives_the_same_package(self):
        first = hashlib.sha256(package().read_bytes()).hexdigest()
        self.assertEqual(first, hashlib.sha256(package().read_bytes()).hexdigest())

    @unittest.skipUnless(os.geteuid() == 0 and shutil.which("mmdebstrap"), "needs root and mmdebstrap")
    def test_it_installs_runs_and_goes_in_a_clean_root(self):
        deb = package()
        suite = subprocess.run(["sh", "-c", ". /etc/os-release; echo $VERSION_CODENAME"], check=True,
                               capture_output=True, text=True).stdout.strip()
        with tempfile.TemporaryDirectory(prefix="reeve-root-") as folder:
            folder = pathlib.Path(folder)
            subprocess.run([ROOT / "build" / "reeve-synth", folder / "london", "--small"], check=True, capture_output=True)
            (folder / "first.sh").write_text(FIRST_STEPS)
            root = folder / "root"
            hooks = [f"copy-in {deb} {folder}/london {folder}/first.sh /opt",
                     f'chroot "$1" apt-get install -y --no-install-recommends /opt/{deb.name}',
                     'chroot "$1" su -s /bin/bash nobody /opt/first.sh',
                     'chroot "$1" apt-get purge -y reeve',
                     'test ! -e "$1/usr/bin/reeve" && test ! -e "$1/usr/share/doc/reeve"']
            words = ["mmdebstrap", "--variant=apt", "--aptopt=Acquire::Languages \"none\"",
                     "--dpkgopt=path-exclude=/usr/share/locale/*"]
            for hook in hooks:
                words += ["--customize-hook=" + hook]
            done = subprocess.run([*words, suite, root], capture_output=True, text=True)
            self.assertEqual(done.returncode, 0, done.stdout[-2000:] + done.stderr[-4000:])
            self.assertIn("Setting up reeve", done.stdout + done.stderr)
            self.assertIn("whole", done.stdout + done.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
