"""What goes to a board: PDF, Word, OpenDocument, pictures, a workbook; read back by other programs.

LibreOffice opens them, poppler and qpdf read the PDF's structure. A program that is not installed
skips its tests, saying so. SPDX-License-Identifier: GPL-3.0-or-later
"""
import csv
import json
import os
import pathlib
import re
import shutil
import signal
import struct
import subprocess
import tempfile
import time
import unittest
import xml.etree.ElementTree as xml
import zipfile

from harness import REEVE, main, run, synthetic_borough

ASSESS = ["--area", "E09000016", "--period", "2022", "--compare", "2021"]
DOCUMENTS = ["--xlsx", "--pdf", "--docx", "--odt", "--png"]
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
PROGRAMS = {"pdf": "/usr/lib/chromium/chromium", "docx": "/usr/bin/pandoc", "odt": "/usr/bin/pandoc",
            "png": "/usr/bin/rsvg-convert"}


def need(*names):
    return unittest.skipUnless(all(os.path.exists(n) if "/" in n else shutil.which(n) for n in names),
                               f"not installed here: one of {', '.join(names)}")


def words(text):
    return " ".join(text.split())


def squeezed(text):
    """Without blanks and hyphens: a line may end in the middle of anything."""
    return re.sub(r"[\s\u00ad\u2010-]+", "", text)


class Written(unittest.TestCase):
    """The synthetic borough with every document, made once for all classes."""

    @classmethod
    def setUpClass(cls):
        if "dir" in Written.__dict__:
            return
        Written.folder = tempfile.TemporaryDirectory(prefix="reeve-e2e-")
        unittest.addModuleCleanup(Written.folder.cleanup)
        Written.dir = pathlib.Path(Written.folder.name)
        Written.file, _ = synthetic_borough(Written.dir)
        Written.out = Written.dir / "all"
        start = time.monotonic()
        Written.result = run("assess", Written.file, *ASSESS, "--out", Written.out, *DOCUMENTS)
        print(f"all documents in {time.monotonic() - start:.1f} s", flush=True)
        assert Written.result.status in (0, 1), Written.result.err
        Written.findings = json.loads((Written.out / "findings.json").read_text())
        report = (Written.out / "report.html").read_text()
        key = report[report.index('<h2 id="key">'):report.index("</section>", report.index('<h2 id="key">'))]
        numbers = {int(n) for n in re.findall(r"Finding (\d+):", key)}
        Written.key = [f for i, f in enumerate(Written.findings, 1) if i in numbers]
        assert len(Written.key) >= 5
        Written.charts = len(re.findall(r'<div class="wide">', report))

    def path(self, name):
        path = self.out / name
        if not path.exists():
            self.assertIn("apt-get install", self.result.err)
            self.skipTest(f"not made here: {self.result.err}")
        return path

    def converted(self, name, form, *more):
        """The file as LibreOffice reads it; its profile is new, so that nothing is remembered."""
        with tempfile.TemporaryDirectory(prefix="reeve-office-") as folder:
            done = subprocess.run(
                ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", form,
                 *more, "--outdir", folder, self.path(name)], capture_output=True, text=True, timeout=280)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertNotIn("Error", done.stderr)
            made = [p for p in pathlib.Path(folder).iterdir() if p.is_file()]
            self.assertTrue(made, done.stderr + done.stdout)
            return {p.name: p.read_bytes() for p in made}

    def check_findings_in(self, text):
        text = squeezed(text)
        for finding in self.key:
            self.assertIn(squeezed(finding["statement"]), text)


