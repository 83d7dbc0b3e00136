#!/usr/bin/env python3
"""ARCHITECTURE.md says who may include whom; CMake and every #include must agree with it.

Reads the table in ARCHITECTURE.md (| `src/x` | … | `a` `b` |), the DEPENDS of each rv_module and
the #include lines of each file. SPDX-License-Identifier: GPL-3.0-or-later
"""
import pathlib
import re
import sys

root = pathlib.Path(__file__).resolve().parent.parent
faults = []

allowed = {}
order = []
for line in (root / "ARCHITECTURE.md").read_text().splitlines():
    row = re.match(r"\| `src/(\w+)` \|[^|]*\|([^|]*)\|", line)
    if row:
        allowed[row[1]] = set(re.findall(r"`(\w+)`", row[2]))
        order.append(row[1])

for name, below in allowed.items():
    for other in below:
        if other not in order or order.index(other) >= order.index(name):
            faults.append(f"ARCHITECTURE.md: {name} may not use {other}: it is not further up the table")

present = sorted(p.name for p in (root / "src").iterdir() if p.is_dir() and any(p.glob("*.c")))
for name in present:
    folder = root / "src" / name
    if name not in allowed:
        faults.append(f"src/{name}: not in the table of ARCHITECTURE.md")
        continue
    text = (folder / "CMakeLists.txt").read_text()
    match = re.search(r"rv_module\(\s*%s\b(.*?)\)" % name, text, re.S)
    words = match[1].split() if match else []
    depends = set()
    if "DEPENDS" in words:
        for word in words[words.index("DEPENDS") + 1:]:
            if word.isupper():
                break
            depends.add(word)
    for extra in sorted(depends - allowed[name]):
        faults.append(f"src/{name}/CMakeLists.txt: DEPENDS {extra}, which ARCHITECTURE.md does not allow")
    for path in sorted(folder.glob("*.[ch]")):
        for number, line in enumerate(path.read_text().splitlines(), 1):
            include = re.match(r'#include "(\w+)/', line)
            if include and include[1] != name and include[1] not in allowed[name]:
                faults.append(f"{path.relative_to(root)}:{number}: {name} may not include {include[1]}")
            may_sqlite = name == "store" or (name == "read" and path.name == "geopackage.c")
            if re.match(r"#include <sqlite3", line) and not may_sqlite:
                faults.append(f"{path.relative_to(root)}:{number}: only store and the GeoPackage reader "
                              "may include sqlite3.h")

            if re.match(r"#include <microhttpd", line) and name != "web":
                faults.append(f"{path.relative_to(root)}:{number}: only web may include microhttpd.h")

for fault in faults:
    print(fault)
sys.exit(1 if faults else 0)
