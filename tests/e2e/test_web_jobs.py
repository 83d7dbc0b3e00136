#!/usr/bin/env python3
"""Long work at the web service: asked for by a form, followed, stopped, interrupted, read; the command's own bytes.

A running command is held by SIGSTOP where a test needs it to be running. All people and data here are made up.
SPDX-License-Identifier: GPL-3.0-or-later
"""
import json
import os
import pathlib
import re
import signal
import stat
import subprocess
import tempfile
import threading
import time
import unittest

from harness import must, run, synthetic_borough
from service import Service, add_people, enter, token_of
from test_brief import BOROUGHS, HAVERING, WARDS, as_csv, make_rows, squares

PEOPLE = {"analyst": "analyst", "other": "analyst", "coordinator": "coordinator", "partner": "partner",
          "administrator": "administrator"}
AREA = "E09000016"
FORM = {"area": AREA, "template": "needs-assessment", "first": "2022-01", "last": "2022-12", "compare-first": "2021-01", "compare-last": "2021-12"}


def setUpModule():
    global folder, home, file, service
    folder = tempfile.TemporaryDirectory(prefix="reeve-e2e-")
    home = pathlib.Path(folder.name)
    file = synthetic_borough(home)[0]
    add_people(file, {f"{name}@borough.example": role for name, role in PEOPLE.items()})
    service = Service(file)


def tearDownModule():
    service.__exit__(None, None, None)
    folder.cleanup()


signed_in = {}


def person(name):
    """Sessions outlive a service that is started again; its port does not."""
    if name not in signed_in:
        signed_in[name] = enter(service, f"{name}@borough.example")
    signed_in[name].service = service
    return signed_in[name]


def look(who, job):
    return json.loads(who.get(f"/workbench/jobs/{job}", Accept="application/json").text)


def until(what, seconds=120):
    end = time.time() + seconds
    while time.time() < end:
        found = what()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError("it did not happen in time")


def followed(who, job):
    return until(lambda: (seen := look(who, job))["is-over"] and seen)


def asked(who, form=None, path="/workbench/assessments"):
    """The number of the job that a form asks for."""
    answer = who.post(path, {"csrf": token_of(who.get("/account"))} | (FORM if form is None else form))
    if answer.status != 303:
        raise AssertionError(f"{answer.status}: {answer.text}")
    return int(re.fullmatch(r"/workbench/jobs/(\d+)", answer.getheader("Location"))[1])


def command_of(job):
    """The process that does a job."""
    found = subprocess.run(["pgrep", "-f", f"^reeve .* {re.escape(str(home))}.*/jobs/{job}$"], capture_output=True, text=True)
    return int(found.stdout.split()[0]) if found.stdout.split() else None


def held(job):
    """The process that does a job, stopped where it stands."""
    pid = until(lambda: command_of(job))
    os.kill(pid, signal.SIGSTOP)
    return pid


def audited(job):
    return [row["action"] for row in must("audit", file, "export", "--json").json()
            if re.match(rf"job {job}\b", row["subject"]) and row["action"] != "job.result"]


