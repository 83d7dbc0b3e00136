#!/usr/bin/env python3
"""Rules of the project that no general tool knows: banned functions, sizes, headers, SQL in C.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import pathlib
import re
import subprocess
import sys

root = pathlib.Path(__file__).resolve().parent.parent
FILE_LINES, HEADER_LINES, FUNCTION_LINES = 600, 260, 60

# function -> what to use instead
BANNED = {
    "strcpy": "text.h", "strcat": "buf.h", "sprintf": "snprintf", "vsprintf": "vsnprintf",
    "strtok": "text_split", "atoi": "parse_int", "atol": "parse_int", "atof": "parse_real",
    "sscanf": "parse.h", "gets": "file.h", "setlocale": "nothing: output must not depend on a locale",
    "alloca": "an arena", "system": "the helper process", "popen": "the helper process",
    "sqlite3_exec": "a named statement", "rand": "a counter-based stream",
    "localtime": "civil.h", "mktime": "civil.h",
}
MEMORY = {"malloc", "calloc", "realloc", "free", "strdup", "strndup", "asprintf"}

faults = []


def fault(path, number, text):
    faults.append(f"{path.relative_to(root)}:{number}: {text}")


def strip_comments_and_strings(text):
    """Comments and string contents become spaces; line numbers stay."""
    pattern = r'/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])\''
    return re.sub(pattern, lambda m: re.sub(r"[^\n]", " ", m[0]), text, flags=re.S)


def check_functions(path, lines):
    start = None
    for number, line in enumerate(lines, 1):
        if line.startswith("{"):
            start = number
        elif line.startswith("}") and start:
            if number - start > FUNCTION_LINES:
                fault(path, start, f"a function of {number - start} lines (at most {FUNCTION_LINES})")
            start = None


def check_cleanups(path, lines):
    """What is cleaned up on every return must be set before the first of them."""
    for number, line in enumerate(lines, 1):
        found = re.search(r"RV_CLEANUP\(\w+\)\s+struct \w+ (\w+);|struct \w+ (\w+) RV_CLEANUP\(\w+\);", line)
        if found:
            name = found[1] or found[2]
            if not any(re.search(rf"_(init|open)\(&{name}\b", after) for after in lines[number:number + 4]):
                fault(path, number, f"{name} is cleaned up but not set where it is declared")


def check_source(path):
    text = path.read_text()
    lines = text.splitlines()
    module = path.parent.name
    is_source = path.relative_to(root).parts[0] == "src"
    limit = HEADER_LINES if path.suffix == ".h" else FILE_LINES
    if len(lines) > limit:
        fault(path, len(lines), f"{len(lines)} lines (at most {limit}): would two nouns be clearer?")
    if "SPDX-License-Identifier: GPL-3.0-or-later" not in "\n".join(lines[:40]):
        fault(path, 1, "no SPDX line in the header comment")
    if not re.match(r"/\* [\w/.-]+ — ", lines[0]):
        fault(path, 1, "the first line is '/* path — purpose'")
    code = strip_comments_and_strings(text)
    for number, line in enumerate(code.splitlines(), 1):
        for name in re.findall(r"\b([a-z_0-9]+)\s*\(", line):
            if name in BANNED:
                fault(path, number, f"{name} is banned: use {BANNED[name]}")
            if name in MEMORY and is_source and path.name != "memory.c":
                if not re.search(r"NOLINT\(memory\): \w", lines[number - 1]):
                    fault(path, number, f"{name}: memory comes from base/memory.h or an arena")
        if len(lines[number - 1]) > 100:
            fault(path, number, "a line over 100 characters")
    for number, line in enumerate(lines, 1):
        if module != "store" and path.name != "geopackage.c" and is_source:  # another's database
            if re.search(r'"\s*(SELECT|INSERT INTO|UPDATE|DELETE FROM) ', line):
                fault(path, number, "SQL belongs in sql/statements")
        if re.search(r"\b(TODO|FIXME|XXX|HACK)\b", line):
            fault(path, number, "no unfinished work in the tree: make an issue of it")
    check_functions(path, lines)
    check_cleanups(path, lines)


def check_names(paths):
    """No two files define one name that others can see: as static libraries they link silently, and
    which of the two runs depends on the order of the libraries."""
    pattern = (r"^(?!static\b|extern\b|typedef\b|return\b|else\b)[A-Za-z_][\w \t*\n]*?\b([A-Za-z_]\w*)"
               r"(?:\((?:[^;{}()]|\([^()]*\))*\)\n\{|(?:\[[^\]]*\])*\s*=[^=])")
    found = {}
    for path in paths:
        code = strip_comments_and_strings(path.read_text())
        code = re.sub(r"^[ \t]*#(?:[^\n]*\\\n)*[^\n]*", lambda m: re.sub(r"[^\n]", " ", m[0]), code, flags=re.M)
        for match in re.finditer(pattern, code, flags=re.M):
            number = code.count("\n", 0, match.start(1)) + 1
            if match[1] != "main" and match[1] in found:
                first, line = found[match[1]]
                fault(path, number, f"{match[1]} is also defined at {first.relative_to(root)}:{line}: make one "
                                    "static, or give it another name")
            found.setdefault(match[1], (path, number))
    return len(found)


listed = subprocess.run(["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.c", "*.h"],
                        cwd=root, check=True, capture_output=True, text=True).stdout.split()
for name in listed:
    path = root / name
    if path.exists() and name.split("/")[0] in ("src", "synth"):
        check_source(path)

defined = check_names([root / n for n in listed if n.startswith("src/") and n.endswith(".c") and (root / n).exists()])
if defined < 100:  # the pattern must fit how functions are written here
    faults.append(f"tools/check_code.py: only {defined} definitions found in src")

for item in faults:
    print(item)
sys.exit(1 if faults else 0)
