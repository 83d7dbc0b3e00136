/* read/xlsx_sheet.c — the cells of one sheet as lines of CSV.
 *
 * worksheet > sheetData > row > c > (v | is > (t | r > t)). Places come from the references of
 * rows and cells ("B7"), which may leave gaps but never go back. The size that a sheet claims
 * ("dimension") is not looked at. SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/limits.h"
#include "base/memory.h"
#include "base/parse.h"
#include "read/xlsx.h"
#include "read/xml.h"

#include <string.h>

#define BOOK_BYTES   ((size_t)64 << 20) /* ceiling: sheets, relationships, formats */
#define PAUSE_BYTES  ((size_t)256 << 10)
#define OUT_BYTES    ((size_t)16 << 20) /* ceiling: a pause and what one event adds */
#define GROWTH_FROM  ((int64_t)64 << 20)
#define GROWTH_RATIO 50 /* CSV to XML: shared texts make it a few times larger */
#define DATA_DEPTH   2  /* of <sheetData>; rows, cells and values lie 1, 2 and 3 deeper */

enum cell_type { CELL_NUMBER, CELL_SHARED, CELL_TEXT, CELL_BOOLEAN, CELL_AS_IT_IS };

struct sheet_stream {
    struct stream stream;
    struct archive *owned;
    const struct archive *archive;
    struct arena a;
    struct book book;
    const struct book_sheet *sheet;
    struct cell_formats formats;
    struct strings *strings;
    struct xml *xml;
    bool is_ended;
    struct buf out;
    size_t out_at;   /* given out */
    int64_t written; /* to `out`, in all */

    int depth;      /* of elements */
    bool is_data;   /* inside <sheetData> */
    int skip_depth; /* inside an element of a cell that is no text; 0 = not */

    int64_t row, lines;  /* of the sheet, from 1; line ends written */
    int64_t column;      /* last of the row, from 0; -1 = none */
    int64_t separators;  /* written in this row */
    int64_t filled;      /* cells with content in this row */
    int64_t row_from;    /* `written` where it began */
    int64_t width;       /* cells of the first row with two of them; 0 = none yet */
    enum cell_type type; /* of the cell */
    int64_t style;       /* of the cell */
    bool has_value, has_formula, is_gathering;
    struct buf cell;
};

static void sheet_close(struct stream *stream)
{
    struct sheet_stream *s = (struct sheet_stream *)stream;
    xml_close(s->xml);
    strings_close(s->strings);
    buf_done(&s->out);
    buf_done(&s->cell);
    arena_done(&s->a);
    archive_close(s->owned);
    memory_free(s);
}

static rv_status refuse(const struct sheet_stream *s, const char *what, struct rv_err *reterr)
{
    return rv_fail(reterr, RV_INVALID,
                   "%s, sheet \"%.60s\", row %lld: %s; nothing was loaded: save it again as .xlsx",
                   archive_disk(s->archive)->path, s->sheet->name, (long long)s->row, what);
}

/* ---- writing ---- */

static void put(struct sheet_stream *s, char c, int64_t times)
{
    char *at = times > 0 ? buf_room(&s->out, (size_t)times) : NULL;
    if (at) {
        memset(at, c, (size_t)times);
        buf_wrote(&s->out, (size_t)times);
        s->written += times;
    }
}

static bool needs_quotes(struct text t)
{
    return memchr(t.at, ',', t.n) || memchr(t.at, '"', t.n);
}

/* A cell as RFC 4180 has it; a line end in it is one space. */
static void put_cell(struct sheet_stream *s, struct text t)
{
    char *at = buf_room(&s->out, 2 * t.n + 2), *to = at;
    if (!at) {
        return;
    }
    bool is_quoted = needs_quotes(t);
    *to = '"';
    to += is_quoted;
    for (size_t i = 0; i < t.n; i++) {
        char c = t.at[i];
        bool is_pair = c == '\r' && i + 1 < t.n && t.at[i + 1] == '\n';
        *to = c == '\r' || c == '\n' ? ' ' : c;
        to += !is_pair;
        if (c == '"') {
            *to++ = '"';
        }
    }
    if (is_quoted) {
        *to++ = '"';
    }
    buf_wrote(&s->out, (size_t)(to - at));
    s->written += to - at;
}

