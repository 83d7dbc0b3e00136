/* read/form.c — looking at the beginning of a file.
 *
 * Separators are tried one by one with the CSV parser itself; the one that cuts most records into
 * the same number of cells is taken. SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "read/form.h"

#include "base/limits.h"
#include "base/memory.h"
#include "read/charset.h"
#include "read/csv_scan.h"
#include "read/decode.h"
#include "read/xlsx.h"

#include <string.h>

#define SAMPLE_BYTES  ((size_t)256 << 10)
#define SAMPLE_ROWS   200
#define SCRATCH_BYTES ((size_t)256 << 20)
#define WHOLE_BYTES   ((size_t)1 << 20) /* read at a time in form_detect_encoding */

static const char separators[] = {',', ';', '\t', '|'};

const char *form_separator_name(char separator)
{
    switch (separator) {
    case ',':
        return "comma";
    case ';':
        return "semicolon";
    case '\t':
        return "tab";
    case '|':
        return "vertical bar";
    default:
        return "another character";
    }
}

const char *form_line_end_name(const struct form *form)
{
    return form->dialect.line_end == CSV_CR ? "CR" : form->has_crlf ? "CRLF" : "LF";
}

/* ---- what is no table ---- */

static rv_status check_known(const char *path, struct text bytes, struct rv_err *reterr)
{
    static const struct {
        const char *bytes, *what;
    } KNOWN[] = {{"PK\x03\x04", "an archive packed with gzip: unpack it first"},
                 {"\xD0\xCF\x11\xE0", "an old workbook (.xls), or one with a password: save its "
                                      "sheet as CSV, or as .xlsx without a password"},
                 {"<?xml", "XML: save its table as CSV"},
                 {"PAR1", "a Parquet file: convert it to CSV"},
                 {"%PDF", "a PDF: ask the publisher for the table as CSV"},
                 {"SQLite format 3", "a database: export the table as CSV"},
                 {"BZh", "packed with bzip2: unpack it, or pack it with gzip"},
                 {"\xFD"
                  "7zXZ",
                  "packed with xz: unpack it, or pack it with gzip"},
                 {"\x28\xB5\x2F\xFD", "packed with zstd: unpack it, or pack it with gzip"},
                 {"<!DOCTYPE", "a web page: download the file behind it"},
                 {"<html", "a web page: download the file behind it"}};
    if (text_starts(bytes, "\xEF\xBB\xBF")) {
        bytes = (struct text){bytes.at + 3, bytes.n - 3};
    }
    if (bytes.n == 0) {
        return rv_fail(reterr, RV_INVALID, "%s is empty: it has no header; nothing was loaded",
                       path);
    }
    for (size_t i = 0; i < sizeof KNOWN / sizeof KNOWN[0]; i++) {
        if (text_starts(bytes, KNOWN[i].bytes)) {
            return rv_fail(reterr, RV_INVALID, "%s is not CSV but %s; nothing was loaded", path,
                           KNOWN[i].what);
        }
    }
    return rv_ok();
}

/* ---- the sample ---- */

struct sample {
    char *bytes; /* memory_new */
    size_t n;
    bool is_whole; /* the file is no longer */
};

static void sample_done(struct sample *s)
{
    memory_free(s->bytes);
}

static rv_status read_sample(const char *path, const struct source_choice *choice,
                             struct sample *ret, struct rv_err *reterr)
{
    RV_CLEANUP(source_closep) struct byte_source *source = NULL;
    if (!ret->bytes) {
        ret->bytes = memory_resize(NULL, SAMPLE_BYTES, 1);
    }
    if (!ret->bytes) {
        return rv_fail(reterr, RV_NO_MEMORY, "out of memory");
    }
    RV_TRY(source_open_as(path, choice, &source, reterr));
    source_skip_sha256(source);
    ret->n = 0;
    ret->is_whole = false;
    while (ret->n < SAMPLE_BYTES && !ret->is_whole) {
        size_t n = 0;
        RV_TRY(source_read(source, ret->bytes + ret->n, SAMPLE_BYTES - ret->n, &n, reterr));
        ret->n += n;
        ret->is_whole = n == 0;
    }
    return rv_ok();
}

