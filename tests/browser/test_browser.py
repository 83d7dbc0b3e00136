"""Every page that Reeve writes, before axe-core, the Nu HTML checker and a browser.

Skips only where npm, Java, Chromium or the packages of package-lock.json cannot be had, and says so.
SPDX-License-Identifier: GPL-3.0-or-later
"""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "e2e"))
from harness import main, run, synthetic_borough  # noqa: E402
from weight import over_budget  # noqa: E402

CHROMIUM = "/usr/lib/chromium/chromium"
JAR = HERE / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
SKIPPED = 77  # CTest shows such a test as skipped

FAULTY = """<!DOCTYPE html><html lang="en-GB"><head><title>Planted faults</title><style>
a:focus{outline:0}.cut{overflow:hidden;width:5rem;white-space:nowrap}</style></head><body><main><h1>Faults</h1>
<img src="data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA=">
<p id="a" style="color:#ccc;background:#fff">Too pale to be read.</p><p id="a">The same id.</p>
<p class="cut">These words are longer than their box.</p>
<p><a href="#a">No ring around this</a> <a href="#a" tabindex="-1">Out of reach</a></p>
<div style="width:2000px">Too wide</div>
<svg width="900" height="1500" role="img" aria-label="x"><title>Too high</title></svg>
</main></body></html>"""


def installed():
    """Are the packages here, of the versions of the lock file?"""
    try:
        wanted = json.loads((HERE / "package-lock.json").read_text())["packages"]
        return all(json.loads((HERE / folder / "package.json").read_text())["version"] == package["version"]
                   for folder, package in wanted.items() if folder) and JAR.exists()
    except FileNotFoundError:
        return False


def missing():
    """Why the pages cannot be looked at here, or None."""
    for name, there in (("npm", shutil.which("npm")), ("node", shutil.which("node")), ("Java", shutil.which("java")),
                        ("Chromium", os.path.exists(CHROMIUM))):
        if not there:
            return f"{name} is not installed here"
    if installed():
        return None
    try:
        done = subprocess.run(["npm", "ci"], cwd=HERE, capture_output=True, text=True, timeout=300)
    except subprocess.TimeoutExpired:
        return "the npm packages did not come within 300 s"
    return None if installed() else f"the npm packages cannot be had: {done.stderr.strip()[:300]}"


def nu(*pages):
    """What the Nu HTML checker says, one message a line."""
    done = subprocess.run(["java", "-Xss4m", "-jar", JAR, "--format", "json", "--stdout", "--exit-zero-always", *pages],
                          capture_output=True, text=True, timeout=400)
    return [f"{pathlib.Path(m['url']).name}: {m['type']}: {m['message']}" for m in json.loads(done.stdout)["messages"]]


def look(*pages):
    done = subprocess.run(["node", HERE / "check.mjs", CHROMIUM, *pages], capture_output=True, text=True, timeout=900)
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout)


def make_borough(case):
    """The synthetic borough's file, in a folder of the class's own, `dir`, that is removed when its tests are over."""
    folder = tempfile.TemporaryDirectory(prefix="reeve-browser-")
    case.addClassCleanup(folder.cleanup)
    case.dir = pathlib.Path(folder.name)
    return synthetic_borough(case.dir)[0]


def run_or_skip():
    reason = missing()
    if reason:
        print(f"skipped: {reason}")
        sys.exit(SKIPPED)
    main()


class Pages(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        file = make_borough(cls)
        where = ["--area", "E09000016", "--period", "2022"]
        cls.pages = [cls.dir / "report" / "report.html", cls.dir / "map.html", cls.dir / "chart.html"]
        claims = cls.dir / "claims.csv"
        claims.write_text("claim_id,value,needs\nu25.offences.rate.2022,645,offences\nplan.reviewed,yes & no,register:plan\n")
        london = cls.dir / "london"
        for words in (["assess", file, *where, "--compare", "2021", "--out", cls.dir / "report", "--xlsx", "--claims", claims],
                      ["map", file, "--by", "ward", *where, "--classes", "significance", "--out", cls.pages[1]],
                      ["table", file, "--by", "ward", *where, "--chart", "bar", "--format", "html", "--out", cls.pages[2]],
                      ["import", file, *sorted(london.glob("offences-*.csv")), *sorted(london.glob("persons-*.csv")),
                       london / "outcomes.csv", london / "partners"],
                      ["define", file, "adopt", "havering", "--author", "the test"],
                      ["assess", file, *where, "--compare", "2021", "--out", cls.dir / "profiles", "--last",
                       cls.dir / "report" / "findings.json"],
                      ["brief", file, *where[:2], "--out", cls.dir / "brief"]):
            result = run(*words)
            assert result.status == 0 or words[0] == "import" and result.status == 1, result.err  # 1: rows set aside
        cls.pages += [cls.dir / "profiles" / "report.html", cls.dir / "brief" / "brief.html"]

    def test_the_checkers_see_planted_faults(self):
        page = self.dir / "faulty.html"
        page.write_text(FAULTY)
        seen = "\n".join(look(page)[str(page)]["faults"])
        for part in ("image-alt", "color-contrast", "scrolls sideways", "text is cut", "no visible focus",
                     "out of reach of Tab", "forced colours: no ground under Too high", "paper: 900 x 1500 is cut"):
            self.assertIn(part, seen)
        messages = "\n".join(nu(page))
        self.assertIn("Duplicate ID", messages)
        self.assertIn("alt", messages)

    def test_the_html_is_valid(self):
        self.assertEqual([m for m in nu(*self.pages) if ": info:" not in m], [])

    def test_the_report_with_profiles_is_light(self):
        folder = self.dir / "profiles"
        findings = json.loads((folder / "findings.json").read_text())
        tables = len(list((folder / "tables").iterdir()))
        self.assertEqual(over_budget((folder / "report.html").read_text(), len(findings), tables), [])

    def test_the_pages_can_be_used_by_everybody(self):
        found = look(*self.pages)
        for page in self.pages:
            with self.subTest(page=page.name):
                self.assertEqual(found[str(page)]["faults"], [])
                self.assertGreater(found[str(page)]["stops"], 1)
                self.assertGreater(found[str(page)]["drawn"], 0)


if __name__ == "__main__":
    run_or_skip()
