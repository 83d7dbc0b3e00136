# bench/peers/stats_areas.R — what bench_stats_areas.c does, as it is usually written in R, on the same
# data: pbinom of all pairs with p.adjust for the sets, and rake of the package survey.
# SPDX-License-Identifier: GPL-3.0-or-later
arguments <- commandArgs(trailingOnly = TRUE)
path <- file.path(arguments[1], "stats-areas.bin")
all <- readBin(path, "double", file.size(path) / 8)
areas <- matrix(all[1:(2 * 4835)], nrow = 2)
targets <- matrix(all[2 * 4835 + 1:96], nrow = 16)
codes <- matrix(all[-(1:(2 * 4835 + 96))], ncol = 6)
rm(all)

say <- function(what, n, seconds) {
  cat(sprintf("%-44s %10d  %8.4f s  %8.2f ns each\n", what, n, seconds, 1e9 * seconds / n))
}
took <- function(expression) system.time(expression)[["elapsed"]]

# every ordered pair by the exact one-sided test, Holm over all of them, without a loop
sets <- function(counts, populations) {
  n <- length(counts)
  j <- rep(seq_len(n), n); k <- rep(seq_len(n), each = n)
  keep <- j != k; j <- j[keep]; k <- k[keep]
  p <- pbinom(counts[j] - 1, counts[j] + counts[k], populations[j] / (populations[j] + populations[k]), lower.tail = FALSE)
  ahead <- p.adjust(p, "holm") < 0.05
  low <- 1 + tabulate(k[ahead], n)
  high <- n - tabulate(j[ahead], n)
  mean(high - low)
}
for (n in c(32, 632, 4835)) {
  seconds <- took(width <- sets(areas[1, 1:n], areas[2, 1:n]))
  say("R ranks: pbinom of all pairs, p.adjust", n, seconds)
  cat(sprintf("%-44s %10d  mean width %.6f\n", "R ranks: to compare", n, width))
  gc()
}

if (!suppressWarnings(suppressMessages(require(survey, quietly = TRUE)))) {
  cat("R survey: skipped, the package is not installed\n")
  quit(status = 0)
}
for (n in c(1000, 10000, 100000)) {
  people <- as.data.frame(lapply(1:6, function(m) factor(codes[1:n, m])))
  names(people) <- paste0("m", 1:6)
  design <- svydesign(ids = ~1, data = people, weights = rep(1, n))
  population <- lapply(1:6, function(m) {
    values <- targets[targets[, m] > 0, m]
    setNames(data.frame(factor(seq_along(values) - 1), values), c(paste0("m", m), "Freq"))
  })
  samples <- lapply(names(people), function(name) as.formula(paste("~", name)))
  # its epsilon is of the margins' totals: the same closeness as 1e-8 of a weight
  seconds <- took(raked <- rake(design, samples, population, control = list(maxit = 1000, epsilon = 1e-8 * 200000 / n, verbose = FALSE)))
  say("R survey rake to 6 margins", n, seconds)
  cat(sprintf("%-44s %10d  weight of the first %.9g\n", "R survey rake: to compare", n, weights(raked)[1]))
}
