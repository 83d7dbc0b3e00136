# bench/peers/assess.R — the counts of an assessment (profiles by borough, LSOA, month, hour, victims and suspects)
# with data.table: what an analyst would write in R. assess.R FOLDER THREADS OUT.
# SPDX-License-Identifier: GPL-3.0-or-later
arguments <- commandArgs(trailingOnly = TRUE)
library(data.table)
setDTthreads(as.integer(arguments[2]))
paths <- sort(Sys.glob(file.path(arguments[1], "offences-*.csv")))
columns <- c("offence_id", "recorded_at", "committed_from", "offence_code", "offence_group", "category", "flags",
             "linked_offence_id", "lsoa_code", "borough_code", "outcome", "outcome_date")
offences <- rbindlist(lapply(paths, fread, fill = TRUE, showProgress = FALSE, select = columns,
                             colClasses = list(character = columns)), idcol = "file")
people <- fread(file.path(arguments[1], "people.csv"), fill = TRUE, showProgress = FALSE,
                select = c("offence_id", "role", "age", "age_band", "sex"), colClasses = list(character = "age"))

# A key of a later file supersedes the earlier row; identical rows count once.
offences[, last := max(file), by = offence_id]
held <- unique(offences[file == last])
age <- suppressWarnings(as.integer(people$age))
age[which(age < 0 | age > 120)] <- NA # a filler, then the band decides
top <- suppressWarnings(as.integer(sub("^[0-9]+-([0-9]+)$", "\\1", people$age_band)))
under <- suppressWarnings(as.integer(sub("^under-([0-9]+)$", "\\1", people$age_band)))
is_young <- (!is.na(age) & age < 25) | (is.na(age) & ((!is.na(top) & top < 25) | (!is.na(under) & under <= 25)))
young <- unique(people$offence_id[is_young & people$role %chin% c("victim", "suspect", "accused")])
bands <- c("0-9" = 0, "10-17" = 10, "18-24" = 18, "25-34" = 25, "35-49" = 35, "50-64" = 50, "65+" = 65)
least <- fifelse(is.na(age), bands[people$age_band], as.numeric(age))
names <- c("under 18", "18 to 24", "25 to 34", "35 to 49", "50 to 64", "65 and over")
people[, band := names[findInterval(least, c(0, 18, 25, 35, 50, 65))]]
people[is.na(band), band := "not recorded"]

serious <- c("homicide", "gbh", "abh", "rape", "assault-by-penetration", "sexual-assault", "personal-robbery",
             "threats-to-kill")
ids <- held$offence_id[held$offence_group %in% serious]
held <- held[offence_group != "terrorism" & !grepl("terrorism", flags, fixed = TRUE)]
held[, is_serious := offence_id %chin% ids |
       (offence_group %in% c("criminal-damage", "arson") & linked_offence_id %chin% ids)]
profiles <- list(
  "under-25" = held[(is_serious | offence_group %in% c("other-sexual", "exploitation", "weapon-possession")) &
                      offence_id %chin% young],
  "domestic-abuse" = held[is_serious & grepl("(^|;)domestic-abuse(;|$)", flags)],
  "sexual-violence" = held[offence_group %in% c("rape", "assault-by-penetration", "sexual-assault", "other-sexual")])

lines <- character()
count <- function(profile, kind, table) {
  table <- table[, .N, by = table]
  lines <<- c(lines, do.call(paste, c(list(profile, kind), unclass(table), sep = ",")))
}
for (name in names(profiles)) {
  p <- profiles[[name]]
  here <- p[borough_code == "E09000016" & substr(recorded_at, 1, 4) %in% c("2021", "2022")]
  now <- here[substr(recorded_at, 1, 4) == "2022"]
  count(name, "borough", p[substr(recorded_at, 1, 4) == "2022" & borough_code != "", .(borough_code)])
  count(name, "lsoa", now[lsoa_code != "", .(lsoa_code)])
  count(name, "month", here[, .(substr(recorded_at, 1, 7), offence_group)])
  timed <- here[nchar(committed_from) >= 16]
  count(name, "week", timed[, .((wday(as.IDate(substr(committed_from, 1, 10))) + 5) %% 7 + 1,
                                substr(committed_from, 12, 13))])
  for (who in c("victim", "suspect")) {
    count(name, who, people[role == who & sex %chin% c("female", "male") & offence_id %chin% now$offence_id, .(band, sex)])
  }
}
writeLines(sort(lines, method = "radix"), arguments[3])
