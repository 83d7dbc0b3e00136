#!/usr/bin/env python3
"""Every public function of src/stats and src/spatial says where it comes from, how it was checked, and has a card.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import pathlib
import re
import sys

root = pathlib.Path(__file__).resolve().parent.parent
CARDS = root / "docs/methods"
SECTIONS = ["What it answers", "Formula", "Parameters and defaults", "Assumptions",
            "When not to use it", "Source", "How it was checked", "Cost"]

faults = []
cards_named = set()


def fault(path, text):
    faults.append(f"{path.relative_to(root)}: {text}")


def declarations(text):
    """(name, doc comment) of each function that a header declares; the comment is '' without one."""
    pattern = r"(/\*(?:(?!\*/).)*\*/)?\s*\n((?:[A-Za-z_][\w \t*]*?[ \t*])([a-z]\w*)\([^;{}]*\);)"
    for match in re.finditer(pattern, text, flags=re.S):
        if not match[2].startswith(("#", "typedef", "return")):
            yield match[3], match[1] or ""


def check_header(path):
    text = path.read_text()
    found = 0
    for name, doc in declarations(text):
        found += 1
        for field in ("Source:", "Checked:", "Card:"):
            if field not in doc:
                fault(path, f"{name} has no '{field}' in its docstring")
        for card in re.findall(r"Card:\s+([a-z0-9-]+)", doc):
            cards_named.add(card)
            if not (CARDS / f"{card}.md").exists():
                fault(path, f"{name} names the card {card}, but docs/methods/{card}.md is not there")
    if not found and "static inline" not in text:  # helpers of the module, no statistics
        fault(path, "no function declaration found: is the header written as the others?")


def check_card(path, index):
    text = path.read_text()
    for section in SECTIONS:
        body = re.search(rf"^## {section}\n(.*?)(?=^## |\Z)", text, flags=re.S | re.M)
        if not body or not body[1].strip():
            fault(path, f"no section '{section}'")
    if path.stem not in cards_named:
        fault(path, "neither a public function of src/stats or src/spatial nor a finding names this card")
    if not re.search(rf"^\| \[{re.escape(path.stem)}\]\(", index, flags=re.M):
        fault(path, "no row in docs/methods/README.md")
    for table in re.findall(r"tests/[\w./-]+", text):
        if not (root / table.rstrip(".")).exists():
            fault(path, f"names {table}, which is not there")


def check_assess():
    """Every method that a finding names has its card: the report prints it."""
    for path in sorted((root / "src/assess").glob("*.c")):
        for card in re.findall(r'method = "([\w-]+)"', path.read_text()):
            cards_named.add(card)
            if not (CARDS / f"{card}.md").exists():
                fault(path, f"a finding names the method {card}, but docs/methods/{card}.md is not there")


def main():
    no_statistic = {"internal.h", "sum.h", "counts.h"}  # shared pieces without a result that is published
    headers = [h for module in ("stats", "spatial") for h in sorted((root / "src" / module).glob("*.h"))
               if h.name not in no_statistic]
    for header in headers:
        check_header(header)
    check_assess()
    index_path = CARDS / "README.md"
    index = index_path.read_text() if index_path.exists() else ""
    cards = sorted(c for c in CARDS.glob("*.md") if c.name != "README.md")
    for card in cards:
        check_card(card, index)
    for text in faults:
        print(text, file=sys.stderr)
    if not faults:
        print(f"method cards: {len(cards)} cards, {len(headers)} headers, nothing missing")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
