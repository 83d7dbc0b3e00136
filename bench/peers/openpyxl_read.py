"""Reads a workbook with openpyxl, row by row. SPDX-License-Identifier: GPL-3.0-or-later"""
import sys

import openpyxl

book = openpyxl.load_workbook(sys.argv[1], read_only=True, data_only=True)
print(sum(1 for _ in book.worksheets[0].iter_rows(values_only=True)) - 1)