class Everything(Written):
    def test_nothing_else_is_left_and_nothing_needs_attention(self):
        names = {"findings.csv", "findings.json", "report.html", "tables", "tables.xlsx"}
        for option, program in PROGRAMS.items():
            if os.path.exists(program) and os.path.exists(PROGRAMS["png"]):
                names.add("charts" if option == "png" else f"report.{option}")
        self.assertEqual({p.name for p in self.out.iterdir()}, names)
        if len(names) == 9:
            self.assertEqual(self.result.status, 0, self.result.err)

    def test_the_report_links_to_what_is_there(self):
        report = (self.out / "report.html").read_text()
        links = {a for a in re.findall(r'href="([^"#]+)"', report)}
        for link in links:
            self.assertTrue((self.out / link).exists(), link)
        for path in self.out.rglob("*"):
            name = str(path.relative_to(self.out))
            own = name in ("report.html", "findings.csv", "findings.json", "charts/alternatives.csv")
            if path.is_file() and not own:
                self.assertIn(name, links)
        alone = self.dir / "alone"
        self.assertEqual(run("assess", self.file, *ASSESS, "--out", alone).status, 0)
        self.assertNotIn("report.pdf", (alone / "report.html").read_text())

    def test_another_day_gives_the_same_but_for_the_date(self):
        again = self.dir / "again"
        self.path("report.pdf"), self.path("report.docx")
        self.assertEqual(run("assess", self.file, *ASSESS, "--out", again, "--pdf", "--docx", "--odt").status,
                         self.result.status)
        for name, dated in (("report.docx", "docProps/core.xml"), ("report.odt", "meta.xml")):
            with zipfile.ZipFile(self.out / name) as first, zipfile.ZipFile(again / name) as second:
                self.assertEqual(first.namelist(), second.namelist())
                self.assertEqual({n for n in first.namelist() if first.read(n) != second.read(n)} - {dated}, set())
                one, two = (re.sub(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[.\d]*Z?", "", f.read(dated).decode())
                            for f in (first, second))
                self.assertEqual(one, two)
        one, two = (re.sub(rb"\(D:\d{14}[^)]*\)", b"", (folder / "report.pdf").read_bytes())
                    for folder in (self.out, again))
        self.assertNotIn(b"(D:", one)
        self.assertTrue(one == two, "the two PDF differ by more than their dates")

    def test_a_document_needs_a_folder(self):
        for option in DOCUMENTS:
            result = run("assess", self.file, *ASSESS, option)
            self.assertEqual(result.status, 2)
            self.assertIn("--out", result.err)


@need("pdfinfo", "qpdf", PROGRAMS["pdf"])
class Pdf(Written):
    def info(self, *options):
        return subprocess.run(["pdfinfo", *options, self.path("report.pdf")], capture_output=True, text=True,
                              check=True).stdout

    def objects(self):
        done = subprocess.run(["qpdf", "--json=2", self.path("report.pdf")], capture_output=True, text=True, check=True)
        return [o["value"] for o in json.loads(done.stdout)["qpdf"][1].values() if isinstance(o.get("value"), dict)]

    def test_it_is_tagged_titled_and_of_a4(self):
        info = self.info()
        self.assertRegex(info, r"Tagged:\s+yes")
        self.assertRegex(info, r"Title:\s+Crime and violence in Havering")
        self.assertRegex(info, r"Page size:.*A4")
        self.assertRegex(info, r"JavaScript:\s+no")
        catalog = next(o for o in self.objects() if o.get("/Type") == "/Catalog")
        self.assertEqual(catalog["/Lang"], "u:en-GB")
        self.assertTrue(catalog["/ViewerPreferences"]["/DisplayDocTitle"])
        self.assertIn("/Outlines", catalog)

    def test_headings_tables_and_header_cells_are_in_the_structure(self):
        structure = self.info("-struct-text")
        kinds = [line.split()[0] for line in structure.splitlines() if line.split()]
        self.assertEqual(kinds.count("H1"), 1)
        for kind, least in (("H2", 7), ("H3", 20), ("Table", 10), ("TH", 100), ("Figure", self.charts)):
            self.assertGreaterEqual(sum(k.rstrip(":") == kind for k in kinds), least, kind)
        self.assertIn("/Scope", structure)

    def test_every_figure_says_what_it_shows(self):
        figures = [o for o in self.objects() if o.get("/S") == "/Figure"]
        self.assertEqual(len(figures), self.charts)
        for figure in figures:
            self.assertGreater(len(figure.get("/Alt", "")), 30, figure)

    def test_the_key_findings_are_in_its_text(self):
        done = subprocess.run(["pdftotext", "-layout", self.path("report.pdf"), "-"], capture_output=True, text=True,
                              check=True)
        self.check_findings_in(done.stdout)

    def test_it_does_not_name_a_folder_of_this_machine(self):
        with tempfile.NamedTemporaryFile() as plain:
            subprocess.run(["qpdf", "--qdf", "--object-streams=disable", self.path("report.pdf"), plain.name],
                           check=True)
            content = pathlib.Path(plain.name).read_bytes()
        self.assertNotIn(b"file:", content)
        self.assertNotIn(b"/tmp/", content)


class Docx(Written):
    def part(self, name):
        with zipfile.ZipFile(self.path("report.docx")) as archive:
            return xml.fromstring(archive.read(name))

    def test_language_title_and_page(self):
        core = xml.tostring(self.part("docProps/core.xml"), encoding="unicode")
        self.assertIn("Crime and violence in Havering", core)
        self.assertIn("en-GB", core)
        lang = self.part("word/styles.xml").find(f".//{W}docDefaults//{W}lang")
        self.assertEqual(lang.get(f"{W}val"), "en-GB")
        size = self.part("word/document.xml").find(f".//{W}pgSz")
        self.assertEqual((size.get(f"{W}w"), size.get(f"{W}h")), ("11906", "16838"))

    def test_every_picture_has_words_and_fits_the_page(self):
        document = self.part("word/document.xml")
        pictures = [e for e in document.iter() if e.tag.endswith("}inline")]
        self.assertEqual(len(pictures), self.charts)
        for picture in pictures:
            about = next(e for e in picture if e.tag.endswith("}docPr"))
            size = next(e for e in picture if e.tag.endswith("}extent"))
            self.assertGreater(len(about.get("descr")), 30)
            self.assertLessEqual(int(size.get("cx")), 16.7 * 360000)
            self.assertLessEqual(int(size.get("cy")), 20.2 * 360000)

    def test_headings_and_header_rows(self):
        document = self.part("word/document.xml")
        styles = [s.get(f"{W}val") for s in document.iter(f"{W}pStyle")]
        self.assertEqual(styles.count("Title"), 1)
        self.assertGreaterEqual(styles.count("Heading1"), 7)
        self.assertGreaterEqual(styles.count("Heading2"), 20)
        tables = list(document.iter(f"{W}tbl"))
        self.assertGreater(len(tables), 10)
        for table in tables:
            self.assertIsNotNone(table.find(f".//{W}tblHeader"))

    def test_every_link_inside_leads_somewhere(self):
        document = self.part("word/document.xml")
        marks = {b.get(f"{W}name") for b in document.iter(f"{W}bookmarkStart")}
        wanted = {h.get(f"{W}anchor") for h in document.iter(f"{W}hyperlink")} - {None}
        self.assertGreater(len(wanted), 20)
        self.assertEqual(wanted - marks, set())

    def test_its_numbers_are_those_of_the_findings(self):
        document = self.part("word/document.xml")
        self.check_findings_in("".join(t.text or "" for t in document.iter(f"{W}t")))

    @need("soffice", "pdftotext")
    def test_libreoffice_reads_the_same(self):
        self.check_read_by_office("report.docx")

    def check_read_by_office(self, name):
        made = self.converted(name, "pdf")["report.pdf"]
        with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
            file.write(made)
            file.flush()
            text = subprocess.run(["pdftotext", file.name, "-"], capture_output=True, text=True, check=True).stdout
            info = subprocess.run(["pdfinfo", file.name], capture_output=True, text=True, check=True).stdout
        self.check_findings_in(text)
        for heading in ("Key findings", "How each figure was computed", "Sources", "Methods", "Caveats"):
            self.assertIn(heading, text)
        self.assertRegex(info, r"Title:\s+Crime and violence in Havering")
        self.assertRegex(info, r"Page size:.*A4")


class Odt(Docx):
    """The same questions of the OpenDocument text, where they can be asked."""

    test_language_title_and_page = test_every_picture_has_words_and_fits_the_page = None
    test_headings_and_header_rows = test_every_link_inside_leads_somewhere = None

    def test_its_numbers_are_those_of_the_findings(self):
        with zipfile.ZipFile(self.path("report.odt")) as archive:
            names = archive.namelist()
            content = xml.fromstring(archive.read("content.xml"))
            styles = archive.read("styles.xml").decode()
            meta = archive.read("meta.xml").decode()
        self.assertEqual(names[0], "mimetype")
        self.check_findings_in("".join(content.itertext()))
        self.assertIn('fo:country="GB"', styles)
        self.assertIn("Crime and violence in Havering", meta)
        frames = [e for e in content.iter() if e.tag.endswith("}frame")]
        self.assertEqual(len(frames), self.charts)

    @need("soffice", "pdftotext")
    def test_libreoffice_reads_the_same(self):
        self.check_read_by_office("report.odt")


class Xlsx(Written):
    @need("soffice")
    def test_libreoffice_reads_the_same_rows(self):
        # Filter options: comma, double quote, UTF-8, …, all sheets (-1), as they are and not as they look.
        sheets = self.converted("tables.xlsx", "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,"
                                               "false,false,-1")
        self.assertGreater(len(sheets), 20)
        compared = 0
        tables = {p.stem: list(csv.reader(p.read_text().splitlines())) for p in (self.out / "tables").glob("*.csv")}
        for content in sheets.values():
            rows = list(csv.reader(content.decode().splitlines()))
            for want in tables.values():
                compared += self.holds(rows, want)
        self.assertGreaterEqual(compared, len(tables) - 1)  # the calendar says in words what the CSV says in 0 and 1

    @staticmethod
    def holds(rows, want):
        """Do these rows of a sheet end in all numbers of that table?"""
        def numbers(row):
            found = []
            for cell in row:
                try:
                    found.append(float(cell))
                except ValueError:
                    pass
            return found
        size = len(want) - 1
        got = [numbers(r) for r in rows[len(rows) - size:]]
        months = bool(want[0]) and want[0][0] == "month"
        return size > 0 and got == [numbers(r) for r in want[1:]] and any(got) or (
            months and [r[-3:] for r in got] == [numbers(r)[-3:] for r in want[1:]] and any(got))


class Png(Written):
    def test_every_chart_is_a_picture_with_words(self):
        self.path("charts")
        files = sorted(self.out.glob("charts/*.png"))
        self.assertEqual(len(files), self.charts)
        with open(self.out / "charts" / "alternatives.csv", newline="") as file:
            words_of = {r["file"]: r["alternative_text"] for r in csv.DictReader(file)}
        self.assertEqual(set(words_of), {p.name for p in files})
        for path in files:
            self.assertEqual(self.size(path)[0], 1440, path.name)
            self.assertGreater(len(words_of[path.name]), 30)

    @staticmethod
    def size(path):
        content = path.read_bytes()
        assert content.startswith(b"\x89PNG\r\n\x1a\n") and content.endswith(b"IEND\xaeB`\x82"), path
        return struct.unpack(">II", content[16:24])

    @need(PROGRAMS["png"])
    def test_table_and_map_draw_pictures_too(self):
        chart, layer = self.dir / "chart.png", self.dir / "map.png"
        result = run("table", self.file, "--by", "ward", "--area", "E09000016", "--period", "2022", "--chart", "bar",
                     "--format", "png", "--out", chart, "--width", "500")
        self.assertEqual((result.status, result.out), (0, ""), result.err)
        self.assertEqual(self.size(chart)[0], 1000)
        result = run("map", self.file, "--by", "ward", "--area", "E09000016", "--period", "2022", "--out", layer)
        self.assertEqual(result.status, 0, result.err)
        self.assertEqual(self.size(layer)[0], 1440)
        result = run("table", self.file, "--by", "ward", "--chart", "bar", "--format", "png")
        self.assertEqual(result.status, 2)


class Refusals(Written):
    """Programs that are not there, or are ended while they work."""

    def without(self, program, *arguments):
        """reeve where this program cannot be run, in a mount namespace of its own."""
        hide = f'mount --bind /dev/null {program} && exec "$@"'
        probe = subprocess.run(["unshare", "-rm", "sh", "-c", hide, "sh", "true"], capture_output=True)
        if probe.returncode:
            self.skipTest("no mount namespaces here")
        done = subprocess.run(["unshare", "-rm", "sh", "-c", hide, "sh", REEVE, *map(str, arguments)],
                              capture_output=True, text=True, timeout=280)
        return done

    def check_rest(self, out, *absent):
        names = {p.name for p in out.iterdir()}
        self.assertLessEqual({"findings.csv", "findings.json", "report.html", "tables"}, names)
        for name in absent:
            self.assertNotIn(name, names)
            self.assertNotIn(name, (out / "report.html").read_text())
        self.assertFalse([n for n in names if not re.fullmatch(r"(findings|report|tables)(\.\w+)?|charts", n)])

    def test_a_program_that_is_not_installed_is_named_and_the_rest_is_written(self):
        for option, program, package in (("pdf", PROGRAMS["pdf"], "chromium"), ("docx", PROGRAMS["docx"], "pandoc"),
                                         ("odt", PROGRAMS["png"], "librsvg2-bin")):
            if not os.path.exists(program):
                continue
            out = self.dir / f"without-{option}"
            done = self.without(program, "assess", self.file, *ASSESS, "--out", out, f"--{option}", "--xlsx")
            self.assertEqual(done.returncode, 1, done.stderr)
            self.assertIn(f"apt-get install {package}", done.stderr)
            self.check_rest(out, f"report.{option}")
            self.assertIn("tables.xlsx", (out / "report.html").read_text())

    @need(PROGRAMS["png"])
    def test_a_picture_alone_cannot_be_half_done(self):
        path = self.dir / "never.png"
        done = self.without(PROGRAMS["png"], "map", self.file, "--by", "ward", "--area", "E09000016", "--period",
                            "2022", "--out", path)
        self.assertEqual(done.returncode, 5)
        self.assertIn("apt-get install librsvg2-bin", done.stderr)
        self.assertFalse(path.exists())

    @need(PROGRAMS["pdf"])
    def test_an_older_document_is_not_taken_for_a_new_one(self):
        out = self.dir / "older"
        out.mkdir()
        (out / "report.pdf").write_bytes(b"older")
        done = self.without(PROGRAMS["pdf"], "assess", self.file, *ASSESS, "--out", out, "--pdf")
        self.assertEqual(done.returncode, 1)
        self.assertIn("report.pdf is from an earlier run", done.stderr)
        self.assertNotIn("report.pdf", (out / "report.html").read_text())

    def killed(self, out, choose, number):
        """Starts --pdf, ends the process that `choose` names from the tree below it, and waits."""
        with subprocess.Popen([REEVE, "assess", str(self.file), *ASSESS, "--out", str(out), "--pdf"],
                              stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as reeve:
            until, victim = time.monotonic() + 60, None
            while victim is None and time.monotonic() < until and reeve.poll() is None:
                victim = choose(reeve.pid)
                time.sleep(0.01)
            self.assertIsNotNone(victim, "the program was never seen")
            os.kill(victim, number)
            _, err = reeve.communicate(timeout=120)
            return reeve.returncode, err

    @staticmethod
    def children(pid):
        try:
            return [int(c) for c in pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
        except FileNotFoundError:
            return []

    def browser_below(self, pid):
        for helper in self.children(pid):
            for child in self.children(helper):
                try:
                    if os.readlink(f"/proc/{child}/exe") == PROGRAMS["pdf"]:
                        return child
                except OSError:
                    pass
        return None

    def busy_helper_below(self, pid):
        return next(iter(self.children(pid)), None) if self.browser_below(pid) else None

    @need(PROGRAMS["pdf"])
    def test_a_program_that_is_killed_leaves_no_part_of_a_file(self):
        out = self.dir / "killed"
        status, err = self.killed(out, self.browser_below, signal.SIGKILL)
        self.assertEqual(status, 1, err)
        self.assertIn("the PDF was not made: chromium was ended by signal 9", err)
        self.check_rest(out, "report.pdf")

    @need(PROGRAMS["pdf"])
    def test_a_helper_that_is_killed_leaves_no_part_of_a_file(self):
        out = self.dir / "helper"
        status, err = self.killed(out, self.busy_helper_below, signal.SIGKILL)
        self.assertEqual(status, 1, err)
        self.assertIn("the PDF was not made", err)
        self.check_rest(out, "report.pdf")

    @need(PROGRAMS["pdf"])
    def test_an_interruption_is_one(self):
        out = self.dir / "stopped"
        with subprocess.Popen([REEVE, "assess", str(self.file), *ASSESS, "--out", str(out), "--pdf"],
                              stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as reeve:
            until = time.monotonic() + 60
            while not self.browser_below(reeve.pid) and time.monotonic() < until:
                time.sleep(0.01)
            reeve.send_signal(signal.SIGINT)
            _, err = reeve.communicate(timeout=60)
        self.assertEqual(reeve.returncode, 130, err)
        self.assertEqual({p.name for p in out.iterdir()}, {"findings.csv", "findings.json", "tables"})


if __name__ == "__main__":
    main()
