/* report/findings.h — findings as JSON, CSV and plain text, and their stored form.
 *
 * Reals have 12 significant digits; not available is null in JSON and an empty cell in CSV.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_REPORT_FINDINGS_H
#define REEVE_REPORT_FINDINGS_H

#include "assess/finding.h"
#include "base/arena.h"
#include "base/buf.h"
#include "report/format.h"

/* How a number of the finding is written for a person, as its unit asks. */
enum format_kind finding_number_kind(const struct finding *f, double value);

/* Field names and order of formats.md section 6: one array of objects, periods as "YYYY-MM",
 * sources as {"extract": 3, "sha256": "…"}. Ends with a line feed. */
RV_MUST_CHECK rv_status findings_json(const struct finding *findings, size_t count, struct buf *out,
                                      struct rv_err *reterr);

/* The same columns; caveats joined by " | ", sources as "3:sha256" joined by " ". CRLF line ends
 * (RFC 4180). */
RV_MUST_CHECK rv_status findings_csv(const struct finding *findings, size_t count, struct buf *out,
                                     struct rv_err *reterr);

/* What `reeve why` prints: sentence, verdict, numbers, method card, query, extracts, records in,
 * out and unknown (slots records_in, records_out, records_unknown where the finding has them). */
RV_MUST_CHECK rv_status finding_why_text(const struct finding *f, struct buf *out,
                                         struct rv_err *reterr);

/* The whole record, slots included, without the name of its table, as one JSON object without line
 * feeds: what the store keeps.
 * Numbers have 17 significant digits, so that finding_from_json gives back the same bits. */
RV_MUST_CHECK rv_status finding_to_json(const struct finding *f, struct buf *out,
                                        struct rv_err *reterr);
RV_MUST_CHECK rv_status finding_from_json(struct arena *a, struct text json, struct finding *ret,
                                          struct rv_err *reterr);

#endif
