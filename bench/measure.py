#!/usr/bin/env python3
"""Runs one command and prints seconds, processor seconds and peak memory as one line.

measure.py NAME MEGABYTES command… ; MEGABYTES 0 = no rate. With GOAL in the environment the goal of
the design is printed beside. SPDX-License-Identifier: GPL-3.0-or-later
"""
import os
import subprocess
import sys
import time

name, megabytes, command = sys.argv[1], float(sys.argv[2]), sys.argv[3:]
began = time.monotonic()
process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
error = process.stderr.read().decode(errors="replace")
_, status, usage = os.wait4(process.pid, 0)
seconds = time.monotonic() - began
code = os.waitstatus_to_exitcode(status)
line = f"{name:<44} {seconds:8.3f} s"
line += f" {megabytes / seconds:8.0f} MB/s" if megabytes else " " * 14
line += f"  cpu {usage.ru_utime + usage.ru_stime:7.2f} s  peak {usage.ru_maxrss / 1024:6.0f} MB"
goal = os.environ.get("GOAL")
print(line + (f"   goal: {goal}" if goal else ""), flush=True)
if code not in ((0, 1) if os.path.basename(command[0]) == "reeve" else (0,)):  # reeve: 1 = look at the report
    sys.exit(f"{command[0]} exited with {code}: {error[-400:]}")
