# bench/peers/fread.R — reads a street file with data.table. SPDX-License-Identifier: GPL-3.0-or-later
arguments <- commandArgs(trailingOnly = TRUE)
library(data.table)
setDTthreads(as.integer(arguments[2]))
street <- fread(arguments[1], fill = TRUE, showProgress = FALSE)
cat(nrow(street), "\n")
