# bench/peers/readxl.R — reads a workbook with readxl. SPDX-License-Identifier: GPL-3.0-or-later
path <- commandArgs(trailingOnly = TRUE)[1]
street <- readxl::read_excel(path, progress = FALSE)
cat(nrow(street), "\n")
