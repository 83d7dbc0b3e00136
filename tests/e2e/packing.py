"""Workbooks, archives and shapefiles made by hand, part by part, for the end-to-end tests.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import io
import struct
import zipfile
from xml.sax.saxutils import escape

TYPES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
# Style numbers of cells: 0 general, 1 date, 2 date and time, 3 time, 4 three digits.
STYLES = ("<styleSheet><numFmts><numFmt numFmtId='164' formatCode='dd/mm/yyyy\\ hh:mm'/>"
          "<numFmt numFmtId='165' formatCode='000'/></numFmts><cellXfs><xf numFmtId='0'/><xf numFmtId='14'/>"
          "<xf numFmtId='164'/><xf numFmtId='20'/><xf numFmtId='165'/></cellXfs></styleSheet>")


def relations(*items):
    return "<Relationships>" + "".join(
        f"<Relationship Id='{name}' Type='{TYPES}{kind}' Target='{target}'/>" for name, kind, target in items) + \
        "</Relationships>"


def column(number):
    name = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(65 + rest) + name
    return name


class Dated:
    """A serial value in a cell of the style number given."""
    def __init__(self, serial, style=1):
        self.serial, self.style = serial, style


def sheet_xml(rows, strings):
    """Rows: a list of lists, or a dict of row number to list; a cell of None is left out."""
    numbered = rows.items() if isinstance(rows, dict) else enumerate(rows, 1)
    out = ["<worksheet><sheetData>"]
    for number, cells in numbered:
        out.append(f"<row r='{number}'>")
        for place, cell in enumerate(cells):
            at = f"{column(place)}{number}"
            if isinstance(cell, Dated):
                out.append(f"<c r='{at}' s='{cell.style}'><v>{cell.serial}</v></c>")
            elif isinstance(cell, bool):
                out.append(f"<c r='{at}' t='b'><v>{int(cell)}</v></c>")
            elif isinstance(cell, (int, float)):
                out.append(f"<c r='{at}'><v>{cell!r}</v></c>")
            elif cell is not None:
                out.append(f"<c r='{at}' t='s'><v>{strings.setdefault(cell, len(strings))}</v></c>")
        out.append("</row>")
    return "".join(out) + "</sheetData></worksheet>"


def workbook(sheets, is_1904=False, replace=None):
    """The bytes of a workbook. sheets: {name: rows} or {name: (rows, "hidden")}; replace: {part: its XML instead}."""
    strings, parts, listed, related = {}, {}, [], []
    for place, (name, rows) in enumerate(sheets.items(), 1):
        rows, state = rows if isinstance(rows, tuple) else (rows, "visible")
        parts[f"xl/worksheets/sheet{place}.xml"] = sheet_xml(rows, strings)
        listed.append(f"<sheet name='{escape(name)}' sheetId='{place}' state='{state}' r:id='s{place}'/>")
        related.append((f"s{place}", "worksheet", f"worksheets/sheet{place}.xml"))
    related += [("t", "sharedStrings", "sharedStrings.xml"), ("y", "styles", "styles.xml")]
    parts |= {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": relations(("r", "officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f"<workbook xmlns:r='r'><workbookPr date1904='{int(is_1904)}'/><sheets>{''.join(listed)}"
                           "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": relations(*related),
        "xl/sharedStrings.xml": "<sst>" + "".join(f"<si><t xml:space='preserve'>{escape(s)}</t></si>"
                                                  for s in strings) + "</sst>",
        "xl/styles.xml": STYLES,
    }
    parts |= replace or {}
    return archive(parts)


def archive(members, compression=zipfile.ZIP_DEFLATED):
    """The bytes of a zip archive of {name: text or bytes}."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as packed:
        for name, content in members.items():
            packed.writestr(name, content)
    return out.getvalue()


def shape_header(words):
    return struct.pack(">iiiiiii", 9994, 0, 0, 0, 0, 0, words) + struct.pack("<ii8d", 1000, 5, 0, 51, 1, 52, 0, 0, 0, 0)


def shape_record(parts, points, stated=None):
    body = struct.pack("<i4dii", 5, 0, 51, 1, 52, parts, points) + struct.pack("<i", 0)
    body += b"".join(struct.pack("<2d", x, y) for x, y in ((0.1, 51), (0.1, 51.1), (0.2, 51.1), (0.1, 51)))
    return struct.pack(">ii", 1, len(body) // 2 if stated is None else stated) + body


def table(rows):
    fields = b"".join(name.ljust(11, b"\0") + b"C\0\0\0\0" + bytes([9, 0]) + bytes(14) for name in (b"code", b"name"))
    return (struct.pack("<BBBBIHH", 3, 121, 1, 1, rows, 32 + 64 + 1, 19) + bytes(20) + fields + b"\r" +
            b" E05000001Synthetic")