/* ---- encoding ---- */

static void take_encoding(struct form *form, const char *encoding, enum form_trust trust)
{
    form->encoding = encoding;
    form->encoding_trust = trust;
    form->choice.encoding = encoding && strcmp(encoding, "utf-8") != 0 ? encoding : NULL;
}

static rv_status take_judgement(struct form *form, const struct charset_tally *t,
                                struct rv_err *reterr)
{
    RV_TRY(buf_status(&t->evidence, reterr));
    struct charset c = charset_judge(t);
    bool is_utf8 = c.encoding && strcmp(c.encoding, "utf-8") == 0;
    form->suggestion = c.suggestion;
    take_encoding(form, c.encoding,
                  !is_utf8 || t->bad ? FORM_LIKELY
                  : t->multibyte     ? FORM_SURE
                                     : FORM_ASSUMED);
    return rv_ok();
}

static rv_status find_encoding(const struct sample *s, const char *declared, struct form *form,
                               struct rv_err *reterr)
{
    struct text bytes = {s->bytes, s->n};
    if (declared) {
        const char *known = encoding_find(declared);
        if (!known) {
            return rv_fail(reterr, RV_USAGE, "\"%.40s\" is no encoding that this program reads",
                           declared);
        }
        take_encoding(form, known, FORM_SURE);
        return rv_ok();
    }
    const char *shown = charset_of_mark(bytes);
    if (shown) {
        take_encoding(form, shown, FORM_SURE);
        return rv_ok();
    }
    shown = charset_of_nuls(bytes);
    if (shown) {
        take_encoding(form, shown, FORM_LIKELY);
        return rv_ok();
    }
    RV_CLEANUP(charset_done) struct charset_tally tally;
    charset_init(&tally);
    (void)charset_add(&tally, bytes, s->is_whole);
    return take_judgement(form, &tally, reterr);
}

rv_status form_detect_encoding(const char *path, struct form *form, struct rv_err *reterr)
{
    RV_CLEANUP(source_closep) struct byte_source *source = NULL;
    RV_CLEANUP(charset_done) struct charset_tally tally;
    charset_init(&tally);
    struct sample s RV_CLEANUP(sample_done) = {.bytes = memory_resize(NULL, WHOLE_BYTES, 1)};
    if (!s.bytes) {
        return rv_fail(reterr, RV_NO_MEMORY, "out of memory");
    }
    struct source_choice raw = form->choice;
    raw.encoding = NULL;
    RV_TRY(source_open_as(path, &raw, &source, reterr));
    source_skip_sha256(source);
    while (!s.is_whole) {
        size_t n = 0;
        RV_TRY(source_read(source, s.bytes + s.n, WHOLE_BYTES - s.n, &n, reterr));
        s.is_whole = n == 0;
        s.n += n;
        size_t counted = charset_add(&tally, (struct text){s.bytes, s.n}, s.is_whole);
        s.n -= counted;
        memmove(s.bytes, s.bytes + counted, s.n);
    }
    return take_judgement(form, &tally, reterr);
}

/* ---- line ends ---- */

struct line_ends {
    size_t lf, crlf, cr; /* cr: without an LF behind it */
};

static struct line_ends count_line_ends(struct text t, bool heeds_quotes)
{
    struct line_ends n = {0, 0, 0};
    bool is_inside = false;
    for (size_t i = 0; i < t.n; i++) {
        char c = t.at[i];
        is_inside ^= heeds_quotes && c == '"';
        if (is_inside || (c != '\n' && c != '\r')) {
            continue;
        }
        bool is_pair = c == '\r' && i + 1 < t.n && t.at[i + 1] == '\n';
        n.crlf += is_pair;
        n.cr += c == '\r' && !is_pair && i + 1 < t.n;
        n.lf += c == '\n';
        i += is_pair;
    }
    return n;
}

