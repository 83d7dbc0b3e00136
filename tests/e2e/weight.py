"""How many elements a report may have: what a browser must take in before it shows the first line.

A number of elements, not a time, so that no busy machine decides. Measured times: bench/RESULTS.md.
SPDX-License-Identifier: GPL-3.0-or-later
"""
import re

EVIDENCE = 90  # of one finding, with all extracts that it does not share with its chapter
EVIDENCE_MEAN = 42
DRAWING = 420  # a map of 146 areas with their names
MARKS_OF_A_PHONE = 40  # paths and the like besides text, where no pointer asks for names
TABLE = 700
FRAME, PER_FINDING, PER_TABLE = 6500, 50, 200  # method cards, sources and caveats; with drawings


def elements(html):
    return len(re.findall(r"<[a-zA-Z]", html))


def over_budget(html, findings, tables):
    """What is heavier than it may be, a line each."""
    faults = []

    def at_most(most, what, number):
        if number > most:
            faults.append(f"{what}: {number:.0f} elements, at most {most}")

    evidence = re.findall(r'<section class="evidence.*?</section>', html, re.S)
    drawings = re.findall(r'<div class="(wide|narrow)">\n(<svg .*?</svg>)', html, re.S)
    written = re.findall(r'<table id="([^"]*)"(.*?)</table>', html, re.S)
    if not evidence or not drawings or not written:
        faults.append("no evidence, no drawings or no tables: the report is no longer written as it was")
        return faults
    for part in evidence:
        at_most(EVIDENCE, part[:80], elements(part))
    at_most(EVIDENCE_MEAN, "evidence of a finding, on average", sum(map(elements, evidence)) / len(evidence))
    for size, drawing in drawings:
        name = size + " drawing: " + re.search("<title[^>]*>(.*?)</title>", drawing)[1]
        at_most(DRAWING, name, elements(drawing))
        if size == "narrow":
            at_most(MARKS_OF_A_PHONE, name + ": marks", len(re.findall("<(?:path|rect|line|circle) ", drawing)))
    for name, table in written:
        at_most(TABLE, name, elements(table))
    at_most(FRAME + PER_FINDING * findings + PER_TABLE * tables,
            f"{findings} findings and {tables} tables", elements(html))
    return faults
