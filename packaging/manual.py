#!/usr/bin/env python3
"""The manual page of the program, made from its own help: it cannot say anything else.

manual.py PROGRAM DATE > reeve.1
SPDX-License-Identifier: GPL-3.0-or-later
"""
import re
import subprocess
import sys


def help_of(program, *words):
    return subprocess.run([program, *words, "--help"], check=True, capture_output=True, text=True).stdout


def roff(text):
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return re.sub(r"(?m)^([.'])", r"\\&\1", text)


def main():
    program, date = sys.argv[1:3]
    general = help_of(program).splitlines()
    version = general[0].rsplit(" ", 1)[-1]
    commands = [line.split()[0] for line in general if re.match(r"  [a-z]", line)]
    end = "\n".join(general[max(i for i, line in enumerate(general) if line.startswith("  ")) + 1:])
    out = [f'.TH REEVE 1 "{date}" "reeve {version}" "User Commands"',
           ".SH NAME", "reeve \\- workbench of a Community Safety Partnership",
           ".SH SYNOPSIS", ".B reeve", "COMMAND FILE \\&...", ".SH DESCRIPTION",
           "FILE is the partnership file (*.reeve): everything that is imported and computed is in it.",
           ".SH EXIT STATUS AND FURTHER HELP", ".nf", roff(end.strip()), ".fi"]
    for name in commands:
        usage, _, rest = help_of(program, name).partition("\n")
        out += [f".SH {name.upper()}".replace("-", "\\-"), ".B " + roff(usage), ".PP", ".nf", roff(rest.strip()), ".fi"]
    print("\n".join(out))


main()
