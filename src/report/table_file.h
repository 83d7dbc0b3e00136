/* report/table_file.h — a table of `reeve table` as a workbook or a map layer, with what the
 * partnership file says of its sources.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_REPORT_TABLE_FILE_H
#define REEVE_REPORT_TABLE_FILE_H

#include "assess/finding.h"
#include "base/buf.h"
#include "store/store.h"

/* A workbook (report/xlsx.h) of this table alone, under a name or into an open file that is empty.
 * Errors as xlsx_write. */
RV_MUST_CHECK rv_status table_xlsx(struct store *s, struct arena *a, const struct result_table *t,
                                   const char *path, struct rv_err *reterr);
RV_MUST_CHECK rv_status table_xlsx_fd(struct store *s, struct arena *a,
                                      const struct result_table *t, int fd, struct rv_err *reterr);

/* Appends the rows with the boundaries of their areas (report/geojson.h). RV_USAGE for a table
 * without a dimension of areas. */
RV_MUST_CHECK rv_status table_geojson(struct store *s, struct arena *a,
                                      const struct result_table *t, struct buf *out,
                                      struct rv_err *reterr);

#endif