/* CSV_LF reads LF and CRLF. Only a file without any LF outside quotes has lines that end in CR. */
static void find_line_end(struct text t, const struct form_declared *declared, struct form *form)
{
    struct line_ends n = count_line_ends(t, true);
    if (n.lf + n.crlf + n.cr == 0) {
        n = count_line_ends(t, false); /* one stray quote hides them all */
    }
    form->has_crlf = n.crlf > n.lf;
    form->dialect.line_end = n.lf + n.crlf == 0 && n.cr ? CSV_CR : CSV_LF;
    form->line_end_trust = n.lf + n.crlf + n.cr ? FORM_SURE : FORM_ASSUMED;
    if (declared->line_end != FORM_LINE_ANY) {
        static const enum csv_line_end ENDS[] = {CSV_LF, CSV_LF, CSV_CRLF, CSV_CR};
        form->dialect.line_end = ENDS[declared->line_end];
        form->has_crlf = declared->line_end == FORM_LINE_CRLF;
        form->line_end_trust = FORM_SURE;
    }
}

/* ---- separator ---- */

struct fit {
    size_t cells; /* of most records; 0 or 1 = the separator cuts nothing */
    size_t same;  /* records with so many */
    size_t records;
};

static struct fit fit_of(const struct csv_records *r, bool is_whole)
{
    size_t n = r->count - (r->count > 1 && !is_whole); /* the last one may be cut off */
    n = n < SAMPLE_ROWS ? n : SAMPLE_ROWS;
    struct fit best = {.records = n};
    for (size_t i = 0; i < n; i++) {
        size_t same = 0;
        for (size_t k = 0; k < n; k++) {
            same += r->records[k].cells == r->records[i].cells;
        }
        if (r->records[i].cells > 1 && same > best.same) {
            best.cells = r->records[i].cells;
            best.same = same;
        }
    }
    return best;
}

static bool is_better(struct fit a, struct fit b)
{
    if (a.same * b.records != b.same * a.records) {
        return a.same * b.records > b.same * a.records;
    }
    return a.cells > b.cells;
}

static rv_status find_separator(struct arena *scratch, struct text t, bool is_whole,
                                const struct form_declared *declared, struct form *form,
                                struct rv_err *reterr)
{
    form->dialect.separator = declared->separator ? declared->separator : ',';
    form->separator_trust = declared->separator ? FORM_SURE : FORM_ASSUMED;
    struct fit best = {.records = 1};
    for (size_t i = 0; i < sizeof separators && !declared->separator; i++) {
        struct csv_dialect dialect = {separators[i], form->dialect.line_end};
        struct csv_block block = {.bytes = (char *)(uintptr_t)t.at, .n = t.n, .first_line = 1};
        struct csv_records records;
        struct arena_mark mark = arena_mark(scratch);
        RV_TRY(csv_parse(scratch, &block, &dialect, &records, reterr));
        struct fit fit = fit_of(&records, is_whole);
        arena_release(scratch, mark);
        if (fit.same && is_better(fit, best)) {
            best = fit;
            form->dialect.separator = separators[i];
            form->separator_trust =
                fit.same == fit.records && fit.records > 1 ? FORM_SURE : FORM_LIKELY;
        }
    }
    return rv_ok();
}

/* ---- all of it ---- */

/* Bytes over 127 and NULs become letters: the encodings that are not UTF-16 or UTF-32 agree on
 * what separates cells and ends lines, and so the shape shows before the encoding is known. */
static void mask_odd(struct sample *s)
{
    if (text_starts((struct text){s->bytes, s->n}, "\xEF\xBB\xBF")) {
        s->n -= 3;
        memmove(s->bytes, s->bytes + 3, s->n);
    }
    for (size_t i = 0; i < s->n; i++) {
        s->bytes[i] = (signed char)s->bytes[i] > 0 ? s->bytes[i] : 'x';
    }
}

static rv_status find_shape(struct sample *s, const struct form_declared *declared,
                            struct form *form, struct rv_err *reterr)
{
    RV_CLEANUP(arena_done) struct arena scratch;
    arena_init(&scratch, SCRATCH_BYTES);
    mask_odd(s);
    struct text t = {s->bytes, s->n};
    find_line_end(t, declared, form);
    return find_separator(&scratch, t, s->is_whole, declared, form, reterr);
}

