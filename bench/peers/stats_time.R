# bench/peers/stats_time.R — what bench_stats_time.c does, as it is usually written in R, on the same
# data. SPDX-License-Identifier: GPL-3.0-or-later
arguments <- commandArgs(trailingOnly = TRUE)
path <- file.path(arguments[1], "stats-time.bin")
rows <- matrix(readBin(path, "double", file.size(path) / 8), nrow = 3)
minutes <- as.integer(rows[1, ]); start <- rows[2, ]; end <- rows[3, ]
rm(rows)

say <- function(what, n, seconds) {
  cat(sprintf("%-44s %10d  %8.4f s  %8.2f ns each\n", what, n, seconds, 1e9 * seconds / n))
}
took <- function(expression) system.time(expression)[["elapsed"]]

# each minute against its nearest equally round neighbours, binom.test and p.adjust
class_of <- function(m) ifelse(m %% 60 == 0, 1, ifelse(m %% 30 == 0, 2, ifelse(m %% 15 == 0, 3, ifelse(m %% 5 == 0, 4, 5))))
heaping <- function(minutes) {
  x <- tabulate(minutes + 1L, 1440)
  classes <- class_of(0:1439)
  suspects <- c(0, 1, 719, 720, 721, 1439)
  p <- vapply(0:1439, function(m) {
    others <- setdiff(which(classes == classes[m + 1]) - 1, c(m, suspects))
    away <- pmin(abs(others - m), 1440 - abs(others - m))
    k <- if (classes[m + 1] >= 4) 10 else 4
    near <- others[order(away, others)][seq_len(k)]
    s <- sum(x[near + 1])
    if (x[m + 1] + s == 0) 1 else binom.test(x[m + 1], x[m + 1] + s, 1 / (k + 1), "greater")$p.value
  }, 0)
  p.adjust(p, "holm")
}

# hour by hour over all intervals that still last
aoristic <- function(start, end) {
  week <- numeric(168)
  length <- end - start
  add <- function(cell, weight) {
    sums <- rowsum(weight, cell)
    at <- as.integer(rownames(sums)) + 1L
    week[at] <<- week[at] + sums[, 1]
  }
  moment <- length == 0
  add((start[moment] %/% 3600 + 72) %% 168, rep(1, sum(moment)))
  s <- start[!moment]; e <- end[!moment]; d <- length[!moment]
  hour <- s %/% 3600
  while (length(s) > 0) {
    add((hour + 72) %% 168, (pmin(e, (hour + 1) * 3600) - pmax(s, hour * 3600)) / d)
    on <- e > (hour + 1) * 3600
    s <- s[on]; e <- e[on]; d <- d[on]; hour <- hour[on] + 1
  }
  week
}

modal <- function(minutes, replicates = 10000) {
  counts <- tabulate(minutes[minutes != 1] %/% 60L + 1L, 24)
  drawn <- rmultinom(replicates, sum(counts), counts)
  tabulate(max.col(t(drawn)), 24) / replicates
}

for (n in c(20000, 200000, 2000000)) {
  i <- seq_len(n)
  say("R heaping: tabulate, binom.test, p.adjust", n, took(heaping(minutes[i])))
  say("R aoristic: hour by hour, vectorised", n, took(week <- aoristic(start[i], end[i])))
  seconds <- took(modal(minutes[i]))
  cat(sprintf("%-44s %10d  %8.4f s  %8.2f us a replicate\n", "R modal hour: rmultinom, 10,000 replicates", n, seconds, 1e2 * seconds))
}
cat(sprintf("%-44s Friday 15:00 %.6f, Sunday 02:00 %.6f\n", "R aoristic: to compare", week[4 * 24 + 16], week[6 * 24 + 3]))