/* Cells past the most that a file may have are one too many, however many they are; a row that is
 * too long already grows no longer. */
static void write_cell(struct sheet_stream *s, struct text t)
{
    int64_t column = s->column < LIMIT_COLUMNS ? s->column : LIMIT_COLUMNS;
    bool is_new = s->filled == 0 || column > s->separators;
    if (t.n == 0 || !is_new || s->written - s->row_from > (int64_t)LIMIT_ROW_BYTES) {
        return;
    }
    put(s, ',', column - s->separators);
    s->separators = column;
    put_cell(s, t);
    s->filled++;
}

static rv_status begin_row(struct sheet_stream *s, const char *const *attributes,
                           struct rv_err *reterr)
{
    const char *reference = xml_attribute(attributes, "r");
    int64_t row = s->row + 1;
    if (reference && (!parse_int(text_of(reference), &row) || row <= s->row)) {
        return refuse(s, "the row after it is out of order: the workbook is damaged", reterr);
    }
    if (row > LIMIT_SHEET_ROWS) {
        return refuse(s, "the row after it lies beyond the last row that a sheet has", reterr);
    }
    s->row = row;
    put(s, '\n', row - 1 - s->lines);
    s->lines = row - 1;
    s->column = -1;
    s->separators = 0;
    s->filled = 0;
    s->row_from = s->written;
    return rv_ok();
}

static rv_status end_row(struct sheet_stream *s, struct rv_err *reterr)
{
    if (s->width == 0 && s->filled > 1) {
        s->width = s->separators + 1;
    }
    put(s, ',', s->filled ? s->width - 1 - s->separators : 0);
    put(s, '\n', 1);
    s->lines++;
    if (s->written > GROWTH_FROM && s->written / GROWTH_RATIO > xml_done(s->xml)) {
        return refuse(s,
                      "its cells repeat texts to many times the size of the sheet, as no table "
                      "does",
                      reterr);
    }
    if (s->out.n >= PAUSE_BYTES) {
        xml_pause(s->xml);
    }
    return buf_status(&s->out, reterr);
}

/* ---- cells ---- */

/* Column of a reference such as "AB12", from 0; -1 when it is none. */
static int64_t column_of(const char *reference)
{
    int64_t column = 0;
    const char *at = reference;
    for (; at - reference < 4 && ((*at >= 'A' && *at <= 'Z') || (*at >= 'a' && *at <= 'z')); at++) {
        column = column * 26 + ((*at & 0xDF) - 'A' + 1);
    }
    bool is_one = at > reference && *at >= '0' && *at <= '9' && column <= LIMIT_SHEET_COLUMNS;
    return is_one ? column - 1 : -1;
}

static enum cell_type type_of(const char *t)
{
    static const struct {
        const char *name;
        enum cell_type type;
    } TYPES[] = {{"s", CELL_SHARED},  {"str", CELL_TEXT},   {"inlineStr", CELL_TEXT},
                 {"b", CELL_BOOLEAN}, {"e", CELL_AS_IT_IS}, {"d", CELL_AS_IT_IS}};
    for (size_t i = 0; t && i < sizeof TYPES / sizeof *TYPES; i++) {
        if (strcmp(t, TYPES[i].name) == 0) {
            return TYPES[i].type;
        }
    }
    return CELL_NUMBER;
}

static rv_status begin_cell(struct sheet_stream *s, const char *const *attributes,
                            struct rv_err *reterr)
{
    const char *reference = xml_attribute(attributes, "r");
    const char *style = xml_attribute(attributes, "s");
    int64_t column = reference ? column_of(reference) : s->column + 1;
    if (column <= s->column || column >= LIMIT_SHEET_COLUMNS) {
        return refuse(s,
                      "a cell is out of order, or not where a cell can be: the workbook is "
                      "damaged",
                      reterr);
    }
    s->column = column;
    s->style = -1;
    if (style && !parse_int(text_of(style), &s->style)) {
        s->style = -1;
    }
    s->type = type_of(xml_attribute(attributes, "t"));
    s->has_value = s->has_formula = s->is_gathering = false;
    s->skip_depth = 0;
    buf_clear(&s->cell);
    return rv_ok();
}

