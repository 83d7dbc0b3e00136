"""What people come for, done with a keyboard and nothing else, with script at 320 px and without script: the pages on
the way before axe-core, the Nu HTML checker and a browser.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import http.server
import json
import re
import subprocess
import threading
import unittest

from test_browser import CHROMIUM, HERE, make_borough, nu, run_or_skip
from harness import ROOT, must, run
from service import PASSWORD, Service

WAYS = ("script", "plain")


PLANTED = """<!DOCTYPE html><html lang="en-GB"><head><title>Planted faults</title><style>
a:focus{outline:3px solid #000}.none:focus{outline:0}.under{position:absolute;left:0;top:0}.away{position:absolute;left:-9999px}
.over{position:fixed;left:0;top:0;width:100px;height:60px;margin:0;background:#fff}</style></head><body><main><h1>Faults</h1>
<p><a class="none" href="#a">No ring</a> <a class="under" href="#a">Under</a> <a class="away" href="#a">Away</a></p><p class="over">Over</p>
<img src="data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA="><div style="width:2000px">Too wide</div>
<p><a class="lost" href="#a">Lost</a> <a href="#a">The end</a> <a href="/error">On to a page</a></p></main>
<script>document.querySelector(".lost").addEventListener("focus", (e) => e.target.blur());</script></body></html>"""
SUMMARY = """<!DOCTYPE html><html lang="en-GB"><head><title>Error: no focus</title></head><body><main>
<div class="govuk-error-summary"><a href="#a">Wrong</a></div><h1>Wrong</h1></main></body></html>"""


class PlantedFaults(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write((SUMMARY if self.path == "/error" else PLANTED).encode())

    def log_message(self, *_):
        pass


class Journeys(unittest.TestCase):
    maxDiff = 4000

    @classmethod
    def setUpClass(cls):
        cls.file = make_borough(cls)
        london = cls.dir / "london"
        run("import", cls.file, *sorted(london.glob("offences-*.csv")), *sorted(london.glob("persons-*.csv")), london / "outcomes.csv")
        must("define", cls.file, "adopt", "havering", "--author", "the test")
        must("assess", cls.file, "--area", "E09000016", "--period", "2022", "--compare", "2021", "--template", "needs-assessment")
        (cls.dir / "password").write_text(PASSWORD)
        cls.service = Service(cls.file)
        cls.addClassCleanup(cls.service.__exit__, None, None, None)

    def account(self, name, role, *words):
        """An account of its own for each way of each journey: a one-time code is good once."""
        made = must("user", self.file, "add", name, "--role", role, "--password-file", self.dir / "password", "--json", *words).json()
        return {"name": name, "password": PASSWORD, "secret": made.get("secret")}

    def finding(self, suits):
        """The first that holds and suits."""
        return next(f for f in must("findings", self.file, "--format", "json").json() if f["verdict"] == "holds" and suits(f))

    def go(self, journey, **told):
        out = self.dir / journey
        out.mkdir()
        told = {"address": f"http://127.0.0.1:{self.service.port}", "out": str(out)} | told
        return subprocess.run(["node", HERE / "journey.mjs", CHROMIUM, journey], input=json.dumps(told), capture_output=True,
                              text=True, timeout=300)

    def travel(self, journey, pages, **told):
        """Goes on the journey in both ways, on at least so many pages; all of them hold before the checkers."""
        done = self.go(journey, **told)
        self.assertEqual(done.returncode, 0, done.stdout[-2000:] + done.stderr[-3000:])
        seen = json.loads(done.stdout)
        self.assertEqual(seen["faults"], [])
        self.assertGreaterEqual(seen["pages"], pages)
        self.assertEqual([m for m in nu(*sorted((self.dir / journey).glob("*.html"))) if ": info:" not in m], [])

    def test_journeys_see_planted_faults(self):
        with http.server.ThreadingHTTPServer(("127.0.0.1", 0), PlantedFaults) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            done = self.go("planted", address=f"http://127.0.0.1:{server.server_port}")
            server.shutdown()
        self.assertEqual(done.returncode, 0, done.stderr[-3000:])
        seen = json.loads(done.stdout)["faults"]
        for way, where in zip(WAYS, ("320 px", "1280 px, no script")):
            for part in (f"{where}: image-alt", f"{where}: scrolls sideways", "no visible focus on <a class=\"none\"", "covered: <a class=\"under\"",
                         "out of sight: <a class=\"away\"", "the first press of Tab comes to <a class=\"none\""):
                self.assertTrue(any(f"planted-{way} /: {part}" in fault for fault in seen), (way, part, seen))
        self.assertTrue(any("planted-script /: the focus was lost before" in fault for fault in seen), seen)
        self.assertIn("planted-script /error: the summary of errors has not the focus", seen)
        self.assertTrue(any("Duplicate" in m or "alt" in m for m in nu(*sorted((self.dir / "planted").glob("*.html")))))

    def test_signing_in_with_a_one_time_code(self):
        self.travel("sign_in", 8, **{way: {"account": self.account(f"code-{way}", "analyst")} for way in WAYS})

    def test_an_unknown_file_is_loaded_and_its_errors_mended(self):
        self.travel("load", 16, **{way: {"account": self.account(f"load-{way}", "analyst"), "prefix": f"J{way}"} for way in WAYS})
        for way in WAYS:  # each record once, those that were mended among them
            held = must("sql", self.file, "SELECT count(*) AS n, count(DISTINCT offence_id) AS d, sum(offence_group = 'gbh') AS gbh, "
                        f"max(recorded_at) AS last FROM offences WHERE current = 1 AND offence_id LIKE 'J{way}-%'").rows()
            self.assertEqual(held, [{"n": "60", "d": "60", "gbh": "20", "last": "2021-06-26"}])

    def test_a_definition_is_tried_and_adopted(self):
        text = (ROOT / "packs" / "havering" / "havering.json").read_text()
        told = {way: {"account": self.account(f"define-{way}", "analyst"), "board": f"The board, {way}", "version": f"7-{way}",
                      "definition": re.sub(r'("version": *)"[^"]*"', rf'\1"7-{way}"', text, count=1)} for way in WAYS}
        self.travel("define", 10, **told)

    def test_an_assessment_is_run_and_a_sentence_followed_to_its_records(self):
        finding = self.finding(lambda f: f["definition"] and f["id"].endswith(".all.total"))
        self.travel("assess", 22, borough="Havering", template="Strategic needs assessment of serious violence",
                    statement=finding["statement"], months={"first": "2022-01", "last": "2022-12", "compare-first": "2021-01", "compare-last": "2021-12"},
                    **{way: {"account": self.account(f"assess-{way}", "analyst")} for way in WAYS})

    def test_exploring_to_a_shared_address(self):
        rows = must("table", self.file, "--by", "month,offence-group", "--where", "offence-group=burglary,theft", "--period", "2022").rows()
        first = [r["count"] for r in rows if r["month"] == "2022-01"]
        self.travel("explore", 12, chart="heat", rows=["2022-01 " + " ".join(first)],
                    **{way: {"account": self.account(f"explore-{way}", "analyst"),
                             "colleague": self.account(f"colleague-{way}", "coordinator")} for way in WAYS})

    def test_asking_in_sql(self):
        sql = "SELECT offence_group, count(*) AS n FROM offences WHERE offence_group IS NOT NULL AND extract < 33 GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 6"
        rows = [list(row.values()) for row in must("sql", self.file, sql).rows()]
        self.travel("sql", 10, sql=sql, rows=rows, **{way: {"account": self.account(f"sql-{way}", "analyst")} for way in WAYS})

    def test_the_public_reads_what_was_released(self):
        finding = self.finding(lambda f: f["sources"] and f["method"] and f["numerator"] and f["numerator"] > 50)
        before = {"script": "undecided", "plain": "withheld"}  # the first way ends with that
        self.travel("publish", 20, statement=finding["statement"],
                    **{way: {"account": self.account(f"publish-{way}", "analyst"), "before": before[way]} for way in WAYS})

    def test_a_person_is_invited_and_the_audit_checked(self):
        self.travel("people", 24, role="Partner", **{way: {"account": self.account(f"admin-{way}", "administrator"),
                                                           "guest": f"guest-{way}"} for way in WAYS})


if __name__ == "__main__":
    run_or_skip()
