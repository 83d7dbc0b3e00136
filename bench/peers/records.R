# bench/peers/records.R — offences and people read with data.table, and the under-25 profile counted: what an
# analyst would write in R. SPDX-License-Identifier: GPL-3.0-or-later
arguments <- commandArgs(trailingOnly = TRUE)
library(data.table)
setDTthreads(as.integer(arguments[3]))
paths <- sort(Sys.glob(file.path(arguments[2], "offences-*.csv")))
text <- list(character = c("offence_id", "recorded_at", "committed_from", "committed_to", "offence_group", "flags",
                           "linked_offence_id", "outcome_date", "easting", "northing"))
offences <- rbindlist(lapply(paths, fread, fill = TRUE, showProgress = FALSE, colClasses = text), idcol = "file")
people <- fread(file.path(arguments[2], "people.csv"), fill = TRUE, showProgress = FALSE)
if (arguments[1] == "count") {
  age <- suppressWarnings(as.integer(people$age))
  age[which(age < 0 | age > 120)] <- NA # a filler, then the band decides
  top <- suppressWarnings(as.integer(sub("^[0-9]+-([0-9]+)$", "\\1", people$age_band)))
  under <- suppressWarnings(as.integer(sub("^under-([0-9]+)$", "\\1", people$age_band)))
  is_young <- (!is.na(age) & age < 25) | (is.na(age) & ((!is.na(top) & top < 25) | (!is.na(under) & under <= 25)))
  young <- unique(people$offence_id[is_young])
  offences[, last := max(file), by = offence_id]
  held <- unique(offences[file == last])
  serious <- c("homicide", "gbh", "abh", "rape", "assault-by-penetration", "sexual-assault", "personal-robbery",
               "threats-to-kill")
  ids <- held$offence_id[held$offence_group %in% serious]
  held <- held[offence_group != "terrorism" & !grepl("terrorism", flags, fixed = TRUE) & offence_id %chin% young]
  held <- held[offence_group %in% c(serious, "other-sexual", "exploitation", "weapon-possession") |
               (offence_group %in% c("criminal-damage", "arson") & linked_offence_id %chin% ids)]
  counts <- held[, .N, by = offence_group]
  writeLines(sort(paste(counts$offence_group, counts$N, sep = ",")), arguments[4])
}
cat(nrow(offences), nrow(people), "\n")