static rv_status find_text(const char *path, const struct form_declared *declared,
                           struct form *form, struct rv_err *reterr)
{
    struct sample s RV_CLEANUP(sample_done) = {.bytes = NULL};
    RV_TRY(read_sample(path, &form->choice, &s, reterr));
    RV_TRY(check_known(path, (struct text){s.bytes, s.n}, reterr));
    RV_TRY(find_encoding(&s, declared->encoding, form, reterr));
    bool is_wide = form->encoding && text_starts(text_of(form->encoding), "utf-") &&
                   strcmp(form->encoding, "utf-8") != 0;
    if (is_wide) {
        RV_TRY(read_sample(path, &form->choice, &s, reterr));
    }
    return find_shape(&s, declared, form, reterr);
}

/* ---- workbooks and archives ---- */

static rv_status find_sheet(struct arena *a, const struct archive *archive,
                            const struct form_declared *declared, struct form *form,
                            struct rv_err *reterr)
{
    struct book book;
    const struct book_sheet *chosen;
    RV_TRY(book_read(archive, a, &book, reterr));
    RV_TRY(book_choose(&book, declared->part.sheet, &chosen, reterr));
    struct form_sheet *sheets = ARENA_NEW(a, struct form_sheet, book.sheet_count);
    if (!sheets) {
        return arena_fail(a, reterr);
    }
    for (size_t i = 0; i < book.sheet_count; i++) {
        sheets[i] = (struct form_sheet){book.sheets[i].name, book.sheets[i].is_hidden,
                                        &book.sheets[i] == chosen};
    }
    form->format = FORM_WORKBOOK;
    form->sheets = sheets;
    form->sheet_count = book.sheet_count;
    form->choice.sheet = chosen->name;
    form->encoding = "utf-8";
    form->dialect = (struct csv_dialect){',', CSV_LF};
    return rv_ok(); /* all of it FORM_SURE */
}

static rv_status list_members(struct arena *a, const struct archive *archive, struct form *form,
                              struct rv_err *reterr)
{
    const struct zip_list *list = archive_list(archive);
    struct zip_member *members = ARENA_NEW(a, struct zip_member, list->count + 1);
    for (size_t i = 0; members && i < list->count; i++) {
        members[i] = list->members[i];
        members[i].name = arena_text(a, members[i].name, strlen(members[i].name));
        members = members[i].name ? members : NULL;
    }
    form->format = FORM_ARCHIVE;
    form->members = (struct zip_list){members, list->count};
    return members ? rv_ok() : arena_fail(a, reterr);
}

/* The member is a workbook when it is packed as one. */
static rv_status find_in_member(struct arena *a, const char *path, const struct archive *archive,
                                const struct form_declared *declared, struct form *form,
                                struct rv_err *reterr)
{
    RV_CLEANUP(archive_closep) struct archive *inner = NULL;
    bool is_zip = false;
    RV_TRY(archive_member_is_zip(archive, declared->part.member, &is_zip, reterr));
    if (!is_zip) {
        return find_text(path, declared, form, reterr);
    }
    RV_TRY(archive_open_member(archive, declared->part.member, declared->part.spool_dir, &inner,
                               reterr));
    return find_sheet(a, inner, declared, form, reterr);
}

static rv_status find_in_archive(struct arena *a, const char *path, const struct archive *archive,
                                 const struct form_declared *declared, struct form *form,
                                 struct rv_err *reterr)
{
    if (declared->part.member) {
        return find_in_member(a, path, archive, declared, form, reterr);
    }
    return archive_is_document(archive) ? find_sheet(a, archive, declared, form, reterr)
                                        : list_members(a, archive, form, reterr);
}

rv_status form_detect(struct arena *a, const char *path, const struct form_declared *declared,
                      struct form *ret, struct rv_err *reterr)
{
    RV_CLEANUP(archive_closep) struct archive *opened = NULL;
    const struct archive *archive = declared->part.archive;
    struct form form = {.format = FORM_TEXT, .choice = declared->part};
    form.choice.encoding = NULL;
    form.choice.is_raw = false;
    if (!archive && archive_is_one(path)) {
        RV_TRY(archive_open(path, &opened, reterr));
        archive = opened;
    }
    RV_TRY(archive ? find_in_archive(a, path, archive, declared, &form, reterr)
                   : find_text(path, declared, &form, reterr));
    *ret = form;
    return rv_ok();
}