static rv_status write_shared(struct sheet_stream *s, struct rv_err *reterr)
{
    int64_t number = -1;
    struct text t;
    bool is_found = false;
    if (parse_int(text_trim(buf_view(&s->cell)), &number)) {
        RV_TRY(strings_get(s->strings, number, &t, &is_found, reterr));
    }
    if (!is_found) {
        return refuse(s, "a cell names a text that the workbook does not have: it is damaged",
                      reterr);
    }
    write_cell(s, t);
    return rv_ok();
}

static void write_number(struct sheet_stream *s)
{
    bool is_known = s->style >= 0 && (size_t)s->style < s->formats.count;
    struct cell_format format =
        is_known ? s->formats.list[s->style] : (struct cell_format){.look = LOOK_NUMBER};
    char shown[SHOWN_BYTES];
    size_t n = number_show(buf_view(&s->cell), format, s->book.is_1904, shown);
    write_cell(s, (struct text){shown, n});
}

static rv_status end_cell(struct sheet_stream *s, struct rv_err *reterr)
{
    RV_TRY(buf_status(&s->cell, reterr));
    if (!s->has_value && s->has_formula) {
        write_cell(s, text_of("#NOT-CALCULATED")); /* written by a program that does not compute */
    }
    if (s->cell.n == 0) {
        return rv_ok();
    }
    switch (s->type) {
    case CELL_SHARED:
        return write_shared(s, reterr);
    case CELL_TEXT:
        s->cell.n = text_unescape(s->cell.bytes, s->cell.n);
        write_cell(s, buf_view(&s->cell));
        return rv_ok();
    case CELL_BOOLEAN:
        write_cell(s, text_is(text_trim(buf_view(&s->cell)), "0") ? text_of("FALSE")
                                                                  : text_of("TRUE"));
        return rv_ok();
    case CELL_AS_IT_IS:
        write_cell(s, buf_view(&s->cell));
        return rv_ok();
    case CELL_NUMBER:
        write_number(s);
        return rv_ok();
    }
    return rv_ok();
}

/* ---- events ---- */

/* Something inside a cell: v and f, or the t of is and of its r. */
static void begin_part(struct sheet_stream *s, int level, const char *name)
{
    if (s->skip_depth) {
        return;
    }
    if (level == 3 && strcmp(name, "f") == 0) {
        s->has_formula = true;
    }
    bool is_value = level == 3 && strcmp(name, "v") == 0;
    bool is_text = level > 3 && strcmp(name, "t") == 0;
    bool is_around =
        (level == 3 && strcmp(name, "is") == 0) || (level > 3 && strcmp(name, "r") == 0);
    s->has_value |= is_value || is_text;
    s->is_gathering = is_value || is_text;
    s->skip_depth = is_value || is_text || is_around ? 0 : s->depth;
}

static rv_status on_start(void *context, const char *name, const char *const *attributes,
                          struct rv_err *reterr)
{
    struct sheet_stream *s = context;
    s->depth++;
    int level = s->depth - DATA_DEPTH;
    if (level == 0) {
        s->is_data = strcmp(name, "sheetData") == 0;
    } else if (s->is_data && level == 1 && strcmp(name, "row") == 0) {
        return begin_row(s, attributes, reterr);
    } else if (s->is_data && level == 2 && strcmp(name, "c") == 0) {
        return begin_cell(s, attributes, reterr);
    } else if (s->is_data && level > 2) {
        begin_part(s, level, name);
    }
    return rv_ok();
}

static rv_status on_end(void *context, const char *name, struct rv_err *reterr)
{
    struct sheet_stream *s = context;
    int level = s->depth - DATA_DEPTH;
    s->is_gathering = false;
    if (s->skip_depth == s->depth) {
        s->skip_depth = 0;
    }
    s->depth--;
    if (s->is_data && level == 1 && strcmp(name, "row") == 0) {
        return end_row(s, reterr);
    }
    if (s->is_data && level == 2 && strcmp(name, "c") == 0) {
        return end_cell(s, reterr);
    }
    s->is_data = s->is_data && level > 0;
    return rv_ok();
}

