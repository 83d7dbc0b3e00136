"""An XLSX file as its own XML says it is: sheets, cells, named tables, merges, links.

Reads the parts of ECMA-376 that the tests look at, with the standard library only.
SPDX-License-Identifier: GPL-3.0-or-later
"""
import posixpath
import re
import xml.etree.ElementTree as xml
import zipfile

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
LINKS = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"


def position(reference):
    """"C7" as (7, 3)."""
    letters, digits = re.fullmatch(r"([A-Z]+)(\d+)", reference).groups()
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return int(digits), column


class Sheet:
    def __init__(self, book, name, path):
        root = book.xml(path)
        self.name = name
        self.merges = len(root.findall(f"{MAIN}mergeCells"))
        self.formulas = len(list(root.iter(f"{MAIN}f")))
        self.frozen = [p.get("state") for p in root.iter(f"{MAIN}pane")]
        self.hidden = [e.attrib for e in root.iter() if e.get("hidden") in ("1", "true")]
        self.cells, self.formats = {}, {}
        for cell in root.iter(f"{MAIN}c"):
            at = position(cell.get("r"))
            value = cell.find(f"{MAIN}v")
            if value is None:
                continue
            self.cells[at] = book.strings[int(value.text)] if cell.get("t") == "s" else float(value.text)
            self.formats[at] = book.formats[int(cell.get("s", 0))]
        self.links = {h.get("ref"): h.get("location") for h in root.iter(f"{MAIN}hyperlink")}
        self.tables = [self.table(book, posixpath.normpath(posixpath.join("xl/worksheets", target)))
                       for target in book.targets(path, "/table")]

    def table(self, book, path):
        root = book.xml(path)
        first, last = (position(r) for r in root.get("ref").split(":"))
        headers = [c.get("name") for c in root.iter(f"{MAIN}tableColumn")]
        rows = [[self.cells.get((r, c)) for c in range(first[1], last[1] + 1)]
                for r in range(first[0], last[0] + 1)]
        return {"name": root.get("displayName"), "first": first, "last": last, "columns": headers,
                "header": rows[0], "rows": rows[1:], "header_rows": root.get("headerRowCount", "1")}


class Workbook:
    def __init__(self, path):
        self.zip = zipfile.ZipFile(path)
        assert self.zip.testzip() is None, "a member of the archive is damaged"
        self.strings = []
        if "xl/sharedStrings.xml" in self.zip.namelist():
            for item in self.xml("xl/sharedStrings.xml").findall(f"{MAIN}si"):
                self.strings.append("".join(t.text or "" for t in item.iter(f"{MAIN}t")))
        styles = self.xml("xl/styles.xml")
        custom = {f.get("numFmtId"): f.get("formatCode") for f in styles.iter(f"{MAIN}numFmt")}
        self.formats = [custom.get(x.get("numFmtId"), x.get("numFmtId"))
                        for x in styles.find(f"{MAIN}cellXfs")]
        targets = {r.get("Id"): r.get("Target") for r in self.xml("xl/_rels/workbook.xml.rels")}
        self.sheets = [Sheet(self, s.get("name"), "xl/" + targets[s.get(LINKS + "id")])
                       for s in self.xml("xl/workbook.xml").iter(f"{MAIN}sheet")]
        self.named = {s.name: s for s in self.sheets}

    def xml(self, member):
        return xml.fromstring(self.zip.read(member))

    def targets(self, sheet, kind):
        folder, name = posixpath.split(sheet)
        rels = f"{folder}/_rels/{name}.rels"
        if rels not in self.zip.namelist():
            return []
        return [r.get("Target") for r in self.xml(rels) if r.get("Type").endswith(kind)]

    def property(self, name):
        for element in self.xml("docProps/core.xml"):
            if element.tag.endswith("}" + name):
                return element.text
        return None
