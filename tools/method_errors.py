#!/usr/bin/env python3
"""The worst errors in docs/methods/README.md are measured, never typed.

method_errors.py FOLDER COMPILER BUILD: runs the tests of src/stats in FOLDER and of src/spatial beside it, which print what they measured against the
reference, and fails when the table says otherwise. On the compiler, C library, kind of processor and build that the
table names every digit must be the same; on others ten times as much, or a tenth, is allowed. --write makes the table anew.
SPDX-License-Identifier: GPL-3.0-or-later
"""
import pathlib
import platform
import re
import subprocess
import sys

root = pathlib.Path(__file__).resolve().parent.parent
INDEX = root / "docs/methods/README.md"
NONE = "no number: see the card"
NOISE = 5e-15  # below it a few units of the last place make the difference
LEAST = 40     # measurements: with fewer the tests did not print what they should


def measure(folder):
    """card -> list of (what, rows, kind, error), each what once with its largest error."""
    found = {}
    for program in [*sorted(folder.glob("test_*")), *sorted((folder.parent / "spatial").glob("test_*"))]:
        if not program.is_file() or program.suffix:
            continue
        done = subprocess.run([program], capture_output=True, text=True, cwd=root, timeout=900, check=False)
        if done.returncode not in (0, 77):
            sys.exit(f"{program.name} fails: nothing was compared")
        for line in re.findall(r"^measured: (.*)$", done.stdout + done.stderr, flags=re.M):
            card, what, rows, kind, error = line.split("; ")
            whats = found.setdefault(card, {})
            before = whats.get(what, (0, kind, 0.0))
            whats[what] = (max(int(rows), before[0]), kind, max(float(error), before[2]))
    return found


def say(whats):
    parts = []
    for what, (rows, kind, error) in whats.items():
        value = "none" if kind == "exact" or error == 0 else f"{error:.1e} {kind}"
        parts.append(f"{what} ({rows:,}): {value}")
    return "; ".join(parts)


def numbers(text):
    return re.findall(r"([^;|]+?) \([\d,]+\): (?:none|(\S+) \w+)", text)


def alike(told, now):
    """The same things measured, each error within a factor of ten, or in the noise."""
    told, now = dict(numbers(told)), dict(numbers(now))
    if told.keys() != now.keys():
        return False
    pairs = [(float(told[k] or 0), float(now[k] or 0)) for k in told]
    return all(max(a, b) <= NOISE or (a <= 10 * b and b <= 10 * a) for a, b in pairs)


def main():
    words = [w for w in sys.argv[1:] if w != "--write"]
    folder, compiler, build = pathlib.Path(words[0]), words[1], words[2]
    found = measure(folder)
    if sum(len(w) for w in found.values()) < LEAST:
        sys.exit(f"only {sum(len(w) for w in found.values())} measurements: do the tests still print them?")
    text = INDEX.read_text()
    library = " ".join(platform.libc_ver())
    flags = pathlib.Path("/proc/cpuinfo")
    fused = "with" if flags.exists() and re.search(r"\bfma\b", flags.read_text()) else "without"
    here = f"Measured with {compiler}, {library} {fused} fused multiplication, {build} build."
    is_same = here in text
    faults, seen = [], set()

    def row(match):
        card, reference, told = match[1], match[2], match[3]
        seen.add(card)
        now = say(found[card]) if card in found else NONE
        if told != now and not (not is_same and (told == now or alike(told, now))):
            faults.append(f"{card}: the table says '{told}', measured is '{now}'")
        return f"| [{card}]({card}.md) | {reference} | {now} |"

    made = re.sub(r"^\| \[([\w-]+)\]\([\w-]+\.md\) \| ([^|]*?) \| ([^|]*?) \|$", row, text, flags=re.M)
    faults += [f"{card}: measured, but it has no row" for card in sorted(found.keys() - seen)]
    if "--write" in sys.argv:
        made = re.sub(r"^Measured with .*$", here, made, flags=re.M)
        INDEX.write_text(made)
        return 0
    for text in faults:
        print(text)
    if faults:
        print(f"To write what is measured: tools/method_errors.py {folder} '{compiler}' '{build}' --write")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