static rv_status on_text(void *context, struct text piece, struct rv_err *reterr)
{
    struct sheet_stream *s = context;
    (void)reterr;
    if (s->is_gathering && s->skip_depth == 0) {
        text_gather(&s->cell, piece);
    }
    return rv_ok();
}

/* ---- the stream ---- */

static rv_status sheet_read(struct stream *stream, char *bytes, size_t n, size_t *ret_n,
                            struct rv_err *reterr)
{
    struct sheet_stream *s = (struct sheet_stream *)stream;
    while (s->out_at == s->out.n && !s->is_ended) {
        buf_clear(&s->out);
        s->out_at = 0;
        RV_TRY(xml_step(s->xml, &s->is_ended, reterr));
        if (s->is_ended) {
            RV_TRY(strings_finish(s->strings, reterr));
            RV_TRY(archive_check_unchanged(s->archive, reterr));
        }
    }
    size_t got = s->out.n - s->out_at < n ? s->out.n - s->out_at : n;
    if (got) {
        memcpy(bytes, s->out.bytes + s->out_at, got);
    }
    s->out_at += got;
    *ret_n = got;
    return rv_ok();
}

static int64_t sheet_size(const struct stream *stream)
{
    return archive_disk(((const struct sheet_stream *)stream)->archive)->bytes;
}

static int64_t sheet_done(const struct stream *stream)
{
    const struct sheet_stream *s = (const struct sheet_stream *)stream;
    double share = s->is_ended || s->sheet->part->bytes == 0
                       ? 1.0
                       : (double)xml_done(s->xml) / (double)s->sheet->part->bytes;
    return (int64_t)(share * (double)sheet_size(stream));
}

static void sheet_skip_sha256(struct stream *stream)
{
    (void)stream; /* it is never computed */
}

static rv_status sheet_sha256(struct stream *stream, char out[SHA256_HEX + 1],
                              struct rv_err *reterr)
{
    const struct sheet_stream *s = (const struct sheet_stream *)stream;
    (void)out;
    return rv_fail(reterr, RV_INVALID, "%s: reading a sheet does not give the SHA-256 of the file",
                   archive_disk(s->archive)->path);
}

static rv_status begin(struct sheet_stream *s, const char *sheet, const char *spool_dir,
                       struct rv_err *reterr)
{
    static const struct xml_ops OPS = {on_start, on_end, on_text};
    RV_TRY(book_read(s->archive, &s->a, &s->book, reterr));
    RV_TRY(book_choose(&s->book, sheet, &s->sheet, reterr));
    RV_TRY(formats_read(&s->book, &s->a, &s->formats, reterr));
    RV_TRY(strings_open(s->archive, s->book.strings, spool_dir, &s->strings, reterr));
    return xml_open(s->archive, s->sheet->part, &OPS, s, &s->xml, reterr);
}

rv_status sheet_stream_open(const struct archive *archive, struct archive *owned, const char *sheet,
                            const char *spool_dir, struct stream **ret, struct rv_err *reterr)
{
    static const struct stream_ops OPS = {true,       sheet_read,        sheet_close, sheet_size,
                                          sheet_done, sheet_skip_sha256, sheet_sha256};
    struct sheet_stream *s = memory_new(1, sizeof *s);
    if (!s) {
        archive_close(owned);
        return rv_fail(reterr, RV_NO_MEMORY, "out of memory");
    }
    *s = (struct sheet_stream){.stream = {&OPS}, .owned = owned, .archive = archive};
    arena_init(&s->a, BOOK_BYTES);
    buf_init(&s->out, OUT_BYTES);
    buf_init(&s->cell, 2 * LIMIT_FIELD_BYTES);
    RV_CLEANUP(stream_closep) struct stream *opened = &s->stream;
    RV_TRY(begin(s, sheet, spool_dir, reterr));
    *ret = opened;
    opened = NULL;
    return rv_ok();
}
