#!/usr/bin/env python3
"""Makes a workbook of a synthetic street file, cell by cell as Excel stores it: every text in the shared strings.

make_workbook.py STREET.csv ROWS OUT.xlsx ; at most as many rows as a sheet has. SPDX-License-Identifier: GPL-3.0-or-later
"""
import csv
import hashlib
import itertools
import sys
import zipfile
from xml.sax.saxutils import escape

MOST_ROWS = 1048575  # beside the header
LETTERS = "ABCDEFGHIJKLM"
NUMBERS = ("Longitude", "Latitude")
NAMESPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"
PARTS = {
    "[Content_Types].xml":
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{SPREADSHEET}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{SPREADSHEET}.worksheet+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{SPREADSHEET}.styles+xml"/>'
        f'<Override PartName="/xl/sharedStrings.xml" ContentType="{SPREADSHEET}.sharedStrings+xml"/></Types>',
    "_rels/.rels":
        f'<Relationships xmlns="{RELATIONS}"><Relationship Id="rId1" Type="{OFFICE}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml":
        f'<workbook xmlns="{NAMESPACE}" xmlns:r="{OFFICE}"><sheets><sheet name="Street" sheetId="1" r:id="rId1"/>'
        '</sheets></workbook>',
    "xl/_rels/workbook.xml.rels":
        f'<Relationships xmlns="{RELATIONS}"><Relationship Id="rId1" Type="{OFFICE}/worksheet" '
        f'Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="{OFFICE}/styles" Target="styles.xml"/>'
        f'<Relationship Id="rId3" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
    "xl/styles.xml":
        f'<styleSheet xmlns="{NAMESPACE}"><fonts count="1"><font/></fonts><fills count="1"><fill><patternFill patternType="none"/></fill></fills>'
        '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
        '<cellXfs count="1"><xf/></cellXfs></styleSheet>',
}


def rows_as_xml(rows, strings):
    numbers = ()
    for number, row in enumerate(rows, 1):
        out = [f'<row r="{number}">']
        for letter, name, cell in zip(LETTERS, itertools.chain(numbers, itertools.repeat(None)), row):
            if cell and name in NUMBERS:
                out.append(f'<c r="{letter}{number}"><v>{cell}</v></c>')
            elif cell:
                out.append(f'<c r="{letter}{number}" t="s"><v>{strings.setdefault(cell, len(strings))}</v></c>')
        numbers = numbers or tuple(row)
        yield "".join(out) + "</row>"


def note_of(i):
    """A column that no profile names, which makes the largest workbook one of 100 MB."""
    return hashlib.sha256(str(i).encode()).hexdigest()[:24] if i else "Supplier's note"


def main():
    source, most, path = sys.argv[1], min(int(sys.argv[2]), MOST_ROWS), sys.argv[3]
    strings = {}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as out, open(source, newline="") as file:
        for name, text in PARTS.items():
            out.writestr(name, '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n' + text)
        rows = (row + [note_of(i)] for i, row in enumerate(itertools.islice(csv.reader(file), most + 1)))
        with out.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            sheet.write(f'<worksheet xmlns="{NAMESPACE}"><sheetData>'.encode())
            made = rows_as_xml(rows, strings)
            while piece := "".join(itertools.islice(made, 5000)):
                sheet.write(piece.encode())
            sheet.write(b"</sheetData></worksheet>")
        with out.open("xl/sharedStrings.xml", "w", force_zip64=True) as part:
            part.write(f'<sst xmlns="{NAMESPACE}" uniqueCount="{len(strings)}">'.encode())
            texts = iter(strings)
            while piece := "".join(f"<si><t>{escape(t)}</t></si>" for t in itertools.islice(texts, 5000)):
                part.write(piece.encode())
            part.write(b"</sst>")


if __name__ == "__main__":
    main()
