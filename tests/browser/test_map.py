"""The map in a browser: before axe-core, the Nu HTML checker and a keyboard, with script and without.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import os
import subprocess
import unittest

from test_browser import CHROMIUM, HERE, look, make_borough, nu, run_or_skip
from harness import must
from service import PASSWORD, Service, add_people, enter

NAME = "analyst@borough.example"
PAGES = ["/workbench/map?rows=ward&area=E09000016&period=2022", "/workbench/map?kind=area-counts&rows=borough&value=rate",
         "/workbench/map?rows=ward&area=E09000016&period=2022&hour-from=22&hour-to=4&month-from=2022-03&month-to=2022-06",
         "/workbench/map?rows=ward"]


class Map(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.file = make_borough(cls)
        must("import", cls.file, *sorted((cls.dir / "london").glob("offences-*.csv")), "--as", "offences", most=1)
        add_people(cls.file, {NAME: "analyst"})
        cls.service = Service(cls.file)
        cls.addClassCleanup(cls.service.__exit__, None, None, None)
        cls.base = f"http://127.0.0.1:{cls.service.port}"
        cls.analyst = enter(cls.service, NAME)

    def test_everybody_can_use_it(self):
        os.environ["REEVE_COOKIE"] = self.analyst.cookie
        found = look(*[self.base + path for path in PAGES])
        for path in PAGES:
            with self.subTest(path=path):
                faults = [f for f in found[self.base + path]["faults"] if "422" not in f]  # the browser tells of it
                self.assertEqual(faults, [])

    def test_the_html_is_valid(self):
        pages = []
        for number, path in enumerate([*PAGES, "/workbench/map?hour-from=22"]):
            pages.append(self.dir / f"{number}.html")
            pages[-1].write_text(self.analyst.get(path).text)
        self.assertEqual([m for m in nu(*pages) if ": info:" not in m], [])

    def test_sliders_say_and_shade_what_the_page_does(self):
        done = subprocess.run(["node", HERE / "map.mjs", CHROMIUM, self.base, NAME, PASSWORD], capture_output=True, text=True, timeout=300)
        self.assertEqual(done.returncode, 0, done.stdout[-2000:] + done.stderr[-3000:])


if __name__ == "__main__":
    run_or_skip()
