/* tests/read/shapes.h — shapefiles and GeoPackages made by hand, byte by byte.
 *
 * Include after check.h. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_TESTS_SHAPES_H
#define REEVE_TESTS_SHAPES_H

#include "base/buf.h"
#include "read/shapefile.h"

static inline void put_big(struct buf *b, uint32_t x)
{
    for (int i = 24; i >= 0; i -= 8) {
        buf_char(b, (char)(x >> i & 0xFF));
    }
}

static inline void put_little(struct buf *b, uint32_t x, int bytes)
{
    for (int i = 0; i < bytes; i++) {
        buf_char(b, (char)(x >> (8 * i) & 0xFF));
    }
}

static inline void put_real(struct buf *b, double x)
{
    buf_put(b, &x, sizeof x); /* the machines this is tested on are little-endian */
}

/* Overwrites bytes already there. */
static inline void patch(struct buf *b, size_t at, const void *bytes, size_t n)
{
    CHECK(at + n <= b->n);
    memcpy(b->bytes + at, bytes, n);
}

static inline void patch_big(struct buf *b, size_t at, uint32_t x)
{
    const unsigned char bytes[4] = {(unsigned char)(x >> 24), (unsigned char)(x >> 16),
                                    (unsigned char)(x >> 8), (unsigned char)x};
    patch(b, at, bytes, 4);
}

/* ---- a shapefile ---- */

struct shp_maker {
    struct buf shp, shx, dbf;
    uint32_t count, type;
    size_t record; /* where the open one begins in shp */
};

static inline void shp_header(struct buf *b, uint32_t type)
{
    put_big(b, 9994);
    for (int i = 0; i < 6; i++) {
        put_big(b, 0); /* the sixth is the length, put right at the end */
    }
    put_little(b, 1000, 4);
    put_little(b, type, 4);
    for (int i = 0; i < 8; i++) {
        put_real(b, 0);
    }
}

#define CODE_WIDTH 9
#define NAME_WIDTH 20

static inline void shp_begin(struct shp_maker *m, uint32_t type)
{
    static const char zeros[32] = "";
    *m = (struct shp_maker){.type = type};
    buf_init(&m->shp, (size_t)1 << 24);
    buf_init(&m->shx, (size_t)1 << 24);
    buf_init(&m->dbf, (size_t)1 << 24);
    shp_header(&m->shp, type);
    shp_header(&m->shx, type);
    put_little(&m->dbf, 3 | 126u << 8 | 11u << 16 | 22u << 24, 4);
    put_little(&m->dbf, 0, 4);
    put_little(&m->dbf, 32 + 2 * 32 + 1, 2);
    put_little(&m->dbf, 1 + CODE_WIDTH + NAME_WIDTH, 2);
    buf_put(&m->dbf, zeros, 20);
    static const char *const names[2] = {"CODE", "NAME"};
    static const unsigned char widths[2] = {CODE_WIDTH, NAME_WIDTH};
    for (int i = 0; i < 2; i++) {
        char field[32] = "";
        memcpy(field, names[i], 4);
        field[11] = 'C';
        field[16] = (char)widths[i];
        buf_put(&m->dbf, field, sizeof field);
    }
    buf_char(&m->dbf, '\r');
}

/* One shape and its row. rings[r] has counts[r] points. */
static inline void shp_add(struct shp_maker *m, const double *const *rings, const uint32_t *counts,
                           uint32_t ring_count, const char *code, const char *name)
{
    uint32_t points = 0;
    size_t at = m->shp.n;
    m->record = at;
    put_big(&m->shp, ++m->count);
    put_big(&m->shp, 0);
    put_little(&m->shp, ring_count ? m->type : 0, 4);
    for (uint32_t r = 0; r < ring_count; r++) {
        points += counts[r];
    }
    for (int i = 0; i < 4 && ring_count; i++) {
        put_real(&m->shp, 0);
    }
    if (ring_count) {
        put_little(&m->shp, ring_count, 4);
        put_little(&m->shp, points, 4);
    }
    for (uint32_t r = 0, start = 0; r < ring_count; start += counts[r++]) {
        put_little(&m->shp, start, 4);
    }
    for (uint32_t r = 0; r < ring_count; r++) {
        buf_put(&m->shp, rings[r], 2 * counts[r] * sizeof(double));
    }
    if (m->type == 15 && ring_count) { /* heights, range first */
        for (uint32_t i = 0; i < points + 2; i++) {
            put_real(&m->shp, 7);
        }
    }
    uint32_t words = (uint32_t)(m->shp.n - at - 8) / 2;
    patch_big(&m->shp, at + 4, words);
    put_big(&m->shx, (uint32_t)at / 2);
    put_big(&m->shx, words);
    char row[1 + CODE_WIDTH + NAME_WIDTH];
    memset(row, ' ', sizeof row);
    memcpy(row + 1, code, strlen(code));
    memcpy(row + 1 + CODE_WIDTH, name, strlen(name));
    buf_put(&m->dbf, row, sizeof row);
}

static inline void shp_end(struct shp_maker *m)
{
    patch_big(&m->shp, 24, (uint32_t)m->shp.n / 2);
    patch_big(&m->shx, 24, (uint32_t)m->shx.n / 2);
    const unsigned char rows[4] = {(unsigned char)m->count, (unsigned char)(m->count >> 8), 0, 0};
    patch(&m->dbf, 4, rows, 4);
    buf_char(&m->dbf, 0x1A);
}

static inline void shp_done(struct shp_maker *m)
{
    buf_done(&m->shp);
    buf_done(&m->shx);
    buf_done(&m->dbf);
}

static inline struct shapefile_bytes shp_bytes(const struct shp_maker *m, const char *prj,
                                               const char *cpg)
{
    return (struct shapefile_bytes){buf_view(&m->shp), buf_view(&m->shx), buf_view(&m->dbf),
                                    text_of(prj), text_of(cpg)};
}

/* ---- well-known text ---- */

#define PRJ_GRID                                                                                   \
    "PROJCS[\"British_National_Grid\",GEOGCS[\"GCS_OSGB_1936\",DATUM[\"D_OSGB_1936\","             \
    "SPHEROID[\"Airy_1830\",6377563.396,299.3249646]],PRIMEM[\"Greenwich\",0.0],"                  \
    "UNIT[\"Degree\",0.0174532925199433]],PROJECTION[\"Transverse_Mercator\"],"                    \
    "PARAMETER[\"False_Easting\",400000.0],PARAMETER[\"False_Northing\",-100000.0],"               \
    "PARAMETER[\"Central_Meridian\",-2.0],PARAMETER[\"Scale_Factor\",0.9996012717],"               \
    "PARAMETER[\"Latitude_Of_Origin\",49.0],UNIT[\"Meter\",1.0]]"
#define PRJ_WGS84                                                                                  \
    "GEOGCS[\"GCS_WGS_1984\",DATUM[\"D_WGS_1984\",SPHEROID[\"WGS_1984\",6378137.0,"                \
    "298.257223563]],PRIMEM[\"Greenwich\",0.0],UNIT[\"Degree\",0.0174532925199433]]"

#endif
