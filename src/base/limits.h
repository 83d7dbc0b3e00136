/* base/limits.h — every ceiling of the program in one place, each with its reason.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_BASE_LIMITS_H
#define REEVE_BASE_LIMITS_H

#include <stddef.h>

#define LIMIT_FIELD_BYTES      ((size_t)65536)     /* one CSV cell; longer is a broken quote */
#define LIMIT_ROW_BYTES        ((size_t)1 << 20)   /* one CSV record */
#define LIMIT_COLUMNS          1024                /* columns of an input file */
#define LIMIT_CHUNK_ROWS       65536               /* rows of a stored chunk */
#define LIMIT_CHUNK_BYTES      ((size_t)256 << 20) /* one decoded text chunk: 4 kB a row */
#define LIMIT_DICTIONARY_BYTES ((size_t)1 << 30)   /* all values of one dictionary together */
#define LIMIT_DICTIONARY       ((size_t)1 << 22)   /* distinct values of one category column */
#define LIMIT_QUARANTINE       100000             /* quarantined rows kept word for word per file */
#define LIMIT_JSON_BYTES       ((size_t)64 << 20) /* a profile, a definition, a codebook */
#define LIMIT_BOUNDARY_BYTES   ((size_t)512 << 20) /* a boundary file; GeoJSON is held whole */
#define LIMIT_FEATURES         ((size_t)1 << 19)   /* areas of one boundary file */
#define LIMIT_ATTRIBUTE_BYTES  ((size_t)128 << 20) /* all property values of one boundary file */
#define LIMIT_GEOMETRY_POINTS  ((size_t)1 << 24)   /* vertices of one boundary file */
#define LIMIT_BLOB_BYTES       ((size_t)64 << 20)  /* one row of a GeoPackage */
#define LIMIT_REPORT_BYTES     ((size_t)64 << 20)  /* one HTML report */
#define LIMIT_ARENA_BYTES      ((size_t)8 << 30)   /* default ceiling of a job's arena */
#define LIMIT_GZIP_BYTES       ((size_t)64 << 30)  /* inflated size of one .gz */
#define LIMIT_RUN_BYTES        ((size_t)256 << 20) /* files to or from an outside program */
#define LIMIT_ARCHIVE_BYTES    ((size_t)64 << 30)  /* unpacked size of all members of one .zip */
#define LIMIT_ARCHIVE_MEMBERS                                                                      \
    20000                         /* members of one .zip: three years of all forces have 5,000     \
                                   */
#define LIMIT_MEMBER_NAME    1024 /* bytes of a member's name */
#define LIMIT_XML_DEPTH      64   /* elements inside each other; a sheet has 8 */
#define LIMIT_XML_TOKEN      ((size_t)1 << 20) /* one tag with its attributes, one comment */
#define LIMIT_SHEETS         1000              /* sheets of one workbook */
#define LIMIT_SHEET_ROWS     1048576           /* rows of a sheet: what Excel has */
#define LIMIT_SHEET_COLUMNS  16384             /* columns of a sheet: likewise */
#define LIMIT_CELL_FORMATS   65536             /* cell formats of a workbook: likewise */
#define LIMIT_CUSTOM_FORMATS 4096 /* number formats of a workbook: Excel has at most 250 */
#define LIMIT_SHARED_STRINGS ((size_t)1 << 26) /* distinct texts of a workbook */
#define LIMIT_UNPACKED_RATIO 250 /* unpacked to packed size of text and workbooks: below 100 */
#define LIMIT_RATIO_FROM     ((size_t)256 << 20) /* unpacked size from which the ratio counts */
#define LIMIT_THREADS        64

#endif