class Jobs(unittest.TestCase):
    def test_from_the_form_to_the_report_and_a_finding(self):
        who = person("analyst")
        page = who.get("/workbench/assessments")
        self.assertEqual(page.status, 200)
        self.assertRegex(page.text, f'<option value="{AREA}"( selected)?>')
        self.assertRegex(page.text, r'name="first" type="text" value="20\d\d-\d\d"')
        job = asked(who)
        first = who.get(f"/workbench/jobs/{job}")
        self.assertEqual(first.status, 200)
        if 'name="csrf"' in first.text:  # it is not over yet
            self.assertEqual(first.getheader("Refresh"), "5")
            self.assertIsNone(who.get(f"/workbench/jobs/{job}?still=yes").getheader("Refresh"))
        seen = followed(who, job)
        self.assertEqual(seen["state"], "done", seen)
        over = who.get(f"/workbench/jobs/{job}")
        self.assertIsNone(over.getheader("Refresh"))
        self.assertNotIn(str(home), over.text)
        self.assertIn(f'href="/workbench/assessments/{job}"', over.text)
        run = who.get(f"/workbench/assessments/{job}")
        self.assertIn(f'href="/workbench/assessments/{job}/report.html"', run.text)
        report = who.get(f"/workbench/assessments/{job}/report.html")
        self.assertEqual(report.getheader("Content-Type"), "text/html; charset=utf-8")
        self.assertIn("sandbox", report.getheader("Content-Security-Policy"))
        self.assertIsNone(report.getheader("Content-Disposition"))
        finding = json.loads(who.get("/workbench/findings", Accept="application/json").text)["findings"][0]
        self.assertEqual(who.get("/workbench/findings/" + finding["id"]).status, 200)
        self.assertEqual(audited(job), ["job.ask", "job.done"])
        self.same_as_the_command(who, job)
        self.against_it(who, job)

    def same_as_the_command(self, who, job):
        out = home / "by-command"
        must("assess", file, "--area", AREA, "--period", "2022-01..2022-12", "--compare", "2021-01..2021-12", "--xlsx",
             "--out", out, most=1)
        for name in ("report.html", "findings.json", "findings.csv", "tables.xlsx"):
            self.assertEqual(who.get(f"/workbench/assessments/{job}/{name}").body, (out / name).read_bytes(), name)
        tables = sorted(path.name for path in (out / "tables").iterdir())
        listed = [row["name"] for row in
                  json.loads(who.get(f"/workbench/assessments/{job}", Accept="application/json").text)["tables"]]
        self.assertEqual(listed, tables)
        answer = who.get(f"/workbench/assessments/{job}/tables/{tables[0]}")
        self.assertEqual(answer.body, (out / "tables" / tables[0]).read_bytes())
        self.assertEqual(answer.getheader("Content-Disposition"), f'attachment; filename="{tables[0]}"')

    def against_it(self, who, job):
        """The next one says what became of each finding, on its page and in its report."""
        form = FORM | {"first": "2022-02", "against": str(job)}
        seen = followed(who, later := asked(who, form))
        self.assertEqual(seen["state"], "done", seen)
        counts = re.search(r"Of the last assessment: (\d+) still true, (\d+) changed, (\d+) no longer computable", seen["printed"])
        self.assertIn("Since the last assessment", who.get(f"/workbench/assessments/{later}/report.html").text)
        page = json.loads(who.get(f"/workbench/assessments/compare?with={job}", Accept="application/json").text)
        self.assertEqual([str(group["count"]) for group in page["groups"][:3]], list(counts.groups()))
        self.assertEqual([group["name"] for group in page["groups"][:3]], ["still true", "changed", "no longer computable"])
        self.assertEqual(len(page["groups"][0]["findings"]), int(counts[1]))
        self.assertEqual(who.get("/workbench/assessments/compare").status, 200)
        self.assertEqual(who.get("/workbench/assessments/compare?with=999").status, 404)

    def test_what_is_wrong_in_the_form_is_said(self):
        who = person("analyst")
        csrf = {"csrf": token_of(who.get("/account"))}
        before = len(json.loads(who.get("/workbench/jobs", Accept="application/json").text)["jobs"])
        for change, words in (({"area": ""}, "Choose the borough"), ({"area": "--out=/tmp/x"}, "Choose the borough"),
                              ({"template": "/etc/passwd"}, "Choose what the assessment is made of"),
                              ({"first": "last year"}, "Enter the first month of the period"),
                              ({"first": '"><script>x</script>'}, "Enter the first month"),
                              ({"last": "2021-01"}, "must not be before the first"),
                              ({"compare-last": ""}, "Enter the last month of the earlier period"),
                              ({"compare-last": "2022-01"}, "must end before the period begins"),
                              ({"against": "999"}, "Choose an assessment of the list")):
            answer = who.post("/workbench/assessments", FORM | csrf | change)
            self.assertEqual(answer.status, 422, change)
            self.assertIn(words, answer.text)
            self.assertNotIn("<script>x", answer.text)
        self.assertEqual(len(json.loads(who.get("/workbench/jobs", Accept="application/json").text)["jobs"]), before)

    def test_a_command_that_fails_says_why(self):
        who = person("analyst")
        seen = followed(who, asked(who, {"area": AREA, "group": "tasking"}, "/workbench/brief"))
        said = run("brief", file, "--area", AREA, "--group", "tasking")
        self.assertEqual((seen["state"], seen["exit"]), ("failed", str(said.status)))
        self.assertEqual("reeve: " + seen["message"] + "\n", said.err)
        self.assertIn("do not give the day", seen["message"])

    def test_a_running_job_is_stopped(self):
        who = person("analyst")
        before = must("findings", file, "--format", "json").out if pathlib.Path(f"{file}-state").exists() else None
        job = asked(who)
        waiting = asked(who)
        pid = held(job)
        self.assertEqual(look(who, job)["state"], "running")
        self.assertEqual(look(who, waiting)["state"], "waiting")
        for number in (job, waiting):
            answer = who.post(f"/workbench/jobs/{number}/cancel", {"csrf": token_of(who.get("/account"))})
            self.assertEqual(answer.status, 303)
        self.assertEqual(look(who, waiting)["state"], "cancelled")
        self.assertTrue(look(who, job)["is-stopping"])
        time.sleep(1)  # the signal is sent while it cannot take it
        os.kill(pid, signal.SIGCONT)
        seen = followed(who, job)
        self.assertEqual(seen["state"], "cancelled", seen)
        self.assertEqual(audited(job), ["job.ask", "job.cancel", "job.cancelled"])
        self.assertEqual(audited(waiting), ["job.ask", "job.cancel"])
        if before:
            self.assertEqual(must("findings", file, "--format", "json").out, before)

    def test_two_in_a_row(self):
        who = person("analyst")
        one, two = asked(who), asked(who, FORM | {"first": "2022-03", "template": "annual-crime-and-disorder"})
        self.assertEqual((seen := followed(who, two))["state"], "done", seen)
        self.assertEqual(look(who, one)["state"], "done")
        out = home / "second-by-command"
        must("assess", file, "--area", AREA, "--period", "2022-03..2022-12", "--compare", "2021-01..2021-12", "--template",
             "annual-crime-and-disorder", "--out", out, most=1)
        self.assertEqual(who.get(f"/workbench/assessments/{two}/findings.json").body, (out / "findings.json").read_bytes())

    def test_a_brief(self):
        place = home / "brief"
        place.mkdir()
        held_file = place / "days.reeve"
        must("new", held_file, "--synthetic")
        for items, kind in ((BOROUGHS, "borough"), (WARDS, "ward")):
            (place / f"{kind}.geojson").write_text(squares(items).replace("<", "\\u003c"))
            must("areas", held_file, place / f"{kind}.geojson", "--type", kind, "--vintage", "2022", "--code", "code", "--name",
                 "name")
        (place / "offences.csv").write_text(as_csv(make_rows(1500)))
        must("import", held_file, place / "offences.csv", "--period", "2021-01..2022-12", most=1)
        add_people(held_file, {"analyst": "analyst"})
        with Service(held_file, "--state", place / "elsewhere") as other:
            who = enter(other, "analyst")
            form = {"area": HAVERING, "group": "tasking", "days": "14", "on": ""}
            csrf = {"csrf": token_of(who.get("/account"))}
            for change in ({"group": "nobody"}, {"days": "15"}, {"on": "soon"}, {"area": "x"}):
                self.assertEqual(who.post("/workbench/brief", form | csrf | change).status, 422, change)
            job = asked(who, form, "/workbench/brief")
            self.assertEqual((seen := followed(who, job))["state"], "done", seen)
            must("brief", held_file, "--area", HAVERING, "--group", "tasking", "--days", "14", "--out", place / "out", most=1)
            answer = who.get(f"/workbench/brief/{job}/brief.html")
            self.assertEqual(answer.body, (place / "out" / "brief.html").read_bytes())
            self.assertIn("sandbox", answer.getheader("Content-Security-Policy"))
            page = who.get("/workbench/brief")
            self.assertIn(f'href="/workbench/brief/{job}/brief.html"', page.text)
            self.assertIn(f'<option value="{HAVERING}" selected>', page.text)
            self.assertEqual(who.get(f"/workbench/assessments/{job}").status, 404)  # it is none
            self.assertTrue((place / "elsewhere" / "jobs" / str(job) / "brief.html").exists())

    def test_a_job_of_somebody_else_is_not_there(self):
        job = asked(person("analyst"))
        for name in ("other", "coordinator", "partner"):
            answer = person(name).get(f"/workbench/jobs/{job}")
            self.assertEqual(answer.status, 404, name)
            self.assertEqual(answer.body, person(name).get("/workbench/jobs/999999").body)
            stop = person(name).post(f"/workbench/jobs/{job}/cancel", {"csrf": token_of(person(name).get("/account"))})
            self.assertEqual(stop.status, 404, name)
            listed = json.loads(person(name).get("/workbench/jobs", Accept="application/json").text)["jobs"]
            self.assertNotIn(job, [row["id"] for row in listed])
        seen = look(person("administrator"), job)
        self.assertEqual(seen["who"], "analyst@borough.example")
        for content in ("message", "printed", "said", "result"):
            self.assertNotIn(content, seen)
        self.assertNotIn("Havering", person("administrator").get(f"/workbench/jobs/{job}").text)
        self.assertNotIn("Havering", person("administrator").get("/workbench/jobs").text)
        self.assertEqual(followed(person("analyst"), job)["state"], "done")
        # What came of it is for all who assess, and for nobody else.
        self.assertEqual(person("coordinator").get(f"/workbench/assessments/{job}/report.html").status, 200)
        for name in ("partner", "administrator"):
            for path in (f"/workbench/assessments/{job}", f"/workbench/assessments/{job}/report.html", "/workbench/brief"):
                self.assertEqual(person(name).get(path).status, 404, (name, path))
            self.assertEqual(person(name).post("/workbench/assessments", FORM).status, 404)

    def test_the_right_is_looked_up_again_when_it_starts(self):
        first = asked(person("analyst"))
        pid = held(first)
        theirs = asked(person("other"))
        must("user", file, "change", "other@borough.example", "--role", "partner")
        os.kill(pid, signal.SIGCONT)
        seen = until(lambda: (seen := look(person("other"), theirs))["is-over"] and seen)
        self.assertEqual(seen["state"], "failed")
        self.assertIn("may not have it done any more", seen["message"])
        must("user", file, "change", "other@borough.example", "--role", "analyst")

    def test_files_are_private_and_nothing_else_is_sent(self):
        who = person("analyst")
        job = asked(who)
        self.assertEqual(followed(who, job)["state"], "done")
        state = pathlib.Path(f"{file}-state")
        for path in [state, *state.rglob("*")]:
            self.assertEqual(stat.S_IMODE(path.stat().st_mode) & 0o077, 0, path)
        inside = state / "jobs" / str(job)
        (inside / "link.html").symlink_to(file)
        (inside / "secret.txt").write_text("x")
        for name in ("link.html", "secret.txt", "..", ".", "%2e%2e%2f%2e%2e", "..%2f..%2fborough.reeve", "tables", "nothing.csv"):
            answer = who.get(f"/workbench/assessments/{job}/{name}")
            self.assertIn(answer.status, (400, 404), name)
        (inside / "link.html").unlink()

    def test_killed_in_the_middle_and_started_again(self):
        global service
        who = person("analyst")
        job = asked(who)
        waiting = asked(who)
        pid = held(job)
        service.process.send_signal(signal.SIGKILL)
        service.process.wait()
        service.process.stdout.close()
        service.process.stderr.close()
        until(lambda: not pathlib.Path(f"/proc/{pid}").exists())  # its command does not live on
        service = Service(file)
        who = person("analyst")
        seen = followed(who, job)
        self.assertEqual(seen["state"], "interrupted")
        self.assertIn("ask for it again", seen["message"])
        self.assertEqual(followed(who, waiting)["state"], "done")
        self.assertEqual(audited(job), ["job.ask", "job.interrupted"])
        must("verify", file)

    def test_stopped_in_the_middle_and_started_again(self):
        global service
        who = person("analyst")
        job = asked(who)
        pid = held(job)
        goes_on = threading.Timer(1, os.kill, (pid, signal.SIGCONT))
        goes_on.start()
        service.__exit__(None, None, None)
        goes_on.join()
        service = Service(file)
        self.assertEqual(look(person("analyst"), job)["state"], "interrupted")

    def test_the_service_confines_itself(self):
        """The first line of `reeve serve` is read already; what it says next must be so."""
        with Service(file) as other:
            said = other.process.stdout.readline()
            status = dict(re.findall(r"^(\w+):\s+(.*)$", pathlib.Path(f"/proc/{other.process.pid}/status").read_text(), re.M))
            if "starts no program" in said:
                self.assertEqual(status["Seccomp"], "2")
            self.assertRegex(said, "^(Confined: it|Not confined|Not kept)")
            self.assertEqual(status["NoNewPrivs"], "1")
            for thread in pathlib.Path(f"/proc/{other.process.pid}/task").iterdir():
                self.assertIn("NoNewPrivs:\t1", (thread / "status").read_text())

    def test_a_second_service_leaves_the_jobs_to_the_first(self):
        with Service(file) as second:
            said = "".join(second.process.stdout.readline() for _ in range(3))
            self.assertIn("Another service on this file does the jobs", said)


if __name__ == "__main__":
    unittest.main()
